//! Tables of one-dimensional transforms, kept for whoever asks again.
//!
//! Making the tables of a transform takes longer than the transform. So they are shared by all plans of the process, up to a
//! limit; beyond it all are forgotten at once, which those that still use them do not notice.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, LazyLock, Mutex, PoisonError},
};

use num_complex::Complex;
use realfft::{ComplexToReal, RealFftPlanner, RealToComplex};
use rustfft::{Fft, FftPlanner};

use super::{
    Float,
    correlator::{self, Correlator, Samples},
};
use crate::arch;

/// Numbers of all transforms whose tables are kept, in sum: their tables take about as many complex numbers.
const MOST: usize = 1 << 22;

/// Correlators by the length of their transforms.
pub(super) type Correlators<A, F> = BTreeMap<usize, Arc<dyn Correlator<A, F>>>;

/// Planners, which remember what they have made.
pub(crate) struct Tables<F: Float> {
    complex: FftPlanner<F>,
    real: RealFftPlanner<F>,
    /// Correlators of rows of reals, and of complex numbers.
    pub(super) rows: Correlators<F, F>,
    pub(super) complex_rows: Correlators<Complex<F>, F>,
    /// What was asked for.
    lengths: BTreeSet<usize>,
}

impl<F: Float> Tables<F> {
    fn new() -> Self {
        Tables {
            complex: FftPlanner::new(),
            real: RealFftPlanner::new(),
            rows: BTreeMap::new(),
            complex_rows: BTreeMap::new(),
            lengths: BTreeSet::new(),
        }
    }

    /// Makes room for one more length.
    fn expect(&mut self, len: usize) {
        if self.lengths.insert(len) && self.lengths.iter().sum::<usize>() > MOST {
            *self = Tables::new();
            self.lengths.insert(len);
        }
    }
}

/// Stamps the place of each type's tables.
macro_rules! kept {
    ($($float:ident),+) => {$(
        impl Float for $float {
            #[inline(always)]
            fn nearest(value: f64) -> Self {
                value as $float
            }
            fn tables() -> &'static Mutex<Tables<$float>> {
                static KEPT: LazyLock<Mutex<Tables<$float>>> = LazyLock::new(|| Mutex::new(Tables::new()));
                &KEPT
            }
        }
    )+};
}
kept!(f32, f64);

/// The transform of so many complex numbers, there and back.
pub(super) fn complex<F: Float>(len: usize) -> (Arc<dyn Fft<F>>, Arc<dyn Fft<F>>) {
    let mut tables = F::tables().lock().unwrap_or_else(PoisonError::into_inner);
    tables.expect(len);
    (tables.complex.plan_fft_forward(len), tables.complex.plan_fft_inverse(len))
}

/// The transform of so many reals, there and back.
pub(super) fn real<F: Float>(len: usize) -> (Arc<dyn RealToComplex<F>>, Arc<dyn ComplexToReal<F>>) {
    let mut tables = F::tables().lock().unwrap_or_else(PoisonError::into_inner);
    tables.expect(len);
    (tables.real.plan_fft_forward(len), tables.real.plan_fft_inverse(len))
}

/// The correlator of rows by transforms of so many complex numbers.
pub(crate) fn correlator<A: Samples<F>, F: Float>(numbers: usize) -> Arc<dyn Correlator<A, F>> {
    let mut tables = F::tables().lock().unwrap_or_else(PoisonError::into_inner);
    tables.expect(numbers);
    let make = || correlator::correlator::<A, F>(arch::level(), numbers).into();
    A::kept(&mut tables).entry(numbers).or_insert_with(make).clone()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_shared_until_there_are_too_many() {
        let (first, _) = complex::<f32>(96);
        assert!(Arc::ptr_eq(&first, &complex::<f32>(96).0));
        let mut tables = Tables::<f32>::new();
        tables.expect(96);
        tables.expect(MOST - 96);
        assert_eq!(tables.lengths.len(), 2);
        tables.expect(1);
        assert_eq!(tables.lengths.len(), 1);
    }
}
