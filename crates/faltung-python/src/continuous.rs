//! `faltung.continuous`: convolution in continuous time, of formulas.

use faltung_continuous::{Method, Signal, System};
use faltung_scene::{Film, Scene, paint};
use pyo3::{
    exceptions::PyValueError,
    prelude::*,
    types::{PyBytes, PyString},
};

use crate::painting::{self, Pixels, Shown, unexplained};

/// Two formulas and their convolution.
#[pyclass(frozen, module = "faltung._engine")]
pub(crate) struct Continuous(faltung_scene::Continuous);

#[pymethods]
impl Continuous {
    #[new]
    #[pyo3(signature = (f, g, begin=None, end=None))]
    fn new(f: &str, g: &str, begin: Option<f64>, end: Option<f64>) -> PyResult<Continuous> {
        let read = |name: &str, text: &str| -> PyResult<Signal> {
            let system = text.trim().parse::<System>();
            let system = system.map_err(|error| PyValueError::new_err(format!("{name}: {error}")))?;
            Ok(system.impulse_response().clone())
        };
        let stage = faltung_scene::Continuous::new(read("f", f)?, read("g", g)?).map_err(unexplained)?;
        Ok(Continuous(stage.within(begin, end).map_err(unexplained)?))
    }

    /// Both operands and the result as expressions; none where there is no closed form.
    #[getter]
    fn formulas(&self) -> (String, String, Option<String>) {
        let (f, g) = self.0.convolution().operands();
        (f.to_string(), g.to_string(), self.0.convolution().formula().map(ToString::to_string))
    }

    /// How values are found.
    #[getter]
    fn method(&self) -> &'static str {
        match self.0.convolution().method() {
            Method::Exact => "exact",
            Method::Quadrature => "quadrature",
        }
    }

    /// Values and bounds on their errors.
    fn values(&self, py: Python<'_>, at: Vec<f64>) -> PyResult<(Vec<f64>, Vec<f64>)> {
        let (mut values, mut bounds) = (Vec::with_capacity(at.len()), Vec::with_capacity(at.len()));
        for t in at {
            py.check_signals()?;
            let value = self.0.convolution().at(t).map_err(|error| PyValueError::new_err(error.to_string()))?;
            values.push(value.value);
            bounds.push(value.bound);
        }
        Ok((values, bounds))
    }

    /// Where the formula changes.
    #[getter]
    fn breakpoints(&self) -> Vec<f64> {
        self.0.convolution().breakpoints().into_iter().map(|at| at.value()).collect()
    }

    /// Places and weights.
    #[getter]
    fn impulses(&self) -> Vec<(f64, f64)> {
        let impulses = self.0.convolution().impulses();
        impulses.iter().map(|impulse| (impulse.at.value(), impulse.weight.value())).collect()
    }

    /// Where the result is not zero, if anywhere.
    #[getter]
    fn support(&self) -> Option<(f64, f64)> {
        self.0.convolution().support()
    }

    /// Which input an output depends on, in words.
    #[getter]
    fn alignment(&self) -> String {
        System::new(self.0.convolution().operands().1.clone()).alignment()
    }

    /// A place that is worth looking at.
    #[getter]
    fn natural(&self) -> f64 {
        self.0.natural_place()
    }

    /// Title and description of a scene.
    fn scene(&self, _view: &str, at: f64) -> PyResult<(String, String)> {
        let Scene { title, description, .. } = self.shown(at).scene()?;
        Ok((title, description))
    }

    /// What a painter of texts makes of a scene, or of the film of all places.
    #[pyo3(signature = (form, _view, at, *, theme=None, width=80))]
    fn text<'py>(
        &self,
        py: Python<'py>,
        form: &str,
        _view: &str,
        at: f64,
        theme: Option<&str>,
        width: usize,
    ) -> PyResult<Bound<'py, PyString>> {
        painting::text(py, &self.shown(at), form, theme, width)
    }

    /// The bytes of a picture in pixels.
    #[pyo3(signature = (form, _view, at, *, theme=None, scale=1.0, each=None, last=None))]
    #[allow(clippy::too_many_arguments)]
    fn pixels<'py>(
        &self,
        py: Python<'py>,
        form: &str,
        _view: &str,
        at: f64,
        theme: Option<&str>,
        scale: f64,
        each: Option<f64>,
        last: Option<f64>,
    ) -> PyResult<Bound<'py, PyBytes>> {
        painting::pixels(py, &self.shown(at), form, &Pixels { theme, scale, each, last })
    }
}

impl Continuous {
    fn shown(&self, t: f64) -> AtTime<'_> {
        AtTime { stage: &self.0, t }
    }
}

struct AtTime<'a> {
    stage: &'a faltung_scene::Continuous,
    t: f64,
}

impl Shown for AtTime<'_> {
    fn scene(&self) -> PyResult<Scene> {
        self.stage.scene(self.t).map_err(unexplained)
    }

    fn film(&self) -> PyResult<Film> {
        self.stage.film(self.t).map_err(unexplained)
    }

    fn json(&self, scene: &Scene) -> PyResult<String> {
        let trace = self.stage.trace(self.t).map_err(unexplained)?;
        Ok(paint::json_continuous(scene, self.stage, &trace))
    }
}
