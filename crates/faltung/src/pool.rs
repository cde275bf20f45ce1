//! Which threads work: a pool that the program shares, or one of a given size, in this process.
//!
//! A pool is looked up when a plan runs and never kept in a plan, because a process may fork: its child has a copy of every
//! pool but none of the threads, and would wait for them without end. So pools are known by the process that they were
//! started in, and the pool that rayon shares is used only in the process that used it first.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rayon::ThreadPool;

use crate::{Error, Result};

/// Threads that work where [`Spec::threads`](crate::Spec::threads) says nothing: as many as the variable
/// `FALTUNG_NUM_THREADS` says, else as many as rayon's pool has.
///
/// The variable is read once, and ignored if it is not a whole number of at least 1. Results do not depend on it, to the bit.
///
/// ```
/// assert!(faltung::default_threads() >= 1);
/// ```
pub fn default_threads() -> usize {
    static NAMED: OnceLock<Option<usize>> = OnceLock::new();
    let named = NAMED.get_or_init(|| std::env::var("FALTUNG_NUM_THREADS").ok().and_then(|text| positive(&text)));
    named.unwrap_or_else(|| {
        home();
        rayon::current_num_threads()
    })
}

/// Threads that are worth starting at most: several for each core. More only take memory.
pub(crate) fn most_threads() -> usize {
    /// So many for each.
    const EACH: usize = 8;
    static MOST: OnceLock<usize> = OnceLock::new();
    *MOST.get_or_init(|| EACH * std::thread::available_parallelism().map_or(1, usize::from))
}

fn positive(text: &str) -> Option<usize> {
    text.trim().parse().ok().filter(|&threads| threads > 0)
}

/// The pool for so many threads, in this process; `None` for the one that the program shares.
pub(crate) fn pool(threads: usize) -> Result<Option<Arc<ThreadPool>>> {
    static POOLS: Pools = Pools(Mutex::new(Vec::new()));
    let process = process();
    if home() == process && threads == rayon::current_num_threads() {
        return Ok(None);
    }
    POOLS.of(process, threads).map(Some)
}

/// The process in which rayon's shared pool was first asked for.
fn home() -> u32 {
    static HOME: OnceLock<u32> = OnceLock::new();
    *HOME.get_or_init(process)
}

/// This process.
fn process() -> u32 {
    // There are none in a browser.
    if cfg!(target_family = "wasm") { 0 } else { std::process::id() }
}

/// Pools by process and number of threads, each made once. Those of other processes stay: to end them, their threads would
/// have to be there.
struct Pools(Mutex<Vec<(u32, usize, Arc<ThreadPool>)>>);

impl Pools {
    fn of(&self, process: u32, threads: usize) -> Result<Arc<ThreadPool>> {
        let mut pools = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((.., pool)) = pools.iter().find(|(owner, count, _)| (*owner, *count) == (process, threads)) {
            return Ok(pool.clone());
        }
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        let pool = Arc::new(pool.map_err(|reason| Error::Threads { threads, reason: reason.to_string() })?);
        pools.push((process, threads, pool.clone()));
        Ok(pool)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pool_belongs_to_its_process() {
        let pools = Pools(Mutex::new(Vec::new()));
        let of = |process, threads| pools.of(process, threads).unwrap();
        assert!(Arc::ptr_eq(&of(1, 2), &of(1, 2)));
        assert!(!Arc::ptr_eq(&of(1, 2), &of(7, 2)));
        assert_eq!([of(1, 2), of(1, 3), of(7, 3)].map(|pool| pool.current_num_threads()), [2, 3, 3]);
    }

    #[test]
    fn a_number_of_threads_is_positive_or_nothing() {
        assert_eq!(["3", " 1 ", "0", "-1", "many", ""].map(positive), [Some(3), Some(1), None, None, None, None]);
    }
}
