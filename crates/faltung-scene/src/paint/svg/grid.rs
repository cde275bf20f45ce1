//! Grids of cells: panels beside one another, with square cells of one size in all, their numbers inside.
//!
//! Cells are tinted by how far their number is from zero, compared with the largest of their panel; those below zero are hatched,
//! too. A legend says so.

use super::{
    Axes, LABEL, SMALL, Style, TICK,
    block::{Anchor, Block, Line},
    hatch::{self, MOST_TINT},
    letters::{width, wrapped},
    marks,
    room::Rect,
    xml::{Value, Xml},
};
use crate::{Figure, Mark, Panel, Role, Shape};

/// Blank between panels.
const GAP: f64 = 32.0;
/// The least side of a cell.
const LEAST: f64 = 34.0;
/// From a line in a cell to the next.
const STEP: f64 = 13.0;
/// The least width of a panel, for its title.
const TITLE: f64 = 110.0;

/// The panels from left to right, in as many rows as their widths need.
pub(super) fn row(figure: &Figure, style: &Style<'_>, most: f64) -> Block {
    let side = side(figure);
    let mut block = Block::default();
    let (mut x, mut top) = (0.0, 0.0);
    for panel in &figure.panels {
        let grid = Grid { panel, style, side };
        let painted = grid.paint();
        if x > 0.0 && x + painted.width > most {
            (x, top) = (0.0, block.height + GAP / 2.0);
        }
        block.put(&painted, x, top);
        x += painted.width + GAP;
    }
    block.height += 10.0;
    legend(&mut block, style);
    block
}

/// The side of a cell: as large as the largest label needs.
fn side(figure: &Figure) -> f64 {
    let labels = figure.panels.iter().flat_map(|panel| &panel.marks).filter_map(|mark| mark.label.as_ref());
    let needed = labels.map(|label| {
        let wide = label.text.lines().map(|line| width(line, LABEL)).fold(0.0, f64::max);
        (wide + 10.0).max(label.text.lines().count() as f64 * STEP + 8.0)
    });
    needed.fold(LEAST, f64::max).ceil()
}

/// A panel of cells.
struct Grid<'a> {
    panel: &'a Panel,
    style: &'a Style<'a>,
    side: f64,
}

/// Where the cells of a panel begin.
struct Corner {
    left: f64,
    top: f64,
}

impl Grid<'_> {
    fn paint(&self) -> Block {
        let (x, y) = (&self.panel.x, &self.panel.y);
        let (across, down) = ((x.to - x.from) * self.side, (y.to - y.from) * self.side);
        let left = y.ticks.iter().map(|tick| width(&tick.label, TICK)).fold(0.0, f64::max) + 8.0;
        let muted = self.style.colours.muted;
        let whole = (left + across).max(TITLE);
        let mut block = Block { width: whole, ..Block::default() };
        let title = wrapped(&self.panel.title, SMALL, whole);
        for (number, words) in title.iter().enumerate() {
            let y = 11.0 + number as f64 * 17.0;
            block.write(
                &Line { x: 0.0, y, size: SMALL, anchor: Anchor::Start, colour: self.style.colours.ink },
                &[],
                words,
            );
        }
        let corner = Corner { left, top: title.len() as f64 * 17.0 + 22.0 };
        for tick in &x.ticks {
            let place = Line {
                x: self.at(&corner, tick.at, 0.0)[0],
                y: corner.top - 6.0,
                size: TICK,
                anchor: Anchor::Middle,
                colour: muted,
            };
            block.write(&place, &[], &tick.label);
        }
        for tick in &y.ticks {
            let place = Line {
                x: left - 6.0,
                y: self.at(&corner, 0.0, tick.at)[1] + 4.0,
                size: TICK,
                anchor: Anchor::End,
                colour: muted,
            };
            block.write(&place, &[], &tick.label);
        }
        block.xml.open("g", &[("id", (&self.style.id(&format!("panel-{}", self.panel.id))).into())]);
        let ([left, upper], [right, lower]) = (self.at(&corner, x.from, y.from), self.at(&corner, x.to, y.to));
        block.axes.push(Axes { panel: self.panel.id.clone(), x: [left, right], y: [upper, lower] });
        for mark in &self.panel.marks {
            self.mark(&mut block, mark, &corner);
        }
        block.xml.close("g");
        let arrow = if y.downwards { "↓" } else { "↑" };
        let names = format!("{} {arrow}  {} →", y.label, x.label);
        let place = Line { x: left, y: corner.top + down + 15.0, size: TICK, anchor: Anchor::Start, colour: muted };
        block.write(&place, &[], &names);
        block.width = block.width.max(left + width(&names, TICK));
        block.height = corner.top + down + 22.0;
        block
    }

    /// A place of the data in pixels.
    fn at(&self, corner: &Corner, x: f64, y: f64) -> [f64; 2] {
        let axis = &self.panel.y;
        let down = if axis.downwards { y - axis.from } else { axis.to - y };
        [corner.left + (x - self.panel.x.from) * self.side, corner.top + down * self.side]
    }

    fn mark(&self, block: &mut Block, mark: &Mark, corner: &Corner) {
        marks::open(&mut block.xml, mark, self.style);
        let colour = self.style.colours.role(mark.role);
        match &mark.shape {
            Shape::Square { x, y } => {
                let rect = Rect::about(self.at(corner, *x, *y), [self.side - 2.0; 2]);
                self.cell(&mut block.xml, mark, rect);
                self.words(block, mark, rect);
            }
            Shape::Frame { from, to } => {
                let rect = Rect::between(self.at(corner, from[0], from[1]), self.at(corner, to[0], to[1]));
                let pen = [("fill", "none".into()), ("stroke", colour.into()), ("stroke-width", 3.0.into())];
                block.xml.empty("rect", &[&place(rect)[..], &pen[..]].concat());
            }
            _ => {}
        }
        block.xml.close("g");
    }

    /// Tinted by its number; what a boundary supplied is an outline of dashes; the place shown has a thick rim.
    fn cell(&self, out: &mut Xml, mark: &Mark, rect: Rect) {
        let colours = self.style.colours;
        let value = mark.value.filter(|value| value.is_finite()).unwrap_or(0.0);
        let largest = self.panel.marks.iter().filter_map(|mark| mark.value).filter(|value| value.is_finite());
        let largest = largest.fold(0.0f64, |most, value| most.max(value.abs()));
        let share = if largest > 0.0 { value.abs() / largest } else { 0.0 };
        let sign = if value < 0.0 { Role::Negative } else { Role::Positive };
        if mark.role != Role::Virtual && share > 0.0 {
            let (tint, opacity) = (colours.role(sign), MOST_TINT * share);
            out.empty("rect", &[&place(rect)[..], &[("fill", tint.into()), ("fill-opacity", opacity.into())]].concat());
            if value < 0.0 {
                let hatching = hatch::filling(Role::Negative, self.style);
                out.empty(
                    "rect",
                    &[&place(rect)[..], &[("fill", (&hatching).into()), ("fill-opacity", 0.5.into())]].concat(),
                );
            }
        }
        let (stroke, thick) = match mark.role {
            Role::Marker => (colours.ink, 3.0),
            Role::Virtual => (colours.role(Role::Virtual), 1.2),
            _ => (colours.muted, 0.8),
        };
        let mut pen: Vec<(&str, Value<'_>)> =
            vec![("fill", "none".into()), ("stroke", stroke.into()), ("stroke-width", thick.into())];
        if mark.role == Role::Virtual {
            pen.push(("stroke-dasharray", "3 3".into()));
        }
        out.empty("rect", &[&place(rect)[..], &pen[..]].concat());
    }

    /// The lines of a cell's label about its middle; the second line tells where a number comes from.
    fn words(&self, block: &mut Block, mark: &Mark, rect: Rect) {
        let Some(label) = &mark.label else { return };
        let lines: Vec<&str> = label.text.lines().collect();
        let first = rect.y + rect.height / 2.0 - (lines.len() as f64 - 1.0) * STEP / 2.0 + 4.5;
        for (number, words) in lines.iter().enumerate() {
            let (size, colour) =
                if number == 0 { (LABEL, self.style.colours.ink) } else { (TICK - 1.0, self.style.colours.muted) };
            let line = Line {
                x: rect.x + rect.width / 2.0,
                y: first + number as f64 * STEP,
                size,
                anchor: Anchor::Middle,
                colour,
            };
            let rim: [(&str, Value<'_>); 4] = [
                ("stroke", self.style.colours.paper.into()),
                ("stroke-width", 3.0.into()),
                ("stroke-linejoin", "round".into()),
                ("paint-order", "stroke".into()),
            ];
            let rim = if mark.value.is_some_and(|value| value < 0.0) { &rim[..] } else { &[] };
            block.write(&line, rim, words);
        }
    }
}

fn place<'a>(rect: Rect) -> [(&'a str, Value<'a>); 4] {
    [("x", rect.x.into()), ("y", rect.y.into()), ("width", rect.width.into()), ("height", rect.height.into())]
}

/// What the tints say.
fn legend(block: &mut Block, style: &Style<'_>) {
    let y = block.height + 4.0;
    let mut x = 0.0;
    for (role, words) in [
        (Role::Positive, "above zero"),
        (Role::Negative, "below zero: hatched"),
        (Role::Virtual, "beyond the edges: dashes"),
    ] {
        let swatch = Rect { x: x + 1.0, y, width: 18.0, height: 12.0 };
        let colour = style.colours.role(role);
        let mut pen: Vec<(&str, Value<'_>)> = vec![("stroke", colour.into())];
        let hatching = hatch::filling(role, style);
        match role {
            Role::Positive => pen.extend([("fill", colour.into()), ("fill-opacity", MOST_TINT.into())]),
            Role::Negative => pen.push(("fill", (&hatching).into())),
            _ => pen.extend([("fill", "none".into()), ("stroke-dasharray", "3 3".into())]),
        }
        block.xml.empty("rect", &[&place(swatch)[..], &pen[..]].concat());
        let line = Line { x: x + 26.0, y: y + 10.0, size: TICK, anchor: Anchor::Start, colour: style.colours.muted };
        block.write(&line, &[], words);
        x += 26.0 + width(words, TICK) + 22.0;
    }
    block.width = block.width.max(x - 22.0);
    block.height += 22.0;
}
