//! Terms and their products as Python's numbers.
//!
//! The engine tells each number as what it is, whole or real. Python gets all numbers of one array in one type: of whole numbers
//! `int`, and the zeros beyond the ends of an array of floats are floats, too.

use faltung::{
    AnyArray, Array, Boundary, Complex, Dtype, Number,
    trace::{Origin, Term},
};
use faltung_scene::Subject;
use pyo3::{
    exceptions::PyOverflowError,
    prelude::*,
    types::{PyComplex, PyFloat, PyTuple},
};

use crate::{
    error::raised,
    memory::{Input, given},
};

/// What numbers of an array are.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Whole,
    Real,
    Complex,
}

impl Kind {
    fn of(dtype: Dtype) -> Kind {
        match dtype {
            _ if dtype.is_complex() => Kind::Complex,
            _ if dtype.is_integer() => Kind::Whole,
            _ => Kind::Real,
        }
    }

    /// The number as one of this kind.
    pub(crate) fn given<'py>(self, py: Python<'py>, number: Number) -> PyResult<Bound<'py, PyAny>> {
        let z = number.to_complex();
        Ok(match (self, number) {
            (Kind::Whole, Number::Whole(whole)) => whole.into_pyobject(py)?.into_any(),
            (Kind::Complex, _) => PyComplex::from_doubles(py, z.re, z.im).into_any(),
            _ => PyFloat::new(py, z.re).into_any(),
        })
    }
}

/// What samples and weights are.
#[derive(Clone, Copy)]
pub(crate) struct Kinds {
    sample: Kind,
    weight: Kind,
}

/// Indices of the sample and of the weight; sample, weight, product and running sum; where the sample comes from, for each axis the
/// boundary beyond whose ends it lies, and its source.
pub(crate) type OneTerm<'py> = (
    Bound<'py, PyTuple>,
    Bound<'py, PyTuple>,
    [Bound<'py, PyAny>; 4],
    &'static str,
    Vec<Option<&'static str>>,
    Option<Bound<'py, PyTuple>>,
);

impl Kinds {
    /// Those of an input and of its weights as they are used.
    pub(crate) fn of(x: &Input<'_>, subject: &Subject<'_>) -> Kinds {
        let kind = |weight: &Number| match weight {
            Number::Whole(_) => Kind::Whole,
            Number::Real(_) => Kind::Real,
            Number::Complex(_) => Kind::Complex,
        };
        let weight = subject.tracer().weights().iter().map(kind).max().unwrap_or(Kind::Whole);
        Kinds { sample: Kind::of(x.dtype()), weight }
    }

    pub(crate) fn product(self) -> Kind {
        self.sample.max(self.weight)
    }

    /// A term as Python gets it.
    pub(crate) fn opened<'py>(self, py: Python<'py>, term: &Term) -> PyResult<OneTerm<'py>> {
        let at = PyTuple::new(py, &term.at)?;
        let mut rules = vec![None; term.at.len()];
        let (origin, source) = match &term.origin {
            Origin::Sample => ("sample", Some(at.clone())),
            Origin::Gap => ("gap", None),
            Origin::Virtual { beyond, source } => {
                beyond.iter().for_each(|(axis, boundary)| rules[*axis] = Some(name(boundary)));
                ("boundary", source.as_ref().map(|source| PyTuple::new(py, source)).transpose()?)
            }
        };
        let product = self.product();
        let numbers = [
            self.sample.given(py, term.sample)?,
            self.weight.given(py, term.weight)?,
            product.given(py, term.product)?,
            product.given(py, term.running)?,
        ];
        Ok((at, PyTuple::new(py, &term.weight_at)?, numbers, origin, rules, source))
    }
}

/// A boundary's word, without its number.
fn name(boundary: &Boundary) -> &'static str {
    let is_same = |known: &Boundary| std::mem::discriminant(known) == std::mem::discriminant(boundary);
    let known = Boundary::ALL.iter().find(|(_, known)| is_same(known));
    known.expect("all boundaries are listed").0
}

/// An array that products are added to, cell by cell.
pub(crate) struct Cells {
    kind: Kind,
    shape: [usize; 2],
    whole: Vec<i128>,
    real: Vec<Complex<f64>>,
}

impl Cells {
    pub(crate) fn new(kind: Kind, shape: [usize; 2]) -> Cells {
        let len = shape[0] * shape[1];
        let (whole, real) = if kind == Kind::Whole { (len, 0) } else { (0, len) };
        Cells { kind, shape, whole: vec![0; whole], real: vec![Complex::default(); real] }
    }

    pub(crate) fn add(&mut self, [row, column]: [usize; 2], product: Number) {
        let at = row * self.shape[1] + column;
        match product {
            // Each is a part of a sum that was found to fit.
            Number::Whole(product) if self.kind == Kind::Whole => self.whole[at] += product,
            _ => self.real[at] += product.to_complex(),
        }
    }

    /// As an array of NumPy's: int64, float64 or complex128.
    pub(crate) fn finish(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        let beyond = |_| {
            PyOverflowError::new_err(
                "a product is larger than int64 holds: give x as floats, or open one output by terms, which has no such limit",
            )
        };
        let array: AnyArray = match self.kind {
            Kind::Whole => {
                let whole: Result<Vec<i64>, _> = self.whole.into_iter().map(i64::try_from).collect();
                Array::new(whole.map_err(beyond)?, &self.shape).map_err(raised)?.into()
            }
            Kind::Real => Array::new(self.real.iter().map(|z| z.re).collect(), &self.shape).map_err(raised)?.into(),
            Kind::Complex => Array::new(self.real, &self.shape).map_err(raised)?.into(),
        };
        given(py, &array)
    }
}
