//! Trees as signals.

use crate::{
    Error, Number, Signal,
    signal::{Body, conditions::Comparison, form::Form, open::Function, term::Term},
};

use super::{
    Mistake,
    names::Name,
    tree::{Node, Operation, Operator, Tree},
};

/// The signal of a whole expression.
pub(super) fn signal(tree: &Tree) -> Result<Signal, Mistake> {
    let signal = meaning(tree)?;
    let undefined = signal.bodies.iter().find_map(|body| match body {
        Body::Undefined(_, column) => Some(*column),
        _ => None,
    });
    signal.checked().map_err(|error| at(undefined.unwrap_or(tree.column))(error))
}

/// An error of the algebra, at a column.
fn at(column: usize) -> impl Fn(Error) -> Mistake {
    move |error| Mistake::new(column, error.to_string())
}

fn constant(value: Number) -> Signal {
    Signal::whole(Body::Closed(Form::constant(value)))
}

fn meaning(tree: &Tree) -> Result<Signal, Mistake> {
    let told = at(tree.column);
    match &tree.node {
        Node::Number(number) => Ok(constant(*number)),
        Node::Time => Ok(Signal::whole(Body::Closed(Form { terms: vec![Term::monomial(Number::ONE, 1)] }))),
        Node::Pi => Ok(constant(Number::pi())),
        Node::Euler => Ok(constant(Number::ONE.exp())),
        Node::Negative(inside) => Ok(meaning(inside)?.scaled(Number::whole(-1))),
        Node::Operations(first, others) => {
            others.iter().try_fold(meaning(first)?, |left, operation| operate(&left, operation))
        }
        Node::Power(base, exponent) => power(base, exponent, tree.column),
        Node::Chain(first, others) => chain(first, others, tree.column),
        Node::Call(name, argument) => call(*name, argument, tree.column),
        Node::Choice(parts) => {
            let [condition, first, second] = parts.as_ref();
            let (condition, first, second) = (meaning(condition)?, meaning(first)?, meaning(second)?);
            Signal::chosen(&condition, &first, &second).map_err(told)
        }
        Node::Piecewise(cases) => {
            // From the last to the first: earlier cases win.
            cases.iter().rev().try_fold(Signal::zero(), |rest, (value, condition)| match condition {
                None => meaning(value),
                Some(condition) => {
                    let chosen = Signal::chosen(&meaning(condition)?, &meaning(value)?, &rest);
                    chosen.and_then(Signal::within_depth).map_err(at(condition.column))
                }
            })
        }
    }
}

fn operate(left: &Signal, Operation { operator, column, operand }: &Operation) -> Result<Signal, Mistake> {
    let right = meaning(operand)?;
    let result = match operator {
        Operator::Plus => left.plus(&right),
        Operator::Minus => left.minus(&right),
        Operator::Times => left.times(&right),
        Operator::Over if right.is_zero() => return Err(Mistake::new(operand.column, "division by zero")),
        Operator::Over => left.divided_by(&right, *column),
    };
    result.and_then(Signal::within_depth).map_err(at(*column))
}

fn chain(first: &Tree, others: &[(Comparison, Tree)], column: usize) -> Result<Signal, Mistake> {
    let mut left = meaning(first)?;
    let mut all = constant(Number::ONE);
    for (comparison, right) in others {
        let right = meaning(right)?;
        let holds = left.compared(*comparison, &right).map_err(at(column))?;
        all = all.times(&holds).map_err(at(column))?;
        left = right;
    }
    Ok(all)
}

fn power(base: &Tree, exponent: &Tree, column: usize) -> Result<Signal, Mistake> {
    let signal = meaning(exponent)?;
    if matches!(base.node, Node::Euler) {
        return signal.call(Function::Exp, column).map_err(at(column));
    }
    let base = meaning(base)?;
    if let Some(number) = signal.as_constant() {
        return base.power(number, column).map_err(at(column));
    }
    match base.as_constant() {
        // a^x = e^(x ln a)
        Some(number) if number.value() > 0.0 => {
            signal.scaled(number.ln()).call(Function::Exp, column).map_err(at(column))
        }
        _ => {
            Err(Mistake::new(exponent.column, "expected a number as exponent, unless the base is a number above zero"))
        }
    }
}

fn call(name: Name, argument: &Tree, column: usize) -> Result<Signal, Mistake> {
    let x = meaning(argument)?;
    let told = at(column);
    let apply = |function: Function| x.call(function, column).map_err(&told);
    let one_half = constant(Number::fraction(1, 2));
    let made = match name {
        Name::Exp => return apply(Function::Exp),
        Name::Sin => return apply(Function::Sin),
        Name::Cos => return apply(Function::Cos),
        Name::Sqrt => return apply(Function::Sqrt),
        Name::Abs => return apply(Function::Abs),
        Name::Sinc => return apply(Function::Sinc),
        Name::Erf => return apply(Function::Erf),
        Name::Erfc => return apply(Function::Erfc),
        Name::Delta => return delta(&x, argument.column),
        Name::Step => x.compared(Comparison::GreaterOrEqual, &Signal::zero()),
        Name::Rect => x
            .compared(Comparison::GreaterOrEqual, &one_half.scaled(Number::whole(-1)))
            .and_then(|from| from.times(&x.compared(Comparison::Less, &one_half)?)),
        Name::Tri => triangle(&x),
        Name::Gauss => x
            .power(Number::whole(2), column)
            .and_then(|square| square.scaled(Number::fraction(-1, 2)).call(Function::Exp, column))
            .map(|bell| bell.scaled(Number::ONE / (Number::pi() * Number::whole(2)).sqrt())),
    };
    made.map_err(told)
}

/// `1 - x` where `0 <= x < 1`, and `1 + x` where `-1 <= x < 0`.
fn triangle(x: &Signal) -> crate::Result<Signal> {
    let one = constant(Number::ONE);
    let positive = x.compared(Comparison::GreaterOrEqual, &Signal::zero())?;
    let size = Signal::chosen(&positive, x, &x.scaled(Number::whole(-1)))?;
    let inside = size.compared(Comparison::Less, &one)?;
    inside.times(&one.minus(&size)?)
}

/// `delta(a t + b)`: weight `1 / |a|` at `-b / a`.
fn delta(x: &Signal, column: usize) -> Result<Signal, Mistake> {
    let polynomial = match (x.bodies.as_slice(), x.impulses.is_empty()) {
        ([Body::Closed(form)], true) => form.polynomial(),
        _ => None,
    };
    match polynomial.as_deref() {
        Some([b, a]) => Ok(Signal::impulse(-*b / *a, Number::ONE / a.abs())),
        _ => Err(Mistake::new(column, "delta() takes linear arguments only, such as t - 2 or 2*t + 1")),
    }
}
