//! Which instruction sets are built, and how one of them is gone into.
//!
//! On x86-64 SSE2 alone is not among them: no processor since 2008 lacks SSE4.2, and what is written for one lane is compiled to SSE2
//! there. Each set is the engine once more, so with `--cfg few_sets` only the widest and one lane are built: for writing, not for use.

use super::Level;

/// Evaluates an expression by the instructions of a level, whose token it is given.
#[cfg(target_arch = "x86_64")]
macro_rules! dispatch {
    ($level:expr, $simd:pat => $of:expr) => {
        match $level {
            $crate::arch::Level::Avx512(token) => $crate::arch::dispatch!(@with token, $simd => $of),
            #[cfg(not(few_sets))]
            $crate::arch::Level::Avx2(token) => $crate::arch::dispatch!(@with token, $simd => $of),
            #[cfg(not(few_sets))]
            $crate::arch::Level::Sse4_2(token) => $crate::arch::dispatch!(@with token, $simd => $of),
            _ => $crate::arch::dispatch!(@with ::fearless_simd::Fallback::new(), $simd => $of),
        }
    };
    (@with $token:expr, $simd:pat => $of:expr) => {{
        let token = $token;
        ::fearless_simd::Simd::vectorize(
            token,
            #[inline(always)]
            || {
                let $simd = token;
                $of
            },
        )
    }};
}

#[cfg(target_arch = "x86_64")]
pub(crate) use dispatch;
#[cfg(not(target_arch = "x86_64"))]
pub(crate) use fearless_simd::dispatch;

/// Whether the level is built.
#[cfg(target_arch = "x86_64")]
pub(super) fn is_built(level: Level) -> bool {
    match level {
        Level::Sse2(_) => false,
        Level::Avx2(_) | Level::Sse4_2(_) => !cfg!(few_sets),
        _ => true,
    }
}

#[cfg(not(target_arch = "x86_64"))]
pub(super) fn is_built(_: Level) -> bool {
    true
}

/// The best level of this machine that is built.
pub(super) fn best() -> Level {
    let best = Level::new();
    if is_built(best) { best } else { fallback() }
}

#[cfg(not(target_arch = "wasm32"))]
fn fallback() -> Level {
    Level::fallback()
}

/// A module has one level, and it is built.
#[cfg(target_arch = "wasm32")]
fn fallback() -> Level {
    Level::new()
}
