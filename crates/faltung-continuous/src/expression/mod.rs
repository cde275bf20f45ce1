//! The language that signals are written in.
//!
//! ```text
//! 1/3  0.25  2e-3  pi  e  t          numbers (a third is a division) and the time
//! + - * / ^  ( )                     as in mathematics: -t^2 is -(t^2), 2^3^2 is 2^(3^2)
//! 2t  3(t - 1)                       a number before a name or a bracket multiplies; 1/2t is refused, since it may mean two things
//! t >= 0   0 <= t < 5                1 where it holds and 0 elsewhere; both sides are polynomials of degree at most two
//! if(t < 1, t, 0)                    the second where the first holds, else the third
//! piecewise(t for 0 <= t < 1; 2 - t for 1 <= t < 2; 0 otherwise)
//!                                    the first case that holds; 0 where none does
//! ```
//!
//! | function | what it is |
//! |---|---|
//! | `step(x)` | 1 for x ≥ 0, else 0; `step(0)` is 1 |
//! | `rect(x)` | 1 for -1/2 ≤ x < 1/2: width 1, height 1, centred |
//! | `tri(x)` | 1 - abs(x) for -1 ≤ x < 1, else 0: `rect` convolved with itself |
//! | `delta(x)` | the impulse, of linear x only: `delta(2*t - 1)` has weight 1/2 at 1/2 |
//! | `gauss(x)` | exp(-x²/2) / sqrt(2π): standard deviation 1, integral 1 |
//! | `sinc(x)` | sin(π x) / (π x), the normalised one: zero at the whole numbers |
//! | `exp` `sin` `cos` `sqrt` `abs` | as everywhere, angles in radians |
//! | `erf` `erfc` | the error function and 1 less it, as they appear in results |
//!
//! Where a piece ends the next begins: signals are continuous from the right, and `<` and `<=` are the same where a single place
//! decides. Integrals cannot tell.
//!
//! `parse` makes a tree of the text, `meaning` a signal of the tree. A mistake is told with its column. Texts are limited in length
//! and brackets in depth, so that no text can exhaust the stack.

mod meaning;
mod names;
mod parse;
mod token;
mod tree;

use std::str::FromStr;

use crate::{Error, Fault, Signal};

/// The most characters of an expression.
const MOST_CHARACTERS: usize = 8000;

/// An expression in the language of the module `expression`, as a signal.
///
/// ```
/// use faltung_continuous::Signal;
///
/// let ramp: Signal = "if(0 <= t < 5, 5 - t, 0)".parse()?;
/// assert_eq!((ramp.at(4.0), ramp.at(5.0)), (1.0, 0.0));
/// # Ok::<(), faltung_continuous::Error>(())
/// ```
impl FromStr for Signal {
    type Err = Error;

    fn from_str(text: &str) -> Result<Signal, Error> {
        let signal = || {
            let count = text.chars().count();
            if count > MOST_CHARACTERS {
                let message =
                    format!("an expression has at most {MOST_CHARACTERS} characters, but this one has {count}");
                return Err(Mistake { column: MOST_CHARACTERS + 1, message });
            }
            meaning::signal(&parse::tree(&token::tokens(text)?)?)
        };
        signal().map_err(|mistake| {
            let Mistake { column, message } = mistake;
            Error::Expression(Fault { text: text.to_owned(), column, message })
        })
    }
}

/// What is wrong at a column, before it is known in what text.
#[derive(Debug)]
struct Mistake {
    column: usize,
    message: String,
}

impl Mistake {
    fn new(column: usize, message: impl Into<String>) -> Mistake {
        Mistake { column, message: message.into() }
    }
}
