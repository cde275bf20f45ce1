//! `faltung explain`: one output, opened.
//!
//! Read as convolve reads (but look samples up where that is possible), find out what meets what ([`Setting`]), let a view make
//! scenes of the engine's traces, and paint them. Nothing is convolved.

use std::ffi::OsStr;

use faltung_scene::{Film, Scene, Subject, View, Words, paint, state::Explained};

use super::showing::{Explanation, Show, themed, unexplained};
use crate::{
    args::Explain,
    commands::reading,
    console::Notes,
    io::{self, Document, Failure, Lookup, ReadOptions},
    operand::Operand,
    samples::as_type,
    setting::{Setting, Told, sum},
};

/// Reads, explains, and prints or writes.
pub(super) fn run(args: &Explain) -> Result<(), Failure> {
    match &args.state {
        Some(state) => {
            let showing = themed(&args.showing, state.get("theme"));
            let show = Show::new(&showing)?;
            show.show(&Explained::of(state).map_err(unexplained)?)
        }
        None => explain(args),
    }
}

fn explain(args: &Explain) -> Result<(), Failure> {
    let notes = if args.quiet { Notes::Silent } else { Notes::Told };
    let show = Show::new(&args.showing)?;
    let missing = || Failure::usage("an input and a kernel are missing, or a --state");
    let (given, weights) = (args.input.as_ref().ok_or_else(missing)?, args.kernel.as_ref().ok_or_else(missing)?);
    let [input, kernel] = reading::operands(given, weights)?;
    let samples = look(args, given, &input)?;
    let weights = reading::weights(kernel, weights, args.kernel_column.clone(), args.max_memory)?;
    let name = reading::name(&input, given);
    let told = Told { name: &name, shape: samples.shape.as_slice().into(), form: &samples.form };
    let setting = Setting::new(sum(&args.sum, samples.form.is_picture()), &told, &weights)?;
    let subject = subject(&setting, &samples, &name)?;
    let view = args.view.unwrap_or_else(|| View::of(&subject));
    let subject = if view == View::Likes { subject.called(Words::likes()) } else { subject };
    let at = place(args, &setting, &subject, notes)?;
    show.show(&Opened { view, subject: &subject, at: &at })
}

/// What is shown.
struct Opened<'a> {
    view: View,
    subject: &'a Subject<'a>,
    at: &'a [isize],
}

impl Explanation for Opened<'_> {
    fn scene(&self) -> Result<Scene, faltung_scene::Error> {
        self.view.scene(self.subject, self.at)
    }

    fn film(&self) -> Result<Film, faltung_scene::Error> {
        self.view.film(self.subject, self.at)
    }

    fn json(&self, scene: &Scene) -> Result<String, faltung_scene::Error> {
        Ok(paint::json(self.view, scene, self.subject, &self.subject.trace(self.at)?))
    }
}

impl Explanation for Explained {
    fn scene(&self) -> Result<Scene, faltung_scene::Error> {
        Explained::scene(self)
    }

    fn film(&self) -> Result<Film, faltung_scene::Error> {
        Explained::film(self)
    }

    fn json(&self, scene: &Scene) -> Result<String, faltung_scene::Error> {
        Explained::json(self, scene)
    }
}

/// The samples of the input, looked up in its file where that can be.
fn look(args: &Explain, given: &OsStr, input: &Operand) -> Result<Lookup, Failure> {
    let options = ReadOptions { column: args.column.clone(), gaps: args.gaps, max_memory: args.max_memory };
    reading::check_column(input, given, "--column", &options)?;
    let looked = match input {
        Operand::Place(place) => io::look(place, &options)?,
        numbers => numbers.load(&options)?.into(),
    };
    match args.dtype {
        Some(dtype) if dtype != looked.dtype => {
            let Document { array, form } = input.load(&options)?;
            let in_file = |failure: Failure| failure.in_file(reading::name(input, given));
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
