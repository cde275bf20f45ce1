//! The view `sizes`: how long the result is, with the numbers in the formula.

use faltung::trace::Size;

use super::{Story, terms::index};
use crate::{Align, Cell, Column, Emphasis, Part, Result, Row, RowKind, Scene, Subject, Table};

pub(super) fn story<'s>(subject: &'s Subject<'_>, _: &[isize]) -> Result<Story<'s>> {
    let title = format!("The result has shape {}", index(&subject.tracer().output_shape()));
    let scene = move |_| Ok(scene(subject));
    Ok(Story { title, places: 0..=0, chosen: 0, scene: Box::new(scene) })
}

fn scene(subject: &Subject<'_>) -> Scene {
    let tracer = subject.tracer();
    let title = format!(
        "An input of shape {} and a kernel of shape {} give {}",
        index(tracer.input_shape()),
        index(tracer.kernel_shape()),
        index(&tracer.output_shape())
    );
    let sizes = tracer.sizes();
    let mut parts: Vec<Part> = sizes.iter().map(|size| Part::Sentence(sentence(size, sizes.len()))).collect();
    parts.push(Part::Table(table(sizes)));
    let unused = sizes.iter().filter(|size| size.unused > 0).map(|size| {
        let (count, stride) = (size.unused, size.stride);
        let last = if count == 1 { "last sample".to_owned() } else { format!("last {count} samples") };
        let padded = if count <= size.after { " of the padding" } else { "" };
        Part::Note(format!(
            "No output uses the {last}{padded} along axis {}: a stride of {stride} leads past.",
            size.axis
        ))
    });
    parts.extend(unused);
    parts.push(Part::Note("All modes have this formula; they differ in what they add before and after.".to_owned()));
    let told: Vec<String> = sizes.iter().map(|size| sentence(size, sizes.len())).collect();
    let place = index(&tracer.output_shape());
    Scene { description: format!("{title}. {}", told.join(" ")), title, place, parts }
}

/// The formula in letters and in numbers.
fn sentence(size: &Size, axes: usize) -> String {
    let along = if axes > 1 { format!("Along axis {}: ", size.axis) } else { String::new() };
    format!("{along}outputs = floor((n + before + after - span) / stride) + 1 = {size}.")
}

fn table(sizes: &[Size]) -> Table {
    let columns = [("quantity", Align::Left), ("how", Align::Left)];
    let columns = columns.map(|(heading, align)| Column { heading: heading.to_owned(), align });
    let axes = sizes.iter().map(|size| Column { heading: format!("axis {}", size.axis), align: Align::Right });
    let row = |quantity: &str, how: &str, number: fn(&Size) -> usize| {
        let words = [quantity, how].map(|text| Cell { text: text.to_owned(), ..Cell::default() });
        let numbers = sizes.iter().map(|size| Cell {
            text: number(size).to_string(),
            value: Some(number(size) as f64),
            ..Cell::default()
        });
        Row { kind: RowKind::Body, cells: words.into_iter().chain(numbers).collect() }
    };
    let mut rows = vec![row("samples", "", |size| size.len)];
    if sizes.iter().any(|size| size.upsample > 1) {
        rows.push(row("n", "(samples - 1) × upsample + 1", |size| size.signal));
    } else {
        rows.push(row("n", "the samples", |size| size.signal));
    }
    rows.extend([
        row("K", "weights", |size| size.kernel),
        row("dilation", "samples from weight to weight", |size| size.dilation),
        row("span", "(K - 1) × dilation + 1", |size| size.span),
        row("before", "added by the mode", |size| size.before),
        row("after", "added by the mode", |size| size.after),
        row("stride", "samples from output to output", |size| size.stride),
        row("unused", "samples past the last window", |size| size.unused),
    ]);
    let mode = sizes.iter().map(|size| Cell { text: size.mode.to_string(), ..Cell::default() });
    let words = ["mode", ""].map(|text| Cell { text: text.to_owned(), ..Cell::default() });
    rows.insert(5, Row { kind: RowKind::Body, cells: words.into_iter().chain(mode).collect() });
    let mut out = row("outputs", "floor((n + before + after - span) / stride) + 1", |size| size.out);
    out.kind = RowKind::Total;
    out.cells.iter_mut().skip(2).for_each(|cell| cell.emphasis = Emphasis::Marked);
    rows.push(out);
    Table {
        id: "sizes".to_owned(),
        caption: "What makes the number of outputs".to_owned(),
        columns: columns.into_iter().chain(axes).collect(),
        rows,
        marked: None,
    }
}
