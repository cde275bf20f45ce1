//! Films and pictures of pixels.

use std::time::Duration;

use faltung_scene::{
    paint::{self, Timing},
    state::{Explained, State},
};
use wasm_bindgen::prelude::*;

use crate::{look, thrown};

/// What a state shows as a file of pixels: `png` of its place, or `gif` or `apng` of all places, each for so many seconds, the last
/// for as long as the command holds it at least.
///
/// # Errors
/// For another format, seconds that are none, and whatever is wrong with what the state asks for.
#[wasm_bindgen]
pub fn film(text: &str, format: &str, scale: f64, seconds: f64) -> Result<Vec<u8>, JsError> {
    let (state, _) = State::read(text);
    let explained = Explained::of(&state).map_err(thrown)?;
    let look = look(&state);
    let each = Duration::try_from_secs_f64(seconds).map_err(thrown)?;
    let timing = Timing { each, ..Timing::default() };
    match format {
        "png" => paint::png(&explained.scene().map_err(thrown)?, &look, scale).map_err(thrown),
        "gif" => paint::gif(&explained.film().map_err(thrown)?, &look, scale, &timing).map_err(thrown),
        "apng" => paint::apng(&explained.film().map_err(thrown)?, &look, scale, &timing).map_err(thrown),
        _ => Err(JsError::new(&format!("expected png, gif or apng, but found {format}"))),
    }
}
