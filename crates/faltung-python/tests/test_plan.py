"""Plans: run many times, explain themselves, refuse what does not fit."""

import copy
import pickle
from typing import Any

import numpy as np
import pytest

import faltung

LIKES = [15, 12, 34, 26, 28, 23, 15, 7, 4, 1]


def test_a_plan_gives_the_likes_of_the_posts() -> None:
    plan = faltung.Plan(6, [5, 4, 3, 2, 1], np.int64)
    for _ in range(3):
        assert plan.run(np.array([3, 0, 5, 0, 2, 1])).tolist() == LIKES
    assert plan([3, 0, 5, 0, 2, 1]).tolist() == LIKES
    assert (plan.input_shape, plan.output_shape) == ((6,), (10,))
    assert plan.output_dtype == np.int64


def test_a_plan_explains_itself() -> None:
    plan = faltung.Plan((64, 64), np.arange(9.0).reshape(3, 3), "float32", threads=1)
    assert plan.algorithm in str(plan)
    assert set(plan.refusals) | set(plan.predictions) == set(faltung._engine.algorithms)
    assert plan.refusals["running_sum"] in str(plan)
    assert min(plan.predictions, key=plan.predictions.__getitem__) == plan.algorithm
    assert 0 < plan.scratch_bytes <= plan.memory_bytes
    assert plan.threads == 1
    assert repr(plan).startswith("<faltung.Plan: convolve of 64 x 64 f32")


@pytest.mark.parametrize("algorithm", ["direct", "fft", "overlap_save"])
def test_an_algorithm_can_be_forced(algorithm: str) -> None:
    x, w = np.random.default_rng(1).normal(size=200), np.random.default_rng(2).normal(size=20)
    plan = faltung.Plan(200, w, algorithm=algorithm)
    assert plan.algorithm == algorithm
    np.testing.assert_allclose(plan.run(x), np.convolve(x, w), atol=1e-12)


def test_every_option_of_a_plan_is_honoured() -> None:
    x = np.arange(12.0).reshape(3, 4)
    weights = np.array([[1.0, 2.0]])
    same = faltung.Plan(x.shape, weights, mode="same", boundary=["reflect", "wrap"], stride=[1, 2], anchor=[0, 1])
    padded = np.pad(x, ((0, 0), (0, 1)), mode="wrap")
    np.testing.assert_array_equal(same.run(x), (padded[:, 1:] + 2 * padded[:, :-1])[:, ::2])
    correlated = faltung.Plan(x.shape, weights, operation="correlate", mode="valid", dilation=[1, 2])
    np.testing.assert_array_equal(correlated.run(x), x[:, :2] + 2 * x[:, 2:])
    down = faltung.Plan(x.shape, [1.0, 1.0], axes=0, mode="valid")
    np.testing.assert_array_equal(down.run(x), x[1:] + x[:-1])
    layer = faltung.Plan((2, 5), np.ones((3, 2, 2)), groups=1, mode="valid")
    assert layer.output_shape == (3, 4)
    between = faltung.Plan(3, [1.0], upsample=2)
    assert between.run(np.array([1.0, 2.0, 3.0])).tolist() == [1, 0, 2, 0, 3]
    cut = faltung.Plan(2, [0.5], np.int32, rounding="toward_zero")
    assert cut.run(np.array([-3, 5], np.int32)).tolist() == [-1, 2]
    omitting = faltung.Plan(3, [1.0, 1.0], nan="omit")
    assert omitting.run(np.array([1.0, np.nan, 3.0])).tolist() == [1, 1, 3, 3]
    normalised = faltung.Plan(2, [1.0, 3.0], normalize_kernel=True)
    assert normalised.run(np.array([4.0, 0.0])).tolist() == [1, 3, 0]


def test_integers_do_not_overflow_in_silence() -> None:
    bytes_ = np.array([200, 100], np.uint8)
    with pytest.raises(OverflowError, match="sums may reach 0 to 400"):
        faltung.Plan(2, [1, 1], np.uint8).run(bytes_)
    assert faltung.Plan(2, [1, 1], np.uint8, overflow="wrap").run(bytes_).tolist() == [200, 44, 100]
    assert faltung.Plan(2, [1, 1], np.uint8, overflow="saturate").run(bytes_).tolist() == [200, 255, 100]
    wide = faltung.Plan(2, [1, 1], np.uint8, overflow="widen")
    assert wide.output_dtype == np.uint16
    assert wide.run(bytes_).tolist() == [200, 300, 100]


def test_results_are_written_where_they_are_wanted() -> None:
    plan = faltung.Plan(3, [1.0, 1.0])
    x = np.array([1.0, 2.0, 3.0])
    stereo = np.full((4, 2), 9.0)
    assert plan.run(x, out=stereo[:, 1]).tolist() == [1, 3, 5, 3]
    assert stereo.tolist() == [[9, 1], [9, 3], [9, 5], [9, 3]]
    same = faltung.Plan(3, [1.0, 1.0], mode="same")
    assert same.run(x, out=x[::-1]).tolist() == [1, 3, 5]
    assert x.tolist() == [5, 3, 1]
    swapped = np.zeros(4, ">f8")
    assert plan.run(np.array([1.0, 2.0, 3.0]), out=swapped) is swapped
    assert swapped.tolist() == [1, 3, 5, 3]


def test_plans_travel() -> None:
    plan = faltung.Plan(4, [1.0, 2.0], "float32", mode="same", boundary="wrap", nan="omit")
    for again in [pickle.loads(pickle.dumps(plan)), copy.copy(plan), copy.deepcopy(plan)]:
        assert str(again) == str(plan)
        np.testing.assert_array_equal(again.run(np.arange(4, dtype="f4")), plan.run(np.arange(4, dtype="f4")))


def test_masks_are_not_lost_in_silence() -> None:
    plan = faltung.Plan(3, [1.0, 1.0])
    masked = np.ma.masked_array([1.0, 2.0, 3.0], mask=[False, True, False])
    with pytest.raises(ValueError, match="x has masked samples"):
        plan.run(masked)
    with pytest.raises(ValueError, match="masked weights"):
        faltung.Plan(3, masked)
    with pytest.raises(ValueError, match="give out.data"):
        plan.run(np.arange(3.0), out=np.ma.masked_array(np.zeros(4)))


@pytest.mark.parametrize(
    ("out", "error", "words"),
    [
        (np.zeros(3), ValueError, r"out has shape \[3\], but the result has shape \[4\]"),
        (np.zeros(4, np.float32), TypeError, "out holds float32, but the result is float64"),
        (np.broadcast_to(np.zeros(4), (4,)), ValueError, "out is read-only"),
        ([0.0] * 4, TypeError, "out must be a numpy array, not list"),
    ],
)
def test_outputs_that_do_not_fit_are_refused(out: Any, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        faltung.Plan(3, [1.0, 1.0]).run(np.arange(3.0), out=out)


@pytest.mark.parametrize(
    ("arguments", "options", "error", "words"),
    [
        ((3, [[1.0]]), {}, ValueError, "a kernel of 2 dimensions does not fit"),
        ((3, []), {}, ValueError, "the kernel has shape .0. and so no weights"),
        ((3, [1.0], "longdouble"), {}, TypeError, "a plan cannot be made for"),
        ((3, [1.0], object), {}, TypeError, "a plan cannot be made for object"),
        ((2.5, [1.0]), {}, TypeError, "shape must be a whole number"),
        ((-1, [1.0]), {}, ValueError, "shape must not be negative"),
        ((3, [1.0]), {"normalize_kernel": 2}, ValueError, "normalize_kernel must be"),
        ((3, [1.0]), {"nan": None}, TypeError, "nan must be a word, not None"),
        ((3, [1.0]), {"stride": -1}, ValueError, "stride must be a whole number from 0"),
        ((3, [1.0]), {"boundary": ("constant", np.longdouble(1))}, TypeError, "a number of at most double precision"),
        ((10, [1.0, 2.0, 3.0]), {"dilation": 10**15, "algorithm": "direct"}, MemoryError, "the work needs"),
        ((3, [1.0]), {"mode": "sam"}, ValueError, "did you mean"),
        ((3, [1.0]), {"stride": 0}, ValueError, "stride is 0 along axis 0"),
        ((3, [1.0]), {"stride": 1.5}, TypeError, "stride must be a whole number"),
        ((3, [1.0]), {"boundary": ("wrap", 1.0)}, TypeError, "boundary must be a word"),
        ((3, [1.0]), {"threads": 0}, ValueError, "threads is 0"),
        ((3, [1.0]), {"algorithm": "running_sums"}, ValueError, "did you mean"),
        ((3, [1.0, 2.0]), {"algorithm": "running_sum"}, ValueError, "the kernel's weights are not all the same"),
        ((3, [1.0, 2.0]), {"max_memory": 3}, ValueError, "bytes"),
        ((3, [1j]), {}, TypeError, "complex weights cannot be applied to float64 data"),
        ((3, ["a"]), {}, TypeError, "the kernel holds"),
    ],
)
def test_wrong_plans_are_refused(
    arguments: tuple[Any, ...], options: dict[str, Any], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        faltung.Plan(*arguments, **options)


def test_arrays_of_other_shapes_and_types_are_refused() -> None:
    plan = faltung.Plan(3, [1.0])
    with pytest.raises(ValueError, match="the input has shape"):
        plan.run(np.zeros(4))
    with pytest.raises(TypeError, match="the input holds float32, but float64 is needed"):
        plan.run(np.zeros(3, np.float32))
