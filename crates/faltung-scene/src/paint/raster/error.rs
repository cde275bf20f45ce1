//! Why there is no picture.

use std::{fmt, time::Duration};

use super::canvas::MOST_PIXELS;

/// Why a scene cannot become pixels: what was expected, what came, and what to do about it.
///
/// ```
/// use faltung::Spec;
/// use faltung_scene::{Subject, View, paint::{Look, png}};
/// let scene = View::Stage.scene(&Subject::new(&[3, 5], &[2, 1], &Spec::new())?, &[1])?;
/// let error = png(&scene, &Look::default(), 0.0).unwrap_err();
/// assert_eq!(error.to_string(), "a scale is a number above zero, such as 1 or 2, and this one is 0");
/// # Ok::<(), faltung_scene::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum RasterError {
    /// A scale that is none.
    #[error("a scale is a number above zero, such as 1 or 2, and this one is {scale}")]
    Scale {
        /// The scale asked for.
        scale: f64,
    },
    /// More pixels than a file of this kind is made of.
    #[error(
        "all frames of a file have at most {} million pixels together, a GIF 65535 along a side, and {frames} of {width} by \
         {height} are more: take a scale of at most {largest}, or fewer places", MOST_PIXELS / 1_000_000
    )]
    Size {
        /// Pixels in a row.
        width: u32,
        /// Rows.
        height: u32,
        /// Frames.
        frames: usize,
        /// The largest scale that is not too large.
        largest: f64,
    },
    /// A time that animations cannot tell.
    #[error("a frame is seen for 0.02 to 655.35 seconds, and not for {time:?}")]
    Time {
        /// The time asked for.
        time: Duration,
    },
    /// A film without scenes.
    #[error("a film of no scenes has nothing to show: give it one")]
    Empty,
    /// An encoder or the painter of pixels refuses: a flaw of ours.
    #[error("{format} cannot be made: {reason}; please report this")]
    Encoding {
        /// Of which file.
        format: &'static str,
        /// What is said.
        reason: String,
    },
}

/// What an encoder says, as an error of ours.
pub(super) fn encoding<E: fmt::Display>(format: &'static str) -> impl Fn(E) -> RasterError {
    move |error| RasterError::Encoding { format, reason: error.to_string() }
}
