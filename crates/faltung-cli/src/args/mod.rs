//! The command line: what each option means, written once, where both `--help` and a reader find it.
//!
//! [`parse`] makes a [`Command`] of the words; the values of options are read by `values`.

mod explaining;
mod learning;
mod options;
mod parse;
mod streaming;
mod values;

use std::ffi::OsString;

use clap::{
    Args, CommandFactory, Parser, Subcommand,
    builder::{OsStringValueParser, TypedValueParser},
};
use clap_complete::Shell;
use faltung_scene::state::State;

use crate::{
    io::Gaps,
    scale::Map,
    sound::{Level, Tail},
};
pub use explaining::{Continuous, Explain, Showing};
pub use learning::{Compare, Evaluate, Features, Model, Predict, Train};
pub use options::{Options, Sum};
pub use parse::{Ending, parse};
pub use streaming::Stream;
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
    ///
    /// A sound that goes into a .wav is filtered block by block, of any length: the response is brought to its rate, and the
    /// level held so that nothing clips.
    Convolve(Box<Convolve>),
    /// Filter samples while they come: raw sound from standard input to standard output
    ///
    /// Frames are written as soon as they have come, at the end with the tail of the response. Without a header the options tell
    /// what the bytes are; they go out as they came in, with as many channels as the response makes.
    Stream(Stream),
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
    /// scale). Without it, a result that a picture cannot hold is an error, and a sound has a --level
    #[arg(long, value_parser = values::word(&Map::ALL, Map::name), conflicts_with_all = ["overflow", "level"], help_heading = "Files")]
    pub map: Option<Map>,

    /// How loud a sound becomes, by one gain for the whole file: peak lowers it where something would clip, none leaves it,
    /// match makes it as loud as the input (the root mean square while that plays), in integers without clipping. Integers
    /// have peak, floats none, if nothing is said
    #[arg(long, value_parser = values::word(Level::ALL, Level::name), help_heading = "Sounds")]
    pub level: Option<Level>,

    /// What becomes of the sound that goes on after the input: keep (the default) or cut
    #[arg(long, value_parser = values::word(Tail::ALL, Tail::name), help_heading = "Sounds")]
    pub tail: Option<Tail>,

    /// Refuse a response of another sample rate instead of resampling it
    #[arg(long, help_heading = "Sounds")]
    pub no_resample: bool,

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

Channels of sounds: one response for all, as many as the sound has, several for a mono sound, or true stereo (4: LL LR RL RR).

Examples:
  faltung convolve posts.csv likes.csv
  faltung convolve 3,0,5 -1,0,1 --mode same
  faltung convolve photo.jpg gaussian:sigma=3 -o soft.png
  faltung convolve photo.png sobel:x --map abs -o edges.png
  faltung convolve voice.wav hall.wav -o wet.wav
  faltung convolve voice.wav hall.wav --level match --tail cut -o wet.wav
  faltung convolve co2.csv box:12 --column co2 --mode same --boundary nearest -o yearly.csv
  faltung convolve volume.npy gaussian:2 --mode same --boundary reflect -o smooth.npy
  faltung convolve digits.idx sobel:x --axis 1,2 --dtype i16 -o edges.npy
  seq 100 | faltung convolve - ones:7 --mode valid --json";

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
