"""Long division of polynomials, under SciPy's name for it."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from ._operands import Array, result_type, run, without_mask


def deconvolve(signal: ArrayLike, divisor: ArrayLike) -> tuple[Array | list[float], Array]:
    """Divide one sequence by another, as polynomials are divided: the inverse of a full convolution.

    Finds `quotient` and `remainder` such that ``signal = convolve(divisor, quotient) + remainder``, the remainder
    having zeros where the quotient has samples, up to rounding.

    Parameters
    ----------
    signal : (n,) array_like
        The dividend.
    divisor : (k,) array_like
        The divisor; its first sample is not zero.

    Returns
    -------
    quotient : (n - k + 1,) ndarray
        Doubles, or complex; an empty list if the divisor is longer than the signal.
    remainder : (n,) ndarray
        Doubles, or complex; the signal itself if the divisor is longer.

    Raises
    ------
    ValueError
        If an operand is empty or has several dimensions, or if the divisor begins with zero.
    TypeError
        For extended precision and for objects.

    Notes
    -----
    This is exact division, not an estimate: where the divisor's later samples outweigh its first, errors
    of the signal grow without bounds along the quotient.

    Differences from SciPy: a divisor of one zero is refused like any other that begins with zero; a NaN beside whole
    numbers is no error.

    Examples
    --------
    >>> import faltung
    >>> quotient, remainder = faltung.deconvolve([2, 7, 9, 4], [2, 3])
    >>> quotient
    array([1. , 2. , 1.5])
    >>> remainder
    array([ 0. ,  0. ,  0. , -0.5])
    """
    dividend, by = (
        np.atleast_1d(without_mask(operand, name)) for operand, name in ((signal, "signal"), (divisor, "divisor"))
    )
    for operand, name in ((dividend, "signal"), (by, "divisor")):
        if operand.ndim != 1 or operand.size == 0:
            raise ValueError(f"Parameter {name} must be non-empty 1d array, but its shape is {operand.shape}!")
    if by.size > dividend.size:
        result_type(dividend, by)
        return [], dividend
    dtype = np.result_type(result_type(dividend, by), np.float64)
    if by[0] == 0:
        raise ValueError("BUG: filter coefficient a[0] == 0 not supported yet")
    rest, by = dividend.astype(dtype), by.astype(dtype)
    quotient = np.empty(dividend.size - by.size + 1, dtype)
    with np.errstate(all="ignore"):
        for i in range(quotient.size):
            quotient[i] = rest[i] / by[0]
            rest[i : i + by.size] -= quotient[i] * by
        return quotient, dividend - run(quotient, by, "direct")
