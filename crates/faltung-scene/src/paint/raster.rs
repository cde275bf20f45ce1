//! Films as pixels: PNG, animated PNG and GIF, by the feature `raster`.
//!
//! ```text
//! Film -> svg -> Canvas: resvg, with the font of this crate and no other -> pixels -> png | gif
//! ```
//!
//! What is drawn is the SVG of [`svg()`](super::svg()), dot for dot, on every machine: no font of the system is asked. PNG holds exactly
//! what was drawn. GIF has at most 256 colours in all its frames ([`palette`] tells how they are chosen).
//!
//! Who cannot see a picture reads it: a PNG has its title and description as text, a GIF as a comment, in the letters of ASCII that
//! comments have.

mod canvas;
mod error;
mod palette;

use std::{borrow::Cow, time::Duration};

pub use error::RasterError;

use super::{Look, frames, svg, text::ascii};
use crate::{Film, Scene};
use canvas::{Canvas, Pixels};
use error::encoding;

/// How long frames of an animation are seen.
///
/// ```
/// use std::time::Duration;
/// use faltung_scene::paint::Timing;
/// assert_eq!(Timing::default(), Timing { each: Duration::from_millis(800), last: Duration::from_secs(2) });
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timing {
    /// Each of them but the last. Files tell hundredths of a second.
    pub each: Duration,
    /// The last, before the first comes again.
    pub last: Duration,
}

impl Default for Timing {
    /// 0.8 seconds, and 2 seconds for the last.
    fn default() -> Self {
        Timing { each: Duration::from_millis(800), last: Duration::from_secs(2) }
    }
}

impl Timing {
    /// For each of so many frames the time in hundredths of a second.
    fn hundredths(self, frames: usize) -> Result<impl Iterator<Item = u16>, RasterError> {
        let told = |time: Duration| {
            // Shorter ones are slowed down by browsers, each in its own way.
            let hundredths = u16::try_from((time.as_millis() + 5) / 10).ok().filter(|hundredths| *hundredths >= 2);
            hundredths.ok_or(RasterError::Time { time })
        };
        let (each, last) = (told(self.each)?, told(self.last)?);
        Ok((1..=frames).map(move |number| if number == frames { last } else { each }))
    }
}

/// The scene as a PNG, `scale` times as large as its SVG.
///
/// # Errors
/// If the scale is no number above zero, or there would be too many pixels.
///
/// ```
/// use faltung::Spec;
/// use faltung_scene::{Subject, View, paint::{Look, png}};
/// let scene = View::Stage.scene(&Subject::new(&[3, 5], &[2, 1], &Spec::new())?, &[1])?;
/// let file = png(&scene, &Look::default(), 2.0).unwrap();
/// let width = u32::from_be_bytes(file[16..20].try_into().unwrap());
/// assert_eq!((&file[1..4], width), (&b"PNG"[..], 1440));
/// # Ok::<(), faltung_scene::Error>(())
/// ```
pub fn png(scene: &Scene, look: &Look, scale: f64) -> Result<Vec<u8>, RasterError> {
    png_of_svg(&svg(scene, look), [&scene.title, &scene.description], look, scale)
}

/// Any SVG as a PNG, `scale` times as large, on the paper of the look, with a title and a description as text in it.
///
/// Words are drawn in [`FONT`](super::FONT), whatever their `font-family` says; no picture within the SVG is drawn.
///
/// # Errors
/// As [`png()`], and if it is no SVG.
///
/// ```
/// use faltung_scene::paint::{Look, png_of_svg};
/// let svg = r#"<svg xmlns="http://www.w3.org/2000/svg" width="3" height="2"/>"#;
/// let file = png_of_svg(svg, ["Nothing", "A blank picture."], &Look::default(), 10.0).unwrap();
/// assert_eq!(u32::from_be_bytes(file[16..20].try_into().unwrap()), 30);
/// ```
pub fn png_of_svg(svg: &str, [title, description]: [&str; 2], look: &Look, scale: f64) -> Result<Vec<u8>, RasterError> {
    still(&Canvas::new(look, scale, u32::MAX)?, [title, description], svg)
}

/// A PNG for each scene of the film, all of one size, named `frame-000.png` and so on: what programs that make videos read.
///
/// Each is drawn when it is asked for.
///
/// # Errors
/// As [`png()`].
///
/// ```
/// use faltung::Spec;
/// use faltung_scene::{Subject, View, paint::{Look, png_frames}};
/// let film = View::Stage.film(&Subject::new(&[3, 5], &[2, 1], &Spec::new())?, &[1])?;
/// let look = Look::default();
/// let (name, _) = png_frames(&film, &look, 0.5).unwrap().last().unwrap().unwrap();
/// assert_eq!(name, "frame-004.png");
/// # Ok::<(), faltung_scene::Error>(())
/// ```
pub fn png_frames(
    film: &Film,
    look: &Look,
    scale: f64,
) -> Result<impl Iterator<Item = Result<(String, Vec<u8>), RasterError>>, RasterError> {
    let canvas = Canvas::new(look, scale, u32::MAX)?;
    let drawings = frames(film, look).into_iter().zip(&film.scenes).enumerate();
    Ok(drawings.map(move |(number, (svg, scene))| {
        Ok((format!("frame-{number:03}.png"), still(&canvas, [&scene.title, &scene.description], &svg)?))
    }))
}

fn still(canvas: &Canvas, [title, description]: [&str; 2], svg: &str) -> Result<Vec<u8>, RasterError> {
    let pixels = canvas.draw(svg)?;
    let mut file = Vec::new();
    let mut encoder = png_encoder(&mut file, &pixels, title, description)?;
    encoder.set_compression(png::Compression::Balanced);
    let mut writer = encoder.write_header().map_err(encoding("PNG"))?;
    writer.write_image_data(&pixels.rgb).map_err(encoding("PNG"))?;
    writer.finish().map_err(encoding("PNG"))?;
    Ok(file)
}

/// The film as an animated PNG that begins again and again. What does not know animations shows its first scene.
///
/// # Errors
/// As [`png()`], for all pixels of all frames, and if a time is not one that files can tell.
///
/// ```
/// use faltung::Spec;
/// use faltung_scene::{Subject, View, paint::{Look, Timing, apng}};
/// let film = View::Stage.film(&Subject::new(&[3, 5], &[2, 1], &Spec::new())?, &[1])?;
/// let file = apng(&film, &Look::default(), 0.5, &Timing::default()).unwrap();
/// assert_eq!(file.windows(4).filter(|chunk| chunk == b"fcTL").count(), 5);
/// # Ok::<(), faltung_scene::Error>(())
/// ```
pub fn apng(film: &Film, look: &Look, scale: f64, timing: &Timing) -> Result<Vec<u8>, RasterError> {
    let count = u32::try_from(film.scenes.len()).unwrap_or(u32::MAX);
    let times = timing.hundredths(film.scenes.len())?;
    let mut drawn = Canvas::new(look, scale, u32::MAX)?.draw_all(frames(film, look))?;
    let first = drawn.next().ok_or(RasterError::Empty)??;
    let mut file = Vec::new();
    let mut encoder = png_encoder(&mut file, &first, &film.title, &told(film))?;
    encoder.set_animated(count, 0).map_err(encoding("APNG"))?;
    let mut writer = encoder.write_header().map_err(encoding("APNG"))?;
    for (pixels, time) in std::iter::once(Ok(first)).chain(drawn).zip(times) {
        writer.set_frame_delay(time, 100).map_err(encoding("APNG"))?;
        writer.write_image_data(&pixels?.rgb).map_err(encoding("APNG"))?;
    }
    writer.finish().map_err(encoding("APNG"))?;
    Ok(file)
}

fn png_encoder<'f>(
    file: &'f mut Vec<u8>,
    pixels: &Pixels,
    title: &str,
    description: &str,
) -> Result<png::Encoder<'f, &'f mut Vec<u8>>, RasterError> {
    let mut encoder = png::Encoder::new(file, pixels.width, pixels.height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    for (keyword, words) in [("Title", title), ("Description", description)] {
        encoder.add_itxt_chunk(keyword.to_owned(), words.to_owned()).map_err(encoding("PNG"))?;
    }
    Ok(encoder)
}

/// The film as a GIF that begins again and again, with one palette for all frames.
///
/// # Errors
/// As [`apng()`], and if a side has more than 65535 pixels.
///
/// ```
/// use faltung::Spec;
/// use faltung_scene::{Subject, View, paint::{Look, Timing, gif}};
/// let film = View::Stage.film(&Subject::new(&[3, 5], &[2, 1], &Spec::new())?, &[1])?;
/// let file = gif(&film, &Look::default(), 0.5, &Timing::default()).unwrap();
/// assert_eq!((&file[..6], u16::from_le_bytes([file[6], file[7]])), (&b"GIF89a"[..], 360));
/// # Ok::<(), faltung_scene::Error>(())
/// ```
pub fn gif(film: &Film, look: &Look, scale: f64, timing: &Timing) -> Result<Vec<u8>, RasterError> {
    let times = timing.hundredths(film.scenes.len())?;
    let canvas = Canvas::new(look, scale, u32::from(u16::MAX))?;
    let drawn: Vec<Pixels> = canvas.draw_all(frames(film, look))?.collect::<Result<_, RasterError>>()?;
    let first = drawn.first().ok_or(RasterError::Empty)?;
    let [width, height] = [first.width as u16, first.height as u16];
    let palette = palette::Palette::of(drawn.iter().map(|pixels| &pixels.rgb[..]));
    let mut file = Vec::new();
    let mut encoder = gif::Encoder::new(&mut file, width, height, &palette.bytes()).map_err(encoding("GIF"))?;
    encoder.set_repeat(gif::Repeat::Infinite).map_err(encoding("GIF"))?;
    let comment = ascii(&format!("{}\n{}", film.title, told(film)));
    let pieces: Vec<&[u8]> = comment.as_bytes().chunks(255).collect();
    encoder.write_raw_extension(gif::AnyExtension(gif::Extension::Comment as u8), &pieces).map_err(encoding("GIF"))?;
    for (pixels, delay) in drawn.iter().zip(times) {
        let buffer = Cow::Owned(palette.indices(&pixels.rgb));
        let frame = gif::Frame { width, height, delay, buffer, ..gif::Frame::default() };
        encoder.write_frame(&frame).map_err(encoding("GIF"))?;
    }
    drop(encoder);
    Ok(file)
}

/// What all scenes show, a line each.
fn told(film: &Film) -> String {
    let lines: Vec<&str> = film.scenes.iter().map(|scene| &scene.description[..]).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_hundredths_of_a_second_and_the_last_is_its_own() {
        assert_eq!(Timing::default().hundredths(3).unwrap().collect::<Vec<_>>(), [80, 80, 200]);
        assert_eq!(Timing::default().hundredths(1).unwrap().collect::<Vec<_>>(), [200]);
        for time in [Duration::ZERO, Duration::from_millis(14), Duration::from_secs(656)] {
            let error = Timing { each: time, ..Timing::default() }.hundredths(3).err();
            assert_eq!(error, Some(RasterError::Time { time }));
        }
    }
}
