"""What must work where the wheel and NumPy are all that is installed; a script, since there is no pytest then."""

import sys

import faltung
import faltung.ndimage
import faltung.numpy

LIKES = [15, 12, 34, 26, 28, 23, 15, 7, 4, 1]


def main() -> None:
    """Prints the likes of the first example, or says what is wrong."""
    if "site-packages" not in str(faltung.__file__):
        sys.exit(f"{faltung.__file__} is not the installed package")
    posts, likes_of_a_post = [3, 0, 5, 0, 2, 1], [5, 4, 3, 2, 1]
    for convolve in (faltung.convolve, faltung.numpy.convolve):
        likes = [int(value) for value in convolve(posts, likes_of_a_post)]
        if likes != LIKES:
            sys.exit(f"{likes} should be {LIKES}")
    smooth = [float(value) for value in faltung.ndimage.uniform_filter1d([0.0, 3.0, 6.0], 3)]
    if smooth != [1.0, 3.0, 5.0]:
        sys.exit(f"{smooth} should be [1.0, 3.0, 5.0]")
    if others := {"scipy", "astropy", "cv2"} & set(sys.modules):
        sys.exit(f"importing faltung imported {others}")
    print(*LIKES)


if __name__ == "__main__":
    main()
