//! Digits that we draw ourselves, so that there is something to learn without any file.
//!
//! Each digit has some ways to be written, as strokes in a box. A picture takes one of them, bends it, turns, shears and
//! shifts it, and draws it with a pen of some width and some ink on 28x28 pixels with some noise, all by chance from the seed
//! and the picture's number. Pictures to learn from and pictures to be tested with come from different streams.

use rand::rngs::ChaCha8Rng;

use super::stroke::{
    Piece::{self, Arc, Line},
    Sheet,
};
use crate::{
    Dataset, Error, Result, Shape,
    random::{Purpose, about_zero, generator, unit},
};

/// Rows and columns of a picture.
const SIDE: usize = 28;
/// More would not lie in memory.
const MOST: usize = 10_000_000;

/// Digits to learn from: picture `i` shows the digit `i % 10`.
///
/// # Errors
/// [`Error::Data`] for none or for more than ten million.
///
/// ```
/// use faltung_train::digits;
/// let data = digits::training(100, 7)?;
/// assert_eq!((data.len(), data.labels()[42]), (100, 2));
/// assert_eq!(data, digits::training(100, 7)?); // the same seed, the same pictures
/// # Ok::<(), faltung_train::Error>(())
/// ```
pub fn training(count: usize, seed: u64) -> Result<Dataset> {
    drawn(count, seed, Purpose::Training)
}

/// Digits to be tested with: others than those of [`training`], of the same kind.
///
/// # Errors
/// As [`training`].
///
/// ```
/// use faltung_train::digits;
/// assert_ne!(digits::test(10, 7)?.picture(3), digits::training(10, 7)?.picture(3));
/// # Ok::<(), faltung_train::Error>(())
/// ```
pub fn test(count: usize, seed: u64) -> Result<Dataset> {
    drawn(count, seed, Purpose::Test)
}

fn drawn(count: usize, seed: u64, purpose: Purpose) -> Result<Dataset> {
    if count > MOST {
        return Err(Error::Data(format!("{count} digits are too many to draw: ask for at most {MOST}")));
    }
    let mut pixels = Vec::with_capacity(count * SIDE * SIDE);
    for picture in 0..count {
        let mut chance = generator(seed, purpose, picture as u64);
        pixels.extend(picture_of(picture % 10, &mut chance));
    }
    let labels = (0..count).map(|picture| (picture % 10) as u8).collect();
    let classes = (0..10).map(|digit| digit.to_string()).collect();
    Dataset::new(Shape { channels: 1, height: SIDE, width: SIDE }, pixels, labels, classes)
}

/// The pixels of one digit.
fn picture_of(digit: usize, chance: &mut ChaCha8Rng) -> Vec<u8> {
    let ways = WAYS[digit];
    let way = ways[(unit(chance) * ways.len() as f32) as usize];
    let hand = Hand::new(chance);
    let mut sheet = Sheet::new(SIDE);
    for piece in way {
        let jolt = [about_zero(chance, 0.025), about_zero(chance, 0.025)];
        let points: Vec<[f32; 2]> = piece.points().into_iter().map(|point| hand.places(point, jolt)).collect();
        sheet.draw(&points, hand.pen);
    }
    let grey = |&ink: &f32, noise: f32| ((ink * hand.ink + noise).clamp(0.0, 1.0) * 255.0).round() as u8;
    sheet.ink().iter().map(|ink| grey(ink, about_zero(chance, hand.noise))).collect()
}

/// How somebody writes: everything that differs from picture to picture.
#[derive(Debug)]
struct Hand {
    /// From a box about zero to pixels.
    matrix: [[f32; 2]; 2],
    /// Where the middle of the box comes to lie, in pixels.
    middle: [f32; 2],
    /// How far strokes are bent to the side, how often, and where that begins.
    bend: [f32; 2],
    phase: [f32; 2],
    /// The width of the pen, in pixels.
    pen: f32,
    /// How dark it is, and the grain of the paper.
    ink: f32,
    noise: f32,
}

impl Hand {
    fn new(chance: &mut ChaCha8Rng) -> Hand {
        let mut between = |low: f32, high: f32| low + (high - low) * unit(chance);
        let (height, aspect) = (between(16.5, 21.0), between(0.65, 1.0));
        let (turn, shear): (f32, f32) = (between(-0.22, 0.22), between(-0.3, 0.3));
        let (sin, cos) = turn.sin_cos();
        let width = height * aspect;
        // First the box's extents, then the shear, then the turn.
        let matrix = [[cos * width, (cos * shear - sin) * height], [sin * width, (sin * shear + cos) * height]];
        let centre = (SIDE - 1) as f32 / 2.0;
        Hand {
            matrix,
            middle: [centre + between(-1.0, 1.0), centre + between(-1.0, 1.0)],
            bend: [between(-0.05, 0.05), between(-0.04, 0.04)],
            phase: [between(0.0, 6.3), between(0.0, 6.3)],
            pen: between(1.3, 3.3),
            ink: between(0.7, 1.0),
            noise: between(0.0, 0.15),
        }
    }

    /// Where a point of the box comes to lie, in pixels.
    fn places(&self, [x, y]: [f32; 2], jolt: [f32; 2]) -> [f32; 2] {
        let bent = [
            x + jolt[0] + self.bend[0] * (5.0 * y + self.phase[0]).sin() - 0.5,
            y + jolt[1] + self.bend[1] * (5.0 * x + self.phase[1]).sin() - 0.5,
        ];
        let place = |axis: usize| self.middle[axis] + self.matrix[axis][0] * bent[0] + self.matrix[axis][1] * bent[1];
        [place(0), place(1)]
    }
}

const fn circle(x: f32, y: f32, rx: f32, ry: f32) -> Piece {
    arc(x, y, rx, ry, 0.0, 360.0)
}

const fn arc(x: f32, y: f32, rx: f32, ry: f32, from: f32, to: f32) -> Piece {
    Arc { middle: [x, y], radii: [rx, ry], from, to }
}

/// The ways to write each digit.
const WAYS: [&[&[Piece]]; 10] = [
    &[&[circle(0.5, 0.5, 0.33, 0.46)], &[circle(0.5, 0.5, 0.24, 0.46)], &[arc(0.5, 0.5, 0.32, 0.45, -75.0, 270.0)]],
    &[
        &[Line(&[[0.5, 0.04], [0.5, 0.96]])],
        &[Line(&[[0.3, 0.26], [0.54, 0.04], [0.54, 0.96]])],
        &[Line(&[[0.32, 0.22], [0.52, 0.04], [0.52, 0.96]]), Line(&[[0.28, 0.96], [0.76, 0.96]])],
    ],
    &[
        &[arc(0.5, 0.29, 0.28, 0.25, 190.0, 370.0), Line(&[[0.776, 0.333], [0.66, 0.54], [0.2, 0.96], [0.82, 0.96]])],
        &[arc(0.47, 0.28, 0.27, 0.24, 170.0, 400.0), Line(&[[0.68, 0.43], [0.2, 0.92], [0.5, 0.88], [0.84, 0.94]])],
    ],
    &[
        &[arc(0.46, 0.27, 0.27, 0.23, 200.0, 450.0), arc(0.46, 0.73, 0.31, 0.23, 270.0, 520.0)],
        &[Line(&[[0.2, 0.05], [0.75, 0.05], [0.45, 0.42]]), arc(0.45, 0.69, 0.3, 0.27, 270.0, 510.0)],
    ],
    &[
        &[Line(&[[0.62, 0.96], [0.62, 0.04], [0.16, 0.66], [0.86, 0.66]])],
        &[Line(&[[0.27, 0.05], [0.2, 0.55], [0.82, 0.53]]), Line(&[[0.7, 0.05], [0.66, 0.96]])],
    ],
    &[
        &[Line(&[[0.76, 0.05], [0.3, 0.05], [0.26, 0.45]]), arc(0.46, 0.67, 0.31, 0.28, 230.0, 500.0)],
        &[Line(&[[0.8, 0.06], [0.32, 0.04], [0.3, 0.4]]), arc(0.42, 0.66, 0.34, 0.29, 248.0, 480.0)],
    ],
    &[
        &[Line(&[[0.68, 0.04], [0.44, 0.2], [0.28, 0.44], [0.21, 0.7]]), circle(0.49, 0.7, 0.28, 0.26)],
        &[
            arc(0.62, 0.56, 0.4, 0.52, 200.0, 280.0),
            arc(0.62, 0.56, 0.4, 0.4, 100.0, 200.0),
            circle(0.52, 0.72, 0.27, 0.24),
        ],
    ],
    &[
        &[Line(&[[0.18, 0.06], [0.8, 0.06], [0.4, 0.96]])],
        &[Line(&[[0.18, 0.08], [0.8, 0.06], [0.44, 0.96]]), Line(&[[0.34, 0.5], [0.78, 0.5]])],
        &[Line(&[[0.2, 0.2], [0.22, 0.06], [0.8, 0.06], [0.55, 0.45], [0.46, 0.96]])],
    ],
    &[
        &[circle(0.5, 0.26, 0.23, 0.22), circle(0.5, 0.72, 0.29, 0.25)],
        &[circle(0.52, 0.25, 0.2, 0.21), circle(0.48, 0.72, 0.25, 0.26)],
    ],
    &[
        &[circle(0.48, 0.3, 0.26, 0.26), Line(&[[0.74, 0.3], [0.72, 0.6], [0.6, 0.96]])],
        &[circle(0.49, 0.28, 0.25, 0.24), Line(&[[0.74, 0.28], [0.74, 0.68]]), arc(0.5, 0.68, 0.24, 0.28, 0.0, 140.0)],
    ],
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_digit_has_ink_and_lies_within_its_picture() {
        let data = training(400, 3).unwrap();
        for picture in 0..data.len() {
            let pixels = data.picture(picture);
            let dark = |at: &usize| pixels[*at] > 110; // three times the noise
            let ink = (0..SIDE * SIDE).filter(dark).count();
            assert!((15..350).contains(&ink), "picture {picture} has {ink} dark pixels");
            let edge = (0..SIDE * SIDE).filter(dark).filter(|at| {
                let (row, column) = (at / SIDE, at % SIDE);
                row == 0 || row == SIDE - 1 || column == 0 || column == SIDE - 1
            });
            assert!(edge.count() < 8, "picture {picture} leaves its edges");
        }
    }

    #[test]
    fn no_two_are_alike() {
        let data = training(60, 3).unwrap();
        assert!((10..60).all(|at| data.picture(at) != data.picture(at - 10)));
    }

    #[test]
    fn too_many_are_refused() {
        assert!(training(MOST + 1, 1).unwrap_err().to_string().contains("at most 10000000"));
    }
}
