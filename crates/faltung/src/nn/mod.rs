//! Layers of networks: convolution between channels, and its gradients.
//!
//! A layer correlates its input with the weights of every pair of channels, adds up over the input channels, and adds a bias:
//!
//! ```text
//! y[n, o, p] = bias[o] + sum over c, k of w[o, c, k] * x[n, c, p * stride + k * dilation - padding]
//! ```
//!
//! in one, two or three dimensions, or more. It is a [`Problem`](crate::Problem) of the engine like any other, and so are its
//! gradients; what is special about a layer is that its weights change from call to call. So a [`Layer`] is planned for shapes
//! alone, and weights are put into it when they are known: [`Layer::set_weights`]. [`Conv`] has the options, and the same in one call.
//!
//! Names and conventions are PyTorch's: `x` is `[images, channels, axes..]`, weights are `[outputs, inputs / groups, axes..]`, and
//! nothing is turned round. A [`Padding`] is made of zeros or, by [`PaddingMode`], of samples, also where it is wider than the
//! signal is long. There is no pooling here, no loss and no optimiser: the crate `faltung-train` has these.
//!
//! ```
//! use faltung::{Array, nn::Conv};
//! // Two kernels look at one channel: a difference, and a mean of neighbours.
//! let x = Array::new(vec![1.0, 2.0, 4.0, 8.0], &[1, 1, 4])?;
//! let w = Array::new(vec![-1.0, 1.0, 0.5, 0.5], &[2, 1, 2])?;
//! let y = Conv::new().forward(&x, &w, Some(&[0.0, 10.0]))?;
//! assert_eq!(y.shape(), [1, 2, 3]);
//! assert_eq!(y.data(), [1.0, 2.0, 4.0, 11.5, 13.0, 16.0]);
//! # Ok::<(), faltung::Error>(())
//! ```

mod conv;
mod layer;
mod pass;

pub use conv::{Conv, Images, Padding, PaddingMode};
pub use layer::{Layer, bias_gradient};

/// Numbers that layers are made of: `f32` and `f64`.
///
/// ```
/// fn norm<T: faltung::nn::Real>(x: &[T]) -> f64 {
///     x.iter().map(|x| x.number().to_complex().norm_sqr()).sum::<f64>().sqrt()
/// }
/// assert_eq!((norm(&[3.0f32, 4.0]), norm(&[0.6f64, 0.8])), (5.0, 1.0));
/// ```
pub trait Real: pass::Summed {}

impl Real for f32 {}
impl Real for f64 {}
