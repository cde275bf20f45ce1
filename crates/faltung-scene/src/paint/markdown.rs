//! Scenes as Markdown: headings, paragraphs, tables, and drawings as a block of text.

use super::text::{TextStyle, figure};
use crate::{Align, Emphasis, Part, RowKind, Scene, Table};

/// The scene as Markdown, with tables in pipes. What matters is bold.
///
/// ```
/// use faltung::Spec;
/// use faltung_scene::{Subject, View, paint::markdown};
/// let scene = View::Stage.scene(&Subject::new(&[3, 5], &[2, 1], &Spec::new())?, &[1])?;
/// let page = markdown(&scene);
/// assert!(page.starts_with("# (f\\*g)(1) = 13\n\nt = 1: 3·1 + 5·2 = 13\n"));
/// assert!(page.contains("\n| 1 | 5 | g0=2 | 10 | 13 |\n| **sum** |  |  | **13** |  |\n"));
/// # Ok::<(), faltung_scene::Error>(())
/// ```
pub fn markdown(scene: &Scene) -> String {
    let mut out = format!("# {}\n", escaped(&scene.title));
    for part in &scene.parts {
        out.push('\n');
        match part {
            Part::Sentence(words) => out.push_str(&format!("{}\n", escaped(words))),
            Part::Note(words) => out.push_str(&format!("*{}*\n", escaped(words))),
            Part::Table(table) => out.push_str(&lines(table)),
            Part::Figure(drawn) => out.push_str(&format!("```text\n{}```\n", figure(drawn, &TextStyle::default()))),
        }
    }
    out
}

fn lines(table: &Table) -> String {
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let rule = |align: &Align| if *align == Align::Left { ":--" } else { "--:" };
    let mut out = format!("{}\n\n", escaped(&table.caption));
    out.push_str(&line(table.columns.iter().map(|column| escaped(&column.heading)).collect()));
    out.push_str(&format!(
        "|{}|\n",
        table.columns.iter().map(|column| rule(&column.align)).collect::<Vec<_>>().join("|")
    ));
    for row in &table.rows {
        let cells = row.cells.iter().enumerate().map(|(at, cell)| {
            let strong = cell.emphasis == Emphasis::Marked || table.marked == Some(at) || row.kind == RowKind::Total;
            match escaped(&cell.text) {
                text if strong && !text.is_empty() => format!("**{text}**"),
                text => text,
            }
        });
        out.push_str(&line(cells.collect()));
    }
    out
}

/// Text in which nothing is a sign of Markdown.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if matches!(letter, '*' | '_' | '|' | '\\' | '`' | '<' | '>' | '[' | ']' | '#') {
            out.push('\\');
        }
        out.push(letter);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_of_markdown_are_escaped() {
        assert_eq!(escaped("(f*g)(t) | a_b"), "(f\\*g)(t) \\| a\\_b");
    }
}
