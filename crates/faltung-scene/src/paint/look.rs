//! How pictures look: their theme, their width, and the colour of each role.
//!
//! Colours are told apart by those who see few of them (blue, orange, green and magenta of different lightness), and no colour
//! stands alone: signs have hatching of two directions, what is not known is dashed, what a boundary supplies is hollow. Marks
//! have a contrast of 3 to 1 at least to their ground, texts of 4.5 to 1 (WCAG 2.2, 1.4.3 and 1.4.11).

use crate::Role;

/// How a picture is painted.
///
/// ```
/// use faltung_scene::paint::{Look, Theme};
/// let look = Look { theme: Theme::Dark, ..Look::default() };
/// assert_eq!(look.width, 760.0);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Look {
    /// Light or dark.
    pub theme: Theme,
    /// Its width, in CSS pixels; at least 320 are taken. The height is what the scene needs.
    pub width: f64,
    /// What all identifiers begin with, for pages with several pictures: letters, digits and `-`.
    pub prefix: String,
}

impl Default for Look {
    /// Light, 760 pixels wide, identifiers as they are in the scene.
    fn default() -> Self {
        Look { theme: Theme::Light, width: 760.0, prefix: String::new() }
    }
}

/// Whether the ground is light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    /// Dark on white.
    Light,
    /// Light on near black.
    Dark,
}

impl Theme {
    /// Both of them.
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

/// The colours of a theme, as `#rrggbb`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Palette {
    pub(super) ground: &'static str,
    /// Behind what is marked.
    pub(super) tint: &'static str,
    pub(super) ink: &'static str,
    /// Words that matter less.
    pub(super) quiet: &'static str,
    /// Lines that only guide the eye.
    pub(super) guide: &'static str,
    /// Zero lines and rules of tables.
    pub(super) rule: &'static str,
    input: &'static str,
    kernel: &'static str,
    positive: &'static str,
    negative: &'static str,
    output: &'static str,
    ghost: &'static str,
    pub(super) marker: &'static str,
}

const LIGHT: Palette = Palette {
    ground: "#ffffff",
    tint: "#fbeaf4",
    ink: "#1d252c",
    quiet: "#56616b",
    guide: "#dfe4e8",
    rule: "#7d8791",
    input: "#0b6a9c",
    kernel: "#b35900",
    positive: "#0b6a9c",
    negative: "#c03a10",
    output: "#17795a",
    ghost: "#7d8791",
    marker: "#a4166b",
};

const DARK: Palette = Palette {
    ground: "#14181d",
    tint: "#3a2233",
    ink: "#e8ebee",
    quiet: "#aab3bc",
    guide: "#2c343c",
    rule: "#78838e",
    input: "#63bdec",
    kernel: "#f0a455",
    positive: "#63bdec",
    negative: "#ff8f66",
    output: "#55cb9f",
    ghost: "#78838e",
    marker: "#f590c9",
};

impl Palette {
    pub(super) fn of(theme: Theme) -> Palette {
        match theme {
            Theme::Light => LIGHT,
            Theme::Dark => DARK,
        }
    }

    /// The colour of what has this role.
    pub(super) fn role(&self, role: Role) -> &'static str {
        match role {
            Role::Input | Role::Virtual => self.input,
            Role::Kernel => self.kernel,
            Role::Positive => self.positive,
            Role::Negative => self.negative,
            Role::Output => self.output,
            Role::Ghost | Role::Cropped => self.ghost,
            Role::Marker => self.marker,
            Role::Plain => self.rule,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance, as WCAG defines it.
    fn luminance(colour: &str) -> f64 {
        let channel = |at: usize| {
            let c = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
            if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
    }

    fn contrast(a: &str, b: &str) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn marks_and_words_stand_out_from_their_ground() {
        for theme in [Theme::Light, Theme::Dark] {
            let palette = Palette::of(theme);
            for ground in [palette.ground, palette.tint] {
                for words in [palette.ink, palette.quiet, palette.marker] {
                    assert!(contrast(words, ground) >= 4.5, "{theme:?}: {words} on {ground}");
                }
            }
            let roles = [
                Role::Input,
                Role::Kernel,
                Role::Positive,
                Role::Negative,
                Role::Output,
                Role::Ghost,
                Role::Virtual,
                Role::Cropped,
                Role::Marker,
                Role::Plain,
            ];
            for role in roles {
                let found = contrast(palette.role(role), palette.ground);
                assert!(found >= 3.0, "{theme:?}: {role:?} has {found}");
            }
        }
    }
}
