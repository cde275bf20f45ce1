//! Marks: stems, bars, curves, areas, dots, arrows, frames, handles, rules, brackets.

use super::{
    Rect, Style, hatch,
    plot::Plot,
    xml::{self, Value, Xml},
};
use crate::{Mark, Role, Shape};

/// Radius of a dot, where units are wide enough for it.
const DOT: f64 = 4.0;

/// Paints a mark, with its id, its term and its value.
pub(super) fn mark(out: &mut Xml, mark: &Mark, plot: &Plot<'_>, style: &Style<'_>) {
    open(out, mark, style);
    let pen = Pen { out, colour: style.colours.role(mark.role), role: mark.role, plot, style };
    pen.shape(mark);
    out.close("g");
}

/// The group of a mark.
pub(super) fn open(out: &mut Xml, mark: &Mark, style: &Style<'_>) {
    let id = style.id(&mark.id);
    let value = mark.value.map(told);
    let mut attributes: Vec<(&str, Value<'_>)> = vec![("id", (&id).into())];
    attributes.extend(mark.term.as_ref().map(|term| ("data-term", term.into())));
    attributes.extend(value.as_ref().map(|value| ("data-value", value.into())));
    out.open("g", &attributes);
}

/// A number with all its digits.
pub(super) fn told(value: f64) -> String {
    crate::exact(faltung::Number::Real(value))
}

/// The radius of dots in a plot.
pub(super) fn radius(plot: &Plot<'_>) -> f64 {
    DOT.min(plot.scale.unit * 0.4).max(1.2)
}

/// What a mark covers, for labels to keep off.
pub(super) fn covered(mark: &Mark, plot: &Plot<'_>) -> Vec<Rect> {
    let r = radius(plot);
    let dot = |x: f64, y: f64, r: f64| Rect::about([plot.x(x), plot.y(y)], [2.0 * r; 2]);
    match &mark.shape {
        Shape::Stem { x, y } => {
            let foot = [plot.x(*x) - 1.0, plot.y(0.0)];
            vec![dot(*x, *y, r), Rect::between(foot, [plot.x(*x) + 1.0, plot.y(*y)])]
        }
        Shape::Arrow { x, weight } => {
            vec![Rect::between([plot.x(*x) - 4.0, plot.y(0.0)], [plot.x(*x) + 4.0, plot.y(*weight)])]
        }
        Shape::Bar { x, width, base, y } => {
            vec![Rect::between([plot.x(x - width / 2.0), plot.y(*base)], [plot.x(x + width / 2.0), plot.y(*y)])]
        }
        Shape::Dot { x, y, .. } => vec![dot(*x, *y, r + 2.0)],
        Shape::Curve { points } => points.iter().map(|[x, y]| dot(*x, *y, 2.0)).collect(),
        Shape::Area { .. }
        | Shape::Square { .. }
        | Shape::Frame { .. }
        | Shape::Handle { .. }
        | Shape::Rule { .. }
        | Shape::Bracket { .. } => Vec::new(),
    }
}

/// Where a line from or to a mark ends.
pub(super) fn anchor(mark: &Mark, plot: &Plot<'_>) -> [f64; 2] {
    match &mark.shape {
        Shape::Stem { x, y } | Shape::Dot { x, y, .. } | Shape::Bar { x, y, .. } | Shape::Square { x, y } => {
            [plot.x(*x), plot.y(*y)]
        }
        Shape::Arrow { x, weight } => [plot.x(*x), plot.y(*weight)],
        Shape::Curve { points } | Shape::Area { points } => {
            points.get(points.len() / 2).map_or([plot.x(0.0), plot.y(0.0)], |[x, y]| [plot.x(*x), plot.y(*y)])
        }
        Shape::Frame { from, to } => [plot.x((from[0] + to[0]) / 2.0), plot.y(from[1].max(to[1]))],
        Shape::Handle { x } | Shape::Rule { x } => [plot.x(*x), plot.lower()],
        Shape::Bracket { from, to, .. } => {
            [(plot.x(*from) + plot.x(*to)) / 2.0, plot.line(plot.line_of(mark)) + BRACKET]
        }
    }
}

/// How far the line of a bracket lies below the upper edge of its line of the picture.
pub(super) const BRACKET: f64 = 9.0;

/// What a mark is painted with.
struct Pen<'a> {
    out: &'a mut Xml,
    colour: &'static str,
    role: Role,
    plot: &'a Plot<'a>,
    style: &'a Style<'a>,
}

impl Pen<'_> {
    fn shape(mut self, mark: &Mark) {
        let plot = self.plot;
        match &mark.shape {
            Shape::Stem { x, y } => self.stem(plot.x(*x), plot.y(0.0), plot.y(*y)),
            Shape::Bar { x, width, base, y } => {
                self.bar([plot.x(x - width / 2.0), plot.y(*base)], [plot.x(x + width / 2.0), plot.y(*y)]);
            }
            Shape::Curve { points } => self.curve(points),
            Shape::Area { points } => self.area(points),
            Shape::Dot { x, y, hollow } => self.dot(plot.x(*x), plot.y(*y), *hollow),
            Shape::Arrow { x, weight } => self.arrow(plot.x(*x), plot.y(0.0), plot.y(*weight)),
            Shape::Square { x, y } => self.bar([plot.x(x - 0.5), plot.y(y - 0.5)], [plot.x(x + 0.5), plot.y(y + 0.5)]),
            Shape::Frame { from, to } => self.frame([plot.x(from[0]), plot.y(from[1])], [plot.x(to[0]), plot.y(to[1])]),
            Shape::Handle { x } => self.handle(plot.x(*x), plot.line(0) + 2.0),
            Shape::Rule { x } => self.line([plot.x(*x), plot.upper()], [plot.x(*x), plot.lower()], 1.5),
            Shape::Bracket { from, to, .. } => {
                self.bracket(plot.x(*from), plot.x(*to), plot.line(plot.line_of(mark)));
            }
        }
    }

    /// The second sign of a role beside its colour: how its lines are broken.
    fn dash(&self) -> Option<&'static str> {
        match self.role {
            Role::Ghost => Some("2 3"),
            Role::Virtual => Some("4 3"),
            Role::Cropped => Some("1 3"),
            _ => None,
        }
    }

    fn stroked<'a>(&self, width: f64, shape: &[(&'a str, Value<'a>)]) -> Vec<(&'a str, Value<'a>)> {
        let mut all = shape.to_vec();
        all.push(("stroke", self.colour.into()));
        all.push(("stroke-width", width.into()));
        all.extend(self.dash().map(|dash| ("stroke-dasharray", dash.into())));
        all
    }

    fn line(&mut self, [ax, ay]: [f64; 2], [bx, by]: [f64; 2], width: f64) {
        let ends = [("x1", ax.into()), ("y1", ay.into()), ("x2", bx.into()), ("y2", by.into())];
        let all = self.stroked(width, &ends);
        self.out.empty("line", &all);
    }

    fn stem(&mut self, x: f64, foot: f64, y: f64) {
        let r = radius(self.plot);
        let width = if self.role == Role::Ghost { 1.2 } else { (r / 2.0).max(0.8) };
        self.line([x, foot], [x, y], width);
        if self.role == Role::Cropped {
            let path = format!("M{0} {2}L{1} {3}M{0} {3}L{1} {2}", n(x - r), n(x + r), n(y - r), n(y + r));
            let cross = [("d", (&path).into()), ("stroke", self.colour.into()), ("stroke-width", 1.6.into())];
            return self.out.empty("path", &cross);
        }
        self.circle(x, y, r, matches!(self.role, Role::Ghost | Role::Virtual));
    }

    fn circle(&mut self, x: f64, y: f64, r: f64, hollow: bool) {
        let place = [("cx", x.into()), ("cy", y.into()), ("r", r.into())];
        let fill = if hollow { self.style.colours.paper } else { self.colour };
        let ring = [("fill", fill.into()), ("stroke", self.colour.into()), ("stroke-width", 1.5.into())];
        self.out.empty("circle", &[&place[..], &ring[..]].concat());
    }

    /// The marker is a larger dot with a ring around it; hollow where there is no value.
    fn dot(&mut self, x: f64, y: f64, hollow: bool) {
        let r = radius(self.plot);
        self.circle(x, y, r, hollow);
        if self.role == Role::Marker {
            let place = [("cx", x.into()), ("cy", y.into()), ("r", (r + 3.0).into()), ("fill", "none".into())];
            let ring = [("stroke", self.colour.into()), ("stroke-width", 1.5.into())];
            self.out.empty("circle", &[&place[..], &ring[..]].concat());
        }
    }

    /// A rectangle: hatched for products, tinted for what is known, an outline for what is not.
    fn bar(&mut self, a: [f64; 2], b: [f64; 2]) {
        let Rect { x, y, width, height } = Rect::between(a, b);
        let fill = hatch::filling(self.role, self.style);
        let place = [("x", x.into()), ("y", y.into()), ("width", width.into()), ("height", height.into())];
        let mut all = [&place[..], &[("fill", (&fill).into())]].concat();
        if fill == self.colour {
            all.push(("fill-opacity", hatch::TINT.into()));
        }
        let all = self.stroked(1.4, &all);
        self.out.empty("rect", &all);
    }

    fn curve(&mut self, points: &[[f64; 2]]) {
        let path = self.path(points);
        let all = self.stroked(2.0, &[("d", (&path).into()), ("fill", "none".into())]);
        self.out.empty("path", &all);
    }

    fn area(&mut self, points: &[[f64; 2]]) {
        let (Some(first), Some(last)) = (points.first(), points.last()) else { return };
        let zero = self.plot.y(0.0);
        let ends = [n(self.plot.x(last[0])), n(zero), n(self.plot.x(first[0])), n(zero)];
        let path = format!("{}L{} {}L{} {}Z", self.path(points), ends[0], ends[1], ends[2], ends[3]);
        let fill = hatch::filling(self.role, self.style);
        let mut all = vec![("d", (&path).into()), ("fill", (&fill).into())];
        if fill == self.colour {
            all.push(("fill-opacity", hatch::TINT.into()));
        }
        self.out.empty("path", &all);
    }

    /// From point to point; what is no number is a gap.
    fn path(&self, points: &[[f64; 2]]) -> String {
        let mut path = String::new();
        let mut joined = false;
        for [x, y] in points {
            let is_number = x.is_finite() && y.is_finite();
            if is_number {
                path.push_str(&format!(
                    "{}{} {}",
                    if joined { 'L' } else { 'M' },
                    n(self.plot.x(*x)),
                    n(self.plot.y(*y))
                ));
            }
            joined = is_number;
        }
        path
    }

    fn arrow(&mut self, x: f64, foot: f64, y: f64) {
        let back = if y < foot { 9.0 } else { -9.0 };
        self.line([x, foot], [x, y + back / 2.0], 2.0);
        self.triangle(&format!("M{} {}L{} {}L{} {}Z", n(x), n(y), n(x - 4.5), n(y + back), n(x + 4.5), n(y + back)));
    }

    fn triangle(&mut self, path: &str) {
        self.out.empty("path", &[("d", path.into()), ("fill", self.colour.into())]);
    }

    fn frame(&mut self, a: [f64; 2], b: [f64; 2]) {
        let Rect { x, y, width, height } = Rect::between(a, b);
        let place = [("x", x.into()), ("y", y.into()), ("width", width.into()), ("height", height.into())];
        let all = self.stroked(3.0, &[&place[..], &[("fill", "none".into())]].concat());
        self.out.empty("rect", &all);
    }

    fn handle(&mut self, x: f64, y: f64) {
        self.triangle(&format!("M{} {}L{} {}L{} {}Z", n(x), n(y), n(x - 6.0), n(y + 10.0), n(x + 6.0), n(y + 10.0)));
    }

    fn bracket(&mut self, from: f64, to: f64, top: f64) {
        let (upper, lower) = (n(top + BRACKET - 6.0), n(top + BRACKET));
        let path = format!("M{} {upper}L{} {lower}L{} {lower}L{} {upper}", n(from), n(from), n(to), n(to));
        let all = self.stroked(1.6, &[("d", (&path).into()), ("fill", "none".into())]);
        self.out.empty("path", &all);
    }
}

/// A length in a path.
fn n(length: f64) -> String {
    xml::number(length)
}
