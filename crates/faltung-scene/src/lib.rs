//! Convolutions explained: traces as tables and pictures.
//!
//! A [`Subject`] is what is to be explained: an input, a kernel and options. A [`View`] makes a [`Scene`] of it, or a [`Film`] of
//! scenes, one for each place, from the engine's own traces. Painters make texts and files of scenes.
//!
//! ```text
//! Subject -> faltung::trace -> View -> Scene, Film -> paint: text, markdown, csv, json, latex, svg, html, png, gif
//! ```
//!
//! Nothing is computed here: every number that is shown comes from a [`Trace`](faltung::trace::Trace).

mod error;
mod number;
pub mod paint;
mod scene;
pub mod state;
mod subject;
mod views;

pub use error::{Error, Result};
pub use number::{brief, exact};
pub use scene::{
    Align, Arrange, Axis, Cell, Column, Emphasis, Figure, Film, Label, Link, Mark, Panel, Part, Place, Role, Row,
    RowKind, Scene, Shape, Table, Tick,
};
pub use subject::{Subject, Words};
pub use views::{Continuous, View};

/// The examples of the README, run as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
