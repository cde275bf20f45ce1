//! Sounds through rooms, a block at a time.
//!
//! A plain convolution of a sound goes through [`faltung::Stream`] in blocks, so memory does not depend on the sound's length. What a
//! response is to which channel is [`layout`]'s matter, another rate that of [`resample`], how loud the result becomes that of
//! [`level`]; [`filter`] puts them together, and [`job`] does all of it for files.
//!
//! ```text
//! signal -> blocks -> Filter (layout: streams) -> level: measured, gain -> blocks -> result
//! response -> resample -> Filter
//! ```

mod filter;
mod job;
mod layout;
mod level;
mod resample;
mod response;

pub(crate) use filter::Filter;
pub(crate) use job::{BLOCK, Job};
pub(crate) use level::Level;
pub(crate) use level::{Gaining, decibels};
pub(crate) use response::{Rates, Response};

/// What becomes of a result's tail, which sounds on when the signal has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tail {
    /// It is kept: `N + M - 1` frames.
    #[default]
    Keep,
    /// The result ends with the signal.
    Cut,
}

impl Tail {
    /// Both of them.
    pub const ALL: &[Tail] = &[Tail::Keep, Tail::Cut];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Tail::Keep => "keep",
            Tail::Cut => "cut",
        }
    }
}
