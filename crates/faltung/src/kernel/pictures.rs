//! Kernels of two dimensions: a disk, a line of motion, and Gabor's wavelet.
//!
//! They have a middle and an odd number of samples along both axes. `x` runs along the last axis, to the right in a
//! picture, and `y` along the one before it, downwards. Angles are in degrees, and turn from `x` towards `y`: seen in a
//! picture with its first row on top, clockwise. (MATLAB's `fspecial` counts the other way.)
//!
//! A disk and a line are shapes that do not fit the grid. Each sample is taken as a square of side 1, and its weight is
//! the share of the shape inside that square: exact, without the stairs of a yes or no for each sample.

use std::f64::consts::{FRAC_1_SQRT_2, TAU};

use super::check::{cells, finite, positive, real, size, unit_sum, wrong};
use crate::{Kernel, Result};

/// The mean over a disk: what a lens out of focus does to a point.
///
/// `w` is the area that a disk about the middle has in common with the sample's square, divided by that of the disk.
/// The weights sum to 1. As MATLAB's `fspecial('disk', radius)`.
///
/// # Errors
/// [`Error::Parameter`](crate::Error::Parameter) if `radius` is not a positive number, or there are more than 2^24
/// weights.
///
/// ```
/// use faltung::{Kernel, kernel::disk};
/// assert_eq!(disk(0.5)?, Kernel::real(&[1, 1], vec![1.0])?); // all within one sample
/// let shown: Vec<_> = disk(1.0)?.numbers().iter().map(|w| format!("{w:.4}")).collect();
/// assert_eq!(shown[3..6], ["0.1453", "0.3183", "0.1453"]); // in the middle 1/pi: a whole square of an area of pi
/// # Ok::<(), faltung::Error>(())
/// ```
pub fn disk(radius: f64) -> Result<Kernel> {
    positive("disk", "radius", radius)?;
    let (shape, weights) = picture("disk", [radius, radius].map(|r| r - 0.5), |x, y| {
        // Sorted, so that the disk is to the bit the same when rows and columns are exchanged.
        let (less, more) = if x.abs() < y.abs() { (x.abs(), y.abs()) } else { (y.abs(), x.abs()) };
        let side = |middle: f64| ((middle - 0.5).max(0.0), middle + 0.5);
        let halves = |middle: f64| if middle == 0.0 { 2.0 } else { 1.0 };
        halves(less) * halves(more) * area_in_disk(radius, side(more), side(less))
    })?;
    real("disk", &shape, unit_sum(weights))
}

/// Area that the disk of radius `r` about 0 has in common with a rectangle of positive `x` and `y`.
///
/// From left to right the circle runs above the rectangle, then through it, then below it.
fn area_in_disk(r: f64, (left, right): (f64, f64), (low, high): (f64, f64)) -> f64 {
    let circle = |at: f64| ((r - at) * (r + at)).max(0.0).sqrt();
    let enters = circle(high).clamp(left, right);
    let leaves = circle(low).clamp(left, right);
    let (start, end) = (circle(enters) - low, circle(leaves) - low);
    let chord = (leaves - enters).hypot(start - end);
    let trapezoid = (leaves - enters) * (start + end) / 2.0;
    let below = (enters - left) * (high - low);
    if leaves > enters {
        below + trapezoid + r * r / 2.0 * less_its_sine(2.0 * (chord / (2.0 * r)).asin())
    } else {
        below
    }
}

/// `a - sin(a)` for `a` from 0 on: the segment between arc and chord, by its series where the two nearly cancel.
fn less_its_sine(a: f64) -> f64 {
    if a > 0.5 {
        return a - a.sin();
    }
    // Six factors: the seventh would be 1 - a^2 / 210, of a term below 2^-60 of the first.
    let factor = |tail: f64, n: f64| 1.0 - a * a / (2.0 * n * (2.0 * n + 1.0)) * tail;
    a * a * a / 6.0 * [7.0, 6.0, 5.0, 4.0, 3.0, 2.0].into_iter().fold(1.0, factor)
}

/// The mean along a straight line: what moving the camera does to a point.
///
/// `w` is the length of that part of the line that lies in the sample's square, divided by `length`. The line is
/// `length` samples long, lies about the middle, and has the direction `angle`, in degrees from `x` towards `y`. The
/// weights sum to 1.
///
/// # Errors
/// [`Error::Parameter`](crate::Error::Parameter) if `length` is below 1 or not finite, if `angle` is not finite, or
/// there are more than 2^24 weights.
///
/// ```
/// use faltung::{Kernel, kernel::motion};
/// assert_eq!(motion(2.0, 0.0)?, Kernel::real(&[1, 3], vec![0.25, 0.5, 0.25])?); // half of the outer two
/// assert_eq!(motion(2.0, 90.0)?, Kernel::real(&[3, 1], vec![0.25, 0.5, 0.25])?);
/// # Ok::<(), faltung::Error>(())
/// ```
pub fn motion(length: f64, angle: f64) -> Result<Kernel> {
    if positive("motion", "length", length)? < 1.0 {
        return wrong("motion", format!("length must be at least 1, but is {length}"));
    }
    let (cos, sin) = direction(finite("motion", "angle", angle)?);
    // The points of the line are s * (cos, sin); those within half a sample of `cell` have s between these.
    let within = |cell: f64, slope: f64| {
        let (a, b) = ((cell - 0.5) / slope, (cell + 0.5) / slope);
        (a.min(b), a.max(b))
    };
    let half = length / 2.0;
    let (shape, weights) = picture("motion", [half * sin.abs() - 0.5, half * cos.abs() - 0.5], |x, y| {
        let ((x_first, x_last), (y_first, y_last)) = (within(x, cos), within(y, sin));
        let (first, last) = (x_first.max(y_first).max(-half), x_last.min(y_last).min(half));
        (last - first).max(0.0) / length
    })?;
    real("motion", &shape, weights)
}

/// Gabor's wavelet: a wave under a Gaussian, that answers to stripes of one direction and width.
///
/// `w[y, x] = exp(-(u^2 + gamma^2 v^2) / (2 sigma^2)) * cos(2 pi u / wavelength + psi)`, with
/// `u = x cos(theta) + y sin(theta)` across the stripes, `v = -x sin(theta) + y cos(theta)` along them, and angles in
/// degrees. It reaches to 3 sigma along both `u` and `v`. `gamma` below 1 makes it longer than wide; a `psi` of 0 is
/// even and one of 90 odd. Not normalised: with a `psi` of 0, the middle is 1.
///
/// The formula is that of OpenCV's `getGaborKernel` with size `(0, 0)`, which returns the matrix turned round, for
/// correlation. So *convolution* with ours gives what `cv2.filter2D` gives with theirs.
///
/// # Errors
/// [`Error::Parameter`](crate::Error::Parameter) if `sigma`, `wavelength` or `gamma` is not a positive number, an angle
/// is not finite, or there are more than 2^24 weights.
///
/// # Source
/// J. G. Daugman, *Uncertainty relation for resolution in space, spatial frequency, and orientation* (1985).
///
/// ```
/// use faltung::kernel::gabor;
/// let wavelet = gabor(1.0, 0.0, 2.0, 1.0, 0.0)?; // a wave of 2 samples: 1, -1, 1, ... along x
/// let shown: Vec<_> = wavelet.numbers()[21..28].iter().map(|w| format!("{w:.3}")).collect();
/// assert_eq!(shown, ["-0.011", "0.135", "-0.607", "1.000", "-0.607", "0.135", "-0.011"]); // exp(-x^2 / 2)
/// # Ok::<(), faltung::Error>(())
/// ```
pub fn gabor(sigma: f64, theta: f64, wavelength: f64, gamma: f64, psi: f64) -> Result<Kernel> {
    let positive = |name, value| positive("gabor", name, value);
    let (sigma, wavelength, gamma) =
        (positive("sigma", sigma)?, positive("wavelength", wavelength)?, positive("gamma", gamma)?);
    let (cos, sin) = direction(finite("gabor", "theta", theta)?);
    let phase = finite("gabor", "psi", psi)?.to_radians();
    let (across, along) = (3.0 * sigma, 3.0 * (sigma / gamma));
    // OpenCV rounds halves to even.
    let reach = |a: f64, b: f64| a.abs().max(b.abs()).round_ties_even();
    let reaches = [reach(across * sin, along * cos), reach(across * cos, along * sin)];
    let (shape, weights) = picture("gabor", reaches, |x, y| {
        let (u, v) = (x * cos + y * sin, y * cos - x * sin);
        let (t, s) = (u / sigma, v * gamma / sigma);
        (-0.5 * (t * t + s * s)).exp() * (TAU * u / wavelength + phase).cos()
    })?;
    real("gabor", &shape, weights)
}

/// Shape and weights of a picture that reaches at least so far along `y` and `x` from its middle: `weight(x, y)`.
fn picture(
    kernel: &'static str,
    reaches: [f64; 2],
    weight: impl Fn(f64, f64) -> f64,
) -> Result<([usize; 2], Vec<f64>)> {
    let [rows, columns] = reaches.map(|reach| cells(kernel, reach.max(0.0).ceil()));
    let (rows, columns) = (rows?, columns?);
    let shape = [2 * rows + 1, 2 * columns + 1];
    let mut weights = Vec::with_capacity(size(kernel, &shape)?);
    for row in 0..shape[0] {
        let y = row as f64 - rows as f64;
        weights.extend((0..shape[1]).map(|column| weight(column as f64 - columns as f64, y)));
    }
    Ok((shape, weights))
}

/// Cosine and sine of an angle in degrees, exact for quarter turns, and equal for half of one.
fn direction(degrees: f64) -> (f64, f64) {
    let turn = degrees.rem_euclid(360.0);
    let quarter = (turn / 90.0).floor();
    let rest = turn - 90.0 * quarter;
    let (sin, cos) = if rest == 45.0 { (FRAC_1_SQRT_2, FRAC_1_SQRT_2) } else { rest.to_radians().sin_cos() };
    match quarter as u8 % 4 {
        0 => (cos, sin),
        1 => (-sin, cos),
        2 => (-cos, -sin),
        _ => (sin, -cos),
    }
}

#[cfg(test)]
mod tests {
    use std::f64::consts::{FRAC_1_PI, PI};

    use super::*;
    use crate::kernel::check::{assert_close, total, weights};

    /// Areas by quadrature with 50 digits (mpmath), for the quarter from the middle outwards.
    #[test]
    fn disks_have_the_right_areas() {
        let quarter = |radius: f64| {
            let disk = disk(radius).unwrap();
            let side = disk.shape()[0];
            let from = side / 2;
            (from..side).flat_map(|row| weights(&disk)[row * side + from..][..side - from].to_vec()).collect::<Vec<_>>()
        };
        assert_close(&quarter(0.6), &[0.8407900383641874, 0.03980249040895315, 0.03980249040895315, 0.0], 4.0);
        assert_close(&quarter(1.0)[..2], &[FRAC_1_PI, 0.14534394743021933], 4.0);
        assert_close(&quarter(1.0)[3..], &[0.02507858102383299], 16.0);
        let large = quarter(2.7);
        assert_close(&large[..2], &[0.04366390756979296; 2], 4.0);
        let odd = [large[3], large[6], large[7], large[10], large[11]];
        let areas = [0.008055446423434375, 0.04120779437101457, 0.001954849176741269, 0.013711566879226828, 0.0];
        assert_close(&odd, &areas, 16.0);
    }

    /// The pieces of the disk add up to the disk, so that none is lost or counted twice.
    #[test]
    fn disks_add_up_to_pi_r_squared() {
        for radius in [0.3, 1.0, 1.5, 2.5, 10.0, 333.3] {
            let middle = disk(radius).unwrap();
            let middle = weights(&middle)[middle.len() / 2]; // one square, or all of the disk
            let area = PI * radius * radius;
            assert!(radius < 0.71 || (middle * area - 1.0).abs() < 1e-13, "{radius}: {}", middle * area - 1.0);
        }
        let disk = disk(7.3).unwrap();
        let (side, all) = (disk.shape()[0], weights(&disk));
        assert!(
            (0..side * side).all(|i| all[i] == all[i % side * side + i / side] && all[i] == all[side * side - 1 - i])
        );
        assert!((total(&all) - 1.0).abs() < 2.0 * f64::EPSILON);
    }

    #[test]
    fn motion_runs_through_the_samples_it_should() {
        assert_eq!(motion(1.0, 12.0).unwrap().len(), 1);
        assert_close(&weights(&motion(9.0, 180.0).unwrap()), &[1.0 / 9.0; 9], 4.0);
        assert_eq!(motion(9.0, -90.0).unwrap().shape(), [9, 1]);
        // Of the diagonal, sqrt(2) lies in the middle, the rest in two corners, from top left to bottom right.
        let (middle, corner) = (2f64.sqrt() / 3.0, (3.0 - 2f64.sqrt()) / 6.0);
        let diagonal = motion(3.0, 45.0).unwrap();
        assert_eq!(diagonal.shape(), [3, 3]);
        assert_close(&weights(&diagonal), &[corner, 0.0, 0.0, 0.0, middle, 0.0, 0.0, 0.0, corner], 2.0);
    }

    #[test]
    fn motion_sums_to_one_and_is_the_same_backwards() {
        for angle in [0.0, 1e-9, 17.0, 44.999, 45.0, 60.0, 90.0, 135.0, 200.0, -30.0] {
            let line = weights(&motion(8.6, angle).unwrap());
            assert!((total(&line) - 1.0).abs() < 1e-15, "{angle}");
            assert!(line.iter().eq(line.iter().rev()), "{angle}");
            assert!(line.iter().all(|&w| (0.0..=0.17).contains(&w)));
        }
    }

    /// `cv2.getGaborKernel((0, 0), 0.9, radians(30), 3.0, 0.8, radians(40))` of OpenCV 5.0.0, turned round.
    #[test]
    fn gabor_is_that_of_opencv() {
        let wavelet = gabor(0.9, 30.0, 3.0, 0.8, 40.0).unwrap();
        assert_eq!(wavelet.shape(), [7, 5]);
        let first = [5.643482135454704e-4, -2.438006484531594e-3, -1.327237267438373e-2, 1.4223692704651543e-2];
        assert_close(&weights(&wavelet)[..4], &first, 64.0);
        let row =
            [-0.1033552699212304, 0.25065726190347487, 0.766044443118978, -0.4608692411014948, -0.0398684620192297];
        assert_close(&weights(&wavelet)[15..20], &row, 8.0);
    }

    #[test]
    fn gabor_is_even_or_odd_as_its_phase_says() {
        let even = weights(&gabor(2.0, 20.0, 5.0, 0.5, 0.0).unwrap());
        assert!(even.iter().eq(even.iter().rev()));
        let odd = weights(&gabor(2.0, 20.0, 5.0, 0.5, 90.0).unwrap());
        assert!(odd.iter().zip(odd.iter().rev()).all(|(a, b)| (a + b).abs() < 1e-15));
        assert_eq!(gabor(2.0, 0.0, 5.0, 0.5, 0.0).unwrap().shape(), [25, 13]);
        assert_eq!(gabor(2.0, 90.0, 5.0, 0.5, 0.0).unwrap().shape(), [13, 25]);
    }

    #[test]
    fn nonsense_is_refused() {
        for bad in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e9] {
            assert!(disk(bad).is_err() && motion(bad, 0.0).is_err() && gabor(bad, 0.0, 1.0, 1.0, 0.0).is_err());
        }
        assert!(motion(0.9, 0.0).unwrap_err().to_string().contains("at least 1, but is 0.9"));
        assert!(motion(3.0, f64::NAN).unwrap_err().to_string().contains("angle must be a finite number, but is NaN"));
        assert!(gabor(1.0, 0.0, 0.0, 1.0, 0.0).is_err() && gabor(1.0, 0.0, 1.0, 1e-300, 0.0).is_err());
    }
}
