//! Kernels that smooth: means over a box, and Gaussians with their derivatives.
//!
//! A smoothing kernel replaces each sample by a weighted mean of its neighbours; its weights sum to 1, so that what is
//! constant stays as it is. The Gaussian is the one that is round and a product of lines at once, and derivatives of
//! a smoothed signal are convolutions with the derivatives of the Gaussian.

use super::check::{at_least_one, cells, outer, positive, real, size, spread, unit_sum, wrong};
use crate::{Kernel, Result};

/// The mean over a box: `w = 1 / (number of weights)`.
///
/// As SciPy's `uniform_filter` and OpenCV's `blur`. An even size has no middle: see [`Mode`](crate::Mode).
///
/// # Errors
/// [`Error::Parameter`](crate::Error::Parameter) if a size is 0, or there are no axes or more than 2^24 weights.
///
/// ```
/// use faltung::{Kernel, kernel::boxcar};
/// assert_eq!(boxcar(&[2, 2])?, Kernel::real(&[2, 2], vec![0.25; 4])?);
/// # Ok::<(), faltung::Error>(())
/// ```
pub fn boxcar(sizes: &[usize]) -> Result<Kernel> {
    let count = box_size("box", sizes)?;
    Kernel::real(sizes, vec![1.0 / count as f64; count])
}

/// The sum over a box: every weight is the whole number 1.
///
/// As SciPy's `convolve` with `np.ones`, and OpenCV's `boxFilter` with `normalize=False`.
///
/// # Errors
/// Those of [`boxcar`].
///
/// ```
/// use faltung::{Kernel, kernel::ones};
/// assert_eq!(ones(&[3])?, Kernel::whole(&[3], vec![1, 1, 1])?);
/// # Ok::<(), faltung::Error>(())
/// ```
pub fn ones(sizes: &[usize]) -> Result<Kernel> {
    let count = box_size("ones", sizes)?;
    Kernel::whole(sizes, vec![1; count])
}

fn box_size(kernel: &'static str, sizes: &[usize]) -> Result<usize> {
    sizes.iter().try_for_each(|&n| at_least_one(kernel, "size", n).map(drop))?;
    size(kernel, sizes)
}

/// A Gaussian, or a derivative of one, along each axis.
///
/// Along an axis of `sigma` samples and `order` n, for `-r <= x <= r` with `r = floor(truncate * sigma + 1/2)`,
/// `w[x] = (-1/sigma)^n He_n(x/sigma) g[x]`, where `g[x] = exp(-x^2 / (2 sigma^2))` divided by its sum, and `He_n` is
/// the Hermite polynomial (`1, t, t^2 - 1, ...`). Order 0 smooths and sums to 1; order n gives the n-th derivative
/// of the smoothed signal. `sigmas` has one value for each axis, and so the kernel as many axes; `orders` likewise, or
/// one value for all. A `sigma` of 0 leaves its axis alone.
///
/// *Convolution* with it gives what `scipy.ndimage.gaussian_filter` gives: an odd order rises where the signal rises.
/// (SciPy turns the same weights round and correlates.) OpenCV's `GaussianBlur` has the same weights for a window of
/// `2 r + 1`.
///
/// # Errors
/// [`Error::Parameter`](crate::Error::Parameter) if a `sigma` is negative, all are 0, or one is 0 where a derivative is
/// asked for; if `truncate` is not positive; if an order is above 100, or the radius of a derivative is 0; if there
/// are more than 2^24 weights. [`Error::PerAxis`](crate::Error::PerAxis) if there are not as many orders as axes.
///
/// ```
/// use faltung::kernel::gaussian;
/// let sigma = 1.0 / (2.0 * f64::ln(2.0)).sqrt(); // so exp(-1 / (2 sigma^2)) is 1/2
/// let line = gaussian(&[sigma], &[0], 1.0)?; //     1/2, 1, 1/2, divided by their sum
/// let shown: Vec<_> = line.numbers().iter().map(|w| format!("{w:.6}")).collect();
/// assert_eq!(shown, ["0.250000", "0.500000", "0.250000"]);
/// # Ok::<(), faltung::Error>(())
/// ```
pub fn gaussian(sigmas: &[f64], orders: &[usize], truncate: f64) -> Result<Kernel> {
    let orders = spread("order", orders, sigmas.len())?;
    let (shape, weights) = gaussian_weights("gaussian", sigmas, &orders, truncate)?;
    real("gaussian", &shape, weights)
}

/// Shape and weights of a Gaussian, for the kernels made from it.
pub(super) fn gaussian_weights(
    kernel: &'static str,
    sigmas: &[f64],
    orders: &[usize],
    truncate: f64,
) -> Result<(Vec<usize>, Vec<f64>)> {
    if !sigmas.is_empty() && sigmas.iter().all(|&sigma| sigma == 0.0) {
        return wrong(kernel, "sigma must be greater than 0 along at least one axis, but is 0 along all");
    }
    let radius = |(&sigma, &order)| radius(kernel, sigma, order, truncate);
    let radii: Vec<usize> = sigmas.iter().zip(orders).map(radius).collect::<Result<_>>()?;
    let shape: Vec<usize> = radii.iter().map(|r| 2 * r + 1).collect();
    size(kernel, &shape)?;
    let lines: Vec<_> = (0..sigmas.len()).map(|axis| bell(sigmas[axis], orders[axis], radii[axis])).collect();
    Ok((shape, outer(&lines)))
}

/// How far a Gaussian reaches to either side, as SciPy rounds it.
fn radius(kernel: &'static str, sigma: f64, order: usize, truncate: f64) -> Result<usize> {
    positive(kernel, "truncate", truncate)?;
    if sigma == 0.0 && order == 0 {
        return Ok(0);
    }
    positive(kernel, "sigma", sigma)?;
    if order > 100 {
        return wrong(kernel, format!("order must be at most 100, but is {order}"));
    }
    let radius = cells(kernel, (truncate * sigma + 0.5).floor())?;
    if order > 0 && radius == 0 {
        let came = format!("sigma {sigma} and truncate {truncate} give 0");
        return wrong(kernel, format!("a derivative needs a radius of at least 1, but {came}: use a larger sigma"));
    }
    Ok(radius)
}

/// One line of a Gaussian derivative, for `x` from `-radius` to `radius`.
fn bell(sigma: f64, order: usize, radius: usize) -> Vec<f64> {
    if radius == 0 {
        return vec![1.0];
    }
    let places = || (0..=2 * radius).map(|i| (i as f64 - radius as f64) / sigma);
    let bell = unit_sum(places().map(|t| (-0.5 * t * t).exp()).collect());
    let scale = (-1.0 / sigma).powi(order as i32);
    places().zip(bell).map(|(t, g)| scale * hermite(order, t) * g).collect()
}

/// `He_n(t)`, by `He_(n+1) = t He_n - n He_(n-1)`.
fn hermite(order: usize, t: f64) -> f64 {
    let step = |(now, before): (f64, f64), n: usize| (t * now - n as f64 * before, now);
    (0..order).fold((1.0, 0.0), step).0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::check::{assert_close, total, weights};

    /// Impulse responses of `scipy.ndimage.gaussian_filter1d` (SciPy 1.17.1), for sigma, order, truncate.
    #[test]
    fn lines_are_those_of_scipy() {
        let line = |sigma, order, truncate| weights(&gaussian(&[sigma], &[order], truncate).unwrap());
        let rising = [0.000535322498458967, 0.013295584860093797, 0.10798225484140882, 0.24197144565660073];
        let falling = rising.iter().rev().map(|w| -w);
        let first: Vec<f64> = rising.iter().copied().chain([0.0]).chain(falling).collect();
        assert_close(&line(1.0, 1, 4.0), &first, 4.0);
        let smooth = [0.15246914402033734, 0.2218412955437769, 0.25137912087177144];
        assert_close(&line(2.0, 0, 1.0)[..3], &smooth, 4.0);
        let second = [0.17989161801178769, 0.20084075409767946, -0.779869400791061];
        assert_close(&line(0.8, 2, 3.0)[..3], &second, 4.0);
        let third = [0.021708352811374242, -0.05373227295551093, -0.10941327609953973, 0.0, 0.10941327609953973];
        assert_close(&line(1.5, 3, 2.0)[..5], &third, 4.0);
    }

    /// `scipy.ndimage.gaussian_filter(impulse, (1, 0.5), order=(1, 0), truncate=2)`.
    #[test]
    fn squares_are_those_of_scipy() {
        let square = gaussian(&[1.0, 0.5], &[1, 0], 2.0).unwrap();
        assert_eq!(square.shape(), [5, 3]);
        let rows = [0.011606850353327598, 0.08576366839263067, 0.011606850353327598, 0.0260091471847789];
        assert_close(&weights(&square)[..4], &rows, 4.0);
    }

    #[test]
    fn an_axis_of_sigma_zero_is_left_alone() {
        let column = gaussian(&[0.7, 0.0], &[0], 2.0).unwrap();
        assert_eq!(column.shape(), [3, 1]);
        assert_close(&weights(&column), &[0.209453608559564, 0.581092782880872, 0.209453608559564], 4.0);
    }

    #[test]
    fn smoothing_sums_to_one_and_is_symmetric_to_the_bit() {
        for sigma in [0.1, 0.5, 1.0, 3.7, 1000.0] {
            let line = weights(&gaussian(&[sigma], &[0], 4.0).unwrap());
            assert!((total(&line) - 1.0).abs() <= 2.0 * f64::EPSILON);
            assert!(line.iter().eq(line.iter().rev()));
        }
        assert_eq!(boxcar(&[3, 5]).unwrap(), Kernel::real(&[3, 5], vec![1.0 / 15.0; 15]).unwrap());
        assert_eq!(ones(&[1, 2]).unwrap(), Kernel::whole(&[1, 2], vec![1, 1]).unwrap());
    }

    /// On a parabola the second derivative is 2, and on a ramp the first is 1, as far as the tails reach.
    #[test]
    fn derivatives_measure_powers() {
        let moment = |order: usize, power: i32| -> f64 {
            let line = weights(&gaussian(&[3.0], &[order], 12.0).unwrap());
            let middle = line.len() as i32 / 2;
            // Output at 0 of the convolution with x^power.
            line.iter().enumerate().map(|(k, w)| w * f64::from(middle - k as i32).powi(power)).sum()
        };
        assert!((moment(1, 1) - 1.0).abs() < 1e-12);
        assert!((moment(2, 2) - 2.0).abs() < 1e-12);
        assert!((moment(3, 3) - 6.0).abs() < 1e-12);
    }

    #[test]
    fn nonsense_is_refused() {
        let problem = |sigma, order, truncate| gaussian(&[sigma], &[order], truncate).unwrap_err().to_string();
        assert!(problem(-1.0, 0, 4.0).contains("sigma must be a number greater than 0, but is -1"));
        assert!(problem(f64::NAN, 0, 4.0).contains("but is NaN"));
        assert!(problem(0.0, 0, 4.0).contains("along at least one axis"));
        assert!(problem(1.0, 0, 0.0).contains("truncate must be"));
        assert!(problem(1e300, 0, 4.0).contains("at most 16777216 weights"));
        assert!(problem(0.1, 2, 4.0).contains("radius of at least 1"));
        assert!(problem(1.0, 101, 4.0).contains("order must be at most 100"));
        assert!(gaussian(&[], &[0], 4.0).is_err() && boxcar(&[]).is_err());
        assert!(boxcar(&[3, 0]).unwrap_err().to_string().contains("size must be at least 1, but is 0"));
        assert!(gaussian(&[1.0, 1.0], &[0, 0, 0], 4.0).is_err());
    }
}
