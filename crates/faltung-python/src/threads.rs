//! How many threads work where a call does not say.

use std::sync::atomic::{AtomicUsize, Ordering};

use pyo3::{exceptions::PyValueError, prelude::*};

/// 0 for as many as the engine takes by itself.
static THREADS: AtomicUsize = AtomicUsize::new(0);

/// Threads that were set, if any were.
pub(crate) fn chosen() -> Option<usize> {
    match THREADS.load(Ordering::Relaxed) {
        0 => None,
        threads => Some(threads),
    }
}

/// Sets how many threads work where a call does not say; `None` for the variable FALTUNG_NUM_THREADS, or else all cores.
#[pyfunction]
pub(crate) fn set_num_threads(threads: Option<isize>) -> PyResult<()> {
    let threads = match threads {
        None => 0,
        Some(threads @ 1..) => threads as usize,
        Some(threads) => {
            let message =
                format!("threads is {threads}: give a number from 1 on, or None for as many as there are cores");
            return Err(PyValueError::new_err(message));
        }
    };
    THREADS.store(threads, Ordering::Relaxed);
    Ok(())
}

/// How many threads work where a call does not say.
#[pyfunction]
pub(crate) fn get_num_threads() -> usize {
    chosen().unwrap_or_else(faltung::default_threads)
}
