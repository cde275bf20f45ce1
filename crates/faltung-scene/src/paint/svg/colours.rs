//! Colours of both themes.
//!
//! The hues are those of Okabe and Ito, which people with any colour vision tell apart, made darker on white and lighter on
//! black until they stand out by 3 to 1. No mark is told by its colour alone: products differ by hatching, virtual samples
//! are hollow, what is cropped has crosses, ghosts are dashed.

use super::super::look::Theme;
use crate::Role;

/// The colours of a theme, as SVG writes them.
pub(super) struct Colours {
    /// Behind all.
    pub(super) paper: &'static str,
    /// Titles, labels, numbers.
    pub(super) ink: &'static str,
    /// Ticks, names of axes, notes, what is faint.
    pub(super) muted: &'static str,
    /// Grid lines: they carry nothing that is not written.
    pub(super) grid: &'static str,
    /// Behind the column that is marked.
    pub(super) tint: &'static str,
    input: &'static str,
    kernel: &'static str,
    positive: &'static str,
    negative: &'static str,
    output: &'static str,
    ghost: &'static str,
}

const LIGHT: Colours = Colours {
    paper: "#ffffff",
    ink: "#1b1f24",
    muted: "#57606a",
    grid: "#e6e8eb",
    tint: "#fff1cc",
    input: "#0072b2",
    kernel: "#a3457f",
    positive: "#00805e",
    negative: "#c04f00",
    output: "#3b434c",
    ghost: "#868e96",
};

const DARK: Colours = Colours {
    paper: "#14171b",
    ink: "#eceff2",
    muted: "#a6aeb7",
    grid: "#2b3138",
    tint: "#43380f",
    input: "#56b4e9",
    kernel: "#dd8fbb",
    positive: "#2dbd92",
    negative: "#f28c38",
    output: "#c4cbd2",
    ghost: "#7a838c",
};

impl Colours {
    pub(super) fn of(theme: Theme) -> &'static Colours {
        match theme {
            Theme::Light => &LIGHT,
            Theme::Dark => &DARK,
        }
    }

    /// All of them, with their names.
    pub(super) fn named(&self) -> [(&'static str, &'static str); 11] {
        [
            ("paper", self.paper),
            ("ink", self.ink),
            ("muted", self.muted),
            ("grid", self.grid),
            ("tint", self.tint),
            ("input", self.input),
            ("kernel", self.kernel),
            ("positive", self.positive),
            ("negative", self.negative),
            ("output", self.output),
            ("ghost", self.ghost),
        ]
    }

    /// The colour of a mark.
    pub(super) fn role(&self, role: Role) -> &'static str {
        match role {
            Role::Input | Role::Virtual => self.input,
            Role::Kernel => self.kernel,
            Role::Positive => self.positive,
            Role::Negative => self.negative,
            Role::Output => self.output,
            Role::Ghost | Role::Cropped => self.ghost,
            Role::Marker => self.ink,
            Role::Plain => self.muted,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The relative luminance of WCAG 2.2.
    fn luminance(colour: &str) -> f64 {
        let part = |at: usize| {
            let c = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
            if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
    }

    fn contrast(a: &str, b: &str) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// `colour` over `paper`, as opaque as `share` says.
    fn mixed(colour: &str, paper: &str, share: f64) -> String {
        let part = |text: &str, at: usize| f64::from(u8::from_str_radix(&text[at..at + 2], 16).unwrap());
        let mix = |at: usize| (share * part(colour, at) + (1.0 - share) * part(paper, at)).round() as u8;
        format!("#{:02x}{:02x}{:02x}", mix(1), mix(3), mix(5))
    }

    #[test]
    fn every_colour_is_another() {
        // Style sheets of pages tell them apart by their values.
        for theme in Theme::ALL {
            let mut values = Colours::of(*theme).named().map(|(_, value)| value);
            values.sort_unstable();
            assert!(values.windows(2).all(|pair| pair[0] != pair[1]), "{values:?}");
        }
    }

    #[test]
    fn contrast_is_counted_as_wcag_does() {
        assert!((contrast("#000000", "#ffffff") - 21.0).abs() < 1e-9);
        assert!((contrast("#777777", "#ffffff") - 4.48).abs() < 0.01);
    }

    #[test]
    fn marks_stand_out_by_three_to_one_and_words_by_four_and_a_half() {
        for theme in Theme::ALL {
            let colours = Colours::of(*theme);
            for role in [
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
            ] {
                let came = contrast(colours.role(role), colours.paper);
                assert!(came >= 3.0, "{theme}, {role:?}: {came:.2}");
            }
            for (paper, words) in [
                (colours.paper, colours.ink),
                (colours.paper, colours.muted),
                (colours.tint, colours.ink),
                (colours.tint, colours.muted),
            ] {
                assert!(contrast(words, paper) >= 4.5, "{theme}: {words} on {paper}");
            }
            for hue in [colours.positive, colours.negative] {
                let darkest = mixed(hue, colours.paper, super::super::hatch::MOST_TINT);
                assert!(contrast(colours.ink, &darkest) >= 4.5, "{theme}: {} on {darkest}", colours.ink);
            }
        }
    }
}
