//! Painters: a scene for a terminal, for a document, for a program, for the eye.
//!
//! | painter | gives |
//! |---|---|
//! | [`text()`] | what a terminal shows: sentences, tables and drawings of characters |
//! | [`markdown()`] | headings, tables and sentences for a document; drawings as a block of text |
//! | [`latex()`] | the same for LaTeX |
//! | [`csv()`] | the numbers of the tables alone |
//! | [`json()`] | everything for a program: the scene, and every term of the sum |
//! | [`svg()`] | a picture of the whole scene |
//!
//! All are functions of the scene alone: the same scene gives the same bytes.

mod csv;
mod json;
mod latex;
mod look;
mod markdown;
mod svg;
mod text;

pub use csv::csv;
pub use json::{JSON_VERSION, json};
pub use latex::latex;
pub use look::{Look, Theme};
pub use markdown::markdown;
pub use svg::svg;
pub use text::{Colour, Letters, TextStyle, text};
