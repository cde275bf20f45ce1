//! The command line: what each option means, written once, where both `--help` and a reader find it.
//!
//! [`parse`] makes a [`Command`] of the words; the values of options are read by `values`.

mod learning;
mod parse;
mod values;

use std::{ffi::OsString, path::PathBuf};

use clap::{
    Args, CommandFactory, Parser, Subcommand,
    builder::{OsStringValueParser, TypedValueParser},
};
use clap_complete::Shell;
use faltung::{Accuracy, Algorithm, Boundary, Dtype, Missing, Mode, Normalize, Overflow, PerAxis};

use faltung_scene::{View, paint::Theme, state::State};

use crate::{commands::Format, io::Gaps, scale::Map};
pub use learning::{Compare, Evaluate, Features, Model, Predict, Train};
pub use parse::{Ending, parse};
pub(crate) use values::read_shape;
pub use values::{At, Axes, Shape, Shifts};

/// Convolves signals, pictures, sounds and arrays.
///
/// Whatever the file, it is an array of samples, and every output is a weighted sum of the samples around it. The
/// result has the form of the input: a table keeps its dates, a sound its rate, a picture its depth and alpha.
#[derive(Debug, Parser)]
#[command(name = "faltung", version, propagate_version = true, disable_help_subcommand = true)]
#[command(after_help = "'faltung COMMAND --help' explains a command, with examples.")]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Convolve a file, or numbers, with a kernel
    ///
    /// INPUT is a file, - for standard input, or numbers. Files are known by what is in them: text (CSV, TSV), NPY, NPZ,
    /// IDX, WAV, FLAC, PNG, JPEG, TIFF, each perhaps in gzip. KERNEL is the same, or the name of a kernel. A file that
    /// exists is taken before numbers and names of the same spelling.
    ///
    /// Signals (text, arrays, sounds) are convolved in full, with zeros beyond their ends; pictures keep their size and
    /// are reflected at their edges. Colours and the channels of a sound are filtered each by itself; alpha is kept.
    Convolve(Box<Convolve>),
    /// Explain one output of a convolution: every sample, weight and product that it is made of
    ///
    /// INPUT and KERNEL are those of convolve. What is shown is a view: of a signal the stage (flip, shift, multiply, sum), of
    /// a picture the window, of anything else its terms. Of a long signal only what is near the place is looked at, and of a
    /// WAV or NPY only that is read.
    Explain(Box<Explain>),
    /// Convolve two formulas in continuous time, and explain a value
    ///
    /// F and G are formulas in t, or systems by name. The result is a formula where there is one, else values by quadrature with
    /// a bound on their error. What is shown is the stage: f(τ), g turned round and shifted to t, their product, whose area is
    /// the value, and the result.
    Continuous(Box<Continuous>),
    /// List the kernels that have names, or show the weights of one
    Kernels(Kernels),
    /// Tell how a convolution would be computed, and why so
    ///
    /// Every algorithm tells its cost, for one thread, or why it refuses.
    Plan(Box<Plan>),
    /// Train a net to tell pictures apart
    ///
    /// Learns filters instead of choosing them. DATA is a folder of IDX files as MNIST has them, a folder with a folder of pictures for
    /// each class, or digits:N, which draws N digits and needs no file.
    Train(Box<Train>),
    /// Tell what is seen on pictures, by a model of train
    Predict(Predict),
    /// Tell how often a model is right, also on shifted pictures
    Evaluate(Evaluate),
    /// Draw what a model has learned: its filters, what they make of a picture, and what a cell sees of it
    Features(Features),
    /// Compare a fully connected net with a convolutional one, in a report
    Compare(Compare),
    /// Show the explorer, a page to play with, in a browser on this machine
    ///
    /// Prints the page's address and serves it until Ctrl-C, to this machine alone. Everything is computed in the page; nothing
    /// leaves it.
    Serve(Serve),
    /// Print completions for a shell
    #[command(after_help = COMPLETIONS)]
    Completions {
        /// The shell
        shell: Shell,
    },
}

const COMPLETIONS: &str = "\
Examples:
  faltung completions bash > ~/.local/share/bash-completion/completions/faltung
  faltung completions fish > ~/.config/fish/completions/faltung.fish";

/// `faltung convolve`.
#[derive(Debug, Args)]
#[command(after_help = CONVOLVE)]
pub struct Convolve {
    /// A file, - for standard input, or numbers: 3,0,5 is a signal, "1,2;3,4" has two rows
    #[arg(value_parser = operand())]
    pub input: OsString,

    /// The weights: the same, or a name such as gaussian:sigma=2 (see faltung kernels)
    #[arg(value_parser = operand())]
    pub kernel: OsString,

    /// Where the result goes: the extension tells the format; - or nothing: numbers to standard output
    #[arg(short, long, value_name = "FILE", value_parser = operand())]
    pub output: Option<OsString>,

    /// What is computed, and how.
    #[command(flatten)]
    pub options: Options,

    /// Of a text INPUT, the column: by name, or by place counted from 1
    #[arg(long, value_name = "NAME", help_heading = "Files")]
    pub column: Option<String>,

    /// Of a text KERNEL, the column
    #[arg(long, value_name = "NAME", help_heading = "Files")]
    pub kernel_column: Option<String>,

    /// Of a text, what an empty cell is: an error, or NaN
    #[arg(long, value_parser = values::gaps(), default_value = "error", hide_default_value = true, help_heading = "Files")]
    pub gaps: Gaps,

    /// Bring a picture or a sound back into range: clip cuts off; abs drops the sign, then cuts off; offset makes zero
    /// middle grey, then cuts off; stretch spreads the values over the whole range (a sound: its peak becomes full
    /// scale). Without it, a result that a picture or sound cannot hold is an error
    #[arg(long, value_parser = values::word(&Map::ALL, Map::name), conflicts_with = "overflow", help_heading = "Files")]
    pub map: Option<Map>,

    /// Print the plan to standard error, too: algorithm, cost, and why not the others
    #[arg(long, help_heading = "Telling")]
    pub plan: bool,

    /// Say nothing but errors
    #[arg(short, long, help_heading = "Telling")]
    pub quiet: bool,
}

const CONVOLVE: &str = "\
Values for each axis are set apart by commas, slowest axis first: --stride 2,1.

Types: whole numbers and whole weights are summed exactly. Whole numbers and real weights: pictures are rounded, half \
to even; all else is taken as f64, unless --dtype says otherwise.

Examples:
  faltung convolve posts.csv likes.csv
  faltung convolve 3,0,5 -1,0,1 --mode same
  faltung convolve photo.jpg gaussian:sigma=3 -o soft.png
  faltung convolve photo.png sobel:x --map abs -o edges.png
  faltung convolve voice.wav room.wav --map stretch -o there.wav
  faltung convolve co2.csv box:12 --column co2 --mode same --boundary nearest -o yearly.csv
  faltung convolve volume.npy gaussian:2 --mode same --boundary reflect -o smooth.npy
  faltung convolve digits.idx sobel:x --axis 1,2 --dtype i16 -o edges.npy
  seq 100 | faltung convolve - ones:7 --mode valid --json";

/// `faltung explain`.
#[derive(Debug, Clone, Args)]
#[command(after_help = EXPLAIN)]
pub struct Explain {
    /// A file, - for standard input, or numbers: 3,0,5 is a signal, "1,2;3,4" has two rows
    #[arg(value_parser = operand(), required_unless_present = "state")]
    pub input: Option<OsString>,

    /// The weights: the same, or a name such as gaussian:sigma=2 (see faltung kernels)
    #[arg(value_parser = operand(), required_unless_present = "state")]
    pub kernel: Option<OsString>,

    /// Instead of all that, a whole explanation in one text, as pages have it behind their #: "#/table?x=1,2,3&h=1,1&t=2"
    #[arg(long, value_name = "TEXT", conflicts_with_all = [
        "input", "kernel", "at", "view", "mode", "pad", "boundary", "axis", "stride", "dilation", "anchor", "correlate",
        "normalize", "dtype", "column", "kernel_column", "gaps",
    ])]
    pub state: Option<State>,

    /// Which output: its index in the result, one number for each axis. -1 along a signal is the place before the first output.
    /// If not said, the first whose whole window lies within the input
    #[arg(long, value_name = "PLACE", value_parser = values::place)]
    pub at: Option<At>,

    /// What to look at: see below
    #[arg(long, value_parser = values::word(View::ALL, View::name))]
    pub view: Option<View>,

    /// Where it goes, and how it looks.
    #[command(flatten)]
    pub showing: Showing,

    /// Which sum it is.
    #[command(flatten)]
    pub sum: Sum,

    /// Take the data as this type
    #[arg(long, value_name = "TYPE", value_parser = values::word(Dtype::ALL, Dtype::name), help_heading = "Numbers")]
    pub dtype: Option<Dtype>,

    /// Of a text INPUT, the column: by name, or by place counted from 1
    #[arg(long, value_name = "NAME", help_heading = "Files")]
    pub column: Option<String>,

    /// Of a text KERNEL, the column
    #[arg(long, value_name = "NAME", help_heading = "Files")]
    pub kernel_column: Option<String>,

    /// Of a text, what an empty cell is: an error, or NaN
    #[arg(long, value_parser = values::gaps(), default_value = "error", hide_default_value = true, help_heading = "Files")]
    pub gaps: Gaps,

    /// Bytes (with K, M, G) that a compressed file may unpack to; 256M if not said
    #[arg(long, value_name = "BYTES", value_parser = values::bytes, help_heading = "Files")]
    pub max_memory: Option<usize>,

    /// Say nothing but errors
    #[arg(short, long, help_heading = "Telling")]
    pub quiet: bool,
}

const EXPLAIN: &str = "\
Views:
  terms        every term of the sum, in any number of dimensions
  stage        the input, the kernel turned round and shifted, their product, and the output so far
  table        scaled and delayed copies of the kernel, a row for each sample; each column adds up to an output
  likes        the story of posts and likes: who gets likes in this hour, and how many there are so far
  flip         with the flip, without it, and with the other operand flipped
  padding      what lies beyond the ends, boundary by boundary, with the source of every virtual sample
  window       in two dimensions: the window on the input, the weights, the products and the output
  sizes        how long the result is, and which numbers make it so
  conventions  the same in NumPy, SciPy, PyTorch, MATLAB and OpenCV, and where their calls differ

Colours are used on a terminal, unless NO_COLOR is set.

Examples:
  faltung explain 3,0,5,0,2,1 5,4,3,2,1 --at 4
  faltung explain 3,0,5,0,2,1 5,4,3,2,1 --view likes --at 9
  faltung explain 3,0,5,0,2,1 5,4,3,2,1 --view padding -o padding.md
  faltung explain 3,0,5,0,2,1 5,4,3,2,1 -o film.gif -o page.html --theme dark
  faltung explain photo.png sobel:x --at 120,80
  faltung explain voice.wav room.wav --at 4800000 --view terms --format json
  faltung explain 1,2,3,4 1,1,1,1 --mode same --view conventions
  faltung explain --state '#/padding?x=1,2,3&h=1,1,1&mode=same'";

/// `faltung continuous`.
#[derive(Debug, Args)]
#[command(after_help = CONTINUOUS)]
pub struct Continuous {
    /// The input: a formula in t, such as "rect(t)", or the name of a system
    #[arg(allow_hyphen_values = true)]
    pub f: String,

    /// The impulse response: the same
    #[arg(allow_hyphen_values = true)]
    pub g: String,

    /// Which t, as 0.5 or 1/3; a round number past the middle if not said
    #[arg(long, value_name = "T", value_parser = values::real, allow_hyphen_values = true)]
    pub at: Option<f64>,

    /// The first t shown; where something begins if not said
    #[arg(long, value_name = "T", value_parser = values::real, allow_hyphen_values = true)]
    pub from: Option<f64>,

    /// The last t shown; where all has settled if not said
    #[arg(long, value_name = "T", value_parser = values::real, allow_hyphen_values = true)]
    pub to: Option<f64>,

    /// Also sample both so far apart, convolve the samples with the factor that sums lack, and tell how far that is off
    #[arg(long, value_name = "TIME", value_parser = values::positive)]
    pub spacing: Option<f64>,

    /// Where it goes, and how it looks.
    #[command(flatten)]
    pub showing: Showing,
}

const CONTINUOUS: &str = "\
Formulas:
  numbers      2  0.5  1e-3  pi  e  and the time t
  operators    + - * / ^ and brackets; 2t is 2*t
  functions    rect tri step delta gauss exp sin cos sqrt abs sinc erf erfc
  pieces       0 <= t < 1 is 1 where it holds, else 0; if(t < 1, t, 0);
               piecewise(t for 0 <= t < 1; 2 - t for 1 <= t < 2; 0 otherwise)
  systems      rc:tau=1/2  rlc:r=1,l=1,c=1/2  average:width=2  exponential:tau=3  bursts:width=1/2,areas=3x0x5

rect is 1 from -1/2 to 1/2, tri is rect*rect, gauss has the standard deviation 1 and the area 1, sinc(t) is sin(pi t)/(pi t), and
delta is an impulse, never a thin pulse.

Examples:
  faltung continuous 'rect(t)' 'rect(t)'
  faltung continuous 'rect(t)' 'exp(-t)*step(t)' --at 0.5
  faltung continuous 'step(t)' rlc:r=1,l=1,c=1 --to 15 -o ringing.svg
  faltung continuous bursts:width=1/2,areas=3x0x5x0x2x1 'if(0 <= t < 5, 5 - t, 0)' --at 4
  faltung continuous 'gauss(t)' '2*delta(t - 1) + rect(t)' -o film.gif
  faltung continuous 'rect(t)' 'tri(t)' --spacing 0.01";

/// Where an explanation goes, and how it looks.
#[derive(Debug, Clone, Args)]
pub struct Showing {
    /// Where it goes, instead of standard output: the extension tells the format. Texts are .txt, .md, .csv, .json and .tex,
    /// pictures .svg and .png; .html, .gif and .apng show all places. Several files are given by several -o
    #[arg(short, long, value_name = "FILE")]
    pub output: Vec<PathBuf>,

    /// The format of standard output
    #[arg(long, value_parser = values::word(Format::TEXTS, Format::name), default_value = "text", conflicts_with = "output")]
    pub format: Format,

    /// A PNG for each place goes into this folder: frame-000.png and so on, for programs that make videos
    #[arg(long, value_name = "FOLDER", conflicts_with = "format")]
    pub frames: Option<PathBuf>,

    /// The colours of pictures: light (the default) or dark. A page follows its reader's system if this is not said
    #[arg(long, value_parser = values::word(Theme::ALL, Theme::name), help_heading = "Pictures")]
    pub theme: Option<Theme>,

    /// Pixels of a PNG, GIF or APNG for each of the picture; 1 if not said
    #[arg(long, value_name = "FACTOR", value_parser = values::positive, help_heading = "Pictures")]
    pub scale: Option<f64>,

    /// Places shown in a second; 1.25 if not said
    #[arg(long, value_name = "COUNT", value_parser = values::positive, help_heading = "Pictures")]
    pub fps: Option<f64>,

    /// Seconds for which the last place is shown; 2 if not said
    #[arg(long, value_name = "SECONDS", value_parser = values::positive, help_heading = "Pictures")]
    pub hold: Option<f64>,

    /// Texts without any letter beyond ASCII
    #[arg(long)]
    pub ascii: bool,
}

/// What is computed and how, for all commands that plan.
#[derive(Debug, Args)]
pub struct Options {
    /// Which sum it is.
    #[command(flatten)]
    pub sum: Sum,

    /// Take the data as this type, and give the result in it
    #[arg(long, value_name = "TYPE", value_parser = values::word(Dtype::ALL, Dtype::name), help_heading = "Numbers")]
    pub dtype: Option<Dtype>,

    /// When sums of whole numbers may not fit their type: error (the default), widen to one that holds them, wrap or
    /// saturate. Pictures: an error only if a value does not fit
    #[arg(long, value_name = "POLICY", value_parser = values::word(Overflow::ALL, Overflow::name), help_heading = "Numbers")]
    pub overflow: Option<Overflow>,

    /// What rounding errors are small beside: the loudest samples near (normwise, the default), or each output's own
    /// terms (componentwise: no transforms)
    #[arg(long, value_parser = values::word(Accuracy::ALL, Accuracy::name), help_heading = "Numbers")]
    pub accuracy: Option<Accuracy>,

    /// What becomes of NaN: it propagates (the default), is left out (omit: as a zero), is interpolated (what is there,
    /// divided by its share of the weights), or is an error (raise). Empty cells of a text are NaN with --gaps nan
    #[arg(long, value_name = "POLICY", value_parser = values::word(Missing::ALL, Missing::name), help_heading = "Numbers")]
    pub missing: Option<Missing>,

    /// Compute by this algorithm, not by the cheapest
    #[arg(long, value_parser = values::word(Algorithm::ALL, Algorithm::name), help_heading = "Work")]
    pub algorithm: Option<Algorithm>,

    /// Threads to work with; the result does not depend on it
    #[arg(long, value_name = "COUNT", value_parser = values::threads, help_heading = "Work")]
    pub threads: Option<usize>,

    /// Bytes (with K, M, G) that a compressed file may unpack to (256M if not said), and that the computation may
    /// take besides input and result (all there are)
    #[arg(long, value_name = "BYTES", value_parser = values::bytes, help_heading = "Work")]
    pub max_memory: Option<usize>,

    /// Print one JSON object to standard output
    #[arg(long, help_heading = "Telling")]
    pub json: bool,
}

/// Which sum it is, for all commands that have an input and a kernel.
#[derive(Debug, Clone, Args)]
pub struct Sum {
    /// How much of the result: full, same (as many outputs as samples) or valid (the whole kernel within)
    #[arg(long, value_parser = values::per_axis::<Mode>, help_heading = "Sum")]
    pub mode: Option<PerAxis<Mode>>,

    /// Instead of a mode, extend by so many samples, or by BEFORE:AFTER, and take what is valid then
    #[arg(long, value_name = "SAMPLES", value_parser = values::padding, conflicts_with = "mode", help_heading = "Sum")]
    pub pad: Option<PerAxis<Mode>>,

    /// What lies beyond the ends: constant:0, nearest (aa|ab|bb), reflect (ba|ab|ba), mirror (cb|abc|ba) or wrap
    #[arg(long, value_parser = values::per_axis::<Boundary>, help_heading = "Sum")]
    pub boundary: Option<PerAxis<Boundary>>,

    /// The axes to convolve along, 0 the first, -1 the last; all others are left apart
    #[arg(long, value_name = "AXES", value_parser = values::axes, help_heading = "Sum")]
    pub axis: Option<Axes>,

    /// Samples from one output to the next
    #[arg(long, value_name = "SAMPLES", value_parser = values::steps, help_heading = "Sum")]
    pub stride: Option<PerAxis<usize>>,

    /// Samples from one weight to the next
    #[arg(long, value_name = "SAMPLES", value_parser = values::steps, help_heading = "Sum")]
    pub dilation: Option<PerAxis<usize>>,

    /// Where in the full result mode same starts, instead of in the kernel's middle; 0 is causal. Implies --mode same
    #[arg(long, value_name = "PLACE", value_parser = values::places, help_heading = "Sum")]
    pub anchor: Option<PerAxis<usize>>,

    /// Do not turn the kernel round
    #[arg(long, help_heading = "Sum")]
    pub correlate: bool,

    /// Divide the weights by their sum, by the sum of their absolute values, or by nothing (none, the default)
    #[arg(long, value_name = "BY", value_parser = values::word(Normalize::ALL, Normalize::name), help_heading = "Numbers")]
    pub normalize: Option<Normalize>,
}

/// `faltung kernels`.
#[derive(Debug, Args)]
#[command(after_help = KERNELS)]
pub struct Kernels {
    /// A kernel with its parameters, as on the command line of convolve; nothing for the list
    pub kernel: Option<String>,

    /// For so many axes; 1, or as many as the kernel needs, if not said
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u8).range(1..=16))]
    pub dims: Option<u8>,

    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

const KERNELS: &str = "\
Parameters follow a colon, by name or in order: gaussian:sigma=2 is gaussian:2. Values for each axis are set apart by \
x, slowest axis first: box:5x3. Numbers may be fractions: step=1/48000.

Examples:
  faltung kernels
  faltung kernels gaussian
  faltung kernels gaussian:sigma=2
  faltung kernels sobel:x --dims 2 > sobel.csv";

/// `faltung plan`.
#[derive(Debug, Args)]
#[command(after_help = PLAN)]
pub struct Plan {
    /// The input's shape, as 1000000 or 2048x2048
    #[arg(value_parser = values::shape)]
    pub shape: Shape,

    /// The kernel: its shape (weights without any structure), its name, numbers or a file
    #[arg(value_parser = operand())]
    pub kernel: OsString,

    /// What would be computed, and how.
    #[command(flatten)]
    pub options: Options,
}

const PLAN: &str = "\
The type is f32 if --dtype does not say otherwise; the mode is full and beyond the ends are zeros.

Examples:
  faltung plan 1000000 1001 --mode same
  faltung plan 2048x2048 box:5x5 --dtype u8 --overflow wrap
  faltung plan 512x512x3 gaussian:3 --axis 0,1 --algorithm fft";

/// `faltung serve`.
#[derive(Debug, Args)]
#[command(after_help = SERVE)]
pub struct Serve {
    /// The port; 0, or nothing said, is any that is free
    #[arg(long, value_name = "NUMBER", default_value_t = 0, hide_default_value = true)]
    pub port: u16,

    /// Open the page in the browser
    #[arg(long)]
    pub open: bool,

    /// What the page shows at first, as its addresses have it behind their #: "#/table?x=1,2,3&h=1,1&t=2"
    #[arg(long, value_name = "TEXT")]
    pub state: Option<State>,
}

const SERVE: &str = "\
Examples:
  faltung serve --open
  faltung serve --port 8000 --state '#/likes?t=4'";

/// A file, numbers or a name.
fn operand() -> impl TypedValueParser<Value = OsString> {
    OsStringValueParser::new().try_map(values::operand)
}

/// The whole command, for completions.
pub(crate) fn command() -> clap::Command {
    CommandLine::command()
}
