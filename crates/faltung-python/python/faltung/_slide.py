"""The way of a call of `convolve` or `correlate` to the engine, with all its keywords."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from . import _engine
from ._axes import Layout
from ._operands import (
    MODE_TEXT,
    MODES,
    Array,
    Estimate,
    as_wished,
    axes_of,
    deliver,
    is_swap_needed,
    normalization,
    replace_constants,
    result_type,
    reversed_conjugate,
    run,
    without_mask,
    without_mask_of_weights,
)

#: SciPy's words and the engine's, and the algorithm that they ask for.
_METHODS: dict[str, str | None] = {"auto": None, **{name: name for name in _engine.algorithms}}
_METHOD_TEXT = "Acceptable method flags are 'auto', 'direct', or 'fft'."

#: Keywords that say nothing about in1.
_NEUTRAL = frozenset({"out", "threads", "overflow", "accuracy", "max_memory"})


class Options(NamedTuple):
    """All keywords of `convolve` and `correlate`."""

    boundary: Any = "constant"
    axes: Any = None
    stride: Any = 1
    dilation: Any = 1
    anchor: Any = None
    out: Array | None = None
    threads: int | None = None
    overflow: str = "wrap"
    accuracy: str = "normwise"
    max_memory: int | None = None
    nan: str = "propagate"
    mask: Any = None
    normalize_kernel: Any = False
    return_coverage: bool = False
    variance: Any = None

    @classmethod
    def of(cls, function: str, keywords: dict[str, Any]) -> Options:
        """Those given to a function, and defaults for the others."""
        for name in keywords:
            if name not in cls._fields:
                raise TypeError(f"{function}() got an unexpected keyword argument {name!r}")
        return cls(**keywords)

    def of_signal(self) -> list[str]:
        """The keywords about in1 that were given."""
        defaults = self._field_defaults
        given = [name for name, value in zip(self._fields, self) if not _is_default(value, defaults[name])]
        return [name for name in given if name not in _NEUTRAL]

    def for_engine(self) -> dict[str, Any]:
        """Those that the engine takes as they are."""
        return {
            "boundary": self.boundary,
            "stride": self.stride,
            "dilation": self.dilation,
            "anchor": self.anchor,
            "threads": self.threads,
            "overflow": self.overflow,
            "accuracy": self.accuracy,
            "max_memory": self.max_memory,
        }

    def is_estimate(self) -> bool:
        """Whether missing samples, normalisation or errors are spoken of."""
        wants = self.nan != "propagate" or self.mask is not None or self.variance is not None or self.return_coverage
        return bool(wants or self.normalize_kernel)


def _is_default(value: object, default: object) -> bool:
    return value is default or (isinstance(value, (str, int)) and isinstance(default, (str, int)) and value == default)


def long_way(
    in1: ArrayLike, in2: ArrayLike, mode: Any, method: Any, operation: str, options: Options
) -> Array | Estimate:
    """`convolve` and `correlate` for whatever comes, in SciPy's order of refusals."""
    is_masked = isinstance(in1, np.ma.MaskedArray)
    x, weights = np.asarray(in1), without_mask_of_weights(in2)
    of_signal = options.of_signal()
    if x.ndim == weights.ndim == 0 and not is_masked and not of_signal and options.out is None:
        result_type(x, weights)
        product = x * (np.conj(weights) if operation == "correlate" and weights.dtype.kind == "c" else weights)
        return product
    axes = None if options.axes is None else axes_of(options.axes, x.ndim)
    if x.ndim != weights.ndim and (axes is None or len(axes) != weights.ndim):
        which = "volume and kernel" if operation == "convolve" else "in1 and in2"
        raise ValueError(f"{which} should have the same dimensionality")
    algorithm = _algorithm(x, weights, mode, method, operation, slid=axes)
    if axes is None and is_swap_needed(mode, x.shape, weights.shape):
        if is_masked:
            of_signal.append("mask")
        if of_signal:
            raise ValueError(
                "in2 is larger than in1, so that in mode 'valid' they would change places, and in1 would lose its "
                f"{', '.join(of_signal)}: exchange the operands, or choose another mode"
            )
        if operation == "correlate" and method == "direct" and x.size == 0 and x.ndim == 1:
            raise ValueError("first array argument cannot be empty")
        x, weights, operation = exchanged(x, weights, operation)
    elif mode == "full" and 0 < x.size < weights.size and axes is None and not is_masked and not of_signal:
        # The same sums; and a signal shorter than the kernel would be mostly zeros to the engine.
        x, weights, operation = exchanged(x, weights, operation)
    if (x.size == 0 or weights.size == 0) and not is_masked and not of_signal:
        return deliver(_of_nothing(x, weights, mode, method, operation), options.out)
    layout = None
    if axes is not None:
        if weights.ndim != x.ndim:
            spread = [1] * x.ndim
            for axis, k in zip(axes, weights.shape):
                spread[axis] = k
            weights = weights.transpose(np.argsort(axes)).reshape(spread)
        layout = Layout(x.shape, weights.shape, axes)
    missing = np.ma.getmaskarray(in1) if isinstance(in1, np.ma.MaskedArray) else None
    return slide(x, weights, missing, operation, mode, algorithm, options, layout)


def exchanged(x: Array, weights: Array, operation: str) -> tuple[Array, Array, str]:
    """The operands in each other's places, and the operation that gives the same full result."""
    return (weights if operation == "convolve" else reversed_conjugate(weights)), x, "convolve"


def _algorithm(x: Array, weights: Array, mode: Any, method: Any, operation: str, slid: list[int] | None) -> str | None:
    """The algorithm that `method` asks for; refuses modes, shapes and methods in the order and words of SciPy."""
    is_method = isinstance(method, str) and method in _METHODS
    if operation == "correlate" and mode not in dict.fromkeys(MODES):
        raise ValueError(MODE_TEXT)
    if slid is None and (operation == "convolve" or is_method):
        is_swap_needed(mode, x.shape, weights.shape)
    if not is_method:
        raise ValueError(_METHOD_TEXT)
    if mode not in MODES:
        if method == "auto" and not is_direct_only(x, weights):
            raise ValueError(f"Acceptable mode flags are 'valid', 'same', or 'full', not mode={mode}")
        raise ValueError("acceptable mode flags are 'valid', 'same', or 'full'" if method == "fft" else MODE_TEXT)
    return _METHODS[method]


def _of_nothing(x: Array, weights: Array, mode: str, method: str, operation: str) -> Array:
    """What SciPy makes of empty operands: refusals in one dimension, zeros in several."""
    if method == "fft":
        raise IndexError("index 0 is out of bounds for axis 0 with size 0")
    dtype = result_type(x, weights)
    if x.ndim == 1 and not (mode == "same" and x.size < weights.size):
        if operation == "correlate" and method == "direct":
            raise ValueError(f"{'first' if x.size == 0 else 'second'} array argument cannot be empty")
        raise ValueError(f"{'a' if x.size == 0 else 'v'} cannot be empty")
    return np.zeros(output_shape(x.shape, weights.shape, mode), dtype)


def output_shape(x: Sequence[int], weights: Sequence[int], mode: str) -> list[int]:
    if mode == "same":
        return list(x)
    return [n + k - 1 if mode == "full" else n - k + 1 for n, k in zip(x, weights)]


def slide(
    x: Array,
    weights: Array,
    missing: Array | None,
    operation: str,
    mode: str,
    algorithm: str | None,
    options: Options,
    layout: Layout | None,
) -> Array | Estimate:
    """The engine's call, by way of the layout if there is one, for masked arrays, estimates, and plain ones."""
    engine: dict[str, Any] = {"operation": operation, "mode": mode, **options.for_engine()}
    kernel = weights
    if layout is not None:
        kernel = layout.kernel(weights)
        engine.update(axes=layout.axes, groups=layout.groups)
    lay: Callable[[Array], Array] = (lambda a: a) if layout is None else layout.signal
    unlay: Callable[[Array], Array] = (lambda a: a) if layout is None else layout.result
    if isinstance(options.out, np.ma.MaskedArray):
        raise ValueError("out is a masked array, whose mask would hide the result: give out.data")
    if missing is None and not options.is_estimate():
        if layout is None or layout.is_plain:
            return run(x, kernel, algorithm, options.out, **engine)
        return deliver(unlay(run(lay(x), kernel, algorithm, **engine)), options.out)
    if missing is not None and options.out is not None:
        raise ValueError("out cannot hold the mask of the result: leave it away, or give in1.filled() and mask=")
    if missing is not None and not options.is_estimate():
        y = unlay(run(lay(np.where(missing, x.dtype.type(0), x)), kernel, algorithm, **engine))
        return np.ma.MaskedArray(y, mask=unlay(_touched(lay(missing), kernel, engine)))
    values, coverage, variance = _estimated(x, kernel, missing, algorithm, options, engine, lay)
    values = unlay(values)
    coverage, variance = (None if part is None else unlay(part) for part in (coverage, variance))
    if missing is None:
        values = deliver(values, options.out)
    elif options.nan != "propagate":
        values = np.ma.MaskedArray(values, mask=coverage == 0)
    else:
        values = np.ma.MaskedArray(values, mask=unlay(_touched(lay(_all_missing(x, missing, options)), kernel, engine)))
    if options.return_coverage or options.variance is not None:
        return Estimate(values, coverage if options.return_coverage else None, variance)
    return values


def _estimated(
    x: Array,
    kernel: Array,
    missing: Array | None,
    algorithm: str | None,
    options: Options,
    engine: dict[str, Any],
    lay: Callable[[Array], Array],
) -> tuple[Array, Array | None, Array | None]:
    """Values, coverage and variance, as the engine lays them out."""
    dtype = result_type(x, kernel)
    if dtype == np.bool_:
        raise TypeError("booleans have neither gaps nor weights to be scaled: convert in1 to numbers with astype")
    normalize = normalization(options.normalize_kernel)
    if dtype.kind in "ui" and (normalize != "none" or options.nan == "interpolate"):
        dtype = np.dtype(np.float64)  # As of every division of whole numbers.
    mask = None if missing is None and options.mask is None else lay(_all_missing(x, missing, options)).view(np.uint8)
    variance = None if options.variance is None else lay(_variance(options.variance, x))
    more: dict[str, Any] = {
        "mask": mask,
        "variance": variance,
        "missing": options.nan,
        "normalize": normalize,
        **engine,
    }
    more["coverage"] = options.return_coverage or missing is not None
    x = lay(x).astype(dtype, copy=False)
    kernel = kernel.astype(dtype) if kernel.dtype == np.bool_ else kernel
    return as_wished(algorithm, lambda algorithm: _engine.estimate(x, kernel, algorithm=algorithm, **more))


def _like(values: ArrayLike, x: Array, name: str) -> Array:
    """An array of the signal's shape."""
    array = np.asarray(values)
    if array.shape != x.shape:
        raise ValueError(f"{name} has shape {array.shape}, but in1 has shape {x.shape}: give one for each sample")
    return array


def _variance(values: ArrayLike, x: Array) -> Array:
    """The variances, in doubles where they are not floats of single precision."""
    array = _like(without_mask(values, "variance"), x, "variance")
    if array.dtype.kind not in "buif" or array.dtype.itemsize > 8:
        raise TypeError(f"variance must hold real numbers of at most double precision, not {array.dtype}")
    return array if array.dtype == np.float32 else array.astype(np.float64, copy=False)


def _all_missing(x: Array, missing: Array | None, options: Options) -> Array:
    """The mask given and that of in1, joined."""
    if options.mask is None:
        return np.zeros(x.shape, np.bool_) if missing is None else missing
    given = _like(options.mask, x, "mask")
    if given.dtype.kind not in "bui":
        raise TypeError(f"mask must hold booleans, True where a sample is missing, not {given.dtype}")
    given = given.astype(np.bool_)
    return given if missing is None else given | missing


def _touched(missing: Array, kernel: Array, engine: dict[str, Any]) -> Array:
    """Where a missing sample lies under a weight that is not zero."""
    geometry = {**engine, "boundary": replace_constants(engine["boundary"], ones=False), "accuracy": "normwise"}
    return run(missing, kernel != 0, **geometry)


def is_direct_only(x: Array, weights: Array) -> bool:
    """Whether SciPy would consider no transform: for booleans, sums that doubles cannot hold, and what is no number."""
    kinds = x.dtype.kind + weights.dtype.kind
    if any(kind in "ui" for kind in kinds) and _sum_bound(x, weights) >= 2**52:
        return True
    return kinds == "bb" or any(kind not in "buifc" for kind in kinds)


def _sum_bound(x: Array, weights: Array) -> float:
    """No sum of products is larger; infinity where that is not known."""
    bound: float = min(x.size, weights.size)
    for array in (x, weights):
        if array.size == 0:
            return 0
        largest = (
            max(abs(array.min().item()), abs(array.max().item()))
            if array.dtype.kind in "bui"
            else float(np.abs(array).max())
        )
        if not largest < np.inf:
            return np.inf
        bound *= int(largest)
    return bound


def show_keywords(function: Callable[..., Any]) -> None:
    """Lets `help` and editors show all keywords of a function that takes them together.

    Filling in fifteen defaults takes Python longer than a short convolution's sums.
    """
    *positional, _ = inspect.signature(function).parameters.values()
    keyword = inspect.Parameter.KEYWORD_ONLY
    keywords = [inspect.Parameter(name, keyword, default=value) for name, value in Options._field_defaults.items()]
    function.__signature__ = inspect.Signature([*positional, *keywords])  # type: ignore[attr-defined]
