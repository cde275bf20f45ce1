"""What is right: the sum in doubles everywhere, and in extended precision at some hundred places.

Every case is brought to one form: an array extended beyond its ends, and weights that slide over it by the stride,
`y[o] = sum of w[k] * p[o * stride + k]`. Layers, with their channels, are written out apart.
"""

import math

import numpy as np
from scipy import signal

from cases import data

PADDING = {"reflect": "symmetric", "mirror": "reflect", "nearest": "edge", "wrap": "wrap", "constant": "constant"}
PLACES = 200
# The largest error beside the largest output that is still agreement; images of whole numbers in units, of which each
# axis may cut one.
AGREE = {"float32": 3e-4, "complex64": 3e-4, "float64": 1e-9, "complex128": 1e-9, "uint8": 3.01, "uint16": 3.01}


class Reference:
    def __init__(self, case):
        self.case = case
        x, weights = data(case)
        if case.kind in ("rfft", "layer"):
            self.everywhere = np.fft.rfft(x.astype(np.float64)) if case.kind == "rfft" else layer(case, x, weights)
            self.scale, self.places = np.abs(self.everywhere).max(), None
            return
        wide = x.astype(np.complex128 if x.dtype.kind == "c" else np.float64)
        if case.kind in ("gauss", "box"):
            weights = math.prod(np.ix_(*[weights] * wide.ndim))
        padded = extended(case, wide)
        kernel = weights.reshape(case.kernel)
        steps = (slice(None, None, case.stride),) * wide.ndim
        self.everywhere = signal.oaconvolve(padded, kernel, "valid")[steps]
        if case.whole:
            self.everywhere = np.rint(self.everywhere)
        self.scale = np.abs(self.everywhere).max()
        self.at(padded, kernel[(slice(None, None, -1),) * wide.ndim])

    def at(self, padded, turned):
        """The sums at some places, and the largest sum of magnitudes there: what rounding errors are beside."""
        random = np.random.default_rng(1)
        count = max(3, min(PLACES, int(2e8 / turned.size)))
        self.places = tuple(random.integers(0, n, count) for n in self.everywhere.shape)
        kind = np.clongdouble if padded.dtype.kind == "c" else np.longdouble
        turned = turned.astype(kind)
        exact, magnitudes = [], []
        for place in zip(*self.places, strict=True):
            window = tuple(slice(i * self.case.stride, i * self.case.stride + k) for i, k in zip(place, turned.shape))
            products = padded[window] * turned
            exact.append(products.sum())
            magnitudes.append(float(np.abs(products).sum()))
        self.exact, self.magnitude = np.array(exact), max(magnitudes)

    def error(self, y, inside=False):
        """Largest error beside the largest output; in units for whole numbers. Infinite for a wrong shape.

        `inside`: only where no window reaches beyond an edge.
        """
        if y.shape != self.everywhere.shape:
            return math.inf
        scale = 1.0 if self.case.dtype.kind in "ui" else self.scale
        part = tuple(
            slice(k // 2, n - k // 2) if inside and k > 1 else slice(None) for n, k in zip(y.shape, self.case.kernel)
        )
        difference = np.abs(y[part] - self.everywhere[part])
        anywhere = float(difference.max() / scale) if difference.size else math.inf
        double = self.case.dtype in (np.float64, np.complex128)
        if self.places is None or not double or inside or anywhere > self.tolerance:
            return anywhere
        return float(np.abs(y[self.places] - self.exact).max() / scale)

    @property
    def tolerance(self):
        return AGREE.get(str(self.case.dtype), 0.0)

    def judged(self, y):
        """The error, and whether that is agreement: yes, no, or "inside" where only the edges are another's."""
        error = self.error(y)
        if error <= self.tolerance:
            return error, True
        images = self.case.kind in ("image", "volume", "gauss", "box") and self.case.stride == 1
        inner = self.error(y, inside=True) if images else math.inf
        return (inner, "inside") if inner <= self.tolerance else (error, False)

    def bound(self, algorithm):
        """What the engine promises of an algorithm, in the terms of `error`: see `Algorithm` in its documentation."""
        case = self.case
        if case.whole:
            return 0.0
        if case.dtype.kind == "u":
            return float(len(case.shape) if case.kind in ("gauss", "box") else 1)
        eps = float(np.finfo(case.dtype).eps)
        line = sum(case.kernel) + 1 + 2 * len(case.shape) + 8
        terms = {"direct": math.prod(case.kernel) + 2, "separable": line, "running_sum": line}
        if algorithm in terms:
            return terms[algorithm] * eps * self.magnitude / self.scale
        x, weights = (a.astype(np.complex128) for a in data(case))
        norm = np.linalg.norm(weights)
        if case.kind in ("gauss", "box"):
            norm **= len(case.shape)
        whole = math.prod(n + k - 1 for n, k in zip(case.shape, case.kernel, strict=True))
        block = math.prod(min(n + k - 1, 16 * k) for n, k in zip(case.shape, case.kernel, strict=True))
        samples = block if algorithm == "overlap_save" else whole
        energy = np.linalg.norm(x) * math.sqrt(samples / whole)
        return 25 * math.log2(samples) * eps * norm * energy / self.scale


def extended(case, x):
    """The input with zeros between samples, and with what is beyond its ends."""
    if case.up > 1:
        spread = np.zeros(len(x) * case.up - (case.up - 1), x.dtype)
        spread[:: case.up] = x
        x = spread
    before = {
        "full": lambda k: (k - 1, k - 1),
        "same": lambda k: (k - 1 - (k - 1) // 2, (k - 1) // 2),
        "valid": lambda _: (0, 0),
    }
    return np.pad(x, [before[case.mode](k) for k in case.kernel], PADDING[case.boundary])


def layer(case, *given):
    """A layer or a gradient of it: for each image and each tap a product of matrices, group by group."""
    values = iter(given)

    def array(name, shape):
        return np.zeros(shape) if name == case.wanted else next(values).astype(np.float64)

    x, w, y = (array(*item) for item in case.shapes.items())
    (height, width), groups, pad = x.shape[2:], case.groups, case.pad
    x = np.pad(x, [(0, 0), (0, 0), (pad, pad), (pad, pad)])
    filters = w.reshape(groups, -1, *w.shape[1:])
    for image, sums in zip(x, y, strict=True):
        channels = image.reshape(groups, -1, *image.shape[1:])
        sums = sums.reshape(groups, -1, sums[0].size)
        for tap in np.ndindex(*w.shape[2:]):
            starts = [at * case.dilation for at in tap]
            places = (slice(s, s + n * case.stride, case.stride) for s, n in zip(starts, y.shape[2:], strict=True))
            seen, weights = channels[..., *places], filters[..., *tap]
            if case.wanted == "output":
                sums += weights @ seen.reshape(groups, -1, sums.shape[2])
            elif case.wanted == "input":
                seen += (weights.mT @ sums).reshape(seen.shape)
            else:
                weights += sums @ seen.reshape(groups, -1, sums.shape[2]).mT
    return {"input": x[:, :, pad : pad + height, pad : pad + width], "weight": w, "output": y}[case.wanted]
