//! While writing: the routines one by one, in seconds, with what they reach. `cargo bench --package faltung [FILTER]`.
//!
//! Throughput is in multiplications (`direct`, to be set beside the machine's peak: `cargo xtask bench limits`) or in samples.
//! Everything runs on one thread, with a plan and an output that are used again.

mod support;

use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use faltung::{Algorithm, AnyArray, Plan};
use support::Case;

/// What a case's throughput counts.
#[derive(Clone, Copy)]
enum Count {
    Multiplications,
    Samples,
}

fn bench(c: &mut Criterion, group: &str, algorithm: Option<Algorithm>, count: Count, names: &[String]) {
    let mut group = c.benchmark_group(group);
    for name in names {
        let case = Case::named(name);
        let mut spec = case.spec.clone().threads(1);
        spec.algorithm = algorithm;
        let plan = Plan::new(case.dtype, &case.shape, &case.kernel, &spec).expect(name);
        let x = case.input();
        let mut y = AnyArray::zeros(plan.output_dtype(), plan.output_shape());
        let mut scratch = plan.scratch();
        let outputs = plan.output_shape().iter().product::<usize>() as u64;
        group.throughput(Throughput::Elements(match count {
            Count::Multiplications => outputs * case.kernel.len() as u64,
            Count::Samples => outputs,
        }));
        group.bench_function(name, |b| b.iter(|| plan.run(&x, &mut y, &mut scratch).expect(name)));
    }
}

fn names(name: &str, sizes: &[usize]) -> Vec<String> {
    sizes.iter().map(|size| name.replace('#', &size.to_string())).collect()
}

/// A signal of 8 KiB and its result lie in L1, so that the loop over taps is all there is.
fn fir(c: &mut Criterion) {
    let taps = [16, 32, 48, 64, 96, 128, 192, 256];
    for dtype in ["f32", "f64"] {
        let list = names(&format!("signal-{dtype}-2048-k#-same"), &taps);
        bench(c, "fir", Some(Algorithm::Direct), Count::Multiplications, &list);
    }
}

fn overlap_save(c: &mut Criterion) {
    let weights = [101, 301, 1001, 3001, 10_001, 30_001];
    for dtype in ["f32", "f64"] {
        let list = names(&format!("signal-{dtype}-1000000-k#-same"), &weights);
        bench(c, "overlap_save", Some(Algorithm::OverlapSave), Count::Samples, &list);
    }
}

fn image(c: &mut Criterion) {
    for dtype in ["f32", "f64", "u8"] {
        let list = names(&format!("image-{dtype}-512x512-k#"), &[3, 5, 7, 9, 11, 15]);
        bench(c, "image", Some(Algorithm::Direct), Count::Multiplications, &list);
    }
}

fn volume(c: &mut Criterion) {
    bench(c, "volume", Some(Algorithm::Direct), Count::Multiplications, &names("volume-f32-64x64x64-k#", &[3, 5, 7]));
}

fn separable(c: &mut Criterion) {
    for dtype in ["f32", "f64", "u8"] {
        let list = names(&format!("gauss-{dtype}-1024x1024-k#-sigma3"), &[7, 15, 31]);
        bench(c, "separable", Some(Algorithm::Separable), Count::Samples, &list);
    }
}

fn running_sum(c: &mut Criterion) {
    for dtype in ["f32", "u8"] {
        let list = names(&format!("box-{dtype}-1024x1024-k#"), &[9, 31, 101]);
        bench(c, "running_sum", Some(Algorithm::RunningSum), Count::Samples, &list);
    }
}

/// What a call costs besides computing: the aim is 0.2 microseconds.
fn overhead(c: &mut Criterion) {
    let list = ["signal-f32-64-k5-same", "signal-f64-64-k5-full"].map(str::to_owned);
    bench(c, "overhead", None, Count::Samples, &list);
}

fn short() -> Criterion {
    let second = Duration::from_secs(1);
    Criterion::default().warm_up_time(second / 5).measurement_time(second / 2).sample_size(20).without_plots()
}

criterion_group! {
    name = benches;
    config = short();
    targets = fir, overlap_save, image, volume, separable, running_sum, overhead
}
criterion_main!(benches);
