//! Keyword arguments as a [`Spec`]: words are read by the engine, so that they are spelled in one place.

use std::str::FromStr;

use faltung::{Boundary, Complex, Coverage, Error, Number, PerAxis, Spec};
use pyo3::{
    exceptions::{PyTypeError, PyValueError},
    prelude::*,
    types::{PyComplex, PyDict, PyFloat, PyInt, PyString, PyTuple},
};

use crate::{error::raised, threads};

/// What the keyword arguments ask for; the others as `spec` has them.
pub(crate) fn spec(mut spec: Spec, options: Option<&Bound<'_, PyDict>>) -> PyResult<Spec> {
    spec.threads = threads::chosen();
    let Some(options) = options else { return Ok(spec) };
    for (name, value) in options.iter() {
        let name: String = name.extract()?;
        set(&mut spec, &name, &value)?;
    }
    Ok(spec)
}

/// All options, by their names.
fn set(spec: &mut Spec, name: &str, value: &Bound<'_, PyAny>) -> PyResult<()> {
    match name {
        "operation" => spec.operation = word(name, value)?,
        "mode" => spec.mode = per_axis(value, |value| word(name, value))?,
        "boundary" => spec.boundary = per_axis(value, boundary)?,
        "axes" => spec.axes = optional(value, |value| axes(value))?,
        "stride" => spec.stride = per_axis(value, |value| count(name, value))?,
        "dilation" => spec.dilation = per_axis(value, |value| count(name, value))?,
        "upsample" => spec.upsample = per_axis(value, |value| count(name, value))?,
        "anchor" => spec.anchor = optional(value, |value| per_axis(value, |value| count(name, value)))?,
        "groups" => spec.groups = optional(value, |value| count(name, value))?,
        "accuracy" => spec.accuracy = word(name, value)?,
        "overflow" => spec.overflow = word(name, value)?,
        "rounding" => spec.rounding = word(name, value)?,
        "missing" => spec.missing = word("nan", value)?,
        "normalize" => spec.normalize = word("normalize_kernel", value)?,
        "coverage" => spec.coverage = if value.is_truthy()? { Coverage::Wanted } else { Coverage::Unwanted },
        "algorithm" => spec.algorithm = optional(value, |value| word(name, value))?,
        "threads" => match optional(value, |value| count(name, value))? {
            Some(0) => return Err(PyValueError::new_err("threads is 0: give a number from 1 on, or None")),
            Some(threads) => spec.threads = Some(threads),
            None => {}
        },
        "max_memory" => spec.max_memory = optional(value, |value| count(name, value))?,
        _ => return Err(PyTypeError::new_err(format!("unknown option {name:?}"))),
    }
    Ok(())
}

fn optional<'py, T>(
    value: &Bound<'py, PyAny>,
    read: impl FnOnce(&Bound<'py, PyAny>) -> PyResult<T>,
) -> PyResult<Option<T>> {
    if value.is_none() { Ok(None) } else { read(value).map(Some) }
}

/// One value, or something that has one for each axis.
fn per_axis<'py, T: Copy>(
    value: &Bound<'py, PyAny>,
    read: impl Fn(&Bound<'py, PyAny>) -> PyResult<T>,
) -> PyResult<PerAxis<T>> {
    // ("constant", 1.5) is one boundary.
    let is_one = value.is_instance_of::<PyString>() || value.cast::<PyTuple>().is_ok_and(is_constant);
    match value.try_iter() {
        Ok(each) if !is_one => each.map(|value| read(&value?)).collect::<PyResult<Vec<T>>>().map(PerAxis::from),
        _ => read(value).map(PerAxis::from),
    }
}

fn is_constant(tuple: &Bound<'_, PyTuple>) -> bool {
    tuple.len() == 2
        && tuple
            .get_item(1)
            .is_ok_and(|value| !value.is_instance_of::<PyString>() && !value.is_instance_of::<PyTuple>())
        && tuple.get_item(0).is_ok_and(|word| word.is_instance_of::<PyString>())
}

fn word<T: FromStr<Err = Error>>(name: &str, value: &Bound<'_, PyAny>) -> PyResult<T> {
    let text = value.cast::<PyString>().map_err(|_| unexpected(name, "a word", value))?;
    text.to_str()?.parse().map_err(raised)
}

/// A word, or a pair of the word `constant` and a number.
fn boundary(value: &Bound<'_, PyAny>) -> PyResult<Boundary> {
    let Ok(pair) = value.cast::<PyTuple>() else { return word("boundary", value) };
    if !is_constant(pair) || pair.get_item(0)?.extract::<String>()? != "constant" {
        return Err(unexpected("boundary", "a word, or (\"constant\", number)", value));
    }
    number(&pair.get_item(1)?).map(Boundary::Constant)
}

/// A number of Python's, or one of NumPy's that is one of Python's, exactly.
fn number(value: &Bound<'_, PyAny>) -> PyResult<Number> {
    let wrong = || unexpected("the boundary's constant", "a number of at most double precision", value);
    match python_number(value)? {
        Some(number) => Ok(number),
        None => {
            let item = value.call_method0("item").map_err(|_| wrong())?;
            python_number(&item)?.ok_or_else(wrong)
        }
    }
}

fn python_number(value: &Bound<'_, PyAny>) -> PyResult<Option<Number>> {
    if value.is_instance_of::<PyInt>() {
        let beyond = |_| PyValueError::new_err("a whole number must be less than 2 to the 127th: give a float");
        return value.extract().map(|whole| Some(Number::Whole(whole))).map_err(beyond);
    }
    let complex = |z: &Bound<'_, PyComplex>| Number::Complex(Complex::new(z.real(), z.imag()));
    Ok(match value.cast::<PyFloat>() {
        Ok(real) => Some(Number::Real(real.value())),
        Err(_) => value.cast::<PyComplex>().ok().map(complex),
    })
}

fn count(name: &str, value: &Bound<'_, PyAny>) -> PyResult<usize> {
    let index = value.call_method0("__index__").map_err(|_| unexpected(name, "a whole number", value))?;
    let beyond = |_| {
        let shown = shown(value);
        PyValueError::new_err(format!("{name} must be a whole number from 0 to {}, not {shown}", usize::MAX))
    };
    index.extract().map_err(beyond)
}

/// One axis, or several.
fn axes(value: &Bound<'_, PyAny>) -> PyResult<Vec<isize>> {
    let one = |value: &Bound<'_, PyAny>| -> PyResult<isize> {
        let index = value.call_method0("__index__").map_err(|_| unexpected("axes", "whole numbers", value))?;
        index.extract()
    };
    match value.try_iter() {
        Ok(all) => all.map(|value| one(&value?)).collect(),
        Err(_) => Ok(vec![one(value)?]),
    }
}

fn unexpected(name: &str, expected: &str, value: &Bound<'_, PyAny>) -> PyErr {
    PyTypeError::new_err(format!("{name} must be {expected}, not {}", shown(value)))
}

fn shown(value: &Bound<'_, PyAny>) -> String {
    value.repr().map_or_else(|_| "something".to_owned(), |text| text.to_string())
}
