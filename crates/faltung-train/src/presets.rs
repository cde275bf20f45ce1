//! Two nets to begin with: one of convolutions, and one in which every number meets every other.

use crate::{Description, LayerDescription, Shape};

/// Pixels of MNIST's training set have about this mean and this deviation; a data set brings its own.
const MEAN: f32 = 0.1307;
const DEVIATION: f32 = 0.3081;

impl Description {
    /// A net of convolutions: 5x5, ReLU, pooling by 2, twice; then a layer of 128 and one output for each class.
    ///
    /// Large pictures get further stages, until the maps have at most 7 rows or columns; small ones (below 16) are kept from
    /// shrinking by zeros beyond their edges. For 28x28 grey pixels and 10 classes that is the net of most introductions, with
    /// 80,202 parameters.
    ///
    /// ```
    /// use faltung_train::{Description, Shape};
    /// let net = Description::cnn(Shape { channels: 1, height: 28, width: 28 }, 10);
    /// // 16*25 + 16, 32*16*25 + 32, 128*(32*4*4) + 128, 10*128 + 10
    /// assert_eq!(net.parameters()?, 416 + 12832 + 65664 + 1290);
    /// # Ok::<(), faltung_train::Error>(())
    /// ```
    pub fn cnn(input: Shape, classes: usize) -> Description {
        Description::cnn_of_width(input, classes, 16)
    }

    /// The same with so many filters in the first stage instead of 16, and all other layers in proportion.
    ///
    /// ```
    /// use faltung_train::{Description, Shape};
    /// let net = Description::cnn_of_width(Shape { channels: 1, height: 28, width: 28 }, 10, 2);
    /// // 2*25 + 2, 4*2*25 + 4, 16*(4*4*4) + 16, 10*16 + 10
    /// assert_eq!(net.parameters()?, 52 + 204 + 1040 + 170);
    /// # Ok::<(), faltung_train::Error>(())
    /// ```
    pub fn cnn_of_width(input: Shape, classes: usize, width: usize) -> Description {
        let mut layers = Vec::new();
        let mut extents = [input.height, input.width];
        let mut outputs = width;
        for stage in 0.. {
            let least = extents[0].min(extents[1]);
            if least < 2 || (stage >= 2 && least <= 7) {
                break;
            }
            let padding = if least < 12 { 2 } else { 0 };
            layers.extend([
                LayerDescription::Conv { outputs, kernel: [5, 5], stride: [1, 1], padding: [padding; 2] },
                LayerDescription::Relu,
                LayerDescription::MaxPool { size: [2, 2] },
            ]);
            extents = extents.map(|extent| (extent + 2 * padding - 4) / 2);
            outputs = (2 * outputs).min(4 * width);
        }
        layers.extend([
            LayerDescription::Flatten,
            LayerDescription::Dropout { rate: 0.3 },
            LayerDescription::Linear { outputs: 8 * width },
            LayerDescription::Relu,
            LayerDescription::Linear { outputs: classes },
        ]);
        Description::of(input, classes, layers)
    }

    /// The widest of these with at most so many parameters, and at least one filter in its first stage.
    ///
    /// ```
    /// use faltung_train::{Description, Shape};
    /// let net = Description::cnn_within(Shape { channels: 1, height: 28, width: 28 }, 10, 150_000);
    /// // 21 filters: 21*25 + 21, 42*21*25 + 42, 168*(42*4*4) + 168, 10*168 + 10
    /// assert_eq!(net.parameters()?, 546 + 22092 + 113064 + 1690);
    /// # Ok::<(), faltung_train::Error>(())
    /// ```
    pub fn cnn_within(input: Shape, classes: usize, parameters: usize) -> Description {
        let fits = |net: &Description| net.parameters().is_ok_and(|count| count <= parameters);
        let wider = (2..=1 << 12).map(|width| Description::cnn_of_width(input, classes, width)).take_while(fits);
        wider.last().unwrap_or_else(|| Description::cnn_of_width(input, classes, 1))
    }

    /// A fully connected net: one hidden layer, as wide as the number of parameters allows (and at least one wide).
    ///
    /// ```
    /// use faltung_train::{Description, Shape};
    /// let net = Description::ffnn(Shape { channels: 1, height: 28, width: 28 }, 10, 80_202);
    /// // 100 wide: 784*100 + 100 + 100*10 + 10; each further one takes 784 + 1 + 10 more
    /// assert_eq!(net.parameters()?, 79_510);
    /// # Ok::<(), faltung_train::Error>(())
    /// ```
    pub fn ffnn(input: Shape, classes: usize, parameters: usize) -> Description {
        let each = input.len() + 1 + classes;
        let width = (parameters.saturating_sub(classes) / each).max(1);
        let layers = vec![
            LayerDescription::Flatten,
            LayerDescription::Linear { outputs: width },
            LayerDescription::Relu,
            LayerDescription::Linear { outputs: classes },
        ];
        Description::of(input, classes, layers)
    }

    /// The same with strides in the place of pooling: a convolution before it takes its steps, and nothing is chosen from a window.
    ///
    /// ```
    /// use faltung_train::{Description, Shape};
    /// let pooled = Description::cnn(Shape { channels: 1, height: 28, width: 28 }, 10);
    /// let strided = pooled.strided();
    /// assert_eq!(strided.parameters()?, pooled.parameters()?);
    /// let shapes: Vec<_> = strided.outline()?.iter().map(|layer| layer.output.to_string()).collect();
    /// assert_eq!(shapes[..4], ["16x12x12", "16x12x12", "32x4x4", "32x4x4"]); // conv, relu, conv, relu
    /// # Ok::<(), faltung_train::Error>(())
    /// ```
    #[must_use]
    pub fn strided(&self) -> Description {
        let mut layers: Vec<LayerDescription> = Vec::new();
        for layer in &self.layers {
            let before = layers.iter_mut().rev().find_map(|layer| match layer {
                LayerDescription::Conv { stride, .. } => Some(stride),
                _ => None,
            });
            match (layer, before) {
                (LayerDescription::MaxPool { size }, Some(stride)) => {
                    *stride = [stride[0] * size[0], stride[1] * size[1]];
                }
                _ => layers.push(layer.clone()),
            }
        }
        Description { layers, ..self.clone() }
    }

    /// The same with the last pooling over whole maps: of each map only its largest number is left, wherever that is. What follows
    /// is blind to where things are, as far as edges and the steps of the poolings before allow.
    ///
    /// A net that does not pool, or that is none, stays as it is.
    ///
    /// ```
    /// use faltung_train::{Description, Shape};
    /// let net = Description::cnn(Shape { channels: 1, height: 28, width: 28 }, 10).pooled_whole();
    /// let shapes: Vec<_> = net.outline()?.iter().map(|layer| layer.output.to_string()).collect();
    /// assert_eq!(shapes[3..6], ["32x8x8", "32x8x8", "32x1x1"]); // conv, relu, max_pool
    /// # Ok::<(), faltung_train::Error>(())
    /// ```
    #[must_use]
    pub fn pooled_whole(&self) -> Description {
        let mut pooled = self.clone();
        let Ok(outline) = self.outline() else { return pooled };
        for (layer, outline) in pooled.layers.iter_mut().zip(&outline).rev() {
            if let LayerDescription::MaxPool { size } = layer {
                *size = [outline.input.height, outline.input.width];
                break;
            }
        }
        pooled
    }

    fn of(input: Shape, classes: usize, layers: Vec<LayerDescription>) -> Description {
        let classes = (0..classes).map(|class| class.to_string()).collect();
        Description { input, mean: MEAN, deviation: DEVIATION, classes, layers }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_of_any_extent_have_a_net() {
        for (height, width) in [(1, 1), (2, 3), (8, 8), (11, 13), (16, 300), (32, 32), (224, 224), (1024, 1024)] {
            let net = Description::cnn(Shape { channels: 3, height, width }, 4);
            net.outline().unwrap_or_else(|error| panic!("{height}x{width}: {error}"));
        }
    }
}
