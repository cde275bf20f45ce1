"""A filter with a finite response along one axis, which may go on where an earlier call has ended."""

from __future__ import annotations

from typing import overload

import numpy as np
from numpy.typing import ArrayLike

from ._operands import Array, result_type, run, without_mask

__all__ = ["lfilter_fir"]


@overload
def lfilter_fir(b: ArrayLike, x: ArrayLike, axis: int = -1, zi: None = None) -> Array: ...
@overload
def lfilter_fir(b: ArrayLike, x: ArrayLike, axis: int, zi: ArrayLike) -> tuple[Array, Array]: ...
@overload
def lfilter_fir(b: ArrayLike, x: ArrayLike, axis: int = -1, *, zi: ArrayLike) -> tuple[Array, Array]: ...
def lfilter_fir(
    b: ArrayLike, x: ArrayLike, axis: int = -1, zi: ArrayLike | None = None
) -> Array | tuple[Array, Array]:
    """Filter along an axis with the taps `b`: `scipy.signal.lfilter(b, 1, x, axis, zi)`.

    Computes ``y[t] = sum over k of b[k] * x[t - k]`` along `axis`, plus ``zi[t]`` for ``t < K - 1``.

    Parameters
    ----------
    b : (K,) array_like
        The taps, first the one for the newest sample.
    x : array_like
        The signal, n samples along `axis`.
    axis : int
        The axis to filter along; the others hold further signals.
    zi : array_like, optional
        What earlier samples add to the first K - 1 outputs: of `x`'s shape, with K - 1 in the place of n. Other axes of length 1 are
        repeated.

    Returns
    -------
    y : ndarray
        Of the shape of `x`: of the type that NumPy gives all operands, and at least float32; float64 for whole numbers.
    zf : ndarray
        With `zi` only: what these and the earlier samples will add to the next K - 1 outputs.

    Raises
    ------
    ValueError
        If `b` has not one dimension or is empty, `x` is a scalar or has no such axis, or `zi` has another shape.
    TypeError
        For extended precision and for objects.

    See Also
    --------
    Stream : for blocks as they come, and for long responses.

    Notes
    -----
    Differences from SciPy: float32 remains float32, where SciPy's ``a=1`` makes it float64; a NaN or an infinity reaches only the
    outputs that it is a term of, as there.

    Examples
    --------
    >>> import faltung
    >>> faltung.lfilter_fir([1, 2, 3], [1, 0, 0, 1])
    array([1., 2., 3., 1.])

    The same in two calls:

    >>> y, zf = faltung.lfilter_fir([1, 2, 3], [1, 0], zi=[0, 0])
    >>> y, zf
    (array([1., 2.]), array([3., 0.]))
    >>> faltung.lfilter_fir([1, 2, 3], [0, 1], zi=zf)
    (array([3., 1.]), array([2., 3.]))
    """
    taps, signal = without_mask(b, "b"), without_mask(x, "x")
    if taps.ndim > 1 or taps.size == 0:
        raise ValueError(f"b must have one dimension and at least one tap, but has shape {taps.shape}")
    taps = np.atleast_1d(taps)
    if signal.ndim == 0:
        raise ValueError("x must have at least one dimension, but is a scalar")
    if not -signal.ndim <= axis < signal.ndim:
        raise ValueError(f"selected axis is out of range: x has {signal.ndim} dimensions, and axis is {axis}")
    axis %= signal.ndim
    state = None if zi is None else _state(without_mask(zi, "zi"), signal.shape, axis, taps.size)
    operands = [taps, signal] if state is None else [taps, signal, state]
    dtype = result_type(*operands)
    dtype = np.dtype(np.float64) if dtype.kind in "bui" else np.result_type(dtype, np.float32)
    n = signal.shape[axis]
    along = (slice(None),) * axis
    if signal.size == 0:
        full = np.zeros((*signal.shape[:axis], n + taps.size - 1, *signal.shape[axis + 1 :]), dtype)
    else:
        full = run(signal.astype(dtype, copy=False), taps.astype(dtype, copy=False), axes=[axis])
    if state is None:
        return np.ascontiguousarray(full[along + (slice(n),)])
    full[along + (slice(taps.size - 1),)] += state
    return np.ascontiguousarray(full[along + (slice(n),)]), np.ascontiguousarray(full[along + (slice(n, None),)])


def _state(zi: Array, shape: tuple[int, ...], axis: int, taps: int) -> Array:
    """What earlier samples add, if it has the shape for it."""
    expected = (*shape[:axis], taps - 1, *shape[axis + 1 :])
    fits = zi.ndim == len(shape) and all(
        have == want or (have == 1 and at != axis) for at, (have, want) in enumerate(zip(zi.shape, expected))
    )
    if not fits:
        raise ValueError(f"Unexpected shape for zi: expected {expected}, found {zi.shape}.")
    return zi
