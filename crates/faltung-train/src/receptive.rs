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
                if start >= end {
                    continue;
                }
                field[axis] = match *layer {
                    LayerDescription::Conv { kernel, stride, padding, .. } => {
                        let [kernel, stride, padding] = [kernel, stride, padding].map(|all| signed(all[axis]));
                        let first = |cell: isize| cell.saturating_mul(stride).saturating_sub(padding);
                        first(start)..first(end - 1).saturating_add(kernel)
                    }
                    LayerDescription::MaxPool { size } => start * signed(size[axis])..end * signed(size[axis]),
                    LayerDescription::Relu | LayerDescription::Dropout { .. } => start..end,
                    LayerDescription::Flatten | LayerDescription::Linear { .. } => 0..extents[axis] as isize,
                };
                // Cells beyond an edge are zeros, and depend on nothing.
                field[axis] = field[axis].start.max(0)..field[axis].end.min(extents[axis] as isize);
            }
        }
        Ok(field.map(|range| if range.is_empty() { 0..0 } else { range.start as usize..range.end as usize }))
    }
}

/// No picture has more rows than that.
fn signed(extent: usize) -> isize {
    isize::try_from(extent).unwrap_or(isize::MAX)
}

#[cfg(test)]
mod tests {
    use crate::{Description, LayerDescription, Shape};

    #[test]
    fn a_stride_spreads_and_padding_moves_the_field() {
        let conv = LayerDescription::Conv { outputs: 1, kernel: [3, 3], stride: [2, 2], padding: [1, 1] };
        let layers = vec![conv.clone(), conv, LayerDescription::Flatten, LayerDescription::Linear { outputs: 2 }];
        let input = Shape { channels: 1, height: 9, width: 9 };
        let classes = vec!["a".to_owned(), "b".to_owned()];
        let net = Description { input, mean: 0.0, deviation: 1.0, classes, layers };
        assert_eq!(net.receptive_field(0, [1, 2]).unwrap(), [1..4, 3..6]);
        assert_eq!(net.receptive_field(1, [1, 2]).unwrap(), [1..8, 5..9]); // 3 + 2 * 2, cut off at the edge
        assert_eq!(net.receptive_field(3, [0, 0]).unwrap(), [0..9, 0..9]);
        let beyond = LayerDescription::Conv { outputs: 1, kernel: [1, 1], stride: [1, 1], padding: [3, 3] };
        let [first, _, flatten, linear] = &net.layers[..] else { panic!("four layers") };
        let layers = vec![first.clone(), beyond, flatten.clone(), linear.clone()];
        let padded = Description { layers, ..net.clone() };
        assert_eq!(padded.receptive_field(1, [0, 3]).unwrap(), [0..0, 0..2]); // a zero above the maps
        assert!(net.receptive_field(4, [0, 0]).is_err() && net.receptive_field(0, [5, 0]).is_err());
    }
}
