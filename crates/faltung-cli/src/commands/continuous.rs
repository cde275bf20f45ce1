//! `faltung continuous`: two formulas, convolved and explained.

use faltung_continuous::System;
use faltung_scene::{Continuous, Error, Film, Scene, paint};

use super::showing::{Explanation, Show, unexplained};
use crate::{args::Continuous as Args, io::Failure};

/// Reads both formulas, convolves them, and shows what comes of it.
pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let Args { at, from, to, spacing, .. } = *args;
    let show = Show::new(&args.showing)?;
    let read = |name: &str, text: &str| match text.trim().parse::<System>() {
        Ok(system) => Ok(system.impulse_response().clone()),
        Err(error) => Err(unexplained(error.into()).in_file(name)),
    };
    let (f, g) = (read("F", &args.f)?, read("G", &args.g)?);
    // A place beyond what is shown is shown too, unless the ends are said.
    let stage = Continuous::new(f, g).and_then(|stage| stage.reaching(at)).and_then(|stage| stage.within(from, to));
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
