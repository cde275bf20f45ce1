"""Streams equal the batch, and `lfilter_fir` equals `scipy.signal.lfilter`."""

import copy
import pickle
from typing import Any

import numpy as np
import pytest
import scipy.signal

import faltung


def fed(stream: faltung.Stream, x: Any, rng: np.random.Generator, most: int) -> Any:
    """What comes of `x` in blocks of chance lengths, with the tail."""
    parts, at = [], 0
    while at < x.shape[-1]:
        end = at + int(rng.integers(0, most + 1))
        parts.append(stream.process(x[..., at:end]))
        at = end
    return np.concatenate([*parts, stream.flush()], axis=-1)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(("latency", "block"), [(0, None), (0, 64), (100, None), ("any", None)])
def test_a_stream_equals_the_batch(dtype: str, latency: Any, block: int | None) -> None:
    rng = np.random.default_rng(1)
    for taps in (1, 3, 100, 5000):
        h, x = rng.normal(size=taps), rng.normal(size=7000)
        stream = faltung.Stream(h, latency, dtype, block=block)
        y = fed(stream, x, rng, 700)
        expected = np.concatenate([np.zeros(stream.latency), np.convolve(x, h)])
        assert y.dtype == dtype and y.shape == expected.shape
        eps = float(np.finfo(dtype).eps)
        bound = 1.5 * (25 * np.log2(16384) + 100) * eps * np.linalg.norm(h) * np.linalg.norm(x)
        np.testing.assert_allclose(y, expected, rtol=0, atol=bound)


def test_a_matrix_of_responses() -> None:
    rng = np.random.default_rng(2)
    h, x = rng.normal(size=(3, 2, 400)), rng.normal(size=(2, 1000))
    stream = faltung.Stream(h, dtype="float64")
    assert stream.channels == (2, 3) and stream.taps == 400 and stream.dtype == np.float64
    expected = [np.convolve(x[0], h[o, 0]) + np.convolve(x[1], h[o, 1]) for o in range(3)]
    np.testing.assert_allclose(fed(stream, x, rng, 99), expected, atol=1e-11)
    assert stream.process(np.empty((2, 0))).shape == (3, 0)
    mono = faltung.Stream([1.0, 2.0])
    assert mono.process([1.0]).tolist() == [1.0] and mono.process([[1.0]]).tolist() == [[3.0]]


def test_blocks_may_be_any_arrays_of_reals() -> None:
    stream = faltung.Stream([1, 10], dtype="float64")
    assert stream.process(np.arange(8)[::-3]).tolist() == [7.0, 74.0, 41.0]
    assert stream.process(np.array([True])).tolist() == [11.0]
    assert stream.process(np.array([2.0], ">f4")).tolist() == [12.0]


def test_reset_exchange_and_copies() -> None:
    stream = faltung.Stream([1.0, 2.0], dtype="float64")
    stream.process([5.0])
    stream.reset()
    assert stream.process([1.0]).tolist() == [1.0]
    stream.exchange([3.0], fade=2)
    assert stream.exchanging == 2
    assert stream.process([1.0, 1.0, 1.0]).tolist() == [3.0, 3.0, 3.0]  # 1 + 2, the mean of 3 and 3, 3
    assert stream.exchanging is None
    stream.exchange([0.0, 1.0], 0)
    stream.process([7.0])
    for again in (copy.deepcopy(stream), pickle.loads(pickle.dumps(stream))):
        assert again.process([0.0]).tolist() == [7.0]
    stream.exchange([[[0.0, 1.0]]])
    assert copy.deepcopy(stream).process([0.0]).shape == stream.process([0.0]).shape == (1,)
    stream.process([7.0])
    state = stream.save()
    stream.process(np.ones(3))
    stream.restore(state)
    assert stream.process([1.0]).tolist() == [7.0]
    assert repr(stream) == f"<faltung.Stream: {stream}>" and "2 taps" in str(stream)


def test_what_is_wrong_is_said() -> None:
    with pytest.raises(ValueError, match=r"expected \[taps\], or"):
        faltung.Stream(np.ones((2, 2)))
    with pytest.raises(ValueError, match="no weights"):
        faltung.Stream([])
    with pytest.raises(ValueError, match="finite"):
        faltung.Stream([np.nan])
    with pytest.raises(TypeError, match="complex"):
        faltung.Stream([1j])
    with pytest.raises(TypeError, match="int16"):
        faltung.Stream([1], dtype="int16")
    with pytest.raises(TypeError, match="or 'any'"):
        faltung.Stream([1], latency="low")
    with pytest.raises(ValueError, match="negative"):
        faltung.Stream([1], latency=-1)
    with pytest.raises(ValueError, match="calls of 0 samples"):
        faltung.Stream([1], block=0)
    stream = faltung.Stream(np.ones((1, 2, 3)))
    with pytest.raises(ValueError, match="2 are needed"):
        stream.process([1.0])
    with pytest.raises(ValueError, match=r"\(inputs, n\)"):
        stream.process(np.ones((1, 2, 3)))
    with pytest.raises(TypeError, match="complex"):
        stream.process(np.ones((2, 3), complex))
    with pytest.raises(ValueError, match="at most 3"):
        stream.exchange(np.ones((1, 2, 4)))
    with pytest.raises(ValueError, match="no state"):
        stream.restore(b"no")


DTYPES = ["float32", "float64", "complex64", "complex128"]


def test_lfilter_fir_is_lfilter_on_300_cases() -> None:
    rng = np.random.default_rng(3)
    for number in range(300):
        shape = tuple(int(n) for n in rng.integers(1, 9, size=int(rng.integers(1, 4))))
        axis = int(rng.integers(-len(shape), len(shape)))
        dtypes = rng.choice(DTYPES, 3)

        def draw(shape: tuple[int, ...], dtype: str) -> Any:
            numbers = rng.normal(size=shape) + (1j * rng.normal(size=shape) if dtype.startswith("c") else 0)
            return numbers.astype(dtype)

        b, x = draw((int(rng.integers(1, 12)),), dtypes[0]), draw(shape, dtypes[1])
        state_shape = list(shape)
        state_shape[axis] = b.size - 1
        if number % 5 == 0:  # repeated along the others
            state_shape = [n if at == axis % len(shape) else 1 for at, n in enumerate(state_shape)]
        zi = draw(tuple(state_shape), dtypes[2])
        one = np.ones(1, b.real.dtype)
        tolerance = 1e-5 if "float32" in dtypes or "complex64" in dtypes else 1e-12
        plain = faltung.lfilter_fir(b, x, axis)
        expected = scipy.signal.lfilter(b, one, x, axis)
        assert plain.dtype == expected.dtype and plain.shape == expected.shape, number
        np.testing.assert_allclose(plain, expected, rtol=tolerance, atol=tolerance, err_msg=str(number))
        y, zf = faltung.lfilter_fir(b, x, axis, zi)
        expected, state = scipy.signal.lfilter(b, one, x, axis, zi)
        assert (y.dtype, zf.dtype, y.shape, zf.shape) == (expected.dtype, state.dtype, expected.shape, state.shape), number
        np.testing.assert_allclose(y, expected, rtol=tolerance, atol=tolerance, err_msg=str(number))
        np.testing.assert_allclose(zf, state, rtol=tolerance, atol=tolerance, err_msg=str(number))


def test_lfilter_fir_goes_on_where_it_ended() -> None:
    rng = np.random.default_rng(4)
    b, x = rng.integers(-9, 9, 7).astype(float), rng.integers(-9, 9, (3, 50)).astype(float)
    state: Any = np.zeros((3, 6))
    parts = []
    for block in np.split(x, [1, 4, 4, 30], axis=1):
        y, state = faltung.lfilter_fir(b, block, zi=state)
        parts.append(y)
    np.testing.assert_array_equal(np.concatenate(parts, axis=1), faltung.lfilter_fir(b, x))
    assert faltung.lfilter_fir([1, 2], [1, 1]).dtype == np.float64
    assert faltung.lfilter_fir(np.ones(1, np.float16), np.ones(1, np.float16)).dtype == np.float32


def test_lfilter_fir_refuses_what_it_cannot_take() -> None:
    calls: list[tuple[Any, Any, dict[str, Any]]] = [
        ([], [1.0], {}),
        ([[1.0]], [1.0], {}),
        ([1.0], 1.0, {}),
        ([1.0], [1.0], {"axis": 1}),
        ([1.0, 2.0], [[1.0]], {"zi": [0.0]}),
        ([1.0, 2.0], [1.0], {"zi": [0.0, 1.0]}),
    ]
    for b, x, more in calls:
        with pytest.raises(ValueError):
            faltung.lfilter_fir(b, x, **more)
