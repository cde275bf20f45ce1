//! The planner's choice: every algorithm is asked, the cheapest is taken; and how many threads are worth waking.

use std::{cell::OnceCell, sync::Arc};

use num_complex::Complex;

use super::cores::{Cores, Kind};
use crate::{
    Accum, Algorithm, Cost, Error, Problem, Refusal, Result, Spec,
    accum::Sums,
    algorithm::Setting,
    bound::Rounds,
    default_threads,
    error::Result as Outcome,
    exec::Core,
    kernel::{Values, factors::Factors, weights::Weights},
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

/// What is to be planned, before the kind of sums is known.
#[derive(Clone, Copy)]
pub(super) struct Wanted<'a> {
    pub(super) problem: &'a Problem,
    pub(super) values: &'a Values,
    pub(super) rounds: Rounds,
    pub(super) largest: f64,
    pub(super) spec: &'a Spec,
}

/// Kinds of sums that are exact for whole numbers up to `reach`, those with the fastest vectors first.
pub(super) fn whole_sums(reach: f64) -> Vec<Sums> {
    let floats = [(Sums::f32, f32::WHOLE), (Sums::f64, f64::WHOLE)].into_iter();
    floats.filter(|(_, most)| reach <= *most).map(|(sums, _)| sums).chain([Sums::i64]).collect()
}

/// Asks every algorithm for sums of each kind, and takes the cheapest.
///
/// Doubles and integers of 64 bits are as large and make the same transforms, so integers are asked only where all refuse.
pub(super) fn choose(kinds: &[Sums], wanted: &Wanted<'_>) -> Result<Choice> {
    let mut best: Option<Asked<'_>> = None;
    for &kind in kinds {
        if best.as_ref().is_some_and(|best| kind == Sums::i64 && best.cheapest().is_some()) {
            break;
        }
        let asked = match kind {
            Sums::f32 => ask::<f32>(wanted),
            Sums::f64 => ask::<f64>(wanted),
            Sums::c64 => ask::<Complex<f32>>(wanted),
            Sums::c128 => ask::<Complex<f64>>(wanted),
            Sums::i64 => ask::<i64>(wanted),
            Sums::i128 => ask::<i128>(wanted),
        };
        best = Some(match best {
            Some(best) => best.met(asked),
            None => asked,
        });
    }
    let best = best.expect("there is a kind of sums for all numbers");
    let Some((algorithm, cost)) = best.cheapest() else {
        let answers = best.answers.into_iter();
        return Err(Error::NoAlgorithm {
            refusals: answers.filter_map(|(who, answer)| Some((who, answer.err()?))).collect(),
        });
    };
    check_memory(cost.tables.saturating_add(cost.scratch))?;
    let cores = (best.prepare)(algorithm);
    Ok(Choice { cores, algorithm, cost, answers: best.answers, weights: best.weights })
}

/// What all algorithms said.
struct Asked<'a> {
    answers: Vec<(Algorithm, Outcome<Cost, Refusal>)>,
    /// Makes the cheapest ready, with the kind of sums that makes it so cheap.
    prepare: Box<dyn FnOnce(Algorithm) -> Cores + 'a>,
    /// Bytes of its weights.
    weights: usize,
}

impl<'a> Asked<'a> {
    /// The cheapest algorithm, if any takes it.
    fn cheapest(&self) -> Option<(Algorithm, Cost)> {
        let costs = self.answers.iter().filter_map(|(algorithm, answer)| Some((*algorithm, *answer.as_ref().ok()?)));
        costs.min_by(|a, b| a.1.nanoseconds.total_cmp(&b.1.nanoseconds))
    }

    /// The better answers of two kinds of sums; the later refusal where both refuse.
    fn met(self, other: Asked<'a>) -> Asked<'a> {
        let time = |asked: &Asked<'_>| asked.cheapest().map_or(f64::INFINITY, |(_, cost)| cost.nanoseconds);
        let (prepare, weights) = match time(&self) <= time(&other) {
            true => (self.prepare, self.weights),
            false => (other.prepare, other.weights),
        };
        let both = self.answers.into_iter().zip(other.answers);
        let better = both.map(|((algorithm, one), (_, other))| match (&one, &other) {
            (Ok(a), Ok(b)) if a.nanoseconds <= b.nanoseconds => (algorithm, one),
            (Ok(_), Err(_)) => (algorithm, one),
            _ => (algorithm, other),
        });
        let answers = better.collect();
        Asked { answers, prepare, weights }
    }
}

/// The setting for sums of type `A`.
fn setting<'a, A: Accum>(
    wanted: &Wanted<'a>,
    weights: &'a Arc<Weights<A>>,
    factors: OnceCell<Option<Arc<Factors<A>>>>,
) -> Setting<'a, A> {
    let &Wanted { problem, rounds, largest, spec, .. } = wanted;
    let bytes = size_of_val(&weights.data[..]);
    let memory = spec.max_memory.map_or(usize::MAX, |limit| limit.saturating_sub(bytes));
    Setting { problem, weights, accuracy: spec.accuracy, rounds, largest, memory, factors }
}

/// Asks every algorithm for sums of type `A`.
fn ask<'a, A: Kind>(wanted: &Wanted<'a>) -> Asked<'a> {
    let wanted = *wanted;
    let weights = Arc::new(Weights::<A>::new(wanted.values, wanted.problem));
    let bytes = size_of_val(&weights.data[..]);
    let all = setting(&wanted, &weights, OnceCell::new());
    let forced = wanted.spec.algorithm;
    let asked = Algorithm::ALL.iter().copied().filter(|a| forced.is_none_or(|forced| forced == *a));
    let answers = asked.map(|algorithm| (algorithm, algorithm.method::<A>().assess(&all))).collect();
    let factors = all.factors;
    let prepare = move |algorithm: Algorithm| {
        let prepared = algorithm.method::<A>().prepare(&setting(&wanted, &weights, factors));
        A::erase(Core::new(wanted.problem.clone(), weights, prepared, wanted.rounds))
    };
    Asked { answers, prepare: Box::new(prepare), weights: bytes }
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
