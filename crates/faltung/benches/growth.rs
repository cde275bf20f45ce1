//! How cost grows with the signal: from 2^8 to 2^26 samples by kernels of 31 and 1001, and of an eighth of the signal.
//!
//! Prints a line for each: series, samples, weights, algorithm, and nanoseconds per output with a plan used again and with a
//! plan made for each call. One thread, f32. `cargo xtask bench growth` makes a record of it, and looks for cliffs.

mod support;

use std::time::Duration;

use faltung::{AnyArray, Plan};
use support::{Case, Wanted, least};

fn main() {
    let wanted = Wanted::read();
    let (most, budget) = if wanted.quick { (16, Duration::from_millis(5)) } else { (26, Duration::from_millis(150)) };
    for (series, weights) in [("31", Some(31)), ("1001", Some(1001)), ("n/8", None)] {
        for exponent in (8..=most).filter(|_| wanted.takes(series)) {
            let samples = 1_usize << exponent;
            measure(series, samples, weights.unwrap_or(samples / 8), budget);
        }
    }
}

fn measure(series: &str, samples: usize, weights: usize, budget: Duration) {
    let case = Case::named(&format!("signal-f32-{samples}-k{weights}-same"));
    let spec = case.spec.clone().threads(1);
    let plan = || Plan::new(case.dtype, &case.shape, &case.kernel, &spec).expect(&case.name);
    let kept = plan();
    let x = case.input();
    let mut y = AnyArray::zeros(kept.output_dtype(), kept.output_shape());
    let mut scratch = kept.scratch();
    let reused = least(budget, || kept.run(&x, &mut y, &mut scratch).expect(&case.name));
    let anew = least(budget, || {
        let plan = plan();
        plan.run(&x, &mut y, &mut plan.scratch()).expect(&case.name);
    });
    let each = |seconds: f64| seconds * 1e9 / samples as f64;
    println!("{series}\t{samples}\t{weights}\t{}\t{:.5}\t{:.5}", kept.algorithm(), each(reused), each(anew));
}
