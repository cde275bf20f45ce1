//! Small nets, trained: the part of deep learning that the engine `faltung` leaves out.
//!
//! The engine convolves; here are the other layers, the loss, the optimisers, data and the loop. It is meant for nets that an
//! introduction shows and a laptop trains in minutes, and it is honest in the same ways as the engine: the same seed gives the
//! same bytes for any number of threads, and a training that was interrupted ends as if it had not been.
//!
//! ```text
//! Description -> Net -> Trainer (Dataset, Options) -> step: Part -> layers forward -> loss -> layers backward -> Optimiser
//!             -> Net::save, Trainer::checkpoint (safetensors)          Net::evaluate, Net::probabilities, Net::maps
//! ```
//!
//! ```
//! use std::ops::ControlFlow;
//! use faltung_train::{Description, Net, Options, Trainer, digits};
//!
//! let data = digits::training(200, 7)?; // drawn here: no file is needed
//! let net = Net::new(Description::ffnn(data.shape(), 10, 8_000), 7)?;
//! let mut trainer = Trainer::new(net, data, Options { epochs: 8, batch: 32, ..Options::default() })?;
//! trainer.run(|_| ControlFlow::Continue(()))?;
//! let told = trainer.net().evaluate(&digits::test(100, 7)?)?;
//! assert!(told.accuracy() > 0.3, "{}", told.accuracy()); // by chance it would be 0.1
//! # Ok::<(), faltung_train::Error>(())
//! ```
//!
//! Nothing here reads files, looks at clocks or starts threads: bytes go in and out. With the feature `threads` parts of a batch
//! run in rayon's pool, with the same result.

mod cell;
mod data;
mod description;
mod error;
mod evaluation;
mod file;
mod layers;
mod loss;
mod net;
mod optimiser;
mod options;
mod part;
mod presets;
mod random;
mod receptive;
mod shape;
mod trainer;
mod workers;

#[cfg(feature = "threads")]
pub use crate::workers::on_threads;
pub use crate::{
    cell::{Cell, Made, Term},
    data::{Dataset, digits},
    description::{Description, LayerDescription, Outline},
    error::{Error, Result},
    evaluation::Evaluation,
    net::{Maps, Net, Tensor},
    optimiser::{Optimiser, Schedule},
    options::Options,
    shape::Shape,
    trainer::{Stand, Trainer},
};

/// The examples of the README, run as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
