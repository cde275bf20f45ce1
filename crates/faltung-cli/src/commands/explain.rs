//! `faltung explain`: one output, opened.
//!
//! Read as convolve reads (but look samples up where that is possible), find out what meets what ([`Setting`]), let a view make
//! scenes of the engine's traces, and paint them. Nothing is convolved.

mod format;

use std::{fs, path::Path, time::Duration};

use faltung_scene::{Film, Scene, Subject, View, Words, paint};

use crate::{
    args::Explain,
    commands::{reading, refused},
    console::{self, Notes},
    io::{self, Document, Failure, Lookup, ReadOptions},
    operand::Operand,
    samples::as_type,
    setting::{Setting, Told, sum},
};
pub use format::Format;

/// Reads, explains, and prints or writes.
pub(super) fn run(args: &Explain) -> Result<(), Failure> {
    let notes = if args.quiet { Notes::Silent } else { Notes::Told };
    let formats = args.output.iter().map(|path| Format::of(path)).collect::<Result<Vec<_>, _>>()?;
    args.output.iter().try_for_each(|path| io::check_file(path))?;
    check(args, &formats)?;
    let [input, kernel] = reading::operands(&args.input, &args.kernel)?;
    let samples = look(args, &input)?;
    let weights = reading::weights(kernel, &args.kernel, args.kernel_column.clone(), args.max_memory)?;
    let name = reading::name(&input, &args.input);
    let told = Told { name: &name, shape: samples.shape.as_slice().into(), form: &samples.form };
    let setting = Setting::new(sum(&args.sum, samples.form.is_picture()), &told, &weights)?;
    let subject = subject(&setting, &samples, &name)?;
    let view = args.view.unwrap_or_else(|| View::of(&subject));
    let subject = if view == View::Likes { subject.called(Words::likes()) } else { subject };
    let at = place(args, &setting, &subject, notes)?;
    let explained = Explained::new(args, view, &subject, &at)?;
    if args.output.is_empty() && args.frames.is_none() {
        return console::print(&explained.text(args.format, &terminal(args))?);
    }
    let style = paint::TextStyle { letters: letters(args), ..paint::TextStyle::default() };
    let files = formats.iter().map(|format| explained.file(*format, &style)).collect::<Result<Vec<_>, _>>()?;
    args.output.iter().zip(files).try_for_each(|(path, file)| io::write_file(path, &file))?;
    args.frames.as_ref().map_or(Ok(()), |folder| explained.write_frames(folder))
}

/// Refuses options that none of the formats asked for would heed.
fn check(args: &Explain, formats: &[Format]) -> Result<(), Failure> {
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

/// What is shown, and how it is to look.
struct Explained<'a> {
    view: View,
    subject: &'a Subject<'a>,
    at: &'a [isize],
    look: paint::Look,
    /// Whose choice the colours of a page are.
    scheme: paint::Scheme,
    scale: f64,
    timing: paint::Timing,
}

impl<'a> Explained<'a> {
    fn new(args: &Explain, view: View, subject: &'a Subject<'a>, at: &'a [isize]) -> Result<Self, Failure> {
        let seconds = |option: &str, seconds: f64| {
            Duration::try_from_secs_f64(seconds)
                .map_err(|_| Failure::usage(format!("{option} is too small or too large")))
        };
        let timing = paint::Timing::default();
        Ok(Explained {
            view,
            subject,
            at,
            look: paint::Look { theme: args.theme.unwrap_or(paint::Theme::Light), ..paint::Look::default() },
            scheme: if args.theme.is_some() { paint::Scheme::Look } else { paint::Scheme::Reader },
            scale: args.scale.unwrap_or(1.0),
            timing: paint::Timing {
                each: args.fps.map_or(Ok(timing.each), |fps| seconds("--fps", 1.0 / fps))?,
                last: args.hold.map_or(Ok(timing.last), |hold| seconds("--hold", hold))?,
            },
        })
    }

    fn scene(&self) -> Result<Scene, Failure> {
        self.view.scene(self.subject, self.at).map_err(unexplained)
    }

    /// All places.
    fn film(&self) -> Result<Film, Failure> {
        self.view.film(self.subject, self.at).map_err(unexplained)
    }

    /// The bytes of a file.
    fn file(&self, format: Format, style: &paint::TextStyle) -> Result<Vec<u8>, Failure> {
        match format {
            Format::Png => paint::png(&self.scene()?, &self.look, self.scale).map_err(unpainted),
            Format::Gif => paint::gif(&self.film()?, &self.look, self.scale, &self.timing).map_err(unpainted),
            Format::Apng => paint::apng(&self.film()?, &self.look, self.scale, &self.timing).map_err(unpainted),
            text => Ok(self.text(text, style)?.into_bytes()),
        }
    }

    fn text(&self, format: Format, style: &paint::TextStyle) -> Result<String, Failure> {
        if format == Format::Html {
            return Ok(paint::html(&self.film()?, &self.look, self.scheme));
        }
        let scene = self.scene()?;
        Ok(match format {
            Format::Markdown => paint::markdown(&scene),
            Format::Csv => paint::csv(&scene),
            Format::Latex => paint::latex(&scene),
            Format::Svg => paint::svg(&scene, &self.look),
            Format::Json => {
                let trace = self.subject.trace(self.at).map_err(unexplained)?;
                paint::json(self.view, &scene, self.subject, &trace)
            }
            _ => paint::text(&scene, style),
        })
    }

    /// Writes a PNG for each place into a folder.
    fn write_frames(&self, folder: &Path) -> Result<(), Failure> {
        let film = self.film()?;
        let frames = paint::png_frames(&film, &self.look, self.scale).map_err(unpainted)?;
        fs::create_dir_all(folder).map_err(|error| Failure::from(error).in_file(folder.display()))?;
        for frame in frames {
            let (name, file) = frame.map_err(unpainted)?;
            io::write_file(&folder.join(name), &file)?;
        }
        Ok(())
    }
}

/// The samples of the input, looked up in its file where that can be.
fn look(args: &Explain, input: &Operand) -> Result<Lookup, Failure> {
    let options = ReadOptions { column: args.column.clone(), gaps: args.gaps, max_memory: args.max_memory };
    reading::check_column(input, &args.input, "--column", &options)?;
    let looked = match input {
        Operand::Place(place) => io::look(place, &options)?,
        numbers => numbers.load(&options)?.into(),
    };
    match args.dtype {
        Some(dtype) if dtype != looked.dtype => {
            let Document { array, form } = input.load(&options)?;
            let in_file = |failure: Failure| failure.in_file(reading::name(input, &args.input));
            Ok(Document { array: as_type(array, dtype).map_err(in_file)?, form }.into())
        }
        _ => Ok(looked),
    }
}

/// The input and the kernel as the engine sees them.
fn subject<'a>(setting: &'a Setting, samples: &'a Lookup, name: &'a str) -> Result<Subject<'a>, Failure> {
    let sample = move |seen: &[usize]| {
        let mut index = vec![0; setting.order().len()];
        setting.order().iter().zip(seen).for_each(|(&axis, &i)| index[axis] = i);
        // A mono sound has no axis of channels in its file.
        index.truncate(samples.shape.len());
        samples.number(&index).map_err(|failure| faltung_scene::Error::Samples(failure.in_file(name).message))
    };
    Subject::by(&setting.seen_shape(), samples.dtype, &setting.kernel, &setting.spec, sample).map_err(unexplained)
}

/// The output asked for, as the engine counts; along axes that are not slid along the first, if they are not named.
fn place(args: &Explain, setting: &Setting, subject: &Subject<'_>, notes: Notes) -> Result<Vec<isize>, Failure> {
    let Some(at) = args.at.as_ref().map(|at| &at.0) else { return Ok(subject.natural_place()) };
    let order = setting.order();
    let mut slid: Vec<usize> = subject.tracer().sizes().iter().map(|size| order[size.axis]).collect();
    slid.sort_unstable();
    let mut whole = at.clone();
    if at.len() == slid.len() && at.len() < order.len() {
        whole = vec![0; order.len()];
        slid.iter().zip(at).for_each(|(&axis, &i)| whole[axis] = i);
        let told: Vec<String> = whole.iter().map(ToString::to_string).collect();
        notes.tell(format!("of the other axes the first is shown, as by --at {}", told.join(",")));
    }
    match whole.len() == order.len() {
        true => Ok(order.iter().map(|&axis| whole[axis]).collect()),
        false => Ok(whole), // which the engine refuses, with the shape
    }
}

/// How standard output is written to.
fn terminal(args: &Explain) -> paint::TextStyle {
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

fn letters(args: &Explain) -> paint::Letters {
    if args.ascii { paint::Letters::Ascii } else { paint::Letters::Unicode }
}

/// Why something cannot be explained, with the exit code for it.
fn unexplained(error: faltung_scene::Error) -> Failure {
    match error {
        faltung_scene::Error::Engine(error) => refused(error),
        faltung_scene::Error::Samples(message) => Failure::data(message),
        other => Failure::usage(other.to_string()),
    }
}

/// Why there is no picture.
fn unpainted(error: paint::RasterError) -> Failure {
    Failure::usage(error.to_string())
}
