//! The extension module `faltung._engine`: arrays of NumPy in, the engine's answer out.
//!
//! Nothing is computed here, and no convention of another library is known here: those live in the package's Python
//! modules, which call `run`, `estimate`, `Plan`, layers, `Stream`, `Explanation` and `Continuous`. What is here is the border: which arrays
//! can be read in place (`memory`), which words and numbers are options (`options`), which numbers terms are of (`terms`), and how long work is watched
//! for Ctrl-C (`patience`).

mod continuous;
mod error;
mod explanation;
mod memory;
mod nn;
mod options;
mod painting;
mod patience;
mod plan;
mod quick;
mod run;
mod stream;
mod terms;
mod threads;

use pyo3::prelude::*;

/// The engine of the package `faltung`: an internal module, whose names may change.
#[pymodule]
mod _engine {
    #[pymodule_export]
    use super::{
        continuous::Continuous,
        explanation::Explanation,
        nn::{layer_bias_gradient, layer_forward, layer_input_gradient, layer_transposed, layer_weight_gradient},
        plan::Plan,
        quick::quick,
        run::{estimate, kernel, kernels, run},
        stream::Stream,
        threads::{get_num_threads, set_num_threads},
    };
    use numpy::PyArrayDescr;
    use pyo3::prelude::*;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        // Loads NumPy's functions now: an interrupt while a first call does it would be a panic.
        PyArrayDescr::of::<f64>(module.py());
        module.add("version", env!("CARGO_PKG_VERSION"))?;
        module.add("instruction_set", faltung::instruction_set())?;
        let algorithms: Vec<_> = faltung::Algorithm::ALL.iter().map(|algorithm| algorithm.name()).collect();
        module.add("algorithms", algorithms)?;
        let views: Vec<_> = faltung_scene::View::ALL.iter().map(|view| view.name()).collect();
        module.add("views", views)?;
        Ok(())
    }
}
