//! Sounds of any length, a block of frames at a time, so that memory does not depend on the length.
//!
//! Blocks are a vector of f64 for each channel, with full scale at 1. A sound may have to be read twice, once to find out how
//! loud a result is going to be and once to write it; so a [`SoundFile`] can be opened again and again, and what comes
//! through a pipe is first put into a file without a name, in the folder of the result.

use std::{
    fs::{self, File},
    io::{self, BufWriter, Read, Seek, SeekFrom, Write},
    path::Path,
};

use super::{
    Kind, Place,
    failure::{Failure, Result},
    flac,
    input::Input,
    kind,
    pcm::Pcm,
    sound::Sound,
    target,
    wav::{self, Chunk, Header},
};

/// A sound in a file, to be read as often as needed.
pub struct SoundFile(Origin);

enum Origin {
    Place(Place),
    /// What came through a pipe.
    Copy(File),
}

impl SoundFile {
    /// The sound at a place; `None` if there is something else. What comes through standard input is kept until the end in a
    /// file beside `output`.
    ///
    /// # Errors
    /// A [`Failure`] that begins with the file's name, also where something else came through a pipe: it comes once.
    pub fn at(place: &Place, output: &Path) -> Result<Option<SoundFile>> {
        let (_, None) = place.member() else { return Ok(None) };
        let copied = |mut from: Box<dyn Read>| {
            let mut copy = target::nameless(output)?;
            io::copy(&mut from, &mut copy)?;
            Ok::<_, Failure>(Origin::Copy(copy))
        };
        let find = || {
            let origin = match place {
                Place::Standard => copied(Box::new(io::stdin().lock()))?,
                Place::File(path) => match fs::metadata(path)? {
                    about if about.is_file() || about.is_dir() => Origin::Place(place.clone()),
                    _ => copied(Box::new(File::open(path)?))?,
                },
            };
            let file = SoundFile(origin);
            match (Kind::of(&file.input()?.head(kind::ENOUGH)?)?, &file.0) {
                (Kind::Wav | Kind::Flac, _) => Ok(Some(file)),
                (_, Origin::Place(_)) => Ok(None),
                (_, Origin::Copy(_)) => Err(Failure::usage("this is no sound, and only a sound becomes a .wav")),
            }
        };
        find().map_err(|failure: Failure| failure.in_file(place))
    }

    fn input(&self) -> Result<Input<'static>> {
        match &self.0 {
            Origin::Place(place) => Input::open(place, None),
            Origin::Copy(file) => Input::from_file(file.try_clone()?),
        }
    }

    /// The sound from its beginning.
    ///
    /// # Errors
    /// A [`Failure`] without a name.
    pub fn open(&self) -> Result<SoundReader> {
        let mut input = self.input()?;
        let samples = match Kind::of(&input.head(kind::ENOUGH)?)? {
            Kind::Flac => Samples::Flac(flac::Blocks::new(input)?),
            _ => Samples::Wav(wav::Blocks::new(input)?),
        };
        Ok(SoundReader { samples, taken: 0 })
    }
}

/// The frames of a sound, one after the other.
pub struct SoundReader {
    samples: Samples,
    taken: u64,
}

enum Samples {
    Wav(wav::Blocks),
    Flac(flac::Blocks),
}

impl SoundReader {
    /// What the file says besides its samples.
    pub fn sound(&self) -> &Sound {
        match &self.samples {
            Samples::Wav(wav) => wav.sound(),
            Samples::Flac(flac) => flac.sound(),
        }
    }

    /// Its channels.
    pub fn channels(&self) -> usize {
        match &self.samples {
            Samples::Wav(wav) => wav.channels(),
            Samples::Flac(flac) => flac.channels(),
        }
    }

    /// Frames still to come, where their number is known.
    pub fn left(&self) -> Option<u64> {
        match &self.samples {
            Samples::Wav(wav) => wav.left(),
            Samples::Flac(flac) => flac.left(),
        }
    }

    /// Replaces the channels by the next frames, at most so many, and tells how many they are; 0 at the end.
    ///
    /// # Errors
    /// A [`Failure`] without a name, also for a sample that is no finite number: filtered block by block it would reach
    /// further than its window.
    pub fn read(&mut self, most: usize, channels: &mut [Vec<f64>]) -> Result<usize> {
        channels.iter_mut().for_each(Vec::clear);
        let count = match &mut self.samples {
            Samples::Wav(wav) => wav.read(most, channels)?,
            Samples::Flac(flac) => flac.read(most, channels)?,
        };
        for (number, channel) in channels.iter().enumerate() {
            if let Some(at) = channel.iter().position(|value| !value.is_finite()) {
                return Err(Failure::data(format!(
                    "frame {}, channel {number} is {}: --missing propagate or omit takes the sound as an array, where that \
                     has its place",
                    self.taken + at as u64,
                    channel[at]
                )));
            }
        }
        self.taken += count as u64;
        Ok(count)
    }

    fn before(&self) -> &[Chunk] {
        match &self.samples {
            Samples::Wav(wav) => wav.before(),
            Samples::Flac(_) => &[],
        }
    }
}

/// A WAV that is written block by block: its header again at the end, when all sizes are known.
pub struct SoundWriter<'a, 'b> {
    out: &'a mut BufWriter<&'b File>,
    header: Header,
    pcm: Pcm,
    data: u64,
    clipped: u64,
    bytes: Vec<u8>,
}

impl<'a, 'b> SoundWriter<'a, 'b> {
    /// Begins a file with as many channels, and frames where their number is known, and what `input` has before its samples.
    ///
    /// # Errors
    /// A [`Failure`] without a name.
    pub fn new(
        out: &'a mut BufWriter<&'b File>,
        input: &SoundReader,
        channels: usize,
        frames: Option<u64>,
    ) -> Result<SoundWriter<'a, 'b>> {
        out.rewind()?;
        out.get_ref().set_len(0)?;
        let header = Header::new(input.sound(), channels, frames, input.before().to_vec())?;
        out.write_all(&header.bytes(0, 0))?;
        let pcm = Pcm::of_wav(input.sound());
        Ok(SoundWriter { out, header, pcm, data: 0, clipped: 0, bytes: Vec::new() })
    }

    /// Writes the next frames, times `gain`.
    ///
    /// # Errors
    /// A [`Failure`] without a name.
    pub fn write(&mut self, channels: &[&[f64]], gain: f64) -> Result<()> {
        self.bytes.clear();
        let clipped = self.pcm.encode(channels, gain, &mut self.bytes).ok_or_else(|| {
            Failure::data("the result is beyond what floats of 32 bits hold; --level peak brings it into range")
        })?;
        self.clipped += clipped;
        self.data += self.bytes.len() as u64;
        Ok(self.out.write_all(&self.bytes)?)
    }

    /// Ends the file with what `input`, whose samples have all been read, has behind them. Tells how many samples were clipped,
    /// and which chunks were too large to be kept.
    ///
    /// # Errors
    /// A [`Failure`] without a name.
    pub fn finish(mut self, input: SoundReader) -> Result<(u64, Vec<String>)> {
        let (behind, too_large) = match input.samples {
            Samples::Wav(wav) => wav.behind()?,
            Samples::Flac(_) => Default::default(),
        };
        self.bytes.clear();
        self.bytes.extend(&[0][..(self.data % 2) as usize]);
        let padding = self.bytes.len();
        behind.iter().for_each(|chunk| chunk.put(&mut self.bytes));
        self.out.write_all(&self.bytes)?;
        self.out.rewind()?;
        self.out.write_all(&self.header.bytes(self.data, (self.bytes.len() - padding) as u64))?;
        self.out.seek(SeekFrom::End(0))?;
        Ok((self.clipped, too_large))
    }
}
