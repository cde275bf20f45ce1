//! Large memory in few pages, and kept.
//!
//! A page is made when it is first written, which for pages of 4 KiB takes longer than filling them: a result of 64 MiB then costs
//! several times its convolution. Linux makes pages of 2 MiB where it is asked to. What calls only work in is not given back to the
//! system at once: the next call takes it as it is, so that of two calls on two million samples the second takes half the time.
#![allow(unsafe_code)]

use std::{
    fmt,
    marker::PhantomData,
    ops::{Deref, DerefMut},
    sync::{Mutex, TryLockError},
};

use bytemuck::{Pod, Zeroable};

/// So many zeros.
///
/// # Panics
/// If there is no memory for them.
pub(crate) fn zeros<T: Zeroable>(count: usize) -> Vec<T> {
    try_zeros(count).expect("memory for scratch")
}

/// So many zeros, if there is memory for them.
pub(crate) fn try_zeros<T: Zeroable>(count: usize) -> Option<Vec<T>> {
    let mut all = bytemuck::try_zeroed_vec(count).ok()?;
    prefer_huge_pages(&mut all);
    Some(all)
}

/// What memory is kept in: of a size and a place that suits all numbers.
type Unit = u128;

/// So many bytes are kept at most, in all.
const KEPT: usize = 64 << 20;

/// Less than this is not worth keeping: the allocator keeps it.
const WORTH: usize = 64 << 10;

/// What was worked in and is free, the oldest first.
static FREE: Mutex<Vec<Vec<Unit>>> = Mutex::new(Vec::new());

/// Memory to work in: so many numbers, whatever they are at first. Kept for the next, when it is dropped.
pub(crate) struct Memory<T> {
    units: Vec<Unit>,
    count: usize,
    numbers: PhantomData<T>,
}

impl<T: Pod> Memory<T> {
    /// Room for so many numbers.
    ///
    /// # Panics
    /// If there is no memory for them.
    pub(crate) fn new(count: usize) -> Self {
        let units =
            count.checked_mul(size_of::<T>()).expect("scratch that can be addressed").div_ceil(size_of::<Unit>());
        Memory { units: kept(units).unwrap_or_else(|| zeros(units)), count, numbers: PhantomData }
    }
}

impl<T: Pod> Deref for Memory<T> {
    type Target = [T];
    fn deref(&self) -> &[T] {
        &bytemuck::cast_slice(&self.units)[..self.count]
    }
}

impl<T: Pod> DerefMut for Memory<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        &mut bytemuck::cast_slice_mut(&mut self.units)[..self.count]
    }
}

impl<T: Pod> Default for Memory<T> {
    fn default() -> Self {
        Memory::new(0)
    }
}

impl<T> fmt::Debug for Memory<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Memory").field("count", &self.count).finish_non_exhaustive()
    }
}

impl<T> Drop for Memory<T> {
    fn drop(&mut self) {
        keep(std::mem::take(&mut self.units));
    }
}

/// The free memory, unless another thread holds it: nobody waits, and the child of a fork need not fear that nobody ever lets go.
fn free<R>(with: impl FnOnce(&mut Vec<Vec<Unit>>) -> R) -> Option<R> {
    match FREE.try_lock() {
        Ok(mut free) => Some(with(&mut free)),
        Err(TryLockError::Poisoned(poisoned)) => Some(with(&mut poisoned.into_inner())),
        Err(TryLockError::WouldBlock) => None,
    }
}

/// Free memory of exactly so many units, if there is any: what takes more than was said would break a limit.
fn kept(units: usize) -> Option<Vec<Unit>> {
    if units * size_of::<Unit>() < WORTH {
        return None;
    }
    free(|free| free.iter().rposition(|memory| memory.len() == units).map(|at| free.remove(at)))?
}

/// Keeps memory for the next who asks; of what is too much, the oldest goes back to the system.
fn keep(memory: Vec<Unit>) {
    let bytes = |memory: &Vec<Unit>| size_of_val(memory.as_slice());
    if !(WORTH..=KEPT).contains(&bytes(&memory)) {
        return;
    }
    let old = free(|free| {
        free.push(memory);
        let (mut all, mut old) = (free.iter().map(bytes).sum::<usize>(), Vec::new());
        while all > KEPT {
            let oldest = free.remove(0);
            all -= bytes(&oldest);
            old.push(oldest);
        }
        old
    });
    // Given back when others may look again.
    drop(old);
}

/// Gives the memory that calls have worked in back to the system.
///
/// Up to 64 MiB are kept from call to call, since it takes longer to make its pages than to fill them. Whoever has done with
/// convolving, and needs them elsewhere, may call this; the next large call takes them anew.
///
/// ```
/// faltung::convolve(&[1.0; 100_000], &[0.5; 20_000], &faltung::Spec::new())?;
/// faltung::release_memory();
/// # Ok::<(), faltung::Error>(())
/// ```
pub fn release_memory() {
    drop(free(std::mem::take));
}

/// Asks for huge pages where memory is large and was not written yet.
fn prefer_huge_pages<T>(memory: &mut [T]) {
    #[cfg(all(target_os = "linux", not(miri)))]
    {
        /// So many bytes hold one huge page at least, wherever they begin.
        const LARGE: usize = 4 << 20;
        const PAGE: usize = 4 << 10;
        let range = memory.as_mut_ptr_range();
        let start = range.start.addr().next_multiple_of(PAGE);
        let len = (range.end.addr().saturating_sub(start)) / PAGE * PAGE;
        if len >= LARGE {
            let start = range.start.with_addr(start);
            // SAFETY: these pages lie within the slice, and how large pages are does not change what they hold. If the
            // system refuses, they are as they were.
            unsafe { libc::madvise(start.cast(), len, libc::MADV_HUGEPAGE) };
        }
    }
    #[cfg(not(all(target_os = "linux", not(miri))))]
    let _ = memory;
}

#[cfg(test)]
mod tests {
    use super::{KEPT, Memory, WORTH, free, release_memory, try_zeros, zeros};

    #[test]
    fn what_is_kept_is_taken_again_and_bounded() {
        let bytes = || free(|free| free.iter().map(|memory| size_of_val(memory.as_slice())).sum::<usize>());
        let mut memory = Memory::<f32>::new(5 * WORTH);
        memory.fill(7.0);
        assert_eq!(memory.len(), 5 * WORTH);
        drop(memory);
        let all: Vec<_> = (0..9).map(|_| Memory::<f64>::new(KEPT / 64)).collect();
        assert!(all.iter().all(|memory| memory.len() == KEPT / 64));
        drop(all);
        assert!(bytes().is_none_or(|bytes| bytes <= KEPT));
        release_memory();
        assert!(Memory::<u64>::default().is_empty());
    }

    #[test]
    fn zeros_are_zero_and_what_is_too_much_is_none() {
        for count in [0, 1, 1000, (9 << 20) + 5] {
            assert_eq!(zeros::<f64>(count).iter().filter(|x| x.to_bits() == 0).count(), count);
        }
        assert!(try_zeros::<i128>(usize::MAX / 2).is_none());
        assert!(try_zeros::<u8>(isize::MAX as usize).is_none());
    }
}
