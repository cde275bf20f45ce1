"""The linear filters of `scipy.ndimage`, on the engine of faltung: same names, signatures, centring, types and errors.

Conventions of all functions here:

- The result has the shape of `input`. A kernel of k weights is centred on weight ``k // 2``; `origin` moves it.
- `mode` says what is beyond the edges: ``'reflect'`` (``dcba|abcd|dcba``, also called ``'grid-mirror'``), ``'mirror'``
  (``dcb|abcd|cba``), ``'nearest'`` (``aaaa|abcd|dddd``), ``'wrap'`` (``abcd|abcd|abcd``, also ``'grid-wrap'``) and
  ``'constant'`` (`cval` everywhere, also ``'grid-constant'``). A kernel may be larger than the data. Note that NumPy's
  and PyTorch's "reflect" is the ``'mirror'`` of these names.
- `output` is a dtype, the name of one, or an array that the result is put into; that array is returned, and may share
  memory with `input`. By default the result has the type of `input`, whatever the weights' type, but complex weights
  make it complex.
- Sums that go to whole numbers are cut towards zero, and reduced modulo 2 to the number of bits.
- Filters that go along one axis after the other keep the results in between in the output's type, so that whole
  numbers are cut several times.

Differences from SciPy, all on purpose:

- Weights count however small they are. SciPy's `correlate` and `convolve` leave out weights of at most 2.2e-16, and its
  `correlate1d` and `convolve1d` take a kernel for symmetric if it is so up to 2.2e-16.
- A NaN or an infinity reaches every output whose window holds it, also under a weight of zero, and no other: SciPy's
  `uniform_filter` spreads it to the rest of the line.
- No mean depends on samples outside its window, where SciPy's are off by the rounding errors of all that came before.
- Whole numbers with whole weights are summed exactly, also beyond 2**53. What does not fit is reduced modulo 2 to the
  number of bits, where SciPy converts by a cast that C leaves undefined (often to the smallest number). NaN and
  infinities become 0 in whole numbers.
- A real sum whose exact value is whole may be off by a rounding error, to either side, and so differ by one when it is
  cut; in filters of several steps, later steps may make more of it (or, where it wraps, 255). A Gaussian leaves whole numbers that are the same everywhere as they are; SciPy's may make one less of them.
- Sums of float32 are made in float32, so that the last bits differ; float16 and bfloat16 work.
- A boolean result is True where the sum, cut towards zero, is not 0; SciPy looks at its last 8 bits only. In filters of
  several steps, booleans are numbers until the last.
- The output may share memory with the input in all functions; SciPy overwrites what it still needs in some.
- SciPy's `correlate` and `convolve` err with mode ``'reflect'`` and an `origin` where a window is several times larger
  than the data.
- Masked samples are refused, where SciPy drops the mask.
- A single negative number is valid for `axes`. Weights without elements are always refused. Refusals that are Python's
  own, of operators that do not fit, may have other words.
"""

from faltung._ndimage_slopes import (
    gaussian_gradient_magnitude,
    gaussian_laplace,
    generic_gradient_magnitude,
    generic_laplace,
    laplace,
    prewitt,
    sobel,
)
from faltung._ndimage_smooth import gaussian_filter, gaussian_filter1d, uniform_filter, uniform_filter1d
from faltung._ndimage_weighted import convolve, convolve1d, correlate, correlate1d

__all__ = [
    "convolve",
    "convolve1d",
    "correlate",
    "correlate1d",
    "gaussian_filter",
    "gaussian_filter1d",
    "gaussian_gradient_magnitude",
    "gaussian_laplace",
    "generic_gradient_magnitude",
    "generic_laplace",
    "laplace",
    "prewitt",
    "sobel",
    "uniform_filter",
    "uniform_filter1d",
]
