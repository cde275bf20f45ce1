"""What SciPy and NumPy let in, made ready for the engine, which takes arrays of numbers only.

Which types are refused, which type the result has, what becomes of booleans and masks, and when two operands change
places: the conventions that all functions of `faltung._signal` share.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _engine

Array = NDArray[Any]
Answer = TypeVar("Answer")

#: The three modes, and the text that SciPy refuses others with.
MODES = ("full", "same", "valid")
MODE_TEXT = "Acceptable mode flags are 'valid', 'same', or 'full'."


class Estimate(NamedTuple):
    """A result together with what is known about it.

    Attributes
    ----------
    values : ndarray
        The convolution, or a masked array where the input was one.
    coverage : ndarray or None
        For each output, the share of the kernel's absolute weight that lay on samples that were there: 1 where none
        was missing, 0 where all were. None unless asked for.
    variance : ndarray or None
        For each output, the variance that independent errors of the samples give it. None unless `variance` was given.
    """

    values: Array
    coverage: Array | None
    variance: Array | None


def result_type(*arrays: Array) -> np.dtype[Any]:
    """The type that NumPy gives a product of `arrays`, if the engine can compute in it."""
    for array in arrays:
        dtype = array.dtype
        if dtype.char in "gG":
            double = "complex128" if dtype.char == "G" else "float64"
            raise TypeError(
                f"{dtype} is not supported, as sums are made in double precision at most: if that is enough, "
                f"convert with astype({double!r})"
            )
        if dtype.kind == "O":
            raise TypeError("arrays of objects are not supported: convert them to numbers with astype")
        if dtype.kind not in "buifc" and dtype.name != "bfloat16":
            raise TypeError(f"an array of {dtype} cannot be convolved: give an array of numbers")
    return np.result_type(*(array.dtype for array in arrays))


def without_mask(operand: ArrayLike, name: str) -> Array:
    """The operand as an array; a masked one only if nothing is masked."""
    if isinstance(operand, np.ma.MaskedArray):
        if np.ma.is_masked(operand):
            raise ValueError(
                f"{name} has masked samples, which this function cannot leave out: faltung.convolve and "
                "faltung.correlate take masks of in1; fill the others with filled()"
            )
        return np.asarray(operand.data)
    return np.asarray(operand)


def without_mask_of_weights(operand: ArrayLike) -> Array:
    """The weights as an array; masked ones only if nothing is masked."""
    if isinstance(operand, np.ma.MaskedArray) and np.ma.is_masked(operand):
        raise ValueError("in2 has masked weights: a kernel has to be known completely; fill it with filled(0), say")
    return np.asarray(operand)


#: What the weights are divided by, in the engine's words.
_NORMALIZATIONS = {False: "none", True: "sum", "sum": "sum", "absolute_sum": "absolute_sum"}


def normalization(normalize_kernel: object) -> str:
    """The engine's word for what becomes of the kernel's sum."""
    if isinstance(normalize_kernel, (bool, np.bool_, str)) and normalize_kernel in _NORMALIZATIONS:
        return _NORMALIZATIONS[normalize_kernel]
    raise ValueError(f"normalize_kernel must be False, True, 'sum' or 'absolute_sum', not {normalize_kernel!r}")


def is_swap_needed(
    mode: object, shape1: Sequence[int], shape2: Sequence[int], axes: Sequence[int] | None = None
) -> bool:
    """Whether in2 is the larger one in mode 'valid', along all of `axes`."""
    if not (isinstance(mode, str) and mode == "valid") or not shape1:
        return False
    if axes is None:
        axes = range(min(len(shape1), len(shape2)))
    if all(shape1[axis] >= shape2[axis] for axis in axes):
        return False
    if all(shape1[axis] <= shape2[axis] for axis in axes):
        return True
    raise ValueError("For 'valid' mode, one must be at least as large as the other in every dimension")


def reversed_conjugate(weights: Array) -> Array:
    """The weights that convolve as `weights` correlate."""
    turned = np.flip(weights)
    return np.conj(turned) if turned.dtype.kind == "c" else turned


def axes_of(axes: object, dimensions: int) -> list[int]:
    """Axes as numbers from 0 on, or SciPy's refusals."""
    if isinstance(axes, (int, np.integer)):
        numbers = [int(axes)]
    else:
        try:
            numbers = [axis.__index__() for axis in axes]  # type: ignore[attr-defined]
        except (TypeError, AttributeError):
            raise ValueError("axes must be a scalar or iterable of integers") from None
    numbers = [axis + dimensions if axis < 0 else axis for axis in numbers]
    if any(not 0 <= axis < dimensions for axis in numbers):
        raise ValueError("axes exceeds dimensionality of input")
    if len(set(numbers)) != len(numbers):
        raise ValueError("all axes must be unique")
    if not numbers:
        raise ValueError("when provided, axes cannot be empty")
    return numbers


def run(x: Array, weights: Array, algorithm: str | None = None, out: Array | None = None, **options: Any) -> Array:
    """The engine's answer in the type that NumPy gives the product of `x` and `weights`.

    Booleans are counted in bytes that stop at 255, and then asked whether there was any: an OR of ANDs. 'fft' is a
    wish: where the engine refuses it (one weight, whole numbers that would be rounded), it chooses for itself.
    """
    dtype = result_type(x, weights)
    if dtype == np.bool_:
        options["overflow"] = "saturate"
        counts = run(_bytes(x), _bytes(weights), algorithm, None if out is None else _bytes(out), **options)
        np.minimum(counts, 1, out=counts)
        return counts.view(np.bool_) if out is None else out
    if x.dtype.newbyteorder("=") != dtype:
        x = x.astype(dtype)
    if weights.dtype == np.bool_:
        weights = _bytes(weights)
    if weights.dtype.kind not in "bui" and options.get("mode", "full") != "valid" and not np.isfinite(weights).all():
        return deliver(_with_unsound_weights(x, weights, algorithm, options), out)
    return _asked(x, weights, algorithm, out, options)


def _asked(x: Array, weights: Array, algorithm: str | None, out: Array | None, options: dict[str, Any]) -> Array:
    return as_wished(algorithm, lambda algorithm: _engine.run(x, weights, algorithm=algorithm, out=out, **options))


def as_wished(algorithm: str | None, call: Callable[[str | None], Answer]) -> Answer:
    """The engine's answer, by another algorithm if it refuses 'fft'."""
    if algorithm == "fft":
        try:
            return call(algorithm)
        except ValueError:
            algorithm = None
    return call(algorithm)


def _with_unsound_weights(x: Array, weights: Array, algorithm: str | None, options: dict[str, Any]) -> Array:
    """With weights that are NaN or infinite, which reach only the outputs where they lie on a sample.

    To the engine the zeros beyond the ends are samples like others, and NaN times zero is NaN. To SciPy there is
    nothing beyond the ends, and either operand may be the one with the gaps.
    """
    finite = np.isfinite(weights)
    sound = _asked(x, np.where(finite, weights, weights.dtype.type(0)), algorithm, None, options)
    present = {**options, "boundary": replace_constants(options.get("boundary", "constant"), ones=True)}
    reached = run(np.ones(x.shape, np.bool_), ~finite, None, **present)
    return np.where(reached, _asked(x, weights, None, None, options), sound)


def replace_constants(boundary: Any, ones: bool) -> Any:
    """A boundary of the same geometry: zeros beyond the ends or, if `ones`, 1 where the constant is not zero."""
    if isinstance(boundary, str):
        return boundary
    if isinstance(boundary, tuple) and len(boundary) == 2 and not isinstance(boundary[1], (str, tuple)):
        return ("constant", 1) if ones and boundary[1] != 0 else "constant"
    return [replace_constants(one, ones) for one in boundary]


def _bytes(array: Array) -> Array:
    if not isinstance(array, np.ndarray) or array.dtype != np.bool_:
        raise TypeError("out does not hold what the result is: give an array of bool")
    return array.view(np.uint8)


def deliver(result: Array, out: Array | None) -> Array:
    """The result, in `out` if there is one of its type and shape."""
    if out is None:
        return result
    if not isinstance(out, np.ndarray):
        raise TypeError(f"out must be a numpy array, not {type(out).__name__}")
    if out.dtype.newbyteorder("=") != result.dtype:
        raise TypeError(f"out holds {out.dtype}, but the result is {result.dtype}: give an array of that type")
    if out.shape != result.shape:
        raise ValueError(
            f"out has shape {out.shape}, but the result has shape {result.shape}: give an array of that shape"
        )
    out[...] = result
    return out
