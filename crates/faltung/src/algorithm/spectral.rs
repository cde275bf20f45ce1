//! What `fft` and `overlap_save` share: a block is transformed, multiplied, and transformed back.
//!
//! A circular correlation of `N` samples is the wanted one for every output whose window does not wrap around, so a block
//! of `N` samples gives `N - reach` outputs. Weights stand at `-k * dilation` modulo `N` before they are transformed;
//! then the product of spectra is the correlation, and outputs stand where they belong. Axes along which the kernel has
//! one weight are not transformed. Strided outputs are picked from the dense ones.
//!
//! Error: `c log2(N) eps |w| |x|` with 2-norms over a block, the same for each of its outputs however small it is; so
//! `Componentwise` refuses. Integers are transformed in floats, and only where that bound is below one half, so that rounding
//! gives the exact result: here where sums are integers, else where they are stored.

use num_complex::Complex;

use super::{Cost, Needs, Prepared, Setting, Steps, Tiling, Work};
use crate::{
    Accum, Accuracy, Dims, Problem, Refusal,
    arch::Outputs,
    bound::Rounds,
    cost,
    geometry::{dense_strides, place_of},
    line::Block,
    micro::finite::all_finite,
    transform::{ERROR, Transform},
};

/// Blocks of one size, with the spectra of the weights.
pub(super) struct Spectral<A: Accum> {
    tiling: Tiling,
    /// Samples of a transform along each axis.
    sizes: Dims,
    steps: Steps,
    transform: Transform<A::Real>,
    /// Extents of the spectrum of a pair of channels: 1 along axes that are not transformed.
    kernel: Dims,
    /// One over the number of samples that are transformed together.
    scale: A::Real,
    /// Of each pair of channels.
    spectra: Vec<Complex<A::Real>>,
    channels: (usize, usize),
}

/// A way to cut a problem into transforms.
#[derive(Debug, Clone)]
pub(super) struct Cut {
    pub(super) tiling: Tiling,
    pub(super) sizes: Dims,
}

/// The axes that are transformed.
pub(super) fn transformed(problem: &Problem) -> Vec<usize> {
    (0..problem.axes.len()).filter(|&axis| problem.axes[axis].kernel > 1).collect()
}

/// Dense outputs among which so many stand, `stride` apart.
pub(super) fn dense(outputs: usize, stride: usize) -> usize {
    outputs.saturating_sub(1) * stride + 1
}

/// Reasons that hold for transforms of any size.
pub(super) fn refuse<A: Accum>(setting: &Setting<'_, A>) -> Result<(), Refusal> {
    if transformed(setting.problem).is_empty() {
        return Err(Refusal::because("the kernel has one weight along every axis: there is nothing to transform"));
    }
    if setting.accuracy == Accuracy::Componentwise && setting.rounds == Rounds::Always {
        return Err(Refusal::because("its errors are small beside the loudest sample near, not beside each output"));
    }
    if !all_finite(&setting.weights.data) {
        return Err(Refusal::because("a weight is infinite or not a number, and would spread to all outputs"));
    }
    Ok(())
}

/// The sizes of the transform of a kernel: it is the same along axes that are not transformed.
fn kernel_sizes(problem: &Problem, sizes: &[usize]) -> Dims {
    problem.axes.iter().zip(sizes).map(|(axis, &n)| if axis.kernel > 1 { n } else { 1 }).collect()
}

/// Numbers of a spectrum.
fn spectrum<A: Accum>(sizes: &[usize], axes: &[usize]) -> usize {
    let samples = sizes.iter().fold(1usize, |all, &n| all.saturating_mul(n));
    match axes.last() {
        Some(&last) if !A::COMPLEX => samples / sizes[last] * (sizes[last] / 2 + 1),
        _ => samples,
    }
}

/// Refuses whole numbers where transforms of so many samples are not proven to give the exact sum by rounding.
pub(super) fn exact<A: Accum>(setting: &Setting<'_, A>, length: usize) -> Result<(), Refusal> {
    let problem = setting.problem;
    if setting.rounds == Rounds::Never {
        let epsilon = if A::EPSILON > 0.0 { A::EPSILON } else { f64::EPSILON };
        let signal = setting.largest * (problem.inputs as f64 * length as f64).sqrt();
        let bound = ERROR * (length as f64).log2() * epsilon * signal * setting.weights.norm();
        if bound.is_nan() || bound >= 0.5 {
            let text = format!("rounding errors may reach {bound:.2}, and below 0.5 they would be known to vanish");
            return Err(Refusal::because(text));
        }
    }
    Ok(())
}

/// What transforms of this cut take; integers only where rounding is proven to give the exact sum.
pub(super) fn assess<A: Accum>(setting: &Setting<'_, A>, cut: &Cut) -> Result<Cost, Refusal> {
    let problem = setting.problem;
    let axes = transformed(problem);
    let volume = |extents: &[usize]| extents.iter().fold(1usize, |all, &n| all.saturating_mul(n));
    let (samples, length) = (volume(&cut.sizes), volume(&kernel_sizes(problem, &cut.sizes)));
    exact(setting, length)?;
    let pairs = problem.inputs * problem.outputs;
    let scattered = axes.iter().filter(|&&axis| volume(&cut.sizes[axis + 1..]) > 1).count();
    let transforms = (problem.inputs + problem.outputs) as f64 * cost::transform::<A>(samples, length, scattered);
    let products = pairs as f64 * spectrum::<A>(&cut.sizes, &axes) as f64 * cost::product::<A>();
    let moved = (problem.inputs + problem.outputs) as f64 * samples as f64 * cost::element::<A>();
    // Blocks are filled, multiplied and emptied row by row.
    let rows = volume(&cut.sizes[..cut.sizes.len() - 1]) as f64 * (problem.inputs + pairs + problem.outputs) as f64;
    let tile = transforms + products + moved + rows * cost::ROW;
    let nanoseconds = cost::tiles::<A>(problem, &cut.tiling) + cut.tiling.count(problem) * tile;
    let scratch = Transform::<A::Real>::scratch_bound(&cut.sizes, &axes, !A::COMPLEX);
    let line = axes.last().map_or(0, |&axis| cut.sizes[axis]);
    let needs = needs::<A>(problem.inputs, samples, spectrum::<A>(&cut.sizes, &axes), scratch, line);
    let scratch = cut.tiling.all_bytes::<A>(problem, &needs);
    let spectra = spectrum::<A>(&kernel_sizes(problem, &cut.sizes), &axes).saturating_mul(problem.groups * pairs);
    // The factors of both directions' passes are about as many numbers again as each length.
    let tables = axes.iter().fold(spectra, |all, &axis| all.saturating_add(cut.sizes[axis].saturating_mul(4)));
    Ok(Cost { nanoseconds, tables: tables.saturating_mul(size_of::<Complex<A::Real>>()), scratch })
}

fn needs<A: Accum>(inputs: usize, samples: usize, spectrum: usize, transform: usize, line: usize) -> Needs {
    let reals = if A::COMPLEX { 0 } else { samples.saturating_add(line) };
    Needs { reals, spectra: spectrum.saturating_mul(inputs + 1), transform, ..Needs::default() }
}

fn needs_of<A: Accum>(inputs: usize, transform: &Transform<A::Real>) -> Needs {
    needs::<A>(inputs, transform.samples(), transform.spectrum(), transform.scratch(), transform.line())
}

impl<A: Accum> Spectral<A> {
    /// Transforms the weights.
    pub(super) fn new(setting: &Setting<'_, A>, cut: Cut) -> Self {
        let (problem, weights) = (setting.problem, setting.weights);
        let axes = transformed(problem);
        let sizes = kernel_sizes(problem, &cut.sizes);
        let transform = Transform::new(&sizes, &axes, !A::COMPLEX);
        let mut work = Work::<A>::new(&needs_of::<A>(1, &transform));
        let strides = dense_strides(&sizes);
        let scale = 1.0 / transform.samples() as f64;
        let mut spectra = Vec::with_capacity(weights.groups * weights.outputs * weights.inputs * transform.spectrum());
        for (g, o, i) in weights.pairs() {
            let mut placed = Placed::<A>::new(&transform, 0, &mut work);
            for (tap, &w) in weights.pair(g, o, i).iter().enumerate() {
                let mut rest = tap;
                let mut at = 0;
                for axis in (0..sizes.len()).rev() {
                    let back = rest % weights.shape[axis] * problem.axes[axis].dilation % sizes[axis];
                    at += (sizes[axis] - back) % sizes[axis] * strides[axis];
                    rest /= weights.shape[axis];
                }
                placed.set(at, w);
            }
            spectra.extend_from_slice(placed.forward());
        }
        Spectral {
            transform: Transform::new(&cut.sizes, &axes, !A::COMPLEX),
            tiling: cut.tiling,
            sizes: cut.sizes,
            steps: Steps::of(problem),
            kernel: transform.spectrum_shape(),
            scale: rustfft::num_traits::FromPrimitive::from_f64(scale).expect("a float for every double"),
            spectra,
            channels: (weights.outputs, weights.inputs),
        }
    }

    /// Multiplies a spectrum by that of a pair of channels, and adds it to `sums` (or begins with it).
    fn multiply(&self, pair: usize, x: &[Complex<A::Real>], sums: &mut [Complex<A::Real>], first: bool) {
        let volume: usize = self.kernel.iter().product();
        let w = &self.spectra[pair * volume..][..volume];
        let shape = self.transform.spectrum_shape();
        let row = *shape.last().expect("a transformed block has axes");
        // Along axes that are not transformed, the kernel's spectrum has one place.
        let along = dense_strides(&self.kernel).into_iter().zip(&self.kernel);
        let strides: Dims = along.map(|(stride, &places)| if places == 1 { 0 } else { stride }).collect();
        for (at, (x, sums)) in x.chunks_exact(row).zip(sums.chunks_exact_mut(row)).enumerate() {
            let base = place_of(at, &shape[..shape.len() - 1], &strides);
            let alike = self.kernel.last() == Some(&1);
            let w = if alike { &w[base..=base] } else { &w[base..][..row] };
            match (alike, first) {
                (true, true) => sums.iter_mut().zip(x).for_each(|(sum, x)| *sum = x * w[0]),
                (true, false) => sums.iter_mut().zip(x).for_each(|(sum, x)| *sum += x * w[0]),
                (false, true) => sums.iter_mut().zip(x).zip(w).for_each(|((sum, x), w)| *sum = x * w),
                (false, false) => sums.iter_mut().zip(x).zip(w).for_each(|((sum, x), w)| *sum += x * w),
            }
        }
    }

    /// Picks the outputs of a tile from a dense block.
    fn pick(&self, mut y: Outputs<'_, A>, sample: impl Fn(usize) -> A) {
        let dense = dense_strides(&self.sizes);
        let apart: Dims = dense.iter().zip(&self.steps.stride).map(|(place, stride)| place * stride).collect();
        let outer = Dims::from_slice(&y.extent()[..self.sizes.len() - 1]);
        y.for_each_row(|at, y| {
            let base = place_of(at, &outer, &apart);
            let step = apart[outer.len()];
            y.iter_mut().enumerate().for_each(|(i, y)| *y = sample(base + i * step));
        });
    }
}

impl<A: Accum> Prepared<A> for Spectral<A> {
    fn tiling(&self) -> &Tiling {
        &self.tiling
    }

    fn needs(&self) -> Needs {
        needs_of::<A>(self.channels.1, &self.transform)
    }

    fn is_local(&self) -> bool {
        false
    }

    fn run(&self, group: usize, x: &Block<'_, A>, y: &mut Outputs<'_, A>, work: &mut Work<A>) {
        let (outputs, inputs) = self.channels;
        let strides = dense_strides(&self.sizes);
        for input in 0..inputs {
            let mut placed = Placed::<A>::new(&self.transform, input, work);
            let block = x.channel(input);
            let outer = &block.shape[1..block.shape.len() - 1];
            block.for_each_row(|at, row| {
                let base = place_of(at, outer, &strides);
                row.iter().enumerate().for_each(|(i, &sum)| placed.set(base + i, sum));
            });
            placed.forward();
        }
        let size = self.transform.spectrum();
        for output in 0..outputs {
            let (spectra, sums) = work.spectra.split_at_mut(inputs * size);
            for input in 0..inputs {
                let pair = (group * outputs + output) * inputs + input;
                self.multiply(pair, &spectra[input * size..][..size], &mut sums[..size], input == 0);
            }
            let y = y.part(0, output, 1);
            if A::COMPLEX {
                self.transform.inverse(&mut sums[..size], &mut work.transform);
                self.pick(y, |at| A::from_spectral(sums[at].scale(self.scale)));
            } else {
                let (reals, line) = work.reals.split_at_mut(self.transform.samples());
                self.transform.inverse_real(&mut sums[..size], reals, &mut work.transform, line);
                let zero = A::ZERO.to_spectral().re;
                self.pick(y, |at| A::from_spectral(Complex::new(reals[at] * self.scale, zero)));
            }
        }
    }
}

/// A block about to be transformed, in the scratch: real, or complex at its spectrum's own place.
struct Placed<'a, A: Accum> {
    transform: &'a Transform<A::Real>,
    reals: &'a mut [A::Real],
    line: &'a mut [A::Real],
    spectrum: &'a mut [Complex<A::Real>],
    scratch: &'a mut [Complex<A::Real>],
}

impl<'a, A: Accum> Placed<'a, A> {
    /// All zeros.
    fn new(transform: &'a Transform<A::Real>, channel: usize, work: &'a mut Work<A>) -> Self {
        let (reals, line) = work.reals.split_at_mut(if A::COMPLEX { 0 } else { transform.samples() });
        let spectrum = &mut work.spectra[channel * transform.spectrum()..][..transform.spectrum()];
        let zero = A::ZERO.to_spectral();
        match A::COMPLEX {
            true => spectrum.fill(zero),
            false => reals.fill(zero.re),
        }
        Placed { transform, reals, line, spectrum, scratch: &mut work.transform }
    }

    #[inline]
    fn set(&mut self, at: usize, sum: A) {
        match A::COMPLEX {
            true => self.spectrum[at] = sum.to_spectral(),
            false => self.reals[at] = sum.to_spectral().re,
        }
    }

    /// The spectrum.
    fn forward(self) -> &'a [Complex<A::Real>] {
        match A::COMPLEX {
            true => self.transform.forward(self.spectrum, self.scratch),
            false => self.transform.forward_real(self.reals, self.spectrum, self.scratch, self.line),
        }
        self.spectrum
    }
}
