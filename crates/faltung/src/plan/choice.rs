//! The planner's choice: every algorithm is asked, the cheapest is taken; and how many threads are worth waking.

use std::{cell::OnceCell, sync::Arc};

use num_complex::Complex;

use super::cores::{Cores, Kind};
use crate::{
    Accum, Algorithm, Cost, Error, Problem, Refusal, Result, Spec,
    accum::Sums,
    algorithm::{Setting, within},
    bound::Rounds,
    default_threads,
    error::Result as Outcome,
    exec::Core,
    kernel::{Values, factors::Factors, weights::Weights},
    pool::most_threads,
    settle::{Settle, Settling},
};

/// What each algorithm that was asked said.
pub(crate) type Answers = Vec<(Algorithm, Outcome<Cost, Refusal>)>;

/// The cheapest algorithm, if any takes it.
pub(crate) fn cheapest(answers: &Answers) -> Option<(Algorithm, Cost)> {
    let costs = answers.iter().filter_map(|(algorithm, answer)| Some((*algorithm, *answer.as_ref().ok()?)));
    costs.min_by(|a, b| a.1.nanoseconds.total_cmp(&b.1.nanoseconds))
}

/// The error where all refuse.
pub(crate) fn refused(answers: Answers) -> Error {
    Error::NoAlgorithm {
        refusals: answers.into_iter().filter_map(|(who, answer)| Some((who, answer.err()?))).collect(),
    }
}

/// What the planner decides once the kind of sums is known.
pub(super) struct Choice {
    pub(super) cores: Cores,
    pub(super) rounds: Rounds,
    pub(super) algorithm: Algorithm,
    pub(super) cost: Cost,
    pub(super) answers: Answers,
    pub(super) weights: usize,
}

/// What is to be planned, before the kind of sums is known.
#[derive(Clone, Copy)]
pub(super) struct Wanted<'a> {
    pub(super) problem: &'a Problem,
    pub(super) values: &'a Values,
    /// The largest absolute value of an integer sample.
    pub(super) largest: f64,
    /// The largest absolute value that a part of a sum of integers may have.
    pub(super) reach: f64,
    pub(super) spec: &'a Spec,
}

/// A kind of sums, and whether they round.
type Way = (Sums, Rounds);

/// Ways to sum whole numbers exactly, those with the fastest vectors first.
pub(super) fn whole_ways(reach: f64) -> Vec<Way> {
    let floats = [(Sums::f32, f32::WHOLE), (Sums::f64, f64::WHOLE)].into_iter().filter(|(_, most)| reach <= *most);
    floats.map(|(sums, _)| sums).chain([Sums::i64]).map(|sums| (sums, Rounds::Never)).collect()
}

/// Asks every algorithm for each way to sum, and takes the cheapest.
///
/// Doubles and integers of 64 bits are as large and make the same transforms, so integers are asked only where all refuse.
pub(super) fn choose(ways: &[Way], wanted: &Wanted<'_>) -> Result<Choice> {
    let mut best: Option<Asked<'_>> = None;
    for &(sums, rounds) in ways {
        if best.as_ref().is_some_and(|best| sums == Sums::i64 && best.cheapest().is_some()) {
            break;
        }
        let asked = match sums {
            Sums::f32 if rounds == Rounds::Settled => ask::<f32>(wanted, rounds, |settle| Some(Box::new(settle))),
            Sums::f32 => ask::<f32>(wanted, rounds, |_| None),
            Sums::f64 => ask::<f64>(wanted, rounds, |_| None),
            Sums::c64 => ask::<Complex<f32>>(wanted, rounds, |_| None),
            Sums::c128 => ask::<Complex<f64>>(wanted, rounds, |_| None),
            Sums::i64 => ask::<i64>(wanted, rounds, |_| None),
            Sums::i128 => ask::<i128>(wanted, rounds, |_| None),
        };
        best = Some(match best {
            Some(best) => best.met(asked),
            None => asked,
        });
    }
    let best = best.expect("there is a way to sum all numbers");
    let Some((algorithm, cost)) = best.cheapest() else {
        return Err(refused(best.answers));
    };
    check_memory(cost.tables.saturating_add(cost.scratch))?;
    let cores = (best.prepare)(algorithm);
    Ok(Choice { cores, rounds: best.rounds, algorithm, cost, answers: best.answers, weights: best.weights })
}

/// What all algorithms said.
struct Asked<'a> {
    answers: Answers,
    /// Makes the cheapest ready, in the way that makes it so cheap.
    prepare: Box<dyn FnOnce(Algorithm) -> Cores + 'a>,
    rounds: Rounds,
    /// Bytes of its weights.
    weights: usize,
}

impl<'a> Asked<'a> {
    fn cheapest(&self) -> Option<(Algorithm, Cost)> {
        cheapest(&self.answers)
    }

    /// The better answers of two ways; the later refusal where both refuse.
    fn met(self, other: Asked<'a>) -> Asked<'a> {
        let time = |asked: &Asked<'_>| asked.cheapest().map_or(f64::INFINITY, |(_, cost)| cost.nanoseconds);
        let is_first = time(&self) <= time(&other);
        let both = self.answers.into_iter().zip(other.answers);
        let better = both.map(|((algorithm, one), (_, other))| match (&one, &other) {
            (Ok(a), Ok(b)) if a.nanoseconds <= b.nanoseconds => (algorithm, one),
            (Ok(_), Err(_)) => (algorithm, one),
            _ => (algorithm, other),
        });
        let answers = better.collect();
        match is_first {
            true => Asked { answers, prepare: self.prepare, rounds: self.rounds, weights: self.weights },
            false => Asked { answers, prepare: other.prepare, rounds: other.rounds, weights: other.weights },
        }
    }
}

/// The setting for sums of type `A`.
fn setting<'a, A: Accum>(
    wanted: &Wanted<'a>,
    rounds: Rounds,
    weights: &'a Arc<Weights<A>>,
    factors: OnceCell<Option<Arc<Factors<A>>>>,
) -> Setting<'a, A> {
    let &Wanted { problem, largest, spec, .. } = wanted;
    let bytes = size_of_val(&weights.data[..]);
    let memory = spec.max_memory.map_or(usize::MAX, |limit| limit.saturating_sub(bytes));
    Setting { problem, weights, accuracy: spec.accuracy, rounds, largest, memory, factors }
}

/// Asks every algorithm for sums of type `A`; `settling` settles them, where that is the way.
fn ask<'a, A: Kind>(
    wanted: &Wanted<'a>,
    rounds: Rounds,
    settling: fn(Settle) -> Option<Box<dyn Settling<A>>>,
) -> Asked<'a> {
    let wanted = *wanted;
    let weights = Arc::new(Weights::<A>::new(wanted.values, wanted.problem));
    let bytes = size_of_val(&weights.data[..]);
    let all = setting(&wanted, rounds, &weights, OnceCell::new());
    let forced = wanted.spec.algorithm;
    let asked = Algorithm::ALL.iter().copied().filter(|a| forced.is_none_or(|forced| forced == *a));
    let answers = asked.map(|algorithm| {
        let assess = || algorithm.method::<A>().assess(&all);
        let cost = match rounds {
            Rounds::Settled => settle(&wanted, algorithm, &all).and_then(|settle| within(&all, settle.cost(assess()?))),
            _ => assess(),
        };
        (algorithm, cost)
    });
    let answers = answers.collect();
    let factors = all.factors;
    let prepare = move |algorithm: Algorithm| {
        let all = setting(&wanted, rounds, &weights, factors);
        let prepared = algorithm.method::<A>().prepare(&all);
        let settle = (rounds == Rounds::Settled).then(|| settle(&wanted, algorithm, &all).expect("assessed"));
        let settling = settle.filter(Settle::is_needed).and_then(settling);
        A::erase(Core::new(wanted.problem.clone(), weights, prepared, rounds, settling))
    };
    Asked { answers, prepare: Box::new(prepare), rounds, weights: bytes }
}

/// How the sums of an algorithm are settled, if they can be.
fn settle<A: Accum>(wanted: &Wanted<'_>, algorithm: Algorithm, setting: &Setting<'_, A>) -> Outcome<Settle, Refusal> {
    let Some(roundings) = algorithm.method::<A>().roundings(setting) else {
        return Err(Refusal::because("its errors in single precision are not known to be small beside each output"));
    };
    let weights = Weights::<f64>::new(wanted.values, wanted.problem);
    Settle::new(wanted.problem, weights, wanted.spec.rounding, (wanted.largest, wanted.reach), roundings)
}

/// Whether there is as much memory: what takes much is asked for at once, before anything is taken piece by piece.
fn check_memory(bytes: usize) -> Result<()> {
    /// Less than this is there, or nothing is.
    const MUCH: usize = 64 << 20;
    let there = bytes < MUCH || Vec::<u8>::new().try_reserve_exact(bytes).is_ok();
    if there { Ok(()) } else { Err(Error::Allocation { what: "the work", bytes }) }
}

/// Threads that are asked for, but no more than are of any use.
pub(crate) fn asked_threads(threads: Option<usize>) -> usize {
    threads.unwrap_or_else(default_threads).min(most_threads())
}

/// Threads worth waking: none for work that ends before they do, no more than memory and tiles allow.
pub(super) fn workers(choice: &Choice, tiles: usize, spec: &Spec) -> usize {
    let useful = choice.cost.useful_threads();
    let memory = spec.max_memory.map_or(usize::MAX, |limit| {
        limit.saturating_sub(choice.weights + choice.cost.tables) / choice.cost.scratch.max(1)
    });
    asked_threads(spec.threads).min(tiles).min(useful).min(memory).max(1)
}
