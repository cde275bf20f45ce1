//! What can be had from realfft alone: bare transforms, and a plain overlap-save over it.

use std::{cell::RefCell, hint::black_box, rc::Rc};

use bytemuck::{Pod, cast_slice};
use num_complex::Complex;
use realfft::{FftNum, RealFftPlanner};

use crate::peer::{Given, Peer};

/// One real transform from a copy of the input into memory used again.
pub(crate) fn bare(given: &Given) -> Option<Peer> {
    match given.dtype.as_str() {
        "f32" => Some(transform::<f32>(given)),
        "f64" => Some(transform::<f64>(given)),
        _ => None,
    }
}

fn transform<T: FftNum + Pod>(given: &Given) -> Peer
where
    Complex<T>: Pod,
{
    let x = given.input::<T>();
    let plan = RealFftPlanner::<T>::new().plan_fft_forward(x.len());
    let state = (x.clone(), plan.make_output_vec(), plan.make_scratch_vec());
    let state = Rc::new(RefCell::new(state));
    let run = {
        let state = Rc::clone(&state);
        move || {
            let (input, output, scratch) = &mut *state.borrow_mut();
            input.copy_from_slice(&x); // the transform overwrites it
            plan.process_with_scratch(input, output, scratch).expect("lengths are the plan's");
            black_box(output);
        }
    };
    Peer {
        name: "rs:realfft".to_owned(),
        run: Box::new(run),
        result: Box::new(move || cast_slice(&state.borrow().1).to_vec()), // after a run
    }
}

/// Overlap-save as the textbook has it, with the block's length that costs least by count.
pub(crate) fn overlap_save(given: &Given) -> Option<Peer> {
    if given.kind != "signal" || given.number("stride").is_some() {
        return None;
    }
    match given.dtype.as_str() {
        "f32" => Some(blocks::<f32>(given, |w| w as f32)),
        "f64" => Some(blocks::<f64>(given, |w| w)),
        _ => None,
    }
}

fn blocks<T: FftNum + Pod>(given: &Given, narrow: fn(f64) -> T) -> Peer {
    let x = given.input::<T>();
    let w: Vec<T> = given.weights::<f64>().into_iter().map(narrow).collect();
    let (n, k) = (x.len(), w.len());
    // Which outputs of the full result, n + k - 1 in all.
    let (start, count) = match () {
        _ if given.says("same") => ((k - 1) / 2, n),
        _ if given.says("valid") => (k - 1, n - k + 1),
        _ => (0, n + k - 1),
    };
    let cost = |length: &usize| (count.div_ceil(length - k + 1) * length) as f64 * (*length as f64).log2();
    let lengths = (0..30).map(|exponent| 1_usize << exponent).filter(|length| *length >= 2 * k.max(4));
    let length = lengths.min_by(|a, b| cost(a).total_cmp(&cost(b))).expect("some length");
    let mut planner = RealFftPlanner::<T>::new();
    let (forward, inverse) = (planner.plan_fft_forward(length), planner.plan_fft_inverse(length));
    let scale = T::one() / T::from_usize(length).expect("a length");
    let scratch = vec![Complex::new(T::zero(), T::zero()); forward.get_scratch_len().max(inverse.get_scratch_len())];
    let state = RefCell::new((forward.make_input_vec(), forward.make_output_vec(), scratch));
    Peer::new("rs:realfft overlap-save", move || {
        let (buffer, spectrum, scratch) = &mut *state.borrow_mut();
        buffer.fill(T::zero());
        buffer[..k].copy_from_slice(&w);
        forward.process_with_scratch(buffer, spectrum, scratch).expect("lengths are the plan's");
        let kernel: Vec<_> = spectrum.iter().map(|value| value.scale(scale)).collect();
        let mut y = Vec::with_capacity(count);
        while y.len() < count {
            // The block begins k - 1 samples before the first that its outputs are aligned with.
            let first = (start + y.len()) as isize - (k - 1) as isize;
            let from = first.clamp(0, n as isize) as usize;
            let to = (first + length as isize).clamp(0, n as isize) as usize;
            buffer.fill(T::zero());
            let at = (from as isize - first) as usize;
            if from < to {
                buffer[at..at + to - from].copy_from_slice(&x[from..to]);
            }
            forward.process_with_scratch(buffer, spectrum, scratch).expect("lengths are the plan's");
            spectrum.iter_mut().zip(&kernel).for_each(|(value, weight)| *value = *value * *weight);
            let last = spectrum.len() - 1;
            (spectrum[0].im, spectrum[last].im) = (T::zero(), T::zero());
            inverse.process_with_scratch(spectrum, buffer, scratch).expect("lengths are the plan's");
            let taken = (length - k + 1).min(count - y.len());
            y.extend_from_slice(&buffer[k - 1..k - 1 + taken]);
        }
        y
    })
}
