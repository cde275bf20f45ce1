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
use serde::{Serialize, Serializer};

use crate::{Part, Scene, Subject, View};

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
