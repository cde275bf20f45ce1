//! A layer planned for its shapes: the output and both gradients, again and again.

use super::{Conv, Images, Real, pass::Passes};
use crate::{
    Algorithm, AnyArray, Array, Axis, Dims, Error, Geometry, Layout, Problem, Result, View, ViewMut,
    gradient::{fold, is_folded},
};

/// A layer for inputs and weights of given shapes.
///
/// Planned once; weights may be set anew before every run. What it runs on are views of any strides, and it writes into memory
/// that is there. Gradients are planned when they are first asked for.
///
/// ```
/// use faltung::{Array, nn::{Conv, Layer}};
/// let mut layer = Layer::<f32>::new(&Conv::new().padding(1), &[1, 1, 3], &[1, 1, 3])?;
/// let x = Array::new(vec![1.0, 2.0, 3.0], &[1, 1, 3])?;
/// let mut y = Array::zeros(layer.output_shape());
/// for (w, expected) in [([0.0, 1.0, 0.0], [1.5, 2.5, 3.5]), ([1.0, 1.0, 1.0], [3.5, 6.5, 5.5])] {
///     layer.set_weights(&Array::new(w.to_vec(), &[1, 1, 3])?, Some(&[0.5]))?;
///     layer.forward(&x, y.view_mut())?;
///     assert_eq!(y.data(), expected);
/// }
/// # Ok::<(), faltung::Error>(())
/// ```
#[derive(Debug)]
pub struct Layer<T: Real> {
    conv: Conv,
    problem: Problem,
    layout: Layout,
    x_shape: Vec<usize>,
    w_shape: Vec<usize>,
    y_shape: Vec<usize>,
    weights: Array<T>,
    /// What is added to each output channel, if anything is.
    bias: Option<Vec<T>>,
    forward: Planned,
    to_input: Planned,
    to_weights: Planned,
}

/// A pass, once it was asked for, and whether it has the weights that are set.
#[derive(Debug, Default)]
struct Planned {
    pass: Option<Box<dyn Passes>>,
    is_current: bool,
}

impl Planned {
    /// The pass; `problem` says which, where it is not there yet.
    fn get<T: Real>(&mut self, conv: &Conv, problem: impl FnOnce() -> Problem) -> Result<&mut dyn Passes> {
        if self.pass.is_none() {
            self.pass = Some(T::pass(problem(), conv)?);
        }
        Ok(&mut **self.pass.as_mut().expect("just made"))
    }
}

impl<T: Real> Layer<T> {
    /// A layer for inputs of shape `x` and weights of shape `w`, which are zeros at first.
    ///
    /// # Errors
    /// As [`Conv::forward`].
    pub fn new(conv: &Conv, x: &[usize], w: &[usize]) -> Result<Layer<T>> {
        Self::of_problem(conv, conv.problem(x, w)?, x, w)
    }

    /// A layer of whose outputs only those of shape `y` count.
    pub(super) fn of_outputs(conv: &Conv, x: &[usize], w: &[usize], y: &[usize]) -> Result<Layer<T>> {
        let (mut problem, layout) = conv.problem(x, w)?;
        let seen = layout.canonical(&Geometry::dense(y));
        let first = seen.shape().len() - problem.axes.len();
        problem.axes.iter_mut().zip(&seen.shape()[first..]).for_each(|(axis, &out)| axis.out = axis.out.min(out));
        check("the input", &layout.user_shape(&problem.y_shape()), y)?;
        Self::of_problem(conv, (problem, layout), x, w)
    }

    fn of_problem(conv: &Conv, (problem, layout): (Problem, Layout), x: &[usize], w: &[usize]) -> Result<Layer<T>> {
        let y_shape = layout.user_shape(&problem.y_shape()).to_vec();
        let problem = with_images(problem);
        let mut layer = Layer {
            y_shape,
            conv: conv.clone(),
            layout,
            x_shape: x.to_vec(),
            w_shape: w.to_vec(),
            weights: Array::try_zeros(w)?,
            bias: None,
            forward: Planned::default(),
            to_input: Planned::default(),
            to_weights: Planned::default(),
            problem,
        };
        layer.forward.get::<T>(&layer.conv, || layer.problem.clone())?;
        Ok(layer)
    }

    /// Shape of its output.
    ///
    /// ```
    /// use faltung::nn::{Conv, Layer};
    /// let layer = Layer::<f64>::new(&Conv::new().stride(2), &[4, 3, 9, 9], &[8, 3, 3, 3])?;
    /// assert_eq!(layer.output_shape(), [4, 8, 4, 4]);
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn output_shape(&self) -> &[usize] {
        &self.y_shape
    }

    /// The algorithm that makes its output.
    ///
    /// ```
    /// use faltung::{Algorithm, nn::{Conv, Layer}};
    /// let wide = Layer::<f32>::new(&Conv::new().padding(1), &[1, 64, 56, 56], &[64, 64, 3, 3])?;
    /// assert_eq!(wide.algorithm(), Algorithm::Winograd);
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn algorithm(&self) -> Algorithm {
        self.forward.pass.as_ref().expect("planned with the layer").algorithm()
    }

    /// Sets the weights, `[outputs, channels / groups, axes..]`, and what is added to each output channel.
    ///
    /// # Errors
    /// [`Error::Shape`] if they are not as many as there must be.
    ///
    /// # Cost
    /// A copy, and another one in the order in which the algorithm reads them, or their transforms, when it first does.
    pub fn set_weights<'w>(&mut self, w: impl Into<View<'w, T>>, bias: Option<&[T]>) -> Result<()> {
        let w = w.into();
        check("the weights", &self.w_shape, w.shape())?;
        check_bias(bias, self.problem.groups * self.problem.outputs)?;
        self.bias = bias.filter(|bias| bias.iter().any(|&each| each != T::default())).map(<[T]>::to_vec);
        match w.as_dense() {
            Some(all) => self.weights.data_mut().copy_from_slice(all),
            None => self.weights = Array::new(w.to_vec(), &self.w_shape)?,
        }
        (self.forward.is_current, self.to_input.is_current) = (false, false);
        Ok(())
    }

    /// The output: see [`Conv::forward`].
    ///
    /// # Errors
    /// [`Error::Shape`] if an array has another shape than the layer was made for.
    pub fn forward<'x, 'y>(&mut self, x: impl Into<View<'x, T>>, y: impl Into<ViewMut<'y, T>>) -> Result<()> {
        let (x, y) = (x.into(), y.into());
        check("the input", &self.x_shape, x.shape())?;
        check("the output", &self.y_shape, y.shape())?;
        let is_current = std::mem::replace(&mut self.forward.is_current, true);
        let pass = self.forward.get::<T>(&self.conv, || self.problem.clone())?;
        if !is_current {
            let seen = weights_as_seen(&self.layout, &Geometry::dense(&self.w_shape));
            set_weights(pass, self.weights.view().seen_as(seen), self.bias.as_deref());
        }
        let seen = arrays_as_seen(&self.layout, y.geometry());
        pass.run(&T::view(x.seen_as(arrays_as_seen(&self.layout, x.geometry()))), T::view_mut(y.seen_as(seen)))
    }

    /// The gradient to the input, from that to the output: see [`Conv::input_gradient`].
    ///
    /// # Errors
    /// [`Error::Shape`] if an array has another shape than the layer was made for.
    ///
    /// # Cost
    /// Allocates where padding is made of samples.
    ///
    /// ```
    /// use faltung::{Array, nn::{Conv, Layer}};
    /// let mut layer = Layer::<f64>::new(&Conv::new(), &[1, 3], &[1, 1, 2])?;
    /// layer.set_weights(&Array::new(vec![2.0, 3.0], &[1, 1, 2])?, None)?;
    /// let mut to = Array::zeros(&[1, 3]);
    /// layer.input_gradient(&Array::new(vec![1.0, 10.0], &[1, 2])?, &mut to)?;
    /// assert_eq!(to.data(), [2.0, 23.0, 30.0]);
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn input_gradient<'g, 'x>(
        &mut self,
        gradient: impl Into<View<'g, T>>,
        to: impl Into<ViewMut<'x, T>>,
    ) -> Result<()> {
        self.adjoint(gradient, to, None)
    }

    /// [`input_gradient`](Self::input_gradient), and a bias for each channel.
    pub(super) fn adjoint<'g, 'x>(
        &mut self,
        gradient: impl Into<View<'g, T>>,
        to: impl Into<ViewMut<'x, T>>,
        bias: Option<&[T]>,
    ) -> Result<()> {
        let (gradient, to) = (gradient.into(), to.into());
        check("the gradient to the output", &self.y_shape, gradient.shape())?;
        check("the gradient to the input", &self.x_shape, to.shape())?;
        let is_current = std::mem::replace(&mut self.to_input.is_current, true);
        let pass = self.to_input.get::<T>(&self.conv, || self.problem.input_gradient())?;
        if !is_current {
            // Turned round, inputs and outputs exchanged.
            let seen = weights_as_seen(&self.layout, &Geometry::dense(&self.w_shape));
            let turned = (3..seen.shape().len()).fold(seen, |seen, axis| seen.reversed(axis));
            let order: Vec<usize> = [0, 2, 1].into_iter().chain(3..turned.shape().len()).collect();
            check_bias(bias, self.problem.groups * self.problem.inputs)?;
            set_weights(pass, self.weights.view().seen_as(turned.permuted(&order)), bias);
        }
        let place = arrays_as_seen(&self.layout, to.geometry());
        let to = to.seen_as(place);
        let gradient = T::view(gradient.seen_as(arrays_as_seen(&self.layout, gradient.geometry())));
        if !is_folded(&self.problem) {
            return pass.run(&gradient, T::view_mut(to));
        }
        let mut extended = AnyArray::try_zeros(T::DTYPE, &pass.problem().y_shape())?;
        pass.run(&gradient, extended.view_mut())?;
        T::put(fold(&self.problem, &extended).typed::<T>()?.data(), to);
        Ok(())
    }

    /// The gradient to the weights, from that to the output: see [`Conv::weight_gradient`].
    ///
    /// # Errors
    /// [`Error::Shape`] if an array has another shape than the layer was made for.
    ///
    /// # Cost
    /// Copies `gradient` in the order in which the algorithm reads it.
    ///
    /// ```
    /// use faltung::{Array, nn::{Conv, Layer}};
    /// let mut layer = Layer::<f64>::new(&Conv::new(), &[1, 3], &[1, 1, 2])?;
    /// let (x, gradient) = (Array::new(vec![5.0, 6.0, 7.0], &[1, 3])?, Array::new(vec![1.0, 10.0], &[1, 2])?);
    /// let mut to = Array::zeros(&[1, 1, 2]);
    /// layer.weight_gradient(&x, &gradient, &mut to)?;
    /// assert_eq!(to.data(), [65.0, 76.0]);
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn weight_gradient<'x, 'g, 'w>(
        &mut self,
        x: impl Into<View<'x, T>>,
        gradient: impl Into<View<'g, T>>,
        to: impl Into<ViewMut<'w, T>>,
    ) -> Result<()> {
        let (x, gradient, to) = (x.into(), gradient.into(), to.into());
        check("the input", &self.x_shape, x.shape())?;
        check("the gradient to the output", &self.y_shape, gradient.shape())?;
        check("the gradient to the weights", &self.w_shape, to.shape())?;
        if self.problem.outputs_in_all() == 0 {
            T::put(&vec![T::default(); self.w_shape.iter().product()], to);
            return Ok(());
        }
        let pass = self.to_weights.get::<T>(&self.conv, || of_weights(&self.problem))?;
        // The kernel is the gradient, as [group, output, one, one, axes..]; the signal is x, as [group, one, input, axes..].
        let kernel = arrays_as_seen(&self.layout, gradient.geometry()).inserted(2, 2);
        set_weights(pass, gradient.seen_as(kernel), None);
        let signal = arrays_as_seen(&self.layout, x.geometry()).inserted(1, 1);
        let place = weights_as_seen(&self.layout, to.geometry());
        pass.run(&T::view(x.seen_as(signal)), T::view_mut(to.seen_as(place)))
    }
}

/// The problem with its images as an axis along which nothing is summed, so that a tile may hold several of them.
fn with_images(problem: Problem) -> Problem {
    let images = problem.batch.iter().map(|&images| Axis::identity(images));
    Problem { axes: images.chain(problem.axes).collect(), batch: Dims::new(), ..problem }
}

/// An input or output as that problem has it: `[group, channel, axes..]`.
fn arrays_as_seen(layout: &Layout, array: &Geometry) -> Geometry {
    let seen = layout.canonical(array);
    let images = layout.batch();
    let order: Vec<usize> = (images..images + 2).chain(0..images).chain(images + 2..seen.shape().len()).collect();
    seen.permuted(&order)
}

/// Weights as that problem has them: `[group, output, input, axes..]`, of which those of the images have one weight.
fn weights_as_seen(layout: &Layout, weights: &Geometry) -> Geometry {
    layout.canonical_kernel(weights).inserted(3, layout.batch())
}

/// The problem of the gradient to the weights, with the input channels as an axis along which nothing is summed: so that places of
/// several channels are made together.
fn of_weights(problem: &Problem) -> Problem {
    let gradient = problem.weight_gradient();
    let axes = std::iter::once(Axis::identity(problem.inputs)).chain(gradient.axes).collect();
    Problem { batch: Dims::new(), axes, ..gradient }
}

/// The gradient to the bias: for each output channel the sum of `gradient` over all images and places.
///
/// `gradient` has the shape of a layer's output, with its images: one image alone needs an axis of one for them. Added up in the order of memory within an image, then image by image, in doubles.
///
/// # Errors
/// [`Error::Axis`] if `gradient` has no channels, [`Error::Shape`] if `to` has not as many numbers as there are output channels.
///
/// ```
/// use faltung::{Array, nn::{Images, bias_gradient}};
/// let gradient = Array::new(vec![1.0f32, 2.0, 10.0, 20.0], &[1, 2, 2])?; // one image, two channels, two places
/// let mut to = [0.0; 2];
/// bias_gradient(&gradient, Images::First, &mut to)?;
/// assert_eq!(to, [3.0, 30.0]);
/// # Ok::<(), faltung::Error>(())
/// ```
pub fn bias_gradient<'g, T: Real>(gradient: impl Into<View<'g, T>>, images: Images, to: &mut [T]) -> Result<()> {
    let gradient = gradient.into();
    let channels = match images {
        Images::First => 1,
        Images::Last => 0,
    };
    let dimensions = gradient.shape().len();
    let Some(&outputs) = gradient.shape().get(channels) else {
        return Err(Error::Axis { axis: channels as isize, problem: "does not exist", dimensions });
    };
    check("the gradient to the bias", &[outputs], &[to.len()])?;
    for (channel, to) in to.iter_mut().enumerate() {
        *to = T::total(&gradient.seen_as(gradient.geometry().at(channels, channel)));
    }
    Ok(())
}

fn set_weights<T: Real>(pass: &mut dyn Passes, weights: View<'_, T>, bias: Option<&[T]>) {
    let bias = bias.map(|bias| T::view(View::from(bias)));
    pass.set_weights(&T::view(weights), bias.as_ref());
}

fn check_bias<T>(bias: Option<&[T]>, outputs: usize) -> Result<()> {
    bias.map_or(Ok(()), |bias| check("the bias", &[outputs], &[bias.len()]))
}

fn check(what: &'static str, expected: &[usize], actual: &[usize]) -> Result<()> {
    match expected == actual {
        true => Ok(()),
        false => Err(Error::Shape { what, expected: expected.to_vec(), actual: actual.to_vec() }),
    }
}
