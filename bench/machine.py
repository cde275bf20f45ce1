"""The machine: what it is, what runs on it, and what it can do at most."""

import importlib.metadata
import math
import os
import pathlib
import platform
import re
import subprocess

LIBRARIES = (
    "numpy",
    "scipy",
    "torch",
    "opencv-python-headless",
    "pyfftw",
    "mkl",
    "mkl_fft",
    "jax",
    "scikit-image",
    "dask",
    "pyvips",
)
RUST_LIBRARIES = ("faltung", "realfft", "rustfft", "ndarray-conv", "imageproc", "libblur")
TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
LOCK = pathlib.Path(__file__).parent / "rust-peers/Cargo.lock"


def described():
    """Processor, instruction sets, caches and memory, in one line."""
    facts = {}
    try:
        lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
        facts = dict(re.split(r"\s*:\s*", line, maxsplit=1) for line in lines if ":" in line)
    except OSError:
        pass
    flags = facts.get("flags", "").split()
    known = {"avx512f": "AVX-512", "avx512_vnni": "VNNI", "amx_tile": "AMX", "avx2": "AVX2"}
    sets = [word for flag, word in known.items() if flag in flags]
    parts = [facts.get("model name") or platform.processor() or platform.machine(), f"{os.cpu_count()} CPUs", *sets]
    for index in sorted(pathlib.Path("/sys/devices/system/cpu/cpu0/cache").glob("index*")):
        level, kind, size = ((index / name).read_text().strip() for name in ("level", "type", "size"))
        if kind != "Instruction":
            parts.append(f"L{level} {size}")
    try:
        parts.append(f"{os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE') / 2**30:.0f} GiB")
    except (OSError, ValueError):
        pass
    return ", ".join(parts)


def versions():
    """Of everything that takes part."""
    found = {"Python": platform.python_version()}
    for name in LIBRARIES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            pass
    if LOCK.exists():
        pairs = re.findall(r'name = "([^"]+)"\nversion = "([^"]+)"', LOCK.read_text())
        found |= {name: version for name, version in pairs if name in RUST_LIBRARIES}
    return found


def busy():
    """Seconds that all CPUs have worked so far; 0 where that is not told."""
    try:
        return sum(map(int, pathlib.Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:4])) / TICKS
    except OSError:
        return 0.0


def worked(process):
    """Seconds that a process has worked so far; 0 where that is not told."""
    try:
        after_name = pathlib.Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        return (int(after_name[11]) + int(after_name[12])) / TICKS
    except OSError:
        return 0.0


def limits(program, quick):
    """What `rust-peers limits` measures, as a dictionary by `arithmetic-SET-TYPE-THREADS` and `copy-WAY-BYTES-THREADS`."""
    command = [program, "limits", *(["--quick"] if quick else [])]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    return {"-".join(words[:-1]): float(words[-1]) for words in (line.split("\t") for line in lines)}


class Limits:
    """The least seconds that a case could take on this machine."""

    def __init__(self, measured):
        """`measured`: all that `peers.py` keeps."""
        self.rates = measured["limits"]
        self.transforms = {}
        for name, found in measured["cases"].items():
            kind, dtype, length, *_ = name.split("-")
            peers = found["threads"].get("1", {}).get("peers", {})
            if kind == "rfft" and peers:
                self.transforms[dtype, int(length)] = min(peer["least"] for peer in peers.values())

    def seconds(self, case, threads):
        """By whichever is less: the sum as it is written, or transforms."""
        if not self.rates:
            return None
        return min(max(self.arithmetic(case, threads), self.memory(case, threads)), self.by_transforms(case, threads))

    def arithmetic(self, case, threads):
        """All multiplications at the peak of the widest set."""
        kind = {"f": f"f{8 * case.dtype.itemsize}", "c": f"f{4 * case.dtype.itemsize}"}.get(case.dtype.kind)
        kind = kind or ("dot16" if case.dtype.itemsize <= 2 else "f64")
        peaks = [rate for key, rate in self.rates.items() if re.fullmatch(f"arithmetic-.*-{kind}-{threads}", key)]
        peaks = peaks or [rate for key, rate in self.rates.items() if re.fullmatch(f"arithmetic-.*-f32-{threads}", key)]
        return 2 * case.multiplications * (4 if case.dtype.kind == "c" else 1) / max(peaks, default=math.inf)

    def memory(self, case, threads):
        """Reading the input, for layers the weights, and writing the output once, at the best copy of as many bytes."""
        bytes_ = case.dtype.itemsize * case.moved
        sizes = {}
        for key, rate in self.rates.items():
            if match := re.fullmatch(f"copy-.*-([0-9]+)-{threads}", key):
                size = int(match[1])
                sizes[size] = max(sizes.get(size, 0.0), rate)
        if not sizes:
            return 0.0
        nearest = min(sizes, key=lambda size: abs(math.log(size / bytes_)))
        return bytes_ / sizes[nearest]

    def by_transforms(self, case, threads):
        """Blocks that overlap, each transformed there and back along every axis by the fastest real transform of the machine."""
        least = math.inf
        if case.kind == "layer":  # has channels, which blocks of one signal tell nothing of
            return least
        single = case.dtype.name in ("float32", "complex64", "uint8", "uint16")
        axes = [(n, k) for n, k in zip(case.shape, case.kernel, strict=True) if k > 1]
        lines = math.prod(n for n, k in zip(case.shape, case.kernel, strict=True) if k == 1)
        if case.kind in ("gauss", "box"):  # one axis after the other
            lines, axes = len(axes) * math.prod(case.shape[:-1]), axes[-1:]
        for (dtype, length), seconds in self.transforms.items():
            if (dtype == "f32") != single or any(length < k for _, k in axes):
                continue
            # As long as is needed, at the rate of the length that was measured.
            wanted = [min(length, n + k - 1) for n, k in axes]
            each = [seconds * m * math.log2(max(m, 2)) / (length * math.log2(length)) for m in wanted]
            volume = math.prod(wanted)
            block = sum(cost * volume / m for cost, m in zip(each, wanted, strict=True))
            blocks = math.prod(
                -(-n // (m - k + 1)) if m < n + k - 1 else 1 for m, (n, k) in zip(wanted, axes, strict=True)
            )
            least = min(least, block * (2 * blocks * max(lines, 1) + 1))
        return least * (2 if case.dtype.kind == "c" else 1) / threads
