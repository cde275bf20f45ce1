//! How far long work is, for a person who waits.

use std::{
    io::{self, IsTerminal},
    sync::{Arc, mpsc},
    thread,
    time::Duration,
};

use faltung::Progress;
use indicatif::{ProgressBar, ProgressStyle};

use crate::console::Notes;

/// Work that ends sooner shows no bar.
const PATIENCE: Duration = Duration::from_millis(500);
const STEP: Duration = Duration::from_millis(100);

/// Does the work, with a bar on standard error if that is a terminal and the work takes long.
pub(crate) fn shown<T>(progress: &Arc<Progress>, notes: Notes, work: impl FnOnce() -> T) -> T {
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

fn watch(progress: &Progress, done: &mpsc::Receiver<()>) {
    let goes_on = |time| matches!(done.recv_timeout(time), Err(mpsc::RecvTimeoutError::Timeout));
    if !goes_on(PATIENCE) {
        return;
    }
    let bar = ProgressBar::new(0);
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {percent:>3} %, {eta} left") {
        bar.set_style(style);
    }
    while goes_on(STEP) {
        let (outputs, total) = progress.outputs();
        bar.set_length(total as u64);
        bar.set_position(outputs as u64);
    }
    bar.finish_and_clear();
}
