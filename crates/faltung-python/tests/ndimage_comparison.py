"""What `test_ndimage.py` compares SciPy's filters and ours with: cases from seeds, and the differences that are known.

A case is made twice from one seed, once for each library, as filters write into their arguments. Results must have the
same type, shape and identity, the same warnings, and values within a bound; errors the same type and text. What differs
must be explained by one of the predicates in `KNOWN_DIFFERENCES`, each of which checks our result against a definition
of its own.
"""

from __future__ import annotations

import contextlib
import inspect
import math
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

import numpy as np
import scipy.ndimage
from numpy.typing import NDArray

from faltung import ndimage

Array = NDArray[Any]

MODES = ["reflect", "mirror", "nearest", "wrap", "constant", "grid-mirror", "grid-constant", "grid-wrap"]
DTYPES = ["?", "i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f4", "f8", "c8", "c16", ">i2", ">f4", ">f8", ">c16"]
ONE_STEP = {"correlate", "convolve", "correlate1d", "convolve1d", "uniform_filter1d", "gaussian_filter1d"}
WEIGHTED = {"correlate", "convolve", "correlate1d", "convolve1d"}


@dataclass
class Case:
    """A call of one function, and a bound for its values: gain times the largest sample is the largest result."""

    function: str
    x: Any
    arguments: dict[str, Any]
    gain: float = 1.0
    terms: int = 1
    notes: set[str] = field(default_factory=set)

    def call(self, library: Any, **changes: Any) -> Any:
        arguments = {**self.arguments, **changes}
        x = arguments.pop("x", self.x)
        return getattr(library, self.function)(x, **arguments)

    def __str__(self) -> str:
        x = f"{self.x.dtype.str}{self.x.shape}" if isinstance(self.x, np.ndarray) else repr(self.x)
        return f"{self.function}({x}, {self.arguments})".replace("\n", "")


@dataclass
class Outcome:
    """What came of a call."""

    value: Any = None
    error: BaseException | None = None
    warned: list[tuple[str, str]] = field(default_factory=list)
    is_output: bool = False


def outcome(library: Any, case: Case) -> Outcome:
    """Call one library's function."""
    with warnings.catch_warnings(record=True) as caught, np.errstate(all="ignore"):
        warnings.simplefilter("always")
        try:
            value = case.call(library)
        except Exception as error:
            return Outcome(error=error, warned=[(w.category.__name__, str(w.message)) for w in caught])
    return Outcome(
        value, None, [(w.category.__name__, str(w.message)) for w in caught], value is case.arguments.get("output")
    )


# Exact results, by the definition.


def source(i: int, n: int, mode: str) -> int | None:
    """The sample that a place holds, None for the constant."""
    if mode in ("constant", "grid-constant"):
        return i if 0 <= i < n else None
    if mode == "nearest":
        return min(max(i, 0), n - 1)
    if mode in ("wrap", "grid-wrap"):
        return i % n
    if mode == "mirror":
        period = max(2 * (n - 1), 1)
        return min(i % period, period - i % period) if n > 1 else 0
    return min(i % (2 * n), 2 * n - 1 - i % (2 * n))


def defined(case: Case) -> Array:
    """The result as Python's numbers, of a function of one step, summed term by term."""
    x, arguments = case.x, case.arguments
    axes = arguments.get("axes")
    if "1d" in case.function:
        axes = arguments.get("axis", -1)
    axes = range(x.ndim) if axes is None else [axes] if isinstance(axes, int) else axes
    axes = [axis % x.ndim for axis in axes]
    if case.function == "uniform_filter1d":
        weights = np.ones(arguments["size"], dtype=object)
    else:
        weights = np.asarray(arguments["weights"]).astype(object)
    origin = arguments.get("origin", 0)
    origins = [origin] * len(axes) if isinstance(origin, int) else origin
    if len(axes) < x.ndim:
        origins = [moved for _, moved in sorted(zip(axes, origins))]
    axes = sorted(axes)
    sign = -1 if case.function.startswith("convolve") else 1
    mode, constant = arguments.get("mode", "reflect"), arguments.get("cval", 0)
    samples = x.astype(object)
    y = np.zeros(x.shape, dtype=object)
    for place in np.ndindex(*x.shape):
        total: Any = 0
        for tap in np.ndindex(*weights.shape):
            at: list[int | None] = list(place)
            for axis, j, k, moved in zip(axes, tap, weights.shape, origins):
                at[axis] = source(place[axis] + sign * (j - k // 2 - moved), x.shape[axis], mode)
            total += weights[tap] * (constant if None in at else samples[tuple(at)])
        y[place] = total
    return y


def reduced(value: Any, dtype: np.dtype[Any]) -> int:
    """A number in a type of whole numbers: cut, modulo 2 to the number of bits; 0 if it is not finite."""
    if not math.isfinite(value):
        return 0
    bits = 8 * int(dtype.itemsize)
    rest: int = int(value) % 2**bits
    return rest - 2**bits if dtype.kind == "i" and rest >= 2 ** (bits - 1) else rest


# The differences that are known. Each takes a case, our result and SciPy's.


def cut_at_a_whole_number(case: Case, ours: Array, theirs: Array) -> bool:
    """A sum of reals whose exact value is whole, up to rounding, was cut to either side of it."""
    if ours.dtype.kind not in "iub" or case.function not in ONE_STEP:
        return False
    with np.errstate(all="ignore"):
        real = case.call(scipy.ndimage, x=case.x.astype(np.float64), output=np.float64)
    differ = ours != theirs
    is_near = np.abs(real - np.round(real)) <= bound(case, np.dtype(np.float64))
    if ours.dtype == np.bool_:
        return bool(np.all(is_near[differ]))
    apart = np.abs(ours.astype(object) - theirs.astype(object))[differ]
    return bool(np.all(is_near[differ])) and set(apart.tolist()) <= {1, 2 ** (8 * ours.dtype.itemsize) - 1}


def conversion_to_whole_numbers(case: Case, ours: Array, theirs: Array) -> bool:
    """A sum was too large for the type, or for doubles, or not finite: ours is reduced, or 0; SciPy's is C's."""
    if ours.dtype.kind not in "iu" or case.function not in ONE_STEP:
        return False
    with np.errstate(all="ignore"):
        real = case.call(scipy.ndimage, x=case.x.astype(np.float64), output=np.float64)
    limits = np.iinfo(ours.dtype)
    # Sums of large samples are rounded, by either library, and so differ although they are within the type.
    allowed = bound(case, np.dtype(np.float64)) if np.abs(case.x.astype(np.float64)).max(initial=0) >= 2.0**31 else 0
    bits = 8 * ours.dtype.itemsize
    for mine, value in zip(ours[ours != theirs].tolist(), real[ours != theirs].tolist()):
        apart = (mine - reduced(value, ours.dtype)) % 2**bits
        is_beyond = not limits.min <= value <= limits.max
        if min(apart, 2**bits - apart) > allowed or not (is_beyond or allowed >= 0.5):
            return False
    return True


def exact_whole_numbers(case: Case, ours: Array, theirs: Array) -> bool:
    """Whole numbers that doubles do not hold, or sums of them: ours are exact."""
    if (
        ours.dtype.kind not in "iu"
        or case.function not in WEIGHTED | {"uniform_filter1d"}
        or case.x.dtype.kind not in "iu"
    ):
        return False
    exact = defined(case)
    is_large = max((abs(value) for value in exact.ravel()), default=0) >= 2**31
    if case.function == "uniform_filter1d":
        size = case.arguments["size"]
        exact = np.array([(abs(v) // size) * (1 if v > 0 else -1) for v in exact.ravel()], object).reshape(exact.shape)
    expected = np.array([reduced(value, ours.dtype) for value in exact.ravel()], object).reshape(exact.shape)
    return is_large and bool(np.all(ours == expected))


ROUNDED = (cut_at_a_whole_number, conversion_to_whole_numbers, exact_whole_numbers)


def explained_step_by_step(case: Case, ours: Array, theirs: Array) -> bool:
    """Whole numbers in several steps: SciPy's own filter makes our result of our steps, each the same or explained."""
    if ours.dtype.kind not in "iu" or case.function in ONE_STEP:
        return False
    explained = []

    def checked(name: str) -> Callable[..., Array]:
        signature = inspect.signature(getattr(scipy.ndimage, name))

        def step(*given: Any, **named: Any) -> Array:
            arguments = dict(signature.bind(*given, **named).arguments)
            single = Case(name, arguments.pop("input").copy(), arguments, case.gain, case.terms)
            output = arguments["output"]
            theirs = single.call(scipy.ndimage, output=output.dtype if isinstance(output, np.ndarray) else output)
            result: Array = single.call(ndimage)
            explained.append(np.array_equal(result, theirs) or any(known(single, result, theirs) for known in ROUNDED))
            return result

        return step

    steps = ["gaussian_filter1d"] if case.function.startswith("gaussian") else ["correlate1d", "uniform_filter1d"]
    with contextlib.ExitStack() as patched:
        for name in steps:
            patched.enter_context(mock.patch.object(scipy.ndimage._filters, name, checked(name)))
        composed = case.call(scipy.ndimage, output=ours.dtype)
    return all(explained) and bool(np.array_equal(composed, ours))


def nothing_is_left_out(case: Case, ours: Array, theirs: Array) -> bool:
    """Samples that are not finite: ours reach all windows that hold them, also under zero weights, and no others."""
    if case.function not in WEIGHTED | {"uniform_filter1d"} or "not finite" not in case.notes or ours.dtype.kind == "c":
        return False
    exact = defined(case).astype(np.float64)
    if case.function == "uniform_filter1d":
        exact = exact / case.arguments["size"]
    if ours.dtype == np.bool_:
        return bool(ours.ravel().tolist() == [math.isfinite(value) and abs(value) >= 1 for value in exact.ravel()])
    if ours.dtype.kind in "iu":
        return bool(ours.ravel().tolist() == [reduced(value, ours.dtype) for value in exact.ravel()])
    return is_close(ours, exact.astype(ours.dtype), bound(case, ours.dtype))


def booleans_are_numbers_in_between(case: Case, ours: Array, theirs: Array) -> bool:
    """SciPy keeps booleans of several steps, and large sums, in bytes: -1 is 255 and 256 is 0. Ours are numbers."""
    if ours.dtype != np.bool_:
        return False
    if case.function in ("gaussian_laplace", "gaussian_gradient_magnitude"):
        # Each axis is a filter of its own, and compared as that; sums over axes are sums of booleans.
        with mock.patch.object(scipy.ndimage._filters, "gaussian_filter", ndimage.gaussian_filter):
            return bool(np.array_equal(ours, case.call(scipy.ndimage, output=np.bool_)))
    changes = {"output": np.int32} | ({"x": case.x.astype(np.int32)} if case.x.dtype == np.bool_ else {})
    mine, yours = case.call(ndimage, **changes), case.call(scipy.ndimage, **changes)
    numbers = Case(case.function, changes.get("x", case.x), case.arguments, case.gain, case.terms)
    is_same = np.array_equal(mine, yours) or any(
        known(numbers, mine, yours) for known in (*ROUNDED, explained_step_by_step)
    )
    return is_same and np.array_equal(ours, mine != 0)


def complex_in_place(case: Case, ours: Array, theirs: Array) -> bool:
    """SciPy overwrites complex input that is the output before it has read it all, if the weights are complex."""
    if case.arguments.get("output") is not case.x or np.asarray(case.arguments.get("weights")).dtype.kind != "c":
        return False
    return is_close(ours, case.call(scipy.ndimage, output=None), bound(case, ours.dtype))


def far_reflections(case: Case, ours: Array, theirs: Array) -> bool:
    """SciPy's filters of several dimensions err where a window is far larger than the data, and moved to its end."""
    if case.function not in ("correlate", "convolve") or case.arguments["mode"] not in ("reflect", "grid-mirror"):
        return False
    if max(np.shape(case.arguments["weights"])) <= 4 * min(case.x.shape) or not any(
        np.atleast_1d(case.arguments["origin"])
    ):
        return False
    exact = defined(case)
    if ours.dtype.kind in "iu":
        return bool(ours.ravel().tolist() == [reduced(value, ours.dtype) for value in exact.ravel()])
    return is_close(ours, exact.astype(ours.dtype), bound(case, ours.dtype))


KNOWN_DIFFERENCES: list[Callable[[Case, Array, Array], bool]] = [
    cut_at_a_whole_number,
    conversion_to_whole_numbers,
    exact_whole_numbers,
    explained_step_by_step,
    nothing_is_left_out,
    booleans_are_numbers_in_between,
    complex_in_place,
    far_reflections,
]


# The comparison.


def bound(case: Case, dtype: np.dtype[Any]) -> float:
    """How far two results may be apart: roundings times the largest sum of absolute terms."""
    x = np.abs(np.asarray(case.x))
    finite = x[np.isfinite(x)]
    largest = max(float(finite.max(initial=0)), abs(case.arguments.get("cval", 0)))
    if not math.isfinite(largest):
        largest = float(finite.max(initial=0))
    precisions = [np.finfo(d).eps for d in (dtype, x.dtype) if d.kind in "fc"]
    precision = max(precisions, default=np.finfo(np.float64).eps)
    return float(4 * (case.terms + 4) * precision * case.gain * largest)


def is_close(ours: Array, theirs: Array, allowed: float) -> bool:
    """Whether all differences are allowed; what is not finite must be the same."""
    if ours.dtype.kind == "c":
        return is_close(ours.real, theirs.real, allowed) and is_close(ours.imag, theirs.imag, allowed)
    finite = np.isfinite(theirs)
    if not np.array_equal(np.where(finite, 0, ours), np.where(finite, 0, theirs), equal_nan=True):
        return False
    return bool(np.all(np.abs(ours[finite].astype(np.float64) - theirs[finite].astype(np.float64)) <= allowed))


def difference(make: Callable[[], Case]) -> str:
    """'' if both libraries agree, the name of the known difference, or a line that begins with 'UNEXPLAINED'."""
    case, twin = make(), make()
    ours, theirs = outcome(ndimage, case), outcome(scipy.ndimage, twin)
    if ours.error is not None or theirs.error is not None:
        mine, yours = (f"{type(o.error).__name__}: {o.error}" for o in (ours, theirs))
        return "" if mine == yours else f"UNEXPLAINED error in {make()}: ours {mine!r}, SciPy's {yours!r}"
    y, z = ours.value, theirs.value
    if (y.dtype, y.shape, ours.warned, ours.is_output) != (z.dtype, z.shape, theirs.warned, theirs.is_output):
        return f"UNEXPLAINED form in {make()}: {y.dtype} {y.shape} {ours}, SciPy's {z.dtype} {z.shape} {theirs}"
    if y.dtype == np.bool_:
        z = z.view(np.uint8) != 0
    native_y, native_z = y.astype(y.dtype.newbyteorder("=")), z.astype(z.dtype.newbyteorder("="))
    if y.dtype.kind in "fc":
        if is_close(native_y, native_z, bound(make(), y.dtype)):
            return ""
    elif np.array_equal(y, z):
        return ""
    with np.errstate(all="ignore"):
        for known in KNOWN_DIFFERENCES:
            if known(make(), native_y, native_z):
                return known.__name__
    return f"UNEXPLAINED values in {make()} of {make().x.tolist()}: ours {y.tolist()}, SciPy's {z.tolist()}"
