"""What the filters of `faltung.ndimage` are told, read as SciPy reads it: modes, axes, origins, constants and outputs.

Every refusal has the exception type and the text that programs written for SciPy expect. What is read here is handed to
`faltung._ndimage_sums`, in the engine's words.
"""

from __future__ import annotations

import math
import numbers
import operator
import warnings
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.exceptions import AxisError
from numpy.typing import ArrayLike, DTypeLike

from faltung._operands import Array

#: The engine's word for each of SciPy's. For filters the three "grid" modes are other names of modes that there are.
BOUNDARIES = {
    "reflect": "reflect",
    "grid-mirror": "reflect",
    "mirror": "mirror",
    "nearest": "nearest",
    "wrap": "wrap",
    "grid-wrap": "wrap",
    "constant": "constant",
    "grid-constant": "constant",
}


def boundary(mode: object) -> str:
    """The engine's word for one of SciPy's modes."""
    if not isinstance(mode, str) or mode not in BOUNDARIES:
        raise RuntimeError("boundary mode not supported")
    return BOUNDARIES[mode]


def for_each(value: Any, count: int) -> list[Any]:
    """One value `count` times, or the values of a sequence of that length. A text is one value."""
    if isinstance(value, str) or not np.iterable(value):
        return [value] * count
    values = list(value)
    if len(values) != count:
        raise RuntimeError("sequence argument must have length equal to input rank")
    return values


def axis_number(axis: Any, dimensions: int) -> int:
    """An axis counted from 0, or NumPy's AxisError."""
    if axis < -dimensions or axis >= dimensions:
        raise AxisError(axis, dimensions)
    return operator.index(axis) % dimensions


def axis_numbers(axes: Any, dimensions: int) -> tuple[int, ...]:
    """The axes to filter along, counted from 0, in the order given."""
    if axes is None:
        return tuple(range(dimensions))
    if np.isscalar(axes):
        return (axis_number(operator.index(axes), dimensions),)  # type: ignore[arg-type]
    if not isinstance(axes, Iterable):
        raise ValueError("axes must be an integer, iterable of integers, or None")
    given = [operator.index(axis) for axis in axes]
    for axis in given:
        if not -dimensions <= axis < dimensions:
            raise ValueError(f"specified axis: {axis} is out of range")
    found = tuple(axis % dimensions for axis in given)
    if len(set(found)) != len(found):
        raise ValueError("axes must be unique")
    return found


def anchor(start: Any, length: int, refusal: str) -> Any:
    """Where the result starts in the full one, if an origin left it there. It may still be a fraction."""
    if not 0 <= start < length:
        raise ValueError(refusal)
    return start


def real_constant(value: Any) -> float | int:
    """The constant beyond the edges of real data; a whole number stays whole, however large."""
    as_float = math.ldexp(value, 0)  # Refuses what is no real number, and texts, with the words SciPy's users know.
    return int(value) if isinstance(value, numbers.Integral) else as_float


def complex_constant(value: Any) -> complex:
    """The constant beyond the edges of complex data."""
    return complex(float(np.real(value)), float(np.imag(value)))


def output_array(output: Any, x: Array, is_complex: bool = False, stacklevel: int = 3) -> Array:
    """The array that the result goes to: a new one of the wanted type, or the one that was given.

    Parameters
    ----------
    output : None, dtype, str or array
        None asks for `x`'s type; where the result is complex, for one that holds both.
    x : ndarray
        The input, whose shape the result has.
    is_complex : bool
        Whether the result is complex. Then a real type is promoted, with a warning, and a real array refused.
    stacklevel : int
        Whose line the warning shows.
    """
    if output is None:
        name: DTypeLike = np.promote_types(x.dtype, np.complex64) if is_complex else x.dtype.name
        return np.empty(x.shape, name)
    if isinstance(output, (type, np.dtype)):
        if is_complex and np.dtype(output).kind != "c":
            warnings.warn("promoting specified output dtype to complex", stacklevel=stacklevel)
            output = np.promote_types(output, np.complex64)
        return np.empty(x.shape, output)
    if isinstance(output, str):
        dtype = np.dtype(output)
        if is_complex and dtype.kind != "c":
            raise RuntimeError("output must have complex dtype")
        if not issubclass(dtype.type, np.number) and dtype.name != "bfloat16":
            raise RuntimeError("output must have numeric dtype")
        return np.empty(x.shape, dtype)
    given = np.asarray(output)
    if given.shape != x.shape:
        raise RuntimeError("output shape not correct")
    if is_complex and given.dtype.kind != "c":
        raise RuntimeError("output must have complex dtype")
    return given


def weights_array(weights: ArrayLike) -> Array:
    """Weights as whole numbers, doubles or complex doubles; what else becomes a double, as SciPy has it."""
    array = np.asarray(weights)
    if array.dtype.kind == "c":
        return array.astype(np.complex128, copy=False)
    if array.dtype.kind == "b":
        return array.astype(np.uint8)
    return array if array.dtype.kind in "iu" else np.asarray(array, np.float64)


def gaussian_weights(sigma: Any, order: Any, radius: int) -> Array:
    """The Gaussian of standard deviation `sigma` at -radius .. radius, with sum 1, or its derivative of that order.

    The derivative of order n of a Gaussian g is q[n] * g with the polynomials (Hermite's, of scaled argument)
    ``q[0] = 1`` and ``q[n + 1] = -(x * q[n] + n * q[n - 1]) / sigma**2``, as follows from ``g' = -x / sigma**2 * g``.
    """
    if order < 0:
        raise ValueError("order must be non-negative")
    variance = sigma * sigma
    x = np.arange(-radius, radius + 1)
    gaussian: Array = np.exp(-0.5 / variance * x**2)
    gaussian = gaussian / gaussian.sum()
    before, polynomial = np.zeros(len(x)), np.ones(len(x))
    for n in range(0 if order == 0 else operator.index(order)):
        before, polynomial = polynomial, -(x * polynomial + n * before) / variance
    return polynomial * gaussian


def gaussian_radius(sigma: Any, truncate: Any, radius: Any) -> int:
    """How far the Gaussian's weights reach: as told, or to `truncate` standard deviations, rounded."""
    reach = int(truncate * float(sigma) + 0.5)
    if radius is not None:
        reach = radius
    if not isinstance(reach, numbers.Integral) or reach < 0:
        raise ValueError("Radius must be a nonnegative integer.")
    return int(reach)

