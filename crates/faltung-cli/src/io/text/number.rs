//! From cells to numbers and back.

use std::fmt::Write;

use faltung::Number;
use num_complex::Complex;

use super::Decimal;

/// What a cell holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Entry {
    /// A number.
    Number(Number),
    /// Nothing, or a word for it.
    Gap,
    /// Anything else.
    Word,
}

/// Words for nothing.
const GAPS: &[&str] = &["", "NA", "N/A", "n/a", "null", "NULL"];

/// What the cell holds.
pub(super) fn parse(cell: &str, decimal: Decimal) -> Entry {
    let cell = cell.trim();
    if GAPS.contains(&cell) {
        return Entry::Gap;
    }
    let number = match decimal {
        Decimal::Comma if comma_number(cell) => parse_number(&cell.replacen(',', ".", 1)),
        _ => parse_number(cell),
    };
    number.map_or(Entry::Word, Entry::Number)
}

/// Whether the cell is a number with a point.
pub(super) fn is_number(cell: &str) -> bool {
    parse_number(cell.trim()).is_some()
}

/// Whether the cell would be a number if its one comma were a point.
pub(super) fn comma_number(cell: &str) -> bool {
    let cell = cell.trim();
    cell.matches(',').count() == 1 && !cell.contains('.') && is_number(&cell.replacen(',', ".", 1))
}

/// Whether the comma of such a cell can only be a decimal one: thousands are one to three digits before exactly three.
pub(super) fn surely_decimal(cell: &str) -> bool {
    let cell = cell.trim().trim_start_matches(['+', '-']);
    let (whole, fraction) = cell.split_once(',').unwrap_or((cell, ""));
    let thousands = fraction.len() == 3 && (1..=3).contains(&whole.len()) && !whole.starts_with('0');
    !thousands
}

fn parse_number(cell: &str) -> Option<Number> {
    if let Ok(whole) = cell.parse::<i128>() {
        return Some(Number::Whole(whole));
    }
    if let Ok(real) = cell.parse::<f64>() {
        // Digits that come to infinity are a number that no float holds.
        let beyond = real.is_infinite() && cell.contains(|c: char| c.is_ascii_digit());
        return (!beyond).then_some(Number::Real(real));
    }
    // "1+2i", "1+2j" or "(1+2j)"; a lone letter is a name.
    let bare = cell.strip_prefix('(').and_then(|cell| cell.strip_suffix(')')).unwrap_or(cell);
    let complex = bare.ends_with(['i', 'j']) && bare.contains(|c: char| c.is_ascii_digit());
    complex.then(|| bare.parse::<Complex<f64>>().ok().map(Number::Complex))?
}

/// How many digits tell a number from its neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Precision {
    /// As many as an f32 needs.
    Single,
    /// As many as an f64 needs.
    Double,
}

/// Writes the number in the fewest digits that give it back: `15`, `0.1`, `1e300`, `1+2i`.
pub(super) fn print(number: Number, precision: Precision, decimal: Decimal, out: &mut String) {
    let start = out.len();
    match number {
        Number::Whole(whole) => write!(out, "{whole}").expect("a string takes everything"),
        Number::Real(real) => print_real(real, precision, out),
        Number::Complex(z) => {
            print_real(z.re, precision, out);
            if z.im.is_nan() || z.im.is_sign_positive() || z.im == 0.0 {
                out.push('+');
            }
            print_real(z.im, precision, out);
            out.push('i');
        }
    }
    if decimal == Decimal::Comma {
        let with_comma = out[start..].replace('.', ",");
        out.replace_range(start.., &with_comma);
    }
}

fn print_real(real: f64, precision: Precision, out: &mut String) {
    let real = if real == 0.0 { 0.0 } else { real }; // no minus before nothing
    let plain = real == 0.0 || !real.is_finite() || (1e-5..1e16).contains(&real.abs());
    match (precision, plain) {
        (Precision::Single, true) => write!(out, "{}", real as f32),
        (Precision::Single, false) => write!(out, "{:e}", real as f32),
        (Precision::Double, true) => write!(out, "{real}"),
        (Precision::Double, false) => write!(out, "{real:e}"),
    }
    .expect("a string takes everything");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(number: Number, precision: Precision) -> String {
        let mut out = String::new();
        print(number, precision, Decimal::Point, &mut out);
        out
    }

    #[test]
    fn numbers_are_written_in_the_fewest_digits_that_give_them_back() {
        for (real, text) in [
            (15.0, "15"),
            (-0.0, "0"),
            (0.1, "0.1"),
            (1e300, "1e300"),
            (1.5e-7, "1.5e-7"),
            (123456789.0, "123456789"),
            (f64::NAN, "NaN"),
            (f64::NEG_INFINITY, "-inf"),
        ] {
            assert_eq!(printed(Number::Real(real), Precision::Double), text);
        }
        assert_eq!(printed(Number::Real(0.1f32.into()), Precision::Single), "0.1");
        assert_eq!(printed(Number::Whole(-7), Precision::Double), "-7");
        assert_eq!(printed(Number::Complex(Complex::new(1.0, -2.5)), Precision::Double), "1-2.5i");
    }

    #[test]
    fn what_is_written_is_read_again() {
        for real in [1.0, 0.1, 1e300, 5e-324, f64::MAX, -1.0 / 3.0, 1e16, 123456.789e-9] {
            let Entry::Number(number) = parse(&printed(Number::Real(real), Precision::Double), Decimal::Point) else {
                panic!("{real} is a number");
            };
            assert_eq!(number.to_complex().re, real);
        }
        for z in [Complex::new(1.0, 2.0), Complex::new(-0.5, -1e300), Complex::new(0.0, 0.0)] {
            let text = printed(Number::Complex(z), Precision::Double);
            assert_eq!(parse(&text, Decimal::Point), Entry::Number(Number::Complex(z)), "{text}");
        }
    }

    #[test]
    fn words_are_no_numbers() {
        for word in ["abc", "i", "j", "1_000", "0x10", "2020-01-01", "1,5", "12:30", "--1", "1 2"] {
            assert_eq!(parse(word, Decimal::Point), Entry::Word, "{word}");
        }
    }

    #[test]
    fn a_comma_may_mean_thousands_only_before_three_digits() {
        assert!(surely_decimal("1,5") && surely_decimal("0,125") && surely_decimal("1234,567"));
        assert!(!surely_decimal("1,234") && !surely_decimal("-12,000"));
        assert!(comma_number("1,5e3") && !comma_number("1,234.5") && !comma_number("1,2,3"));
    }
}
