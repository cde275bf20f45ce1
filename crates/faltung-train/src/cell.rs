//! One number of a layer opened: what it was made of.
//!
//! A cell of a convolution is a sum over input channels and weights, and a bias; [`faltung::trace`] lists its terms, by the same
//! problem that the engine computes. A linear layer is the case of one row and one column. Other layers choose or keep.

use faltung::{Kernel, Mode, Number, Operation, Spec, View, trace::Tracer};

use crate::{Dataset, Description, Error, LayerDescription, Net, Result, Shape};

/// One number of what a layer gives, and what it was made of.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// The number, as the net computed it.
    pub value: f32,
    /// What it was made of.
    pub made: Made,
}

/// What a cell was made of.
#[derive(Debug, Clone, PartialEq)]
pub enum Made {
    /// The sum of all products, and the bias.
    Sum {
        /// The products: the input channels one after the other, in each row by row.
        terms: Vec<Term>,
        /// The sum of each input channel's products.
        channels: Vec<f64>,
        /// What is added to them.
        bias: f32,
        /// All of this together.
        sum: f64,
    },
    /// The largest of a window.
    Largest {
        /// Where the window begins, as `[channel, row, column]`.
        from: [usize; 3],
        /// Its numbers, row by row.
        of: Vec<Vec<f32>>,
    },
    /// The number that came in, or zero where that is below.
    Positive {
        /// What came in.
        of: f32,
    },
    /// The number that came in.
    Same,
}

/// One product of a sum.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Term {
    /// What is multiplied, as `[channel, row, column]` of what came in; perhaps beyond its edges, where zeros are.
    pub at: [isize; 3],
    /// The number that came in.
    pub sample: f64,
    /// Its weight.
    pub weight: f64,
    /// Both multiplied.
    pub product: f64,
}

impl Net {
    /// What one number of a layer was made of, for one picture of the set; `at` is `[channel, row, column]`.
    ///
    /// Products are doubles. Their sum with the bias is the number that the net computed, within `(K + 2) eps sum |w| |x|` of single
    /// precision for `K` terms.
    ///
    /// # Errors
    /// As [`maps`](Net::maps); [`Error::Description`] if there is no such layer or no such cell.
    ///
    /// ```
    /// # use faltung_train::{Description, Made, Net, digits};
    /// let data = digits::test(1, 1)?;
    /// let net = Net::new(Description::cnn(data.shape(), 10), 1)?;
    /// let cell = net.cell(&data, 0, 3, [5, 2, 4])?; // the second convolution: 16 channels of 5x5
    /// let Made::Sum { terms, sum, .. } = cell.made else { panic!("a convolution sums") };
    /// assert_eq!((terms.len(), terms[0].at), (16 * 25, [0, 2, 4]));
    /// assert!((sum - f64::from(cell.value)).abs() < 1e-5);
    /// # Ok::<(), faltung_train::Error>(())
    /// ```
    pub fn cell(&self, data: &Dataset, picture: usize, layer: usize, at: [usize; 3]) -> Result<Cell> {
        let (input, output) = self.shapes(layer, at)?;
        let passed = self.passed(data, picture)?;
        let (x, y) = (&passed[layer], &passed[layer + 1]);
        let made = match self.description().layers[layer] {
            LayerDescription::Conv { kernel, stride, padding, .. } => {
                self.sum(layer, (x, input), Window { kernel, stride, padding }, at)?
            }
            LayerDescription::Linear { .. } => {
                self.sum(layer, (x, input), Window { kernel: [1, 1], stride: [1, 1], padding: [0, 0] }, at)?
            }
            LayerDescription::MaxPool { size } => {
                let from = [at[0], at[1] * size[0], at[2] * size[1]];
                let row = |row: usize| x[place(input, [from[0], from[1] + row, from[2]])..][..size[1]].to_vec();
                Made::Largest { from, of: (0..size[0]).map(row).collect() }
            }
            LayerDescription::Relu => Made::Positive { of: x[place(input, at)] },
            LayerDescription::Flatten | LayerDescription::Dropout { .. } => Made::Same,
        };
        Ok(Cell { value: y[place(output, at)], made })
    }

    /// What comes into a layer and what goes out, if that has such a cell.
    fn shapes(&self, layer: usize, at: [usize; 3]) -> Result<(Shape, Shape)> {
        let wrong = |problem: String| Err(Error::Description(problem));
        let Some(outline) = self.outline(layer) else {
            let last = self.description().layers.len().saturating_sub(1);
            return wrong(format!("there is no layer {layer}: the last one is {last}"));
        };
        let Shape { channels, height, width } = outline.output;
        if at[0] >= channels || at[1] >= height || at[2] >= width {
            let [channel, row, column] = at;
            let last = format!("{},{},{}", channels - 1, height - 1, width - 1);
            return wrong(format!("layer {layer} has no cell {channel},{row},{column}: the last one is {last}"));
        }
        Ok((outline.input, outline.output))
    }

    /// The terms of a sum.
    fn sum(&self, layer: usize, (x, input): (&[f32], Shape), window: Window, at: [usize; 3]) -> Result<Made> {
        let (weights, biases) = self.parameters_of(layer);
        let each = weights.len() / biases.len();
        let weights = weights[at[0] * each..][..each].iter().map(|&weight| f64::from(weight)).collect();
        let shape = [1, input.channels, window.kernel[0], window.kernel[1]];
        let extents = [input.channels, input.height, input.width];
        let tracer = Tracer::new(&extents, &Kernel::real(&shape, weights)?, &window.spec())?;
        let trace = tracer.trace(View::new(x, &extents)?, &[0, at[1] as isize, at[2] as isize])?;
        let term = |term: &faltung::trace::Term| Term {
            at: [term.at[0], term.at[1], term.at[2]],
            sample: real(term.sample),
            weight: real(term.weight),
            product: real(term.product),
        };
        let terms: Vec<Term> = trace.terms.iter().map(term).collect();
        let of_channel = |terms: &[Term]| terms.iter().map(|term| term.product).sum();
        let channels = terms.chunks(window.kernel.iter().product()).map(of_channel).collect();
        Ok(Made::Sum { terms, channels, bias: biases[at[0]], sum: real(trace.sum) + f64::from(biases[at[0]]) })
    }
}

/// How a layer slides.
struct Window {
    kernel: [usize; 2],
    stride: [usize; 2],
    padding: [usize; 2],
}

impl Window {
    /// What it asks of the engine.
    fn spec(&self) -> Spec {
        let modes = self.padding.map(|zeros| Mode::Padded { before: zeros, after: zeros });
        Spec::new().operation(Operation::Correlate).groups(1).mode(modes).stride(self.stride)
    }
}

fn real(number: Number) -> f64 {
    number.to_complex().re
}

/// Where a number of a shape lies in memory.
fn place(shape: Shape, [channel, row, column]: [usize; 3]) -> usize {
    (channel * shape.height + row) * shape.width + column
}

impl Description {
    /// Whether what a layer gives are maps: rows and columns that still lie as those of the picture do.
    ///
    /// ```
    /// # use faltung_train::{Description, Shape};
    /// let net = Description::cnn(Shape { channels: 1, height: 28, width: 28 }, 10);
    /// assert!(net.is_map(5) && !net.is_map(6)); // flatten is the first layer that gives a line
    /// ```
    pub fn is_map(&self, layer: usize) -> bool {
        let lined =
            |layer: &LayerDescription| matches!(layer, LayerDescription::Flatten | LayerDescription::Linear { .. });
        layer < self.layers.len() && !self.layers[..=layer].iter().any(lined)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Maps, digits};

    /// Every kind of layer, with a stride and with zeros beyond the edges.
    fn net() -> Net {
        let conv = |outputs, stride, padding| LayerDescription::Conv { outputs, kernel: [3, 4], stride, padding };
        let layers = vec![
            conv(2, [1, 1], [1, 2]),
            LayerDescription::Relu,
            LayerDescription::MaxPool { size: [2, 3] },
            conv(3, [2, 1], [0, 0]),
            LayerDescription::Flatten,
            LayerDescription::Dropout { rate: 0.5 },
            LayerDescription::Linear { outputs: 10 },
        ];
        let input = Shape { channels: 1, height: 28, width: 28 };
        let classes = (0..10).map(|class| class.to_string()).collect();
        Net::new(Description { input, mean: 0.1, deviation: 0.4, classes, layers }, 5).unwrap()
    }

    #[test]
    fn every_cell_is_what_it_is_made_of() {
        let (net, data) = (net(), digits::test(3, 5).unwrap());
        let maps = net.maps(&data, 2).unwrap();
        for Maps { layer, shape, values } in &maps {
            for number in (0..values.len()).step_by(values.len().div_ceil(40)) {
                let (row, column) = (number / shape.width % shape.height, number % shape.width);
                let at = [number / shape.width / shape.height, row, column];
                let cell = net.cell(&data, 2, *layer, at).unwrap();
                assert_eq!(cell.value, values[number]);
                check(&cell, &format!("layer {layer}, cell {at:?}"));
            }
        }
    }

    fn check(cell: &Cell, place: &str) {
        match &cell.made {
            Made::Sum { terms, channels, bias, sum } => {
                let added: f64 = channels.iter().sum::<f64>() + f64::from(*bias);
                assert!((added - sum).abs() <= 1e-12 * (1.0 + sum.abs()), "{place}: {added} is not {sum}");
                let large: f64 = terms.iter().map(|term| term.product.abs()).sum::<f64>() + f64::from(bias.abs());
                let bound = (terms.len() + 3) as f64 * f64::from(f32::EPSILON) * large;
                assert!((sum - f64::from(cell.value)).abs() <= bound, "{place}: {sum} is not {}", cell.value);
            }
            Made::Largest { of, .. } => {
                let largest = of.iter().flatten().copied().fold(f32::NEG_INFINITY, f32::max);
                assert_eq!(cell.value, largest, "{place}");
            }
            Made::Positive { of } => assert_eq!(cell.value, of.max(0.0), "{place}"),
            Made::Same => {}
        }
    }

    #[test]
    fn cells_beyond_are_refused() {
        let (net, data) = (net(), digits::test(1, 5).unwrap());
        let told = |layer, at| net.cell(&data, 0, layer, at).unwrap_err().to_string();
        assert_eq!(told(9, [0, 0, 0]), "there is no layer 9: the last one is 6");
        assert_eq!(told(0, [2, 0, 0]), "layer 0 has no cell 2,0,0: the last one is 1,27,28");
    }
}
