//! What a net is made of, in words and numbers: also the header of its file.
//!
//! A [`Description`] has all that is needed to build the net but its weights: what goes in, how pixels become numbers, the
//! layers in their order, and what the outputs are called. [`Description::outline`] follows the shapes through the layers,
//! counts their parameters, and refuses what does not fit.

use serde::{Deserialize, Serialize};

use crate::{Error, Result, Shape};

/// One layer.
///
/// A layer takes what the one before it gives, a [`Shape`] for each picture.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum LayerDescription {
    /// Correlation with learned kernels, and a bias for each: `y[o] = b[o] + sum over c of w[o, c] * x[c]`, with zeros beyond
    /// the edges, as PyTorch's `Conv2d`.
    Conv {
        /// How many kernels, and so channels that come out.
        outputs: usize,
        /// Rows and columns of a kernel.
        kernel: [usize; 2],
        /// Rows and columns from an output to the next.
        stride: [usize; 2],
        /// Rows of zeros above and below, columns left and right.
        padding: [usize; 2],
    },
    /// The largest number of each window; windows lie side by side, and what is left over at the end is dropped.
    MaxPool {
        /// Rows and columns of a window.
        size: [usize; 2],
    },
    /// Numbers below zero become zero.
    Relu,
    /// Channels, rows and columns in one line.
    Flatten,
    /// Every output from all inputs: `y[o] = b[o] + sum over i of w[o, i] * x[i]`.
    Linear {
        /// How many come out.
        outputs: usize,
    },
    /// While training, each number becomes zero with this probability, and all others grow so that their mean stays.
    Dropout {
        /// The probability, from 0 on, below 1.
        rate: f32,
    },
}

impl LayerDescription {
    /// The word for it, as files have it.
    ///
    /// ```
    /// assert_eq!(faltung_train::LayerDescription::Relu.name(), "relu");
    /// ```
    pub fn name(&self) -> &'static str {
        match self {
            LayerDescription::Conv { .. } => "conv",
            LayerDescription::MaxPool { .. } => "max_pool",
            LayerDescription::Relu => "relu",
            LayerDescription::Flatten => "flatten",
            LayerDescription::Linear { .. } => "linear",
            LayerDescription::Dropout { .. } => "dropout",
        }
    }
}

/// A net without its weights.
///
/// ```
/// use faltung_train::{Description, LayerDescription, Shape};
/// let net = Description {
///     input: Shape { channels: 1, height: 28, width: 28 },
///     mean: 0.1307,
///     deviation: 0.3081,
///     classes: (0..10).map(|digit| digit.to_string()).collect(),
///     layers: vec![LayerDescription::Flatten, LayerDescription::Linear { outputs: 10 }],
/// };
/// assert_eq!(net.parameters()?, 28 * 28 * 10 + 10);
/// # Ok::<(), faltung_train::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Description {
    /// What goes in, for each picture.
    pub input: Shape,
    /// What is subtracted from a pixel that runs from 0 to 1.
    pub mean: f32,
    /// What that is divided by.
    pub deviation: f32,
    /// What the outputs are called.
    pub classes: Vec<String>,
    /// The layers, in order; the last gives one number for each class.
    pub layers: Vec<LayerDescription>,
}

/// A layer among its neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outline {
    /// What comes in.
    pub input: Shape,
    /// What goes out.
    pub output: Shape,
    /// Weights, without the biases.
    pub weights: usize,
    /// One for each channel that goes out, where there are weights.
    pub biases: usize,
}

impl Outline {
    /// Weights and biases.
    ///
    /// ```
    /// # use faltung_train::{Description, Shape};
    /// let net = Description::cnn(Shape { channels: 1, height: 28, width: 28 }, 10);
    /// assert_eq!(net.outline()?[0].parameters(), 16 * 25 + 16);
    /// # Ok::<(), faltung_train::Error>(())
    /// ```
    pub fn parameters(&self) -> usize {
        self.weights + self.biases
    }
}

impl Description {
    /// Every layer with its shapes and its number of parameters.
    ///
    /// # Errors
    /// [`Error::Layer`] if a layer does not take what comes to it; [`Error::Description`] if input and outputs are none.
    ///
    /// ```
    /// use faltung_train::{Description, Shape};
    /// let net = Description::cnn(Shape { channels: 1, height: 28, width: 28 }, 10);
    /// let shapes: Vec<_> = net.outline()?.iter().map(|layer| layer.output.to_string()).collect();
    /// assert_eq!(shapes[..3], ["16x24x24", "16x24x24", "16x12x12"]); // conv, relu, max_pool
    /// # Ok::<(), faltung_train::Error>(())
    /// ```
    pub fn outline(&self) -> Result<Vec<Outline>> {
        let wrong = |problem: &str| Err(Error::Description(problem.to_owned()));
        if let Err(problem) = product(&[self.input.channels, self.input.height, self.input.width]) {
            return wrong(&format!("the input is {}: {problem}", self.input));
        }
        if self.input.is_empty() {
            return wrong(&format!("the input is {}: give at least one channel, row and column", self.input));
        }
        if !(self.mean.is_finite() && self.deviation.is_finite() && self.deviation > 0.0) {
            return wrong("pixels need a finite mean and a deviation above zero");
        }
        let (mut outlines, mut all): (Vec<Outline>, usize) = (Vec::new(), 0);
        for (index, layer) in self.layers.iter().enumerate() {
            let input = outlines.last().map_or(self.input, |before| before.output);
            let counted = |outline: Outline| {
                all = all.checked_add(outline.parameters()).filter(|&all| all <= MOST_NUMBERS).ok_or_else(too_many)?;
                Ok(outline)
            };
            let outline = follow(layer, input).and_then(counted);
            outlines.push(outline.map_err(|problem| Error::Layer { layer: index, name: layer.name(), problem })?);
        }
        let last = outlines.last().map_or(self.input, |last| last.output);
        if self.classes.is_empty() || last != Shape::line(self.classes.len()) {
            return wrong(&format!(
                "the last layer gives {last} for {} classes: end in a linear layer with one output for each",
                self.classes.len()
            ));
        }
        Ok(outlines)
    }

    /// Weights and biases of all layers.
    ///
    /// # Errors
    /// As [`outline`](Description::outline).
    ///
    /// ```
    /// use faltung_train::{Description, Shape};
    /// let net = Description::cnn(Shape { channels: 1, height: 28, width: 28 }, 10);
    /// assert!(net.parameters()? <= 150_000);
    /// # Ok::<(), faltung_train::Error>(())
    /// ```
    pub fn parameters(&self) -> Result<usize> {
        Ok(self.outline()?.iter().map(Outline::parameters).sum())
    }

    /// The same layers for pictures of other extents.
    ///
    /// ```
    /// use faltung_train::{Description, Shape};
    /// let net = Description::cnn(Shape { channels: 1, height: 28, width: 28 }, 10);
    /// let large = net.at(1024, 1024);
    /// let first = |net: &Description| net.outline().unwrap()[0].parameters();
    /// assert_eq!(first(&net), first(&large)); // a kernel does not know how large the picture is
    /// ```
    #[must_use]
    pub fn at(&self, height: usize, width: usize) -> Description {
        Description { input: Shape { height, width, ..self.input }, ..self.clone() }
    }
}

/// What a layer makes of its input, or why it cannot.
fn follow(layer: &LayerDescription, input: Shape) -> Result<Outline, String> {
    let none = |output| Outline { input, output, weights: 0, biases: 0 };
    match *layer {
        LayerDescription::Conv { outputs, kernel, stride, padding } => {
            if outputs == 0 || kernel.contains(&0) || stride.contains(&0) {
                return Err("outputs, kernel and stride are at least 1".to_owned());
            }
            let extent = |len: usize, axis: usize| {
                let room = len.checked_add(padding[axis].checked_mul(2)?)?.checked_sub(kernel[axis])?;
                Some(room / stride[axis] + 1)
            };
            let (Some(height), Some(width)) = (extent(input.height, 0), extent(input.width, 1)) else {
                return Err(format!(
                    "a kernel of {}x{} does not lie within {input} and {}x{} zeros on each side: choose a smaller one",
                    kernel[0], kernel[1], padding[0], padding[1]
                ));
            };
            let weights = product(&[outputs, input.channels, kernel[0], kernel[1]])?;
            product(&[outputs, height, width])?;
            Ok(Outline { input, output: Shape { channels: outputs, height, width }, weights, biases: outputs })
        }
        LayerDescription::MaxPool { size } => {
            if size.contains(&0) || size[0] > input.height || size[1] > input.width {
                return Err(format!(
                    "windows of {}x{} do not lie within {input}: choose smaller ones",
                    size[0], size[1]
                ));
            }
            Ok(none(Shape { height: input.height / size[0], width: input.width / size[1], ..input }))
        }
        LayerDescription::Relu => Ok(none(input)),
        LayerDescription::Flatten => Ok(none(Shape::line(input.len()))),
        LayerDescription::Linear { outputs } => {
            if outputs == 0 {
                return Err("it has no outputs: give at least one".to_owned());
            }
            if (input.height, input.width) != (1, 1) {
                return Err(format!("it takes a line of numbers, and {input} comes: put flatten before it"));
            }
            let weights = product(&[outputs, input.channels])?;
            Ok(Outline { input, output: Shape::line(outputs), weights, biases: outputs })
        }
        LayerDescription::Dropout { rate } if (0.0..1.0).contains(&rate) => Ok(none(input)),
        LayerDescription::Dropout { rate } => Err(format!("its rate is {rate}: give one from 0 on, below 1")),
    }
}

/// Most parameters of a net, and numbers of a layer: their bytes can be counted.
const MOST_NUMBERS: usize = isize::MAX as usize >> 3;

/// How many numbers there are, if a net may have so many.
fn product(extents: &[usize]) -> Result<usize, String> {
    let all = extents.iter().try_fold(1usize, |all, &extent| all.checked_mul(extent));
    all.filter(|&all| all <= MOST_NUMBERS).ok_or_else(too_many)
}

fn too_many() -> String {
    "it has more numbers than any memory: choose a smaller one".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn net(layers: Vec<LayerDescription>) -> Description {
        let classes = vec!["a".to_owned(), "b".to_owned()];
        Description { input: Shape { channels: 1, height: 6, width: 8 }, mean: 0.0, deviation: 1.0, classes, layers }
    }

    fn refusal(layers: Vec<LayerDescription>) -> String {
        net(layers).outline().expect_err("it is no net").to_string()
    }

    #[test]
    fn what_does_not_fit_is_refused_with_its_place() {
        let conv = |kernel| LayerDescription::Conv { outputs: 2, kernel, stride: [1, 1], padding: [0, 0] };
        let linear = |outputs| LayerDescription::Linear { outputs };
        assert!(refusal(vec![conv([7, 3])]).starts_with("layer 0 (conv): a kernel of 7x3 does not lie within 1x6x8"));
        assert!(
            refusal(vec![LayerDescription::Relu, linear(2)])
                .starts_with("layer 1 (linear): it takes a line of numbers")
        );
        assert!(
            refusal(vec![LayerDescription::MaxPool { size: [0, 1] }]).starts_with("layer 0 (max_pool): windows of 0x1")
        );
        assert!(refusal(vec![LayerDescription::Dropout { rate: 1.0 }]).contains("from 0 on, below 1"));
        assert!(refusal(vec![LayerDescription::Flatten, linear(3)]).contains("gives 3x1x1 for 2 classes"));
        assert!(refusal(vec![LayerDescription::Flatten, linear(usize::MAX)]).contains("more numbers than any memory"));
        let wide = MOST_NUMBERS / 50; // of 48 inputs and a bias each
        let narrow = LayerDescription::Linear { outputs: 47 };
        assert!(
            refusal(vec![LayerDescription::Flatten, linear(wide), narrow]).starts_with("layer 2 (linear): it has more")
        );
    }

    #[test]
    fn descriptions_read_back_and_slips_do_not() {
        let described = Description::cnn(Shape { channels: 3, height: 32, width: 32 }, 2);
        let text = serde_json::to_string(&described).expect("it is written");
        assert_eq!(serde_json::from_str::<Description>(&text).expect("it is read"), described);
        assert!(serde_json::from_str::<Description>(&text.replace("padding", "paddding")).is_err());
    }
}
