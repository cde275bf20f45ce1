//! What painters make of scenes, for Python: texts, and pictures in pixels.

use std::{str::FromStr, time::Duration};

use faltung::Error;
use faltung_scene::{Film, Scene, paint};
use pyo3::{
    exceptions::PyValueError,
    prelude::*,
    types::{PyBytes, PyString},
};

use crate::error::raised;

/// What can be painted at a place.
pub(crate) trait Shown {
    /// What there is to see there.
    fn scene(&self) -> PyResult<Scene>;
    /// All places.
    fn film(&self) -> PyResult<Film>;
    /// Everything for a program.
    fn json(&self, scene: &Scene) -> PyResult<String>;
}

/// What a painter of texts makes of a scene, or of the film of all places.
pub(crate) fn text<'py>(
    py: Python<'py>,
    shown: &impl Shown,
    form: &str,
    theme: Option<&str>,
    width: usize,
) -> PyResult<Bound<'py, PyString>> {
    let scheme = if theme.is_some() { paint::Scheme::Look } else { paint::Scheme::Reader };
    let look = look(theme)?;
    let text = match form {
        "text" => paint::text(&shown.scene()?, &paint::TextStyle { width, ..paint::TextStyle::default() }),
        "markdown" => paint::markdown(&shown.scene()?),
        "csv" => paint::csv(&shown.scene()?),
        "json" => shown.json(&shown.scene()?)?,
        "latex" => paint::latex(&shown.scene()?),
        "svg" => paint::svg(&shown.scene()?, &look),
        "html" => paint::html(&shown.film()?, &look, scheme),
        "fragment" => paint::html_fragment(&shown.film()?, &look),
        "still" => paint::html_fragment(&Film::from(shown.scene()?), &look),
        _ => return Err(PyValueError::new_err(format!("unknown form {form:?}"))),
    };
    Ok(PyString::new(py, &text))
}

/// How a picture in pixels looks, and how it moves.
pub(crate) struct Pixels<'a> {
    pub(crate) theme: Option<&'a str>,
    pub(crate) scale: f64,
    /// Seconds for each frame and for the last.
    pub(crate) each: Option<f64>,
    pub(crate) last: Option<f64>,
}

/// The bytes of a picture in pixels.
pub(crate) fn pixels<'py>(
    py: Python<'py>,
    shown: &impl Shown,
    form: &str,
    asked: &Pixels<'_>,
) -> PyResult<Bound<'py, PyBytes>> {
    let look = look(asked.theme)?;
    let timing = paint::Timing::default();
    let timing = paint::Timing { each: seconds(asked.each, timing.each)?, last: seconds(asked.last, timing.last)? };
    let film = match form {
        "png" => Film::from(shown.scene()?),
        _ => shown.film()?,
    };
    let scale = asked.scale;
    let file = py.detach(|| match form {
        "png" => paint::png(&film.scenes[0], &look, scale),
        "apng" => paint::apng(&film, &look, scale, &timing),
        _ => paint::gif(&film, &look, scale, &timing),
    });
    let file = file.map_err(|error| PyValueError::new_err(error.to_string()))?;
    Ok(PyBytes::new(py, &file))
}

fn look(theme: Option<&str>) -> PyResult<paint::Look> {
    let theme = theme.map_or(Ok(paint::Theme::Light), word)?;
    Ok(paint::Look { theme, ..paint::Look::default() })
}

/// What a word of the engine's means.
pub(crate) fn word<T: FromStr<Err = Error>>(text: &str) -> PyResult<T> {
    text.parse().map_err(raised)
}

/// A time that was given in seconds, if it was.
fn seconds(given: Option<f64>, otherwise: Duration) -> PyResult<Duration> {
    let beyond = |_| PyValueError::new_err("a frame is seen for 0.02 to 655.35 seconds: choose another fps or hold");
    given.map_or(Ok(otherwise), Duration::try_from_secs_f64).map_err(beyond)
}

/// Why something cannot be explained.
pub(crate) fn unexplained(error: faltung_scene::Error) -> PyErr {
    match error {
        faltung_scene::Error::Engine(error) => raised(error),
        other => PyValueError::new_err(other.to_string()),
    }
}
