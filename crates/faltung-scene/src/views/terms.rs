//! The view `terms`: every term of one output, in the order of the formula. For any number of dimensions.

use faltung::{
    Boundary, Operation,
    trace::{Origin, Term, Trace},
};

use super::{Story, axes::value, line::sum};
use crate::{Align, Cell, Column, Emphasis, Part, Result, Row, RowKind, Scene, Subject, Table, number::exact};

/// Most terms that a table lists.
const MOST: usize = 1000;

pub(super) fn story<'s>(subject: &'s Subject<'_>, at: &[isize]) -> Result<Story<'s>> {
    let at = at.to_vec();
    let scene = move |_| {
        let trace = subject.trace(&at)?;
        let name = output_name(subject, &at);
        let title = format!("{name} = {}", subject.told(trace.sum));
        let place = format!("at {}", index(&at));
        let sentence = format!("{name}: {}", sum(subject, &trace));
        let count = trace.terms.len();
        let description = format!(
            "The output at {} is the sum of {count} {}: {}.",
            index(&at),
            if count == 1 { "term" } else { "terms" },
            sum(subject, &trace)
        );
        let mut parts = vec![Part::Sentence(sentence), Part::Table(table(subject, &trace))];
        if count > MOST {
            parts.push(Part::Note(format!("Listed are the first {MOST} of {count} terms; the sum is that of all.")));
        }
        parts.push(Part::Note(turned(subject)));
        Ok(Scene { title, place, description, parts })
    };
    let title = format!("The terms of {}", output_name(subject, &[]));
    Ok(Story { title, places: 0..=0, chosen: 0, scene: Box::new(scene) })
}

/// Whether the kernel is turned round, in words.
pub(super) fn turned(subject: &Subject<'_>) -> String {
    match subject.tracer().operation() {
        Operation::Convolve => "A convolution: the kernel is turned round before it slides.",
        Operation::Correlate => "A correlation: the kernel slides as it is.",
    }
    .to_owned()
}

/// `(f*g)(3, 4)` where that is all, else `y(3, 4)`; without a place the function.
fn output_name(subject: &Subject<'_>, at: &[isize]) -> String {
    let words = subject.words();
    let plain = subject.tracer().sizes().iter().all(|size| {
        size.boundary.is_zero()
            && size.stride == 1
            && size.dilation == 1
            && size.upsample == 1
            && size.before + 1 == size.span
    });
    let whole = plain && subject.tracer().operation() == Operation::Convolve && subject.tracer().channels() == 1;
    let name = if whole { format!("({}*{})", words.input, words.kernel) } else { "y".to_owned() };
    if at.is_empty() { name } else { format!("{name}{}", index(at)) }
}

/// `(3, 4)`.
pub(super) fn index<I: std::fmt::Display>(index: &[I]) -> String {
    let all: Vec<String> = index.iter().map(ToString::to_string).collect();
    format!("({})", all.join(", "))
}

/// All terms, a row each.
fn table(subject: &Subject<'_>, trace: &Trace) -> Table {
    let words = subject.words();
    let headings = ["index", &words.input, "weight", &words.kernel, "product", "running", "from"];
    let columns = headings.iter().enumerate().map(|(at, heading)| Column {
        heading: (*heading).to_owned(),
        align: if at == 6 { Align::Left } else { Align::Right },
    });
    let row = |term: &Term| {
        let emphasis = if term.product.is_zero() { Emphasis::Faint } else { Emphasis::Plain };
        let id = term_id(&term.at);
        let text = |text: String| Cell { text, emphasis, term: Some(id.clone()), ..Cell::default() };
        let number = |text: String, number| Cell { value: value(number), ..self::cell(&id, text, emphasis) };
        let cells = vec![
            text(index(&term.at)),
            number(subject.told(term.sample), term.sample),
            text(index(&term.weight_at)),
            number(exact(term.weight), term.weight),
            number(subject.told(term.product), term.product),
            number(subject.told(term.running), term.running),
            text(origin(&words.input, &term.origin)),
        ];
        Row { kind: RowKind::Body, cells }
    };
    Table {
        id: "terms".to_owned(),
        caption: format!("The terms of the output at {}", index(&trace.at)),
        columns: columns.collect(),
        rows: trace.terms.iter().take(MOST).map(row).collect(),
        marked: None,
    }
}

fn cell(id: &str, text: String, emphasis: Emphasis) -> Cell {
    Cell { text, value: None, term: Some(id.to_owned()), emphasis }
}

/// `term-2`, and of several axes `term-2-3`.
pub(super) fn term_id(at: &[isize]) -> String {
    at.iter().fold("term".to_owned(), |id, i| format!("{id}-{i}"))
}

/// Where a sample comes from: nothing for one of the signal.
fn origin(letter: &str, origin: &Origin) -> String {
    match origin {
        Origin::Sample => String::new(),
        Origin::Gap => "a zero between samples".to_owned(),
        Origin::Virtual { beyond, source } => {
            let rules: Vec<String> = beyond.iter().map(|(_, boundary)| word(boundary)).collect();
            let rules = rules.join(", ");
            match source {
                Some(source) => format!("{rules}: {letter}{}", index(source)),
                None => rules,
            }
        }
    }
}

/// The boundary's word.
pub(super) fn word(boundary: &Boundary) -> String {
    boundary.to_string()
}
