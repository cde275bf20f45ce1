//! What can be said about a layer, and what it comes to.

use smallvec::SmallVec;

use super::{Layer, Real};
use crate::{
    Accuracy, Algorithm, Array, Boundary, Error, Layout, Mode, Operation, PerAxis, Problem, Result, Spec, View,
    error::words, spec::setters,
};

words! { "padding mode",
    /// What the samples before the first and after the last are made of, by PyTorch's names.
    ///
    /// ```
    /// use faltung::{Boundary, nn::PaddingMode};
    /// assert_eq!("reflect".parse(), Ok(PaddingMode::Reflect));
    /// assert_eq!(PaddingMode::Reflect.boundary(), Boundary::Mirror); // the edge is not repeated
    /// assert_eq!(PaddingMode::ALL.len(), 4);
    /// ```
    pub enum PaddingMode {
        /// Zeros.
        Zeros = "zeros",
        /// The signal turned round at its first and last sample, which are not repeated: [`Boundary::Mirror`].
        Reflect = "reflect",
        /// The first and the last sample again and again: [`Boundary::Nearest`].
        Replicate = "replicate",
        /// The signal from its other end: [`Boundary::Wrap`].
        Circular = "circular",
    }
}

impl PaddingMode {
    /// The same as a boundary of the engine.
    pub fn boundary(self) -> Boundary {
        match self {
            PaddingMode::Zeros => Boundary::zero(),
            PaddingMode::Reflect => Boundary::Mirror,
            PaddingMode::Replicate => Boundary::Nearest,
            PaddingMode::Circular => Boundary::Wrap,
        }
    }
}

words! { "images",
    /// Where the images of a batch stand.
    ///
    /// With small images a batch is fastest with the images last: whatever the width of a picture, neighbouring numbers are then
    /// the same place of neighbouring images.
    ///
    /// ```
    /// use faltung::{Array, nn::{Conv, Images}};
    /// let w = Array::new(vec![1.0, 1.0], &[1, 1, 2])?;
    /// let x = Array::new(vec![1.0, 10.0, 2.0, 20.0, 3.0, 30.0], &[1, 3, 2])?; // one channel, three places, two images
    /// let y = Conv::new().images(Images::Last).forward(&x, &w, None)?;
    /// assert_eq!((y.shape(), y.data()), (&[1, 2, 2][..], &[3.0, 30.0, 5.0, 50.0][..]));
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub enum Images {
        /// `[images, channels, axes..]`, as in PyTorch; or one image alone, `[channels, axes..]`.
        First = "first",
        /// `[channels, axes.., images]`.
        Last = "last",
    }
}

/// How many samples are added at either end of each axis.
///
/// ```
/// use faltung::nn::{Conv, Padding};
/// let shape = |padding: Padding| Conv::new().padding(padding).output_shape(&[1, 1, 8, 8], &[1, 1, 3, 5]);
/// assert_eq!(shape(1.into())?[..], [1, 1, 8, 6]);
/// assert_eq!(shape([1, 2].into())?[..], [1, 1, 8, 8]);
/// assert_eq!(shape([(0, 1), (4, 0)].into())?[..], [1, 1, 7, 8]);
/// assert_eq!(shape(Padding::Same)?[..], [1, 1, 8, 8]);
/// # Ok::<(), faltung::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub enum Padding {
    /// As many in all as make the output as long as the input; of an odd number the greater half after the last. Needs stride 1.
    Same,
    /// So many before the first and after the last sample.
    Samples(PerAxis<(usize, usize)>),
}

impl From<usize> for Padding {
    fn from(both: usize) -> Self {
        Padding::Samples((both, both).into())
    }
}

impl<const N: usize> From<[usize; N]> for Padding {
    fn from(each: [usize; N]) -> Self {
        Padding::Samples(each.map(|both| (both, both)).into())
    }
}

impl<const N: usize> From<[(usize, usize); N]> for Padding {
    fn from(each: [(usize, usize); N]) -> Self {
        Padding::Samples(each.into())
    }
}

impl From<Vec<(usize, usize)>> for Padding {
    fn from(each: Vec<(usize, usize)>) -> Self {
        Padding::Samples(each.into())
    }
}

/// The options of a layer, and the layer in one call.
///
/// ```
/// use faltung::nn::{Conv, PaddingMode};
/// let conv = Conv::new().stride(2).padding(1).padding_mode(PaddingMode::Replicate);
/// assert_eq!(conv.output_shape(&[8, 3, 32, 32], &[16, 3, 3, 3])?[..], [8, 16, 16, 16]);
/// # Ok::<(), faltung::Error>(())
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Conv {
    /// Samples from one output to the next.
    pub stride: PerAxis<usize>,
    /// Samples added at either end.
    pub padding: Padding,
    /// What they are made of.
    pub padding_mode: PaddingMode,
    /// Samples from one weight to the next.
    pub dilation: PerAxis<usize>,
    /// Groups of channels that do not mix.
    pub groups: usize,
    /// Where the images of a batch stand.
    pub images: Images,
    /// What rounding errors are measured against: [`Accuracy::Componentwise`] rules out Winograd's algorithm and transforms.
    pub accuracy: Accuracy,
    /// The algorithm, if not the cheapest; for gradients too.
    pub algorithm: Option<Algorithm>,
    /// Threads to work with; `None` for [`default_threads`](crate::default_threads).
    pub threads: Option<usize>,
}

impl Default for Conv {
    fn default() -> Self {
        Conv {
            stride: 1.into(),
            padding: 0.into(),
            padding_mode: PaddingMode::Zeros,
            dilation: 1.into(),
            groups: 1,
            images: Images::First,
            accuracy: Accuracy::Normwise,
            algorithm: None,
            threads: None,
        }
    }
}

impl Conv {
    /// Stride and dilation 1, no padding, one group.
    pub fn new() -> Conv {
        Conv::default()
    }

    setters! {
        /// Sets [`stride`](Self#structfield.stride).
        ///
        /// ```
        /// use faltung::nn::Conv;
        /// assert_eq!(Conv::new().stride([2, 1]).output_shape(&[1, 1, 9, 9], &[1, 1, 3, 3])?[..], [1, 1, 4, 7]);
        /// # Ok::<(), faltung::Error>(())
        /// ```
        stride: impl Into<PerAxis<usize>> => stride.into();
        /// Sets [`padding`](Self#structfield.padding).
        ///
        /// ```
        /// use faltung::nn::Conv;
        /// assert_eq!(Conv::new().padding(1).output_shape(&[1, 1, 9, 9], &[1, 1, 3, 5])?[..], [1, 1, 9, 7]);
        /// # Ok::<(), faltung::Error>(())
        /// ```
        padding: impl Into<Padding> => padding.into();
        /// Sets [`padding_mode`](Self#structfield.padding_mode).
        ///
        /// ```
        /// use faltung::{Array, nn::{Conv, PaddingMode}};
        /// let (x, w) = (Array::new(vec![1.0, 2.0], &[1, 1, 2])?, Array::new(vec![1.0, 1.0, 1.0], &[1, 1, 3])?);
        /// let y = Conv::new().padding(1).padding_mode(PaddingMode::Replicate).forward(&x, &w, None)?;
        /// assert_eq!(y.data(), [4.0, 5.0]);
        /// # Ok::<(), faltung::Error>(())
        /// ```
        padding_mode: PaddingMode => padding_mode;
        /// Sets [`dilation`](Self#structfield.dilation).
        ///
        /// ```
        /// use faltung::nn::Conv;
        /// assert_eq!(Conv::new().dilation(2).output_shape(&[1, 1, 9, 9], &[1, 1, 3, 3])?[..], [1, 1, 5, 5]);
        /// # Ok::<(), faltung::Error>(())
        /// ```
        dilation: impl Into<PerAxis<usize>> => dilation.into();
        /// Sets [`groups`](Self#structfield.groups).
        ///
        /// ```
        /// use faltung::nn::Conv;
        /// assert_eq!(Conv::new().groups(2).output_shape(&[1, 4, 9], &[6, 2, 3])?[..], [1, 6, 7]);
        /// # Ok::<(), faltung::Error>(())
        /// ```
        groups: usize => groups;
        /// Sets [`images`](Self#structfield.images).
        ///
        /// ```
        /// use faltung::nn::{Conv, Images};
        /// assert_eq!(Conv::new().images(Images::Last).output_shape(&[4, 9, 32], &[6, 4, 3])?[..], [6, 7, 32]);
        /// # Ok::<(), faltung::Error>(())
        /// ```
        images: Images => images;
        /// Sets [`accuracy`](Self#structfield.accuracy).
        ///
        /// ```
        /// use faltung::{Accuracy, Algorithm, nn::{Conv, Layer}};
        /// let conv = Conv::new().padding(1).accuracy(Accuracy::Componentwise);
        /// let wide = Layer::<f32>::new(&conv, &[1, 64, 56, 56], &[64, 64, 3, 3])?;
        /// assert_ne!(wide.algorithm(), Algorithm::Winograd);
        /// # Ok::<(), faltung::Error>(())
        /// ```
        accuracy: Accuracy => accuracy;
        /// Sets [`algorithm`](Self#structfield.algorithm).
        ///
        /// ```
        /// use faltung::{Algorithm, nn::{Conv, Layer}};
        /// let conv = Conv::new().algorithm(Algorithm::Direct);
        /// assert_eq!(Layer::<f32>::new(&conv, &[1, 2, 9], &[2, 2, 3])?.algorithm(), Algorithm::Direct);
        /// # Ok::<(), faltung::Error>(())
        /// ```
        algorithm: Algorithm => Some(algorithm);
        /// Sets [`threads`](Self#structfield.threads).
        ///
        /// ```
        /// use faltung::nn::Conv;
        /// assert_eq!(Conv::new().threads(2).threads, Some(2));
        /// ```
        threads: usize => Some(threads.max(1));
    }

    /// Shape of the output for an input and weights of these shapes.
    ///
    /// # Errors
    /// As [`forward`](Self::forward).
    pub fn output_shape(&self, x: &[usize], w: &[usize]) -> Result<Vec<usize>> {
        let (problem, layout) = self.problem(x, w)?;
        Ok(layout.user_shape(&problem.y_shape()).to_vec())
    }

    /// The output: `y[n, o, p] = bias[o] + sum over c, k of w[o, c, k] * x[n, c, p * stride + k * dilation - padding]`.
    ///
    /// `x` is `[images, channels, axes..]` (or `[channels, axes..]`), `w` is `[outputs, channels / groups, axes..]`. The error is bounded
    /// as [`Accuracy`] says, and by what the chosen [`Algorithm`] states. As `torch.nn.functional.conv2d` and its kin.
    ///
    /// # Errors
    /// [`Error::Dimensions`], [`Error::Channels`], [`Error::PerAxis`], [`Error::Zero`] or [`Error::Padding`] if shapes and options do
    /// not fit, [`Error::NothingValid`] if a kernel is longer than the padded input, [`Error::Shape`] if the bias has another
    /// length than there are outputs.
    ///
    /// # Cost
    /// Plans anew and allocates in each call: a [`Layer`] does so once.
    ///
    /// ```
    /// use faltung::{Array, nn::Conv};
    /// let x = Array::new((1..=9).map(f64::from).collect(), &[1, 1, 3, 3])?;
    /// let w = Array::new(vec![1.0, 0.0, 0.0, 1.0], &[1, 1, 2, 2])?;
    /// assert_eq!(Conv::new().forward(&x, &w, None)?.data(), [6.0, 8.0, 12.0, 14.0]);
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn forward<'x, 'w, T: Real>(
        &self,
        x: impl Into<View<'x, T>>,
        w: impl Into<View<'w, T>>,
        bias: Option<&[T]>,
    ) -> Result<Array<T>> {
        let (x, w) = (x.into(), w.into());
        let mut layer = Layer::new(self, x.shape(), w.shape())?;
        layer.set_weights(w, bias)?;
        let mut y = Array::try_zeros(layer.output_shape())?;
        layer.forward(x, y.view_mut())?;
        Ok(y)
    }

    /// The gradient to an input of shape `x`: what each sample contributes to all outputs, weighted by `gradient`, which has the
    /// shape of the output. As `torch.nn.grad.conv2d_input`.
    ///
    /// # Errors
    /// As [`forward`](Self::forward); [`Error::Shape`] if `gradient` has another shape than the output.
    ///
    /// ```
    /// use faltung::{Array, nn::Conv};
    /// let w = Array::new(vec![2.0, 3.0], &[1, 1, 2])?;
    /// let gradient = Array::new(vec![1.0, 10.0], &[1, 1, 2])?;
    /// // y[0] = 2 x[0] + 3 x[1], y[1] = 2 x[1] + 3 x[2]
    /// assert_eq!(Conv::new().input_gradient(&gradient, &w, &[1, 1, 3])?.data(), [2.0, 23.0, 30.0]);
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn input_gradient<'g, 'w, T: Real>(
        &self,
        gradient: impl Into<View<'g, T>>,
        w: impl Into<View<'w, T>>,
        x: &[usize],
    ) -> Result<Array<T>> {
        let w = w.into();
        let mut layer = Layer::new(self, x, w.shape())?;
        layer.set_weights(w, None)?;
        let mut to = Array::try_zeros(x)?;
        layer.input_gradient(gradient, to.view_mut())?;
        Ok(to)
    }

    /// The gradient to weights of shape `w`: what each weight contributes to all outputs, weighted by `gradient`, which has the shape of
    /// the output, summed over the batch. As `torch.nn.grad.conv2d_weight`.
    ///
    /// # Errors
    /// As [`forward`](Self::forward); [`Error::Shape`] if `gradient` has another shape than the output.
    ///
    /// ```
    /// use faltung::{Array, nn::Conv};
    /// let x = Array::new(vec![5.0, 6.0, 7.0], &[1, 1, 3])?;
    /// let gradient = Array::new(vec![1.0, 10.0], &[1, 1, 2])?;
    /// // y[0] = w[0] x[0] + w[1] x[1], y[1] = w[0] x[1] + w[1] x[2]
    /// assert_eq!(Conv::new().weight_gradient(&x, &gradient, &[1, 1, 2])?.data(), [65.0, 76.0]);
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn weight_gradient<'x, 'g, T: Real>(
        &self,
        x: impl Into<View<'x, T>>,
        gradient: impl Into<View<'g, T>>,
        w: &[usize],
    ) -> Result<Array<T>> {
        let x = x.into();
        let mut layer = Layer::new(self, x.shape(), w)?;
        let mut to = Array::try_zeros(w)?;
        layer.weight_gradient(x, gradient, to.view_mut())?;
        Ok(to)
    }

    /// A transposed layer: the adjoint of the layer with these options, which makes many samples of few.
    ///
    /// ```text
    /// y[n, o, j] = bias[o] + sum over c, k of w[c, o, k] * x[n, c, p]   where p * stride + k * dilation - padding = j
    /// ```
    ///
    /// `x` is `[images, channels, axes..]`, `w` is `[channels, outputs / groups, axes..]`, and the output is as long as an input of which
    /// the layer makes `x`: `(n - 1) * stride - padding + dilation * (K - 1) + 1 + extra`, where `extra` chooses one of the lengths
    /// from which it does. As `torch.nn.functional.conv_transpose2d` and its kin, which call `extra` output padding. Its gradients
    /// are [`forward`](Self::forward), to the input, and [`weight_gradient`](Self::weight_gradient) with `x` and the gradient exchanged.
    ///
    /// # Errors
    /// As [`forward`](Self::forward); [`Error::Extra`] where `extra` is not less than the stride or the dilation.
    ///
    /// ```
    /// use faltung::{Array, nn::Conv};
    /// let (x, w) = (Array::new(vec![1.0, 2.0], &[1, 2])?, Array::new(vec![1.0, 10.0, 100.0], &[1, 1, 3])?);
    /// let y = Conv::new().stride(2).transposed(&x, &w, None, 0)?;
    /// assert_eq!(y.data(), [1.0, 10.0, 102.0, 20.0, 200.0]);
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn transposed<'x, 'w, T: Real>(
        &self,
        x: impl Into<View<'x, T>>,
        w: impl Into<View<'w, T>>,
        bias: Option<&[T]>,
        extra: impl Into<PerAxis<usize>>,
    ) -> Result<Array<T>> {
        let (x, w) = (x.into(), w.into());
        let shape = self.transposed_shape(x.shape(), w.shape(), &extra.into())?;
        let mut layer = Layer::of_outputs(self, &shape, w.shape(), x.shape())?;
        layer.set_weights(w, None)?;
        let mut y = Array::try_zeros(&shape)?;
        layer.adjoint(x, y.view_mut(), bias)?;
        Ok(y)
    }

    /// Shape of the output of a transposed layer.
    fn transposed_shape(&self, x: &[usize], w: &[usize], extra: &PerAxis<usize>) -> Result<Vec<usize>> {
        let (axes, first) = self.axes(x, w)?;
        extra.check("extra", axes)?;
        let mut shape = x.to_vec();
        let channels = w[1].checked_mul(self.groups).filter(|_| x[first - 1] == w[0]);
        let problem = "the weights' first axis must be the input channels";
        shape[first - 1] = channels.ok_or(Error::Channels {
            inputs: x[first - 1],
            outputs: w[1].saturating_mul(self.groups),
            groups: self.groups,
            per_group: w[0],
            problem,
        })?;
        let modes = self.modes(&w[2..])?;
        for axis in 0..axes {
            let (stride, dilation, extra) = (self.stride.get(axis), self.dilation.get(axis), extra.get(axis));
            if extra >= stride.max(dilation) {
                return Err(Error::Extra { extra, axis, most: stride.max(dilation).saturating_sub(1) });
            }
            let Mode::Padded { before, after } = modes.get(axis) else { unreachable!("layers pad") };
            let too_large = Error::TooLarge { what: "the result", axis };
            let longest = (x[first + axis].saturating_sub(1).checked_mul(stride))
                .zip(w[2 + axis].saturating_sub(1).checked_mul(dilation))
                .and_then(|(ahead, reach)| ahead.checked_add(reach)?.checked_add(1 + extra))
                .ok_or(too_large)?;
            let padding = before.saturating_add(after);
            let nothing =
                Error::NothingValid { axis: first + axis, signal: longest, kernel: padding.saturating_add(1) };
            shape[first + axis] = longest.checked_sub(padding).filter(|&len| len > 0).ok_or(nothing)?;
        }
        Ok(shape)
    }

    /// The problem of the engine that it comes to, and how arrays become what that takes.
    pub(super) fn problem(&self, x: &[usize], w: &[usize]) -> Result<(Problem, Layout)> {
        let (axes, first) = self.axes(x, w)?;
        let mut spec = Spec::new()
            .operation(Operation::Correlate)
            .axes((first..first + axes).map(|axis| axis as isize).collect::<Vec<_>>())
            .groups(self.groups)
            .boundary(self.padding_mode.boundary());
        (spec.stride, spec.dilation) = (self.stride.clone(), self.dilation.clone());
        spec.mode = self.modes(&w[2..])?;
        spec.problem(x, w)
    }

    /// How many axes are slid along, and which axis of the input is the first of them.
    fn axes(&self, x: &[usize], w: &[usize]) -> Result<(usize, usize)> {
        let axes = w.len().saturating_sub(2);
        let (first, fits) = match self.images {
            Images::First => (x.len().wrapping_sub(axes), (axes + 1..=axes + 2).contains(&x.len())),
            Images::Last => (1, x.len() == axes + 2),
        };
        match axes > 0 && fits {
            true => Ok((axes, first)),
            false => Err(Error::Layer { x: x.to_vec(), w: w.to_vec(), images: self.images.name() }),
        }
    }

    /// Its padding as modes of the engine, for kernels of these extents.
    fn modes(&self, kernel: &[usize]) -> Result<PerAxis<Mode>> {
        for (option, values) in [("stride", &self.stride), ("dilation", &self.dilation)] {
            values.check(option, kernel.len())?;
        }
        let each = |each: &SmallVec<[(usize, usize); 3]>| each.iter().map(|&padding| padded(padding)).collect();
        let modes = match &self.padding {
            Padding::Samples(PerAxis::All(padding)) => padded(*padding).into(),
            Padding::Samples(PerAxis::Each(padding)) => PerAxis::Each(each(padding)),
            Padding::Same => PerAxis::Each(self.same(kernel)?),
        };
        modes.check("padding", kernel.len())?;
        Ok(modes)
    }

    /// What makes outputs as long as inputs, along each axis.
    fn same(&self, kernel: &[usize]) -> Result<SmallVec<[Mode; 3]>> {
        let along = |(axis, &kernel): (usize, &usize)| match self.stride.get(axis) {
            1 => {
                let all = self.dilation.get(axis).checked_mul(kernel.saturating_sub(1));
                let all = all.ok_or(Error::TooLarge { what: "the dilated kernel", axis })?;
                Ok(padded((all / 2, all - all / 2)))
            }
            stride => Err(Error::Padding { stride, axis }),
        };
        kernel.iter().enumerate().map(along).collect()
    }
}

fn padded((before, after): (usize, usize)) -> Mode {
    Mode::Padded { before, after }
}
