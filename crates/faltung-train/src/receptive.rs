//! Which pixels a cell of a feature map looks at: its receptive field.
//!
//! Followed back layer by layer: a cell `i` of a convolution with stride `s`, padding `p` and `k` weights looks at the cells
//! `i s - p` to `i s - p + k - 1` of the layer before it; a window of pooling at its own. A linear layer looks at everything.

use std::ops::Range;

use crate::{Description, Error, LayerDescription, Result};

impl Description {
    /// The rows and the columns of the picture that a cell of this layer's output depends on, without those beyond the edges.
    ///
    /// # Errors
    /// [`Error::Description`] if there is no such layer or no such cell; as [`outline`](Description::outline).
    ///
    /// ```
    /// use faltung_train::{Description, Shape};
    /// let net = Description::cnn(Shape { channels: 1, height: 28, width: 28 }, 10);
    /// assert_eq!(net.receptive_field(0, [0, 3])?, [0..5, 3..8]); // 5x5
    /// assert_eq!(net.receptive_field(2, [0, 3])?, [0..6, 6..12]); // two of them, side by side
    /// assert_eq!(net.receptive_field(3, [0, 0])?, [0..14, 0..14]); // 5 of those: 6 + 4 * 2
    /// assert_eq!(net.receptive_field(8, [0, 0])?, [0..28, 0..28]); // linear
    /// # Ok::<(), faltung_train::Error>(())
    /// ```
    pub fn receptive_field(&self, layer: usize, cell: [usize; 2]) -> Result<[Range<usize>; 2]> {
        let outline = self.outline()?;
        let Some(output) = outline.get(layer).map(|layer| layer.output) else {
            let last = outline.len().saturating_sub(1);
            return Err(Error::Description(format!("there is no layer {layer}: the last one is {last}")));
        };
        if cell[0] >= output.height || cell[1] >= output.width {
            let [row, column] = cell;
            let last = (output.height - 1, output.width - 1);
            let problem = format!("layer {layer} has no cell {row},{column}: the last one is {},{}", last.0, last.1);
            return Err(Error::Description(problem));
        }
        let mut field = cell.map(|at| at as isize..at as isize + 1);
        for (layer, outline) in self.layers[..=layer].iter().zip(&outline).rev() {
            let extents = [outline.input.height, outline.input.width];
            for axis in 0..2 {
                let Range { start, end } = field[axis];
                field[axis] = match *layer {
                    LayerDescription::Conv { kernel, stride, padding, .. } => {
                        let [kernel, stride, padding] = [kernel, stride, padding].map(|all| all[axis] as isize);
                        start * stride - padding..(end - 1) * stride - padding + kernel
                    }
                    LayerDescription::MaxPool { size } => start * size[axis] as isize..end * size[axis] as isize,
                    LayerDescription::Relu | LayerDescription::Dropout { .. } => start..end,
                    LayerDescription::Flatten | LayerDescription::Linear { .. } => 0..extents[axis] as isize,
                };
                // Cells beyond an edge are zeros, and depend on nothing.
                field[axis] = field[axis].start.max(0)..field[axis].end.min(extents[axis] as isize);
            }
        }
        Ok(field.map(|range| range.start as usize..range.end.max(range.start) as usize))
    }
}
