//! The definition of convolution in nested loops: the oracle that `faltung` is tested against.
//!
//! # What is computed
//!
//! Along one axis, a signal `x` of length `n` and weights `c` of length `K` give
//!
//! ```text
//! y[o] = sum over k of c[k] * xu[o*stride + k*dilation - lead]
//! ```
//!
//! and along several axes the same with an index, a stride, a dilation and a lead for each. Two steps lead from `x` to
//! the infinite sequence `xu`, in this order:
//!
//! 1. *Extend.* A [`Boundary`] says what lies before the first sample and after the last.
//! 2. *Upsample.* `upsample - 1` zeros go between any two neighbours of the extended sequence, so
//!    `xu[j] = ext(x)[j / upsample]` where `upsample` divides `j`, and zero elsewhere.
//!
//! Batches, groups and channels are further sums and further loops around it, never further ideas:
//!
//! ```text
//! y[b, g, p, o..] = sum over q, k.. of c[g, p, q, k..] * xu[b, g, q, (o*stride + k*dilation - lead)..]
//! ```
//!
//! for example `b`, group `g`, output channel `p` and input channel `q` of that group. Arrays are dense and row-major,
//! slowest axis first.
//!
//! # How it is computed
//!
//! One walk lists the terms of this sum: which output, which weight, which sample. Four sums take what they need from each
//! term, and none rewrites the problem into another: [`correlate`] the product, [`magnitude`] its absolute value,
//! [`input_gradient`] and [`weight_gradient`] what the output's gradient sends back to the sample and to the weight. A fifth,
//! [`observe`], leaves out terms whose sample is missing, and tells what share of the weights is left.
//!
//! This crate shares neither code nor types with the library it judges. It is slow and stays so: a change that makes it
//! faster and less obvious is a change for the worse.
//!
//! # Convolution and correlation
//!
//! The sum above is the correlation. [`flip`] turns the weights round and so makes it the convolution. A [`Spec`]
//! with its [`Mode`] finds the `lead` and the number of outputs, for both alike.
//!
//! ```
//! use faltung_reference::{Mode, Spec, convolve_1d, correlate_1d};
//!
//! let full = Spec::<i128>::new(Mode::Full);
//! assert_eq!(convolve_1d(&[1, 2, 3], &[1, 10], &full), Some(vec![1, 12, 23, 30]));
//! assert_eq!(correlate_1d(&[1, 2, 3], &[1, 10], &full), Some(vec![10, 21, 32, 3]));
//! ```

#![forbid(unsafe_code)]

mod boundary;
mod number;
mod observed;
mod problem;
mod spec;
mod sums;
mod terms;
mod weights;

pub use boundary::Boundary;
pub use number::{Complex, Number};
pub use observed::{Observed, observe};
pub use problem::{Axis, Problem};
pub use spec::{Mode, Spec};
pub use sums::{correlate, input_gradient, magnitude, weight_gradient};
pub use weights::{convolve_1d, correlate_1d, flip};

/// The examples of the README, run as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
