//! The shape of one picture, and of what layers make of it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Channels, rows and columns of one picture, or of the maps that a layer makes of it.
///
/// In memory the pictures of a part of a batch lie fastest: `[channel, row, column, picture]`. Whatever is done to each
/// number by itself is then one loop over neighbouring pictures.
///
/// ```
/// use faltung_train::Shape;
/// let shape = Shape { channels: 3, height: 32, width: 24 };
/// assert_eq!((shape.len(), shape.to_string().as_str()), (2304, "3x32x24"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shape {
    /// Numbers at each place: 1 for grey, 3 for colour.
    pub channels: usize,
    /// Rows.
    pub height: usize,
    /// Columns.
    pub width: usize,
}

impl Shape {
    /// Numbers in all.
    ///
    /// ```
    /// assert_eq!(faltung_train::Shape { channels: 1, height: 28, width: 28 }.len(), 784);
    /// ```
    pub fn len(&self) -> usize {
        self.channels * self.height * self.width
    }

    /// Whether there are none.
    ///
    /// ```
    /// assert!(faltung_train::Shape { channels: 1, height: 0, width: 28 }.is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A line of so many numbers.
    pub(crate) fn line(len: usize) -> Shape {
        Shape { channels: len, height: 1, width: 1 }
    }
}

/// As `1x28x28`.
impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{}x{}", self.channels, self.height, self.width)
    }
}
