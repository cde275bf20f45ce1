//! What a state explains: its texts become samples, options and a place.

use faltung::{AnyArray, Boundary, Kernel, Mode, Number, Operation, Spec};
use faltung_continuous::System;

use super::{Shows, State};
use crate::{Continuous, Error, Film, Result, Scene, Subject, View, Words, paint};

/// What a state explains, the same in a page, a terminal and a notebook.
///
/// ```
/// use faltung_scene::state::{Explained, State};
/// let explained = Explained::of(&"#/table?t=4".parse()?)?;
/// assert_eq!(explained.scene()?.title, "(f*g)(4) = 28");
/// # Ok::<(), faltung_scene::Error>(())
/// ```
#[derive(Debug)]
pub enum Explained {
    /// Samples.
    Samples {
        /// What is explained.
        subject: Box<Subject<'static>>,
        /// How.
        view: View,
        /// Which output.
        at: Vec<isize>,
    },
    /// Formulas.
    Continuous {
        /// What is explained.
        stage: Box<Continuous>,
        /// When.
        t: f64,
        /// Whether the place lies beyond what is shown without it.
        beyond: bool,
    },
}

impl Explained {
    /// What this state explains.
    ///
    /// # Errors
    /// [`Error::State`] for a page that shows what no picture can and for places that are none, and whatever is wrong with the
    /// samples, options or formulas.
    pub fn of(state: &State) -> Result<Explained> {
        match state.page().shows {
            Shows::Samples(view) => samples(state, view),
            Shows::Continuous => continuous(state),
            Shows::Itself(reason) => Err(Error::State(format!("{}: {reason}: open it in the page", state.view()))),
        }
    }

    /// The scene of the place asked for.
    ///
    /// # Errors
    /// As [`View::scene`] and [`Continuous::scene`].
    pub fn scene(&self) -> Result<Scene> {
        match self {
            Explained::Samples { subject, view, at } => view.scene(subject, at),
            Explained::Continuous { stage, t, .. } => stage.scene(*t),
        }
    }

    /// The scenes of all places.
    ///
    /// # Errors
    /// As [`View::film`] and [`Continuous::film`].
    pub fn film(&self) -> Result<Film> {
        match self {
            Explained::Samples { subject, view, at } => view.film(subject, at),
            Explained::Continuous { stage, t, .. } => stage.film(*t),
        }
    }

    /// The first and the last place that can be looked at.
    ///
    /// # Errors
    /// As [`View::places`].
    pub fn reach(&self) -> Result<(f64, f64)> {
        match self {
            Explained::Samples { subject, view, at } => {
                let places = view.places(subject, at)?;
                Ok((*places.start() as f64, *places.end() as f64))
            }
            Explained::Continuous { stage, .. } => Ok(stage.outputs()),
        }
    }

    /// The place asked for.
    pub fn at(&self) -> Vec<f64> {
        match self {
            Explained::Samples { at, .. } => at.iter().map(|&at| at as f64).collect(),
            Explained::Continuous { t, .. } => vec![*t],
        }
    }

    /// Turns to another place, which a state names, and tells whether that could be done: where more or less would be shown than
    /// now, it has to be made anew.
    ///
    /// # Errors
    /// [`Error::State`] for a place that is none.
    ///
    /// ```
    /// use faltung_scene::state::{Explained, State};
    /// let mut explained = Explained::of(&State::default())?;
    /// assert!(explained.turn_to("9")?);
    /// assert_eq!(explained.scene()?.title, "(f*g)(9) = 1");
    /// # Ok::<(), faltung_scene::Error>(())
    /// ```
    pub fn turn_to(&mut self, place: &str) -> Result<bool> {
        match self {
            Explained::Samples { subject, at, .. } => *at = position(place, subject)?,
            Explained::Continuous { stage, t, beyond } => {
                let (first, last) = stage.outputs();
                let place = time(place)?.unwrap_or(stage.natural_place());
                if *beyond || !(first..=last).contains(&place) {
                    return Ok(false);
                }
                *t = place;
            }
        }
        Ok(true)
    }

    /// A scene of it and all that is computed, as one JSON object.
    ///
    /// # Errors
    /// As [`Subject::trace`] and [`Continuous::trace`].
    pub fn json(&self, scene: &Scene) -> Result<String> {
        match self {
            Explained::Samples { subject, view, at } => Ok(paint::json(*view, scene, subject, &subject.trace(at)?)),
            Explained::Continuous { stage, t, .. } => Ok(paint::json_continuous(scene, stage, &stage.trace(*t)?)),
        }
    }
}

fn samples(state: &State, view: View) -> Result<Explained> {
    let words = words(state, view);
    let [x, h] = [array(state.get("x"))?, array(state.get("h"))?];
    // Turning the other operand round gives the same sums, with the roles exchanged.
    let (x, h) = if state.get("flip") == "f" { (h, x) } else { (x, h) };
    if h.shape().len() != x.shape().len() {
        let rows = |array: &AnyArray| if array.shape().len() == 1 { "one row" } else { "several rows" };
        return Err(Error::State(format!(
            "h: the input has {} and the kernel {}: give rows for both, as 1,2;3,4, or for neither",
            rows(&x),
            rows(&h)
        )));
    }
    let shape = x.shape().to_vec();
    let dtype = x.dtype();
    let subject = Subject::by(&shape, dtype, Kernel::from(&h), &spec(state), move |index| Ok(x.view().number(index)))?;
    let subject = Box::new(subject.called(words));
    let at = position(state.get("t"), &subject)?;
    Ok(Explained::Samples { subject, view, at })
}

fn continuous(state: &State) -> Result<Explained> {
    let signal = |key: &str| match state.get(key).parse::<System>() {
        Ok(system) => Ok(system.impulse_response().clone()),
        Err(error) => Err(Error::State(format!("{key}: {error}"))),
    };
    let stage = Continuous::new(signal("f")?, signal("g")?)?;
    let at = time(state.get("t"))?;
    let reach = stage.outputs();
    let stage = Box::new(stage.reaching(at)?);
    let t = at.unwrap_or(stage.natural_place());
    Ok(Explained::Continuous { beyond: stage.outputs() != reach, stage, t })
}

/// The output that a text names; if it names none, one that is worth looking at.
fn position(text: &str, subject: &Subject<'_>) -> Result<Vec<isize>> {
    match text {
        "" => Ok(subject.natural_place()),
        _ => text
            .split(',')
            .map(str::parse)
            .collect::<Result<_, _>>()
            .map_err(|_| no_place(text, "a whole number for each axis")),
    }
}

/// The time that a text names, if it names one.
fn time(text: &str) -> Result<Option<f64>> {
    match text {
        "" => Ok(None),
        _ => text.parse().map(Some).map_err(|_| no_place(text, "one time")),
    }
}

fn no_place(t: &str, expected: &str) -> Error {
    Error::State(format!("t: expected {expected}, but found {t}"))
}

/// The options of a state: what the page of pictures filters by, too.
///
/// ```
/// use faltung::Operation;
/// use faltung_scene::state::spec;
/// assert_eq!(spec(&"#/stage?flip=none".parse()?).operation, Operation::Correlate);
/// # Ok::<(), faltung_scene::Error>(())
/// ```
pub fn spec(state: &State) -> Spec {
    let count = |key: &str| state.get(key).parse::<usize>().expect("the table has checked it");
    let operation = if state.get("flip") == "none" { Operation::Correlate } else { Operation::Convolve };
    Spec::new()
        .operation(operation)
        .mode(state.get("mode").parse::<Mode>().expect("the table has checked it"))
        .boundary(state.get("boundary").parse::<Boundary>().expect("the table has checked it"))
        .stride(count("stride"))
        .dilation(count("dilation"))
}

/// What things are called, in this view and these letters. Who is turned round is the second.
fn words(state: &State, view: View) -> Words {
    let mut words = if view == View::Likes { Words::likes() } else { Words::default() };
    if state.get("n") == "xh" {
        (words.input, words.kernel) = ("x".to_owned(), "h".to_owned());
    }
    if state.get("flip") == "f" {
        std::mem::swap(&mut words.input, &mut words.kernel);
        std::mem::swap(&mut words.input_values, &mut words.weights);
    }
    words
}

/// Rows of numbers as an array of the simplest type: one row is a line.
///
/// # Errors
/// For what is no number, and rows of several lengths, neither of which a [`State`] holds.
///
/// ```
/// use faltung_scene::state::array;
/// assert_eq!(array("1,2;3,4")?.shape(), [2, 2]);
/// # Ok::<(), faltung_scene::Error>(())
/// ```
pub fn array(text: &str) -> Result<AnyArray> {
    let rows: Vec<&str> = text.split(';').collect();
    let numbers: Vec<Number> =
        rows.iter().flat_map(|row| row.split(',')).map(|cell| cell.parse()).collect::<Result<_, _>>()?;
    let width = numbers.len() / rows.len();
    let shape = if rows.len() == 1 { vec![width] } else { vec![rows.len(), width] };
    Ok(AnyArray::simplest(&numbers, &shape)?)
}
