//! Maxima of windows that lie side by side.
//!
//! Two steps of a maximum survive a small shift of the picture: what pooling adds to convolution, which follows a shift
//! (equivariance), is that the result hardly changes with it (invariance), by a few pixels.

use super::{Done, Gradients, Layer, PART, Pass};
use crate::{Result, Shape, description::Outline};

/// `y[c, i, j] = max of x[c, i * rows + a, j * columns + b]` over the window. The gradient goes to the first largest number. A window in which
/// something is no number gives none.
#[derive(Debug)]
pub(super) struct MaxPool {
    input: Shape,
    output: Shape,
    size: [usize; 2],
}

impl MaxPool {
    pub(super) fn new(outline: &Outline, size: [usize; 2]) -> MaxPool {
        MaxPool { input: outline.input, output: outline.output, size }
    }

    /// Where the windows of all outputs begin in memory, in the order of the outputs.
    fn windows(&self) -> impl Iterator<Item = usize> {
        let (input, output, [rows, columns]) = (self.input, self.output, self.size);
        (0..output.channels * output.height).flat_map(move |line| {
            let row = line / output.height * input.height + line % output.height * rows;
            (0..output.width).map(move |column| (row * input.width + column * columns) * PART)
        })
    }

    /// Where the samples of a window lie, from its beginning.
    fn places(&self) -> impl Iterator<Item = usize> {
        let (width, [rows, columns]) = (self.input.width, self.size);
        (0..rows).flat_map(move |row| (0..columns).map(move |column| (row * width + column) * PART))
    }
}

impl Layer for MaxPool {
    fn forward(&mut self, x: &[f32], _: &[f32], y: &mut [f32], _: &mut Pass<'_>) -> Result<()> {
        for (y, window) in y.chunks_exact_mut(PART).zip(self.windows()) {
            y.copy_from_slice(&x[window..window + PART]);
            for place in self.places().skip(1) {
                let x = &x[window + place..][..PART];
                y.iter_mut().zip(x).for_each(|(y, &x)| *y = if *y >= x || y.is_nan() { *y } else { x });
            }
        }
        Ok(())
    }

    fn backward(&mut self, done: Done<'_>, _: &[f32], gy: &[f32], gradients: Gradients<'_>) -> Result<()> {
        let Some(gx) = gradients.x else { return Ok(()) };
        gx.fill(0.0);
        let outputs = done.y.chunks_exact(PART).zip(gy.chunks_exact(PART));
        for ((y, gy), window) in outputs.zip(self.windows()) {
            let mut left = [0.0; PART];
            left.copy_from_slice(gy);
            for place in self.places() {
                let at = window + place..window + place + PART;
                let samples = gx[at.clone()].iter_mut().zip(&done.x[at]);
                for (((gx, x), y), left) in samples.zip(y).zip(&mut left) {
                    let largest = x == y;
                    *gx = if largest { *left } else { 0.0 };
                    *left = if largest { 0.0 } else { *left };
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        LayerDescription,
        layers::tests::{check_gradients, forward, layer},
    };

    const POOL: LayerDescription = LayerDescription::MaxPool { size: [2, 2] };

    #[test]
    fn the_largest_of_each_window_stays() {
        let (mut pool, outline) = layer(POOL, Shape { channels: 1, height: 3, width: 4 });
        #[rustfmt::skip]
        let x = [1.0, 5.0, -1.0, -2.0,
                 3.0, 2.0, -4.0, -3.0,
                 9.0, 9.0,  9.0,  9.0]; // no whole window
        assert_eq!(forward(pool.as_mut(), &outline, &x, &[]), [5.0, -1.0]);
    }

    #[test]
    fn what_is_no_number_stays_so() {
        for at in 0..4 {
            let (mut pool, outline) = layer(POOL, Shape { channels: 1, height: 2, width: 2 });
            let x: Vec<f32> = (0..4).map(|place| if place == at { f32::NAN } else { 1.0 }).collect();
            assert!(forward(pool.as_mut(), &outline, &x, &[])[0].is_nan(), "{at}");
            let (mut relu, outline) = layer(LayerDescription::Relu, Shape::line(4));
            assert!(forward(relu.as_mut(), &outline, &x, &[])[at].is_nan(), "{at}");
        }
    }

    #[test]
    fn the_gradient_goes_to_the_first_largest() {
        let (mut pool, _) = layer(POOL, Shape { channels: 1, height: 2, width: 2 });
        let x: Vec<f32> = [1.0, 7.0, 7.0, 2.0].iter().flat_map(|&x| [x; PART]).collect();
        let (y, gy, mut gx) = ([7.0; PART], [3.0; PART], vec![f32::NAN; 4 * PART]);
        let gradients = Gradients { x: Some(&mut gx), parameters: &mut [] };
        pool.backward(Done { x: &x, y: &y }, &[], &gy, gradients).unwrap();
        let first: Vec<f32> = gx.iter().copied().step_by(PART).collect();
        assert_eq!(first, [0.0, 3.0, 0.0, 0.0]);
    }

    #[test]
    fn gradients_agree_with_differences() {
        check_gradients(POOL, Shape { channels: 2, height: 5, width: 4 });
        check_gradients(LayerDescription::MaxPool { size: [3, 1] }, Shape { channels: 1, height: 6, width: 3 });
    }
}
