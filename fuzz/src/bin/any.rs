//! Bytes to the reader that they ask for, packed by gzip or not.

#![no_main]

faltung_fuzz::reader!("any", None);
