//! Three steps of training as PyTorch makes them: `golden/training.py` wrote what they come to, in double precision.

use std::{fs, path::Path};

use faltung_train::{
    Dataset, Description,
    LayerDescription::{Conv, Flatten, Linear, MaxPool, Relu},
    Net, Optimiser, Options, Schedule, Shape, Trainer,
};

const PICTURES: usize = 5;
const SHAPE: Shape = Shape { channels: 1, height: 8, width: 8 };
const CLASSES: usize = 3;

fn scattered(index: usize, salt: usize) -> f64 {
    ((index * 37 + salt * 11) % 101) as f64 / 101.0
}

fn net() -> Net {
    let description = Description {
        input: SHAPE,
        mean: 0.5,
        deviation: 0.25,
        classes: (0..CLASSES).map(|class| class.to_string()).collect(),
        layers: vec![
            Conv { outputs: 3, kernel: [3, 3], stride: [1, 1], padding: [1, 1] },
            Relu,
            MaxPool { size: [2, 2] },
            Conv { outputs: 4, kernel: [3, 2], stride: [1, 2], padding: [0, 0] },
            Relu,
            Flatten,
            Linear { outputs: CLASSES },
        ],
    };
    let count = description.parameters().expect("the layers fit");
    let parameters = (0..count).map(|index| (scattered(index, 3) - 0.5) as f32).collect();
    Net::with_parameters(description, parameters).expect("a net")
}

fn data() -> Dataset {
    let pixels = (0..PICTURES * SHAPE.len()).map(|index| (scattered(index, 7) * 256.0) as u8).collect();
    let labels = (0..PICTURES).map(|index| (index % CLASSES) as u8).collect();
    Dataset::new(SHAPE, pixels, labels, net().description().classes.clone()).expect("data")
}

/// The numbers of the line that begins so.
fn golden(name: &str, what: &str) -> Vec<f64> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../golden/training.txt");
    let text = fs::read_to_string(path).expect("golden/training.txt is part of the repository");
    let line = text.lines().find_map(|line| line.strip_prefix(&format!("{name} {what} "))).expect("a line for it");
    line.split(' ').map(|number| number.parse().expect("a number")).collect()
}

/// Compares three steps of all pictures; single precision rounds some thousand sums by 6e-8 of a few ones each.
fn check(optimiser: Optimiser, rate: f64) {
    const CLOSE: f64 = 2e-5;
    let options = Options {
        epochs: 3,
        batch: PICTURES,
        seed: 1,
        rate,
        schedule: Schedule::Constant,
        optimiser,
        decay: 0.01,
        shift: 0,
    };
    let mut trainer = Trainer::new(net(), data(), options).expect("a training");
    for loss in golden(optimiser.name(), "losses") {
        let told = trainer.step().expect("a step").loss;
        assert!((told - loss).abs() < CLOSE, "{}: the loss is {told}, PyTorch's {loss}", optimiser.name());
    }
    let parameters = golden(optimiser.name(), "parameters");
    assert_eq!(parameters.len(), trainer.net().parameters().len());
    for (at, (&told, &wanted)) in trainer.net().parameters().iter().zip(&parameters).enumerate() {
        let off = (f64::from(told) - wanted).abs();
        assert!(off < CLOSE, "{}: parameter {at} is {told}, PyTorch's {wanted}", optimiser.name());
    }
}

#[test]
fn gradient_descent_takes_pytorchs_steps() {
    check(Optimiser::SGD, 0.05);
}

#[test]
fn adam_takes_pytorchs_steps() {
    check(Optimiser::ADAM_W, 0.01);
}
