//! Grids of cells beside one another, all cells of one size; where there is no room, below one another.

use super::{
    LABEL, MARGIN,
    canvas::{Anchor, Canvas, Words},
    marks::{self, Scale},
    measure::{width, wrapped},
};
use crate::{Figure, Panel, Place, Role, Shape};

const TITLE: f64 = 13.0;
/// Texts of cells, as they are and at the least.
const SIZE: f64 = 12.0;
const LEAST: f64 = 7.0;
/// Sides of cells.
const SMALL: f64 = 22.0;
const LARGE: f64 = 58.0;
/// Between grids.
const GAP: f64 = 24.0;

/// Paints the grids from `top` on; gives where they end.
pub(super) fn paint(canvas: &mut Canvas<'_>, figure: &Figure, top: f64) -> f64 {
    let room = canvas.look.width - 2.0 * MARGIN;
    let labels = figure.panels.iter().flat_map(|panel| &panel.marks).filter_map(|mark| mark.label.as_ref());
    let inside = labels.filter(|label| label.place == Place::Inside).flat_map(|label| label.text.lines());
    let widest = inside.map(|line| width(line, SIZE)).fold(0.0, f64::max);
    let tallest = figure.panels.iter().flat_map(|panel| &panel.marks).filter_map(|mark| mark.label.as_ref());
    let tallest = tallest.map(|label| label.text.lines().count()).max().unwrap_or(1) as f64 * 1.15 * SIZE;
    let columns = figure.panels.iter().map(|panel| panel.x.to - panel.x.from).fold(1.0, f64::max);
    let margin = figure.panels.iter().map(margin).fold(0.0, f64::max);
    let wanted = (widest + 8.0).max(tallest + 6.0).clamp(SMALL, LARGE);
    let side = wanted.min((room - margin) / columns);
    let size = (SIZE * ((side - 4.0) / widest.max(1.0)).min(1.0)).max(LEAST);

    canvas.open(&format!(" id=\"{}\"", canvas.id(&figure.id)));
    let (mut left, mut y, mut bottom) = (MARGIN, top, top);
    for panel in &figure.panels {
        let needed = self::needed(panel, side);
        if left > MARGIN && left + needed > MARGIN + room {
            (left, y) = (MARGIN, bottom + GAP);
        }
        bottom = bottom.max(grid(canvas, panel, (left, y), side, size));
        left += needed + GAP;
    }
    canvas.close();
    bottom
}

/// What a panel takes from left to right.
fn needed(panel: &Panel, side: f64) -> f64 {
    let cells = margin(panel) + (panel.x.to - panel.x.from) * side;
    cells.max(width(&panel.title, TITLE).min(220.0))
}

/// Room for the numbers of rows.
fn margin(panel: &Panel) -> f64 {
    let widest = panel.y.ticks.iter().map(|tick| width(&tick.label, LABEL)).fold(0.0, f64::max);
    if widest > 0.0 { widest + 8.0 } else { 0.0 }
}

/// Paints one grid; gives where it ends.
fn grid(canvas: &mut Canvas<'_>, panel: &Panel, (left, top): (f64, f64), side: f64, size: f64) -> f64 {
    let (ink, quiet) = (canvas.palette.ink, canvas.palette.quiet);
    canvas.open(&format!(" id=\"{}\"", canvas.id(&panel.id)));
    let mut y = top;
    let room = needed(panel, side) + 1.0;
    for line in wrapped(&panel.title, TITLE, room) {
        canvas.text(Words { text: &line, size: TITLE, colour: ink, anchor: Anchor::Start }, left, y + TITLE);
        y += 1.3 * TITLE;
    }
    let names = [&panel.x.label, &panel.y.label].into_iter().filter(|name| !name.is_empty());
    let names = names.cloned().collect::<Vec<_>>().join(" · ");
    for line in wrapped(&names, LABEL, room).iter().filter(|line| !line.is_empty()) {
        canvas.text(Words { text: line, size: LABEL, colour: quiet, anchor: Anchor::Start }, left, y + LABEL);
        y += 1.3 * LABEL;
    }
    let has_columns = panel.x.ticks.iter().any(|tick| !tick.label.is_empty());
    let start = y + if has_columns { LABEL + 8.0 } else { 6.0 };
    let x = left + margin(panel);
    let (columns, rows) = (panel.x.to - panel.x.from, panel.y.to - panel.y.from);
    let scale = Scale::new(panel, (x, x + columns * side), (start, start + rows * side));
    let mut last = f64::NEG_INFINITY;
    for tick in &panel.x.ticks {
        let words = Words { text: &tick.label, size: LABEL, colour: quiet, anchor: Anchor::Middle };
        let rect = words.rect(scale.x(tick.at), start - 5.0);
        if rect.left > last + 3.0 {
            canvas.text(words, scale.x(tick.at), start - 5.0);
            last = rect.right;
        }
    }
    for tick in &panel.y.ticks {
        let words = Words { text: &tick.label, size: LABEL, colour: quiet, anchor: Anchor::End };
        canvas.text(words, x - 6.0, scale.y(tick.at) + 0.35 * LABEL);
    }
    panel.marks.iter().for_each(|mark| marks::paint(canvas, mark, &scale, scale.plot.bottom + 4.0));
    write(canvas, panel, &scale, size);
    canvas.close();
    scale.plot.bottom + 4.0
}

/// Writes what stands in the cells, where it has room there.
fn write(canvas: &mut Canvas<'_>, panel: &Panel, scale: &Scale, size: f64) {
    let side = scale.x(1.0) - scale.x(0.0);
    for (mark, label) in panel.marks.iter().filter_map(|mark| Some((mark, mark.label.as_ref()?))) {
        let Shape::Square { x, y } = mark.shape else { continue };
        let lines: Vec<&str> = label.text.lines().collect();
        let leading = 1.15 * size;
        let tall = lines.len() as f64 * leading;
        if tall > side || lines.iter().any(|line| width(line, size) > side) {
            continue;
        }
        let colour = match mark.role {
            Role::Marker => canvas.palette.marker,
            Role::Ghost | Role::Cropped | Role::Virtual => canvas.palette.quiet,
            _ => canvas.palette.ink,
        };
        let first = scale.y(y) - tall / 2.0 + 0.9 * size;
        for (at, text) in lines.into_iter().enumerate() {
            let words = Words { text, size, colour, anchor: Anchor::Middle };
            canvas.text(words, scale.x(x), first + at as f64 * leading);
        }
    }
}
