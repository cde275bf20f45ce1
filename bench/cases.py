"""Cases: a name is a case. Its words are explained in `crates/faltung/benches/support/mod.rs`, which reads them too; those of
layers, which it does not read, at `Layer`.

Data are made here for all libraries, and handed to the processes that compute with them as files of plain numbers.
"""

import dataclasses
import math
import pathlib
import re
import zlib

import numpy as np

HERE = pathlib.Path(__file__).parent
DTYPES = {
    "f32": np.float32,
    "f64": np.float64,
    "c64": np.complex64,
    "c128": np.complex128,
    "u8": np.uint8,
    "u16": np.uint16,
    "i16": np.int16,
    "i64": np.int64,
}
MODES = ("full", "same", "valid")
BOUNDARIES = ("constant", "nearest", "reflect", "mirror", "wrap")


@dataclasses.dataclass(frozen=True)
class Case:
    name: str
    kind: str
    dtype: np.dtype
    shape: tuple
    kernel: tuple  # extents, one for each axis of the shape
    mode: str
    boundary: str
    axis: int = -1
    stride: int = 1
    up: int = 1
    sigma: float = 1.0

    @property
    def real(self):
        """Floats that are not complex."""
        return self.dtype.kind == "f"

    @property
    def whole(self):
        """Whole numbers with whole weights."""
        return self.dtype.kind == "i"

    @property
    def length(self):
        """Of a kernel along one axis."""
        return max(self.kernel)

    @property
    def output(self):
        """Shape of the result."""
        taken = [n * self.up - (self.up - 1) for n in self.shape]
        gain = {"full": 1, "same": 0, "valid": -1}[self.mode]
        return tuple(-(-(n + gain * (k - 1)) // self.stride) for n, k in zip(taken, self.kernel, strict=True))

    @property
    def given(self):
        """Shapes of the two arrays that libraries get."""
        return self.shape, (self.length,) if self.kind in ("gauss", "box") else self.kernel

    @property
    def moved(self):
        """Samples that are read and written at least."""
        return math.prod(self.shape) + math.prod(self.output)

    @property
    def multiplications(self):
        """Of samples by weights, one axis after the other where the kind allows."""
        outputs = math.prod(self.output)
        if self.kind == "gauss":
            return outputs * sum(self.kernel)
        if self.kind == "box":
            return outputs * 3 * len(self.shape)
        return outputs * min(math.prod(self.kernel), math.prod(self.shape)) // self.up


@dataclasses.dataclass(frozen=True)
class Layer(Case):
    """A layer of a network, images first, or one of its gradients.

    `layer-f32-8x64x56x56-k128x16x3x3-pad1-stride2-dilation2-input` has eight images of 64 channels, and the shape of 128
    filters for 16 channels each, hence in four groups. `input` or `weight` at the end is the gradient to it.
    """

    pad: int = 0
    dilation: int = 1
    wanted: str = "output"

    @property
    def groups(self):
        return self.shape[1] // self.kernel[1]

    @property
    def shapes(self):
        """Of the three arrays; any two give the third, which is the one that is wanted."""
        extents = zip(self.shape[2:], self.kernel[2:], strict=True)
        places = [(n + 2 * self.pad - self.dilation * (k - 1) - 1) // self.stride + 1 for n, k in extents]
        return {"input": self.shape, "weight": self.kernel, "output": (self.shape[0], self.kernel[0], *places)}

    @property
    def output(self):
        return self.shapes[self.wanted]

    @property
    def given(self):
        return tuple(shape for name, shape in self.shapes.items() if name != self.wanted)

    @property
    def moved(self):
        return sum(map(math.prod, self.shapes.values()))

    @property
    def multiplications(self):
        """As many for the gradients as for the layer."""
        return math.prod(self.shapes["output"]) * math.prod(self.kernel[1:])


def read(name):
    kind, dtype, shape, *fields = name.split("-")
    shape = extents(shape)
    of = {"kind": kind, "dtype": np.dtype(DTYPES[dtype]), "shape": shape, "kernel": (3,)}
    line = kind in ("signal", "resample", "rfft")
    of["mode"] = "full" if line else "same"
    of["boundary"] = "constant" if line or kind in ("axis", "layer") else "reflect"
    for field in fields:
        letters, number = re.fullmatch(r"([a-z]+)([0-9.x]*)", field).groups()
        if letters in MODES:
            of["mode"] = letters
        elif letters in BOUNDARIES:
            of["boundary"] = letters
        elif letters in ("input", "weight"):
            of["wanted"] = letters
        elif letters == "k":
            of["kernel"] = extents(number)
        elif letters == "sigma":
            of["sigma"] = float(number)
        else:
            of[{"ax": "axis", "down": "stride"}.get(letters, letters)] = int(number)
    if kind == "axis":
        axis = of["axis"] = of.get("axis", len(shape) - 1)
        of["kernel"] = tuple(of["kernel"][0] if at == axis else 1 for at in range(len(shape)))
    elif len(of["kernel"]) == 1:
        of["kernel"] *= len(shape)
    return (Layer if kind == "layer" else Case)(name, **of)


def extents(text):
    return tuple(map(int, text.split("x")))


def listed(path=HERE / "cases.txt"):
    lines = (line.partition("#")[0].strip() for line in path.read_text().splitlines())
    return [line for line in lines if line]


def data(case):
    """The two arrays that are given: input and kernel, but see `Layer`. The second is in doubles or complex doubles."""
    random = np.random.default_rng(zlib.crc32(case.name.encode()))
    images = case.kind in ("image", "volume", "gauss", "box")

    def numbers(shape, low, high):
        if case.dtype.kind == "c":
            return random.uniform(-1, 1, shape) + 1j * random.uniform(-1, 1, shape)
        if case.dtype.kind == "f":  # some of the image libraries cut floats to 0 to 1
            return random.uniform(0 if images else -1, 1, shape)
        return random.integers(low, high, shape, endpoint=True)

    limits = (0, np.iinfo(case.dtype).max) if case.dtype.kind == "u" else (-10, 10)
    shape, of_weights = case.given
    x = numbers(shape, *limits).astype(case.dtype)
    if case.kind == "gauss":
        half = case.length // 2
        weights = np.exp(-0.5 * (np.arange(-half, half + 1) / case.sigma) ** 2)
        weights /= weights.sum()
    elif case.kind == "box":
        weights = np.full(case.length, 1 / case.length)
    elif images:
        weights = random.uniform(0.2, 1.2, case.kernel)
        weights /= weights.sum()
    else:
        weights = np.asarray(numbers(of_weights, -3, 3))
    complex_weights = weights.dtype.kind == "c"
    if case.dtype in (np.float32, np.complex64):  # as sums in singles take them, so that all have the same weights
        weights = weights.astype(np.complex64 if complex_weights else np.float32)
    return x, weights.astype(np.complex128 if complex_weights else np.float64)
