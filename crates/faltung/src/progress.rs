//! How far the work is.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// How far the work is, seen and stopped from other threads.
///
/// ```
/// use std::sync::Arc;
/// use faltung::{Progress, Spec, convolve};
/// let progress = Arc::new(Progress::default());
/// convolve(&[1, 2, 3], &[1, 1], &Spec::new().progress(progress.clone()))?;
/// assert_eq!(progress.outputs(), (4, 4));
/// # Ok::<(), faltung::Error>(())
/// ```
#[derive(Debug, Default)]
pub struct Progress {
    done: AtomicUsize,
    total: AtomicUsize,
    cancelled: AtomicBool,
}

impl Progress {
    /// Outputs finished, and outputs in all; both 0 before the work begins.
    ///
    /// ```
    /// assert_eq!(faltung::Progress::default().outputs(), (0, 0));
    /// ```
    pub fn outputs(&self) -> (usize, usize) {
        (self.done.load(Ordering::Relaxed), self.total.load(Ordering::Relaxed))
    }

    /// Stops the work after the tiles that are being computed, with [`Error::Cancelled`](crate::Error::Cancelled); also what begins later.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use faltung::{Error, Progress, Spec, convolve};
    /// let progress = Arc::new(Progress::default());
    /// progress.cancel();
    /// let spec = Spec::new().progress(progress);
    /// assert_eq!(convolve(&[1, 2, 3], &[1, 1], &spec), Err(Error::Cancelled));
    /// ```
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }

    pub(crate) fn start(&self, total: usize) {
        self.done.store(0, Ordering::Relaxed);
        self.total.store(total, Ordering::Relaxed);
    }

    pub(crate) fn advance(&self, outputs: usize) {
        self.done.fetch_add(outputs, Ordering::Relaxed);
    }

    pub(crate) fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }
}
