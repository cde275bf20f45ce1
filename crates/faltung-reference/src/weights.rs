//! Weights turned round, which is all the difference between correlation and convolution; and the plain case of one axis.

use crate::{Number, Problem, Spec, correlate};

/// Weights turned round along every spatial axis: `flipped[.., k] = weights[.., K-1-k]`.
///
/// `kernel` is the shape of the spatial axes only; axes of channels may stand before them and stay as they are. To turn
/// round all axes of a row-major block is to reverse its elements.
///
/// # Panics
///
/// If `weights` does not consist of whole blocks of this shape.
pub fn flip<T: Copy>(weights: &[T], kernel: &[usize]) -> Vec<T> {
    let block: usize = kernel.iter().product();
    assert!(
        weights.is_empty() || (block > 0 && weights.len().is_multiple_of(block)),
        "weights are not blocks of {kernel:?}"
    );
    weights.chunks(block.max(1)).flat_map(|block| block.iter().rev().copied()).collect()
}

/// One signal correlated with one list of weights; `None` where [`Spec::axis`] finds no output.
pub fn correlate_1d<T: Number>(x: &[T], weights: &[T], spec: &Spec<T>) -> Option<Vec<T>> {
    let axis = spec.axis(x.len(), weights.len())?;
    Some(correlate(&Problem::single(vec![axis]), x, weights))
}

/// One signal convolved with one list of weights; `None` where [`Spec::axis`] finds no output.
pub fn convolve_1d<T: Number>(x: &[T], weights: &[T], spec: &Spec<T>) -> Option<Vec<T>> {
    correlate_1d(x, &flip(weights, &[weights.len()]), spec)
}
