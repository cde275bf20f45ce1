//! Vectors as blocks of 128 bits: exchanges between four of them, which `fearless_simd` lacks.
//!
//! Within a block shuffles are cheap on x86, whole blocks move by other instructions. So four vectors are transposed in two
//! steps, blocks and then lanes, each its own inverse; where vectors are one block, the first has nothing to do.
#![allow(unsafe_code)]

#[cfg(target_arch = "x86_64")]
use core::arch::x86_64::*;

#[cfg(target_arch = "x86_64")]
use fearless_simd::Level;
use fearless_simd::{Simd, SimdFloatElement, prelude::*};

use super::Native;

/// The 128-bit blocks of a vector: the unit within which x86 shuffles are cheap.
#[inline(always)]
pub(crate) fn blocks<S: Simd, T: SimdFloatElement>() -> usize {
    size_of::<Native<S, T>>() / 16
}

/// Exchanges vectors and blocks: of four blocks, block `b` of vector `v` becomes block `v` of vector `b`; of two blocks
/// the same in each pair of vectors. Its own inverse.
///
/// `interleave` would do, but is a two-source permutation on AVX-512 and four instructions on AVX2.
#[inline(always)]
pub(crate) fn transpose_blocks<S: Simd, T: SimdFloatElement>(vectors: [Native<S, T>; 4]) -> [Native<S, T>; 4] {
    match vectors[0].token().level() {
        #[cfg(target_arch = "x86_64")]
        Level::Avx512(set) => cast(blocks_512(set, cast(vectors))),
        #[cfg(target_arch = "x86_64")]
        Level::Avx2(set) => cast(blocks_256(set, cast(vectors))),
        _ => vectors,
    }
}

/// Exchanges vectors and lanes of each block: of four lanes, lane `l` of vector `v` becomes lane `v` of vector `l`; of
/// two lanes the same in each pair of vectors. Its own inverse.
#[inline(always)]
pub(crate) fn transpose_lanes<S: Simd, T: SimdFloatElement>(vectors: [Native<S, T>; 4]) -> [Native<S, T>; 4] {
    let single = size_of::<T>() == 4;
    match vectors[0].token().level() {
        #[cfg(target_arch = "x86_64")]
        Level::Avx512(set) if single => cast(lanes_512(set, cast(vectors))),
        #[cfg(target_arch = "x86_64")]
        Level::Avx512(set) => cast(pairs_512(set, cast(vectors))),
        #[cfg(target_arch = "x86_64")]
        Level::Avx2(set) if single => cast(lanes_256(set, cast(vectors))),
        #[cfg(target_arch = "x86_64")]
        Level::Avx2(set) => cast(pairs_256(set, cast(vectors))),
        _ => {
            let [a, b, c, d] = vectors;
            if single {
                let ((a, b), (c, d)) = (a.interleave(c), b.interleave(d));
                let ((a, b), (c, d)) = (a.interleave(c), b.interleave(d));
                [a, b, c, d]
            } else {
                let ((a, b), (c, d)) = (a.interleave(b), c.interleave(d));
                [a, b, c, d]
            }
        }
    }
}

/// The same bits as another plain vector type, or an array of them.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
pub(super) fn cast<A: Copy, B: Copy>(value: A) -> B {
    assert!(size_of::<A>() == size_of::<B>(), "vectors of one size");
    // SAFETY: private to `arch`, where both are vectors of floats: any bits are valid, and the sizes agree.
    unsafe { core::mem::transmute_copy(&value) }
}

fearless_simd::kernel!(
    #[inline(always)]
    fn blocks_512(set: Avx512, v: [__m512; 4]) -> [__m512; 4] {
        let _ = set;
        let (a, b) = (_mm512_shuffle_f32x4::<0x88>(v[0], v[1]), _mm512_shuffle_f32x4::<0xdd>(v[0], v[1]));
        let (c, d) = (_mm512_shuffle_f32x4::<0x88>(v[2], v[3]), _mm512_shuffle_f32x4::<0xdd>(v[2], v[3]));
        let (p, r) = (_mm512_shuffle_f32x4::<0x88>(a, c), _mm512_shuffle_f32x4::<0xdd>(a, c));
        let (q, s) = (_mm512_shuffle_f32x4::<0x88>(b, d), _mm512_shuffle_f32x4::<0xdd>(b, d));
        [p, q, r, s]
    }
);

fearless_simd::kernel!(
    #[inline(always)]
    fn blocks_256(set: Avx2, v: [__m256; 4]) -> [__m256; 4] {
        let _ = set;
        let (a, b) = (_mm256_permute2f128_ps::<0x20>(v[0], v[1]), _mm256_permute2f128_ps::<0x31>(v[0], v[1]));
        let (c, d) = (_mm256_permute2f128_ps::<0x20>(v[2], v[3]), _mm256_permute2f128_ps::<0x31>(v[2], v[3]));
        [a, b, c, d]
    }
);

/// Transposes of lanes are alike for both widths: unpack single elements, then pairs of them.
#[cfg(target_arch = "x86_64")]
macro_rules! transpose_lanes {
    ($set:ident, $v32:ty, $v64:ty, $lanes:ident, $pairs:ident, $lo32:ident, $hi32:ident, $lo64:ident, $hi64:ident, $to64:ident, $to32:ident) => {
        fearless_simd::kernel!(
            #[inline(always)]
            fn $lanes(set: $set, v: [$v32; 4]) -> [$v32; 4] {
                let _ = set;
                let (a, b) = ($to64($lo32(v[0], v[1])), $to64($hi32(v[0], v[1])));
                let (c, d) = ($to64($lo32(v[2], v[3])), $to64($hi32(v[2], v[3])));
                [$to32($lo64(a, c)), $to32($hi64(a, c)), $to32($lo64(b, d)), $to32($hi64(b, d))]
            }
        );
        fearless_simd::kernel!(
            #[inline(always)]
            fn $pairs(set: $set, v: [$v64; 4]) -> [$v64; 4] {
                let _ = set;
                [$lo64(v[0], v[1]), $hi64(v[0], v[1]), $lo64(v[2], v[3]), $hi64(v[2], v[3])]
            }
        );
    };
}
#[cfg(target_arch = "x86_64")]
transpose_lanes!(
    Avx512,
    __m512,
    __m512d,
    lanes_512,
    pairs_512,
    _mm512_unpacklo_ps,
    _mm512_unpackhi_ps,
    _mm512_unpacklo_pd,
    _mm512_unpackhi_pd,
    _mm512_castps_pd,
    _mm512_castpd_ps
);
#[cfg(target_arch = "x86_64")]
transpose_lanes!(
    Avx2,
    __m256,
    __m256d,
    lanes_256,
    pairs_256,
    _mm256_unpacklo_ps,
    _mm256_unpackhi_ps,
    _mm256_unpacklo_pd,
    _mm256_unpackhi_pd,
    _mm256_castps_pd,
    _mm256_castpd_ps
);
