//! Scenes for a terminal: as wide as it is, in letters that it has, in colours only if it wants them.
//!
//! What matters is set in brackets, so colours and bold type say nothing that the characters do not say. A table that is wider
//! than the terminal is folded into several below one another, each with its rows' headings.

mod chart;
mod grid;
mod letters;
mod table;

use unicode_width::UnicodeWidthStr;

use crate::{Arrange, Figure, Part, Scene};
pub(super) use letters::ascii;

/// How a terminal is written to.
///
/// ```
/// use faltung_scene::paint::TextStyle;
/// assert_eq!(TextStyle::default().width, 80);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextStyle {
    /// Characters in a line.
    pub width: usize,
    /// Which characters there are.
    pub letters: Letters,
    /// Whether there are colours.
    pub colour: Colour,
}

impl Default for TextStyle {
    /// 80 characters, all letters, no colours.
    fn default() -> Self {
        TextStyle { width: 80, letters: Letters::Unicode, colour: Colour::None }
    }
}

/// The characters of a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Letters {
    /// All.
    Unicode,
    /// The first 128: `tau` for `τ`, `*` for `·`.
    Ascii,
}

/// The colours of a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    /// None: what a file or a pipe gets, and who sets `NO_COLOR`.
    None,
    /// By ANSI escapes: bold for what is marked, dim for what is faint, a colour for each sign of a product.
    Ansi,
}

/// The scene as text, in lines of at most the width where words and numbers allow it.
///
/// ```
/// use faltung::Spec;
/// use faltung_scene::{Subject, View, paint::{TextStyle, text}};
/// let scene = View::Terms.scene(&Subject::new(&[3, 5], &[2, 1], &Spec::new())?, &[1])?;
/// let shown = text(&scene, &TextStyle::default());
/// assert!(shown.starts_with("(f*g)(1) = 13\n\n(f*g)(1): 3·1 + 5·2 = 13\n"));
/// # Ok::<(), faltung_scene::Error>(())
/// ```
pub fn text(scene: &Scene, style: &TextStyle) -> String {
    let mut out = format!("{}\n", style.paint(Tone::Bold, &style.say(&scene.title)));
    for part in &scene.parts {
        out.push('\n');
        match part {
            Part::Sentence(words) | Part::Note(words) => out.push_str(&wrapped(&style.say(words), style.width)),
            Part::Table(table) => out.push_str(&table::table(table, style)),
            Part::Figure(figure) => out.push_str(&self::figure(figure, style)),
        }
    }
    out
}

/// The drawing alone, as Markdown and LaTeX set it in a block of text.
pub(super) fn figure(figure: &Figure, style: &TextStyle) -> String {
    match figure.arrange {
        Arrange::Column => {
            // One margin for all, so that a vertical line reads through them.
            let margin = figure.panels.iter().map(|panel| chart::margin(&panel.y, style)).max().unwrap_or(0);
            let charts: Vec<String> = figure.panels.iter().map(|panel| chart::chart(panel, margin, style)).collect();
            charts.join("\n")
        }
        Arrange::Row => grid::grids(&figure.panels, style),
    }
}

/// How a piece of text stands out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tone {
    Plain,
    Bold,
    Dim,
    Positive,
    Negative,
}

impl TextStyle {
    /// The words in letters that the terminal has.
    fn say(&self, words: &str) -> String {
        match self.letters {
            Letters::Unicode => words.to_owned(),
            Letters::Ascii => ascii(words),
        }
    }

    /// One of two signs.
    fn sign(&self, unicode: char, ascii: char) -> char {
        match self.letters {
            Letters::Unicode => unicode,
            Letters::Ascii => ascii,
        }
    }

    /// The text in a colour, if there are colours.
    fn paint(&self, tone: Tone, text: &str) -> String {
        let code = match (self.colour, tone) {
            (Colour::None, _) | (_, Tone::Plain) => return text.to_owned(),
            (_, Tone::Bold) => "1",
            (_, Tone::Dim) => "2",
            (_, Tone::Positive) => "34",
            (_, Tone::Negative) => "31",
        };
        format!("\x1b[{code}m{text}\x1b[0m")
    }
}

/// Columns that a text takes.
fn width(text: &str) -> usize {
    UnicodeWidthStr::width(text)
}

/// The text padded with blanks to a width: at its end, or before it.
fn padded(text: &str, to: usize, align: crate::Align) -> String {
    let blanks = " ".repeat(to.saturating_sub(width(text)));
    match align {
        crate::Align::Left => format!("{text}{blanks}"),
        crate::Align::Right => format!("{blanks}{text}"),
    }
}

/// Words in lines.
fn wrapped(words: &str, most: usize) -> String {
    let mut lines = vec![String::new()];
    for word in words.split_whitespace() {
        let line = lines.last_mut().expect("there is a line");
        match line.is_empty() {
            true => line.push_str(word),
            false if width(line) + 1 + width(word) <= most => {
                line.push(' ');
                line.push_str(word);
            }
            false => lines.push(word.to_owned()),
        }
    }
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_set_in_lines_of_the_width() {
        assert_eq!(wrapped("one two three", 7), "one two\nthree\n");
        assert_eq!(wrapped("incompressible", 5), "incompressible\n");
    }
}
