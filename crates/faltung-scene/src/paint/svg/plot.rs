//! Where a panel stands, from coordinates of the data to pixels; its axes with their ticks.

use super::{
    Axes, LABEL, Rect, SMALL, Style, TICK,
    block::{Anchor, Block, Line, rim},
    letters::{width, wrapped},
    room::Room,
};
use crate::{Axis, Mark, Panel, Place, Shape, Tick};

/// Room above the highest mark, for two lines of a label.
const ABOVE: f64 = 30.0;
/// Room below marks that reach under zero.
const UNDER: f64 = 18.0;
/// Height of tick labels, of a line of brackets or handles, and of the axis's name.
const TICKS: f64 = 22.0;
const LINE: f64 = 20.0;
const NAME: f64 = 18.0;
/// Blank below a panel.
const AFTER: f64 = 10.0;

/// What all panels of a column share.
pub(super) struct Scale {
    /// Room at the left for titles.
    pub(super) gutter: f64,
    /// Where plots begin and end.
    pub(super) left: f64,
    pub(super) right: f64,
    /// The coordinate that stands at `left`, and pixels for a unit.
    pub(super) from: f64,
    pub(super) unit: f64,
    /// The height of a plot.
    pub(super) height: f64,
}

impl Scale {
    pub(super) fn of(panels: &[Panel], whole: f64) -> Scale {
        let gutter = (whole * 0.19).clamp(64.0, 132.0);
        let labels = panels.iter().flat_map(|panel| &panel.y.ticks).map(|tick| width(&tick.label, TICK));
        let left = gutter + labels.fold(0.0, f64::max) + 10.0;
        let right = whole - 4.0;
        let ends = panels.iter().map(|panel| (panel.x.from, panel.x.to));
        let (from, to) = ends.fold((f64::MAX, f64::MIN), |(from, to), x| (from.min(x.0), to.max(x.1)));
        let height = match panels.len() {
            0 | 1 => 220.0,
            2 => 150.0,
            3 | 4 => 92.0,
            _ => 68.0,
        };
        Scale { gutter, left, right, from, unit: (right - left).max(1.0) / (to - from).max(f64::MIN_POSITIVE), height }
    }
}

/// A panel with its place.
pub(super) struct Plot<'a> {
    pub(super) panel: &'a Panel,
    pub(super) scale: &'a Scale,
    /// Upper edge of all that belongs to it.
    pub(super) top: f64,
    /// Whether the name of the horizontal axis is written: only once where the next panel has the same.
    named: bool,
}

impl<'a> Plot<'a> {
    pub(super) fn new(panel: &'a Panel, next: Option<&Panel>, scale: &'a Scale, top: f64) -> Plot<'a> {
        Plot { panel, scale, top, named: next.is_none_or(|next| next.x.label != panel.x.label) }
    }

    /// Upper and lower edge of what is plotted.
    pub(super) fn upper(&self) -> f64 {
        self.top + ABOVE
    }

    pub(super) fn lower(&self) -> f64 {
        self.upper() + self.scale.height.max(self.title().len() as f64 * 16.0 - ABOVE)
    }

    /// Where the marks of the axis begin: below the plot, and below labels of what reaches under zero.
    fn axis(&self) -> f64 {
        self.lower() + if self.panel.y.from < 0.0 { UNDER } else { 0.0 }
    }

    /// The upper edge of a line of handles and brackets under the ticks.
    pub(super) fn line(&self, number: usize) -> f64 {
        self.axis() + TICKS + number as f64 * LINE
    }

    /// The line of a bracket or a handle: handles stand above brackets.
    pub(super) fn line_of(&self, mark: &Mark) -> usize {
        let handles = usize::from(self.panel.marks.iter().any(stands_below));
        match mark.shape {
            Shape::Bracket { line, .. } => line + handles,
            _ => 0,
        }
    }

    fn lines(&self) -> usize {
        let used =
            self.panel.marks.iter().filter(|mark| stands_below(mark) || matches!(mark.shape, Shape::Bracket { .. }));
        used.map(|mark| self.line_of(mark) + 1).max().unwrap_or(0)
    }

    /// Lower edge of all that belongs to the panel.
    pub(super) fn bottom(&self) -> f64 {
        self.line(self.lines()) + if self.named { NAME } else { 0.0 } + AFTER
    }

    /// The room for labels of marks.
    pub(super) fn room(&self) -> Rect {
        let (left, right) = (self.scale.left - 6.0, self.scale.right + 4.0);
        Rect { x: left, y: self.top, width: right - left, height: self.axis() - self.top }
    }

    /// Where the axes stand.
    pub(super) fn standing(&self) -> Axes {
        let (x, y) = (&self.panel.x, &self.panel.y);
        let panel = self.panel.id.clone();
        Axes { panel, x: [self.x(x.from), self.x(x.to)], y: [self.y(y.from), self.y(y.to)] }
    }

    pub(super) fn x(&self, at: f64) -> f64 {
        let (from, to) = (self.panel.x.from, self.panel.x.to);
        self.scale.left + (at.clamp(from, to) - self.scale.from) * self.scale.unit
    }

    /// Values beyond the axis stand at its end.
    pub(super) fn y(&self, at: f64) -> f64 {
        let Axis { from, to, downwards, .. } = self.panel.y;
        let share = (at.clamp(from, to) - from) / (to - from);
        let share = if downwards { 1.0 - share } else { share };
        self.lower() - share * (self.lower() - self.upper())
    }

    /// The panel's title and the name of its vertical axis, in lines: words, size, and whether they are muted.
    fn title(&self) -> Vec<(String, f64, bool)> {
        let most = self.scale.gutter - 10.0;
        let lines = |words: &str, size: f64, muted: bool| {
            wrapped(words, size, most)
                .into_iter()
                .filter(|words| !words.is_empty())
                .map(move |words| (words, size, muted))
        };
        let title = lines(&self.panel.title, SMALL, false);
        title.chain(lines(&self.panel.y.label, TICK, true)).collect()
    }

    /// Title, grid, zero line and ticks. All words are entered as taken.
    pub(super) fn axes(&self, block: &mut Block, room: &mut Room, style: &Style<'_>) {
        let (ink, muted, grid) = (style.colours.ink, style.colours.muted, style.colours.grid);
        let before = block.words.len();
        for (number, (words, size, faint)) in self.title().into_iter().enumerate() {
            let y = self.top + 12.0 + number as f64 * 16.0;
            let colour = if faint { muted } else { ink };
            block.write(&Line { x: 0.0, y, size, anchor: Anchor::Start, colour }, &[], &words);
        }
        let (left, right) = (self.x(self.panel.x.from), self.x(self.panel.x.to));
        let across = |block: &mut Block, y: f64, colour: &str| {
            let ends = [("x1", left.into()), ("y1", y.into()), ("x2", right.into()), ("y2", y.into())];
            block.xml.empty("line", &[&ends[..], &[("stroke", colour.into())]].concat());
        };
        let heights: Vec<f64> = self.panel.y.ticks.iter().map(|tick| self.y(tick.at)).collect();
        for at in thinned(&heights, |_| TICK + 3.0, &self.panel.y.ticks) {
            across(block, heights[at], grid);
            let line =
                Line { x: self.scale.left - 8.0, y: heights[at] + 4.0, size: TICK, anchor: Anchor::End, colour: muted };
            block.write(&line, &[], &self.panel.y.ticks[at].label);
        }
        if (self.panel.y.from..=self.panel.y.to).contains(&0.0) {
            across(block, self.y(0.0), muted);
        }
        self.ticks(block, style);
        room.words.extend(block.words[before..].iter().map(|(rect, _)| *rect));
    }

    /// The name of the horizontal axis, which a link may pass behind.
    pub(super) fn name(&self, block: &mut Block, room: &mut Room, style: &Style<'_>) {
        if !self.named {
            return;
        }
        let before = block.words.len();
        let (x, y) = (self.x(self.panel.x.to), self.line(self.lines()) + 12.0);
        let line = Line { x, y, size: LABEL, anchor: Anchor::End, colour: style.colours.muted };
        block.write(&line, &rim(style.colours.paper), &self.panel.x.label);
        room.words.extend(block.words[before..].iter().map(|(rect, _)| *rect));
    }

    /// Labels of the horizontal axis, as many as do not touch, and a tick for each.
    fn ticks(&self, block: &mut Block, style: &Style<'_>) {
        let muted = style.colours.muted;
        let ticks = &self.panel.x.ticks;
        let places: Vec<f64> = ticks.iter().map(|tick| self.x(tick.at)).collect();
        for at in thinned(&places, |at| width(&ticks[at].label, TICK) + 6.0, ticks) {
            let (x, y) = (places[at], self.axis());
            let ends = [("x1", x.into()), ("y1", y.into()), ("x2", x.into()), ("y2", (y + 4.0).into())];
            block.xml.empty("line", &[&ends[..], &[("stroke", muted.into())]].concat());
            block.write(
                &Line { x, y: y + 15.0, size: TICK, anchor: Anchor::Middle, colour: muted },
                &[],
                &ticks[at].label,
            );
        }
    }
}

/// Whether a mark, or its label, stands in the line of handles.
fn stands_below(mark: &Mark) -> bool {
    let labelled = mark.label.as_ref().is_some_and(|label| label.place == Place::Axis);
    matches!(mark.shape, Shape::Handle { .. }) || (labelled && !matches!(mark.shape, Shape::Bracket { .. }))
}

/// The ticks that are labelled: all, or every second, fifth, tenth .. of those at whole numbers, until no two labels touch.
fn thinned(places: &[f64], size: impl Fn(usize) -> f64, ticks: &[Tick]) -> Vec<usize> {
    let whole = ticks.iter().all(|tick| tick.at == tick.at.round());
    let steps = (0..12).flat_map(|power| [1, 2, 5].map(|times| times * 10i64.pow(power)));
    for step in steps {
        let kept = |at: &usize| match whole {
            true => ticks[*at].at.abs() % step as f64 == 0.0,
            false => (*at as i64) % step == 0,
        };
        let chosen: Vec<usize> = (0..ticks.len()).filter(kept).collect();
        let apart = |pair: &[usize]| (places[pair[1]] - places[pair[0]]).abs() >= (size(pair[0]) + size(pair[1])) / 2.0;
        if chosen.windows(2).all(apart) {
            return chosen;
        }
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_left_out_evenly() {
        let ticks: Vec<Tick> = (-1..=10).map(|at| Tick { at: at as f64, label: at.to_string() }).collect();
        let places: Vec<f64> = ticks.iter().map(|tick| tick.at * 8.0).collect();
        let labelled =
            |size: f64| -> Vec<f64> { thinned(&places, |_| size, &ticks).into_iter().map(|at| ticks[at].at).collect() };
        assert_eq!(labelled(8.0).len(), 12);
        assert_eq!(labelled(9.0), [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]);
        assert_eq!(labelled(20.0), [0.0, 5.0, 10.0]);
    }
}
