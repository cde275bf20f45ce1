"""Arguments that SciPy's filters refuse, or read in a way of their own: ours do the same, with the same words."""

from __future__ import annotations

import doctest
import importlib
import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import scipy.ndimage
from ndimage_comparison import Array, Case, difference, outcome

from faltung import ndimage

X = np.arange(5.0)
X2 = np.arange(12.0).reshape(3, 4)
Z = X * (1 + 1j)

FILTERS: dict[str, dict[str, Any]] = {
    "correlate": {"weights": [1, 2, 3]},
    "convolve": {"weights": [1, 2, 3]},
    "correlate1d": {"weights": [1, 2, 3]},
    "convolve1d": {"weights": [1, 2, 3]},
    "uniform_filter": {},
    "uniform_filter1d": {"size": 3},
    "gaussian_filter": {"sigma": 1},
    "gaussian_filter1d": {"sigma": 1},
    "prewitt": {},
    "sobel": {},
    "laplace": {},
    "gaussian_laplace": {"sigma": 1},
    "gaussian_gradient_magnitude": {"sigma": 1},
}


def takes(function: str, argument: str) -> bool:
    return argument in inspect.signature(getattr(scipy.ndimage, function)).parameters


def table() -> list[tuple[str, Any, dict[str, Any]]]:
    """Calls that are refused, or that need reading: function, input, arguments."""
    modes = ["foo", 0, None, ["reflect"], ("reflect",), ["reflect"] * 2, "Reflect", b"reflect", "valid", "grid-wrap"]
    constants = [1j, "a", None, [1.0], np.array(3), np.array([3.0]), 10**400, True, np.float32(2)]
    origins = [0.0, 0.5, 1.5, -1.5, 2, -2, [0], [0, 0], (0,), [0.5], np.int64(1), np.array(0)]
    axis = [0, 1, -1, -2, 0.0, 1.5, "a", None, (0,), np.int64(0)]
    axes = [
        0,
        (0,),
        [1],
        (1, 0),
        (0, 0),
        (0, -2),
        (2,),
        (-3,),
        (0, 3),
        (0.5,),
        "01",
        5j,
        1.5,
        (),
        {0, 1},
        np.array([0, 1]),
    ]
    outputs = [
        float,
        int,
        bool,
        complex,
        object,
        list,
        "f4",
        "c8",
        "foo",
        "?",
        "S3",
        "g",
        np.dtype("?"),
        np.dtype("O"),
        7,
    ]
    outputs += [
        [0] * 5,
        np.zeros(4),
        np.zeros((5, 1)),
        np.zeros(5, ">f8"),
        np.zeros(5, "g"),
        np.zeros(5, "c16"),
        np.zeros(5, "M8[s]"),
    ]
    weights = [
        [],
        [[]],
        [[1, 2]],
        np.zeros((0, 0)),
        np.zeros((2, 2)),
        "abc",
        ["a"],
        [1, "x"],
        2.0,
        None,
        np.zeros(2, "O"),
    ]
    inputs = [
        np.zeros(3, "O"),
        np.zeros(3, "g"),
        np.zeros(3, "G"),
        np.zeros(3, "U3"),
        np.zeros(3, "M8[s]"),
        np.zeros(3, "m8[s]"),
        5,
        5.0,
        [1, 2, 3],
        (True, False),
        np.zeros((0, 3)),
        np.zeros((3, 0), "i4"),
        np.zeros(0),
    ]
    rows: list[tuple[str, Any, dict[str, Any]]] = []
    for function, plain in FILTERS.items():
        rows += [(function, X, plain | {"mode": mode}) for mode in modes]
        rows += [
            (function, x, plain | {"cval": c, "mode": m})
            for c in constants
            for x in (X, Z)
            for m in ("constant", "wrap")
        ]
        rows += [
            (function, x, plain | {"output": output}) for output in outputs for x in (X, Z, np.arange(5, dtype="u1"))
        ]
        rows += [(function, x, plain) for x in inputs]
        rows += [(function, X, plain | {"origin": o}) for o in origins if takes(function, "origin")]
        rows += [(function, X, plain | {"axis": a}) for a in axis if takes(function, "axis")]
        rows += [(function, X2, plain | {"axes": a}) for a in axes if takes(function, "axes")]
        if "weights" in plain:
            rows += [(function, x, {"weights": w}) for w in weights for x in (X, X2)]
            rows += [(function, x, {"weights": [1, 2j], "output": output}) for output in outputs for x in (X, Z)]
            rows += [(function, X, {"weights": [1, 2j], "cval": c, "mode": "constant"}) for c in constants]
        if "sigma" in plain:
            sigmas = [
                0,
                0.0,
                -1,
                -0.1,
                "a",
                "1",
                None,
                (1,),
                [1, 1],
                1j,
                np.nan,
                np.inf,
                1e-16,
                True,
                np.float32(1),
                (0,),
                (-1,),
            ]
            rows += [(function, X, {"sigma": sigma}) for sigma in sigmas]
            rows += [(function, X, plain | {"truncate": t}) for t in (0, -1, 1, "a", None, np.nan, np.inf, 0.2)]
            rows += [
                (function, X, plain | {"radius": r}) for r in (-1, 0, 1, 2.0, 1.5, "a", (1,), [1, 1], True, np.int64(2))
            ]
        if takes(function, "order"):
            rows += [(function, X, plain | {"order": o}) for o in (-1, 0.0, "a", None, (1,), [0, 0], np.int64(1))]
        if takes(function, "size"):
            rows += [
                (function, X, {"size": n})
                for n in (0, -1, 1, 2.5, 3.0, 0.5, "a", None, (3,), [3, 3], True, np.int64(3))
            ]
    return rows


# What differs, by intention: how it is told from others, and why.
KNOWN: dict[str, Callable[[Case, str, str], bool]] = {
    # Python's own words for operators and indices that do not fit, as ours are other expressions.
    "operator": lambda case, ours, theirs: ours.startswith("TypeError") and theirs.startswith("TypeError"),
    # A fraction as an origin is wrong in two ways; which of them is told depends on the order of the questions.
    "fraction": lambda case, ours, theirs: (
        case.arguments.get("origin") in (1.5, -1.5) and not theirs.startswith("None")
    ),
    # SciPy turns weights round before it looks at their dimensions.
    "no dimensions": lambda case, ours, theirs: case.function == "convolve1d" and theirs.startswith("IndexError"),
    # SciPy makes zeros, or what happens to be in memory, of weights without elements.
    "no weights": lambda case, ours, theirs: np.size(case.arguments.get("weights", 0)) == 0 and "weights.ndim" in ours,
}


def agreement(case: Case) -> tuple[str, str, bool]:
    """What either library said, and whether that, or the result, is the same."""

    def make(x: Any = None) -> Case:
        copied = {
            name: value.copy() if isinstance(value, np.ndarray) else value for name, value in case.arguments.items()
        }
        return Case(case.function, case.x if x is None else x, copied, gain=100, terms=100)

    ours, theirs = outcome(ndimage, make()), outcome(scipy.ndimage, make())
    mine, yours = (f"{type(each.error).__name__}: {each.error}" for each in (ours, theirs))
    if mine != yours or ours.error is not None:
        return mine, yours, mine == yours
    found = difference(lambda: make(np.asarray(case.x)))
    return found, "", not found.startswith("UNEXPLAINED")


def test_refusals_have_scipys_types_and_words() -> None:
    cases = [Case(function, x, arguments) for function, x, arguments in table()]
    results = [(case, *agreement(case)) for case in cases]
    differ = [(case, ours, theirs) for case, ours, theirs, is_same in results if not is_same]
    found = [next((name for name, known in KNOWN.items() if known(*row)), "") for row in differ]
    unexplained = [
        f"{case}: ours {ours}, SciPy's {theirs}" for (case, ours, theirs), name in zip(differ, found) if not name
    ]
    print(f"{len(cases)} calls, {len(differ)} differ as is known")
    assert not unexplained, "\n".join(unexplained)
    assert set(found) == set(KNOWN), "a difference that is none is to be struck off the list"
    assert len(cases) > 2000 and len(differ) < len(cases) / 20


def test_signatures_are_scipys() -> None:
    for name in ndimage.__all__:
        ours, theirs = (
            inspect.signature(getattr(library, name)).parameters.values() for library in (ndimage, scipy.ndimage)
        )
        assert [(p.name, p.kind, p.default) for p in ours] == [(p.name, p.kind, p.default) for p in theirs], name


@pytest.mark.parametrize(
    "module", ["_ndimage_options", "_ndimage_sums", "_ndimage_weighted", "_ndimage_smooth", "_ndimage_slopes"]
)
def test_examples(module: str) -> None:
    found = doctest.testmod(importlib.import_module(f"faltung.{module}"))
    assert found.failed == 0
    assert found.attempted > 0 or module == "_ndimage_options"


def test_warnings_point_at_the_callers_line() -> None:
    calls: list[Callable[[], Array]] = [
        lambda: ndimage.correlate(Z, [1, 2], output=float),
        lambda: ndimage.correlate1d(Z, [1, 2], output=float),
        lambda: ndimage.convolve(X, [1, 2j], output=float),
        lambda: ndimage.uniform_filter1d(Z, 2, output=float),
        lambda: ndimage.uniform_filter(Z, 2, output=float),
    ]
    for call in calls:
        with pytest.warns(UserWarning, match="promoting specified output dtype to complex") as caught:
            call()
        assert caught[0].filename == __file__


def test_masked_samples_are_refused() -> None:
    masked = np.ma.MaskedArray(X, X > 3)
    with pytest.raises(ValueError, match="input has masked samples"):
        ndimage.gaussian_filter(masked, 1)
    np.testing.assert_array_equal(ndimage.correlate(np.ma.MaskedArray(X), [1, 1]), ndimage.correlate(X, [1, 1]))


def test_one_axis_may_be_counted_from_the_end() -> None:
    np.testing.assert_array_equal(
        ndimage.correlate(X2, [1, 2], axes=-1), scipy.ndimage.correlate(X2, [1, 2], axes=(-1,))
    )
    with pytest.raises(IndexError, match="axis 2 is out of bounds"):
        ndimage.correlate(X2, [1, 2], axes=2)


def test_read_only_output_is_refused() -> None:
    output = np.zeros(5)
    output.flags.writeable = False
    for function, arguments in FILTERS.items():
        with pytest.raises(ValueError, match="output array is read-only"):
            getattr(ndimage, function)(X, **arguments, output=output)
    assert not output.any()


def test_generic_filters_hand_arguments_on() -> None:
    def slope(input: Array, axis: int, output: Any, mode: str, cval: float, factor: int, *, more: int) -> Any:
        return ndimage.correlate1d(input, [-factor, 0, more], axis, output, mode, cval)

    for generic in ("generic_laplace", "generic_gradient_magnitude"):
        ours, theirs = (
            getattr(library, generic)(
                X2, slope, mode=["wrap", "nearest"], extra_arguments=(2,), extra_keywords={"more": 3}
            )
            for library in (ndimage, scipy.ndimage)
        )
        np.testing.assert_array_equal(ours, theirs)
