//! The shortest way for short calls: plans of the last few calls, ready to run again.
//!
//! A call on few samples takes less time than making its plan. So each thread keeps the last plans for plain calls,
//! with their weights, and runs one again where operation, mode, type, shapes and weights are the same to the bit.

use std::{cell::RefCell, sync::Arc};

use faltung::{Accuracy, Boundary, Dims, Dtype, Mode, Operation, Plan, Progress, Scratch};
use pyo3::prelude::*;

use crate::{
    error::raised,
    memory::{Input, Output},
    patience::patiently,
    run::wrapping,
    threads,
};

/// Plans that a thread keeps.
const KEPT: usize = 8;
/// Bytes that the weights may take, which are compared at each call.
const WEIGHTS: usize = 16 << 10;
/// Bytes that samples may take: more take long. To integers it matters how large they are, which is not looked for here.
const FLOATS: usize = 4 << 20;
const INTEGERS: usize = 64 << 10;
/// Bytes that a plan with all that it works in may take.
const LARGEST: usize = 1 << 20;
/// Work up to here, in predicted nanoseconds, is worth the keeping: beyond it, a plan's making does not count.
const SHORT: f64 = 500e3;

thread_local! {
    /// The last one used at the end. Boxed, since each is taken out and put back whenever it is used.
    #[allow(clippy::vec_box)]
    static PLANS: RefCell<Vec<Box<Kept>>> = const { RefCell::new(Vec::new()) };
}

/// The result of a plain call on numbers of one type, if it is one: else `None`, and the caller goes the long way.
///
/// Plain are arrays of exactly NumPy's class, of one type and as many dimensions, neither empty; the kernel dense,
/// finite, and no longer than `x` along any axis; the mode full, same or valid.
#[pyfunction]
#[pyo3(signature = (x, kernel, mode, operation, accuracy, boundary = "constant"))]
pub(crate) fn quick<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    kernel: &Bound<'py, PyAny>,
    mode: &Bound<'py, PyAny>,
    operation: &str,
    accuracy: &str,
    boundary: &str,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    let mode = match mode.extract() {
        Ok("full") => Mode::Full,
        Ok("same") => Mode::Same,
        Ok("valid") => Mode::Valid,
        _ => return Ok(None),
    };
    let wish = Wish {
        operation: operation.parse().map_err(raised)?,
        mode,
        accuracy: accuracy.parse().map_err(raised)?,
        boundary: boundary.parse().map_err(raised)?,
    };
    let (Some(x), Some(kernel)) = (Input::plain(x), Input::plain(kernel)) else { return Ok(None) };
    let Some(call) = Call::new(&x, &kernel, wish) else { return Ok(None) };
    // Taken out while it is used: whatever Python does meanwhile may come here again.
    let known = PLANS.with_borrow_mut(|plans| {
        let at = plans.iter().rposition(|kept| kept.is_for(&call))?;
        Some(plans.remove(at))
    });
    let mut kept = match known {
        Some(kept) => kept,
        None => match Kept::new(&call)? {
            Some(kept) => Box::new(kept),
            None => return Ok(None),
        },
    };
    let mut y = Output::fresh(py, x.dtype(), kept.plan.output_shape(), Some(&x))?;
    let (source, target, Kept { plan, scratch, progress, .. }) = (x.view(), y.view(), &mut *kept);
    patiently(py, plan.predicted_nanoseconds(), progress, || plan.run(source, target, scratch))?;
    if kept.is_worth_it() {
        PLANS.with_borrow_mut(|plans| {
            if plans.len() == KEPT {
                plans.remove(0);
            }
            plans.push(kept);
        });
    }
    y.finish().map(Some)
}

/// What is asked for, besides the arrays.
#[derive(Clone, Copy, PartialEq)]
struct Wish {
    operation: Operation,
    mode: Mode,
    accuracy: Accuracy,
    boundary: Boundary,
}

/// What is asked for.
struct Call<'a, 'py> {
    wish: Wish,
    threads: Option<usize>,
    x: &'a Input<'py>,
    kernel: &'a Input<'py>,
    weights: &'a [u8],
}

impl<'a, 'py> Call<'a, 'py> {
    /// The call, if it is a plain one by few weights.
    fn new(x: &'a Input<'py>, kernel: &'a Input<'py>, wish: Wish) -> Option<Self> {
        let (n, k) = (x.shape(), kernel.shape());
        let fits = !n.is_empty() && n.len() == k.len() && n.iter().zip(k).all(|(n, k)| (1..=*n).contains(k));
        let most = if x.dtype().is_integer() { INTEGERS } else { FLOATS };
        let is_small = n.iter().product::<usize>() * x.dtype().size() <= most;
        let is_plain = fits && is_small && x.dtype() == kernel.dtype();
        let weights = kernel.dense_bytes().filter(|bytes| is_plain && bytes.len() <= WEIGHTS)?;
        Some(Call { wish, threads: threads::chosen(), x, kernel, weights })
    }
}

/// A plan of an earlier call.
struct Kept {
    wish: Wish,
    threads: Option<usize>,
    dtype: Dtype,
    x: Dims,
    kernel: Dims,
    weights: Vec<u8>,
    plan: Plan,
    scratch: Scratch,
    progress: Arc<Progress>,
}

impl Kept {
    /// A plan for the call. (To weights that are not finite the ends matter: they go the long way.)
    fn new(call: &Call<'_, '_>) -> PyResult<Option<Kept>> {
        let &Call { wish, threads, x, kernel, weights } = call;
        let values = kernel.kernel();
        if !values.numbers().iter().all(|weight| weight.to_complex().is_finite()) {
            return Ok(None);
        }
        let Wish { operation, mode, accuracy, boundary } = wish;
        let mut spec = wrapping().operation(operation).mode(mode).accuracy(accuracy).boundary(boundary);
        spec.threads = threads;
        let plan = Plan::new(x.dtype(), x.shape(), &values, &spec).map_err(raised)?;
        let (dtype, mut scratch, weights) = (x.dtype(), plan.scratch(), weights.to_vec());
        let progress = Arc::new(Progress::default());
        scratch.watch(progress.clone());
        let (x, kernel) = (x.shape().into(), kernel.shape().into());
        Ok(Some(Kept { wish, threads, dtype, x, kernel, weights, plan, scratch, progress }))
    }

    /// Whether the next call like this one gains by it.
    fn is_worth_it(&self) -> bool {
        self.plan.predicted_nanoseconds() <= SHORT && self.plan.memory() <= LARGEST
    }

    fn is_for(&self, call: &Call<'_, '_>) -> bool {
        self.wish == call.wish
            && self.threads == call.threads
            && self.dtype == call.x.dtype()
            && self.x[..] == *call.x.shape()
            && self.kernel[..] == *call.kernel.shape()
            && self.weights == call.weights
    }
}
