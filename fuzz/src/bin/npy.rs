//! Bytes to the reader of NPY.

#![no_main]

use faltung_cli::io::Kind;

faltung_fuzz::reader!("npy", Some(Kind::Npy));
