//! The view `padding`: what lies beyond the ends, boundary by boundary, and which outputs feel it.
//!
//! All rows have as many outputs as samples (mode `same`, with the subject's anchor). Every virtual sample names the sample that
//! supplies it. Below, the full result, with brackets for what each mode keeps of it.

use faltung::{Boundary, Mode, Number, Operation};

use super::{
    Story,
    axes::{height, heights, places, value},
    line::{Line, Opened},
};
use crate::{
    Align, Arrange, Cell, Column, Emphasis, Figure, Label, Mark, Panel, Part, Place, Result, Role, Row, RowKind, Scene,
    Shape, Subject, Table,
};

pub(super) fn story<'s>(subject: &'s Subject<'_>, at: &[isize]) -> Result<Story<'s>> {
    let spec = subject.spec().clone().mode(Mode::Same);
    let mut lines = Vec::new();
    let mut chosen = 0;
    for boundary in boundaries(subject) {
        let (line, t) = Line::under("padding", subject, &spec.clone().boundary(boundary), at)?;
        lines.push((boundary, line));
        chosen = t;
    }
    let places = lines[0].1.outputs.0..=lines[0].1.outputs.1;
    let paddings = Paddings::new(subject, lines, at)?;
    let title = "What lies beyond the ends".to_owned();
    Ok(Story { title, places, chosen, scene: Box::new(move |t| paddings.scene(t)) })
}

/// All boundaries; of constants the subject's own.
fn boundaries(subject: &Subject<'_>) -> [Boundary; 5] {
    let own = subject.tracer().sizes().first().map(|size| size.boundary);
    Boundary::ALL.map(|(_, boundary)| match (boundary, own) {
        (Boundary::Constant(_), Some(own @ Boundary::Constant(_))) => own,
        _ => boundary,
    })
}

/// The outputs of one boundary.
struct Extended<'s> {
    word: String,
    line: Line<'s>,
    outputs: Vec<Opened>,
}

struct Paddings<'s> {
    rows: Vec<Extended<'s>>,
    /// The full result with zeros beyond the ends, with the place of `same` in it, if all of it is shown.
    full: Option<Full>,
}

/// The full result, and which of its outputs the modes keep.
struct Full {
    outputs: Vec<Number>,
    /// Names of modes, with their first and last output.
    modes: Vec<(&'static str, isize, isize)>,
}

impl<'s> Paddings<'s> {
    fn new(subject: &'s Subject<'_>, lines: Vec<(Boundary, Line<'s>)>, at: &[isize]) -> Result<Paddings<'s>> {
        let extended = |(boundary, line): (Boundary, Line<'s>)| {
            let outputs = (line.outputs.0..=line.outputs.1).map(|t| line.opened(t)).collect::<Result<Vec<_>>>()?;
            Ok(Extended { word: boundary.to_string(), line, outputs })
        };
        let rows = lines.into_iter().map(extended).collect::<Result<Vec<_>>>()?;
        let full = full(subject, &rows[0].line, at)?;
        Ok(Paddings { rows, full })
    }

    fn line(&self) -> &Line<'s> {
        &self.rows[0].line
    }

    fn scene(&self, t: isize) -> Result<Scene> {
        let line = self.line();
        let told = |row: &Extended<'_>| format!("{}: {}", row.word, row.at(t).told);
        let sentences: Vec<String> = self.rows.iter().map(told).collect();
        let mut parts: Vec<Part> = sentences.iter().cloned().map(Part::Sentence).collect();
        parts.push(Part::Table(self.outputs(t)));
        parts.push(Part::Note(self.unpadded()));
        parts.push(Part::Table(self.extension(t)));
        parts.push(Part::Figure(self.figure(t)));
        parts.extend(line.told_cut().map(Part::Note));
        let title = format!("t = {t}: beyond the ends, boundary by boundary");
        let description = format!("Five boundaries at t = {t}. {}.", sentences.join("; "));
        Ok(Scene { title, place: format!("t = {t}"), description, parts })
    }

    /// The outputs under each boundary; in the first row only those that need none.
    fn outputs(&self, t: isize) -> Table {
        let line = self.line();
        let shown: Vec<isize> = (line.outputs.0..=line.outputs.1).filter(|t| line.is_output(*t)).collect();
        let cell = |trace: &Opened| {
            let emphasis = if trace.is_padded { Emphasis::Plain } else { Emphasis::Faint };
            Cell { text: line.subject.compact(trace.sum), value: value(trace.sum), emphasis, ..Cell::default() }
        };
        let named = |name: &str| Cell { text: name.to_owned(), ..Cell::default() };
        let none = shown.iter().map(|t| match self.rows[0].at(*t) {
            trace if trace.is_padded => Cell::default(),
            trace => Cell { emphasis: Emphasis::Plain, ..cell(trace) },
        });
        let mut rows = vec![Row { kind: RowKind::Body, cells: [named("none")].into_iter().chain(none).collect() }];
        rows.extend(self.rows.iter().map(|row| {
            let cells = shown.iter().map(|t| cell(row.at(*t)));
            Row { kind: RowKind::Body, cells: [named(&row.word)].into_iter().chain(cells).collect() }
        }));
        let heading = |t: &isize| Column { heading: t.to_string(), align: Align::Right };
        let first = Column { heading: "boundary".to_owned(), align: Align::Left };
        Table {
            id: "outputs".to_owned(),
            caption: "As many outputs as samples (mode same), boundary by boundary".to_owned(),
            columns: [first].into_iter().chain(shown.iter().map(heading)).collect(),
            rows,
            marked: shown.iter().position(|at| *at == t).map(|at| at + 1),
        }
    }

    /// Which outputs are the same under all.
    fn unpadded(&self) -> String {
        let line = self.line();
        let shown = (line.outputs.0..=line.outputs.1).filter(|t| line.is_output(*t) && !self.rows[0].at(*t).is_padded);
        let shown: Vec<String> = shown.map(|t| t.to_string()).collect();
        match shown.is_empty() {
            true => "Every output feels the ends.".to_owned(),
            false => format!("No padding is used at t = {}: the same whatever lies beyond.", shown.join(", ")),
        }
    }

    /// The signal as each boundary extends it, as far as windows reach; virtual samples with their source.
    fn extension(&self, t: isize) -> Table {
        let line = self.line();
        let (first, last) = self.reach();
        let window = line.window(t);
        let heading = |tau: isize| Column { heading: tau.to_string(), align: Align::Right };
        let rows = self.rows.iter().map(|row| {
            let cells = (first..=last).map(|tau| row.extended(tau, (window.0..=window.1).contains(&tau)));
            let name = Cell { text: row.word.clone(), ..Cell::default() };
            Row { kind: RowKind::Body, cells: [name].into_iter().chain(cells).collect() }
        });
        Table {
            id: "extension".to_owned(),
            caption: format!(
                "The samples {}(τ) that windows reach; after virtual ones the index that supplies them. In brackets: the window of t = {t}",
                line.subject.words().input
            ),
            columns: [Column { heading: "τ".to_owned(), align: Align::Left }]
                .into_iter()
                .chain((first..=last).map(heading))
                .collect(),
            rows: rows.collect(),
            marked: None,
        }
    }

    /// The first and the last sample that an output shown is made of.
    fn reach(&self) -> (isize, isize) {
        let line = self.line();
        let (first, last) = (line.outputs.0.max(0), line.outputs.1.min(line.size.out as isize - 1));
        let (first, last) = (line.window(first).0, line.window(last).1);
        let shown = |tau: isize| tau.clamp(line.samples.0, line.samples.1);
        (shown(first), shown(last))
    }

    fn figure(&self, t: isize) -> Figure {
        let line = self.line();
        let (first, last) = self.reach();
        let (first, last) = match &self.full {
            Some(full) => ((first - 1).min(-1), (last + 1).max(full.outputs.len() as isize)),
            None => (first - 1, last + 1),
        };
        let name = &line.subject.words().input;
        let values = || self.rows.iter().flat_map(|row| (first..=last).map(|tau| height(row.value(tau))));
        let mut panels: Vec<Panel> = self
            .rows
            .iter()
            .map(|row| Panel {
                id: format!("boundary-{}", row.word.split(':').next().unwrap_or_default()),
                title: format!("{name}(τ), {}", row.word),
                x: places(line.input_axis(), (first, last), |tau| Some(tau.to_string())),
                y: heights(&line.subject.words().input_values, values()),
                marks: row.marks(self.reach(), line.window(t)),
            })
            .collect();
        panels.extend(self.full.as_ref().map(|full| full.panel(line, (first, last))));
        let description = format!(
            "The signal extended by each of five boundaries, a panel each, virtual samples hollow with their source, the window of \
             t = {t} in a bracket; then the full result, with brackets for what the modes keep."
        );
        Figure { id: "padding".to_owned(), description, arrange: Arrange::Column, panels, links: Vec::new() }
    }
}

impl Extended<'_> {
    fn at(&self, t: isize) -> &Opened {
        &self.outputs[(t - self.line.outputs.0) as usize]
    }

    /// The sample at a place, with zero for one that cannot be read: it was read before, to be drawn.
    fn value(&self, tau: isize) -> Number {
        self.line.sample(tau).unwrap_or(Number::Whole(0))
    }

    /// `3`, and of a virtual sample `3 (0)` with the index that supplies it.
    fn extended(&self, tau: isize, met: bool) -> Cell {
        let sample = self.value(tau);
        let told = self.line.subject.told(sample);
        let text = match (self.line.is_inside(tau), self.line.source(tau)) {
            (false, Some(source)) => format!("{told} ({source})"),
            _ => told,
        };
        let emphasis = match self.line.is_inside(tau) {
            _ if met => Emphasis::Marked,
            true => Emphasis::Plain,
            false => Emphasis::Faint,
        };
        Cell { text, value: value(sample), term: None, emphasis }
    }

    fn marks(&self, (first, last): (isize, isize), window: (isize, isize)) -> Vec<Mark> {
        let id = self.word.split(':').next().unwrap_or_default();
        let line = &self.line;
        let stem = |tau: isize| {
            let sample = self.value(tau);
            let text = line.subject.labelled(sample);
            let (role, text) = match line.is_inside(tau) {
                true => (Role::Input, text),
                false => (Role::Virtual, format!("{text}\n{}", line.virtual_name(tau))),
            };
            Mark {
                id: format!("{id}-{tau}"),
                term: None,
                value: value(sample),
                shape: Shape::Stem { x: tau as f64, y: height(sample) },
                role,
                label: Some(Label { text, place: Place::End, optional: true }),
            }
        };
        let bracket = Mark {
            id: format!("{id}-window"),
            term: None,
            value: None,
            shape: Shape::Bracket { from: window.0 as f64 - 0.4, to: window.1 as f64 + 0.4, line: 0 },
            role: Role::Marker,
            label: Some(Label { text: "window".to_owned(), place: Place::Axis, optional: true }),
        };
        (first..=last).map(stem).chain([bracket]).collect()
    }
}

impl Full {
    /// The full result as stems, with a bracket for each mode.
    fn panel(&self, line: &Line<'_>, range: (isize, isize)) -> Panel {
        let stem = |(t, y): (isize, &Number)| Mark {
            id: format!("full-{t}"),
            term: None,
            value: value(*y),
            shape: Shape::Stem { x: t as f64, y: height(*y) },
            role: Role::Output,
            label: Some(Label { text: line.subject.labelled(*y), place: Place::End, optional: true }),
        };
        let bracket = |(number, (mode, first, last)): (usize, &(&'static str, isize, isize))| Mark {
            id: format!("mode-{mode}"),
            term: None,
            value: None,
            shape: Shape::Bracket { from: *first as f64 - 0.4, to: *last as f64 + 0.4, line: number },
            role: Role::Plain,
            label: Some(Label { text: (*mode).to_owned(), place: Place::Axis, optional: false }),
        };
        let outputs = (0..).zip(&self.outputs).map(stem);
        Panel {
            id: "full".to_owned(),
            title: "the full result, zeros beyond the ends".to_owned(),
            x: places(line.output_axis(), range, |t| Some(t.to_string())),
            y: heights(&line.subject.words().output_values, self.outputs.iter().map(|y| height(*y))),
            marks: outputs.chain(self.modes.iter().enumerate().map(bracket)).collect(),
        }
    }
}

/// The full result and its crops, where all of it is shown and outputs lie as densely as samples.
fn full(subject: &Subject<'_>, same: &Line<'_>, at: &[isize]) -> Result<Option<Full>> {
    if same.cut || same.size.stride > 1 {
        return Ok(None);
    }
    let mut spec = subject.spec().clone().mode(Mode::Full).boundary(Boundary::zero());
    spec.anchor = None;
    let (line, _) = Line::under("padding", subject, &spec, at)?;
    let outputs = (0..line.size.out as isize).map(|t| line.output(t)).collect::<Result<Vec<_>>>()?;
    let (len, reach) = (line.size.len as isize, line.size.span as isize - 1);
    let start = reach - same.size.before as isize;
    let mut modes = vec![("full", 0, outputs.len() as isize - 1), ("same", start, start + len - 1)];
    if reach < len {
        modes.push(("valid", reach, len - 1));
    }
    if line.tracer().operation() == Operation::Convolve {
        modes.push(("causal", 0, len - 1));
    }
    Ok(Some(Full { outputs, modes }))
}
