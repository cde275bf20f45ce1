"""Layers of networks: what PyTorch gave, as `golden/layers.py` wrote it down, and what is refused."""

import doctest
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from faltung import nn

GOLDEN = Path(__file__).parents[3] / "golden" / "layers.txt"


def whole(shape: tuple[int, ...], seed: int) -> NDArray[Any]:
    """Whole numbers from -5 to 5, as `golden/layers.py` makes them."""
    place = np.arange(int(np.prod(shape)), dtype=np.int64)
    return ((place * place * 3 + place * (7 + seed) + seed) % 11 - 5).astype(np.float64).reshape(shape)


def stored() -> Iterator[tuple[str, dict[str, str], list[NDArray[Any]]]]:
    lines = [line for line in GOLDEN.read_text().splitlines() if not line.startswith("#")]
    heads = [number for number, line in enumerate(lines) if line[0].isalpha()]
    for first, last in zip(heads, [*heads[1:], len(lines)]):
        kind, *words = lines[first].split(" ")
        results = [np.array([float(number) for number in line.split()]) for line in lines[first + 1 : last]]
        yield kind, dict(word.split("=") for word in words), results


def each(text: str) -> list[int]:
    return [int(number) for number in text.split(",")]


CASES = list(stored())


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_pytorch_gave_the_same(dtype: str) -> None:
    assert [(kind, len(list(all))) for kind, all in groupby(CASES, lambda case: case[0])] == [("layer", 100), ("transposed", 25)]
    tolerance = 1e-5 if dtype == "float32" else 1e-14
    for kind, words, results in CASES:
        x_shape, w_shape = tuple(each(words["x"])), tuple(each(words["w"]))
        dims, groups = len(x_shape) - 2, int(words["groups"])
        outputs = w_shape[0] if kind == "layer" else w_shape[1] * groups
        x, w, b = (whole(shape, seed).astype(dtype) for seed, shape in enumerate([x_shape, w_shape, (outputs,)], 1))
        options: dict[str, Any] = dict(stride=each(words["stride"]), dilation=each(words["dilation"]), groups=groups)
        if kind == "transposed":
            padding, extra = each(words["padding"]), each(words["output_padding"])
            call = getattr(nn, f"conv_transpose{dims}d")
            got = [call(x, w, b, padding=padding, output_padding=extra, **options)]
        else:
            options["padding"] = [tuple(map(int, pair.split(":"))) for pair in words["padding"].split(",")]
            options["padding_mode"] = words["padding_mode"]
            y = getattr(nn, f"conv{dims}d")(x, w, b, **options)
            gradient = whole(y.shape, 4).astype(dtype)
            got = [y, *getattr(nn, f"conv{dims}d_backward")(gradient, x, w, b, **options)]
            assert [array.shape for array in got[1:]] == [x.shape, w.shape, b.shape]
        for ours, theirs in zip(got, results, strict=True):
            assert ours.dtype == dtype
            scale = max(1.0, np.abs(theirs).max())
            np.testing.assert_allclose(ours.ravel(), theirs, rtol=0, atol=tolerance * scale, err_msg=f"{kind} {words}")


def test_options_are_pytorchs() -> None:
    x, w = whole((1, 2, 6, 7), 1), whole((3, 2, 3, 4), 2)
    same = nn.conv2d(x, w, padding="same")
    assert same.shape == (1, 3, 6, 7)
    np.testing.assert_array_equal(same, nn.conv2d(x, w, padding=[(1, 1), (1, 2)]))
    np.testing.assert_array_equal(nn.conv2d(x, w, padding="valid"), nn.conv2d(x, w))
    np.testing.assert_array_equal(nn.conv2d(x, w, stride=(2,), padding=1), nn.conv2d(x, w, stride=[2, 2], padding=(1, 1)))
    # One image alone, and arrays that lie oddly in memory.
    np.testing.assert_array_equal(nn.conv2d(x[0], w), nn.conv2d(x, w)[0])
    odd = np.asfortranarray(x)[:, :, ::-1]
    np.testing.assert_array_equal(nn.conv2d(odd, w[:, :, ::-1]), nn.conv2d(odd.copy(), w[:, :, ::-1].copy()))
    assert nn.conv2d_backward(nn.conv2d(x, w), x, w)[2] is None
    # Kept layers take the weights of each call.
    np.testing.assert_array_equal(nn.conv2d(x, -w), -nn.conv2d(x, w))


def test_numpys_numbers_are_numbers() -> None:
    x, w = np.arange(8.0).reshape(1, 2, 4), np.ones((1, 2, 3))
    options: dict[str, Any] = {"stride": np.int64(2), "padding": np.int64(1), "dilation": np.int32(1), "groups": np.int8(1)}
    np.testing.assert_array_equal(nn.conv1d(x, w, **options), nn.conv1d(x, w, stride=2, padding=1))


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: nn.conv2d(np.zeros((1, 2, 4, 4)), np.zeros((1, 2, 5, 1))), ValueError, "kernel spans 5"),
        (lambda: nn.conv2d(np.zeros((1, 2, 4, 4)), np.zeros((1, 3, 1, 1))), ValueError, "input channels"),
        (lambda: nn.conv2d(np.zeros((1, 2, 4)), np.zeros((1, 2, 1))), ValueError, "needs 4 axes"),
        (lambda: nn.conv2d(np.zeros(4), np.zeros((1, 2, 1, 1))), ValueError, "needs 3 or 4 axes"),
        (lambda: nn.conv1d(np.zeros((1, 2, 4)), np.zeros((1, 2, 1)), stride=0), ValueError, "stride is 0"),
        (lambda: nn.conv1d(np.zeros((1, 2, 4)), np.zeros((1, 2, 1)), stride=-1), ValueError, "not be negative"),
        (lambda: nn.conv1d(np.zeros((1, 2, 4)), np.zeros((1, 2, 1)), stride=1.5), TypeError, "whole numbers"),
        (lambda: nn.conv1d(np.zeros((1, 2, 4)), np.zeros((1, 2, 1)), stride=(1, 2)), ValueError, "2 numbers"),
        (lambda: nn.conv1d(np.zeros((1, 2, 4)), np.zeros((1, 2, 1)), padding="full"), ValueError, "'same', 'valid'"),
        (lambda: nn.conv1d(np.zeros((1, 2, 4)), np.zeros((1, 2, 2)), padding="same", stride=2), ValueError, "stride 1"),
        (lambda: nn.conv1d(np.zeros((1, 2, 4)), np.zeros((1, 2, 1)), padding_mode="wrap"), ValueError, "circular"),
        (lambda: nn.conv1d(np.zeros((1, 2, 4), int), np.zeros((1, 2, 1), int)), TypeError, "float32 and float64"),
        (lambda: nn.conv1d(np.zeros((1, 2, 4)), np.zeros((1, 2, 1), "f4")), TypeError, "one type"),
        (lambda: nn.conv1d(np.zeros((1, 2, 4)), np.zeros((1, 2, 1)), np.zeros(2)), ValueError, "the bias"),
        (lambda: nn.conv1d(np.zeros((1, 2, 4)), np.zeros((6, 2, 1)), np.zeros((2, 3))), ValueError, "needs one axis"),
        (lambda: nn.conv1d(np.zeros((1, 2, 4)), np.zeros((1, 2, 1)), padding=1.5), TypeError, "whole numbers"),
        (lambda: nn.conv1d(np.zeros((1, 2, 4)), np.zeros((1, 2, 1)), padding=None), TypeError, "whole numbers"),
        (lambda: nn.conv1d_input((1, 2, 4), np.zeros((1, 2, 1)), np.zeros((1, 1, 3))), ValueError, "gradient"),
        (lambda: nn.conv_transpose1d(np.zeros((1, 2, 4)), np.zeros((3, 2, 1))), ValueError, "input channels"),
        (
            lambda: nn.conv_transpose1d(np.zeros((1, 2, 4)), np.zeros((2, 2, 1)), output_padding=1),
            ValueError,
            "less than the stride",
        ),
    ],
)
def test_what_is_no_layer_is_told(call: Any, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        call()


def test_pytorchs_module_with_our_layer() -> None:
    torch = pytest.importorskip("torch")
    import faltung.torch
    from faltung.torch import Conv2d

    assert doctest.testmod(faltung.torch).failed == 0
    torch.manual_seed(1)
    ours = Conv2d(4, 6, (3, 2), stride=(2, 1), padding=(1, 0), groups=2, padding_mode="reflect")
    theirs = torch.nn.Conv2d(4, 6, (3, 2), stride=(2, 1), padding=(1, 0), groups=2, padding_mode="reflect")
    theirs.load_state_dict(ours.state_dict())
    x = torch.randn(2, 4, 7, 6)
    inputs = [x.clone().requires_grad_() for _ in range(2)]
    results = [layer(input) for layer, input in zip((ours, theirs), inputs)]
    for result in results:
        result.square().sum().backward()
    torch.testing.assert_close(results[0], results[1])
    torch.testing.assert_close(inputs[0].grad, inputs[1].grad)
    for one, other in zip(ours.parameters(), theirs.parameters()):
        torch.testing.assert_close(one.grad, other.grad)
