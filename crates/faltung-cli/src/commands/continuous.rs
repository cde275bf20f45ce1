//! `faltung continuous`: two formulas, convolved and explained.

use faltung_continuous::{Samples, Signal, System};
use faltung_scene::{Continuous, Error, Film, Part, Scene, paint, state::State};

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
    let read = |text: &str| text.trim().parse::<System>().map(|system| system.impulse_response().clone());
    let refused = |error: faltung_continuous::Error| unexplained(error.into());
    let (f, g) = (read(f).map_err(refused)?, read(g).map_err(refused)?);
    let stage = Continuous::new(f, g).and_then(|stage| {
        let (first, last) = stage.outputs();
        // A place beyond what is shown is shown too, unless the ends are said.
        let before = at.filter(|at| *at < first);
        let after = at.filter(|at| *at > last);
        stage.within(from.or(before), to.or(after))
    });
    let stage = stage.map_err(unexplained)?;
    let beside = spacing.map(|spacing| beside(&stage, spacing)).transpose().map_err(unexplained)?;
    show.show(&Explained { t: at.unwrap_or(stage.natural_place()), stage, beside })
}

struct Explained {
    stage: Continuous,
    t: f64,
    /// What sampling makes of it.
    beside: Option<String>,
}

impl Explained {
    fn with_note(&self, mut scene: Scene) -> Scene {
        scene.parts.extend(self.beside.clone().map(Part::Note));
        scene
    }
}

impl Explanation for Explained {
    fn scene(&self) -> Result<Scene, Error> {
        Ok(self.with_note(self.stage.scene(self.t)?))
    }

    fn film(&self) -> Result<Film, Error> {
        let Film { title, scenes, chosen } = self.stage.film(self.t)?;
        Ok(Film { title, scenes: scenes.into_iter().map(|scene| self.with_note(scene)).collect(), chosen })
    }

    fn json(&self, scene: &Scene) -> Result<String, Error> {
        Ok(paint::json_continuous(scene, &self.stage, &self.stage.trace(self.t)?))
    }
}

/// Both signals sampled and convolved by the engine, and how far that is from the truth.
fn beside(stage: &Continuous, spacing: f64) -> Result<String, Error> {
    /// The most samples of either.
    const MOST: f64 = 1e6;
    let count = |(from, to): (f64, f64)| {
        let count = ((to - from) / spacing).ceil() + 1.0;
        match count <= MOST {
            true => Ok(count as usize),
            false => Err(Error::Unfit {
                view: "continuous",
                problem: format!("would take {count:.0} samples"),
                advice: format!("choose a larger --spacing, for at most {MOST}"),
            }),
        }
    };
    let (f, g) = stage.signals();
    let ends = stage.outputs();
    // All of it that the outputs shown need, from a multiple of the spacing on, so that samples of both lie on one grid.
    let sampled = |signal: &Signal, other: &Signal| {
        let (own, others) = (stage.reach(signal), stage.reach(other));
        let (begin, end) = signal.support().unwrap_or(own);
        let needed = (own.0.min(ends.0 - others.1), own.1.max(ends.1 - others.0));
        let (from, to) = (needed.0.max(begin.min(own.1) - spacing), needed.1.min(end.max(own.0) + spacing));
        let first = (from / spacing).floor() * spacing;
        Ok::<_, Error>(Samples::of(signal, first, spacing, count((first, to))?)?)
    };
    let (f, g) = (sampled(f, g)?, sampled(g, f)?);
    let result = f.convolve(&g)?;
    let (off, at) = result.distance(stage.convolution(), ends)?;
    Ok(format!(
        "Sampled every {spacing}, {} and {} samples, convolved and multiplied by {spacing}: off by at most {off:.2e}, at t = {at:.6}.",
        f.values().len(),
        g.values().len()
    ))
}
