//! `faltung continuous`: two formulas, convolved and explained.

use faltung_continuous::{Samples, Signal, System};
use faltung_scene::{Continuous, Error, Film, Part, Scene, paint};

use super::showing::{Explanation, Show, unexplained};
use crate::{args::Continuous as Args, io::Failure};

/// Reads both formulas, convolves them, and shows what comes of it.
pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let show = Show::new(&args.showing)?;
    let read = |text: &str| text.trim().parse::<System>().map(|system| system.impulse_response().clone());
    let refused = |error: faltung_continuous::Error| unexplained(error.into());
    let (f, g) = (read(&args.f).map_err(refused)?, read(&args.g).map_err(refused)?);
    let sampled = args.spacing.map(|spacing| (f.clone(), g.clone(), spacing));
    let stage = Continuous::new(f, g).and_then(|stage| stage.within(args.from, args.to)).map_err(unexplained)?;
    let beside = match &sampled {
        Some((f, g, spacing)) => Some(beside(&stage, f, g, *spacing).map_err(unexplained)?),
        None => None,
    };
    show.show(&Explained { t: args.at.unwrap_or(stage.natural_place()), stage, beside })
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
fn beside(stage: &Continuous, f: &Signal, g: &Signal, spacing: f64) -> Result<String, Error> {
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
    // From a multiple of the spacing on, so that samples of both lie on one grid.
    let sampled = |signal: &Signal| {
        let (from, to) = stage.reach(signal);
        let first = (from / spacing).floor() * spacing;
        Ok::<_, Error>(Samples::of(signal, first, spacing, count((first, to))?)?)
    };
    let (f, g) = (sampled(f)?, sampled(g)?);
    let result = f.convolve(&g)?;
    let (from, to) = stage.outputs();
    let (off, at) = result.distance(stage.convolution(), (from, to))?;
    Ok(format!(
        "Sampled every {spacing}, {} and {} samples, convolved and multiplied by {spacing}: off by at most {off:.2e}, at t = {at:.6}.",
        f.values().len(),
        g.values().len()
    ))
}
