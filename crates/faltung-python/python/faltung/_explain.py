"""`explain`: whatever comes, made ready to be explained by the engine's tracer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from . import _engine
from ._operands import normalization, result_type, without_mask, without_mask_of_weights

if TYPE_CHECKING:
    from ._explanation import Explanation

__all__ = ["explain"]


def explain(
    x: ArrayLike,
    h: ArrayLike,
    *,
    operation: str = "convolve",
    mode: str | Sequence[str] = "full",
    boundary: Any = "constant",
    axes: int | Sequence[int] | None = None,
    stride: int | Sequence[int] = 1,
    dilation: int | Sequence[int] = 1,
    upsample: int | Sequence[int] = 1,
    anchor: int | Sequence[int] | None = None,
    groups: int | None = None,
    normalize_kernel: bool | str = False,
) -> Explanation:
    """Open a convolution: which samples meet which weights, and what that adds up to.

    What is explained is what `convolve`, `correlate` and `Plan` compute with the same keywords: those of `Plan`.

    Parameters
    ----------
    x : array_like
        The signal, of any length: of a long one only what is shown is looked at. An array of the result's type is not
        copied, so an explanation tells of its samples as they are when it is asked.
    h : array_like
        The kernel, with as many dimensions as there are axes; with `groups`, of shape
        ``(outputs, inputs / groups, *axes)``.
    operation : {'convolve', 'correlate'}
        Whether the kernel is turned round, or slides as it is (and is conjugated).
    mode : {'full', 'same', 'valid', 'padded:BEFORE:AFTER'} or a sequence of one for each axis
        How much of the result is wanted.
    boundary : {'constant', 'nearest', 'reflect', 'mirror', 'wrap'} or ('constant', number) or list
        What lies beyond the ends; a list has one for each axis.
    axes : int or tuple of int, optional
        The axes to slide along; all by default.
    stride, dilation, upsample : int or sequence of int
        Samples from output to output, from weight to weight, and one more than the zeros put between samples.
    anchor : int or sequence of int, optional
        Where in the full result mode 'same' begins; 0 is causal.
    groups : int, optional
        Says that the axis before the first one slid along is one of channels, in so many groups.
    normalize_kernel : bool or {'sum', 'absolute_sum'}
        Divides the weights by their sum (True or 'sum'), or by the sum of their absolute values.

    Returns
    -------
    Explanation

    Raises
    ------
    ValueError
        Where shapes and options do not fit, or the result is empty.
    TypeError
        For types that cannot be convolved, and for two arrays of booleans.

    Notes
    -----
    Sums of whole numbers are exact, and those of floats in double precision; a result rounds them to its own type once
    more, and whole numbers that do not fit wrap in `convolve` and are an error of `Plan`. A weight that is NaN or
    infinite meets the zeros beyond the ends, too, as in a plan. Missing samples are not left out, so there is no
    keyword `nan`; and in mode 'valid' the operands do not change places.

    Examples
    --------
    The likes that posts get, five in their first hour, four in the next and so on: in hour 4 they are 3·1 + 5·3 + 2·5.

    >>> import faltung
    >>> likes = faltung.explain([3, 0, 5, 0, 2, 1], [5, 4, 3, 2, 1])
    >>> likes.value(4)
    28
    >>> [(term.sample, term.weight) for term in likes.terms(4) if term.product]
    [(3, 1), (5, 3), (2, 5)]
    >>> likes
    <faltung.Explanation: convolve x (6,) by h (5,), mode full, boundary constant, to (10,); see .terms(4), .table(),
     .view('stage', at=4), .save('explained.svg')>
    """
    signal, weights = without_mask(x, "x"), without_mask_of_weights(h)
    dtype = result_type(signal, weights)
    if dtype == np.bool_:
        raise TypeError("a result of booleans is an OR, which has no sum to be opened: convert x with astype(int)")
    if signal.ndim == 0 or weights.ndim == 0:
        raise ValueError("x and h must have a dimension to slide along: give arrays, such as [3] for 3")
    normalize = normalization(normalize_kernel)
    if dtype.kind in "ui" and normalize != "none":
        dtype = np.dtype(np.float64)  # As of every division of whole numbers.
    engine = _engine.Explanation(
        signal if signal.dtype.newbyteorder("=") == dtype else signal.astype(dtype),
        weights.view(np.uint8) if weights.dtype == np.bool_ else weights,
        operation=operation,
        mode=mode,
        boundary=boundary,
        axes=axes,
        stride=stride,
        dilation=dilation,
        upsample=upsample,
        anchor=anchor,
        groups=groups,
        normalize=normalize,
    )
    from ._explanation import Explanation  # Programs that explain nothing load nothing.

    return Explanation(engine, operation)
