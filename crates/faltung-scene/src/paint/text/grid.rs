//! Grids of cells in characters: each panel with the numbers in its squares, side by side where there is room.
//!
//! What lies in a frame, or is the place shown, stands in square brackets; what a boundary supplied in round ones.

use super::{TextStyle, padded, width};
use crate::{Align, Panel, Role, Shape};

/// Blanks between two panels.
const GAP: usize = 4;

/// The panels beside one another, in as many rows as their widths need.
pub(super) fn grids(panels: &[Panel], style: &TextStyle) -> String {
    let blocks: Vec<Vec<String>> = panels.iter().map(|panel| grid(panel, style)).collect();
    let wide = |block: &Vec<String>| block.iter().map(|line| width(line)).max().unwrap_or(0);
    let mut out = Vec::new();
    let mut at = 0;
    while at < blocks.len() {
        let mut count = 1;
        let mut used = wide(&blocks[at]);
        while at + count < blocks.len() && used + GAP + wide(&blocks[at + count]) <= style.width {
            used += GAP + wide(&blocks[at + count]);
            count += 1;
        }
        out.push(beside(&blocks[at..at + count]));
        at += count;
    }
    out.join("\n")
}

/// Blocks of lines beside one another.
fn beside(blocks: &[Vec<String>]) -> String {
    let lines = blocks.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> =
        blocks.iter().map(|block| block.iter().map(|line| width(line)).max().unwrap_or(0)).collect();
    let mut out = String::new();
    for line in 0..lines {
        let parts = blocks
            .iter()
            .zip(&widths)
            .map(|(block, &wide)| padded(block.get(line).map_or("", String::as_str), wide, Align::Left));
        out.push_str(parts.collect::<Vec<_>>().join(&" ".repeat(GAP)).trim_end());
        out.push('\n');
    }
    out
}

/// A panel as lines: its title, and its rows of cells.
fn grid(panel: &Panel, style: &TextStyle) -> Vec<String> {
    let framed = |x: f64, y: f64| {
        panel.marks.iter().any(|mark| match mark.shape {
            Shape::Frame { from, to } => {
                let within =
                    |value: f64, axis: usize| value > from[axis].min(to[axis]) && value < from[axis].max(to[axis]);
                within(x, 0) && within(y, 1)
            }
            _ => false,
        })
    };
    let cells: Vec<(f64, f64, String)> = panel
        .marks
        .iter()
        .filter_map(|mark| {
            let Shape::Square { x, y } = mark.shape else { return None };
            let text = mark.label.as_ref().map_or(String::new(), |label| style.say(&label.text.replace('\n', " ")));
            let text = match mark.role {
                _ if text.is_empty() => text,
                Role::Marker => format!("[{text}]"),
                Role::Virtual if framed(x, y) => format!("[({text})]"),
                Role::Virtual => format!("({text})"),
                _ if framed(x, y) => format!("[{text}]"),
                _ => format!(" {text} "),
            };
            Some((x, y, text))
        })
        .collect();
    let wide = cells.iter().map(|(.., text)| width(text)).max().unwrap_or(0);
    let mut lines = vec![style.say(&panel.title)];
    let mut rows: Vec<f64> = cells.iter().map(|(_, y, _)| *y).collect();
    rows.sort_by(f64::total_cmp);
    rows.dedup();
    if !panel.y.downwards {
        rows.reverse();
    }
    let mut columns: Vec<f64> = cells.iter().map(|(x, ..)| *x).collect();
    columns.sort_by(f64::total_cmp);
    columns.dedup();
    for row in rows {
        let texts = columns.iter().map(|column| {
            let found = cells.iter().find(|(x, y, _)| x == column && *y == row);
            padded(found.map_or("", |(.., text)| text), wide, Align::Right)
        });
        lines.push(texts.collect::<Vec<_>>().join(" "));
    }
    lines
}
