//! Convolution and linear layers: the one place that calls the engine.
//!
//! A layer is a correlation with channels and a bias, `y[o] = b[o] + sum over c of w[o, c] * x[c]`. Its two gradients are problems
//! of the same kind, and that to each bias is the sum of all `gy` of its channel. A linear layer is the case of a kernel of one
//! row and one column on pictures of one row and one column.
//!
//! In a part's memory, `[channel, row, column, picture]`, pictures are an axis that is not slid along, and lie fastest: the
//! engine's vectors run across pictures.

use faltung::{
    View, ViewMut,
    nn::{self, Images},
};

use super::{Done, Gradients, Layer, PART, Pass};
use crate::{Result, Shape, description::Outline};

/// A convolution layer of fixed shapes.
#[derive(Debug)]
pub(super) struct Conv {
    x: [usize; 4],
    y: [usize; 4],
    kernel: [usize; 4],
    layer: nn::Layer<f32>,
}

impl Conv {
    pub(super) fn new(outline: &Outline, kernel: [usize; 2], stride: [usize; 2], padding: [usize; 2]) -> Result<Conv> {
        let in_memory = |shape: Shape| [shape.channels, shape.height, shape.width, PART];
        let (x, y) = (in_memory(outline.input), in_memory(outline.output));
        let kernel = [outline.output.channels, outline.input.channels, kernel[0], kernel[1]];
        // Parts of a batch are worked on at the same time, each by one thread.
        let conv = nn::Conv::new().stride(stride).padding(padding).images(Images::Last).threads(1);
        Ok(Conv { x, y, kernel, layer: nn::Layer::new(&conv, &x, &kernel)? })
    }

    /// Numbers of one channel of the output.
    fn plane(&self) -> usize {
        self.y[1..].iter().product()
    }
}

impl Layer for Conv {
    fn forward(&mut self, x: &[f32], parameters: &[f32], y: &mut [f32], _: &mut Pass<'_>) -> Result<()> {
        let (weights, biases) = parameters.split_at(parameters.len() - self.kernel[0]);
        self.layer.set_weights(View::new(weights, &self.kernel)?, Some(biases))?;
        self.layer.forward(View::new(x, &self.x)?, ViewMut::new(y, &self.y)?)?;
        Ok(())
    }

    fn backward(&mut self, done: Done<'_>, _: &[f32], gy: &[f32], gradients: Gradients<'_>) -> Result<()> {
        if let Some(gx) = gradients.x {
            self.layer.input_gradient(View::new(gy, &self.y)?, ViewMut::new(gx, &self.x)?)?;
        }
        let weights = gradients.parameters.len() - self.kernel[0];
        let (to_weights, to_biases) = gradients.parameters.split_at_mut(weights);
        let to_weights = ViewMut::new(to_weights, &self.kernel)?;
        self.layer.weight_gradient(View::new(done.x, &self.x)?, View::new(gy, &self.y)?, to_weights)?;
        for (to_bias, plane) in to_biases.iter_mut().zip(gy.chunks_exact(self.plane())) {
            *to_bias = sum(plane);
        }
        Ok(())
    }
}

/// The sum of a plane: each picture by itself first, so that sums stay short and vectors full.
fn sum(plane: &[f32]) -> f32 {
    let mut pictures = [0.0; PART];
    for lanes in plane.chunks_exact(PART) {
        pictures.iter_mut().zip(lanes).for_each(|(sum, &lane)| *sum += lane);
    }
    pictures.iter().sum()
}

#[cfg(test)]
mod tests {
    use crate::{
        LayerDescription, Shape,
        layers::tests::{check_gradients, forward, layer},
    };

    fn conv(outputs: usize, kernel: [usize; 2], stride: [usize; 2], padding: [usize; 2]) -> LayerDescription {
        LayerDescription::Conv { outputs, kernel, stride, padding }
    }

    #[test]
    fn kernels_are_not_turned_round_and_each_has_its_bias() {
        let (mut layer, outline) = layer(conv(2, [1, 2], [1, 1], [0, 0]), Shape { channels: 2, height: 1, width: 3 });
        let x = [1.0, 2.0, 3.0, 10.0, 20.0, 30.0];
        // w[0] = [[1, 0], [0, 1]], w[1] = [[2, 3], [0, 0]], then the biases
        let parameters = [1.0, 0.0, 0.0, 1.0, 2.0, 3.0, 0.0, 0.0, 0.5, -1.0];
        let y = forward(layer.as_mut(), &outline, &x, &parameters);
        assert_eq!(y, [1.0 + 20.0 + 0.5, 2.0 + 30.0 + 0.5, 2.0 + 6.0 - 1.0, 4.0 + 9.0 - 1.0]);
    }

    #[test]
    fn zeros_lie_beyond_the_edges() {
        let (mut layer, outline) = layer(conv(1, [3, 3], [2, 2], [1, 1]), Shape { channels: 1, height: 3, width: 3 });
        let x: Vec<f32> = (1..10).map(|x| x as f32).collect();
        let parameters = [vec![1.0; 9], vec![0.0]].concat();
        assert_eq!(forward(layer.as_mut(), &outline, &x, &parameters), [12.0, 16.0, 24.0, 28.0]);
    }

    #[test]
    fn a_linear_layer_weighs_every_input() {
        let (mut layer, outline) = layer(LayerDescription::Linear { outputs: 2 }, Shape::line(3));
        let parameters = [1.0, 2.0, 3.0, 0.0, -1.0, 0.0, 10.0, 20.0];
        assert_eq!(forward(layer.as_mut(), &outline, &[1.0, 1.0, 2.0], &parameters), [1.0 + 2.0 + 6.0 + 10.0, 19.0]);
    }

    #[test]
    fn gradients_agree_with_differences() {
        check_gradients(conv(2, [3, 2], [1, 1], [0, 0]), Shape { channels: 2, height: 4, width: 5 });
        check_gradients(conv(2, [3, 3], [2, 1], [1, 2]), Shape { channels: 1, height: 5, width: 4 });
        check_gradients(LayerDescription::Linear { outputs: 3 }, Shape::line(5));
    }
}
