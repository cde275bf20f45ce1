"""The tools themselves: names, references, judgement, tables and charts. Nothing is timed."""

import math
import re
import sys
import xml.etree.ElementTree
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))

import cases
import chart
import comparison
import machine
import markdown
import record
from reference import Reference
from worker import Worker

SMALL = [
    "signal-f64-40-k7-full", "signal-f32-40-k8-same", "signal-f64-40-k7-valid-stride3", "signal-c128-30-k5-full",
    "signal-i16-50-k4-same", "resample-f64-20-k7-up3-down2", "axis-f64-6x9-k3-ax0", "image-f64-9x11-k3x5",
    "image-f64-9x8-k3-wrap-stride2", "image-u8-9x8-k5-nearest", "gauss-f64-12x13-k7-sigma1.5", "box-f64-5x6x7-k3",
    "volume-f64-5x6x7-k3-mirror",
]  # fmt: skip
LAYERS = [
    f"layer-{shapes}{wanted}"
    for shapes in ("f64-2x3x7x6-k4x3x3x2-pad1", "f32-2x4x9x8-k6x2x3x3-pad2-stride2-dilation2", "f32-3x5x6x6-k5x1x3x3")
    for wanted in ("", "-input", "-weight")
]


def written_out(case):
    """The definition, in loops."""
    if case.kind == "layer":
        return layer_written_out(case)
    x, w = cases.data(case)
    if case.kind in ("gauss", "box"):
        w = math.prod(np.ix_(*[w] * x.ndim))
    w = w.reshape(case.kernel)
    if case.up > 1:
        x = np.array([x[i // case.up] if i % case.up == 0 else 0 for i in range(len(x) * case.up - case.up + 1)])
    start = [{"full": 0, "same": (k - 1) // 2, "valid": k - 1}[case.mode] for k in w.shape]
    y = np.zeros(case.output, np.complex128)
    for place in np.ndindex(*y.shape):
        for at in np.ndindex(*w.shape):
            index = [inside(o * case.stride + s - k, n, case.boundary) for o, s, k, n in zip(place, start, at, x.shape)]
            if None not in index:
                y[place] += w[at] * x[tuple(index)]
    return y


def layer_written_out(case):
    given, wanted = iter(cases.data(case)), case.wanted
    arrays = {name: np.zeros(shape) if name == wanted else next(given) for name, shape in case.shapes.items()}
    (inputs, *taps), (*_, height, width) = case.kernel[1:], case.shape
    each = case.kernel[0] // case.groups
    for n, o, p, q in np.ndindex(*case.shapes["output"]):
        for c, k, m in np.ndindex(inputs, *taps):
            i, j = (at * case.stride + tap * case.dilation - case.pad for at, tap in ((p, k), (q, m)))
            if 0 <= i < height and 0 <= j < width:
                places = {"input": (n, o // each * inputs + c, i, j), "weight": (o, c, k, m), "output": (n, o, p, q)}
                factors = [float(arrays[name][place]) for name, place in places.items() if name != wanted]
                arrays[wanted][places[wanted]] += math.prod(factors)
    return arrays[wanted]


def inside(i, n, boundary):
    """The sample that stands at a place beyond the ends."""
    if 0 <= i < n:
        return i
    period = {"mirror": 2 * n - 2, "reflect": 2 * n}.get(boundary, n)
    folded = i % period
    return {
        "constant": None,
        "nearest": min(max(i, 0), n - 1),
        "wrap": folded,
        "reflect": min(folded, 2 * n - 1 - folded),
        "mirror": min(folded, period - folded),
    }[boundary]


@pytest.mark.parametrize("name", SMALL + LAYERS)
def test_the_reference_is_the_definition(name):
    case = cases.read(name)
    expected = written_out(case)
    assert Reference(case).everywhere == pytest.approx(expected, rel=1e-9, abs=1e-9)
    assert case.output == expected.shape


@pytest.mark.parametrize("name", SMALL + LAYERS)
def test_what_is_right_agrees_and_what_is_not_does_not(name):
    reference = Reference(cases.read(name))
    error, agrees = reference.judged(reference.everywhere)
    assert agrees is True
    assert error < 1e-12
    assert reference.judged(reference.everywhere + 10 * reference.scale)[1] is False
    assert reference.judged(reference.everywhere[1:])[1] is False


@pytest.mark.parametrize("name", SMALL)
def test_what_is_promised_is_small(name):
    assert 0 <= Reference(cases.read(name)).bound("direct") <= 3


@pytest.mark.parametrize("name", LAYERS)
@pytest.mark.parametrize("library", ["torch", "faltung"])
def test_libraries_agree_on_layers(library, name, tmp_path):
    pytest.importorskip({"faltung": "faltung.nn"}.get(library, library))
    case = cases.read(name)
    for letter, array in zip("xw", cases.data(case), strict=True):
        array.tofile(tmp_path / letter)
    worker, reference = Worker(1, f"^{library}"), Reference(case)
    ways = worker.load(name, tmp_path)
    assert len(ways) == {"torch": 2, "faltung": 1}[library]
    for way in ways:
        worker.result(way)
        assert reference.judged(np.fromfile(tmp_path / "y", case.dtype).reshape(case.output))[0] < 1e-5


def test_another_border_is_told():
    reference = Reference(cases.read("image-f64-12x12-k3"))
    other = reference.everywhere.copy()
    other[0] += 1
    assert reference.judged(other)[1] == "inside"


def test_every_listed_case_can_be_read_and_is_listed_once():
    names = cases.listed()
    assert len(names) == len(set(names))
    for name in names:
        case = cases.read(name)
        assert min(case.output) > 0
        assert case.kind in comparison.KINDS or case.kind == "rfft"


def test_limits_are_the_slower_of_arithmetic_and_memory_or_transforms():
    rates = {"arithmetic-avx2-f32-1": 2e9, "copy-plain-1000-1": 1e9, "copy-plain-1000000000-1": 1e8}
    least = machine.Limits({"limits": rates, "cases": {}})
    case = cases.read("signal-f32-1000-k10-same")
    assert least.arithmetic(case, 1) == pytest.approx(2 * 10_000 / 2e9)
    assert least.memory(case, 1) == pytest.approx(8000 / 1e9)
    assert least.seconds(case, 1) == pytest.approx(1e-5)
    fast = {"rfft-f32-1024": {"threads": {"1": {"peers": {"one": {"least": 1e-7}}}}}}
    assert machine.Limits({"limits": rates, "cases": fast}).seconds(case, 1) == pytest.approx(3e-7, rel=0.1)


def test_limits_of_layers_are_of_the_direct_sum_and_all_three_arrays():
    rates = {"arithmetic-avx2-f32-1": 2e9, "copy-plain-1000-1": 1e9}
    fast = {"rfft-f32-1024": {"threads": {"1": {"peers": {"one": {"least": 1e-12}}}}}}
    least = machine.Limits({"limits": rates, "cases": fast})
    for wanted in ("", "-input", "-weight"):
        case = cases.read(f"layer-f32-2x4x9x8-k6x2x3x3-pad1-stride2{wanted}")
        assert least.seconds(case, 1) == least.arithmetic(case, 1) == pytest.approx(2 * (2 * 6 * 5 * 4 * 2 * 9) / 2e9)
        assert least.memory(case, 1) == pytest.approx(4 * (2 * 4 * 9 * 8 + 6 * 2 * 9 + 2 * 6 * 5 * 4) / 1e9)


def test_limits_of_separable_kernels_count_all_lines():
    fast = {"rfft-f32-1024": {"threads": {"1": {"peers": {"one": {"least": 1e-6}}}}}}
    least = machine.Limits({"limits": {}, "cases": fast})
    assert least.by_transforms(cases.read("gauss-f32-100x1000-k25-sigma4"), 1) == pytest.approx(2 * 2 * 100e-6, rel=0.1)


def test_durations_have_three_digits():
    assert [markdown.duration(t) for t in (3.2e-7, 1.234e-5, 0.0005, 0.0123, 2.5)] == [
        "0.320 us", "12.3 us", "500 us", "12.3 ms", "2.50 s",
    ]  # fmt: skip


def peer(least, **more):
    return {"least": least, "median": least, "samples": 3, "error": 1e-7, "agrees": True} | more


def test_a_comparison_becomes_tables_and_a_chart():
    peers = {
        "faltung": peer(1e-3), "rs:faltung": peer(9e-4, algorithm="direct"), "faltung avx2": peer(2e-3),
        "numpy.convolve": peer(4e-3), "cv2.filter2D, dst kept": peer(1e-4), "wrong": peer(1e-5, agrees=False),
    }  # fmt: skip
    case = {"threads": {count: {"peers": peers, "failed": {}, "others": 0.0} for count in "12"}, "algorithm": "direct"}
    measured = {"when": "2026-11-26 12:00", "machine": "one", "versions": {}, "levels": ["avx2"], "limits": {}}
    text, picture = comparison.record(measured | {"cases": {"signal-f32-1000-k31-same": case}})
    assert "| signal-f32-1000-k31-same | direct | 1.00 ms | numpy.convolve | 4.00 ms | 0.25 |" in text
    assert "2.00 ms (0.50)" in text
    assert xml.etree.ElementTree.fromstring(picture).tag.endswith("svg")


def test_growth_tells_cliffs():
    rows = [
        ["31", "256", "31", "direct", "4.0", "8.0"],
        ["31", "512", "31", "direct", "1.5", "2"],
        ["31", "1024", "31", "fft", "1.0", "2"],
    ]
    parts, picture = record.growth_record(rows)
    assert "kernel of 31, 2^9 samples: 0.38 times the one before" in parts[2]
    assert xml.etree.ElementTree.fromstring(picture).tag.endswith("svg")


def test_the_planner_is_judged_by_the_best_algorithm():
    rows = [
        ["a-f32-1", "direct", "10", "20", "chosen"],
        ["a-f32-1", "fft", "30", "10", ""],
        ["a-f32-1", "other", "999", "-", ""],
    ]
    parts, _ = record.planner_record(rows)
    text = "\n".join(parts)
    assert "**0 (0.0 %)**" in text
    assert "| a-f32-1 | 2.00 | direct | fft |" in text


def test_ticks_lie_within():
    assert chart.decades(0.04, 1.3) == pytest.approx([0.05, 0.1, 0.2, 0.5, 1])


def test_versions_are_pinned():
    lines = (Path(__file__).parent / "requirements.txt").read_text().splitlines()
    packages = [line for line in lines if line and not line.startswith("#")]
    assert all(re.match(r"[\w\[\]-]+==[\w.]+", line) for line in packages)
