//! Times of a few cases, for `bench/beside_scipy.py`: name, algorithm, and the least milliseconds of several runs.
//!
//! With the name of an algorithm as argument, that one is forced: what the planner's constants are measured by.

use std::time::Instant;

use faltung::{Algorithm, AnyArray, Array, Boundary, Kernel, Mode, Plan, Result, Spec};

fn signal(len: usize) -> Vec<f32> {
    let mut state = 1u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / (1 << 23) as f32 - 1.0
    };
    (0..len).map(|_| next()).collect()
}

fn time(name: &str, shape: &[usize], kernel: &[usize], spec: &Spec) -> Result<()> {
    let x = AnyArray::from(Array::new(signal(shape.iter().product()), shape)?);
    let kernel = Kernel::from(&Array::new(signal(kernel.iter().product()), kernel)?);
    let plan = match Plan::new(x.dtype(), shape, &kernel, spec) {
        Ok(plan) => plan,
        Err(reason) => {
            println!("{name:<14} {reason}");
            return Ok(());
        }
    };
    let mut y = AnyArray::zeros(plan.output_dtype(), plan.output_shape());
    let mut scratch = plan.scratch();
    let mut least = f64::INFINITY;
    for _ in 0..9 {
        let start = Instant::now();
        plan.run(&x, &mut y, &mut scratch)?;
        least = least.min(start.elapsed().as_secs_f64());
    }
    let predicted = plan.predicted_nanoseconds() / 1e6;
    println!("{name:<14} {:<12} {:>9.3} ms, predicted {predicted:.3} ms", plan.algorithm(), least * 1e3);
    Ok(())
}

fn main() -> Result<()> {
    let word = std::env::args().nth(1).filter(|word| !word.is_empty());
    let forced = word.map(|word| word.parse::<Algorithm>()).transpose()?;
    let threads = std::env::args().nth(2).and_then(|n| n.parse().ok()).unwrap_or(1);
    let mut spec = Spec::new().mode(Mode::Same).threads(threads);
    spec.algorithm = forced;
    let reflect = spec.clone().boundary(Boundary::Reflect);
    time("1e6x31", &[1_000_000], &[31], &spec)?;
    time("1e6x101", &[1_000_000], &[101], &spec)?;
    time("1e6x1001", &[1_000_000], &[1001], &spec)?;
    time("1e6x1e5", &[1_000_000], &[100_000], &spec)?;
    time("2048^2 3x3", &[2048, 2048], &[3, 3], &reflect)?;
    time("2048^2 5x5", &[2048, 2048], &[5, 5], &reflect)?;
    time("2048^2 15x15", &[2048, 2048], &[15, 15], &reflect)?;
    time("2048^2 63x63", &[2048, 2048], &[63, 63], &reflect)?;
    time("128^3 5x5x5", &[128, 128, 128], &[5, 5, 5], &reflect)?;
    time("columns x31", &[2048, 2048], &[31], &reflect.clone().axes([0]))?;
    time("colour 15x15", &[1024, 1024, 3], &[15, 15], &reflect.clone().axes([0, 1]))?;
    time("lines x31", &[100_000, 64], &[31], &reflect.axes([1]))?;
    Ok(())
}
