//! Every algorithm against the definition: complete for small sizes on one axis, at random for everything else.
//!
//! `FALTUNG_LONG=1` makes it about ten times longer. A table of cases, refusals and errors goes to standard error.

mod support;

use std::{
    io::Write,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use faltung::Dtype;
use faltung_reference as oracle;
use support::{
    Mode, Rng,
    made::{Made, Size, any, boundaries, filled, layer, line},
    tally::{Tally, check},
};

fn long() -> bool {
    std::env::var_os("FALTUNG_LONG").is_some()
}

/// Calls `each` with all numbers below `count` and a generator for each, on all processors.
fn in_parallel(count: usize, each: impl Fn(usize, &mut Rng) + Sync) {
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    if index >= count {
                        return;
                    }
                    each(index, &mut Rng(index as u64));
                }
            });
        }
    });
}

#[test]
fn every_algorithm_agrees_with_the_definition() {
    let tally = Mutex::new(Tally::default());
    complete_on_one_axis(&tally);
    random_in_many_dimensions(&tally);
    layers(&tally);
    large(&tally);
    let tally = tally.into_inner().unwrap();
    writeln!(std::io::stderr(), "{tally}").unwrap();
    assert!(tally.total() >= if long() { 2_000_000 } else { 250_000 });
}

/// Every length from 0 to 9, kernel from 1 to 6, stride and dilation from 1 to 3, boundary and mode.
fn complete_on_one_axis(tally: &Mutex<Tally>) {
    let all = 10 * 6 * 3 * 3 * boundaries(Dtype::F32).len() * 5;
    // Every shape is met by this many types; which, changes from shape to shape.
    let types = if long() { Dtype::ALL.len() } else { 7 };
    in_parallel(all * types, |index, rng| {
        let (mut rest, turn) = (index % all, index / all);
        let mut digit = |base: usize| {
            let digit = rest % base;
            rest /= base;
            digit
        };
        let (n, kernel, stride, dilation) = (digit(10), 1 + digit(6), 1 + digit(3), 1 + digit(3));
        let (boundary, mode) = (digit(boundaries(Dtype::F32).len()), digit(5));
        let dtype = Dtype::ALL[(Rng(index as u64 % all as u64).below(14) + turn) % Dtype::ALL.len()];
        let (mode, anchor) = match mode {
            0 => (Mode::Full, None),
            1 => (Mode::Same, None),
            2 => (Mode::Same, Some(rng.below(dilation * (kernel - 1) + 1))),
            3 => (Mode::Valid, None),
            _ => (Mode::Padded(rng.below(9), rng.below(9)), None),
        };
        let upsample = 1 + rng.below(6) / 4;
        let boundary = boundaries(dtype)[boundary];
        let spec = oracle::Spec { anchor, stride, dilation, upsample, boundary, ..oracle::Spec::new(mode) };
        let made = rng.pick(&[Made::Any, Made::Any, Made::Box]);
        let case = filled(dtype, vec![n], line(kernel, spec), None, (Size::Small, made), rng);
        check(&case, rng, tally);
    });
}

/// One to four dimensions, subsets of axes in any order, channels and groups.
fn random_in_many_dimensions(tally: &Mutex<Tally>) {
    let count = if long() { 1_000_000 } else { 100_000 };
    in_parallel(count, |index, rng| {
        rng.0 ^= 0xabcd_0000_0000;
        let dtype = Dtype::ALL[index % Dtype::ALL.len()];
        let dimensions = [1, 2, 2, 3, 3, 4][index / 14 % 6];
        let most = [40, 12, 6, 4][dimensions - 1];
        let size = rng.pick(&[Size::Small, Size::Large]);
        check(&any(dtype, dimensions, most, size, rng), rng, tally);
    });
}

/// Many channels.
fn layers(tally: &Mutex<Tally>) {
    let count = if long() { 30_000 } else { 3_000 };
    in_parallel(count, |index, rng| {
        rng.0 ^= 0x5678_0000_0000;
        let size = rng.pick(&[Size::Small, Size::Large]);
        check(&layer(Dtype::ALL[index % Dtype::ALL.len()], size, rng), rng, tally);
    });
}

/// Signals of many blocks and tiles.
fn large(tally: &Mutex<Tally>) {
    let count = if long() { 20_000 } else { 3_000 };
    in_parallel(count, |index, rng| {
        rng.0 ^= 0x1234_0000_0000;
        let dtype = Dtype::ALL[index % Dtype::ALL.len()];
        let size = rng.pick(&[Size::Small, Size::Large]);
        let two = rng.one_in(2);
        let most = if two { 60 } else { 2_500 };
        check(&any(dtype, 1 + usize::from(two), most, size, rng), rng, tally);
    });
}
