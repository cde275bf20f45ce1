//! Kernels by name, as they are typed: `gaussian:sigma=2x1,truncate=3`.
//!
//! A name, and after a colon its parameters, set apart by commas. A value without a name stands for the parameter at
//! its place in [`LIST`], and comes before those with one: `gaussian:2` is `gaussian:sigma=2`. Values for each axis,
//! slowest first, are set apart by `x`: `box:5x3`; one value serves all axes. Numbers may be fractions:
//! `step=1/48000`. What the names and parameters are stands in [`LIST`] alone.

use std::str::FromStr;

use super::{
    Entry, Kernel, LIST,
    check::{spread, wrong},
};
use crate::{Error, Result};

/// The kernel that `text` names, for as many `dimensions` as there are axes to be convolved.
///
/// A name, and after a colon its parameters, set apart by commas. A value without a name stands for the parameter at
/// its place in [`LIST`], and comes before those with one. Values for each axis, slowest first, are set apart by `x`; one
/// value serves all axes. Numbers may be fractions, as in `step=1/48000`.
///
/// # Errors
/// [`Error::Word`] for an unknown kernel or parameter, with the nearest known one; [`Error::Parameter`] for a parameter
/// that is missing, given twice, no number or out of range, and where the kernel has another number of axes;
/// [`Error::PerAxis`] if there are neither one nor `dimensions` values; [`Error::Axis`] if there is no such axis.
///
/// ```
/// use faltung::kernel::{gaussian, named, ones, sobel};
/// assert_eq!(named("ones:3x5", 2)?, ones(&[3, 5])?);
/// assert_eq!(named("sobel:x", 2)?, sobel(1, 2)?);
/// assert_eq!(named("gaussian:2,truncate=3", 2)?, gaussian(&[2.0, 2.0], &[0, 0], 3.0)?);
/// let slip = named("gausian:2", 2).unwrap_err().to_string();
/// assert!(slip.contains("did you mean \"gaussian\"?"));
/// # Ok::<(), faltung::Error>(())
/// ```
pub fn named(text: &str, dimensions: usize) -> Result<Kernel> {
    let (name, rest) = text.split_once(':').unwrap_or((text, ""));
    let known = LIST.iter().find(|entry| entry.name == name.trim());
    let entry = known.ok_or_else(|| Error::word("kernel", name.trim(), LIST.iter().map(|entry| entry.name)))?;
    let arguments = Arguments::read(entry, rest, dimensions)?;
    (entry.build)(&arguments)
}

/// What was given for each parameter of a kernel, or else its default.
pub(super) struct Arguments<'a> {
    entry: &'static Entry,
    values: Vec<&'a str>,
    /// How many axes the kernel is for.
    pub(super) dimensions: usize,
}

impl<'a> Arguments<'a> {
    fn read(entry: &'static Entry, text: &'a str, dimensions: usize) -> Result<Arguments<'a>> {
        check_dimensions(entry, dimensions)?;
        let mut given = vec![None; entry.parameters.len()];
        let items = text.split(',').filter(|_| !text.trim().is_empty()).map(|item| item.split_once('=').ok_or(item));
        let mut names_began = false;
        for (index, item) in items.enumerate() {
            names_began |= item.is_ok();
            let (place, value) = match item {
                Ok((name, value)) => (place(entry, name.trim())?, value.trim()),
                Err(value) if names_began => {
                    return wrong(entry.name, format!("{:?} has no name: put it before those with one", value.trim()));
                }
                Err(value) => (index, value.trim()),
            };
            let Some(free) = given.get_mut(place) else {
                let most = entry.parameters.len();
                return wrong(entry.name, format!("takes at most {most} values, but there are more: {:?}", value));
            };
            if free.replace(value).is_some() {
                return wrong(entry.name, format!("{} is given twice: give it once", entry.parameters[place].name));
            }
        }
        let filled = entry.parameters.iter().zip(given).map(|(parameter, given)| match given.or(parameter.default) {
            Some(value) => Ok(value),
            None => wrong(entry.name, format!("{} is missing: write it as in {}", parameter.name, entry.example)),
        });
        Ok(Arguments { entry, values: filled.collect::<Result<_>>()?, dimensions })
    }

    fn text(&self, name: &str) -> &'a str {
        let index = self.entry.parameters.iter().position(|parameter| parameter.name == name);
        self.values[index.expect("the table asks for parameters that it lists")]
    }

    fn read_as<T>(&self, name: &str, what: &str, read: impl Fn(&str) -> Option<T>) -> Result<T> {
        let text = self.text(name);
        read(text).map_or_else(|| wrong(self.entry.name, format!("{name} must be {what}, but is {text:?}")), Ok)
    }

    /// A value for each axis.
    fn each<T: Copy>(&self, name: &'static str, what: &str, read: impl Fn(&str) -> Option<T>) -> Result<Vec<T>> {
        let values: Vec<T> = self.read_as(name, what, |text| text.split('x').map(&read).collect())?;
        spread(name, &values, self.dimensions)
    }

    /// A number.
    pub(super) fn number(&self, name: &'static str) -> Result<f64> {
        self.read_as(name, "a number, as 0.5, 1e-3 or 1/8", number)
    }

    /// A number for each axis.
    pub(super) fn numbers(&self, name: &'static str) -> Result<Vec<f64>> {
        self.each(name, "a number, or one for each axis as in 2x1.5", number)
    }

    /// A count for each axis.
    pub(super) fn counts(&self, name: &'static str) -> Result<Vec<usize>> {
        self.each(name, "a whole number from 0 on, or one for each axis as in 5x3", whole)
    }

    /// A count, or nothing where it is to be found.
    pub(super) fn length(&self, name: &'static str) -> Result<Option<usize>> {
        self.read_as(
            name,
            "a whole number or auto",
            |text| if text == "auto" { Some(None) } else { whole(text).map(Some) },
        )
    }

    /// One of some words.
    pub(super) fn word<T: FromStr<Err = Error>>(&self, name: &'static str) -> Result<T> {
        self.text(name).parse()
    }

    /// An axis: `x` is the last, `y` the one before, and numbers count from the first, or from the end if negative.
    pub(super) fn axis(&self, name: &'static str) -> Result<usize> {
        let text = self.text(name);
        let axis = match text {
            "x" => -1,
            "y" => -2,
            "z" => -3,
            number => number.parse::<isize>().map_err(|_| Error::word("axis", text, ["x", "y", "z", "a number"]))?,
        };
        let from_first = if axis < 0 { axis.checked_add_unsigned(self.dimensions) } else { Some(axis) };
        let found = from_first.and_then(|axis| usize::try_from(axis).ok()).filter(|&axis| axis < self.dimensions);
        found.ok_or(Error::Axis { axis, problem: "does not exist", dimensions: self.dimensions })
    }
}

fn check_dimensions(entry: &'static Entry, dimensions: usize) -> Result<()> {
    let axes = |count: usize| if count == 1 { "1 axis".to_owned() } else { format!("{count} axes") };
    match entry.dimensions {
        Some(expected) if expected != dimensions => {
            let expected = axes(expected);
            let advice = format!("name {expected}, on the command line by --axis");
            wrong(entry.name, format!("is made for {expected}, but asked for on {}: {advice}", axes(dimensions)))
        }
        None if dimensions == 0 => wrong(entry.name, "needs at least 1 axis, but there are none"),
        _ => Ok(()),
    }
}

fn place(entry: &Entry, name: &str) -> Result<usize> {
    let names = || entry.parameters.iter().map(|parameter| parameter.name);
    names().position(|known| known == name).ok_or_else(|| Error::word("parameter", name, names()))
}

fn whole(text: &str) -> Option<usize> {
    text.trim().parse().ok()
}

/// A number, or one divided by another.
fn number(text: &str) -> Option<f64> {
    let number = |text: &str| text.trim().parse::<f64>().ok();
    match text.split_once('/') {
        Some((above, below)) => Some(number(above)? / number(below)?),
        None => number(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::{
        Neighbours, Scale, boxcar, disk, exponential, gabor, gaussian, laplacian, laplacian_of_gaussian, motion, ones,
        rc, rlc, scharr, sharpen, sobel, unsharp,
    };

    fn problem(text: &str, dimensions: usize) -> String {
        named(text, dimensions).expect_err(text).to_string()
    }

    #[test]
    fn texts_name_what_the_functions_make() {
        let same = |text, dimensions, kernel: Result<Kernel>| assert_eq!(named(text, dimensions), kernel, "{text}");
        same("box:5x3", 2, boxcar(&[5, 3]));
        same("box:5", 3, boxcar(&[5, 5, 5]));
        same("ones:size=4", 1, ones(&[4]));
        same("gaussian:2", 2, gaussian(&[2.0, 2.0], &[0], 4.0));
        same("gaussian:sigma=2x1,order=0x1,truncate=3", 2, gaussian(&[2.0, 1.0], &[0, 1], 3.0));
        same(" gaussian : 2 x 1/2 , order = 1 ", 2, gaussian(&[2.0, 0.5], &[1], 4.0));
        same("sobel", 2, sobel(1, 2));
        same("sobel:y", 2, sobel(0, 2));
        same("sobel:z", 4, sobel(1, 4));
        same("scharr:axis=-3", 3, scharr(0, 3));
        same("scharr:2", 3, scharr(2, 3));
        same("laplacian", 3, laplacian(3, Neighbours::Faces));
        same("laplacian:neighbours=all", 2, laplacian(2, Neighbours::All));
        same("log:sigma=2", 2, laplacian_of_gaussian(&[2.0, 2.0], 4.0));
        same("sharpen", 2, sharpen(1.0, 2));
        same("unsharp:2,0.5", 1, unsharp(&[2.0], 0.5, 4.0));
        same("disk:3", 2, disk(3.0));
        same("motion:9,angle=30", 2, motion(9.0, 30.0));
        same("gabor:sigma=4,wavelength=10", 2, gabor(4.0, 0.0, 10.0, 0.5, 0.0));
        same("exponential:tau=5,scale=peak,length=7", 1, exponential(5.0, Some(7), Scale::Peak));
        same("rc:1e-3,1/8000", 1, rc(1e-3, 1.0 / 8000.0, None));
        same("rlc:1,2,3,0.5,9", 1, rlc(1.0, 2.0, 3.0, 0.5, Some(9)));
    }

    #[test]
    fn the_table_is_sound() {
        for entry in LIST {
            let dimensions = entry.dimensions.unwrap_or(2);
            assert!(named(entry.example, dimensions).is_ok(), "{}", entry.example);
            assert!(entry.example.starts_with(entry.name), "{}", entry.example);
            let count = |name: &str| entry.parameters.iter().filter(|p| p.name == name).count();
            assert!(entry.parameters.iter().all(|p| count(p.name) == 1), "{}", entry.name);
            assert_eq!(LIST.iter().filter(|other| other.name == entry.name).count(), 1);
            assert!(named(entry.example, 0).is_err());
            if entry.dimensions.is_none() && !entry.example.contains('x') {
                assert_eq!(named(entry.example, 3).unwrap().shape().len(), 3);
            }
        }
    }

    #[test]
    fn slips_are_named_and_mended() {
        assert!(problem("gausian:2", 2).contains("unknown kernel \"gausian\": did you mean \"gaussian\"?"));
        assert!(problem("gaussian:sigm=2", 2).contains("unknown parameter \"sigm\": did you mean \"sigma\"?"));
        assert!(problem("", 2).contains("unknown kernel \"\""));
        assert!(problem("laplacian:al", 2).contains("did you mean \"all\"?"));
        assert!(problem("sobel:w", 2).contains("unknown axis \"w\""));
    }

    #[test]
    fn what_is_wrong_is_said() {
        let says = |text, dimensions, part: &str| {
            let problem = problem(text, dimensions);
            assert!(problem.contains(part), "{text}: {problem}");
        };
        says("gaussian", 2, "kernel gaussian: sigma is missing: write it as in gaussian:sigma=2");
        says("gaussian:", 2, "sigma is missing");
        says("gaussian:two", 2, "sigma must be a number, or one for each axis as in 2x1.5, but is \"two\"");
        says("gaussian:2,,3", 2, "order must be a whole number");
        says("gaussian:2,sigma=3", 2, "sigma is given twice");
        says("gaussian:2,0,4,1", 2, "takes at most 3 values, but there are more: \"1\"");
        says("gaussian:sigma=2,1", 2, "\"1\" has no name: put it before those with one");
        says("gaussian:2x1x1", 2, "sigma has 3 values, and the number of axes convolved is 2");
        says("gaussian:nan", 2, "sigma must be a number greater than 0, but is NaN");
        says("gaussian:1/0", 2, "but is inf");
        says("gaussian:-1", 2, "but is -1");
        says("box:0", 2, "size must be at least 1, but is 0");
        says("box:2.5", 2, "must be a whole number");
        says("box:99999x99999", 2, "at most 16777216 weights");
        says("box:99999999999999999999", 1, "must be a whole number");
        says("sobel:z", 2, "axis -3 does not exist");
        says("sobel:2", 2, "axis 2 does not exist");
        says("sobel:axis=-9223372036854775808", 2, "does not exist");
        says(
            "disk:3",
            1,
            "kernel disk: is made for 2 axes, but asked for on 1 axis: name 2 axes, on the command line by --axis",
        );
        says(
            "exponential:5",
            2,
            "is made for 1 axis, but asked for on 2 axes: name 1 axis, on the command line by --axis",
        );
        says("exponential:5,length=many", 1, "length must be a whole number or auto, but is \"many\"");
        says("rc:1,length=0", 1, "length must be at least 1");
        says("motion:0.5", 2, "length must be at least 1, but is 0.5");
    }
}
