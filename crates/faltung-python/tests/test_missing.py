"""NaN, masks, coverage and variance: against the definition, and against Astropy."""

import itertools
import warnings
from collections.abc import Iterator
from typing import Any, NamedTuple

import astropy.convolution as peer
import numpy as np
import pytest
from numpy.typing import NDArray

import faltung

Array = NDArray[Any]
BOUNDARIES: list[Any] = ["constant", ("constant", 2.5), ("constant", np.nan), "nearest", "reflect", "mirror", "wrap"]


def source(boundary: Any, index: int, n: int) -> int | None:
    """Which sample stands at an index, or None for a constant."""
    if 0 <= index < n:
        return index
    lap = {"nearest": lambda: min(max(index, 0), n - 1), "wrap": lambda: index % n}
    lap["reflect"] = lambda: min(index % (2 * n), 2 * n - 1 - index % (2 * n))
    lap["mirror"] = lambda: min(index % (2 * n - 2), 2 * n - 2 - index % (2 * n - 2)) if n > 1 else 0
    return lap[boundary]() if isinstance(boundary, str) and boundary != "constant" else None


def constant(boundary: Any) -> float:
    return float(boundary[1]) if isinstance(boundary, tuple) else 0.0


class Case(NamedTuple):
    """A convolution, as the definition has it."""

    shape: tuple[int, ...]
    kernel: tuple[int, ...]
    mode: str
    boundary: list[Any]
    stride: list[int]
    dilation: list[int]

    def outputs(self) -> tuple[int, ...]:
        return tuple(len(range(*self.range(axis))) for axis in range(len(self.shape)))

    def range(self, axis: int) -> tuple[int, int, int]:
        """First, end and step of the full result's indices along an axis."""
        n, reach = self.shape[axis], (self.kernel[axis] - 1) * self.dilation[axis]
        first, count = {"full": (0, n + reach), "same": (reach // 2, n), "valid": (reach, n - reach)}[self.mode]
        return first, first + count, self.stride[axis]

    def terms(self, output: tuple[int, ...]) -> Iterator[tuple[tuple[int, ...], tuple[int, ...] | float]]:
        """For each weight its index, and the index of the sample that it meets, or the constant."""
        starts = [self.range(axis)[0] + o * self.stride[axis] for axis, o in enumerate(output)]
        for tap in itertools.product(*map(range, self.kernel)):
            place: list[int] = []
            value = None
            for axis, (start, k) in enumerate(zip(starts, tap, strict=True)):
                at = source(self.boundary[axis], start - k * self.dilation[axis], self.shape[axis])
                if at is None:
                    value = constant(self.boundary[axis])
                place.append(at or 0)
            yield tap, tuple(place) if value is None else value


def defined(
    case: Case, x: Array, w: Array, missing: Array, policy: str, variance: Array
) -> tuple[Array, Array, Array, Array]:
    """Values, coverage, variance and a bound of the values' error, term by term."""
    values, coverage, spread, bound = (np.zeros(case.outputs(), t) for t in (x.dtype, float, float, float))
    eps = np.finfo(x.dtype).eps
    for output in np.ndindex(*case.outputs()):
        total, seen, everything, sizes, squares = x.dtype.type(0), 0.0, 0.0, 0.0, 0.0
        complete = True
        for tap, at in case.terms(output):
            weight = w[tap]
            everything += abs(weight)
            absent = bool(np.isnan(at)) if isinstance(at, float) else bool(missing[at])
            if absent:
                complete = complete and weight == 0
                continue
            sample = at if isinstance(at, float) else x[at]
            seen += abs(weight)
            total += weight * sample
            sizes += abs(weight) * abs(sample)
            squares += 0.0 if isinstance(at, float) else abs(weight) ** 2 * variance[at]
        c = 1.0 if complete else seen / everything if everything else 0.0
        scale = c if policy == "interpolate" else 1.0
        with np.errstate(divide="ignore", invalid="ignore"):
            values[output] = np.divide(total, scale) if scale else np.nan
            spread[output] = np.divide(squares, scale**2) if scale else np.nan
            largest = max(1.0, np.nanmax(np.abs(x), initial=0.0))
            bound[output] = 200 * eps * (np.abs(w).sum() * largest + sizes) / (scale or 1.0) ** 2
        coverage[output] = c
    return values, coverage, spread, bound


def random_case(rng: np.random.Generator, ndim: int) -> Case:
    kernel = tuple(int(k) for k in rng.integers(1, 5 if ndim < 3 else 3, ndim))
    dilation = [int(d) for d in rng.integers(1, 3, ndim)]
    mode = str(rng.choice(["full", "same", "valid"]))
    reach = [(k - 1) * d for k, d in zip(kernel, dilation, strict=True)]
    shape = tuple(int(rng.integers(1, 8 if ndim < 3 else 5)) + (r if mode == "valid" else 0) for r in reach)
    boundary = [BOUNDARIES[int(rng.integers(len(BOUNDARIES)))] for _ in range(ndim)]
    return Case(shape, kernel, mode, boundary, [int(s) for s in rng.integers(1, 3, ndim)], dilation)


@pytest.mark.parametrize("ndim", [1, 2, 3, 4])
@pytest.mark.parametrize("policy", ["omit", "interpolate"])
def test_estimates_follow_the_definition(ndim: int, policy: str) -> None:
    rng = np.random.default_rng([ndim, len(policy)])
    compared = 0
    for _ in range({1: 300, 2: 150, 3: 60, 4: 15}[ndim]):
        case = random_case(rng, ndim)
        dtype = np.dtype(str(rng.choice(["float32", "float64", "complex128"])))
        x = rng.normal(size=case.shape).astype(dtype)
        w = np.where(rng.random(case.kernel) < 0.2, 0.0, rng.normal(size=case.kernel))
        if not w.any():
            continue
        nans, mask = rng.random(case.shape) < 0.2, rng.random(case.shape) < 0.15
        x[nans] = np.nan
        variance = rng.random(case.shape)
        method = str(rng.choice(["auto", "direct", "fft", "overlap_save"]))
        if w.size == 1:
            method = "auto"  # Transforms do not take a single weight.
        y = faltung.convolve(
            x, w.astype(dtype), case.mode, method, boundary=case.boundary, stride=case.stride, dilation=case.dilation,
            nan=policy, mask=mask, return_coverage=True, variance=variance,
        )  # fmt: skip
        values, coverage, spread, bound = defined(case, x, w, nans | mask, policy, variance)
        where = f"{case} {dtype} {method}"
        assert y.values.dtype == dtype and y.values.shape == values.shape, where
        close = np.abs(y.values - values) <= bound
        assert np.all(close | (np.isnan(y.values) & np.isnan(values))), where
        single = dtype.itemsize == 4
        assert y.coverage is not None and y.variance is not None
        np.testing.assert_allclose(y.coverage, coverage, atol=1e-5 if single else 1e-12, err_msg=where)
        np.testing.assert_array_equal(y.coverage == 0, coverage == 0, where)
        np.testing.assert_array_equal(y.coverage == 1, coverage == 1, where)
        np.testing.assert_allclose(
            y.variance, spread, rtol=1e-4 if single else 1e-9, atol=1e-5 if single else 1e-11, err_msg=where
        )
        compared += values.size
    assert compared > 100


def random_sky(rng: np.random.Generator) -> tuple[Array, Array]:
    """Data of 1 to 3 dimensions with NaN, and a kernel of odd size and no negative weights, as Astropy wants them."""
    ndim = int(rng.integers(1, 4))
    shape = tuple(int(n) for n in rng.integers(3, (40, 14, 8)[ndim - 1], ndim))
    size = tuple(2 * int(k) + 1 for k in rng.integers(0, (5, 3, 2)[ndim - 1], ndim))
    x = rng.normal(size=shape)
    x[rng.random(shape) < rng.choice([0, 0.1, 0.5])] = np.nan
    return x, rng.random(size) + 0.01


def test_astropy_agrees_on_500_random_cases() -> None:
    rng = np.random.default_rng(500)
    nans = 0
    for case in range(500):
        x, w = random_sky(rng)
        boundary = ["fill", "fill", "fill", "wrap", "extend"][case % 5]
        ours: Any = ["constant", ("constant", 1.5), ("constant", np.nan), "wrap", "nearest"][case % 5]
        fill = constant(ours) if boundary == "fill" else 0.0
        treatment = "interpolate" if (case // 5) % 2 or np.isnan(fill) else "fill"
        normalise = bool((case // 10) % 2)
        mask = rng.random(x.shape) < 0.1 if case % 3 == 0 else None
        given = x.copy()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            theirs = peer.convolve(
                x, w, boundary=boundary, fill_value=fill, nan_treatment=treatment, normalize_kernel=normalise, mask=mask
            )
        # Astropy fills what is missing with the value of the boundary; here, filling is the user's.
        policy = "interpolate" if treatment == "interpolate" else "propagate"
        if policy == "propagate":
            given[np.isnan(x) if mask is None else np.isnan(x) | mask] = fill
            mask = None
        y = faltung.convolve(given, w, "same", boundary=ours, nan=policy, mask=mask, normalize_kernel=normalise)
        np.testing.assert_allclose(y, theirs, rtol=1e-9, atol=1e-11, err_msg=f"case {case}")
        nans += int(np.isnan(y).any())
    assert nans > 5


def test_astropy_fft_agrees_where_it_is_right() -> None:
    rng = np.random.default_rng(501)
    differences = 0
    for case in range(200):
        x, w = random_sky(rng)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            theirs = peer.convolve_fft(x, w, boundary="wrap", nan_treatment="interpolate", normalize_kernel=True)
        y = faltung.convolve(x, w, "same", boundary="wrap", nan="interpolate", normalize_kernel=True)
        known = ~np.isnan(y)
        if all(k <= n for k, n in zip(w.shape, x.shape, strict=True)):
            # Where no sample is in the window ours is NaN; theirs is 0, like a sample that was measured to be 0.
            np.testing.assert_allclose(y[known], theirs[known], rtol=1e-7, atol=1e-9, err_msg=f"case {case}")
            np.testing.assert_array_equal(theirs[~known], 0)
        else:
            # A kernel longer than the data: theirs pads before it wraps. Their `convolve` is right, see above.
            differences += int(not np.allclose(y[known], theirs[known]))
    assert differences > 5


def test_where_astropy_is_wrong_ours_is_not() -> None:
    # A kernel with negative weights: the signed sum of those that are left may be near zero, or of the other sign.
    x = np.array([1.0, np.nan, 1.0, 1.0, 1.0])
    w = np.array([-0.9, 1.0, 1.0])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = peer.convolve(x, w, nan_treatment="interpolate", normalize_kernel=False)
    y = faltung.convolve(x, w, "same", nan="interpolate", return_coverage=True)
    # At 1 the window meets x[2] by -0.9 and x[0] by 1: a sum of 0.1 over a coverage of 1.9 / 2.9.
    assert y.coverage is not None
    np.testing.assert_allclose(y.coverage[1], 1.9 / 2.9)
    np.testing.assert_allclose(y.values[1], 0.1 * 2.9 / 1.9)
    assert abs(theirs[1] - 1.1) < 1e-9  # 0.1 / 0.1 * 1.1: as if nothing had been lost
    # convolve_fft drops the imaginary part; ours does not.
    z = faltung.convolve(np.array([1j, np.nan, 2j]), [0.5, 0.5], nan="omit")
    np.testing.assert_array_equal(z, [0.5j, 0.5j, 1j, 1j])


def test_missing_samples_can_be_an_error() -> None:
    x = np.array([1.0, np.nan, 3.0])
    with pytest.raises(ValueError, match=r"missing: 1, the first at index \[1\]; fill them in, or choose nan='omit'"):
        faltung.convolve(x, [1.0, 1.0], nan="raise")
    assert faltung.convolve([1.0, 2.0], [1.0, 1.0], nan="raise").tolist() == [1, 3, 2]


def test_infinities_are_not_missing() -> None:
    y = faltung.convolve([1.0, np.inf, 1.0, np.nan], [1.0, 1.0], nan="omit")
    assert y.tolist() == [1, np.inf, np.inf, 1, 0]


def test_masks_honour_integers() -> None:
    x = np.array([100, 7, 50], np.uint8)
    mask = [False, True, False]
    y = faltung.convolve(x, np.array([1, 2], np.uint8), nan="omit", mask=mask)
    assert y.dtype == np.uint8 and y.tolist() == [100, 200, 50, 100]
    np.testing.assert_array_equal(y, faltung.convolve(x, np.array([1, 2], np.uint8), nan="omit", mask=[0, 1, 0]))
    mean = faltung.convolve(x, [1, 1], "valid", nan="interpolate", mask=mask)
    assert mean.dtype == np.float64 and mean.tolist() == [200, 100]


def test_masked_arrays_stay_masked() -> None:
    x = np.ma.masked_array([1.0, 2.0, 4.0, 8.0], mask=[False, True, False, False])
    y = faltung.convolve(x, [1.0, 1.0], "same")
    assert isinstance(y, np.ma.MaskedArray)
    assert np.ma.getmaskarray(y).tolist() == [False, True, True, False]
    assert y.compressed().tolist() == [1, 12]
    filled = faltung.convolve(x, [1.0, 1.0], "same", nan="interpolate")
    assert np.ma.getmaskarray(filled).tolist() == [False] * 4
    assert filled.tolist() == [1, 2, 8, 12]
    alone = faltung.convolve(np.ma.masked_array([1, 2], mask=[True, False]), [1, 0], "same", nan="omit")
    assert np.ma.getmaskarray(alone).tolist() == [True, False]


def test_variance_is_propagated_with_the_squares() -> None:
    y = faltung.convolve([1.0, 2.0, 3.0], [0.5, 0.5], "valid", variance=[1.0, 4.0, 16.0])
    assert y.values.tolist() == [1.5, 2.5]
    assert y.variance is not None and y.variance.tolist() == [1.25, 5.0]
    assert y.coverage is None
    whole = faltung.convolve([1.0, 2.0], [2.0], variance=[1, 4])
    assert whole.variance is not None and whole.variance.tolist() == [4, 16]
    with pytest.raises(ValueError, match="variance has masked samples"):
        faltung.convolve([1.0, 2.0], [1.0], variance=np.ma.masked_array([1.0, 1.0], mask=[True, False]))
    with pytest.raises(ValueError, match="variance"):
        faltung.convolve([1.0, 2.0], [1.0], variance=[1.0, -1.0])
    with pytest.raises(ValueError, match="variance"):
        faltung.convolve([1.0, 2.0], [1.0], variance=[1.0])


def test_kernels_are_normalised_on_request() -> None:
    assert faltung.convolve([1, 2], [1, 1], normalize_kernel=True).tolist() == [0.5, 1.5, 1.0]
    x, w = np.array([4.0, 8.0]), np.array([1, 3])
    assert faltung.convolve(x, w, normalize_kernel=True).tolist() == [1, 5, 6]
    assert faltung.convolve(x, [1, -3], normalize_kernel="absolute_sum").tolist() == [1, -1, -6]
    with pytest.raises(ValueError, match="sum"):
        faltung.convolve(x, [1.0, -1.0], normalize_kernel=True)


def test_correlation_estimates_too() -> None:
    x = np.array([1.0, np.nan, 4.0])
    y = faltung.correlate(x, [1.0, 3.0], "valid", nan="interpolate", return_coverage=True)
    assert y.values.tolist() == [4, 16]
    assert y.coverage is not None and y.coverage.tolist() == [0.25, 0.75]
