//! What a state shows as files: films, pictures and texts.

use std::time::Duration;

use faltung_scene::{
    Error, Scene,
    paint::{self, Look, TextStyle, Theme, Timing},
    state::{Explained, State},
};
use wasm_bindgen::prelude::*;

use crate::thrown;

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

/// The scene of a state as a file: `svg`, `html`, `json`, `md`, `csv`, `tex` or `txt`, as the command writes it.
///
/// # Errors
/// For another format, and whatever is wrong with what the state asks for.
#[wasm_bindgen]
pub fn write(text: &str, format: &str) -> Result<String, JsError> {
    let (state, _) = State::read(text);
    let explained = Explained::of(&state).map_err(thrown)?;
    written(&state, &explained, format).map_err(thrown)
}

fn written(state: &State, explained: &Explained, format: &str) -> Result<String, Error> {
    let look = look(state);
    let scheme = if state.get("theme") == "auto" { paint::Scheme::Reader } else { paint::Scheme::Look };
    let painted = |scene: &Scene| match format {
        "svg" => Some(paint::svg(scene, &look)),
        "md" => Some(paint::markdown(scene)),
        "csv" => Some(paint::csv(scene)),
        "tex" => Some(paint::latex(scene)),
        "txt" => Some(paint::text(scene, &TextStyle::default())),
        _ => None,
    };
    match format {
        "json" => explained.json(&explained.scene()?),
        "html" => Ok(paint::html(&explained.film()?, &look, scheme)),
        _ => painted(&explained.scene()?)
            .ok_or_else(|| Error::State(format!("expected svg, html, json, md, csv, tex or txt, but found {format}"))),
    }
}

/// As the command paints what a state asks for.
fn look(state: &State) -> Look {
    let theme = Theme::ALL.iter().find(|theme| theme.name() == state.get("theme"));
    Look { theme: theme.copied().unwrap_or(Theme::Light), ..Look::default() }
}
