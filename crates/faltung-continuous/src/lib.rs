//! Convolution of signals in continuous time.

mod complex;
mod convolve;
mod error;
mod expression;
mod number;
pub mod quadrature;
mod signal;

pub use convolve::{Convolution, Method, Overlap, Term, Trace, Value, convolve};
pub use error::{Error, Fault, Result};
pub use number::Number;
pub use signal::{Impulse, Signal};
