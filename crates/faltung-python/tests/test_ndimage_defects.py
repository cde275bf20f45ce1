"""Where SciPy's filters go wrong: its answer and ours, side by side. And what ours promise beyond."""

from __future__ import annotations

import platform
from typing import Any

import numpy as np
import pytest
import scipy.ndimage
from ndimage_comparison import Array

from faltung import ndimage

#: C leaves open what numbers beyond a type become, and processors differ.
IS_X86 = platform.machine() in ("x86_64", "AMD64")


def same(ours: Any, theirs: Any) -> None:
    np.testing.assert_array_equal(ours, theirs)


def test_tiny_weights_are_weights() -> None:
    x, weights = np.full(5, 1e20), np.full(3, 1e-17)
    same(scipy.ndimage.correlate(x, weights), np.zeros(5))
    np.testing.assert_allclose(ndimage.correlate(x, weights), np.full(5, 3000), rtol=1e-15)
    np.testing.assert_allclose(ndimage.convolve(x, weights), np.full(5, 3000), rtol=1e-15)


def test_tiny_kernels_are_symmetric_only_if_they_are() -> None:
    x = np.array([1.0, 2, 4, 8, 16])
    slope = np.array([-1e-17, 0, 1e-17])
    np.testing.assert_allclose(scipy.ndimage.correlate1d(x, slope), -1e-17 * np.array([3, 5, 10, 20, 24]))
    np.testing.assert_allclose(ndimage.correlate1d(x, slope), 1e-17 * np.array([1, 3, 6, 12, 8]), rtol=1e-15)
    one_sided = np.array([0, 0, 0, 1, 2]) * 1e-17
    same(scipy.ndimage.correlate1d(x, one_sided), np.zeros(5))
    np.testing.assert_allclose(ndimage.correlate1d(x, one_sided), 1e-17 * np.array([10, 20, 40, 48, 32]), rtol=1e-15)


def test_kernels_keep_their_answer_when_they_are_scaled() -> None:
    rng = np.random.default_rng(1)
    x, weights = rng.normal(size=(9, 8)), rng.normal(size=(3, 4))
    for scale in (2.0**-60, 2.0**-300):
        same(ndimage.correlate(x, weights * scale), ndimage.correlate(x, weights) * scale)


@pytest.mark.parametrize(("dtype", "expected"), [("i4", -294967296), ("i8", 4000000000)])
def test_large_sums_wrap_and_do_not_become_the_smallest_number(dtype: str, expected: int) -> None:
    x = np.full(3, 2_000_000_000, dtype)
    theirs, ours = (library.correlate1d(x, [1, 1]) for library in (scipy.ndimage, ndimage))
    if IS_X86:
        same(theirs, np.full(3, -(2**31) if dtype == "i4" else expected))
    same(ours, np.full(3, expected))


def test_values_that_are_not_finite_become_zero_in_whole_numbers() -> None:
    x = np.array([1, 2, 3], "i4")
    if IS_X86:
        same(scipy.ndimage.correlate1d(x, [1, 1, 1], mode="constant", cval=np.nan), [-(2**31), 6, -(2**31)])
    same(ndimage.correlate1d(x, [1, 1, 1], mode="constant", cval=np.nan), [0, 6, 0])
    same(ndimage.correlate1d(np.array([np.inf, -np.inf, 5.5, -7.9]), [1], output=np.int16), [0, 0, 5, -7])
    same(ndimage.correlate1d([2.0**70, -(2.0**40) - 3, 300.7], [1], output=np.uint8), [0, 253, 44])


def test_whole_numbers_are_exact_beyond_doubles() -> None:
    x = np.array([2**53 + 1, 2**62 + 3, -(2**62) - 5])
    same(scipy.ndimage.correlate1d(x, [1]) == x, [False, False, False])
    same(ndimage.correlate1d(x, [1]), x)
    same(ndimage.correlate1d(x, [0.0, 1.0, 1.0], mode="constant"), [2**53 + 2**62 + 4, -2, -(2**62) - 5])
    same(ndimage.uniform_filter1d(np.full(4, 2**60 + 1), 3), np.full(4, 2**60 + 1))
    same(ndimage.correlate1d(x, [1, 0, 0], mode="constant", cval=2**61 + 1)[:1], [2**61 + 1])


def test_a_gaussian_leaves_a_plain_as_it_is() -> None:
    plain, ramp = np.full((9, 9), 255, np.uint8), np.arange(100)
    theirs = [scipy.ndimage.gaussian_filter(plain, sigma) for sigma in (0.3, 0.4, 1.4, 2.5, 8)]
    assert any((result == 253).all() for result in theirs)
    for sigma in np.arange(0.3, 8, 0.1):
        same(ndimage.gaussian_filter(plain, sigma), plain)
        same(ndimage.gaussian_filter1d(plain.astype(np.float64), sigma, output=np.int8), plain.view(np.int8))
        same(ndimage.gaussian_filter1d(-ramp, sigma, truncate=3)[25:75], -ramp[25:75])


def test_a_nan_stays_in_its_windows() -> None:
    x = np.zeros(9)
    x[3] = np.nan
    same(np.isnan(scipy.ndimage.uniform_filter1d(x, 3)), [0, 0, 1, 1, 1, 1, 1, 1, 1])
    same(np.isnan(ndimage.uniform_filter1d(x, 3)), [0, 0, 1, 1, 1, 0, 0, 0, 0])
    x[3] = np.inf
    assert np.isnan(scipy.ndimage.uniform_filter1d(x, 3)[8])
    same(ndimage.uniform_filter1d(x, 3), [0, 0, np.inf, np.inf, np.inf, 0, 0, 0, 0])


def test_means_forget_a_huge_sample() -> None:
    x = np.ones(9)
    x[0] = 1e17
    np.testing.assert_allclose(scipy.ndimage.uniform_filter1d(x, 3, mode="constant")[4:], [0, 0, 0, 0, -1 / 3])
    same(ndimage.uniform_filter1d(x, 3, mode="constant")[4:], [1, 1, 1, 1, 2 / 3])


def test_a_nan_reaches_windows_that_give_it_no_weight() -> None:
    x = np.array([[0, 0, np.nan, 0, 0, 0.0]])
    same(np.isnan(scipy.ndimage.correlate(x, [[1, 0, 0]])), [[0, 0, 0, 1, 0, 0]])
    same(np.isnan(ndimage.correlate(x, [[1, 0, 0]])), [[0, 1, 1, 1, 0, 0]])
    same(np.isnan(ndimage.correlate1d(x, [1, 0, 0])), np.isnan(scipy.ndimage.correlate1d(x, [1, 0, 0])))


def test_booleans_are_true_where_the_sum_is_not_zero() -> None:
    x = np.ones(600, bool)
    weights = np.ones(256)
    assert not scipy.ndimage.correlate1d(x, weights).any()
    ours = ndimage.correlate1d(x, weights)
    assert ours.dtype == np.bool_ and ours.all()
    same(ours.view(np.uint8), np.ones(600))
    same(ndimage.sobel(np.array([[True, False, True], [False, True, False]]), axis=0), [[1, 0, 1], [1, 0, 1]])


def test_complex_input_may_be_the_output() -> None:
    x, weights = np.array([1 + 2j, 3 - 1j, 2j]), np.array([1j, 1, 2])
    expected = scipy.ndimage.correlate1d(x, weights)
    wrong, right = x.copy(), x.copy()
    scipy.ndimage.correlate1d(wrong, weights, output=wrong)
    assert np.abs(wrong - expected).max() > 1
    ndimage.correlate1d(right, weights, output=right)
    np.testing.assert_allclose(right, expected, rtol=1e-15)


@pytest.mark.parametrize("function", ["laplace", "generic_laplace", "generic_gradient_magnitude"])
def test_filters_over_axes_may_be_in_place(function: str) -> None:
    x = np.random.default_rng(2).normal(size=(4, 5))
    arguments = (ndimage.prewitt,) if "generic" in function else ()
    expected = getattr(ndimage, function)(x, *arguments)
    wrong, right = x.copy(), x.copy()
    getattr(scipy.ndimage, function)(wrong, *arguments, output=wrong)
    assert np.abs(wrong - expected).max() > 0.1
    assert getattr(ndimage, function)(right, *arguments, output=right) is right
    np.testing.assert_allclose(right, expected)


def test_outputs_may_overlap_the_input() -> None:
    memory = np.arange(12.0)
    expected = ndimage.correlate1d(memory[:10].copy(), [1, 2, 3])
    same(ndimage.correlate1d(memory[:10], [1, 2, 3], output=memory[2:]), expected)
    memory = np.arange(12.0)
    same(ndimage.gaussian_filter(memory, 1.0, output=memory[::-1]), ndimage.gaussian_filter(np.arange(12.0), 1.0))


def test_far_reflections_are_right() -> None:
    x, weights = np.array([1, 8]), np.arange(9) ** 2 + 1
    line = np.array([x[min(i % 4, 3 - i % 4)] for i in range(-8, 2)])
    expected = [int((line[i : i + 9] * weights).sum()) for i in range(2)]
    same(scipy.ndimage.correlate1d(x, weights, origin=4), expected)
    assert scipy.ndimage.correlate(x, weights, origin=4).tolist() != expected
    same(ndimage.correlate(x, weights, origin=4), expected)


@pytest.mark.parametrize("function", ["correlate", "correlate1d"])
def test_halves_work(function: str) -> None:
    x = np.array([1, 2, 3, 4], np.float16)
    with pytest.raises(RuntimeError, match="not supported"):
        getattr(scipy.ndimage, function)(x, [1, 1])
    ours = getattr(ndimage, function)(x, [1, 1])
    assert ours.dtype == np.float16
    same(ours, [2, 3, 5, 7])
    means = ndimage.uniform_filter(np.full(3000, 60000, np.float16), 2001)
    same(means, np.full(3000, 60000, np.float16))


def test_bfloat16_works() -> None:
    bfloat16 = pytest.importorskip("ml_dtypes").bfloat16
    x = np.array([1, 2, 3, 4]).astype(bfloat16)
    ours = ndimage.correlate1d(x, [1, 1])
    assert ours.dtype == bfloat16
    same(ours.astype(float), [2, 3, 5, 7])
    same(ndimage.uniform_filter(x, 2, output=np.float32), [1, 1.5, 2.5, 3.5])


def test_singles_are_summed_in_singles_within_the_bound() -> None:
    x = np.random.default_rng(3).normal(size=(40, 50)).astype(np.float32)
    weights = np.random.default_rng(4).normal(size=(5, 5))
    ours, theirs = (library.correlate(x, weights) for library in (ndimage, scipy.ndimage))
    allowed = (weights.size + 2) * np.finfo(np.float32).eps * scipy.ndimage.correlate(np.abs(x), np.abs(weights))
    assert ours.dtype == np.float32 and np.all(np.abs(ours - theirs) <= allowed)


def test_means_of_the_largest_numbers_are_finite() -> None:
    for dtype in (np.float32, np.float64):
        largest: Array = np.full(7, np.finfo(dtype).max, dtype)
        same(ndimage.uniform_filter(largest, 3), largest)


def test_derivatives_have_the_constant_beyond_each_step() -> None:
    x = np.ones((4, 4))
    ours, theirs = (
        library.gaussian_filter(x, 1.0, order=[1, 0], mode="constant", cval=1.0) for library in (ndimage, scipy.ndimage)
    )
    np.testing.assert_allclose(ours, theirs, atol=1e-15)
    assert np.abs(ours).max() > 0.1, "SciPy's answer, not that of an image of ones in a plane of ones"
