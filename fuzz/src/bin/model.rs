//! Bytes to the reader of models.

#![no_main]

libfuzzer_sys::fuzz_target!(init: faltung_fuzz::plant("model"), |bytes: &[u8]| faltung_fuzz::read_model(bytes));
