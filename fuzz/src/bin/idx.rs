//! Bytes to the reader of IDX.

#![no_main]

use faltung_cli::io::Kind;

faltung_fuzz::reader!("idx", Some(Kind::Idx));
