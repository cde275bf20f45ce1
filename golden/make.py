"""Writes vectors.txt: results of SciPy and NumPy, for crates/faltung/tests/stored.rs.

    python3 -m venv venv && venv/bin/pip install numpy scipy && venv/bin/python golden/make.py > golden/vectors.txt

Each case is five lines: a name, options as the engine's words, then signal, kernel and result, each as shape : numbers.
"""

import numpy as np
import scipy
from scipy import ndimage, signal

random = np.random.default_rng(20261122)


def numbers(array):
    array = np.asarray(array)
    text = "x".join(map(str, array.shape)) + " :"
    for z in array.ravel():
        text += f" {z.real:.17g}{z.imag:+.17g}i" if np.iscomplexobj(array) else f" {z:.17g}"
    return text.replace(" -0 ", " 0 ")


def case(name, options, x, w, y):
    print(name, " ".join(f"{k}={v}" for k, v in options.items()), "x " + numbers(x), "w " + numbers(w), "y " + numbers(y), sep="\n")


def whole(*shape):
    return random.integers(-9, 10, shape).astype(float)


def real(*shape):
    return np.round(random.normal(size=shape), 3)


print(f"# numpy {np.__version__}, scipy {scipy.__version__}")

for mode in ["full", "same", "valid"]:
    for n, k in [(9, 4), (8, 5), (5, 5), (6, 1)]:
        x, w = whole(n), whole(k)
        case(f"signal.convolve {n} {k}", dict(mode=mode), x, w, signal.convolve(x, w, mode, "direct"))
        case(f"numpy.convolve {n} {k}", dict(mode=mode), x, w, np.convolve(x, w, mode))
        case(f"signal.correlate {n} {k}", dict(mode=mode, operation="correlate"), x, w, signal.correlate(x, w, mode, "direct"))
    x, w = whole(5, 6) + 1j * whole(5, 6), whole(3, 2) + 1j * whole(3, 2)
    case("signal.convolve complex", dict(mode=mode), x, w, signal.convolve(x, w, mode, "direct"))
    case("signal.correlate complex", dict(mode=mode, operation="correlate"), x, w, signal.correlate(x, w, mode, "direct"))
    x, w = real(7, 6), real(4, 3)
    case("signal.fftconvolve", dict(mode=mode), x, w, signal.fftconvolve(x, w, mode))

# scipy.signal keeps the size of the first array; beyond the ends it knows symm (our reflect) and wrap.
for theirs, ours in [("fill", "constant:0"), ("symm", "reflect"), ("wrap", "wrap")]:
    x, w = whole(5, 7), whole(3, 3)
    case(f"signal.convolve2d {theirs}", dict(mode="same", boundary=ours), x, w, signal.convolve2d(x, w, "same", theirs))

# scipy.ndimage starts at K / 2 of the full convolution, rounded down, and at (K - 1) / 2 of the full correlation.
for boundary in ["constant", "nearest", "reflect", "mirror", "wrap"]:
    ours = "constant:3" if boundary == "constant" else boundary
    for shape, kernel in [((7,), (3,)), ((7,), (4,)), ((4,), (15,)), ((1,), (5,)), ((5, 6), (3, 4)), ((3, 4), (5, 1)), ((3, 4, 3), (2, 3, 3))]:
        x, w = whole(*shape), whole(*kernel)
        anchor = ",".join(str(k // 2) for k in kernel)
        y = ndimage.convolve(x, w, mode=boundary, cval=3.0)
        case(f"ndimage.convolve {boundary}", dict(mode="same", boundary=ours, anchor=anchor), x, w, y)
        anchor = ",".join(str(k - 1 - k // 2) for k in kernel)
        y = ndimage.correlate(x, w, mode=boundary, cval=3.0)
        case(f"ndimage.correlate {boundary}", dict(mode="same", boundary=ours, anchor=anchor, operation="correlate"), x, w, y)
    x, w = real(4, 6), real(5)
    y = ndimage.convolve1d(x, w, axis=0, mode=boundary, cval=3.0)
    case(f"ndimage.convolve1d {boundary}", dict(mode="same", boundary=ours, axes="0"), x, w, y)

for up, down in [(1, 1), (1, 3), (2, 1), (3, 2), (2, 5)]:
    x, h = real(9), real(5)
    case(f"signal.upfirdn {up} {down}", dict(mode="full", upsample=up, stride=down), x, h, signal.upfirdn(h, x, up, down))
