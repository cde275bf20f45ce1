//! `faltung convolve`: the main job.
//!
//! Read both, find out what meets what ([`Setting`]), choose the types, plan, make sure that the result can be and can
//! be written, compute, bring it back into range ([`Scale`]), write. What can be refused is refused before computing.
//! A plain convolution of a sound needs no array, and goes its own way (`sounds.rs`).

mod sounds;

use std::{path::Path, sync::Arc, time::Instant};

use faltung::{AnyArray, Boundary, Dtype, Normalize, Number, Overflow, PerAxis, Progress};
use serde::Serialize;

use crate::{
    args::Convolve,
    commands::{reading, refused},
    console::{self, Notes},
    io::{self, Document, Failure, Form, Place, ReadOptions},
    memory, progress, report,
    samples::as_type,
    scale::Scale,
    setting::{Setting, Source, Weights, spec},
};

/// Reads, computes and writes.
pub(super) fn run(args: &Convolve) -> Result<(), Failure> {
    let notes = if args.quiet { Notes::Silent } else { Notes::Told };
    if sounds::run(args, notes)? {
        return Ok(());
    }
    sounds::check_unsaid(args)?;
    let place = output(args);
    let (input, weights) = read(args)?;
    let spec = spec(&args.options, input.document.form.is_picture());
    let setting = Setting::new(spec, &input.told(), &weights)?;
    let scale = scale(args, &input.document, &place)?;
    let (dtype, overflow) = types(args, &input.document, &setting, scale.as_ref());
    let Source { name, document: Document { array, form } } = input;
    let in_file = |failure: Failure| failure.in_file(&name);
    let form = decimated(form, &setting.spec.stride).map_err(in_file)?;
    if args.options.max_memory.is_none() {
        let packed = std::fs::metadata(&args.input).map_or(usize::MAX, |file| file.len() as usize);
        memory::check_growth(packed, array.shape(), dtype.size()).map_err(in_file)?;
    }
    let array = as_type(array, dtype).map_err(in_file)?;

    let progress = Arc::new(Progress::default());
    let mut spec = setting.spec.clone().overflow(overflow).progress(progress.clone());
    let input = array.shape().iter().product::<usize>().saturating_mul(array.dtype().size());
    spec.max_memory = spec.max_memory.or_else(|| Some(memory::allowed(input)));
    let plan = setting.plan(&array, spec).map_err(|error| in_file(refused(error)))?;
    let shape = setting.result_shape(&plan);
    let result_dtype = scale.map_or(plan.output_dtype(), |scale| scale.dtype());
    memory::check(&shape, plan.output_dtype().size(), plan.memory()).map_err(in_file)?;
    io::check_target(&place, &form, result_dtype, &shape)?;
    if args.plan {
        console::say(&plan.to_string());
    }

    let began = Instant::now();
    let result = progress::shown(&*progress, notes, || setting.compute(array, &plan)).map_err(in_file)?;
    let work = report::Work::new(&plan, Some(began.elapsed().as_secs_f64()));
    let result = match scale {
        Some(scale) => scale.apply(result).map_err(|failure| failure.in_file(called(&place)))?,
        None => result,
    };
    match (&place, args.options.json) {
        (Place::Standard, true) => {}
        _ => io::write(&place, &result, &form)?,
    }
    tell_of_columns(notes, &place, &form, &result);
    if args.options.json { report(&place, &result, work) } else { Ok(()) }
}

/// The form of a result that has every so many frames of a sound only: as many fewer in a second, or its pitch would rise.
fn decimated(mut form: Form, stride: &PerAxis<usize>) -> Result<Form, Failure> {
    let stride = match stride {
        PerAxis::All(stride) => *stride,
        PerAxis::Each(all) => all.first().copied().unwrap_or(1),
    };
    if let Form::Sound(sound) = &mut form {
        let rate = sound.rate as usize;
        if !rate.is_multiple_of(stride.max(1)) {
            return Err(Failure::usage(format!(
                "a stride of {stride} does not divide {rate} frames a second: give one that does"
            )));
        }
        sound.rate = (rate / stride.max(1)) as u32;
    }
    Ok(form)
}

/// Reads the input and, if it is not a name, the kernel.
fn read(args: &Convolve) -> Result<(Source, Weights), Failure> {
    let [input, kernel] = reading::operands(&args.input, &args.kernel)?;
    let max_memory = args.options.max_memory;
    let options = ReadOptions { column: args.column.clone(), gaps: args.gaps, max_memory };
    let input = reading::load(&input, &args.input, "--column", &options)?;
    let weights = reading::weights(kernel, &args.kernel, args.kernel_column.clone(), max_memory)?;
    Ok((input, weights))
}

fn output(args: &Convolve) -> Place {
    match &args.output {
        Some(file) if file != "-" => Place::File(file.into()),
        _ => Place::Standard,
    }
}

fn called(place: &Place) -> String {
    match place {
        Place::File(path) => path.display().to_string(),
        Place::Standard => "standard output".to_owned(),
    }
}

/// The extension of a file, without that of gzip.
fn extension(place: &Place) -> Option<String> {
    let Place::File(path) = place else { return None };
    let lower = path.to_string_lossy().to_lowercase();
    let name = lower.strip_suffix(".gz").unwrap_or(&lower);
    Path::new(name).extension().map(|extension| extension.to_string_lossy().into_owned())
}

/// The range that the result must come back into: with `--map`, and where a picture becomes a picture.
fn scale(args: &Convolve, input: &Document, place: &Place) -> Result<Option<Scale>, Failure> {
    let own = input.array.dtype();
    let asked = args.options.dtype;
    let picture = matches!(extension(place).as_deref(), Some("png" | "jpg" | "jpeg" | "tif" | "tiff"));
    let fits = picture && input.form.is_picture() && args.options.overflow.is_none();
    match (args.map, asked) {
        // Floats were asked for to compute in; the picture's depth stays what it was.
        (Some(map), Some(asked)) if own.is_integer() && !asked.is_integer() => {
            Scale::new(&input.form, own, Some(map)).map(Some)
        }
        (Some(map), asked) => Scale::new(&input.form, asked.unwrap_or(own), Some(map)).map(Some),
        (None, asked) if fits && asked.unwrap_or(own).is_integer() => {
            Scale::new(&input.form, asked.unwrap_or(own), None).map(Some)
        }
        _ => Ok(None),
    }
}

/// The type in which the data are taken, and what is to happen when sums do not fit it.
fn types(args: &Convolve, input: &Document, setting: &Setting, scale: Option<&Scale>) -> (Dtype, Overflow) {
    let own = input.array.dtype();
    let whole = setting.kernel.is_whole() && setting.spec.normalize == Normalize::None;
    let real = !whole || !has_whole_constants(&setting.spec.boundary);
    let picture = input.form.is_picture();
    let natural = match own {
        _ if picture => scale.and_then(|scale| scale.summed_in(real)).unwrap_or(own),
        _ if own.is_complex() => own,
        Dtype::F32 if setting.kernel.is_complex() => Dtype::C64,
        _ if setting.kernel.is_complex() => Dtype::C128,
        _ if own.is_integer() && real => scale.map_or(Dtype::F64, |scale| scale.summed_in(real).unwrap_or(own)),
        _ => own,
    };
    let policy = match scale {
        Some(scale) => scale.overflow(),
        None if picture => Overflow::Widen,
        None => Overflow::Error,
    };
    (args.options.dtype.unwrap_or(natural), args.options.overflow.unwrap_or(policy))
}

fn has_whole_constants(boundary: &PerAxis<Boundary>) -> bool {
    let whole = |boundary: &Boundary| !matches!(boundary, Boundary::Constant(Number::Real(_) | Number::Complex(_)));
    match boundary {
        PerAxis::All(boundary) => whole(boundary),
        PerAxis::Each(each) => each.iter().all(whole),
    }
}

/// A table that changes its length cannot keep its other columns, and that is worth a note.
fn tell_of_columns(notes: Notes, place: &Place, form: &Form, result: &AnyArray) {
    let Form::Text(table) = form else { return };
    let (rows, now) = (table.cells.rows(), result.shape());
    let text = matches!(extension(place).as_deref(), Some("csv" | "tsv" | "txt"));
    if text && rows > 0 && *now != [rows] {
        let now = now.first().copied().unwrap_or(0);
        notes.tell(format!(
            "{}: the result has {now} rows and the table {rows}, so its other columns are left out; --mode same keeps them",
            called(place)
        ));
    }
}

/// The result for a program: with its values, or with the file that holds them.
fn report(place: &Place, result: &AnyArray, work: report::Work) -> Result<(), Failure> {
    #[derive(Serialize)]
    struct Report<'a> {
        shape: &'a [usize],
        dtype: &'static str,
        #[serde(skip_serializing_if = "Option::is_none")]
        values: Option<report::Values<'a>>,
        #[serde(skip_serializing_if = "Option::is_none")]
        output: Option<String>,
        #[serde(flatten)]
        work: report::Work,
    }
    let (values, output) = match place {
        Place::Standard => (Some(report::Values(result)), None),
        Place::File(_) => (None, Some(called(place))),
    };
    report::print(&Report { shape: result.shape(), dtype: result.dtype().name(), values, output, work })
}
