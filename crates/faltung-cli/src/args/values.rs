//! Values of options: from words to what the engine takes.
//!
//! Words are spelled once, in the engine; here is only what a command line adds to them: one value for all axes or one
//! for each, apart by commas, and sizes with a suffix.

use std::{ffi::OsString, str::FromStr};

use clap::builder::{PossibleValuesParser, TypedValueParser};
use faltung::{Latency, Mode, PerAxis};

use crate::io::{Gaps, Order};

/// Axes to slide along, negative ones from the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Axes(pub Vec<isize>);

/// An index into a result, slowest axis first; along a line also the place next to either end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct At(pub Vec<isize>);

/// Shifts by a number of pixels: from the first to the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shifts {
    /// The first.
    pub first: usize,
    /// The last, which is among them.
    pub last: usize,
}

/// Extents, slowest axis first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shape(pub Vec<usize>);

/// One of some words; the shell completes it, and help lists it.
pub(super) fn word<T>(known: &'static [T], name: fn(T) -> &'static str) -> impl TypedValueParser<Value = T>
where
    T: Copy + Send + Sync + 'static,
{
    PossibleValuesParser::new(known.iter().map(|word| name(*word))).map(move |text| {
        let meant = known.iter().find(|word| name(**word) == text);
        *meant.expect("one of the possible values")
    })
}

/// A number above zero.
pub(super) fn positive(text: &str) -> Result<f64, String> {
    let number = text.parse::<f64>().ok().filter(|number| number.is_finite() && *number > 0.0);
    number.ok_or_else(|| "expected a number above zero".to_owned())
}

/// A finite number, or a fraction as 1/3.
pub(super) fn real(text: &str) -> Result<f64, String> {
    let text = text.trim();
    let number = match text.split_once('/') {
        Some((above, below)) => above.parse::<f64>().ok().zip(below.parse::<f64>().ok()).map(|(a, b)| a / b),
        None => text.parse().ok(),
    };
    number.filter(|number| number.is_finite()).ok_or_else(|| "expected a number, such as -0.5 or 1/3".to_owned())
}

/// What to do where a number is missing.
pub(super) fn gaps() -> impl TypedValueParser<Value = Gaps> {
    PossibleValuesParser::new(["error", "nan"]).map(|word| if word == "nan" { Gaps::Nan } else { Gaps::Error })
}

/// Which byte of a number comes first.
pub(super) fn order() -> impl TypedValueParser<Value = Order> {
    PossibleValuesParser::new(["little", "big"]).map(|word| if word == "big" { Order::Big } else { Order::Little })
}

/// A latency: zero, any, or a number of frames.
pub(super) fn latency(text: &str) -> Result<Latency, String> {
    match text {
        "zero" | "0" => Ok(Latency::Zero),
        "any" => Ok(Latency::Any),
        _ => text.parse().map(Latency::Block).map_err(|_| "expected zero, any, or a number of frames".to_owned()),
    }
}

/// One value for all axes, or one for each.
pub(super) fn per_axis<T: FromStr<Err = faltung::Error> + Copy>(text: &str) -> Result<PerAxis<T>, faltung::Error> {
    each(text, str::parse)
}

/// A stride or a dilation: at least 1, for all axes or for each.
pub(super) fn steps(text: &str) -> Result<PerAxis<usize>, String> {
    each(text, |step| match step.parse() {
        Ok(step) if step > 0 => Ok(step),
        _ => Err(format!("{step:?} must be a whole number of at least 1, or one for each axis as in 2,1")),
    })
}

/// An anchor: at least 0, for all axes or for each.
pub(super) fn places(text: &str) -> Result<PerAxis<usize>, String> {
    each(text, |place| {
        place.parse().map_err(|_| format!("{place:?} must be a whole number from 0 on, or one for each axis as in 2,1"))
    })
}

/// Samples to extend by: `2` on both sides, `0:2` before and after; for all axes or for each.
pub(super) fn padding(text: &str) -> Result<PerAxis<Mode>, String> {
    each(text, |side| {
        let (before, after) = side.split_once(':').unwrap_or((side, side));
        let count = |text: &str| {
            text.trim().parse().map_err(|_| {
                format!("{side:?} must be a number of samples as 2, or before and after as 0:2, or these for each axis")
            })
        };
        Ok(Mode::Padded { before: count(before)?, after: count(after)? })
    })
}

fn each<T, E>(text: &str, read: impl Fn(&str) -> Result<T, E>) -> Result<PerAxis<T>, E> {
    let mut values = text.split(',').map(|value| read(value.trim())).collect::<Result<Vec<T>, E>>()?;
    Ok(match values.len() {
        1 => PerAxis::All(values.remove(0)),
        _ => values.into(),
    })
}

/// Axes by number, apart by commas.
pub(super) fn axes(text: &str) -> Result<Axes, String> {
    let number = |axis: &str| {
        axis.trim().parse().map_err(|_| format!("{axis:?} must be the number of an axis: 0 the first, -1 the last"))
    };
    text.split(',').map(number).collect::<Result<_, _>>().map(Axes)
}

/// A place: a number for each axis, apart by commas.
pub(super) fn place(text: &str) -> Result<At, String> {
    let number = |place: &str| {
        let number = place.trim().parse();
        number.map_err(|_| format!("{place:?} must be a whole number, or one for each axis as in 3,4"))
    };
    text.split(',').map(number).collect::<Result<_, _>>().map(At)
}

/// A number of pixels, or from one to another, as `0..6`, which has both.
pub(super) fn shifts(text: &str) -> Result<Shifts, String> {
    let (first, last) = text.split_once("..").unwrap_or((text, text));
    let pixels =
        |text: &str| text.trim().trim_start_matches('=').parse::<usize>().ok().filter(|&pixels| pixels <= 1000);
    match (pixels(first), pixels(last)) {
        (Some(first), Some(last)) if first <= last => Ok(Shifts { first, last }),
        _ => Err(format!("{text:?} must be a number of pixels from 0 to 1000, or a range of them as in 0..6")),
    }
}

/// A cell of a map: its row and its column.
pub(super) fn cell(text: &str) -> Result<[usize; 2], String> {
    let place =
        text.split_once(',').and_then(|(row, column)| Some([row.trim().parse().ok()?, column.trim().parse().ok()?]));
    place.ok_or_else(|| format!("{text:?} must be a row and a column, as in 3,4"))
}

/// Extents, as `1000000` or `2048x2048`.
pub(super) fn shape(text: &str) -> Result<Shape, String> {
    let extents = read_shape(text).ok_or_else(|| format!("{text:?} must be a shape such as 1000000 or 2048x2048"))?;
    let samples = extents.iter().try_fold(1usize, |all, &n| all.checked_mul(n.max(1)));
    match samples.filter(|&n| n <= isize::MAX as usize / 16) {
        Some(_) => Ok(Shape(extents)),
        None => Err("no memory holds so many samples".to_owned()),
    }
}

/// The extents, if the text has the form of a shape.
pub(crate) fn read_shape(text: &str) -> Option<Vec<usize>> {
    text.trim().split('x').map(|extent| extent.parse().ok()).collect()
}

/// Threads: as many as a machine may have.
pub(super) fn threads(text: &str) -> Result<usize, String> {
    match text.trim().parse() {
        Ok(count) if (1..=1024).contains(&count) => Ok(count),
        _ => Err("a number of threads is from 1 to 1024".to_owned()),
    }
}

/// Bytes, with K, M or G for 2^10, 2^20 or 2^30 of them.
pub(super) fn bytes(text: &str) -> Result<usize, String> {
    let lower = text.trim().to_ascii_lowercase();
    let bare = lower.strip_suffix('b').unwrap_or(&lower);
    let bare = bare.strip_suffix('i').unwrap_or(bare);
    let (digits, shift) = match bare.char_indices().last() {
        Some((at, 'k')) => (&bare[..at], 10),
        Some((at, 'm')) => (&bare[..at], 20),
        Some((at, 'g')) => (&bare[..at], 30),
        _ => (bare, 0),
    };
    let count = digits.trim().parse::<usize>().ok().filter(|&count| count > 0);
    let bytes = count.and_then(|count| count.checked_mul(1 << shift));
    bytes.ok_or_else(|| "a number of bytes is from 1 on, perhaps with K, M or G: 500000, 64K, 512M or 2G".to_owned())
}

/// A file, numbers or a name, without the space that kept `-1,0,1` from being an option.
pub(super) fn operand(text: OsString) -> Result<OsString, String> {
    match text.to_str() {
        Some("") => Err("it is empty: give a file, - for standard input, or numbers such as 3,0,5".to_owned()),
        Some(plain) => Ok(plain.strip_prefix(" -").map_or(plain.to_owned(), |rest| format!("-{rest}")).into()),
        None => Ok(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use faltung::Boundary;

    #[test]
    fn one_value_serves_all_axes_and_commas_give_each_its_own() {
        assert_eq!(steps("2"), Ok(PerAxis::All(2)));
        assert_eq!(steps("2, 1"), Ok(vec![2, 1].into()));
        assert_eq!(per_axis::<Mode>("full,same"), Ok(vec![Mode::Full, Mode::Same].into()));
        assert_eq!(per_axis::<Boundary>("nearest,wrap"), Ok(vec![Boundary::Nearest, Boundary::Wrap].into()));
        assert_eq!(axes(" -1"), Ok(Axes(vec![-1])));
        assert!(steps("0").is_err() && steps("-1").is_err() && steps("2,").is_err());
    }

    #[test]
    fn padding_is_for_both_sides_or_for_each() {
        assert_eq!(padding("2"), Ok(PerAxis::All(Mode::Padded { before: 2, after: 2 })));
        let [row, column] = [(0, 2), (1, 1)].map(|(before, after)| Mode::Padded { before, after });
        assert_eq!(padding("0:2,1"), Ok(vec![row, column].into()));
        assert!(padding("1:2:3").is_err() && padding("-1").is_err());
    }

    #[test]
    fn bytes_have_suffixes() {
        assert_eq!(bytes("500"), Ok(500));
        assert_eq!(bytes("64k"), Ok(64 << 10));
        assert_eq!(bytes("2GiB"), Ok(2 << 30));
        assert!(bytes("0").is_err() && bytes("M").is_err() && bytes("99999999999G").is_err() && bytes("1T").is_err());
    }

    #[test]
    fn shapes_are_extents_apart_by_x() {
        assert_eq!(shape("20x30"), Ok(Shape(vec![20, 30])));
        assert!(shape("20x").is_err() && shape("99999999999x99999999999").is_err());
    }
}
