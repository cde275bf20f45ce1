//! Bytes to the reader of text.

#![no_main]

use faltung_cli::io::Kind;

faltung_fuzz::reader!("text", Some(Kind::Text));
