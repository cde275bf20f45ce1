//! `faltung predict`: what a model sees on pictures.

use std::{collections::BTreeMap, fmt::Write, fs, path::Path};

use faltung_train::{Dataset, Net};
use serde::Serialize;

use crate::{
    args::Predict,
    console,
    dataset::{picture, planes, refused},
    io::{Failure, Place},
    report,
};

/// Tells the likeliest class of each picture.
pub(super) fn run(args: &Predict) -> Result<(), Failure> {
    let net = model(&args.model)?;
    let classes = &net.description().classes;
    let mut text = String::new();
    for image in &args.images {
        let name = image.to_string_lossy();
        let place = if image == "-" { Place::Standard } else { Place::File(image.into()) };
        let data = one(&net, &place)?;
        let row = net.probabilities(&data).map_err(refused)?.swap_remove(0);
        let (class, probability) = likeliest(&row);
        if args.json {
            let probabilities = classes.iter().map(|class| &class[..]).zip(row).collect();
            report::print(&Told { image: &name, class: &classes[class], probability, probabilities })?;
        } else {
            let _ = writeln!(text, "{name}: {} ({:.1} %)", classes[class], 100.0 * probability);
        }
    }
    console::print(&text)
}

/// What is told of a picture.
#[derive(Serialize)]
struct Told<'a> {
    image: &'a str,
    class: &'a str,
    probability: f32,
    /// Of every class.
    probabilities: BTreeMap<&'a str, f32>,
}

/// The first class with the largest probability, and that.
pub(super) fn likeliest(probabilities: &[f32]) -> (usize, f32) {
    let larger = |best: (usize, f32), next: (usize, f32)| if next.1 > best.1 { next } else { best };
    probabilities.iter().copied().enumerate().reduce(larger).unwrap_or_default()
}

/// Reads a model.
pub(super) fn model(path: &Path) -> Result<Net, Failure> {
    let bytes = fs::read(path).map_err(|error| Failure::from(error).in_file(path.display()))?;
    Net::load(&bytes).map_err(|error| refused(error).in_file(path.display()))
}

/// One picture of the size that a net takes, as a set of its own.
pub(super) fn one(net: &Net, place: &Place) -> Result<Dataset, Failure> {
    let (wanted, classes) = (net.description().input, net.description().classes.clone());
    let (shape, pixels) = planes(&picture(place)?, wanted.channels);
    if shape != wanted {
        let came = format!("it is {}x{}", shape.height, shape.width);
        let message = format!("{came}, and the model takes {}x{}: scale it to that size", wanted.height, wanted.width);
        return Err(Failure::data(message).in_file(place));
    }
    Dataset::new(shape, pixels, vec![0], classes).map_err(|error| refused(error).in_file(place))
}
