//! Subjects of all kinds, every scene of every view that takes them, and files with what was found right.

#![allow(dead_code)] // each test takes from here what it needs

use std::{collections::BTreeSet, fs, path::PathBuf};

use faltung::{Array, Boundary, Kernel, Mode, Number, Operation, Spec};
use faltung_scene::{Error, Figure, Part, Scene, Subject, View};

/// Compares with a stored file, or writes it.
pub(crate) fn golden(name: &str, came: &str) {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "..", "..", "golden", "explain", name].iter().collect();
    if std::env::var_os("FALTUNG_WRITE_GOLDEN").is_some() {
        fs::write(&path, came).unwrap();
    }
    let stored = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(came, stored, "{name} is another; FALTUNG_WRITE_GOLDEN=1 writes it anew");
}

/// Numbers without end: splitmix64.
pub(crate) struct Rng(pub(crate) u64);

impl Rng {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    pub(crate) fn values(&mut self, count: usize) -> Vec<f64> {
        (0..count).map(|_| (self.below(41) as f64 - 20.0) / if self.below(3) == 0 { 7.0 } else { 1.0 }).collect()
    }
}

/// Options of every kind.
pub(crate) fn spec(rng: &mut Rng) -> Spec {
    let boundary = match rng.below(6) {
        0 => Boundary::Constant(Number::Real(2.5)),
        at => Boundary::ALL[at - 1].1,
    };
    let padded = Mode::Padded { before: rng.below(4), after: rng.below(4) };
    let mode = [Mode::Full, Mode::Same, Mode::Valid, padded][rng.below(4)];
    let operation = [Operation::Convolve, Operation::Correlate][rng.below(2)];
    Spec::new().operation(operation).mode(mode).boundary(boundary).stride(1 + rng.below(3)).dilation(1 + rng.below(3))
}

/// Subjects of all kinds, each with some outputs.
pub(crate) fn subjects(mut each: impl FnMut(&Subject<'_>, &[isize])) {
    let mut rng = Rng(3);
    for _ in 0..60 {
        let shape: Vec<usize> = (0..1 + rng.below(2)).map(|_| 1 + rng.below(9)).collect();
        let kernel: Vec<usize> = shape.iter().map(|_| 1 + rng.below(5)).collect();
        let x = Array::new(rng.values(shape.iter().product()), &shape).unwrap();
        let weights = Kernel::real(&kernel, rng.values(kernel.iter().product())).unwrap();
        let Ok(subject) = Subject::new(&x, &weights, &spec(&mut rng)) else { continue };
        let natural = subject.natural_place();
        each(&subject, &natural);
    }
    let long: Vec<f32> = (0..100_000).map(|i| (i as f32 * 0.1).sin()).collect();
    let taps = rng.values(100);
    for (spec, t) in [
        (Spec::new(), 5000),
        (Spec::new().mode(Mode::Same).stride(7), 0),
        (Spec::new().operation(Operation::Correlate), 17),
    ] {
        each(&Subject::new(&long, &taps, &spec).unwrap(), &[t]);
    }
    each(&Subject::new(&[3, 0, 5, 0, 2, 1], &[5, 4, 3, 2, 1], &Spec::new()).unwrap(), &[4]);
    each(&Subject::new(&[0.5, -2.0], &[1.0 / 3.0, -1.0, 2.0], &Spec::new()).unwrap(), &[1]);
}

/// Every scene of every view that takes the subject.
pub(crate) fn films(mut each: impl FnMut(View, &Subject<'_>, &[isize], &[Scene])) {
    let mut shown = BTreeSet::new();
    subjects(|subject, at| {
        for &view in View::ALL {
            match view.film(subject, at) {
                Ok(film) => {
                    assert_eq!(film.scenes[film.chosen], view.scene(subject, at).unwrap());
                    shown.insert(view.name());
                    each(view, subject, at, &film.scenes);
                }
                Err(Error::Unfit { advice, .. }) => assert!(!advice.is_empty()),
                // Other options than the subject's own may not fit its place.
                Err(Error::Engine(faltung::Error::Position { .. })) => assert_eq!(view, View::Padding),
                Err(other) => panic!("{view}: {other}"),
            }
        }
    });
    assert_eq!(shown.len(), View::ALL.len(), "every view was seen: {shown:?}");
}

pub(crate) fn figures(scene: &Scene) -> impl Iterator<Item = &Figure> {
    scene.parts.iter().filter_map(|part| if let Part::Figure(figure) = part { Some(figure) } else { None })
}
