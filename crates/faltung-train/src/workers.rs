//! Who works on the parts of a batch: rayon's threads with the feature `threads`, else the caller.
//!
//! Which thread takes which part is open; what comes out stands in the order of the parts. So results are the same to the bit
//! for any number of threads. A caller chooses the number by running in a pool of its own.

use crate::Result;

/// Does the work with so many threads; what comes out does not depend on it.
///
/// # Errors
/// [`Error::Option`](crate::Error::Option) if so many cannot be started.
///
/// ```
/// use faltung_train::{Description, Net, digits, on_threads};
/// let data = digits::test(70, 1)?;
/// let net = Net::new(Description::ffnn(data.shape(), 10, 5000), 1)?;
/// let told = |threads| on_threads(threads, || net.probabilities(&data))?;
/// assert_eq!(told(1)?, told(3)?);
/// # Ok::<(), faltung_train::Error>(())
/// ```
#[cfg(feature = "threads")]
pub fn on_threads<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> Result<T> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    let pool = pool.map_err(|_| crate::Error::Option {
        option: "threads",
        value: threads.to_string(),
        advice: "so many cannot be started: ask for fewer",
    })?;
    Ok(pool.install(work))
}

/// Does the work for each part.
#[cfg(feature = "threads")]
pub(crate) fn each<T: Send>(parts: &mut [T], work: impl Fn(usize, &mut T) -> Result<()> + Sync) -> Result<()> {
    use rayon::prelude::*;
    let outcomes: Vec<Result<()>> = parts.par_iter_mut().enumerate().map(|(at, part)| work(at, part)).collect();
    outcomes.into_iter().collect()
}

/// Does the work for each part.
#[cfg(not(feature = "threads"))]
pub(crate) fn each<T: Send>(parts: &mut [T], work: impl Fn(usize, &mut T) -> Result<()> + Sync) -> Result<()> {
    parts.iter_mut().enumerate().try_for_each(|(at, part)| work(at, part))
}

/// Does the work for each item, with memory that is made as seldom as it can be.
#[cfg(feature = "threads")]
pub(crate) fn map<I: Sync, M, O: Send>(
    items: &[I],
    memory: impl Fn() -> Result<M> + Sync + Send,
    work: impl Fn(&mut M, &I) -> Result<O> + Sync + Send,
) -> Result<Vec<O>> {
    use rayon::prelude::*;
    let outcomes: Vec<Result<O>> = items
        .par_iter()
        .map_init(memory, |memory, item| match memory {
            Ok(memory) => work(memory, item),
            Err(error) => Err(error.clone()),
        })
        .collect();
    outcomes.into_iter().collect()
}

/// Does the work for each item, with memory that is made as seldom as it can be.
#[cfg(not(feature = "threads"))]
pub(crate) fn map<I: Sync, M, O: Send>(
    items: &[I],
    memory: impl Fn() -> Result<M> + Sync + Send,
    work: impl Fn(&mut M, &I) -> Result<O> + Sync + Send,
) -> Result<Vec<O>> {
    let mut memory = memory()?;
    items.iter().map(|item| work(&mut memory, item)).collect()
}
