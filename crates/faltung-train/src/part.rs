//! A part of a batch on its way through a net: its memory, forward and backward.
//!
//! Everything is allocated when the part is made. Each part sums gradients of its own; they are added up afterwards in the
//! order of the parts, so it does not matter which thread worked on which.

use rand::{Rng, rngs::ChaCha8Rng};

use crate::{
    Dataset, Net, Result,
    layers::{Done, Gradients, Layer, PART, Pass},
    loss::{Tally, cross_entropy},
};

/// The memory of one part.
#[derive(Debug)]
pub(crate) struct Part {
    /// What goes in, and what comes out of each layer.
    activations: Vec<Vec<f32>>,
    /// One for each step of the net.
    layers: Vec<Box<dyn Layer>>,
    /// The gradient to what comes out of a layer, and to what goes into it.
    slopes: [Vec<f32>; 2],
    /// The gradient to all parameters.
    pub(crate) gradient: Vec<f32>,
    labels: Vec<u8>,
    /// What came of the pictures that have been learned from.
    pub(crate) tally: Tally,
}

impl Part {
    /// Memory for a part of a batch.
    pub(crate) fn new(net: &Net) -> Result<Part> {
        let lens = std::iter::once(net.description().input).chain(net.outputs());
        let activations: Vec<Vec<f32>> = lens.map(|shape| vec![0.0; shape.len() * PART]).collect();
        let longest = activations.iter().map(Vec::len).max().unwrap_or(0);
        Ok(Part {
            activations,
            layers: net.layers()?,
            slopes: [vec![0.0; longest], vec![0.0; longest]],
            gradient: vec![0.0; net.parameters.len()],
            labels: Vec::with_capacity(PART),
            tally: Tally::default(),
        })
    }

    /// Takes in some pictures, at most [`PART`], as they are.
    pub(crate) fn show(&mut self, net: &Net, data: &Dataset, pictures: &[usize]) {
        self.take(net, data, pictures, || [0, 0]);
    }

    /// What went in, and what came out of each layer.
    pub(crate) fn activations(&self) -> impl Iterator<Item = &[f32]> {
        self.activations.iter().map(Vec::as_slice)
    }

    /// What came out of the last.
    pub(crate) fn output(&self) -> &[f32] {
        self.activations.last().map_or(&[], Vec::as_slice)
    }

    /// From the input to the output, without learning.
    pub(crate) fn forward(&mut self, net: &Net) -> Result<()> {
        self.pass(net, &mut Pass::Evaluate)
    }

    /// Learns from some pictures, each shifted by up to `shift` pixels: fills gradient and tally.
    pub(crate) fn learn(
        &mut self,
        net: &Net,
        data: &Dataset,
        pictures: &[usize],
        shift: usize,
        scale: f32,
        chance: &mut ChaCha8Rng,
    ) -> Result<()> {
        let reach = shift as u32;
        let step = |chance: &mut ChaCha8Rng| (chance.next_u32() % (2 * reach + 1)) as isize - reach as isize;
        self.take(net, data, pictures, || if shift == 0 { [0, 0] } else { [step(chance), step(chance)] });
        self.pass(net, &mut Pass::Train(chance))?;
        let output = self.activations.last().map_or(&[][..], Vec::as_slice);
        self.tally = cross_entropy(output, &self.labels, scale, &mut self.slopes[0][..output.len()]);
        self.backward(net)
    }

    fn take(&mut self, net: &Net, data: &Dataset, pictures: &[usize], mut shift: impl FnMut() -> [isize; 2]) {
        let description = net.description();
        let scale = 1.0 / (255.0 * description.deviation);
        let offset = description.mean / description.deviation;
        let input = &mut self.activations[0];
        input.fill(0.0);
        self.labels.clear();
        for (lane, &picture) in pictures.iter().enumerate() {
            self.labels.push(data.labels()[picture]);
            let pixels = data.shifted(picture, shift());
            input[lane..]
                .iter_mut()
                .step_by(PART)
                .zip(pixels)
                .for_each(|(x, pixel)| *x = f32::from(pixel) * scale - offset);
        }
    }

    fn pass(&mut self, net: &Net, pass: &mut Pass<'_>) -> Result<()> {
        for (at, (step, layer)) in net.steps.iter().zip(&mut self.layers).enumerate() {
            let (before, after) = self.activations.split_at_mut(at + 1);
            let parameters = &net.parameters[step.parameters.clone()];
            layer.forward(&before[at], parameters, &mut after[0], pass)?;
        }
        Ok(())
    }

    fn backward(&mut self, net: &Net) -> Result<()> {
        let [gy, gx] = &mut self.slopes;
        for (at, (step, layer)) in net.steps.iter().zip(&mut self.layers).enumerate().rev() {
            let (x, y) = (&self.activations[at][..], &self.activations[at + 1][..]);
            let wanted = (at > 0).then_some(&mut gx[..x.len()]);
            let gradients = Gradients { x: wanted, parameters: &mut self.gradient[step.parameters.clone()] };
            let parameters = &net.parameters[step.parameters.clone()];
            layer.backward(Done { x, y }, parameters, &gy[..y.len()], gradients)?;
            std::mem::swap(gy, gx);
        }
        Ok(())
    }
}
