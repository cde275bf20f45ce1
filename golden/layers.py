"""Layers of networks as PyTorch computes them: writes layers.txt, or compares an installed faltung at random.

    python golden/layers.py > golden/layers.txt
    python golden/layers.py --compare 1000

Samples, weights and gradients of the stored cases are small whole numbers that follow from their place, so that only results
are stored, and all sums are exact. Needs PyTorch (written with 2.15), the comparison also faltung.
"""

import argparse
import random

import numpy as np
import torch
import torch.nn.functional as F

MODES = {"zeros": "constant", "reflect": "reflect", "replicate": "replicate", "circular": "circular"}
CONV = {1: F.conv1d, 2: F.conv2d, 3: F.conv3d}
TRANSPOSED = {1: F.conv_transpose1d, 2: F.conv_transpose2d, 3: F.conv_transpose3d}


def whole(shape, seed):
    """Whole numbers from -5 to 5, the same in `crates/faltung/tests/layers.rs`."""
    place = np.arange(int(np.prod(shape)), dtype=np.int64)
    return torch.from_numpy(((place * place * 3 + place * (7 + seed) + seed) % 11 - 5).astype(np.float64).reshape(shape))


def layer(rng, most=7):
    """A layer at random, as PyTorch takes it."""
    dims = rng.choice([1, 1, 2, 2, 2, 3])
    groups = rng.choice([1, 1, 1, 2, 3])
    depthwise = rng.random() < 0.2
    inputs = groups if depthwise else groups * rng.randint(1, 4)
    outputs = groups * rng.randint(1, 3) if depthwise else groups * rng.randint(1, 9)
    kernel = [3] * dims if rng.random() < 0.4 else [rng.randint(1, 4) for _ in range(dims)]
    plain = rng.random() < 0.4
    stride = [1] * dims if plain else [rng.randint(1, 3) for _ in range(dims)]
    dilation = [1] * dims if plain else [rng.randint(1, 2) for _ in range(dims)]
    size = [rng.randint(1 if dims < 3 else 2, most if dims < 3 else 5) for _ in range(dims)]
    mode = rng.choice(["zeros", "zeros", "reflect", "replicate", "circular"])
    padding = []
    for n, k, d in zip(size, kernel, dilation):
        limit = {"zeros": 3, "replicate": 3, "reflect": n - 1, "circular": n}[mode]
        least = max(0, d * (k - 1) + 1 - n)
        before = rng.randint(0, min(3, limit))
        after = max(least - before, rng.randint(0, min(3, limit)))
        if after > limit:
            return layer(rng, most)
        padding.append((before, after))
    return dict(images=rng.randint(1, 2), inputs=inputs, outputs=outputs, size=size, kernel=kernel, stride=stride,
                dilation=dilation, padding=padding, groups=groups, mode=mode)


def computed(case, x, w, b, gradient):
    """The output and all gradients."""
    x, w, b = (t.clone().requires_grad_() for t in (x, w, b))
    sides = [n for pair in reversed(case["padding"]) for n in pair]
    padded = F.pad(x, sides, mode=MODES[case["mode"]])
    y = CONV[len(case["size"])](padded, w, b, stride=case["stride"], dilation=case["dilation"], groups=case["groups"])
    y.backward(gradient(y.shape))
    return y.detach(), x.grad, w.grad, b.grad


def shapes(case):
    return ([case["images"], case["inputs"], *case["size"]],
            [case["outputs"], case["inputs"] // case["groups"], *case["kernel"]], [case["outputs"]])


def words(values):
    return ",".join(str(v) for v in values)


def numbers(tensor):
    return " ".join(str(int(v)) for v in tensor.flatten().tolist())


def write(count):
    print("# Layers as PyTorch", torch.__version__.split("+")[0], "gives them: golden/layers.py. Options, then y, gx, gw, gb; a transposed layer, y.")
    rng = random.Random(7)
    for _ in range(count):
        case = layer(rng, 5)
        x, w, b = (whole(shape, seed) for seed, shape in enumerate(shapes(case), 1))
        results = computed(case, x, w, b, lambda shape: whole(shape, 4))
        padding = ",".join(f"{before}:{after}" for before, after in case["padding"])
        print(f"layer x={words(x.shape)} w={words(w.shape)} stride={words(case['stride'])} dilation={words(case['dilation'])} "
              f"padding={padding} groups={case['groups']} padding_mode={case['mode']}")
        for result in results:
            print(numbers(result))
    for _ in range(count // 4):
        case = transposed(rng)
        x, w, b = (whole(shape, seed) for seed, shape in enumerate(case["shapes"], 1))
        y = TRANSPOSED[x.dim() - 2](x, w, b, **case["options"])
        print(f"transposed x={words(x.shape)} w={words(w.shape)} "
              + " ".join(f"{k}={words(v) if isinstance(v, list) else v}" for k, v in case["options"].items()))
        print(numbers(y))


def transposed(rng):
    """A transposed layer at random."""
    dims = rng.choice([1, 2, 2, 3])
    groups = rng.choice([1, 1, 2])
    size = [rng.randint(1, 4) for _ in range(dims)]
    kernel = [rng.randint(1, 4) for _ in range(dims)]
    stride = [rng.randint(1, 3) for _ in range(dims)]
    dilation = [rng.randint(1, 2) for _ in range(dims)]
    extra = [rng.randint(0, s - 1) for s in stride]
    padding = []
    for n, k, s, d, e in zip(size, kernel, stride, dilation, extra):
        length = (n - 1) * s + d * (k - 1) + e + 1
        padding.append(rng.randint(0, min(2, (length - 1) // 2)))
    outputs = groups * rng.randint(1, 3)
    x = [rng.randint(1, 2), groups * rng.randint(1, 3), *size]
    w = [x[1], outputs // groups, *kernel]
    options = dict(stride=stride, padding=padding, output_padding=extra, groups=groups, dilation=dilation)
    return dict(shapes=[x, w, [outputs]], options=options)


def compare(count):
    """The largest errors at random, beside the largest sum of absolute values of what is summed."""
    import faltung.nn as nn

    rng, worst = random.Random(11), {"float32": 0.0, "float64": 0.0}
    for number in range(count):
        case = layer(rng, 20)
        torch.manual_seed(number)
        for dtype in (torch.float32, torch.float64):
            x, w, b = (torch.randn(shape, dtype=torch.float64).to(dtype) for shape in shapes(case))
            dims = len(case["size"])
            options = dict(stride=case["stride"], dilation=case["dilation"], padding=case["padding"],
                           groups=case["groups"], padding_mode=case["mode"])
            forward, backward = getattr(nn, f"conv{dims}d"), getattr(nn, f"conv{dims}d_backward")
            y = forward(x.numpy(), w.numpy(), b.numpy(), **options)
            gradient = torch.randn(y.shape, dtype=torch.float64).to(dtype)
            ours = (y, *backward(gradient.numpy(), x.numpy(), w.numpy(), b.numpy(), **options))
            exact = computed(case, x.double(), w.double(), b.double(), lambda _: gradient.double())
            scale = computed(case, x.double().abs(), w.double().abs(), b.double().abs(), lambda _: gradient.double().abs())
            theirs = computed(case, x, w, b, lambda _: gradient)
            name = str(dtype).removeprefix("torch.")
            for what, mine, right, other, size in zip(("y", "gx", "gw", "gb"), ours, exact, theirs, scale):
                assert mine.shape == tuple(right.shape) and mine.dtype == name, (case, what, mine.shape, mine.dtype)
                largest = float(size.max() + 1e-30)
                worst[name] = max(worst[name], float(np.abs(mine - right.numpy()).max()) / largest)
                limit = (2e-5 if name == "float32" else 1e-13) * largest
                assert np.allclose(mine, other.numpy(), rtol=0, atol=limit), (case, what, name)
    print(f"{count} layers, forward and all gradients: all agree; largest error beside the largest sum of absolute values: {worst}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--compare", type=int, metavar="N", help="compare an installed faltung in N layers at random")
    options = parser.parse_args()
    if options.compare:
        compare(options.compare)
    else:
        write(100)
