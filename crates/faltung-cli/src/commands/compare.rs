//! `faltung compare`: why convolutions, as an experiment.
//!
//! Two nets with as many parameters learn the same things for as many steps: all pictures, pictures with their pixels shuffled,
//! one picture in a hundred. They are tested on others, also shifted by some pixels, though nothing was shifted while they
//! learned. Then smaller convolutional nets learn, until one is no better than the fully connected one. [`report`] tells.

mod report;

use std::io::IsTerminal;

use faltung_scene::{
    Film,
    paint::{Look, Scheme, html},
};
use faltung_train::{Dataset, Description, Net, Options, Trainer};
use indicatif::{ProgressBar, ProgressStyle};

use crate::{
    args::Compare,
    console,
    dataset::{Source, refused},
    io::{self, Failure},
};

/// The largest shift that is tested, in pixels.
const SHIFTS: usize = 6;
/// The share of the pictures that is left when there are few.
const FEW: f64 = 0.01;
/// With few pictures, batches are so much smaller, and epochs so many more that there are as many steps.
const SMALLER: usize = 4;
const MORE: u32 = 25;
/// Filters in the first stage of the smaller nets.
const WIDTHS: [usize; 3] = [8, 4, 2];

/// What came of one net.
struct Told {
    parameters: usize,
    /// On all pictures, on shuffled ones, on few.
    all: f64,
    shuffled: f64,
    few: f64,
    /// By pixels, from 0 on: the accuracy, and the share of answers that are the same as without a shift.
    shifts: Vec<f64>,
    same: Vec<f64>,
    /// Parameters of the same layers at 1024x1024, of these those of convolutions.
    large: usize,
    large_convolutions: usize,
}

/// What the report tells.
struct Findings {
    pictures: [usize; 2],
    few: usize,
    epochs: u32,
    seed: u64,
    cnn: Told,
    ffnn: Told,
    /// Parameters and accuracy, from the largest to the smallest.
    smaller: Vec<(usize, f64)>,
    /// Parameters of a net with as many stages as pictures of 1024x1024 need.
    deeper: usize,
    /// How far maps of a shifted picture are from shifted maps, beside the largest number of these: after the first convolution,
    /// and after the pooling behind it.
    equivariance: [f64; 2],
}

/// Trains, tests, and writes the report.
pub(super) fn run(args: &Compare) -> Result<(), Failure> {
    io::check_file(&args.output)?;
    let data = Source::of(&args.data)?.both(args.seed)?;
    let threads = args.threads.unwrap_or_else(faltung::default_threads);
    let findings = faltung_train::on_threads(threads, || Experiment::new(args, data)?.findings());
    let scene = report::scene(&findings.map_err(refused)??);
    let sentences = report::sentences(&scene);
    let page = html(&Film::from(scene), &Look::default(), Scheme::Reader);
    io::write_file(&args.output, page.as_bytes())?;
    if args.quiet { Ok(()) } else { console::print(&sentences) }
}

/// The data, and how all nets learn.
struct Experiment {
    training: Dataset,
    test: Dataset,
    few: Dataset,
    options: Options,
    bar: ProgressBar,
}

impl Experiment {
    fn new(args: &Compare, [training, test]: [Dataset; 2]) -> Result<Experiment, Failure> {
        let bar = match args.quiet || !std::io::stderr().is_terminal() {
            true => ProgressBar::hidden(),
            false => ProgressBar::new(0),
        };
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {percent:>3} %, {msg}, {eta} left") {
            bar.set_style(style);
        }
        let few = training.share(FEW, args.seed).map_err(refused)?;
        let options = Options { epochs: args.epochs, seed: args.seed, ..Options::default() };
        // Two nets learn all, all shuffled, and few for as many steps; the others learn all.
        let steps = training.len().div_ceil(options.batch) as u64 * u64::from(options.epochs);
        bar.set_length((2 * 3 + WIDTHS.len() as u64) * steps);
        Ok(Experiment { training, test, few, options, bar })
    }

    fn findings(&self) -> Result<Findings, Failure> {
        let (shape, classes) = (self.training.shape(), self.training.classes().len());
        let described = Description::cnn(shape, classes);
        let budget = described.parameters().map_err(refused)?;
        let (cnn, net) = self.tell(&described, "convolutional")?;
        let (ffnn, _) = self.tell(&Description::ffnn(shape, classes, budget), "fully connected")?;
        let mut smaller = vec![(cnn.parameters, cnn.all)];
        for width in WIDTHS {
            let described = Description::cnn_of_width(shape, classes, width);
            let net = self.learn(&described, &self.training, self.options, "smaller")?;
            smaller.push((described.parameters().map_err(refused)?, accuracy(&net, &self.test)?));
        }
        let deeper = Description::cnn(faltung_train::Shape { height: 1024, width: 1024, ..shape }, classes);
        self.bar.finish_and_clear();
        Ok(Findings {
            pictures: [self.training.len(), self.test.len()],
            few: self.few.len(),
            epochs: self.options.epochs,
            seed: self.options.seed,
            equivariance: self.equivariance(&net)?,
            cnn,
            ffnn,
            smaller,
            deeper: deeper.parameters().map_err(refused)?,
        })
    }

    /// All that is to be known of one net; and the net that learned from all pictures.
    fn tell(&self, described: &Description, name: &str) -> Result<(Told, Net), Failure> {
        let net = self.learn(described, &self.training, self.options, name)?;
        let (mut shifts, mut same) = (Vec::new(), Vec::new());
        let unshifted = classes(&net, &self.test)?;
        for pixels in 0..=SHIFTS {
            self.bar.set_message(format!("{name} net, shifted by {pixels}"));
            let (right, unchanged) = self.shifted(&net, &unshifted, pixels as isize)?;
            shifts.push(right);
            same.push(unchanged);
        }
        let seed = self.options.seed;
        let shuffled =
            self.learn(described, &self.training.shuffled(seed), self.options, &format!("{name}, shuffled"))?;
        let few = Options {
            batch: self.options.batch / SMALLER,
            epochs: self.options.epochs.saturating_mul(MORE),
            ..self.options
        };
        let few = self.learn(described, &self.few, few, &format!("{name}, few"))?;
        let large = described.at(1024, 1024).outline().map_err(refused)?;
        let spatial = large.iter().filter(|layer| layer.weights > 0 && layer.output.height > 1);
        let told = Told {
            parameters: described.parameters().map_err(refused)?,
            all: shifts[0],
            shuffled: accuracy(&shuffled, &self.test.shuffled(seed))?,
            few: accuracy(&few, &self.test)?,
            shifts,
            same,
            large: large.iter().map(|layer| layer.parameters()).sum(),
            large_convolutions: spatial.map(|layer| layer.parameters()).sum(),
        };
        Ok((told, net))
    }

    fn learn(&self, described: &Description, data: &Dataset, options: Options, name: &str) -> Result<Net, Failure> {
        let (mean, deviation) = data.mean_and_deviation();
        let described = Description { mean, deviation, classes: data.classes().to_vec(), ..described.clone() };
        let net = Net::new(described, options.seed).map_err(refused)?;
        let mut trainer = Trainer::new(net, data.clone(), options).map_err(refused)?;
        let before = self.bar.position();
        while !trainer.is_done() {
            let stand = trainer.step().map_err(refused)?;
            // Few pictures are learned for about as many steps.
            self.bar.set_position(before + stand.steps);
            self.bar.set_message(format!("{name} net, loss {:.4}", stand.loss));
        }
        Ok(trainer.into_net())
    }

    /// The share told right, and the share told as without a shift: means of up, down, left and right.
    fn shifted(&self, net: &Net, unshifted: &[usize], pixels: isize) -> Result<(f64, f64), Failure> {
        let directions = match pixels {
            0 => vec![[0, 0]],
            far => vec![[far, 0], [-far, 0], [0, far], [0, -far]],
        };
        let (mut right, mut same) = (0, 0);
        for &steps in &directions {
            let told = classes(net, &self.test.shifted_by(steps))?;
            right += told.iter().zip(self.test.labels()).filter(|(told, label)| **told == usize::from(**label)).count();
            same += told.iter().zip(unshifted).filter(|(told, before)| told == before).count();
        }
        let all = (directions.len() * self.test.len()) as f64;
        Ok((right as f64 / all, same as f64 / all))
    }

    /// How far what a net makes of a picture shifted by a pixel is from what it makes of the picture, shifted by a pixel.
    fn equivariance(&self, net: &Net) -> Result<[f64; 2], Failure> {
        const PICTURES: usize = 20;
        let moved = self.test.shifted_by([0, 1]);
        let mut worst = [0f64; 2];
        for picture in 0..self.test.len().min(PICTURES) {
            let still = net.maps(&self.test, picture).map_err(refused)?;
            let moved = net.maps(&moved, picture).map_err(refused)?;
            // The maps of the first layer, and of the third: the convolution, and the pooling behind it and ReLU.
            for (worst, layer) in worst.iter_mut().zip([0, 2]) {
                let (Some(still), Some(moved)) = (still.get(layer), moved.get(layer)) else { continue };
                let columns = still.shape.width;
                let largest = still.values.iter().fold(0f32, |most, value| most.max(value.abs()));
                // Away from the edges, beyond which there is nothing to come in.
                let inner = (0..still.values.len()).filter(|at| at % columns >= 2 && at % columns + 2 < columns);
                let off = inner.map(|at| (moved.values[at] - still.values[at - 1]).abs()).fold(0.0, f32::max);
                *worst = worst.max(f64::from(off / largest.max(f32::MIN_POSITIVE)));
            }
        }
        Ok(worst)
    }
}

fn accuracy(net: &Net, test: &Dataset) -> Result<f64, Failure> {
    Ok(net.evaluate(test).map_err(refused)?.accuracy())
}

/// What the net tells of each picture.
fn classes(net: &Net, test: &Dataset) -> Result<Vec<usize>, Failure> {
    let rows = net.probabilities(test).map_err(refused)?;
    Ok(rows.iter().map(|row| super::predict::likeliest(row).0).collect())
}
