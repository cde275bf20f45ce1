//! `faltung continuous`: two formulas, convolved and explained.

use faltung_continuous::System;
use faltung_scene::{Continuous, Error, Film, Scene, paint, state::State};

use super::showing::{Explanation, Show, themed, unexplained};
use crate::{
    args::{Continuous as Args, Showing},
    io::Failure,
};

/// Reads both formulas, convolves them, and shows what comes of it.
pub(super) fn run(args: &Args) -> Result<(), Failure> {
    explain([&args.f, &args.g], args.at, (args.from, args.to), args.spacing, &args.showing)
}

/// What a state stands for.
pub(super) fn of_state(state: &State, showing: &Showing) -> Result<(), Failure> {
    let at = match state.get("t") {
        "" => None,
        t => Some(t.parse().map_err(|_| Failure::usage(format!("t: expected one time, but found {t}")))?),
    };
    explain([state.get("f"), state.get("g")], at, (None, None), None, &themed(showing, state.get("theme")))
}

fn explain(
    [f, g]: [&str; 2],
    at: Option<f64>,
    (from, to): (Option<f64>, Option<f64>),
    spacing: Option<f64>,
    showing: &Showing,
) -> Result<(), Failure> {
    let show = Show::new(showing)?;
    let read = |name: &str, text: &str| match text.trim().parse::<System>() {
        Ok(system) => Ok(system.impulse_response().clone()),
        Err(error) => Err(unexplained(error.into()).in_file(name)),
    };
    let (f, g) = (read("F", f)?, read("G", g)?);
    let stage = Continuous::new(f, g).and_then(|stage| {
        let (first, last) = stage.outputs();
        // A place beyond what is shown is shown too, unless the ends are said.
        let before = at.filter(|at| *at < first);
        let after = at.filter(|at| *at > last);
        stage.within(from.or(before), to.or(after))
    });
    let stage = stage.and_then(|stage| match spacing {
        Some(spacing) => stage.beside_samples(spacing),
        None => Ok(stage),
    });
    let stage = stage.map_err(unexplained)?;
    show.show(&Explained { t: at.unwrap_or(stage.natural_place()), stage })
}

struct Explained {
    stage: Continuous,
    t: f64,
}

impl Explanation for Explained {
    fn scene(&self) -> Result<Scene, Error> {
        self.stage.scene(self.t)
    }

    fn film(&self) -> Result<Film, Error> {
        self.stage.film(self.t)
    }

    fn json(&self, scene: &Scene) -> Result<String, Error> {
        Ok(paint::json_continuous(scene, &self.stage, &self.stage.trace(self.t)?))
    }
}
