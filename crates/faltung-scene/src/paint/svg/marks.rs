//! Marks: where they are in pixels, and how each is painted by its shape and role.

use super::canvas::{Canvas, Paint, Rect, escaped};
use crate::{Axis, Mark, Panel, Role, Shape};

/// From coordinates of a panel to pixels.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scale {
    /// The least and the largest coordinate, and where they are.
    x: [(f64, f64); 2],
    y: [(f64, f64); 2],
    /// What lies between the ends of both axes.
    pub(super) plot: Rect,
}

impl Scale {
    /// The axes' ends in pixels: `left` and `right`, and where values are least and largest (or rows first and last).
    pub(super) fn new(panel: &Panel, (left, right): (f64, f64), (top, bottom): (f64, f64)) -> Scale {
        let Axis { from, to, downwards, .. } = panel.y;
        let (least, largest) = if downwards { (top, bottom) } else { (bottom, top) };
        let plot = Rect { left, top, right, bottom };
        Scale { x: [(panel.x.from, left), (panel.x.to, right)], y: [(from, least), (to, largest)], plot }
    }

    pub(super) fn x(&self, x: f64) -> f64 {
        between(self.x, x)
    }

    pub(super) fn y(&self, y: f64) -> f64 {
        between(self.y, y)
    }

    /// Where zero is, or the end of the axis that is nearest to it.
    pub(super) fn zero(&self) -> f64 {
        let [(from, _), (to, _)] = self.y;
        self.y(0.0f64.clamp(from.min(to), to.max(from)))
    }
}

fn between([(from, at), (to, end)]: [(f64, f64); 2], value: f64) -> f64 {
    at + (value - from) / (to - from) * (end - at)
}

/// Height of a bracket's ends, and from one line of brackets to the next.
pub(super) const BRACKET: f64 = 7.0;
pub(super) const BRACKETS: f64 = 28.0;

/// A point at which labels and links hold on to a mark; `brackets` is where the first line of brackets is.
pub(super) fn anchor(mark: &Mark, scale: &Scale, brackets: f64) -> [f64; 2] {
    match &mark.shape {
        Shape::Stem { x, y } | Shape::Dot { x, y, .. } | Shape::Square { x, y } => [scale.x(*x), scale.y(*y)],
        Shape::Bar { x, y, .. } => [scale.x(*x), scale.y(*y)],
        Shape::Arrow { x, weight } => [scale.x(*x), scale.y(*weight)],
        Shape::Curve { points } | Shape::Area { points } => {
            points.get(points.len() / 2).map_or([scale.plot.left, scale.plot.top], |[x, y]| [scale.x(*x), scale.y(*y)])
        }
        Shape::Frame { from, to } => [scale.x((from[0] + to[0]) / 2.0), scale.y(from[1].min(to[1]))],
        Shape::Handle { x } => [scale.x(*x), scale.plot.bottom],
        Shape::Rule { x } => [scale.x(*x), scale.plot.top],
        Shape::Bracket { from, to, line } => [scale.x((from + to) / 2.0), brackets + *line as f64 * BRACKETS + BRACKET],
    }
}

/// Paints a mark without its label.
pub(super) fn paint(canvas: &mut Canvas<'_>, mark: &Mark, scale: &Scale, brackets: f64) {
    canvas.open(&attributes(canvas, mark));
    let colour = canvas.palette.role(mark.role);
    let ground = canvas.palette.ground;
    let line = line(mark.role, colour);
    match &mark.shape {
        Shape::Stem { x, y } => {
            let end = [scale.x(*x), scale.y(*y)];
            canvas.line([end[0], scale.zero()], end, &line);
            dot(canvas, end, mark.role, if matches!(mark.role, Role::Virtual | Role::Ghost) { ground } else { colour });
        }
        Shape::Dot { x, y, hollow } => {
            let fill = if *hollow { ground } else { colour };
            let paint = Paint { fill: Some(fill.to_owned()), ..Paint::stroke(colour, 2.0) };
            canvas.circle([scale.x(*x), scale.y(*y)], if mark.role == Role::Marker { 6.0 } else { 4.0 }, &paint);
        }
        Shape::Bar { x, width, base, y } => {
            let (top, bottom) = (scale.y(base.max(*y)), scale.y(base.min(*y)));
            let (left, right) = (scale.x(x - width / 2.0), scale.x(x + width / 2.0));
            let paint = Paint { fill: Some(filling(canvas, mark.role)), ..Paint { width: 1.5, ..line } };
            canvas.rect(Rect { left, top, right, bottom }, &paint);
        }
        Shape::Curve { points } => {
            let points: Vec<[f64; 2]> = points.iter().map(|[x, y]| [scale.x(*x), scale.y(*y)]).collect();
            canvas.path(&points, false, &line);
        }
        Shape::Area { points } => {
            let zero = |point: Option<&[f64; 2]>| point.map(|[x, _]| [scale.x(*x), scale.zero()]);
            let above = points.iter().map(|[x, y]| [scale.x(*x), scale.y(*y)]);
            let outline: Vec<[f64; 2]> =
                zero(points.first()).into_iter().chain(above).chain(zero(points.last())).collect();
            canvas.path(&outline, true, &Paint::fill(&filling(canvas, mark.role)));
        }
        Shape::Arrow { x, weight } => {
            let (x, y, zero) = (scale.x(*x), scale.y(*weight), scale.zero());
            let back = if y < zero { 9.0 } else { -9.0 };
            canvas.line([x, zero], [x, y + back / 2.0], &line);
            canvas.path(&[[x, y], [x - 5.0, y + back], [x + 5.0, y + back]], true, &Paint::fill(colour));
        }
        Shape::Square { x, y } => {
            let (xs, ys) = ([scale.x(x - 0.5), scale.x(x + 0.5)], [scale.y(y - 0.5), scale.y(y + 0.5)]);
            let rect = Rect { left: xs[0], right: xs[1], top: ys[0].min(ys[1]), bottom: ys[0].max(ys[1]) };
            square(canvas, rect, mark.role);
        }
        Shape::Frame { from, to } => {
            let (xs, ys) = ([scale.x(from[0]), scale.x(to[0])], [scale.y(from[1]), scale.y(to[1])]);
            let rect = Rect {
                left: xs[0].min(xs[1]),
                right: xs[0].max(xs[1]),
                top: ys[0].min(ys[1]),
                bottom: ys[0].max(ys[1]),
            };
            canvas.rect(rect, &Paint { width: 2.5, ..line });
        }
        Shape::Handle { x } => {
            let (x, y) = (scale.x(*x), scale.plot.bottom + 1.0);
            canvas.path(&[[x, y], [x - 6.0, y + 10.0], [x + 6.0, y + 10.0]], true, &Paint::fill(colour));
        }
        Shape::Rule { x } => {
            canvas.line([scale.x(*x), scale.plot.top], [scale.x(*x), scale.plot.bottom], &line.dashed());
        }
        Shape::Bracket { from, to, line: at } => {
            let (left, right, y) = (scale.x(*from), scale.x(*to), brackets + *at as f64 * BRACKETS);
            let points = [[left, y], [left, y + BRACKET], [right, y + BRACKET], [right, y]];
            canvas.path(&points, false, &Paint { width: 1.5, ..line });
        }
    }
    canvas.close();
}

fn dot(canvas: &mut Canvas<'_>, at: [f64; 2], role: Role, fill: &str) {
    let colour = canvas.palette.role(role);
    let radius = if matches!(role, Role::Ghost | Role::Cropped) { 3.0 } else { 4.0 };
    canvas.circle(at, radius, &Paint { fill: Some(fill.to_owned()), ..Paint::stroke(colour, 1.5) });
}

/// How lines of a role are drawn.
fn line(role: Role, colour: &'static str) -> Paint {
    match role {
        Role::Ghost => Paint::stroke(colour, 1.25).dashed(),
        Role::Virtual => Paint::stroke(colour, 1.5).dashed(),
        Role::Cropped => Paint::stroke(colour, 1.25),
        _ => Paint::stroke(colour, 2.0),
    }
}

/// What areas and bars of a role are filled with.
fn filling(canvas: &Canvas<'_>, role: Role) -> String {
    match role {
        Role::Positive | Role::Negative => canvas.hatching(role == Role::Negative),
        Role::Ghost | Role::Virtual | Role::Cropped => "none".to_owned(),
        _ => canvas.palette.guide.to_owned(),
    }
}

fn square(canvas: &mut Canvas<'_>, rect: Rect, role: Role) {
    let (colour, guide) = (canvas.palette.role(role), canvas.palette.rule);
    if !matches!(role, Role::Virtual | Role::Ghost | Role::Cropped | Role::Plain) {
        canvas.rect(rect, &Paint { opacity: Some(0.16), ..Paint::fill(colour) });
    }
    match role {
        Role::Virtual | Role::Ghost | Role::Cropped => canvas.rect(rect, &Paint::stroke(colour, 1.0).dashed()),
        _ => canvas.rect(rect, &Paint::stroke(guide, 0.75)),
    }
}

fn attributes(canvas: &Canvas<'_>, mark: &Mark) -> String {
    let mut all = format!(" id=\"{}\"", canvas.id(&mark.id));
    if let Some(term) = &mark.term {
        all.push_str(&format!(" data-term=\"{}\"", escaped(term)));
    }
    if let Some(value) = mark.value {
        all.push_str(&format!(" data-value=\"{value}\""));
    }
    all
}
