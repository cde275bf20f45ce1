//! Bytes to the reader of PNG.

#![no_main]

use faltung_cli::io::Kind;

faltung_fuzz::reader!("png", Some(Kind::Png));
