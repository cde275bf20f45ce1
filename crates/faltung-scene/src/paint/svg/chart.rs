//! Panels below one another: one unit of length along `x`, so that a vertical line reads through all.
//!
//! A figure is painted in this order: axes, then the vertical line of each handle through all panels, links, the axes' names over
//! them, marks, and labels last, which look for a place that is free.

use super::{
    LABEL, Rect, Style,
    block::{Anchor, Block, Line, rim},
    letters::width,
    marks::{self, BRACKET, anchor, covered, radius},
    plot::{Plot, Scale},
    room::Room,
    xml::{self, Value},
};
use crate::{Figure, Label, Mark, Place, Shape};

/// From a line of a label to the next.
const STEP: f64 = 14.0;

pub(super) fn column(figure: &Figure, style: &Style<'_>, width: f64) -> Block {
    let scale = Scale::of(&figure.panels, width);
    let mut top = 0.0;
    let mut plots = Vec::new();
    for (number, panel) in figure.panels.iter().enumerate() {
        let plot = Plot::new(panel, figure.panels.get(number + 1), &scale, top);
        top = plot.bottom();
        plots.push(plot);
    }
    let mut chart = Chart { block: Block { width, height: top, ..Block::default() }, room: Room::default(), style };
    chart.block.axes = plots.iter().map(Plot::standing).collect();
    for plot in &plots {
        plot.axes(&mut chart.block, &mut chart.room, style);
    }
    chart.guides(&plots);
    for link in &figure.links {
        chart.link(&plots, &link.from, &link.to);
    }
    for plot in &plots {
        plot.name(&mut chart.block, &mut chart.room, style);
    }
    for plot in &plots {
        chart.marks(plot);
    }
    // Those that must not be left out have the first choice.
    for optional in [false, true] {
        for plot in &plots {
            chart.labels(plot, optional);
        }
    }
    chart.block
}

struct Chart<'a> {
    block: Block,
    room: Room,
    style: &'a Style<'a>,
}

impl Chart<'_> {
    /// A thin line through all panels where a handle stands.
    fn guides(&mut self, plots: &[Plot<'_>]) {
        let marks = plots.iter().flat_map(|plot| &plot.panel.marks);
        let handles: Vec<f64> =
            marks.filter_map(|mark| if let Shape::Handle { x } = mark.shape { Some(x) } else { None }).collect();
        for at in handles {
            for plot in plots {
                let x = plot.x(at).into();
                let ends = [("x1", x), ("y1", plot.upper().into()), ("x2", x), ("y2", plot.lower().into())];
                let pen: [(&str, Value<'_>); 2] =
                    [("stroke", self.style.colours.muted.into()), ("stroke-dasharray", "1 4".into())];
                self.block.xml.empty("line", &[&ends[..], &pen[..]].concat());
            }
        }
    }

    /// From a mark down to the space between the panels, along it, and down to the other mark.
    fn link(&mut self, plots: &[Plot<'_>], from: &str, to: &str) {
        let found =
            |id: &str| plots.iter().find_map(|plot| Some((plot, plot.panel.marks.iter().find(|mark| mark.id == id)?)));
        let (Some((plot, start)), Some((below, end))) = (found(from), found(to)) else { return };
        let ([ax, ay], [bx, by]) = (anchor(start, plot), anchor(end, below));
        let between = below.top;
        let stop = by - radius(below) - 3.0;
        let path = [[ax, ay], [ax, between], [bx, between], [bx, stop]];
        let points: Vec<String> =
            path.iter().map(|[x, y]| format!("{} {}", xml::number(*x), xml::number(*y))).collect();
        let drawn = format!("M{}", points.join("L"));
        let line = [
            ("d", (&drawn).into()),
            ("fill", "none".into()),
            ("stroke", self.style.colours.ink.into()),
            ("stroke-width", 1.2.into()),
        ];
        self.block.xml.empty("path", &line);
        self.room.marks.extend(path.windows(2).map(|ends| Rect::between(ends[0], ends[1])));
    }

    fn marks(&mut self, plot: &Plot<'_>) {
        self.block.xml.open("g", &[("id", (&self.style.id(&format!("panel-{}", plot.panel.id))).into())]);
        for mark in &plot.panel.marks {
            marks::mark(&mut self.block.xml, mark, plot, self.style);
            self.room.marks.extend(covered(mark, plot));
        }
        self.block.xml.close("g");
    }

    fn labels(&mut self, plot: &Plot<'_>, optional: bool) {
        for mark in &plot.panel.marks {
            let Some(label) = mark.label.as_ref().filter(|label| label.optional == optional) else { continue };
            let lines: Vec<&str> = label.text.lines().collect();
            let widest = lines.iter().map(|line| width(line, LABEL)).fold(0.0, f64::max);
            let size = [widest, lines.len() as f64 * STEP];
            let found = match label.place {
                Place::Axis => self.below(mark, label, plot, size),
                Place::Inside => self.inside(mark, label, plot, size),
                Place::End | Place::Right => {
                    let wanted = beside(mark, label.place, plot, size);
                    self.room.place(&wanted, &plot.room(), label.optional)
                }
            };
            if let Some(rect) = found {
                self.write(mark, &lines, rect);
            }
        }
    }

    /// In a line under the ticks, beside its bracket or its handle.
    fn below(&mut self, mark: &Mark, label: &Label, plot: &Plot<'_>, size: [f64; 2]) -> Option<Rect> {
        let top = plot.line(plot.line_of(mark));
        let (first, last) = match mark.shape {
            Shape::Bracket { from, to, .. } => (plot.x(from), plot.x(to)),
            Shape::Handle { x } => (plot.x(x) - 6.0, plot.x(x) + 6.0),
            _ => {
                let x = anchor(mark, plot)[0];
                (x - size[0] / 2.0, x - size[0] / 2.0 - 6.0) // about the place itself
            }
        };
        let y = top + BRACKET - size[1] / 2.0;
        let at = |x: f64| Rect { x, y, width: size[0], height: size[1] };
        let bounds = Rect { x: 0.0, y, width: self.block.width, height: size[1] };
        self.room.place(&[at(last + 6.0), at(first - 6.0 - size[0])], &bounds, label.optional)
    }

    /// In the middle of its mark, if that is large enough.
    fn inside(&mut self, mark: &Mark, label: &Label, plot: &Plot<'_>, size: [f64; 2]) -> Option<Rect> {
        let cover = covered(mark, plot).into_iter().next();
        let cover = cover.unwrap_or_else(|| Rect::about(anchor(mark, plot), size));
        let rect = Rect::about([cover.x + cover.width / 2.0, cover.y + cover.height / 2.0], size);
        if label.optional && (rect.width > cover.width || rect.height > cover.height) {
            return None;
        }
        let marks = std::mem::take(&mut self.room.marks);
        let found = self.room.place(&[rect], &plot.room(), label.optional);
        self.room.marks = marks;
        found
    }

    /// Writes the lines of a label.
    fn write(&mut self, mark: &Mark, lines: &[&str], rect: Rect) {
        let colours = self.style.colours;
        for (number, words) in lines.iter().enumerate() {
            let (x, y) = (rect.x + rect.width / 2.0, rect.y + number as f64 * STEP + 11.0);
            let line = Line { x, y, size: LABEL, anchor: Anchor::Middle, colour: colours.ink };
            let mut more = rim(colours.paper).to_vec();
            more.push(("data-mark", (&mark.id).into()));
            more.extend(mark.term.as_ref().map(|term| ("data-term", term.into())));
            self.block.write(&line, &more, words);
        }
    }
}

/// Places beside the end of a mark, the best first.
fn beside(mark: &Mark, place: Place, plot: &Plot<'_>, size: [f64; 2]) -> Vec<Rect> {
    let [x, y] = anchor(mark, plot);
    let r = match mark.shape {
        Shape::Bar { .. } => 0.0,
        Shape::Dot { .. } => radius(plot) + 5.0,
        _ => radius(plot),
    };
    let half = match mark.shape {
        Shape::Bar { width, .. } => width / 2.0 * plot.scale.unit,
        _ => r,
    };
    let up = Rect::about([x, y - r - 2.0 - size[1] / 2.0], size);
    let down = Rect::about([x, y + r + 2.0 + size[1] / 2.0], size);
    let right = Rect::about([x + half + 4.0 + size[0] / 2.0, y], size);
    let left = Rect::about([x - half - 4.0 - size[0] / 2.0, y], size);
    let is_below = y > plot.y(0.0);
    match (place, is_below) {
        (Place::Right, _) => vec![right, left, up, down],
        (_, false) => vec![up, right, left],
        (_, true) => vec![down, right, left],
    }
}
