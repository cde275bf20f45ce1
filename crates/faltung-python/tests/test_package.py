"""What the package is made of, and which arrays it takes."""

import inspect
import subprocess
import sys
from typing import Any

import ml_dtypes
import numpy as np
import pytest
from numpy.typing import NDArray

import faltung
from faltung import _engine

LIKES = [15, 12, 34, 26, 28, 23, 15, 7, 4, 1]


def test_the_modules_come_with_the_package_and_scipy_does_not() -> None:
    names = "faltung.ndimage.__name__, faltung.numpy.__name__, faltung.kernels.__name__"
    code = f"import sys, faltung; print({names}, 'scipy' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["faltung.ndimage", "faltung.numpy", "faltung.kernels", "False"]


def test_all_names_exist_and_are_documented() -> None:
    for module in [faltung, faltung.ndimage, faltung.numpy, faltung.kernels]:
        for name in module.__all__:
            assert inspect.getdoc(getattr(module, name)), f"{module.__name__}.{name} has no documentation"


def test_show_config_tells_what_works(capsys: pytest.CaptureFixture[str]) -> None:
    faltung.show_config()
    shown = capsys.readouterr().out
    assert f"version: {faltung.__version__}" in shown
    assert f"instruction_set: {faltung.show_config('dicts')['instruction_set']}" in shown
    with pytest.raises(ValueError, match="mode must be 'stdout' or 'dicts'"):
        faltung.show_config("loud")  # type: ignore[call-overload]


def test_kernels_have_the_parameters_of_the_engine() -> None:
    entries = _engine.kernels()
    assert sorted(entry[0] for entry in entries) == sorted(faltung.kernels.__all__)
    for name, _, _, dimensions, parameters in entries:
        signature = inspect.signature(getattr(faltung.kernels, name)).parameters
        assert {parameter[0] for parameter in parameters} == set(signature) - {"ndim"}
        assert ("ndim" in signature) == (dimensions is None)
        for parameter, default, _ in parameters:
            given = signature[parameter].default
            if default is None:
                assert given is inspect.Parameter.empty
            elif default == "auto":
                assert given is None
            else:
                assert str(given).removesuffix(".0") == default


def test_kernels_are_those_that_are_named() -> None:
    np.testing.assert_array_equal(faltung.kernels.gaussian((2, 1), order=(0, 1)), _engine.kernel("gaussian:2x1,0x1", 2))
    np.testing.assert_array_equal(faltung.kernels.sobel(0), faltung.kernels.sobel("y"))
    assert faltung.kernels.gaussian(1, ndim=3).shape == (9, 9, 9)
    for wrong in ["x", 1j, [[1]], None]:
        with pytest.raises((TypeError, ValueError)):
            faltung.kernels.gaussian(wrong)  # type: ignore[arg-type]


def layouts(values: NDArray[Any]) -> list[NDArray[Any]]:
    """The same array, lying in memory in many ways."""
    n = values.shape[0]
    every_other = np.zeros((2 * n, *values.shape[1:]), values.dtype)[::2]
    backwards = np.zeros_like(values)[::-1]
    record = np.zeros(values.shape, [("pad", "u1"), ("value", values.dtype)])["value"]
    odd = np.zeros(values.nbytes + 1, np.uint8)[1:].view(values.dtype).reshape(values.shape)
    swapped = np.zeros(values.shape, values.dtype.newbyteorder())
    fortran = np.zeros(values.shape, values.dtype, order="F")
    arrays = [every_other, backwards, record, odd, swapped, fortran]
    for array in arrays:
        array[...] = values
    frozen = values.copy()
    frozen.flags.writeable = False
    return [*arrays, frozen]


@pytest.mark.parametrize("dtype", ["u1", "i2", "i4", "u8", "f2", "f4", "f8", "c8", "c16"])
def test_arrays_may_lie_in_memory_as_they_like(dtype: str) -> None:
    x = np.arange(1, 13).reshape(4, 3).astype(dtype)
    w = np.array([[1, 2], [3, 4], [1, 1]]).astype(dtype)
    expected = faltung.convolve(x, w)
    for array in layouts(x):
        y = faltung.convolve(array, w)
        np.testing.assert_array_equal(y, expected)
        assert y.dtype == x.dtype and y.dtype.isnative
    for array in layouts(w):
        np.testing.assert_array_equal(faltung.convolve(x, array), expected)
    np.testing.assert_array_equal(
        faltung.convolve(np.broadcast_to(x[0], (4, 3)), w), faltung.convolve(np.array([x[0]] * 4), w)
    )


def test_outputs_may_lie_in_memory_as_they_like() -> None:
    x, w = np.arange(12.0).reshape(4, 3), np.ones((2, 2))
    expected = faltung.convolve(x, w)
    for out in layouts(np.zeros_like(expected))[:-1]:
        assert faltung.convolve(x, w, out=out) is out
        np.testing.assert_array_equal(out, expected)


def test_half_precision_is_kept() -> None:
    for dtype in [np.float16, ml_dtypes.bfloat16]:
        x = np.array([3, 0, 5, 0, 2, 1]).astype(dtype)
        y = faltung.convolve(x, np.array([5, 4, 3, 2, 1]).astype(dtype))
        assert y.dtype == np.dtype(dtype)
        assert y.astype(np.float64).tolist() == LIKES


@pytest.mark.parametrize(
    ("array", "words"),
    [
        (np.zeros(3, np.longdouble), "double precision at most"),
        (np.zeros(3, np.clongdouble), "double precision at most"),
        (np.array(["a", "b"]), "give an array of numbers"),
        (np.array(["2020-01-01"], "M8[D]"), "give an array of numbers"),
        (np.array([1, None], object), "objects"),
    ],
)
def test_types_without_sums_are_refused(array: Any, words: str) -> None:
    for operands in [(array, np.ones(1)), (np.ones(3), array)]:
        with pytest.raises(TypeError, match=words):
            faltung.convolve(*operands)


def test_anything_that_numpy_takes_goes_in() -> None:
    class Wrapped:
        def __array__(self, dtype: Any = None, copy: Any = None) -> NDArray[Any]:
            return np.array([3, 0, 5, 0, 2, 1])

    posts: list[Any] = [[3, 0, 5, 0, 2, 1], (3, 0, 5, 0, 2, 1), Wrapped(), np.array([3, 0, 5, 0, 2, 1]).data]
    for x in posts:
        assert faltung.convolve(x, [5, 4, 3, 2, 1]).tolist() == LIKES
