//! `faltung plan`: how a convolution would be computed, without its data.

use faltung::{Dtype, Kernel, Plan, Spec};
use serde::Serialize;

use crate::{
    args::{self, read_shape},
    commands::refused,
    console,
    io::{Failure, ReadOptions},
    memory,
    operand::{Operand, named},
    report,
    setting::spec,
};

/// Prints the plan.
pub(super) fn run(args: &args::Plan) -> Result<(), Failure> {
    let shape = &args.shape.0;
    let mut spec = spec(&args.options, false);
    let dtype = args.options.dtype.unwrap_or(Dtype::F32);
    let input = shape.iter().fold(dtype.size(), |all, &n| all.saturating_mul(n));
    spec.max_memory = spec.max_memory.or_else(|| Some(memory::allowed(input)));
    let axes = spec.axes.as_ref().map_or(shape.len(), Vec::len);
    let kernel = kernel(args, &spec, axes)?;
    let plan = Plan::new(dtype, shape, &kernel, &spec).map_err(refused)?;
    match args.options.json {
        true => report::print(&Report::of(&plan, kernel.shape())),
        false => console::print(&plan.to_string()),
    }
}

fn kernel(args: &args::Plan, spec: &Spec, axes: usize) -> Result<Kernel, Failure> {
    let word = args.kernel.to_string_lossy();
    let there = std::path::Path::new(&args.kernel).exists();
    if let Some(shape) = read_shape(&word).filter(|_| !there) {
        // A number alone is a length; for more axes it is one along each, as in box:5.
        let shape = if shape.len() == 1 { vec![shape[0]; axes] } else { shape };
        spec.problem(&args.shape.0, &shape).map_err(refused)?;
        return irregular(&shape);
    }
    match Operand::kernel(&args.kernel)? {
        Operand::Name(text) => named(&text, axes),
        other => {
            let options = ReadOptions { max_memory: args.options.max_memory, ..ReadOptions::default() };
            Ok(Kernel::from(&other.load(&options)?.array))
        }
    }
}

/// Weights in which no algorithm finds a product, a box or any other structure.
fn irregular(shape: &[usize]) -> Result<Kernel, Failure> {
    const MOST: usize = 1 << 24;
    let count = shape.iter().try_fold(1usize, |all, &n| all.checked_mul(n)).filter(|&count| count <= MOST);
    let count = count.ok_or_else(|| {
        Failure::usage(format!("a kernel of shape {shape:?} has more than {MOST} weights: give a smaller one"))
    })?;
    // A linear congruential generator: any numbers without structure would do.
    let weights = (0..count).scan(1u64, |state, _| {
        *state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        Some((*state >> 40) as f64 / (1u64 << 24) as f64 - 0.5)
    });
    Kernel::real(shape, weights.collect()).map_err(refused)
}

#[derive(Serialize)]
struct Report<'a> {
    input_shape: &'a [usize],
    kernel_shape: &'a [usize],
    shape: &'a [usize],
    dtype: &'static str,
    #[serde(flatten)]
    work: report::Work,
    algorithms: Vec<Answer>,
}

/// What an algorithm said.
#[derive(Serialize)]
struct Answer {
    algorithm: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    predicted_seconds: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refuses: Option<String>,
}

impl Report<'_> {
    fn of<'a>(plan: &'a Plan, kernel_shape: &'a [usize]) -> Report<'a> {
        let answer = |(algorithm, answer): (faltung::Algorithm, Result<&faltung::Cost, &faltung::Refusal>)| Answer {
            algorithm: algorithm.name(),
            predicted_seconds: answer.ok().map(|cost| cost.nanoseconds / 1e9),
            refuses: answer.err().map(ToString::to_string),
        };
        Report {
            input_shape: plan.input_shape(),
            kernel_shape,
            shape: plan.output_shape(),
            dtype: plan.output_dtype().name(),
            work: report::Work::new(plan, None),
            algorithms: plan.answers().map(answer).collect(),
        }
    }
}
