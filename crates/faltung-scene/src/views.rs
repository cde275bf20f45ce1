//! Views: what can be seen of a convolution, one file each. Each builds scenes of traces, and knows no painter.

mod axes;
mod continuous;
mod conventions;
mod flip;
mod likes;
mod line;
mod padding;
mod sizes;
mod stage;
mod table;
mod terms;
mod window;

use std::{fmt, ops::RangeInclusive, str::FromStr};

use crate::{Film, Result, Scene, Subject};
pub use continuous::Continuous;

/// A way to look at a convolution.
///
/// ```
/// use faltung::Spec;
/// use faltung_scene::{Subject, View};
/// let article = Subject::new(&[3, 0, 5, 0, 2, 1], &[5, 4, 3, 2, 1], &Spec::new())?;
/// let film = View::Stage.film(&article, &[4])?;
/// let titles: Vec<&str> = film.scenes.iter().map(|scene| &scene.title[..]).collect();
/// assert_eq!((titles.len(), titles[0], titles[5]), (12, "(f*g)(-1) = 0", "(f*g)(4) = 28"));
/// # Ok::<(), faltung_scene::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// Every term of one output, in any number of dimensions.
    Terms,
    /// Four panels: the input, the kernel turned round and shifted, their product, and the output so far.
    Stage,
    /// Scaled and delayed copies of the kernel; each column adds up to an output.
    Table,
    /// The story of posts and likes: who gets likes in this hour, and how many there are so far.
    Likes,
    /// With the flip, without it, and with the other operand flipped.
    Flip,
    /// What lies beyond the ends, boundary by boundary, with the source of every virtual sample.
    Padding,
    /// In two dimensions: the window on the input, the weights, the products and the output.
    Window,
    /// How long the result is, and which numbers make it so.
    Sizes,
    /// The same in NumPy, SciPy, PyTorch, MATLAB and OpenCV, and where their calls of the same name differ.
    Conventions,
}

impl View {
    /// All of them.
    pub const ALL: &[View] = &[
        View::Terms,
        View::Stage,
        View::Table,
        View::Likes,
        View::Flip,
        View::Padding,
        View::Window,
        View::Sizes,
        View::Conventions,
    ];

    /// The word for it.
    ///
    /// ```
    /// assert_eq!(faltung_scene::View::Stage.name(), "stage");
    /// ```
    pub fn name(self) -> &'static str {
        match self {
            View::Terms => "terms",
            View::Stage => "stage",
            View::Table => "table",
            View::Likes => "likes",
            View::Flip => "flip",
            View::Padding => "padding",
            View::Window => "window",
            View::Sizes => "sizes",
            View::Conventions => "conventions",
        }
    }

    /// The view that suits a subject where none is named.
    ///
    /// ```
    /// use faltung::Spec;
    /// use faltung_scene::{Subject, View};
    /// let line = Subject::new(&[1, 2], &[1, 1], &Spec::new())?;
    /// assert_eq!(View::of(&line), View::Stage);
    /// # Ok::<(), faltung_scene::Error>(())
    /// ```
    pub fn of(subject: &Subject<'_>) -> View {
        match line::fits(subject) {
            true => View::Stage,
            false if subject.slid() == 2 && window::fits(subject) => View::Window,
            false => View::Terms,
        }
    }

    /// The scene of the output at `at`, an index into the result.
    ///
    /// Along a line, the places just before the first output and just after the last can be looked at, too.
    ///
    /// # Errors
    /// [`Unfit`](crate::Error::Unfit) if the view is not for such a problem, and whatever the engine says.
    ///
    /// ```
    /// use faltung::Spec;
    /// use faltung_scene::{Subject, View};
    /// let article = Subject::new(&[3, 0, 5, 0, 2, 1], &[5, 4, 3, 2, 1], &Spec::new())?;
    /// assert_eq!(View::Stage.scene(&article, &[9])?.title, "(f*g)(9) = 1");
    /// # Ok::<(), faltung_scene::Error>(())
    /// ```
    pub fn scene(self, subject: &Subject<'_>, at: &[isize]) -> Result<Scene> {
        let story = self.story(subject, at)?;
        (story.scene)(story.chosen)
    }

    /// A scene for every place: along a line from the place before the first output to the one after the last.
    ///
    /// # Errors
    /// As [`scene`](Self::scene).
    ///
    /// ```
    /// use faltung::Spec;
    /// use faltung_scene::{Subject, View};
    /// let subject = Subject::new(&[1, 2], &[1, 1], &Spec::new())?;
    /// let film = View::Stage.film(&subject, &[1])?;
    /// assert_eq!((film.scenes.len(), film.chosen), (5, 2)); // t from -1 to 3
    /// # Ok::<(), faltung_scene::Error>(())
    /// ```
    pub fn film(self, subject: &Subject<'_>, at: &[isize]) -> Result<Film> {
        let story = self.story(subject, at)?;
        let scenes = story.places.clone().map(&story.scene).collect::<Result<_>>()?;
        let chosen = (story.chosen - story.places.start()) as usize;
        Ok(Film { title: story.title, scenes, chosen })
    }

    /// The places that can be looked at, in the order of a film: along a line from the place before the first output to the one
    /// after the last.
    ///
    /// # Errors
    /// As [`scene`](Self::scene).
    ///
    /// ```
    /// use faltung::Spec;
    /// use faltung_scene::{Subject, View};
    /// let subject = Subject::new(&[1, 2], &[1, 1], &Spec::new())?;
    /// assert_eq!(View::Stage.places(&subject, &[1])?, -1..=3);
    /// # Ok::<(), faltung_scene::Error>(())
    /// ```
    pub fn places(self, subject: &Subject<'_>, at: &[isize]) -> Result<RangeInclusive<isize>> {
        Ok(self.story(subject, at)?.places)
    }

    fn story<'s>(self, subject: &'s Subject<'_>, at: &[isize]) -> Result<Story<'s>> {
        match self {
            View::Terms => terms::story(subject, at),
            View::Stage => stage::story(subject, at),
            View::Table => table::story(subject, at),
            View::Likes => likes::story(subject, at),
            View::Flip => flip::story(subject, at),
            View::Padding => padding::story(subject, at),
            View::Window => window::story(subject, at),
            View::Sizes => sizes::story(subject, at),
            View::Conventions => conventions::story(subject, at),
        }
    }
}

impl fmt::Display for View {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A view's name.
impl FromStr for View {
    type Err = faltung::Error;
    fn from_str(text: &str) -> Result<Self, faltung::Error> {
        let known = View::ALL.iter().find(|view| view.name() == text);
        known.copied().ok_or_else(|| faltung::Error::Word {
            what: "view",
            word: text.to_owned(),
            suggestion: None,
            expected: View::ALL.iter().map(|view| view.name()).collect::<Vec<_>>().join(", "),
        })
    }
}

/// The scenes of a view that there are, made when they are asked for.
struct Story<'s> {
    /// What all of them are about.
    title: String,
    /// Their numbers.
    places: RangeInclusive<isize>,
    /// The number of the one asked for.
    chosen: isize,
    scene: Box<dyn Fn(isize) -> Result<Scene> + 's>,
}
