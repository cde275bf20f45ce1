"""Sums of weighted samples in the types that SciPy's filters have.

Chooses the type to sum in, calls the engine, converts. SciPy sums everything in doubles and converts the sums to the
output's type. Here whole numbers with whole weights are summed exactly, singles in singles, and a conversion to whole
numbers is defined for all values: cut towards zero, then reduced modulo 2 to the number of bits; NaN and the infinities
become 0.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from faltung import _engine
from faltung._operands import Array

#: NumPy's real types that the engine computes in, by their characters.
SUPPORTED = "?bBhHiIlLqQefd"


@dataclass(frozen=True)
class Window:
    """Where the weights lie: along which axes, from which place of the full result on, and what is beyond the edges."""

    operation: str
    axes: tuple[int, ...]
    anchors: tuple[int, ...]
    boundaries: tuple[str, ...]
    cval: Any
    #: Whether a refusal of a type names it, as SciPy's one-dimensional filters do.
    is_type_named: bool = False

    def constant(self) -> Any:
        """The constant beyond the edges; 0 if there is none."""
        return self.cval if "constant" in self.boundaries else 0

    def options(self, constant: Any) -> dict[str, Any]:
        """The window in the engine's words, with the constant in the type of the samples."""
        return {
            "operation": self.operation,
            "mode": "same",
            "axes": list(self.axes),
            "anchor": list(self.anchors),
            "boundary": [("constant", constant) if word == "constant" else word for word in self.boundaries],
        }


def filter_into(output: Array, x: Array, weights: Array, window: Window) -> None:
    """Fill `output` with the sums that `weights` make of `x`; they may overlap."""
    if not window.axes:
        # No axis to slide along: the one weight is a factor.
        beside = replace(window, axes=(x.ndim,), anchors=(0,), boundaries=("nearest",))
        return filter_into(output[..., np.newaxis], x[..., np.newaxis], weights.reshape(1), beside)
    if x.dtype.kind == "c" and weights.dtype.kind == "c":
        return _complex_sums(output, x, weights, window)
    if x.dtype.kind == "c":
        return by_parts(output, x, window, lambda part, samples, at: real_sums(part, samples, weights, at))
    if weights.dtype.kind == "c":
        # Both parts are made before one is stored: the output may share memory with the input.
        imaginary = -weights.imag if window.operation == "correlate" else weights.imag
        parts = np.empty(x.shape, output.dtype.newbyteorder("="))
        real_sums(parts.real, x, weights.real, window)
        real_sums(parts.imag, x, imaginary, window)
        output[...] = parts
        return None
    return real_sums(output, x, weights, window)


def by_parts(output: Array, x: Array, window: Window, sums: Callable[[Array, Array, Window], None]) -> None:
    """Fill the real and the imaginary part of `output` with the sums of those of `x`."""
    cval = complex(window.cval)
    sums(output.real, x.real, replace(window, cval=cval.real))
    sums(output.imag, x.imag, replace(window, cval=cval.imag))


def _complex_sums(output: Array, x: Array, weights: Array, window: Window) -> None:
    refuse_unsupported(window, x.real, output.real)
    common = np.promote_types(x.dtype, output.dtype)
    _run_into(output, as_type(x, common), weights, window.options(complex(window.constant())))


def real_sums(output: Array, x: Array, weights: Array, window: Window) -> None:
    """Fill a real array with the sums that real weights make of real samples."""
    refuse_unsupported(window, x, output)
    if is_whole(x.dtype) and is_whole(output.dtype) and _whole_sums(output, x, weights, window):
        return
    samples, weights = as_type(x, float_type(x.dtype, output.dtype)), weights.astype(np.float64, copy=False)
    _run_into(output, samples, weights, window.options(float(window.constant())))


def _whole_sums(output: Array, x: Array, weights: Array, window: Window) -> bool:
    """Whole numbers from whole numbers. False, with nothing done, if the sums need floating point."""
    is_truth = output.dtype == np.bool_
    whole = whole_weights(weights)
    common = output.dtype.newbyteorder("=")
    if is_truth:
        # Bytes with a sign stop at their ends, so that no sum but zero is taken for zero.
        common = np.promote_types(x.dtype, np.int8)
    elif whole is None:
        common = np.promote_types(x.dtype, output.dtype)
    constant = window.constant()
    if common.kind == "f" or not math.isfinite(constant) or constant != int(constant):
        return False
    constant = int(constant)
    if whole is not None and not is_truth:
        # Sums modulo 2 to the number of bits are the same for a constant so reduced.
        constant = int(np.array(constant % 2**64, np.uint64).astype(common))
    if not np.iinfo(common).min <= constant <= np.iinfo(common).max:
        return False
    options = window.options(constant) | {"overflow": "saturate" if is_truth else "wrap", "rounding": "toward_zero"}
    if whole is None:
        # What is cut must not lie below a whole number by an error that comes of other, larger terms.
        options["accuracy"] = "componentwise"
    _run_into(output, as_type(x, common), weights if whole is None else whole, options)
    return True


def _run_into(output: Array, x: Array, weights: Array, options: dict[str, Any]) -> None:
    """Fill `output` with the engine's sums of `x` in its own type, in place where `output` has it."""
    refuse_read_only(output)
    is_same = output.dtype.newbyteorder("=") == x.dtype.newbyteorder("=")
    sums = _engine.run(x, weights, out=output if is_same else None, **options)
    if not is_same:
        store(output, sums)


def store(output: Array, values: Array) -> None:
    """Convert values to the output's type, defined for all of them."""
    refuse_read_only(output)
    if is_whole(output.dtype) and not is_whole(values.dtype):
        values = cut(values)
    if output.dtype == np.bool_:
        output[...] = values != 0
    else:
        with np.errstate(over="ignore"):
            output[...] = values


def cut(values: Array) -> Array:
    """Values cut towards zero, modulo 2 to the 64; 0 where they are not finite.

    >>> import numpy as np
    >>> cut(np.array([2.9, -1.5, 2.0**64 + 4096, np.nan])).view(np.int64)
    array([   2,   -1, 4096,    0])
    """
    finite = np.where(np.isfinite(values), values, 0).astype(np.float64, copy=False)
    size = np.fmod(np.trunc(np.abs(finite)), 2.0**64).astype(np.uint64)
    return np.where(finite < 0, -size, size)


def whole_weights(weights: Array) -> Array | None:
    """The weights as whole numbers, if all of them are."""
    if is_whole(weights.dtype):
        return weights
    if np.all(weights == np.trunc(weights)) and np.all(np.abs(weights) < 2.0**63):
        return weights.astype(np.int64)
    return None


def is_whole(dtype: np.dtype[Any]) -> bool:
    """Whether the type holds whole numbers only: booleans are 0 and 1."""
    return dtype.kind in "biu"


def float_type(x: np.dtype[Any], output: np.dtype[Any]) -> np.dtype[Any]:
    """The type to sum in where not all is whole: the wider of the two, and doubles where sums become whole numbers."""
    return np.dtype(np.float64) if is_whole(output) else np.promote_types(x, output)


def as_type(x: Array, dtype: np.dtype[Any]) -> Array:
    """The samples in another type; booleans are 0 and 1."""
    if x.dtype.newbyteorder("=") == dtype:
        return x
    return x.view(dtype) if x.dtype == np.bool_ and dtype.itemsize == 1 else x.astype(dtype)


def refuse_unsupported(window: Window, *arrays: Array) -> None:
    """SciPy's refusal of types that there is no real arithmetic for."""
    for array in arrays:
        if array.dtype.char not in SUPPORTED and array.dtype.name != "bfloat16":
            name = f" {array.dtype.newbyteorder('=')!r}" if window.is_type_named else ""
            raise RuntimeError(f"array type{name} not supported")


def refuse_read_only(output: Array) -> None:
    """SciPy's refusal of an output that cannot be written."""
    if not output.flags.writeable:
        raise ValueError("output array is read-only.")


def means_into(output: Array, x: Array, sizes: tuple[int, ...], window: Window) -> None:
    """Fill `output` with the means of boxes of such sizes; they may overlap."""
    if x.dtype.kind == "c":
        return by_parts(output, x, window, lambda part, samples, at: _real_means(part, samples, sizes, at))
    return _real_means(output, x, sizes, window)


def _real_means(output: Array, x: Array, sizes: tuple[int, ...], window: Window) -> None:
    refuse_unsupported(window, x, output)
    refuse_read_only(output)
    if is_whole(x.dtype) and is_whole(output.dtype) and _whole_means(output, x, sizes, window):
        return
    dtype = float_type(x.dtype, output.dtype)
    dtype = np.promote_types(dtype, np.float32)  # Means of halves are rounded once.
    # The weights are a power of two, which rounds nothing, and small enough for a window of the largest numbers.
    count = math.prod(sizes)
    weight = 0.5 ** math.ceil(math.log2(count))
    sums = output if output.dtype == dtype else np.empty(x.shape, dtype)
    _run_into(sums, as_type(x, dtype), np.full(sizes, weight), window.options(float(window.constant())))
    np.divide(sums, count * weight, out=sums)
    if sums is not output:
        store(output, sums)


def _whole_means(output: Array, x: Array, sizes: tuple[int, ...], window: Window) -> bool:
    """Means of whole numbers, cut towards zero. False, with nothing done, if a sum needs more than 64 bits."""
    constant = window.constant()
    samples = as_type(x, np.dtype(np.uint8)) if x.dtype == np.bool_ else x
    limits = np.iinfo(samples.dtype)
    if not math.isfinite(constant) or constant != int(constant) or not limits.min <= constant <= limits.max:
        return False
    count = math.prod(sizes)
    try:
        sums = _engine.run(samples, np.ones(sizes, np.uint8), overflow="widen", **window.options(int(constant)))
    except OverflowError:
        return False
    divisor = np.array(count, np.min_scalar_type(count))
    if sums.dtype.kind == "i":
        # Towards zero, where the division is downwards.
        sums -= np.fmod(sums, divisor)
    np.floor_divide(sums, divisor, out=sums)
    store(output, sums)
    return True


def in_turn(x: Array, output: Array, steps: Sequence[Callable[..., object]]) -> Array:
    """Take one step after the other, each from the results of the one before; copy if there is none.

    Booleans are numbers until the last step is done, as what is cut to 0 and 1 in between has lost its sign.
    """
    if not steps:
        output[...] = x
        return output
    is_truth = output.dtype == np.bool_ and len(steps) > 1
    between = np.empty(output.shape, np.int32) if is_truth else output
    for step in steps[:-1]:
        # Into memory of its own: what is written where it is read would have to be copied first.
        made = np.empty_like(between)
        step(x, output=made)
        x = made
    steps[-1](x, output=between)
    if is_truth:
        store(output, between)
    return output
