//! What a signal is beyond its ends: the only place that knows.

use std::{fmt, str::FromStr};

use crate::{Array, Error, Number, Result, Sample, geometry::dense_strides};

/// What the samples beyond the ends of an axis are.
///
/// Axes are extended one after the other, the slowest first. So beyond the ends of several axes with different constants,
/// the constant of the fastest of them stands.
///
/// | here | picture of `abcd` | SciPy ndimage | `numpy.pad` | OpenCV | PyTorch | MATLAB |
/// |---|---|---|---|---|---|---|
/// | `constant:c` | `ccc\|abcd\|ccc` | constant | constant | CONSTANT | zeros, constant | a number |
/// | `nearest` | `aaa\|abcd\|ddd` | nearest | edge | REPLICATE | replicate | replicate |
/// | `reflect` | `cba\|abcd\|dcb` | reflect | **symmetric** | REFLECT | none | symmetric |
/// | `mirror` | `dcb\|abcd\|cba` | mirror | **reflect** | REFLECT_101 | **reflect** | none |
/// | `wrap` | `bcd\|abcd\|abc` | wrap | wrap | WRAP | circular | circular |
///
/// Beware of the word *reflect*, which means two opposite things: here, as in SciPy's ndimage, the edge is repeated.
/// All of them hold at any distance, so a kernel may be far longer than the signal, and the signal a single sample.
/// (PyTorch's `reflect` and `circular` end after one signal length.) Words are read and printed as in the first column.
///
/// ```
/// use faltung::{Boundary, Mode, Spec, convolve};
/// let sums = |boundary| convolve(&[1, 2, 4], &[1, 1, 1], &Spec::new().mode(Mode::Same).boundary(boundary));
/// assert_eq!(sums(Boundary::zero())?.data(), [3, 7, 6]);
/// assert_eq!(sums(Boundary::Nearest)?.data(), [4, 7, 10]);
/// assert_eq!(sums(Boundary::Reflect)?.data(), [4, 7, 10]);
/// assert_eq!(sums(Boundary::Mirror)?.data(), [5, 7, 8]);
/// assert_eq!(sums(Boundary::Wrap)?.data(), [7, 7, 7]);
/// assert_eq!(sums("constant:10".parse()?)?.data(), [13, 7, 16]);
/// # Ok::<(), faltung::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Boundary {
    /// `ccc|abcd|ccc`: always the same number.
    Constant(Number),
    /// `aaa|abcd|ddd`: the nearest sample, that of index `clamp(i, 0, n - 1)`.
    Nearest,
    /// `cba|abcd|dcb`: reflected about the edge of the last sample, which is repeated; period `2 n`, index
    /// `min(p, 2 n - 1 - p)` with `p = i mod 2 n`.
    Reflect,
    /// `dcb|abcd|cba`: reflected about the middle of the last sample, which is not repeated; period `2 (n - 1)`, index
    /// `min(p, 2 (n - 1) - p)` with `p = i mod 2 (n - 1)`, and 0 for one sample.
    Mirror,
    /// `bcd|abcd|abc`: from the other end, index `i mod n`.
    Wrap,
}

impl Boundary {
    /// All of them with their words; the constant one as zeros.
    ///
    /// ```
    /// use faltung::Boundary;
    /// assert_eq!(Boundary::ALL[1], ("nearest", Boundary::Nearest));
    /// ```
    pub const ALL: [(&str, Boundary); 5] = [
        ("constant", Boundary::Constant(Number::Whole(0))),
        ("nearest", Boundary::Nearest),
        ("reflect", Boundary::Reflect),
        ("mirror", Boundary::Mirror),
        ("wrap", Boundary::Wrap),
    ];

    /// Zeros.
    ///
    /// ```
    /// assert_eq!("constant".parse(), Ok(faltung::Boundary::zero()));
    /// ```
    pub fn zero() -> Boundary {
        Boundary::Constant(Number::Whole(0))
    }

    /// Which of `len` samples stands at `index`, which may be any; `None` where it is a constant.
    ///
    /// # Panics
    /// If `len` is 0 and the boundary is made of samples.
    ///
    /// ```
    /// use faltung::Boundary;
    /// assert_eq!(Boundary::Reflect.source(-2, 4), Some(1));
    /// assert_eq!(Boundary::Mirror.source(-2, 4), Some(2));
    /// assert_eq!(Boundary::Wrap.source(10, 4), Some(2));
    /// assert_eq!(Boundary::zero().source(-2, 4), None);
    /// ```
    pub fn source(&self, index: isize, len: usize) -> Option<usize> {
        let n = isize::try_from(len).expect("no slice is longer");
        if (0..n).contains(&index) {
            return Some(index as usize);
        }
        let at = match self {
            Boundary::Constant(_) => return None,
            Boundary::Nearest => index.clamp(0, n - 1),
            Boundary::Reflect => turn(index, n, n),
            Boundary::Mirror => turn(index, n, n - 1),
            Boundary::Wrap => index.rem_euclid(n),
        };
        Some(at as usize)
    }

    /// Whether it is zeros.
    ///
    /// ```
    /// use faltung::{Boundary, Number};
    /// assert!(Boundary::Constant(Number::Real(0.0)).is_zero());
    /// assert!(!Boundary::Nearest.is_zero());
    /// ```
    pub fn is_zero(&self) -> bool {
        matches!(self, Boundary::Constant(c) if c.is_zero())
    }

    /// The adjoint of extending: for each of the `extended` places from `start` on, the sample that stands there.
    pub(crate) fn fold(&self, start: isize, extended: usize, len: usize) -> Vec<Option<usize>> {
        (0..extended as isize).map(|place| self.source(start + place, len)).collect()
    }
}

/// The samples added up at the places that their axes' tables name; those without a place are left out.
pub(crate) fn folded<T: Sample>(array: &Array<T>, tables: &[Vec<Option<usize>>], shape: &[usize]) -> Array<T> {
    let mut sums = Array::zeros(shape);
    fold(tables, &dense_strides(shape), 0, array.data(), sums.data_mut());
    sums
}

/// Adds each sample of a dense array to the place that its axes' tables name.
fn fold<T: Sample>(folds: &[Vec<Option<usize>>], strides: &[usize], at: usize, from: &[T], to: &mut [T]) {
    let Some((table, folds)) = folds.split_first() else {
        to[at] = to[at].plus(from[0]);
        return;
    };
    let inner = from.len() / table.len().max(1);
    for (place, from) in table.iter().zip(from.chunks_exact(inner.max(1))) {
        if let Some(place) = place {
            fold(folds, &strides[1..], at + place * strides[0], from, to);
        }
    }
}

/// `index` brought to `0..n` by going forth and back, `half` samples each way.
fn turn(index: isize, n: isize, half: isize) -> isize {
    if half == 0 {
        return 0;
    }
    // The parity of the lap instead of a remainder by twice `half`, which might not fit.
    let (lap, along) = (index.div_euclid(half), index.rem_euclid(half));
    match lap.rem_euclid(2) {
        0 => along,
        // Reflect (half = n) comes back from n - 1, Mirror (half = n - 1) too, at its turning point.
        _ => n - 1 - along,
    }
}

impl fmt::Display for Boundary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let alike = |(_, other): &&(&str, Boundary)| std::mem::discriminant(other) == std::mem::discriminant(self);
        let (word, _) = Boundary::ALL.iter().find(alike).expect("all are listed");
        match self {
            Boundary::Constant(c) => write!(f, "{word}:{c}"),
            _ => f.pad(word),
        }
    }
}

/// `constant` (zeros), `constant:c`, `nearest`, `reflect`, `mirror`, `wrap`.
impl FromStr for Boundary {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        if let Some(value) = text.strip_prefix("constant:") {
            return value.parse().map(Boundary::Constant);
        }
        let known = Boundary::ALL.iter().find(|(word, _)| *word == text);
        known.map(|(_, boundary)| *boundary).ok_or_else(|| {
            let words = Boundary::ALL.iter().map(|(word, _)| *word).chain(["constant:NUMBER"]);
            Error::word("boundary", text, words)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(boundary: Boundary, from: isize, len: usize) -> String {
        let letters: Vec<char> = ('a'..).take(len).collect();
        (from..-from + len as isize).map(|i| boundary.source(i, len).map_or('c', |at| letters[at])).collect()
    }

    #[test]
    fn pictures_hold_far_beyond_the_ends() {
        assert_eq!(picture(Boundary::Nearest, -3, 4), "aaaabcdddd");
        assert_eq!(picture(Boundary::Reflect, -10, 4), "cddcbaabcddcbaabcddcbaab".chars().rev().collect::<String>());
        assert_eq!(picture(Boundary::Mirror, -8, 4), "cbabcdcbabcdcbabcdcb");
        assert_eq!(picture(Boundary::Wrap, -6, 4), "cdabcdabcdabcdab");
        assert_eq!(picture(Boundary::zero(), -1, 4), "cabcdc");
    }

    #[test]
    fn one_sample_is_everywhere() {
        for boundary in [Boundary::Nearest, Boundary::Reflect, Boundary::Mirror, Boundary::Wrap] {
            assert!((-9..9).all(|i| boundary.source(i, 1) == Some(0)), "{boundary}");
        }
    }

    #[test]
    fn words_are_read_as_they_are_printed() {
        for text in ["constant:-2.5", "constant:1+2i", "nearest", "reflect", "mirror", "wrap"] {
            assert_eq!(text.parse::<Boundary>().map(|b| b.to_string()), Ok(text.to_owned()));
        }
        assert!("reflet".parse::<Boundary>().is_err_and(|e| e.to_string().contains("did you mean \"reflect\"")));
    }
}
