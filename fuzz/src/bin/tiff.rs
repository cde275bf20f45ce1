//! Bytes to the reader of TIFF.

#![no_main]

use faltung_cli::io::Kind;

faltung_fuzz::reader!("tiff", Some(Kind::Tiff));
