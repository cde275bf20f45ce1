//! Pictures: rows of pixels, grey or of three colours; alpha travels beside them, untouched.
//!
//! A filter that blended alpha with colour would darken edges, and one that blurred alpha would change the outline; so
//! alpha is taken out on reading ([`Picture::alpha`]) and put back on writing, sample by sample.

use faltung::{AnyArray, Array, Dtype, Sample};

use super::failure::{Failure, Result};

/// The formats of pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PictureFormat {
    /// 8 or 16 bits, without loss.
    Png,
    /// 8 bits, with loss, no alpha. Written at quality 95.
    Jpeg,
    /// Integers and floats of all sizes, without loss. Written uncompressed.
    Tiff,
}

/// What a picture's file says besides its colours.
#[derive(Debug, Clone)]
pub struct Picture {
    /// The format in which it came.
    pub format: PictureFormat,
    /// Opacity, of shape `[height, width]` and the type of the colours.
    pub alpha: Option<AnyArray>,
    /// What the colours mean (an ICC profile), kept as it is.
    pub profile: Option<Vec<u8>>,
}

impl PictureFormat {
    /// The format's name.
    pub fn name(self) -> &'static str {
        match self {
            PictureFormat::Png => "PNG",
            PictureFormat::Jpeg => "JPEG",
            PictureFormat::Tiff => "TIFF",
        }
    }

    /// The types it stores.
    fn dtypes(self) -> &'static [Dtype] {
        match self {
            PictureFormat::Png => &[Dtype::U8, Dtype::U16],
            PictureFormat::Jpeg => &[Dtype::U8],
            PictureFormat::Tiff => {
                use Dtype::*;
                &[U8, U16, U32, U64, I8, I16, I32, I64, F32, F64]
            }
        }
    }

    /// Greatest width and height.
    fn longest(self) -> usize {
        match self {
            PictureFormat::Jpeg => 65_535,
            _ => i32::MAX as usize,
        }
    }

    /// Whether a picture of this type and shape can be written, with this alpha.
    pub(super) fn check(self, dtype: Dtype, shape: &[usize], alpha: Option<&AnyArray>) -> Result<()> {
        let name = self.name();
        let [height, width] = extent(shape).ok_or_else(|| {
            Failure::data(format!("a picture has shape [height, width] or [height, width, 3], not {shape:?}"))
        })?;
        if !(1..=self.longest()).contains(&height) || !(1..=self.longest()).contains(&width) {
            let longest = self.longest();
            return Err(Failure::data(format!(
                "a {name} is 1 to {longest} pixels wide and high, not {width} and {height}"
            )));
        }
        if !self.dtypes().contains(&dtype) {
            let known: Vec<_> = self.dtypes().iter().map(|dtype| dtype.name()).collect();
            return Err(Failure::data(format!(
                "a {name} holds {}, not {dtype}; --map clip, abs, offset or stretch brings the values into range",
                known.join(", ")
            )));
        }
        match alpha {
            None => Ok(()),
            Some(_) if self == PictureFormat::Jpeg => {
                Err(Failure::data("a JPEG holds no alpha, which the picture has; .png and .tif do"))
            }
            Some(alpha) if alpha.shape() != [height, width] => Err(Failure::data(format!(
                "the picture's alpha of shape {:?} does not fit a result of {height} by {width}; --mode same with a stride of 1 keeps the size",
                alpha.shape()
            ))),
            Some(alpha) => match (alpha.dtype(), dtype) {
                (have, want) if have == want => Ok(()),
                (Dtype::U8, Dtype::U16) => Ok(()),
                (have, want) => Err(Failure::data(format!(
                    "the picture's alpha is {have} and its colours have become {want}; --dtype {have} keeps them alike"
                ))),
            },
        }
    }
}

/// Height and width of an array that is shaped like a picture.
fn extent(shape: &[usize]) -> Option<[usize; 2]> {
    match *shape {
        [height, width] | [height, width, 3] => Some([height, width]),
        _ => None,
    }
}

/// Takes pixels of 1 to 4 samples apart: colours, and the alpha that follows one or three of them.
pub(super) fn split<T: Sample>(
    mut samples: Vec<T>,
    height: usize,
    width: usize,
    per_pixel: usize,
) -> Result<(AnyArray, Option<AnyArray>)> {
    let colours = per_pixel - usize::from(per_pixel.is_multiple_of(2));
    let shape = if colours == 1 { vec![height, width] } else { vec![height, width, colours] };
    let mut alpha = None;
    if colours < per_pixel {
        let opacity = samples.iter().skip(colours).step_by(per_pixel).copied().collect();
        alpha = Some(T::array(Array::new(opacity, &[height, width])?));
        for pixel in 0..height * width {
            samples.copy_within(pixel * per_pixel..pixel * per_pixel + colours, pixel * colours);
        }
        samples.truncate(height * width * colours);
    }
    Ok((T::array(Array::new(samples, &shape)?), alpha))
}

/// Puts alpha behind the colours of each pixel.
pub(super) fn join<T: Sample>(colours: &Array<T>, alpha: Option<&AnyArray>) -> Result<Vec<T>> {
    let Some(alpha) = alpha else { return Ok(colours.data().to_vec()) };
    let alpha = like::<T>(alpha)?;
    let per_pixel = colours.shape().get(2).copied().unwrap_or(1);
    let pixels = colours.data().chunks_exact(per_pixel).zip(alpha.data());
    Ok(pixels.flat_map(|(pixel, opacity)| pixel.iter().chain([opacity])).copied().collect())
}

/// Alpha in the type of the colours: 8 bits stand in 16 as 257 times themselves.
fn like<T: Sample>(alpha: &AnyArray) -> Result<Array<T>> {
    let alpha = match alpha {
        AnyArray::U8(alpha) if T::DTYPE == Dtype::U16 => {
            let wide = alpha.data().iter().map(|&opacity| u16::from(opacity) * 257).collect();
            AnyArray::U16(Array::new(wide, alpha.shape())?)
        }
        alpha => alpha.clone(),
    };
    Ok(alpha.typed()?)
}
