"""Streams: filters that take samples as they come."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from . import _engine
from ._operands import Array, without_mask

if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = ["Stream"]


class Stream(_engine.Stream):
    """A filter that takes blocks of samples as they come, of any length, and remembers what it needs.

    Computes ``y[o, t] = sum over inputs i and taps k of h[o, i, k] * x[i, t - latency - k]``, with zeros before the first sample.
    However the samples are cut into blocks, the result is that of the whole signal; with transforms the error is at most
    ``1.5 * (25 * log2(N) + P) * eps`` times the norms of the taps and the samples, for P partitions of N / 2 taps at most.
    Long responses cost little: their later parts are convolved in long blocks, whose work is spread evenly over all calls.
    Print a stream to see how its response is cut.

    Parameters
    ----------
    h : array_like
        The response: of shape ``(taps,)`` for one channel, or ``(outputs, inputs, taps)``.
    latency : int or 'any'
        Samples by which outputs are late. 0: an output depends on the sample that came with it. 'any': what makes it cheapest.
    dtype : dtype_like
        float32 or float64, the type of the blocks.
    block : int, optional
        How long most blocks will be: what is cheapest for such. Any others are right too, but then bits of the result may depend on
        how the samples are cut.

    Raises
    ------
    ValueError
        For another shape, or taps that are not finite.
    TypeError
        For another type.

    See Also
    --------
    lfilter_fir : for short responses along any axis.

    Examples
    --------
    An echo half as loud after three samples:

    >>> import faltung
    >>> echo = faltung.Stream([1, 0, 0, 0.5], dtype="float64")
    >>> echo.process([1, 2])
    array([1., 2.])
    >>> echo.process([3, 4, 0])
    array([3. , 4.5, 1. ])
    >>> echo.flush()
    array([1.5, 2. , 0. ])
    """

    _dtype: np.dtype[Any]
    _is_plain: bool
    _made_of: tuple[Any, ...]

    def __new__(
        cls,
        h: ArrayLike,
        latency: int | str = 0,
        dtype: DTypeLike = np.float32,
        *,
        block: int | None = None,
    ) -> Self:
        response = _response(h)
        kind = np.dtype(dtype)
        if kind not in (np.float32, np.float64):
            raise TypeError(f"a stream is of float32 or float64, not {kind}: convert its blocks")
        stream = super().__new__(
            cls, response, _latency(latency), None if block is None else _count(block, "block"), kind == np.float64
        )
        stream._dtype = kind
        stream._is_plain = response.ndim == 1
        stream._made_of = (response.copy(), latency, kind, block)
        return stream

    def __reduce__(self) -> tuple[Any, ...]:
        """Streams travel to other processes as what they were made of, and what they remember."""
        return _again, (type(self), self._made_of, self.save())

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type of its blocks."""
        return self._dtype

    def process(self, block: ArrayLike) -> Array:
        """The outputs that belong to the next samples.

        Parameters
        ----------
        block : array_like
            Any number of samples, even none: of shape ``(n,)`` for one input, or ``(inputs, n)``.

        Returns
        -------
        ndarray
            Of shape ``(n,)`` where the response had one dimension and the block had, else ``(outputs, n)``.
        """
        samples = without_mask(block, "block")
        if samples.dtype.kind == "c":
            raise TypeError("the block is complex, and a stream is real: filter its parts, each by a stream of its own")
        if samples.ndim not in (1, 2):
            raise ValueError(f"a block has shape (n,) or (inputs, n), not {samples.shape}")
        rows = np.ascontiguousarray(np.atleast_2d(samples), self._dtype)
        made = super().process(rows)
        return made[0] if self._is_plain and samples.ndim == 1 else made

    def flush(self) -> Array:
        """The last ``taps - 1 + latency`` samples of each output, when no more samples come. The stream is then as new."""
        tail = super().flush()
        return tail[0] if self._is_plain else tail

    def exchange(self, h: ArrayLike, fade: int = 0) -> None:
        """Go over to another response without a click, by mixing both results for `fade` samples.

        Parameters
        ----------
        h : array_like
            Of the same channels, and of no more taps than the stream was made with.
        fade : int
            Samples that it takes. It begins when all partitions of `h` are at work; `exchanging` tells when it is over.
        """
        response = _response(h)
        super().exchange(response, _count(fade, "fade"))
        # As long as the first one, and of its dimensions, so that a copy is made in the same way.
        padding = [(0, 0)] * (response.ndim - 1) + [(0, self.taps - response.shape[-1])]
        self._made_of = (np.pad(response, padding).reshape(self._made_of[0].shape), *self._made_of[1:])


def _again(kind: type[Stream], made_of: tuple[Any, ...], state: bytes) -> Stream:
    """A stream from what it was made of and what it remembered."""
    h, latency, dtype, block = made_of
    stream = kind(h, latency, dtype, block=block)
    stream.restore(state)
    return stream


def _response(h: ArrayLike) -> Array:
    """The taps, as numbers that the engine knows."""
    response = without_mask(h, "h")
    return response.view(np.uint8) if response.dtype == np.bool_ else response


def _latency(latency: int | str) -> int | None:
    """Samples, or none for any."""
    return None if isinstance(latency, str) and latency == "any" else _count(latency, "latency")


def _count(value: object, name: str) -> int:
    """A number of samples."""
    try:
        count = operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        also = " or 'any'" if name == "latency" else ""
        raise TypeError(f"{name} must be a whole number{also}, not {value!r}") from None
    if count < 0:
        raise ValueError(f"{name} must not be negative, but is {count}")
    return count
