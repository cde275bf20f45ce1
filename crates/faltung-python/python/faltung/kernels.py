"""Named kernels: weights as arrays, ready for `convolve`.

Each function gives the array of weights that the engine's kernel of that name has (the command line knows them by the
same names): int64 where all weights are whole numbers, else float64. Parameters "along each axis" are one number, which
then serves all `ndim` axes, or a sequence of one for each axis, slowest axis first, which also says how many there are.

Kernels are oriented for convolution: a derivative is positive where the signal rises.

Examples
--------
>>> import faltung
>>> faltung.convolve([0, 0, 3, 6, 9], faltung.kernels.sobel(0, ndim=1), "valid")
array([3, 6, 6])
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from . import _engine

__all__ = [
    "box",
    "disk",
    "exponential",
    "gabor",
    "gaussian",
    "laplacian",
    "log",
    "motion",
    "ones",
    "prewitt",
    "rc",
    "rlc",
    "scharr",
    "sharpen",
    "sobel",
    "unsharp",
]

Weights: TypeAlias = NDArray[Any]
Axis: TypeAlias = int | Literal["x", "y", "z"]


def box(size: int | Sequence[int], *, ndim: int = 1) -> Weights:
    """The mean over a box.

    Parameters
    ----------
    size : int or sequence of int
        Samples along each axis.
    ndim : int
        Number of axes, where `size` is one number.

    Returns
    -------
    ndarray of float64
        Equal weights that sum to 1.

    Examples
    --------
    >>> box(4)
    array([0.25, 0.25, 0.25, 0.25])
    >>> box((1, 2))
    array([[0.5, 0.5]])
    """
    return _made("box", _dimensions(ndim, size), size=size)


def ones(size: int | Sequence[int], *, ndim: int = 1) -> Weights:
    """The sum over a box.

    Parameters
    ----------
    size : int or sequence of int
        Samples along each axis.
    ndim : int
        Number of axes, where `size` is one number.

    Returns
    -------
    ndarray of int64
        Weights of 1.

    Examples
    --------
    >>> ones(2, ndim=2)
    array([[1, 1],
           [1, 1]])
    """
    return _made("ones", _dimensions(ndim, size), size=size)


def gaussian(
    sigma: float | Sequence[float], order: int | Sequence[int] = 0, truncate: float = 4.0, *, ndim: int = 1
) -> Weights:
    """A Gaussian, or a derivative of one: the weights of `scipy.ndimage.gaussian_filter`.

    Parameters
    ----------
    sigma : float or sequence of float
        Standard deviation in samples along each axis; 0 leaves an axis alone.
    order : int or sequence of int
        Which derivative along each axis.
    truncate : float
        Where the Gaussian ends, in standard deviations; there are ``2 * int(truncate * sigma + 0.5) + 1`` weights.
    ndim : int
        Number of axes, where `sigma` and `order` are single numbers.

    Returns
    -------
    ndarray of float64
        Weights that sum to 1, before derivatives are taken.

    Examples
    --------
    >>> gaussian(1, truncate=1).round(3)
    array([0.274, 0.452, 0.274])
    """
    return _made("gaussian", _dimensions(ndim, sigma, order), sigma=sigma, order=order, truncate=truncate)


def sobel(axis: Axis = "x", *, ndim: int = 2) -> Weights:
    """The derivative along an axis, smoothed by 1 2 1 across it.

    Parameters
    ----------
    axis : int or {'x', 'y', 'z'}
        The axis; x is the last one, y the one before.
    ndim : int
        Number of axes.

    Returns
    -------
    ndarray of int64
        Weights that sum to 0; in a picture 8 times the slope, positive where the signal rises.

    Examples
    --------
    >>> sobel("x")
    array([[ 1,  0, -1],
           [ 2,  0, -2],
           [ 1,  0, -1]])
    """
    return _made("sobel", ndim, axis=axis)


def prewitt(axis: Axis = "x", *, ndim: int = 2) -> Weights:
    """The derivative along an axis, smoothed by 1 1 1 across it.

    Parameters
    ----------
    axis : int or {'x', 'y', 'z'}
        The axis; x is the last one, y the one before.
    ndim : int
        Number of axes.

    Returns
    -------
    ndarray of int64
        Weights that sum to 0; in a picture 6 times the slope, positive where the signal rises.

    Examples
    --------
    >>> prewitt("y")
    array([[ 1,  1,  1],
           [ 0,  0,  0],
           [-1, -1, -1]])
    """
    return _made("prewitt", ndim, axis=axis)


def scharr(axis: Axis = "x", *, ndim: int = 2) -> Weights:
    """The derivative along an axis, smoothed by 3 10 3 across it.

    Parameters
    ----------
    axis : int or {'x', 'y', 'z'}
        The axis; x is the last one, y the one before.
    ndim : int
        Number of axes.

    Returns
    -------
    ndarray of int64
        Weights that sum to 0; in a picture 32 times the slope, positive where the signal rises.

    Examples
    --------
    >>> scharr("x")[1]
    array([ 10,   0, -10])
    """
    return _made("scharr", ndim, axis=axis)


def laplacian(neighbours: Literal["faces", "all"] = "faces", *, ndim: int = 2) -> Weights:
    """The neighbours less the sample itself: second derivatives along all axes.

    Parameters
    ----------
    neighbours : {'faces', 'all'}
        Those next along an axis, or those across corners too.
    ndim : int
        Number of axes.

    Returns
    -------
    ndarray of int64
        Weights that sum to 0.

    Examples
    --------
    >>> laplacian()
    array([[ 0,  1,  0],
           [ 1, -4,  1],
           [ 0,  1,  0]])
    """
    return _made("laplacian", ndim, neighbours=neighbours)


def log(sigma: float | Sequence[float], truncate: float = 4.0, *, ndim: int = 2) -> Weights:
    """The Laplacian of a Gaussian: the weights of `scipy.ndimage.gaussian_laplace`.

    Parameters
    ----------
    sigma : float or sequence of float
        Standard deviation in samples along each axis.
    truncate : float
        Where the Gaussian ends, in standard deviations.
    ndim : int
        Number of axes, where `sigma` is one number.

    Returns
    -------
    ndarray of float64
        Weights that sum to 0, nearly.

    Examples
    --------
    >>> log(1, ndim=1, truncate=1).round(3)
    array([ 0.   , -0.452,  0.   ])
    """
    return _made("log", _dimensions(ndim, sigma), sigma=sigma, truncate=truncate)


def sharpen(amount: float = 1.0, *, ndim: int = 2) -> Weights:
    """The signal less its Laplacian.

    Parameters
    ----------
    amount : float
        How many times the Laplacian is taken away.
    ndim : int
        Number of axes.

    Returns
    -------
    ndarray
        Weights that sum to 1; whole numbers if `amount` is one.

    Examples
    --------
    >>> sharpen(ndim=1)
    array([-1,  3, -1])
    """
    return _made("sharpen", ndim, amount=amount)


def unsharp(
    sigma: float | Sequence[float], amount: float = 1.0, truncate: float = 4.0, *, ndim: int = 2
) -> Weights:
    """The signal, and once more what a Gaussian takes away from it.

    Parameters
    ----------
    sigma : float or sequence of float
        Standard deviation of the Gaussian in samples along each axis.
    amount : float
        How many times the difference is added.
    truncate : float
        Where the Gaussian ends, in standard deviations.
    ndim : int
        Number of axes, where `sigma` is one number.

    Returns
    -------
    ndarray of float64
        Weights that sum to 1.

    Examples
    --------
    >>> unsharp(1, truncate=1, ndim=1).round(3)
    array([-0.274,  1.548, -0.274])
    """
    return _made("unsharp", _dimensions(ndim, sigma), sigma=sigma, amount=amount, truncate=truncate)


def disk(radius: float) -> Weights:
    """The mean over a disk, as a lens out of focus.

    Parameters
    ----------
    radius : float
        In samples, whole or not.

    Returns
    -------
    ndarray of float64, 2-D
        Weights that sum to 1.

    Examples
    --------
    >>> disk(1).shape
    (3, 3)
    """
    return _made("disk", 2, radius=radius)


def motion(length: float, angle: float = 0.0) -> Weights:
    """The mean along a straight line, as a camera that moves.

    Parameters
    ----------
    length : float
        In samples, from 1 on.
    angle : float
        Degrees from x towards y: clockwise on a screen.

    Returns
    -------
    ndarray of float64, 2-D
        Weights that sum to 1.

    Examples
    --------
    >>> motion(2)
    array([[0.25, 0.5 , 0.25]])
    """
    return _made("motion", 2, length=length, angle=angle)


def gabor(sigma: float, wavelength: float, theta: float = 0.0, gamma: float = 0.5, psi: float = 0.0) -> Weights:
    """A wave under a Gaussian, that answers to stripes: `cv2.getGaborKernel` turned round.

    Parameters
    ----------
    sigma : float
        Standard deviation across the stripes, in samples.
    wavelength : float
        From stripe to stripe, in samples.
    theta : float
        Direction across the stripes, degrees from x towards y: clockwise on a screen.
    gamma : float
        Width over length: below 1 it is longer along the stripes.
    psi : float
        Phase of the wave in the middle, degrees: 0 even, 90 odd.

    Returns
    -------
    ndarray of float64, 2-D
        Weights that are 1 in the middle, at `psi` 0.

    Examples
    --------
    >>> middle = gabor(4, 10).shape[0] // 2
    >>> float(gabor(4, 10)[middle, gabor(4, 10).shape[1] // 2])
    1.0
    """
    return _made("gabor", 2, sigma=sigma, theta=theta, wavelength=wavelength, gamma=gamma, psi=psi)


def exponential(tau: float, length: int | None = None, scale: Literal["sum", "peak"] = "sum") -> Weights:
    """An exponential decay, looking back.

    Parameters
    ----------
    tau : float
        Samples until it has fallen to 1/e.
    length : int, optional
        Number of weights; by default until less than 2**-24 is left.
    scale : {'sum', 'peak'}
        What is 1: the sum of the weights, or the first of them.

    Returns
    -------
    ndarray of float64, 1-D

    Examples
    --------
    >>> exponential(1, length=3, scale="peak").round(3)
    array([1.   , 0.368, 0.135])
    """
    return _made("exponential", 1, tau=tau, length=length, scale=scale)


def rc(tau: float, step: float = 1.0, length: int | None = None) -> Weights:
    """A resistor and a capacitor: the low-pass of one stage, exact for inputs held during each sample.

    Parameters
    ----------
    tau : float
        Time constant R C, in the unit of `step`.
    step : float
        Time from sample to sample.
    length : int, optional
        Number of weights; by default until less than 2**-24 is left.

    Returns
    -------
    ndarray of float64, 1-D
        Weights that sum to 1 but for what is cut off.

    Examples
    --------
    >>> rc(1, length=2).round(3)
    array([0.632, 0.233])
    """
    return _made("rc", 1, tau=tau, step=step, length=length)


def rlc(r: float, l: float, c: float, step: float = 1.0, length: int | None = None) -> Weights:  # noqa: E741
    """A resistor, a coil and a capacitor in series, voltage at the capacitor: rings if ``r < 2 sqrt(l / c)``.

    Parameters
    ----------
    r : float
        Resistance, in ohm.
    l : float
        Inductance, in henry.
    c : float
        Capacitance, in farad.
    step : float
        Seconds from sample to sample.
    length : int, optional
        Number of weights; by default until less than 2**-24 is left.

    Returns
    -------
    ndarray of float64, 1-D
        Weights that sum to 1 but for what is cut off.

    Examples
    --------
    >>> round(float(rlc(10, 1e-3, 1e-6, step=1 / 96000).sum()), 3)
    1.0
    """
    return _made("rlc", 1, r=r, l=l, c=c, step=step, length=length)


def _made(name: str, ndim: int, **parameters: object) -> Weights:
    """The engine's kernel of that name; parameters that are None have the engine's default."""
    given = [f"{key}={_text(value)}" for key, value in parameters.items() if value is not None]
    return _engine.kernel(f"{name}:{','.join(given)}", ndim)


def _text(value: object) -> str:
    """A parameter as the engine reads it: numbers for each axis are set apart by x."""
    if isinstance(value, str):
        return value
    numbers = np.asarray(value)
    if numbers.dtype.kind not in "iuf" or numbers.ndim > 1:
        raise TypeError(f"a kernel's parameter must be a number or a sequence of numbers, not {value!r}")
    return "x".join(str(number) for number in numbers.ravel().tolist())


def _dimensions(ndim: int, *parameters: object) -> int:
    """As many as a parameter has values, if one is a sequence."""
    return max((len(p) for p in parameters if isinstance(p, (Sequence, np.ndarray))), default=ndim)
