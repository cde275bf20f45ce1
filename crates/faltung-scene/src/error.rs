//! Why something cannot be explained.

/// The result of everything here that can fail.
///
/// ```
/// use faltung::Spec;
/// use faltung_scene::{Result, Subject, View};
/// fn titled() -> Result<String> {
///     Ok(View::Terms.scene(&Subject::new(&[1, 2], &[1, 1], &Spec::new())?, &[1])?.title)
/// }
/// assert_eq!(titled()?, "(f*g)(1) = 3");
/// # Ok::<(), faltung_scene::Error>(())
/// ```
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What cannot be explained: what was expected, what came, and what to do about it.
///
/// ```
/// use faltung::Spec;
/// use faltung_scene::{Subject, View};
/// let line = Subject::new(&[1, 2], &[1, 1], &Spec::new())?;
/// let error = View::Window.scene(&line, &[0]).unwrap_err();
/// assert_eq!(error.to_string(), "view window is for two axes slid along, and there is 1: choose view stage");
/// # Ok::<(), faltung_scene::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The engine refuses.
    #[error(transparent)]
    Engine(#[from] faltung::Error),
    /// A view that does not take this problem.
    #[error("view {view} {problem}: {advice}")]
    Unfit {
        /// The view.
        view: &'static str,
        /// What it expects, and what came.
        problem: String,
        /// What to do.
        advice: String,
    },
    /// What cannot be convolved in continuous time.
    #[error(transparent)]
    Continuous(#[from] faltung_continuous::Error),
    /// A state that is none.
    #[error("{0}")]
    State(String),
    /// Samples that could not be read.
    #[error("{0}")]
    Samples(String),
}
