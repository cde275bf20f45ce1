//! Where a result goes: which format its name asks for, whether that can hold it, and how it gets there.
//!
//! A file is written under another name beside its place and moved there when it is complete: whatever fails on the
//! way, an existing file stays as it was, and nothing stray stays beside it. Links are followed, permissions kept.
//! Devices and pipes cannot be moved to; they are written to, from a complete file.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, BufWriter, Seek, Write},
    path::{Path, PathBuf},
};

use faltung::{AnyArray, Dtype};
use flate2::{Compression, write::GzEncoder};

use super::{
    Form, Place,
    failure::{Failure, Result},
    idx, npy, npz,
    picture::{Picture, PictureFormat},
    raster,
    text::{self, Extent, Table},
    tiff, wav,
};

/// A format to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    /// Text with this delimiter, or with the one that it came with.
    Text(Option<u8>),
    Npy,
    Npz,
    Idx,
    Wav,
    Picture(PictureFormat),
}

/// The extensions, and the formats that they ask for.
const EXTENSIONS: &[(&str, Format)] = &[
    ("csv", Format::Text(None)),
    ("tsv", Format::Text(Some(b'\t'))),
    ("txt", Format::Text(None)),
    ("npy", Format::Npy),
    ("npz", Format::Npz),
    ("idx", Format::Idx),
    ("wav", Format::Wav),
    ("png", Format::Picture(PictureFormat::Png)),
    ("jpg", Format::Picture(PictureFormat::Jpeg)),
    ("jpeg", Format::Picture(PictureFormat::Jpeg)),
    ("tif", Format::Picture(PictureFormat::Tiff)),
    ("tiff", Format::Picture(PictureFormat::Tiff)),
];

/// A format, and whether gzip goes round it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Target {
    format: Format,
    gzip: bool,
}

impl Target {
    /// What the name of the place asks for.
    pub(super) fn of(place: &Place) -> Result<Target> {
        let Place::File(path) = place else {
            return Ok(Target { format: Format::Text(None), gzip: false });
        };
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
        let (name, gzip) = match name.strip_suffix(".gz") {
            Some(name) => (name, true),
            None => (name.as_str(), false),
        };
        let extension = name.rsplit_once('.').map(|(_, extension)| extension);
        let known = EXTENSIONS.iter().find(|(known, _)| Some(*known) == extension);
        let format = known.map(|(_, format)| *format).filter(|format| !gzip || format.takes_gzip());
        format.map(|format| Target { format, gzip }).ok_or_else(|| {
            Failure::usage(format!(
                "the extension tells the format, and this one is not known{}; known are .csv, .tsv, .txt, .npy and \
                 .idx, each with .gz or without, .npz, .wav, .png, .jpg, .jpeg, .tif and .tiff",
                if extension == Some("flac") { " (FLAC is read, not written)" } else { "" }
            ))
        })
    }

    /// Whether the format holds arrays of this type and shape.
    pub(super) fn check(self, form: &Form, dtype: Dtype, shape: &[usize]) -> Result<()> {
        match (self.format, form) {
            (Format::Text(_), _) => Ok(()),
            (Format::Npy | Format::Npz, _) => npy::check(dtype),
            (Format::Idx, _) => idx::check(dtype, shape),
            (Format::Wav, Form::Sound(sound)) => wav::check(sound, dtype, shape),
            (Format::Wav, _) => Err(Failure::usage(
                "a WAV needs a sample rate, which only a sound brings along; .npy and .csv take all",
            )),
            (Format::Picture(format), _) => format.check(dtype, shape, form.alpha()),
        }
    }

    /// Writes everything.
    pub(super) fn write(self, mut out: impl Write + Seek, array: &AnyArray, form: &Form) -> Result<()> {
        let profile = match form {
            Form::Picture(Picture { profile, .. }) => profile.as_deref(),
            _ => None,
        };
        match self.format {
            Format::Npz => npz::write(out, array, form.name().unwrap_or(npz::DEFAULT_NAME)),
            Format::Picture(PictureFormat::Png) => raster::write_png(out, array, form.alpha(), profile),
            Format::Picture(PictureFormat::Jpeg) => raster::write_jpeg(out, array, profile),
            Format::Picture(PictureFormat::Tiff) => tiff::write(out, array, form.alpha(), profile),
            _ if self.gzip => {
                let mut packed = GzEncoder::new(out, Compression::default());
                self.stream(&mut packed, array, form, Extent::Table)?;
                Ok(packed.finish().map(drop)?)
            }
            _ => self.stream(&mut out, array, form, Extent::Table),
        }
    }

    /// Writes what needs no going back.
    fn stream(self, out: &mut dyn Write, array: &AnyArray, form: &Form, extent: Extent) -> Result<()> {
        match (self.format, form) {
            (Format::Npy, _) => npy::write(out, array),
            (Format::Idx, _) => idx::write(out, array),
            (Format::Wav, Form::Sound(sound)) => wav::write(out, array, sound),
            (Format::Text(delimiter), form) => {
                let mut table = match form {
                    Form::Text(table) => table.clone(),
                    _ => Table::default(),
                };
                table.delimiter = delimiter.unwrap_or(table.delimiter);
                text::write(out, array, &table, extent)
            }
            _ => Err(Failure::data("the format cannot hold this")), // check has said so before
        }
    }
}

impl Format {
    /// Whether gzip may go round it: the others are compressed already, or are not looked for in it.
    fn takes_gzip(self) -> bool {
        matches!(self, Format::Text(_) | Format::Npy | Format::Idx)
    }
}

/// Numbers alone to standard output. That nobody reads them to their end is no failure.
pub(super) fn print(out: impl Write, array: &AnyArray, form: &Form) -> Result<()> {
    let mut out = BufWriter::with_capacity(1 << 16, Closable { out, closed: false });
    let target = Target { format: Format::Text(None), gzip: false };
    let plain = match form {
        Form::Text(table) => Form::Text(Table { delimiter: b',', decimal: Default::default(), ..table.clone() }),
        form => form.clone(),
    };
    target.stream(&mut out, array, &plain, Extent::Numbers)?;
    Ok(out.flush()?)
}

/// Swallows what comes after the reader has gone.
struct Closable<W> {
    out: W,
    closed: bool,
}

impl<W: Write> Closable<W> {
    fn unless_closed<T>(&mut self, done: T, mut act: impl FnMut(&mut W) -> io::Result<T>) -> io::Result<T> {
        if self.closed {
            return Ok(done);
        }
        act(&mut self.out).or_else(|error| match error.kind() {
            io::ErrorKind::BrokenPipe => {
                self.closed = true;
                Ok(done)
            }
            _ => Err(error),
        })
    }
}

impl<W: Write> Write for Closable<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.unless_closed(bytes.len(), |out| out.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.unless_closed((), Write::flush)
    }
}

/// Whether something can be put there at all.
pub(super) fn check_place(path: &Path) -> Result<()> {
    if path.is_dir() {
        return Err(Failure::data("this is a directory; the name of a file is needed"));
    }
    match folder(path).is_dir() {
        true => Ok(()),
        false => Err(Failure::data(format!("there is no folder {}", folder(path).display()))),
    }
}

/// Has `fill` write a file and puts it in place.
pub(super) fn replace(path: &Path, fill: impl FnOnce(&mut BufWriter<&File>) -> Result<()>) -> Result<()> {
    check_place(path)?;
    let path = resolved(path);
    let before = fs::metadata(&path).ok();
    if before.as_ref().is_some_and(|about| !about.is_file()) {
        let mut complete = tempfile::tempfile()?;
        write_all(&complete, fill)?;
        complete.rewind()?;
        io::copy(&mut complete, &mut OpenOptions::new().write(true).open(&path)?)?;
        return Ok(());
    }
    if before.as_ref().is_some_and(|about| about.permissions().readonly()) {
        return Err(Failure::data("the file is read-only"));
    }
    let folder = folder(&path);
    let file = new_file(folder)
        .map_err(|error| Failure::from(error).in_file(format!("no file can be made in {}", folder.display())))?;
    write_all(file.as_file(), fill)?;
    if let Some(before) = before {
        file.as_file().set_permissions(before.permissions())?;
    }
    file.persist(&path).map_err(|error| error.error)?;
    Ok(())
}

/// A file of no name that anyone would choose, removed if it is not put in place.
fn new_file(folder: &Path) -> io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".faltung-");
    #[cfg(unix)]
    let builder = builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666)); // less what the umask takes
    builder.tempfile_in(folder)
}

/// A file without a name in the folder of another, gone when it is closed.
pub(super) fn nameless(beside: &Path) -> Result<File> {
    check_place(beside).map_err(|failure| failure.in_file(beside.display()))?;
    Ok(tempfile::tempfile_in(folder(beside))?)
}

/// All of it, on the disk: a full one is noticed before the old file is given up.
fn write_all(file: &File, fill: impl FnOnce(&mut BufWriter<&File>) -> Result<()>) -> Result<()> {
    let mut out = BufWriter::with_capacity(1 << 16, file);
    fill(&mut out)?;
    out.flush()?;
    Ok(file.sync_all()?)
}

fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}

/// Where links lead.
fn resolved(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// More than any buffer holds.
    fn many() -> AnyArray {
        AnyArray::zeros(Dtype::I64, &[1 << 20])
    }

    #[test]
    fn a_reader_that_goes_away_is_no_failure() {
        let (reader, writer) = io::pipe().unwrap();
        drop(reader);
        print(writer, &many(), &Form::Npy).unwrap();
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_full_device_is_a_failure_of_the_first_number_already() {
        for array in [many(), AnyArray::zeros(Dtype::I64, &[1])] {
            let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
            let failure = print(full, &array, &Form::Npy).unwrap_err();
            assert_eq!(failure.message, "there is no space left on the device");
        }
    }
}
