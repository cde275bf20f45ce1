//! Room for labels: where one can stand so that it touches no other, and as few marks as possible.

/// A rectangle, from its upper left corner.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rect {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

impl Rect {
    /// Of this size, about a point.
    pub(super) fn about([x, y]: [f64; 2], [width, height]: [f64; 2]) -> Rect {
        Rect { x: x - width / 2.0, y: y - height / 2.0, width, height }
    }

    /// Between two corners.
    pub(super) fn between([ax, ay]: [f64; 2], [bx, by]: [f64; 2]) -> Rect {
        Rect { x: ax.min(bx), y: ay.min(by), width: (ax - bx).abs(), height: (ay - by).abs() }
    }

    pub(super) fn right(&self) -> f64 {
        self.x + self.width
    }

    pub(super) fn bottom(&self) -> f64 {
        self.y + self.height
    }

    /// Whether two have a point in common, or are nearer to one another than `gap` from left to right.
    fn touches(&self, other: &Rect, gap: f64) -> bool {
        self.x < other.right() + gap
            && other.x < self.right() + gap
            && self.y < other.bottom()
            && other.y < self.bottom()
    }

    fn lies_within(&self, bounds: &Rect) -> bool {
        self.x >= bounds.x && self.right() <= bounds.right() && self.y >= bounds.y && self.bottom() <= bounds.bottom()
    }
}

/// Blank between two labels beside one another.
const GAP: f64 = 4.0;
/// How far apart the places are that are tried where no wanted one is free.
const STEP: f64 = 4.0;

/// What stands somewhere already.
#[derive(Default)]
pub(super) struct Room {
    /// Words: never touched.
    pub(super) words: Vec<Rect>,
    /// Marks: touched only where a label would have no place else.
    pub(super) marks: Vec<Rect>,
}

impl Room {
    /// The first wanted place that is free. For a label that must not be left out, else the free place nearest to the first.
    pub(super) fn place(&mut self, wanted: &[Rect], bounds: &Rect, optional: bool) -> Option<Rect> {
        let found = wanted.iter().find(|rect| self.is_free(rect, bounds) && self.is_clear(rect)).copied();
        let found = match (found, optional) {
            (None, false) => self.nearest(wanted.first()?, bounds),
            _ => found,
        };
        self.words.extend(found);
        found
    }

    /// Whether a rectangle touches no words.
    fn is_free(&self, rect: &Rect, bounds: &Rect) -> bool {
        rect.lies_within(bounds) && !self.words.iter().any(|words| rect.touches(words, GAP))
    }

    /// Whether a rectangle touches no mark.
    fn is_clear(&self, rect: &Rect) -> bool {
        !self.marks.iter().any(|mark| rect.touches(mark, 1.0))
    }

    /// The free place nearest to the one wanted, best without a mark in it; the wanted one if there is none at all. Of places as near
    /// as one another the leftmost, then the uppermost.
    fn nearest(&self, wanted: &Rect, bounds: &Rect) -> Option<Rect> {
        let within = Room { words: beside(&self.words, bounds), marks: beside(&self.marks, bounds) };
        let steps = |from: f64, room: f64| (0..=(room.max(0.0) / STEP) as usize).map(move |n| from + n as f64 * STEP);
        let mut columns: Vec<f64> = steps(bounds.x, bounds.width - wanted.width).collect();
        columns.sort_by(|a, b| (a - wanted.x).abs().total_cmp(&(b - wanted.x).abs()));
        let mut best: Option<(f64, Rect)> = None;
        for x in columns {
            // No place of this column is nearer than that, nor of those after it.
            if best.is_some_and(|(cost, _)| (x - wanted.x).abs() > cost) {
                break;
            }
            for y in steps(bounds.y, bounds.height - wanted.height) {
                let rect = Rect { x, y, ..*wanted };
                let far = (x - wanted.x).hypot(y - wanted.y);
                let is_worse = |cost: f64| best.is_some_and(|(least, at)| (least, at.x, at.y) <= (cost, x, y));
                if is_worse(far) || !within.is_free(&rect, bounds) {
                    continue;
                }
                let cost = if within.is_clear(&rect) { far } else { far + 40.0 };
                if !is_worse(cost) {
                    best = Some((cost, rect));
                }
            }
        }
        Some(best.map_or(*wanted, |(_, rect)| rect))
    }
}

/// Those that reach into the height of some bounds.
fn beside(all: &[Rect], bounds: &Rect) -> Vec<Rect> {
    all.iter().filter(|rect| rect.y < bounds.bottom() && bounds.y < rect.bottom()).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUNDS: Rect = Rect { x: 0.0, y: 0.0, width: 100.0, height: 40.0 };

    fn at(x: f64, y: f64) -> Rect {
        Rect { x, y, width: 20.0, height: 10.0 }
    }

    #[test]
    fn labels_take_the_first_place_that_is_free() {
        let mut room = Room::default();
        assert_eq!(room.place(&[at(10.0, 10.0)], &BOUNDS, true), Some(at(10.0, 10.0)));
        assert_eq!(room.place(&[at(12.0, 12.0), at(60.0, 10.0)], &BOUNDS, true), Some(at(60.0, 10.0)));
    }

    #[test]
    fn optional_labels_are_left_out_and_others_are_moved() {
        let mut room = Room { words: vec![at(10.0, 10.0)], marks: vec![at(10.0, 20.0)] };
        assert_eq!(room.place(&[at(10.0, 20.0)], &BOUNDS, true), None);
        let moved = room.place(&[at(12.0, 12.0)], &BOUNDS, false).unwrap();
        assert!(!moved.touches(&at(10.0, 10.0), GAP) && moved.lies_within(&BOUNDS));
        assert_eq!(room.words.len(), 2);
    }

    #[test]
    fn labels_stay_within_their_bounds() {
        assert_eq!(Room::default().place(&[at(90.0, 0.0)], &BOUNDS, true), None);
        assert_eq!(Room::default().place(&[at(90.0, 0.0)], &BOUNDS, false), Some(at(80.0, 0.0)));
    }
}
