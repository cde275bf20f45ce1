//! One call: arrays, options, result.

use std::sync::Arc;

use faltung::{AnyArray, AnyView, Kernel, Observation, Plan, Progress, Spec, kernel::named};
use pyo3::{exceptions::PyTypeError, prelude::*, types::PyDict};

use crate::{
    error::raised,
    memory::{Input, Output, given},
    options,
    patience::patiently,
};

/// Making a plan takes about so long for each weight, in nanoseconds.
const WEIGHT: f64 = 50.0;

/// Convolves or correlates `x` with `kernel`, as the options say.
#[pyfunction]
#[pyo3(signature = (x, kernel, *, out=None, **options))]
pub(crate) fn run<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    kernel: &Bound<'py, PyAny>,
    out: Option<&Bound<'py, PyAny>>,
    options: Option<&Bound<'py, PyDict>>,
) -> PyResult<Bound<'py, PyAny>> {
    let progress = Arc::new(Progress::default());
    let (x, weights) = (Input::new(x, "the input")?, Input::new(kernel, "the kernel")?);
    let spec = options::spec(wrapping(), options)?.progress(progress.clone());
    let plan = plan(py, &x, &weights.kernel(), &spec, &progress)?;
    let mut y = match out {
        None => Output::fresh(py, plan.output_dtype(), plan.output_shape(), Some(&x))?,
        Some(out) => Output::new(out, plan.output_dtype(), plan.output_shape(), &[&x, &weights])?,
    };
    let (source, target) = (x.view(), y.view());
    patiently(py, plan.predicted_nanoseconds(), &progress, || plan.run(source, target, &mut plan.scratch()))?;
    y.finish()
}

/// Values, coverage and variance.
type Estimate<'py> = (Bound<'py, PyAny>, Option<Bound<'py, PyAny>>, Option<Bound<'py, PyAny>>);

/// What is computed of data some of which are missing: values, and coverage and variance if they are wanted.
#[pyfunction]
#[pyo3(signature = (x, kernel, *, mask=None, variance=None, **options))]
pub(crate) fn estimate<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    kernel: &Bound<'py, PyAny>,
    mask: Option<&Bound<'py, PyAny>>,
    variance: Option<&Bound<'py, PyAny>>,
    options: Option<&Bound<'py, PyDict>>,
) -> PyResult<Estimate<'py>> {
    let progress = Arc::new(Progress::default());
    let x = Input::new(x, "the input")?;
    let mask = mask.map(|mask| Input::new(mask, "the mask")).transpose()?;
    let variance = variance.map(|variance| Input::new(variance, "the variance")).transpose()?;
    let kernel = Input::new(kernel, "the kernel")?.kernel();
    let spec = options::spec(wrapping(), options)?.progress(progress.clone());
    let mut seen = Observation::new(x.view());
    if let Some(mask) = &mask {
        let AnyView::U8(mask) = mask.view() else { return Err(PyTypeError::new_err("the mask must hold uint8")) };
        seen = seen.mask(mask);
    }
    if let Some(variance) = &variance {
        seen = seen.variance(variance.view());
    }
    // How long it will take is not known before its plans are made: at most about so long.
    let samples: f64 = x.shape().iter().map(|&n| n as f64).product();
    let nanoseconds = samples * kernel.len() as f64;
    let estimate = patiently(py, nanoseconds, &progress, || faltung::estimate(&seen, &kernel, &spec))?;
    let given = |array: Option<AnyArray>| array.map(|array| given(py, &array)).transpose();
    Ok((
        given(Some(estimate.values))?.expect("there are always values"),
        given(estimate.coverage)?,
        given(estimate.variance)?,
    ))
}

/// Under the names of other libraries, integers wrap.
pub(crate) fn wrapping() -> Spec {
    Spec::new().overflow(faltung::Overflow::Wrap)
}

/// A plan for data that are there.
fn plan(py: Python<'_>, x: &Input<'_>, kernel: &Kernel, spec: &Spec, progress: &Arc<Progress>) -> PyResult<Plan> {
    let (view, samples) = (x.view(), x.shape().iter().product::<usize>());
    let nanoseconds = kernel.len() as f64 * WEIGHT + samples as f64;
    patiently(py, nanoseconds, progress, || Plan::for_data(view, kernel, spec))
}

/// The weights of a named kernel, for so many dimensions.
#[pyfunction]
pub(crate) fn kernel<'py>(py: Python<'py>, text: &str, dimensions: usize) -> PyResult<Bound<'py, PyAny>> {
    given(py, &named(text, dimensions).map_err(raised)?.to_array())
}

/// The named kernels: name, summary, normalisation, dimensions if fixed, and parameters with default and meaning.
#[pyfunction]
pub(crate) fn kernels() -> Vec<KernelEntry> {
    let parameter = |p: &faltung::kernel::Parameter| (p.name, p.default, p.meaning);
    let all = faltung::kernel::LIST.iter();
    all.map(|k| (k.name, k.summary, k.normalisation, k.dimensions, k.parameters.iter().map(parameter).collect()))
        .collect()
}

type KernelEntry =
    (&'static str, &'static str, &'static str, Option<usize>, Vec<(&'static str, Option<&'static str>, &'static str)>);
