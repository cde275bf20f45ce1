//! Weights as the engine takes them: of the type of the sums, dense.

use num_complex::Complex;

use super::Values;
use crate::{Accum, AnyView, Dims, Error, Number, Problem, Result, arch, line::Map};

/// The weights of a problem: `[group, output, input, axes..]`, ready to be correlated with.
#[derive(Debug)]
pub(crate) struct Weights<A> {
    pub(crate) groups: usize,
    pub(crate) outputs: usize,
    pub(crate) inputs: usize,
    /// Extents along the axes.
    pub(crate) shape: Dims,
    pub(crate) data: Vec<A>,
}

impl<A: Accum> Weights<A> {
    /// Weights of the problem's shape, as they stand.
    pub(crate) fn new(values: &Values, problem: &Problem) -> Self {
        let data: Vec<A> = match values {
            Values::Whole(all) => all.iter().map(|&w| A::nearest(Number::Whole(w))).collect(),
            Values::Real(all) => all.iter().map(|&w| A::nearest(Number::Real(w))).collect(),
            Values::Complex(all) => all.iter().map(|&w| A::nearest(Number::Complex(w))).collect(),
        };
        let (groups, outputs, inputs) = (problem.groups, problem.outputs, problem.inputs);
        let shape: Dims = problem.axes.iter().map(|axis| axis.kernel).collect();
        assert_eq!(data.len(), groups * outputs * inputs * problem.volume(), "weights of the problem's shape");
        Weights { groups, outputs, inputs, shape, data }
    }

    /// So many zeros.
    pub(crate) fn zeros(problem: &Problem) -> Result<Self> {
        let (groups, outputs, inputs) = (problem.groups, problem.outputs, problem.inputs);
        let shape: Dims = problem.axes.iter().map(|axis| axis.kernel).collect();
        let count = [groups, outputs, inputs].iter().chain(&shape).product::<usize>();
        let bytes = count.saturating_mul(size_of::<A>());
        let data = arch::try_zeros(count).ok_or(Error::Allocation { what: "the weights", bytes })?;
        Ok(Weights { groups, outputs, inputs, shape, data })
    }

    /// Takes samples that stand as these weights do: `[group, output, input, axes..]`.
    pub(crate) fn gather(&mut self, samples: &AnyView<'_>) {
        assert_eq!(samples.shape()[3..], self.shape[..], "weights of the problem's shape");
        gather(samples, &mut self.data);
    }

    /// The weights as others.
    pub(crate) fn map<B>(&self, each: impl Fn(&A) -> B) -> Weights<B> {
        let &Weights { groups, outputs, inputs, .. } = self;
        Weights { groups, outputs, inputs, shape: self.shape.clone(), data: self.data.iter().map(each).collect() }
    }

    /// The weights as values of a kernel: real or complex.
    pub(crate) fn values(&self) -> Values {
        let all = self.data.iter().map(|w| {
            let z = w.to_spectral();
            Complex::new(z.re.into(), z.im.into())
        });
        match A::COMPLEX {
            true => Values::Complex(all.collect()),
            false => Values::Real(all.map(|z: Complex<f64>| z.re).collect()),
        }
    }

    /// The weights of one group.
    pub(crate) fn group(&self, group: usize) -> &[A] {
        let size = self.data.len() / self.groups;
        &self.data[group * size..][..size]
    }

    /// Weights of one input channel for one output channel.
    pub(crate) fn volume(&self) -> usize {
        self.shape.iter().product()
    }

    /// The weights of one pair of channels.
    pub(crate) fn pair(&self, group: usize, output: usize, input: usize) -> &[A] {
        let volume = self.volume();
        &self.data[((group * self.outputs + output) * self.inputs + input) * volume..][..volume]
    }

    /// Every pair of channels: `(group, output, input)`.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (usize, usize, usize)> + use<A> {
        let (groups, outputs, inputs) = (self.groups, self.outputs, self.inputs);
        (0..groups).flat_map(move |g| (0..outputs).flat_map(move |o| (0..inputs).map(move |i| (g, o, i))))
    }

    /// The largest 2-norm of the weights of one output channel.
    pub(crate) fn norm(&self) -> f64 {
        let per_output = self.inputs * self.volume();
        let norm = |all: &[A]| all.iter().map(|w| w.magnitude().powi(2)).sum::<f64>().sqrt();
        self.data.chunks_exact(per_output).map(norm).fold(0.0, f64::max)
    }
}

/// The samples of a view as sums, dense.
pub(crate) fn gathered<A: Accum>(view: &AnyView<'_>) -> Vec<A> {
    let mut all = arch::zeros(view.shape().iter().product());
    gather(view, &mut all);
    all
}

/// The same into memory for as many.
fn gather<A: Accum>(view: &AnyView<'_>, all: &mut [A]) {
    let view = view.seen_as(view.geometry().squeezed());
    let whole = |&len: &usize| {
        let mut map = Map::with_capacity(1);
        map.set_whole(len);
        map
    };
    let maps: Vec<Map> = view.shape().iter().map(whole).collect();
    let source = A::source(view.sources()).expect("samples that widen into the sums");
    source.gather(view.geometry().offset, &maps, all);
}
