//! Filtering along one axis, going on where an earlier call has ended.

use crate::{Array, Error, Kernel, Result, Sample, Spec, View, convolve};

/// Filters along an axis with `K` taps: `y[t] = sum over k of b[k] x[t - k]`, plus `zi[t]` for `t < K - 1`.
///
/// Gives `y`, of the shape of `x`, and what these and the earlier samples will add to the next `K - 1` outputs: the `zi` of the next
/// call. It is `scipy.signal.lfilter(b, 1, x, axis, zi)`. Without `zi`, nothing has come before. For long responses and
/// many short calls there is [`Stream`](crate::Stream).
///
/// Types, exactness and error bound are those of [`convolve`]; integers wrap where `zi` is added. Of no samples, `y` has none and the state
/// stays as it is.
///
/// # Errors
/// [`Error::Shape`] if `zi` has not the shape of `x` with `K - 1` in the place of the axis's length, [`Error::Dimensions`] if the kernel
/// has not one dimension, and whatever [`convolve`] refuses.
///
/// ```
/// use faltung::lfilter_fir;
/// let (y, zf) = lfilter_fir(&[1, 2, 3], &[1, 0], 0, None)?;
/// assert_eq!((y.data(), zf.data()), (&[1, 2][..], &[3, 0][..]));
/// let (y, zf) = lfilter_fir(&[1, 2, 3], &[0, 1], 0, Some(zf.view()))?;
/// assert_eq!((y.data(), zf.data()), (&[3, 1][..], &[2, 3][..]));
/// let (y, zf) = lfilter_fir(&[1, 2, 3], &[0; 0], 0, Some(zf.view()))?;
/// assert_eq!((y.data(), zf.data()), (&[][..], &[2, 3][..]));
/// # Ok::<(), faltung::Error>(())
/// ```
pub fn lfilter_fir<'x, T: Sample>(
    b: impl Into<Kernel>,
    x: impl Into<View<'x, T>>,
    axis: isize,
    zi: Option<View<'_, T>>,
) -> Result<(Array<T>, Array<T>)> {
    let (b, x) = (b.into(), x.into());
    let shape = x.shape().to_vec();
    let full = convolve(x, &b, &Spec::new().axes([axis]))?;
    let axis = axis.rem_euclid(shape.len() as isize) as usize;
    let (n, inner) = (shape[axis], shape[axis + 1..].iter().product::<usize>());
    let (row, cut) = ((full.shape()[axis] * inner).max(1), n * inner);
    let mut state_shape = shape.clone();
    state_shape[axis] = b.len() - 1;
    let zi = zi.map(|zi| match zi.shape() == state_shape {
        true => Ok(zi.to_vec()),
        false => Err(Error::Shape { what: "zi", expected: state_shape.clone(), actual: zi.shape().to_vec() }),
    });
    let zi = zi.transpose()?;
    if n == 0 {
        let zeros = || Array::zeros(&state_shape);
        return Ok((full, zi.map_or_else(|| Ok(zeros()), |zi| Array::new(zi, &state_shape))?));
    }
    let mut sums = full.into_vec();
    if let Some(zi) = zi {
        for (sums, zi) in sums.chunks_exact_mut(row).zip(zi.chunks_exact(((b.len() - 1) * inner).max(1))) {
            sums.iter_mut().zip(zi).for_each(|(sum, &more)| *sum = sum.plus(more));
        }
    }
    let part = |part: fn(&[T], usize) -> &[T]| sums.chunks_exact(row).flat_map(|row| part(row, cut)).copied().collect();
    let y = Array::new(part(|row, cut| &row[..cut]), &shape)?;
    Ok((y, Array::new(part(|row, cut| &row[cut..]), &state_shape)?))
}
