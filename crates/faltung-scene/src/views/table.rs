//! The view `table`: the article's tabular form. Each row is a copy of the kernel, scaled by a sample and delayed to its place;
//! each column adds up to an output.
//!
//! Read along a row, the kernel runs forwards, for the system only delays and scales; read down a column, its index falls while
//! that of the samples rises. That is the flip.

use std::collections::BTreeSet;

use faltung::{
    Number, Operation,
    trace::{Term, Trace},
};

use super::{
    Story,
    axes::value,
    line::{Line, Opened, sum},
};
use crate::{
    Align, Cell, Column, Emphasis, Part, Result, Row, RowKind, Scene, Subject, Table,
    number::{equals, exact, factor},
};

pub(super) fn story<'s>(subject: &'s Subject<'_>, at: &[isize]) -> Result<Story<'s>> {
    let (line, chosen) = Line::new("table", subject, at)?;
    let places = line.outputs.0..=line.outputs.1;
    let title = format!("{}, as a table of scaled and delayed copies", line.output_function());
    let copies = Copies::new(line)?;
    Ok(Story { title, places, chosen, scene: Box::new(move |t| copies.scene(t)) })
}

struct Copies<'s> {
    line: Line<'s>,
    /// The samples that have a row.
    rows: Vec<(isize, Number)>,
    /// The outputs that have a column.
    columns: Vec<(isize, Opened)>,
}

impl<'s> Copies<'s> {
    fn new(line: Line<'s>) -> Result<Copies<'s>> {
        let outputs = (line.outputs.0..=line.outputs.1).filter(|t| line.is_output(*t));
        let columns = outputs.map(|t| Ok((t, line.opened(t)?))).collect::<Result<Vec<_>>>()?;
        let terms = columns.iter().flat_map(|(_, opened)| &opened.terms);
        let met: BTreeSet<isize> = terms.map(|term| line.met(term).0).collect();
        let shown = (line.samples.0..=line.samples.1).filter(|tau| match line.is_inside(*tau) {
            true => !line.cut || met.contains(tau),
            false => line.is_extended() && met.contains(tau),
        });
        let rows = shown.map(|tau| Ok((tau, line.sample(tau)?))).collect::<Result<Vec<_>>>()?;
        Ok(Copies { rows, columns, line })
    }

    fn scene(&self, t: isize) -> Result<Scene> {
        let line = &self.line;
        let trace = line.trace(t)?;
        let name = line.output_name(t);
        let title = format!("{name} = {}", line.subject.told(trace.sum));
        let sentence = format!("t = {t}: {}", sum(line.subject, &trace));
        let mut parts = vec![
            Part::Sentence(sentence.clone()),
            Part::Table(self.table(t)),
            Part::Note(self.reading(t, &trace)),
            Part::Note(meaning(line.tracer().operation()).to_owned()),
        ];
        parts.extend(line.told_cut().map(|cut| Part::Note(format!("{cut} Sums are those of all terms."))));
        let description = format!(
            "A table with a row for each sample and a column for each output. {sentence}. Each row is the kernel, scaled by \
             its sample and delayed; column {t} adds up to {}.",
            line.subject.told(trace.sum)
        );
        Ok(Scene { title, place: format!("t = {t}"), description, parts })
    }

    fn table(&self, t: isize) -> Table {
        let line = &self.line;
        let heading = |heading: String| Column { heading, align: Align::Right };
        let columns =
            [heading("t".to_owned())].into_iter().chain(self.columns.iter().map(|(t, _)| heading(t.to_string())));
        let mut rows: Vec<Row> = self.rows.iter().map(|row| self.copy(row, t)).collect();
        let sums = self.columns.iter().map(|(_, opened)| Cell {
            text: line.subject.compact(opened.sum),
            value: value(opened.sum),
            ..Cell::default()
        });
        let name = Cell { text: line.output_function(), ..Cell::default() };
        rows.push(Row { kind: RowKind::Total, cells: [name].into_iter().chain(sums).collect() });
        Table {
            id: "copies".to_owned(),
            caption: format!(
                "Rows: copies of {} scaled by {}(τ) and delayed; columns: outputs ({})",
                line.subject.words().kernel,
                line.subject.words().input,
                line.subject.words().unit
            ),
            columns: columns.collect(),
            rows,
            marked: self.columns.iter().position(|(at, _)| *at == t).map(|at| at + 1),
        }
    }

    /// The copy of one sample. Terms of the marked column are the ones that other views show by the same name.
    fn copy(&self, &(tau, sample): &(isize, Number), t: isize) -> Row {
        let line = &self.line;
        let told = equals(&line.subject.labelled(sample));
        let name = match line.is_inside(tau) {
            true => format!("{} {told}", line.sample_name(tau)),
            false => format!("{} = {} {told}", line.sample_name(tau), line.virtual_name(tau)),
        };
        let cell = |(at, opened): &(isize, Opened)| {
            let Some(term) = opened.terms.iter().find(|term| line.met(term).0 == tau) else { return Cell::default() };
            Cell {
                text: line.subject.compact(term.product),
                value: value(term.product),
                term: (*at == t).then(|| format!("term-{tau}")),
                emphasis: if term.product.is_zero() { Emphasis::Faint } else { Emphasis::Plain },
            }
        };
        let name = Cell { text: name, value: value(sample), ..Cell::default() };
        Row { kind: RowKind::Body, cells: [name].into_iter().chain(self.columns.iter().map(cell)).collect() }
    }

    /// The marked column in symbols, and in numbers.
    fn reading(&self, t: isize, trace: &Trace) -> String {
        const MOST: usize = 8;
        let line = &self.line;
        let (f, g) = (&line.subject.words().input, &line.subject.words().kernel);
        let symbol = |term: &Term| {
            let (tau, k) = line.met(term);
            format!("{f}({tau})·{g}({k})")
        };
        let within = trace.terms.iter().filter(|term| line.is_inside(line.met(term).0) || line.is_extended());
        let terms: Vec<&Term> = within.collect();
        if terms.is_empty() {
            return format!("Column {t} is empty: no weight meets a sample.");
        }
        let list = |each: &dyn Fn(&Term) -> String| {
            let mut all: Vec<String> = terms.iter().take(MOST).map(|term| each(term)).collect();
            if terms.len() > MOST {
                all.push("…".to_owned());
            }
            all.join(" + ")
        };
        let numbers =
            list(&|term| format!("{}·{}", factor(&line.subject.told(term.sample)), factor(&exact(term.weight))));
        format!("Column {t}, read downwards: {} = {numbers} = {}.", list(&symbol), line.subject.told(trace.sum))
    }
}

/// What the two directions of reading have to do with the flip.
fn meaning(operation: Operation) -> &'static str {
    match operation {
        Operation::Convolve => {
            "The system adds delayed copies, and turns nothing round; flipping is how you read one column: downwards the index \
             of the kernel falls while that of the samples rises."
        }
        Operation::Correlate => {
            "A correlation: each row is the kernel backwards, so that both indices rise as you read a column downwards, and \
             nothing is flipped there."
        }
    }
}
