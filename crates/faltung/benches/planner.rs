//! Whether the planner chooses well: every algorithm that takes a case is timed, on a grid of some 350 cases.
//!
//! Prints a line for each case and algorithm: case, algorithm, predicted and measured nanoseconds, and `chosen` where it is
//! the planner's choice. One thread. Algorithms predicted to take thirty times the least are left out, and told as `-`.
//! `cargo xtask bench planner` makes a record of it.

mod support;

use std::time::Duration;

use faltung::{Algorithm, AnyArray, Plan, Scratch, Spec};
use support::{Case, Wanted, least};

fn main() {
    let wanted = Wanted::read();
    let budget = Duration::from_millis(if wanted.quick { 5 } else { 25 });
    for name in GRID.iter().flat_map(|line| names(line)).filter(|name| wanted.takes(name)) {
        measure(&Case::named(&name), budget);
    }
}

/// A plan with what it needs to run.
struct Ready {
    algorithm: Algorithm,
    plan: Plan,
    scratch: Scratch,
    predicted: f64,
    least: f64,
}

fn measure(case: &Case, budget: Duration) {
    /// How much slower than the best one may be predicted and still be tried.
    const HOPELESS: f64 = 30.0;
    /// Seconds that no call should take.
    const LONG: f64 = 0.5;
    let spec = case.spec.clone().threads(1);
    let plan = |spec: &Spec| Plan::new(case.dtype, &case.shape, &case.kernel, spec);
    let free = plan(&spec).expect(&case.name);
    let costs: Vec<_> = free.answers().filter_map(|(a, answer)| Some((a, answer.ok()?.nanoseconds))).collect();
    let least_predicted = free.predicted_nanoseconds();
    let mut ready = Vec::new();
    for (algorithm, predicted) in costs {
        let hopeless = predicted > HOPELESS * least_predicted || predicted * 1e-9 > LONG;
        if hopeless && algorithm != free.algorithm() {
            println!("{}\t{algorithm}\t{predicted:.0}\t-\t", case.name);
            continue;
        }
        let forced = spec.clone().algorithm(algorithm);
        let plan = plan(&forced).expect(&case.name);
        let scratch = plan.scratch();
        ready.push(Ready { algorithm, plan, scratch, predicted, least: f64::INFINITY });
    }
    let x = case.input();
    let mut y = AnyArray::zeros(free.output_dtype(), free.output_shape());
    for _ in 0..3 {
        for one in &mut ready {
            let run = || one.plan.run(&x, &mut y, &mut one.scratch).expect(&case.name);
            one.least = one.least.min(least(budget, run));
        }
    }
    for one in &ready {
        let chosen = if one.algorithm == free.algorithm() { "chosen" } else { "" };
        println!("{}\t{}\t{:.0}\t{:.0}\t{chosen}", case.name, one.algorithm, one.predicted, one.least * 1e9);
    }
}

/// Words of a name, each field's between commas, with `_` for none.
const GRID: &[&str] = &[
    // One axis: from calls of a microsecond to both long.
    "signal f32,f64 100,1000,10000,100000,1000000 k3,k9,k31,k101,k301,k1001 same",
    "signal f32,f64 3000,30011,300000 k60,k150,k500,k2500,k3000 full",
    "signal f32,f64 200000,1000003 k10007,k100003,k200000 full",
    "signal c64,c128 1000,30000,300000 k7,k31,k101,k401,k4001 same",
    "signal u8,i16,i64 1000,100000 k5,k31,k101,k501,k3001 full",
    "signal f32 100000 k31,k301,k3001 same stride2,stride7",
    "resample f32,f64 100000 k61,k401 _,up3 down2,down4",
    // Along one axis of several.
    "axis f32,f64 1000x1000 k9,k31,k101,k301 ax0,ax1",
    "axis f32 64x48000 k31,k257,k2049 ax1",
    "axis f32 100x100x100 k15,k51 ax0,ax1,ax2",
    "axis f32 20000x64,5000x250 k9,k33 ax1",
    // Images.
    "image f32,f64 64x64,512x512,1500x1200 k3,k5,k7,k11,k15,k23",
    "image f32,f64 512x512 k31,k47,k63,k127",
    "image f32 1024x1024 k1x25,k25x1,k3x31,k31x3",
    "image u8,u16 300x400,1024x1024 k3,k5,k9,k17,k31",
    "image c64 512x512 k3,k9,k21 wrap",
    "image f32 1024x1024 k3,k7,k15 stride2,stride3",
    "gauss f32,f64,u8 512x512,1500x1200 k7-sigma1,k15-sigma2.5,k31-sigma5,k81-sigma13",
    "box f32,f64,u8 512x512,1500x1200 k3,k9,k31,k101",
    // Volumes.
    "volume f32,f64 48x48x48,128x128x100 k3,k5,k7,k11",
    "volume f32 64x64x64 k15,k21",
    "gauss f32,f64 64x64x64,128x128x100 k5-sigma1,k11-sigma2,k25-sigma4",
    "box f32,u8 64x64x64,128x128x100 k3,k7,k21",
];

/// The names that a line of the grid stands for.
fn names(line: &str) -> Vec<String> {
    line.split(' ').fold(vec![String::new()], |names, field| {
        let words = || field.split(',').map(|word| word.trim_matches('_'));
        let longer = |name: &String, word: &str| match (name.is_empty(), word.is_empty()) {
            (true, _) => word.to_owned(),
            (_, true) => name.clone(),
            _ => format!("{name}-{word}"),
        };
        names.iter().flat_map(|name| words().map(|word| longer(name, word))).collect()
    })
}
