//! Letting go of the interpreter while the engine works, and stopping the work on Ctrl-C.

use std::{
    sync::{Arc, Mutex, PoisonError, mpsc},
    thread,
    time::Duration,
};

use faltung::{Progress, Result};
use pyo3::{exceptions::PyRuntimeError, prelude::*};

use crate::error::raised;

/// Work shorter than this keeps the interpreter: letting go of it would take as long.
const SHORT: f64 = 20e3;
/// Work longer than this is done by a thread of its own, while this one watches for signals.
const LONG: f64 = 50e6;
/// How often signals are looked for.
const LOOK: Duration = Duration::from_millis(50);

/// Does work of so many `nanoseconds`, as predicted. `progress` is what stops it.
pub(crate) fn patiently<T: Send>(
    py: Python<'_>,
    nanoseconds: f64,
    progress: &Arc<Progress>,
    work: impl FnOnce() -> Result<T> + Send,
) -> PyResult<T> {
    if nanoseconds < SHORT {
        return work().map_err(raised);
    }
    if nanoseconds < LONG {
        return py.detach(work).map_err(raised);
    }
    let (outcome, interrupted) = py.detach(|| watched(progress, work))?;
    match interrupted {
        Some(interrupt) => Err(interrupt),
        None => outcome.map_err(raised),
    }
}

/// The outcome of the work, and the exception that a signal has raised meanwhile.
fn watched<T: Send>(
    progress: &Progress,
    work: impl FnOnce() -> Result<T> + Send,
) -> PyResult<(Result<T>, Option<PyErr>)> {
    let work = Mutex::new(Some(work));
    let take = || work.lock().unwrap_or_else(PoisonError::into_inner).take().expect("work is done once");
    thread::scope(|scope| {
        let (done, finished) = mpsc::channel::<()>();
        let begin = || {
            let outcome = take()();
            drop(done);
            outcome
        };
        let Ok(worker) = thread::Builder::new().spawn_scoped(scope, begin) else {
            // There are no more threads to be had: unwatched, then.
            return Ok((take()(), None));
        };
        let mut interrupted = None;
        while let Err(mpsc::RecvTimeoutError::Timeout) = finished.recv_timeout(LOOK) {
            if interrupted.is_none()
                && let Err(signal) = Python::attach(|py| py.check_signals())
            {
                progress.cancel();
                interrupted = Some(signal);
            }
        }
        let panicked = |_| PyRuntimeError::new_err("the engine panicked: this is a bug in faltung");
        Ok((worker.join().map_err(panicked)?, interrupted))
    })
}
