//! Chance that comes out the same everywhere: ChaCha with 8 rounds, one stream for each purpose.
//!
//! A generator is made anew where it is needed, from the seed, the purpose and a number (the epoch, the part of a batch, the
//! picture). So nothing depends on who drew before, on the number of threads, or on whether a training was interrupted:
//! the seed and the number of the step are all the state that there is.

use rand::{Rng, SeedableRng, rngs::ChaCha8Rng};

/// What is drawn.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Purpose {
    /// First weights, numbered by the layer.
    Weights = 1,
    /// The order of the pictures, numbered by the epoch.
    Order = 2,
    /// Shifts and dropout, numbered by the part of all parts of all batches.
    Part = 3,
    /// Which pictures belong to a share of the set, and where shuffled pixels go.
    Data = 4,
    /// Digits to learn from, numbered by the picture.
    Training = 5,
    /// Digits to be tested with, numbered by the picture.
    Test = 6,
}

/// The generator for one purpose.
pub(crate) fn generator(seed: u64, purpose: Purpose, number: u64) -> ChaCha8Rng {
    let mut generator = ChaCha8Rng::seed_from_u64(seed);
    generator.set_stream(((purpose as u64) << 56) | (number & ((1 << 56) - 1)));
    generator
}

/// A number from 0 on, below 1: a multiple of `2^-24`.
pub(crate) fn unit(generator: &mut ChaCha8Rng) -> f32 {
    const STEP: f32 = 1.0 / (1 << 24) as f32;
    (generator.next_u32() >> 8) as f32 * STEP
}

/// A number between `-reach` and `reach`.
pub(crate) fn about_zero(generator: &mut ChaCha8Rng, reach: f32) -> f32 {
    (2.0 * unit(generator) - 1.0) * reach
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_differ_and_repeat() {
        let first = |seed, purpose, number| generator(seed, purpose, number).next_u64();
        assert_eq!(first(7, Purpose::Order, 3), first(7, Purpose::Order, 3));
        assert_ne!(first(7, Purpose::Order, 3), first(7, Purpose::Order, 4));
        assert_ne!(first(7, Purpose::Order, 3), first(7, Purpose::Part, 3));
        assert_ne!(first(7, Purpose::Order, 3), first(8, Purpose::Order, 3));
    }

    #[test]
    fn numbers_fill_their_range_evenly() {
        let mut generator = generator(1, Purpose::Data, 0);
        let all: Vec<f32> = (0..10_000).map(|_| unit(&mut generator)).collect();
        assert!(all.iter().all(|&number| (0.0..1.0).contains(&number)));
        for tenth in 0..10 {
            let here = all.iter().filter(|&&number| (number * 10.0) as usize == tenth).count();
            assert!((850..1150).contains(&here), "{here} in tenth {tenth}"); // five deviations of 30
        }
    }
}
