//! How much memory there is: a result that cannot be is refused, not begun.

use std::fs;

use crate::io::Failure;

/// Refuses work that takes more memory than there is.
///
/// A request may be tiny and its result huge: three samples padded by 10^12. Where the system does not tell how much
/// is left, the work is begun.
pub(crate) fn check(shape: &[usize], size: usize, besides: usize) -> Result<(), Failure> {
    let result = shape.iter().try_fold(size, |all, &n| all.checked_mul(n)).and_then(|all| all.checked_add(besides));
    let there = available().unwrap_or(usize::MAX >> 1);
    match result {
        Some(bytes) if bytes <= there => Ok(()),
        _ => Err(Failure::data(format!(
            "a result of shape {shape:?} and the work for it take {}, and {} are left: ask for less",
            result.map_or("more than any memory".to_owned(), megabytes),
            megabytes(there),
        ))),
    }
}

/// Refuses a small file that claims to be so much that input and result would take far more memory than it.
pub(crate) fn check_growth(file: usize, shape: &[usize], size: usize) -> Result<(), Failure> {
    const MUCH: usize = 480 << 20;
    const TIMES: usize = 64;
    let both = shape.iter().fold(2 * size, |all, &n| all.saturating_mul(n));
    if both <= MUCH || both / TIMES <= file {
        return Ok(());
    }
    Err(Failure::data(format!(
        "it has {} and expands to {} for input and result: say --max-memory if that is meant",
        megabytes(file),
        megabytes(both),
    )))
}

/// Bytes that the work on so large an input may take, if nobody has said: enough for transforms of all of it, and no more
/// than are left, so that a small input with a huge dilation or a huge kernel is refused.
pub(crate) fn allowed(input: usize) -> usize {
    const FEW: usize = 512 << 20;
    FEW.saturating_add(input.saturating_mul(16)).min(available().unwrap_or(usize::MAX))
}

fn megabytes(bytes: usize) -> String {
    format!("{} MB", bytes.div_ceil(1 << 20))
}

/// Bytes that the machine, or the container that this runs in, has left.
fn available() -> Option<usize> {
    let number = |path: &str| fs::read_to_string(path).ok()?.trim().parse::<usize>().ok();
    let group = number("/sys/fs/cgroup/memory.max").map(|most| {
        let used = number("/sys/fs/cgroup/memory.current").unwrap_or(0);
        most.saturating_sub(used)
    });
    let machine = fs::read_to_string("/proc/meminfo").ok().and_then(|text| {
        let line = text.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
        line.trim().strip_suffix("kB")?.trim().parse::<usize>().ok()?.checked_mul(1 << 10)
    });
    group.into_iter().chain(machine).min()
}
