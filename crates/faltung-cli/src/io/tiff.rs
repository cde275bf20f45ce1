//! TIFF, through the crate `tiff`: integers and floats of all sizes, grey or RGB, strips or tiles, compressed or not.
//!
//! Grey of fewer than 8 bits is expanded to 8, planes are woven into pixels, and alpha is what the file declares as
//! such. Palettes, CMYK and several pages are refused. Written uncompressed, for everyone to read.

use std::io::{Seek, Write};

use faltung::{AnyArray, Array, Sample};
use tiff::{
    ColorType, TiffError,
    decoder::{Decoder, DecodingResult, Limits},
    encoder::{TiffEncoder, TiffValue, colortype},
    tags::{ExtraSamples, PhotometricInterpretation, SampleFormat, Tag},
};

use super::{
    failure::{Failure, Result},
    input::{Input, ReadSeek},
    picture::{self, Picture, PictureFormat},
};

/// Reads the one page of a file.
pub(super) fn read(input: Input<'_>) -> Result<(AnyArray, Picture)> {
    let (bytes, mut budget) = input.into_seekable()?;
    budget.bound();
    let mut limits = Limits::default();
    limits.decoding_buffer_size = budget.left();
    limits.intermediate_buffer_size = limits.intermediate_buffer_size.min(budget.left());
    let mut decoder = Decoder::new(bytes).map_err(unfit)?.with_limits(limits);
    let page = Page::of(&mut decoder)?;
    let layout = decoder.image_buffer_layout().map_err(unfit)?;
    budget.pay(layout.complete_len)?;
    if page.is_rearranged() {
        budget.pay(layout.complete_len.saturating_mul(8 / usize::from(page.bits.min(8))))?;
    }
    let mut samples = DecodingResult::U8(Vec::new());
    decoder.read_image_to_buffer(&mut samples).map_err(unfit)?;
    let profile = decoder.get_tag_u8_vec(Tag::IccProfile).ok();
    refuse_pages(&mut decoder)?;
    let (array, alpha) = match samples {
        DecodingResult::U8(samples) if page.bits < 8 => page.arrays(page.unpacked(&samples)),
        DecodingResult::U8(samples) => page.arrays(samples),
        DecodingResult::U16(samples) => page.arrays(samples),
        DecodingResult::U32(samples) => page.arrays(samples),
        DecodingResult::U64(samples) => page.arrays(samples),
        DecodingResult::I8(samples) => page.arrays(samples),
        DecodingResult::I16(samples) => page.arrays(samples),
        DecodingResult::I32(samples) => page.arrays(samples),
        DecodingResult::I64(samples) => page.arrays(samples),
        DecodingResult::F16(samples) => page.arrays(samples),
        DecodingResult::F32(samples) => page.arrays(samples),
        DecodingResult::F64(samples) => page.arrays(samples),
    }?;
    Ok((array, Picture { format: PictureFormat::Tiff, alpha, profile }))
}

type Source<'a> = Decoder<Box<dyn ReadSeek + 'a>>;

/// How the samples of a page lie.
struct Page {
    height: usize,
    width: usize,
    per_pixel: usize,
    bits: u8,
    /// Whether each colour is a plane of its own.
    planar: bool,
}

impl Page {
    fn of(decoder: &mut Source<'_>) -> Result<Page> {
        let (width, height) = decoder.dimensions().map_err(unfit)?;
        let colour = decoder.colortype().map_err(unfit)?;
        let samples: Option<u16> = decoder.find_tag_unsigned(Tag::SamplesPerPixel).map_err(unfit)?;
        let per_pixel = usize::from(samples.unwrap_or(1));
        let extra: Option<Vec<u16>> = decoder.find_tag_unsigned_vec(Tag::ExtraSamples).map_err(unfit)?;
        let alpha = matches!(extra.as_deref(), Some([1 | 2]));
        let planar: Option<u16> = decoder.find_tag_unsigned(Tag::PlanarConfiguration).map_err(unfit)?;
        let fits = match colour {
            ColorType::Gray(_) | ColorType::RGB(_) => per_pixel == usize::from(colour.num_samples()),
            ColorType::RGBA(_) => per_pixel == 4,
            ColorType::Multiband { num_samples: 2, .. } => alpha,
            _ => false,
        };
        if !fits || (colour.bit_depth() < 8 && per_pixel > 1) {
            return Err(Failure::data(format!(
                "a TIFF of {per_pixel} samples a pixel as {colour:?} is not read; grey and RGB, each with or without \
                 alpha, are"
            )));
        }
        let (height, width) = (height as usize, width as usize);
        Ok(Page { height, width, per_pixel, bits: colour.bit_depth(), planar: planar == Some(2) })
    }

    /// Whether the samples are copied once more on the way.
    fn is_rearranged(&self) -> bool {
        self.bits < 8 || self.planar
    }

    /// Samples of 1 to 7 bits, packed row by row, stretched to 8.
    fn unpacked(&self, packed: &[u8]) -> Vec<u8> {
        let bits = usize::from(self.bits);
        let greatest = (1u32 << bits) - 1;
        let stride = (self.width * bits).div_ceil(8).max(1);
        let sample = |row: &[u8], at: usize| {
            let level = (at * bits..(at + 1) * bits)
                .fold(0, |all, bit| all << 1 | u32::from(row[bit / 8] >> (7 - bit % 8) & 1));
            (level * 255 / greatest) as u8
        };
        let rows = packed.chunks_exact(stride).take(self.height);
        rows.flat_map(|row| (0..self.width).map(move |at| sample(row, at))).collect()
    }

    fn arrays<T: Sample>(&self, samples: Vec<T>) -> Result<(AnyArray, Option<AnyArray>)> {
        let pixels = self.height * self.width;
        if samples.len() != pixels * self.per_pixel {
            return Err(Failure::data("the TIFF holds fewer samples than its size needs; an intact file is needed"));
        }
        let samples = if self.planar && self.per_pixel > 1 {
            (0..samples.len()).map(|at| samples[at % self.per_pixel * pixels + at / self.per_pixel]).collect()
        } else {
            samples
        };
        picture::split(samples, self.height, self.width, self.per_pixel)
    }
}

/// Refuses further pages; smaller copies of the first are no pages.
fn refuse_pages(decoder: &mut Source<'_>) -> Result<()> {
    while decoder.more_images() {
        decoder.next_image().map_err(unfit)?;
        let kind: u32 = decoder.find_tag_unsigned(Tag::NewSubfileType).map_err(unfit)?.unwrap_or(0);
        if kind & 1 == 0 {
            return Err(Failure::data("the TIFF holds several pages; a file of one is needed"));
        }
    }
    Ok(())
}

/// Writes one page.
pub(super) fn write(
    out: impl Write + Seek,
    array: &AnyArray,
    alpha: Option<&AnyArray>,
    profile: Option<&[u8]>,
) -> Result<()> {
    let page = (alpha, profile);
    match array {
        AnyArray::U8(array) => write_samples(out, array, page),
        AnyArray::U16(array) => write_samples(out, array, page),
        AnyArray::U32(array) => write_samples(out, array, page),
        AnyArray::U64(array) => write_samples(out, array, page),
        AnyArray::I8(array) => write_samples(out, array, page),
        AnyArray::I16(array) => write_samples(out, array, page),
        AnyArray::I32(array) => write_samples(out, array, page),
        AnyArray::I64(array) => write_samples(out, array, page),
        AnyArray::F32(array) => write_samples(out, array, page),
        AnyArray::F64(array) => write_samples(out, array, page),
        other => Err(Failure::data(format!("TIFF has no type {}", other.dtype()))),
    }
}

fn write_samples<T: Stored>(
    out: impl Write + Seek,
    array: &Array<T>,
    (alpha, profile): (Option<&AnyArray>, Option<&[u8]>),
) -> Result<()>
where
    [T]: TiffValue,
{
    let samples = picture::join(array, alpha)?;
    let mut encoder = TiffEncoder::new(out).map_err(unfit)?;
    match array.shape() {
        [_, _] => write_pixels::<Pixel<T, 1>>(&mut encoder, array.shape(), &samples, alpha.is_some(), profile),
        _ => write_pixels::<Pixel<T, 3>>(&mut encoder, array.shape(), &samples, alpha.is_some(), profile),
    }
    .map_err(unfit)
}

fn write_pixels<P: colortype::ColorType>(
    encoder: &mut TiffEncoder<impl Write + Seek>,
    shape: &[usize],
    samples: &[P::Inner],
    alpha: bool,
    profile: Option<&[u8]>,
) -> tiff::TiffResult<()>
where
    [P::Inner]: TiffValue,
{
    let mut image = encoder.new_image::<P>(shape[1] as u32, shape[0] as u32)?;
    if alpha {
        image.extra_samples(&[ExtraSamples::UnassociatedAlpha])?;
    }
    if let Some(profile) = profile {
        image.encoder().write_tag(Tag::IccProfile, profile)?;
    }
    image.write_data(samples)
}

/// A pixel of `N` samples of type `T`.
struct Pixel<T, const N: usize>(std::marker::PhantomData<T>);

/// A sample that TIFF stores.
trait Stored: Sample + TiffValue {
    const BITS: u16 = size_of::<Self>() as u16 * 8;
    const FORMAT: SampleFormat;
}

/// Stamps the samples that TIFF stores.
macro_rules! stored {
    ($($sample:ty: $format:ident),+) => {
        $(impl Stored for $sample { const FORMAT: SampleFormat = SampleFormat::$format; })+
    };
}
stored! { u8: Uint, u16: Uint, u32: Uint, u64: Uint, i8: Int, i16: Int, i32: Int, i64: Int, f32: IEEEFP, f64: IEEEFP }

impl<T: Stored, const N: usize> colortype::ColorType for Pixel<T, N> {
    type Inner = T;
    const TIFF_VALUE: PhotometricInterpretation =
        if N == 1 { PhotometricInterpretation::BlackIsZero } else { PhotometricInterpretation::RGB };
    const BITS_PER_SAMPLE: &'static [u16] = &[T::BITS; N];
    const SAMPLE_FORMAT: &'static [SampleFormat] = &[T::FORMAT; N];

    fn horizontal_predict(row: &[T], result: &mut Vec<T>) {
        // Only asked for with a predictor, and none is set.
        result.extend_from_slice(row);
    }
}

fn unfit(error: TiffError) -> Failure {
    match error {
        TiffError::IoError(error) => error.into(),
        TiffError::LimitsExceeded => Failure::data("its contents take too much memory; --max-memory allows more"),
        error => Failure::data(format!("{error}; an intact TIFF of grey or RGB is needed")),
    }
}
