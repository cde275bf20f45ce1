//! Panels over one another, with one unit of length: a vertical line reads through all.

use super::{
    LABEL, MARGIN,
    canvas::{Anchor, Canvas, Paint, Rect, Words},
    labels::{self, Label, Side},
    marks::{self, BRACKETS, Scale},
    measure::width,
};
use crate::{Axis, Figure, Link, Mark, Panel, Place, Role, Shape};

const TITLE: f64 = 13.0;
/// Height of a plot, without the room for labels.
const PLOT: f64 = 92.0;
/// A line of labels.
const LINE: f64 = 1.2 * LABEL;
/// Between panels.
const GAP: f64 = 14.0;

/// Where a panel is.
struct Laid<'f> {
    panel: &'f Panel,
    /// Baseline of its title.
    title: f64,
    scale: Scale,
    /// Where brackets begin, and the baseline of the axis' name.
    brackets: f64,
    name: f64,
    bottom: f64,
}

/// Paints the panels from `top` on; gives where they end.
pub(super) fn paint(canvas: &mut Canvas<'_>, figure: &Figure, top: f64) -> f64 {
    let ticks = figure.panels.iter().flat_map(|panel| &panel.y.ticks);
    let widest = ticks.map(|tick| width(&tick.label, LABEL)).fold(0.0, f64::max);
    let sides = (MARGIN + widest + 8.0, canvas.look.width - MARGIN);
    let mut bottom = top;
    let mut panels = Vec::new();
    for (at, panel) in figure.panels.iter().enumerate() {
        let laid = lay(panel, sides, if at == 0 { bottom } else { bottom + GAP });
        bottom = laid.bottom;
        panels.push(laid);
    }
    canvas.open(&format!(" id=\"{}\"", canvas.id(&figure.id)));
    figure.links.iter().for_each(|link| draw(canvas, &panels, link));
    panels.iter().for_each(|laid| laid.paint(canvas));
    canvas.close();
    bottom
}

/// Gives a panel its place.
fn lay(panel: &Panel, sides: (f64, f64), top: f64) -> Laid<'_> {
    let title = top + TITLE;
    let (above, below) = (room(panel, Side::Above), room(panel, Side::Below));
    let plot = (title + 8.0 + above, title + 8.0 + above + PLOT);
    let scale = Scale::new(panel, sides, plot);
    let ticks = plot.1 + below;
    let has_ticks = panel.x.ticks.iter().any(|tick| !tick.label.is_empty());
    let brackets = ticks + if has_ticks { LINE + 6.0 } else { 4.0 };
    let lines = panel.marks.iter().filter_map(|mark| match mark.shape {
        Shape::Bracket { line, .. } => Some(line + 1),
        _ => None,
    });
    let lines = lines.max().unwrap_or(0);
    let handles = panel.marks.iter().any(|mark| matches!(mark.shape, Shape::Handle { .. }));
    let under = brackets + lines as f64 * BRACKETS;
    let name = under + if handles && lines == 0 { LINE + 2.0 } else { 0.0 } + LINE;
    Laid { panel, title, scale, brackets, name, bottom: name + 4.0 }
}

/// What labels at the ends of marks need beyond the plot, above or below it.
fn room(panel: &Panel, side: Side) -> f64 {
    let Axis { from, to, .. } = panel.y;
    let needed = |mark: &Mark| {
        let label = mark.label.as_ref().filter(|label| label.place == Place::End)?;
        let y = end(mark);
        let (is_meant, left) = match side {
            Side::Below => (height(mark) < 0.0, y - from),
            _ => (height(mark) >= 0.0, to - y),
        };
        is_meant.then(|| label.text.lines().count() as f64 * LINE + 10.0 - left / (to - from) * PLOT)
    };
    panel.marks.iter().filter_map(needed).fold(4.0, f64::max)
}

/// Where a mark ends.
fn end(mark: &Mark) -> f64 {
    match mark.shape {
        Shape::Bar { y, .. } => y,
        _ => height(mark),
    }
}

/// How high a mark reaches: its sign tells where its label stands.
fn height(mark: &Mark) -> f64 {
    match mark.shape {
        Shape::Stem { y, .. } | Shape::Dot { y, .. } => y,
        Shape::Bar { y, base, .. } => y - base,
        Shape::Arrow { weight, .. } => weight,
        _ => 0.0,
    }
}

/// A dashed line from one mark to another.
fn draw(canvas: &mut Canvas<'_>, panels: &[Laid<'_>], link: &Link) {
    let find = |id: &str| {
        panels.iter().find_map(|laid| {
            let mark = laid.panel.marks.iter().find(|mark| mark.id == id)?;
            let [x, y] = marks::anchor(mark, &laid.scale, laid.brackets);
            // Below the label of a bracket.
            let is_bracket = matches!(mark.shape, Shape::Bracket { .. });
            Some([x, if is_bracket && mark.label.is_some() { y + LINE + 6.0 } else { y }])
        })
    };
    if let (Some(from), Some(to)) = (find(&link.from), find(&link.to)) {
        let paint = Paint { opacity: Some(0.6), ..Paint::stroke(canvas.palette.marker, 1.25).dashed() };
        canvas.line(from, to, &paint);
    }
}

impl Laid<'_> {
    fn paint(&self, canvas: &mut Canvas<'_>) {
        let Laid { panel, scale, .. } = self;
        canvas.open(&format!(" id=\"{}\"", canvas.id(&panel.id)));
        self.head(canvas);
        self.grid(canvas);
        panel.marks.iter().for_each(|mark| marks::paint(canvas, mark, scale, self.brackets));
        self.labels(canvas);
        canvas.close();
    }

    /// The title, and what the vertical axis counts.
    fn head(&self, canvas: &mut Canvas<'_>) {
        let (ink, quiet) = (canvas.palette.ink, canvas.palette.quiet);
        let title = Words { text: &self.panel.title, size: TITLE, colour: ink, anchor: Anchor::Start };
        let name = Words { text: &self.panel.y.label, size: LABEL, colour: quiet, anchor: Anchor::End };
        let right = canvas.look.width - MARGIN;
        canvas.text(title, MARGIN, self.title);
        if !name.rect(right, self.title).meets(&title.rect(MARGIN, self.title)) {
            canvas.text(name, right, self.title);
        }
        let name = Words { text: &self.panel.x.label, ..name };
        canvas.text(name, right, self.name);
    }

    /// Axes, ticks, and the lines that lead the eye.
    fn grid(&self, canvas: &mut Canvas<'_>) {
        let (plot, quiet) = (self.scale.plot, canvas.palette.quiet);
        let (guide, rule) = (Paint::stroke(canvas.palette.guide, 1.0), Paint::stroke(canvas.palette.rule, 1.0));
        let ticks = self.brackets - 6.0;
        let mut last = f64::NEG_INFINITY;
        for tick in seen(&self.panel.x) {
            let x = self.scale.x(tick.at);
            canvas.line([x, plot.top], [x, plot.bottom], &guide);
            let words = Words { text: &tick.label, size: LABEL, colour: quiet, anchor: Anchor::Middle };
            let rect = words.rect(x, ticks);
            if rect.left > last + 4.0 && !self.is_handle(tick.at) {
                canvas.text(words, x, ticks);
                last = rect.right;
            }
        }
        let mut lowest = f64::INFINITY;
        for tick in seen(&self.panel.y) {
            let y = self.scale.y(tick.at);
            canvas.line([plot.left, y], [plot.right, y], &guide);
            let words = Words { text: &tick.label, size: LABEL, colour: quiet, anchor: Anchor::End };
            let rect = words.rect(plot.left - 6.0, y + 0.35 * LABEL);
            if rect.bottom < lowest {
                canvas.text(words, plot.left - 6.0, y + 0.35 * LABEL);
                lowest = rect.top;
            }
        }
        let zero = self.scale.zero();
        canvas.line([plot.left, zero], [plot.right, zero], &rule);
    }

    /// Whether a handle stands at this tick, over its label.
    fn is_handle(&self, at: f64) -> bool {
        let handles = self.panel.marks.iter().filter_map(|mark| match mark.shape {
            Shape::Handle { x } => Some(x),
            _ => None,
        });
        handles.into_iter().any(|x| x == at)
    }

    /// Where the dots of marks are, which no label should hide.
    fn dots(&self) -> impl Iterator<Item = Rect> {
        let dots = self.panel.marks.iter().filter_map(|mark| {
            let radius = match mark.shape {
                Shape::Dot { .. } => 6.0,
                Shape::Stem { .. } => 4.0,
                _ => return None,
            };
            let [x, y] = marks::anchor(mark, &self.scale, self.brackets);
            Some(Rect { left: x - radius, top: y - radius, right: x + radius, bottom: y + radius })
        });
        dots.collect::<Vec<_>>().into_iter()
    }

    fn labels(&self, canvas: &mut Canvas<'_>) {
        let (left, right) = (MARGIN / 2.0, canvas.look.width - MARGIN / 2.0);
        let bounds = Rect { left, right, top: self.title + 4.0, bottom: self.bottom };
        let texts = canvas.texts.iter().filter(|rect| rect.bottom > self.title - TITLE).copied();
        let taken: Vec<Rect> = texts.chain(self.dots()).collect();
        let labelled = self.panel.marks.iter().filter_map(|mark| Some((mark, mark.label.as_ref()?)));
        let all: Vec<Label<'_>> = labelled
            .map(|(mark, label)| {
                let [x, y] = marks::anchor(mark, &self.scale, self.brackets);
                let gap = if matches!(mark.shape, Shape::Bar { .. }) { 3.0 } else { 7.0 };
                let (at, side) = match (label.place, &mark.shape) {
                    (Place::Axis, Shape::Bracket { .. }) => ([x, y + 3.0], Side::Below),
                    (Place::Axis, _) => ([x, self.brackets - 1.0], Side::Below),
                    (Place::Right, _) => ([x + gap, y], Side::Right),
                    (Place::Inside, Shape::Bar { base, .. }) => ([x, (y + self.scale.y(*base)) / 2.0], Side::Middle),
                    (Place::Inside, Shape::Bracket { .. }) => ([x, y + 3.0], Side::Below),
                    (Place::Inside, _) => ([x, y], Side::Middle),
                    (Place::End, _) if height(mark) < 0.0 => ([x, y + gap], Side::Below),
                    (Place::End, _) => ([x, y - gap], Side::Above),
                };
                let colour = match mark.role {
                    Role::Marker => canvas.palette.marker,
                    Role::Ghost | Role::Cropped | Role::Virtual | Role::Plain => canvas.palette.quiet,
                    _ => canvas.palette.ink,
                };
                Label { text: &label.text, size: LABEL, colour, at, side, is_optional: label.optional }
            })
            .collect();
        labels::write(canvas, bounds, &taken, &all);
    }
}

/// The ticks between the ends of an axis.
fn seen(axis: &Axis) -> impl Iterator<Item = &crate::Tick> {
    axis.ticks.iter().filter(|tick| (axis.from..=axis.to).contains(&tick.at))
}
