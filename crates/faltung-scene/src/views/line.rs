//! One axis slid along: which samples and outputs are shown, where the kernel stands, and what all that is called.
//!
//! Horizontally everything stands where it meets: sample `tau` at `tau`, and the output `t` where the kernel's weight 0 is then,
//! its *origin*. In a full convolution that is `t` itself. So a vertical line reads through all panels, also in other modes and
//! with strides.

use faltung::{
    Boundary, Error, Number, Operation,
    trace::{Origin, Size, Term, Trace, Tracer},
};

use crate::{
    Result, Subject,
    number::{exact, factor},
    subject::unfit,
};

/// Most outputs, and most samples, that are shown at once. Of more, those near the place are.
const MOST_OUTPUTS: isize = 40;
const MOST_SAMPLES: isize = 60;
/// Of a long signal: outputs shown before and after the place, and samples of the window.
const NEAR: isize = 12;
const LONGEST_WINDOW: isize = 32;

/// A line of a subject, at some place of its other axes.
pub(super) struct Line<'s> {
    pub(super) subject: &'s Subject<'s>,
    /// The subject's own tracer, or one under other options.
    tracer: Option<Tracer>,
    pub(super) size: Size,
    at: Vec<isize>,
    /// The first and the last sample shown, with one place of room.
    pub(super) samples: (isize, isize),
    /// The first and the last output shown.
    pub(super) outputs: (isize, isize),
    /// Whether some are not shown.
    pub(super) cut: bool,
}

/// Whether a line can be drawn: one axis slid along, real numbers, nothing summed over channels or put between samples.
pub(super) fn fits(subject: &Subject<'_>) -> bool {
    why_not(subject).is_none()
}

fn why_not(subject: &Subject<'_>) -> Option<&'static str> {
    match subject.tracer().sizes() {
        _ if subject.is_complex() => Some("draws real numbers, and these are complex"),
        _ if subject.tracer().channels() > 1 => Some("shows one channel, and these outputs sum over several"),
        [size] if size.upsample > 1 => Some("shows no zeros between samples, and this signal is upsampled"),
        [_] => None,
        _ => Some("is for one axis slid along, and there are others"),
    }
}

impl<'s> Line<'s> {
    /// The line through the output at `at`, and the output's place along it.
    pub(super) fn new(view: &'static str, subject: &'s Subject<'_>, at: &[isize]) -> Result<(Line<'s>, isize)> {
        Line::of(view, subject, None, at)
    }

    /// The same under other options.
    pub(super) fn under(
        view: &'static str,
        subject: &'s Subject<'_>,
        spec: &faltung::Spec,
        at: &[isize],
    ) -> Result<(Line<'s>, isize)> {
        let tracer = subject.under(spec)?;
        Line::of(view, subject, Some(tracer), at)
    }

    fn of(
        view: &'static str,
        subject: &'s Subject<'_>,
        tracer: Option<Tracer>,
        at: &[isize],
    ) -> Result<(Line<'s>, isize)> {
        if let Some(problem) = why_not(subject) {
            return Err(unfit(view, problem, "choose view terms, which lists all terms"));
        }
        let used = tracer.as_ref().unwrap_or(subject.tracer());
        let size = used.sizes()[0].clone();
        let refuse = |problem| {
            let (position, shape) = (at.to_vec(), used.output_shape().to_vec());
            Err(Error::Position { position, shape, problem }.into())
        };
        let Some(&t) = at.get(size.axis) else { return refuse("give one number for each axis of the result") };
        if !(-1..=size.out as isize).contains(&t) {
            return refuse("give one within it, or the next to either end");
        }
        let mut line = Line { subject, tracer, size, at: at.to_vec(), samples: (0, 0), outputs: (0, 0), cut: false };
        line.choose(t);
        line.output(t)?; // whatever is wrong with the other axes, and with the samples
        Ok((line, t))
    }

    /// Chooses what is shown: everything, or what is near the output `t`.
    fn choose(&mut self, t: isize) {
        let (len, out) = (self.size.len as isize, self.size.out as isize);
        self.outputs = (-1, out);
        let (first, last) = (self.window(-1).0.min(0), self.window(out).1.max(len - 1));
        self.samples = (first - 1, last + 1);
        if out <= MOST_OUTPUTS && last - first < MOST_SAMPLES {
            return;
        }
        self.cut = true;
        let near = (NEAR / self.size.stride as isize).max(2);
        self.outputs = ((t - near).max(-1), (t + near).min(out));
        let reach = (self.size.span as isize - 1).min(LONGEST_WINDOW);
        let (first, last) = (self.origin(self.outputs.0), self.origin(self.outputs.1));
        self.samples = match self.tracer().operation() {
            Operation::Convolve => (first - reach - 1, last + 1),
            Operation::Correlate => (first - 1, last + reach + 1),
        };
    }

    pub(super) fn tracer(&self) -> &Tracer {
        self.tracer.as_ref().unwrap_or(self.subject.tracer())
    }

    /// The first and the last sample that output `t` is made of.
    pub(super) fn window(&self, t: isize) -> (isize, isize) {
        let first = t * self.size.stride as isize - self.size.before as isize;
        (first, first + self.size.span as isize - 1)
    }

    /// Where the kernel's weight 0 stands for output `t`.
    pub(super) fn origin(&self, t: isize) -> isize {
        let (first, last) = self.window(t);
        match self.tracer().operation() {
            Operation::Convolve => last,
            Operation::Correlate => first,
        }
    }

    /// The terms of output `t`.
    pub(super) fn trace(&self, t: isize) -> Result<Trace> {
        let mut at = self.at.clone();
        at[self.size.axis] = t;
        self.tracer().trace_by(&at, |index| self.subject.sample(index))
    }

    /// Output `t` with those of its terms whose samples are shown.
    pub(super) fn opened(&self, t: isize) -> Result<Opened> {
        let mut at = self.at.clone();
        at[self.size.axis] = t;
        let mut terms = Vec::new();
        let mut told = Told::default();
        let mut is_padded = false;
        let visit = |term: Term| {
            told.add(self.subject, &term);
            is_padded |= matches!(term.origin, Origin::Virtual { .. });
            if self.shows_sample(self.met(&term).0) {
                terms.push(term);
            }
        };
        let sum = self.tracer().walk(&at, |index| self.subject.sample(index), visit)?;
        Ok(Opened { sum, terms, is_padded, told: told.sum(self.subject, sum) })
    }

    /// Output `t` alone.
    pub(super) fn output(&self, t: isize) -> Result<Number> {
        let mut at = self.at.clone();
        at[self.size.axis] = t;
        self.tracer().walk(&at, |index| self.subject.sample(index), |_| {})
    }

    /// Which sample of the signal stands at `tau`: itself, another one, or none where a constant does.
    pub(super) fn source(&self, tau: isize) -> Option<usize> {
        self.size.boundary.source(tau, self.size.len)
    }

    /// Whether the signal itself has a sample there.
    pub(super) fn is_inside(&self, tau: isize) -> bool {
        (0..self.size.len as isize).contains(&tau)
    }

    /// The sample at `tau`, also beyond the ends.
    pub(super) fn sample(&self, tau: isize) -> Result<Number> {
        match (self.source(tau), self.size.boundary) {
            (Some(source), _) => {
                let mut index: Vec<usize> = self.at.iter().map(|&i| i as usize).collect();
                index[self.size.axis] = source;
                self.subject.sample(&index)
            }
            (None, Boundary::Constant(c)) => Ok(c),
            (None, _) => unreachable!("only constants have no source"),
        }
    }

    /// The sample of a term, and its weight, by their numbers along the line.
    pub(super) fn met(&self, term: &Term) -> (isize, usize) {
        (term.at[self.size.axis], *term.weight_at.last().expect("a kernel has an axis"))
    }

    pub(super) fn shows_sample(&self, tau: isize) -> bool {
        (self.samples.0..=self.samples.1).contains(&tau)
    }

    /// Whether beyond the ends there is anything but zeros.
    pub(super) fn is_extended(&self) -> bool {
        !self.size.boundary.is_zero()
    }

    /// Whether an output is one of the result, and not cropped off or beyond it.
    pub(super) fn is_output(&self, t: isize) -> bool {
        (0..self.size.out as isize).contains(&t)
    }
}

/// What things are called along the line.
impl Line<'_> {
    /// `f(3)`, or in a signal of several axes `f` with the whole index.
    pub(super) fn sample_name(&self, tau: isize) -> String {
        format!("{}({tau})", self.subject.words().input)
    }

    /// The kernel as a function of `tau` for output `t`: `g(4-τ)`, and `g(τ-4)` where it is not turned round.
    pub(super) fn kernel_name(&self, t: isize) -> String {
        let (letter, origin) = (&self.subject.words().kernel, self.origin(t));
        let inside = match (self.tracer().operation(), origin) {
            (Operation::Convolve, _) => format!("{origin}-τ"),
            (Operation::Correlate, 0) => "τ".to_owned(),
            (Operation::Correlate, 1..) => format!("τ-{origin}"),
            (Operation::Correlate, _) => format!("τ+{}", -origin),
        };
        match self.size.dilation {
            1 => format!("{letter}({inside})"),
            dilation => format!("{letter}(({inside})/{dilation})"),
        }
    }

    /// The sign between the two letters.
    fn sign(&self) -> &'static str {
        match self.tracer().operation() {
            Operation::Convolve => "*",
            Operation::Correlate => "⋆",
        }
    }

    /// The output, `(f*g)(4)`; where outputs are counted otherwise `y(4) = (f*g)(6)`, and where it is more than that `y(4)`.
    pub(super) fn output_name(&self, t: isize) -> String {
        let words = self.subject.words();
        let origin = self.origin(t);
        let whole = format!("({}{}{})", words.input, self.sign(), words.kernel);
        match () {
            () if self.is_extended() || self.size.dilation > 1 => format!("y({t})"),
            () if origin == t => format!("{whole}({t})"),
            () => format!("y({t}) = {whole}({origin})"),
        }
    }

    /// The output as a function: `(f*g)(t)` or `y(t)`.
    pub(super) fn output_function(&self) -> String {
        let words = self.subject.words();
        match self.is_extended() || self.size.dilation > 1 || self.origin(0) != 0 || self.size.stride > 1 {
            true => "y(t)".to_owned(),
            false => format!("({}{}{})(t)", words.input, self.sign(), words.kernel),
        }
    }

    /// `τ (hours, input time)`.
    pub(super) fn input_axis(&self) -> String {
        format!("τ ({}, input time)", self.subject.words().unit)
    }

    /// `t (hours, output time)`.
    pub(super) fn output_axis(&self) -> String {
        format!("t ({}, output time)", self.subject.words().unit)
    }

    /// What a virtual sample is: `f(-2) = f(1)`, or `f(-2) = 0 (constant)`.
    pub(super) fn virtual_name(&self, tau: isize) -> String {
        let letter = &self.subject.words().input;
        match (self.source(tau), self.size.boundary) {
            (Some(source), _) => format!("{letter}({source})"),
            (None, Boundary::Constant(c)) => exact(c),
            (None, _) => unreachable!("only constants have no source"),
        }
    }

    /// What is not shown, if anything is not.
    pub(super) fn told_cut(&self) -> Option<String> {
        let (first, last) = (self.outputs.0.max(0), self.outputs.1.min(self.size.out as isize - 1));
        self.cut.then(|| {
            format!("Shown are outputs {first} to {last} of 0 to {}, and the samples near.", self.size.out - 1)
        })
    }

    /// How far the kernel overlaps the signal, in words.
    pub(super) fn overlap(&self, t: isize) -> String {
        let (first, last) = self.window(t);
        let (len, dilation) = (self.size.len as isize, self.size.dilation as isize);
        let inside = (0..self.size.kernel as isize).filter(|k| self.is_inside(first + k * dilation)).count();
        let all = self.size.kernel;
        match inside {
            0 if last < 0 => "No overlap yet.".to_owned(),
            0 if first >= len => "No overlap any more.".to_owned(),
            0 => "No weight meets a sample.".to_owned(),
            _ if inside == all => format!("Full overlap: all {all} weights meet the signal."),
            _ if first < 0 && last >= len => {
                format!("The kernel is wider than the signal: {inside} of {all} weights meet it.")
            }
            _ if first < 0 => format!("Entering: {inside} of {all} weights meet the signal."),
            _ => format!("Leaving: {inside} of {all} weights meet the signal."),
        }
    }
}

/// One output, and what is shown of it.
pub(super) struct Opened {
    pub(super) sum: Number,
    /// The terms whose samples are shown.
    pub(super) terms: Vec<Term>,
    /// Whether a virtual sample has a part in it.
    pub(super) is_padded: bool,
    /// The sum as a sentence: `3·1 + 5·3 + 2·5 = 28`.
    pub(super) told: String,
}

/// The sum of one output as a sentence: `3·1 + 5·3 + 2·5 = 28`, terms of zero left out.
pub(super) fn sum(subject: &Subject<'_>, trace: &Trace) -> String {
    let mut told = Told::default();
    trace.terms.iter().for_each(|term| told.add(subject, term));
    told.sum(subject, trace.sum)
}

/// The terms of a sentence, as many as it tells.
#[derive(Default)]
struct Told {
    products: Vec<String>,
    more: usize,
}

impl Told {
    const MOST: usize = 12;

    fn add(&mut self, subject: &Subject<'_>, term: &Term) {
        match term.product.is_zero() {
            true => {}
            false if self.products.len() < Told::MOST => self.products.push(product(subject, term)),
            false => self.more += 1,
        }
    }

    fn sum(mut self, subject: &Subject<'_>, sum: Number) -> String {
        if self.more > 0 {
            self.products.push(format!("{} more", self.more));
        }
        match self.products.is_empty() {
            true => subject.told(sum),
            false => format!("{} = {}", self.products.join(" + "), subject.told(sum)),
        }
    }
}

/// `5·3`.
pub(super) fn product(subject: &Subject<'_>, term: &Term) -> String {
    format!("{}·{}", factor(&subject.told(term.sample)), factor(&exact(term.weight)))
}
