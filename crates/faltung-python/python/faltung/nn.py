"""Layers of networks, by PyTorch's names and conventions, on NumPy's arrays.

>>> import numpy as np
>>> from faltung import nn
>>> x = np.arange(1.0, 10.0).reshape(1, 1, 3, 3)
>>> w = np.array([[[[1.0, 0.0], [0.0, 1.0]]]])
>>> nn.conv2d(x, w)
array([[[[ 6.,  8.],
         [12., 14.]]]])

`x` is `(images, channels, ...)` or, for one image, `(channels, ...)`; `w` is `(outputs, channels // groups, ...)`. Nothing is turned
round: a layer correlates. All arrays are of one type, float32 or float64, and so are results. With `conv1d`, `conv2d`, `conv3d` come

- `conv2d_input` and `conv2d_weight`, the gradients to input and weights, as in `torch.nn.grad`, with padding of samples too;
- `conv2d_backward`, these and the gradient to the bias;
- `conv_transpose2d`, the transposed layer;

and likewise for one and three dimensions. `stride`, `dilation` and `padding` are one number for all axes or one for each;
`padding` may also be a pair for each axis, samples before and after, or 'same' or 'valid'. `padding_mode` tells what it is made of: 'zeros',
'reflect' (the edge is not repeated), 'replicate' or 'circular', also where it is wider than the signal is long.

A layer of 3 by 3 between many channels is computed by Winograd's algorithm where that is faster: its errors are some millionths
of the largest output in float32. `faltung.torch` has it as a module for PyTorch.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _engine

__all__ = [
    "conv1d",
    "conv1d_backward",
    "conv1d_input",
    "conv1d_weight",
    "conv2d",
    "conv2d_backward",
    "conv2d_input",
    "conv2d_weight",
    "conv3d",
    "conv3d_backward",
    "conv3d_input",
    "conv3d_weight",
    "conv_transpose1d",
    "conv_transpose2d",
    "conv_transpose3d",
]

#: One number for all axes, or one for each.
PerAxis: TypeAlias = int | Sequence[int]
#: The same, or a pair for each axis, or 'same' or 'valid'.
Padding: TypeAlias = PerAxis | Sequence[tuple[int, int]] | str

_Options: TypeAlias = tuple[list[int], list[tuple[int, int]] | None, list[int], int, str]


def _number(value: Any, option: str) -> int:
    """A number of samples."""
    try:
        number = value.__index__()
    except AttributeError:
        raise TypeError(f"{option} must be whole numbers, not {value!r}") from None
    if number < 0:
        raise ValueError(f"{option} is {number}: it must not be negative")
    return int(number)


def _each(value: PerAxis, dims: int, option: str) -> list[int]:
    """A number for each axis."""
    if isinstance(value, int):
        return [_number(value, option)] * dims
    if isinstance(value, str):
        raise TypeError(f"{option} must be whole numbers, not {value!r}")
    each = list(value) if np.ndim(value) else [value]
    if len(each) == 1:
        each *= dims
    if len(each) != dims:
        raise ValueError(f"{option} has {len(each)} numbers, but there are {dims} axes: give one for all, or one for each")
    return [_number(number, option) for number in each]


def _sides(padding: Padding, dims: int) -> list[tuple[int, int]] | None:
    """Samples before and after, along each axis; none to make outputs as long as inputs."""
    if isinstance(padding, str):
        if padding not in ("same", "valid"):
            raise ValueError(f"padding is {padding!r}: it must be 'same', 'valid', or numbers of samples")
        return None if padding == "same" else [(0, 0)] * dims
    if isinstance(padding, int) or np.ndim(padding) == 0:
        side = _number(padding, "padding")
        return [(side, side)] * dims
    if any(np.ndim(side) for side in padding):
        pairs = [tuple(_number(side, "padding") for side in np.atleast_1d(pair)) for pair in padding]
        if len(pairs) != dims or any(len(pair) != 2 for pair in pairs):
            raise ValueError(f"padding {padding!r} must be {dims} pairs, samples before and after along each axis")
        return [(pair[0], pair[1]) for pair in pairs]
    return [(side, side) for side in _each(cast(PerAxis, padding), dims, "padding")]


def _options(
    dims: int, stride: PerAxis, padding: Padding, dilation: PerAxis, groups: int, padding_mode: str
) -> _Options:
    sides = _sides(padding, dims)
    number = _number(groups, "groups")
    return _each(stride, dims, "stride"), sides, _each(dilation, dims, "dilation"), number, padding_mode


def _array(array: ArrayLike, dims: int, what: str, least: int) -> NDArray[Any]:
    """An array with the axes of a layer in so many dimensions."""
    array = np.asarray(array)
    if not least <= array.ndim <= dims + 2:
        axes = f"{dims + 2}" if least == dims + 2 else f"{least} or {dims + 2}"
        raise ValueError(f"{what} has shape {array.shape}, but a layer in {dims} dimensions needs {axes} axes")
    return array


def _bias(bias: ArrayLike | None) -> NDArray[Any] | None:
    """A number for each output channel."""
    if bias is None:
        return None
    bias = np.asarray(bias)
    if bias.ndim != 1:
        raise ValueError(f"the bias has shape {bias.shape}, but it needs one axis: a number for each output channel")
    return bias


def _shape(shape: Sequence[int]) -> list[int]:
    return [_number(extent, "the shape") for extent in shape]


def _conv(dims: int) -> Callable[..., NDArray[Any]]:
    def conv(
        x: ArrayLike,
        w: ArrayLike,
        b: ArrayLike | None = None,
        *,
        stride: PerAxis = 1,
        padding: Padding = 0,
        dilation: PerAxis = 1,
        groups: int = 1,
        padding_mode: str = "zeros",
    ) -> NDArray[Any]:
        options = _options(dims, stride, padding, dilation, groups, padding_mode)
        x, w = _array(x, dims, "x", dims + 1), _array(w, dims, "w", dims + 2)
        return _engine.layer_forward(x, w, _bias(b), options)

    conv.__doc__ = f"""A layer in {dims} dimension{"s" if dims > 1 else ""}: `y[n, o, p] = b[o] + sum of w[o, c, k] x[n, c, p stride + k dilation - padding]`.

    As `torch.nn.functional.conv{dims}d`; see `faltung.nn` for shapes and options.
    """
    return conv


def _input(dims: int) -> Callable[..., NDArray[Any]]:
    def conv_input(
        x_shape: Sequence[int],
        w: ArrayLike,
        gy: ArrayLike,
        *,
        stride: PerAxis = 1,
        padding: Padding = 0,
        dilation: PerAxis = 1,
        groups: int = 1,
        padding_mode: str = "zeros",
    ) -> NDArray[Any]:
        options = _options(dims, stride, padding, dilation, groups, padding_mode)
        w, gy = _array(w, dims, "w", dims + 2), _array(gy, dims, "gy", dims + 1)
        return _engine.layer_input_gradient(_shape(x_shape), w, gy, options)

    conv_input.__doc__ = f"""The gradient to the input, of shape `x_shape`, from `gy`, that to the output of `conv{dims}d`.

    As `torch.nn.grad.conv{dims}d_input`; see `faltung.nn` for shapes and options.
    """
    return conv_input


def _weight(dims: int) -> Callable[..., NDArray[Any]]:
    def conv_weight(
        x: ArrayLike,
        w_shape: Sequence[int],
        gy: ArrayLike,
        *,
        stride: PerAxis = 1,
        padding: Padding = 0,
        dilation: PerAxis = 1,
        groups: int = 1,
        padding_mode: str = "zeros",
    ) -> NDArray[Any]:
        options = _options(dims, stride, padding, dilation, groups, padding_mode)
        x, gy = _array(x, dims, "x", dims + 1), _array(gy, dims, "gy", dims + 1)
        return _engine.layer_weight_gradient(x, _shape(w_shape), gy, options)

    conv_weight.__doc__ = f"""The gradient to the weights, of shape `w_shape`, from `gy`, that to the output of `conv{dims}d`.

    As `torch.nn.grad.conv{dims}d_weight`; see `faltung.nn` for shapes and options.
    """
    return conv_weight


def _backward(dims: int) -> Callable[..., tuple[NDArray[Any], NDArray[Any], NDArray[Any] | None]]:
    def conv_backward(
        gy: ArrayLike,
        x: ArrayLike,
        w: ArrayLike,
        b: ArrayLike | None = None,
        *,
        stride: PerAxis = 1,
        padding: Padding = 0,
        dilation: PerAxis = 1,
        groups: int = 1,
        padding_mode: str = "zeros",
    ) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any] | None]:
        options = _options(dims, stride, padding, dilation, groups, padding_mode)
        x, w = _array(x, dims, "x", dims + 1), _array(w, dims, "w", dims + 2)
        gy = _array(gy, dims, "gy", dims + 1)
        gx = _engine.layer_input_gradient(list(x.shape), w, gy, options)
        gw = _engine.layer_weight_gradient(x, list(w.shape), gy, options)
        images = gy if gy.ndim == dims + 2 else gy[np.newaxis]
        return gx, gw, None if b is None else _engine.layer_bias_gradient(images)

    conv_backward.__doc__ = f"""The gradients to input, weights and bias from `gy`, that to the output of `conv{dims}d`.

    The last is None if `b` is. See `faltung.nn` for shapes and options.
    """
    return conv_backward


def _transposed(dims: int) -> Callable[..., NDArray[Any]]:
    def conv_transpose(
        x: ArrayLike,
        w: ArrayLike,
        b: ArrayLike | None = None,
        *,
        stride: PerAxis = 1,
        padding: Padding = 0,
        output_padding: PerAxis = 0,
        groups: int = 1,
        dilation: PerAxis = 1,
    ) -> NDArray[Any]:
        options = _options(dims, stride, padding, dilation, groups, "zeros")
        x, w = _array(x, dims, "x", dims + 1), _array(w, dims, "w", dims + 2)
        return _engine.layer_transposed(x, w, _bias(b), options, _each(output_padding, dims, "output_padding"))

    conv_transpose.__doc__ = f"""The transposed layer: what `conv{dims}d_input` gives for the smallest input, or one longer by `output_padding`.

    `w` is `(channels, outputs // groups, ...)`. As `torch.nn.functional.conv_transpose{dims}d`.
    """
    return conv_transpose


conv1d, conv2d, conv3d = _conv(1), _conv(2), _conv(3)
conv1d_input, conv2d_input, conv3d_input = _input(1), _input(2), _input(3)
conv1d_weight, conv2d_weight, conv3d_weight = _weight(1), _weight(2), _weight(3)
conv1d_backward, conv2d_backward, conv3d_backward = _backward(1), _backward(2), _backward(3)
conv_transpose1d, conv_transpose2d, conv_transpose3d = _transposed(1), _transposed(2), _transposed(3)

for _name in __all__:
    globals()[_name].__name__ = globals()[_name].__qualname__ = _name
