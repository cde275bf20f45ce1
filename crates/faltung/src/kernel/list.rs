//! The named kernels as a table: what there is to know about each, and how text becomes one.

use super::{
    Kernel, boxcar, disk, exponential, gabor, gaussian, laplacian, laplacian_of_gaussian, motion, named::Arguments,
    ones, prewitt, rc, rlc, scharr, sharpen, sobel, unsharp,
};
use crate::Result;

/// A named kernel: a line of the table that [`named`](super::named()) reads and that lists and help print.
///
/// ```
/// let sobel = faltung::kernel::LIST.iter().find(|entry| entry.name == "sobel").unwrap();
/// assert_eq!((sobel.dimensions, sobel.example), (None, "sobel:x"));
/// ```
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Entry {
    /// Its name in text.
    pub name: &'static str,
    /// What it does, in one line.
    pub summary: &'static str,
    /// Its parameters; values given without a name stand for these in order, before any with one.
    pub parameters: &'static [Parameter],
    /// How many axes it has, if not any number.
    pub dimensions: Option<usize>,
    /// What its weights sum to, and whether they are whole numbers.
    pub normalisation: &'static str,
    /// A text that gives one.
    pub example: &'static str,
    /// The kernel, of what was given.
    pub(super) build: fn(&Arguments) -> Result<Kernel>,
}

/// A parameter of a named kernel.
///
/// ```
/// let sobel = faltung::kernel::LIST.iter().find(|entry| entry.name == "sobel").unwrap();
/// assert_eq!((sobel.parameters[0].name, sobel.parameters[0].default), ("axis", Some("x")));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Parameter {
    /// Its name in text.
    pub name: &'static str,
    /// What it is when not given, as it would be written; `None` if it must be given.
    pub default: Option<&'static str>,
    /// What it means, with its unit.
    pub meaning: &'static str,
}

const fn needed(name: &'static str, meaning: &'static str) -> Parameter {
    Parameter { name, default: None, meaning }
}

const fn or(name: &'static str, default: &'static str, meaning: &'static str) -> Parameter {
    Parameter { name, default: Some(default), meaning }
}

const SIGMA: Parameter =
    needed("sigma", "standard deviation in samples, as 2 or for each axis as 2x1; 0 leaves an axis alone");
const TRUNCATE: Parameter = or("truncate", "4", "where the Gaussian ends, in standard deviations");
const AXIS: Parameter =
    or("axis", "x", "x, y, z: the last axis, the one before, ...; or a number, 0 the first, -1 the last");
const SIZE: Parameter = needed("size", "samples along all axes, as 5, or along each as 5x3");
const STEP: Parameter = or("step", "1", "time from sample to sample, as 0.001 or 1/48000");
const LENGTH: Parameter = or("length", "auto", "number of weights; auto: until less than 2^-24 is left");

/// All named kernels.
///
/// ```
/// use faltung::kernel::{LIST, named};
/// for entry in LIST {
///     let made = named(entry.example, entry.dimensions.unwrap_or(2))?;
///     assert!(!made.is_empty(), "{}", entry.summary);
/// }
/// assert_eq!(LIST[0].name, "box");
/// # Ok::<(), faltung::Error>(())
/// ```
pub const LIST: &[Entry] = &[
    Entry {
        name: "box",
        summary: "the mean over a box",
        parameters: &[SIZE],
        dimensions: None,
        normalisation: "sums to 1",
        example: "box:5x3",
        build: |given| boxcar(&given.counts("size")?),
    },
    Entry {
        name: "ones",
        summary: "the sum over a box",
        parameters: &[SIZE],
        dimensions: None,
        normalisation: "each weight is 1; whole numbers",
        example: "ones:3",
        build: |given| ones(&given.counts("size")?),
    },
    Entry {
        name: "gaussian",
        summary: "a Gaussian, or a derivative of one, as scipy.ndimage.gaussian_filter",
        parameters: &[SIGMA, or("order", "0", "which derivative, as 1 or for each axis as 0x1"), TRUNCATE],
        dimensions: None,
        normalisation: "sums to 1 before derivatives are taken",
        example: "gaussian:sigma=2x1,order=0x1",
        build: |given| gaussian(&given.numbers("sigma")?, &given.counts("order")?, given.number("truncate")?),
    },
    Entry {
        name: "sobel",
        summary: "the derivative along an axis, smoothed by 1 2 1 across it; positive where the signal rises",
        parameters: &[AXIS],
        dimensions: None,
        normalisation: "sums to 0; 8 times the slope in a picture; whole numbers",
        example: "sobel:x",
        build: |given| sobel(given.axis("axis")?, given.dimensions),
    },
    Entry {
        name: "prewitt",
        summary: "the derivative along an axis, smoothed by 1 1 1 across it; positive where the signal rises",
        parameters: &[AXIS],
        dimensions: None,
        normalisation: "sums to 0; 6 times the slope in a picture; whole numbers",
        example: "prewitt:y",
        build: |given| prewitt(given.axis("axis")?, given.dimensions),
    },
    Entry {
        name: "scharr",
        summary: "the derivative along an axis, smoothed by 3 10 3 across it; positive where the signal rises",
        parameters: &[AXIS],
        dimensions: None,
        normalisation: "sums to 0; 32 times the slope in a picture; whole numbers",
        example: "scharr:axis=0",
        build: |given| scharr(given.axis("axis")?, given.dimensions),
    },
    Entry {
        name: "laplacian",
        summary: "the neighbours less the sample itself: second derivatives along all axes",
        parameters: &[or("neighbours", "faces", "faces: those next along an axis; all: those across corners too")],
        dimensions: None,
        normalisation: "sums to 0; whole numbers",
        example: "laplacian:all",
        build: |given| laplacian(given.dimensions, given.word("neighbours")?),
    },
    Entry {
        name: "log",
        summary: "the Laplacian of a Gaussian, as scipy.ndimage.gaussian_laplace",
        parameters: &[needed("sigma", "standard deviation in samples, as 2 or for each axis as 2x1"), TRUNCATE],
        dimensions: None,
        normalisation: "sums nearly to 0",
        example: "log:sigma=2",
        build: |given| laplacian_of_gaussian(&given.numbers("sigma")?, given.number("truncate")?),
    },
    Entry {
        name: "sharpen",
        summary: "the signal less its Laplacian",
        parameters: &[or("amount", "1", "how many times the Laplacian is taken away")],
        dimensions: None,
        normalisation: "sums to 1; whole numbers if amount is one",
        example: "sharpen:amount=0.5",
        build: |given| sharpen(given.number("amount")?, given.dimensions),
    },
    Entry {
        name: "unsharp",
        summary: "the signal, and once more what a Gaussian takes away from it",
        parameters: &[SIGMA, or("amount", "1", "how many times the difference is added"), TRUNCATE],
        dimensions: None,
        normalisation: "sums to 1",
        example: "unsharp:sigma=2,amount=0.5",
        build: |given| unsharp(&given.numbers("sigma")?, given.number("amount")?, given.number("truncate")?),
    },
    Entry {
        name: "disk",
        summary: "the mean over a disk, as a lens out of focus",
        parameters: &[needed("radius", "in samples, whole or not")],
        dimensions: Some(2),
        normalisation: "sums to 1",
        example: "disk:radius=3.5",
        build: |given| disk(given.number("radius")?),
    },
    Entry {
        name: "motion",
        summary: "the mean along a straight line, as a camera that moves",
        parameters: &[
            needed("length", "in samples, whole or not, from 1 on"),
            or("angle", "0", "degrees from x towards y: clockwise on a screen"),
        ],
        dimensions: Some(2),
        normalisation: "sums to 1",
        example: "motion:length=9,angle=30",
        build: |given| motion(given.number("length")?, given.number("angle")?),
    },
    Entry {
        name: "gabor",
        summary: "a wave under a Gaussian, that answers to stripes, as cv2.getGaborKernel turned round",
        parameters: &[
            needed("sigma", "standard deviation across the stripes, in samples"),
            or("theta", "0", "direction across the stripes, degrees from x towards y: clockwise on a screen"),
            needed("wavelength", "from stripe to stripe, in samples"),
            or("gamma", "0.5", "width over length: below 1 it is longer along the stripes"),
            or("psi", "0", "phase of the wave in the middle, degrees: 0 even, 90 odd"),
        ],
        dimensions: Some(2),
        normalisation: "1 in the middle, at psi 0",
        example: "gabor:sigma=4,theta=45,wavelength=10",
        build: |given| {
            let number = |name| given.number(name);
            gabor(number("sigma")?, number("theta")?, number("wavelength")?, number("gamma")?, number("psi")?)
        },
    },
    Entry {
        name: "exponential",
        summary: "an exponential decay, looking back",
        parameters: &[
            needed("tau", "samples until it has fallen to 1/e"),
            LENGTH,
            or("scale", "sum", "what is 1: sum, of the weights; or peak, the first of them"),
        ],
        dimensions: Some(1),
        normalisation: "sums to 1, or starts at 1",
        example: "exponential:tau=5",
        build: |given| exponential(given.number("tau")?, given.length("length")?, given.word("scale")?),
    },
    Entry {
        name: "rc",
        summary: "a resistor and a capacitor: the low-pass of one stage, exact for inputs held during each sample",
        parameters: &[needed("tau", "time constant R C, in the unit of step"), STEP, LENGTH],
        dimensions: Some(1),
        normalisation: "sums to 1 but for what is cut off",
        example: "rc:tau=0.001,step=1/8000",
        build: |given| rc(given.number("tau")?, given.number("step")?, given.length("length")?),
    },
    Entry {
        name: "rlc",
        summary: "a resistor, a coil and a capacitor in series, voltage at the capacitor: rings if r < 2 sqrt(l/c)",
        parameters: &[
            needed("r", "resistance, in ohm"),
            needed("l", "inductance, in henry"),
            needed("c", "capacitance, in farad"),
            Parameter { meaning: "seconds from sample to sample, as 0.001 or 1/48000", ..STEP },
            LENGTH,
        ],
        dimensions: Some(1),
        normalisation: "sums to 1 but for what is cut off",
        example: "rlc:r=10,l=0.001,c=1e-6,step=1/96000",
        build: |given| {
            let number = |name| given.number(name);
            rlc(number("r")?, number("l")?, number("c")?, number("step")?, given.length("length")?)
        },
    },
];
