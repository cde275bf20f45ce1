//! From SVG to pixels, by resvg.

use std::sync::Arc;

use resvg::{
    tiny_skia::{Color, Pixmap, Transform},
    usvg::{self, fontdb},
};

use super::{
    super::{
        look::Look,
        svg::{FONT, palette},
    },
    error::{RasterError, encoding},
};

/// Most pixels of all frames of a file together. Each takes four bytes while it is drawn.
pub(super) const MOST_PIXELS: u64 = 100_000_000;

/// What all frames are drawn with.
pub(super) struct Canvas {
    options: usvg::Options<'static>,
    paper: Color,
    scale: f64,
    /// Most pixels along a side.
    longest: u32,
}

/// A drawn picture.
pub(super) struct Pixels {
    pub(super) width: u32,
    pub(super) height: u32,
    /// Red, green and blue of each pixel, row by row.
    pub(super) rgb: Vec<u8>,
}

impl Canvas {
    /// For pictures so many times as large as their SVG, and with sides no longer than that.
    pub(super) fn new(look: &Look, scale: f64, longest: u32) -> Result<Canvas, RasterError> {
        if !(scale.is_finite() && scale > 0.0) {
            return Err(RasterError::Scale { scale });
        }
        let mut fonts = fontdb::Database::new();
        fonts.load_font_data(FONT.to_vec());
        let options = usvg::Options { fontdb: Arc::new(fonts), ..usvg::Options::default() };
        let (_, paper) = palette(look.theme)[0];
        let [red, green, blue] = [1, 3, 5].map(|at| u8::from_str_radix(&paper[at..at + 2], 16).unwrap_or(u8::MAX));
        Ok(Canvas { options, paper: Color::from_rgba8(red, green, blue, u8::MAX), scale, longest })
    }

    pub(super) fn draw(&self, svg: &str) -> Result<Pixels, RasterError> {
        self.drawn(&self.tree(svg)?, 1)
    }

    /// All of them, one after the other. That there are not too many pixels is known before the first is drawn.
    pub(super) fn draw_all(
        self,
        svgs: Vec<String>,
    ) -> Result<impl Iterator<Item = Result<Pixels, RasterError>>, RasterError> {
        let count = svgs.len();
        if let Some(first) = svgs.first() {
            self.size(&self.tree(first)?, count)?;
        }
        Ok(svgs.into_iter().map(move |svg| self.drawn(&self.tree(&svg)?, count)))
    }

    fn tree(&self, svg: &str) -> Result<usvg::Tree, RasterError> {
        usvg::Tree::from_str(svg, &self.options).map_err(encoding("a picture"))
    }

    /// The size in pixels, if so many frames of it are not too many pixels.
    fn size(&self, tree: &usvg::Tree, frames: usize) -> Result<[u32; 2], RasterError> {
        // Sides beyond u32 become the largest one, and so are too many.
        let size = tree.size();
        let sides = [size.width(), size.height()].map(f64::from);
        let [width, height] = sides.map(|side| (side * self.scale).round().max(1.0) as u32);
        let pixels = u64::from(width).saturating_mul(u64::from(height)).saturating_mul(frames as u64);
        match pixels <= MOST_PIXELS && width.max(height) <= self.longest {
            true => Ok([width, height]),
            false => Err(RasterError::Size { width, height, frames, largest: self.largest(sides, frames) }),
        }
    }

    /// The largest scale of such sides that is not too large, in hundredths, less half of one for the rounding of sides.
    fn largest(&self, [width, height]: [f64; 2], frames: usize) -> f64 {
        let by_pixels = (MOST_PIXELS as f64 / (width * height * frames as f64)).sqrt();
        let by_side = f64::from(self.longest) / width.max(height);
        (by_pixels.min(by_side) * 100.0 - 0.5).floor() / 100.0
    }

    fn drawn(&self, tree: &usvg::Tree, frames: usize) -> Result<Pixels, RasterError> {
        let [width, height] = self.size(tree, frames)?;
        let mut pixmap = Pixmap::new(width, height).ok_or("no memory").map_err(encoding("a picture"))?;
        pixmap.fill(self.paper);
        let scale = self.scale as f32;
        resvg::render(tree, Transform::from_scale(scale, scale), &mut pixmap.as_mut());
        // On paper nothing is transparent.
        let rgb = pixmap.pixels().iter().flat_map(|pixel| [pixel.red(), pixel.green(), pixel.blue()]).collect();
        Ok(Pixels { width, height, rgb })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_that_is_advised_is_accepted_and_little_more_is_not() {
        let svg = r#"<svg xmlns="http://www.w3.org/2000/svg" width="720" height="913"/>"#;
        for (frames, longest) in [(1, u32::MAX), (12, u32::MAX), (64, u32::MAX), (1, 65535), (1, 1000)] {
            let size = |scale| {
                let canvas = Canvas::new(&Look::default(), scale, longest).unwrap();
                canvas.size(&canvas.tree(svg).unwrap(), frames)
            };
            let Err(RasterError::Size { largest, .. }) = size(1e6) else { panic!("this is too large") };
            assert!(size(largest).is_ok(), "{largest}");
            assert!(size(largest * 1.02).is_err(), "{largest}");
        }
    }
}
