//! What cannot be built, read or trained.

/// The result of everything here that can fail.
///
/// ```
/// use faltung_train::{Dataset, Result, digits};
/// fn drawn() -> Result<Dataset> {
///     digits::training(20, 1)
/// }
/// assert_eq!(drawn()?.len(), 20);
/// # Ok::<(), faltung_train::Error>(())
/// ```
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What was expected, what came, and what to do about it.
///
/// ```
/// use faltung_train::digits;
/// let error = digits::training(0, 1).unwrap_err();
/// assert_eq!(error.to_string(), "there are no pictures: give at least one");
/// ```
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A layer that does not take what the one before it gives.
    #[error("layer {layer} ({name}): {problem}")]
    Layer {
        /// Its place among the layers, from 0.
        layer: usize,
        /// Its word in descriptions.
        name: &'static str,
        /// What was expected, what came, and what to do.
        problem: String,
    },
    /// A description that is none of a net.
    #[error("{0}")]
    Description(String),
    /// Pictures or labels that cannot be learned from.
    #[error("{0}")]
    Data(String),
    /// An option without sense.
    #[error("{option} is {value}: {advice}")]
    Option {
        /// The option.
        option: &'static str,
        /// What came.
        value: String,
        /// What is expected.
        advice: &'static str,
    },
    /// Bytes that are no model, or no state of a training.
    #[error("{0}")]
    File(String),
    /// Weights that are no longer numbers.
    #[error("the loss is no longer a number after {steps} steps: choose a lower rate than {rate}")]
    Diverged {
        /// Steps done.
        steps: u64,
        /// The rate that was asked for.
        rate: f64,
    },
    /// The engine refuses.
    #[error(transparent)]
    Engine(#[from] faltung::Error),
}
