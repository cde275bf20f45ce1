//! The command lines of what learns: train, predict, evaluate, features, compare.

use std::{ffi::OsString, path::PathBuf};

use clap::{Args, ValueEnum};
use faltung_train::{Optimiser, Schedule};

use super::values::{self, Shifts};

/// `faltung train`.
#[derive(Debug, Args)]
#[command(after_help = TRAIN)]
pub struct Train {
    /// What to learn from: a folder of IDX files (train-*), a folder with a folder of pictures for each class, or digits:N
    pub data: OsString,

    /// The model, a file in the format safetensors. While it is not complete, all that is needed to go on is in MODEL.checkpoint
    #[arg(short, long, value_name = "MODEL")]
    pub output: PathBuf,

    /// Go on from MODEL.checkpoint, with the options that the training began with
    #[arg(long, conflicts_with_all = ["model", "parameters", "epochs", "batch", "rate", "schedule", "optimiser", "decay", "augment"])]
    pub resume: bool,

    /// The net: cnn (convolutions) or ffnn (fully connected)
    #[arg(long, value_enum, default_value_t = Model::Cnn, help_heading = "Net")]
    pub model: Model,

    /// How many parameters it may have: the net becomes as wide as that allows; if not said, that of a cnn with 16 filters in its
    /// first stage
    #[arg(long, value_name = "COUNT", help_heading = "Net")]
    pub parameters: Option<usize>,

    /// How often every picture is seen
    #[arg(long, value_name = "COUNT", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..), help_heading = "Training")]
    pub epochs: u32,

    /// Pictures for each step
    #[arg(long, value_name = "COUNT", default_value_t = 128, help_heading = "Training")]
    pub batch: usize,

    /// The largest rate; 0.003 for adamw and 0.05 for sgd if not said
    #[arg(long, value_name = "NUMBER", value_parser = values::positive, help_heading = "Training")]
    pub rate: Option<f64>,

    /// How the rate changes
    #[arg(long, value_parser = values::word(Schedule::ALL, Schedule::name), default_value = "one-cycle", help_heading = "Training")]
    pub schedule: Schedule,

    /// What follows the gradient
    #[arg(long, value_parser = values::word(Optimiser::ALL, Optimiser::name), default_value = "adamw", help_heading = "Training")]
    pub optimiser: Optimiser,

    /// The weight decay
    #[arg(long, value_name = "NUMBER", default_value_t = 0.01, help_heading = "Training")]
    pub decay: f32,

    /// Shift each picture by chance, by up to so many pixels along each axis
    #[arg(long, value_name = "PIXELS", default_value_t = 0, help_heading = "Training")]
    pub augment: usize,

    /// Where all chance comes from: the same seed gives the same model, byte for byte
    #[arg(long, value_name = "NUMBER", default_value_t = 1, help_heading = "Training")]
    pub seed: u64,

    /// Threads to work with; the model does not depend on it
    #[arg(long, value_name = "COUNT", value_parser = values::threads, help_heading = "Work")]
    pub threads: Option<usize>,

    /// Say nothing but errors
    #[arg(short, long, help_heading = "Telling")]
    pub quiet: bool,
}

/// The nets that the commands know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Model {
    /// Convolutions.
    Cnn,
    /// Fully connected.
    Ffnn,
}

const TRAIN: &str = "\
Ctrl-C saves and ends. Whatever else ends the command, a checkpoint has been written after each epoch and every few seconds: --resume goes \
on from it, and ends with the same model as if there had been no interruption.

Examples:
  faltung train digits:8000 -o digits.safetensors
  faltung train mnist -o mnist.safetensors --parameters 150000 --epochs 20 --augment 2
  faltung train mnist -o mnist.safetensors --resume
  faltung train mnist -o dense.safetensors --model ffnn --parameters 80000
  faltung train photos -o photos.safetensors --optimiser sgd --rate 0.02";

/// `faltung predict`.
#[derive(Debug, Args)]
#[command(after_help = PREDICT)]
pub struct Predict {
    /// A model of faltung train
    pub model: PathBuf,

    /// Pictures of the size that the model takes: colours become grey where it was trained on grey
    #[arg(required = true)]
    pub images: Vec<OsString>,

    /// Print one JSON object for each picture, with all probabilities
    #[arg(long)]
    pub json: bool,
}

const PREDICT: &str = "\
Each line has the picture, its likeliest class, and how probable the model holds that.

Examples:
  faltung predict digits.safetensors seven.png
  faltung predict digits.safetensors *.png --json";

/// `faltung evaluate`.
#[derive(Debug, Args)]
#[command(after_help = EVALUATE)]
pub struct Evaluate {
    /// A model of faltung train
    pub model: PathBuf,

    /// What to be tested with: a folder of IDX files (t10k-*), a folder with a folder of pictures for each class, or digits:N, which
    /// draws a sixth of N others than train does
    pub data: OsString,

    /// Shift the pictures by so many pixels, or by each number of a range as 0..6: the mean of up, down, left and right
    #[arg(long, value_name = "PIXELS", value_parser = values::shifts)]
    pub shift: Option<Shifts>,

    /// Of digits, the seed that they are drawn from
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub seed: u64,

    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

const EVALUATE: &str = "\
The first line is the accuracy, then comes how many pictures of each class (rows) were taken for which class (columns).

Examples:
  faltung evaluate digits.safetensors digits:8000
  faltung evaluate mnist.safetensors mnist --shift 0..6";

/// `faltung features`.
#[derive(Debug, Args)]
#[command(after_help = FEATURES)]
pub struct Features {
    /// A model of faltung train
    pub model: PathBuf,

    /// A picture of the size that the model takes
    pub image: OsString,

    /// Where it goes: .svg or .png
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,

    /// The layer whose maps are shown, from 0; the last convolution if not said
    #[arg(long, value_name = "NUMBER")]
    pub layer: Option<usize>,

    /// The cell whose receptive field is shown, as ROW,COLUMN; the one in the middle if not said
    #[arg(long, value_name = "PLACE", value_parser = values::cell)]
    pub cell: Option<[usize; 2]>,

    /// Pixels of a PNG for each of the picture; 2 if not said
    #[arg(long, value_name = "FACTOR", value_parser = values::positive)]
    pub scale: Option<f64>,
}

const FEATURES: &str = "\
Shown are the filters of the first convolution, the maps that each of them makes of the picture, those of a later layer, and what the \
chosen cell of that layer sees of the picture.

Examples:
  faltung features digits.safetensors seven.png -o seven.svg
  faltung features digits.safetensors seven.png --layer 3 --cell 2,5 -o seven.png";

/// `faltung compare`.
#[derive(Debug, Args)]
#[command(after_help = COMPARE)]
pub struct Compare {
    /// What to learn from and to be tested with, as for train and evaluate; of a folder of classes every sixth picture is for the test
    pub data: OsString,

    /// The report, a page without scripts
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,

    /// How often every picture is seen
    #[arg(long, value_name = "COUNT", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    pub epochs: u32,

    /// Where all chance comes from
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub seed: u64,

    /// Threads to work with; the numbers of the report do not depend on it
    #[arg(long, value_name = "COUNT", value_parser = values::threads)]
    pub threads: Option<usize>,

    /// Say nothing but errors
    #[arg(short, long)]
    pub quiet: bool,
}

const COMPARE: &str = "\
A fully connected net and a convolutional one with as many parameters are trained alike: on all pictures, on one in a hundred, on \
pictures with their pixels shuffled; and tested on pictures shifted by 0 to 6 pixels. Nothing is shifted while training.

Examples:
  faltung compare digits:8000 -o report.html
  faltung compare mnist -o report.html --epochs 5";
