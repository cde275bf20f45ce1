"""Convolution along some axes, the others broadcast: and so SciPy's `fftconvolve` and `oaconvolve`."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ._operands import MODES, Array, axes_of, is_swap_needed, result_type, run, without_mask


class Layout:
    """Two arrays of as many dimensions, as the engine takes them: slid along `axes`, broadcast along the others.

    The other axes are of three kinds. Where the kernel has length one, it is the same for all of the signal: these
    are batch axes. Where both are longer, each sample's row has its own kernel: these are the engine's groups. Where
    the signal has length one, all kernels see the same row: these become several outputs of each group. So nothing is
    ever repeated in memory.
    """

    def __init__(self, x_shape: Sequence[int], kernel_shape: Sequence[int], axes: Sequence[int]) -> None:
        others = [axis for axis in range(len(x_shape)) if axis not in axes]
        if any(x_shape[axis] != kernel_shape[axis] and 1 not in (x_shape[axis], kernel_shape[axis]) for axis in others):
            raise ValueError(f"incompatible shapes for in1 and in2: {tuple(x_shape)} and {tuple(kernel_shape)}")
        batch = [axis for axis in others if kernel_shape[axis] == 1]
        groups = [axis for axis in others if kernel_shape[axis] != 1 and x_shape[axis] != 1]
        banks = [axis for axis in others if kernel_shape[axis] != 1 and x_shape[axis] == 1]
        self._order = [*batch, *groups, *banks, *axes]
        self._batch = [x_shape[axis] for axis in batch]
        self._outputs = [kernel_shape[axis] for axis in [*groups, *banks]]
        self._slid = len(axes)
        self.is_plain = not groups and not banks
        self.axes = list(axes) if self.is_plain else [len(batch) + 1 + i for i in range(len(axes))]
        self.groups = None if self.is_plain else prod(x_shape[axis] for axis in groups)

    def signal(self, x: Array) -> Array:
        """The signal (or an array of its shape) as batch axes, one axis of groups, and the axes slid along."""
        if self.is_plain:
            return x
        ordered: Array = x.transpose(self._order)
        return ordered.reshape([*self._batch, self.groups or 0, *ordered.shape[-self._slid :]])

    def kernel(self, weights: Array) -> Array:
        """The weights, with only the axes slid along, or for each group and output."""
        ordered: Array = weights.transpose(self._order)
        slid = ordered.shape[-self._slid :]
        return ordered.reshape(slid if self.is_plain else (prod(self._outputs), 1, *slid))

    def result(self, y: Array) -> Array:
        """The engine's result, with its axes where the signal had them."""
        if self.is_plain:
            return y
        y = y.reshape([*self._batch, *self._outputs, *y.shape[-self._slid :]])
        return np.ascontiguousarray(y.transpose(np.argsort(self._order)))


def fftconvolve(in1: ArrayLike, in2: ArrayLike, mode: str = "full", axes: Any = None) -> Array:
    """Convolve two arrays of floating-point numbers along `axes`, and broadcast them along the others.

    Computes ``y[i] = sum over j of in1[j] * in2[i - j]`` along each of `axes`.

    Parameters
    ----------
    in1, in2 : array_like
        Arrays of as many dimensions. Along axes that are not convolved they must be equally long, or one of them 1.
    mode : {'full', 'valid', 'same'}
        Which part of the result: all n + k - 1 samples, those for which no sample is missing, or those of `in1`'s
        shape, from (k - 1) // 2 on. In mode 'valid', either array may be the larger one.
    axes : int or sequence of int, optional
        The axes to convolve along; all by default. An axis along which one array has length 1 is broadcast.

    Returns
    -------
    ndarray
        float32 for halves and singles, float64 for doubles and whole numbers, and complex where either is. Where
        nothing is left to be convolved, the product, in the type that NumPy gives it.

    Raises
    ------
    ValueError
        If the dimensions differ, a word is unknown, or the shapes do not fit.
    TypeError
        For extended precision and for objects.

    See Also
    --------
    convolve : keeps whole numbers whole, and takes boundaries, strides, masks.

    Notes
    -----
    The name tells where the function comes from: the engine uses a transform only where that is faster.

    Differences from SciPy: a NaN or an infinity reaches only the outputs whose sum it is in, where SciPy's transform
    spreads it to all; extended precision and objects are refused; masked samples are refused where SciPy drops the
    mask.

    Examples
    --------
    >>> import faltung
    >>> faltung.fftconvolve([1, 2, 3], [0, 1, 0.5])
    array([0. , 1. , 2.5, 4. , 1.5])

    Two rows, each with its own kernel:

    >>> faltung.fftconvolve([[1, 2, 3], [1, 2, 3]], [[1, 0], [0, 1]], axes=1)
    array([[1., 2., 3., 0.],
           [0., 1., 2., 3.]])
    """
    x, weights = without_mask(in1, "in1"), without_mask(in2, "in2")
    if x.ndim == weights.ndim == 0:
        result_type(x, weights)
        return x * weights
    if x.ndim != weights.ndim:
        raise ValueError("in1 and in2 should have the same dimensionality")
    if x.size == 0 or weights.size == 0:
        return np.zeros(0)
    chosen = list(range(x.ndim)) if axes is None else axes_of(axes, x.ndim)
    slid = [axis for axis in chosen if x.shape[axis] != 1 and weights.shape[axis] != 1]
    Layout(x.shape, weights.shape, slid)  # Refuses shapes that do not broadcast, before anything else is refused.
    if is_swap_needed(mode, x.shape, weights.shape, slid):
        x, weights = weights, x
    if mode not in MODES:
        raise ValueError("acceptable mode flags are 'valid', 'same', or 'full'")
    if mode == "same":
        # The middle of what is broadcast, as SciPy has it: the result has in1's shape.
        middle = [n == 1 and axis not in slid for axis, n in enumerate(x.shape)]
        weights = weights[
            tuple(slice((k - 1) // 2, (k + 1) // 2) if m else slice(None) for k, m in zip(weights.shape, middle))
        ]
    dtype = result_type(x, weights)
    if not slid:
        return np.array(x * weights, dtype, ndmin=1)
    if mode == "full" and prod(x.shape[axis] for axis in slid) < prod(weights.shape[axis] for axis in slid):
        x, weights = weights, x
    layout = Layout(x.shape, weights.shape, slid)
    x, weights = _as_floats(x), _as_floats(weights)
    return layout.result(
        run(layout.signal(x), layout.kernel(weights), mode=mode, axes=layout.axes, groups=layout.groups)
    )


def oaconvolve(in1: ArrayLike, in2: ArrayLike, mode: str = "full", axes: Any = None) -> Array:
    """Convolve two arrays of floating-point numbers along `axes`, and broadcast them along the others.

    The same function as `fftconvolve`: whether the signal is cut into blocks (overlap-save) is for the engine to
    choose, for each call. Parameters, result, errors and differences from SciPy are those of `fftconvolve`.

    Examples
    --------
    >>> import faltung
    >>> faltung.oaconvolve([1, 2, 3, 4, 5], [1, -1], mode="valid")
    array([1., 1., 1., 1.])
    """
    return fftconvolve(in1, in2, mode, axes)


def _as_floats(array: Array) -> Array:
    """Whole numbers as doubles, halves as singles."""
    if array.dtype.kind in "bui":
        return array.astype(np.float64)
    return array.astype(np.float32) if array.dtype.itemsize == 2 else array
