//! Painters of texts: a scene for a terminal, for a document, for a program.
//!
//! | painter | gives |
//! |---|---|
//! | [`text()`] | what a terminal shows: sentences, tables and drawings of characters |
//! | [`markdown()`] | headings, tables and sentences for a document; drawings as a block of text |
//! | [`latex()`] | the same for LaTeX |
//! | [`csv()`] | the numbers of the tables alone |
//! | [`json()`] | everything for a program: the scene, and every term of the sum |
//!
//! All are functions of the scene alone: the same scene gives the same bytes.

mod csv;
mod json;
mod latex;
mod markdown;
mod text;

pub use csv::csv;
pub use json::{JSON_VERSION, json};
pub use latex::latex;
pub use markdown::markdown;
pub use text::{Colour, Letters, TextStyle, text};
