//! A part of a picture that is laid out by itself: what is painted, how large it is, and where its words stand.

use super::{
    Axes, Rect,
    letters::{self, ABOVE, BELOW, width, wrapped},
    xml::{Attributes, Value, Xml, number},
};

/// A part of a picture, from its own upper left corner.
#[derive(Default)]
pub(super) struct Block {
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) xml: Xml,
    /// The box of each line of words.
    pub(super) words: Vec<(Rect, String)>,
    /// Where the axes of panels stand.
    pub(super) axes: Vec<Axes>,
}

/// To which side of its place a line keeps.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// How a line of words is set.
#[derive(Clone, Copy)]
pub(super) struct Line<'a> {
    /// Where its base line is anchored.
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) size: f64,
    pub(super) anchor: Anchor,
    pub(super) colour: &'a str,
}

impl Line<'_> {
    /// The box that words take.
    fn rect(&self, words: &str) -> Rect {
        let width = width(words, self.size);
        let x = match self.anchor {
            Anchor::Start => self.x,
            Anchor::Middle => self.x - width / 2.0,
            Anchor::End => self.x - width,
        };
        Rect { x, y: self.y - ABOVE * self.size, width, height: (ABOVE + BELOW) * self.size }
    }
}

impl Block {
    /// Writes a line of words.
    pub(super) fn write(&mut self, line: &Line<'_>, more: Attributes<'_>, words: &str) {
        if words.is_empty() {
            return;
        }
        let mut attributes = vec![("x", line.x.into()), ("y", line.y.into()), ("font-size", line.size.into())];
        match line.anchor {
            Anchor::Start => {}
            Anchor::Middle => attributes.push(("text-anchor", "middle".into())),
            Anchor::End => attributes.push(("text-anchor", "end".into())),
        }
        attributes.push(("fill", line.colour.into()));
        attributes.extend_from_slice(more);
        self.xml.words("text", &attributes, words);
        self.words.push((line.rect(words), words.to_owned()));
    }

    /// Puts another block at a place within this one, which grows to hold it.
    pub(super) fn put(&mut self, other: &Block, x: f64, y: f64) {
        self.xml.open("g", &[("transform", (&format!("translate({} {})", number(x), number(y))).into())]);
        self.xml.append(&other.xml);
        self.xml.close("g");
        let moved = |rect: &Rect| Rect { x: rect.x + x, y: rect.y + y, ..*rect };
        self.words.extend(other.words.iter().map(|(rect, words)| (moved(rect), words.clone())));
        let moved =
            |axes: &Axes| Axes { panel: axes.panel.clone(), x: axes.x.map(|at| at + x), y: axes.y.map(|at| at + y) };
        self.axes.extend(other.axes.iter().map(moved));
        self.width = self.width.max(x + other.width);
        self.height = self.height.max(y + other.height);
    }
}

/// A rim of the paper's colour round letters, so that they are read over lines.
pub(super) fn rim(paper: &str) -> [(&'static str, Value<'_>); 4] {
    [
        ("stroke", paper.into()),
        ("stroke-width", 3.0.into()),
        ("stroke-linejoin", "round".into()),
        ("paint-order", "stroke".into()),
    ]
}

/// Lines from the left, as many as the words need.
pub(super) fn paragraph(words: &str, size: f64, colour: &str, most: f64) -> Block {
    let mut block = Block::default();
    let step = (size * 1.45).round();
    for (number, words) in wrapped(words, size, most).iter().enumerate() {
        let y = number as f64 * step + letters::ABOVE * size;
        block.write(&Line { x: 0.0, y, size, anchor: Anchor::Start, colour }, &[], words);
        block.width = block.width.max(width(words, size));
        block.height = (number + 1) as f64 * step;
    }
    block
}
