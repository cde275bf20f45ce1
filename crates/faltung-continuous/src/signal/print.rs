//! Signals as formulas, in the language that they are read in.

use std::fmt;

use crate::{Number, complex::Complex};

use super::{
    Body, Signal,
    form::Form,
    open::Open,
    term::{Edges, Term},
};

/// A number as formulas have it: a fraction, a multiple of π, a root, or the shortest decimal that is the same double.
impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        /// Fractions of larger numbers are no easier to read than decimals.
        const MOST: i128 = 1_000_000_000;
        match self.as_fraction() {
            Some((numerator, 1)) if numerator.abs() <= MOST * MOST => write!(f, "{numerator}"),
            Some((numerator, denominator)) if numerator.abs() <= MOST && denominator <= MOST => {
                write!(f, "{numerator}/{denominator}")
            }
            _ => match known(*self) {
                Some(text) => f.write_str(&text),
                None => f.write_str(&decimal(self.value())),
            },
        }
    }
}

/// The shortest decimal that is the same double.
fn decimal(value: f64) -> String {
    let size = value.abs();
    if size != 0.0 && !(1e-5..1e16).contains(&size) { format!("{value:e}") } else { format!("{value}") }
}

/// Multiples of π and of 1/π, roots of fractions, and those of fractions of π, if the number is known so well that it can be no other.
fn known(number: Number) -> Option<String> {
    let (value, error) = (number.value(), number.error());
    if error > 1e-13 * value.abs() || value == 0.0 {
        return None;
    }
    let sign = if value < 0.0 { "-" } else { "" };
    let fraction = |of: f64| {
        (1..=16i64).find_map(|denominator| {
            let numerator = (of * denominator as f64).round();
            let near = (of - numerator / denominator as f64).abs() <= 2e-15 * of.abs();
            (near && (1.0..=64.0).contains(&numerator)).then(|| Number::fraction(numerator as i64, denominator))
        })
    };
    let pi = std::f64::consts::PI;
    if let Some(turns) = fraction(value.abs() / pi) {
        return Some(match turns.as_fraction()? {
            (1, 1) => format!("{sign}pi"),
            (1, denominator) => format!("{sign}pi/{denominator}"),
            _ => format!("{sign}{turns}*pi"),
        });
    }
    if let Some((numerator, denominator)) = fraction(value.abs() * pi).and_then(Number::as_fraction) {
        let below = if denominator == 1 { "pi".to_owned() } else { format!("({denominator}*pi)") };
        return Some(format!("{sign}{numerator}/{below}"));
    }
    if let Some(square) = fraction(value * value) {
        let root = square.sqrt();
        return Some(match root.as_fraction() {
            Some(_) => format!("{sign}{root}"),
            None => format!("{sign}sqrt({square})"),
        });
    }
    let (numerator, denominator) = fraction(value * value * pi)?.as_fraction()?;
    let below = if denominator == 1 { "pi".to_owned() } else { format!("({denominator}*pi)") };
    Some(format!("{sign}sqrt({numerator}/{below})"))
}

/// `t - origin`.
fn distance(origin: Number) -> String {
    match origin.sign() {
        0 => "t".to_owned(),
        1 => format!("t - {origin}"),
        _ => format!("t + {}", -origin),
    }
}

/// `factor * what`, where `what` binds as tightly as a product, with the factor's sign in front.
fn product(factor: Number, what: &str) -> String {
    match (factor.as_fraction(), factor.to_string().as_str()) {
        (_, "1") => what.to_owned(),
        (_, "-1") => format!("-{what}"),
        (Some((1, denominator)), _) => format!("{what}/{denominator}"),
        (Some((-1, denominator)), _) => format!("-{what}/{denominator}"),
        (_, factor) => format!("{factor}*{what}"),
    }
}

/// `rate * (t - origin)`.
fn linear(rate: Number, origin: Number) -> String {
    let distance = distance(origin);
    let whole = if distance == "t" || rate.is_one() { distance } else { format!("({distance})") };
    product(rate, &whole)
}

/// Terms that differ in powers only.
struct Group<'a> {
    first: &'a Term,
    terms: Vec<&'a Term>,
}

fn groups(form: &Form) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for term in form.terms.iter().filter(|term| !term.coefficient.is_zero()) {
        let alike = |group: &&mut Group<'_>| {
            let first = group.first;
            first.rate == term.rate
                && first.sharpness == term.sharpness
                && first.origin == term.origin
                && first.edges == term.edges
        };
        match groups.iter_mut().find(alike) {
            Some(group) => group.terms.push(term),
            None => groups.push(Group { first: term, terms: vec![term] }),
        }
    }
    groups
}

impl Group<'_> {
    /// The summands, each with its sign in front if it is below zero.
    fn summands(&self) -> Vec<String> {
        let factors = factors(self.first);
        if self.first.rate.is_real() {
            return times(self.polynomial(|c| c.re), &factors);
        }
        let angle = linear(self.first.rate.im, self.first.origin);
        let with = |wave: &str| [factors.clone(), vec![format!("{wave}({angle})")]].concat();
        // Re(c e^(i x)) = Re(c) cos x - Im(c) sin x
        [times(self.polynomial(|c| c.re), &with("cos")), times(self.polynomial(|c| -c.im), &with("sin"))].concat()
    }

    /// The polynomial in front, as signed summands: in powers of `t` if all its numbers are small fractions then.
    fn polynomial(&self, part: impl Fn(Complex) -> Number) -> Vec<String> {
        let origin = self.first.origin;
        let own = |term: &&Term| Term { origin, ..Term::monomial(part(term.coefficient), term.power) };
        let form = Form { terms: self.terms.iter().map(own).collect() };
        let small = |number: &Number| number.as_fraction().is_some_and(|(n, d)| n.abs() <= 100_000 && d <= 10_000);
        if let Some(expanded) = form.polynomial().filter(|coefficients| coefficients.iter().all(small)) {
            let powers = expanded.into_iter().enumerate();
            return powers.filter(|(_, c)| !c.is_zero()).map(|(n, c)| monomial(c, "t", n as u32)).collect();
        }
        let base = match distance(origin).as_str() {
            "t" => "t".to_owned(),
            other => format!("({other})"),
        };
        let terms = form.terms.iter().filter(|term| !term.coefficient.is_zero());
        terms.map(|term| monomial(term.coefficient.re, &base, term.power)).collect()
    }
}

fn monomial(coefficient: Number, base: &str, power: u32) -> String {
    match power {
        0 => coefficient.to_string(),
        1 => product(coefficient, base),
        _ => product(coefficient, &format!("{base}^{power}")),
    }
}

/// What a polynomial is multiplied by, but for sines.
fn factors(term: &Term) -> Vec<String> {
    let mut factors = Vec::new();
    if term.is_gaussian() {
        let distance = distance(term.origin);
        let square = if distance == "t" { "t^2".to_owned() } else { format!("({distance})^2") };
        factors.push(format!("exp({})", product(-term.sharpness, &square)));
    } else if !term.rate.re.is_zero() {
        factors.push(format!("exp({})", linear(term.rate.re, term.origin)));
    }
    factors.extend(term.edges.map(|edges| bracket(&edges, term.origin)));
    factors
}

fn bracket(edges: &Edges, origin: Number) -> String {
    let argument = |end: Number| linear(edges.slope, origin - end / edges.slope);
    match (edges.upper, edges.lower) {
        (Some(upper), Some(lower)) => format!("(erf({}) - erf({}))", argument(upper), argument(lower)),
        (Some(upper), None) => format!("(1 + erf({}))", argument(upper)),
        (None, Some(lower)) => format!("erfc({})", argument(lower)),
        (None, None) => "2".to_owned(),
    }
}

/// The summands of a polynomial times some factors.
fn times(polynomial: Vec<String>, factors: &[String]) -> Vec<String> {
    if factors.is_empty() {
        return polynomial;
    }
    let factors = factors.join("*");
    match polynomial.as_slice() {
        [] => Vec::new(),
        [one] => vec![match one.as_str() {
            "1" => factors,
            "-1" => format!("-{factors}"),
            other => format!("{other}*{factors}"),
        }],
        several => vec![format!("({})*{factors}", sum(several))],
    }
}

/// Signed summands as a sum.
fn sum(summands: &[String]) -> String {
    let mut text = String::new();
    for summand in summands {
        match (text.is_empty(), summand.strip_prefix('-')) {
            (true, _) => text.push_str(summand),
            (false, Some(rest)) => text.push_str(&format!(" - {rest}")),
            (false, None) => text.push_str(&format!(" + {summand}")),
        }
    }
    if text.is_empty() { "0".to_owned() } else { text }
}

fn summands(form: &Form) -> Vec<String> {
    groups(form).iter().flat_map(Group::summands).collect()
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&sum(&summands(self)))
    }
}

/// How tightly the parts of an expression hold together.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Bond {
    Sum,
    Product,
    Power,
    Atom,
}

impl Open {
    fn as_constant(&self) -> Option<Number> {
        match self {
            Open::Form(form) => form.as_constant(),
            _ => None,
        }
    }

    /// How tightly the expression holds together that is written as `text`.
    fn bond(&self, text: &str) -> Bond {
        match self {
            Open::Form(form) => match form.polynomial().as_deref() {
                Some([]) => Bond::Atom,
                Some([n]) if n.as_fraction().is_some_and(|(n, d)| n >= 0 && d == 1) => Bond::Atom,
                Some([a, b]) if a.is_zero() && b.is_one() => Bond::Atom,
                _ if summands(form).len() == 1 && !summands(form)[0].starts_with('-') => Bond::Product,
                _ => Bond::Sum,
            },
            Open::Sum(..) => Bond::Sum,
            Open::Product(..) if text.starts_with('-') => Bond::Sum,
            Open::Product(..) | Open::Quotient(..) => Bond::Product,
            Open::Power(..) => Bond::Power,
            Open::Call(..) => Bond::Atom,
        }
    }

    /// The expression, in brackets unless it holds together at least this tightly.
    fn within(&self, bond: Bond) -> String {
        // Once only: each level of brackets would double the work otherwise.
        let text = self.to_string();
        if self.bond(&text) >= bond { text } else { format!("({text})") }
    }
}

impl fmt::Display for Open {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Open::Form(form) => write!(f, "{form}"),
            Open::Sum(a, b) => f.write_str(&sum(&[a.to_string(), b.to_string()])),
            Open::Product(a, b) => match (a.as_constant(), b.as_constant()) {
                (Some(factor), _) => f.write_str(&product(factor, &b.within(Bond::Product))),
                (_, Some(factor)) => f.write_str(&product(factor, &a.within(Bond::Product))),
                _ => write!(f, "{}*{}", a.within(Bond::Product), b.within(Bond::Product)),
            },
            Open::Quotient(a, b) => write!(f, "{}/{}", a.within(Bond::Product), b.within(Bond::Power)),
            Open::Power(base, exponent) => match exponent.as_fraction() {
                Some((n, 1)) if n >= 0 => write!(f, "{}^{n}", base.within(Bond::Atom)),
                _ => write!(f, "{}^({exponent})", base.within(Bond::Atom)),
            },
            Open::Call(function, inner) => write!(f, "{}({inner})", function.name()),
        }
    }
}

impl fmt::Display for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Body::Closed(form) => write!(f, "{form}"),
            Body::Open(open) => write!(f, "{open}"),
            Body::Undefined(what, _) => write!(f, "({what})"),
        }
    }
}

/// Where a piece lies, in words: `for -1 <= t < 0`.
pub(super) fn interval(from: Option<Number>, to: Option<Number>) -> String {
    match (from, to) {
        (None, None) => "for all t".to_owned(),
        (Some(from), None) => format!("for t >= {from}"),
        (None, Some(to)) => format!("for t < {to}"),
        (Some(from), Some(to)) => format!("for {from} <= t < {to}"),
    }
}

impl Signal {
    /// The formulas of the pieces that are not zero, each with the interval that it stands on: `("1 + t", "for -1 <= t < 0")`.
    pub fn formulas(&self) -> Vec<(String, String)> {
        let pieces = self.pieces().filter(|piece| !piece.body.is_zero());
        pieces.map(|piece| (piece.body.to_string(), interval(piece.from, piece.to))).collect()
    }
}

/// The signal as an expression that reads back as the same signal.
impl fmt::Display for Signal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let formulas = self.formulas();
        let mut summands = Vec::new();
        match formulas.as_slice() {
            [] => {}
            [(formula, _)] if self.breaks.is_empty() => summands.push(formula.clone()),
            several => {
                let mut cases: Vec<String> = several.iter().map(|(what, place)| format!("{what} {place}")).collect();
                if several.len() < self.bodies.len() {
                    cases.push("0 otherwise".to_owned());
                }
                summands.push(format!("piecewise({})", cases.join("; ")));
            }
        }
        for impulse in &self.impulses {
            summands.push(match impulse.weight.as_fraction() {
                Some((1, 1)) => format!("delta({})", distance(impulse.at)),
                Some((-1, 1)) => format!("-delta({})", distance(impulse.at)),
                _ => format!("{}*delta({})", impulse.weight, distance(impulse.at)),
            });
        }
        f.write_str(&sum(&summands))
    }
}
