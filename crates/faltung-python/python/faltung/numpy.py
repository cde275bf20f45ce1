"""NumPy's `convolve` and `correlate`: one dimension, and the longer operand counts as the signal.

Import it as a module, for it bears the name of NumPy: ``import faltung``, then ``faltung.numpy.convolve(a, v)``.
"""

from __future__ import annotations

import operator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from . import _engine
from ._operands import MODES, Array, reversed_conjugate, run, without_mask

__all__ = ["convolve", "correlate"]

_ndarray = np.ndarray


def convolve(a: ArrayLike, v: ArrayLike, mode: str | int = "full") -> Array:
    """Convolve two sequences: ``y[i] = sum over j of a[j] * v[i - j]``.

    Parameters
    ----------
    a, v : array_like
        Sequences of n and k samples, neither of them empty.
    mode : {'full', 'same', 'valid'} or {2, 1, 0}
        Which part: all n + k - 1 samples; max(n, k) of them, from (min(n, k) - 1) // 2 on; or those for which no
        sample is missing. The longer sequence counts as the signal, whichever it is.

    Returns
    -------
    ndarray
        Of the type that NumPy gives the product; booleans are an OR of ANDs, whole numbers wrap modulo 2 to the
        number of bits.

    Raises
    ------
    ValueError
        If a sequence is empty or has several dimensions, or the mode is unknown.
    TypeError
        For objects and extended precision, and if the mode is neither a word nor a whole number.

    Notes
    -----
    Differences from ``numpy.convolve``: objects, times and extended precision are refused; masked samples
    are refused where NumPy drops the mask. As in NumPy, each sum is made of its own terms, so that errors are small
    beside them; `faltung.convolve` takes transforms for long sequences.

    Examples
    --------
    >>> import faltung
    >>> faltung.numpy.convolve([1, 2, 3], [0, 1, 0.5])
    array([0. , 1. , 2.5, 4. , 1.5])
    >>> faltung.numpy.convolve([1, 1], [1, 2, 3], "same")
    array([1, 3, 5])
    """
    if type(a) is _ndarray and a.ndim == 1:
        y = _engine.quick(a, v, mode, "convolve", "componentwise")
        if y is not None:
            return y
    x, weights = (np.array(without_mask(operand, name), ndmin=1, copy=None) for operand, name in ((a, "a"), (v, "v")))
    for operand, name in ((x, "a"), (weights, "v")):
        if len(operand) == 0:
            raise ValueError(f"{name} cannot be empty")
    word = _mode(mode)
    if len(weights) > len(x):
        x, weights = weights, x
    _expect_one_dimension(x, weights)
    return run(x, weights, operation="convolve", mode=word, accuracy="componentwise")


def correlate(a: ArrayLike, v: ArrayLike, mode: str | int = "valid") -> Array:
    """Correlate two sequences: ``y[i] = sum over j of a[i + j] * conj(v[j])``.

    Parameters
    ----------
    a, v : array_like
        Sequences of n and k samples, neither of them empty.
    mode : {'valid', 'same', 'full'} or {0, 1, 2}
        As in `convolve`, but 'valid' unless said otherwise. If `v` is the longer one, the result is the conjugate of
        the one with the operands exchanged, turned round: 'same' then starts at n // 2 in the full result.

    Returns
    -------
    ndarray
        As from `convolve`.

    Raises
    ------
    ValueError, TypeError
        As `convolve` does; also for single numbers, which are no sequences here.

    Notes
    -----
    Differences from ``numpy.correlate`` are those of `convolve`.

    Examples
    --------
    >>> import faltung
    >>> faltung.numpy.correlate([1, 2, 3], [0, 1, 0.5])
    array([3.5])
    >>> faltung.numpy.correlate([1, 2, 3], [0, 1, 0.5], "full")
    array([0.5, 2. , 3.5, 3. , 0. ])
    """
    if type(a) is _ndarray and a.ndim == 1:
        y = _engine.quick(a, v, mode, "correlate", "componentwise")
        if y is not None:
            return y
    word = _mode(mode)
    x, weights = without_mask(a, "a"), without_mask(v, "v")
    _expect_one_dimension(x, weights)
    for operand, name in ((x, "first"), (weights, "second")):
        if len(operand) == 0:
            raise ValueError(f"{name} array argument cannot be empty")
    if len(weights) <= len(x):
        return run(x, weights, operation="correlate", mode=word, accuracy="componentwise")
    anchor = len(x) // 2 if word == "same" else None
    swapped = reversed_conjugate(weights)
    return run(swapped, x, operation="convolve", mode=word, anchor=anchor, accuracy="componentwise")


def _expect_one_dimension(*arrays: Array) -> None:
    for array in arrays:
        if array.ndim == 0:
            raise ValueError("object of too small depth for desired array")
        if array.ndim > 1:
            raise ValueError("object too deep for desired array")


def _mode(mode: Any) -> str:
    """The mode's word, given that or its number."""
    if isinstance(mode, str):
        if mode in MODES:
            return mode
        if mode[:1].lower() in ("v", "s", "f"):
            raise ValueError("Use one of 'valid', 'same', or 'full' for convolve/correlate mode")
        raise ValueError(f"mode must be one of 'valid', 'same', or 'full' (got {mode!r})")
    try:
        number = operator.index(mode)
    except TypeError:
        number = None
    if number is None or isinstance(mode, bool):
        raise TypeError("convolve/correlate mode not understood")
    if number not in (0, 1, 2):
        raise ValueError("integer convolve/correlate mode must be 0, 1, or 2")
    return ("valid", "same", "full")[number]
