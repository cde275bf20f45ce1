//! What sampling makes of a convolution: both signals sampled, convolved by the engine, and held against the truth.

use faltung_continuous::{Convolution, Samples, Signal};

use super::reach::{Ends, reach};
use crate::{Error, Result};

/// The most samples of either signal.
const MOST: f64 = 1e6;

/// How far sums are off, at most and where, among the outputs of a range.
pub(super) fn beside(whole: &Convolution, outputs: (f64, f64), spacing: f64) -> Result<String> {
    let (f, g) = whole.operands();
    let (f, g) = (sampled(f, g, outputs, spacing)?, sampled(g, f, outputs, spacing)?);
    let (off, at) = f.convolve(&g)?.distance(whole, outputs)?;
    Ok(format!(
        "Sampled every {spacing}, {} and {} samples, convolved and multiplied by {spacing}: off by at most {off:.2e}, at t = {at:.6}.",
        f.values().len(),
        g.values().len()
    ))
}

/// All of a signal that the outputs need, from a multiple of the spacing on, so that samples of both lie on one grid.
fn sampled(signal: &Signal, other: &Signal, outputs: (f64, f64), spacing: f64) -> Result<Samples> {
    let (own, others) = (reach(&Ends::of(signal)), reach(&Ends::of(other)));
    let (begin, end) = signal.support().unwrap_or(own);
    let needed = (own.0.min(outputs.0 - others.1), own.1.max(outputs.1 - others.0));
    let (from, to) = (needed.0.max(begin.min(own.1) - spacing), needed.1.min(end.max(own.0) + spacing));
    let first = (from / spacing).floor() * spacing;
    let count = ((to - first) / spacing).ceil() + 1.0;
    match count <= MOST {
        true => Ok(Samples::of(signal, first, spacing, count as usize)?),
        false => Err(Error::Unfit {
            view: "continuous",
            problem: format!("would take {count:.0} samples"),
            advice: format!("choose a larger spacing, for at most {MOST}"),
        }),
    }
}
