//! The loss: how far a net's answer is from the truth, softmax and cross-entropy in one.
//!
//! ```text
//! p[k] = exp(z[k]) / sum over j of exp(z[j])        loss = -ln p[truth]        d loss / d z[k] = p[k] - [k = truth]
//! ```
//!
//! The largest `z` is subtracted before the exponentials, so that none overflows; the loss is taken from the same sums, not
//! from `p`, so that it stays a number when `p` is too small for one.

use crate::layers::PART;

/// What came of some pictures.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Tally {
    /// The sum of their losses.
    pub(crate) loss: f64,
    /// How many were told right.
    pub(crate) correct: usize,
    /// How many there were.
    pub(crate) pictures: usize,
}

impl std::ops::AddAssign for Tally {
    fn add_assign(&mut self, other: Tally) {
        self.loss += other.loss;
        self.correct += other.correct;
        self.pictures += other.pictures;
    }
}

/// The loss of the first pictures of a part, one for each label, and its gradient to `z`, `[class, picture]`.
///
/// The gradient is multiplied by `scale`, and zero for the pictures that have no label.
pub(crate) fn cross_entropy(z: &[f32], labels: &[u8], scale: f32, gradient: &mut [f32]) -> Tally {
    let mut tally = Tally { pictures: labels.len(), ..Tally::default() };
    gradient.fill(0.0);
    for (picture, &label) in labels.iter().enumerate() {
        let answer = answer(z, picture);
        let truth = usize::from(label);
        tally.loss += f64::from(answer.largest) + answer.sum.ln() - f64::from(z[truth * PART + picture]);
        tally.correct += usize::from(answer.class == truth);
        for (class, lanes) in gradient.chunks_exact_mut(PART).enumerate() {
            let probability = answer.probability(z[class * PART + picture]) as f32;
            lanes[picture] = scale * (probability - f32::from(u8::from(class == truth)));
        }
    }
    tally
}

/// The probability of each class, for one picture of a part.
pub(crate) fn probabilities(z: &[f32], picture: usize) -> Vec<f32> {
    let answer = answer(z, picture);
    z.chunks_exact(PART).map(|lanes| answer.probability(lanes[picture]) as f32).collect()
}

/// What a net answers for one picture.
struct Answer {
    /// The first class with the largest number.
    class: usize,
    largest: f32,
    /// The exponentials of all numbers, less the largest.
    sum: f64,
}

impl Answer {
    fn probability(&self, z: f32) -> f64 {
        f64::from(z - self.largest).exp() / self.sum
    }
}

fn answer(z: &[f32], picture: usize) -> Answer {
    let numbers = || z.chunks_exact(PART).map(|lanes| lanes[picture]);
    let larger = |best: (usize, f32), next: (usize, f32)| if next.1 > best.1 { next } else { best };
    let (class, largest) = numbers().enumerate().reduce(larger).unwrap_or((0, 0.0));
    Answer { class, largest, sum: numbers().map(|z| f64::from(z - largest).exp()).sum() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The numbers of one picture among those of a part.
    fn part(z: &[f32]) -> Vec<f32> {
        let mut part = vec![0.0; z.len() * PART];
        part.chunks_exact_mut(PART).zip(z).for_each(|(lanes, &z)| lanes[0] = z);
        part
    }

    #[test]
    fn two_classes_by_hand() {
        // exp(ln 3) : exp(0) is 3 : 1
        let (z, mut gradient) = (part(&[3f32.ln(), 0.0]), vec![f32::NAN; 2 * PART]);
        let tally = cross_entropy(&z, &[1], 2.0, &mut gradient);
        assert!((tally.loss - 4f64.ln()).abs() < 1e-7);
        assert_eq!((tally.correct, tally.pictures), (0, 1));
        assert_eq!((gradient[0], gradient[PART]), (1.5, -1.5)); // 2 (3/4 - 0) and 2 (1/4 - 1)
        assert!(gradient[1..PART].iter().all(|&gradient| gradient == 0.0));
        assert_eq!(probabilities(&z, 0), [0.75, 0.25]);
    }

    #[test]
    fn large_numbers_do_not_overflow() {
        let (z, mut gradient) = (part(&[3e38, 0.0]), vec![0.0; 2 * PART]);
        assert_eq!(cross_entropy(&z, &[0], 1.0, &mut gradient).loss, 0.0);
        assert_eq!(cross_entropy(&z, &[1], 1.0, &mut gradient).loss, f64::from(3e38f32));
        assert_eq!((gradient[0], gradient[PART]), (1.0, -1.0));
    }
}
