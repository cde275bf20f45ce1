//! Layers of networks: one call, on layers that are kept.
//!
//! A layer is planned for shapes, and networks call the same few again and again: each thread keeps the last ones.

use std::cell::RefCell;

use faltung::{
    AnyArray, AnyView, AnyViewMut, Array, Dtype, View, ViewMut,
    nn::{Conv, Images, Layer, Padding, Real, bias_gradient},
};
use pyo3::{exceptions::PyTypeError, prelude::*};

use crate::{
    error::raised,
    memory::{Input, Output, given},
    threads,
};

/// Layers that a thread keeps.
const KEPT: usize = 16;
/// Numbers of the largest weights of a layer that is kept: a copy of them is kept with it.
const LARGEST: usize = 1 << 22;

/// Stride, padding before and after along each axis (none to make outputs as long as inputs), dilation, groups and padding mode.
type Options = (Vec<usize>, Option<Vec<(usize, usize)>>, Vec<usize>, usize, String);

fn conv((stride, padding, dilation, groups, mode): &Options) -> PyResult<Conv> {
    let conv = Conv::new().stride(stride.clone()).dilation(dilation.clone()).groups(*groups);
    let mut conv = match padding {
        Some(padding) => conv.padding(padding.clone()),
        None => conv.padding(Padding::Same),
    };
    conv.padding_mode = mode.parse().map_err(raised)?;
    conv.threads = threads::chosen();
    Ok(conv)
}

/// Numbers that layers are made of, and where the kept layers of their type are.
trait Kind: Real {
    fn read<'a>(view: &'a AnyView<'a>) -> Option<View<'a, Self>>;
    fn written(view: AnyViewMut<'_>) -> Option<ViewMut<'_, Self>>;
    fn any(array: Array<Self>) -> AnyArray;
    fn with_kept<R>(with: impl FnOnce(&mut Vec<Kept<Self>>) -> R) -> R;
}

macro_rules! kinds {
    ($($variant:ident $real:ty;)+) => {
        $(impl Kind for $real {
            fn read<'a>(view: &'a AnyView<'a>) -> Option<View<'a, Self>> {
                match view {
                    AnyView::$variant(view) => Some(view.into()),
                    _ => None,
                }
            }

            fn written(view: AnyViewMut<'_>) -> Option<ViewMut<'_, Self>> {
                match view {
                    AnyViewMut::$variant(view) => Some(view),
                    _ => None,
                }
            }

            fn any(array: Array<Self>) -> AnyArray {
                array.into()
            }

            fn with_kept<R>(with: impl FnOnce(&mut Vec<Kept<Self>>) -> R) -> R {
                thread_local! {
                    /// The last one used at the end.
                    static LAYERS: RefCell<Vec<Kept<$real>>> = const { RefCell::new(Vec::new()) };
                }
                LAYERS.with_borrow_mut(with)
            }
        })+
    };
}

kinds! {
    F32 f32;
    F64 f64;
}

/// A layer and what it was made for.
struct Kept<T: Real> {
    options: Options,
    threads: Option<usize>,
    x: Vec<usize>,
    w: Vec<usize>,
    layer: Layer<T>,
}

/// A layer for such shapes: one that is kept, or a new one. Taken out while it is used: whatever Python does meanwhile may come here again.
fn layer<T: Kind>(options: &Options, x: &[usize], w: &[usize]) -> PyResult<Kept<T>> {
    let threads = threads::chosen();
    let is_it = |kept: &Kept<T>| kept.x == x && kept.w == w && kept.options == *options && kept.threads == threads;
    let known = T::with_kept(|all| all.iter().rposition(is_it).map(|at| all.remove(at)));
    if let Some(kept) = known {
        return Ok(kept);
    }
    let layer = Layer::new(&conv(options)?, x, w).map_err(raised)?;
    Ok(Kept { options: options.clone(), threads, x: x.to_vec(), w: w.to_vec(), layer })
}

fn keep<T: Kind>(kept: Kept<T>) {
    if kept.w.iter().product::<usize>() > LARGEST {
        return;
    }
    T::with_kept(|all| {
        if all.len() == KEPT {
            all.remove(0);
        }
        all.push(kept);
    });
}

/// A fresh array of the shape that `shape` tells of a layer, strided as `like`, filled by the layer.
fn filled<'py, T: Kind>(
    py: Python<'py>,
    (options, x, w): (&Options, &[usize], &[usize]),
    (shape, like): (impl FnOnce(&Layer<T>) -> Vec<usize>, Option<&Input<'py>>),
    fill: impl Send + FnOnce(&mut Layer<T>, ViewMut<'_, T>) -> faltung::Result<()>,
) -> PyResult<Bound<'py, PyAny>> {
    let mut kept = layer::<T>(options, x, w)?;
    let mut to = Output::fresh(py, T::DTYPE, &shape(&kept.layer), like)?;
    {
        let to = T::written(to.view()).expect("made of this type");
        let layer = &mut kept.layer;
        py.detach(|| fill(layer, to)).map_err(raised)?;
    }
    keep(kept);
    to.finish()
}

/// An array of the type of the others.
fn typed<'a, T: Kind>(view: &'a AnyView<'a>, what: &str) -> PyResult<View<'a, T>> {
    let dtype = view.dtype();
    T::read(view).ok_or_else(|| {
        let message = format!("{what} holds {dtype}, but the input {}: layers take arrays of one type", T::DTYPE);
        PyTypeError::new_err(message)
    })
}

/// Calls a function that is generic over the type of the numbers.
macro_rules! of_kind {
    ($input:expr, $call:ident($($argument:expr),*)) => {
        match $input.dtype() {
            Dtype::F32 => $call::<f32>($($argument),*),
            Dtype::F64 => $call::<f64>($($argument),*),
            other => Err(PyTypeError::new_err(format!(
                "layers take float32 and float64, not {other}: convert the arrays with .astype(numpy.float32)"
            ))),
        }
    };
}

/// The output of a layer.
#[pyfunction]
pub(crate) fn layer_forward<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    w: &Bound<'py, PyAny>,
    bias: Option<&Bound<'py, PyAny>>,
    options: Options,
) -> PyResult<Bound<'py, PyAny>> {
    let (x, w) = (Input::new(x, "the input")?, Input::new(w, "the weights")?);
    let bias = bias.map(|bias| Input::new(bias, "the bias")).transpose()?;
    of_kind!(x, forward(py, &x, &w, bias.as_ref(), &options))
}

fn forward<'py, T: Kind>(
    py: Python<'py>,
    x: &Input<'py>,
    w: &Input<'py>,
    bias: Option<&Input<'py>>,
    options: &Options,
) -> PyResult<Bound<'py, PyAny>> {
    let made_for = (options, x.shape(), w.shape());
    let like = Some(x);
    let (x, w, bias) = (x.view(), w.view(), bias.map(Input::view));
    let (x, w) = (typed::<T>(&x, "the input")?, typed::<T>(&w, "the weights")?);
    let bias = bias.as_ref().map(|bias| typed::<T>(bias, "the bias")).transpose()?.map(|bias| bias.to_vec());
    filled(py, made_for, (|layer| layer.output_shape().to_vec(), like), |layer, y| {
        layer.set_weights(w, bias.as_deref())?;
        layer.forward(x, y)
    })
}

/// The gradient to an input of shape `x`.
#[pyfunction]
pub(crate) fn layer_input_gradient<'py>(
    py: Python<'py>,
    x: Vec<usize>,
    w: &Bound<'py, PyAny>,
    gradient: &Bound<'py, PyAny>,
    options: Options,
) -> PyResult<Bound<'py, PyAny>> {
    let (w, gradient) = (Input::new(w, "the weights")?, Input::new(gradient, "the gradient")?);
    of_kind!(gradient, input_gradient(py, &x, &w, &gradient, &options))
}

fn input_gradient<'py, T: Kind>(
    py: Python<'py>,
    x: &[usize],
    w: &Input<'py>,
    gradient: &Input<'py>,
    options: &Options,
) -> PyResult<Bound<'py, PyAny>> {
    let made_for = (options, x, w.shape());
    let like = Some(gradient);
    let (w, gradient) = (w.view(), gradient.view());
    let (w, gradient) = (typed::<T>(&w, "the weights")?, typed::<T>(&gradient, "the gradient")?);
    filled(py, made_for, (|_| x.to_vec(), like), |layer, to| {
        layer.set_weights(w, None)?;
        layer.input_gradient(gradient, to)
    })
}

/// The gradient to weights of shape `w`.
#[pyfunction]
pub(crate) fn layer_weight_gradient<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    w: Vec<usize>,
    gradient: &Bound<'py, PyAny>,
    options: Options,
) -> PyResult<Bound<'py, PyAny>> {
    let (x, gradient) = (Input::new(x, "the input")?, Input::new(gradient, "the gradient")?);
    of_kind!(x, weight_gradient(py, &x, &w, &gradient, &options))
}

fn weight_gradient<'py, T: Kind>(
    py: Python<'py>,
    x: &Input<'py>,
    w: &[usize],
    gradient: &Input<'py>,
    options: &Options,
) -> PyResult<Bound<'py, PyAny>> {
    let made_for = (options, x.shape(), w);
    let (x, gradient) = (x.view(), gradient.view());
    let (x, gradient) = (typed::<T>(&x, "the input")?, typed::<T>(&gradient, "the gradient")?);
    filled(py, made_for, (|_| w.to_vec(), None), |layer, to| layer.weight_gradient(x, gradient, to))
}

/// The gradient to the bias.
#[pyfunction]
pub(crate) fn layer_bias_gradient<'py>(py: Python<'py>, gradient: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let gradient = Input::new(gradient, "the gradient")?;
    of_kind!(gradient, bias(py, &gradient))
}

fn bias<'py, T: Kind>(py: Python<'py>, gradient: &Input<'py>) -> PyResult<Bound<'py, PyAny>> {
    let view = gradient.view();
    let mut to = vec![T::default(); gradient.shape().get(1).copied().unwrap_or_default()];
    bias_gradient(typed::<T>(&view, "the gradient")?, Images::First, &mut to).map_err(raised)?;
    let count = to.len();
    given(py, &T::any(Array::new(to, &[count]).map_err(raised)?))
}

/// The output of a transposed layer.
#[pyfunction]
pub(crate) fn layer_transposed<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    w: &Bound<'py, PyAny>,
    bias: Option<&Bound<'py, PyAny>>,
    options: Options,
    extra: Vec<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    let (x, w) = (Input::new(x, "the input")?, Input::new(w, "the weights")?);
    let bias = bias.map(|bias| Input::new(bias, "the bias")).transpose()?;
    of_kind!(x, transposed(py, &x, &w, bias.as_ref(), &options, extra))
}

fn transposed<'py, T: Kind>(
    py: Python<'py>,
    x: &Input<'py>,
    w: &Input<'py>,
    bias: Option<&Input<'py>>,
    options: &Options,
    extra: Vec<usize>,
) -> PyResult<Bound<'py, PyAny>> {
    let (x, w, bias) = (x.view(), w.view(), bias.map(Input::view));
    let (x, w) = (typed::<T>(&x, "the input")?, typed::<T>(&w, "the weights")?);
    let bias = bias.as_ref().map(|bias| typed::<T>(bias, "the bias")).transpose()?.map(|bias| bias.to_vec());
    let conv = conv(options)?;
    let y = py.detach(|| conv.transposed(x, w, bias.as_deref(), extra)).map_err(raised)?;
    given(py, &T::any(y))
}
