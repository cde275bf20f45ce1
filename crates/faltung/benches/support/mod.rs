//! What is measured, and how: cases written as words, their data, and the least time of a call.
//!
//! A case is its name, fields between dashes: `image-f32-512x512-k3x5-wrap-stride2` is a kind, a type, a shape, and then in
//! any order what differs from the kind's custom.
//!
//! | kind | kernel | custom |
//! |---|---|---|
//! | `signal` | random, for integers small whole numbers | one axis, all outputs |
//! | `axis` | the same, along the last axis or along `ax0`, `ax1`.. | as many outputs as samples, zeros beyond |
//! | `image`, `volume` | random, of sum 1 | as many outputs as samples, reflected; `k5` is 5 along each axis |
//! | `gauss` | a Gaussian of deviation `sigma2.5`, cut to `k15` | the same |
//! | `box` | means over `k9` samples | the same |
//! | `resample` | random | one axis, `up3` and `down2`, all outputs |
//!
//! Other fields are a mode (`full`, `same`, `valid`), a boundary by its word, and `stride2`. `bench/cases.py` reads the same
//! names for other libraries.

#![allow(dead_code)] // Each program uses its part.

use std::time::{Duration, Instant};

use faltung::{AnyArray, Array, Boundary, Complex, Dtype, Kernel, Mode, Overflow, Result, Sample, Spec};

/// What is to be computed.
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) dtype: Dtype,
    pub(crate) shape: Vec<usize>,
    pub(crate) kernel: Kernel,
    pub(crate) spec: Spec,
}

impl Case {
    /// Reads a name; anything that it does not understand is a fault of the list, told by a panic.
    pub(crate) fn named(name: &str) -> Case {
        let mut fields = name.split('-');
        let mut next = || fields.next().unwrap_or_else(|| panic!("{name}: kind, type, shape"));
        let (kind, dtype, shape) = (next(), next().parse::<Dtype>().expect(name), extents(next()));
        let line = matches!(kind, "signal" | "axis" | "resample");
        let customary = if line { "constant" } else { "reflect" };
        let mut spec = Spec::new().overflow(Overflow::Wrap).boundary(word::<Boundary>(customary, name));
        spec = spec.mode(if matches!(kind, "signal" | "resample") { Mode::Full } else { Mode::Same });
        let (mut extent, mut sigma, mut axis) = (vec![3], 1.0, shape.len() - 1);
        for field in fields {
            let (letters, number) = field.split_at(field.find(|c: char| c.is_ascii_digit()).unwrap_or(field.len()));
            let count = || number.parse::<usize>().expect(name);
            match letters {
                "k" => extent = extents(number),
                "sigma" => sigma = number.parse().expect(name),
                "ax" => axis = count(),
                "stride" | "down" => spec = spec.stride(count()),
                "up" => spec = spec.upsample(count()),
                _ if letters.parse::<Mode>().is_ok() => spec = spec.mode(word::<Mode>(letters, name)),
                _ => spec = spec.boundary(word::<Boundary>(letters, name)),
            }
        }
        if kind == "axis" {
            spec = spec.axes([axis as isize]);
        }
        if !line && extent.len() == 1 {
            extent = vec![extent[0]; shape.len()];
        }
        let kernel = weights(kind, dtype, &extent, sigma).expect(name);
        Case { name: name.to_owned(), dtype, shape, kernel, spec }
    }

    /// An input.
    pub(crate) fn input(&self) -> AnyArray {
        let count = self.shape.iter().product();
        let mut random = Random::default();
        let values: Vec<f64> = (0..count).map(|_| random.next()).collect();
        let pairs = values.iter().zip(values.iter().rev());
        let scaled = |most: f64| values.iter().map(move |value| value * most);
        match self.dtype {
            Dtype::C64 => array(pairs.map(|(&re, &im)| Complex::new(re as f32, im as f32)).collect(), &self.shape),
            Dtype::C128 => array(pairs.map(|(&re, &im)| Complex::new(re, im)).collect(), &self.shape),
            Dtype::U8 => array(scaled(255.0).map(|x| x.abs() as u8).collect(), &self.shape),
            Dtype::U16 => array(scaled(65535.0).map(|x| x.abs() as u16).collect(), &self.shape),
            Dtype::I16 => array(scaled(10.0).map(|x| x as i16).collect(), &self.shape),
            Dtype::I64 => array(scaled(10.0).map(|x| x as i64).collect(), &self.shape),
            Dtype::F64 => array(values, &self.shape),
            _ => array(values.iter().map(|&x| x as f32).collect(), &self.shape),
        }
    }
}

fn array<T: Sample>(samples: Vec<T>, shape: &[usize]) -> AnyArray
where
    AnyArray: From<Array<T>>,
{
    Array::new(samples, shape).expect("as many samples as the shape has").into()
}

fn word<T: std::str::FromStr>(text: &str, name: &str) -> T {
    text.parse().unwrap_or_else(|_| panic!("{name}: what is {text}?"))
}

fn extents(text: &str) -> Vec<usize> {
    text.split('x').map(|n| n.parse().unwrap_or_else(|_| panic!("{text}: extents such as 512x512"))).collect()
}

fn weights(kind: &str, dtype: Dtype, extent: &[usize], sigma: f64) -> Result<Kernel> {
    let count: usize = extent.iter().product();
    let mut random = Random::default();
    match kind {
        "gauss" => {
            let half = (extent[0] / 2) as f64;
            let bell: Vec<f64> = (0..extent[0]).map(|i| (-0.5 * ((i as f64 - half) / sigma).powi(2)).exp()).collect();
            let sum = bell.iter().sum::<f64>().powi(extent.len() as i32);
            let product = |place: usize| digits(place, extent).map(|i| bell[i]).product::<f64>() / sum;
            Kernel::real(extent, (0..count).map(product).collect())
        }
        "box" => faltung::kernel::boxcar(extent),
        "image" | "volume" => {
            let raw: Vec<f64> = (0..count).map(|_| random.next() + 1.2).collect();
            let sum: f64 = raw.iter().sum();
            Kernel::real(extent, raw.iter().map(|w| w / sum).collect())
        }
        _ if dtype.is_integer() => Kernel::whole(extent, (0..count).map(|_| (random.next() * 4.0) as i128).collect()),
        _ => Kernel::real(extent, (0..count).map(|_| random.next()).collect()),
    }
}

/// The indices of a place in a dense array, fastest axis first.
fn digits(place: usize, shape: &[usize]) -> impl Iterator<Item = usize> {
    shape.iter().rev().scan(place, |rest, &n| {
        let digit = *rest % n;
        *rest /= n;
        Some(digit)
    })
}

/// Numbers between -1 and 1 that look random and are the same each time.
pub(crate) struct Random(u64);

impl Default for Random {
    fn default() -> Self {
        Random(88_172_645_463_325_252)
    }
}

impl Random {
    pub(crate) fn next(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    }
}

/// Least seconds of a call, of as many as fit into the time but at least three. Short calls are timed many together, so that the
/// clock's own steps do not count.
pub(crate) fn least(budget: Duration, mut call: impl FnMut()) -> f64 {
    const TOGETHER: f64 = 2e-5;
    let start = Instant::now();
    call();
    let first = start.elapsed().as_secs_f64();
    let batch = (TOGETHER / first.max(1e-8)).clamp(1.0, 1e4) as usize;
    let mut least = f64::INFINITY;
    let mut rounds = 0;
    while rounds < 2 || start.elapsed() < budget {
        let before = Instant::now();
        for _ in 0..batch {
            call();
        }
        least = least.min(before.elapsed().as_secs_f64() / batch as f64);
        rounds += 1;
    }
    least
}

/// The words given to a program: `--only PARTS` and the rest.
///
/// Cargo adds `--bench`.
pub(crate) struct Wanted {
    only: Option<String>,
    pub(crate) quick: bool,
}

impl Wanted {
    pub(crate) fn read() -> Wanted {
        let mut words = std::env::args().skip(1).filter(|word| word != "--bench");
        let mut wanted = Wanted { only: None, quick: false };
        while let Some(text) = words.next() {
            match text.as_str() {
                "--only" => wanted.only = Some(words.next().expect("--only PARTS")),
                "--quick" => wanted.quick = true,
                _ => panic!("{text}: --only PARTS, --quick"),
            }
        }
        wanted
    }

    /// Whether a name has all parts of `--only`, between `.*`, in their order.
    pub(crate) fn takes(&self, name: &str) -> bool {
        let Some(only) = &self.only else { return true };
        let found = only.split(".*").try_fold(name, |rest, part| rest.find(part).map(|at| &rest[at + part.len()..]));
        found.is_some()
    }
}
