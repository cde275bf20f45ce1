//! The border to the browser: texts and typed arrays in, JSON, SVG and typed arrays out.
//!
//! A page has a state ([`faltung_scene::state`]) and everything it shows is asked for by that text. Thin: each function converts,
//! calls and converts, and knows nothing of convolution. What fails is an exception whose message is for the reader of the page.
//!
//! | module, feature | holds |
//! |---|---|
//! | [`scenes`] | states, scenes, drawings, texts of explanations: what a page needs at once |
//! | [`engine`] | results of the engine by any of its algorithms, pictures, sounds |
//! | [`films`] | PNG, APNG and GIF |
//! | [`nets`] | digits, and nets that learn them |
//!
//! Each is built by itself, and loaded when it is needed.

#[cfg(feature = "engine")]
pub mod engine;
#[cfg(feature = "films")]
pub mod films;
#[cfg(feature = "nets")]
pub mod nets;
#[cfg(feature = "scenes")]
pub mod scenes;

#[cfg(any(feature = "scenes", feature = "films"))]
use faltung_scene::{
    paint::{Look, Theme},
    state::State,
};
use wasm_bindgen::JsError;

/// An exception of the page, in the words of the error.
fn thrown(error: impl std::fmt::Display) -> JsError {
    JsError::new(&error.to_string())
}

/// As the command paints what a state asks for.
#[cfg(any(feature = "scenes", feature = "films"))]
fn look(state: &State) -> Look {
    let theme = Theme::ALL.iter().find(|theme| theme.name() == state.get("theme"));
    Look { theme: theme.copied().unwrap_or(Theme::Light), ..Look::default() }
}
