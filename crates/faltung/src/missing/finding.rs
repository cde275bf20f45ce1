//! Which samples are missing, and the signal without them.

use super::{Missing, Observation};
use crate::{AnyArray, AnyView, Array, Error, Number, Result, Sample, View, geometry::index_of};

/// A signal that has been looked through.
pub(super) struct Finding<'a> {
    x: AnyView<'a>,
    /// With zeros or NaN for missing samples, where there are any to be put.
    filled: Option<AnyArray>,
    /// For each sample 1 where it is there and 0 where not, dense; `None` where all are.
    present: Option<Vec<u8>>,
}

impl<'a> Finding<'a> {
    /// Looks for what is missing, and puts zeros for it (or NaN, where it is to propagate).
    ///
    /// # Errors
    /// [`Error::Missing`] and [`Error::NoNan`], as the policy says.
    pub(super) fn of(observation: &'a Observation<'_>, missing: Missing) -> Result<Finding<'a>> {
        let x = AnyView::from(&observation.x);
        let mask = observation.mask.as_ref();
        let Some(present) = x.present(mask) else { return Ok(Finding { x, filled: None, present: None }) };
        let fill = match missing {
            Missing::Raise => return Err(raised(&present, x.shape())),
            Missing::Omit | Missing::Interpolate => Number::Whole(0),
            Missing::Propagate if x.dtype().is_integer() => {
                return Err(Error::NoNan {
                    what: "masked samples are to propagate".to_owned(),
                    dtype: x.dtype(),
                    advice: "choose missing omit or interpolate, or convert the data to floats",
                });
            }
            Missing::Propagate => Number::Real(f64::NAN),
        };
        // A NaN that propagates is where it should be already.
        let filled = (missing != Missing::Propagate || mask.is_some()).then(|| x.filled(&present, fill));
        Ok(Finding { x, filled, present: Some(present) })
    }

    /// The signal to be summed.
    pub(super) fn x(&self) -> AnyView<'_> {
        match &self.filled {
            Some(filled) => filled.view(),
            None => AnyView::from(&self.x),
        }
    }

    /// For each sample whether it is there, dense; `None` where all are.
    pub(super) fn present(&self) -> Option<&[u8]> {
        self.present.as_deref()
    }
}

fn raised(present: &[u8], shape: &[usize]) -> Error {
    let missing = || present.iter().enumerate().filter(|(_, there)| **there == 0);
    let first = missing().next().map_or(0, |(at, _)| at);
    Error::Missing { count: missing().count(), first: index_of(first, shape).to_vec() }
}

/// See [`Finding`]: `None` where nothing is missing.
pub(crate) fn present<T: Sample>(x: &View<'_, T>, mask: Option<&View<'_, u8>>) -> Option<Vec<u8>> {
    let no_number = match x.as_dense() {
        Some(all) => all.iter().any(|&sample| is_missing(sample)),
        None => {
            let mut any = false;
            x.geometry().for_each_place(|at| any |= is_missing(x.at(at)));
            any
        }
    };
    let mask = mask.map(View::to_vec);
    if !no_number && mask.as_ref().is_none_or(|mask| mask.iter().all(|&masked| masked == 0)) {
        return None;
    }
    let mut present = Vec::with_capacity(x.geometry().len());
    x.geometry().for_each_place(|at| present.push(u8::from(!is_missing(x.at(at)))));
    if let Some(mask) = mask {
        present.iter_mut().zip(mask).for_each(|(there, masked)| *there &= u8::from(masked == 0));
    }
    Some(present)
}

/// A dense copy with another number for what is missing.
pub(crate) fn filled<T: Sample>(x: &View<'_, T>, present: &[u8], fill: Number) -> Array<T> {
    let (mut all, fill) = (x.to_vec(), T::nearest(fill));
    all.iter_mut().zip(present).filter(|(_, there)| **there == 0).for_each(|(sample, _)| *sample = fill);
    Array::new(all, x.shape()).expect("as many samples as the view has")
}

/// Only NaN, in either part, differs from itself.
#[allow(clippy::eq_op)]
fn is_missing<T: Sample>(sample: T) -> bool {
    sample != sample
}
