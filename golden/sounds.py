#!/usr/bin/env python3
"""A voice in measured rooms, by the command and by SciPy at the same level: at most one step of 16 bits apart.

    python golden/sounds.py target/release/faltung FOLDER

FOLDER has xmas.wav, rir_clap.wav and brir_clap.wav (16 bits, 44100 Hz), as FALTUNG_TEST_DATA/audio has. Needs NumPy and SciPy.
"""

import pathlib
import subprocess
import sys
import tempfile
import warnings

import numpy as np
from scipy.io import wavfile
from scipy.signal import fftconvolve


def samples(path):
    """Frames by channels, in steps of 16 bits."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", wavfile.WavFileWarning)  # of chunks that SciPy does not know
        _, data = wavfile.read(path)
    assert data.dtype == np.int16, f"{path}: expected 16 bits, got {data.dtype}"
    return data.astype(float).reshape(len(data), -1)


def main(faltung, folder):
    voice = samples(folder / "xmas.wav")
    for room in ["rir_clap.wav", "brir_clap.wav"]:
        response = samples(folder / room) / 32768
        expected = np.stack([fftconvolve(voice[:, 0], h) for h in response.T], axis=1)
        expected *= min(1, 32768 / np.abs(expected).max())
        with tempfile.TemporaryDirectory() as there:
            wet = pathlib.Path(there) / "wet.wav"
            subprocess.run([faltung, "convolve", folder / "xmas.wav", folder / room, "-o", wet], check=True)
            got = samples(wet)
        assert got.shape == expected.shape, f"{room}: {got.shape} and {expected.shape}"
        steps = np.abs(got - np.clip(np.rint(expected), -32768, 32767))
        print(f"{room}: {len(got)} frames, {steps.max():.0f} steps apart at most, {np.count_nonzero(steps)} samples differ")
        assert steps.max() <= 1


if __name__ == "__main__":
    main(sys.argv[1], pathlib.Path(sys.argv[2]))
