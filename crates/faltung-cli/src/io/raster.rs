//! PNG and JPEG, through the crate `image`.
//!
//! Palettes and fewer than 8 bits are expanded; pictures come upright, as their EXIF orientation asks, for no such note
//! is written. A JPEG that breaks off would be filled up with grey by the decoder; its markers are walked through first.

use std::io::{Cursor, Read, Write};

use faltung::AnyArray;
use image::{
    DynamicImage, ImageBuffer, ImageDecoder, ImageEncoder, ImageError, Limits,
    codecs::{
        jpeg::{JpegDecoder, JpegEncoder},
        png::{CompressionType, FilterType, PngDecoder, PngEncoder},
    },
    metadata::Orientation,
};

use super::{
    failure::{Failure, Result},
    input::{Budget, Input},
    picture::{self, Picture, PictureFormat},
};

const JPEG_QUALITY: u8 = 95;

/// Reads a PNG.
pub(super) fn read_png(input: Input<'_>) -> Result<(AnyArray, Picture)> {
    let (bytes, mut budget) = input.into_seekable()?;
    budget.bound();
    let decoder = PngDecoder::with_limits(bytes, limits(&budget)).map_err(unfit)?;
    read(decoder, budget, PictureFormat::Png)
}

/// Reads a JPEG.
pub(super) fn read_jpeg(input: Input<'_>) -> Result<(AnyArray, Picture)> {
    let (mut bytes, mut budget) = input.into_seekable()?;
    let mut all = Vec::new();
    bytes.read_to_end(&mut all)?;
    budget.bound();
    let scans = Scans::of(&all)?;
    let decoder = JpegDecoder::new(Cursor::new(all)).map_err(unfit)?;
    if scans == Scans::Progressive {
        // The decoder keeps the coefficients of the whole picture, two bytes for each sample.
        budget.pay(usize::try_from(decoder.total_bytes()).unwrap_or(usize::MAX))?;
    }
    read(decoder, budget, PictureFormat::Jpeg)
}

fn limits(budget: &Budget) -> Limits {
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(budget.left() as u64);
    limits
}

fn read(mut decoder: impl ImageDecoder, mut budget: Budget, format: PictureFormat) -> Result<(AnyArray, Picture)> {
    let size = usize::try_from(decoder.total_bytes()).unwrap_or(usize::MAX);
    budget.pay(size)?;
    let profile = decoder.icc_profile().map_err(unfit)?;
    let orientation = decoder.orientation().map_err(unfit)?;
    if orientation != Orientation::NoTransforms {
        budget.pay(size)?;
    }
    let mut image = DynamicImage::from_decoder(decoder).map_err(unfit)?;
    image.apply_orientation(orientation);
    let (height, width) = (image.height() as usize, image.width() as usize);
    let (array, alpha) = match image {
        DynamicImage::ImageLuma8(image) => picture::split(image.into_raw(), height, width, 1),
        DynamicImage::ImageLumaA8(image) => picture::split(image.into_raw(), height, width, 2),
        DynamicImage::ImageRgb8(image) => picture::split(image.into_raw(), height, width, 3),
        DynamicImage::ImageRgba8(image) => picture::split(image.into_raw(), height, width, 4),
        DynamicImage::ImageLuma16(image) => picture::split(image.into_raw(), height, width, 1),
        DynamicImage::ImageLumaA16(image) => picture::split(image.into_raw(), height, width, 2),
        DynamicImage::ImageRgb16(image) => picture::split(image.into_raw(), height, width, 3),
        DynamicImage::ImageRgba16(image) => picture::split(image.into_raw(), height, width, 4),
        _ => Err(Failure::data("its samples are of no type that is read; 8 and 16 bits are accepted")),
    }?;
    Ok((array, Picture { format, alpha, profile }))
}

/// Writes a PNG.
pub(super) fn write_png(
    out: impl Write,
    array: &AnyArray,
    alpha: Option<&AnyArray>,
    profile: Option<&[u8]>,
) -> Result<()> {
    let mut encoder = PngEncoder::new_with_quality(out, CompressionType::Default, FilterType::Adaptive);
    if let Some(profile) = profile {
        encoder.set_icc_profile(profile.to_vec()).map_err(|error| Failure::data(error.to_string()))?;
    }
    image(array, alpha)?.write_with_encoder(encoder).map_err(unfit)
}

/// Writes a JPEG.
pub(super) fn write_jpeg(out: impl Write, array: &AnyArray, profile: Option<&[u8]>) -> Result<()> {
    let mut encoder = JpegEncoder::new_with_quality(out, JPEG_QUALITY);
    if let Some(profile) = profile {
        encoder.set_icc_profile(profile.to_vec()).map_err(|error| Failure::data(error.to_string()))?;
    }
    image(array, None)?.write_with_encoder(encoder).map_err(unfit)
}

/// The picture as `image` has it.
fn image(array: &AnyArray, alpha: Option<&AnyArray>) -> Result<DynamicImage> {
    let shape = array.shape();
    let (height, width) = (shape[0] as u32, shape[1] as u32);
    let colour = shape.len() == 3;
    let image = match array {
        AnyArray::U8(array) => {
            let samples = picture::join(array, alpha)?;
            match (colour, alpha.is_some()) {
                (false, false) => ImageBuffer::from_raw(width, height, samples).map(DynamicImage::ImageLuma8),
                (false, true) => ImageBuffer::from_raw(width, height, samples).map(DynamicImage::ImageLumaA8),
                (true, false) => ImageBuffer::from_raw(width, height, samples).map(DynamicImage::ImageRgb8),
                (true, true) => ImageBuffer::from_raw(width, height, samples).map(DynamicImage::ImageRgba8),
            }
        }
        AnyArray::U16(array) => {
            let samples = picture::join(array, alpha)?;
            match (colour, alpha.is_some()) {
                (false, false) => ImageBuffer::from_raw(width, height, samples).map(DynamicImage::ImageLuma16),
                (false, true) => ImageBuffer::from_raw(width, height, samples).map(DynamicImage::ImageLumaA16),
                (true, false) => ImageBuffer::from_raw(width, height, samples).map(DynamicImage::ImageRgb16),
                (true, true) => ImageBuffer::from_raw(width, height, samples).map(DynamicImage::ImageRgba16),
            }
        }
        _ => None,
    };
    image.ok_or_else(|| Failure::data(format!("no picture can be made of {} in shape {shape:?}", array.dtype())))
}

/// How a JPEG brings its samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scans {
    /// One after another.
    Sequential,
    /// All of them coarsely, then finer.
    Progressive,
}

impl Scans {
    /// Walks through the markers up to the end of the image, which a truncated file does not have.
    fn of(jpeg: &[u8]) -> Result<Scans> {
        let mut scans = Scans::Sequential;
        let mut at = 2;
        loop {
            // Entropy-coded data hold 0xff only before 0x00 or a restart marker; fill bytes repeat it.
            let marker = jpeg[at.min(jpeg.len())..]
                .windows(2)
                .position(|pair| pair[0] == 0xff && !matches!(pair[1], 0x00 | 0x01 | 0xd0..=0xd7 | 0xff));
            let Some(marker) = marker else {
                return Err(Failure::data("the JPEG ends too early; a complete one is needed"));
            };
            at += marker + 2;
            match jpeg[at - 1] {
                0xd9 => return Ok(scans),
                0xc2 | 0xc6 | 0xca | 0xce => scans = Scans::Progressive,
                _ => {}
            }
            let len = jpeg.get(at..at + 2).map_or(0, |len| usize::from(u16::from_be_bytes([len[0], len[1]])));
            at += len;
        }
    }
}

fn unfit(error: ImageError) -> Failure {
    match error {
        ImageError::IoError(error) => error.into(),
        ImageError::Limits(_) => Failure::data("its contents take too much memory; --max-memory allows more"),
        error => {
            let words = error.to_string();
            Failure::data(format!("{}; an intact file is needed", words.lines().collect::<Vec<_>>().join("; ")))
        }
    }
}
