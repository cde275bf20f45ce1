//! Bytes to the reader of NPZ.

#![no_main]

use faltung_cli::io::Kind;

faltung_fuzz::reader!("npz", Some(Kind::Npz));
