//! `faltung.Plan`: made once, run many times.

use std::sync::{Arc, Mutex, PoisonError};

use faltung::{Progress, Scratch, Spec};
use numpy::PyArrayDescr;
use pyo3::{
    exceptions::PyTypeError,
    prelude::*,
    types::{PyDict, PyTuple},
};

use crate::{
    error::raised,
    memory::{self, Input, Output},
    options,
    patience::patiently,
};

/// A convolution made ready for arrays of one shape and type.
///
/// Printed, it tells the algorithm chosen, its predicted time and memory, and what every other one said.
#[pyclass(frozen, subclass, module = "faltung._engine")]
pub(crate) struct Plan {
    plan: faltung::Plan,
    /// Memory to work in, kept from the last run.
    scratch: Mutex<Option<Scratch>>,
}

#[pymethods]
impl Plan {
    #[new]
    #[pyo3(signature = (shape, kernel, dtype, **options))]
    fn new(
        py: Python<'_>,
        shape: Vec<usize>,
        kernel: &Bound<'_, PyAny>,
        dtype: &Bound<'_, PyAny>,
        options: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Plan> {
        let descr = PyArrayDescr::new(py, dtype)?;
        let Some(dtype) = memory::dtype(&descr) else {
            return Err(PyTypeError::new_err(format!(
                "a plan cannot be made for {descr}: convert to a type of numbers"
            )));
        };
        let kernel = Input::new(kernel, "the kernel")?;
        let spec = options::spec(Spec::new(), options)?;
        let view = kernel.view();
        let plan = py.detach(|| faltung::Plan::new(dtype, &shape, &view.into(), &spec)).map_err(raised)?;
        Ok(Plan { plan, scratch: Mutex::default() })
    }

    /// The result for `x`, in `out` or in a fresh array.
    #[pyo3(signature = (x, out=None))]
    fn run<'py>(
        &self,
        py: Python<'py>,
        x: &Bound<'py, PyAny>,
        out: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let plan = &self.plan;
        let x = Input::new(x, "the input")?;
        let mut y = match out {
            None => Output::fresh(py, plan.output_dtype(), plan.output_shape(), Some(&x))?,
            Some(out) => Output::new(out, plan.output_dtype(), plan.output_shape(), &[&x])?,
        };
        let progress = Arc::new(Progress::default());
        let mut scratch = self.spare().take().unwrap_or_else(|| plan.scratch());
        scratch.watch(progress.clone());
        let (source, target) = (x.view(), y.view());
        let outcome = patiently(py, plan.predicted_nanoseconds(), &progress, || plan.run(source, target, &mut scratch));
        *self.spare() = Some(scratch);
        outcome?;
        y.finish()
    }

    /// The algorithm chosen.
    #[getter]
    fn algorithm(&self) -> &'static str {
        self.plan.algorithm().name()
    }

    /// Why each of the algorithms that refused did so.
    #[getter]
    fn refusals<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let refusals = PyDict::new(py);
        for (algorithm, answer) in self.plan.answers() {
            if let Err(refusal) = answer {
                refusals.set_item(algorithm.name(), refusal.to_string())?;
            }
        }
        Ok(refusals)
    }

    /// Predicted seconds on one thread of each of the algorithms that did not refuse; good for ratios.
    #[getter]
    fn predictions<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let predictions = PyDict::new(py);
        for (algorithm, answer) in self.plan.answers() {
            if let Ok(cost) = answer {
                predictions.set_item(algorithm.name(), cost.nanoseconds * 1e-9)?;
            }
        }
        Ok(predictions)
    }

    /// Bytes that one run works in, for all its threads, besides input, output, weights and tables.
    #[getter]
    fn scratch_bytes(&self) -> usize {
        self.plan.scratch_memory()
    }

    /// Bytes of weights and tables, and of the scratch of one run.
    #[getter]
    fn memory_bytes(&self) -> usize {
        self.plan.memory()
    }

    /// Threads that will work: no more than asked for, allowed by memory, or worth waking.
    #[getter]
    fn threads(&self) -> usize {
        self.plan.threads()
    }

    /// Shape of the input.
    #[getter]
    fn input_shape<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.plan.input_shape())
    }

    /// Shape of the output.
    #[getter]
    fn output_shape<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.plan.output_shape())
    }

    /// Type of the output: that of the input, or a wider one with `overflow` 'widen'.
    #[getter]
    fn output_dtype<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyArrayDescr>> {
        memory::descr(py, self.plan.output_dtype())
    }

    fn __str__(&self) -> String {
        self.plan.to_string().trim_end().to_owned()
    }

    fn __repr__(&self) -> String {
        let first = self.plan.to_string();
        format!("<faltung.Plan: {}, by {}>", first.lines().next().unwrap_or_default(), self.algorithm())
    }
}

impl Plan {
    fn spare(&self) -> std::sync::MutexGuard<'_, Option<Scratch>> {
        self.scratch.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
