//! Labels: each beside its mark, none over another.
//!
//! Labels that must be there are placed first, the others where room is left; each is tried at its own place and then further and
//! further off. One that may be left out is left out where no place is near.

use super::canvas::{Anchor, Canvas, Rect, Words};
use super::measure::width;

/// From one line of a label to the next, by its size.
const LEADING: f64 = 1.15;

/// To which side of its point a label stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Above,
    Below,
    Right,
    Middle,
}

/// A label to be placed.
pub(super) struct Label<'t> {
    pub(super) text: &'t str,
    pub(super) size: f64,
    pub(super) colour: &'static str,
    pub(super) at: [f64; 2],
    pub(super) side: Side,
    pub(super) is_optional: bool,
}

impl Label<'_> {
    fn lines(&self) -> Vec<&str> {
        self.text.lines().collect()
    }

    /// What it takes, if it stands so far from its place.
    fn rect(&self, [dx, dy]: [f64; 2]) -> Rect {
        let lines = self.lines();
        let wide = lines.iter().map(|line| width(line, self.size)).fold(0.0, f64::max);
        let tall = ((lines.len().max(1) - 1) as f64 * LEADING + 1.04) * self.size;
        let [x, y] = [self.at[0] + dx, self.at[1] + dy];
        let (left, top) = match self.side {
            Side::Above => (x - wide / 2.0, y - tall),
            Side::Below => (x - wide / 2.0, y),
            Side::Right => (x, y - tall / 2.0),
            Side::Middle => (x - wide / 2.0, y - tall / 2.0),
        };
        Rect { left, top, right: left + wide, bottom: top + tall }
    }

    /// Ways off its place, the nearest first: a little further, then beside the mark, then further and further.
    fn ways(&self) -> Vec<[f64; 2]> {
        let steps = if self.is_optional { 3 } else { 24 };
        let up = if self.side == Side::Below { 1.0 } else { -1.0 };
        let Rect { left, top, right, bottom } = self.rect([0.0, 0.0]);
        let (aside, level) = ((right - left) / 2.0 + 0.75 * self.size, up * (top - bottom) / 2.0);
        let mut ways = vec![[0.0, 0.0], [0.0, up * self.size / 2.0], [aside, level], [-aside, level]];
        for step in 1..steps {
            let by = f64::from(step) * self.size / 2.0;
            ways.extend([[0.0, up * by], [by, up * by / 2.0], [-by, up * by / 2.0], [0.0, -up * by]]);
        }
        ways
    }
}

/// Places labels within `bounds`, away from `taken` and from one another, and writes them.
pub(super) fn write(canvas: &mut Canvas<'_>, bounds: Rect, taken: &[Rect], labels: &[Label<'_>]) {
    let mut taken = taken.to_vec();
    let (optional, needed): (Vec<_>, Vec<_>) = labels.iter().partition(|label| label.is_optional);
    for label in needed.into_iter().chain(optional) {
        let free = |way: &[f64; 2]| {
            let rect = label.rect(*way);
            let apart = Rect { left: rect.left - 2.0, right: rect.right + 2.0, ..rect };
            rect.is_within(&bounds) && !taken.iter().any(|other| apart.meets(other))
        };
        let Some(way) = label.ways().into_iter().find(free) else { continue };
        let rect = label.rect(way);
        taken.push(rect);
        let middle = (rect.left + rect.right) / 2.0;
        for (at, text) in label.lines().into_iter().enumerate() {
            let words = Words { text, size: label.size, colour: label.colour, anchor: Anchor::Middle };
            canvas.label(words, middle, rect.top + (0.8 + at as f64 * LEADING) * label.size);
        }
    }
}
