//! Continuous time: the stage of a convolution of two formulas, at any `t`.
//!
//! Four panels over one another as for samples, but with curves: `f(τ)`; `g(t-τ)`, turned round and shifted; their product, whose
//! area is the value; and the result, drawn out up to `t`. Jumps are gaps with a filled dot at the value that is taken, impulses
//! are arrows as high as their weight. What is told of the place is the convolution's own [`Trace`].

mod curve;
mod parts;
mod reach;
mod samples;

use faltung::Number;
use faltung_continuous::{Convolution, Impulse, Method, Signal, System, Trace, convolve};

use super::axes::{heights, span};
use crate::{
    Arrange, Error, Figure, Film, Label, Link, Mark, Panel, Part, Place, Result, Role, Scene, Shape,
    number::{brief, equals},
};
use curve::{Curve, by_sign};
use parts::known;
use reach::{Ends, reach};

/// The most scenes of a film.
const FRAMES: usize = 48;

/// A convolution in continuous time to be explained.
///
/// ```
/// use faltung_scene::Continuous;
/// let pulse = "rect(t)".parse()?;
/// let stage = Continuous::new(pulse, "exp(-t)*step(t)".parse()?)?;
/// let scene = stage.scene(0.25)?;
/// assert_eq!(scene.title, "(f*g)(0.25) ≈ 0.5276"); // charged for 3/4: 1 - exp(-3/4)
/// # Ok::<(), faltung_scene::Error>(())
/// ```
#[derive(Debug)]
pub struct Continuous {
    whole: Convolution,
    /// The least and the largest `t` shown, and the least and the largest `τ`.
    outputs: (f64, f64),
    shown: (f64, f64),
    input: Curve,
    result: Curve,
    /// The ends of vertical axes: of the input, the kernel and the result.
    heights: [Vec<f64>; 3],
    /// What sampling makes of it, if that was asked for.
    beside: Option<String>,
}

impl Continuous {
    /// The convolution of two signals, shown where something happens.
    ///
    /// # Errors
    /// [`Error::Continuous`] if the integral diverges.
    pub fn new(f: Signal, g: Signal) -> Result<Continuous> {
        let whole = convolve(&f, &g)?;
        let outputs = reach(&Ends::of_result(&whole));
        Ok(Continuous::over(whole, outputs, None))
    }

    /// The same over other `t`; an end that is not given stays.
    ///
    /// # Errors
    /// [`Error::Unfit`] unless the first comes before the last.
    ///
    /// ```
    /// use faltung_scene::Continuous;
    /// let stage = Continuous::new("rect(t)".parse()?, "rect(t)".parse()?)?;
    /// assert_eq!(stage.outputs(), (-1.25, 1.25));
    /// assert_eq!(stage.within(Some(-2.0), None)?.outputs(), (-2.0, 1.25));
    /// # Ok::<(), faltung_scene::Error>(())
    /// ```
    pub fn within(self, from: Option<f64>, to: Option<f64>) -> Result<Continuous> {
        let outputs = (from.unwrap_or(self.outputs.0), to.unwrap_or(self.outputs.1));
        let length = outputs.1 - outputs.0;
        if !(length > 0.0 && length.is_finite() && length > 1e-9 * outputs.0.abs().max(outputs.1.abs())) {
            let problem =
                format!("needs a range whose end lies after its beginning, and has {} to {}", outputs.0, outputs.1);
            return Err(Error::Unfit { view: "continuous", problem, advice: "choose other ends".to_owned() });
        }
        Ok(Continuous::over(self.whole, outputs, self.beside))
    }

    /// The same with a place that may lie beyond what is shown.
    ///
    /// # Errors
    /// [`Error::Unfit`] if that leaves no range.
    pub fn reaching(self, t: Option<f64>) -> Result<Continuous> {
        let (first, last) = self.outputs;
        self.within(t.filter(|t| *t < first), t.filter(|t| *t > last))
    }

    fn over(whole: Convolution, outputs: (f64, f64), beside: Option<String>) -> Continuous {
        let (f, g) = whole.operands();
        let (from, to) = reach(&Ends::of(f));
        let shown = (outputs.0.min(from), outputs.1.max(to));
        let (input, result) = (Curve::of(f, shown), Curve::of_result(&whole, outputs));
        let kernel = Curve::of(g, reach(&Ends::of(g)));
        let heights = [input.heights(f.impulses()), kernel.heights(g.impulses()), result.heights(whole.impulses())];
        Continuous { whole, outputs, shown, input, result, heights, beside }
    }

    /// The same with a note on what sampling both signals so far apart makes of it: computed by the engine, with the factor that sums
    /// lack.
    ///
    /// # Errors
    /// [`Error::Unfit`] for more than a million samples, [`Error::Continuous`] where a signal is infinite at a sample.
    ///
    /// ```
    /// use faltung_scene::{Continuous, Part};
    /// let stage = Continuous::new("tri(t)".parse()?, "tri(t)".parse()?)?.beside_samples(0.01)?;
    /// let Some(Part::Note(note)) = stage.scene(0.5)?.parts.pop() else { unreachable!() };
    /// assert!(note.starts_with("Sampled every 0.01, "));
    /// # Ok::<(), faltung_scene::Error>(())
    /// ```
    pub fn beside_samples(self, spacing: f64) -> Result<Continuous> {
        let beside = Some(samples::beside(&self.whole, self.outputs, spacing)?);
        Ok(Continuous { beside, ..self })
    }

    /// The least and the largest `t` shown.
    pub fn outputs(&self) -> (f64, f64) {
        self.outputs
    }

    /// The convolution itself.
    pub fn convolution(&self) -> &Convolution {
        &self.whole
    }

    /// What makes up the value at `t`.
    ///
    /// # Errors
    /// [`Error::Continuous`] if quadrature finds no value there.
    pub fn trace(&self, t: f64) -> Result<Trace> {
        Ok(self.whole.trace(t)?)
    }

    /// A `t` that is worth looking at where none is named: a round number past the middle.
    pub fn natural_place(&self) -> f64 {
        let (from, to) = self.outputs;
        let step = 10f64.powf(((to - from) / 4.0).log10().floor()) / 2.0;
        ((from + 0.6 * (to - from)) / step).round() * step
    }

    /// The scene of the value at `t`.
    ///
    /// # Errors
    /// [`Error::Continuous`] if there is no value.
    pub fn scene(&self, t: f64) -> Result<Scene> {
        let trace = self.trace(t)?;
        let title = format!("(f*g)({t}) {}", equals(&told(known(trace.value))));
        let sentence = parts::sentence(&self.whole, &trace);
        let overlap = parts::overlap(&trace);
        let system = System::new(self.whole.operands().1.clone());
        let parts = [
            Part::Sentence(sentence.clone()),
            Part::Sentence(overlap.clone()),
            Part::Figure(self.figure(&trace)),
            Part::Table(parts::formulas(&self.whole)),
            Part::Table(parts::overlaps(&trace)),
            Part::Table(parts::values(&self.whole, self.outputs, t)),
            Part::Note(parts::certainty(&self.whole, &trace)),
            Part::Note(format!("As an impulse response g is {}.", system.alignment())),
        ];
        let parts = parts.into_iter().chain(self.beside.clone().map(Part::Note)).collect();
        let description = format!("{title}. {sentence} {overlap}");
        Ok(Scene { title, place: format!("t = {t}"), description, parts })
    }

    /// Scenes at round numbers, equally far apart, and that at `t`, which is chosen.
    ///
    /// # Errors
    /// As [`scene`](Self::scene).
    pub fn film(&self, t: f64) -> Result<Film> {
        let places = parts::places(self.outputs, FRAMES, t);
        let chosen = places.iter().position(|place| *place == t).unwrap_or(0);
        let scenes = places.into_iter().map(|t| self.scene(t)).collect::<Result<_>>()?;
        Ok(Film { title: "(f*g)(t) = ∫ f(τ) g(t-τ) dτ".to_owned(), scenes, chosen })
    }

    fn figure(&self, trace: &Trace) -> Figure {
        let t = trace.t;
        let time = || span("τ (time, input)", self.shown);
        let (f, g) = self.whole.operands();
        let turned = turned(g, t);
        let kernel = Curve::of(&turned, self.shown);
        let product = Curve::of_product(f, &turned, self.shown);
        let panel =
            |id: &str, title: &str, x, y, marks| Panel { id: id.to_owned(), title: title.to_owned(), x, y, marks };
        let [input_heights, kernel_heights, output_heights] = &self.heights;
        let values = |all: &[f64]| heights("value", all.iter().copied());
        // Whatever the place, products are no larger than these.
        let products = input_heights.iter().flat_map(|a| kernel_heights.iter().map(move |b| a * b));
        let name = format!("g({t}-τ)");
        let panels = vec![
            panel(
                "input",
                "f(τ)",
                time(),
                values(input_heights),
                function("input", &self.input, f, Role::Input, false),
            ),
            panel("kernel", &name, time(), values(kernel_heights), self.kernel_marks(&kernel, &turned, t)),
            panel(
                "product",
                &format!("f(τ)·{name}"),
                time(),
                heights("product", products),
                self.product_marks(&product, trace),
            ),
            panel(
                "output",
                "(f*g)(t)",
                span("t (time, output)", self.shown),
                values(&[&output_heights[..], &[finite(trace.value.value)]].concat()),
                self.output_marks(trace),
            ),
        ];
        let description = format!(
            "Four panels over one another: f(τ); {name}, which is g turned round, with its time 0 at τ = {t}; their product; and \
             the result, drawn out up to t = {t}. The area of the product{} is {}.",
            if trace.terms.is_empty() { "" } else { ", with what impulses pick out," },
            told(known(trace.value)),
        );
        let links = vec![Link { from: "sum".to_owned(), to: "marker".to_owned() }];
        Figure { id: "continuous".to_owned(), description, arrange: Arrange::Column, panels, links }
    }

    /// The turned function, and a handle at its time 0.
    fn kernel_marks(&self, curve: &Curve, turned: &Signal, t: f64) -> Vec<Mark> {
        let mut marks = function("kernel", curve, turned, Role::Kernel, true);
        if (self.shown.0..=self.shown.1).contains(&t) {
            let label = Label { text: format!("t = {t}"), place: Place::Axis, optional: false };
            marks.push(Mark { label: Some(label), ..mark("handle", Shape::Handle { x: t }, Role::Marker, Some(t)) });
        }
        marks
    }

    /// The area under the product, what impulses pick out, and a bracket with the sum of all.
    fn product_marks(&self, product: &Curve, trace: &Trace) -> Vec<Mark> {
        let mut marks = Vec::new();
        for (k, (points, is_negative)) in product.runs().iter().flat_map(|run| by_sign(run)).enumerate() {
            let role = if is_negative { Role::Negative } else { Role::Positive };
            marks.push(mark(&format!("area-{k}"), Shape::Area { points: points.clone() }, role, None));
            marks.push(mark(&format!("edge-{k}"), Shape::Curve { points }, role, None));
        }
        for (k, term) in trace.terms.iter().enumerate() {
            let product = finite(term.weight * term.factor);
            let role = if product < 0.0 { Role::Negative } else { Role::Positive };
            let text = told(product);
            let label = Label { text, place: Place::End, optional: true };
            let shape = Shape::Arrow { x: term.tau, weight: product };
            marks.push(Mark { label: Some(label), ..mark(&format!("term-{k}"), shape, role, Some(product)) });
        }
        let places = trace.overlaps.iter().flat_map(|overlap| [overlap.from, overlap.to]);
        let places =
            places.chain(trace.terms.iter().map(|term| term.tau)).map(|at| at.clamp(self.shown.0, self.shown.1));
        let (from, to) = places.fold((f64::MAX, f64::MIN), |(from, to), at| (from.min(at), to.max(at)));
        let middle = trace.t.clamp(self.shown.0, self.shown.1);
        let (from, to) = if from <= to { (from, to) } else { (middle, middle) };
        let room = 0.01 * (self.shown.1 - self.shown.0);
        let label = Label { text: parts::total(trace), place: Place::Axis, optional: false };
        let shape = Shape::Bracket { from: from - room, to: to + room, line: 0 };
        marks.push(Mark { label: Some(label), ..mark("sum", shape, Role::Marker, Some(trace.value.value)) });
        marks
    }

    /// The result: drawn out up to `t`, faint beyond, and a dot at `t`.
    fn output_marks(&self, trace: &Trace) -> Vec<Mark> {
        let t = trace.t;
        let (known, ahead) = self.result.cut(t, trace.value.value);
        let mut marks = Vec::new();
        let empty = Signal::zero();
        let jumps = self.whole.formula().unwrap_or(&empty);
        for (name, curve, role) in [("ahead", &ahead, Role::Ghost), ("output", &known, Role::Output)] {
            for (k, points) in curve.runs().iter().enumerate() {
                marks.push(mark(&format!("{name}-{k}"), Shape::Curve { points: points.clone() }, role, None));
            }
        }
        marks.extend(dots("output", jumps, self.outputs, Role::Output, false));
        let role = |impulse: &Impulse| if impulse.at.value() <= t { Role::Output } else { Role::Ghost };
        marks.extend(arrows("output", self.whole.impulses(), self.outputs, role));
        if (self.shown.0..=self.shown.1).contains(&t) {
            let label = Label { text: told(parts::known(trace.value)), place: Place::Right, optional: false };
            let shape = Shape::Dot { x: t, y: finite(trace.value.value), hollow: false };
            marks.push(Mark { label: Some(label), ..mark("marker", shape, Role::Marker, Some(trace.value.value)) });
        }
        marks
    }
}

/// `g(t - τ)` as a function of `τ`.
fn turned(g: &Signal, t: f64) -> Signal {
    let turned = g.stretched(faltung_continuous::Number::whole(-1)).expect("a factor other than 0");
    turned.shifted(faltung_continuous::Number::of(t))
}

/// A function with its jumps and its impulses. One that is turned round takes the value on the left of its jumps.
fn function(name: &str, curve: &Curve, signal: &Signal, role: Role, is_turned: bool) -> Vec<Mark> {
    let runs = curve.runs().iter().enumerate();
    let mut marks: Vec<Mark> = runs
        .map(|(k, points)| mark(&format!("{name}-{k}"), Shape::Curve { points: points.clone() }, role, None))
        .collect();
    marks.extend(dots(name, signal, curve.range(), role, is_turned));
    marks.extend(arrows(name, signal.impulses(), curve.range(), |_| role));
    marks
}

/// Both sides of each jump: filled where the value is taken.
fn dots(name: &str, signal: &Signal, (from, to): (f64, f64), role: Role, is_turned: bool) -> Vec<Mark> {
    /// Jumps that are dotted: more would be no picture.
    const MOST: usize = 24;
    let jumps: Vec<_> = signal.jumps().into_iter().filter(|(at, ..)| (from..=to).contains(&at.value())).collect();
    let finite = |y: f64| y.is_finite();
    let dot = |(k, (at, left, right)): (usize, &(faltung_continuous::Number, f64, f64))| {
        let side =
            |name: String, y: f64, hollow: bool| mark(&name, Shape::Dot { x: at.value(), y, hollow }, role, Some(y));
        let left = finite(*left).then(|| side(format!("{name}-left-{k}"), *left, !is_turned));
        let right = finite(*right).then(|| side(format!("{name}-right-{k}"), *right, is_turned));
        [left, right]
    };
    match jumps.len() {
        0..=MOST => jumps.iter().enumerate().flat_map(dot).flatten().collect(),
        _ => Vec::new(),
    }
}

fn arrows(name: &str, impulses: &[Impulse], (from, to): (f64, f64), role: impl Fn(&Impulse) -> Role) -> Vec<Mark> {
    let seen = impulses.iter().enumerate().filter(|(_, impulse)| (from..=to).contains(&impulse.at.value()));
    seen.map(|(k, impulse)| {
        let weight = impulse.weight.value();
        let label = Label { text: told(weight), place: Place::End, optional: true };
        let shape = Shape::Arrow { x: impulse.at.value(), weight };
        Mark { label: Some(label), ..mark(&format!("{name}-impulse-{k}"), shape, role(impulse), Some(weight)) }
    })
    .collect()
}

fn mark(id: &str, shape: Shape, role: Role, value: Option<f64>) -> Mark {
    Mark { id: id.to_owned(), term: None, value, shape, role, label: None }
}

/// A value in few digits.
fn told(value: f64) -> String {
    brief(Number::Real(value))
}

fn finite(y: f64) -> f64 {
    if y.is_finite() { y } else { 0.0 }
}

/// Whether a formula is known.
fn is_exact(whole: &Convolution) -> bool {
    whole.method() == Method::Exact
}
