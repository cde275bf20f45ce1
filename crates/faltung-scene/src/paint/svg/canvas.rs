//! What a picture is written on: elements of SVG, one after the other, and where the texts are.

use std::fmt::Write as _;

use super::measure::width;
use crate::paint::look::{Look, Palette};

/// From the baseline of a text up to its top, and down to its bottom, by its size.
const ASCENT: f64 = 0.8;
const DESCENT: f64 = 0.24;

/// A part of the picture, in pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rect {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) right: f64,
    pub(super) bottom: f64,
}

impl Rect {
    /// Whether they share more than an edge.
    pub(super) fn meets(&self, other: &Rect) -> bool {
        self.left < other.right && other.left < self.right && self.top < other.bottom && other.top < self.bottom
    }

    pub(super) fn is_within(&self, other: &Rect) -> bool {
        self.left >= other.left && self.right <= other.right && self.top >= other.top && self.bottom <= other.bottom
    }
}

/// Which point of a text is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// A line of text: what it says, how large, in which colour.
#[derive(Debug, Clone, Copy)]
pub(super) struct Words<'t> {
    pub(super) text: &'t str,
    pub(super) size: f64,
    pub(super) colour: &'static str,
    pub(super) anchor: Anchor,
}

impl Words<'_> {
    /// Where it is, with its baseline at `y`.
    pub(super) fn rect(&self, x: f64, y: f64) -> Rect {
        let width = width(self.text, self.size);
        let left = match self.anchor {
            Anchor::Start => x,
            Anchor::Middle => x - width / 2.0,
            Anchor::End => x - width,
        };
        Rect { left, top: y - ASCENT * self.size, right: left + width, bottom: y + DESCENT * self.size }
    }
}

/// How a shape is painted.
#[derive(Debug, Clone, Default)]
pub(super) struct Paint {
    pub(super) fill: Option<String>,
    pub(super) stroke: Option<&'static str>,
    pub(super) width: f64,
    pub(super) dash: Option<&'static str>,
    pub(super) opacity: Option<f64>,
}

impl Paint {
    pub(super) fn fill(colour: &str) -> Paint {
        Paint { fill: Some(colour.to_owned()), ..Paint::default() }
    }

    pub(super) fn stroke(colour: &'static str, width: f64) -> Paint {
        Paint { stroke: Some(colour), width, ..Paint::default() }
    }

    pub(super) fn dashed(self) -> Paint {
        Paint { dash: Some("3 3"), ..self }
    }

    fn attributes(&self) -> String {
        let mut all = format!(" fill=\"{}\"", self.fill.as_deref().unwrap_or("none"));
        if let Some(stroke) = self.stroke {
            let _ = write!(all, " stroke=\"{stroke}\" stroke-width=\"{}\"", number(self.width));
        }
        if let Some(dash) = self.dash {
            let _ = write!(all, " stroke-dasharray=\"{dash}\"");
        }
        if let Some(opacity) = self.opacity {
            let _ = write!(all, " opacity=\"{}\"", number(opacity));
        }
        all
    }
}

/// A picture in the making.
pub(super) struct Canvas<'l> {
    pub(super) look: &'l Look,
    pub(super) palette: Palette,
    body: String,
    /// Where the texts are.
    pub(super) texts: Vec<Rect>,
}

impl<'l> Canvas<'l> {
    pub(super) fn new(look: &'l Look) -> Canvas<'l> {
        Canvas { look, palette: Palette::of(look.theme), body: String::new(), texts: Vec::new() }
    }

    /// The elements so far.
    pub(super) fn body(&self) -> &str {
        &self.body
    }

    /// An identifier in this document.
    pub(super) fn id(&self, id: &str) -> String {
        escaped(&format!("{}{id}", self.look.prefix))
    }

    /// A hatched filling for positive products, or negative ones.
    pub(super) fn hatching(&self, is_negative: bool) -> String {
        format!("url(#{})", self.id(if is_negative { "negative" } else { "positive" }))
    }

    /// Begins a group; `attributes` are written as they are.
    pub(super) fn open(&mut self, attributes: &str) {
        let _ = writeln!(self.body, "<g{attributes}>");
    }

    pub(super) fn close(&mut self) {
        self.body.push_str("</g>\n");
    }

    /// A text with its baseline at `y`, which what lies under it does not touch.
    pub(super) fn label(&mut self, words: Words<'_>, x: f64, y: f64) {
        let ground = self.palette.ground;
        self.write(
            words,
            x,
            y,
            &format!(" stroke=\"{ground}\" stroke-width=\"3\" stroke-linejoin=\"round\" paint-order=\"stroke\""),
        );
    }

    /// A text with its baseline at `y`.
    pub(super) fn text(&mut self, words: Words<'_>, x: f64, y: f64) {
        self.write(words, x, y, "");
    }

    fn write(&mut self, words: Words<'_>, x: f64, y: f64, halo: &str) {
        if words.text.trim().is_empty() {
            return;
        }
        let anchor = match words.anchor {
            Anchor::Start => "",
            Anchor::Middle => " text-anchor=\"middle\"",
            Anchor::End => " text-anchor=\"end\"",
        };
        self.texts.push(words.rect(x, y));
        let (size, colour, text) = (number(words.size), words.colour, escaped(words.text));
        let (x, y) = (number(x), number(y));
        let _ = writeln!(
            self.body,
            "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\" fill=\"{colour}\"{anchor}{halo}>{text}</text>"
        );
    }

    pub(super) fn line(&mut self, from: [f64; 2], to: [f64; 2], paint: &Paint) {
        let [x1, y1, x2, y2] = [from[0], from[1], to[0], to[1]].map(number);
        let _ = writeln!(self.body, "<line x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\"{}/>", paint.attributes());
    }

    pub(super) fn rect(&mut self, rect: Rect, paint: &Paint) {
        let [x, y] = [rect.left, rect.top].map(number);
        let [width, height] = [rect.right - rect.left, rect.bottom - rect.top].map(number);
        let attributes = paint.attributes();
        let _ = writeln!(self.body, "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"{attributes}/>");
    }

    pub(super) fn circle(&mut self, [x, y]: [f64; 2], radius: f64, paint: &Paint) {
        let [x, y, radius] = [x, y, radius].map(number);
        let _ = writeln!(self.body, "<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\"{}/>", paint.attributes());
    }

    /// From point to point.
    pub(super) fn path(&mut self, points: &[[f64; 2]], is_closed: bool, paint: &Paint) {
        let mut d = String::new();
        for (at, [x, y]) in points.iter().enumerate() {
            let _ = write!(d, "{}{} {}", if at == 0 { "M" } else { " L" }, number(*x), number(*y));
        }
        let end = if is_closed { " Z" } else { "" };
        let _ = writeln!(self.body, "<path d=\"{d}{end}\"{}/>", paint.attributes());
    }
}

/// A number of at most two decimals.
pub(super) fn number(value: f64) -> String {
    let text = format!("{:.2}", if value.is_finite() { value } else { 0.0 });
    match text.trim_end_matches('0').trim_end_matches('.') {
        "-0" => "0".to_owned(),
        text => text.to_owned(),
    }
}

/// Text between tags or quotes; characters that XML does not have become `?`.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' => out.push(' '),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push('?'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_texts_are_safe() {
        assert_eq!([0.0, -0.001, 1.5, 2.0, 1.0 / 3.0, f64::NAN].map(number), ["0", "0", "1.5", "2", "0.33", "0"]);
        assert_eq!(escaped("a<b & \"c\"\u{7}"), "a&lt;b &amp; &quot;c&quot;?");
    }

    #[test]
    fn rectangles_meet_where_they_share_more_than_an_edge() {
        let rect = |left, right| Rect { left, top: 0.0, right, bottom: 1.0 };
        assert!(rect(0.0, 2.0).meets(&rect(1.0, 3.0)) && !rect(0.0, 1.0).meets(&rect(1.0, 2.0)));
        assert!(rect(1.0, 2.0).is_within(&rect(0.0, 2.0)) && !rect(0.0, 3.0).is_within(&rect(0.0, 2.0)));
    }
}
