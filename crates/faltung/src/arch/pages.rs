//! Large memory in few pages.
//!
//! A page is made when it is first written, which for pages of 4 KiB takes longer than filling them: a result of 64 MiB then costs
//! several times its convolution. Linux makes pages of 2 MiB where it is asked to.
#![allow(unsafe_code)]

use bytemuck::Zeroable;

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
    use super::{try_zeros, zeros};

    #[test]
    fn zeros_are_zero_and_what_is_too_much_is_none() {
        for count in [0, 1, 1000, (9 << 20) + 5] {
            assert_eq!(zeros::<f64>(count).iter().filter(|x| x.to_bits() == 0).count(), count);
        }
        assert!(try_zeros::<i128>(usize::MAX / 2).is_none());
        assert!(try_zeros::<u8>(isize::MAX as usize).is_none());
    }
}
