//! Results for programs: one JSON object on standard output.
//!
//! JSON has no NaN, no infinity and no complex numbers: the first two are the strings `"NaN"`, `"Infinity"` and
//! `"-Infinity"`, the last are pairs. Values stand in one list, slowest axis first; `shape` tells the rest.

use std::io::{self, BufWriter, Write};

use faltung::{AnyArray, Dtype, Number, Plan};
use serde::{Serialize, Serializer, ser::SerializeSeq};

use crate::{console, io::Failure};

/// Numbers, as JSON has them.
pub(crate) struct Values<'a>(pub(crate) &'a AnyArray);

impl Serialize for Values<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let single = !self.0.dtype().is_integer() && !matches!(self.0.dtype(), Dtype::F64 | Dtype::C128);
        let numbers = self.0.view().numbers();
        let mut list = serializer.serialize_seq(Some(numbers.len()))?;
        for number in numbers {
            list.serialize_element(&Value { number, single })?;
        }
        list.end()
    }
}

/// A number, perhaps with no more digits than an f32 has.
struct Value {
    number: Number,
    single: bool,
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let single = self.single;
        match self.number {
            Number::Whole(n) => serializer.serialize_i128(n),
            Number::Real(r) if r.is_nan() => serializer.serialize_str("NaN"),
            Number::Real(r) if r.is_infinite() => {
                serializer.serialize_str(if r > 0.0 { "Infinity" } else { "-Infinity" })
            }
            Number::Real(r) if single => serializer.serialize_f32(r as f32),
            Number::Real(r) => serializer.serialize_f64(r),
            Number::Complex(z) => {
                let parts = [z.re, z.im].map(|part| Value { number: Number::Real(part), single });
                parts.serialize(serializer)
            }
        }
    }
}

/// How a result was, or would be, computed.
#[derive(Serialize)]
pub(crate) struct Work {
    algorithm: &'static str,
    threads: usize,
    /// On one thread.
    predicted_seconds: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    measured_seconds: Option<f64>,
    /// Weights, tables and scratch, besides input and output.
    memory_bytes: usize,
}

impl Work {
    /// Of a plan, and of the time that it took.
    pub(crate) fn new(plan: &Plan, measured_seconds: Option<f64>) -> Work {
        Work {
            algorithm: plan.algorithm().name(),
            threads: plan.threads(),
            predicted_seconds: plan.predicted_nanoseconds() / 1e9,
            measured_seconds,
            memory_bytes: plan.memory(),
        }
    }
}

/// Prints the object on a line of its own.
pub(crate) fn print(report: &impl Serialize) -> Result<(), Failure> {
    let mut out = BufWriter::new(io::stdout().lock());
    let written = serde_json::to_writer(&mut out, report).map_err(io::Error::from);
    console::told(written.and_then(|()| out.write_all(b"\n")).and_then(|()| out.flush()))
}
