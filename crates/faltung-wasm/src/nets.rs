//! Nets that learn digits, one step at a time, and what they make of a picture.

use faltung_train::{Dataset, Description, Made, Net, Options, Trainer, digits};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::thrown;

/// Digits that no net learns from.
const HELD_OUT: usize = 500;
/// Digits for each step.
const BATCH: usize = 64;
/// The most filters that learn in reasonable time.
const MOST_FILTERS: usize = 32;

/// A net that learns digits drawn here, and others to test it with.
#[wasm_bindgen]
pub struct Lesson {
    trainer: Trainer,
    held_out: Dataset,
}

#[wasm_bindgen]
impl Lesson {
    /// For a net, `cnn` or `ffnn`, with so many filters and `pooling` by `whole` maps, `max` of windows or `stride`, and so many
    /// digits, each seen `epochs` times. An `ffnn` has about as many parameters as a `cnn` with windows of 2x2, and so at least about
    /// as many as any of them.
    ///
    /// # Errors
    /// For another net or pooling, and for more filters than can be waited for.
    #[wasm_bindgen(constructor)]
    pub fn new(
        net: &str,
        pooling: &str,
        filters: usize,
        digits: usize,
        epochs: u32,
        seed: u32,
    ) -> Result<Lesson, JsError> {
        let seed = u64::from(seed);
        let data = digits::training(digits, seed).map_err(thrown)?;
        let held_out = digits::test(HELD_OUT, seed).map_err(thrown)?;
        let description = described(net, pooling, filters, &data)?;
        let options = Options { epochs, batch: BATCH, seed, ..Options::default() };
        let trainer = Trainer::new(Net::new(description, seed).map_err(thrown)?, data, options).map_err(thrown)?;
        Ok(Lesson { trainer, held_out })
    }

    /// One step: `{steps, all, loss}`, the loss being the mean of the epoch so far.
    ///
    /// # Errors
    /// If the weights are no longer numbers.
    pub fn step(&mut self) -> Result<String, JsError> {
        self.trainer.step().map_err(thrown)?;
        Ok(self.stand())
    }

    /// How far it is, as [`step`](Self::step) tells.
    pub fn stand(&self) -> String {
        #[derive(Serialize)]
        struct Told {
            steps: u64,
            all: u64,
            loss: f64,
        }
        let stand = self.trainer.stand();
        json(&Told { steps: stand.steps, all: stand.all_steps, loss: stand.loss })
    }

    /// The share of held-out digits that are told right, when they are shifted by so many pixels up, down, left and right.
    ///
    /// # Errors
    /// Whatever the engine says.
    pub fn accuracy(&self, shift: usize) -> Result<f64, JsError> {
        self.trainer.net().accuracy_shifted(&self.held_out, shift).map_err(thrown)
    }

    /// What the net is made of: `[{name, channels, height, width, parameters, map}, ..]`, a layer each.
    ///
    /// # Errors
    /// None: what learns has an outline.
    pub fn outline(&self) -> Result<String, JsError> {
        #[derive(Serialize)]
        struct Layer {
            name: &'static str,
            channels: usize,
            height: usize,
            width: usize,
            parameters: usize,
            map: bool,
        }
        let description = self.trainer.net().description();
        let outline = description.outline().map_err(thrown)?;
        let layers = description.layers.iter().zip(&outline).enumerate().map(|(at, (layer, outline))| Layer {
            name: layer.name(),
            channels: outline.output.channels,
            height: outline.output.height,
            width: outline.output.width,
            parameters: outline.parameters(),
            map: description.is_map(at),
        });
        Ok(json(&layers.collect::<Vec<_>>()))
    }

    /// The weights of the first layer, one kernel after the other: of a fully connected net, one picture of weights for each unit.
    pub fn filters(&self) -> Vec<f32> {
        self.trainer.net().tensors().first().map(|tensor| tensor.values.to_vec()).unwrap_or_default()
    }

    /// What each layer makes of a picture, one layer after the other.
    ///
    /// # Errors
    /// For a picture of another size.
    pub fn maps(&self, pixels: &[u8]) -> Result<Vec<f32>, JsError> {
        let maps = self.trainer.net().maps(&self.picture(pixels)?, 0).map_err(thrown)?;
        Ok(maps.into_iter().flat_map(|maps| maps.values).collect())
    }

    /// How probable the net holds each digit.
    ///
    /// # Errors
    /// For a picture of another size.
    pub fn probabilities(&self, pixels: &[u8]) -> Result<Vec<f32>, JsError> {
        let rows = self.trainer.net().probabilities(&self.picture(pixels)?).map_err(thrown)?;
        Ok(rows.into_iter().flatten().collect())
    }

    /// What one number of a layer was made of: `{value, field, made}`. `field` are the first row, the row after the last, and
    /// likewise the columns of the picture that it depends on. `made` is `{kind: "sum", terms: [[channel, row, column, sample,
    /// weight, product], ..], channels, bias, sum}`, `{kind: "largest", from, of}`, `{kind: "positive", of}` or `{kind: "same"}`.
    ///
    /// # Errors
    /// If there is no such number, and for a picture of another size.
    pub fn cell(
        &self,
        pixels: &[u8],
        layer: usize,
        channel: usize,
        row: usize,
        column: usize,
    ) -> Result<String, JsError> {
        let (net, picture) = (self.trainer.net(), self.picture(pixels)?);
        let cell = net.cell(&picture, 0, layer, [channel, row, column]).map_err(thrown)?;
        let field = net.description().receptive_field(layer, [row, column]).map_err(thrown)?;
        let field = [field[0].start, field[0].end, field[1].start, field[1].end];
        Ok(json(&OneCell { value: cell.value, field, made: told(cell.made) }))
    }

    /// A picture as the net takes it.
    fn picture(&self, pixels: &[u8]) -> Result<Dataset, JsError> {
        let classes = self.held_out.classes().to_vec();
        Dataset::new(self.held_out.shape(), pixels.to_vec(), vec![0], classes).map_err(thrown)
    }
}

/// A digit that no net learned from, the `nth` of its kind, shifted downwards and to the right: 28 rows of 28 pixels, where 255 is
/// ink.
///
/// # Errors
/// For a digit that is none.
#[wasm_bindgen]
pub fn drawn(seed: u32, digit: usize, nth: usize, down: isize, right: isize) -> Result<Vec<u8>, JsError> {
    if digit > 9 {
        return Err(JsError::new(&format!("expected a digit from 0 to 9, but found {digit}")));
    }
    let place = 10 * nth + digit;
    let digits = digits::test(place + 1, u64::from(seed)).map_err(thrown)?;
    Ok(digits.shifted_by([down, right]).picture(place).to_vec())
}

/// The net that is asked for, for these pictures.
fn described(net: &str, pooling: &str, filters: usize, data: &Dataset) -> Result<Description, JsError> {
    if !(1..=MOST_FILTERS).contains(&filters) {
        let told = format!(
            "filters: expected from 1 to {MOST_FILTERS} for a net that learns in the page, but found {filters}"
        );
        return Err(JsError::new(&told));
    }
    let (shape, classes) = (data.shape(), data.classes().len());
    let cnn = Description::cnn_of_width(shape, classes, filters);
    let described = match (net, pooling) {
        ("cnn", "whole") => cnn.pooled_whole(),
        ("cnn", "max") => cnn,
        ("cnn", "stride") => cnn.strided(),
        ("cnn", _) => {
            return Err(JsError::new(&format!("pooling: expected whole, max or stride, but found {pooling}")));
        }
        ("ffnn", _) => Description::ffnn(shape, classes, cnn.parameters().map_err(thrown)?),
        _ => return Err(JsError::new(&format!("expected cnn or ffnn, but found {net}"))),
    };
    let (mean, deviation) = data.mean_and_deviation();
    Ok(Description { mean, deviation, ..described })
}

#[derive(Serialize)]
struct OneCell {
    value: f32,
    field: [usize; 4],
    made: Told,
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Told {
    Sum { terms: Vec<(isize, isize, isize, f64, f64, f64)>, channels: Vec<f64>, bias: f32, sum: f64 },
    Largest { from: [usize; 3], of: Vec<Vec<f32>> },
    Positive { of: f32 },
    Same,
}

fn told(made: Made) -> Told {
    match made {
        Made::Sum { terms, channels, bias, sum } => {
            let term = |term: &faltung_train::Term| {
                (term.at[0], term.at[1], term.at[2], term.sample, term.weight, term.product)
            };
            Told::Sum { terms: terms.iter().map(term).collect(), channels, bias, sum }
        }
        Made::Largest { from, of } => Told::Largest { from, of },
        Made::Positive { of } => Told::Positive { of },
        Made::Same => Told::Same,
    }
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("names are strings, and numbers are finite or null")
}
