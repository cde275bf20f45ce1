//! The planner's choice: every algorithm is asked, the cheapest is taken; and how many threads are worth waking.

use std::sync::Arc;

use super::cores::{Cores, Kind};
use crate::{
    Algorithm, Cost, Error, Problem, Refusal, Result, Spec,
    algorithm::Setting,
    default_threads,
    error::Result as Outcome,
    exec::Core,
    kernel::{Values, weights::Weights},
    pool::most_threads,
};

/// What the planner decides once the kind of sums is known.
pub(super) struct Choice {
    pub(super) cores: Cores,
    pub(super) algorithm: Algorithm,
    pub(super) cost: Cost,
    pub(super) answers: Vec<(Algorithm, Outcome<Cost, Refusal>)>,
    pub(super) weights: usize,
}

/// Asks every algorithm, and takes the cheapest.
pub(super) fn choose<A: Kind>(problem: &Problem, values: &Values, largest: f64, spec: &Spec) -> Result<Choice> {
    let weights = Arc::new(Weights::<A>::new(values, problem));
    let bytes = size_of_val(&weights.data[..]);
    let memory = spec.max_memory.map_or(usize::MAX, |limit| limit.saturating_sub(bytes));
    let factors = std::cell::OnceCell::new();
    let setting = Setting { problem, weights: &weights, accuracy: spec.accuracy, largest, memory, factors };
    let asked = Algorithm::ALL.iter().copied().filter(|a| spec.algorithm.is_none_or(|forced| forced == *a));
    let answers: Vec<_> = asked.map(|algorithm| (algorithm, algorithm.method::<A>().assess(&setting))).collect();
    let costs = answers.iter().filter_map(|(algorithm, answer)| Some((*algorithm, *answer.as_ref().ok()?)));
    let Some((algorithm, cost)) = costs.min_by(|a, b| a.1.nanoseconds.total_cmp(&b.1.nanoseconds)) else {
        let refusals = answers.into_iter().filter_map(|(algorithm, answer)| Some((algorithm, answer.err()?))).collect();
        return Err(Error::NoAlgorithm { refusals });
    };
    check_memory(cost.tables.saturating_add(cost.scratch))?;
    let prepared = algorithm.method::<A>().prepare(&setting);
    let cores = A::erase(Core::new(problem.clone(), weights, prepared));
    Ok(Choice { cores, algorithm, cost, answers, weights: bytes })
}

/// Whether there is as much memory: what takes much is asked for at once, before anything is taken piece by piece.
fn check_memory(bytes: usize) -> Result<()> {
    /// Less than this is there, or nothing is.
    const MUCH: usize = 64 << 20;
    let there = bytes < MUCH || Vec::<u8>::new().try_reserve_exact(bytes).is_ok();
    if there { Ok(()) } else { Err(Error::Allocation { what: "the work", bytes }) }
}

/// Threads that are asked for, but no more than are of any use.
pub(super) fn asked(spec: &Spec) -> usize {
    spec.threads.unwrap_or_else(default_threads).min(most_threads())
}

/// Threads worth waking: none for work that ends before they do, no more than memory and tiles allow.
pub(super) fn workers(choice: &Choice, tiles: usize, spec: &Spec) -> usize {
    /// What a thread must have to do, in nanoseconds.
    const WORTH: f64 = 30_000.0;
    let useful = (choice.cost.nanoseconds / WORTH) as usize;
    let memory = spec.max_memory.map_or(usize::MAX, |limit| {
        limit.saturating_sub(choice.weights + choice.cost.tables) / choice.cost.scratch.max(1)
    });
    asked(spec).min(tiles).min(useful).min(memory).max(1)
}
