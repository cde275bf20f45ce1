"""What the libraries do with a case: one small function for each of their ways.

`@way("name", "kind", ...)` registers a function of case, input, weights and number of threads. It gives a call that computes
the case from ready input to a fresh result, or None where the library cannot, or would take minutes. Weights come as
`cases.data` gives them.
"""

import math
import os

import numpy as np
import scipy.fft
from scipy import ndimage, signal

from reference import PADDING

WAYS = []  # name, kinds, function
MANY = 3e9  # multiplications that a direct loop is spared


def way(name, *kinds):
    def register(function):
        WAYS.append((name, kinds, function))
        return function

    return register


def module(name):
    try:
        return __import__(name, fromlist=["_"])
    except ImportError:
        return None


cv2, dask, faltung, jax, torch = (module(name) for name in ("cv2", "dask.array", "faltung", "jax", "torch"))
mkl_fft, pyfftw = module("mkl_fft.interfaces.scipy_fft"), module("pyfftw.interfaces.scipy_fft")
pyvips, skimage = module("pyvips"), module("skimage.filters")


def settle(threads):
    """What variables of the environment do not say."""
    if cv2:
        cv2.setNumThreads(threads)
    if torch:
        torch.set_num_threads(threads)
    if jax:
        jax.config.update("jax_enable_x64", True)
        # Its pool has as many threads as CPUs are allowed when it is first used.
        allowed = os.sched_getaffinity(0)
        os.sched_setaffinity(0, sorted(allowed)[:threads])
        jax.numpy.ones(2).block_until_ready()
        os.sched_setaffinity(0, allowed)
    if pyfftw:
        pyfftw_module = module("pyfftw")
        pyfftw_module.interfaces.cache.enable()
        pyfftw_module.interfaces.cache.set_keepalive_time(60)
        pyfftw_module.config.NUM_THREADS = threads
        pyfftw_module.config.PLANNER_EFFORT = "FFTW_ESTIMATE"
    if faltung:
        faltung.set_num_threads(threads)
    scipy.fft.set_workers(threads).__enter__()


def few(case):
    return case.multiplications <= MANY


def floats(case):
    return case.dtype.kind in "fc"


def own(case, weights):
    """Weights in the type of the samples, or in singles for small whole numbers."""
    return weights.astype(np.float32 if case.dtype.kind == "u" else case.dtype)


def cut(case, full):
    n, k = case.shape[0], case.length
    start = {"full": 0, "same": (k - 1) // 2, "valid": k - 1}[case.mode]
    return full[start : start + case.output[0] * case.stride : case.stride]


# Signals


@way("numpy.convolve", "signal")
def _(case, x, w, threads):
    if few(case):
        w = own(case, w)
        return lambda: np.convolve(x, w, case.mode)[:: case.stride]


@way("scipy.signal.convolve", "signal")
def _(case, x, w, threads):
    if few(case) or case.real:
        w = own(case, w)
        return lambda: signal.convolve(x, w, case.mode)[:: case.stride]


def by_transforms(function, backend):
    def make(case, x, w, threads):
        if not floats(case) or backend is None:
            return None
        w = own(case, w)
        along = {"axes": case.axis} if case.kind == "axis" else {}

        def call():
            with scipy.fft.set_backend(backend):
                return function(x, w, case.mode, **along)[:: case.stride]

        return call

    return make


for _backend, _module in (("", "scipy"), ("[mkl]", mkl_fft), ("[fftw]", pyfftw)):
    for _function in (signal.fftconvolve, signal.oaconvolve):
        WAYS.append(
            (f"scipy.signal.{_function.__name__}{_backend}", ("signal", "axis"), by_transforms(_function, _module))
        )


@way("scipy.ndimage.convolve1d", "signal")
def _(case, x, w, threads):
    if case.mode == "same" and case.real and case.length % 2 and few(case):
        return lambda: ndimage.convolve1d(x, w, mode="constant")[:: case.stride]


@way("cv2.filter2D", "signal")
def _(case, x, w, threads):
    if (
        cv2
        and case.mode == "same"
        and case.length % 2
        and few(case)
        and case.dtype.kind in "fi"
        and case.dtype.itemsize < 8
    ):
        row, turned = x[None], w[None, ::-1].astype(np.float32)
        return lambda: cv2.filter2D(row, -1, turned, borderType=cv2.BORDER_CONSTANT)[0, :: case.stride]


@way("torch.conv1d", "signal", "resample")
def _(case, x, w, threads):
    if torch and case.real and few(case) and case.up == 1:
        at, turned = torch.from_numpy(x)[None, None], torch.from_numpy(own(case, w)[::-1].copy())[None, None]
        k = case.length
        padding = {"full": k - 1, "same": k // 2, "valid": 0}[case.mode]
        length = case.output[0]
        return lambda: torch.nn.functional.conv1d(at, turned, stride=case.stride, padding=padding)[0, 0, :length]


@way("torch.conv_transpose1d", "resample")
def _(case, x, w, threads):
    if torch and case.stride == 1:
        at, w = torch.from_numpy(x)[None, None], torch.from_numpy(own(case, w))[None, None]
        return lambda: torch.nn.functional.conv_transpose1d(at, w, stride=case.up)[0, 0]


@way("torch.fft", "signal")
def _(case, x, w, threads):
    if torch and case.real:
        x, w = torch.from_numpy(x), torch.from_numpy(own(case, w))
        length = len(x) + len(w) - 1
        size = scipy.fft.next_fast_len(length, real=True)
        fft = torch.fft
        return lambda: cut(case, fft.irfft(fft.rfft(x, size) * fft.rfft(w, size), size)[:length])


def compiled(case, x, w, function):
    """A call of a function that jax has compiled."""
    x, w = jax.numpy.asarray(x), jax.numpy.asarray(own(case, w))
    function = jax.jit(function)
    return lambda: function(x, w).block_until_ready()


@way("jax.numpy.convolve", "signal")
def _(case, x, w, threads):
    if jax and case.real and case.multiplications <= MANY / 15:
        return compiled(case, x, w, lambda x, w: jax.numpy.convolve(x, w, mode=case.mode)[:: case.stride])


@way("jax.scipy.signal.fftconvolve", "signal")
def _(case, x, w, threads):
    if jax and case.real and case.shape[0] >= 10_000:
        return compiled(case, x, w, lambda x, w: jax.scipy.signal.fftconvolve(x, w, mode=case.mode)[:: case.stride])


@way("scipy.signal.upfirdn", "resample")
def _(case, x, w, threads):
    w = own(case, w)
    return lambda: signal.upfirdn(w, x, case.up, case.stride)


@way("scipy.signal.upfirdn", "signal")
def _(case, x, w, threads):
    if case.stride > 1 and case.mode == "full":
        w = own(case, w)
        return lambda: signal.upfirdn(w, x, 1, case.stride)


# Along an axis


@way("scipy.ndimage.convolve1d", "axis")
def _(case, x, w, threads):
    w = w.ravel()
    return lambda: ndimage.convolve1d(x, w, axis=case.axis, mode=case.boundary)


@way("torch.conv", "axis")
def _(case, x, w, threads):
    if torch and case.real:
        functional, half = torch.nn.functional, case.length // 2
        x, turned = torch.from_numpy(x), torch.from_numpy(own(case, w).ravel()[::-1].copy())
        if case.axis == x.ndim - 1:
            rows = x.reshape(-1, 1, x.shape[-1])
            return lambda: functional.conv1d(rows, turned[None, None], padding=half).reshape(x.shape)
        # What is slower than the axis is many images, what is faster their rows.
        images = x.reshape(math.prod(x.shape[: case.axis]), 1, x.shape[case.axis], -1)
        kernel = turned[None, None, :, None]
        return lambda: functional.conv2d(images, kernel, padding=(half, 0)).reshape(x.shape)


@way("cv2.filter2D", "axis")
def _(case, x, w, threads):
    if cv2 and case.real and x.ndim == 2:
        turned = own(case, w)[::-1, ::-1].copy()
        return lambda: cv2.filter2D(x, -1, turned, borderType=cv2.BORDER_CONSTANT)


@way("cv2.sepFilter2D", "axis")
def _(case, x, w, threads):
    if cv2 and case.real and x.ndim == 2:
        along, one = own(case, w).ravel()[::-1].copy(), np.ones(1, x.dtype)
        columns, rows = (along, one) if case.axis == 1 else (one, along)
        return lambda: cv2.sepFilter2D(x, -1, columns, rows, borderType=cv2.BORDER_CONSTANT)


# Images and volumes

CV2_BORDERS = {"reflect": "REFLECT", "mirror": "REFLECT_101", "nearest": "REPLICATE", "constant": "CONSTANT"}


def thinned(case, y):
    """Every stride-th along each axis."""
    return y if case.stride == 1 else y[(slice(None, None, case.stride),) * y.ndim]


def margins(case):
    return [(k - 1 - (k - 1) // 2, (k - 1) // 2) for k in case.kernel]


@way("scipy.ndimage.convolve", "image", "volume")
def _(case, x, w, threads):
    if few(case):
        return lambda: thinned(case, ndimage.convolve(x, w, mode=case.boundary))


@way("dask and scipy.ndimage", "image", "volume")
def _(case, x, w, threads):
    if dask is None or threads == 1 or not 1e8 < case.multiplications <= MANY or case.stride > 1:
        return None
    scheduled = module("dask").config.set
    borders = {"mirror": None, "constant": 0, "wrap": "periodic"}
    border, depth = borders.get(case.boundary, case.boundary), case.kernel[0] // 2
    if border is None:
        return None
    chunks = (-(-x.shape[0] // threads), *x.shape[1:])

    def call():
        blocks = dask.from_array(x, chunks=chunks)
        filtered = dask.overlap.map_overlap(
            lambda block: ndimage.convolve(block, w, mode=case.boundary),
            blocks,
            depth={0: depth},
            boundary={0: border},
            dtype=x.dtype,
        )
        with scheduled(scheduler="threads", num_workers=threads):
            return filtered.compute()

    return call


@way("scipy.signal.convolve2d", "image")
def _(case, x, w, threads):
    names = {"reflect": "symm", "wrap": "wrap", "constant": "fill"}
    if floats(case) and case.multiplications <= MANY / 6 and case.boundary in names:
        w = own(case, w)
        return lambda: thinned(case, signal.convolve2d(x, w, "same", names[case.boundary]))


@way("numpy.pad and scipy.signal.oaconvolve", "image", "volume")
def _(case, x, w, threads):
    if floats(case) and case.length >= 5:
        w = own(case, w)
        return lambda: thinned(case, signal.oaconvolve(np.pad(x, margins(case), PADDING[case.boundary]), w, "valid"))


def filter2d(case, x, w, **more):
    if cv2 is None or case.dtype.kind not in "fu":
        return None
    turned = w[::-1, ::-1].astype(np.float64 if case.dtype == np.float64 else np.float32)
    if case.boundary == "wrap":  # the filter itself cannot
        (above, below), (left, right) = margins(case)

        def call():
            wrapped = cv2.copyMakeBorder(x, above, below, left, right, cv2.BORDER_WRAP)
            return thinned(
                case, cv2.filter2D(wrapped, -1, turned)[above : above + x.shape[0], left : left + x.shape[1]]
            )

        return None if more else call
    border = getattr(cv2, f"BORDER_{CV2_BORDERS[case.boundary]}")
    return lambda: thinned(case, cv2.filter2D(x, -1, turned, borderType=border, **more))


@way("cv2.filter2D", "image")
def _(case, x, w, threads):
    return filter2d(case, x, w)


@way("cv2.filter2D, dst kept", "image")
def _(case, x, w, threads):
    return filter2d(case, x, w, dst=np.empty_like(x))


def gathered(case, x):
    """Indices that extend each axis: torch has not all boundaries."""
    padded = (
        np.pad(np.arange(n), margin, PADDING[case.boundary]) for n, margin in zip(x.shape, margins(case), strict=True)
    )
    return [torch.from_numpy(indices) for indices in padded]


@way("torch.conv", "image", "volume")
def _(case, x, w, threads):
    if torch is None or not floats(case) or case.multiplications > 7 * MANY:
        return None
    functional, backwards = torch.nn.functional, (slice(None, None, -1),) * x.ndim
    convolve = functional.conv2d if x.ndim == 2 else functional.conv3d
    at, kernel = torch.from_numpy(x), torch.from_numpy(own(case, w)[backwards].copy())[None, None]
    if case.boundary == "constant":
        padding = [k // 2 for k in case.kernel]
        return lambda: convolve(at[None, None], kernel, stride=case.stride, padding=padding)[0, 0]
    indices = gathered(case, x)

    def call():
        extended = at
        for axis, index in enumerate(indices):
            extended = extended.index_select(axis, index)
        return convolve(extended[None, None], kernel, stride=case.stride)[0, 0]

    return call


VIPS = {"float32": "float", "uint8": "uchar", "uint16": "ushort"}
VIPS_BORDERS = {"reflect": "mirror", "nearest": "copy", "constant": "black", "wrap": "repeat"}


def vips(case, x, filtered):
    """A call of libvips between its extension of the image and its cut."""
    if pyvips is None or str(case.dtype) not in VIPS or case.boundary not in VIPS_BORDERS or x.ndim != 2:
        return None
    pyvips.cache_set_max(0)
    (height, width), above, left = x.shape, case.kernel[0] // 2, case.kernel[1] // 2
    extend = VIPS_BORDERS[case.boundary]

    def call():
        image = pyvips.Image.new_from_array(x).embed(left, above, width + 2 * left, height + 2 * above, extend=extend)
        return thinned(case, filtered(image).crop(left, above, width, height).cast(VIPS[str(case.dtype)]).numpy())

    return call


@way("pyvips.conv", "image")
def _(case, x, w, threads):
    if pyvips and few(case):
        matrix = pyvips.Image.new_from_array(w[::-1, ::-1].real.tolist())
        return vips(case, x, lambda image: image.conv(matrix, precision="float"))


# One axis after the other


@way("scipy.ndimage.gaussian_filter", "gauss")
def _(case, x, w, threads):
    return lambda: ndimage.gaussian_filter(x, case.sigma, mode=case.boundary, radius=case.length // 2)


@way("skimage.filters.gaussian", "gauss")
def _(case, x, w, threads):
    if skimage and case.real:
        options = {"mode": case.boundary, "truncate": (case.length // 2) / case.sigma, "preserve_range": True}
        return lambda: skimage.gaussian(x, case.sigma, **options)


@way("cv2.GaussianBlur", "gauss")
def _(case, x, w, threads):
    if cv2 and x.ndim == 2:
        border = getattr(cv2, f"BORDER_{CV2_BORDERS[case.boundary]}")
        return lambda: cv2.GaussianBlur(x, case.kernel, case.sigma, borderType=border)


@way("cv2.sepFilter2D", "gauss")
def _(case, x, w, threads):
    if cv2 and x.ndim == 2:
        border, w = getattr(cv2, f"BORDER_{CV2_BORDERS[case.boundary]}"), own(case, w)
        return lambda: cv2.sepFilter2D(x, -1, w, w, borderType=border)


@way("torch.conv, twice", "gauss")
def _(case, x, w, threads):
    if torch and case.real and x.ndim == 2:
        conv2d, (rows, columns) = torch.nn.functional.conv2d, gathered(case, x)
        at, w = torch.from_numpy(x), torch.from_numpy(own(case, w))

        def call():
            extended = at.index_select(0, rows).index_select(1, columns)[None, None]
            return conv2d(conv2d(extended, w[None, None, :, None]), w[None, None, None])[0, 0]

        return call


@way("pyvips.convsep", "gauss")
def _(case, x, w, threads):
    if pyvips:
        matrix = pyvips.Image.new_from_array([w.tolist()])
        return vips(case, x, lambda image: image.convsep(matrix, precision="float"))


@way("scipy.ndimage.uniform_filter", "box")
def _(case, x, w, threads):
    return lambda: ndimage.uniform_filter(x, case.length, mode=case.boundary)


@way("cv2.blur", "box")
def _(case, x, w, threads):
    if cv2 and x.ndim == 2:
        border = getattr(cv2, f"BORDER_{CV2_BORDERS[case.boundary]}")
        return lambda: cv2.blur(x, case.kernel, borderType=border)


@way("torch.avg_pool", "box")
def _(case, x, w, threads):
    if torch and case.real:
        pool = torch.nn.functional.avg_pool2d if x.ndim == 2 else torch.nn.functional.avg_pool3d
        at, indices = torch.from_numpy(x), gathered(case, x)

        def call():
            extended = at
            for axis, index in enumerate(indices):
                extended = extended.index_select(axis, index)
            return pool(extended[None, None], case.kernel, stride=1)[0, 0]

        return call


# Real transforms: what a convolution by transforms is measured by


@way("scipy.fft.rfft", "rfft")
def _(case, x, w, threads):
    return lambda: scipy.fft.rfft(x)


@way("mkl_fft.rfft", "rfft")
def _(case, x, w, threads):
    if mkl_fft:
        return lambda: mkl_fft.rfft(x)


@way("pyfftw, measured", "rfft")
def _(case, x, w, threads):
    if pyfftw:
        whole = module("pyfftw")
        transform = whole.builders.rfft(whole.byte_align(x.copy()), threads=threads, planner_effort="FFTW_MEASURE")
        transform.input_array[:] = x
        return lambda: transform()


# Ours


@way("faltung", "signal", "image", "volume", "axis", "resample", "gauss", "box")
def _(case, x, w, threads):
    if faltung is None:
        return None
    own_weights = w if case.dtype.kind == "u" else own(case, w)
    match case.kind:
        case "gauss":
            radius = case.length // 2
            return lambda: faltung.ndimage.gaussian_filter(x, case.sigma, mode=case.boundary, radius=radius)
        case "box":
            return lambda: faltung.ndimage.uniform_filter(x, case.length, mode=case.boundary)
        case "axis":
            along = own_weights.ravel()
            return lambda: faltung.ndimage.convolve1d(x, along, axis=case.axis, mode=case.boundary)
        case "resample":
            return lambda: faltung.upfirdn(own_weights, x, case.up, case.stride)
        case "signal" if case.stride == 1:
            return lambda: faltung.convolve(x, own_weights, case.mode)
        case _ if case.stride == 1:
            return lambda: faltung.ndimage.convolve(x, own_weights, mode=case.boundary)
    options = {"boundary": case.boundary, "stride": case.stride}
    return lambda: faltung.convolve(x, own_weights, case.mode, **options)
