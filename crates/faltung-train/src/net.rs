//! A net: layers that are built, and all their parameters in one line of memory.
//!
//! Parameters lie one layer after the other, weights before biases; an optimiser sees one slice, a file some tensors named as
//! PyTorch names those of a `Sequential`: `0.weight`, `0.bias`, and so on.

use std::ops::Range;

use crate::{
    Dataset, Description, LayerDescription, Result, Shape,
    description::Outline,
    layers::{self, Layer, PART},
    loss,
    part::Part,
    random::{Purpose, about_zero, generator},
    workers,
};

/// Most numbers in all layers for one picture: those of a part take some gigabytes then.
const MOST_NUMBERS: usize = 1 << 25;

/// The most parameters of a net: a gibibyte of them.
const MOST_PARAMETERS: usize = 1 << 28;

/// A net that can be asked, and trained by a [`Trainer`](crate::Trainer).
///
/// ```
/// use faltung_train::{Description, Net, digits};
/// let data = digits::test(5, 1)?;
/// let net = Net::new(Description::cnn(data.shape(), 10), 1)?;
/// let answers = net.probabilities(&data)?;
/// assert_eq!((answers.len(), answers[0].len()), (5, 10));
/// assert!(answers.iter().all(|each| (each.iter().sum::<f32>() - 1.0).abs() < 1e-5));
/// # Ok::<(), faltung_train::Error>(())
/// ```
#[derive(Debug)]
pub struct Net {
    description: Description,
    pub(crate) steps: Vec<Step>,
    pub(crate) parameters: Vec<f32>,
}

/// A layer of the description, with its shapes.
#[derive(Debug)]
pub(crate) struct Step {
    outline: Outline,
    /// Its parameters among all.
    pub(crate) parameters: Range<usize>,
}

/// Some parameters of a net that belong together: the weights of a layer, or its biases.
#[derive(Debug, Clone, PartialEq)]
pub struct Tensor<'a> {
    /// The layer's place in the description, and what they are: `0.weight`, `0.bias`.
    pub name: String,
    /// `[outputs, inputs, rows, columns]`, `[outputs, inputs]` or `[outputs]`.
    pub shape: Vec<usize>,
    /// The numbers, the last axis fastest.
    pub values: &'a [f32],
}

/// What a layer made of one picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Maps {
    /// The layer's place in the description.
    pub layer: usize,
    /// How many there are, and how large.
    pub shape: Shape,
    /// The numbers, as `[channel, row, column]`.
    pub values: Vec<f32>,
}

/// So many parameters, if a net of that many can be held.
fn bounded(parameters: usize) -> Result<usize> {
    match parameters <= MOST_PARAMETERS {
        true => Ok(parameters),
        false => {
            let problem = format!("the net has {parameters} parameters: at most {MOST_PARAMETERS} are held");
            Err(crate::Error::Description(problem))
        }
    }
}

impl Net {
    /// A net with weights drawn evenly between `-1 / sqrt(n)` and `1 / sqrt(n)`, where `n` numbers go into an output; biases
    /// likewise. That is what PyTorch's layers begin with.
    ///
    /// # Errors
    /// As [`Description::outline`].
    ///
    /// ```
    /// use faltung_train::{Description, Net, Shape};
    /// let described = Description::cnn(Shape { channels: 1, height: 28, width: 28 }, 10);
    /// let net = Net::new(described.clone(), 7)?;
    /// assert!(net.parameters()[..416].iter().all(|w| w.abs() <= 1.0 / 5.0)); // 25 inputs
    /// assert_eq!(net.parameters(), Net::new(described, 7)?.parameters());
    /// # Ok::<(), faltung_train::Error>(())
    /// ```
    pub fn new(description: Description, seed: u64) -> Result<Net> {
        let mut parameters = Vec::with_capacity(bounded(description.parameters()?)?);
        for (layer, outline) in description.outline()?.iter().enumerate().filter(|(_, layer)| layer.biases > 0) {
            let mut chance = generator(seed, Purpose::Weights, layer as u64);
            let reach = 1.0 / ((outline.weights / outline.biases) as f32).sqrt();
            parameters.extend((0..outline.parameters()).map(|_| about_zero(&mut chance, reach)));
        }
        Net::with_parameters(description, parameters)
    }

    /// A net with these parameters.
    ///
    /// # Errors
    /// As [`Description::outline`]; [`Error::Description`](crate::Error::Description) for another number of parameters.
    ///
    /// ```
    /// use faltung_train::{Description, Net, Shape};
    /// let described = Description::ffnn(Shape { channels: 1, height: 2, width: 2 }, 2, 10);
    /// let error = Net::with_parameters(described, vec![0.0; 3]).unwrap_err();
    /// assert_eq!(error.to_string(), "the net has 9 parameters, and 3 came");
    /// ```
    pub fn with_parameters(description: Description, parameters: Vec<f32>) -> Result<Net> {
        let outlines = description.outline()?;
        let numbers =
            outlines.iter().fold(description.input.len(), |all, layer| all.saturating_add(layer.output.len()));
        if numbers > MOST_NUMBERS {
            let problem =
                format!("the net makes {numbers} numbers of each picture: at most {MOST_NUMBERS} are computed");
            return Err(crate::Error::Description(problem));
        }
        let (mut steps, mut end) = (Vec::new(), 0);
        for outline in outlines {
            let start = end;
            end += outline.parameters();
            steps.push(Step { outline, parameters: start..end });
        }
        if end != parameters.len() {
            let problem = format!("the net has {end} parameters, and {} came", parameters.len());
            return Err(crate::Error::Description(problem));
        }
        bounded(end)?;
        Ok(Net { description, steps, parameters })
    }

    /// What it is made of.
    ///
    /// ```
    /// # use faltung_train::{Description, Net, Shape};
    /// let described = Description::cnn(Shape { channels: 1, height: 28, width: 28 }, 10);
    /// assert_eq!(Net::new(described.clone(), 1)?.description(), &described);
    /// # Ok::<(), faltung_train::Error>(())
    /// ```
    pub fn description(&self) -> &Description {
        &self.description
    }

    /// All weights and biases, layer by layer.
    ///
    /// ```
    /// # use faltung_train::{Description, Net, Shape};
    /// let net = Net::new(Description::cnn(Shape { channels: 1, height: 28, width: 28 }, 10), 1)?;
    /// assert_eq!(net.parameters().len(), 80_202);
    /// # Ok::<(), faltung_train::Error>(())
    /// ```
    pub fn parameters(&self) -> &[f32] {
        &self.parameters
    }

    /// The same, as named tensors.
    ///
    /// ```
    /// # use faltung_train::{Description, Net, Shape};
    /// let net = Net::new(Description::cnn(Shape { channels: 1, height: 28, width: 28 }, 10), 1)?;
    /// let tensors = net.tensors();
    /// assert_eq!((tensors[0].name.as_str(), &tensors[0].shape[..]), ("0.weight", &[16, 1, 5, 5][..]));
    /// assert_eq!((tensors[1].name.as_str(), &tensors[1].shape[..]), ("0.bias", &[16][..]));
    /// # Ok::<(), faltung_train::Error>(())
    /// ```
    pub fn tensors(&self) -> Vec<Tensor<'_>> {
        self.named(&self.parameters)
    }

    /// Layers for one part of a batch, one for each step.
    pub(crate) fn layers(&self) -> Result<Vec<Box<dyn Layer>>> {
        self.description
            .layers
            .iter()
            .zip(&self.steps)
            .map(|(layer, step)| layers::build(layer, &step.outline))
            .collect()
    }

    /// What comes out of each step.
    pub(crate) fn outputs(&self) -> impl Iterator<Item = Shape> {
        self.steps.iter().map(|step| step.outline.output)
    }

    /// Numbers, one for each parameter, as tensors.
    pub(crate) fn named<'a>(&self, numbers: &'a [f32]) -> Vec<Tensor<'a>> {
        let mut tensors = Vec::new();
        let steps = self.description.layers.iter().zip(&self.steps).enumerate();
        for (at, (layer, step)) in steps.filter(|(_, (_, step))| !step.parameters.is_empty()) {
            let outputs = step.outline.output.channels;
            let mut shape = vec![outputs, step.outline.input.channels];
            if let LayerDescription::Conv { kernel, .. } = layer {
                shape.extend(kernel);
            }
            let (weights, biases) = numbers[step.parameters.clone()].split_at(step.parameters.len() - outputs);
            let name = |what| format!("{at}.{what}");
            tensors.push(Tensor { name: name("weight"), shape, values: weights });
            tensors.push(Tensor { name: name("bias"), shape: vec![outputs], values: biases });
        }
        tensors
    }

    /// How probable the net holds each class, for each picture: one row for each, which adds up to 1.
    ///
    /// # Errors
    /// [`Error::Data`](crate::Error::Data) if the pictures have another shape than the net takes.
    ///
    /// ```
    /// # use faltung_train::{Description, Net, Shape, digits};
    /// let net = Net::new(Description::cnn(Shape { channels: 1, height: 32, width: 32 }, 10), 1)?;
    /// let error = net.probabilities(&digits::test(5, 1)?).unwrap_err();
    /// assert_eq!(error.to_string(), "the pictures are 1x28x28, and the net takes 1x32x32: give pictures of that size");
    /// # Ok::<(), faltung_train::Error>(())
    /// ```
    pub fn probabilities(&self, data: &Dataset) -> Result<Vec<Vec<f32>>> {
        data.check_shape(self.description.input)?;
        let starts: Vec<usize> = (0..data.len()).step_by(PART).collect();
        let rows = workers::map(
            &starts,
            || Part::new(self),
            |part, &start| {
                let pictures: Vec<usize> = (start..data.len().min(start + PART)).collect();
                part.show(self, data, &pictures);
                part.forward(self)?;
                Ok((0..pictures.len()).map(|picture| loss::probabilities(part.output(), picture)).collect::<Vec<_>>())
            },
        )?;
        Ok(rows.into_iter().flatten().collect())
    }

    /// What each layer makes of one picture of the set, in their order.
    ///
    /// # Errors
    /// As [`probabilities`](Net::probabilities); [`Error::Data`](crate::Error::Data) if there is no such picture.
    ///
    /// ```
    /// # use faltung_train::{Description, Net, Shape, digits};
    /// let data = digits::test(1, 1)?;
    /// let net = Net::new(Description::cnn(data.shape(), 10), 1)?;
    /// let maps = net.maps(&data, 0)?;
    /// assert_eq!((maps[0].layer, maps[0].shape), (0, Shape { channels: 16, height: 24, width: 24 }));
    /// assert!(maps[1].values.iter().all(|&value| value >= 0.0)); // after ReLU
    /// # Ok::<(), faltung_train::Error>(())
    /// ```
    pub fn maps(&self, data: &Dataset, picture: usize) -> Result<Vec<Maps>> {
        let passed = self.passed(data, picture)?;
        let maps = |(layer, (step, values)): (usize, (&Step, Vec<f32>))| {
            let shape = step.outline.output;
            Maps { layer, shape, values }
        };
        Ok(self.steps.iter().zip(passed.into_iter().skip(1)).enumerate().map(maps).collect())
    }

    /// What goes in for one picture of the set, and what comes out of each layer.
    pub(crate) fn passed(&self, data: &Dataset, picture: usize) -> Result<Vec<Vec<f32>>> {
        data.check_shape(self.description.input)?;
        if picture >= data.len() {
            let problem = format!("there is no picture {picture}: the last of them is {}", data.len() - 1);
            return Err(crate::Error::Data(problem));
        }
        let mut part = Part::new(self)?;
        part.show(self, data, &[picture]);
        part.forward(self)?;
        Ok(part.activations().map(|numbers| numbers.iter().copied().step_by(PART).collect()).collect())
    }

    /// The shapes of a layer.
    pub(crate) fn outline(&self, layer: usize) -> Option<&Outline> {
        self.steps.get(layer).map(|step| &step.outline)
    }

    /// The weights and the biases of a layer.
    pub(crate) fn parameters_of(&self, layer: usize) -> (&[f32], &[f32]) {
        let step = &self.steps[layer];
        self.parameters[step.parameters.clone()].split_at(step.outline.weights)
    }
}
