"""Questions about a convolution: which method, which lags."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from . import _engine
from ._operands import MODES, Array, without_mask_of_weights
from ._slide import Options, is_direct_only, long_way


def choose_conv_method(
    in1: ArrayLike,
    in2: ArrayLike,
    mode: str = "full",
    measure: bool = False,
) -> str | tuple[str, dict[str, float]]:
    """Which of 'direct' and 'fft' is the faster way to convolve two arrays.

    `convolve` needs no advice: its method 'auto' chooses among more than these two. The function exists for programs
    that ask.

    Parameters
    ----------
    in1, in2 : array_like
        The operands.
    mode : {'full', 'valid', 'same'}
        The mode that they are to be convolved in.
    measure : bool
        Try both, and time them.

    Returns
    -------
    method : {'direct', 'fft'}
        'direct' for booleans and for whole numbers whose sums doubles cannot hold exactly, and else what the engine
        plans: 'direct' stands for all its algorithms without transforms.
    times : dict of str to float
        With `measure` only: seconds that either took.

    Raises
    ------
    ValueError
        If the mode is unknown.

    Notes
    -----
    Differences from SciPy: the choice is the engine's. The most negative whole number of a type counts
    with its true size, where SciPy takes its absolute value in that type, which is negative, and advises 'fft' for
    sums that it cannot hold. A NaN beside whole numbers is no error.

    Examples
    --------
    >>> import faltung
    >>> faltung.choose_conv_method([1.0, 2.0, 3.0], [1.0, 1.0])
    'direct'
    """
    x, weights = np.asarray(in1), without_mask_of_weights(in2)
    if measure:
        times = {
            method: _seconds(lambda: long_way(x, weights, mode, method, "convolve", Options()))
            for method in ("fft", "direct")
        }
        return ("fft" if times["fft"] < times["direct"] else "direct"), times
    if is_direct_only(x, weights):
        return "direct"
    if mode not in MODES:
        raise ValueError(f"Acceptable mode flags are 'valid', 'same', or 'full', not mode={mode}")
    return "fft" if _prefers_transform(x, weights, mode) else "direct"


def _prefers_transform(x: Array, weights: Array, mode: str) -> bool:
    """Whether the engine would choose one of its transforms."""
    if x.ndim != weights.ndim or x.ndim == 0 or x.size == 0 or weights.size == 0:
        return False
    if mode == "valid" and not all(n >= k for n, k in zip(x.shape, weights.shape)):
        x, weights = weights, x
    dtype = np.result_type(x, weights)
    if dtype.char in "gG" or any(n < k for n, k in zip(x.shape, weights.shape)) and mode == "valid":
        return False
    plan = _engine.Plan(
        list(x.shape),
        weights.view(np.uint8) if weights.dtype == np.bool_ else weights,
        dtype,
        mode=mode,
        overflow="wrap",
    )
    return plan.algorithm in ("fft", "overlap_save")


def _seconds(call: Callable[[], object]) -> float:
    """The shortest of some runs."""
    best = np.inf
    started = time.perf_counter()
    while best == np.inf or time.perf_counter() - started < 0.02:
        before = time.perf_counter()
        call()
        best = min(best, time.perf_counter() - before)
    return best


def correlation_lags(in1_len: int, in2_len: int, mode: str = "full") -> Array:
    """The lag of each output of `correlate` in one dimension: by how many samples `in1` comes later than `in2`.

    Parameters
    ----------
    in1_len, in2_len : int
        Lengths of the operands.
    mode : {'full', 'valid', 'same'}
        The mode that they were correlated in.

    Returns
    -------
    ndarray
        Whole numbers, one for each output: the output at lag l is the sum of ``in1[i + l] * conj(in2[i])``.

    Raises
    ------
    ValueError
        If the mode is unknown.

    Notes
    -----
    Differences from SciPy: in mode 'same', for a signal of odd length and a kernel of even length,
    SciPy's lags are one more than those of the outputs that its `correlate` returns. These are right.

    Examples
    --------
    >>> import faltung
    >>> faltung.correlation_lags(3, 2)
    array([-1,  0,  1,  2])
    >>> lags = faltung.correlation_lags(3, 2, mode="same")
    >>> lags
    array([-1,  0,  1])
    >>> faltung.correlate([0, 1, 0], [1, 0], mode="same")
    array([0, 0, 1])
    """
    if mode == "full":
        return np.arange(1 - in2_len, in1_len)
    if mode == "same":
        first = max(in2_len - 1, 0) // 2 - in2_len + 1
        return np.arange(first, first + in1_len)
    if mode == "valid":
        return np.arange(min(in1_len - in2_len, 0), max(in1_len - in2_len, 0) + 1)
    raise ValueError(f"Mode {mode} is invalid")
