//! Roots of unity: the factors of a transform.
//!
//! They come from sine and cosine of an angle below an eighth of a turn, never from a recurrence, whose errors grow
//! (Schatzman, *Accuracy of the discrete Fourier transform and the fast Fourier transform*, 1996).

use num_complex::Complex;

/// `e^(-2 pi i turn / n)`, exact to the last bit or so.
pub(super) fn root(turn: usize, n: usize) -> Complex<f64> {
    let eighths = 8 * (turn % n);
    let (octant, rest) = (eighths / n, eighths % n);
    let part = if octant % 2 == 0 { rest } else { n - rest };
    let (sin, cos) = (std::f64::consts::FRAC_PI_4 * part as f64 / n as f64).sin_cos();
    let (c, s) = match octant {
        0 => (cos, sin),
        1 => (sin, cos),
        2 => (-sin, cos),
        3 => (-cos, sin),
        4 => (-cos, -sin),
        5 => (-sin, -cos),
        6 => (sin, -cos),
        _ => (cos, -sin),
    };
    Complex::new(c, -s)
}
