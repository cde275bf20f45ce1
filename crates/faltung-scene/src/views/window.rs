//! The view `window`, for two axes: the window on the input, the weights as they meet it, their products, and the output.
//!
//! A convolution turns the kernel round by 180 degrees, a correlation does not: which of the two it is stands in the caption.

use faltung::{
    Number, Operation,
    trace::{Origin, Term, Trace},
};

use super::{
    Story,
    axes::{height, places, value},
    line::sum,
    terms::{index, term_id, turned},
};
use crate::{
    Align, Arrange, Axis, Cell, Column, Emphasis, Figure, Label, Mark, Panel, Part, Place, Result, Role, Row, RowKind,
    Scene, Shape, Subject, Table,
    number::{exact, factor},
    subject::unfit,
};

/// Most rows and columns of a window that is drawn.
const LARGEST: usize = 12;
/// Samples shown around the window, and outputs around the one shown.
const AROUND: isize = 2;
/// Most places of a film: all outputs of a small result, else those of one row.
const MOST_PLACES: usize = 64;

pub(super) fn story<'s>(subject: &'s Subject<'_>, at: &[isize]) -> Result<Story<'s>> {
    let window = Window::new(subject, at)?;
    let (places, chosen) = window.walk();
    let title = "The window, from place to place".to_owned();
    Ok(Story { title, places, chosen, scene: Box::new(move |number| window.scene(number)) })
}

/// Whether a window can be drawn: two axes, one channel, and not too many weights.
pub(super) fn fits(subject: &Subject<'_>) -> bool {
    why_not(subject).is_none()
}

/// Why a window cannot be drawn, and what to do.
fn why_not(subject: &Subject<'_>) -> Option<(String, &'static str)> {
    match subject.tracer().sizes() {
        [_] => Some(("is for two axes slid along, and there is 1".to_owned(), "choose view stage")),
        [a, b] if a.kernel > LARGEST || b.kernel > LARGEST => {
            let problem =
                format!("draws up to {LARGEST} by {LARGEST} weights, and there are {} by {}", a.kernel, b.kernel);
            Some((problem, "choose view terms, which lists them"))
        }
        [_, _] if subject.tracer().channels() > 1 => {
            Some(("shows one channel, and these outputs sum over several".to_owned(), "choose view terms"))
        }
        [_, _] => None,
        all => Some((format!("is for two axes slid along, and there are {}", all.len()), "choose view terms")),
    }
}

struct Window<'s> {
    subject: &'s Subject<'s>,
    at: Vec<isize>,
    /// The two axes slid along: rows and columns.
    axes: [usize; 2],
    /// The output's extents along them.
    out: [usize; 2],
    /// Whether the film walks over all outputs, or along one row.
    all: bool,
}

impl<'s> Window<'s> {
    fn new(subject: &'s Subject<'_>, at: &[isize]) -> Result<Window<'s>> {
        let sizes = subject.tracer().sizes();
        if let Some((problem, advice)) = why_not(subject) {
            return Err(unfit("window", problem, advice));
        }
        let mut axes = [sizes[0].axis, sizes[1].axis];
        axes.sort_unstable();
        let out = axes.map(|axis| sizes.iter().find(|size| size.axis == axis).map_or(0, |size| size.out));
        subject.trace(at)?; // whatever is wrong with the place, and with the samples
        let within = |axis: usize| (0..out[axis] as isize).contains(&at[axes[axis]]);
        if !within(0) || !within(1) {
            let (position, shape) = (at.to_vec(), subject.tracer().output_shape().to_vec());
            return Err(faltung::Error::Position { position, shape, problem: "give one within it" }.into());
        }
        Ok(Window { subject, at: at.to_vec(), axes, out, all: out[0].saturating_mul(out[1]) <= MOST_PLACES })
    }

    /// The numbers of the film's places, and that of the one asked for.
    fn walk(&self) -> (std::ops::RangeInclusive<isize>, isize) {
        let [rows, columns] = self.out.map(|n| n as isize);
        let (row, column) = (self.at[self.axes[0]], self.at[self.axes[1]]);
        match self.all {
            true => (0..=rows * columns - 1, row * columns + column),
            false => {
                let near = MOST_PLACES as isize / 2;
                ((column - near).max(0)..=(column + near).min(columns - 1), column)
            }
        }
    }

    /// The output of this number.
    fn place(&self, number: isize) -> Vec<isize> {
        let mut at = self.at.clone();
        let columns = self.out[1] as isize;
        if self.all {
            at[self.axes[0]] = number / columns;
        }
        at[self.axes[1]] = if self.all { number % columns } else { number };
        at
    }

    fn scene(&self, number: isize) -> Result<Scene> {
        let at = self.place(number);
        let trace = self.subject.trace(&at)?;
        let total = self.subject.told(trace.sum);
        let title = format!("y{} = {total}", index(&at));
        let caption = turned(self.subject);
        let caption = match self.subject.tracer().operation() {
            Operation::Convolve => format!("{caption} In two dimensions that is a turn by 180 degrees."),
            Operation::Correlate => caption,
        };
        let sentence = format!("y{}: {}", index(&at), sum(self.subject, &trace));
        let description = format!("{sentence}. {caption}");
        let parts = vec![
            Part::Sentence(sentence),
            Part::Figure(self.figure(&at, &trace)?),
            Part::Table(self.table(&trace)),
            Part::Note(caption),
        ];
        Ok(Scene { title, place: format!("at {}", index(&at)), description, parts })
    }

    /// Row and column of a term's sample.
    fn cell_of(&self, term: &Term) -> (isize, isize) {
        (term.at[self.axes[0]], term.at[self.axes[1]])
    }

    /// The window as a table: a product in each cell.
    fn table(&self, trace: &Trace) -> Table {
        let met: Vec<(isize, isize)> = trace.terms.iter().map(|term| self.cell_of(term)).collect();
        let distinct = |mut all: Vec<isize>| {
            all.sort_unstable();
            all.dedup();
            all
        };
        let rows = distinct(met.iter().map(|(row, _)| *row).collect());
        let columns = distinct(met.iter().map(|(_, column)| *column).collect());
        let cell = |row: isize, column: isize| {
            let term = trace.terms.iter().find(|term| self.cell_of(term) == (row, column));
            let Some(term) = term else { return Cell::default() };
            let (x, w) = (self.subject.told(term.sample), exact(term.weight));
            let x = if term.origin == Origin::Sample { factor(&x) } else { format!("({x})") };
            Cell {
                text: format!("{x}·{} = {}", factor(&w), self.subject.told(term.product)),
                value: value(term.product),
                term: Some(term_id(&term.at)),
                emphasis: if term.product.is_zero() { Emphasis::Faint } else { Emphasis::Plain },
            }
        };
        let row = |row: &isize| {
            let name = Cell { text: format!("row {row}"), ..Cell::default() };
            Row {
                kind: RowKind::Body,
                cells: [name].into_iter().chain(columns.iter().map(|column| cell(*row, *column))).collect(),
            }
        };
        let mut body: Vec<Row> = rows.iter().map(row).collect();
        let mut total = vec![Cell::default(); columns.len() + 1];
        total[0].text = "sum".to_owned();
        total[1] = Cell {
            text: self.subject.told(trace.sum),
            value: value(trace.sum),
            emphasis: Emphasis::Marked,
            ..Cell::default()
        };
        body.push(Row { kind: RowKind::Total, cells: total });
        let heading = |column: &isize| Column { heading: format!("column {column}"), align: Align::Right };
        let first = Column { heading: String::new(), align: Align::Left };
        Table {
            id: "window".to_owned(),
            caption: "Sample · weight = product; samples beyond the edges in brackets".to_owned(),
            columns: [first].into_iter().chain(columns.iter().map(heading)).collect(),
            rows: body,
            marked: None,
        }
    }

    fn figure(&self, at: &[isize], trace: &Trace) -> Result<Figure> {
        let panels = vec![self.input(trace)?, self.weights(trace), self.products(trace), self.output(at)?];
        let description = format!(
            "Four grids: the input around the window, which is framed; the weights as they meet it; their products; and the outputs \
             around {}, which is {}.",
            index(at),
            self.subject.told(trace.sum)
        );
        Ok(Figure { id: "window".to_owned(), description, arrange: Arrange::Row, panels, links: Vec::new() })
    }

    /// The samples of the window and around it; virtual ones with their source where one supplies them.
    fn input(&self, trace: &Trace) -> Result<Panel> {
        let met = |term: &Term| self.cell_of(term);
        let rows = ends(trace.terms.iter().map(|term| met(term).0));
        let columns = ends(trace.terms.iter().map(|term| met(term).1));
        let shape = self.axes.map(|axis| self.subject.tracer().input_shape()[axis] as isize);
        let shown = [(rows.0 - AROUND, rows.1 + AROUND), (columns.0 - AROUND, columns.1 + AROUND)];
        let mut marks = Vec::new();
        for row in shown[0].0..=shown[0].1 {
            for column in shown[1].0..=shown[1].1 {
                let inside = (0..shape[0]).contains(&row) && (0..shape[1]).contains(&column);
                let term = trace.terms.iter().find(|term| met(term) == (row, column));
                let sample = match term {
                    Some(term) => term.sample,
                    None if inside => self.sample(row, column)?,
                    None => continue,
                };
                let source = term.and_then(|term| match &term.origin {
                    Origin::Virtual { source: Some(source), .. } => {
                        Some(format!("\n{}", index(&self.axes.map(|axis| source[axis]))))
                    }
                    _ => None,
                });
                let mut mark = square("input", row, column, sample, self.subject.labelled(sample));
                mark.role = if inside { Role::Input } else { Role::Virtual };
                mark.term = term.map(|term| term_id(&term.at));
                if let (Some(label), Some(source)) = (&mut mark.label, source) {
                    label.text.push_str(&source);
                }
                marks.push(mark);
            }
        }
        marks.push(Mark {
            id: "window".to_owned(),
            term: None,
            value: None,
            shape: Shape::Frame {
                from: [columns.0 as f64 - 0.5, rows.0 as f64 - 0.5],
                to: [columns.1 as f64 + 0.5, rows.1 as f64 + 0.5],
            },
            role: Role::Marker,
            label: None,
        });
        Ok(grid("input", &format!("input {}", self.subject.words().input), shown, marks))
    }

    fn sample(&self, row: isize, column: isize) -> Result<Number> {
        let mut index: Vec<usize> = self.at.iter().map(|&i| i as usize).collect();
        index[self.axes[0]] = row as usize;
        index[self.axes[1]] = column as usize;
        self.subject.sample(&index)
    }

    /// A grid of the kernel's extents, a cell for each term in the order of the window.
    fn of_terms(&self, id: &str, title: &str, trace: &Trace, number: fn(&Term) -> Number) -> Panel {
        let sizes = self.subject.tracer().sizes();
        let columns = sizes.iter().find(|size| size.axis == self.axes[1]).map_or(1, |size| size.kernel) as isize;
        let rows = trace.terms.len() as isize / columns;
        let cells = trace.terms.iter().enumerate().map(|(at, term)| {
            let (row, column) = (at as isize / columns, at as isize % columns);
            let mut mark = square(id, row, column, number(term), self.subject.labelled(number(term)));
            mark.term = Some(term_id(&term.at));
            mark.role = match (id, height(number(term))) {
                ("weights", _) => Role::Kernel,
                (_, y) if y < 0.0 => Role::Negative,
                (_, y) if y > 0.0 => Role::Positive,
                _ => Role::Plain,
            };
            mark
        });
        grid(id, title, [(0, rows - 1), (0, columns - 1)], cells.collect())
    }

    fn weights(&self, trace: &Trace) -> Panel {
        let title = match self.subject.tracer().operation() {
            Operation::Convolve => format!("weights {}, turned by 180 degrees", self.subject.words().kernel),
            Operation::Correlate => format!("weights {}, not turned", self.subject.words().kernel),
        };
        self.of_terms("weights", &title, trace, |term| term.weight)
    }

    fn products(&self, trace: &Trace) -> Panel {
        let title = format!("products, sum {}", self.subject.labelled(trace.sum));
        self.of_terms("products", &title, trace, |term| term.product)
    }

    /// The outputs around the one shown.
    fn output(&self, at: &[isize]) -> Result<Panel> {
        let [row, column] = self.axes.map(|axis| at[axis]);
        let range = |place: isize, out: usize| ((place - AROUND).max(0), (place + AROUND).min(out as isize - 1));
        let shown = [range(row, self.out[0]), range(column, self.out[1])];
        let mut marks = Vec::new();
        for i in shown[0].0..=shown[0].1 {
            for j in shown[1].0..=shown[1].1 {
                let mut place = at.to_vec();
                (place[self.axes[0]], place[self.axes[1]]) = (i, j);
                let sum = self.subject.trace(&place)?.sum;
                let mut mark = square("output", i, j, sum, self.subject.labelled(sum));
                mark.role = if (i, j) == (row, column) { Role::Marker } else { Role::Output };
                marks.push(mark);
            }
        }
        Ok(grid("output", "output y", shown, marks))
    }
}

fn ends(all: impl Iterator<Item = isize>) -> (isize, isize) {
    all.fold((isize::MAX, isize::MIN), |(least, most), i| (least.min(i), most.max(i)))
}

/// A cell with its number inside.
fn square(panel: &str, row: isize, column: isize, number: Number, text: String) -> Mark {
    Mark {
        id: format!("{panel}-{row}-{column}"),
        term: None,
        value: value(number),
        shape: Shape::Square { x: column as f64, y: row as f64 },
        role: Role::Plain,
        label: Some(Label { text, place: Place::Inside, optional: false }),
    }
}

/// A panel of cells: rows downwards, half a cell of room around.
fn grid(id: &str, title: &str, [rows, columns]: [(isize, isize); 2], marks: Vec<Mark>) -> Panel {
    let axis = |name: &str, (first, last): (isize, isize)| Axis {
        from: first as f64 - 0.5,
        to: last as f64 + 0.5,
        ..places(name.to_owned(), (first, last), |i| Some(i.to_string()))
    };
    Panel {
        id: id.to_owned(),
        title: title.to_owned(),
        x: axis("column", columns),
        y: Axis { downwards: true, ..axis("row", rows) },
        marks,
    }
}
