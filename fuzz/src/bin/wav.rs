//! Bytes to the reader of WAV.

#![no_main]

use faltung_cli::io::Kind;

faltung_fuzz::reader!("wav", Some(Kind::Wav));
