//! What can go wrong, and what to do then.

use std::fmt;

/// Why there is no result.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A text is not an expression, or not one that has a signal.
    #[error("{0}")]
    Expression(Fault),
    /// A product or a function of impulses.
    #[error("{what}: an impulse has a weight and no value; {instead}")]
    Impulse {
        /// What was asked for.
        what: String,
        /// What may be asked for instead.
        instead: &'static str,
    },
    /// An integral that does not exist.
    #[error("the integral diverges: {reason}")]
    Divergent {
        /// Why.
        reason: String,
    },
    /// An integral that quadrature could not find closely enough.
    #[error(
        "the integral at t = {at} could not be found to {wanted:e} of its size (last error estimate {reached:e}): {hint}"
    )]
    Unreached {
        /// The place.
        at: f64,
        /// The error bound that was wanted, beside the integral of the absolute value.
        wanted: f64,
        /// The one that was reached.
        reached: f64,
        /// What may help.
        hint: &'static str,
    },
    /// A function without a value on a piece of the line.
    #[error("{what} {place}: multiply by step() or use if() to keep clear of it")]
    Undefined {
        /// What has no value.
        what: &'static str,
        /// Where, such as `for t < 0`.
        place: String,
    },
    /// A comparison whose outcome cannot be told as intervals.
    #[error("where {what} changes its sign cannot be told: compare polynomials in t of degree one or two")]
    Comparison {
        /// What was compared with zero.
        what: String,
    },
    /// More pieces or numbers than can be handled.
    #[error("{what}: {count}, but at most {most} are handled; give a simpler signal")]
    TooLarge {
        /// Of what there are too many.
        what: &'static str,
        /// How many there are.
        count: usize,
        /// How many are handled.
        most: usize,
    },
    /// Numbers beyond those that doubles hold.
    #[error("numbers beyond 1e308 appear in {what}; choose other units")]
    Overflow {
        /// In what.
        what: &'static str,
    },
    /// A parameter outside its range.
    #[error("{name} is {value}, but must be {expected}")]
    Parameter {
        /// Its name.
        name: &'static str,
        /// What came.
        value: f64,
        /// What was expected.
        expected: &'static str,
    },
    /// What the engine refused.
    #[error("{0}")]
    Engine(String),
}

/// Results of this crate.
pub type Result<T> = std::result::Result<T, Error>;

/// Where an expression went wrong, and what was expected there.
///
/// Shown in three lines, with a caret under the column:
///
/// ```
/// use faltung_continuous::{Error, Signal};
///
/// let Err(Error::Expression(fault)) = "sin(t".parse::<Signal>() else { unreachable!() };
/// assert_eq!(fault.column, 6);
/// assert_eq!(fault.to_string(), "column 6: expected ')' to close the '(' at column 4, but the expression ends\n  sin(t\n       ^");
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    /// The whole expression.
    pub text: String,
    /// The column, counted in characters from 1.
    pub column: usize,
    /// What was expected and what came.
    pub message: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        /// How much is shown on either side of the column.
        const CONTEXT: usize = 50;
        let start = (self.column - 1).saturating_sub(CONTEXT);
        let shown: String =
            self.text.chars().skip(start).take(2 * CONTEXT).map(|c| if c.is_control() { ' ' } else { c }).collect();
        let indent = self.column - 1 - start;
        write!(f, "column {}: {}\n  {shown}\n  {:indent$}^", self.column, self.message, "")
    }
}
