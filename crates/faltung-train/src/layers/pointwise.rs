//! Layers that treat each number by itself.

use super::{Done, Gradients, Layer, PART, Pass};
use crate::{Result, description::Outline, random::unit};

/// `y = max(x, 0)`; what is no number stays so. The gradient at zero is taken as zero.
#[derive(Debug)]
pub(super) struct Relu;

impl Layer for Relu {
    fn forward(&mut self, x: &[f32], _: &[f32], y: &mut [f32], _: &mut Pass<'_>) -> Result<()> {
        y.iter_mut().zip(x).for_each(|(y, &x)| *y = if x < 0.0 { 0.0 } else { x });
        Ok(())
    }

    fn backward(&mut self, done: Done<'_>, _: &[f32], gy: &[f32], gradients: Gradients<'_>) -> Result<()> {
        if let Some(gx) = gradients.x {
            gx.iter_mut().zip(done.y).zip(gy).for_each(|((gx, &y), &gy)| *gx = if y > 0.0 { gy } else { 0.0 });
        }
        Ok(())
    }
}

/// `y = x`: numbers of channels, rows and columns lie in one line already.
#[derive(Debug)]
pub(super) struct Same;

impl Layer for Same {
    fn forward(&mut self, x: &[f32], _: &[f32], y: &mut [f32], _: &mut Pass<'_>) -> Result<()> {
        y.copy_from_slice(x);
        Ok(())
    }

    fn backward(&mut self, _: Done<'_>, _: &[f32], gy: &[f32], gradients: Gradients<'_>) -> Result<()> {
        if let Some(gx) = gradients.x {
            gx.copy_from_slice(gy);
        }
        Ok(())
    }
}

/// `y = x * m`, where `m` is 0 with probability `rate` and else `1 / (1 - rate)` while training, and 1 afterwards.
///
/// The factors are kept for the way back. (Srivastava et al., 2014, with the growth moved from testing to training.)
#[derive(Debug)]
pub(super) struct Dropout {
    rate: f32,
    factors: Vec<f32>,
}

impl Dropout {
    pub(super) fn new(outline: &Outline, rate: f32) -> Dropout {
        Dropout { rate, factors: vec![1.0; outline.input.len() * PART] }
    }
}

impl Layer for Dropout {
    fn forward(&mut self, x: &[f32], _: &[f32], y: &mut [f32], pass: &mut Pass<'_>) -> Result<()> {
        match pass {
            Pass::Evaluate => self.factors.fill(1.0),
            Pass::Train(generator) => {
                let grown = 1.0 / (1.0 - self.rate);
                self.factors.fill_with(|| if unit(generator) < self.rate { 0.0 } else { grown });
            }
        }
        y.iter_mut().zip(x).zip(&self.factors).for_each(|((y, &x), &factor)| *y = x * factor);
        Ok(())
    }

    fn backward(&mut self, _: Done<'_>, _: &[f32], gy: &[f32], gradients: Gradients<'_>) -> Result<()> {
        if let Some(gx) = gradients.x {
            gx.iter_mut().zip(&self.factors).zip(gy).for_each(|((gx, &factor), &gy)| *gx = gy * factor);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        LayerDescription, Shape,
        layers::tests::{check_gradients, forward, layer},
        random::{Purpose, generator},
    };

    const LINE: Shape = Shape { channels: 4, height: 1, width: 1 };

    #[test]
    fn what_is_below_zero_becomes_zero() {
        let (mut relu, outline) = layer(LayerDescription::Relu, LINE);
        assert_eq!(forward(relu.as_mut(), &outline, &[-1.0, 0.0, 2.0, -0.5], &[]), [0.0, 0.0, 2.0, 0.0]);
        check_gradients(LayerDescription::Relu, LINE);
    }

    #[test]
    fn flattening_keeps_the_order() {
        let grid = Shape { channels: 1, height: 2, width: 2 };
        let (mut flatten, outline) = layer(LayerDescription::Flatten, grid);
        assert_eq!(outline.output, LINE);
        assert_eq!(forward(flatten.as_mut(), &outline, &[1.0, 2.0, 3.0, 4.0], &[]), [1.0, 2.0, 3.0, 4.0]);
        check_gradients(LayerDescription::Flatten, grid);
    }

    #[test]
    fn without_training_nothing_drops_out() {
        let (mut dropout, outline) = layer(LayerDescription::Dropout { rate: 0.5 }, LINE);
        assert_eq!(forward(dropout.as_mut(), &outline, &[-1.0, 0.0, 2.0, -0.5], &[]), [-1.0, 0.0, 2.0, -0.5]);
        check_gradients(LayerDescription::Dropout { rate: 0.5 }, LINE);
    }

    #[test]
    fn while_training_some_drop_out_and_the_mean_stays() {
        let input = Shape { channels: 100, height: 1, width: 1 };
        let (mut dropout, _) = layer(LayerDescription::Dropout { rate: 0.25 }, input);
        let (x, mut y) = (vec![3.0; 100 * PART], vec![0.0; 100 * PART]);
        let mut chance = generator(5, Purpose::Part, 0);
        dropout.forward(&x, &[], &mut y, &mut Pass::Train(&mut chance)).unwrap();
        let gone = y.iter().filter(|&&y| y == 0.0).count();
        // A quarter of them, with a deviation of less than a hundredth of them.
        assert!((22 * PART..28 * PART).contains(&gone), "{gone} of {}", 100 * PART);
        assert!(y.iter().all(|&y| y == 0.0 || y == 4.0));

        let (gy, mut gx) = (vec![1.0; 100 * PART], vec![f32::NAN; 100 * PART]);
        let gradients = Gradients { x: Some(&mut gx), parameters: &mut [] };
        dropout.backward(Done { x: &x, y: &y }, &[], &gy, gradients).unwrap();
        assert!(gx.iter().zip(&y).all(|(gx, y)| 3.0 * gx == *y));
    }
}
