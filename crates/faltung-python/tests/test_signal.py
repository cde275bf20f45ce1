"""Random calls of SciPy's functions and of ours, which must agree: values, shapes, types, exceptions and their texts.

Where they are meant to differ, the difference has a name and a reason in `known_differences`; one that has not fails.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
import scipy.signal

from faltung import _signal

Array = np.ndarray[Any, Any]
Random = np.random.Generator

BOOL, INTEGERS, FLOATS, COMPLEX = ["?"], list("bBhHiIqQ"), list("efd"), list("FD")
TYPES = BOOL + INTEGERS + FLOATS + COMPLEX
MODES = ["full", "same", "valid"]
METHODS = ["auto", "direct", "fft"]


@dataclass
class Case:
    """One call, under the same name in SciPy and here."""

    name: str
    args: tuple[Any, ...]
    options: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        shown = [f"{a.dtype.char}{a.shape}" if isinstance(a, np.ndarray) else repr(a) for a in self.args]
        return f"{self.name}({', '.join(shown)}, {self.options})"

    def arrays(self) -> list[Array]:
        return [np.asarray(a) for a in self.args[:2]]

    def says(self, word: str) -> bool:
        return any(isinstance(a, str) and a == word for a in self.args[2:])

    def is_of(self, *names: str) -> bool:
        return self.name in names


@dataclass
class Outcome:
    """What a call came to: a value, or an exception."""

    value: Any = None
    error: BaseException | None = None

    def __str__(self) -> str:
        if self.error is not None:
            return f"{type(self.error).__name__}: {self.error}"
        return f"{np.asarray(self.value).dtype} {self.value!r}"


def called(module: Any, case: Case) -> Outcome:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return Outcome(getattr(module, case.name)(*case.args, **case.options))
        except Exception as error:
            return Outcome(error=error)


def are_alike(case: Case, theirs: Outcome, ours: Outcome) -> bool:
    if theirs.error is not None or ours.error is not None:
        return type(theirs.error) is type(ours.error) and str(theirs.error) == str(ours.error)
    if isinstance(theirs.value, tuple):
        return all(are_alike(case, Outcome(t), Outcome(o)) for t, o in zip(theirs.value, ours.value, strict=True))
    if type(theirs.value) is not type(ours.value):
        return False
    expected, actual = np.asarray(theirs.value), np.asarray(ours.value)
    if expected.dtype != actual.dtype or expected.shape != actual.shape:
        return False
    dtype = expected.dtype
    if dtype.kind not in "fc":
        return np.array_equal(expected, actual)
    expected, actual = expected.astype("D"), actual.astype("D")
    are_finite = np.isfinite(expected)
    if dtype.kind == "c" and not are_finite.all():
        # What a product of complex numbers with infinite parts is, every library decides for itself: not finite it is.
        expected, actual = (
            np.where(are_finite, expected, 0),
            np.where(np.isfinite(actual) == are_finite, np.where(are_finite, actual, 0), np.inf),
        )
    return bool(np.allclose(actual, expected, rtol=0, atol=tolerance(case, dtype), equal_nan=True))


def tolerance(case: Case, dtype: np.dtype[Any]) -> float:
    """Rounding errors of either side stay below this many units in the last place of the largest sum that could be.

    SciPy adds halves in halves.
    """
    x, weights = (np.abs(a.ravel().astype("D")) for a in case.arrays())
    x, weights = x[x < np.inf], weights[weights < np.inf]
    if x.size == 0 or weights.size == 0:
        return 0.0
    loudest = max(x.max() * weights.sum(), weights.max() * x.sum()) + _size(case.options.get("cval", 0)) * weights.sum()
    if case.is_of("convolve2d", "correlate2d") and len(case.args) > 4:
        loudest += min(_size(case.args[4]), 1e30) * weights.sum()
    if case.is_of("upfirdn"):
        loudest *= 100  # Extrapolated signals grow.
    if case.is_of("deconvolve"):
        return 1e-9  # Small whole numbers, and divisors whose first sample is not small.
    kinds = {a.dtype.char for a in case.arrays()} | {dtype.char}
    if case.is_of("fftconvolve", "oaconvolve"):
        kinds = {"f" if kind == "e" else kind for kind in kinds}
    coarse = max(np.finfo(kind).eps for kind in kinds if kind in "efdFD")
    rounding = 4 * (min(x.size, weights.size) + 30) * coarse * loudest
    is_whole = all(np.array_equal(a, np.rint(a)) for a in case.arrays()) and not case.is_of("upfirdn")
    # Sums of whole numbers are exact; those that a transform sums up are not far off.
    return float(min(rounding, 0.25) if is_whole and 8 * loudest * coarse < 1 else rounding) + 1e-300


def _size(value: Any) -> float:
    try:
        return float(np.nan_to_num(np.abs(np.asarray(value).item())))
    except (ValueError, TypeError):
        return 0.0


# ---------------------------------------------------------------------------------------------------------------------
# Differences


def _exact(case: Case) -> Array:
    """The full convolution of whole numbers, as Python counts them."""
    x, weights = (a.astype(object) for a in case.arrays())
    if case.is_of("correlate"):
        weights = np.flip(weights)
    y = np.zeros([n + k - 1 for n, k in zip(x.shape, weights.shape)], object)
    for at in np.ndindex(weights.shape):
        y[tuple(slice(i, i + n) for i, n in zip(at, x.shape))] += x * weights[at]
    return y


def _is_bool(case: Case) -> bool:
    return all(a.dtype == bool for a in case.arrays())


def _result_type(case: Case) -> np.dtype[Any]:
    try:
        return np.result_type(*(a.dtype for a in case.arrays()))
    except TypeError:
        return np.dtype(object)


def _cropped(case: Case, full: Array) -> Array:
    """The part of a full result that the mode asks for."""
    x, weights = case.arrays()
    if case.says("same"):
        return full[tuple(slice((k - 1) // 2, (k - 1) // 2 + n) for n, k in zip(x.shape, weights.shape))]
    if case.says("valid"):
        return full[tuple(slice(min(n, k) - 1, max(n, k)) for n, k in zip(x.shape, weights.shape))]
    return full


def is_as_defined(case: Case, ours: Outcome) -> bool:
    """Whether our result is that of the definition, where it is clear which one: whole numbers modulo 2^bits."""
    if ours.error is not None or not case.is_of("convolve", "correlate") or any(a.size == 0 for a in case.arrays()):
        return ours.error is None
    dtype = np.asarray(ours.value).dtype
    if dtype == bool:
        return np.array_equal(ours.value, _cropped(case, _exact(case)) > 0)
    if dtype.kind in "ui":
        return np.array_equal(
            ours.value, (_cropped(case, _exact(case)) & (2 ** (8 * dtype.itemsize) - 1)).astype(np.uint64).astype(dtype)
        )
    with np.errstate(over="ignore"):
        expected = defined(case) if dtype.kind == "c" else defined(case).real.astype(dtype).astype(np.float64)
    return bool(np.allclose(ours.value.astype("D"), expected, rtol=0, atol=tolerance(case, dtype)))


def transformed_booleans(case: Case, theirs: Outcome, ours: Outcome) -> bool:
    """SciPy's transform of booleans takes every rounding error for True; ours is an OR of ANDs with every method."""
    return case.is_of("convolve", "correlate") and _is_bool(case) and case.says("fft") and is_as_defined(case, ours)


def types_refused_by_scipy(case: Case, theirs: Outcome, ours: Outcome) -> bool:
    """Booleans and halves: SciPy's loops for several dimensions, and for 'same' with a longer kernel, know neither."""
    texts = ("Unsupported type", "convolve2d not available for this type.")
    refused = isinstance(theirs.error, ValueError) and str(theirs.error) in texts and _result_type(case).char in "?e"
    return refused and (is_as_defined(case, ours) or "fillvalue" in str(ours.error))


def halves_refused_by_scipy(case: Case, theirs: Outcome, ours: Outcome) -> bool:
    """SciPy's transforms refuse halves of the other byte order, or such that are not aligned."""
    is_refused = isinstance(theirs.error, RuntimeError) and str(theirs.error) == "unsupported data type"
    return (
        is_refused
        and any(a.dtype.char == "e" and not (a.dtype.isnative and a.flags.aligned) for a in case.arrays())
        and ours.error is None
    )


def transformed_integers_beyond_the_type(case: Case, theirs: Outcome, ours: Outcome) -> bool:
    """Sums that the type cannot hold wrap modulo 2^bits; SciPy's 'fft' rounds them, and leaves the rest to C's cast."""
    if (
        not case.is_of("convolve", "correlate")
        or _result_type(case).kind not in "ui"
        or case.says("direct")
        or ours.error is not None
    ):
        return False
    if any(a.size == 0 for a in case.arrays()):
        return False
    limits, exact = np.iinfo(np.asarray(ours.value).dtype), _exact(case)
    is_beyond = exact.max() > min(limits.max, 2**50) or exact.min() < max(limits.min, -(2**50))
    return bool(is_beyond) and is_as_defined(case, ours)


def nan_is_not_spread(case: Case, theirs: Outcome, ours: Outcome) -> bool:
    """A NaN or an infinity of either operand reaches the outputs whose sum it is in.

    SciPy's transforms spread it to all; its loops for several dimensions multiply it by zeros put around the other one.
    """
    unsound = any(a.dtype.kind in "fc" and not np.isfinite(a).all() for a in case.arrays())
    if not unsound or ours.error is not None or theirs.error is not None:
        return False
    return np.array_equal(np.isfinite(ours.value), np.isfinite(defined(case)))


def defined(case: Case) -> Array:
    """The definition: terms only where a sample meets a weight."""
    x, weights = (a.astype("D") for a in case.arrays())
    if case.is_of("correlate"):
        weights = np.flip(weights).conj()
    y = np.zeros([n + k - 1 for n, k in zip(x.shape, weights.shape)], "D")
    with np.errstate(all="ignore"):
        for at in np.ndindex(weights.shape):
            y[tuple(slice(i, i + n) for i, n in zip(at, x.shape))] += x * weights[at]
    return _cropped(case, y)


def nan_beside_whole_numbers(case: Case, theirs: Outcome, ours: Outcome) -> bool:
    """SciPy's 'auto' raises if one operand holds whole numbers, the other NaN: it asks for the maximum."""
    text = str(theirs.error)
    return (
        text in ("cannot convert float NaN to integer", "cannot convert float infinity to integer")
        and ours.error is None
    )


def correlate2d_conjugate(case: Case, theirs: Outcome, ours: Outcome) -> bool:
    """SciPy's correlate2d conjugates the wrong operand where 'valid' exchanges the two."""
    x, weights = case.arrays()
    return (
        case.is_of("correlate2d")
        and case.says("valid")
        and weights.dtype.kind == "c"
        or (
            case.is_of("correlate2d")
            and case.says("valid")
            and x.dtype.kind == "c"
            and any(n < k for n, k in zip(x.shape, weights.shape))
        )
    )


def lags_of_same(case: Case, theirs: Outcome, ours: Outcome) -> bool:
    """SciPy's lags of 'same' are one too large for an odd signal and an even kernel."""
    if not case.is_of("correlation_lags") or case.args[2] != "same" or theirs.error is not None:
        return False
    return case.args[0] % 2 == 1 and case.args[1] % 2 == 0 and np.array_equal(theirs.value, ours.value + 1)


def extended_precision(case: Case, theirs: Outcome, ours: Outcome) -> bool:
    """There are no sums of more than double precision."""
    return any(a.dtype.char in "gG" for a in case.arrays()) and isinstance(ours.error, TypeError)


def not_numbers(case: Case, theirs: Outcome, ours: Outcome) -> bool:
    """Objects, texts, times: a TypeError, if nothing else is wrong, where SciPy computes, or fails in various ways."""
    return any(a.dtype.kind not in "buifc" for a in case.arrays()) and ours.error is not None


def empty_in_several_dimensions(case: Case, theirs: Outcome, ours: Outcome) -> bool:
    """Zeros of the shape that the mode gives; SciPy may fail in copying, in padding, or in asking for a maximum."""
    failures = ["could not broadcast", "zero-size", "Unsupported type"] + (
        ["negative dimensions"] if case.says("same") else []
    )
    failed = isinstance(theirs.error, ValueError) and any(text in str(theirs.error) for text in failures)
    return failed and any(a.size == 0 for a in case.arrays()) and case.arrays()[0].ndim > 1


def empty_whole_numbers(case: Case, theirs: Outcome, ours: Outcome) -> bool:
    """An empty array of whole numbers or booleans is like one of floats; SciPy's 'auto' asks for the maximum first."""
    leaked = "zero-size array to reduction" in str(theirs.error) or str(theirs.error) == "Unsupported type"
    return (
        leaked
        and any(a.size == 0 for a in case.arrays())
        and (ours.error is None or isinstance(ours.error, ValueError))
    )


def divisor_of_one_zero(case: Case, theirs: Outcome, ours: Outcome) -> bool:
    """A divisor that begins with zero is refused, also if it is nothing else, or a negative zero."""
    return case.is_of("deconvolve") and case.arrays()[1].ravel()[:1] == 0 and isinstance(ours.error, ValueError)


def one_sample_extended(case: Case, theirs: Outcome, ours: Outcome) -> bool:
    """One sample has no slope: it is repeated. SciPy gives NaN ('line') or reads beside the array ('smooth')."""
    mode = str(case.options.get("mode")).lower()
    return (
        case.is_of("upfirdn")
        and mode in ("line", "smooth")
        and np.asarray(case.args[1]).shape[case.options.get("axis", -1)] == 1
    )


def fill_of_another_type(case: Case, theirs: Outcome, ours: Outcome) -> bool:
    """A fill value is one number that the result can hold, whatever it is wrapped in; with SciPy it depends on that."""
    return case.is_of("convolve2d", "correlate2d") and isinstance(
        case.args[4:] and case.args[4], (np.generic, np.ndarray, str, bytes, type(None))
    )


def the_choice_is_the_engines(case: Case, theirs: Outcome, ours: Outcome) -> bool:
    """Which method is the faster one is a property of the engine."""
    return (
        case.is_of("choose_conv_method")
        and ours.value in ("fft", "direct")
        and theirs.value in ("fft", "direct")
        and not (_is_bool(case) or _result_type(case).kind in "ui" and abs(_exact(case)).max() > 2**52)
    )


def choice_for_what_does_not_fit(case: Case, theirs: Outcome, ours: Outcome) -> bool:
    """Operands of which one is a number are 'direct' in either order; in one of them SciPy fails."""
    return case.is_of("choose_conv_method") and isinstance(theirs.error, IndexError) and ours.value == "direct"


known_differences: list[Callable[[Case, Outcome, Outcome], bool]] = [
    transformed_booleans,
    types_refused_by_scipy,
    halves_refused_by_scipy,
    transformed_integers_beyond_the_type,
    nan_is_not_spread,
    nan_beside_whole_numbers,
    correlate2d_conjugate,
    lags_of_same,
    extended_precision,
    not_numbers,
    empty_in_several_dimensions,
    empty_whole_numbers,
    divisor_of_one_zero,
    one_sample_extended,
    fill_of_another_type,
    the_choice_is_the_engines,
    choice_for_what_does_not_fit,
]


# ---------------------------------------------------------------------------------------------------------------------
# Cases


def samples(random: Random, shape: tuple[int, ...], dtype: str, whole: bool = False) -> Array:
    """Random samples, of large whole numbers too, lying in memory in any order of axes, steps and bytes."""
    kind = np.dtype(dtype).kind
    x: Array
    if kind == "b":
        x = random.random(shape) < 0.4
    elif kind in "ui":
        limits = np.iinfo(dtype)
        small = random.random() < 0.5
        low, high = (max(limits.min, -9), 9) if small else (limits.min, limits.max)
        x = random.integers(low, high, shape, dtype, endpoint=True)
    else:
        x = (
            random.integers(-9, 10, shape)
            if whole or random.random() < 0.5
            else random.standard_normal(shape) * 10.0 ** random.integers(-2, 3)
        )
        if kind == "c":
            x = x + 1j * random.integers(-9, 10, shape)
    return laid_out(random, np.asarray(x).astype(dtype))


def laid_out(random: Random, x: Array) -> Array:
    """Equal samples, otherwise laid out in memory."""
    how = random.integers(6)
    if how == 0 and x.ndim:
        return np.flip(np.flip(x).copy())
    if how == 1:
        return np.asfortranarray(x)
    if how == 2 and x.ndim:
        return np.repeat(x, 2, axis=-1)[..., ::2]
    if how == 3:
        return x.astype(x.dtype.newbyteorder(">"))
    if how == 4:
        raw = np.zeros(x.nbytes + 1, np.uint8)
        unaligned: Array = raw[1:].view(x.dtype).reshape(x.shape)
        unaligned[...] = x
        return unaligned
    return x


def shapes(random: Random, dimensions: int, longest: int = 9) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Of two operands: as often as not one fits into the other."""
    first, second = (tuple(int(n) for n in random.integers(1, longest + 1, dimensions)) for _ in range(2))
    if random.random() < 0.6:
        pairs = [sorted(pair) for pair in zip(first, second)]
        first, second = tuple(p[1] for p in pairs), tuple(p[0] for p in pairs)
        if random.random() < 0.3:
            first, second = second, first
    return first, second


def two_types(random: Random) -> tuple[str, str]:
    one = str(random.choice(TYPES))
    return one, one if random.random() < 0.5 else str(random.choice(TYPES))


def of_any_dimension(random: Random) -> Iterator[Case]:
    """`convolve` and `correlate`."""
    for _ in range(1500):
        dimensions = int(random.integers(1, 4))
        longest = 9 if random.random() < 0.9 else (300 if dimensions == 1 else 20 if dimensions == 2 else 9)
        first, second = shapes(random, dimensions, longest)
        x, weights = (samples(random, s, t) for s, t in zip((first, second), two_types(random)))
        yield Case(
            str(random.choice(["convolve", "correlate"])),
            (x, weights, str(random.choice(MODES)), str(random.choice(METHODS))),
        )


def broadcast(random: Random) -> Iterator[Case]:
    """`fftconvolve` and `oaconvolve`."""
    for _ in range(900):
        dimensions = int(random.integers(1, 4))
        first, second = (list(s) for s in shapes(random, dimensions, 9 if random.random() < 0.9 else 30))
        options: dict[str, Any] = {}
        if random.random() < 0.7:
            axes = random.permutation(dimensions)[: random.integers(1, dimensions + 1)]
            options["axes"] = [int(a) - (dimensions if random.random() < 0.3 else 0) for a in axes]
            for axis in set(range(dimensions)) - set(axes.tolist()):
                if random.random() < 0.9:
                    second[axis] = first[axis]
        for axis in range(dimensions):
            if random.random() < 0.2:
                (first if random.random() < 0.5 else second)[axis] = 1
        x, weights = (samples(random, tuple(s), t) for s, t in zip((first, second), two_types(random)))
        yield Case(str(random.choice(["fftconvolve", "oaconvolve"])), (x, weights, str(random.choice(MODES))), options)


def in_two_dimensions(random: Random) -> Iterator[Case]:
    """`convolve2d` and `correlate2d`."""
    for _ in range(900):
        first, second = shapes(random, 2)
        x, weights = (samples(random, s, t) for s, t in zip((first, second), two_types(random)))
        boundary = str(random.choice(["fill", "pad", "wrap", "circular", "symm", "symmetric"]))
        fill = [0, 1, -2, 2.5, 3j, float("nan"), 1e20, 300, np.int64(5), [7], [[2.0]]][random.integers(11)]
        yield Case(
            str(random.choice(["convolve2d", "correlate2d"])), (x, weights, str(random.choice(MODES)), boundary, fill)
        )


def resampled(random: Random) -> Iterator[Case]:
    """`upfirdn`."""
    modes = ["constant", "wrap", "edge", "smooth", "symmetric", "reflect", "antisymmetric", "antireflect", "line"]
    for _ in range(700):
        dimensions = int(random.integers(1, 4))
        shape = tuple(int(n) for n in random.integers(1, 9, dimensions))
        axis, mode = int(random.integers(-dimensions, dimensions)), str(random.choice(modes))
        if mode in ("reflect", "antireflect") and shape[axis] == 1:
            continue  # SciPy divides by zero, and takes the process with it.
        h, x = (
            samples(random, s, t, whole=True)
            for s, t in zip(((int(random.integers(1, 14)),), shape), two_types(random))
        )
        up, down = (int(n) for n in random.integers(1, 6, 2))
        cval = [0, 1.5, -2, True][random.integers(4)]
        yield Case(
            "upfirdn", (h, x, up, down), {"axis": axis, "mode": str(random.choice([mode, mode.upper()])), "cval": cval}
        )


def divided(random: Random) -> Iterator[Case]:
    """`deconvolve`, with small divisors, whose first sample is the largest."""
    for _ in range(300):
        n, k = (int(n) for n in random.integers(1, 9, 2))
        types = two_types(random)
        signal, divisor = (random.integers(0, 3, size).astype(t) for size, t in zip((n, k), types))
        if random.random() < 0.9:
            divisor[0] = 5 if divisor.dtype != bool else True
        yield Case("deconvolve", (laid_out(random, signal), laid_out(random, divisor)))


def asked(random: Random) -> Iterator[Case]:
    """`correlation_lags`, completely, and `choose_conv_method`."""
    for n in range(0, 10):
        for k in range(0, 10):
            for mode in [*MODES, "none"]:
                if (n and k) or mode != "same":
                    yield Case("correlation_lags", (n, k, mode))
    for _ in range(100):
        x, weights = (
            samples(random, s, t) for s, t in zip(shapes(random, int(random.integers(1, 3)), 40), two_types(random))
        )
        yield Case("choose_conv_method", (x, weights, str(random.choice([*MODES, "none"]))))


def unsound(random: Random) -> Iterator[Case]:
    """NaN and infinity."""
    for _ in range(200):
        first, second = shapes(random, int(random.integers(1, 3)))
        x, weights = (samples(random, s, str(t)) for s, t in zip((first, second), random.choice(list("fdFDi"), 2)))
        for array in (x, weights):
            if array.dtype.kind in "fc" and random.random() < 0.7:
                array.flat[random.integers(array.size)] = random.choice([np.nan, np.inf, -np.inf])
        yield Case("convolve", (x, weights, str(random.choice(MODES)), str(random.choice(METHODS))))
        yield Case("correlate", (x, weights, str(random.choice(MODES)), "direct"))
        yield Case("fftconvolve", (x, weights, str(random.choice(MODES))))


def empty(random: Random) -> Iterator[Case]:
    """Operands without samples."""
    for first, second in [
        ((0,), (3,)),
        ((3,), (0,)),
        ((0,), (0,)),
        ((0, 2), (1, 1)),
        ((2, 2), (0, 1)),
        ((2, 2), (2, 0)),
        ((0, 0), (0, 0)),
        ((2, 0), (1, 1)),
        ((1, 0), (0, 1)),
        ((0, 2), (1, 3)),
        ((0, 2), (3, 1)),
        ((0,), (1,)),
        ((2, 3, 0), (1, 1, 1)),
    ]:
        for types in ("dd", "fD", "ii", "??", "ei"):
            x, weights = np.ones(first, types[0]), np.ones(second, types[1])
            for mode in MODES:
                for name in ("convolve", "correlate"):
                    for method in METHODS:
                        yield Case(name, (x, weights, mode, method))
                for name in ("fftconvolve", "oaconvolve"):
                    yield Case(name, (x, weights, mode))
                if x.ndim == 2:
                    for name in ("convolve2d", "correlate2d"):
                        yield Case(name, (x, weights, mode, "fill", 7))
            if x.ndim == 1:
                yield Case("deconvolve", (x, weights))
    calls: list[tuple[tuple[int, ...], dict[str, Any]]] = [
        ((0,), {}),
        ((2, 0), {}),
        ((0, 2), {}),
        ((0, 2), {"axis": 0}),
        ((2, 0), {"axis": 0}),
        ((0,), {"mode": "none"}),
    ]
    for shape, options in calls:
        yield Case("upfirdn", ([1, 2], np.ones(shape), 2, 3), options)


def wrong(random: Random) -> Iterator[Case]:
    """Calls that are refused, or nearly."""
    operands: list[tuple[Any, Any]] = [
        ([1.0, 2.0], [3.0]),
        ([1, 2], [3]),
        ([[1.0, 2.0]], [[3.0]]),
        ([True], [True]),
        (2, 3),
        (2.5, 1j),
        (True, True),
        ([1.0], 2),
        (1, [2]),
        ([3], [[2]]),
        ([[1.0, 2], [3, 4]], [[1.0, 2, 3]]),
        (np.ones((2, 3)), np.ones((3, 2))),
        ([[1], [2, 3]], [[1]]),
        (None, [1]),
        (None, None),
        (["a"], ["b"]),
        ([["a"]], [["b"]]),
        (np.array([1, 2], object), [1]),
        (np.array([[1, 2]], object), [[1]]),
        (np.ones(3, "g"), np.ones(2)),
        (np.ones((2, 2), "G"), np.ones((1, 1))),
        (np.ones(2, "M8[D]"), np.ones(2)),
        (np.ones(2, "m8[D]"), np.ones(2)),
        (np.int8(100), np.int8(3)),
    ]
    for x, weights in operands:
        for mode in [*MODES, "spam", 2, None, 1.5]:
            for name in ("convolve", "correlate"):
                for method in [*METHODS, "bacon", None]:
                    yield Case(name, (x, weights, mode, method))
            for name in ("fftconvolve", "oaconvolve", "choose_conv_method"):
                yield Case(name, (x, weights, mode))
            for name in ("convolve2d", "correlate2d"):
                for boundary in ("fill", "wrap", "reflect", "nearest", None):
                    yield Case(name, (x, weights, mode, boundary))
        yield Case("deconvolve", (x, weights))
    choices: list[Any] = [
        [],
        0,
        -1,
        1,
        2,
        -3,
        [0, 1],
        [0, 0],
        [0, -2],
        [1.0],
        1.0,
        "ab",
        "",
        None,
        True,
        [[0]],
        {0},
        (1, 0),
    ]
    for axes in choices:
        for second in [(3, 4), (4, 5), (4, 2), (1, 1)]:
            for name in ("fftconvolve", "oaconvolve"):
                yield Case(name, (np.ones((4, 5)), np.ones(second), "full"), {"axes": axes})
    for fill in [
        None,
        "a",
        [],
        [1, 2],
        1j,
        1 + 0j,
        "3",
        np.array(3),
        np.float32(2.5),
        128,
        -1,
        255.9,
        -0.9,
        float("inf"),
    ]:
        for dtype in "bBidF":
            for boundary in ("fill", "wrap"):
                yield Case("convolve2d", (np.ones((1, 1), dtype), np.ones((1, 2), dtype), "full", boundary, fill))
    for args in [
        ([], [1]),
        ([[1]], [1]),
        (1, [1]),
        ([1], 1),
        ([1], [1], 1, 0),
        ([1], [1], -1),
        ([1], [1, 2], 2.7, 1.2),
        ([1], [1, 2], "2"),
        ([1], [1, 2], "x"),
    ]:
        yield Case("upfirdn", args)
    refused: list[dict[str, Any]] = [
        {"axis": 1},
        {"axis": -2},
        {"axis": 1.0},
        {"axis": None},
        {"mode": "x"},
        {"mode": 1},
        {"cval": 1j},
        {"cval": "a"},
        {"cval": None},
        {"cval": [1]},
    ]
    for options in refused:
        yield Case("upfirdn", ([1, 1], [1, 2]), options)
        yield Case("upfirdn", ([1, 1j], [1, 2]), {"cval": 2 + 1j})
    for pair in [
        ([1, 2], [0, 1]),
        ([1, 2], [0]),
        ([1.0, 2], [0.0]),
        ([1, 2, 3], [-0.0, 1]),
        ([1], [0, 2]),
        ([[1]], [1]),
        ([1], [[1]]),
        (1, 2),
        (1, [1, 2]),
        ([float("nan"), 1, 2], [1.0, 2]),
        ([1.0, 2, 3], [float("inf"), 1]),
    ]:
        yield Case("deconvolve", pair)


SOURCES = [of_any_dimension, broadcast, in_two_dimensions, resampled, divided, asked, unsound, empty, wrong]


@pytest.mark.parametrize("source", SOURCES)
def test_scipy_agrees_or_the_difference_is_known(source: Callable[[Random], Iterator[Case]]) -> None:
    tally, unexplained = compared(source)
    print(f"{source.__name__}: {tally.total()} cases; {dict(tally)}")
    assert not unexplained, "\n".join(unexplained[:20])
    assert tally["alike"] > tally.total() / 3


def compared(source: Callable[[Random], Iterator[Case]]) -> tuple[Counter[str], list[str]]:
    """How many cases were alike, or differed as known; and those that differed otherwise, in words."""
    tally: Counter[str] = Counter()
    unexplained = []
    for case in source(np.random.default_rng(20)):
        theirs, ours = called(scipy.signal, case), called(_signal, case)
        if are_alike(case, theirs, ours):
            tally["alike"] += 1
            continue
        names = [known.__name__ for known in known_differences if known(case, theirs, ours)]
        tally[names[0] if names else "unexplained"] += 1
        if not names:
            unexplained.append(f"{case}\n    SciPy: {theirs}\n    ours:  {ours}")
    return tally, unexplained
