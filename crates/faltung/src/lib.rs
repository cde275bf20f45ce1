//! Convolution in any number of dimensions.
//!
//! Everything here is one sum, taken along every axis:
//!
//! ```text
//! y[o] = sum over k of w[k] * x[o * stride + k * dilation - lead]
//! ```
//!
//! where `lead` follows from the [`Mode`], and the kernel has been turned round if the sum is called a convolution.
//! A smoothed list, a filtered picture, a room's echo on a voice and the layer of a network differ only in the integers of
//! that sum, in what the signal is beyond its ends ([`Boundary`]), and in what samples are made of ([`Dtype`]). One engine
//! computes it, by whichever [`Algorithm`] is cheapest, with the same result for all of them.
//!
//! ```
//! use faltung::{Boundary, Mode, Spec, convolve};
//! let spec = Spec::new().mode(Mode::Same).boundary(Boundary::Reflect);
//! let smooth = convolve(&[0.0, 0.0, 4.0, 8.0], &[0.25, 0.5, 0.25], &spec)?;
//! assert_eq!(smooth.data(), [0.0, 1.0, 4.0, 7.0]);
//! # Ok::<(), faltung::Error>(())
//! ```
//!
//! There are three heights to stand at. [`convolve`] and [`correlate`] do one thing with one call. A [`Plan`] is made once and
//! run many times without allocating; it prints what it does, and why. [`Spec::algorithm`] forces the way it is done.
//!
//! Words and conventions, where the world disagrees:
//!
//! - *Convolve* turns the kernel round, *correlate* does not (and conjugates complex kernels).
//! - Axes go slowest first; strides count samples; sizes are numbers of samples.
//! - `reflect` repeats the edge, `mirror` does not: see the table at [`Boundary`].
//! - [`Mode::Same`] gives as many outputs as samples, starting `(K - 1) / 2` into the full result, also for even kernels.
//!
//! # What others call this
//!
//! With the default [`Boundary`] of zeros where none is named. `K` is the number of weights along an axis; with
//! a dilation, read `dilation * (K - 1) + 1` for it.
//!
//! | elsewhere | here |
//! |---|---|
//! | `numpy.convolve(x, w)`, `scipy.signal.convolve`, `fftconvolve`, `oaconvolve` (`'full'`); MATLAB `conv(x, w)` | `convolve`, [`Mode::Full`] |
//! | the same with `mode='same'`: SciPy; NumPy where `K <= n` (else it exchanges the two) | `convolve`, [`Mode::Same`] |
//! | the same with `mode='valid'`, where `K <= n` (else they exchange the two) | `convolve`, [`Mode::Valid`] |
//! | MATLAB `conv(x, w, 'same')`, `conv2(x, w, 'same')` | `convolve`, [`Mode::Same`], anchor `K / 2` |
//! | `scipy.signal.correlate(x, w, mode)`; `numpy.correlate` where `K <= n` | `correlate`, that mode |
//! | `scipy.signal.correlate2d(x, w, 'same')` | `correlate`, [`Mode::Same`], anchor `K / 2` |
//! | `scipy.signal.convolve2d(x, w, mode, boundary='symm')` | `convolve`, that mode, [`Boundary::Reflect`] |
//! | `scipy.ndimage.convolve(x, w, origin=r)` | `convolve`, [`Mode::Same`], anchor `K / 2 + r`, [`Boundary::Reflect`] |
//! | `scipy.ndimage.correlate(x, w, origin=r)` | `correlate`, [`Mode::Same`], anchor `(K - 1) / 2 - r`, [`Boundary::Reflect`] |
//! | `scipy.signal.lfilter(w, 1, x)` | `convolve`, [`Mode::Same`], anchor 0; with `zi`: [`lfilter_fir`] |
//! | `scipy.signal.upfirdn(w, x, up, down)` | `convolve`, [`Mode::Full`], upsample `up`, stride `down` |
//! | `cv2.filter2D(x, -1, w)` | `correlate`, [`Mode::Same`], [`Boundary::Mirror`] |
//! | PyTorch `conv2d(x, w, stride=t, padding=p, dilation=d, groups=g)` | `correlate`, groups `g`, [`Mode::Padded`] by `p` before and after, stride `t`, dilation `d` |
//! | PyTorch `conv2d(x, w, padding='same')` | `correlate`, groups 1, [`Mode::Same`], anchor `K / 2` |
//! | PyTorch `conv_transpose2d(x, w, stride=t, padding=p)` | `convolve`, groups 1, [`Mode::Padded`] by `K - 1 - p`, upsample `t`; `w` with its first two axes exchanged |
//!
//! Halves are rounded down. Types differ too: NumPy and `scipy.signal` let integers wrap ([`Overflow::Wrap`]),
//! `scipy.ndimage` cuts real sums of integers towards zero ([`Rounding::TowardZero`]). Boundaries have a table of their own
//! at [`Boundary`].
//!
//! ```
//! use faltung::{Boundary, Mode, Operation::{Convolve, Correlate}, Spec, convolve_any};
//! // Each digit of a result tells which sample met which weight. All as SciPy 1.17 gives it.
//! let same = |operation| Spec::new().operation(operation).mode(Mode::Same);
//! let of = |spec: Spec| convolve_any(&[1i64, 2, 3, 4], &[1, 10, 100, 1000], &spec)?.typed::<i64>();
//! assert_eq!(of(same(Convolve))?.data(), [12, 123, 1234, 2340]); // scipy.signal.convolve
//! assert_eq!(of(same(Correlate))?.data(), [2100, 3210, 4321, 432]); // scipy.signal.correlate
//! assert_eq!(of(same(Correlate).anchor(2))?.data(), [3210, 4321, 432, 43]); // scipy.signal.correlate2d
//! let reflected = |operation| same(operation).boundary(Boundary::Reflect);
//! assert_eq!(of(reflected(Convolve).anchor(2))?.data(), [1123, 1234, 2344, 3443]); // scipy.ndimage.convolve
//! assert_eq!(of(reflected(Correlate))?.data(), [2112, 3211, 4321, 4432]); // scipy.ndimage.correlate
//! assert_eq!(of(same(Convolve).anchor(0))?.data(), [1, 12, 123, 1234]); // scipy.signal.lfilter
//! let resampled = Spec::new().upsample(2).stride(3);
//! assert_eq!(of(resampled)?.data(), [1, 1020, 304, 4000]); // scipy.signal.upfirdn
//! # Ok::<(), faltung::Error>(())
//! ```
//!
//! # Accuracy
//!
//! Integers and whole weights are summed exactly, or it is an error, see [`Overflow`]. Everything else is within a bound
//! that [`Accuracy`] chooses: `25 log2(N) eps |w| |x|` with 2-norms by default (transforms), or about
//! `(inputs * K + 2) eps sum |w| |x|` (direct sums and their like); each [`Algorithm`] states its own. The result does not depend on the number of threads, to the bit.
//!
//! A NaN or an infinity reaches the outputs whose window holds it and no others, whichever algorithm runs and whatever
//! weight it meets. No absolute threshold decides about data: a kernel of `1e-17` is a kernel.
//!
//! # Missing data
//!
//! What is NaN may also be left out, interpolated or refused: [`Missing`] has the formulas. An [`Observation`] adds masks (also
//! for integers) and variances, and [`estimate`] tells for each output what share of the kernel had samples ([`Coverage`])
//! and how sure it is. [`Normalize`] divides a kernel by its sum.
//!
//! ```
//! use faltung::{Missing, Mode, Normalize, Spec, convolve};
//! let spec = Spec::new().mode(Mode::Valid).normalize(Normalize::Sum).missing(Missing::Interpolate);
//! let mean = convolve(&[2.0, f64::NAN, 6.0, 7.0], &[1, 1, 1], &spec)?;
//! assert_eq!(mean.data(), [4.0, 6.5]);
//! # Ok::<(), faltung::Error>(())
//! ```
//!
//! # Streams
//!
//! A [`Stream`] filters samples as they come, in calls of any length: sound, one channel or a matrix of responses, without latency if
//! that is wanted. [`lfilter_fir`] filters an array along one axis, and goes on where an earlier call has ended.
//!
//! ```
//! use faltung::{Latency, Stream};
//! let mut echo = Stream::<f32>::new(&[1.0, 0.0, 0.5], Latency::Zero)?;
//! let mut y = [0.0; 3];
//! echo.process(&[&[2.0, 0.0, 4.0]], &mut [&mut y])?;
//! assert_eq!(y, [2.0, 0.0, 5.0]);
//! assert_eq!(echo.flush(), [[0.0, 2.0]]);
//! # Ok::<(), faltung::Error>(())
//! ```
//!
//! # Explanations
//!
//! [`trace()`] opens one output: every sample, weight and product of its sum, in order, and which boundary supplied what lies
//! beyond the ends. It is made of the same [`Problem`] as a plan. The crate `faltung-scene` makes tables and pictures of it.
//!
//! # Environment
//!
//! `FALTUNG_SIMD` names an instruction set ([`instruction_set`]), `FALTUNG_NUM_THREADS` a number of threads
//! ([`default_threads`]). A process that was forked has threads of its own.

mod accum;
mod algorithm;
mod any;
mod arch;
mod array;
mod bound;
mod boundary;
mod convolve;
mod cost;
mod error;
mod exec;
mod filter;
mod geometry;
mod gradient;
pub mod kernel;
mod layout;
mod line;
mod micro;
mod missing;
mod narrow;
#[cfg(feature = "ndarray")]
mod ndarray;
pub mod nn;
mod number;
mod plan;
mod pool;
mod progress;
mod sample;
mod settle;
mod shape;
mod spec;
mod stream;
pub mod trace;
mod transform;
mod view;

pub use crate::{
    algorithm::{Algorithm, Cost},
    any::{AnyArray, AnyView, AnyViewMut, Dtype},
    arch::{instruction_set, release_memory},
    array::Array,
    boundary::Boundary,
    convolve::{convolve, convolve_any, correlate},
    error::{Error, Refusal, Result},
    filter::lfilter_fir,
    geometry::{Dims, Geometry, Strides},
    gradient::{input_gradient, weight_gradient},
    kernel::{Kernel, Normalize},
    missing::{Coverage, Estimate, Missing, Observation, estimate},
    narrow::{Overflow, Rounding},
    number::Number,
    plan::{Plan, Scratch},
    pool::default_threads,
    progress::Progress,
    sample::Sample,
    shape::{Axis, Mode, Problem},
    spec::{Accuracy, Operation, PerAxis, Spec},
    stream::{Latency, Response, Stream, StreamState, Streamed},
    trace::trace,
    view::{View, ViewMut},
};
pub(crate) use {accum::Accum, narrow::Narrow, sample::Stored};

#[doc(hidden)]
pub use layout::Layout;

pub use half;
pub use num_complex::Complex;

/// The examples of the README, run as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
