"""Convolution of signals, images and arrays: the names of SciPy and NumPy on one fast, exact engine.

Change an import, and get the same answers on all cores:

>>> import faltung
>>> faltung.convolve([3, 0, 5, 0, 2, 1], [5, 4, 3, 2, 1])
array([15, 12, 34, 26, 28, 23, 15,  7,  4,  1])

- Here are the names of `scipy.signal`, with keywords for boundaries, strides, missing data and more on `convolve` and
  `correlate`; `faltung.ndimage` has those of `scipy.ndimage`, `faltung.numpy` NumPy's own `convolve` and `correlate`.
- `Plan` is a convolution made ready once and run many times; it tells which algorithm it has chosen, and why.
- `Stream` filters samples as they come, block by block, without latency if that is wanted.
- `explain` opens a result: which samples met which weights, as numbers, pictures, pages and films.
- `continuous` convolves formulas in continuous time, in closed form where there is one.
- `kernels` has named weights: Gaussians, Sobel's, the response of a resistor and a capacitor.

Results do not depend on the number of threads, to the bit. The environment variable FALTUNG_NUM_THREADS sets how many
work, FALTUNG_SIMD (scalar, sse4.2, avx2, avx512) forces an instruction set that the machine has.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from . import kernels, ndimage, nn, numpy
from ._config import get_num_threads, set_num_threads, show_config, warn_of_variables
from ._continuous import Continuous, continuous
from ._engine import version as __version__
from ._explain import explain
from ._fir import lfilter_fir
from ._plan import Plan
from ._signal import (
    Estimate,
    choose_conv_method,
    convolve,
    convolve2d,
    correlate,
    correlate2d,
    correlation_lags,
    deconvolve,
    fftconvolve,
    oaconvolve,
    upfirdn,
)
from ._stream import Stream

if TYPE_CHECKING:
    from ._explanation import Explanation, Term
    from ._picture import Picture
else:

    def __getattr__(name: str) -> object:
        """What `explain` gives, loaded when it is first asked for: most programs explain nothing."""
        homes = {"Explanation": "._explanation", "Term": "._explanation", "Picture": "._picture"}
        if name not in homes:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(homes[name], __name__), name)


__all__ = [
    "Continuous",
    "Estimate",
    "Explanation",
    "Picture",
    "Plan",
    "Stream",
    "Term",
    "__version__",
    "choose_conv_method",
    "continuous",
    "convolve",
    "convolve2d",
    "correlate",
    "correlate2d",
    "correlation_lags",
    "deconvolve",
    "explain",
    "fftconvolve",
    "get_num_threads",
    "kernels",
    "lfilter_fir",
    "ndimage",
    "nn",
    "oaconvolve",
    "set_num_threads",
    "show_config",
    "upfirdn",
]

warn_of_variables()
del warn_of_variables
