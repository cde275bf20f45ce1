//! `faltung train`: a net learns to tell pictures apart.
//!
//! The model is written when it is complete. On the way a checkpoint lies beside it, replaced every few seconds and at the end
//! of every epoch by a complete one, so that a training that is ended by anything goes on from there; Ctrl-C writes one more.

use std::{
    fs,
    io::{self as std_io, IsTerminal},
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

use faltung_train::{Dataset, Description, Net, Options, Stand, Trainer};
use indicatif::{ProgressBar, ProgressStyle};

use crate::{
    args::{Model, Train},
    console::{self, INTERRUPTED},
    dataset::{Purpose, Source, refused},
    io::{self, Failure},
};

/// From a checkpoint to the next, at most.
const PATIENCE: Duration = Duration::from_secs(5);

/// Trains a net and writes it.
pub(super) fn run(args: &Train) -> Result<(), Failure> {
    let checkpoint = beside(&args.output);
    io::check_file(&args.output)?;
    if !args.resume && checkpoint.exists() {
        return Err(Failure::usage(format!(
            "{}: a training was interrupted here: say --resume to go on with it, or remove this file to begin anew",
            checkpoint.display()
        )));
    }
    let source = Source::of(&args.data)?;
    let trainer = if args.resume { resumed(&checkpoint, &source)? } else { begun(args, &source)? };
    let interrupted = console::interrupted()?;
    let threads = args.threads.unwrap_or_else(faltung::default_threads);
    let trained = faltung_train::on_threads(threads, || learn(trainer, args, &checkpoint, &interrupted));
    let trainer = trained.map_err(refused)??;
    if !trainer.is_done() {
        let Stand { steps, all_steps, .. } = trainer.stand();
        let message = format!("stopped after {steps} of {all_steps} steps: say --resume to go on");
        return Err(Failure { code: INTERRUPTED, message: format!("{}: {message}", checkpoint.display()) });
    }
    io::write_file(&args.output, &trainer.net().save().map_err(refused)?)?;
    match fs::remove_file(&checkpoint) {
        Err(error) if error.kind() != std_io::ErrorKind::NotFound => {
            Err(Failure::from(error).in_file(checkpoint.display()))
        }
        _ => Ok(()),
    }
}

/// Where the checkpoint of a model lies.
fn beside(model: &Path) -> PathBuf {
    let mut name = model.as_os_str().to_owned();
    name.push(".checkpoint");
    name.into()
}

/// A training from its beginning.
fn begun(args: &Train, source: &Source) -> Result<Trainer, Failure> {
    let data = source.load(Purpose::Training, args.seed)?;
    let net = Net::new(describe(args, &data)?, args.seed).map_err(refused)?;
    let options = Options {
        epochs: args.epochs,
        batch: args.batch,
        seed: args.seed,
        rate: args.rate.unwrap_or_else(|| args.optimiser.usual_rate()),
        schedule: args.schedule,
        optimiser: args.optimiser,
        decay: args.decay,
        shift: args.augment,
    };
    Trainer::new(net, data, options).map_err(refused)
}

/// The net that is asked for, fit for the data.
fn describe(args: &Train, data: &Dataset) -> Result<Description, Failure> {
    let (shape, classes) = (data.shape(), data.classes().len());
    let cnn = Description::cnn(shape, classes);
    let described = match (args.model, args.parameters) {
        (Model::Cnn, None) => cnn,
        (Model::Cnn, Some(parameters)) => Description::cnn_within(shape, classes, parameters),
        (Model::Ffnn, parameters) => {
            let budget = parameters.map_or_else(|| cnn.parameters(), Ok).map_err(refused)?;
            Description::ffnn(shape, classes, budget)
        }
    };
    let (mean, deviation) = data.mean_and_deviation();
    Ok(Description { mean, deviation, classes: data.classes().to_vec(), ..described })
}

/// A training that goes on.
fn resumed(checkpoint: &Path, source: &Source) -> Result<Trainer, Failure> {
    let in_file = |error| refused(error).in_file(checkpoint.display());
    let bytes = fs::read(checkpoint).map_err(|error| match error.kind() {
        std_io::ErrorKind::NotFound => {
            Failure::usage("there is no such file, so nothing to go on with: leave --resume out to begin")
        }
        _ => error.into(),
    });
    let bytes = bytes.map_err(|failure| failure.in_file(checkpoint.display()))?;
    let seed = Options::of_checkpoint(&bytes).map_err(in_file)?.seed;
    Trainer::resume(&bytes, source.load(Purpose::Training, seed)?).map_err(in_file)
}

/// Steps until all is done or somebody has had enough; the checkpoint is that of the last step then.
fn learn(mut trainer: Trainer, args: &Train, checkpoint: &Path, enough: &AtomicBool) -> Result<Trainer, Failure> {
    let mut view = Progress::new(&trainer, args.quiet)?;
    let mut written = Instant::now();
    while !trainer.is_done() {
        let stand = trainer.step().map_err(|error| {
            // Whoever goes on from there ends here again, and another rate is another training.
            if matches!(error, faltung_train::Error::Diverged { .. }) {
                let _ = fs::remove_file(checkpoint);
            }
            refused(error)
        })?;
        view.step(&stand)?;
        let stop = enough.load(Ordering::Relaxed);
        let is_epoch = stand.pictures == trainer.data().len();
        if stop || (!trainer.is_done() && (is_epoch || written.elapsed() >= PATIENCE)) {
            io::write_file(checkpoint, &trainer.checkpoint().map_err(refused)?)?;
            written = Instant::now();
        }
        if stop {
            break;
        }
    }
    Ok(trainer)
}

/// What the person at the keyboard sees: a bar on a terminal, a line for each epoch.
struct Progress {
    bar: ProgressBar,
    quiet: bool,
    pictures: usize,
    epochs: u32,
    /// When the epoch began, and how many of its pictures had been seen before this command began.
    began: Instant,
    before: usize,
}

impl Progress {
    fn new(trainer: &Trainer, quiet: bool) -> Result<Progress, Failure> {
        let (stand, data) = (trainer.stand(), trainer.data());
        let (parameters, count) = (trainer.net().parameters().len(), data.classes().len());
        if !quiet {
            let (pictures, shape) = (data.len(), data.shape());
            console::print(&format!("{parameters} parameters, {pictures} pictures of {shape} in {count} classes\n"))?;
        }
        let bar = match quiet || !std_io::stderr().is_terminal() {
            true => ProgressBar::hidden(),
            false => ProgressBar::new(stand.all_steps),
        };
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {percent:>3} %, {msg}, {eta} left") {
            bar.set_style(style);
        }
        bar.set_position(stand.steps);
        bar.reset_eta();
        let epochs = trainer.options().epochs;
        let before = if stand.pictures == data.len() { 0 } else { stand.pictures };
        Ok(Progress { bar, quiet, pictures: data.len(), epochs, began: Instant::now(), before })
    }

    fn step(&mut self, stand: &Stand) -> Result<(), Failure> {
        let seconds = self.began.elapsed().as_secs_f64();
        let learned = format!("loss {:.4}, accuracy {:.2} %", stand.loss, 100.0 * stand.accuracy);
        let speed = (stand.pictures - self.before) as f64 / seconds.max(1e-9);
        self.bar.set_position(stand.steps);
        self.bar.set_message(format!("{learned}, {speed:.0} pictures/s"));
        if stand.pictures < self.pictures {
            return Ok(());
        }
        (self.began, self.before) = (Instant::now(), 0);
        let line = format!("epoch {} of {}: {learned}, {seconds:.1} s\n", stand.epochs, self.epochs);
        if self.quiet { Ok(()) } else { self.bar.suspend(|| console::print(&line)) }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
