//! Explanations for programs: one JSON object with a version.
//!
//! ```text
//! {
//!   "schema": "faltung-explain", "version": 1,
//!   "view": "stage", "title": .., "place": .., "description": ..,
//!   "operation": "convolve", "input_shape": [..], "kernel_shape": [..], "output_shape": [..],
//!   "sizes": [{"axis", "mode", "boundary", "len", "upsample", "signal", "kernel", "dilation", "span", "before", "after",
//!              "stride", "unused", "out"}, ..],                                        one for each axis slid along
//!   "trace": {"at": [..], "sum": .., "terms": [{"at": [..], "weight_at": [..], "sample": .., "weight": .., "product": ..,
//!              "running": .., "origin": "sample" | "boundary" | "gap",
//!              "beyond": [{"axis": .., "boundary": ..}, ..], "source": [..] | null}, ..]},    the last two of a boundary only
//!   "parts": [{"kind": "sentence" | "note" | "table" | "figure", "content": ..}, ..]            the scene as it is
//! }
//! ```
//!
//! All terms are listed, zeros too, whatever the view shows. Whole numbers are whole, however large; reals have all their digits;
//! complex numbers are pairs; and what JSON has no number for is one of the strings `"NaN"`, `"Infinity"` and `"-Infinity"`. The
//! version rises when something that is there changes or goes; new names may come without that.

use faltung::{
    Boundary, Number,
    trace::{Origin, Size, Term, Trace},
};
use faltung_continuous::{Overlap, Term as Picked, Trace as ContinuousTrace};
use serde::{Serialize, Serializer};

use crate::{Continuous, Part, Scene, Subject, View};

/// The version of the schema that [`json()`] writes.
///
/// ```
/// assert_eq!(faltung_scene::paint::JSON_VERSION, 1);
/// ```
pub const JSON_VERSION: u32 = 1;

/// The scene of a view and the trace of its output, as one JSON object; the schema stands above.
///
/// ```
/// use faltung::Spec;
/// use faltung_scene::{Subject, View, paint::json};
/// let subject = Subject::new(&[3, 5], &[2, 1], &Spec::new())?;
/// let scene = View::Terms.scene(&subject, &[1])?;
/// let object = json(View::Terms, &scene, &subject, &subject.trace(&[1])?);
/// assert!(object.contains(r#""trace":{"at":[1],"sum":13,"terms":[{"at":[0],"weight_at":[1],"sample":3,"weight":1,"product":3,"running":3,"origin":"sample"},"#));
/// # Ok::<(), faltung_scene::Error>(())
/// ```
pub fn json(view: View, scene: &Scene, subject: &Subject<'_>, trace: &Trace) -> String {
    let tracer = subject.tracer();
    let explanation = Explanation {
        schema: "faltung-explain",
        version: JSON_VERSION,
        view: view.name(),
        title: &scene.title,
        place: &scene.place,
        description: &scene.description,
        operation: tracer.operation().name(),
        input_shape: tracer.input_shape(),
        kernel_shape: tracer.kernel_shape(),
        output_shape: &tracer.output_shape(),
        sizes: tracer.sizes().iter().map(OneSize::of).collect(),
        trace: OneTrace { at: &trace.at, sum: Value(trace.sum), terms: trace.terms.iter().map(OneTerm::of).collect() },
        parts: &scene.parts,
    };
    serde_json::to_string(&explanation).expect("names are strings, and numbers are written one by one") + "\n"
}

/// The scene of a convolution in continuous time and what makes up its value, as one JSON object.
///
/// ```text
/// {
///   "schema": "faltung-explain", "version": 1, "view": "continuous", "title": .., "place": .., "description": ..,
///   "f": .., "g": .., "formula": .. | null,                                                      as expressions
///   "trace": {"t": .., "value": .., "bound": .., "overlaps": [{"from", "to", "value", "bound"}, ..],
///             "terms": [{"tau", "weight", "factor", "product"}, ..]},                            of impulses
///   "parts": [..]
/// }
/// ```
///
/// ```
/// use faltung_scene::{Continuous, paint::json_continuous};
/// let stage = Continuous::new("rect(t)".parse()?, "delta(t - 1)".parse()?)?;
/// let object = json_continuous(&stage.scene(1.0)?, &stage, &stage.trace(1.0)?);
/// assert!(object.contains(r#""terms":[{"tau":0.0,"weight":1.0,"factor":1.0,"product":1.0}]"#));
/// # Ok::<(), faltung_scene::Error>(())
/// ```
pub fn json_continuous(scene: &Scene, continuous: &Continuous, trace: &ContinuousTrace) -> String {
    let real = |r: f64| Value(Number::Real(r));
    let overlap = |overlap: &Overlap| OneOverlap {
        from: real(overlap.from),
        to: real(overlap.to),
        value: real(overlap.integral.value),
        bound: real(overlap.integral.bound),
    };
    let term = |term: &Picked| OnePicked {
        tau: real(term.tau),
        weight: real(term.weight),
        factor: real(term.factor),
        product: real(term.weight * term.factor),
    };
    let (f, g) = continuous.convolution().operands();
    let explanation = InContinuousTime {
        schema: "faltung-explain",
        version: JSON_VERSION,
        view: "continuous",
        title: &scene.title,
        place: &scene.place,
        description: &scene.description,
        f: f.to_string(),
        g: g.to_string(),
        formula: continuous.convolution().formula().map(ToString::to_string),
        trace: OneValue {
            t: real(trace.t),
            value: real(trace.value.value),
            bound: real(trace.value.bound),
            overlaps: trace.overlaps.iter().map(overlap).collect(),
            terms: trace.terms.iter().map(term).collect(),
        },
        parts: &scene.parts,
    };
    serde_json::to_string(&explanation).expect("names are strings, and numbers are written one by one") + "\n"
}

#[derive(Serialize)]
struct InContinuousTime<'a> {
    schema: &'static str,
    version: u32,
    view: &'static str,
    title: &'a str,
    place: &'a str,
    description: &'a str,
    f: String,
    g: String,
    formula: Option<String>,
    trace: OneValue,
    parts: &'a [Part],
}

#[derive(Serialize)]
struct OneValue {
    t: Value,
    value: Value,
    bound: Value,
    overlaps: Vec<OneOverlap>,
    terms: Vec<OnePicked>,
}

#[derive(Serialize)]
struct OneOverlap {
    from: Value,
    to: Value,
    value: Value,
    bound: Value,
}

#[derive(Serialize)]
struct OnePicked {
    tau: Value,
    weight: Value,
    factor: Value,
    product: Value,
}

#[derive(Serialize)]
struct Explanation<'a> {
    schema: &'static str,
    version: u32,
    view: &'static str,
    title: &'a str,
    place: &'a str,
    description: &'a str,
    operation: &'static str,
    input_shape: &'a [usize],
    kernel_shape: &'a [usize],
    output_shape: &'a [usize],
    sizes: Vec<OneSize>,
    trace: OneTrace<'a>,
    parts: &'a [Part],
}

#[derive(Serialize)]
struct OneSize {
    axis: usize,
    mode: String,
    boundary: String,
    len: usize,
    upsample: usize,
    signal: usize,
    kernel: usize,
    dilation: usize,
    span: usize,
    before: usize,
    after: usize,
    stride: usize,
    unused: usize,
    out: usize,
}

impl OneSize {
    fn of(size: &Size) -> OneSize {
        let &Size { axis, len, upsample, signal, kernel, dilation, span, before, after, stride, unused, out, .. } =
            size;
        let (mode, boundary) = (size.mode.to_string(), size.boundary.to_string());
        OneSize {
            axis,
            mode,
            boundary,
            len,
            upsample,
            signal,
            kernel,
            dilation,
            span,
            before,
            after,
            stride,
            unused,
            out,
        }
    }
}

#[derive(Serialize)]
struct OneTrace<'a> {
    at: &'a [isize],
    sum: Value,
    terms: Vec<OneTerm<'a>>,
}

#[derive(Serialize)]
struct OneTerm<'a> {
    at: &'a [isize],
    weight_at: &'a [usize],
    sample: Value,
    weight: Value,
    product: Value,
    running: Value,
    origin: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    beyond: Option<Vec<Rule>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<Option<&'a [usize]>>,
}

#[derive(Serialize)]
struct Rule {
    axis: usize,
    boundary: String,
}

impl OneTerm<'_> {
    fn of(term: &Term) -> OneTerm<'_> {
        let (origin, beyond, source) = match &term.origin {
            Origin::Sample => ("sample", None, None),
            Origin::Gap => ("gap", None, None),
            Origin::Virtual { beyond, source } => {
                let rule = |(axis, boundary): &(usize, Boundary)| Rule { axis: *axis, boundary: boundary.to_string() };
                ("boundary", Some(beyond.iter().map(rule).collect()), Some(source.as_deref()))
            }
        };
        let [sample, weight, product, running] = [term.sample, term.weight, term.product, term.running].map(Value);
        OneTerm { at: &term.at, weight_at: &term.weight_at, sample, weight, product, running, origin, beyond, source }
    }
}

/// A number as JSON has it.
struct Value(Number);

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Number::Whole(n) => serializer.serialize_i128(n),
            Number::Real(r) if r.is_nan() => serializer.serialize_str("NaN"),
            Number::Real(r) if r.is_infinite() => {
                serializer.serialize_str(if r > 0.0 { "Infinity" } else { "-Infinity" })
            }
            Number::Real(r) => serializer.serialize_f64(r),
            Number::Complex(z) => [z.re, z.im].map(|part| Value(Number::Real(part))).serialize(serializer),
        }
    }
}
