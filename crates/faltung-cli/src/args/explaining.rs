//! The command lines of what explains: explain, continuous.

use std::{ffi::OsString, path::PathBuf};

use clap::Args;
use faltung::Dtype;
use faltung_scene::{View, paint::Theme, state::State};

use super::{
    operand,
    options::Sum,
    values::{self, At},
};
use crate::{commands::Format, io::Gaps};

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
