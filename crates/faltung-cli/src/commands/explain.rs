//! `faltung explain`: one output, opened.
//!
//! Read as convolve reads (but look samples up where that is possible), find out what meets what ([`Setting`]), let a view make
//! scenes of the engine's traces, and paint them. Nothing is convolved.

use std::path::Path;

use faltung_scene::{Subject, View, Words, paint};

use crate::{
    args::Explain,
    commands::{reading, refused},
    console::{self, Notes},
    io::{self, Document, Failure, Lookup, ReadOptions},
    operand::Operand,
    samples::as_type,
    setting::{Setting, Told, sum},
};

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
    /// A picture.
    Svg,
}

impl Format {
    /// All of them.
    pub const ALL: &[Format] = &[Format::Text, Format::Markdown, Format::Csv, Format::Json, Format::Latex, Format::Svg];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Format::Text => "text",
            Format::Markdown => "markdown",
            Format::Csv => "csv",
            Format::Json => "json",
            Format::Latex => "latex",
            Format::Svg => "svg",
        }
    }

    fn extension(self) -> &'static str {
        match self {
            Format::Text => "txt",
            Format::Markdown => "md",
            Format::Csv => "csv",
            Format::Json => "json",
            Format::Latex => "tex",
            Format::Svg => "svg",
        }
    }

    /// The format that a file's name asks for.
    fn of(path: &Path) -> Result<Format, Failure> {
        let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase());
        let known = Format::ALL.iter().find(|format| extension.as_deref() == Some(format.extension()));
        known.copied().ok_or_else(|| {
            let all: Vec<String> = Format::ALL.iter().map(|format| format!(".{}", format.extension())).collect();
            let message =
                format!("the extension tells the format, and this one is not known; known are {}", all.join(", "));
            Failure::usage(message).in_file(path.display())
        })
    }
}

/// Reads, explains, and prints or writes.
pub(super) fn run(args: &Explain) -> Result<(), Failure> {
    let notes = if args.quiet { Notes::Silent } else { Notes::Told };
    let formats = args.output.iter().map(|path| Format::of(path)).collect::<Result<Vec<_>, _>>()?;
    args.output.iter().try_for_each(|path| io::check_file(path))?;
    if args.ascii && args.output.iter().zip(&formats).len() > 0 && !formats.contains(&Format::Text) {
        return Err(Failure::usage("--ascii is for texts: give a .txt, or leave it out"));
    }
    let is_picture = formats.contains(&Format::Svg) || formats.is_empty() && args.format == Format::Svg;
    if args.theme.is_some() && !is_picture {
        return Err(Failure::usage("--theme is for pictures: give a .svg, or leave it out"));
    }
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
    let look = paint::Look { theme: args.theme.unwrap_or(paint::Theme::Light), ..paint::Look::default() };
    let explained = Explained { view, subject: &subject, at: &at, look };
    if args.output.is_empty() {
        return console::print(&explained.written(args.format, &terminal(args))?);
    }
    let style = paint::TextStyle { letters: letters(args), ..paint::TextStyle::default() };
    let files = formats.iter().map(|format| explained.written(*format, &style)).collect::<Result<Vec<_>, _>>()?;
    args.output.iter().zip(files).try_for_each(|(path, file)| io::write_file(path, file.as_bytes()))
}

/// What is shown, before it is painted.
struct Explained<'a> {
    view: View,
    subject: &'a Subject<'a>,
    at: &'a [isize],
    look: paint::Look,
}

impl Explained<'_> {
    fn written(&self, format: Format, style: &paint::TextStyle) -> Result<String, Failure> {
        let scene = self.view.scene(self.subject, self.at).map_err(unexplained)?;
        Ok(match format {
            Format::Text => paint::text(&scene, style),
            Format::Markdown => paint::markdown(&scene),
            Format::Csv => paint::csv(&scene),
            Format::Latex => paint::latex(&scene),
            Format::Svg => paint::svg(&scene, &self.look),
            Format::Json => {
                let trace = self.subject.trace(self.at).map_err(unexplained)?;
                paint::json(self.view, &scene, self.subject, &trace)
            }
        })
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
