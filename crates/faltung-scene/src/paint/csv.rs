//! Tables as comma-separated values: numbers alone, for spreadsheets and programs.

use faltung::Number;

use crate::{Cell, Part, Scene, Table, exact};

/// The tables of the scene, one after the other, apart by an empty line; each begins with its headings.
///
/// Cells that tell a number have it with all its digits; a cell with a comma, a quote or a line break stands in quotes (RFC 4180).
///
/// ```
/// use faltung::Spec;
/// use faltung_scene::{Subject, View, paint::csv};
/// let scene = View::Stage.scene(&Subject::new(&[3, 5], &[2, 1], &Spec::new())?, &[1])?;
/// assert_eq!(csv(&scene), "τ,f(τ),g(1-τ),product,running\n0,3,g1=1,3,3\n1,5,g0=2,10,13\nsum,,,13,\n");
/// # Ok::<(), faltung_scene::Error>(())
/// ```
pub fn csv(scene: &Scene) -> String {
    let tables = scene.parts.iter().filter_map(|part| match part {
        Part::Table(table) => Some(lines(table)),
        _ => None,
    });
    tables.collect::<Vec<_>>().join("\n")
}

fn lines(table: &Table) -> String {
    let line = |cells: Vec<&str>| cells.into_iter().map(quoted).collect::<Vec<_>>().join(",") + "\n";
    let headings = line(table.columns.iter().map(|column| &column.heading[..]).collect());
    let rows = table.rows.iter().map(|row| {
        let texts: Vec<String> = row.cells.iter().map(text).collect();
        line(texts.iter().map(String::as_str).collect())
    });
    headings + &rows.collect::<String>()
}

/// What stands in the cell; where that is rounded, the number itself.
fn text(cell: &Cell) -> String {
    match cell.value {
        Some(value) if cell.text.starts_with('≈') => exact(Number::Real(value)),
        _ => cell.text.clone(),
    }
}

fn quoted(text: &str) -> String {
    match text.contains([',', '"', '\n', '\r']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_be_taken_apart_stands_in_quotes() {
        assert_eq!([quoted("28"), quoted("(3, 4)"), quoted("a \"b\"")], ["28", "\"(3, 4)\"", "\"a \"\"b\"\"\""]);
    }
}
