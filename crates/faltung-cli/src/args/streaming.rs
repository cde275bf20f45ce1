//! The command line of what filters while samples come: stream.

use std::ffi::OsString;

use clap::Args;
use faltung::Latency;

use super::{operand, values};
use crate::io::{Encoding, Order};

/// `faltung stream`.
#[derive(Debug, Args)]
#[command(after_help = STREAM)]
pub struct Stream {
    /// The response: a sound, numbers, or a name such as gaussian:sigma=2 (see faltung kernels)
    #[arg(short, long, value_name = "KERNEL", value_parser = operand())]
    pub kernel: OsString,

    /// Frames in a second
    #[arg(short, long, value_name = "HERTZ", value_parser = clap::value_parser!(u32).range(1..), help_heading = "Samples")]
    pub rate: u32,

    /// Channels of a frame
    #[arg(short, long, value_name = "COUNT", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..), help_heading = "Samples")]
    pub channels: u16,

    /// What the bits of a sample are
    #[arg(short, long, value_parser = values::word(Encoding::ALL, Encoding::name), default_value = "signed", help_heading = "Samples")]
    pub encoding: Encoding,

    /// Bits of a sample: 8, 16, 24 or 32 of integers, 32 or 64 of floats; 16 and 32 if not said
    #[arg(short, long, value_name = "COUNT", help_heading = "Samples")]
    pub bits: Option<u16>,

    /// Which byte of a sample comes first: little, the least significant, or big
    #[arg(long, value_parser = values::order(), default_value = "little", help_heading = "Samples")]
    pub endian: Order,

    /// By how many frames the result may be late: zero, a number, or any for what takes least time to compute
    #[arg(long, value_name = "FRAMES", value_parser = values::latency, default_value = "zero")]
    pub latency: Latency,

    /// Refuse a response of another sample rate instead of resampling it
    #[arg(long)]
    pub no_resample: bool,

    /// Say nothing but errors
    #[arg(short, long, help_heading = "Telling")]
    pub quiet: bool,
}

const STREAM: &str = "\
Samples beyond full scale are clipped, and counted at the end. A response that had to be resampled makes the result late by some \
more frames, which is told at the beginning.

Examples:
  arecord -f S16_LE -r 48000 | faltung stream --kernel hall.wav --rate 48000 | aplay -f S16_LE -r 48000
  sox voice.flac -t raw -e float -b 32 - | faltung stream -k hall.wav -r 44100 -e float --latency 256 > wet.f32
  faltung stream -k 0.5,0.5 -r 8000 -c 2 -e unsigned -b 8 < in.raw > out.raw";
