//! `faltung.explain`: a convolution opened. Terms go to Python as its numbers, scenes as what their painters make of them.
//!
//! An [`Explanation`] holds the array, the weights and the options, and makes a subject of them whenever it is asked: what is shown
//! is what the engine's tracer says of the samples as they are then. Nothing is convolved, and the array is looked at where it lies,
//! however long it is.

use std::cell::Cell;

use faltung::{
    Error, Kernel, Spec,
    trace::{Origin, Size},
};
use faltung_scene::{Film, Scene, Subject, View, Words, paint};
use pyo3::{
    prelude::*,
    types::{PyBytes, PyDict, PyString, PyTuple},
};

use crate::{
    memory::Input,
    options,
    painting::{self, Pixels, Shown, unexplained, word},
    terms::{Cells, Kinds, OneTerm},
};

/// Signals are looked for whenever so many samples have been.
const LOOK: u32 = 1 << 16;

/// An array, a kernel and options, to be explained.
#[pyclass(frozen, module = "faltung._engine")]
pub(crate) struct Explanation {
    x: Py<PyAny>,
    kernel: Kernel,
    spec: Spec,
}

/// Mode, boundary, stride, dilation and upsampling along an axis.
type OneSize = (String, String, usize, usize, usize);

#[pymethods]
impl Explanation {
    #[new]
    #[pyo3(signature = (x, kernel, **options))]
    fn new(
        x: &Bound<'_, PyAny>,
        kernel: &Bound<'_, PyAny>,
        options: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Explanation> {
        let kernel = Input::new(kernel, "the kernel")?.kernel();
        let explanation = Explanation { x: x.clone().unbind(), kernel, spec: options::spec(Spec::new(), options)? };
        explanation.subject(&explanation.input(x.py())?, x.py())?; // whatever is wrong with the shapes and options
        Ok(explanation)
    }

    /// Shapes of the input, of the kernel and of the result.
    #[getter]
    fn shapes<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyTuple>>> {
        let x = self.input(py)?;
        let subject = self.subject(&x, py)?;
        let tracer = subject.tracer();
        let shapes = [tracer.input_shape(), tracer.kernel_shape(), &tracer.output_shape()];
        shapes.into_iter().map(|shape| PyTuple::new(py, shape)).collect()
    }

    /// What is told of each axis slid along; a constant without its number if that is zero.
    #[getter]
    fn sizes(&self, py: Python<'_>) -> PyResult<Vec<OneSize>> {
        let x = self.input(py)?;
        let subject = self.subject(&x, py)?;
        let told = |size: &Size| {
            let boundary = if size.boundary.is_zero() { "constant".to_owned() } else { size.boundary.to_string() };
            (size.mode.to_string(), boundary, size.stride, size.dilation, size.upsample)
        };
        Ok(subject.tracer().sizes().iter().map(told).collect())
    }

    /// The view that suits, and an output that is worth looking at.
    #[getter]
    fn natural<'py>(&self, py: Python<'py>) -> PyResult<(&'static str, Bound<'py, PyTuple>)> {
        let x = self.input(py)?;
        let subject = self.subject(&x, py)?;
        Ok((View::of(&subject).name(), PyTuple::new(py, subject.natural_place())?))
    }

    /// The output at `at`, and its terms.
    fn trace<'py>(&self, py: Python<'py>, at: Vec<isize>) -> PyResult<(Bound<'py, PyAny>, Vec<OneTerm<'py>>)> {
        let x = self.input(py)?;
        let subject = self.subject(&x, py)?;
        let kinds = Kinds::of(&x, &subject);
        let trace = subject.trace(&at).map_err(unexplained)?;
        let terms = trace.terms.iter().map(|term| kinds.opened(py, term)).collect::<PyResult<_>>()?;
        Ok((kinds.product().given(py, trace.sum)?, terms))
    }

    /// Products in the row of their sample and the column of their output, for some of either (from, to): those of virtual samples in
    /// the row of their source, those of constants in the row after the last sample. For one dimension.
    fn products<'py>(
        &self,
        py: Python<'py>,
        samples: (usize, usize),
        outputs: (usize, usize),
    ) -> PyResult<Bound<'py, PyAny>> {
        let x = self.input(py)?;
        let subject = self.subject(&x, py)?;
        let mut cells = Cells::new(Kinds::of(&x, &subject).product(), [samples.1 - samples.0, outputs.1 - outputs.0]);
        for column in outputs.0..outputs.1 {
            for term in subject.trace(&[column as isize]).map_err(unexplained)?.terms {
                let row = match &term.origin {
                    Origin::Sample => term.at[0] as usize,
                    Origin::Virtual { source, .. } => source.as_ref().map_or(x.shape()[0], |source| source[0]),
                    Origin::Gap => continue, // a zero
                };
                if (samples.0..samples.1).contains(&row) {
                    cells.add([row - samples.0, column - outputs.0], term.product);
                }
            }
        }
        cells.finish(py)
    }

    /// Title and description of a scene.
    fn scene(&self, py: Python<'_>, view: &str, at: Vec<isize>) -> PyResult<(String, String)> {
        let x = self.input(py)?;
        let (subject, view) = self.viewed(&x, py, view)?;
        let Scene { title, description, .. } = view.scene(&subject, &at).map_err(unexplained)?;
        Ok((title, description))
    }

    /// What a painter of texts makes of a scene, or of the film of all places.
    #[pyo3(signature = (form, view, at, *, theme=None, width=80))]
    fn text<'py>(
        &self,
        py: Python<'py>,
        form: &str,
        view: &str,
        at: Vec<isize>,
        theme: Option<&str>,
        width: usize,
    ) -> PyResult<Bound<'py, PyString>> {
        let x = self.input(py)?;
        let (subject, view) = self.viewed(&x, py, view)?;
        painting::text(py, &AtPlace { subject, view, at }, form, theme, width)
    }

    /// The bytes of a picture in pixels.
    #[pyo3(signature = (form, view, at, *, theme=None, scale=1.0, each=None, last=None))]
    #[allow(clippy::too_many_arguments)]
    fn pixels<'py>(
        &self,
        py: Python<'py>,
        form: &str,
        view: &str,
        at: Vec<isize>,
        theme: Option<&str>,
        scale: f64,
        each: Option<f64>,
        last: Option<f64>,
    ) -> PyResult<Bound<'py, PyBytes>> {
        let x = self.input(py)?;
        let (subject, view) = self.viewed(&x, py, view)?;
        painting::pixels(py, &AtPlace { subject, view, at }, form, &Pixels { theme, scale, each, last })
    }
}

impl Explanation {
    /// The array, where it lies.
    fn input<'py>(&self, py: Python<'py>) -> PyResult<Input<'py>> {
        Input::new(self.x.bind(py), "the input")
    }

    /// What is to be explained. Whoever waits for many samples to be looked up can stop it by Ctrl-C.
    fn subject<'x>(&self, x: &'x Input<'_>, py: Python<'x>) -> PyResult<Subject<'x>> {
        let (view, looked) = (x.view(), Cell::new(0u32));
        let sample = move |index: &[usize]| {
            looked.set(looked.get().wrapping_add(1));
            match looked.get() % LOOK == 0 && py.check_signals().is_err() {
                true => Err(Error::Cancelled.into()),
                false => Ok(view.number(index)),
            }
        };
        Subject::by(x.shape(), x.dtype(), self.kernel.clone(), &self.spec, sample).map_err(unexplained)
    }

    /// The same for a view, in its words.
    fn viewed<'x>(&self, x: &'x Input<'_>, py: Python<'x>, view: &str) -> PyResult<(Subject<'x>, View)> {
        let (subject, view) = (self.subject(x, py)?, word(view)?);
        Ok((if view == View::Likes { subject.called(Words::likes()) } else { subject }, view))
    }
}

/// A view of an output.
struct AtPlace<'x> {
    subject: Subject<'x>,
    view: View,
    at: Vec<isize>,
}

impl Shown for AtPlace<'_> {
    fn scene(&self) -> PyResult<Scene> {
        self.view.scene(&self.subject, &self.at).map_err(unexplained)
    }

    fn film(&self) -> PyResult<Film> {
        self.view.film(&self.subject, &self.at).map_err(unexplained)
    }

    fn json(&self, scene: &Scene) -> PyResult<String> {
        let trace = self.subject.trace(&self.at).map_err(unexplained)?;
        Ok(paint::json(self.view, scene, &self.subject, &trace))
    }
}
