"""The names of `scipy.signal` for convolution: `convolve` and `correlate`, their 2-D cousins, and what goes with them.

Shapes, centring, result types and refusals are SciPy's. What the engine can do beyond that are keywords of `convolve`
and `correlate`, with defaults that leave SciPy's behaviour as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, TypedDict, overload

from numpy.typing import ArrayLike

from . import _engine
from ._axes import fftconvolve, oaconvolve
from ._choice import choose_conv_method, correlation_lags
from ._deconvolve import deconvolve
from ._operands import Array, Estimate
from ._resample import upfirdn
from ._slide import Options, long_way, show_keywords
from ._two_dimensions import convolve2d, correlate2d

if TYPE_CHECKING:
    from typing_extensions import Unpack

__all__ = [
    "Estimate",
    "choose_conv_method",
    "convolve",
    "convolve2d",
    "correlate",
    "correlate2d",
    "correlation_lags",
    "deconvolve",
    "fftconvolve",
    "oaconvolve",
    "upfirdn",
]

OneBoundary = str | tuple[str, complex]
PerAxis = int | Sequence[int]


class _Keywords(TypedDict, total=False):
    """The keywords that do not change what kind of result there is."""

    boundary: OneBoundary | Sequence[OneBoundary]
    axes: PerAxis | None
    stride: PerAxis
    dilation: PerAxis
    anchor: PerAxis | None
    out: Array | None
    threads: int | None
    overflow: str
    accuracy: str
    max_memory: int | None
    nan: str
    mask: ArrayLike | None
    normalize_kernel: bool | str


@overload
def convolve(
    in1: ArrayLike,
    in2: ArrayLike,
    mode: str = ...,
    method: str = ...,
    *,
    return_coverage: Literal[False] = ...,
    variance: None = ...,
    **more: Unpack[_Keywords],
) -> Array: ...
@overload
def convolve(
    in1: ArrayLike,
    in2: ArrayLike,
    mode: str = ...,
    method: str = ...,
    *,
    return_coverage: Literal[True],
    variance: ArrayLike | None = ...,
    **more: Unpack[_Keywords],
) -> Estimate: ...
@overload
def convolve(
    in1: ArrayLike,
    in2: ArrayLike,
    mode: str = ...,
    method: str = ...,
    *,
    return_coverage: bool = ...,
    variance: ArrayLike,
    **more: Unpack[_Keywords],
) -> Estimate: ...
@overload
def convolve(
    in1: ArrayLike,
    in2: ArrayLike,
    mode: str = ...,
    method: str = ...,
    *,
    return_coverage: bool,
    variance: ArrayLike | None = ...,
    **more: Unpack[_Keywords],
) -> Array | Estimate: ...
def convolve(in1: ArrayLike, in2: ArrayLike, mode: str = "full", method: str = "auto", **more: Any) -> Array | Estimate:
    """Convolve two arrays of as many dimensions.

    Computes ``y[i] = sum over j of in1[j] * in2[i - j]`` along every axis: the second operand is turned round, laid
    on the first at each place, and the products are added up.

    Parameters
    ----------
    in1, in2 : array_like
        The signal, n samples along an axis, and the kernel, k weights. Anything that NumPy takes: booleans, whole
        numbers, halves (bfloat16 too), singles, doubles, complex, of any strides and byte order.
    mode : {'full', 'valid', 'same'}
        Which part of the result: all n + k - 1 samples, those for which no sample is missing, or n of them, from
        (k - 1) // 2 on. In mode 'valid' either operand may be the larger one: if that is `in2`, they change places
        (not with `axes`).
    method : str
        'auto', 'direct' and 'fft' as in SciPy, or one of the engine's algorithms: 'separable', 'running_sum',
        'overlap_save'; these are a ValueError where the kernel is not of their kind, while 'fft' is replaced where
        the engine refuses it. Whole numbers are exact and NaNs stay where they are whatever is chosen.
    boundary : str or tuple or list
        What lies beyond the ends of `in1`: 'constant' (zeros), ``('constant', c)``, 'nearest' (``aaa|abcd|ddd``),
        'reflect' (``dcba|abcd|dcba``), 'mirror' (``dcb|abcd|cba``, which NumPy calls 'reflect'), 'wrap'
        (``bcd|abcd|abc``); or a list with one of these for each axis.
    axes : int or sequence of int, optional
        Convolve along these only. `in2` then has as many dimensions as there are axes, in their order; or as many as
        `in1`, in its order, and along the other axes the two are broadcast. What is given for each axis (`stride`,
        `boundary` ...) is in the order of `axes`.
    stride, dilation : int or list of int
        Compute every stride-th output; take the weights to be so many samples apart.
    anchor : int or list of int, optional
        Where mode 'same' starts in the full result, 0 (causal) to dilation * (k - 1); dilation * (k - 1) // 2 by
        default.
    out : ndarray, optional
        Where to write the result, of its type and shape. It may share memory with the operands.
    threads : int, optional
        How many to use at most. The result is the same to the bit for any number.
    overflow : {'wrap', 'error', 'saturate', 'widen'}
        What becomes of whole numbers whose sums the type may not hold: modulo 2 to the number of bits, an
        OverflowError, the nearest that it can hold, or a wider type. Whether they may is judged before computing, from
        the least and the greatest sample and the sums of the weights; so 'error' may refuse sums that would have
        fitted, and the type that 'widen' gives depends on the values. An OR of booleans cannot overflow.
    accuracy : {'normwise', 'componentwise'}
        Whether errors are to be small beside the largest samples or beside each output's own terms.
    max_memory : int, optional
        Bytes that may be taken for the weights, their tables, and scratch; a ValueError if that is too little.
    nan : {'propagate', 'omit', 'interpolate', 'raise'}
        What to do with samples that are NaN or masked: let them reach what they touch, leave them out of the sums,
        leave them out and scale the sum up to the weight of the whole kernel (in absolute values; NaN where none is
        left), or raise a ValueError. Of whole numbers, 'interpolate' gives float64.
    mask : array_like of bool, optional
        True where a sample of `in1` is missing. The mask of a masked array is joined with it. Missing whole numbers
        need `nan` to be 'omit' or 'interpolate', or a masked array.
    normalize_kernel : bool or {'sum', 'absolute_sum'}
        Divide the weights by their sum (True means 'sum'), or by the sum of their absolute values. The result is of
        floats then, also of whole numbers.
    return_coverage : bool
        Return, as well, for each output the share of absolute weight that lay on samples that were there.
    variance : array_like, optional
        Variances of the samples of `in1`, errors being independent: return those of the outputs as well, that is the
        convolution of the variances with the squared weights.

    Returns
    -------
    ndarray, MaskedArray or Estimate
        Of the type that NumPy gives the product of the operands (booleans: an OR of ANDs). If `in1` is a masked
        array, a masked one: where a missing sample with a weight that is not zero was used or, if those are left out,
        where nothing was left. With `return_coverage` or `variance`, the tuple ``Estimate(values, coverage,
        variance)``.

    Raises
    ------
    ValueError
        If the dimensions differ, a word is unknown, shapes do not fit, or a keyword about `in1` is given although the
        operands would have to change places.
    TypeError
        For extended precision and for objects.
    OverflowError
        With overflow='error'.
    MemoryError
        If there is not enough.

    See Also
    --------
    correlate : does not turn the second operand round.
    faltung.numpy.convolve : NumPy's shapes; faltung.ndimage.convolve : SciPy's image filters.

    Notes
    -----
    Differences from ``scipy.signal.convolve``:

    - Results do not depend on `method` or on size: whole numbers are exact modulo 2 to the number of bits, also by
      'fft'; booleans and halves work in any number of dimensions.
    - NaNs and infinities of either operand reach only the outputs whose sum they are in, by 'fft' and in several
      dimensions too, and so no warning is needed. With a whole-number operand they raise nothing.
    - Extended precision and objects are a TypeError.
    - Masked arrays keep their mask.
    - If one operand is empty and they have several dimensions, the result is zeros of the shape that the mode gives,
      also where SciPy fails to copy its operands.

    Examples
    --------
    >>> import faltung
    >>> faltung.convolve([1, 2, 3], [0, 1, 0.5])
    array([0. , 1. , 2.5, 4. , 1.5])
    >>> faltung.convolve([1, 2, 3], [0, 1, 0.5], mode="same")
    array([1. , 2.5, 4. ])

    The first sample repeated beyond the start, the last one beyond the end:

    >>> faltung.convolve([1, 2, 3], [1, 1, 1], mode="same", boundary="nearest")
    array([4, 6, 8])

    A mean that leaves out what is missing:

    >>> x = [1, float("nan"), 3]
    >>> faltung.convolve(x, [1, 1, 1], "same", boundary="nearest", nan="interpolate", normalize_kernel=True)
    array([1., 2., 3.])
    """
    if not more and method == "auto":
        y = _engine.quick(in1, in2, mode, "convolve", "normwise")
        if y is not None:
            return y
    return long_way(in1, in2, mode, method, "convolve", Options.of("convolve", more))


@overload
def correlate(
    in1: ArrayLike,
    in2: ArrayLike,
    mode: str = ...,
    method: str = ...,
    *,
    return_coverage: Literal[False] = ...,
    variance: None = ...,
    **more: Unpack[_Keywords],
) -> Array: ...
@overload
def correlate(
    in1: ArrayLike,
    in2: ArrayLike,
    mode: str = ...,
    method: str = ...,
    *,
    return_coverage: Literal[True],
    variance: ArrayLike | None = ...,
    **more: Unpack[_Keywords],
) -> Estimate: ...
@overload
def correlate(
    in1: ArrayLike,
    in2: ArrayLike,
    mode: str = ...,
    method: str = ...,
    *,
    return_coverage: bool = ...,
    variance: ArrayLike,
    **more: Unpack[_Keywords],
) -> Estimate: ...
@overload
def correlate(
    in1: ArrayLike,
    in2: ArrayLike,
    mode: str = ...,
    method: str = ...,
    *,
    return_coverage: bool,
    variance: ArrayLike | None = ...,
    **more: Unpack[_Keywords],
) -> Array | Estimate: ...
def correlate(
    in1: ArrayLike, in2: ArrayLike, mode: str = "full", method: str = "auto", **more: Any
) -> Array | Estimate:
    """Cross-correlate two arrays of as many dimensions.

    Computes ``y[i] = sum over j of in1[i + j] * conj(in2[j])`` along every axis, for i from -(k - 1), where only the
    last of the k weights lies on the first sample, to n - 1: the second operand is laid on the first as it is, and is
    conjugated if it is complex.

    Parameters and results are those of `convolve`, with these conventions: 'full' starts at lag -(k - 1), and 'same'
    at (k - 1) // 2 in the full result (`correlate2d` at k // 2). If in mode 'valid' `in2` is the larger one, the
    result is that of the definition: reversed against, and conjugate to, the one with the operands exchanged.
    `correlation_lags` gives the lag of each output.

    Raises
    ------
    ValueError, TypeError, OverflowError, MemoryError
        As `convolve` does.

    Notes
    -----
    Differences from ``scipy.signal.correlate`` are those of `convolve`.

    Examples
    --------
    >>> import faltung
    >>> faltung.correlate([1, 2, 3], [0, 1, 0.5])
    array([0.5, 2. , 3.5, 3. , 0. ])
    >>> faltung.correlate([1, 2j], [1j])
    array([0.-1.j, 2.+0.j])
    """
    if not more and method == "auto":
        y = _engine.quick(in1, in2, mode, "correlate", "normwise")
        if y is not None:
            return y
    return long_way(in1, in2, mode, method, "correlate", Options.of("correlate", more))


show_keywords(convolve)
show_keywords(correlate)
