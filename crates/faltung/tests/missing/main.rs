//! Missing samples, coverage and variances; normalised kernels; rounding.

#[path = "../support/mod.rs"]
mod support;

mod cases;
mod definition;
