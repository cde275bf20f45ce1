//! The view `flip`: the same window with the kernel turned round, without that, and with the input turned round instead.
//!
//! Without the flip the list is another one, a correlation; with the other operand flipped it is the same. All three have one
//! total, so a sum over everything cannot tell whether anything was flipped.

use faltung::{Kernel, Mode, Number, Operation, Spec};

use super::{
    Story,
    axes::{height, heights, places, value},
    line::{Line, Opened, sum},
};
use crate::{
    Align, Arrange, Cell, Column, Emphasis, Figure, Label, Mark, Panel, Part, Place, Result, Role, Row, RowKind, Scene,
    Shape, Subject, Table,
};

pub(super) fn story<'s>(subject: &'s Subject<'_>, at: &[isize]) -> Result<Story<'s>> {
    let mut spec = subject.spec().clone();
    spec.operation = Operation::Convolve;
    let (on, chosen) = Line::under("flip", subject, &spec, at)?;
    spec.operation = Operation::Correlate;
    let (off, _) = Line::under("flip", subject, &spec, at)?;
    let places = on.outputs.0..=on.outputs.1;
    let title = format!("{} with and without the flip", on.output_function());
    let flips = Flips::new(subject, on, off)?;
    Ok(Story { title, places, chosen, scene: Box::new(move |t| flips.scene(t)) })
}

/// One way to compute the list.
struct Way {
    id: &'static str,
    heading: String,
    /// The outputs shown.
    outputs: Vec<Opened>,
}

struct Flips<'s> {
    on: Line<'s>,
    ways: Vec<Way>,
}

impl<'s> Flips<'s> {
    fn new(subject: &'s Subject<'_>, on: Line<'s>, off: Line<'s>) -> Result<Flips<'s>> {
        let words = subject.words();
        let traces =
            |line: &Line<'_>| (on.outputs.0..=on.outputs.1).map(|t| line.opened(t)).collect::<Result<Vec<_>>>();
        let mut ways = vec![
            Way { id: "on", heading: format!("{} flipped", words.kernel), outputs: traces(&on)? },
            Way { id: "off", heading: "no flip".to_owned(), outputs: traces(&off)? },
        ];
        if let Some(outputs) = exchanged(subject, &on)? {
            ways.push(Way { id: "other", heading: format!("{} flipped", words.input), outputs });
        }
        Ok(Flips { on, ways })
    }

    fn scene(&self, t: isize) -> Result<Scene> {
        let line = &self.on;
        let at = (t - line.outputs.0) as usize;
        let told = |way: &Way| format!("{}: {}", way.heading, way.outputs[at].told);
        let sentences: Vec<String> = self.ways.iter().map(told).collect();
        let mut parts: Vec<Part> = sentences.iter().cloned().map(Part::Sentence).collect();
        parts.push(Part::Figure(self.figure(t)));
        parts.push(Part::Table(self.table(t)));
        parts.extend(self.notes().into_iter().map(Part::Note));
        let title = format!("t = {t}: {} with the flip, {} without", self.shown(0, at), self.shown(1, at));
        let description = format!("The outputs with and without the flip. At t = {t}: {}.", sentences.join("; "));
        Ok(Scene { title, place: format!("t = {t}"), description, parts })
    }

    fn shown(&self, way: usize, at: usize) -> String {
        self.on.subject.told(self.ways[way].outputs[at].sum)
    }

    fn notes(&self) -> Vec<String> {
        let mut notes = vec![
            "Without the flip it is a correlation: what neural networks call convolution. For learned weights it does not matter, \
             for a given kernel it does."
                .to_owned(),
        ];
        if self.ways.len() == 3 {
            notes.push("Which of the two operands is flipped does not matter: the two lists are the same.".to_owned());
        } else {
            notes.push("The other operand is flipped where the whole of both is small, with mode full and zeros beyond the ends.".to_owned());
        }
        match self.totals() {
            Some(totals) if totals.windows(2).all(|pair| pair[0] == pair[1]) => {
                notes.push(
                    "The totals are equal: a sum over everything cannot tell whether anything was flipped.".to_owned(),
                );
            }
            Some(_) => notes.push("The totals differ, for the ends are cropped or extended differently.".to_owned()),
            None => {}
        }
        notes.extend(self.on.told_cut());
        notes
    }

    /// The sums over all outputs, if all are shown and whole.
    fn totals(&self) -> Option<Vec<i128>> {
        if self.on.cut {
            return None;
        }
        let total = |way: &Way| {
            let outputs = way.outputs.iter().zip(self.on.outputs.0..).filter(|(_, t)| self.on.is_output(*t));
            outputs.map(|(trace, _)| trace.sum.whole()).try_fold(0i128, |all, n| all.checked_add(n?))
        };
        self.ways.iter().map(total).collect()
    }

    fn table(&self, t: isize) -> Table {
        let line = &self.on;
        let column = |heading: String| Column { heading, align: Align::Right };
        let text = |text: String| Cell { text, ..Cell::default() };
        let outputs: Vec<isize> = (line.outputs.0..=line.outputs.1).filter(|t| line.is_output(*t)).collect();
        let totals = self.totals();
        let mut columns = vec![Column { heading: "t".to_owned(), align: Align::Left }];
        columns.extend(outputs.iter().map(|t| column(t.to_string())));
        columns.extend(totals.is_some().then(|| column("total".to_owned())));
        let rows = self.ways.iter().enumerate().map(|(number, way)| {
            let number_of = |t: &isize| {
                let sum = way.outputs[(t - line.outputs.0) as usize].sum;
                Cell { text: line.subject.compact(sum), value: value(sum), ..Cell::default() }
            };
            let total = totals.as_ref().map(|totals| {
                let total = Number::Whole(totals[number]);
                Cell {
                    text: line.subject.compact(total),
                    value: value(total),
                    emphasis: Emphasis::Plain,
                    ..Cell::default()
                }
            });
            let cells = [text(way.heading.clone())].into_iter().chain(outputs.iter().map(number_of)).chain(total);
            Row { kind: RowKind::Body, cells: cells.collect() }
        });
        Table {
            id: "flips".to_owned(),
            caption: "The outputs, flipped and not".to_owned(),
            columns,
            rows: rows.collect(),
            marked: outputs.iter().position(|at| *at == t).map(|at| at + 1),
        }
    }

    fn figure(&self, t: isize) -> Figure {
        let line = &self.on;
        let all = || self.ways.iter().flat_map(|way| way.outputs.iter().map(|trace| height(trace.sum)));
        let panel = |way: &Way| Panel {
            id: way.id.to_owned(),
            title: way.heading.clone(),
            x: places(line.output_axis(), (line.outputs.0 - 1, line.outputs.1 + 1), |t| {
                line.is_output(t).then(|| t.to_string())
            }),
            y: heights(&line.subject.words().output_values, all()),
            marks: self.marks(way, t),
        };
        let told: Vec<String> = self.ways.iter().map(|way| way.heading.clone()).collect();
        Figure {
            id: "flips".to_owned(),
            description: format!(
                "The outputs as stems, a panel for each way: {}; a marker at t = {t}.",
                told.join(", ")
            ),
            arrange: Arrange::Column,
            panels: self.ways.iter().map(panel).collect(),
            links: Vec::new(),
        }
    }

    fn marks(&self, way: &Way, t: isize) -> Vec<Mark> {
        let id = way.id;
        let outputs = way.outputs.iter().zip(self.on.outputs.0..).filter(|(_, at)| self.on.is_output(*at));
        let label = |text, optional| Label { text, place: Place::End, optional };
        let stem = |(trace, at): (&Opened, isize)| Mark {
            id: format!("{id}-{at}"),
            term: None,
            value: value(trace.sum),
            shape: Shape::Stem { x: at as f64, y: height(trace.sum) },
            role: if at <= t { Role::Output } else { Role::Ghost },
            label: (at != t).then(|| label(self.on.subject.labelled(trace.sum), true)),
        };
        let sum = way.outputs[(t - self.on.outputs.0) as usize].sum;
        let marker = Mark {
            id: format!("{id}-marker"),
            term: None,
            value: value(sum),
            shape: Shape::Dot { x: t as f64, y: height(sum), hollow: !self.on.is_output(t) },
            role: Role::Marker,
            label: Some(label(self.on.subject.labelled(sum), false)),
        };
        outputs.map(stem).chain([marker]).collect()
    }
}

/// The traces with input and kernel exchanged, where that is the same convolution: all of both, and nothing but zeros beyond.
fn exchanged(subject: &Subject<'_>, line: &Line<'_>) -> Result<Option<Vec<Opened>>> {
    let size = &line.size;
    let plain = size.mode == Mode::Full && size.stride == 1 && size.dilation == 1 && !line.is_extended();
    if line.cut || !plain {
        return Ok(None);
    }
    let samples = (0..size.len as isize).map(|tau| line.sample(tau)).collect::<Result<Vec<_>>>()?;
    let kernel = match samples.iter().map(|sample| sample.whole()).collect::<Option<Vec<_>>>() {
        Some(whole) => Kernel::whole(&[size.len], whole)?,
        None => Kernel::real(&[size.len], samples.iter().map(|sample| sample.to_complex().re).collect())?,
    };
    let weights = subject.tracer().weights();
    let spec = Spec::new();
    let tracer = faltung::trace::Tracer::new(&[weights.len()], &kernel, &spec)?;
    let opened = |t: isize| {
        let trace = tracer.trace_by(&[t], |index| Ok::<_, crate::Error>(weights[index[0]]))?;
        Ok(Opened { sum: trace.sum, is_padded: false, told: sum(subject, &trace), terms: trace.terms })
    };
    (line.outputs.0..=line.outputs.1).map(opened).collect::<Result<_>>().map(Some)
}
