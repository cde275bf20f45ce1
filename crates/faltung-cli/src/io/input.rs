//! The bytes of a file: plain or unpacked, looked at before they are read, and no more of them than was agreed.
//!
//! A small file can claim to be a huge one. So no reader allocates what a header claims: a plain file's length is
//! known and claims are held against it, and everything that unpacks itself (gzip, zip, PNG, JPEG, TIFF, FLAC) has a
//! [`Budget`], from which each reader pays for the memory that it is going to keep. Pipes have no length; they pay too.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Cursor, Read, Seek, SeekFrom},
};

use flate2::bufread::MultiGzDecoder;

use super::{
    Place,
    failure::{Failure, Result},
};

/// What a compressed file may become in memory where nothing else is said: 256 MB.
pub const DEFAULT_MAX_MEMORY: usize = 256 << 20;

/// How much memory the contents of a file may still take.
#[derive(Debug, Clone)]
pub(super) struct Budget {
    most: usize,
    left: usize,
    bounded: bool,
}

impl Budget {
    fn new(max_memory: Option<usize>) -> Budget {
        let most = max_memory.unwrap_or(DEFAULT_MAX_MEMORY);
        Budget { most, left: most, bounded: false }
    }

    /// From here on, memory is counted: the file's own length bounds nothing.
    pub(super) fn bound(&mut self) {
        self.bounded = true;
    }

    /// Pays for `bytes` that will be kept.
    pub(super) fn pay(&mut self, bytes: usize) -> Result<()> {
        if self.bounded {
            self.left = self.left.checked_sub(bytes).ok_or_else(|| too_large(self.most))?;
        }
        Ok(())
    }

    /// What may still be spent.
    pub(super) fn left(&self) -> usize {
        if self.bounded { self.left } else { usize::MAX }
    }
}

fn too_large(most: usize) -> Failure {
    let amount = if most >= 1 << 20 { format!("{} MB", most >> 20) } else { format!("{most} bytes") };
    Failure::data(format!("its contents take more than {amount} of memory; --max-memory allows more"))
}

/// A source that can go back.
pub(super) trait ReadSeek: BufRead + Seek {}
impl<R: BufRead + Seek> ReadSeek for R {}

/// Where the bytes come from.
enum Bytes<'a> {
    /// A file of known length, or bytes that are in memory already.
    Seekable(Box<dyn ReadSeek + 'a>, u64),
    /// Bytes that come once: a pipe, or what gzip gives out.
    Passing(Box<dyn BufRead + 'a>),
}

/// The bytes of a file, and how much memory may be made of them.
pub(super) struct Input<'a> {
    bytes: Bytes<'a>,
    /// Paid by all who keep something.
    pub(super) budget: Budget,
}

impl<'a> Input<'a> {
    /// Opens a file or standard input; unpacks gzip.
    pub(super) fn open(place: &Place, max_memory: Option<usize>) -> Result<Input<'a>> {
        let mut budget = Budget::new(max_memory);
        let bytes = match place {
            Place::Standard => Bytes::Passing(Box::new(io::stdin().lock())),
            Place::File(path) => {
                let file = File::open(path)?;
                let about = file.metadata()?;
                if about.is_dir() {
                    return Err(Failure::data("this is a directory; a file is needed"));
                }
                let reader = BufReader::with_capacity(CHUNK, file);
                match about.is_file() {
                    true => Bytes::Seekable(Box::new(reader), about.len()),
                    false => Bytes::Passing(Box::new(reader)),
                }
            }
        };
        if matches!(bytes, Bytes::Passing(_)) {
            budget.bound();
        }
        Input { bytes: bytes.within(&budget), budget }.unpacked()
    }

    /// A file that is open already, from its beginning.
    pub(super) fn from_file(mut file: File) -> Result<Input<'a>> {
        file.rewind()?;
        let len = file.metadata()?.len();
        let bytes = Bytes::Seekable(Box::new(BufReader::with_capacity(CHUNK, file)), len);
        Input { bytes, budget: Budget::new(None) }.unpacked()
    }

    /// Bytes that are in memory.
    pub(super) fn from_memory(bytes: Vec<u8>, max_memory: Option<usize>) -> Result<Input<'a>> {
        let len = bytes.len() as u64;
        let bytes = Bytes::Seekable(Box::new(Cursor::new(bytes)), len);
        Input { bytes, budget: Budget::new(max_memory) }.unpacked()
    }

    /// A part of another file, which has paid with `budget` until now.
    pub(super) fn part(bytes: impl Read + 'a, budget: Budget) -> Input<'a> {
        let bytes = Bytes::Passing(Box::new(BufReader::with_capacity(CHUNK, bytes)));
        Input { bytes: bytes.within(&budget), budget }
    }

    /// Without the gzip around it, if there is one.
    fn unpacked(mut self) -> Result<Input<'a>> {
        if !self.head(2)?.starts_with(&GZIP) {
            return Ok(self);
        }
        let packed: Box<dyn BufRead + 'a> = match self.bytes {
            Bytes::Seekable(bytes, _) => Box::new(bytes),
            Bytes::Passing(bytes) => bytes,
        };
        let plain = BufReader::with_capacity(CHUNK, Unpacking(MultiGzDecoder::new(packed)));
        self.budget.bound();
        self.bytes = Bytes::Passing(Box::new(plain)).within(&self.budget);
        if self.head(2)?.starts_with(&GZIP) {
            return Err(Failure::data("it is packed by gzip twice; unpack it once"));
        }
        Ok(self)
    }

    /// The first bytes, at most `len`, without taking them.
    pub(super) fn head(&mut self, len: usize) -> Result<Vec<u8>> {
        let mut head = Vec::new();
        match &mut self.bytes {
            Bytes::Seekable(bytes, _) => {
                bytes.take(len as u64).read_to_end(&mut head)?;
                bytes.rewind()?;
            }
            Bytes::Passing(bytes) => {
                bytes.take(len as u64).read_to_end(&mut head)?;
                let rest = std::mem::replace(bytes, Box::new(io::empty()));
                *bytes = Box::new(Cursor::new(head.clone()).chain(rest));
            }
        }
        Ok(head)
    }

    /// How many bytes there are still, where that is known.
    pub(super) fn remaining(&mut self) -> Result<Option<u64>> {
        match &mut self.bytes {
            Bytes::Seekable(bytes, len) => Ok(Some(len.saturating_sub(bytes.stream_position()?))),
            Bytes::Passing(_) => Ok(None),
        }
    }

    /// Whether it can go back and forth: a plain file, or bytes in memory.
    pub(super) fn is_seekable(&self) -> bool {
        matches!(self.bytes, Bytes::Seekable(..))
    }

    /// How many bytes have been taken from what can go back and forth.
    pub(super) fn place(&mut self) -> Result<u64> {
        match &mut self.bytes {
            Bytes::Seekable(bytes, _) => Ok(bytes.stream_position()?),
            Bytes::Passing(_) => Err(once()),
        }
    }

    /// Goes to where so many bytes have been taken.
    pub(super) fn go_to(&mut self, place: u64) -> Result<()> {
        match &mut self.bytes {
            Bytes::Seekable(bytes, _) => Ok(bytes.seek(SeekFrom::Start(place)).map(drop)?),
            Bytes::Passing(_) => Err(once()),
        }
    }

    /// The same bytes for readers that go back and forth; what has no length is read into memory first.
    pub(super) fn into_seekable(mut self) -> Result<(Box<dyn ReadSeek + 'a>, Budget)> {
        match self.bytes {
            Bytes::Seekable(bytes, _) => Ok((bytes, self.budget)),
            Bytes::Passing(mut bytes) => {
                let mut all = Vec::new();
                bytes.read_to_end(&mut all)?;
                self.budget.pay(all.len())?;
                Ok((Box::new(Cursor::new(all)), self.budget))
            }
        }
    }
}

/// The refusal of bytes that come once.
fn once() -> Failure {
    Failure::data("its bytes come once, and a file is needed to go back in")
}

const GZIP: [u8; 2] = [0x1f, 0x8b];
const CHUNK: usize = 1 << 16;

impl Bytes<'_> {
    /// The same, ending in a failure where the budget does.
    fn within(self, budget: &Budget) -> Self {
        match self {
            Bytes::Passing(bytes) if budget.bounded => {
                let bounded = Bounded { bytes, left: budget.most, most: budget.most };
                Bytes::Passing(Box::new(BufReader::with_capacity(CHUNK, bounded)))
            }
            bytes => bytes,
        }
    }
}

impl Read for Input<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match &mut self.bytes {
            Bytes::Seekable(bytes, _) => bytes.read(into),
            Bytes::Passing(bytes) => bytes.read(into),
        }
    }
}

/// Fails once more than `most` bytes have come.
struct Bounded<R> {
    bytes: R,
    left: usize,
    most: usize,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.bytes.read(into)?;
        self.left = self.left.checked_sub(count).ok_or_else(|| too_large(self.most))?;
        Ok(count)
    }
}

/// Tells damaged gzip from other damage.
struct Unpacking<R>(R);

impl<R: Read> Read for Unpacking<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.0.read(into).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => {
                Failure::data("the gzip data end too early; a complete file is needed").into()
            }
            io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => {
                Failure::data("the gzip data are damaged; an intact file is needed").into()
            }
            _ => error,
        })
    }
}
