//! The training loop: batches in an order drawn for each epoch, parts of them side by side, one step for each batch.
//!
//! Where a training stands is its parameters, the optimiser's moments and the number of the next batch; everything drawn by
//! chance follows from the seed and that number. So [`Trainer::checkpoint`] is complete: a training that goes on from it ends
//! with the same bytes as one that was never interrupted, and threads do not matter.

use std::ops::ControlFlow;

use crate::{
    Dataset, Error, Net, Options, Result,
    data::order,
    file::{self, State},
    layers::PART,
    loss::Tally,
    part::Part,
    random::{Purpose, generator},
    workers,
};

/// How far a training is, after a step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stand {
    /// Epochs that are complete.
    pub epochs: u32,
    /// Steps done, in all.
    pub steps: u64,
    /// Steps of the whole training.
    pub all_steps: u64,
    /// Pictures seen in the epoch of the last step.
    pub pictures: usize,
    /// The mean loss of these, as each was seen.
    pub loss: f64,
    /// The share of these that were told right, from 0 to 1.
    pub accuracy: f64,
}

/// A net that learns from a data set.
///
/// ```
/// use std::ops::ControlFlow;
/// use faltung_train::{Description, Net, Options, Trainer, digits};
/// let data = digits::training(64, 1)?;
/// let net = Net::new(Description::ffnn(data.shape(), 10, 5000), 1)?;
/// let mut trainer = Trainer::new(net, data, Options { epochs: 2, batch: 32, ..Options::default() })?;
/// let mut losses = Vec::new();
/// trainer.run(|stand| { losses.push(stand.loss); ControlFlow::Continue(()) })?;
/// assert_eq!(losses.len(), 4); // two epochs of two steps
/// assert!(losses[3] < losses[0]);
/// # Ok::<(), faltung_train::Error>(())
/// ```
#[derive(Debug)]
pub struct Trainer {
    net: Net,
    data: Dataset,
    options: Options,
    moments: Vec<Vec<f32>>,
    parts: Vec<Part>,
    /// The order of the pictures, and the epoch that it is for.
    order: (u64, Vec<usize>),
    /// The next step, from 0.
    step: u64,
    /// What came of the pictures seen in this epoch.
    tally: Tally,
}

impl Trainer {
    /// A training that begins.
    ///
    /// # Errors
    /// [`Error::Option`] for an option without sense; [`Error::Data`] if the net does not take these pictures or has not as
    /// many classes.
    ///
    /// ```
    /// use faltung_train::{Description, Net, Options, Trainer, digits};
    /// let data = digits::training(10, 1)?;
    /// let net = Net::new(Description::cnn(data.shape(), 10), 1)?;
    /// let error = Trainer::new(net, data, Options { epochs: 0, ..Options::default() }).unwrap_err();
    /// assert_eq!(error.to_string(), "epochs is 0: give at least 1");
    /// # Ok::<(), faltung_train::Error>(())
    /// ```
    pub fn new(net: Net, data: Dataset, options: Options) -> Result<Trainer> {
        options.check()?;
        data.check_shape(net.description().input)?;
        let (told, known) = (net.description().classes.len(), data.classes().len());
        if told < known {
            let problem = format!("the net tells {told} classes, and the data have {known}: give a net with as many");
            return Err(Error::Data(problem));
        }
        let parts = options.batch.min(data.len()).div_ceil(PART);
        Ok(Trainer {
            moments: vec![vec![0.0; net.parameters.len()]; options.optimiser.moments()],
            parts: (0..parts).map(|_| Part::new(&net)).collect::<Result<_>>()?,
            order: (0, order(data.len(), options.seed, 0)),
            net,
            data,
            options,
            step: 0,
            tally: Tally::default(),
        })
    }

    /// A training that goes on from a [`checkpoint`](Trainer::checkpoint), on the same data.
    ///
    /// # Errors
    /// [`Error::File`] if the bytes are none of a checkpoint; [`Error::Data`] for other data than it was trained on.
    ///
    /// ```
    /// use faltung_train::{Description, Net, Options, Trainer, digits};
    /// let net = Net::new(Description::ffnn(digits::training(1, 1)?.shape(), 10, 5000), 1)?;
    /// let trainer = Trainer::new(net, digits::training(20, 1)?, Options::default())?;
    /// let error = Trainer::resume(&trainer.checkpoint()?, digits::training(20, 2)?).unwrap_err();
    /// assert_eq!(error.to_string(), "the training was on other pictures: give the same data to go on");
    /// # Ok::<(), faltung_train::Error>(())
    /// ```
    pub fn resume(checkpoint: &[u8], data: Dataset) -> Result<Trainer> {
        let (net, state, moments) = file::read_checkpoint(checkpoint)?;
        if state.data != data.fingerprint() {
            return Err(Error::Data("the training was on other pictures: give the same data to go on".to_owned()));
        }
        let mut trainer = Trainer::new(net, data, state.options)?;
        trainer.moments = moments;
        trainer.step = state.step;
        trainer.tally = Tally { loss: state.loss, correct: state.correct, pictures: state.pictures };
        Ok(trainer)
    }

    /// Everything that is needed to go on, as the bytes of a file in the format safetensors, which is also one of a model.
    ///
    /// # Errors
    /// [`Error::File`] if it cannot be made.
    ///
    /// ```
    /// # use faltung_train::{Description, Net, Options, Trainer, digits};
    /// let data = digits::training(40, 1)?;
    /// let net = Net::new(Description::ffnn(data.shape(), 10, 5000), 1)?;
    /// let mut whole = Trainer::new(net, data.clone(), Options { epochs: 2, batch: 32, ..Options::default() })?;
    /// whole.step()?;
    /// let mut resumed = Trainer::resume(&whole.checkpoint()?, data)?;
    /// while !whole.is_done() { whole.step()?; }
    /// while !resumed.is_done() { resumed.step()?; }
    /// assert_eq!(whole.net().parameters(), resumed.net().parameters());
    /// # Ok::<(), faltung_train::Error>(())
    /// ```
    pub fn checkpoint(&self) -> Result<Vec<u8>> {
        let state = State {
            options: self.options,
            step: self.step,
            loss: self.tally.loss,
            correct: self.tally.correct,
            pictures: self.tally.pictures,
            data: self.data.fingerprint(),
        };
        file::write(&self.net, Some((&state, &self.moments)))
    }

    /// The net as it is now.
    ///
    /// ```
    /// # use faltung_train::{Description, Net, Options, Trainer, digits};
    /// # let data = digits::training(10, 1)?;
    /// let net = Net::new(Description::cnn(data.shape(), 10), 1)?;
    /// assert_eq!(Trainer::new(net, data, Options::default())?.net().parameters().len(), 80_202);
    /// # Ok::<(), faltung_train::Error>(())
    /// ```
    pub fn net(&self) -> &Net {
        &self.net
    }

    /// The net, when there is no more to learn.
    ///
    /// ```
    /// # use faltung_train::{Description, Net, Options, Trainer, digits};
    /// # let data = digits::training(10, 1)?;
    /// # let net = Net::new(Description::cnn(data.shape(), 10), 1)?;
    /// let net: Net = Trainer::new(net, data, Options::default())?.into_net();
    /// # Ok::<(), faltung_train::Error>(())
    /// ```
    pub fn into_net(self) -> Net {
        self.net
    }

    /// What it learns from.
    ///
    /// ```
    /// # use faltung_train::{Description, Net, Options, Trainer, digits};
    /// let data = digits::training(10, 1)?;
    /// let net = Net::new(Description::cnn(data.shape(), 10), 1)?;
    /// assert_eq!(Trainer::new(net, data.clone(), Options::default())?.data(), &data);
    /// # Ok::<(), faltung_train::Error>(())
    /// ```
    pub fn data(&self) -> &Dataset {
        &self.data
    }

    /// How it trains.
    ///
    /// ```
    /// # use faltung_train::{Description, Net, Options, Trainer, digits};
    /// # let data = digits::training(10, 1)?;
    /// # let net = Net::new(Description::cnn(data.shape(), 10), 1)?;
    /// assert_eq!(Trainer::new(net, data, Options::default())?.options(), &Options::default());
    /// # Ok::<(), faltung_train::Error>(())
    /// ```
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// Whether all epochs are over.
    ///
    /// ```
    /// # use faltung_train::{Description, Net, Options, Trainer, digits};
    /// # let data = digits::training(10, 1)?;
    /// # let net = Net::new(Description::ffnn(data.shape(), 10, 5000), 1)?;
    /// let mut trainer = Trainer::new(net, data, Options { epochs: 1, ..Options::default() })?;
    /// trainer.step()?; // ten pictures are one batch
    /// assert!(trainer.is_done());
    /// # Ok::<(), faltung_train::Error>(())
    /// ```
    pub fn is_done(&self) -> bool {
        self.step >= self.all_steps()
    }

    /// How far it is.
    ///
    /// ```
    /// # use faltung_train::{Description, Net, Options, Trainer, digits};
    /// # let data = digits::training(300, 1)?;
    /// # let net = Net::new(Description::ffnn(data.shape(), 10, 5000), 1)?;
    /// let stand = Trainer::new(net, data, Options::default())?.stand();
    /// assert_eq!((stand.steps, stand.all_steps), (0, 30)); // 10 epochs of 128, 128 and 44 pictures
    /// # Ok::<(), faltung_train::Error>(())
    /// ```
    pub fn stand(&self) -> Stand {
        let Tally { loss, correct, pictures } = self.tally;
        let count = pictures.max(1) as f64;
        Stand {
            epochs: (self.step / self.batches()) as u32,
            steps: self.step,
            all_steps: self.all_steps(),
            pictures,
            loss: loss / count,
            accuracy: correct as f64 / count,
        }
    }

    /// One step: learns from one batch.
    ///
    /// # Errors
    /// [`Error::Diverged`] if the loss is no number any more, before anything is learned from it, or if the net's parameters no longer
    /// are; whatever the engine refuses.
    ///
    /// # Cost
    /// Memory is allocated by the engine alone.
    ///
    /// ```
    /// # use faltung_train::{Description, Net, Options, Trainer, digits};
    /// # let data = digits::training(100, 1)?;
    /// # let net = Net::new(Description::ffnn(data.shape(), 10, 5000), 1)?;
    /// let mut trainer = Trainer::new(net, data, Options { batch: 64, ..Options::default() })?;
    /// assert_eq!(trainer.step()?.pictures, 64);
    /// assert_eq!(trainer.step()?.pictures, 100);
    /// # Ok::<(), faltung_train::Error>(())
    /// ```
    pub fn step(&mut self) -> Result<Stand> {
        let (epoch, batch) = (self.step / self.batches(), self.step % self.batches());
        if self.order.0 != epoch {
            self.order = (epoch, order(self.data.len(), self.options.seed, epoch));
        }
        if batch == 0 {
            self.tally = Tally::default();
        }
        let first = batch as usize * self.options.batch;
        let pictures = &self.order.1[first..self.data.len().min(first + self.options.batch)];
        let parts = pictures.len().div_ceil(PART);
        let (net, data, Options { seed, shift, .. }) = (&self.net, &self.data, self.options);
        let (scale, number) = (1.0 / pictures.len() as f32, self.step.wrapping_mul(1 << 16));
        workers::each(&mut self.parts[..parts], |at, part| {
            let shown = &pictures[at * PART..pictures.len().min((at + 1) * PART)];
            let mut chance = generator(seed, Purpose::Part, number + at as u64);
            part.learn(net, data, shown, shift, scale, &mut chance)
        })?;
        let diverged = Error::Diverged { steps: self.step + 1, rate: self.options.rate };
        let mut tally = self.tally;
        self.parts[..parts].iter().for_each(|part| tally += part.tally);
        if !tally.loss.is_finite() {
            return Err(diverged);
        }
        self.tally = tally;
        self.follow(parts);
        self.step += 1;
        match self.net.parameters().iter().all(|parameter| parameter.is_finite()) {
            true => Ok(self.stand()),
            false => Err(diverged),
        }
    }

    /// Steps until all is done, or until `told`, which is told after each step, says that it is enough.
    ///
    /// # Errors
    /// As [`step`](Trainer::step).
    ///
    /// ```
    /// # use faltung_train::{Description, Net, Options, Trainer, digits};
    /// # use std::ops::ControlFlow;
    /// # let data = digits::training(10, 1)?;
    /// # let net = Net::new(Description::ffnn(data.shape(), 10, 5000), 1)?;
    /// let mut trainer = Trainer::new(net, data, Options::default())?;
    /// trainer.run(|stand| if stand.steps == 3 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })?;
    /// assert_eq!((trainer.stand().steps, trainer.is_done()), (3, false));
    /// # Ok::<(), faltung_train::Error>(())
    /// ```
    pub fn run(&mut self, mut told: impl FnMut(&Stand) -> ControlFlow<()>) -> Result<()> {
        while !self.is_done() {
            let stand = self.step()?;
            if told(&stand).is_break() {
                break;
            }
        }
        Ok(())
    }

    /// Steps of an epoch.
    fn batches(&self) -> u64 {
        self.data.len().div_ceil(self.options.batch) as u64
    }

    fn all_steps(&self) -> u64 {
        self.batches() * u64::from(self.options.epochs)
    }

    /// Adds the gradients of so many parts, in their order, and follows their sum.
    fn follow(&mut self, parts: usize) {
        let part_of_all = self.options.schedule.factor(self.step, self.all_steps());
        let Some((first, others)) = self.parts[..parts].split_first_mut() else { return };
        for other in others {
            first.gradient.iter_mut().zip(&other.gradient).for_each(|(sum, &gradient)| *sum += gradient);
        }
        let Options { rate, optimiser, decay, .. } = self.options;
        let rate = (rate * part_of_all) as f32;
        optimiser.update(self.step + 1, rate, decay, &mut self.net.parameters, &first.gradient, &mut self.moments);
    }
}
