//! What is said beside the picture: sentences, formulas, overlaps, values.

use faltung::Number;
use faltung_continuous::{Convolution, Signal, Trace, Value, quadrature::Integral};

use super::{is_exact, told};
use crate::views::axes;
use crate::{
    Align, Cell, Column, Emphasis, Row, RowKind, Table, exact,
    number::{equals, factor},
};

/// Overlaps and impulses that are listed.
const MOST: usize = 24;

/// The value with what makes it up: `t = 4: ∫ f(τ) g(4-τ) dτ = 8, and of impulses 3·1 + 5·3; in all = 26`. Where the result has an impulse,
/// that is said, for it is no part of the value.
pub(super) fn sentence(whole: &Convolution, trace: &Trace) -> String {
    let beside = whole.impulses().iter().find(|impulse| impulse.at.value() == trace.t);
    let beside = beside.map(|impulse| format!(" Beside it, f*g has an impulse of weight {} there.", impulse.weight));
    value(trace) + &beside.unwrap_or_default()
}

fn value(trace: &Trace) -> String {
    let t = trace.t;
    let terms = || {
        let all: Vec<String> = trace.terms.iter().take(MOST).map(|term| product(term.weight, term.factor)).collect();
        let more = trace.terms.len().saturating_sub(MOST);
        if more > 0 { format!("{} + {more} more", all.join(" + ")) } else { all.join(" + ") }
    };
    let value = equals(&told(known(trace.value)));
    match (trace.overlaps.is_empty(), trace.terms.is_empty()) {
        (true, true) => format!("t = {t}: nothing overlaps, so (f*g)({t}) = 0."),
        (false, true) => format!("t = {t}: ∫ f(τ) g({t}-τ) dτ {value}."),
        (true, false) => format!("t = {t}: {} {value}.", terms()),
        (false, false) => {
            let area = known(area(trace).into());
            format!("t = {t}: ∫ f(τ) g({t}-τ) dτ {}, and of impulses {}; in all {value}.", equals(&told(area)), terms())
        }
    }
}

/// The integral over all overlaps.
fn area(trace: &Trace) -> Integral {
    trace.overlaps.iter().map(|overlap| overlap.integral).sum()
}

/// A value to the digits that its bound leaves: those beyond tell nothing.
pub(super) fn known(Value { value, bound }: Value) -> f64 {
    let digits = (value.abs() / bound).log10();
    match digits.is_finite() {
        true => format!("{value:.*e}", digits.clamp(1.0, 16.0) as usize).parse().unwrap_or(value),
        false => value,
    }
}

/// What stands under the product: `= 0.75`; where it has both signs, what those come to first: `= 0.66 - 0.32 = 0.34`.
pub(super) fn total(trace: &Trace) -> String {
    let all = area(trace);
    let part = |value: f64| known(Value { value, bound: all.bound });
    let (above, below) = (part(0.5 * (all.size + all.value)), part(0.5 * (all.size - all.value)));
    let value = equals(&told(known(trace.value)));
    match trace.terms.is_empty() && above > all.bound && below > all.bound {
        true => {
            let parts = [told(above), told(below)];
            let sign = if parts.iter().any(|part| part.starts_with('≈')) { '≈' } else { '=' };
            let [above, below] = parts.each_ref().map(|part| part.trim_start_matches('≈'));
            format!("{sign} {above} - {below} {value}")
        }
        false => value,
    }
}

fn product(weight: f64, value: f64) -> String {
    let short = |value: f64| factor(told(value).trim_start_matches('≈'));
    format!("{}·{}", short(weight), short(value))
}

/// Where there is something to integrate.
pub(super) fn overlap(trace: &Trace) -> String {
    let places = trace.overlaps.iter().map(|overlap| (overlap.from, overlap.to));
    let (from, to) = places.fold((f64::MAX, f64::MIN), |(from, to), (a, b)| (from.min(a), to.max(b)));
    match from <= to {
        true => format!("The functions overlap for τ from {} to {}.", end(from), end(to)),
        false => "The functions do not overlap.".to_owned(),
    }
}

fn end(at: f64) -> String {
    match at {
        f64::INFINITY => "∞".to_owned(),
        f64::NEG_INFINITY => "-∞".to_owned(),
        at => told(at),
    }
}

/// How the value was found, and how well.
pub(super) fn certainty(whole: &Convolution, trace: &Trace) -> String {
    let bound = trace.value.bound;
    let how = if is_exact(whole) { "By the formula" } else { "By quadrature, for there is no closed form here" };
    match bound == 0.0 {
        true => format!("{how}, without any error."),
        false => format!("{how}: the error is at most {bound:.1e}."),
    }
}

/// The formulas of both signals and of the result, piece by piece.
pub(super) fn formulas(whole: &Convolution) -> Table {
    let column = |heading: &str| Column { heading: heading.to_owned(), align: Align::Left };
    let mut rows = Vec::new();
    let mut add = |name: &str, signal: Option<&Signal>| {
        let impulses = signal.map_or(whole.impulses(), Signal::impulses);
        let mut pieces = match signal {
            Some(signal) => signal.formulas(),
            None => vec![("no closed form: values by quadrature".to_owned(), String::new())],
        };
        let more = pieces.len().saturating_sub(MOST);
        pieces.truncate(MOST);
        pieces.extend((more > 0).then(|| (format!("{more} more"), String::new())));
        pieces.extend(impulses.iter().take(MOST).map(|impulse| {
            let at = impulse.at;
            (format!("an impulse of weight {}", impulse.weight), format!("at t = {at}"))
        }));
        if pieces.is_empty() {
            pieces.push(("0".to_owned(), "for all t".to_owned()));
        }
        for (number, (formula, place)) in pieces.into_iter().enumerate() {
            let name = if number == 0 { name } else { "" };
            let cells = [name.to_owned(), formula, place].map(|text| Cell { text, ..Cell::default() }).to_vec();
            rows.push(Row { kind: RowKind::Body, cells });
        }
    };
    let (f, g) = whole.operands();
    add("f(t)", Some(f));
    add("g(t)", Some(g));
    add("(f*g)(t)", whole.formula());
    let columns = vec![column("signal"), column("formula"), column("where")];
    Table {
        id: "formulas".to_owned(),
        caption: "What is convolved, and what comes of it".to_owned(),
        columns,
        rows,
        marked: None,
    }
}

/// What each overlap and each impulse gives.
pub(super) fn overlaps(trace: &Trace) -> Table {
    let number = |heading: &str| Column { heading: heading.to_owned(), align: Align::Right };
    let cell = |text: String, value: f64| Cell { text, value: Some(value), ..Cell::default() };
    let mut rows = Vec::new();
    for overlap in trace.overlaps.iter().take(MOST) {
        let gives = cell(told(known(overlap.integral.into())), overlap.integral.value);
        let cells = vec![cell(end(overlap.from), overlap.from), cell(end(overlap.to), overlap.to), gives];
        rows.push(Row { kind: RowKind::Body, cells });
    }
    for term in trace.terms.iter().take(MOST) {
        let (at, value) = (told(term.tau), term.weight * term.factor);
        let text = format!("{} {}", product(term.weight, term.factor), equals(&told(value)));
        let cells = vec![cell(at.clone(), term.tau), cell(at, term.tau), cell(text, value)];
        rows.push(Row { kind: RowKind::Body, cells });
    }
    let listed = rows.len();
    let more = trace.overlaps.len() + trace.terms.len() - listed;
    let rest = if more > 0 { format!("{more} more") } else { "nothing".to_owned() };
    if more > 0 || listed == 0 {
        let mut cells = vec![Cell { text: rest, ..Cell::default() }];
        cells.resize(3, Cell::default());
        rows.push(Row { kind: RowKind::Body, cells });
    }
    let value = trace.value.value;
    let total = Cell { text: few_or_all(trace), value: Some(value), emphasis: Emphasis::Marked, ..Cell::default() };
    let sum = Cell { text: "sum".to_owned(), ..Cell::default() };
    rows.push(Row { kind: RowKind::Total, cells: vec![sum, Cell::default(), total] });
    let columns = vec![number("τ from"), number("to"), number("gives")];
    Table {
        id: "overlaps".to_owned(),
        caption: format!("What makes up (f*g)({})", trace.t),
        columns,
        rows,
        marked: None,
    }
}

/// The value in few digits if they are all that is known, else in all that it has.
fn few_or_all(trace: &Trace) -> String {
    let near = told(known(trace.value));
    if near.starts_with('≈') { exact(Number::Real(trace.value.value)) } else { near }
}

/// The result at round numbers.
pub(super) fn values(whole: &Convolution, range: (f64, f64), t: f64) -> Table {
    const ROWS: usize = 10;
    let row = |at: f64| {
        let value = whole.at(at).ok();
        let emphasis = if at == t { Emphasis::Marked } else { Emphasis::Plain };
        let number = |text: String, value| Cell { text, value, emphasis, ..Cell::default() };
        let (text, bound) = match value {
            Some(value) if value.bound == 0.0 => (told(value.value), "0".to_owned()),
            Some(value) => (told(known(value)), format!("{:.0e}", value.bound)),
            None => ("none".to_owned(), String::new()),
        };
        let cells = vec![
            number(at.to_string(), Some(at)),
            number(text, value.map(|value| value.value)),
            number(bound, value.map(|value| value.bound)),
        ];
        Row { kind: RowKind::Body, cells }
    };
    let column = |heading: &str| Column { heading: heading.to_owned(), align: Align::Right };
    Table {
        id: "values".to_owned(),
        caption: "Values of f*g".to_owned(),
        columns: vec![column("t"), column("(f*g)(t)"), column("error at most")],
        rows: places(range, ROWS, t).into_iter().map(row).collect(),
        marked: None,
    }
}

/// Round numbers in a range, about so many, and another place among them.
pub(super) fn places((from, to): (f64, f64), count: usize, other: f64) -> Vec<f64> {
    let (_, multiples) = axes::multiples(from, to, count);
    let mut places: Vec<f64> = multiples.map(|(at, text)| text.parse().unwrap_or(at)).chain([other]).collect();
    places.sort_by(f64::total_cmp);
    places.dedup();
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use faltung_continuous::convolve;

    fn at(f: &str, g: &str, t: f64) -> (Convolution, Trace) {
        let (f, g): (Signal, Signal) = (f.parse().unwrap(), g.parse().unwrap());
        let whole = convolve(&f, &g).unwrap();
        let trace = whole.trace(t).unwrap();
        (whole, trace)
    }

    #[test]
    fn areas_of_both_signs_are_told_apart() {
        assert_eq!(total(&at("rect(t) - rect(t - 1)", "tri(t)", 0.3).1), "= 0.66 - 0.32 = 0.34");
        assert_eq!(total(&at("rect(t)", "rect(t)", -0.25).1), "= 0.75");
        assert_eq!(total(&at("rect(t)", "rect(t)", 2.0).1), "= 0");
        assert_eq!(total(&at("-rect(t)", "exp(-t)*step(t)", 0.5).1), "≈ -0.6321");
    }

    #[test]
    fn an_impulse_of_the_result_is_told_where_it_is() {
        let (whole, trace) = at("delta(t) + rect(t)", "3*delta(t - 1)", 1.0);
        let said = sentence(&whole, &trace);
        assert_eq!(said, "t = 1: 3·1 = 3. Beside it, f*g has an impulse of weight 3 there.");
        assert!(!sentence(&whole, &at("rect(t)", "rect(t)", 0.5).1).contains("Beside"));
    }

    #[test]
    fn digits_beyond_the_bound_are_not_told() {
        let (_, trace) = at("rect(t)", "rect(t)", -0.25);
        assert_eq!(overlaps(&trace).rows[0].cells[2].text, "0.75");
        let (whole, trace) = at("rect(t) - rect(t - 1)", "tri(t)", 0.3);
        assert_eq!(overlaps(&trace).rows.last().unwrap().cells[2].text, "0.34");
        assert!(values(&whole, (0.0, 1.0), 0.3).rows.iter().any(|row| row.cells[1].text == "0.34"));
        let (whole, trace) = at("rect(t)", "rect(t)", 2.0);
        assert_eq!(certainty(&whole, &trace), "By the formula, without any error.");
    }
}
