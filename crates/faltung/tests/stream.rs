//! A stream gives what the whole signal gives at once, however it comes, and does nothing else that a sound card would notice.

use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
    time::{Duration, Instant},
};

use faltung::{Algorithm, Kernel, Latency, Spec, Stream, StreamState, Streamed, convolve};

/// Counts what this thread allocates.
struct Counting;

thread_local! {
    static ALLOCATIONS: Cell<usize> = const { Cell::new(0) };
}

#[expect(unsafe_code, reason = "an allocator is what must be watched")]
// SAFETY: the system's allocator, and a count.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.set(ALLOCATIONS.get() + 1);
        // SAFETY: as for the caller.
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        ALLOCATIONS.set(ALLOCATIONS.get() + 1);
        // SAFETY: as for the caller.
        unsafe { System.dealloc(place, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Numbers that look like chance, the same in each run.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
    /// From `least` to `most`.
    fn between(&mut self, least: usize, most: usize) -> usize {
        least + (self.next() >> 11) as usize % (most - least + 1)
    }
    fn samples(&mut self, count: usize) -> Vec<f64> {
        (0..count).map(|_| (self.next() >> 40) as f64 / (1 << 23) as f64 - 1.0).collect()
    }
    fn pick<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.between(0, all.len() - 1)]
    }
}

/// A type under test.
trait Float: Streamed + Into<f64> {
    const EPSILON: f64;
    fn of(value: f64) -> Self;
}

impl Float for f32 {
    const EPSILON: f64 = f32::EPSILON as f64;
    fn of(value: f64) -> f32 {
        value as f32
    }
}

impl Float for f64 {
    const EPSILON: f64 = f64::EPSILON;
    fn of(value: f64) -> f64 {
        value
    }
}

/// Responses of some outputs and inputs.
#[derive(Clone)]
struct Matrix {
    shape: [usize; 3],
    taps: Vec<f64>,
}

impl Matrix {
    fn chance(chance: &mut Chance, shape: [usize; 3]) -> Matrix {
        // Rounded to what f32 holds.
        let taps = chance.samples(shape.iter().product()).into_iter().map(|w| f64::from(w as f32)).collect();
        Matrix { shape, taps }
    }
    fn kernel(&self) -> Kernel {
        Kernel::real(&self.shape, self.taps.clone()).unwrap()
    }
    fn row(&self, output: usize, input: usize) -> &[f64] {
        &self.taps[(output * self.shape[1] + input) * self.shape[2]..][..self.shape[2]]
    }
    /// All outputs of whole signals, in doubles, `latency` zeros before them.
    fn batch(&self, signals: &[Vec<f64>], latency: usize) -> Vec<Vec<f64>> {
        let sum = |output: usize| {
            let mut sum = vec![0.0; latency + signals[0].len() + self.shape[2] - 1];
            for (input, signal) in signals.iter().enumerate() {
                let y = convolve(&signal[..], self.row(output, input), &Spec::new()).unwrap();
                sum[latency..].iter_mut().zip(y.data()).for_each(|(sum, y)| *sum += y);
            }
            sum
        };
        (0..self.shape[0]).map(sum).collect()
    }
}

/// What comes of signals that are cut into calls by `size`, with the tail.
fn fed<T: Float>(stream: &mut Stream<T>, signals: &[Vec<f64>], mut size: impl FnMut() -> usize) -> Vec<Vec<T>> {
    let signals: Vec<Vec<T>> = signals.iter().map(|all| all.iter().map(|&x| T::of(x)).collect()).collect();
    let count = signals[0].len();
    let mut made = vec![vec![T::of(0.0); count]; stream.outputs()];
    let mut at = 0;
    while at < count {
        let end = count.min(at + size());
        let inputs: Vec<&[T]> = signals.iter().map(|all| &all[at..end]).collect();
        let mut outputs: Vec<&mut [T]> = made.iter_mut().map(|all| &mut all[at..end]).collect();
        stream.process(&inputs, &mut outputs).unwrap();
        at = end;
    }
    let tail = stream.flush();
    made.into_iter().zip(tail).map(|(made, tail)| [made, tail].concat()).collect()
}

/// The stated bound, with the number of blocks' length and partitions taken as large as they can be.
fn bound<T: Float>(matrix: &Matrix, signals: &[Vec<f64>]) -> f64 {
    let norm = |all: &[f64]| all.iter().map(|x| x * x).sum::<f64>().sqrt();
    let [outputs, inputs, taps] = matrix.shape;
    let row = |output: usize| norm(&matrix.taps[output * inputs * taps..][..inputs * taps]);
    let largest = (0..outputs).map(row).fold(0.0, f64::max);
    let partitions = (taps.div_ceil(64).min(64) * inputs) as f64;
    let transform = 25.0 * ((2 * taps.next_power_of_two().max(64)) as f64).log2();
    1.5 * (transform + partitions) * T::EPSILON * largest * norm(&signals.concat())
}

fn assert_close<T: Float>(got: &[Vec<T>], expected: &[Vec<f64>], bound: f64, case: &str) {
    for (output, (got, expected)) in got.iter().zip(expected).enumerate() {
        assert_eq!(got.len(), expected.len(), "{case}");
        for (at, (&got, expected)) in got.iter().zip(expected).enumerate() {
            let error = (got.into() - expected).abs();
            assert!(
                error <= bound,
                "{case}: output {output}, sample {at}: {got:?} for {expected}, {error:e} beyond {bound:e}"
            );
        }
    }
}

fn equals_batch<T: Float>(chance: &mut Chance, shape: [usize; 3], count: usize, latency: Latency, call: Option<usize>) {
    let matrix = Matrix::chance(chance, shape);
    let signals: Vec<Vec<f64>> =
        (0..shape[1]).map(|_| chance.samples(count).into_iter().map(|x| f64::from(x as f32)).collect()).collect();
    let mut stream = match call {
        None => Stream::<T>::new(matrix.kernel(), latency),
        Some(call) => Stream::<T>::for_calls(matrix.kernel(), latency, call),
    }
    .unwrap();
    let case = format!("{stream}, {count} samples");
    let (expected, bound) = (matrix.batch(&signals, stream.latency()), bound::<T>(&matrix, &signals));
    let most = chance.pick(&[1, 7, 64, 700, 5000]).min(count / 3 + 1);
    let first = fed(&mut stream, &signals, || chance.between(0, most));
    assert_close(&first, &expected, bound, &case);
    let second = match call {
        None => fed(&mut stream, &signals, || count),
        Some(call) => fed(&mut stream, &signals, || call),
    };
    match call {
        None => assert!(first == second, "{case}: the bits do not depend on the calls"),
        Some(_) => assert_close(&second, &expected, bound, &case),
    }
}

/// Responses of at most `most(round)` samples, of several channels where they are short; all latencies, calls of all sizes.
fn equals_batch_at_random(mut chance: Chance, rounds: usize, most: impl Fn(usize) -> usize) {
    for round in 0..rounds {
        let most = most(round);
        let channels = if most > 10_000 { 1 } else { 3 };
        let shape = [chance.between(1, channels), chance.between(1, channels), chance.between(1, most)];
        let latency = chance.pick(&[
            Latency::Zero,
            Latency::Zero,
            Latency::Any,
            Latency::Block(1),
            Latency::Block(100),
            Latency::Block(512),
        ]);
        let count = chance.between(1, 2 * most);
        let call = chance.pick(&[None, None, Some(32), Some(100), Some(441), Some(512)]);
        equals_batch::<f32>(&mut chance, shape, count, latency, call);
        equals_batch::<f64>(&mut chance, shape, count, latency, call);
    }
}

#[test]
fn a_stream_equals_the_batch_for_any_calls() {
    equals_batch_at_random(Chance(0x9e37_79b9_7f4a_7c15), 120, |round| [8, 300, 3000][round % 3]);
}

#[test]
#[ignore = "long"]
fn a_stream_equals_the_batch_in_a_thousand_sequences() {
    equals_batch_at_random(Chance(0x2545_f491_4f6c_dd1d), 1000, |round| match round % 50 {
        0 => 500_000,
        10 | 20 | 30 | 40 => 40_000,
        other => [8, 300, 3000][other % 3],
    });
}

#[test]
fn long_responses_equal_the_batch() {
    let mut chance = Chance(7);
    for (taps, latency, call) in [
        (500_000, Latency::Zero, None),
        (200_000, Latency::Any, None),
        (100_001, Latency::Block(4096), Some(480)),
        (150_000, Latency::Zero, Some(512)),
    ] {
        equals_batch::<f32>(&mut chance, [1, 1, taps], taps / 2, latency, call);
    }
    equals_batch::<f64>(&mut chance, [2, 2, 60_000], 90_000, Latency::Zero, None);
}

#[test]
fn direct_sums_have_the_bits_of_the_batch() {
    let mut chance = Chance(3);
    for taps in [1, 2, 5, 16, 17, 40, 63] {
        let (h, x) = (chance.samples(taps), chance.samples(500));
        let (h, x): (Vec<f32>, Vec<f32>) =
            (h.iter().map(|&w| w as f32).collect(), x.iter().map(|&x| x as f32).collect());
        let expected = convolve(&x, &h, &Spec::new().algorithm(Algorithm::Direct)).unwrap();
        let mut stream = Stream::<f32>::new(&h, Latency::Zero).unwrap();
        let signals = [x.iter().map(|&x| f64::from(x)).collect()];
        let got = fed(&mut stream, &signals, || chance.between(0, 90));
        assert_eq!(got[0], expected.data(), "{taps} taps: {stream}");
    }
}

#[test]
fn without_latency_the_first_output_depends_on_the_first_sample() {
    let h = vec![0.5; 100_000];
    for call in [None, Some(64), Some(480)] {
        let mut stream = match call {
            None => Stream::<f64>::new(&h, Latency::Zero),
            Some(call) => Stream::for_calls(&h, Latency::Zero, call),
        }
        .unwrap();
        let mut y = [0.0];
        stream.process(&[&[3.0]], &mut [&mut y]).unwrap();
        assert_eq!((stream.latency(), y), (0, [1.5]), "{stream}");
    }
}

#[test]
fn an_impulse_gives_the_response_after_the_latency() {
    let h: Vec<f32> = (1..=3000).map(|k| k as f32).collect();
    for latency in [Latency::Zero, Latency::Block(1), Latency::Block(777), Latency::Any] {
        let mut stream = Stream::<f32>::new(&h, latency).unwrap();
        stream.process(&[&[1.0]], &mut [&mut [0.0]]).unwrap();
        let tail = stream.flush().concat();
        let late = stream.latency();
        assert!(matches!(latency, Latency::Any) || latency == Latency::Zero || late > 0);
        for (k, h) in h.iter().enumerate().skip(1.max(2 - late.min(1))) {
            assert!((tail[late + k - 1] - h).abs() < 0.5, "{stream}: tap {k}");
        }
    }
}

/// So many calls of 0 to 64 samples, or as many as `limit` allows; an exchange is among them.
fn allocates_nothing(most: usize, limit: Duration) {
    let mut chance = Chance(11);
    let matrix = Matrix::chance(&mut chance, [2, 2, 20_000]);
    let mut stream = Stream::<f32>::new(matrix.kernel(), Latency::Zero).unwrap();
    let mut next = Some(stream.response(matrix.kernel()).unwrap());
    let (x, mut left, mut right) = ([0.25f32; 64], [0.0f32; 64], [0.0f32; 64]);
    let start = Instant::now();
    let (before, mut calls) = (ALLOCATIONS.get(), 0);
    while calls < 3000 || (calls < most && start.elapsed() < limit) {
        let n = calls % 65;
        stream.process(&[&x[..n], &x[..n]], &mut [&mut left[..n], &mut right[..n]]).unwrap();
        if calls == 1000 {
            stream.exchange(next.take().unwrap(), 500).unwrap();
        }
        calls += 1;
    }
    assert_eq!(ALLOCATIONS.get() - before, 0, "in {calls} calls");
}

#[test]
fn nothing_is_allocated_while_it_runs() {
    allocates_nothing(1_000_000, Duration::from_secs(2));
}

#[test]
#[ignore = "long"]
fn nothing_is_allocated_in_a_million_calls() {
    allocates_nothing(1_000_000, Duration::MAX);
}

/// Sound that repeats itself is heard the same to the bit at the end of so many seconds as at the beginning.
fn does_not_drift(seconds: u64) {
    const PERIOD: usize = 1 << 16;
    let mut chance = Chance(29);
    let h: Vec<f32> = chance.samples(20_000).iter().map(|&w| w as f32).collect();
    let x: Vec<f32> = chance.samples(PERIOD).iter().map(|&x| x as f32).collect();
    let mut stream = Stream::<f32>::new(&h, Latency::Zero).unwrap();
    let mut periods = (0..3.max(seconds * 48_000 / PERIOD as u64)).map(|_| {
        let mut y = vec![0.0; PERIOD];
        for (x, y) in x.chunks(480).zip(y.chunks_mut(480)) {
            stream.process(&[x], &mut [y]).unwrap();
        }
        y
    });
    let (_, second) = (periods.next(), periods.next().unwrap());
    assert!(periods.last().unwrap() == second);
}

#[test]
fn sound_does_not_drift() {
    does_not_drift(5);
}

#[test]
#[ignore = "long"]
fn a_day_of_sound_does_not_drift() {
    does_not_drift(24 * 3600);
}

#[test]
fn a_state_goes_on_to_the_bit() {
    let mut chance = Chance(5);
    for (latency, call) in
        [(Latency::Zero, None), (Latency::Block(256), None), (Latency::Zero, Some(100)), (Latency::Any, None)]
    {
        let h = chance.samples(9000);
        let make = || match call {
            None => Stream::<f32>::new(&h, latency).unwrap(),
            Some(call) => Stream::for_calls(&h, latency, call).unwrap(),
        };
        let mut stream = make();
        let x: Vec<f32> = chance.samples(30_000).iter().map(|&x| x as f32).collect();
        let mut y = vec![0.0; x.len()];
        let cut = chance.between(1, 20_000);
        stream.process(&[&x[..cut]], &mut [&mut y[..cut]]).unwrap();
        let bytes = stream.save().unwrap().to_bytes();
        let mut clone = stream.clone();
        stream.process(&[&x[cut..]], &mut [&mut y[cut..]]).unwrap();
        let mut other = make();
        let mut again = vec![0.0; x.len()];
        other.process(&[&x[..777]], &mut [&mut again[..777]]).unwrap(); // something else before
        other.restore(&StreamState::from_bytes(&bytes).unwrap()).unwrap();
        other.process(&[&x[cut..]], &mut [&mut again[cut..]]).unwrap();
        assert!(y[cut..] == again[cut..], "{stream}: restored");
        clone.process(&[&x[cut..]], &mut [&mut again[cut..]]).unwrap();
        assert!(y[cut..] == again[cut..], "{stream}: cloned");
    }
}

#[test]
fn responses_are_exchanged_as_stated() {
    let mut chance = Chance(17);
    for (latency, call, taps) in [
        (Latency::Zero, None, 40),
        (Latency::Zero, None, 6000),
        (Latency::Block(128), None, 6000),
        (Latency::Zero, Some(96), 6000),
    ] {
        let (old, new) = (Matrix::chance(&mut chance, [2, 1, taps]), Matrix::chance(&mut chance, [2, 1, taps / 2]));
        let signals = [chance.samples(60_000)];
        let mut stream = match call {
            None => Stream::<f64>::new(old.kernel(), latency),
            Some(call) => Stream::for_calls(old.kernel(), latency, call),
        }
        .unwrap();
        let (before, after) = (old.batch(&signals, stream.latency()), new.batch(&signals, stream.latency()));
        let (at, fade) = (chance.between(1, 30_000), 1000);
        let next = stream.response(new.kernel()).unwrap();
        let mut y = vec![vec![0.0; 60_000]; 2];
        let mut feed = |stream: &mut Stream<f64>, from: usize, to: usize| {
            for from in (from..to).step_by(96) {
                let end = to.min(from + 96);
                let [left, right] = &mut y[..] else { unreachable!() };
                stream.process(&[&signals[0][from..end]], &mut [&mut left[from..end], &mut right[from..end]]).unwrap();
            }
        };
        feed(&mut stream, 0, at);
        assert!(stream.exchange(next.clone(), fade).unwrap().is_none());
        let left = stream.exchanging().unwrap() as usize;
        assert!(stream.exchange(next.clone(), fade).is_err(), "one at a time");
        assert!(stream.save().is_err(), "not while responses are exchanged");
        let start = at + left - fade;
        feed(&mut stream, at, start + fade + 10);
        assert_eq!(stream.exchanging(), None);
        let state = stream.save().unwrap();
        feed(&mut stream, start + fade + 10, 50_000);
        assert!(stream.exchange(next, 0).unwrap().is_some(), "the old one is given back");
        feed(&mut stream, 50_000, 60_000);
        let bound = bound::<f64>(&old, &signals) + bound::<f64>(&new, &signals);
        for (output, y) in y.iter().enumerate() {
            for (t, &y) in y.iter().enumerate() {
                let g = ((t as f64 - start as f64) / fade as f64).clamp(0.0, 1.0);
                let expected = (1.0 - g) * before[output][t] + g * after[output][t];
                assert!((y - expected).abs() <= bound, "{stream}: output {output}, {t} of {start}: {y} for {expected}");
            }
        }
        // A state from behind an exchange suits a stream that was made without one.
        if taps == 6000 {
            let mut other = stream.clone();
            other.reset();
            other.restore(&state).unwrap();
            let (mut left, mut right) = (vec![0.0; 100], vec![0.0; 100]);
            let from = start + fade + 10;
            other.process(&[&signals[0][from..from + 100]], &mut [&mut left, &mut right]).unwrap();
            assert!((left[99] - after[0][from + 99]).abs() <= bound);
        }
    }
}

#[test]
fn reset_and_flush_leave_a_new_stream() {
    let mut chance = Chance(23);
    let matrix = Matrix::chance(&mut chance, [1, 2, 2500]);
    let signals = [chance.samples(4000), chance.samples(4000)];
    let mut stream = Stream::<f32>::new(matrix.kernel(), Latency::Block(64)).unwrap();
    let first = fed(&mut stream, &signals, || 333); // ends with a flush
    stream.process(&[&[1.0; 999], &[2.0; 999]], &mut [&mut [0.0; 999]]).unwrap();
    stream.exchange(stream.response(matrix.kernel()).unwrap(), 100).unwrap();
    stream.reset();
    assert!(first == fed(&mut stream, &signals, || 50));
}

#[test]
fn what_is_not_finite_leaves_again() {
    let h = vec![0.001; 5000];
    let mut stream = Stream::<f32>::new(&h, Latency::Zero).unwrap();
    let (mut x, mut y) = (vec![0.5; 40_000], vec![0.0; 40_000]);
    (x[100], x[2000]) = (f32::NAN, f32::INFINITY);
    stream.process(&[&x], &mut [&mut y]).unwrap();
    assert!(y[..100].iter().all(|y| y.is_finite()) && !y[100].is_finite() && !y[6999].is_finite());
    assert!(y[2000 + 4 * 5000..].iter().all(|y| (y - 2.5).abs() < 1e-3), "{stream}");
}

#[test]
fn silence_and_fading_take_no_longer_than_sound() {
    let h: Vec<f32> = (0..20_000).map(|k| (-f64::from(k) / 2000.0).exp() as f32).collect();
    let mut stream = Stream::<f32>::new(&h, Latency::Zero).unwrap();
    let mut y = vec![0.0; 48_000];
    let mut time = |x: &[f32]| {
        let once = |_| {
            let start = Instant::now();
            stream.process(&[x], &mut [&mut y[..x.len()]]).unwrap();
            start.elapsed()
        };
        (0..3).map(once).min().unwrap()
    };
    let sound: Vec<f32> = Chance(1).samples(48_000).iter().map(|&x| x as f32).collect();
    let loud = time(&sound);
    let tiny = time(&sound.iter().map(|x| x * 1e-39).collect::<Vec<_>>());
    let silent = time(&[0.0; 48_000]);
    assert!(tiny < 2 * loud, "subnormal samples: {tiny:?}, and {loud:?} for sound");
    assert!(silent < 2 * loud, "silence: {silent:?}, and {loud:?} for sound");
}

#[test]
fn bad_arguments_are_errors_that_tell_what_to_do() {
    let shape = |shape: &[usize]| Kernel::real(shape, vec![1.0; shape.iter().product()]).unwrap();
    let error = |kernel: Kernel| Stream::<f32>::new(kernel, Latency::Zero).unwrap_err().to_string();
    assert_eq!(
        error(shape(&[2, 2])),
        "stream: responses have shape [2, 2]: expected [taps], or [outputs, inputs, taps]"
    );
    assert!(error(shape(&[0])).contains("no weights"));
    assert!(error(shape(&[1, 0, 3])).contains("no weights"));
    assert!(error(Kernel::from(&[1.0, f64::NAN])).contains("tap 1"));
    assert!(error(Kernel::from(&[1e300])).contains("tap 0"));
    assert!(error(Kernel::from(&[faltung::Complex::new(1.0, 1.0)])).contains("complex"));
    assert!(Stream::<f32>::for_calls(&[1], Latency::Zero, 0).is_err());
    assert!(Stream::<f32>::new(&[1], Latency::Block(usize::MAX)).is_err());
    let mut stream = Stream::<f32>::new(shape(&[2, 1, 3]), Latency::Zero).unwrap();
    let (mut a, mut b, mut short) = ([9.0; 4], [9.0; 4], [9.0; 3]);
    assert!(stream.process(&[&[0.0; 4]], &mut [&mut a]).unwrap_err().to_string().contains("2 are needed"));
    assert!(stream.process(&[], &mut [&mut a, &mut b]).is_err());
    assert!(stream.process(&[&[0.0; 4]], &mut [&mut a, &mut short]).unwrap_err().to_string().contains("3 samples"));
    assert_eq!(a, [9.0; 4], "nothing was written");
    assert!(stream.response(shape(&[1, 1, 3])).is_err());
    let other = Stream::<f32>::new(shape(&[2, 1, 4]), Latency::Zero).unwrap();
    assert!(stream.exchange(other.response(shape(&[2, 1, 4])).unwrap(), 10).is_err());
    assert!(stream.restore(&other.save().unwrap()).is_err());
    let bytes = stream.save().unwrap().to_bytes();
    for end in 0..bytes.len() {
        assert!(StreamState::<f32>::from_bytes(&bytes[..end]).is_err());
    }
}
