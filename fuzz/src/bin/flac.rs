//! Bytes to the reader of FLAC.

#![no_main]

use faltung_cli::io::Kind;

faltung_fuzz::reader!("flac", Some(Kind::Flac));
