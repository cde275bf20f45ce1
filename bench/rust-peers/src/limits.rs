//! What the machine can do at all: multiplications from registers, and copies at several sizes.
//!
//! Prints a line each, words between tabs: `arithmetic`, set, type, threads and operations a second (a fused multiplication
//! and addition counts as two); `copy`, way, bytes of source and target together, threads and bytes a second (read and
//! written ones added). Each figure is the best of several tries.

use std::{
    hint::black_box,
    sync::Barrier,
    thread,
    time::{Duration, Instant},
};

pub(crate) fn print(quick: bool) {
    let time = Duration::from_millis(if quick { 20 } else { 200 });
    for threads in [1, 2] {
        #[cfg(target_arch = "x86_64")]
        x86::arithmetic(threads, time);
        for exponent in [15, 17, 19, 20, 22, 24, 26, 28, 30] {
            if quick && exponent > 24 {
                continue;
            }
            copies(1 << exponent, threads, time);
        }
    }
}

/// One line of memory.
#[repr(align(64))]
#[derive(Clone, Copy)]
struct Line([u64; 8]);

/// The most units a second that so many threads do together, of the best try within the time.
fn rate(threads: usize, time: Duration, units: f64, work: impl Fn(usize) + Sync) -> f64 {
    const TRIES: u32 = 6;
    let barrier = Barrier::new(threads);
    let one = |thread: usize| {
        work(thread);
        let mut best = 0.0_f64;
        for _ in 0..TRIES {
            barrier.wait();
            let (start, mut done) = (Instant::now(), 0.0);
            while start.elapsed() < time / TRIES {
                work(thread);
                done += units;
            }
            best = best.max(done / start.elapsed().as_secs_f64());
        }
        best
    };
    thread::scope(|scope| {
        let working: Vec<_> = (0..threads).map(|thread| scope.spawn(move || one(thread))).collect();
        working.into_iter().map(|thread| thread.join().expect("it only computes")).sum()
    })
}

fn copies(bytes: usize, threads: usize, time: Duration) {
    let lines = (bytes / 2 / threads / size_of::<Line>()).max(1);
    let repeats = ((1 << 22) / bytes).max(1);
    for (way, copy) in WAYS {
        let memory: Vec<_> = (0..threads).map(|_| (vec![Line([1; 8]); lines], vec![Line([0; 8]); lines])).collect();
        let memory: Vec<_> = memory.into_iter().map(std::sync::Mutex::new).collect();
        let work = |thread: usize| {
            let mut memory = memory[thread].lock().expect("one thread each");
            let (source, target) = &mut *memory;
            for _ in 0..repeats {
                copy(black_box(source), black_box(target));
            }
        };
        let moved = (repeats * lines * 2 * size_of::<Line>()) as f64;
        println!("copy\t{way}\t{bytes}\t{threads}\t{:.4e}", rate(threads, time, moved, work));
    }
}

type Copy = fn(&[Line], &mut [Line]);

#[cfg(not(target_arch = "x86_64"))]
const WAYS: &[(&str, Copy)] = &[("plain", |source, target| target.copy_from_slice(source))];

#[cfg(target_arch = "x86_64")]
const WAYS: &[(&str, Copy)] = &[("plain", x86::plain), ("streaming", x86::streaming)];

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::{arch::x86_64::*, hint::black_box, time::Duration};

    use super::{Line, rate};

    /// Multiplications in a row that do not wait for one another: more than a unit's latency times units.
    const CHAINS: usize = 12;
    const ROUNDS: usize = 1 << 14;

    macro_rules! peak {
        ($name:ident, $features:literal, $lanes:literal, $set:path, $step:expr) => {
            fn $name(threads: usize, time: Duration) -> f64 {
                #[target_feature(enable = $features)]
                fn run() {
                    let (factor, term) = (black_box($set(black_box(1.0 as _))), black_box($set(black_box(0.5 as _))));
                    let mut sums = [factor; CHAINS];
                    for sum in &mut sums {
                        *sum = black_box(*sum);
                    }
                    for _ in 0..ROUNDS {
                        for sum in &mut sums {
                            *sum = $step(*sum, factor, term);
                        }
                    }
                    black_box(sums);
                }
                // SAFETY: called only where the features were detected.
                rate(threads, time, (ROUNDS * CHAINS * $lanes * 2) as f64, |_| unsafe { run() })
            }
        };
    }
    peak!(f32_avx512, "avx512f", 16, _mm512_set1_ps, _mm512_fmadd_ps);
    peak!(f64_avx512, "avx512f", 8, _mm512_set1_pd, _mm512_fmadd_pd);
    peak!(f32_avx2, "avx2,fma", 8, _mm256_set1_ps, _mm256_fmadd_ps);
    peak!(f64_avx2, "avx2,fma", 4, _mm256_set1_pd, _mm256_fmadd_pd);
    peak!(f32_sse2, "sse2", 4, _mm_set1_ps, |s, f, t| _mm_add_ps(_mm_mul_ps(s, f), t));
    peak!(f64_sse2, "sse2", 2, _mm_set1_pd, |s, f, t| _mm_add_pd(_mm_mul_pd(s, f), t));
    // Pairs of 16 bits multiplied and added to 32.
    peak!(dot_avx512, "avx512f,avx512vnni", 32, _mm512_set1_epi32, |s, f, t| _mm512_dpwssd_epi32(s, f, t));

    pub(super) fn arithmetic(threads: usize, time: Duration) {
        let tell = |set: &str, kind: &str, peak: fn(usize, Duration) -> f64| {
            println!("arithmetic\t{set}\t{kind}\t{threads}\t{:.4e}", peak(threads, time));
        };
        if is_x86_feature_detected!("avx512f") {
            tell("avx512", "f32", f32_avx512);
            tell("avx512", "f64", f64_avx512);
        }
        if is_x86_feature_detected!("avx512vnni") {
            tell("avx512", "dot16", dot_avx512);
        }
        if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
            tell("avx2", "f32", f32_avx2);
            tell("avx2", "f64", f64_avx2);
        }
        tell("sse2", "f32", f32_sse2);
        tell("sse2", "f64", f64_sse2);
    }

    macro_rules! copy {
        ($name:ident, $features:literal, $vector:ty, $load:path, $store:path) => {
            #[target_feature(enable = $features)]
            fn $name(source: &[Line], target: &mut [Line]) {
                for (from, to) in source.iter().zip(target) {
                    let (from, to) = (from.0.as_ptr().cast::<$vector>(), to.0.as_mut_ptr().cast::<$vector>());
                    for at in 0..size_of::<Line>() / size_of::<$vector>() {
                        // SAFETY: within one line, which is aligned to its size.
                        unsafe { $store(to.add(at).cast(), $load(from.add(at).cast())) };
                    }
                }
            }
        };
    }
    copy!(plain_avx512, "avx512f", __m512i, _mm512_load_si512, _mm512_store_si512);
    copy!(streaming_avx512, "avx512f", __m512i, _mm512_load_si512, _mm512_stream_si512);
    copy!(plain_sse2, "sse2", __m128i, _mm_load_si128, _mm_store_si128);
    copy!(streaming_sse2, "sse2", __m128i, _mm_load_si128, _mm_stream_si128);

    pub(super) fn plain(source: &[Line], target: &mut [Line]) {
        if is_x86_feature_detected!("avx512f") {
            // SAFETY: the feature was detected.
            return unsafe { plain_avx512(source, target) };
        }
        // SAFETY: every such machine has it.
        unsafe { plain_sse2(source, target) };
    }

    pub(super) fn streaming(source: &[Line], target: &mut [Line]) {
        if is_x86_feature_detected!("avx512f") {
            // SAFETY: the feature was detected.
            unsafe { streaming_avx512(source, target) };
        } else {
            // SAFETY: every such machine has it.
            unsafe { streaming_sse2(source, target) };
        }
        // SAFETY: every such machine has it.
        unsafe { _mm_sfence() };
    }
}
