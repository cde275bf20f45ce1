//! Convolution of signals in continuous time.
//!
//! ```text
//! (f*g)(t) = integral over τ of f(τ) g(t - τ)
//! ```
//!
//! A [`Signal`] is read from a formula, or made: pieces of closed form between breakpoints, and impulses. [`convolve`] gives a
//! [`Convolution`]: a signal again, with its formula, where there is a closed form, and else values by [`quadrature`] with a bound
//! on their error. A [`System`] is an impulse response with what follows from it. [`Samples`] are the bridge to sampled signals, and
//! to faltung's engine.
//!
//! | what | closed form |
//! |---|---|
//! | polynomials times exponentials times sines, on any pieces | always |
//! | impulses with anything | always |
//! | Gaussians with one another and with all of the above on the whole line | always |
//! | Gaussians on any pieces with polynomials times exponentials on any pieces | always, with error functions |
//! | what is left of those, roots, quotients, `sinc`, ... | values |
//!
//! Numbers are rational as long as they can be, and carry a bound on their error afterwards ([`Number`]); every value that is given
//! has a bound ([`Value`]). What has no integral is refused with the reason.

mod complex;
mod convolve;
mod error;
mod expression;
mod number;
pub mod quadrature;
mod sampled;
mod signal;
mod system;

pub use convolve::{Convolution, Method, Overlap, Term, Trace, Value, convolve};
pub use error::{Error, Fault, Result};
pub use number::Number;
pub use sampled::Samples;
pub use signal::{Impulse, Signal};
pub use system::System;

/// The examples of the README, run as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
