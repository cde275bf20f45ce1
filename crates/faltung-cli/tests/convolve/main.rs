//! What the command computes, by numbers that can be checked by hand.

mod files;
mod media;
mod options;
mod real_data;
mod telling;

#[path = "../support/mod.rs"]
mod support;
