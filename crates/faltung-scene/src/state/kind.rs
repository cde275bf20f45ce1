//! Which values a property takes, and how they are written.

use faltung::{Boundary, Mode, Number};
use faltung_continuous::System;
use form_urlencoded::byte_serialize;

/// The most numbers of a sequence.
const MOST_NUMBERS: usize = 10_000;
/// The most characters of an expression.
const MOST_EXPRESSION: usize = 2000;

/// A kind of values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One of some words.
    Word(&'static [&'static str]),
    /// Words of letters, digits, `-` and `:`, set apart by commas.
    Words,
    /// Real numbers, set apart by commas, rows of them by semicolons. Blanks, tabs and lines may stand for commas.
    Numbers,
    /// One real number.
    Number,
    /// One real number other than 0.
    Divisor,
    /// Real numbers, set apart by commas: as many as there are axes, or a time.
    Place,
    /// A formula in continuous time, or the name of a system.
    Expression,
    /// A [`Mode`].
    Mode,
    /// A [`Boundary`].
    Boundary,
    /// A whole number from 1 on.
    Count {
        /// The largest.
        most: usize,
    },
}

impl Kind {
    /// The value as it is kept, if it is one.
    pub(super) fn checked(self, value: &str) -> Result<String, String> {
        let value = value.trim();
        let expected = |what: &str| format!("expected {what}, but found {}", super::brief(value));
        match self {
            Kind::Word(words) => match words.contains(&value) {
                true => Ok(value.to_owned()),
                false => Err(expected(&alternatives(words))),
            },
            Kind::Words => {
                let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | ':' | ',');
                match value.len() <= 200 && value.chars().all(fits) {
                    true => Ok(value.to_owned()),
                    false => Err(expected("words of letters and digits, set apart by commas")),
                }
            }
            Kind::Numbers => numbers(value),
            Kind::Number | Kind::Divisor => match value.parse::<f64>() {
                Ok(number) if number.is_finite() && (self == Kind::Number || number != 0.0) => Ok(value.to_owned()),
                _ if self == Kind::Number => Err(expected("a number")),
                _ => Err(expected("a number other than 0")),
            },
            Kind::Place => match value {
                "" => Ok(String::new()),
                _ => sequence(value).map(|place| place.join(",")),
            },
            Kind::Expression if value.is_empty() || value.chars().count() > MOST_EXPRESSION => {
                Err(expected(&format!("a formula of at most {MOST_EXPRESSION} characters")))
            }
            Kind::Expression => match value.parse::<System>() {
                Ok(_) => Ok(value.to_owned()),
                // The message shows the text on lines of its own, which are for terminals.
                Err(error) => Err(error.to_string().lines().next().unwrap_or_default().to_owned()),
            },
            Kind::Mode => match value.parse::<Mode>() {
                Ok(mode) => Ok(mode.to_string()),
                Err(error) => Err(error.to_string()),
            },
            Kind::Boundary => match value.parse::<Boundary>() {
                Ok(Boundary::Constant(number)) if !is_finite(number) => Err(expected("a finite constant")),
                Ok(boundary) => Ok(boundary.to_string()),
                Err(error) => Err(error.to_string()),
            },
            Kind::Count { most } => match value.parse::<usize>() {
                Ok(count) if (1..=most).contains(&count) => Ok(count.to_string()),
                _ => Err(expected(&format!("a whole number from 1 to {most}"))),
            },
        }
    }
}

fn alternatives(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

fn is_finite(number: Number) -> bool {
    match number {
        Number::Whole(_) => true,
        Number::Real(real) => real.is_finite(),
        Number::Complex(_) => false,
    }
}

/// Rows of as many numbers each.
fn numbers(text: &str) -> Result<String, String> {
    let rows: Vec<Vec<&str>> = text.trim_end_matches(';').split(';').map(sequence).collect::<Result<_, _>>()?;
    let count: usize = rows.iter().map(Vec::len).sum();
    if count > MOST_NUMBERS {
        return Err(format!("expected at most {MOST_NUMBERS} numbers, but there are {count}"));
    }
    let width = rows[0].len();
    match rows.iter().position(|row| row.len() != width) {
        Some(k) => {
            Err(format!("row {} has {} numbers and row 1 has {width}: give as many in each", k + 1, rows[k].len()))
        }
        None => Ok(rows.iter().map(|row| row.join(",")).collect::<Vec<_>>().join(";")),
    }
}

fn sequence(text: &str) -> Result<Vec<&str>, String> {
    // Commas if there are any, so that a gap between two is seen; else whatever else sets numbers apart.
    let cells: Vec<&str> = match text.contains(',') {
        true => text.split(',').map(str::trim).collect(),
        false => text.split_whitespace().collect(),
    };
    let number = |(k, cell): (usize, &&str)| match cell.parse::<Number>() {
        _ if cell.is_empty() => Some(format!("number {} is missing: write 0 where nothing is meant", k + 1)),
        Ok(number) if is_finite(number) => None,
        _ => Some(format!("number {}: expected a real number, but found {}", k + 1, super::brief(cell))),
    };
    match cells.iter().enumerate().find_map(number) {
        Some(problem) => Err(problem),
        None if cells.is_empty() => Err("expected at least one number".to_owned()),
        None => Ok(cells),
    }
}

/// A value as it stands in a URL: what need not be encoded there is not, so that it can be read.
pub(super) fn encoded(value: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._~,;:*()/<>^".contains(c);
    let mut text = String::new();
    for c in value.chars() {
        match plain(c) {
            true => text.push(c),
            false => text.extend(byte_serialize(c.to_string().as_bytes())),
        }
    }
    text
}
