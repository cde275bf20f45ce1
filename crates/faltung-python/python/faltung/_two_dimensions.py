"""SciPy's functions for two dimensions."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ._operands import MODE_TEXT, MODES, Array, is_swap_needed, result_type, without_mask_of_weights
from ._slide import Options, exchanged, output_shape, slide


def convolve2d(in1: ArrayLike, in2: ArrayLike, mode: str = "full", boundary: str = "fill", fillvalue: Any = 0) -> Array:
    """Convolve two two-dimensional arrays, with a choice of what lies beyond the ends of the first.

    `convolve` does the same for any number of dimensions, with more boundaries.

    Parameters
    ----------
    in1, in2 : array_like
        Arrays of two dimensions.
    mode : {'full', 'valid', 'same'}
        As in `convolve`.
    boundary : {'fill', 'wrap', 'symm'}
        Beyond the ends of `in1` lies `fillvalue`; or `in1` again ('circular' is the same word); or its mirror image,
        the outermost samples repeated ('symmetric' is the same): the engine's 'constant', 'wrap' and 'reflect'.
    fillvalue : scalar
        For boundary 'fill'; a fraction is cut off where the result holds whole numbers.

    Returns
    -------
    ndarray
        Of the type that NumPy gives the product.

    Raises
    ------
    ValueError
        If an array has not two dimensions, a word is unknown, shapes do not fit, or `fillvalue` is not one number of
        the result's type.
    TypeError
        For extended precision and for objects.

    Notes
    -----
    The products are added up one by one, as in SciPy, so that errors are small beside each output's own
    terms. For large kernels `convolve`, which may use transforms, is faster.

    Differences from SciPy: booleans (an OR of ANDs) and halves are not refused; extended precision is. A mask of
    `in1` is kept. An empty `in1` can neither wrap nor be mirrored, which is a ValueError and not the end of the
    process.

    Examples
    --------
    >>> import faltung
    >>> faltung.convolve2d([[1, 2], [3, 4]], [[1, 1]], mode="same", boundary="wrap")
    array([[3, 3],
           [7, 7]])
    """
    return _in_two_dimensions(in1, in2, mode, boundary, fillvalue, "convolve")


def correlate2d(
    in1: ArrayLike, in2: ArrayLike, mode: str = "full", boundary: str = "fill", fillvalue: Any = 0
) -> Array:
    """Cross-correlate two two-dimensional arrays, with a choice of what lies beyond the ends of the first.

    Parameters, results and errors are those of `convolve2d`. Mode 'same' starts at k // 2 in the full result: for an
    even number of weights one later than `correlate`, as in SciPy.

    Notes
    -----
    Differences from SciPy: those of `convolve2d`; and where in mode 'valid' the second array is the
    larger one, the result is conjugated, as the definition has it and `correlate` does it.

    Examples
    --------
    >>> import faltung
    >>> faltung.correlate2d([[1, 2, 3]], [[1, 10]])
    array([[10, 21, 32,  3]])
    """
    return _in_two_dimensions(in1, in2, mode, boundary, fillvalue, "correlate")


_BOUNDARIES = {
    "fill": "constant",
    "pad": "constant",
    "wrap": "wrap",
    "circular": "wrap",
    "symm": "reflect",
    "symmetric": "reflect",
}


def _in_two_dimensions(
    in1: ArrayLike, in2: ArrayLike, mode: Any, boundary: Any, fillvalue: Any, operation: str
) -> Array:
    x, weights = np.asarray(in1), without_mask_of_weights(in2)
    if not x.ndim == weights.ndim == 2:
        raise ValueError(f"{operation}2d inputs must both be 2-D arrays")
    missing = np.ma.getmaskarray(in1) if isinstance(in1, np.ma.MaskedArray) else None
    anchor = [k // 2 if k else 0 for k in weights.shape] if operation == "correlate" and mode == "same" else None
    if is_swap_needed(mode, x.shape, weights.shape):
        if missing is not None:
            raise ValueError(
                "in2 is larger than in1, so that they would change places, but in1 has a mask: exchange the operands"
            )
        x, weights, operation = exchanged(x, weights, operation)
    if mode not in dict.fromkeys(MODES):
        raise ValueError(MODE_TEXT)
    if boundary == "reflect":
        raise ValueError("Incorrect boundary value.")
    if boundary not in dict.fromkeys(_BOUNDARIES):
        raise ValueError("Acceptable boundary flags are 'fill', 'circular' (or 'wrap'), and 'symmetric' (or 'symm').")
    beyond: Any = _BOUNDARIES[boundary]
    dtype = result_type(x, weights)
    if beyond == "constant":
        beyond = ("constant", _fill(fillvalue, dtype))
    if weights.size == 0 or x.size == 0:
        if x.size == 0 and weights.size and isinstance(beyond, str) and mode == "full":
            raise ValueError(f"in1 is empty, so there is nothing to {beyond}: choose boundary 'fill'")
        ends = beyond[1] * weights.sum(dtype=dtype) if isinstance(beyond, tuple) else 0
        return np.full(output_shape(x.shape, weights.shape, mode), ends, dtype)
    if mode == "full" and x.size < weights.size and beyond == ("constant", 0) and missing is None:
        x, weights, operation = exchanged(x, weights, operation)
    options = Options(boundary=beyond, anchor=anchor, accuracy="componentwise")
    y = slide(x, weights, missing, operation, mode, None, options, None)
    assert isinstance(y, np.ndarray)
    return y


def _fill(fillvalue: Any, dtype: np.dtype[Any]) -> complex:
    """The value beyond the ends, as a number that the result can hold."""
    fill = np.asarray(fillvalue)
    if fill.size == 0:
        raise ValueError("`fillvalue` cannot be an empty array.")
    if fill.size != 1:
        raise ValueError("`fillvalue` must be scalar or an array with one element.")
    value = fill.item()
    if isinstance(value, str):
        value = complex(value)
        value = value if value.imag else value.real
    fits = isinstance(value, (int, float, complex)) and (dtype.kind == "c" or not isinstance(value, complex))
    if fits and dtype.kind in "ui":
        limits = np.iinfo(dtype)
        fits = bool(limits.min - 1 < value < limits.max + 1)
        value = int(value) if fits else value
    if not fits:
        raise ValueError("could not cast `fillvalue` directly to the output type (it was first converted to complex).")
    return int(bool(value)) if dtype.kind == "b" else value
