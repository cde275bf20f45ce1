"""`faltung.ndimage`: first and second derivatives, and sums of them over axes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from faltung._ndimage_options import axis_number, axis_numbers, for_each, output_array
from faltung._ndimage_smooth import gaussian_filter
from faltung._ndimage_sums import in_turn, refuse_read_only
from faltung._ndimage_weighted import correlate1d
from faltung._operands import Array, without_mask


def prewitt(input: ArrayLike, axis: int = -1, output: Any = None, mode: Any = "reflect", cval: complex = 0.0) -> Array:
    """Slope along one axis: correlation with [-1, 0, 1] along it, and with [1, 1, 1] along all others.

    Parameters
    ----------
    input : array_like
        The samples.
    axis : int, optional
        The axis of the slope.
    output, cval
        As for `correlate`.
    mode : str or sequence of str, optional
        As for `correlate`, or one for each of the input's axes.

    Returns
    -------
    ndarray
        Of the input's shape; `output` itself, if that is an array. Unsigned types have no room for falling slopes: give
        a signed `output`.

    Raises
    ------
    RuntimeError, ValueError
        As `correlate1d`.

    Examples
    --------
    >>> from faltung import ndimage
    >>> ndimage.prewitt([[1, 2, 4], [1, 2, 4]])
    array([[3, 9, 6],
           [3, 9, 6]])
    """
    return _slope(input, axis, output, mode, cval, [1, 1, 1])


def sobel(input: ArrayLike, axis: int = -1, output: Any = None, mode: Any = "reflect", cval: complex = 0.0) -> Array:
    """Slope along one axis: correlation with [-1, 0, 1] along it, and with [1, 2, 1] along all others.

    Parameters, result and errors are those of `prewitt`.

    Examples
    --------
    >>> from faltung import ndimage
    >>> ndimage.sobel([[1, 2, 4], [1, 2, 4]])
    array([[ 4, 12,  8],
           [ 4, 12,  8]])
    """
    return _slope(input, axis, output, mode, cval, [1, 2, 1])


def _slope(input: ArrayLike, axis: Any, output: Any, mode: Any, cval: Any, across: list[int]) -> Array:
    x = without_mask(input, "input")
    along = axis_number(axis, x.ndim)
    result = output_array(output, x, stacklevel=4)
    modes = for_each(mode, x.ndim)
    steps = [partial(correlate1d, weights=[-1, 0, 1], axis=along, mode=modes[along], cval=cval)]
    for other in range(x.ndim):
        if other != along:
            steps.append(partial(correlate1d, weights=across, axis=other, mode=modes[other], cval=cval))
    return in_turn(x, result, steps)


def generic_laplace(
    input: ArrayLike, derivative2: Callable[..., Any], output: Any = None, mode: Any = "reflect",
    cval: complex = 0.0, extra_arguments: Iterable[Any] = (), extra_keywords: Mapping[str, Any] | None = None, *,
    axes: Any = None
) -> Array:
    """Sum of second derivatives along all axes, by a function of your own.

    Parameters
    ----------
    input : array_like
        The samples.
    derivative2 : callable
        ``derivative2(input, axis, output, mode, cval, *extra_arguments, **extra_keywords)``. For the first axis,
        `output` is the array to fill; for the others it is a dtype, and what the function returns is added.
    output, cval
        As for `correlate`.
    mode : str or sequence of str, optional
        As for `correlate`, or one for each of `axes`.
    extra_arguments, extra_keywords : optional
        What else to hand to `derivative2`.
    axes : int or tuple of int, optional
        Which axes to sum over; all by default. If there is none, the result is a copy.

    Returns
    -------
    ndarray
        Of the input's shape; `output` itself, if that is an array.

    Examples
    --------
    >>> import numpy as np
    >>> from faltung import ndimage
    >>> def second(input, axis, output, mode, cval):
    ...     return ndimage.correlate1d(input, [1, -2, 1], axis, output, mode, cval)
    >>> ndimage.generic_laplace(np.array([0, 1, 4, 9, 16]), second)
    array([ 1,  2,  2,  2, -7])
    """
    return _over_axes(input, derivative2, output, mode, cval, extra_arguments, extra_keywords, axes, is_magnitude=False)


def generic_gradient_magnitude(
    input: ArrayLike, derivative: Callable[..., Any], output: Any = None, mode: Any = "reflect", cval: complex = 0.0,
    extra_arguments: Iterable[Any] = (), extra_keywords: Mapping[str, Any] | None = None, *, axes: Any = None
) -> Array:
    """Root of the sum of squares of derivatives along all axes, by a function of your own.

    Parameters are those of `generic_laplace`; what `derivative` returns is squared in place.

    Examples
    --------
    >>> import numpy as np
    >>> from faltung import ndimage
    >>> ndimage.generic_gradient_magnitude(np.array([[0.0, 3.0], [4.0, 7.0]]), ndimage.prewitt)
    array([[15., 15.],
           [15., 15.]])
    """
    return _over_axes(input, derivative, output, mode, cval, extra_arguments, extra_keywords, axes, is_magnitude=True)


def _over_axes(
    input: ArrayLike, derivative: Callable[..., Any], output: Any, mode: Any, cval: Any,
    extra_arguments: Iterable[Any], extra_keywords: Mapping[str, Any] | None, axes: Any, *, is_magnitude: bool
) -> Array:
    """Sum, or root of the sum of squares, of what `derivative` makes along each axis."""
    x = without_mask(input, "input")
    result = output_array(output, x, stacklevel=4)
    along = axis_numbers(axes, x.ndim)
    if not along:
        result[...] = x
        return result
    refuse_read_only(result)
    # The first result is in place: the input must outlive it.
    x = x.copy() if len(along) > 1 and np.may_share_memory(x, result) else x
    keywords = extra_keywords or {}
    for number, (axis, word) in enumerate(zip(along, for_each(mode, len(along)))):
        target: Any = result if number == 0 else result.dtype
        slope = derivative(x, axis, target, word, cval, *extra_arguments, **keywords)
        slope = result if number == 0 else slope
        if is_magnitude:
            np.multiply(slope, slope, out=slope)
        if number:
            np.add(result, slope, out=result)
    if is_magnitude:
        np.sqrt(result, out=result, casting="unsafe")
    return result


def laplace(
    input: ArrayLike, output: Any = None, mode: Any = "reflect", cval: complex = 0.0, *, axes: Any = None
) -> Array:
    """Sum of second differences along all axes: correlations with [1, -2, 1].

    Parameters
    ----------
    input : array_like
        The samples.
    output, cval
        As for `correlate`.
    mode : str or sequence of str, optional
        As for `correlate`, or one for each of `axes`.
    axes : int or tuple of int, optional
        Which axes to sum over; all by default. If there is none, the result is a copy.

    Returns
    -------
    ndarray
        Of the input's shape; `output` itself, if that is an array.

    Raises
    ------
    RuntimeError, ValueError
        As `correlate1d`.

    Examples
    --------
    >>> from faltung import ndimage
    >>> ndimage.laplace([[0, 0, 0], [0, 1, 0], [0, 0, 0]])
    array([[ 0,  1,  0],
           [ 1, -4,  1],
           [ 0,  1,  0]])
    """

    def second(samples: Array, axis: int, output: Any, mode: Any, cval: Any) -> Array:
        return correlate1d(samples, [1, -2, 1], axis, output, mode, cval)

    return generic_laplace(input, second, output, mode, cval, axes=axes)


def gaussian_laplace(
    input: ArrayLike, sigma: Any, output: Any = None, mode: Any = "reflect", cval: complex = 0.0, *,
    axes: Any = None, **kwargs: Any
) -> Array:
    """Sum of second derivatives along all axes, of the array smoothed with a Gaussian.

    Parameters
    ----------
    input : array_like
        The samples.
    sigma : float or sequence of float
        Standard deviation, in samples, along each of `axes`; if these are all axes, in the order of the input's.
    output, mode, cval, axes
        As for `laplace`. Along axes that are not in `axes`, nothing is smoothed.
    **kwargs
        `truncate` and `radius` of `gaussian_filter`.

    Returns
    -------
    ndarray
        Of the input's shape; `output` itself, if that is an array.

    Raises
    ------
    RuntimeError, ValueError
        As `gaussian_filter`.

    Examples
    --------
    >>> from faltung import ndimage
    >>> ndimage.gaussian_laplace([0.0, 0, 1, 0, 0], sigma=1).round(3)
    array([ 0.197,  0.002, -0.399,  0.002,  0.197])
    """
    x = without_mask(input, "input")
    along = axis_numbers(axes, x.ndim)
    sigmas = for_each(sigma, len(along))
    if len(along) < x.ndim:
        of_axis = dict(zip(along, sigmas))
        sigmas = [of_axis.get(axis, 0) for axis in range(x.ndim)]
    return generic_laplace(x, _gaussian_slope(2), output, mode, cval, (sigmas,), kwargs, axes=along)


def gaussian_gradient_magnitude(
    input: ArrayLike, sigma: Any, output: Any = None, mode: Any = "reflect", cval: complex = 0.0, *,
    axes: Any = None, **kwargs: Any
) -> Array:
    """Length of the gradient of the array smoothed with a Gaussian.

    Parameters
    ----------
    input : array_like
        The samples.
    sigma : float or sequence of float
        Standard deviation, in samples, along each axis of the input.
    output, mode, cval, axes
        As for `laplace`. As in SciPy, all axes are smoothed, also those that are not in `axes`.
    **kwargs
        `truncate` and `radius` of `gaussian_filter`.

    Returns
    -------
    ndarray
        Of the input's shape; `output` itself, if that is an array.

    Raises
    ------
    RuntimeError, ValueError
        As `gaussian_filter`.

    Examples
    --------
    >>> import numpy as np
    >>> from faltung import ndimage
    >>> ndimage.gaussian_gradient_magnitude(2 * np.arange(12.0), sigma=1)[5:7].round(2)
    array([2., 2.])
    """
    return generic_gradient_magnitude(input, _gaussian_slope(1), output, mode, cval, (sigma,), kwargs, axes=axes)


def _gaussian_slope(order: int) -> Callable[..., Array]:
    """A Gaussian filter with a derivative of that order along one axis, for the generic filters."""

    def slope(samples: Array, axis: int, output: Any, mode: Any, cval: Any, sigma: Any, **kwargs: Any) -> Array:
        orders = [order if other == axis else 0 for other in range(samples.ndim)]
        return gaussian_filter(samples, sigma, orders, output, mode, cval, **kwargs)

    return slope
