"""`faltung.ndimage`: means and Gaussians, along one axis after the other."""

from __future__ import annotations

from functools import partial, reduce
from operator import index
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from faltung._ndimage_options import (
    anchor,
    axis_number,
    axis_numbers,
    boundary,
    complex_constant,
    for_each,
    gaussian_radius,
    gaussian_weights,
    output_array,
    real_constant,
)
from faltung._ndimage_sums import Window, filter_into, in_turn, is_whole, means_into
from faltung._ndimage_weighted import convolve1d
from faltung._operands import Array, without_mask


def uniform_filter1d(
    input: ArrayLike, size: int, axis: int = -1, output: Any = None, mode: str = "reflect", cval: complex = 0.0,
    origin: int = 0
) -> Array:
    """Mean of `size` samples along one axis: ``y[i] = mean of input[i - size // 2 - origin + j], j = 0 .. size - 1``.

    Parameters
    ----------
    input : array_like
        The samples.
    size : int
        How many samples are averaged.
    axis, output, mode, cval, origin
        As for `correlate1d`.

    Returns
    -------
    ndarray
        Of the input's shape; `output` itself, if that is an array.

    Raises
    ------
    RuntimeError
        For a size below 1, an unknown mode, or a type or shape that does not fit.
    ValueError
        For an origin that leaves the window, or an axis that is not there (AxisError).

    Notes
    -----
    No sum depends on what lies outside its window: a NaN, an infinity or a huge sample is forgotten when it leaves.

    Examples
    --------
    >>> from faltung import ndimage
    >>> ndimage.uniform_filter1d([3.0, 6.0, 9.0, 0.0], size=3)
    array([4., 6., 5., 3.])
    """
    x = without_mask(input, "input")
    along = axis_number(axis, x.ndim)
    if size < 1:
        raise RuntimeError("incorrect filter size")
    is_complex = x.dtype.kind == "c"
    result = output_array(output, x, is_complex)
    start = anchor((size - 1) // 2 - origin, size, "invalid origin")
    word = boundary(mode)
    constant = complex_constant(cval) if is_complex else real_constant(cval)
    window = Window("correlate", (along,), (index(start),), (word,), constant, is_type_named=True)
    means_into(result, x, (index(size),), window)
    return result


def uniform_filter(
    input: ArrayLike, size: Any = 3, output: Any = None, mode: Any = "reflect", cval: complex = 0.0, origin: Any = 0,
    *, axes: Any = None
) -> Array:
    """Mean of a box of samples: `uniform_filter1d` along one axis after the other.

    Parameters
    ----------
    input : array_like
        The samples.
    size : int or sequence of int, optional
        The box, along each axis. Along axes of size 1 or less nothing is done.
    output, cval
        As for `correlate`.
    mode, origin : optional
        As for `correlate`, but both may be sequences, of one value for each axis.
    axes : int or tuple of int, optional
        Which axes to filter along, in this order; all by default.

    Returns
    -------
    ndarray
        Of the input's shape; `output` itself, if that is an array.

    Raises
    ------
    RuntimeError, ValueError
        As `uniform_filter1d`; and for sequences that are not as long as `axes`.

    Examples
    --------
    >>> import numpy as np
    >>> from faltung import ndimage
    >>> ndimage.uniform_filter(np.array([[0.0, 0, 0], [0, 9, 0], [0, 0, 0]]), size=3, mode="constant")
    array([[1., 1., 1.],
           [1., 1., 1.],
           [1., 1., 1.]])
    """
    x = without_mask(input, "input")
    result = output_array(output, x, x.dtype.kind == "c")
    along = axis_numbers(axes, x.ndim)
    asked = zip(along, for_each(size, len(along)), for_each(origin, len(along)), for_each(mode, len(along)))
    each = [(axis, int(length), moved, word) for axis, length, moved, word in asked if length > 1]
    if each and x.dtype.kind == result.dtype.kind == "f":
        # Nothing is cut in between: one box, and one division.
        axes, sizes, origins, words = zip(*each)
        starts = [index(anchor((size - 1) // 2 - moved, size, "invalid origin")) for size, moved in zip(sizes, origins)]
        window = Window("correlate", axes, tuple(starts), tuple(map(boundary, words)), real_constant(cval), True)
        means_into(result, x, sizes, window)
        return result
    steps = [
        partial(uniform_filter1d, size=length, axis=axis, mode=word, cval=cval, origin=moved)
        for axis, length, moved, word in each
    ]
    return in_turn(x, result, steps)


def gaussian_filter1d(
    input: ArrayLike, sigma: float, axis: int = -1, order: int = 0, output: Any = None, mode: str = "reflect",
    cval: complex = 0.0, truncate: float = 4.0, *, radius: int | None = None
) -> Array:
    """Convolve along one axis with a Gaussian or a derivative of one.

    Parameters
    ----------
    input : array_like
        The samples.
    sigma : float
        Standard deviation, in samples.
    axis, output, mode, cval
        As for `correlate1d`.
    order : int, optional
        0 for the Gaussian, which is scaled so that its weights have the sum 1; n for its derivative of order n.
    truncate : float, optional
        After how many standard deviations the weights end.
    radius : int, optional
        How many weights there are on each side of the middle one; by default ``int(truncate * sigma + 0.5)``.

    Returns
    -------
    ndarray
        Of the input's shape; `output` itself, if that is an array.

    Raises
    ------
    ValueError
        For a negative order or radius; and as `correlate1d`.

    Notes
    -----
    Whole numbers that are the same everywhere, or rise evenly, stay so, where SciPy's sums of some standard deviations
    fall short of them by a rounding error, and are cut to one less.

    Examples
    --------
    >>> from faltung import ndimage
    >>> ndimage.gaussian_filter1d([0.0, 0, 1, 0, 0], sigma=1).round(3)
    array([0.058, 0.242, 0.399, 0.242, 0.058])
    """
    weights = gaussian_weights(sigma, order, gaussian_radius(sigma, truncate, radius))
    x = without_mask(input, "input")
    if order == 0 and x.dtype.kind != "c":
        output = output_array(output, x)
        if is_whole(output.dtype):
            # More than sums of so many terms can lose by rounding: what is 7 everywhere, stays 7 when it is cut.
            weights = weights * (1 + len(weights) * np.finfo(np.float64).eps)
    return convolve1d(x, weights, axis, output, mode, cval)


def gaussian_filter(
    input: ArrayLike, sigma: Any, order: Any = 0, output: Any = None, mode: Any = "reflect", cval: complex = 0.0,
    truncate: float = 4.0, *, radius: Any = None, axes: Any = None
) -> Array:
    """Convolve with a Gaussian or a derivative of one: `gaussian_filter1d` along one axis after the other.

    Parameters
    ----------
    input : array_like
        The samples.
    sigma : float or sequence of float
        Standard deviation, in samples, along each axis. Along axes of at most 1e-15 nothing is done.
    order, mode, radius : optional
        As for `gaussian_filter1d`; each may be a sequence, of one value for each axis.
    output, cval, truncate
        As for `gaussian_filter1d`.
    axes : int or tuple of int, optional
        Which axes to filter along, in this order; all by default.

    Returns
    -------
    ndarray
        Of the input's shape; `output` itself, if that is an array.

    Raises
    ------
    RuntimeError, ValueError
        As `gaussian_filter1d`; and for sequences that are not as long as `axes`.

    Notes
    -----
    With mode 'constant', each step has `cval` beyond the edges, also where the steps before would have changed it, as a
    derivative does. SciPy has it so.

    Examples
    --------
    >>> import numpy as np
    >>> from faltung import ndimage
    >>> ndimage.gaussian_filter(np.array([[0.0, 0, 0], [0, 1, 0], [0, 0, 0]]), sigma=0.5).round(3)
    array([[0.011, 0.084, 0.011],
           [0.084, 0.619, 0.084],
           [0.011, 0.084, 0.011]])
    """
    x = without_mask(input, "input")
    result = output_array(output, x)
    along = axis_numbers(axes, x.ndim)
    orders, sigmas = for_each(order, len(along)), for_each(sigma, len(along))
    modes, radii = for_each(mode, len(along)), for_each(radius, len(along))
    each = [(at, s, n, word, r) for at, s, n, word, r in zip(along, sigmas, orders, modes, radii) if s > 1e-15]
    if len(each) > 1 and x.size >= _LARGE and x.dtype == result.dtype in _AT_ONCE and _is_same_at_once(modes, cval):
        weights = [gaussian_weights(s, n, gaussian_radius(s, truncate, r)) for _, s, n, _, r in each]
        if np.prod([len(one) for one in weights]) <= _MOST_AT_ONCE:
            axes, words = tuple(at for at, *_ in each), tuple(boundary(word) for *_, word, _ in each)
            middles = tuple((len(one) - 1) // 2 for one in weights)
            window = Window("convolve", axes, middles, words, real_constant(cval))
            filter_into(result, x, reduce(np.multiply.outer, weights), window)
            return result
    steps = [
        partial(gaussian_filter1d, sigma=s, axis=at, order=n, mode=word, cval=cval, truncate=truncate, radius=r)
        for at, s, n, word, r in each
    ]
    return in_turn(x, result, steps)


#: Types between whose steps nothing is rounded that matters: the engine takes all steps in one pass over memory.
_AT_ONCE = (np.dtype(np.float32), np.dtype(np.float64))

#: Samples from which on a pass over memory for each axis would be felt. Fewer are smoothed step by step, to the bit as by
#: `gaussian_filter1d`.
_LARGE = 1 << 16

#: A product of more weights than this is not made.
_MOST_AT_ONCE = 1 << 14


def _is_same_at_once(modes: Any, cval: complex) -> bool:
    """Whether each step would have beyond the edges what the steps before make of what is there."""
    return cval == 0 or not any(word in ("constant", "grid-constant") for word in modes)
