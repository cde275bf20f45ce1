//! x
use crate::{args::Compare, io::Failure};
pub(super) fn run(_: &Compare) -> Result<(), Failure> {
    todo!()
}
