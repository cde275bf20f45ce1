//! Whether the integral of a convolution exists, told before anything is computed.
//!
//! The integrand `f(τ) g(t - τ)` reaches infinity where a piece of `f` without an end meets one of `g` without a beginning, or the
//! other way round. There the orders of both decide ([`Tail`](crate::signal::tail::Tail)).

use crate::{
    Error, Result, Signal,
    signal::{Body, tail::Side},
};

/// Nothing if the integral exists for all `t`, or if only trying can tell.
pub(super) fn check(f: &Signal, g: &Signal) -> Result<()> {
    let ends = [(f.bodies.last(), g.bodies.first(), Side::Right), (f.bodies.first(), g.bodies.last(), Side::Left)];
    for (a, b, side) in ends {
        if let (Some(a), Some(b)) = (a, b)
            && !a.is_zero()
            && !b.is_zero()
        {
            towards(a, b, side)?;
        }
    }
    Ok(())
}

fn towards(f: &Body, g: &Body, side: Side) -> Result<()> {
    let (Some(a), Some(b)) = (f.tail(side), g.tail(side.other())) else {
        return Ok(());
    };
    let product = a.product(b);
    // Squares that cancel leave a rate that depends on t.
    let known = !product.square.is_zero() || a.square.is_zero();
    let infinity = if side == Side::Right { "+∞" } else { "-∞" };
    let what = format!("as τ goes to {infinity}, f(τ) = {f} times g(t - τ), with g = {g},");
    match product.integrable().filter(|_| known) {
        Some(true) => Ok(()),
        Some(false) => Err(Error::Divergent { reason: format!("{what} does not fall faster than 1/|τ|") }),
        None => Err(Error::Divergent { reason: format!("{what} is not known to fall faster than 1/|τ|") }),
    }
}
