"""`faltung.ndimage`: correlation and convolution with weights of one's own."""

from __future__ import annotations

from collections.abc import Iterable
from operator import index
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from faltung import _engine
from faltung._ndimage_options import (
    BOUNDARIES,
    anchor,
    axis_number,
    axis_numbers,
    boundary,
    complex_constant,
    for_each,
    output_array,
    real_constant,
    weights_array,
)
from faltung._ndimage_sums import Window, filter_into
from faltung._operands import Array, without_mask


def correlate(
    input: ArrayLike, weights: ArrayLike, output: Any = None, mode: str = "reflect", cval: complex = 0.0,
    origin: Any = 0, *, axes: Any = None
) -> Array:
    """Correlate an array with weights of as many dimensions, or of as many as there are `axes`.

    ``y[i] = sum over j of conj(weights[j]) * input[i + j - k // 2 - origin]``, in each dimension.

    Parameters
    ----------
    input : array_like
        The samples.
    weights : array_like
        The weights, k along an axis; they are conjugated, not turned round.
    output : array, dtype or str, optional
        Where the result goes, or its type.
    mode : str, optional
        What is beyond the edges, the same along all axes: see the module.
    cval : scalar, optional
        What is beyond the edges with mode 'constant'.
    origin : int or sequence of int, optional
        Moves the kernel, along each of `axes` by ``-(k // 2) <= origin <= (k - 1) // 2`` samples.
    axes : int or tuple of int, optional
        Which axes to slide along; all by default. The weights' axes are in the order of the input's, whatever that of
        `axes`; and so are the origins, if `axes` names all.

    Returns
    -------
    ndarray
        Of the input's shape; `output` itself, if that is an array.

    Raises
    ------
    RuntimeError
        For an unknown mode, a type or shape that does not fit, or weights of other dimensions.
    ValueError
        For an origin that leaves the kernel, axes that are not there or not unique, or a complex `cval` of real data.

    Examples
    --------
    >>> from faltung import ndimage
    >>> ndimage.correlate([1, 2, 3, 4], [1, 0, -1])
    array([-1, -2, -2, -1])
    >>> ndimage.correlate([[1, 2], [3, 4]], [1, 1], axes=1)
    array([[2, 3],
           [6, 7]])
    """
    return _filter(input, weights, output, mode, cval, origin, axes, "correlate")


def convolve(
    input: ArrayLike, weights: ArrayLike, output: Any = None, mode: str = "reflect", cval: complex = 0.0,
    origin: Any = 0, *, axes: Any = None
) -> Array:
    """Convolve an array with weights of as many dimensions, or of as many as there are `axes`.

    ``y[i] = sum over j of weights[j] * input[i - j + k // 2 + origin]``, in each dimension: the middle part of the full
    convolution, which for even k starts one sample later than that of `faltung.convolve` with mode 'same'.

    Parameters, result and errors are those of `correlate`, but the weights are turned round, and not conjugated.

    Examples
    --------
    >>> from faltung import ndimage
    >>> ndimage.convolve([1, 2, 3, 4], [1, 0, -1])
    array([1, 2, 2, 1])
    >>> ndimage.convolve([1, 2, 3, 4], [1, 0, 0, 0], mode="constant")
    array([3, 4, 0, 0])
    """
    return _filter(input, weights, output, mode, cval, origin, axes, "convolve")


def _plain(input: Any, weights: Any, mode: Any, operation: str) -> Array | None:
    """The result for floats of one type and windows with a middle, where the engine keeps the plan; else None."""
    word = BOUNDARIES.get(mode) if isinstance(mode, str) else None
    if word is None or not isinstance(input, np.ndarray) or not isinstance(weights, np.ndarray):
        return None
    if input.dtype.char not in "fd" or any(length % 2 == 0 for length in weights.shape):
        return None
    return _engine.quick(input, weights, "same", operation, "normwise", word)


def _filter(
    input: ArrayLike, weights: ArrayLike, output: Any, mode: Any, cval: Any, origin: Any, axes: Any, operation: str
) -> Array:
    if output is None and axes is None and type(origin) is int and origin == 0 and type(cval) is float and cval == 0:
        plain = _plain(input, weights, mode, operation)
        if plain is not None:
            return plain
    x, kernel = without_mask(input, "input"), weights_array(without_mask(weights, "weights"))
    is_complex = "c" in (x.dtype.kind, kernel.dtype.kind)
    if is_complex:
        result, constant = _complex_output(output, x, cval)
    along = axis_numbers(axes, x.ndim)
    # Along the axes that are not filtered, the kernel has one weight.
    others = x.ndim - len(along)
    if others and kernel.ndim != len(along):
        raise RuntimeError(f"weights.ndim ({kernel.ndim}) must match len(axes) ({len(along)})")
    origins = for_each(origin, len(along))
    if others:
        origins = [moved for _, moved in sorted(zip(along, origins), key=lambda pair: pair[0])]
    dimensions = sum(length > 0 for length in kernel.shape) + others
    if dimensions != x.ndim or kernel.size == 0:
        dimensions = kernel.ndim if dimensions == x.ndim else dimensions
        raise RuntimeError(f"weights.ndim ({dimensions}) must match len(axes) ({len(along)})")
    refusal = "Invalid origin; origin must satisfy -(weights.shape[k] // 2) <= origin[k] <= (weights.shape[k]-1) // 2"
    anchors = [_anchor(operation, length, moved, refusal) for length, moved in zip(kernel.shape, origins)]
    if not is_complex:
        result = output_array(output, x, stacklevel=4)
    if not isinstance(mode, str) and isinstance(mode, Iterable):
        raise RuntimeError("A sequence of modes is not supported")
    word = boundary(mode)
    if not is_complex:
        constant = real_constant(cval)
    window = Window(operation, tuple(sorted(along)), tuple(map(index, anchors)), (word,) * len(along), constant)
    if result.size:
        filter_into(result, x, kernel, window)
    return result


def _complex_output(output: Any, x: Array, cval: Any) -> tuple[Array, Any]:
    """The output and the constant of a filter with a complex result."""
    result = output_array(output, x, is_complex=True, stacklevel=5)
    if x.dtype.kind == "c":
        return result, complex_constant(cval)
    if np.iscomplexobj(cval):
        raise ValueError("Cannot provide a complex-valued cval when the input is real.")
    return result, real_constant(cval)


def _anchor(operation: str, length: int, origin: Any, refusal: str) -> Any:
    start = length // 2 + origin if operation == "convolve" else (length - 1) // 2 - origin
    return anchor(start, length, refusal)


def correlate1d(
    input: ArrayLike, weights: ArrayLike, axis: int = -1, output: Any = None, mode: str = "reflect",
    cval: complex = 0.0, origin: int = 0
) -> Array:
    """Correlate along one axis.

    ``y[i] = sum over j of conj(weights[j]) * input[i + j - k // 2 - origin]``

    Parameters
    ----------
    input : array_like
        The samples.
    weights : array_like
        k weights; they are conjugated, not turned round.
    axis : int, optional
        The axis to slide along, the last by default.
    output, mode, cval, origin
        As for `correlate`.

    Returns
    -------
    ndarray
        Of the input's shape; `output` itself, if that is an array.

    Raises
    ------
    RuntimeError
        For an unknown mode, a type or shape that does not fit, or no weights in a row.
    ValueError
        For an origin that leaves the kernel, or an axis that is not there (AxisError).

    Examples
    --------
    >>> from faltung import ndimage
    >>> ndimage.correlate1d([2, 8, 0, 4], [1, 3])
    array([ 8, 26,  8, 12])
    """
    return _filter1d(input, weights, axis, output, mode, cval, origin, "correlate")


def convolve1d(
    input: ArrayLike, weights: ArrayLike, axis: int = -1, output: Any = None, mode: str = "reflect",
    cval: complex = 0.0, origin: int = 0
) -> Array:
    """Convolve along one axis.

    ``y[i] = sum over j of weights[j] * input[i - j + k // 2 + origin]``

    Parameters, result and errors are those of `correlate1d`, but the weights are turned round, and not conjugated.

    Examples
    --------
    >>> from faltung import ndimage
    >>> ndimage.convolve1d([2, 8, 0, 4], [1, 3])
    array([14, 24,  4, 16])
    """
    return _filter1d(input, weights, axis, output, mode, cval, origin, "convolve")


def _filter1d(
    input: ArrayLike, weights: ArrayLike, axis: Any, output: Any, mode: Any, cval: Any, origin: Any, operation: str
) -> Array:
    x, kernel = without_mask(input, "input"), weights_array(without_mask(weights, "weights"))
    is_complex = "c" in (x.dtype.kind, kernel.dtype.kind)
    if is_complex:
        result, constant = _complex_output(output, x, cval)
    else:
        result = output_array(output, x, stacklevel=4)
    if kernel.ndim != 1 or kernel.size == 0:
        raise RuntimeError("no filter weights given")
    along = axis_number(axis, x.ndim)
    refusal = "Invalid origin; origin must satisfy -(len(weights) // 2) <= origin <= (len(weights)-1) // 2"
    start = _anchor(operation, len(kernel), origin, refusal)
    word = boundary(mode)
    if not is_complex:
        constant = real_constant(cval)
    filter_into(result, x, kernel, Window(operation, (along,), (index(start),), (word,), constant, is_type_named=True))
    return result
