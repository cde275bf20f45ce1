//! Painters: a scene for a terminal, for a document, for a program, for the eye.
//!
//! | painter | gives |
//! |---|---|
//! | [`text()`] | what a terminal shows: sentences, tables and drawings of characters |
//! | [`markdown()`] | headings, tables and sentences for a document; drawings as a block of text |
//! | [`latex()`] | the same for LaTeX |
//! | [`csv()`] | the numbers of the tables alone |
//! | [`svg()`] | a picture of all of it, in light or dark; [`frames()`]: one for each scene of a film |
//! | [`drawing()`] | a figure alone, as an element of a page in the colours of [`palette()`] |
//! | [`html()`] | a page with all scenes of a film, to choose from; [`html_fragment()`]: the same for notebooks |
//! | `png`, `apng`, `gif`, `png_frames` | the same picture in pixels, still or moving; by the feature `raster` |
//! | [`json()`] | everything for a program: the scene, and every term of the sum |
//!
//! All are functions of the scene alone: the same scene gives the same bytes.

mod csv;
mod html;
mod json;
mod latex;
mod look;
mod markdown;
#[cfg(feature = "raster")]
mod raster;
mod svg;
mod text;
mod xml;

pub use csv::csv;
pub use html::{Scheme, html, html_fragment};
pub use json::{JSON_VERSION, json, json_continuous};
pub use latex::latex;
pub use look::{Look, Theme};
pub use markdown::markdown;
#[cfg(feature = "raster")]
pub use raster::{RasterError, Timing, apng, gif, png, png_frames, png_of_svg};
pub use svg::{Axes, Drawing, FONT, Layout, WordsBox, boxes, drawing, frames, palette, svg};
pub use text::{Colour, Letters, TextStyle, text};
