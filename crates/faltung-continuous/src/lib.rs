//! Convolution of signals in continuous time.

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
