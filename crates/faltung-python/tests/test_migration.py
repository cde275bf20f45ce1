"""From SciPy, NumPy, Astropy and OpenCV to faltung: each row of the table is run on both sides.

`docs/migration.md` is this table in words. After a change here: ``python tests/test_migration.py --write``.
"""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import astropy.convolution
import cv2
import numpy as np
import pytest
from scipy import ndimage, signal

import faltung

PAGE = Path(__file__).parents[1] / "docs" / "migration.md"

rng = np.random.default_rng(3)
x, h, e = rng.normal(size=40), rng.normal(size=5), rng.normal(size=4)
z = rng.normal(size=40) + 1j * rng.normal(size=40)
n = rng.integers(-100, 100, 40).astype(np.int8)
smooth = np.array([1.0, 2.0, 4.0, 2.0, 1.0])
gaps, gone = x.copy(), rng.random(40) < 0.2
gaps[[0, 7, 8, 30]] = np.nan
image, w, even = rng.normal(size=(12, 17)), rng.normal(size=(3, 3)), rng.normal(size=(4, 4))
hill = np.outer([1.0, 2.0, 1.0], [1.0, 3.0, 2.0])
holes = np.where(rng.random((12, 17)) < 0.2, np.nan, image)
rgb = rng.normal(size=(12, 17, 3))
grey = rng.integers(0, 256, (12, 17)).astype(np.uint8)
sharpen = np.array([[0, -1, 0], [-1, 5, -1], [0, -1, 0]], np.int8)

INPUTS = {
    "x, h, e": "40, 5 and 4 real numbers",
    "z": "40 complex numbers",
    "n": "40 whole numbers, int8",
    "smooth": "1, 2, 4, 2, 1",
    "gaps": "x with some NaN",
    "gone": "a mask for x, True where a sample does not count",
    "image, w, even": "12 by 17, 3 by 3 and 4 by 4 real numbers",
    "hill": "3 by 3 positive numbers",
    "holes": "image with some NaN",
    "rgb": "12 by 17 points of 3 channels",
    "grey": "12 by 17 numbers, uint8",
    "sharpen": "3 by 3 whole numbers, some negative, int8",
}
NAMES: dict[str, Any] = {
    **globals(),
    "convolve": astropy.convolution.convolve,
    "convolve_fft": astropy.convolution.convolve_fft,
    "Gaussian1DKernel": astropy.convolution.Gaussian1DKernel,
}


@dataclass(frozen=True)
class Row:
    """A call there, the call here that gives the same, and what to know."""

    there: str
    here: str
    differs: str = ""
    tolerance: float = 1e-13
    """Of the result's largest magnitude; spectra and OpenCV's single-precision steps need more than sums do."""


TABLE: dict[str, list[Row]] = {
    "scipy.signal": [
        Row("signal.convolve(x, h)", "faltung.convolve(x, h)"),
        Row(
            'signal.convolve(x, h, mode="same", method="fft")',
            'faltung.convolve(x, h, mode="same", method="fft")',
            "a NaN reaches the outputs whose window holds it, not all",
        ),
        Row('signal.correlate(z, z[:7], mode="valid")', 'faltung.correlate(z, z[:7], mode="valid")'),
        Row(
            "signal.oaconvolve(x, h)",
            "faltung.convolve(x, h)",
            "all algorithms are considered, overlap-save among them; `oaconvolve` is there too",
        ),
        Row(
            'signal.fftconvolve(image, h[np.newaxis], mode="same", axes=1)',
            'faltung.convolve(image, h, mode="same", axes=1)',
            "with `axes`, the kernel may have just these axes; `fftconvolve` is there too",
        ),
        Row(
            'signal.convolve2d(image, w, mode="same", boundary="symm")',
            'faltung.convolve(image, w, mode="same", boundary="reflect")',
            "in any number of dimensions, and by any method; `convolve2d` is there too",
        ),
        Row(
            "signal.convolve2d(image, w, fillvalue=2)",
            'faltung.convolve(image, w, boundary=("constant", 2))',
        ),
        Row(
            'signal.convolve2d(image, w, mode="same", boundary="wrap")',
            'faltung.convolve(image, w, mode="same", boundary="wrap")',
        ),
        Row('signal.correlate2d(image, even, mode="same")', 'faltung.correlate2d(image, even, mode="same")'),
        Row(
            'signal.correlate2d(image, even, mode="same")',
            'faltung.correlate(image, even, mode="same", anchor=2)',
            "SciPy's `correlate2d` starts at K // 2, its `correlate` at (K - 1) // 2; `anchor` says which",
        ),
        Row("signal.upfirdn(h, x, up=3, down=2)", "faltung.upfirdn(h, x, up=3, down=2)"),
        Row("signal.upfirdn(h, x, down=2)", "faltung.convolve(x, h, stride=2)"),
        Row('signal.convolve(x, h, mode="valid")[::3]', 'faltung.convolve(x, h, mode="valid", stride=3)'),
        Row(
            "signal.convolve(x, signal.upfirdn([1], h, up=3))",
            "faltung.convolve(x, h, dilation=3)",
            "two zeros between weights, never stored",
        ),
        Row("signal.lfilter(h, 1, x)", 'faltung.convolve(x, h, mode="same", anchor=0)', "causal: no sample from later"),
        Row(
            "signal.deconvolve(np.convolve(smooth, h), smooth)[0]",
            "faltung.deconvolve(np.convolve(smooth, h), smooth)[0]",
        ),
        Row('signal.correlation_lags(40, 5, mode="same")', 'faltung.correlation_lags(40, 5, mode="same")'),
    ],
    "scipy.ndimage": [
        Row(
            "ndimage.convolve(image, w)",
            "faltung.ndimage.convolve(image, w)",
            "weights below 2.2e-16 are not dropped",
        ),
        Row(
            "ndimage.convolve(image, w)",
            'faltung.convolve(image, w, mode="same", boundary="reflect")',
            "for an even K add `anchor=K // 2`; ndimage gives the input's type, this the common type of both",
        ),
        Row(
            'ndimage.correlate(image, w, mode="mirror", origin=(1, -1))',
            'faltung.ndimage.correlate(image, w, mode="mirror", origin=(1, -1))',
        ),
        Row(
            'ndimage.correlate1d(image, h, axis=0, mode="nearest")',
            'faltung.correlate(image, h, mode="same", axes=0, boundary="nearest")',
            "`faltung.ndimage.correlate1d` is there too; tiny antisymmetric kernels are not taken for symmetric ones",
        ),
        Row('ndimage.convolve1d(image, e, mode="wrap")', 'faltung.ndimage.convolve1d(image, e, mode="wrap")'),
        Row("ndimage.gaussian_filter(image, 2)", "faltung.ndimage.gaussian_filter(image, 2)"),
        Row(
            "ndimage.gaussian_filter1d(x, 2)",
            'faltung.convolve(x, faltung.kernels.gaussian(sigma=2), mode="same", boundary="reflect")',
        ),
        Row(
            'ndimage.uniform_filter(image, 5, mode="nearest")',
            'faltung.ndimage.uniform_filter(image, 5, mode="nearest")',
            "a NaN does not spoil the rest of its line",
        ),
        Row("ndimage.uniform_filter1d(x, 4, origin=1)", "faltung.ndimage.uniform_filter1d(x, 4, origin=1)"),
        Row("ndimage.sobel(image, axis=0)", "faltung.ndimage.sobel(image, axis=0)"),
        Row("ndimage.sobel(grey, output=np.float64)", "faltung.ndimage.sobel(grey, output=np.float64)"),
        Row(
            'ndimage.prewitt(image, mode="constant", cval=3)',
            'faltung.ndimage.prewitt(image, mode="constant", cval=3)',
        ),
        Row("ndimage.laplace(image)", "faltung.ndimage.laplace(image)"),
        Row("ndimage.gaussian_laplace(image, 1.5)", "faltung.ndimage.gaussian_laplace(image, 1.5)"),
        Row(
            "ndimage.gaussian_gradient_magnitude(image, 1.5)",
            "faltung.ndimage.gaussian_gradient_magnitude(image, 1.5)",
        ),
        Row(
            "ndimage.generic_gradient_magnitude(image, ndimage.sobel)",
            "faltung.ndimage.generic_gradient_magnitude(image, faltung.ndimage.sobel)",
        ),
    ],
    "numpy": [
        Row("np.convolve(x, h)", "faltung.numpy.convolve(x, h)"),
        Row("np.convolve(x, h)", "faltung.convolve(x, h)"),
        Row(
            'np.convolve(h, x, "same")',
            'faltung.numpy.convolve(h, x, "same")',
            "NumPy's result is as long as the longer input, SciPy's and `faltung.convolve`'s as the first",
        ),
        Row("np.correlate(x, h)", "faltung.numpy.correlate(x, h)", "'valid' by default"),
        Row('np.correlate(z, z[:5], "full")', "faltung.correlate(z, z[:5])"),
        Row(
            "np.convolve(n, n)",
            "faltung.numpy.convolve(n, n)",
            'both wrap sums that do not fit; with `overflow`, `faltung.convolve` refuses them or keeps them',
        ),
        Row("np.polymul(h, e)", "faltung.convolve(h, e)"),
        Row(
            'np.convolve(x, np.ones(5) / 5, "valid")',
            'faltung.convolve(x, np.ones(5), mode="valid", normalize_kernel=True)',
        ),
        Row("np.apply_along_axis(np.convolve, 1, image, h)", "faltung.convolve(image, h, axes=1)"),
        Row(
            'np.convolve(np.pad(x, 2, mode="reflect"), h, "valid")',
            'faltung.convolve(x, h, mode="same", boundary="mirror")',
            "what NumPy calls reflect is SciPy's mirror",
        ),
        Row(
            'np.convolve(np.pad(x, 2, mode="symmetric"), h, "valid")',
            'faltung.convolve(x, h, mode="same", boundary="reflect")',
            "and its symmetric is SciPy's reflect",
        ),
        Row(
            'np.convolve(np.pad(x, 2, mode="edge"), h, "valid")',
            'faltung.convolve(x, h, mode="same", boundary="nearest")',
        ),
    ],
    "astropy.convolution": [
        Row(
            "convolve(x, smooth)",
            'faltung.convolve(x, smooth, mode="same", normalize_kernel=True)',
            "there the kernel is divided by its sum unless you say otherwise; a kernel of even length is refused",
        ),
        Row("convolve(x, smooth, normalize_kernel=False)", 'faltung.convolve(x, smooth, mode="same")'),
        Row(
            "convolve(gaps, smooth)",
            'faltung.convolve(gaps, smooth, mode="same", nan="interpolate", normalize_kernel=True)',
            "each result is divided by the weights of what was there, here by their magnitudes",
        ),
        Row(
            "convolve(holes, hill)",
            'faltung.convolve(holes, hill, mode="same", nan="interpolate", normalize_kernel=True)',
            "in any number of dimensions, there in at most 3",
        ),
        Row(
            'convolve(gaps, smooth, nan_treatment="fill", normalize_kernel=False)',
            'faltung.convolve(gaps, smooth, mode="same", nan="omit")',
        ),
        Row(
            "convolve(gaps, smooth, preserve_nan=True)",
            "np.where(np.isnan(gaps), np.nan, "
            'faltung.convolve(gaps, smooth, mode="same", nan="interpolate", normalize_kernel=True))',
        ),
        Row(
            "convolve(x, smooth, mask=gone)",
            'faltung.convolve(x, smooth, mode="same", mask=gone, nan="interpolate", normalize_kernel=True)',
        ),
        Row(
            'convolve(x, smooth, boundary="extend")',
            'faltung.convolve(x, smooth, mode="same", boundary="nearest", normalize_kernel=True)',
        ),
        Row(
            'convolve(x, smooth, boundary="wrap")',
            'faltung.convolve(x, smooth, mode="same", boundary="wrap", normalize_kernel=True)',
        ),
        Row(
            "convolve(x, smooth, fill_value=2)",
            'faltung.convolve(x, smooth, mode="same", boundary=("constant", 2), normalize_kernel=True)',
        ),
        Row(
            "convolve(x, smooth, boundary=None)[2:-2]",
            'faltung.convolve(x, smooth, mode="valid", normalize_kernel=True)',
            "there the ends are set to 0",
        ),
        Row(
            "convolve(x, Gaussian1DKernel(2))",
            'faltung.convolve(x, faltung.kernels.gaussian(sigma=2), mode="same")',
        ),
        Row(
            'convolve_fft(gaps, smooth, boundary="wrap")',
            'faltung.convolve(gaps, smooth, mode="same", boundary="wrap", nan="interpolate", normalize_kernel=True)',
            "by any method",
            1e-11,
        ),
        Row(
            'convolve_fft(x, smooth, boundary="wrap", normalize_kernel=False, nan_treatment="fill")',
            'faltung.convolve(x, smooth, mode="same", boundary="wrap")',
            "",
            1e-11,
        ),
    ],
    "OpenCV": [
        Row(
            "cv2.filter2D(image, -1, w)",
            'faltung.correlate(image, w, mode="same", boundary="mirror")',
            "OpenCV's default border, BORDER_REFLECT_101, is mirror",
        ),
        Row(
            "cv2.filter2D(image, -1, w, borderType=cv2.BORDER_REFLECT)",
            'faltung.correlate(image, w, mode="same", boundary="reflect")',
        ),
        Row(
            "cv2.filter2D(image, -1, w, borderType=cv2.BORDER_REPLICATE)",
            'faltung.correlate(image, w, mode="same", boundary="nearest")',
        ),
        Row(
            "cv2.filter2D(image, -1, w, borderType=cv2.BORDER_CONSTANT)",
            'faltung.correlate(image, w, mode="same")',
        ),
        Row(
            "cv2.filter2D(image, -1, w, anchor=(0, 1))",
            'faltung.correlate(image, w, mode="same", boundary="mirror", anchor=(1, 2))',
            "there (column, row) of the weight over the output's place; here K - 1 - that, slowest axis first",
        ),
        Row(
            "cv2.filter2D(image, -1, even)",
            'faltung.correlate(image, even, mode="same", boundary="mirror", anchor=1)',
        ),
        Row(
            "cv2.filter2D(rgb, -1, w)",
            'faltung.correlate(rgb, w, mode="same", axes=(0, 1), boundary="mirror")',
        ),
        Row(
            "cv2.filter2D(grey, -1, sharpen)",
            'faltung.correlate(grey, sharpen, mode="same", boundary="mirror").clip(0, 255).astype(np.uint8)',
            "OpenCV saturates in the picture's type; here sums have the common type of both inputs, int16",
        ),
        Row(
            "cv2.sepFilter2D(image, -1, h, smooth)",
            'faltung.correlate(image, np.outer(smooth, h), mode="same", boundary="mirror")',
            "a product of two kernels is recognised and run along one axis after the other",
        ),
        Row(
            "cv2.GaussianBlur(image, (7, 7), 1.5)",
            'faltung.ndimage.gaussian_filter(image, 1.5, radius=3, mode="mirror")',
            "",
            1e-7,
        ),
        Row("cv2.Sobel(image, -1, 1, 0)", 'faltung.ndimage.sobel(image, axis=1, mode="mirror")'),
        Row(
            "cv2.Sobel(image, -1, 0, 1, borderType=cv2.BORDER_REPLICATE)",
            'faltung.ndimage.sobel(image, axis=0, mode="nearest")',
        ),
        Row("cv2.Laplacian(image, -1)", 'faltung.ndimage.laplace(image, mode="mirror")'),
        Row(
            "cv2.boxFilter(image, -1, (5, 3))",
            'faltung.ndimage.uniform_filter(image, (3, 5), mode="mirror")',
            "there (width, height)",
        ),
        Row(
            "cv2.boxFilter(image, -1, (5, 3), normalize=False)",
            'faltung.convolve(image, np.ones((3, 5)), mode="same", boundary="mirror")',
        ),
        Row("cv2.blur(image, (4, 4))", 'faltung.ndimage.uniform_filter(image, 4, mode="mirror")'),
    ],
}


def page() -> str:
    """The table as Markdown."""
    lines = [
        "# From SciPy, NumPy, Astropy and OpenCV to faltung",
        "",
        "Each row has been run: both calls gave the same numbers, of the same type and shape, within rounding. The",
        "page is made from `tests/test_migration.py`, which runs them. In the calls stand",
        "",
        *(f"- `{name}`: {what}" for name, what in INPUTS.items()),
        "",
        "and `signal`, `ndimage` for SciPy's modules, `np` for NumPy. Where the last column is empty, nothing differs.",
    ]
    for title, rows in TABLE.items():
        lines += ["", f"## {title}", "", "| there | here | to know |", "|---|---|---|"]
        lines += [f"| `{row.there}` | `{row.here}` | {row.differs} |" for row in rows]
    return "\n".join(lines) + "\n"


ROWS = [pytest.param(row, id=row.there) for rows in TABLE.values() for row in rows]


@pytest.mark.parametrize("row", ROWS)
def test_both_sides_give_the_same(row: Row) -> None:
    theirs, ours = (np.asarray(eval(call, NAMES)) for call in (row.there, row.here))
    assert (ours.shape, ours.dtype) == (theirs.shape, theirs.dtype)
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=row.tolerance * np.nanmax(np.abs(theirs)))


def test_the_page_is_as_the_table() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run python tests/test_migration.py --write"


if __name__ == "__main__" and sys.argv[1:] == ["--write"]:
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
