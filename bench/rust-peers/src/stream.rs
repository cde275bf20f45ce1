//! What a call takes that filters a block of sound: `faltung::Stream` beside the two types of the crate `fft-convolver`.
//!
//! All have no latency. Each case runs over the same samples several times, so often that every longest block of a partition
//! begins at the same call; a call's time is measured for itself. Printed are, in microseconds, of all calls the median, the
//! time that one in a thousand exceeds, and the worst; then the worst of the least times of each call, which is what the work takes
//! without what else the machine did.

use std::{hint::black_box, time::Instant};

use faltung::{Kernel, Latency, Stream};
use fft_convolver::{FFTConvolver, TwoStageFFTConvolver};

const RATE: usize = 48_000;
const BLOCKS: [usize; 4] = [32, 64, 128, 512];
/// Tenths of a second.
const RESPONSES: [usize; 3] = [1, 10, 100];
/// Samples that come in a pass.
const PASS: usize = 1 << 18;
/// Passes at most, and seconds that they may take.
const PASSES: usize = 7;
const SECONDS: f64 = 4.0;

/// Filters a block: samples of each input, and of each output.
type Filter = Box<dyn FnMut(&[Vec<f32>], &mut [Vec<f32>])>;

/// Prints the table; of blocks of this length only, if one is given.
pub(crate) fn print(only: Option<usize>) {
    println!(
        "block response channels            who  median   p99.9   worst  least worst  times median  longest/median"
    );
    for block in BLOCKS.into_iter().filter(|&block| only.is_none_or(|only| only == block)) {
        for tenths in RESPONSES {
            for channels in [1, 2] {
                case(block, tenths * RATE / 10, channels);
            }
        }
    }
}

fn case(block: usize, taps: usize, channels: usize) {
    let mut seed = 1u32;
    let mut noise = || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 8) as f32 / (1 << 23) as f32 - 1.0
    };
    // A room that falls by 60 dB.
    let mut response = || (0..taps).map(|k| noise() * (-6.9 * k as f32 / taps as f32).exp()).collect::<Vec<_>>();
    let responses: Vec<Vec<f32>> = (0..channels * channels).map(|_| response()).collect();
    let signals: Vec<Vec<f32>> = (0..channels).map(|_| (0..PASS).map(|_| noise()).collect()).collect();
    let mut first: Option<(f64, Vec<f32>)> = None;
    for (who, mut filter) in filters(block, channels, &responses) {
        let (times, made) = measure(block, &signals, &mut *filter);
        let row = Row::of(&times);
        let (median, expected) = first.get_or_insert_with(|| (row.median, made.clone()));
        let error = made.iter().zip(&*expected).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        let size = expected.iter().fold(0.0f32, |most, y| most.max(y.abs()));
        assert!(error <= 1e-4 * size, "{who} errs by {error} of {size}");
        println!(
            "{block:5} {:7.1}s {channels:8} {who:>14} {:7.2} {:7.2} {:7.2} {:12.2} {:13.1} {:15.1}",
            taps as f64 / RATE as f64,
            row.median,
            row.rare,
            row.worst,
            row.least,
            row.median / *median,
            row.least / row.median,
        );
    }
}

/// Ours, then the others, for a matrix of responses `[output, input]`.
fn filters(block: usize, channels: usize, responses: &[Vec<f32>]) -> Vec<(&'static str, Filter)> {
    let taps = responses[0].len();
    let weights: Vec<f64> = responses.concat().into_iter().map(f64::from).collect();
    let kernel = Kernel::real(&[channels, channels, taps], weights).expect("a matrix");
    let any = Stream::<f32>::new(kernel.clone(), Latency::Zero).expect("numbers");
    let calls = Stream::<f32>::for_calls(kernel, Latency::Zero, block).expect("numbers");
    eprintln!("    any calls: {any}\n    for calls: {calls}");
    let uniform = responses.iter().map(|response| {
        let mut one = FFTConvolver::<f32>::default();
        one.init(block, response).expect("a block");
        one
    });
    let two = responses.iter().map(|response| {
        let mut one = TwoStageFFTConvolver::<f32>::default();
        one.init_default(block, response).expect("a block");
        one
    });
    let (uniform, two): (Vec<_>, Vec<_>) = (uniform.collect(), two.collect());
    vec![
        ("for calls", ours(calls)),
        ("any calls", ours(any)),
        ("FFTConvolver", matrix(block, channels, uniform, |one, x, y| one.process(x, y).expect("equal lengths"))),
        ("TwoStage", matrix(block, channels, two, |one, x, y| one.process(x, y).expect("equal lengths"))),
    ]
}

fn ours(mut stream: Stream<f32>) -> Filter {
    Box::new(move |inputs, outputs| match (inputs, outputs) {
        ([x], [y]) => stream.process(&[x], &mut [y]).expect("equal lengths"),
        ([x, v], [y, w]) => stream.process(&[x, v], &mut [y, w]).expect("equal lengths"),
        _ => unreachable!("one channel or two"),
    })
}

/// Filters of one channel as a matrix of them.
fn matrix<F: 'static>(
    block: usize,
    channels: usize,
    mut filters: Vec<F>,
    process: impl Fn(&mut F, &[f32], &mut [f32]) + 'static,
) -> Filter {
    let mut part = vec![0.0; block];
    Box::new(move |inputs, outputs| {
        for (output, filters) in outputs.iter_mut().zip(filters.chunks_exact_mut(channels)) {
            for (input, (x, filter)) in inputs.iter().zip(filters).enumerate() {
                if input == 0 {
                    process(filter, x, output);
                } else {
                    process(filter, x, &mut part);
                    output.iter_mut().zip(&part).for_each(|(y, more)| *y += more);
                }
            }
        }
    })
}

/// Microseconds of each call of each pass, and some of the first outputs.
fn measure(
    block: usize,
    signals: &[Vec<f32>],
    filter: &mut dyn FnMut(&[Vec<f32>], &mut [Vec<f32>]),
) -> (Vec<Vec<f64>>, Vec<f32>) {
    let mut inputs = vec![vec![0.0; block]; signals.len()];
    let mut outputs = inputs.clone();
    let (mut passes, mut made) = (Vec::new(), Vec::new());
    let start = Instant::now();
    while passes.len() < 2 || (passes.len() < PASSES && start.elapsed().as_secs_f64() < SECONDS) {
        let mut times = Vec::with_capacity(PASS / block);
        for at in (0..PASS).step_by(block) {
            inputs.iter_mut().zip(signals).for_each(|(input, signal)| input.copy_from_slice(&signal[at..at + block]));
            let start = Instant::now();
            filter(black_box(&inputs), black_box(&mut outputs));
            times.push(start.elapsed().as_secs_f64() * 1e6);
            if passes.is_empty() && at < 1 << 16 {
                made.extend_from_slice(&outputs[0]);
            }
        }
        passes.push(times);
    }
    passes.remove(0); // with which all caches are filled
    (passes, made)
}

/// Microseconds.
struct Row {
    median: f64,
    rare: f64,
    worst: f64,
    least: f64,
}

impl Row {
    fn of(passes: &[Vec<f64>]) -> Row {
        let mut all = passes.concat();
        all.sort_by(f64::total_cmp);
        let least = |call: usize| passes.iter().map(|times| times[call]).fold(f64::INFINITY, f64::min);
        Row {
            median: all[all.len() / 2],
            rare: all[all.len() - 1 - all.len() / 1000],
            worst: all[all.len() - 1],
            least: (0..passes[0].len()).map(least).fold(0.0, f64::max),
        }
    }
}
