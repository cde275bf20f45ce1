"""Upsampling, filtering and downsampling in one step, under SciPy's name for it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ._operands import Array, result_type, run, without_mask

#: SciPy's words for boundaries that the engine has, and the engine's.
_BOUNDARIES = {"constant": "constant", "wrap": "wrap", "edge": "nearest", "symmetric": "reflect", "reflect": "mirror"}
#: Those by which the signal is extended here.
_EXTENSIONS = ("smooth", "antisymmetric", "antireflect", "line")


def upfirdn(
    h: ArrayLike,
    x: ArrayLike,
    up: int = 1,
    down: int = 1,
    axis: int = -1,
    mode: str = "constant",
    cval: complex = 0,
) -> Array:
    """Put zeros between samples, convolve with a filter, and keep every `down`-th output, computing no others.

    Computes ``y[i] = sum over j of h[j] * xu[i * down - j]``, where ``xu`` is the signal with up - 1 zeros after each
    sample but the last.

    Parameters
    ----------
    h : (k,) array_like
        The filter's weights.
    x : array_like
        The signal, n samples along `axis`.
    up, down : int
        The rates, 1 or more.
    axis : int
        The axis to filter along; the others hold further signals.
    mode : str
        What lies beyond the ends of the signal, before zeros are put between its samples: 'constant' (`cval`),
        'edge', 'wrap', 'symmetric' (``dcba|abcd|dcba``), 'reflect' (``dcb|abcd|cba``, the engine's 'mirror');
        'antisymmetric' and 'antireflect', the same turned upside down, about zero and about the end; 'smooth', on
        along the slope of the last two samples; 'line', along the line through the first and the last one.
    cval : scalar
        For mode 'constant'.

    Returns
    -------
    ndarray
        ``((n - 1) * up + k - 1) // down + 1`` samples along `axis`: float32, float64 or complex, the type of the
        product, and at least float32.

    Raises
    ------
    ValueError
        If `h` has not one dimension or is empty, a rate is less than 1, or the mode is unknown.
    IndexError
        If `x` has no such axis.
    TypeError
        For extended precision and objects, and if `cval` is complex and the data are not.

    Notes
    -----
    Differences from SciPy: a signal of one sample is repeated where its mode asks for more of them: SciPy
    ends the process for 'reflect' and 'antireflect', reads beside the array for 'smooth', and gives NaNs for 'line'.

    Examples
    --------
    >>> import faltung
    >>> faltung.upfirdn([1, 1, 1], [1, 2, 3], up=3)
    array([1., 1., 1., 2., 2., 2., 3., 3., 3.])
    >>> faltung.upfirdn([0.5, 1, 0.5], [2, 4, 6], up=2, down=3)
    array([1., 4., 3.])
    """
    signal, weights = without_mask(x, "x"), without_mask(h, "h")
    if weights.ndim != 1 or weights.size == 0:
        raise ValueError("h must be 1-D with non-zero length")
    result_type(weights, signal)
    dtype = np.result_type(weights.dtype, signal.dtype, np.float32)
    up, down = int(up), int(down)
    if up < 1 or down < 1:
        raise ValueError("Both up and down must be >= 1")
    n, k = signal.shape[axis], weights.size
    outputs = ((n - 1) * up + k - 1) // down + 1
    axis %= signal.ndim
    mode = mode.lower()
    if mode not in _BOUNDARIES and mode not in _EXTENSIONS:
        raise ValueError(f"Unknown mode: {mode}")
    fill = complex(cval) if dtype.kind == "c" else math.fsum((cval,))  # type: ignore[arg-type]
    signal, weights = signal.astype(dtype, copy=False), weights.astype(dtype, copy=False)
    if signal.size == 0:
        return np.zeros((*signal.shape[:axis], outputs, *signal.shape[axis + 1 :]), dtype)
    options: dict[str, Any] = {"axes": [axis], "upsample": up, "stride": down}
    if mode in _BOUNDARIES:
        boundary = ("constant", fill) if mode == "constant" else _BOUNDARIES[mode]
        return run(signal, weights, boundary=boundary, **options)
    # Enough samples on the left for all weights, and such a number that the outputs wanted are among those computed.
    step = down // math.gcd(up, down)
    before = -(-(k - 1) // up)
    left = -(-before // step) * step
    y = run(_extended(signal, left, before, axis, mode), weights, **options)
    first = left * up // down
    return np.ascontiguousarray(y[(slice(None),) * axis + (slice(first, first + outputs),)])


def _extended(x: Array, left: int, right: int, axis: int, mode: str) -> Array:
    """The signal with `left` samples before it and `right` after it along `axis`."""
    n = x.shape[axis]
    x = np.moveaxis(x, axis, -1)
    at = np.arange(-left, n + right)
    first, last = x[..., :1], x[..., -1:]
    if mode == "antisymmetric":
        place = at % (2 * n)
        y = np.where(place < n, 1, -1) * x[..., np.minimum(place, 2 * n - 1 - place)]
    elif mode == "antireflect":
        turns, place = np.divmod(at, max(n - 1, 1))
        y = np.where(turns % 2, first + last - x[..., n - 1 - place], x[..., place]) + turns * (last - first)
    else:
        if mode == "smooth":
            before, after = x[..., 1:2] - first, last - x[..., -2:-1]
        else:
            before = after = (last - first) / max(n - 1, 1)
        y = x[..., np.clip(at, 0, n - 1)]
        if n > 1:
            y = y + np.minimum(at, 0) * before + np.maximum(at - n + 1, 0) * after
    return np.moveaxis(y.astype(x.dtype, copy=False), -1, axis)
