//! How pictures look: light or dark, how wide, and by which names documents know their elements.

use std::{fmt, str::FromStr};

/// The least width of a picture: that of a small telephone.
const LEAST_WIDTH: f64 = 320.0;

/// How a picture looks.
///
/// ```
/// use faltung_scene::paint::{Look, Theme};
/// assert_eq!(Look::default(), Look { theme: Theme::Light, width: 720.0, prefix: String::new() });
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Look {
    /// Dark on light, or light on dark.
    pub theme: Theme,
    /// The width in pixels at a scale of 1. Taken as 320 if it is less, or no number. A picture with grids of many cells is wider
    /// if it has to be.
    pub width: f64,
    /// What all ids begin with, of the letters `a-z0-9-`: a document with several pictures gives each its own.
    pub prefix: String,
}

impl Default for Look {
    /// Light, 720 pixels wide, ids as they are in the scene.
    fn default() -> Self {
        Look { theme: Theme::Light, width: 720.0, prefix: String::new() }
    }
}

impl Look {
    /// The width that is aimed at.
    pub(super) fn wanted_width(&self) -> f64 {
        if self.width.is_finite() { self.width.max(LEAST_WIDTH) } else { LEAST_WIDTH }
    }
}

/// Light or dark. All marks of either stand out by at least 3 to 1, all words by 4.5 to 1, as WCAG 2.2 counts it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    /// Dark on white.
    Light,
    /// Light on nearly black.
    Dark,
}

impl Theme {
    /// Both.
    pub const ALL: &[Theme] = &[Theme::Light, Theme::Dark];

    /// The word for it.
    ///
    /// ```
    /// assert_eq!(faltung_scene::paint::Theme::Dark.name(), "dark");
    /// ```
    pub fn name(self) -> &'static str {
        match self {
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }
}

impl fmt::Display for Theme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A theme's name.
impl FromStr for Theme {
    type Err = faltung::Error;
    fn from_str(text: &str) -> Result<Self, faltung::Error> {
        let known = Theme::ALL.iter().find(|theme| theme.name() == text);
        known.copied().ok_or_else(|| faltung::Error::Word {
            what: "theme",
            word: text.to_owned(),
            suggestion: None,
            expected: Theme::ALL.iter().map(|theme| theme.name()).collect::<Vec<_>>().join(", "),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn themes_are_known_by_their_names() {
        assert_eq!("dark".parse::<Theme>().unwrap(), Theme::Dark);
        assert!("dim".parse::<Theme>().unwrap_err().to_string().contains("light, dark"));
    }

    #[test]
    fn widths_are_never_too_small_to_read() {
        let width = |width| Look { width, ..Look::default() }.wanted_width();
        assert_eq!([width(1000.0), width(10.0), width(f64::NAN)], [1000.0, 320.0, 320.0]);
    }
}
