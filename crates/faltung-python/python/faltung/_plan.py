"""Plans: made once for a shape, a type and a kernel, run many times."""

from __future__ import annotations

import operator
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from . import _engine
from ._operands import normalization, without_mask, without_mask_of_weights

if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = ["Plan"]

AnyPlan = TypeVar("AnyPlan", bound="Plan")


class Plan(_engine.Plan):
    """A convolution made ready for arrays of one shape and type.

    The weights are transformed, factored or packed once; every `run` then allocates nothing but its result, and not
    even that with `out`. Print a plan to see the algorithm chosen, what it costs, and why not another. A plan may be run by
    several threads at the same time.

    Parameters
    ----------
    shape : int or tuple of int
        Shape of the arrays to come.
    kernel : array_like
        The weights, with as many dimensions as there are axes; with `groups`, of shape
        ``(outputs, inputs / groups, *axes)``. Integers are exact weights.
    dtype : dtype_like
        Type of the arrays to come: any integer, float or complex type of up to 64 bits a number, float16, or the
        bfloat16 of ml_dtypes.
    operation : {'convolve', 'correlate'}
        Whether the kernel is turned round, or slides as it is (and is conjugated).
    mode : {'full', 'same', 'valid', 'padded:BEFORE:AFTER'} or a sequence of one for each axis
        How much of the result is wanted. 'same' begins ``dilation * (K - 1) // 2`` into the full result, also for even
        kernels, unless `anchor` says otherwise.
    boundary : {'constant', 'nearest', 'reflect', 'mirror', 'wrap'} or ('constant', number) or list
        What lies beyond the ends, in SciPy's words: 'reflect' repeats the edge, 'mirror' does not. A list has one for
        each axis.
    axes : int or tuple of int, optional
        The axes to slide along; all by default. The kernel's axes, and what is given for each axis, come in this order.
    stride, dilation, upsample : int or sequence of int
        Samples from output to output, from weight to weight, and one more than the zeros put between samples.
    anchor : int or sequence of int, optional
        Where in the full result mode 'same' begins; 0 is causal.
    groups : int, optional
        Says that the axis before the first one slid along is one of channels, in so many groups.
    accuracy : {'normwise', 'componentwise'}
        What rounding errors are measured against: the loudest samples near, or each output's own terms.
    overflow : {'error', 'widen', 'wrap', 'saturate'}
        What happens when a sum does not fit the integer type; decided before computing.
    rounding : {'nearest', 'toward_zero'}
        How sums of integer data with real weights become integers.
    nan : {'propagate', 'omit', 'interpolate', 'raise'}
        What becomes of NaN, as in `convolve`.
    normalize_kernel : bool or {'sum', 'absolute_sum'}
        Divides the weights by their sum (True or 'sum'), or by the sum of their absolute values.
    algorithm : {'direct', 'gemm', 'channels', 'dots', 'winograd', 'separable', 'running_sum', 'fft', 'overlap_save'}, optional
        Forces one; by default the cheapest.
    threads : int, optional
        Threads to work with. Results do not depend on it, to the bit.
    max_memory : int, optional
        Bytes that the plan and its scratch may take.

    Raises
    ------
    ValueError
        Where shapes and options do not fit, or no algorithm takes the problem.
    TypeError
        For types that cannot be convolved.
    OverflowError
        With `overflow` 'widen', where no type holds the sums; with 'error', when data come whose sums may not fit.

    Examples
    --------
    The likes that posts get, five in their first hour, four in the next and so on:

    >>> import numpy as np
    >>> import faltung
    >>> plan = faltung.Plan(6, [5, 4, 3, 2, 1], np.int64)
    >>> plan.run(np.array([3, 0, 5, 0, 2, 1]))
    array([15, 12, 34, 26, 28, 23, 15,  7,  4,  1])
    >>> plan.algorithm
    'direct'
    >>> print(plan.refusals["running_sum"])
    the kernel's weights are not all the same
    """

    _made_of: tuple[tuple[Any, ...], dict[str, Any]]

    def __new__(
        cls,
        shape: int | Sequence[int],
        kernel: ArrayLike,
        dtype: DTypeLike = np.float64,
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
        accuracy: str = "normwise",
        overflow: str = "error",
        rounding: str = "nearest",
        nan: str = "propagate",
        normalize_kernel: bool | str = False,
        algorithm: str | None = None,
        threads: int | None = None,
        max_memory: int | None = None,
    ) -> Self:
        weights = without_mask_of_weights(kernel)
        if weights.dtype == np.bool_:
            weights = weights.view(np.uint8)
        arguments = (_extents(shape), weights.copy(), np.dtype(dtype))
        options: dict[str, Any] = dict(
            operation=operation,
            mode=mode,
            boundary=boundary,
            axes=axes,
            stride=stride,
            dilation=dilation,
            upsample=upsample,
            anchor=anchor,
            groups=groups,
            accuracy=accuracy,
            overflow=overflow,
            rounding=rounding,
            missing=nan,
            normalize=normalization(normalize_kernel),
            algorithm=algorithm,
            threads=threads,
            max_memory=max_memory,
        )
        return _planned(cls, arguments, options)

    def __reduce__(self) -> tuple[Any, ...]:
        """Plans travel to other processes as what they were made of."""
        return _planned, (type(self), *self._made_of)

    def run(self, x: ArrayLike, out: NDArray[Any] | None = None) -> NDArray[Any]:
        """The result for one array.

        Parameters
        ----------
        x : array_like
            Of the plan's shape and type; any strides and byte order.
        out : ndarray, optional
            Where to write the result: of `output_shape` and `output_dtype`, any strides; it may share memory with `x`.

        Returns
        -------
        ndarray
            `out`, or a fresh array.

        Examples
        --------
        >>> import numpy as np
        >>> plan = Plan(3, [1, 1])
        >>> result = np.empty(4)
        >>> plan.run(np.array([1.0, 2.0, 3.0]), out=result) is result
        True
        >>> result
        array([1., 3., 5., 3.])
        """
        if isinstance(out, np.ma.MaskedArray):
            raise ValueError("out is a masked array, whose mask would hide the result: give out.data")
        return super().run(without_mask(x, "x"), out)

    __call__ = run


def _planned(kind: type[AnyPlan], arguments: tuple[Any, ...], options: dict[str, Any]) -> AnyPlan:
    """A plan of these arguments, in the engine's words."""
    plan = _engine.Plan.__new__(kind, *arguments, **options)
    plan._made_of = arguments, options
    return plan


def _extents(shape: int | Sequence[int]) -> list[int]:
    """The shape as whole numbers."""
    try:
        extents = [operator.index(n) for n in (shape if isinstance(shape, Iterable) else [shape])]
    except TypeError:
        raise TypeError(f"shape must be a whole number or several, not {shape!r}") from None
    if any(n < 0 for n in extents):
        raise ValueError(f"shape must not be negative, but is {shape!r}")
    return extents
