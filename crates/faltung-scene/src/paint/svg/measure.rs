//! How wide texts are: by the font that pictures are drawn with.

use std::sync::LazyLock;

use ttf_parser::Face;

/// The font, as a file.
pub(crate) const FONT: &[u8] = include_bytes!("../../../font/FaltungSans.ttf");

static FACE: LazyLock<Face<'static>> = LazyLock::new(|| Face::parse(FONT, 0).expect("the font that is built in"));

/// Pixels that a line takes at a size. What the font lacks is taken as a wide letter.
pub(super) fn width(text: &str, size: f64) -> f64 {
    let units = |c: char| {
        FACE.glyph_index(c)
            .and_then(|glyph| FACE.glyph_hor_advance(glyph))
            .map_or(1.0, |units| f64::from(units) / f64::from(FACE.units_per_em()))
    };
    text.chars().map(units).sum::<f64>() * size
}

/// Words in lines of at most so many pixels; a longer word is cut where it must be.
pub(super) fn wrapped(text: &str, size: f64, most: f64) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut line_width = 0.0;
    let blank = width(" ", size);
    for word in text.split_whitespace() {
        let needed = width(word, size);
        let line = lines.last_mut().expect("there is a line");
        if line.is_empty() && needed <= most {
            line.push_str(word);
            line_width = needed;
        } else if line_width + blank + needed <= most {
            line.push(' ');
            line.push_str(word);
            line_width += blank + needed;
        } else {
            let mut rest = String::new();
            for c in word.chars() {
                rest.push(c);
                if width(&rest, size) > most && rest.chars().count() > 1 {
                    rest.pop();
                    push(&mut lines, std::mem::take(&mut rest));
                    rest.push(c);
                }
            }
            line_width = width(&rest, size);
            push(&mut lines, rest);
        }
    }
    lines
}

/// A new line, or the first.
fn push(lines: &mut Vec<String>, text: String) {
    match lines.last_mut() {
        Some(line) if line.is_empty() => *line = text,
        _ => lines.push(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_measured_and_wrapped() {
        assert!(width("mm", 10.0) > 3.0 * width("ii", 10.0));
        assert_eq!(width("τ", 20.0), 2.0 * width("τ", 10.0));
        let lines = wrapped("one two three four", 10.0, width("one two", 10.0));
        assert_eq!(lines, ["one two", "three", "four"]);
        let cut = wrapped("incompressible", 10.0, 30.0);
        assert!(cut.len() > 1 && cut.iter().all(|line| width(line, 10.0) <= 30.0), "{cut:?}");
        assert_eq!(cut.concat(), "incompressible");
        assert_eq!(wrapped("", 10.0, 30.0), [""]);
    }
}
