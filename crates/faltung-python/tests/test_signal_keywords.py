"""The keywords of `convolve` and `correlate` against their definition, written out as sums."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from test_signal import laid_out

from faltung import _signal

Array = np.ndarray[Any, Any]

BOUNDARIES: list[Any] = ["constant", ("constant", 3), "nearest", "reflect", "mirror", "wrap"]
METHODS = ["auto", "direct", "fft", "overlap_save", "separable", "running_sum"]
CALLS = {"convolve": _signal.convolve, "correlate": _signal.correlate}


def sample(x: Array, at: int, boundary: Any) -> Any:
    """The sample at any place of a line."""
    n = x.shape[0]
    if 0 <= at < n:
        return x[at]
    if boundary == "nearest":
        return x[min(max(at, 0), n - 1)]
    if boundary == "wrap":
        return x[at % n]
    if boundary == "reflect":
        return x[min(at % (2 * n), 2 * n - 1 - at % (2 * n))]
    if boundary == "mirror":
        period = max(2 * (n - 1), 1)
        return x[min(at % period, period - at % period)] if n > 1 else x[0]
    return x[0] * 0 + (boundary[1] if isinstance(boundary, tuple) else 0)


def extended(x: Array, axis: int, before: int, after: int, boundary: Any) -> Array:
    lines = np.moveaxis(x, axis, 0)
    return np.moveaxis(np.stack([sample(lines, at, boundary) for at in range(-before, x.shape[axis] + after)]), 0, axis)


def defined(
    x: Array,
    weights: Array,
    operation: str,
    mode: str,
    boundary: Sequence[Any],
    stride: Sequence[int],
    dilation: Sequence[int],
    anchor: Sequence[int] | None,
) -> Array:
    """The full result over the extended signal, term by term, and then the part that the mode asks for."""
    if operation == "correlate":
        weights = np.flip(weights).conj()
    spans = [d * (k - 1) for d, k in zip(dilation, weights.shape)]
    wide = x
    for axis, span in enumerate(spans):
        wide = extended(wide, axis, span, span, boundary[axis])
    y = np.zeros([n + span for n, span in zip(x.shape, spans)], np.result_type(x, weights))
    for at in np.ndindex(weights.shape):
        starts = [span - d * i for span, d, i in zip(spans, dilation, at)]
        y += weights[at] * wide[tuple(slice(s, s + n) for s, n in zip(starts, y.shape))]
    if mode == "same":
        starts = list(anchor) if anchor is not None else [span // 2 for span in spans]
        y = y[tuple(slice(s, s + n) for s, n in zip(starts, x.shape))]
    if mode == "valid":
        y = y[tuple(slice(span, n) for span, n in zip(spans, x.shape))]
    return y[tuple(slice(None, None, s) for s in stride)]


def whole(random: np.random.Generator, shape: Sequence[int] | Array, dtype: str) -> Array:
    values = random.integers(-5, 6, shape) + (1j * random.integers(-5, 6, shape) if dtype in "FD" else 0)
    return laid_out(random, np.asarray(values).astype(dtype))


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("dimensions", [1, 2, 3])
def test_every_keyword_is_as_defined_with_every_method(method: str, dimensions: int) -> None:
    random = np.random.default_rng([dimensions, METHODS.index(method)])
    refused = 0
    for _ in range(60):
        n, k = random.integers(1, 8, dimensions), random.integers(1, 5, dimensions)
        dtype = str(random.choice(list("bhiqfdD")))
        x, weights = whole(random, n, dtype), whole(random, k, dtype)
        if method in ("separable", "running_sum"):
            weights = np.ones_like(weights)
        operation, mode = str(random.choice(list(CALLS))), str(random.choice(["full", "same", "valid"]))
        stride, dilation = ([int(i) for i in random.integers(1, 4, dimensions)] for _ in range(2))
        boundary = [BOUNDARIES[random.integers(len(BOUNDARIES))] for _ in range(dimensions)]
        spans = [d * (int(size) - 1) for d, size in zip(dilation, k)]
        anchor = (
            [int(random.integers(span + 1)) for span in spans] if mode == "same" and random.random() < 0.5 else None
        )
        if mode == "valid" and any(span >= size for span, size in zip(spans, n)):
            continue
        options: dict[str, Any] = {"boundary": boundary, "stride": stride, "dilation": dilation, "anchor": anchor}
        try:
            y = CALLS[operation](x, weights, mode, method, **options)
        except ValueError as refusal:
            assert "no algorithm takes this problem" in str(refusal) and method not in ("auto", "direct", "fft")
            refused += 1
            continue
        expected = defined(x, weights, operation, mode, boundary, stride, dilation, anchor)
        assert y.dtype == expected.dtype and y.shape == expected.shape
        assert (
            np.array_equal(y, expected)
            if y.dtype.kind in "i"
            else np.allclose(y, expected, rtol=0, atol=1e-3 if dtype == "f" else 1e-9)
        )
    # In one dimension there is nothing to be separated.
    assert refused < 45 or (method, dimensions) == ("separable", 1)


@pytest.mark.parametrize("operation", list(CALLS))
def test_one_value_stands_for_all_axes(operation: str) -> None:
    x, weights = np.arange(20.0).reshape(4, 5), np.array([[1.0, 2], [3, 4]])
    y = CALLS[operation](x, weights, "same", boundary="mirror", stride=2, dilation=2, anchor=1)
    z = CALLS[operation](x, weights, "same", boundary=["mirror"] * 2, stride=[2, 2], dilation=(2, 2), anchor=[1, 1])
    assert np.array_equal(y, z)


@pytest.mark.parametrize("operation", list(CALLS))
@pytest.mark.parametrize("mode", ["full", "same", "valid"])
def test_axes_with_a_kernel_of_as_many_dimensions_as_there_are_axes(operation: str, mode: str) -> None:
    random = np.random.default_rng(1)
    x, weights = whole(random, (3, 6, 5), "D"), whole(random, (2, 3), "D")
    y = CALLS[operation](x, weights, mode, axes=(2, 0), boundary=["wrap", "nearest"], stride=[2, 1])
    for i in range(x.shape[1]):
        expected = defined(x[:, i], weights.T, operation, mode, ["nearest", "wrap"], [1, 2], [1, 1], None)
        assert np.allclose(y[:, i], expected)


@pytest.mark.parametrize("operation", list(CALLS))
@pytest.mark.parametrize("mode", ["full", "same", "valid"])
@pytest.mark.parametrize(
    "batch",
    [
        ((4, 1), (1, 3)),
        ((4, 3), (4, 3)),
        ((4, 3), (1, 1)),
        ((1, 1), (4, 3)),
        ((4, 3), (4, 1)),
        ((1, 3), (4, 3)),
        ((1, 1), (1, 1)),
    ],
)
def test_axes_with_other_axes_broadcast(
    operation: str, mode: str, batch: tuple[tuple[int, int], tuple[int, int]]
) -> None:
    random = np.random.default_rng(2)
    # The axes slid along are the second and the last; the others are broadcast.
    x, weights = (whole(random, (b[0], n[0], b[1], n[1]), "d") for b, n in zip(batch, ((5, 6), (2, 3))))
    options: dict[str, Any] = {"boundary": ["reflect", ("constant", 2)], "stride": [1, 2], "dilation": [2, 1]}
    y = CALLS[operation](x, weights, mode, axes=[1, 3], **options)
    wide, bank = (
        np.broadcast_to(a, (4, a.shape[1], 3, a.shape[3])) if np.broadcast_shapes(*batch) == (4, 3) else a
        for a in (x, weights)
    )
    assert y.shape[::2] == np.broadcast_shapes(*batch)
    for i, j in np.ndindex(*np.broadcast_shapes(*batch)):
        expected = defined(
            wide[i, :, j],
            bank[i, :, j],
            operation,
            mode,
            options["boundary"],
            options["stride"],
            options["dilation"],
            None,
        )
        assert np.allclose(y[i, :, j], expected)


def test_axes_that_do_not_fit_are_refused() -> None:
    x = np.ones((3, 4))
    refused: list[tuple[Any, str]] = [
        ([], "cannot be empty"),
        (2, "exceeds dimensionality"),
        ([0, 0], "must be unique"),
        (1.5, "iterable of integers"),
    ]
    for axes, text in refused:
        with pytest.raises(ValueError, match=text):
            _signal.convolve(x, np.ones((1, 2)), axes=axes)
    with pytest.raises(ValueError, match="incompatible shapes"):
        _signal.convolve(x, np.ones((2, 2)), axes=1)
    with pytest.raises(ValueError, match="same dimensionality"):
        _signal.convolve(x, np.ones(2), axes=(0, 1))
    with pytest.raises(ValueError, match="mode valid needs"):
        _signal.convolve(x, np.ones(9), "valid", axes=1)


def test_keywords_about_the_signal_do_not_change_places_with_it() -> None:
    x, weights = np.ones(3), np.ones(5)
    for name, value in [
        ("boundary", "wrap"),
        ("stride", 2),
        ("dilation", 2),
        ("anchor", 0),
        ("mask", [False] * 3),
        ("nan", "omit"),
        ("normalize_kernel", True),
        ("variance", np.ones(3)),
        ("return_coverage", True),
    ]:
        options: dict[str, Any] = {name: value}
        with pytest.raises(ValueError, match=f"in1 would lose its {name}"):
            _signal.convolve(x, weights, "valid", **options)
    with pytest.raises(ValueError, match="in1 would lose its mask"):
        _signal.correlate(np.ma.MaskedArray(x), weights, "valid")
    assert np.array_equal(
        _signal.convolve(x, weights, "valid", threads=1, overflow="error", accuracy="componentwise", max_memory=10**6),
        [3, 3, 3],
    )


@pytest.mark.parametrize("operation", list(CALLS))
def test_out_is_written_in_place_whatever_its_layout(operation: str) -> None:
    random = np.random.default_rng(3)
    for dtype in ["?", "h", "d", "F"]:
        x, weights = (
            (random.integers(0, 2, (6, 6)) + 0).astype(dtype),
            (random.integers(0, 2, (3, 3)) + 0).astype(dtype),
        )
        expected = CALLS[operation](x, weights, "same")
        for out in (np.empty((6, 6), dtype), np.empty((6, 6), dtype).T, np.empty((12, 12), dtype)[::2, ::-2]):
            assert CALLS[operation](x, weights, "same", out=out) is out
            assert np.array_equal(out, expected)
        shared = x.copy()
        CALLS[operation](shared, weights, "same", out=shared)
        assert np.array_equal(shared, expected)


def test_out_works_with_everything_that_takes_another_way() -> None:
    x, weights = np.arange(6.0).reshape(2, 3), np.array([[1.0, 2], [3, 4]])
    out = np.empty((2, 4))
    assert _signal.convolve(x, weights, axes=1, out=out) is out
    assert np.array_equal(out, _signal.convolve(x, weights, axes=1))
    line = np.empty(3)
    assert _signal.correlate([1.0, 2], [1.0, 2, 3, 4], "valid", out=line) is line and line.tolist() == [11, 8, 5]
    product = np.empty(())
    assert _signal.convolve(2.0, 3.0, out=product) is product and product == 6


def test_out_that_does_not_fit_is_refused() -> None:
    for out, error in [(np.empty(4, "f"), TypeError), (np.empty(3), ValueError), (np.empty((1, 4)), ValueError)]:
        with pytest.raises(error, match="out "):
            _signal.convolve([1.0, 2], [1.0, 2, 3], out=out)
        with pytest.raises(error, match="out "):
            _signal.convolve([[1.0, 2]] * 2, [[1.0, 2, 3]] * 2, axes=1, out=out)
    with pytest.raises(TypeError, match="give an array of bool"):
        _signal.convolve([True], [True], out=np.empty(1, np.uint8))
    for lists in ([True], [1.0]):
        with pytest.raises(TypeError, match="out "):
            _signal.convolve(lists, lists, out=[0])  # type: ignore[call-overload]
    read_only = np.zeros(4)
    read_only.flags.writeable = False
    with pytest.raises(ValueError, match="read-only"):
        _signal.convolve([1.0, 2], [1.0, 2, 3], out=read_only)


def test_sums_that_do_not_fit_wrap_or_stop_or_widen_or_are_refused() -> None:
    x, weights = np.array([100, -100], np.int8), np.array([1, 1], np.int8) * 2
    assert _signal.convolve(x, weights).tolist() == [-56, 0, 56]
    assert _signal.convolve(x, weights, overflow="saturate").tolist() == [127, 0, -128]
    wide = _signal.convolve(x, weights, overflow="widen")
    assert wide.tolist() == [200, 0, -200] and wide.dtype == np.int16
    with pytest.raises(OverflowError):
        _signal.convolve(x, weights, overflow="error")
    assert _signal.convolve([True] * 300, [True] * 300, overflow="error").all()


@pytest.mark.parametrize("dtype", ["f", "d", "D", "i"])
def test_the_number_of_threads_does_not_change_a_bit(dtype: str) -> None:
    random = np.random.default_rng(4)
    x, weights = random.standard_normal((300, 200)) * 100, random.standard_normal((9, 7)) * 100
    one = _signal.convolve(x.astype(dtype), weights.astype(dtype), threads=1)
    for threads in (2, 3, 8):
        many = _signal.convolve(x.astype(dtype), weights.astype(dtype), threads=threads)
        assert one.tobytes() == many.tobytes()


def test_wrong_keywords_are_refused_by_name() -> None:
    wrong: list[tuple[dict[str, Any], type[Exception]]] = [
        ({"boundary": "edge"}, ValueError),
        ({"stride": 0}, ValueError),
        ({"stride": 1.5}, TypeError),
        ({"dilation": [1, 2]}, ValueError),
        ({"anchor": 1}, ValueError),
        ({"threads": 0}, ValueError),
        ({"overflow": "ignore"}, ValueError),
        ({"accuracy": "exact"}, ValueError),
        ({"max_memory": 1}, ValueError),
    ]
    for options, error in wrong:
        with pytest.raises(error):
            _signal.convolve([1.0, 2, 3], [1.0, 2], **options)
    with pytest.raises(TypeError, match=r"convolve\(\) got an unexpected keyword argument 'border'"):
        _signal.convolve([1.0], [1.0], border="wrap")  # type: ignore[call-overload]


@pytest.mark.parametrize("operation", list(CALLS))
def test_the_keywords_are_shown(operation: str) -> None:
    shown = str(inspect.signature(CALLS[operation]))
    assert "mode: 'str' = 'full', method: 'str' = 'auto', *, boundary='constant', axes=None, stride=1" in shown
    assert shown.endswith("return_coverage=False, variance=None)")


def test_componentwise_accuracy_keeps_small_outputs_beside_large_ones() -> None:
    x = np.ones(5000)
    x[0] = 1e17
    y = _signal.convolve(x, np.ones(300), accuracy="componentwise")
    assert (y[300:4000] == 300).all()


def test_bfloat16_is_kept() -> None:
    ml_dtypes = pytest.importorskip("ml_dtypes")
    x = np.array([1, 2, 3], ml_dtypes.bfloat16)
    y = _signal.convolve(x, x)
    assert y.dtype == x.dtype and y.astype(float).tolist() == [1, 4, 10, 12, 9]
    assert _signal.fftconvolve(x, x).dtype == np.float32


def gappy(shape: tuple[int, ...], *gaps: tuple[int, ...]) -> np.ma.MaskedArray[Any, Any]:
    x = np.arange(np.prod(shape), dtype=float).reshape(shape) + 1
    mask = np.zeros(shape, bool)
    for gap in gaps:
        mask[gap] = True
    return np.ma.MaskedArray(np.where(mask, np.nan, x), mask)


def test_a_mask_spreads_under_weights_that_are_not_zero() -> None:
    y = _signal.convolve(gappy((6,), (2,)), [1, 0, 1])
    assert isinstance(y, np.ma.MaskedArray)
    assert np.ma.getmaskarray(y).tolist() == [False, False, True, False, True, False, False, False]
    assert y.compressed().tolist() == [1, 2, 6, 10, 5, 6]
    # What lies under the mask is gone, be it NaN; a NaN beside it stays one.
    z = _signal.correlate(np.ma.MaskedArray([np.nan, 1, np.nan, 1], [True, False, False, False]), [1], "same")
    assert np.ma.getmaskarray(z).tolist() == [True, False, False, False] and np.isnan(z[2])


def test_masks_go_through_boundaries_axes_and_two_dimensions() -> None:
    x = gappy((2, 4), (1, 0))
    assert np.ma.getmaskarray(_signal.convolve(x, [[1, 1]], "same", boundary="wrap")).tolist() == [
        [False] * 4,
        [True, True, False, False],
    ]
    assert np.ma.getmaskarray(_signal.convolve(x, [1, 1, 1], "same", boundary="wrap", axes=1)).tolist() == [
        [False] * 4,
        [True, True, False, True],
    ]
    y = _signal.convolve(x, [[0, 1], [1, 0]], "same", axes=1)
    assert np.ma.getmaskarray(y).tolist() == [[False] * 4, [True, False, False, False]]
    assert np.ma.filled(y, -1).tolist() == [[0, 1, 2, 3], [-1, 6, 7, 8]]
    for call in (_signal.convolve2d, _signal.correlate2d):
        assert np.ma.getmaskarray(call(x, [[1]], "same")).tolist() == x.mask.tolist()


def test_masks_that_cannot_be_kept_are_refused() -> None:
    x = gappy((4,), (1,))
    for call in (_signal.fftconvolve, _signal.oaconvolve, _signal.deconvolve):
        with pytest.raises(ValueError, match="masked samples"):
            call(x, [1.0])
    with pytest.raises(ValueError, match="masked samples"):
        _signal.upfirdn([1.0], x)
    with pytest.raises(ValueError, match="masked weights"):
        _signal.convolve([1.0, 2], x)
    with pytest.raises(ValueError, match="out cannot hold the mask"):
        _signal.convolve(x, [1.0], out=np.empty(4))
    bare = np.ma.MaskedArray([1.0, 2])
    assert _signal.fftconvolve(bare, bare).tolist() == [1, 4, 4] == _signal.convolve([1.0, 2], bare).tolist()


def test_estimates_go_through_axes_and_masked_arrays() -> None:
    x = gappy((2, 4), (1, 0))
    weights = np.array([[1.0, 1], [3, 1]])
    y = _signal.convolve(x, weights, "full", axes=1, nan="omit", return_coverage=True, variance=np.full(x.shape, 2.0))
    assert isinstance(y, _signal.Estimate) and isinstance(y.values, np.ma.MaskedArray)
    assert np.allclose(y.values.filled(-1), [[1, 3, 5, 7, 4], [0, 18, 27, 31, 8]])
    assert y.coverage is not None and np.allclose(y.coverage, np.array([[1] * 5, [0.25, 0.75, 1, 1, 1]]))
    assert y.variance is not None and np.allclose(y.variance, [[2, 4, 4, 4, 2], [0, 18, 20, 20, 2]])
    z = _signal.convolve(x.filled(), weights, "full", axes=1, nan="omit", mask=[[False] * 4, [True] + [False] * 3])
    assert not isinstance(z, np.ma.MaskedArray) and np.allclose(z, y.values)
    touched = _signal.convolve(x, weights, "full", axes=1, return_coverage=True)
    assert np.ma.getmaskarray(touched.values).tolist() == [[False] * 5, [True, True, False, False, False]]


@pytest.mark.parametrize("normalize", [True, "absolute_sum"])
def test_each_kernel_of_several_is_normalised_by_itself(normalize: bool | str) -> None:
    x, weights = np.arange(8.0).reshape(2, 4), np.array([[1.0, 2], [5, -1]])
    y = _signal.convolve(x, weights, axes=1, normalize_kernel=normalize)
    for row in range(2):
        assert np.allclose(y[row], _signal.convolve(x[row], weights[row], normalize_kernel=normalize))


def test_estimates_refuse_what_has_no_meaning() -> None:
    wrong: list[tuple[dict[str, Any], type[Exception], str]] = [
        ({"nan": "skip"}, ValueError, "skip"),
        ({"mask": [True]}, ValueError, "mask has shape"),
        ({"mask": [0.0, 1.0]}, TypeError, "mask must hold booleans"),
        ({"variance": [1.0]}, ValueError, "variance has shape"),
        ({"normalize_kernel": "max"}, ValueError, "normalize_kernel must be"),
    ]
    for options, error, text in wrong:
        with pytest.raises(error, match=text):
            _signal.convolve([1.0, 2], [1.0], **options)
    with pytest.raises(TypeError, match="booleans have neither gaps"):
        _signal.convolve([True, False], [True], nan="omit")


def test_an_estimate_can_be_written_to_an_array() -> None:
    out = np.empty(3)
    y = _signal.convolve([1.0, np.nan, 3], [1.0, 1], "same", nan="omit", out=out, return_coverage=True)
    assert y.values is out and out.tolist() == [1, 1, 3]
