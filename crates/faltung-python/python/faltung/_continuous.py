"""Convolution in continuous time: two formulas in, a formula out where there is one."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _engine

if TYPE_CHECKING:
    from ._picture import Picture

__all__ = ["Continuous", "continuous"]


def continuous(f: str, g: str, *, within: tuple[float | None, float | None] = (None, None)) -> Continuous:
    """Convolve two signals in continuous time: ``(f*g)(t)``, the integral of ``f(τ) g(t - τ)`` over all ``τ``.

    The result is a formula where there is a closed form: for polynomials times exponentials times sines on any pieces,
    for Gaussians, and for impulses with anything. Else its values are found by quadrature. Every value has a bound on
    its error.

    Parameters
    ----------
    f, g : str
        Formulas in ``t``, with ``+ - * / ^``, comparisons such as ``0 <= t < 1``, ``if(t < 1, t, 0)``,
        ``piecewise(t for 0 <= t < 1; 2 - t for 1 <= t < 2; 0 otherwise)``, and ``rect tri step delta gauss exp sin cos
        sqrt abs sinc erf erfc pi e``. Or systems by name: ``rc:tau=1/2``, ``rlc:r=1,l=1,c=1/2``, ``average:width=2``,
        ``exponential:tau=3``, ``bursts:width=1/2,areas=3x0x5``.
    within : (float or None, float or None)
        Which times are shown in pictures; None is where something begins, or has settled.

    Returns
    -------
    Continuous
        The result, to be called with times, read as a formula, and looked at.

    Raises
    ------
    ValueError
        If a formula is malformed, with the column; if the integral diverges, with the reason.

    Examples
    --------
    >>> import faltung
    >>> triangle = faltung.continuous("rect(t)", "rect(t)")
    >>> triangle.formula
    'piecewise(1 + t for -1 <= t < 0; 1 - t for 0 <= t < 1; 0 otherwise)'
    >>> triangle([-0.25, 0.5])
    array([0.75, 0.5 ])
    >>> step = faltung.continuous("step(t)", "rc:tau=1/2")
    >>> step.formula
    'piecewise(1 - exp(-2*t) for t >= 0; 0 otherwise)'
    """
    begin, end = within
    return Continuous(_engine.Continuous(f, g, begin, end))


class Continuous:
    """A convolution in continuous time: what `continuous` gives.

    Called with a time or an array of times it gives values: from the right at jumps, and without impulses. The last
    line of a notebook's cell shows it.

    Attributes
    ----------
    f, g : str
        The operands, as they were understood.
    formula : str or None
        The result as a formula of the same language; None if there is no closed form.
    method : {'exact', 'quadrature'}
        How values are found.
    impulses : list of (float, float)
        Times and weights of the result's impulses.
    breakpoints : ndarray
        Times at which the result may have another formula.
    support : tuple of float, or None
        The interval outside of which the result is zero; None if it is zero everywhere.
    alignment : str
        With `g` as an impulse response, which input an output depends on.

    Examples
    --------
    >>> import faltung
    >>> echo = faltung.continuous("rect(t)", "delta(t) + delta(t - 3)/2")
    >>> echo
    <faltung.Continuous: exact, (f*g)(t) = piecewise(1 for -1/2 <= t < 1/2; 1/2 for 5/2 <= t < 7/2; 0 otherwise)>
    >>> echo.alignment
    'causal: the output at t depends on the input up to t'
    >>> faltung.continuous("delta(t - 1)", "3*delta(t - 2)").impulses
    [(3.0, 3.0)]
    """

    def __init__(self, engine: _engine.Continuous) -> None:
        self._engine = engine
        self.f, self.g, self.formula = engine.formulas
        self.method = engine.method
        self.impulses = engine.impulses
        self.breakpoints: NDArray[np.float64] = np.array(engine.breakpoints)
        self.support = engine.support
        self.alignment = engine.alignment

    def __call__(self, t: ArrayLike) -> Any:
        return self._values(t)[0]

    def bound(self, t: ArrayLike) -> Any:
        """How far the value at `t` may be from the truth.

        >>> import faltung
        >>> bool(faltung.continuous("sinc(t)", "rect(t)").bound(0.25) < 1e-12)
        True
        """
        return self._values(t)[1]

    def _values(self, t: ArrayLike) -> tuple[Any, Any]:
        times = np.asarray(t, dtype=np.float64)
        values, bounds = (np.array(all).reshape(times.shape) for all in self._engine.values(times.ravel().tolist()))
        return (values, bounds) if times.ndim else (float(values), float(bounds))

    def picture(self, at: float | None = None) -> Picture:
        """The stage at a time: `f`, `g` turned round and shifted, their product with its area, and the result.

        >>> import faltung
        >>> faltung.continuous("rect(t)", "rect(t)").picture(at=0.5)
        <faltung.Picture: continuous, (f*g)(0.5) = 0.5>
        """
        from ._picture import Picture  # most programs want no picture

        return Picture(self._engine, "continuous", self._engine.natural if at is None else float(at))

    def svg(self, at: float | None = None, *, theme: str | None = None) -> str:
        """The stage at a time as SVG, in the theme 'light' (by default) or 'dark'."""
        return self.picture(at).svg(theme=theme)

    def save(
        self,
        path: str | os.PathLike[str],
        at: float | None = None,
        *,
        theme: str | None = None,
        scale: float | None = None,
        fps: float | None = None,
        hold: float | None = None,
    ) -> None:
        """Write the stage, or for .html, .gif and .apng all times, as `Picture.save` does."""
        self.picture(at).save(path, theme=theme, scale=scale, fps=fps, hold=hold)

    def __repr__(self) -> str:
        told = f"(f*g)(t) = {self.formula}" if self.formula is not None else f"f = {self.f}, g = {self.g}"
        return f"<faltung.Continuous: {self.method}, {told}>"

    def _repr_html_(self) -> str:
        return self.picture()._repr_html_()

    def _repr_svg_(self) -> str:
        return self.svg()
