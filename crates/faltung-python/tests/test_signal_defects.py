"""Where SciPy's answer is wrong, and ours is right: both, side by side."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
import scipy.signal

from faltung import _signal


def test_correlate2d_conjugates_the_second_operand_also_when_the_two_change_places() -> None:
    small, large = np.array([[1, 2j]]), np.array([[3, 0, 1j, 4]])
    # By hand: y[l] = sum of small[i + l] * conj(large[i]), at the lags -2, -1 and 0.
    right = np.array([[-1j + 8j, 0 + 2j * -1j, 3]])
    wrong = scipy.signal.correlate2d(small, large, "valid")
    assert np.array_equal(_signal.correlate2d(small, large, "valid"), right)
    assert np.array_equal(scipy.signal.correlate(small, large, "valid"), right)
    assert np.array_equal(wrong, right.conj()) and not np.array_equal(wrong, right)


@pytest.mark.parametrize("unsound", [np.nan, np.inf])
def test_a_nan_stays_within_a_kernels_length_by_transforms_too(unsound: float) -> None:
    x, weights = np.ones(2000), np.ones(9)
    x[1000] = unsound
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        floods = [
            scipy.signal.convolve(x, weights, method="fft"),
            scipy.signal.fftconvolve(x, weights),
            scipy.signal.correlate(x, weights, method="fft"),
        ]
    assert all(not np.isfinite(flood).any() for flood in floods)
    ours = [
        _signal.convolve(x, weights, method="fft"),
        _signal.fftconvolve(x, weights),
        _signal.oaconvolve(x, weights),
        _signal.correlate(x, weights, method="fft"),
        _signal.convolve(x, weights, method="overlap_save"),
    ]
    reached = np.zeros(2008, bool)
    reached[1000:1009] = True
    assert all(np.array_equal(np.isfinite(y), ~reached) for y in ours)


def test_a_nan_among_the_weights_reaches_only_where_it_lies_on_a_sample() -> None:
    short, long = np.ones(3), np.ones(7)
    long[4] = np.nan
    reached = [False] * 4 + [True] * 3 + [False] * 2
    with pytest.warns(RuntimeWarning):
        assert np.isnan(scipy.signal.convolve(short, long, method="fft")).all()
    for y in (
        _signal.convolve(short, long),
        _signal.convolve(long, short),
        _signal.convolve(short, long, method="fft"),
        _signal.fftconvolve(short, long),
        _signal.correlate(short, np.flip(long)),
    ):
        assert np.isnan(y).tolist() == reached


def test_the_most_negative_number_counts_with_its_size() -> None:
    x = np.full(2**22, np.iinfo(np.int32).min, np.int32)
    weights = np.ones(2**22, np.int32)
    assert scipy.signal.choose_conv_method(x, weights) == "fft"  # It takes 2^22 * 2^31 = 2^53 for a negative number.
    assert _signal.choose_conv_method(x, weights) == "direct"


def test_whole_numbers_are_exact_by_every_method() -> None:
    x = np.array([2**53 + 1, 1], np.int64)
    weights = np.array([1, 1], np.int64)
    right = np.array([2**53 + 1, 2**53 + 2, 1])
    assert np.array_equal(_signal.convolve(x, weights, method="fft"), right)
    assert not np.array_equal(scipy.signal.convolve(x, weights, method="fft"), right)


def test_booleans_are_an_or_of_ands_by_every_method() -> None:
    random = np.random.default_rng(7)
    x, weights = random.random((2, 40)) < 0.1
    right = np.convolve(x.astype(int), weights.astype(int)) > 0
    assert all(np.array_equal(_signal.convolve(x, weights, method=m), right) for m in ("auto", "direct", "fft"))
    assert not np.array_equal(scipy.signal.convolve(x, weights, method="fft"), right)
    with pytest.raises(ValueError, match="Unsupported type"):
        scipy.signal.convolve(x[np.newaxis], weights[np.newaxis])
    assert np.array_equal(_signal.convolve(x[np.newaxis], weights[np.newaxis]), right[np.newaxis])


def test_a_nan_beside_whole_numbers_is_no_error() -> None:
    with pytest.raises(ValueError, match="cannot convert float NaN to integer"):
        scipy.signal.convolve([1, 2, 3], [np.nan, 1])
    assert np.array_equal(_signal.convolve([1, 2, 3], [np.nan, 1]), [np.nan, np.nan, np.nan, 3], equal_nan=True)


def test_lags_are_those_of_the_outputs() -> None:
    x, weights = np.array([0.0, 1, 0]), np.array([1.0, 0])
    # The two coincide if the second comes one sample later.
    at = scipy.signal.correlate(x, weights, "same").argmax()
    assert _signal.correlation_lags(3, 2, "same")[at] == 1
    assert scipy.signal.correlation_lags(3, 2, "same")[at] == 2


@pytest.mark.parametrize("mode", ["full", "same", "valid"])
def test_every_lag_is_that_of_its_output(mode: str) -> None:
    for n in range(1, 7):
        for k in range(1, 7):
            lags = _signal.correlation_lags(n, k, mode)
            for i in range(n):
                for j in range(k):
                    y = _signal.correlate(np.eye(n)[i], np.eye(k)[j], mode)
                    assert y.shape == lags.shape
                    assert np.array_equal(np.flatnonzero(y), np.flatnonzero(lags == i - j))


def test_one_sample_is_repeated_where_a_signal_is_to_be_extended() -> None:
    for mode in ("reflect", "antireflect", "smooth", "line", "edge", "symmetric", "wrap"):
        assert _signal.upfirdn([1, 10, 100], [3.0], mode=mode).tolist() == [333, 333, 333]


def test_an_empty_array_has_nothing_to_wrap() -> None:
    with pytest.raises(ValueError, match="nothing to wrap"):
        _signal.convolve2d(np.ones((0, 2)), np.ones((3, 1)), boundary="wrap")
