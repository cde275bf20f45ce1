//! The forms in which an explanation is written.

use std::path::Path;

use crate::io::Failure;

/// A form in which an explanation is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For a terminal.
    Text,
    /// Markdown.
    Markdown,
    /// The numbers of the tables.
    Csv,
    /// Everything, for programs.
    Json,
    /// The body of a LaTeX document.
    Latex,
    /// A page with all places to choose from.
    Html,
    /// A picture.
    Svg,
    /// A picture in pixels.
    Png,
    /// A moving picture of all places, in at most 256 colours.
    Gif,
    /// A moving picture of all places, in all colours.
    Apng,
}

impl Format {
    /// Those that standard output can have: all that are text.
    pub const TEXTS: &[Format] =
        &[Format::Text, Format::Markdown, Format::Csv, Format::Json, Format::Latex, Format::Html, Format::Svg];

    /// Those that only files can have.
    const PIXELS: &[Format] = &[Format::Png, Format::Gif, Format::Apng];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Format::Text => "text",
            Format::Markdown => "markdown",
            Format::Latex => "latex",
            other => other.extension(),
        }
    }

    fn extension(self) -> &'static str {
        match self {
            Format::Text => "txt",
            Format::Markdown => "md",
            Format::Csv => "csv",
            Format::Json => "json",
            Format::Latex => "tex",
            Format::Html => "html",
            Format::Svg => "svg",
            Format::Png => "png",
            Format::Gif => "gif",
            Format::Apng => "apng",
        }
    }

    /// Whether it has colours that a theme chooses.
    pub(super) fn has_theme(self) -> bool {
        matches!(self, Format::Html | Format::Svg) || self.is_pixels()
    }

    /// Whether it is made of pixels, of which there may be more or fewer.
    pub(super) fn is_pixels(self) -> bool {
        Format::PIXELS.contains(&self)
    }

    /// Whether it moves.
    pub(super) fn is_moving(self) -> bool {
        matches!(self, Format::Gif | Format::Apng)
    }

    /// The format that a file's name asks for.
    pub(super) fn of(path: &Path) -> Result<Format, Failure> {
        let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase());
        let mut all = Format::TEXTS.iter().chain(Format::PIXELS);
        all.clone().find(|format| extension.as_deref() == Some(format.extension())).copied().ok_or_else(|| {
            let known: Vec<String> = all.by_ref().map(|format| format!(".{}", format.extension())).collect();
            let message =
                format!("the extension tells the format, and this one is not known; known are {}", known.join(", "));
            Failure::usage(message).in_file(path.display())
        })
    }
}
