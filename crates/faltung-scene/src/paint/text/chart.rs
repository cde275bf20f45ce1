//! Panels drawn in characters: stems, bars and curves over a horizontal axis of so many characters to a unit.

use super::{TextStyle, Tone, width};
use crate::{Axis, Mark, Panel, Place, Role, Shape};

/// Lines from the lowest value to the highest, if all have one sign, and if they have both.
const HEIGHTS: [usize; 2] = [6, 10];
/// Most characters to a unit.
const WIDEST: usize = 7;

/// The panel with its title above and its axis below, the labels of values in a margin of so many characters.
pub(super) fn chart(panel: &Panel, margin: usize, style: &TextStyle) -> String {
    let mut chart = Chart::new(panel, margin, style);
    chart.draw();
    chart.shown()
}

struct Chart<'a> {
    panel: &'a Panel,
    style: &'a TextStyle,
    margin: usize,
    /// Characters to a unit of the horizontal axis.
    unit: f64,
    /// Lines for labels above the highest value.
    above: usize,
    /// Lines from the highest value to the lowest.
    height: usize,
    canvas: Vec<Vec<(char, Tone)>>,
}

impl<'a> Chart<'a> {
    fn new(panel: &'a Panel, margin: usize, style: &'a TextStyle) -> Chart<'a> {
        let units = (panel.x.to - panel.x.from).max(1.0);
        let room = style.width.saturating_sub(margin + 2) as f64;
        // Whole characters where units are few, so that neighbours lie equally far apart.
        let unit = if units <= room { (room / units).floor().min(WIDEST as f64) } else { room.max(1.0) / units };
        let lines = |mark: &Mark| {
            mark.label.as_ref().filter(|label| label.place == Place::End).map_or(0, |label| label.text.lines().count())
        };
        let above = panel.marks.iter().map(lines).max().unwrap_or(0);
        let (height, below) = if panel.y.from < 0.0 { (HEIGHTS[1], above) } else { (HEIGHTS[0], 0) };
        let columns = (units * unit).round() as usize + 1;
        Chart {
            panel,
            style,
            margin,
            unit,
            above,
            height,
            canvas: vec![vec![(' ', Tone::Plain); columns]; above + height + below],
        }
    }

    fn column(&self, x: f64) -> isize {
        ((x - self.panel.x.from) * self.unit).round() as isize
    }

    fn line(&self, y: f64) -> isize {
        let axis = &self.panel.y;
        let share = (axis.to - y) / (axis.to - axis.from);
        self.above as isize + (share * (self.height - 1) as f64).round() as isize
    }

    /// The line of a value: never that of zero unless it is zero.
    fn line_of(&self, y: f64) -> isize {
        match (self.line(y), self.line(0.0)) {
            (line, zero) if line == zero && y > 0.0 => zero - 1,
            (line, zero) if line == zero && y < 0.0 => zero + 1,
            (line, _) => line,
        }
    }

    fn put(&mut self, column: isize, line: isize, sign: char, tone: Tone) {
        let (Ok(column), Ok(line)) = (usize::try_from(column), usize::try_from(line)) else { return };
        if let Some(cell) = self.canvas.get_mut(line).and_then(|line| line.get_mut(column)) {
            *cell = (sign, tone);
        }
    }

    fn draw(&mut self) {
        let zero = self.line(0.0);
        let rule = self.style.sign('─', '-');
        (0..self.canvas[0].len()).for_each(|column| self.put(column as isize, zero, rule, Tone::Dim));
        for mark in &self.panel.marks {
            self.shape(mark);
        }
        // Those that may not be left out come first.
        for optional in [false, true] {
            for mark in &self.panel.marks {
                if mark.label.as_ref().is_some_and(|label| label.optional == optional) {
                    self.label(mark);
                }
            }
        }
    }

    fn shape(&mut self, mark: &Mark) {
        let tone = tone(mark.role);
        let (line, dot) = signs(mark.role, self.style);
        match &mark.shape {
            Shape::Stem { x, y } => {
                self.vertical(*x, 0.0, *y, line, tone);
                self.put(self.column(*x), self.line_of(*y), dot, tone);
            }
            Shape::Arrow { x, weight } => {
                self.vertical(*x, 0.0, *weight, line, tone);
                let head = if *weight < 0.0 { self.style.sign('▼', 'v') } else { self.style.sign('▲', '^') };
                self.put(self.column(*x), self.line_of(*weight), head, tone);
            }
            Shape::Bar { x, width, base, y } => {
                let fill = match mark.role {
                    Role::Negative => self.style.sign('▒', '%'),
                    Role::Ghost | Role::Cropped => self.style.sign('░', ':'),
                    _ => self.style.sign('█', '#'),
                };
                let half = ((width * self.unit).floor() as isize - 1).max(0) / 2;
                let middle = self.column(*x);
                (middle - half..=middle + half).for_each(|column| self.fill(column, *base, *y, fill, tone));
            }
            Shape::Dot { x, y, hollow } => {
                let sign = if *hollow { self.style.sign('○', 'o') } else { dot };
                self.put(self.column(*x), self.line_of(*y), sign, tone);
            }
            Shape::Curve { points } => {
                self.along(points, |chart, column, y| chart.put(column, chart.line(y), dot, tone))
            }
            Shape::Area { points } => {
                let fill = self.style.sign('░', ':');
                self.along(points, |chart, column, y| chart.fill(column, 0.0, y, fill, tone));
            }
            Shape::Rule { x } => {
                let sign = self.style.sign('┆', ':');
                (0..self.canvas.len()).for_each(|line| self.put(self.column(*x), line as isize, sign, tone));
            }
            Shape::Square { .. } | Shape::Frame { .. } | Shape::Handle { .. } | Shape::Bracket { .. } => {}
        }
    }

    /// A line from one height to another, the ends left to others.
    fn vertical(&mut self, x: f64, from: f64, to: f64, sign: char, tone: Tone) {
        let (from, to) = (self.line(from), self.line_of(to));
        (from.min(to) + 1..from.max(to)).for_each(|line| self.put(self.column(x), line, sign, tone));
    }

    /// A column from one height to another, that of zero left as it is.
    fn fill(&mut self, column: isize, from: f64, to: f64, sign: char, tone: Tone) {
        if from == to {
            return;
        }
        let (from, to) = (self.line(from), self.line_of(to));
        let lines = if to < from { to..from } else { from + 1..to + 1 };
        lines.for_each(|line| self.put(column, line, sign, tone));
    }

    /// Each column between the ends of a function, with its value there.
    fn along(&mut self, points: &[[f64; 2]], each: impl Fn(&mut Self, isize, f64)) {
        for pair in points.windows(2) {
            let [[x0, y0], [x1, y1]] = [pair[0], pair[1]];
            let (from, to) = (self.column(x0), self.column(x1));
            for column in from..=to {
                let share = if to == from { 0.0 } else { (column - from) as f64 / (to - from) as f64 };
                each(self, column, y0 + share * (y1 - y0));
            }
        }
    }

    /// The label beyond the end of its mark: all of it, or its first line, or none where it would touch another.
    fn label(&mut self, mark: &Mark) {
        let Some(label) = &mark.label else { return };
        let (x, y) = match mark.shape {
            Shape::Stem { x, y } | Shape::Bar { x, y, .. } | Shape::Dot { x, y, .. } => (x, y),
            Shape::Arrow { x, weight } => (x, weight),
            _ => return,
        };
        let tone = if mark.role == Role::Marker { Tone::Bold } else { tone(mark.role) };
        let text = self.style.say(&label.text);
        let lines: Vec<&str> = text.lines().collect();
        for count in [lines.len(), 1] {
            let end = self.line_of(y);
            let first = if y < 0.0 { end + 1 } else { end - count as isize };
            let placed = lines[..count]
                .iter()
                .zip(first..)
                .map(|(text, line)| (self.column(x) - width(text) as isize / 2, line, *text));
            let placed: Vec<(isize, isize, &str)> = placed.collect();
            let fits = placed.iter().all(|&(column, line, text)| self.is_free(column, line, width(text)));
            if fits || (!label.optional && count == 1) {
                for (column, line, text) in placed {
                    let last = self.canvas[0].len() as isize - width(text) as isize;
                    let column = column.min(last).max(0);
                    text.chars().zip(column..).for_each(|(sign, column)| self.put(column, line, sign, tone));
                }
                return;
            }
        }
    }

    /// Whether a text can stand there, with a blank on both sides.
    fn is_free(&self, column: isize, line: isize, count: usize) -> bool {
        let Some(cells) = usize::try_from(line).ok().and_then(|line| self.canvas.get(line)) else { return false };
        let last = column + count as isize;
        column >= 0
            && last <= cells.len() as isize
            && (column - 1..=last)
                .all(|at| usize::try_from(at).ok().and_then(|at| cells.get(at)).is_none_or(|cell| cell.0 == ' '))
    }

    fn shown(&self) -> String {
        let style = self.style;
        let margin = self.margin;
        let title = format!("{}: {}, over {}", self.panel.title, self.panel.y.label, self.panel.x.label);
        let mut out = super::wrapped(&style.say(&title), style.width);
        for (number, line) in self.canvas.iter().enumerate() {
            let is_for_labels = !(self.above..self.above + self.height).contains(&number);
            if is_for_labels && line.iter().all(|cell| cell.0 == ' ') {
                continue;
            }
            let tick = self.panel.y.ticks.iter().find(|tick| self.line(tick.at) == number as isize);
            let label = tick.map_or(String::new(), |tick| style.say(&tick.label));
            let mut text = format!("{} ", super::padded(&label, margin, crate::Align::Right));
            for run in line.chunk_by(|a, b| a.1 == b.1) {
                let signs: String = run.iter().map(|cell| cell.0).collect();
                text.push_str(&if signs.trim().is_empty() { signs } else { style.paint(run[0].1, &signs) });
            }
            out.push_str(text.trim_end());
            out.push('\n');
        }
        for line in [Some(self.ticks()), self.handles()].into_iter().flatten().chain(self.brackets()) {
            out.push_str(format!("{}{line}", " ".repeat(margin + 1)).trim_end());
            out.push('\n');
        }
        out
    }

    /// Labels of the axis, as many as do not touch.
    fn ticks(&self) -> String {
        let mut line = String::new();
        for tick in &self.panel.x.ticks {
            let label = self.style.say(&tick.label);
            let start = self.column(tick.at) - width(&label) as isize / 2;
            let used = width(&line) as isize;
            if start > used || (used == 0 && start >= 0) {
                line.push_str(&" ".repeat((start - used) as usize));
                line.push_str(&label);
            }
        }
        line
    }

    /// Handles under the axis, with what they say.
    fn handles(&self) -> Option<String> {
        let handle = self.panel.marks.iter().find_map(|mark| match mark.shape {
            Shape::Handle { x } => Some((self.column(x), mark)),
            _ => None,
        });
        let (column, mark) = handle?;
        let label = mark.label.as_ref().map_or("", |label| &label.text);
        let sign = self.style.sign('▲', '^');
        Some(self.beside(column, column, &sign.to_string(), &self.style.say(label)))
    }

    /// Brackets under the axis, a line each.
    fn brackets(&self) -> Vec<String> {
        let bracket = |mark: &Mark| {
            let Shape::Bracket { from, to, .. } = mark.shape else { return None };
            let first = self.column(from).max(0);
            let last = self.column(to).min(self.canvas[0].len() as isize - 1).max(first);
            let (left, right, rule) =
                (self.style.sign('└', '`'), self.style.sign('┘', '\''), self.style.sign('─', '-'));
            let middle = rule.to_string().repeat((last - first - 1).max(0) as usize);
            let drawn = if last > first { format!("{left}{middle}{right}") } else { left.to_string() };
            let label = mark.label.as_ref().map_or("", |label| &label.text);
            Some(self.beside(first, last, &drawn, &self.style.say(label)))
        };
        self.panel.marks.iter().filter_map(bracket).collect()
    }

    /// A sign with words to its right, or to its left where there is no room.
    fn beside(&self, first: isize, last: isize, sign: &str, words: &str) -> String {
        let before = " ".repeat(first.max(0) as usize);
        let room = self.canvas[0].len() as isize - last - 2;
        let left = first - 1 - width(words) as isize;
        match room >= width(words) as isize || left < 0 {
            true => format!("{before}{sign} {words}"),
            false => format!("{}{words} {sign}", " ".repeat(left as usize)),
        }
    }
}

/// Characters that the labels of a vertical axis take.
pub(super) fn margin(axis: &Axis, style: &TextStyle) -> usize {
    axis.ticks.iter().map(|tick| width(&style.say(&tick.label))).max().unwrap_or(0)
}

fn tone(role: Role) -> Tone {
    match role {
        Role::Positive => Tone::Positive,
        Role::Negative => Tone::Negative,
        Role::Marker => Tone::Bold,
        Role::Ghost | Role::Cropped | Role::Virtual => Tone::Dim,
        Role::Input | Role::Kernel | Role::Output | Role::Plain => Tone::Plain,
    }
}

/// The line of a stem, and its dot: different for each role that can stand beside others.
fn signs(role: Role, style: &TextStyle) -> (char, char) {
    match role {
        Role::Ghost => (style.sign('┊', ':'), style.sign('◌', '.')),
        Role::Virtual => (style.sign('╎', ':'), style.sign('○', 'o')),
        Role::Cropped => (style.sign('┊', ':'), style.sign('×', 'x')),
        Role::Marker => (style.sign('┃', '|'), style.sign('◆', '@')),
        _ => (style.sign('│', '|'), style.sign('●', '*')),
    }
}
