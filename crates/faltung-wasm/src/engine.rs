//! Results of the engine itself: what explanations are held against, and what is seen and heard.

use faltung::{Algorithm, AnyArray, Array, Kernel, Mode, Operation, Spec, View, convolve_any};
use faltung_scene::state::{self, Explained, State};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::thrown;

/// The whole result of a state by every algorithm that takes it: `[{algorithm, values}, ..]`. Algorithms that refuse whole numbers,
/// whose sums would not be exact, have them as reals.
///
/// # Errors
/// Whatever is wrong with what the state asks for.
#[wasm_bindgen]
pub fn compute(text: &str) -> Result<String, JsError> {
    #[derive(Serialize)]
    struct By {
        algorithm: &'static str,
        values: Vec<f64>,
    }
    let (state, _) = State::read(text);
    let Explained::Samples { subject, .. } = Explained::of(&state).map_err(thrown)? else {
        return Err(JsError::new("only samples are computed by algorithms, and these are formulas"));
    };
    let x = subject.input().map_err(thrown)?;
    let reals = x.view().numbers().into_iter().map(|number| number.to_complex().re).collect();
    let reals = AnyArray::from(Array::<f64>::new(reals, x.shape()).map_err(thrown)?);
    let weights = subject.kernel().numbers().into_iter().map(|weight| weight.to_complex().re).collect();
    let weights = Kernel::real(subject.kernel().shape(), weights).map_err(thrown)?;
    let by = |algorithm: &Algorithm| {
        let spec = subject.spec().clone().algorithm(*algorithm).threads(1);
        let exact = convolve_any(&x, subject.kernel(), &spec);
        let result = exact.or_else(|_| convolve_any(&reals, &weights, &spec)).ok()?;
        let values = result.view().numbers().into_iter().map(|number| number.to_complex().re).collect();
        Some(By { algorithm: algorithm.name(), values })
    };
    let all: Vec<By> = Algorithm::ALL.iter().filter_map(by).collect();
    Ok(serde_json::to_string(&all).expect("numbers are finite or null"))
}

/// A picture under a kernel: how samples are weighed and what becomes of sums.
#[wasm_bindgen]
pub struct Filter {
    kernel: Kernel,
    spec: Spec,
    divisor: f32,
    offset: f32,
}

#[wasm_bindgen]
impl Filter {
    /// The weights `h`, the flip, the boundary, stride and dilation of a state, and what sums are divided by and what is added.
    ///
    /// # Errors
    /// Whatever is wrong with the kernel.
    #[wasm_bindgen(constructor)]
    pub fn new(text: &str) -> Result<Filter, JsError> {
        let (state, _) = State::read(text);
        let kernel = Kernel::from(&state::array(state.get("h")).map_err(thrown)?);
        let kernel = match kernel.shape() {
            [len] => {
                let rows = [1, *len];
                kernel.reshaped(&rows).map_err(thrown)?
            }
            _ => kernel,
        };
        let spec = state::spec(&state).mode(Mode::Same).axes([0, 1]).threads(1);
        let number = |key: &str| state.get(key).parse::<f32>().map_err(thrown);
        Ok(Filter { kernel, spec, divisor: number("divisor")?, offset: number("offset")? })
    }

    /// Filters a picture of four bytes a pixel, rows after one another. Opacities stay, but with strides, which leave all opaque.
    ///
    /// # Errors
    /// If there are not `4 width height` bytes, and whatever the engine says.
    pub fn filter(&self, before: &[u8], width: usize, height: usize) -> Result<Picture, JsError> {
        let samples: Vec<f32> = before.iter().map(|&byte| f32::from(byte)).collect();
        let view = View::new(&samples, &[height, width, 4]).map_err(thrown)?;
        let sums = convolve_any(view, &self.kernel, &self.spec).map_err(thrown)?;
        let sums_are_pixels = sums.shape()[..2] == [height, width];
        let [height, width] = [sums.shape()[0], sums.shape()[1]];
        let AnyArray::F32(sums) = sums else { return Err(JsError::new("sums of singles are singles")) };
        let byte = |sum: &f32| (sum / self.divisor + self.offset).round_ties_even().clamp(0.0, 255.0) as u8;
        let mut pixels: Vec<u8> = sums.data().iter().map(byte).collect();
        // Where there is a result for each pixel, each keeps its opacity; else all are opaque.
        let kept = sums_are_pixels.then(|| before.iter().skip(3).step_by(4).copied());
        let mut opacities = kept.into_iter().flatten();
        pixels.iter_mut().skip(3).step_by(4).for_each(|opacity| *opacity = opacities.next().unwrap_or(255));
        Ok(Picture { pixels, width, height })
    }
}

/// Pixels of four bytes each.
#[wasm_bindgen]
pub struct Picture {
    pixels: Vec<u8>,
    /// Pixels in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
}

#[wasm_bindgen]
impl Picture {
    /// The pixels, given away.
    pub fn take(self) -> Vec<u8> {
        self.pixels
    }
}

/// A sound in a room: all of the convolution of two mono sounds of one rate, or of the correlation, where the response is not turned
/// round.
///
/// # Errors
/// Whatever the engine says, as of sounds without a sample.
#[wasm_bindgen]
pub fn sound(samples: &[f32], response: &[f32], flip: &str) -> Result<Vec<f32>, JsError> {
    let operation = if flip == "none" { Operation::Correlate } else { Operation::Convolve };
    let spec = Spec::new().operation(operation).threads(1);
    let result = convolve_any(samples, response, &spec).map_err(thrown)?;
    Ok(result.typed::<f32>().map_err(thrown)?.into_vec())
}
