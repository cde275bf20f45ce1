//! Pens: strokes as lines of points, and what they leave on pixels.

/// A piece of a stroke, in a box of side 1: `x` to the right, `y` downwards.
#[derive(Debug, Clone, Copy)]
pub(super) enum Piece {
    /// Straight from point to point.
    Line(&'static [[f32; 2]]),
    /// Part of an ellipse; angles in degrees, 0 to the right and 90 downwards.
    Arc { middle: [f32; 2], radii: [f32; 2], from: f32, to: f32 },
}

impl Piece {
    /// The points to be joined by straight lines.
    pub(super) fn points(self) -> Vec<[f32; 2]> {
        /// So many for a whole turn: at 28 pixels no corner is seen.
        const TURN: f32 = 24.0;
        match self {
            Piece::Line(points) => points.windows(2).flat_map(|ends| halves([ends[0], ends[1]])).collect(),
            Piece::Arc { middle, radii, from, to } => {
                let steps = ((to - from).abs() / 360.0 * TURN).ceil().max(1.0) as usize;
                let point = |step: usize| {
                    let angle = (from + (to - from) * step as f32 / steps as f32).to_radians();
                    [middle[0] + radii[0] * angle.cos(), middle[1] + radii[1] * angle.sin()]
                };
                (0..=steps).map(point).collect()
            }
        }
    }
}

/// A line in four pieces, so that it can be bent.
fn halves([a, b]: [[f32; 2]; 2]) -> impl Iterator<Item = [f32; 2]> {
    (0..=4).map(move |quarter| {
        let part = quarter as f32 / 4.0;
        [a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part]
    })
}

/// A grey picture with a pen on it: 0 is blank, 1 is ink.
#[derive(Debug)]
pub(super) struct Sheet {
    side: usize,
    ink: Vec<f32>,
}

impl Sheet {
    pub(super) fn new(side: usize) -> Sheet {
        Sheet { side, ink: vec![0.0; side * side] }
    }

    pub(super) fn ink(&self) -> &[f32] {
        &self.ink
    }

    /// Joins the points, in pixels, by a pen of this width with soft edges one pixel wide.
    pub(super) fn draw(&mut self, points: &[[f32; 2]], width: f32) {
        for ends in points.windows(2) {
            self.line(ends[0], ends[1], width / 2.0 + 0.5);
        }
    }

    fn line(&mut self, a: [f32; 2], b: [f32; 2], reach: f32) {
        let span = |axis: usize| {
            let (low, high) = (a[axis].min(b[axis]) - reach, a[axis].max(b[axis]) + reach);
            low.floor().max(0.0) as usize..(high.ceil().max(0.0) as usize + 1).min(self.side)
        };
        let (rows, columns) = (span(1), span(0));
        for row in rows {
            for column in columns.clone() {
                let ink = (reach - distance([column as f32, row as f32], a, b)).clamp(0.0, 1.0);
                let pixel = &mut self.ink[row * self.side + column];
                *pixel = pixel.max(ink);
            }
        }
    }
}

/// From a point to the nearest point of the line from `a` to `b`.
fn distance(point: [f32; 2], a: [f32; 2], b: [f32; 2]) -> f32 {
    let (along, to) = ([b[0] - a[0], b[1] - a[1]], [point[0] - a[0], point[1] - a[1]]);
    let len = along[0] * along[0] + along[1] * along[1];
    let part = if len > 0.0 { ((to[0] * along[0] + to[1] * along[1]) / len).clamp(0.0, 1.0) } else { 0.0 };
    (to[0] - part * along[0]).hypot(to[1] - part * along[1])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_as_wide_as_the_pen_with_soft_ends() {
        let mut sheet = Sheet::new(7);
        sheet.draw(&[[1.0, 3.0], [5.0, 3.0]], 2.0);
        let row = |row: usize| sheet.ink()[row * 7..][..7].to_vec();
        assert_eq!(row(3), [0.5, 1.0, 1.0, 1.0, 1.0, 1.0, 0.5]);
        assert_eq!(row(4)[1..6], [0.5; 5]); // a pixel off its middle, where the pen reaches 1
        assert_eq!(row(5), [0.0; 7]);
    }

    #[test]
    fn arcs_go_through_their_quarters() {
        let arc = Piece::Arc { middle: [0.5, 0.5], radii: [0.5, 0.25], from: 0.0, to: 90.0 };
        let points = arc.points();
        let near = |point: [f32; 2], x: f32, y: f32| (point[0] - x).abs() + (point[1] - y).abs() < 1e-6;
        assert!(near(points[0], 1.0, 0.5) && near(points[points.len() - 1], 0.5, 0.75));
    }
}
