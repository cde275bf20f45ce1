//! What lies before the first sample of a signal and after its last.
//!
//! A boundary makes an infinite sequence of a finite one, far beyond both ends and for every length, one included. Four
//! of the five repeat samples that are there, and are a map of indices and nothing else; `Constant` names a value.

/// How a signal of `n` samples goes on beyond its ends. The pictures show `abcd` between bars. The names are SciPy's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Boundary<T> {
    /// `kkkk|abcd|kkkk`: one value everywhere; zero makes it the usual convolution.
    Constant(T),
    /// `aaaa|abcd|dddd`: the last sample is repeated.
    Nearest,
    /// `dcba|abcd|dcba`: mirrored at the edge of the last sample, which appears twice.
    Reflect,
    /// `dcb|abcd|cba`: mirrored at the centre of the last sample, which appears once.
    Mirror,
    /// `abcd|abcd|abcd`: the signal is periodic.
    Wrap,
}

impl<T> Boundary<T> {
    /// The boundaries made of samples, with their words.
    pub const OF_SAMPLES: [(&'static str, Boundary<T>); 4] = [
        ("nearest", Boundary::Nearest),
        ("reflect", Boundary::Reflect),
        ("mirror", Boundary::Mirror),
        ("wrap", Boundary::Wrap),
    ];

    /// The same boundary of another type of samples, its constant changed by `value`.
    pub fn map<U>(self, value: impl FnOnce(T) -> U) -> Boundary<U> {
        match self {
            Boundary::Constant(c) => Boundary::Constant(value(c)),
            other => {
                let (_, same) = Boundary::OF_SAMPLES.into_iter().find(|(word, _)| Some(*word) == other.word()).unwrap();
                same
            }
        }
    }

    /// The word for a boundary made of samples.
    pub fn word(&self) -> Option<&'static str> {
        let alike = |other: &Boundary<T>| std::mem::discriminant(other) == std::mem::discriminant(self);
        Self::OF_SAMPLES.iter().find(|(_, other)| alike(other)).map(|(word, _)| *word)
    }

    /// Which of `n` samples stands at place `i` of the extended signal; `None` where the constant stands.
    ///
    /// # Panics
    ///
    /// If `n` is zero and the boundary is not [`Constant`](Boundary::Constant): there is no sample to repeat.
    pub fn source(&self, i: i64, n: usize) -> Option<usize> {
        let n = n as i64;
        assert!(n > 0 || matches!(self, Boundary::Constant(_)), "an empty signal has no samples to repeat");
        let source = match self {
            Boundary::Constant(_) => {
                if i < 0 || i >= n {
                    return None;
                }
                i
            }
            Boundary::Nearest => i.clamp(0, n - 1),
            Boundary::Reflect => {
                let place = i.rem_euclid(2 * n);
                place.min(2 * n - 1 - place)
            }
            Boundary::Mirror if n == 1 => 0,
            Boundary::Mirror => {
                let period = 2 * (n - 1);
                let place = i.rem_euclid(period);
                place.min(period - place)
            }
            Boundary::Wrap => i.rem_euclid(n),
        };
        Some(source as usize)
    }
}
