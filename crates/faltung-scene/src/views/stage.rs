//! The view `stage`: flip, shift, multiply, sum, in four panels over one another.
//!
//! The input as it is; the kernel turned round and shifted to the output's place, each weight with its own index; the product,
//! where both are not zero; and the output as far as it is known. A vertical line reads through all four, and no scale changes
//! from place to place.

use faltung::{
    Number, Operation,
    trace::{Origin, Term, Trace},
};

use super::{
    Story,
    axes::{height, heights, places, value},
    line::{Line, product, sum},
    terms::{turned, word},
};
use crate::{
    Align, Arrange, Axis, Cell, Column, Emphasis, Figure, Label, Link, Mark, Panel, Part, Place, Result, Role, Row,
    RowKind, Scene, Shape, Subject, Table,
    number::{brief, equals, exact},
};

/// Most rows of the table of terms.
const MOST_ROWS: usize = 40;

pub(super) fn story<'s>(subject: &'s Subject<'_>, at: &[isize]) -> Result<Story<'s>> {
    let (line, chosen) = Line::new("stage", subject, at)?;
    let places = line.outputs.0..=line.outputs.1;
    let title = format!("{}, from place to place", line.output_function());
    let stage = Stage::new(line)?;
    Ok(Story { title, places, chosen, scene: Box::new(move |t| stage.scene(t)) })
}

/// What all scenes share: the samples and outputs shown, and the axes.
struct Stage<'s> {
    line: Line<'s>,
    /// The samples shown, from `line.samples.0` on.
    samples: Vec<Number>,
    /// The outputs shown, cropped ones among them: where the kernel's origin is, which output, and its value.
    outputs: Vec<(isize, isize, Number)>,
    /// The axes of the panels: input, kernel, product, output.
    heights: [Axis; 4],
}

impl<'s> Stage<'s> {
    fn new(line: Line<'s>) -> Result<Stage<'s>> {
        let words = line.subject.words();
        let samples: Vec<Number> =
            (line.samples.0..=line.samples.1).map(|tau| line.sample(tau)).collect::<Result<_>>()?;
        let drawn: Vec<isize> = cropped(&line).collect();
        let (mut outputs, mut products, mut sums) = (Vec::new(), Vec::new(), Vec::new());
        let (first, last) = (line.outputs.0, line.outputs.1);
        let all = (drawn.first().map_or(first, |t| first.min(*t)), drawn.last().map_or(last, |t| last.max(*t)));
        for t in all.0..=all.1 {
            let opened = line.opened(t)?;
            products.extend(opened.terms.iter().map(|term| height(term.product)));
            sums.push(height(opened.sum));
            if drawn.contains(&t) {
                outputs.push((line.origin(t), t, opened.sum));
            }
        }
        let weights = line.tracer().weights().iter().map(|weight| height(*weight));
        let heights = [
            heights(&words.input_values, samples.iter().map(|sample| height(*sample))),
            heights(&words.weights, weights),
            heights("products", products.into_iter()),
            heights(&words.output_values, sums.into_iter()),
        ];
        Ok(Stage { line, samples, outputs, heights })
    }

    fn scene(&self, t: isize) -> Result<Scene> {
        let line = &self.line;
        let trace = line.trace(t)?;
        let name = line.output_name(t);
        let total = line.subject.told(trace.sum);
        let sentence = format!("t = {t}: {}", sum(line.subject, &trace));
        let overlap = self.state(t);
        let mut parts = vec![
            Part::Sentence(sentence.clone()),
            Part::Sentence(overlap.clone()),
            Part::Figure(self.figure(t, &trace)),
            Part::Table(table(line, t, &trace)),
            Part::Note(left_out(line, &trace)),
            Part::Note(turned(line.subject)),
        ];
        parts.extend(line.told_cut().map(Part::Note));
        let description = format!("{name} = {total}. {sentence}. {overlap}");
        Ok(Scene { title: format!("{name} = {total}"), place: format!("t = {t}"), description, parts })
    }

    /// Overlap, and whether there is such an output.
    fn state(&self, t: isize) -> String {
        let overlap = self.line.overlap(t);
        match t {
            _ if self.line.is_output(t) => overlap,
            ..0 => format!("{overlap} Before the first output."),
            _ => format!("{overlap} After the last output."),
        }
    }

    fn figure(&self, t: isize, trace: &Trace) -> Figure {
        let line = &self.line;
        let [input, kernel, products, output] = self.heights.clone();
        let words = line.subject.words();
        let samples = || places(line.input_axis(), line.samples, |tau| Some(tau.to_string()));
        let outputs: Vec<(isize, isize)> = self.outputs.iter().map(|(origin, t, _)| (*origin, *t)).collect();
        let label = |x: isize| {
            outputs.iter().find(|(origin, t)| *origin == x && line.is_output(*t)).map(|(_, t)| t.to_string())
        };
        let panel = |id: &str, title, x, y, marks| Panel { id: id.to_owned(), title, x, y, marks };
        let product = format!("{}(τ)·{}", words.input, line.kernel_name(t));
        let output_x = places(line.output_axis(), line.samples, label);
        let panels = vec![
            panel("input", format!("{}(τ)", words.input), samples(), input, self.input_marks(trace)),
            panel("kernel", line.kernel_name(t), samples(), kernel, self.kernel_marks(t, trace)),
            panel("product", product, samples(), products, self.product_marks(t, trace)),
            panel("output", line.output_function(), output_x, output, self.output_marks(t, trace)),
        ];
        let links = vec![Link { from: "sum".to_owned(), to: "marker".to_owned() }];
        let description = self.described(t, trace);
        Figure { id: "stage".to_owned(), description, arrange: Arrange::Column, panels, links }
    }

    /// The picture in words.
    fn described(&self, t: isize, trace: &Trace) -> String {
        let line = &self.line;
        let kernel = match line.tracer().operation() {
            Operation::Convolve => "turned round and shifted",
            Operation::Correlate => "shifted",
        };
        let output = if line.is_output(t) { "output" } else { "sum, which is no output," };
        format!(
            "Four panels over one another: the input {}(τ); the kernel {} {kernel}, its weight 0 at τ = {}; their products; and \
             the outputs, those up to t = {t} drawn out. The products add up to the {output} {}.",
            line.subject.words().input,
            line.kernel_name(t),
            line.origin(t),
            line.subject.told(trace.sum),
        )
    }

    /// Samples as stems; those that a boundary supplies hollow, with their source.
    fn input_marks(&self, trace: &Trace) -> Vec<Mark> {
        let line = &self.line;
        let met: Vec<isize> = trace.terms.iter().map(|term| line.met(term).0).collect();
        let shown = (line.samples.0 + 1..line.samples.1).filter(|tau| line.is_inside(*tau) || line.is_extended());
        let mark = |tau: isize| {
            let sample = self.samples[(tau - line.samples.0) as usize];
            let text = line.subject.labelled(sample);
            let (role, text) = match line.is_inside(tau) {
                true => (Role::Input, text),
                false => (Role::Virtual, format!("{text}\n{}", line.virtual_name(tau))),
            };
            Mark {
                id: format!("input-{tau}"),
                term: met.contains(&tau).then(|| format!("term-{tau}")),
                value: value(sample),
                shape: Shape::Stem { x: tau as f64, y: height(sample) },
                role,
                label: Some(Label { text, place: Place::End, optional: true }),
            }
        };
        shown.map(mark).collect()
    }

    /// Weights as stems, each with its own index; where they stand unturned, an outline; a handle at weight 0.
    fn kernel_marks(&self, t: isize, trace: &Trace) -> Vec<Mark> {
        let line = &self.line;
        let letter = &line.subject.words().kernel;
        let mut marks = Vec::new();
        if line.tracer().operation() == Operation::Convolve {
            let weights = line.tracer().weights().iter().enumerate();
            let unturned = weights.map(|(k, weight)| ((k * line.size.dilation) as isize, k, *weight));
            marks.extend(unturned.filter(|(tau, ..)| line.shows_sample(*tau)).map(|(tau, k, weight)| Mark {
                id: format!("unturned-{k}"),
                term: None,
                value: value(weight),
                shape: Shape::Stem { x: tau as f64, y: height(weight) },
                role: Role::Ghost,
                label: None,
            }));
        }
        let shown = trace.terms.iter().filter(|term| line.shows_sample(line.met(term).0));
        marks.extend(shown.map(|term| {
            let (tau, k) = line.met(term);
            let text = format!("{letter}{k}\n{}", brief(term.weight));
            Mark {
                id: format!("kernel-{k}"),
                term: Some(format!("term-{tau}")),
                value: value(term.weight),
                shape: Shape::Stem { x: tau as f64, y: height(term.weight) },
                role: Role::Kernel,
                label: Some(Label { text, place: Place::End, optional: true }),
            }
        }));
        let origin = line.origin(t);
        let text = if origin == t { format!("t = {t}") } else { format!("τ = {origin}") };
        marks.push(Mark {
            id: "handle".to_owned(),
            term: None,
            value: Some(origin as f64),
            shape: Shape::Handle { x: origin as f64 },
            role: Role::Marker,
            label: Some(Label { text, place: Place::Axis, optional: false }),
        });
        marks
    }

    /// Products that are not zero as bars, and a bracket with their sum.
    fn product_marks(&self, t: isize, trace: &Trace) -> Vec<Mark> {
        let line = &self.line;
        let shown = trace.terms.iter().filter(|term| !term.product.is_zero() && line.shows_sample(line.met(term).0));
        let mut marks: Vec<Mark> = shown.map(|term| self.bar(term)).collect();
        let (first, last) = line.window(t);
        let (first, last) = (first.max(line.samples.0), last.min(line.samples.1));
        marks.push(Mark {
            id: "sum".to_owned(),
            term: None,
            value: value(trace.sum),
            shape: Shape::Bracket { from: first as f64 - 0.4, to: last.max(first) as f64 + 0.4, line: 0 },
            role: Role::Marker,
            label: Some(Label { text: signed_total(line.subject, trace), place: Place::Axis, optional: false }),
        });
        marks
    }

    fn bar(&self, term: &Term) -> Mark {
        let (tau, _) = self.line.met(term);
        let role = if height(term.product) < 0.0 { Role::Negative } else { Role::Positive };
        let subject = self.line.subject;
        let text = format!("{}\n= {}", product(subject, term), subject.told(term.product));
        let text = if text.len() <= 20 { text } else { subject.labelled(term.product) };
        Mark {
            id: format!("product-{tau}"),
            term: Some(format!("term-{tau}")),
            value: value(term.product),
            shape: Shape::Bar { x: tau as f64, width: 0.7, base: 0.0, y: height(term.product) },
            role,
            label: Some(Label { text, place: Place::End, optional: true }),
        }
    }

    /// Outputs as stems, solid as far as they are known, and a marker at the one shown.
    fn output_marks(&self, t: isize, trace: &Trace) -> Vec<Mark> {
        let line = &self.line;
        let stem = |&(origin, at, y): &(isize, isize, Number)| {
            let role = match at {
                _ if !line.is_output(at) => Role::Cropped,
                _ if at <= t => Role::Output,
                _ => Role::Ghost,
            };
            let label = Label { text: line.subject.labelled(y), place: Place::End, optional: true };
            Mark {
                id: format!("output-{at}"),
                term: None,
                value: value(y),
                shape: Shape::Stem { x: origin as f64, y: height(y) },
                role,
                label: (at != t && role != Role::Ghost).then_some(label),
            }
        };
        let mut marks: Vec<Mark> = self.outputs.iter().map(stem).collect();
        let hollow = !line.is_output(t);
        marks.push(Mark {
            id: "marker".to_owned(),
            term: None,
            value: value(trace.sum),
            shape: Shape::Dot { x: line.origin(t) as f64, y: height(trace.sum), hollow },
            role: Role::Marker,
            label: Some(Label { text: line.subject.labelled(trace.sum), place: Place::End, optional: false }),
        });
        marks
    }
}

/// The outputs to be drawn: those of the result, and those cropped off where the kernel still meets the signal.
fn cropped(line: &Line<'_>) -> impl Iterator<Item = isize> {
    let stride = line.size.stride as isize;
    let (first, last) = match line.cut {
        true => line.outputs,
        false => (-(line.size.span as isize), line.size.out as isize + line.size.span as isize),
    };
    let (before, span, len) = (line.size.before as isize, line.size.span as isize, line.size.signal as isize);
    let out = line.size.out as isize;
    let samples = line.samples;
    let operation = line.tracer().operation();
    (first..=last).filter(move |&t| {
        let start = t * stride - before;
        let meets = start + span > 0 && start < len;
        let origin = if operation == Operation::Convolve { start + span - 1 } else { start };
        ((0..out).contains(&t) || meets) && (samples.0..=samples.1).contains(&origin)
    })
}

/// `= 28`; where there are products of both signs, what those come to first: `= 5 - 3 = 2`.
fn signed_total(subject: &Subject<'_>, trace: &Trace) -> String {
    let total = |is_wanted: fn(i128) -> bool| {
        let add = |sum: i128, term: &Term| match term.product.whole()? {
            product if is_wanted(product) => sum.checked_add(product),
            _ => Some(sum),
        };
        trace.terms.iter().try_fold(0, add)
    };
    match (total(|n| n > 0), total(|n| n < 0)) {
        (Some(up @ 1..), Some(down @ ..0)) => format!("= {up} - {} = {}", down.unsigned_abs(), subject.told(trace.sum)),
        _ => equals(&subject.labelled(trace.sum)),
    }
}

/// The terms that are not zero, in order, with running sums.
pub(super) fn table(line: &Line<'_>, t: isize, trace: &Trace) -> Table {
    let words = line.subject.words();
    let number = |heading: String| Column { heading, align: Align::Right };
    let mut columns = vec![
        number("τ".to_owned()),
        number(format!("{}(τ)", words.input)),
        number(line.kernel_name(t)),
        number("product".to_owned()),
        number("running".to_owned()),
    ];
    if line.is_extended() {
        columns.push(Column { heading: "from".to_owned(), align: Align::Left });
    }
    let terms: Vec<&Term> = trace.terms.iter().filter(|term| !term.product.is_zero()).collect();
    let mut rows: Vec<Row> = terms.iter().take(MOST_ROWS).map(|term| row(line, term)).collect();
    if terms.len() > MOST_ROWS {
        let text = format!("{} more", terms.len() - MOST_ROWS);
        let mut cells = vec![Cell { text, ..Cell::default() }];
        cells.resize(columns.len(), Cell::default());
        rows.push(Row { kind: RowKind::Body, cells });
    }
    let mut total = vec![Cell::default(); columns.len()];
    total[0].text = "sum".to_owned();
    total[3] = Cell {
        text: line.subject.told(trace.sum),
        value: value(trace.sum),
        emphasis: Emphasis::Marked,
        ..Cell::default()
    };
    rows.push(Row { kind: RowKind::Total, cells: total });
    Table {
        id: "terms".to_owned(),
        caption: format!("The terms of {}", line.output_name(t)),
        columns,
        rows,
        marked: None,
    }
}

fn row(line: &Line<'_>, term: &Term) -> Row {
    let (tau, k) = line.met(term);
    let id = Some(format!("term-{tau}"));
    let number = |text: String, number| Cell { text, value: value(number), term: id.clone(), ..Cell::default() };
    let weight = format!("{}{k}={}", line.subject.words().kernel, exact(term.weight));
    let mut cells = vec![
        Cell { text: tau.to_string(), value: Some(tau as f64), term: id.clone(), ..Cell::default() },
        number(line.subject.told(term.sample), term.sample),
        number(weight, term.weight),
        number(line.subject.told(term.product), term.product),
        number(line.subject.told(term.running), term.running),
    ];
    if line.is_extended() {
        let from = match &term.origin {
            Origin::Virtual { .. } => format!("{}: {}", word(&line.size.boundary), line.virtual_name(tau)),
            _ => String::new(),
        };
        cells.push(Cell { text: from, term: id, ..Cell::default() });
    }
    Row { kind: RowKind::Body, cells }
}

/// Which samples have no part in the sum, and why: `τ = 1, 3: f is 0`.
fn left_out(line: &Line<'_>, trace: &Trace) -> String {
    const MOST: usize = 12;
    let words = line.subject.words();
    let zero = |of: fn(&Term) -> bool| {
        let all: Vec<String> =
            trace.terms.iter().filter(|term| of(term)).map(|term| line.met(term).0.to_string()).collect();
        let more = all.len().saturating_sub(MOST);
        let listed = all.iter().take(MOST).cloned().collect::<Vec<_>>().join(", ");
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        (!all.is_empty()).then(|| format!("τ = {listed}{more}"))
    };
    let outside = zero(|term| term.product.is_zero() && matches!(term.origin, Origin::Virtual { source: None, .. }));
    let sample = zero(|term| term.sample.is_zero() && term.origin == Origin::Sample);
    let weight = zero(|term| term.weight.is_zero() && !term.sample.is_zero());
    let reasons = [
        sample.map(|at| format!("{at}: {} is 0", words.input)),
        weight.map(|at| format!("{at}: {} is 0", words.kernel)),
        outside.map(|at| format!("{at}: beyond the ends, 0")),
    ];
    let reasons: Vec<String> = reasons.into_iter().flatten().collect();
    match reasons.is_empty() {
        true => "No term is zero.".to_owned(),
        false => format!("Left out: {}.", reasons.join("; ")),
    }
}
