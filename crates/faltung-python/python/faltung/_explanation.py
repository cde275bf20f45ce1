"""Explanations: a convolution opened, output by output, term by term."""

from __future__ import annotations

import operator
import os
import sys
from collections.abc import Sequence
from typing import Any, NamedTuple, SupportsIndex

import numpy as np

from . import _engine
from ._operands import Array
from ._picture import Picture

__all__ = ["Explanation", "Term"]

#: More numbers than this make no table: 80 MB.
_MOST_IN_A_TABLE = 10_000_000

Index = int | tuple[int, ...]
Place = SupportsIndex | Sequence[SupportsIndex]


class Term(NamedTuple):
    """One term of a sum: a sample times a weight.

    Indices are numbers where the array has one dimension, else tuples.

    Attributes
    ----------
    at : int or tuple of int
        Which sample; along axes slid along perhaps beyond the ends of `x`.
    weight_at : int or tuple of int
        Which weight of `h` as it was given, not turned round.
    sample, weight : int, float or complex
        What meets: the weight as it is used, normalised or conjugated if it is.
    product : int, float or complex
        Sample times weight.
    running : int, float or complex
        The sum of this product and all before it.
    origin : {'sample', 'boundary', 'gap'}
        Whether the sample is one of `x`, one that the boundary supplies, or a zero put between samples by `upsample`.
    boundary : str or None, or a tuple of these
        The boundary's word if the sample lies beyond the ends; in several dimensions one for each axis.
    source : int or tuple of int, optional
        The sample of `x` that stands there; None for constants and gaps.
    """

    at: Index
    weight_at: Index
    sample: Any
    weight: Any
    product: Any
    running: Any
    origin: str
    boundary: str | None | tuple[str | None, ...]
    source: Index | None

    @property
    def is_virtual(self) -> bool:
        """Whether the sample is none of `x`."""
        return self.origin != "sample"


class Explanation:
    """A convolution opened: what `explain` gives.

    The last line of a notebook's cell shows it, with all places to open; `print` shows an output that is worth looking
    at. Places are indices of the result: a number in one dimension, a tuple in several. They are not counted from the
    end.

    Attributes
    ----------
    input_shape, kernel_shape, output_shape : tuple of int
        Shapes of `x`, of `h` and of the result.

    Examples
    --------
    >>> import faltung
    >>> edge = faltung.explain([[0, 0, 9], [0, 0, 9]], [[1, -1]], mode="valid")
    >>> [term.at for term in edge.terms((1, 1))]
    [(1, 1), (1, 2)]
    """

    def __init__(self, engine: _engine.Explanation, operation: str) -> None:
        self._engine = engine
        self._operation = operation
        self.input_shape, self.kernel_shape, self.output_shape = engine.shapes
        if 0 in self.output_shape:
            raise ValueError(f"x has shape {self.input_shape}, so that the result is empty: give an array with samples")

    def terms(self, t: Place) -> list[Term]:
        """All terms of the output at `t`, in the order of the samples; zeros, too.

        Raises
        ------
        IndexError
            If there is no such output.
        OverflowError
            If a whole sum leaves 128 bits.

        Examples
        --------
        What a boundary supplies names its source:

        >>> import faltung
        >>> reflected = faltung.explain([3, 0, 5], [1, 1, 1], mode="same", boundary="reflect")
        >>> first = reflected.terms(0)[0]
        >>> first.at, first.boundary, first.source, first.sample
        (-1, 'reflect', 0, 3)
        """
        _, terms = self._engine.trace(self._output(t))
        of_x, of_h = _shown(self.input_shape), _shown(self.kernel_shape)
        return [
            Term(
                of_x(at),
                of_h(weight_at),
                sample,
                weight,
                product,
                running,
                origin,
                of_x(boundaries),
                None if source is None else of_x(source),
            )
            for at, weight_at, (sample, weight, product, running), origin, boundaries, source in terms
        ]

    def value(self, t: Place) -> Any:
        """The output at `t`: the sum of its terms.

        Whole numbers are exact.

        Raises
        ------
        IndexError
            If there is no such output.
        OverflowError
            If a whole sum leaves 128 bits.

        Examples
        --------
        >>> import faltung
        >>> faltung.explain([3, 0, 5], [10, 1]).value(2)
        50
        """
        return self._engine.trace(self._output(t))[0]

    def table(self, *, samples: slice | None = None, outputs: slice | None = None) -> Array:
        """Scaled and shifted copies of the kernel, in one dimension: a row for each sample, a column for each output.

        Each column adds up to its output. What a boundary repeats counts in the row of its source; of a
        constant that is not zero in one more row after the last.

        Parameters
        ----------
        samples, outputs : slice, optional
            The rows and columns wanted, all by default. Of a long signal they must be chosen: a table has at most ten
            million numbers.

        Returns
        -------
        ndarray
            Of int64, float64 or complex128.

        Raises
        ------
        ValueError
            In several dimensions, and for more than ten million numbers.
        OverflowError
            If a product does not fit int64.

        Examples
        --------
        >>> import faltung
        >>> likes = faltung.explain([3, 0, 5], [10, 1])
        >>> likes.table()
        array([[30,  3,  0,  0],
               [ 0,  0,  0,  0],
               [ 0,  0, 50,  5]])
        >>> likes.table(outputs=slice(2, 4)).sum(axis=0)
        array([50,  5])
        """
        if len(self.input_shape) != 1:
            raise ValueError(
                f"a table is for one dimension, and x has {len(self.input_shape)}: choose .terms(t), or .view('window')"
            )
        rows = self.input_shape[0] + self._has_constant()
        chosen = _part("samples", samples, rows), _part("outputs", outputs, self.output_shape[0])
        height, width = (stop - start for start, stop in chosen)
        if height * width > _MOST_IN_A_TABLE:
            raise ValueError(
                f"the table has {height} rows and {width} columns, and at most {_MOST_IN_A_TABLE} numbers are made: "
                "choose some, such as .table(samples=slice(0, 100), outputs=slice(0, 100))"
            )
        return self._engine.products(*chosen)

    def view(self, name: str | None = None, *, at: Place | None = None) -> Picture:
        """What there is to see of an output.

        Parameters
        ----------
        name : str, optional
            'stage': input, turned kernel, product and output so far, above one another; 'table': scaled and delayed
            copies of the kernel; 'likes': a story of posts and likes; 'flip': with the flip and without; 'padding':
            what lies beyond the ends; 'window': the same in two dimensions; 'terms': all terms, in any number of
            dimensions; 'sizes': how long the result is; 'conventions': what other libraries call this. By default the
            first of 'stage', 'window' and 'terms' that fits.
        at : int or tuple of int, optional
            The output. In one dimension also -1, before the first, and the one after the last. By default one that is
            worth looking at: the first whose whole window lies within the signal.

        Returns
        -------
        Picture
            Of a long signal what is near the place, and it says so.

        Raises
        ------
        ValueError
            If there is no such view, or it is not for such a problem.
        IndexError
            If there is no such output.

        Examples
        --------
        >>> import faltung
        >>> faltung.explain([3, 0, 5, 0, 2, 1], [5, 4, 3, 2, 1]).view("stage", at=9)
        <faltung.Picture: stage, (f*g)(9) = 1>
        """
        if not isinstance(name, (str, type(None))):
            raise TypeError(f"a view is named by a word, such as 'stage', not by {name!r}; the output is at=")
        view, place = self._engine.natural
        return Picture(self._engine, view if name is None else name, place if at is None else _place(at))

    def text(self, *, at: Place | None = None, view: str | None = None, width: int = 80) -> str:
        """The view as text: see `view` and `Picture.text`."""
        return self.view(view, at=at).text(width)

    def svg(self, *, at: Place | None = None, view: str | None = None, theme: str | None = None) -> str:
        """The view as SVG: see `view` and `Picture.svg`."""
        return self.view(view, at=at).svg(theme=theme)

    def html(self, *, at: Place | None = None, view: str | None = None, theme: str | None = None) -> str:
        """The view as a page in which every place can be chosen: see `view` and `Picture.html`."""
        return self.view(view, at=at).html(theme=theme)

    def save(
        self,
        path: str | os.PathLike[str],
        *,
        at: Place | None = None,
        view: str | None = None,
        theme: str | None = None,
        scale: float | None = None,
        fps: float | None = None,
        hold: float | None = None,
    ) -> None:
        """Write the view to a file, in the form that its suffix names: see `view` and `Picture.save`."""
        self.view(view, at=at).save(path, theme=theme, scale=scale, fps=fps, hold=hold)

    def __repr__(self) -> str:
        mode, boundary, stride, dilation, upsample = (_told(each) for each in zip(*self._engine.sizes))
        steps = {"stride": stride, "dilation": dilation, "upsample": upsample}
        told = [f"mode {mode}", f"boundary {boundary}", *(f"{name} {n}" for name, n in steps.items() if n != "1")]
        view, place = self._engine.natural
        at = _shown(self.output_shape)(place)
        table = ", .table()" if len(self.input_shape) == 1 else ""
        return (
            f"<faltung.Explanation: {self._operation} x {self.input_shape} by h {self.kernel_shape}, "
            f"{', '.join(told)}, to {self.output_shape}; see .terms({at}){table},\n"
            f" .view({view!r}, at={at}), .save('explained.svg')>"
        )

    def __str__(self) -> str:
        return str(self.view())

    def _repr_html_(self) -> str:
        return self.view()._repr_html_()

    def _repr_svg_(self) -> str:
        return self.view()._repr_svg_()

    def _output(self, t: Place) -> tuple[int, ...]:
        """An index into the result."""
        place = _place(t)
        if len(place) == len(self.output_shape) and not all(0 <= i < n for i, n in zip(place, self.output_shape)):
            raise IndexError(
                f"there is no output at {t}: the result has shape {self.output_shape}, and places count from 0"
            )
        return place  # of another number of axes: which the engine refuses

    def _has_constant(self) -> bool:
        """Whether anything but zeros lies beyond the ends, and is no sample."""
        ((_, boundary, *_),) = self._engine.sizes
        return boundary.startswith("constant:")


def _place(at: Place) -> tuple[int, ...]:
    """A place as whole numbers."""
    try:
        place = tuple(operator.index(i) for i in np.atleast_1d(np.asarray(at, object)))
    except TypeError:
        raise TypeError(f"a place must be a whole number, or a tuple with one for each axis, not {at!r}") from None
    if any(abs(i) > sys.maxsize // 4 for i in place):
        raise IndexError(f"there is no output at {at}: give one within the result")
    return place


def _part(name: str, part: slice | None, extent: int) -> tuple[int, int]:
    """From where to where a slice goes."""
    if part is None:
        return 0, extent
    if not isinstance(part, slice):
        raise TypeError(f"{name} must be a slice, such as slice(0, 10), not {part!r}")
    start, stop, step = part.indices(extent)
    if step != 1:
        raise ValueError(f"{name} has a step of {step}: give a slice without one, and take every so many of its result")
    return start, max(start, stop)


def _shown(shape: tuple[int, ...]) -> Any:
    """Shows what there is for each axis as it is, if there is one axis, else as a tuple."""
    return operator.itemgetter(0) if len(shape) == 1 else tuple


def _told(each: Sequence[object]) -> str:
    """What there is for each axis: once if it is the same for all."""
    words = [str(one) for one in each]
    return words[0] if len(set(words)) == 1 else ", ".join(words)
