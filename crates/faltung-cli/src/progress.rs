//! How far long work is, for a person who waits.

use std::{
    io::{self, IsTerminal},
    sync::{
        atomic::{AtomicU64, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

use faltung::Progress;
use indicatif::{ProgressBar, ProgressStyle};

use crate::console::Notes;

/// Work that ends sooner shows no bar.
const PATIENCE: Duration = Duration::from_millis(500);
const STEP: Duration = Duration::from_millis(100);

/// Work that can tell how far it is.
pub(crate) trait Work: Sync {
    /// What is done, and how much there is in all.
    fn stand(&self) -> (u64, u64);
}

impl Work for Progress {
    fn stand(&self) -> (u64, u64) {
        let (outputs, total) = self.outputs();
        (outputs as u64, total as u64)
    }
}

/// Work that is counted by who does it.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    done: AtomicU64,
    total: AtomicU64,
}

impl Meter {
    /// More is done.
    pub(crate) fn advance(&self, by: u64) {
        self.done.fetch_add(by, Ordering::Relaxed);
    }

    /// More is to do.
    pub(crate) fn lengthen(&self, by: u64) {
        self.total.fetch_add(by, Ordering::Relaxed);
    }
}

impl Work for Meter {
    fn stand(&self) -> (u64, u64) {
        (self.done.load(Ordering::Relaxed), self.total.load(Ordering::Relaxed))
    }
}

/// Does the work, with a bar on standard error if that is a terminal and the work takes long.
pub(crate) fn shown<T>(progress: &impl Work, notes: Notes, work: impl FnOnce() -> T) -> T {
    if notes == Notes::Silent || !io::stderr().is_terminal() {
        return work();
    }
    thread::scope(|scope| {
        // The sender is dropped when the work ends, and with it the bar.
        let (done, waiting) = mpsc::channel::<()>();
        scope.spawn(move || watch(progress, &waiting));
        let result = work();
        drop(done);
        result
    })
}

fn watch(progress: &impl Work, done: &mpsc::Receiver<()>) {
    let goes_on = |time| matches!(done.recv_timeout(time), Err(mpsc::RecvTimeoutError::Timeout));
    if !goes_on(PATIENCE) {
        return;
    }
    let bar = ProgressBar::new(0);
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {percent:>3} %, {eta} left") {
        bar.set_style(style);
    }
    while goes_on(STEP) {
        let (done, total) = progress.stand();
        bar.set_length(total);
        bar.set_position(done);
    }
    bar.finish_and_clear();
}
