"""Random calls of NumPy's two functions and of ours, which must agree, but for differences that have names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from test_signal import (
    TYPES,
    Case,
    Outcome,
    are_alike,
    called,
    empty,
    extended_precision,
    not_numbers,
    samples,
    shapes,
    two_types,
    wrong,
)

import faltung.numpy

MODES: list[Any] = ["full", "same", "valid", 0, 1, 2, np.int64(1), True]


def nested_lists(case: Case, theirs: Outcome, ours: Outcome) -> bool:
    """What is too deep is refused in the same words, also if it is no array yet."""
    return (
        "would exceed the maximum number of dimension" in str(theirs.error)
        and str(ours.error) == "object too deep for desired array"
    )


def masks(case: Case, theirs: Outcome, ours: Outcome) -> bool:
    """NumPy drops a mask, and computes with what is under it."""
    return any(isinstance(a, np.ma.MaskedArray) for a in case.args) and "masked samples" in str(ours.error)


known_differences: list[Callable[[Case, Outcome, Outcome], bool]] = [
    extended_precision,
    not_numbers,
    nested_lists,
    masks,
]


def cases() -> list[Case]:
    random = np.random.default_rng(5)
    made = []
    for _ in range(1500):
        (first,), (second,) = shapes(random, 1, 9 if random.random() < 0.9 else 200)
        x, weights = (samples(random, (n,), t) for n, t in zip((first, second), two_types(random)))
        for array in (x, weights):
            if array.dtype.kind in "fc" and random.random() < 0.05:
                array[random.integers(array.size)] = random.choice([np.nan, np.inf])
        made.append(
            Case(str(random.choice(["convolve", "correlate"])), (x, weights, MODES[random.integers(len(MODES))]))
        )
    made += [
        Case(name, case.args[:2] + (mode,))
        for case in empty(random)
        if case.name == "convolve" and case.says("direct")
        for name, mode in (("convolve", "full"), ("correlate", "same"), ("convolve", "x"))
    ]
    for mode in ["x", "", "sam", "VALID", "Full", "v", 3, -1, None, 1.0, b"same", ["full"], ("full",)]:
        pairs: list[tuple[Any, Any]] = [([1, 2, 3], [1, 1]), ([1], []), ([], [1]), ([[1]], [1])]
        for a, v in pairs:
            made += [Case(name, (np.array(a), np.array(v), mode)) for name in ("convolve", "correlate")]
    made += [
        Case(name, case.args[:2])
        for case in wrong(random)
        if case.name == "deconvolve"
        for name in ("convolve", "correlate")
    ]
    masked = np.ma.MaskedArray([1.0, 2.0], [True, False])
    made += [Case(name, (masked, [1.0])) for name in ("convolve", "correlate")]
    return made


def test_numpy_agrees_or_the_difference_is_known() -> None:
    tally: Counter[str] = Counter()
    unexplained = []
    for case in cases():
        theirs, ours = called(np, case), called(faltung.numpy, case)
        if are_alike(case, theirs, ours):
            tally["alike"] += 1
            continue
        names = [known.__name__ for known in known_differences if known(case, theirs, ours)]
        tally[names[0] if names else "unexplained"] += 1
        if not names:
            unexplained.append(f"{case}\n    NumPy: {theirs}\n    ours:  {ours}")
    print(f"{tally.total()} cases; {dict(tally)}")
    assert not unexplained, "\n".join(unexplained[:20])
    assert tally["alike"] > 0.9 * tally.total()


@pytest.mark.parametrize("dtype", TYPES)
def test_every_type_is_kept(dtype: str) -> None:
    y = faltung.numpy.convolve(np.ones(3, dtype), np.ones(2, dtype))
    assert y.dtype == np.dtype(dtype) and y.real.astype(int).tolist() == ([1] * 4 if dtype == "?" else [1, 2, 2, 1])


def test_the_longer_one_is_the_signal() -> None:
    assert (
        faltung.numpy.convolve([1, 2], [1, 0, 0, 0], "same").tolist()
        == np.convolve([1, 2], [1, 0, 0, 0], "same").tolist()
    )
    assert (
        faltung.numpy.correlate([1, 2j], [1, 0, 1j], "full").tolist()
        == np.correlate([1, 2j], [1, 0, 1j], "full").tolist()
    )
