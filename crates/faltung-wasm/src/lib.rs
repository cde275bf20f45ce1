//! The border to the browser: texts and typed arrays in, JSON, SVG and typed arrays out.
//!
//! A page has a state ([`faltung_scene::state`]) and everything it shows is asked for by that text. Thin: each function converts,
//! calls and converts, and knows nothing of convolution. What fails is an exception whose message is for the reader of the page.
//!
//! | module, feature | holds |
//! |---|---|
//! | [`scenes`] | states, scenes, drawings: what a page needs at once |
//! | [`engine`] | results of the engine by any of its algorithms, pictures, sounds |
//! | [`films`] | files: films, pictures of pixels and SVG, texts |
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

use wasm_bindgen::JsError;

/// An exception of the page, in the words of the error.
fn thrown(error: impl std::fmt::Display) -> JsError {
    JsError::new(&error.to_string())
}
