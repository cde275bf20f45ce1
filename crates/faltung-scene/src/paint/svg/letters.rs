//! Words in the font of pictures: how wide they are, and where lines break.

/// The font that pictures are laid out with: a part of DejaVu Sans. A painter of pixels draws with it.
pub const FONT: &[u8] = include_bytes!("../../../font/FaltungSans.ttf");

/// What `font-family` says: this font first, then others that are about as wide.
pub(super) const FAMILY: &str = "Faltung Sans, DejaVu Sans, Bitstream Vera Sans, Verdana, sans-serif";

/// Height of a line of letters above its base line, and below it, in parts of the size.
pub(super) const ABOVE: f64 = 0.78;
pub(super) const BELOW: f64 = 0.22;

/// Units of the font for its size, and how far each of its letters advances, in the order of the letters: see `build.rs`.
const ADVANCES: (u16, &[(char, u16)]) = include!(concat!(env!("OUT_DIR"), "/advances.rs"));

/// Advances of the letters that nearly all words are of, which need not be looked for each time.
const ASCII: [u16; 128] = {
    let (units, all) = ADVANCES;
    let (mut ascii, mut at) = ([units; 128], 0);
    while at < all.len() && all[at].0.is_ascii() {
        ascii[all[at].0 as usize] = all[at].1;
        at += 1;
    }
    ascii
};

/// How far a letter advances, in units of the font. What the font lacks is drawn by another font: about as wide as its size.
fn looked_up(letter: char) -> u16 {
    let (units, all) = ADVANCES;
    all.binary_search_by_key(&letter, |&(letter, _)| letter).map_or(units, |at| all[at].1)
}

/// The width of a line of words at a size, in pixels.
pub(super) fn width(words: &str, size: f64) -> f64 {
    let advance = |letter: char| ASCII.get(letter as usize).copied().unwrap_or_else(|| looked_up(letter));
    words.chars().map(|letter| f64::from(advance(letter))).sum::<f64>() * size / f64::from(ADVANCES.0)
}

/// Words in lines of at most this width. Only a word that is wider than a line is broken within.
pub(super) fn wrapped(words: &str, size: f64, most: f64) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in words.split_whitespace() {
        for piece in pieces(word, size, most) {
            let line = lines.last_mut().expect("there is a line");
            let joined = if line.is_empty() { piece.clone() } else { format!("{line} {piece}") };
            match line.is_empty() || width(&joined, size) <= most {
                true => *line = joined,
                false => lines.push(piece),
            }
        }
    }
    lines
}

/// The word, in pieces if it is too wide.
fn pieces(word: &str, size: f64, most: f64) -> Vec<String> {
    let mut out = vec![String::new()];
    for letter in word.chars() {
        let last = out.last_mut().expect("there is a piece");
        last.push(letter);
        if width(last, size) > most && last.chars().count() > 1 {
            last.pop();
            out.push(letter.to_string());
        }
    }
    out
}

/// The width of the widest word.
pub(super) fn widest_word(words: &str, size: f64) -> f64 {
    words.split_whitespace().map(|word| width(word, size)).fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_are_those_of_the_font() {
        // All digits of DejaVu Sans are 1303 of 2048 units wide.
        assert_eq!(width("28", 2048.0), 2606.0);
        assert_eq!(width("", 12.0), 0.0);
    }

    #[test]
    fn lines_break_between_words() {
        assert_eq!(wrapped("one two three", 10.0, width("one two", 10.0)), ["one two", "three"]);
        assert_eq!(wrapped("11111", 10.0, width("11", 10.0)), ["11", "11", "1"]);
        assert_eq!(wrapped("", 10.0, 5.0), [""]);
    }

    #[test]
    fn the_font_has_every_character_of_the_views() {
        let signs = "τ·×⋆≈−…→←↑↓Σ≤≥µ′₀₉⁰⁹∫√∞σ●○";
        let has = |sign: char| ADVANCES.1.iter().any(|&(letter, _)| letter == sign);
        assert!(signs.chars().all(has));
    }
}
