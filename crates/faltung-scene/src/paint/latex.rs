//! Scenes for LaTeX: paragraphs and tables to be read into a document, in the letters of its preamble.
//!
//! Nothing is needed but `amsmath`: formulas stand in mathematics, tables in `tabular`, drawings in `verbatim`, whose letters are
//! ASCII.

use super::text::{Letters, TextStyle, figure};
use crate::{Align, Emphasis, Part, RowKind, Scene, Table};

/// The scene as the body of a LaTeX document: to be read by `\input`.
///
/// ```
/// use faltung::Spec;
/// use faltung_scene::{Subject, View, paint::latex};
/// let scene = View::Stage.scene(&Subject::new(&[3, 5], &[2, 1], &Spec::new())?, &[1])?;
/// let body = latex(&scene);
/// assert!(body.starts_with("\\subsection*{(f*g)(1) = 13}\n\nt = 1: 3\\(\\cdot\\)1 + 5\\(\\cdot\\)2 = 13\n"));
/// assert!(body.contains("\n1 & 5 & g0=2 & 10 & 13 \\\\\n\\hline\nsum &  &  & \\textbf{13} &  \\\\\n"));
/// # Ok::<(), faltung_scene::Error>(())
/// ```
pub fn latex(scene: &Scene) -> String {
    let mut out = format!("\\subsection*{{{}}}\n", escaped(&scene.title));
    for part in &scene.parts {
        out.push('\n');
        match part {
            Part::Sentence(words) => out.push_str(&format!("{}\n", escaped(words))),
            Part::Note(words) => out.push_str(&format!("\\emph{{{}}}\n", escaped(words))),
            Part::Table(table) => out.push_str(&tabular(table)),
            Part::Figure(drawn) => {
                let style = TextStyle { letters: Letters::Ascii, ..TextStyle::default() };
                out.push_str(&format!("\\begin{{verbatim}}\n{}\\end{{verbatim}}\n", figure(drawn, &style)));
            }
        }
    }
    out
}

fn tabular(table: &Table) -> String {
    let columns: String =
        table.columns.iter().map(|column| if column.align == Align::Left { 'l' } else { 'r' }).collect();
    let line = |cells: Vec<String>| format!("{} \\\\\n", cells.join(" & "));
    let mut out = format!("{}\n\n\\begin{{tabular}}{{{columns}}}\n\\hline\n", escaped(&table.caption));
    out.push_str(&line(table.columns.iter().map(|column| escaped(&column.heading)).collect()));
    out.push_str("\\hline\n");
    for row in &table.rows {
        if row.kind == RowKind::Total {
            out.push_str("\\hline\n");
        }
        let cells = row.cells.iter().enumerate().map(|(at, cell)| {
            let strong = cell.emphasis == Emphasis::Marked || table.marked == Some(at);
            match escaped(&cell.text) {
                text if strong && !text.is_empty() => format!("\\textbf{{{text}}}"),
                text => text,
            }
        });
        out.push_str(&line(cells.collect()));
    }
    out + "\\hline\n\\end{tabular}\n"
}

/// Text in which nothing is a sign of LaTeX, and every letter is one that it has.
fn escaped(text: &str) -> String {
    const SIGNS: &[(char, &str)] = &[
        ('\\', "\\textbackslash{}"),
        ('{', "\\{"),
        ('}', "\\}"),
        ('$', "\\$"),
        ('&', "\\&"),
        ('#', "\\#"),
        ('%', "\\%"),
        ('_', "\\_"),
        ('^', "\\textasciicircum{}"),
        ('~', "\\textasciitilde{}"),
        ('<', "\\(<\\)"),
        ('>', "\\(>\\)"),
        ('τ', "\\(\\tau\\)"),
        ('·', "\\(\\cdot\\)"),
        ('×', "\\(\\times\\)"),
        ('⋆', "\\(\\star\\)"),
        ('≈', "\\(\\approx\\)"),
        ('…', "\\dots{}"),
        ('→', "\\(\\to\\)"),
        ('≤', "\\(\\le\\)"),
        ('≥', "\\(\\ge\\)"),
    ];
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match SIGNS.iter().find(|(sign, _)| *sign == letter) {
            Some((_, name)) => out.push_str(name),
            None => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_of_latex_are_escaped() {
        assert_eq!(escaped("a_b & 5% g(4-τ)"), "a\\_b \\& 5\\% g(4-\\(\\tau\\))");
    }
}
