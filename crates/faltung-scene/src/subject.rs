//! What is to be explained: an input, a kernel, the options, and what things are called.

use faltung::{
    AnyArray, AnyView, Dtype, Kernel, Number, Spec,
    trace::{Trace, Tracer},
};

use crate::{
    Error, Result,
    number::{exact, exact_single, shortened},
};

/// A convolution or correlation to be explained.
///
/// It holds no copy of the input: samples are looked up where a view shows them, so an input may be of any length.
///
/// ```
/// use faltung::Spec;
/// use faltung_scene::{Subject, View};
/// let article = Subject::new(&[3, 0, 5, 0, 2, 1], &[5, 4, 3, 2, 1], &Spec::new())?;
/// assert_eq!(View::Stage.scene(&article, &[4])?.title, "(f*g)(4) = 28");
/// # Ok::<(), faltung_scene::Error>(())
/// ```
pub struct Subject<'x> {
    tracer: Tracer,
    kernel: Kernel,
    spec: Spec,
    sample: Box<Lookup<'x>>,
    dtype: Dtype,
    words: Words,
}

/// Finds the sample at an index of the input.
type Lookup<'x> = dyn Fn(&[usize]) -> Result<Number> + 'x;

impl<'x> Subject<'x> {
    /// Of an array.
    ///
    /// # Errors
    /// Whatever the engine says of the shapes and options.
    pub fn new(x: impl Into<AnyView<'x>>, kernel: impl Into<Kernel>, spec: &Spec) -> Result<Subject<'x>> {
        let x = x.into();
        let (shape, dtype) = (x.geometry().shape().to_vec(), x.dtype());
        Subject::by(&shape, dtype, kernel, spec, move |index| Ok(x.number(index)))
    }

    /// Of samples that `sample` finds, wherever they are: for an input that does not fit into memory.
    ///
    /// # Errors
    /// Whatever the engine says of the shapes and options.
    ///
    /// ```
    /// use faltung::{Dtype, Number, Spec};
    /// use faltung_scene::{Subject, View};
    /// let ramp = |index: &[usize]| Ok(Number::Whole(index[0] as i128));
    /// let long = Subject::by(&[1 << 40], Dtype::I64, &[1, -1], &Spec::new(), ramp)?;
    /// assert_eq!(View::Stage.scene(&long, &[1 << 39])?.title, "(f*g)(549755813888) = 1");
    /// # Ok::<(), faltung_scene::Error>(())
    /// ```
    pub fn by(
        shape: &[usize],
        dtype: Dtype,
        kernel: impl Into<Kernel>,
        spec: &Spec,
        sample: impl Fn(&[usize]) -> Result<Number> + 'x,
    ) -> Result<Subject<'x>> {
        let kernel = kernel.into();
        let tracer = Tracer::new(shape, &kernel, spec)?;
        let sample = Box::new(sample);
        Ok(Subject { tracer, kernel, spec: spec.clone(), sample, dtype, words: Words::default() })
    }

    /// The same with other words.
    ///
    /// ```
    /// use faltung::Spec;
    /// use faltung_scene::{Subject, Words};
    /// let letters = Words { input: "x".into(), kernel: "h".into(), ..Words::default() };
    /// let subject = Subject::new(&[1, 2], &[1, 1], &Spec::new())?.called(letters);
    /// assert_eq!(faltung_scene::View::Terms.scene(&subject, &[1])?.title, "(x*h)(1) = 3");
    /// # Ok::<(), faltung_scene::Error>(())
    /// ```
    pub fn called(self, words: Words) -> Self {
        Subject { words, ..self }
    }

    /// What traces it.
    ///
    /// ```
    /// use faltung::Spec;
    /// let subject = faltung_scene::Subject::new(&[1, 2], &[1, 1], &Spec::new())?;
    /// assert_eq!(subject.tracer().output_shape()[..], [3]);
    /// # Ok::<(), faltung_scene::Error>(())
    /// ```
    pub fn tracer(&self) -> &Tracer {
        &self.tracer
    }

    /// All terms of the output at `at`.
    ///
    /// # Errors
    /// As [`Tracer::trace_by`], and whatever is wrong with a sample.
    ///
    /// ```
    /// use faltung::{Number, Spec};
    /// let subject = faltung_scene::Subject::new(&[1, 2], &[1, 1], &Spec::new())?;
    /// assert_eq!(subject.trace(&[1])?.sum, Number::Whole(3));
    /// # Ok::<(), faltung_scene::Error>(())
    /// ```
    pub fn trace(&self, at: &[isize]) -> Result<Trace> {
        self.tracer.trace_by(at, |index| self.sample(index))
    }

    /// All samples of the input, as numbers of the simplest type.
    ///
    /// # Errors
    /// Whatever is wrong with a sample.
    ///
    /// ```
    /// use faltung::{Dtype, Spec};
    /// let subject = faltung_scene::Subject::new(&[1, 2], &[1, 1], &Spec::new())?;
    /// assert_eq!(subject.input()?.dtype(), Dtype::I64);
    /// # Ok::<(), faltung_scene::Error>(())
    /// ```
    pub fn input(&self) -> Result<AnyArray> {
        let shape = self.tracer.input_shape();
        let mut index = vec![0; shape.len()];
        let count = shape.iter().product();
        let mut numbers = Vec::with_capacity(count);
        for place in 0..count {
            let mut rest = place;
            for (at, extent) in index.iter_mut().zip(shape).rev() {
                (*at, rest) = (rest % extent, rest / extent);
            }
            numbers.push(self.sample(&index)?);
        }
        Ok(AnyArray::simplest(&numbers, shape)?)
    }

    /// The kernel.
    pub fn kernel(&self) -> &Kernel {
        &self.kernel
    }

    /// The options.
    pub fn spec(&self) -> &Spec {
        &self.spec
    }

    /// The same input and kernel under other options.
    pub(crate) fn under(&self, spec: &Spec) -> Result<Tracer> {
        Ok(Tracer::new(self.tracer.input_shape(), &self.kernel, spec)?)
    }

    pub(crate) fn sample(&self, index: &[usize]) -> Result<Number> {
        (self.sample)(index)
    }

    pub(crate) fn words(&self) -> &Words {
        &self.words
    }

    /// Whether samples or weights are complex.
    pub(crate) fn is_complex(&self) -> bool {
        self.dtype.is_complex() || self.kernel.is_complex()
    }

    /// How many axes are slid along.
    pub(crate) fn slid(&self) -> usize {
        self.tracer.sizes().len()
    }

    /// A sample, a product or a sum in the fewest digits that tell it in the precision of the data: exactly, but for single
    /// precision and less, where products and sums are rounded to singles, as a result is stored.
    pub(crate) fn told(&self, number: Number) -> String {
        match self.dtype {
            Dtype::F16 | Dtype::Bf16 | Dtype::F32 | Dtype::C64 => exact_single(number),
            _ => exact(number),
        }
    }

    /// The same for a label.
    pub(crate) fn labelled(&self, number: Number) -> String {
        shortened(self.told(number), number)
    }

    /// The same for a cell among many: whole numbers exact, others as for a label. The cell's value has all digits.
    pub(crate) fn compact(&self, number: Number) -> String {
        match number {
            Number::Whole(n) => n.to_string(),
            other => self.labelled(other),
        }
    }

    /// An output that is worth looking at where none is named: the first whose whole window lies within the signal, else
    /// that in the middle.
    ///
    /// ```
    /// use faltung::Spec;
    /// let article = faltung_scene::Subject::new(&[3, 0, 5, 0, 2, 1], &[5, 4, 3, 2, 1], &Spec::new())?;
    /// assert_eq!(article.natural_place(), [4]);
    /// # Ok::<(), faltung_scene::Error>(())
    /// ```
    pub fn natural_place(&self) -> Vec<isize> {
        let mut place: Vec<isize> = self.tracer.output_shape().iter().map(|_| 0).collect();
        for size in self.tracer.sizes() {
            let first = size.before.div_ceil(size.stride);
            let within = first * size.stride + size.span <= size.before + size.signal;
            let middle = size.out.saturating_sub(1) / 2;
            place[size.axis] = if within && first < size.out { first } else { middle } as isize;
        }
        place
    }
}

/// What things are called.
///
/// ```
/// use faltung_scene::Words;
/// assert_eq!((Words::default().unit, Words::likes().unit), ("samples".to_string(), "hours".to_string()));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// The letter of the input.
    pub input: String,
    /// The letter of the kernel.
    pub kernel: String,
    /// What time, or place, is counted in.
    pub unit: String,
    /// What the input's values are.
    pub input_values: String,
    /// What the weights are.
    pub weights: String,
    /// What the output's values are.
    pub output_values: String,
}

impl Default for Words {
    /// `f` and `g` over samples.
    fn default() -> Self {
        Words::new(["f", "g", "samples", "input", "weights", "output"])
    }
}

impl Words {
    /// Posts, and the likes that each gets hour by hour.
    ///
    /// ```
    /// assert_eq!(faltung_scene::Words::likes().output_values, "likes in the hour");
    /// ```
    pub fn likes() -> Words {
        Words::new(["f", "g", "hours", "posts", "likes per post", "likes in the hour"])
    }

    fn new(words: [&str; 6]) -> Words {
        let [input, kernel, unit, input_values, weights, output_values] = words.map(str::to_owned);
        Words { input, kernel, unit, input_values, weights, output_values }
    }
}

impl std::fmt::Debug for Subject<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Subject").field("tracer", &self.tracer).field("words", &self.words).finish_non_exhaustive()
    }
}

/// The refusal of a view.
pub(crate) fn unfit(view: &'static str, problem: impl Into<String>, advice: impl Into<String>) -> Error {
    Error::Unfit { view, problem: problem.into(), advice: advice.into() }
}
