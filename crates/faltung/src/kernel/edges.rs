//! Kernels that find edges, and those that sharpen by adding them back.
//!
//! First derivatives are large where a signal rises or falls, second ones where it bends; both are 0 where it is
//! constant. All are made for *convolution*: a first derivative is positive where the signal rises along its axis.
//! The matrices printed in books and by OpenCV, `-1 0 1`, are meant for correlation, and are these turned round.

use super::{
    check::{outer, positive, real, size},
    smooth::gaussian_weights,
};
use crate::{Error, Kernel, Result, error::words};

/// Sobel's derivative along `axis` of `dims`: `1 0 -1` there, and `1 2 1` along the others. Whole numbers.
///
/// On a ramp that rises by 1 a sample it gives `2 * 4^(dims - 1)`, so 8 in a picture. The result is that of
/// `scipy.ndimage.sobel` and, in two dimensions, of `cv2.Sobel` with a window of 3.
///
/// # Errors
/// [`Error::Axis`] if there is no such axis; [`Error::Parameter`] for more than 2^24 weights.
///
/// # Source
/// I. Sobel and G. Feldman, *A 3x3 isotropic gradient operator for image processing* (1968).
///
/// ```
/// use faltung::{Kernel, kernel::sobel};
/// assert_eq!(sobel(1, 2)?, Kernel::whole(&[3, 3], vec![1, 0, -1, 2, 0, -2, 1, 0, -1])?);
/// # Ok::<(), faltung::Error>(())
/// ```
pub fn sobel(axis: usize, dims: usize) -> Result<Kernel> {
    derivative("sobel", axis, dims, [1, 2, 1])
}

/// Prewitt's derivative along `axis` of `dims`: `1 0 -1` there, and `1 1 1` along the others. Whole numbers.
///
/// On a ramp that rises by 1 a sample it gives `2 * 3^(dims - 1)`, so 6 in a picture. The result is that of
/// `scipy.ndimage.prewitt`.
///
/// # Errors
/// Those of [`sobel`].
///
/// # Source
/// J. M. S. Prewitt, *Object enhancement and extraction* (1970).
///
/// ```
/// use faltung::{Kernel, kernel::prewitt};
/// assert_eq!(prewitt(0, 2)?, Kernel::whole(&[3, 3], vec![1, 1, 1, 0, 0, 0, -1, -1, -1])?);
/// # Ok::<(), faltung::Error>(())
/// ```
pub fn prewitt(axis: usize, dims: usize) -> Result<Kernel> {
    derivative("prewitt", axis, dims, [1, 1, 1])
}

/// Scharr's derivative along `axis` of `dims`: `1 0 -1` there, and `3 10 3` along the others. Whole numbers.
///
/// Of the three, the one whose direction of the gradient is most nearly right. On a ramp that rises by 1 a sample it
/// gives `2 * 16^(dims - 1)`, so 32 in a picture. The result is that of `cv2.Scharr`.
///
/// # Errors
/// Those of [`sobel`].
///
/// # Source
/// H. Scharr, *Optimale Operatoren in der digitalen Bildverarbeitung* (2000).
///
/// ```
/// use faltung::{Kernel, kernel::scharr};
/// assert_eq!(scharr(1, 2)?, Kernel::whole(&[3, 3], vec![3, 0, -3, 10, 0, -10, 3, 0, -3])?);
/// # Ok::<(), faltung::Error>(())
/// ```
pub fn scharr(axis: usize, dims: usize) -> Result<Kernel> {
    derivative("scharr", axis, dims, [3, 10, 3])
}

fn derivative(kernel: &'static str, axis: usize, dims: usize, smooth: [i128; 3]) -> Result<Kernel> {
    let shape = cube(kernel, dims)?;
    if axis >= dims {
        let axis = isize::try_from(axis).unwrap_or(isize::MAX);
        return Err(Error::Axis { axis, problem: "does not exist", dimensions: dims });
    }
    let lines: Vec<_> = (0..dims).map(|a| if a == axis { vec![1, 0, -1] } else { smooth.to_vec() }).collect();
    Kernel::whole(&shape, outer(&lines))
}

/// Three along every axis.
fn cube(kernel: &'static str, dims: usize) -> Result<Vec<usize>> {
    let shape = vec![3; dims.min(usize::BITS as usize)];
    size(kernel, &shape)?;
    Ok(shape)
}

words! { "neighbours",
    /// Which neighbours a [`laplacian`] compares a sample with.
    ///
    /// ```
    /// use faltung::kernel::{Neighbours, laplacian};
    /// assert_eq!("all".parse(), Ok(Neighbours::All));
    /// assert_eq!(laplacian(1, Neighbours::All)?, laplacian(1, Neighbours::Faces)?); // 1 -2 1: a line has no corners
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub enum Neighbours {
        /// Those that share a face: 2 in a line, 4 in a picture, 6 in a volume.
        Faces = "faces",
        /// All of those around it: 2 in a line, 8 in a picture, 26 in a volume.
        All = "all",
    }
}

/// The sum of the neighbours, less as many times the sample itself: a discrete Laplacian. Whole numbers.
///
/// With [`Neighbours::Faces`] the middle is `-2 * dims`, and the result that of `scipy.ndimage.laplace` and
/// `cv2.Laplacian` with a window of 1. With [`Neighbours::All`] the middle is `1 - 3^dims`, and the result
/// `3^(dims - 1)` times as large where the signal is smooth.
///
/// # Errors
/// [`Error::Parameter`] for no axes, or more than 2^24 weights.
///
/// ```
/// use faltung::{Kernel, kernel::{Neighbours, laplacian}};
/// assert_eq!(laplacian(2, Neighbours::Faces)?, Kernel::whole(&[3, 3], vec![0, 1, 0, 1, -4, 1, 0, 1, 0])?);
/// assert_eq!(laplacian(2, Neighbours::All)?, Kernel::whole(&[3, 3], vec![1, 1, 1, 1, -8, 1, 1, 1, 1])?);
/// # Ok::<(), faltung::Error>(())
/// ```
pub fn laplacian(dims: usize, neighbours: Neighbours) -> Result<Kernel> {
    let shape = cube("laplacian", dims)?;
    Kernel::whole(&shape, laplacian_weights(dims, neighbours))
}

fn laplacian_weights(dims: usize, neighbours: Neighbours) -> Vec<i128> {
    let count = 3usize.pow(dims as u32);
    let middle = count / 2;
    let mut weights = vec![i128::from(neighbours == Neighbours::All); count];
    for stride in (0..dims as u32).map(|axis| 3usize.pow(axis)) {
        weights[middle - stride] = 1;
        weights[middle + stride] = 1;
    }
    weights[middle] = 0;
    weights[middle] = -weights.iter().sum::<i128>();
    weights
}

/// The Laplacian of a Gaussian: the sum over all axes of the second derivative along one, smoothed along all.
///
/// `w = sum over a of gaussian(sigmas, order 2 along axis a, truncate)`. The result is that of
/// `scipy.ndimage.gaussian_laplace`: negative in the middle of a bright spot. As there, the weights are samples cut off
/// at the radius, so they sum to 0 only nearly: for a `sigma` of 1 and `truncate` of 4, to `-0.00007` an axis.
///
/// # Errors
/// [`Error::Parameter`] if a `sigma` or `truncate` is not positive, a radius is 0, or there are more than 2^24 weights.
///
/// # Source
/// D. Marr and E. Hildreth, *Theory of edge detection* (1980).
///
/// ```
/// use faltung::kernel::{gaussian, laplacian_of_gaussian};
/// assert_eq!(laplacian_of_gaussian(&[1.5], 4.0)?, gaussian(&[1.5], &[2], 4.0)?); // one axis: one derivative
/// let sigma = 1.0 / (2.0 * f64::ln(2.0)).sqrt(); // the Gaussian is 1/4, 1/2, 1/4, and 1 / sigma^2 = 2 ln 2
/// let shown: Vec<_> = laplacian_of_gaussian(&[sigma], 1.0)?.numbers().iter().map(|w| format!("{w:.6}")).collect();
/// assert_eq!(shown, ["0.133879", "-0.693147", "0.133879"]); // middle - ln 2, sides ln 2 (2 ln 2 - 1) / 2
/// # Ok::<(), faltung::Error>(())
/// ```
pub fn laplacian_of_gaussian(sigmas: &[f64], truncate: f64) -> Result<Kernel> {
    let orders = |axis| (0..sigmas.len()).map(|a| if a == axis { 2 } else { 0 }).collect::<Vec<_>>();
    let (shape, mut sums) = gaussian_weights("log", sigmas, &orders(0), truncate)?;
    for axis in 1..sigmas.len() {
        let (_, along) = gaussian_weights("log", sigmas, &orders(axis), truncate)?;
        sums.iter_mut().zip(along).for_each(|(sum, w)| *sum += w);
    }
    real("log", &shape, sums)
}

/// The signal less its Laplacian: `w = delta - amount * laplacian(dims, Neighbours::Faces)`.
///
/// The weights sum to 1. They are whole numbers if `amount` is one, so that pictures of whole numbers stay such.
///
/// # Errors
/// [`Error::Parameter`] if `amount` is not positive, for no axes, or more than 2^24 weights.
///
/// ```
/// use faltung::{Kernel, kernel::sharpen};
/// assert_eq!(sharpen(1.0, 2)?, Kernel::whole(&[3, 3], vec![0, -1, 0, -1, 5, -1, 0, -1, 0])?);
/// assert_eq!(sharpen(0.5, 1)?, Kernel::real(&[3], vec![-0.5, 2.0, -0.5])?);
/// # Ok::<(), faltung::Error>(())
/// ```
pub fn sharpen(amount: f64, dims: usize) -> Result<Kernel> {
    let shape = cube("sharpen", dims)?;
    positive("sharpen", "amount", amount)?;
    let laplacian = laplacian_weights(dims, Neighbours::Faces);
    let middle = laplacian.len() / 2;
    // Doubles below 2^53 are exact whole numbers, and so are these weights.
    if amount.fract() == 0.0 && amount < 2f64.powi(53) {
        let mut weights: Vec<i128> = laplacian.iter().map(|w| -w * amount as i128).collect();
        weights[middle] += 1;
        return Kernel::whole(&shape, weights);
    }
    let mut weights: Vec<f64> = laplacian.iter().map(|&w| 0.0 - amount * w as f64).collect();
    weights[middle] += 1.0;
    real("sharpen", &shape, weights)
}

/// The signal, and `amount` times what a Gaussian takes away from it: `w = delta + amount * (delta - gaussian)`.
///
/// The weights sum to 1. As `skimage.filters.unsharp_mask`, without its clipping. The Gaussian is that of
/// [`gaussian`](super::gaussian) of order 0.
///
/// # Errors
/// Those of [`gaussian`](super::gaussian); [`Error::Parameter`] if `amount` is not a positive number.
///
/// ```
/// use faltung::{Kernel, kernel::unsharp};
/// // A Gaussian so narrow that it is one sample takes nothing away.
/// assert_eq!(unsharp(&[0.1], 2.0, 4.0)?, Kernel::real(&[1], vec![1.0])?);
/// let sigma = 1.0 / (2.0 * f64::ln(2.0)).sqrt(); // the Gaussian is 1/4, 1/2, 1/4
/// let shown: Vec<_> = unsharp(&[sigma], 2.0, 1.0)?.numbers().iter().map(|w| format!("{w:.6}")).collect();
/// assert_eq!(shown, ["-0.500000", "2.000000", "-0.500000"]);
/// # Ok::<(), faltung::Error>(())
/// ```
pub fn unsharp(sigmas: &[f64], amount: f64, truncate: f64) -> Result<Kernel> {
    positive("unsharp", "amount", amount)?;
    let (shape, blur) = gaussian_weights("unsharp", sigmas, &vec![0; sigmas.len()], truncate)?;
    let mut weights: Vec<f64> = blur.iter().map(|w| -amount * w).collect();
    let middle = weights.len() / 2;
    weights[middle] = 1.0 + amount * (1.0 - blur[middle]);
    real("unsharp", &shape, weights)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::{
        Values,
        check::{assert_close, total, weights},
    };

    fn whole(kernel: &Kernel) -> Vec<i128> {
        match &kernel.values {
            Values::Whole(all) => all.clone(),
            other => panic!("not whole: {other:?}"),
        }
    }

    /// What convolution gives in the middle of a ramp that rises by 1 along `axis`.
    fn on_ramp(kernel: &Kernel, axis: usize) -> i128 {
        let stride = 3usize.pow((kernel.shape().len() - 1 - axis) as u32);
        let x = |flat: usize| 1 - (flat / stride % 3) as i128; // turned round
        whole(kernel).iter().enumerate().map(|(flat, w)| w * x(flat)).sum()
    }

    #[test]
    fn derivatives_are_positive_where_the_signal_rises() {
        assert_eq!(sobel(0, 1).unwrap(), Kernel::whole(&[3], vec![1, 0, -1]).unwrap());
        for dims in 1..4u32 {
            for axis in 0..dims as usize {
                let rise = |of: fn(usize, usize) -> Result<Kernel>| on_ramp(&of(axis, dims as usize).unwrap(), axis);
                assert_eq!(rise(sobel), 2 * 4i128.pow(dims - 1));
                assert_eq!(rise(prewitt), 2 * 3i128.pow(dims - 1));
                assert_eq!(rise(scharr), 2 * 16i128.pow(dims - 1));
            }
        }
        assert_eq!(on_ramp(&sobel(0, 2).unwrap(), 1), 0);
    }

    /// `sobel(impulse, 0)`, `sobel(impulse, 2)`, `prewitt(impulse, 1)` of SciPy; `cv2.Scharr(impulse, -1, 1, 0)`.
    #[test]
    fn impulse_responses_are_those_of_others() {
        assert_eq!(whole(&sobel(0, 2).unwrap()), [1, 2, 1, 0, 0, 0, -1, -2, -1]);
        assert_eq!(whole(&sobel(2, 3).unwrap())[9..18], [2, 0, -2, 4, 0, -4, 2, 0, -2]);
        assert_eq!(whole(&prewitt(1, 2).unwrap()), [1, 0, -1, 1, 0, -1, 1, 0, -1]);
        assert_eq!(whole(&scharr(1, 2).unwrap()), [3, 0, -3, 10, 0, -10, 3, 0, -3]);
    }

    #[test]
    fn laplacians_sum_to_zero_and_measure_parabolas() {
        for dims in 1..5 {
            for &neighbours in Neighbours::ALL {
                let kernel = laplacian(dims, neighbours).unwrap();
                assert_eq!(whole(&kernel).iter().sum::<i128>(), 0);
                let square = |flat: usize| (flat % 3 != 1) as i128; // x^2 along the last axis
                let bend: i128 = whole(&kernel).iter().enumerate().map(|(flat, w)| w * square(flat)).sum();
                let factor = if neighbours == Neighbours::All { 3i128.pow(dims as u32 - 1) } else { 1 };
                assert_eq!(bend, 2 * factor);
            }
        }
        assert_eq!(whole(&laplacian(1, Neighbours::Faces).unwrap()), [1, -2, 1]);
        assert_eq!(whole(&laplacian(3, Neighbours::Faces).unwrap())[13], -6);
    }

    /// `scipy.ndimage.gaussian_laplace(impulse, (0.5, 0.4), truncate=2)` (SciPy 1.17.1).
    #[test]
    fn laplacian_of_gaussian_is_that_of_scipy() {
        let kernel = laplacian_of_gaussian(&[0.5, 0.4], 2.0).unwrap();
        let (corner, side) = (0.19276511369648347, 0.9157969068176405);
        let rows = [corner, 0.5629468150892355, corner, side, -7.415020412772032, side];
        assert_close(&weights(&kernel)[..6], &rows, 4.0);
        assert!((total(&weights(&laplacian_of_gaussian(&[1.0], 4.0).unwrap())) + 7.200017292881538e-5).abs() < 1e-17);
    }

    #[test]
    fn sharpening_keeps_what_is_constant() {
        assert_eq!(whole(&sharpen(2.0, 1).unwrap()), [-2, 5, -2]);
        assert_eq!(whole(&sharpen(3.0, 3).unwrap()).iter().sum::<i128>(), 1);
        assert_close(&weights(&sharpen(0.3, 2).unwrap()), &[0.0, -0.3, 0.0, -0.3, 2.2, -0.3, 0.0, -0.3, 0.0], 1.0);
        let halo = weights(&unsharp(&[1.0, 2.0], 1.5, 4.0).unwrap());
        assert!((total(&halo) - 1.0).abs() < 4.0 * f64::EPSILON);
        assert!(halo[halo.len() / 2] > 2.0 && halo[0] < 0.0);
    }

    #[test]
    fn nonsense_is_refused() {
        let error = sobel(2, 2).unwrap_err();
        assert_eq!(error, Error::Axis { axis: 2, problem: "does not exist", dimensions: 2 });
        assert!(sobel(0, 0).is_err() && laplacian(0, Neighbours::All).is_err() && sharpen(1.0, 0).is_err());
        assert!(sobel(0, 40).unwrap_err().to_string().contains("at most 16777216 weights"));
        assert!(laplacian(usize::MAX, Neighbours::All).is_err());
        for amount in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(sharpen(amount, 2).is_err() && unsharp(&[1.0], amount, 4.0).is_err());
        }
        assert!(laplacian_of_gaussian(&[1.0, 0.0], 4.0).is_err() && laplacian_of_gaussian(&[], 4.0).is_err());
    }
}
