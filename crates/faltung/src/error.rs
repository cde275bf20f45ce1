//! What can be wrong with a request, said before any sample is touched.
//!
//! Every message tells what was expected, what came, and what to do about it. A [`Refusal`] is not an error: it is the
//! reason why one algorithm does not take a problem that another one may take.

use std::fmt;

use crate::{Dtype, algorithm::Algorithm};

/// The result of everything that can fail here.
///
/// ```
/// fn half(text: &str) -> faltung::Result<usize> {
///     Ok(text.parse::<faltung::Dtype>()?.size() / 2)
/// }
/// assert_eq!(half("f64"), Ok(4));
/// ```
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A request that cannot be met: what was expected, what came, and what to do about it.
///
/// Found before any sample is touched; but [`Cancelled`](Self::Cancelled) comes in the middle.
///
/// ```
/// use faltung::{Error, Mode, Spec, convolve};
/// let error = convolve(&[1, 2], &[1, 1, 1], &Spec::new().mode(Mode::Valid)).unwrap_err();
/// assert_eq!(error, Error::NothingValid { axis: 0, signal: 2, kernel: 3 });
/// assert!(error.to_string().ends_with("use mode same or full, more padding, or swap the two"));
/// ```
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A view does not fit into the memory it was given.
    #[error("a view of shape {shape:?} needs {expected} samples, but there are {actual}: give it the whole memory")]
    Memory {
        /// The shape asked for.
        shape: Vec<usize>,
        /// Samples needed.
        expected: usize,
        /// Samples there are.
        actual: usize,
    },
    /// A view to be written shows the same sample at two places.
    #[error("a view of shape {shape:?} with strides {strides:?} shows a sample twice and cannot be written: copy it")]
    Overlap {
        /// The shape.
        shape: Vec<usize>,
        /// The strides, in samples.
        strides: Vec<isize>,
    },
    /// An array has another shape than the plan was made for.
    #[error("{what} has shape {actual:?}, but the plan needs {expected:?}: make a new plan or reshape it")]
    Shape {
        /// Which array.
        what: &'static str,
        /// The shape the plan needs.
        expected: Vec<usize>,
        /// The shape that came.
        actual: Vec<usize>,
    },
    /// An array has another type than the plan was made for.
    #[error("{what} holds {actual}, but {expected} is needed here: convert it, or make a plan for {actual}")]
    Type {
        /// Which array.
        what: &'static str,
        /// What would be accepted.
        expected: String,
        /// What came.
        actual: String,
    },
    /// The kernel has no weights.
    #[error("the kernel has shape {shape:?} and so no weights: give at least one along every axis")]
    EmptyKernel {
        /// The kernel's shape.
        shape: Vec<usize>,
    },
    /// The kernel's dimensions do not say which axes of the input it belongs to.
    #[error(
        "a kernel of {kernel} dimensions does not fit an input of {input} along {axes} axes: \
         name as many axes as the kernel has dimensions{channels}"
    )]
    Dimensions {
        /// Dimensions of the kernel.
        kernel: usize,
        /// Dimensions of the input.
        input: usize,
        /// Axes to be convolved.
        axes: usize,
        /// What channels would add to it.
        channels: &'static str,
    },
    /// An axis that the input does not have, or that is named twice.
    #[error("axis {axis} {problem}: the input has axes {} to {}, each to be named once", -(*dimensions as isize), *dimensions as isize - 1)]
    Axis {
        /// The axis named.
        axis: isize,
        /// What is wrong with it.
        problem: &'static str,
        /// Dimensions of the input.
        dimensions: usize,
    },
    /// An option given for each axis has the wrong number of values.
    #[error(
        "{option} has {actual} values, and the number of axes convolved is {expected}: give one value for all, or one for each"
    )]
    PerAxis {
        /// The option.
        option: &'static str,
        /// Axes convolved.
        expected: usize,
        /// Values given.
        actual: usize,
    },
    /// A stride, dilation or upsampling of zero.
    #[error("{option} is 0 along axis {axis}: it must be at least 1")]
    Zero {
        /// The option.
        option: &'static str,
        /// The axis.
        axis: usize,
    },
    /// The kernel does not fit into the (padded) signal, and `valid` or `padded` ask for outputs where it does.
    #[error(
        "mode valid needs a signal at least as long as the kernel, but along axis {axis} the signal has {signal} samples \
         (padding included) and the kernel spans {kernel}: use mode same or full, more padding, or swap the two"
    )]
    NothingValid {
        /// The axis.
        axis: usize,
        /// Length of the signal, upsampled and padded.
        signal: usize,
        /// Length of the kernel, after dilation.
        kernel: usize,
    },
    /// An anchor outside the kernel, or in a mode that has none.
    #[error("anchor {anchor} along axis {axis} {problem}")]
    Anchor {
        /// The anchor.
        anchor: usize,
        /// The axis.
        axis: usize,
        /// What is wrong with it.
        problem: String,
    },
    /// Channels and groups that do not divide.
    #[error(
        "{inputs} input channels, {outputs} output channels and {groups} groups do not fit a kernel for {per_group} channels: {problem}"
    )]
    Channels {
        /// Channels of the input.
        inputs: usize,
        /// Channels of the output.
        outputs: usize,
        /// Groups.
        groups: usize,
        /// Channels that the kernel expects.
        per_group: usize,
        /// What must hold.
        problem: &'static str,
    },
    /// Arrays that are not those of a layer.
    #[error(
        "an input of shape {x:?} and weights of shape {w:?} are no layer's: weights have two axes for channels and at least one to \
         slide along, the input those, one for its channels, and one for its images ({images})"
    )]
    Layer {
        /// Shape of the input.
        x: Vec<usize>,
        /// Shape of the weights.
        w: Vec<usize>,
        /// Where images stand: see [`Images`](crate::nn::Images).
        images: &'static str,
    },
    /// Padding that makes outputs as long as inputs, where there are fewer.
    #[error("padding same needs stride 1, but along axis {axis} the stride is {stride}: give the padding in samples")]
    Padding {
        /// The stride.
        stride: usize,
        /// The axis, of those slid along.
        axis: usize,
    },
    /// A transposed layer that would make more than the layer takes.
    #[error("extra is {extra} along axis {axis}, but may be {most} at most: less than the stride or the dilation")]
    Extra {
        /// How many samples more were asked for.
        extra: usize,
        /// The axis, of those slid along.
        axis: usize,
        /// As many there may be.
        most: usize,
    },
    /// A size beyond what can be addressed.
    #[error("{what} is too large along axis {axis}: sizes must stay below {}; use smaller numbers", isize::MAX / 4)]
    TooLarge {
        /// What would be too large.
        what: &'static str,
        /// The axis.
        axis: usize,
    },
    /// As many threads cannot be started.
    #[error("{threads} threads cannot be started ({reason}): ask for fewer")]
    Threads {
        /// Threads asked for.
        threads: usize,
        /// What the system says.
        reason: String,
    },
    /// There is no memory for a result, or to work in.
    #[error("{what} needs {bytes} bytes, and there are not as many to be had: ask for less at once")]
    Allocation {
        /// What they are needed for.
        what: &'static str,
        /// Bytes needed.
        bytes: usize,
    },
    /// Exact sums may leave the result's type.
    #[error(
        "sums may reach {lowest} to {highest}, but {dtype} holds {} to {}: choose overflow widen, wrap or saturate, \
         or a wider type", range(*.dtype).0, range(*.dtype).1
    )]
    Overflow {
        /// The result's type.
        dtype: Dtype,
        /// The least that a sum may be, saturated.
        lowest: i128,
        /// The most that a sum may be, saturated.
        highest: i128,
    },
    /// No type of 64 bits holds the sums.
    #[error(
        "sums may reach {lowest} to {highest}, beyond any type of up to 64 bits: scale the data or the weights down, or use floats"
    )]
    TooWide {
        /// The least that a sum may be, saturated.
        lowest: i128,
        /// The most that a sum may be, saturated.
        highest: i128,
    },
    /// Weights that the type of the data cannot be multiplied by.
    #[error("{weights} weights cannot be applied to {dtype} data: {advice}")]
    Weights {
        /// The type of the data.
        dtype: Dtype,
        /// What the weights are.
        weights: &'static str,
        /// What to do.
        advice: &'static str,
    },
    /// A number that a type cannot hold.
    #[error("{what} {number} cannot be held by {dtype}: {advice}")]
    Number {
        /// What the number is for.
        what: &'static str,
        /// The number.
        number: String,
        /// The type.
        dtype: Dtype,
        /// What to do.
        advice: &'static str,
    },
    /// Data outside the range that the plan was promised.
    #[error("the data reach from {} to {}, but the plan was made for {} to {}: make a plan for the wider range", actual.0, actual.1, expected.0, expected.1)]
    Range {
        /// The range promised.
        expected: (i128, i128),
        /// The range that came.
        actual: (i128, i128),
    },
    /// Every algorithm refused.
    #[error("no algorithm takes this problem: {}", join(refusals))]
    NoAlgorithm {
        /// Who refused, and why.
        refusals: Vec<(Algorithm, Refusal)>,
    },
    /// A word that is not one of those known.
    #[error("unknown {what} {word:?}: {}expected {expected}", hint(suggestion))]
    Word {
        /// What the word should name.
        what: &'static str,
        /// The word.
        word: String,
        /// The nearest known word, where one is near.
        suggestion: Option<String>,
        /// The words known.
        expected: String,
    },
    /// A parameter of a named kernel that makes no sense.
    #[error("kernel {kernel}: {problem}")]
    Parameter {
        /// The kernel.
        kernel: &'static str,
        /// What was expected and what came.
        problem: String,
    },
    /// Weights that nothing can be divided by.
    #[error(
        "the weights of output channel {output} add up to {sum:?}, which cannot be told from 0 or is no number beside \
         {magnitude:?}, the sum of their absolute values: {advice}"
    )]
    Normalize {
        /// The output channel.
        output: usize,
        /// The absolute value of the sum.
        sum: f64,
        /// The sum of the absolute values.
        magnitude: f64,
        /// What to do.
        advice: &'static str,
    },
    /// An option that gradients do not take.
    #[error("this gradient does not take {option} {word}: {advice}")]
    Gradient {
        /// The option.
        option: &'static str,
        /// Its value.
        word: &'static str,
        /// What to do.
        advice: &'static str,
    },
    /// An output that there is not.
    #[error("there is no output at {position:?} of a result of shape {shape:?}: {problem}")]
    Position {
        /// Where it was looked for, slowest axis first.
        position: Vec<isize>,
        /// The result's shape.
        shape: Vec<usize>,
        /// What to do.
        problem: &'static str,
    },
    /// An option that a trace does not take.
    #[error("a trace does not take {option} {word}: {advice}")]
    Untraced {
        /// The option.
        option: &'static str,
        /// Its value.
        word: &'static str,
        /// What to do.
        advice: &'static str,
    },
    /// Samples are missing, and that was to be an error.
    #[error(
        "samples are missing: {count}, the first at index {first:?}; fill them in, or choose missing omit or interpolate"
    )]
    Missing {
        /// How many.
        count: usize,
        /// The first of them, slowest axis first.
        first: Vec<usize>,
    },
    /// What is missing cannot be told by a NaN, which integers do not have.
    #[error("{what}, and {dtype} has no NaN to say so: {advice}")]
    NoNan {
        /// What is missing.
        what: String,
        /// The type.
        dtype: Dtype,
        /// What to do.
        advice: &'static str,
    },
    /// A variance that is none.
    #[error("the variance at index {index:?} is {value}, but must be at least 0: correct it, or mask its sample")]
    Variance {
        /// Where, slowest axis first.
        index: Vec<usize>,
        /// What came.
        value: f64,
    },
    /// A stream cannot be made, or cannot do what it is asked to.
    #[error("stream: {0}")]
    Stream(
        /// What was expected, what came, and what to do.
        String,
    ),
    /// The work was stopped by [`Progress::cancel`](crate::Progress::cancel).
    #[error("the work was cancelled, and the output is unfinished")]
    Cancelled,
}

fn range(dtype: Dtype) -> (i128, i128) {
    dtype.range().unwrap_or((0, 0))
}

fn join(refusals: &[(Algorithm, Refusal)]) -> String {
    let all: Vec<_> = refusals.iter().map(|(who, why)| format!("{who}: {why}")).collect();
    all.join("; ")
}

fn hint(suggestion: &Option<String>) -> String {
    suggestion.as_ref().map_or(String::new(), |word| format!("did you mean {word:?}? "))
}

impl Error {
    /// An unknown word, with the nearest known one where it is near enough to be a slip.
    ///
    /// Near enough is at most one letter for each four, and one more, that is wrong, missing, too many, or exchanged with
    /// its neighbour.
    ///
    /// ```
    /// let slip = faltung::Error::word("fruit", "appel", ["apple", "pear"]);
    /// assert_eq!(slip.to_string(), "unknown fruit \"appel\": did you mean \"apple\"? expected apple or pear");
    /// ```
    pub fn word(what: &'static str, word: &str, known: impl IntoIterator<Item = impl AsRef<str>>) -> Error {
        let known: Vec<String> = known.into_iter().map(|k| k.as_ref().to_owned()).collect();
        let near = known.iter().map(|k| (strsim::osa_distance(word, k), k));
        let best = near.filter(|(distance, k)| *distance <= 1 + k.chars().count() / 4).min();
        Error::Word { what, word: word.to_owned(), suggestion: best.map(|(_, k)| k.clone()), expected: list(&known) }
    }
}

/// "a, b or c".
fn list(words: &[String]) -> String {
    match words {
        [] => "none".to_owned(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} or {last}", most.join(", ")),
    }
}

/// Why an algorithm does not take a problem; not an error, since another one may take it.
///
/// ```
/// use faltung::{Algorithm, Dtype, Error, Kernel, Plan, Spec};
/// let forced = Spec::new().algorithm(Algorithm::RunningSum);
/// let Err(Error::NoAlgorithm { refusals }) = Plan::new(Dtype::F32, &[9], &Kernel::from(&[1, 2, 1]), &forced) else {
///     panic!("weights that differ are no box")
/// };
/// assert_eq!(refusals[0].1.to_string(), "the kernel's weights are not all the same");
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Refusal(String);

impl Refusal {
    /// A refusal for `reason`, a clause without capital and full stop.
    ///
    /// ```
    /// assert_eq!(faltung::Refusal::because("it is too long").to_string(), "it is too long");
    /// ```
    pub fn because(reason: impl Into<String>) -> Refusal {
        Refusal(reason.into())
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Stamps an enum of words: each variant with its name in text, to be printed and read.
macro_rules! words {
    ($what:literal, $(#[$meta:meta])* $vis:vis enum $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        $vis enum $name { $($(#[$doc])* $variant),+ }

        impl $name {
            /// All of them, in order; an example stands at the type.
            pub const ALL: &[$name] = &[$($name::$variant),+];

            /// The word for it, as it is printed and read; an example stands at the type.
            pub fn name(self) -> &'static str {
                match self { $($name::$variant => $word),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.name())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::Error;
            fn from_str(word: &str) -> $crate::Result<Self> {
                let known = Self::ALL.iter().find(|w| w.name() == word);
                known.copied().ok_or_else(|| $crate::Error::word($what, word, Self::ALL.iter().map(|w| w.name())))
            }
        }
    };
}
pub(crate) use words;
