//! How explanations are printed and written, whatever they explain.

mod format;

use std::{fs, path::Path, time::Duration};

use faltung_scene::{Film, Scene, paint};

use crate::{
    args::Showing,
    commands::refused,
    console,
    io::{self, Failure},
};
pub use format::Format;

/// What can be shown.
pub(super) trait Explanation {
    /// What there is to see at the place asked for.
    fn scene(&self) -> Result<Scene, faltung_scene::Error>;
    /// All places.
    fn film(&self) -> Result<Film, faltung_scene::Error>;
    /// Everything, for programs.
    fn json(&self, scene: &Scene) -> Result<String, faltung_scene::Error>;
}

/// Where an explanation goes, and how it is to look: looked at before anything is read.
pub(super) struct Show<'a> {
    args: &'a Showing,
    formats: Vec<Format>,
    look: paint::Look,
    /// Whose choice the colours of a page are.
    scheme: paint::Scheme,
    scale: f64,
    timing: paint::Timing,
}

impl<'a> Show<'a> {
    /// Refuses files that cannot be written, and options that none of the formats asked for would heed.
    pub(super) fn new(args: &'a Showing) -> Result<Show<'a>, Failure> {
        let formats = args.output.iter().map(|path| Format::of(path)).collect::<Result<Vec<_>, _>>()?;
        args.output.iter().try_for_each(|path| io::check_file(path))?;
        check(args, &formats)?;
        let seconds = |option: &str, seconds: f64| {
            Duration::try_from_secs_f64(seconds)
                .map_err(|_| Failure::usage(format!("{option} is too small or too large")))
        };
        let timing = paint::Timing::default();
        Ok(Show {
            args,
            formats,
            look: paint::Look { theme: args.theme.unwrap_or(paint::Theme::Light), ..paint::Look::default() },
            scheme: if args.theme.is_some() { paint::Scheme::Look } else { paint::Scheme::Reader },
            scale: args.scale.unwrap_or(1.0),
            timing: paint::Timing {
                each: args.fps.map_or(Ok(timing.each), |fps| seconds("--fps", 1.0 / fps))?,
                last: args.hold.map_or(Ok(timing.last), |hold| seconds("--hold", hold))?,
            },
        })
    }

    /// Prints an explanation, or writes its files: all are made before the first is written.
    pub(super) fn show(&self, explanation: &impl Explanation) -> Result<(), Failure> {
        let args = self.args;
        if args.output.is_empty() && args.frames.is_none() {
            return console::print(&self.text(explanation, args.format, &terminal(args))?);
        }
        let style = paint::TextStyle { letters: letters(args), ..paint::TextStyle::default() };
        let files = self.formats.iter().map(|format| self.file(explanation, *format, &style));
        let files = files.collect::<Result<Vec<_>, _>>()?;
        args.output.iter().zip(files).try_for_each(|(path, file)| io::write_file(path, &file))?;
        args.frames.as_ref().map_or(Ok(()), |folder| self.write_frames(explanation, folder))
    }

    /// The bytes of a file.
    fn file(&self, of: &impl Explanation, format: Format, style: &paint::TextStyle) -> Result<Vec<u8>, Failure> {
        let film = || of.film().map_err(unexplained);
        match format {
            Format::Png => {
                let scene = of.scene().map_err(unexplained)?;
                paint::png(&scene, &self.look, self.scale).map_err(unpainted)
            }
            Format::Gif => paint::gif(&film()?, &self.look, self.scale, &self.timing).map_err(unpainted),
            Format::Apng => paint::apng(&film()?, &self.look, self.scale, &self.timing).map_err(unpainted),
            text => Ok(self.text(of, text, style)?.into_bytes()),
        }
    }

    fn text(&self, of: &impl Explanation, format: Format, style: &paint::TextStyle) -> Result<String, Failure> {
        if format == Format::Html {
            return Ok(paint::html(&of.film().map_err(unexplained)?, &self.look, self.scheme));
        }
        let scene = of.scene().map_err(unexplained)?;
        Ok(match format {
            Format::Markdown => paint::markdown(&scene),
            Format::Csv => paint::csv(&scene),
            Format::Latex => paint::latex(&scene),
            Format::Svg => paint::svg(&scene, &self.look),
            Format::Json => of.json(&scene).map_err(unexplained)?,
            _ => paint::text(&scene, style),
        })
    }

    /// Writes a PNG for each place into a folder.
    fn write_frames(&self, of: &impl Explanation, folder: &Path) -> Result<(), Failure> {
        let film = of.film().map_err(unexplained)?;
        let frames = paint::png_frames(&film, &self.look, self.scale).map_err(unpainted)?;
        fs::create_dir_all(folder).map_err(|error| Failure::from(error).in_file(folder.display()))?;
        for frame in frames {
            let (name, file) = frame.map_err(unpainted)?;
            io::write_file(&folder.join(name), &file)?;
        }
        Ok(())
    }
}

/// With a theme by its name, where the command line says none and something has colours.
pub(super) fn themed(args: &Showing, name: &str) -> Showing {
    let coloured = args.output.iter().any(|path| Format::of(path).is_ok_and(Format::has_theme));
    let theme = paint::Theme::ALL.iter().find(|theme| coloured && theme.name() == name).copied();
    Showing { theme: args.theme.or(theme), ..args.clone() }
}

fn check(args: &Showing, formats: &[Format]) -> Result<(), Failure> {
    let printed = args.output.is_empty() && args.frames.is_none();
    let asked = |is_meant: fn(Format) -> bool| {
        formats.iter().any(|format| is_meant(*format)) || printed && is_meant(args.format)
    };
    let frames = args.frames.is_some();
    let misplaced = [
        (args.ascii && !asked(|format| format == Format::Text), "--ascii is for texts: give a .txt"),
        (args.theme.is_some() && !frames && !asked(Format::has_theme), "--theme is for pictures: give a .svg or .png"),
        (args.scale.is_some() && !frames && !asked(Format::is_pixels), "--scale is for pixels: give a .png or .gif"),
        (args.fps.is_some() && !asked(Format::is_moving), "--fps is for what moves: give a .gif or .apng"),
        (args.hold.is_some() && !asked(Format::is_moving), "--hold is for what moves: give a .gif or .apng"),
    ];
    match misplaced.into_iter().find(|(is_misplaced, _)| *is_misplaced) {
        Some((_, message)) => Err(Failure::usage(format!("{message}, or leave it out"))),
        None => Ok(()),
    }
}

/// How standard output is written to.
fn terminal(args: &Showing) -> paint::TextStyle {
    use std::{env::var_os, io::IsTerminal};
    let is_terminal = std::io::stdout().is_terminal();
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let width = match terminal_size::terminal_size() {
        Some((width, _)) if is_terminal => Some(usize::from(width.0)),
        _ => columns,
    };
    let unwanted =
        var_os("NO_COLOR").is_some_and(|value| !value.is_empty()) || var_os("TERM").is_some_and(|term| term == "dumb");
    paint::TextStyle {
        width: width.unwrap_or(paint::TextStyle::default().width).max(20),
        letters: letters(args),
        colour: if is_terminal && !unwanted { paint::Colour::Ansi } else { paint::Colour::None },
    }
}

fn letters(args: &Showing) -> paint::Letters {
    if args.ascii { paint::Letters::Ascii } else { paint::Letters::Unicode }
}

/// Why something cannot be explained, with the exit code for it.
pub(super) fn unexplained(error: faltung_scene::Error) -> Failure {
    match error {
        faltung_scene::Error::Engine(error) => refused(error),
        faltung_scene::Error::Samples(message) => Failure::data(message),
        // As the views say it, but in this command's words for what to do.
        other => Failure::usage(other.to_string().replace("choose a larger spacing", "choose a larger --spacing")),
    }
}

/// Why there is no picture.
fn unpainted(error: paint::RasterError) -> Failure {
    Failure::usage(error.to_string())
}
