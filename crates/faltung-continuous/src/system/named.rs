//! Systems by name: `rlc:r=1,l=1e-3,c=1/2`, or values in order.

use crate::{Error, Fault, Number, Result, Signal};

use super::System;

/// A name with its parameters, in order.
struct Entry {
    name: &'static str,
    parameters: &'static [&'static str],
    example: &'static str,
    make: fn(&[Vec<Number>]) -> Result<System>,
}

const NAMES: &[Entry] = &[
    Entry { name: "rc", parameters: &["tau"], example: "rc:tau=1/2", make: |given| System::rc(given[0][0]) },
    Entry {
        name: "rlc",
        parameters: &["r", "l", "c"],
        example: "rlc:r=1,l=1,c=1/2",
        make: |given| System::rlc(given[0][0], given[1][0], given[2][0]),
    },
    Entry {
        name: "average",
        parameters: &["width"],
        example: "average:width=2",
        make: |given| System::moving_average(given[0][0]),
    },
    Entry {
        name: "exponential",
        parameters: &["tau"],
        example: "exponential:tau=1/2",
        make: |given| System::exponential(given[0][0]),
    },
    Entry {
        name: "bursts",
        parameters: &["width", "areas"],
        example: "bursts:width=1/2,areas=3x0x5x0x2x1",
        make: |given| {
            let places = (0..).map(Number::whole);
            Ok(System::new(Signal::bursts(places.zip(given[1].iter().copied()), given[0][0])?))
        },
    },
];

/// The parameters that are lists.
const LISTS: &[&str] = &["areas"];

/// The system of a name with parameters; `None` if the text is no name.
pub(super) fn read(text: &str) -> Result<Option<System>> {
    let (name, rest) = text.split_once(':').map_or((text, None), |(name, rest)| (name, Some(rest)));
    let Some(entry) = NAMES.iter().find(|entry| entry.name == name.trim()) else { return Ok(None) };
    let fault = |column: usize, message: String| {
        let message = format!("{message}, as in {}", entry.example);
        Error::Expression(Fault { text: text.to_owned(), column, message })
    };
    let mut given: Vec<Option<Vec<Number>>> = vec![None; entry.parameters.len()];
    let mut column = name.chars().count() + 2;
    for (k, part) in rest.into_iter().flat_map(|rest| rest.split(',')).enumerate() {
        let (place, value, at) = match part.split_once('=') {
            Some((parameter, value)) => {
                let place = entry.parameters.iter().position(|known| *known == parameter.trim());
                let known =
                    || format!("{:?} is no parameter: {name} takes {}", parameter.trim(), entry.parameters.join(", "));
                (place.ok_or_else(|| fault(column, known()))?, value, column + parameter.chars().count() + 1)
            }
            None if k < given.len() => (k, part, column),
            None => return Err(fault(column, format!("{name} takes {} values, but there are more", given.len()))),
        };
        if given[place].is_some() {
            return Err(fault(column, format!("{} is given twice", entry.parameters[place])));
        }
        given[place] =
            Some(numbers(value, LISTS.contains(&entry.parameters[place])).map_err(|message| fault(at, message))?);
        column += part.chars().count() + 1;
    }
    let missing = |(k, value): (usize, Option<Vec<Number>>)| {
        value.ok_or_else(|| fault(text.chars().count() + 1, format!("{} is missing", entry.parameters[k])))
    };
    let given = given.into_iter().enumerate().map(missing).collect::<Result<Vec<_>>>()?;
    (entry.make)(&given).map(Some)
}

/// One number, or several set apart by `x`: expressions without t.
fn numbers(text: &str, list: bool) -> std::result::Result<Vec<Number>, String> {
    let number = |part: &str| {
        let signal = part.parse::<Signal>().ok();
        signal
            .and_then(|signal| signal.as_constant())
            .ok_or_else(|| format!("expected a number, but found {:?}", part.trim()))
    };
    match list {
        // No function has an x in its name but exp, which a list of numbers does not need.
        true => text.split('x').map(number).collect(),
        false => Ok(vec![number(text)?]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stand_in_order_or_by_name() {
        let shown = |text: &str| read(text).unwrap().unwrap().to_string();
        assert_eq!(shown("rlc:5,1,1/4"), shown("rlc: c = 1/4, r=5, l=1"));
        assert_eq!(shown("average:pi/2"), "piecewise(2/pi for 0 <= t < pi/2; 0 otherwise)");
        assert!(read("rcx:1").unwrap().is_none() && read("rect(t)").unwrap().is_none());
    }

    #[test]
    fn slips_are_told_with_their_column() {
        for (text, column, part) in [
            ("rc", 3, "tau is missing, as in rc:tau=1/2"),
            ("rc:", 4, "expected a number"),
            ("rc:tau=t", 8, "expected a number, but found \"t\""),
            ("rc:1,2", 6, "takes 1 values"),
            ("rlc:1,2", 8, "c is missing"),
            ("rlc:1,x=3", 7, "\"x\" is no parameter: rlc takes r, l, c"),
            ("rc:1,tau=2", 6, "tau is given twice"),
            ("bursts:1,3x0xq", 10, "found \"q\""),
        ] {
            let Err(Error::Expression(fault)) = read(text) else { panic!("{text}") };
            assert_eq!(fault.column, column, "{text}: {fault}");
            assert!(fault.message.contains(part), "{text}: {fault}");
        }
    }
}
