//! Bytes to the reader of JPEG.

#![no_main]

use faltung_cli::io::Kind;

faltung_fuzz::reader!("jpeg", Some(Kind::Jpeg));
