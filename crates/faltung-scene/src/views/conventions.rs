//! The view `conventions`: which call of other libraries gives this result, and what their calls of the same name give.
//!
//! For each library a call that gives this very result, if it has one; then the calls that one would try first, with their
//! values and what is different: the kernel not turned round, another place to start, another boundary. Values are computed
//! here, by the options that each call comes to; tests compare them with what the libraries themselves gave.

mod calls;
mod namesakes;

use faltung::{Mode, Number, Operation, trace::Size};

use super::{Story, line::Line};
use crate::{Align, Cell, Column, Emphasis, Part, Result, Row, RowKind, Scene, Subject, Table, subject::unfit};

/// Most values that a row tells.
const MOST: isize = 12;

pub(super) fn story<'s>(subject: &'s Subject<'_>, at: &[isize]) -> Result<Story<'s>> {
    let (line, _) = Line::new("conventions", subject, at)?;
    if line.size.dilation > 1 {
        let advice = "put zeros between the weights instead, which all libraries take";
        return Err(unfit("conventions", "compares kernels without dilation, which few libraries have", advice));
    }
    let title = "The same in other libraries".to_owned();
    let at = at.to_vec();
    let scene = move |_| scene(subject, &line, &at);
    Ok(Story { title, places: 0..=0, chosen: 0, scene: Box::new(scene) })
}

fn scene(subject: &Subject<'_>, line: &Line<'_>, at: &[isize]) -> Result<Scene> {
    let asked = Asked::of(line);
    let values = values(line)?;
    let sentence = format!("{}, {}: {}", asked.told(), asked.size.mode, told(subject, &values, line.size.out));
    let calls = Table {
        id: "calls".to_owned(),
        caption: "Calls that give this".to_owned(),
        columns: columns(&[("library", Align::Left), ("call", Align::Left)]),
        rows: calls::all(&asked)
            .into_iter()
            .map(|(library, call)| row(&[(library.to_owned(), Emphasis::Plain), call]))
            .collect(),
        marked: None,
    };
    let namesakes = namesakes::all(&asked);
    let mut rows = Vec::new();
    for namesake in &namesakes {
        let (other, _) = Line::under("conventions", subject, &namesake.spec(subject.spec()), at)?;
        let theirs = self::values(&other)?;
        let difference = match theirs == values && other.size.out == line.size.out {
            true => "the same".to_owned(),
            false => namesake.difference(&asked, &other),
        };
        let emphasis = if theirs == values { Emphasis::Marked } else { Emphasis::Plain };
        rows.push(row(&[
            (namesake.call.clone(), Emphasis::Plain),
            (told(subject, &theirs, other.size.out), emphasis),
            (difference, Emphasis::Plain),
        ]));
    }
    let compared = Table {
        id: "namesakes".to_owned(),
        caption: "What calls of the same name give".to_owned(),
        columns: columns(&[("call", Align::Left), ("gives", Align::Left), ("compared with this", Align::Left)]),
        rows,
        marked: None,
    };
    let mut parts = vec![
        Part::Sentence(sentence.clone()),
        Part::Table(calls),
        Part::Table(compared),
        Part::Note(
            "x is the input and w the kernel: for PyTorch (F is torch.nn.functional) both of shape (1, 1, n), for OpenCV rows of \
             floats. MATLAB is quoted from its documentation; all others were run."
                .to_owned(),
        ),
    ];
    if asked.size.kernel > asked.size.len {
        parts.push(Part::Note(
            "NumPy exchanges input and kernel where the kernel is the longer one, and so does SciPy with mode valid: such calls \
             are not listed."
                .to_owned(),
        ));
    }
    let title = "The same in NumPy, SciPy, PyTorch, MATLAB and OpenCV".to_owned();
    let description =
        format!("{title}. {sentence}. A table of calls that give it, and one of what calls of the same name give.");
    Ok(Scene { title, place: asked.size.mode.to_string(), description, parts })
}

/// What is asked for, as other libraries need to know it.
struct Asked {
    size: Size,
    operation: Operation,
}

impl Asked {
    fn of(line: &Line<'_>) -> Asked {
        Asked { size: line.size.clone(), operation: line.tracer().operation() }
    }

    fn told(&self) -> String {
        let boundary = &self.size.boundary;
        let beyond = if boundary.is_zero() { String::new() } else { format!(" with {boundary} beyond the ends") };
        match self.operation {
            Operation::Convolve => format!("Convolution{beyond}"),
            Operation::Correlate => format!("Correlation{beyond}"),
        }
    }

    /// Where mode same starts in the full result.
    fn anchor(&self) -> usize {
        self.size.span - 1 - self.size.before.min(self.size.span - 1)
    }

    /// Whether outputs begin where SciPy's do, in a mode that it has.
    fn is_plain(&self) -> bool {
        match self.size.mode {
            Mode::Full | Mode::Valid => true,
            Mode::Same => self.anchor() == (self.size.kernel - 1) / 2,
            Mode::Padded { .. } => false,
        }
    }
}

/// The first outputs of a line.
fn values(line: &Line<'_>) -> Result<Vec<Number>> {
    (0..(line.size.out as isize).min(MOST)).map(|t| line.output(t)).collect()
}

/// Outputs in a row, and that there are more.
fn told(subject: &Subject<'_>, values: &[Number], all: usize) -> String {
    let mut texts: Vec<String> = values.iter().map(|value| subject.told(*value)).collect();
    if values.len() < all {
        texts.push("…".to_owned());
    }
    texts.join(" ")
}

fn columns(all: &[(&str, Align)]) -> Vec<Column> {
    all.iter().map(|(heading, align)| Column { heading: (*heading).to_owned(), align: *align }).collect()
}

fn row(cells: &[(String, Emphasis)]) -> Row {
    let cells =
        cells.iter().map(|(text, emphasis)| Cell { text: text.clone(), emphasis: *emphasis, ..Cell::default() });
    Row { kind: RowKind::Body, cells: cells.collect() }
}
