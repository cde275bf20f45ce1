//! `faltung evaluate`: how often a model is right.

use std::fmt::Write;

use faltung_train::Evaluation;
use serde::Serialize;

use super::predict::model;
use crate::{
    args::{Evaluate, Shifts},
    console,
    dataset::{Purpose, Source, refused},
    io::Failure,
    report,
};

/// Tells the accuracy, shift by shift, and who is taken for whom.
pub(super) fn run(args: &Evaluate) -> Result<(), Failure> {
    let net = model(&args.model)?;
    let data = Source::of(&args.data)?.load(Purpose::Test, args.seed)?;
    let Shifts { first, last } = args.shift.unwrap_or(Shifts { first: 0, last: 0 });
    let shifted = |pixels| Ok((pixels, net.accuracy_shifted(&data, pixels).map_err(refused)?));
    let shifts = (first..=last).map(shifted).collect::<Result<Vec<_>, Failure>>()?;
    let told = net.evaluate(&data).map_err(refused)?;
    if args.json {
        let (pictures, accuracy) = (told.pictures(), shifts[0].1);
        return report::print(&Told { accuracy, pictures, shifts, classes: &told.classes, confusion: &told.confusion });
    }
    let mut text = format!("accuracy {:.2} %\n", 100.0 * shifts[0].1);
    if args.shift.is_some() {
        for (pixels, accuracy) in &shifts {
            let _ = writeln!(text, "shifted by {pixels}: {:.2} %", 100.0 * accuracy);
        }
    }
    text.push_str(&confusion(&told));
    console::print(&text)
}

#[derive(Serialize)]
struct Told<'a> {
    /// For the first shift.
    accuracy: f64,
    pictures: usize,
    /// Pixels, and the accuracy.
    shifts: Vec<(usize, f64)>,
    classes: &'a [String],
    confusion: &'a [Vec<usize>],
}

/// Classes in rows, what they were taken for in columns: of pictures that are not shifted.
fn confusion(told: &Evaluation) -> String {
    let pictures = told.pictures();
    let mut text = format!("of {pictures} pictures as they are, {} are told right:\n", told.correct());
    let cells = told.classes.iter().map(String::len).chain([pictures.to_string().len()]);
    let width = cells.max().unwrap_or(1).clamp(1, 12) + 1;
    let short = |name: &str| name.chars().take(12).collect::<String>();
    let heading: String = told.classes.iter().map(|class| format!("{:>width$}", short(class))).collect();
    let _ = writeln!(text, "{:width$}{heading}", "");
    for (class, row) in told.classes.iter().zip(&told.confusion) {
        let cells: String = row.iter().map(|count| format!("{count:>width$}")).collect();
        let _ = writeln!(text, "{:>width$}{cells}", short(class));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_a_row_for_each_class() {
        let told = Evaluation { classes: vec!["cat".into(), "dog".into()], confusion: vec![vec![8, 1], vec![0, 13]] };
        let expected = "of 22 pictures as they are, 21 are told right:\n     cat dog\n cat   8   1\n dog   0  13\n";
        assert_eq!(confusion(&told), expected);
    }
}
