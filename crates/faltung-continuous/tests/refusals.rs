//! What is no signal, and what has no convolution, is refused with the reason; no text ends in a panic or takes long.

use std::time::{Duration, Instant};

use faltung_continuous::{Error, Fault, Signal, convolve};
use proptest::{prelude::*, test_runner::RngSeed};

fn fault(text: &str) -> Fault {
    match text.parse::<Signal>() {
        Err(Error::Expression(fault)) => fault,
        other => panic!("{text}: {other:?}"),
    }
}

fn signal(text: &str) -> Signal {
    text.parse().unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn mistakes_are_told_with_their_column() {
    let mistakes = [
        ("", 1, "but the expression ends"),
        ("   ", 4, "but the expression ends"),
        ("1 +", 4, "expected a number, t, a function or '('"),
        ("(t", 3, "to close the '(' at column 1"),
        ("t)", 2, "expected an operator or the end, but found ')'"),
        ("sin(t", 6, "to close the '(' at column 4"),
        ("sin t", 5, "expected '(' after 'sin', but found 't'"),
        ("sin()", 5, "but found ')'"),
        ("sin", 4, "expected '(' after 'sin', but found the end"),
        ("foo(t)", 1, "'foo' is not known: known are rect, tri"),
        ("2*sine(t)", 3, "did you mean 'sin'?"),
        ("Rect(t)", 1, "did you mean 'rect'?"),
        ("1 + x", 5, "the variable is t"),
        ("τ", 1, "the variable is t"),
        ("heaviside(t)", 1, "the unit step is step()"),
        ("dirac(t)", 1, "the impulse is delta()"),
        ("box(t)", 1, "the pulse of width 1 is rect()"),
        ("2 t t", 5, "put * between factors"),
        ("(t)(t)", 4, "put * between factors"),
        ("t 1", 3, "put * between factors"),
        ("e(t)", 2, "put * between factors"),
        ("1/2t", 4, "write 1/(2*t) or (1/2)*t"),
        ("1/2(t)", 4, "write 1/(2*t) or (1/2)*t"),
        ("t + 1.2.3", 5, "'1.2' is none"),
        (".", 1, "expected a number"),
        ("1e309", 1, "'1e309' is none"),
        ("1e-400", 1, "'1e-400' is none"),
        ("2e+", 4, "but the expression ends"),
        ("t == 1", 3, "compare with <, <=, > or >="),
        ("t != 1", 3, "compare with <, <=, > or >="),
        ("[t]", 1, "use ( and )"),
        ("t > 0 & t < 1", 7, "write 0 <= t < 1 for both"),
        ("t²", 2, "write ^2 or ^3"),
        ("50%", 3, "write /100"),
        ("t : 1", 3, "'value for condition'"),
        ("t # 1", 3, "'#' has no meaning here"),
        ("∞", 1, "'∞' has no meaning here"),
        ("t//2", 3, "but found '/'"),
        ("t,", 2, "but found ','"),
        ("t<<1", 3, "but found '<'"),
        ("if(t, 1, 0)", 4, "expected a comparison"),
        ("if(t < 1, 1)", 12, "expected ',' and the value where it does not"),
        ("if(t < 1, 1, 0, 3)", 15, "but found ','"),
        ("piecewise()", 11, "but found ')'"),
        ("piecewise(1)", 12, "expected 'for' with a condition, or 'otherwise'"),
        ("piecewise(1 for t)", 17, "expected a comparison"),
        ("piecewise(1 otherwise; 2 for t < 1)", 22, "but found ';'"),
        ("1/0", 3, "division by zero"),
        ("1/(t - t)", 6, "division by zero"),
        ("0^-1", 2, "divided by zero"),
        ("sqrt(t)", 1, "the square root of a negative number for t < 0"),
        ("2 + sqrt(-t)*step(t)", 5, "for t >= 0"),
        ("1/rect(t)", 2, "divided by zero, for t < -1/2"),
        ("t^0.5", 2, "a fractional power of a negative number"),
        ("t^t", 3, "expected a number as exponent"),
        ("delta(t^2)", 8, "delta() takes linear arguments only"),
        ("delta(3)", 7, "delta() takes linear arguments only"),
        ("delta(t)*delta(t)", 9, "the product of two impulses at t = 0"),
        ("delta(t)*step(t)", 9, "where the other factor jumps"),
        ("sin(delta(t))", 1, "sin of an impulse"),
        ("delta(t)^2", 9, "a power of an impulse"),
        ("1/delta(t)", 2, "a quotient of impulses"),
        ("delta(t) < 1", 10, "a comparison of impulses"),
        ("sin(t) > 0", 8, "where sin(t) changes its sign cannot be told"),
        ("t^3 > 0", 5, "degree one or two"),
        ("step(sin(t))", 1, "changes its sign cannot be told"),
        ("exp(1000)", 1, "beyond 1e308"),
        ("exp(exp(1000))", 1, "beyond 1e308"),
        ("1e200*1e200", 6, "beyond 1e308"),
        ("step(t, 1)", 7, "but found ','"),
        ("nan", 1, "'nan' is not known"),
    ];
    for (text, column, part) in mistakes {
        let Fault { column: seen, message, .. } = fault(text);
        assert!(seen == column && message.contains(part), "{text}: column {seen}: {message}");
    }
    assert!(mistakes.len() >= 70);
}

#[test]
fn integrals_that_diverge_at_infinity_are_refused_before_they_are_tried() {
    let pairs = [
        ("1", "1", "as τ goes to +∞, f(τ) = 1 times g(t - τ), with g = 1, does not fall faster than 1/|τ|"),
        ("step(t)", "step(-t)", "+∞"),
        ("if(t < 0, 1, 0)", "if(t > 0, 1, 0)", "-∞"),
        ("exp(t)", "exp(t)", "+∞"),
        ("exp(t)", "exp(-t)", "+∞"),
        ("exp(t)", "step(-t)", "+∞"),
        ("exp(-abs(t))", "exp(t)", "-∞"),
        ("t", "step(t)", "-∞"),
        ("1 - rect(t)", "1", "does not fall"),
        ("1 + delta(t)", "1", "does not fall"),
        ("exp(-t^2)", "exp(t^2)", "is not known to fall"),
        ("gauss(t)", "exp(t^2)", "does not fall"),
        ("exp(-t^2)", "exp(t^3)", "-∞"),
        ("1/(1 + t^2)", "t", "does not fall"),
        ("1/(1 + abs(t))", "step(t)", "does not fall"),
        ("if(t > 0, 1/sqrt(t), 0)", "1", "does not fall"),
        ("1/sqrt(abs(t))", "1/sqrt(abs(t))", "does not fall"),
        ("erfc(t)", "step(t)", "-∞"),
        // Conditionally at most: they would hang on how the limit is taken.
        ("sin(t)", "sin(t)", "is not known to fall"),
        ("sin(t)", "cos(2*t)", "is not known to fall"),
        ("sin(t)", "step(t)", "is not known to fall"),
        ("sinc(t)", "1", "is not known to fall"),
        ("sinc(t)", "step(t)", "is not known to fall"),
        ("cos(t^2)", "step(t)", "is not known to fall"),
        ("abs(sin(t))", "1", "is not known to fall"),
        ("erf(t)", "1", "is not known to fall"),
    ];
    for (f, g, part) in pairs {
        for (f, g) in [(f, g), (g, f)] {
            match convolve(&signal(f), &signal(g)) {
                Err(Error::Divergent { .. }) => {}
                other => panic!("{f} with {g}: {other:?}"),
            }
        }
        let message = convolve(&signal(f), &signal(g)).unwrap_err().to_string();
        assert!(message.starts_with("the integral diverges: ") && message.contains(part), "{f} with {g}: {message}");
    }
}

#[test]
fn integrals_over_a_pole_are_refused_and_those_beside_it_are_not() {
    let cases = [
        ("1/t", "rect(t)", 0.0, 2.0),
        ("1/t", "rect(t)", 0.5, 0.75),
        ("1/t^2", "rect(t)", 0.0, 3.0),
        ("1/(t - 1)", "exp(-t)*step(t)", 2.0, 0.0),
        ("1/(t^2 - 1)", "rect(t)", 1.0, 0.0),
        ("1/cos(t)", "rect(t)", 1.5, 1.0),
        ("1/sin(t)", "tri(t)", 0.5, 1.5),
        ("sin(t)/cos(t)", "rect(t)", 1.5, 0.0),
        ("if(t > 0, t^(-1.5), 0)", "rect(t)", 0.25, 3.0),
        ("if(t > 0, t^(-1), 0)", "rect(t)", 0.25, -3.0),
        ("rect(t)/sqrt(abs(t))", "rect(t)/sqrt(abs(t))", 0.0, 0.1),
    ];
    for (f, g, over, beside) in cases {
        let result = convolve(&signal(f), &signal(g)).unwrap_or_else(|error| panic!("{f} with {g}: {error}"));
        match result.at(over) {
            Err(Error::Unreached { at, .. }) => assert_eq!(at, over),
            other => panic!("{f} with {g} at {over}: {other:?}"),
        }
        assert!(result.at(beside).is_ok(), "{f} with {g} at {beside}: {:?}", result.at(beside));
    }
}

#[test]
fn no_value_is_told_at_infinity_or_nowhere() {
    let result = convolve(&signal("rect(t)"), &signal("sqrt(abs(t))")).unwrap();
    for t in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        assert!(matches!(result.at(t), Err(Error::Parameter { name: "t", .. })), "{t}");
    }
}

/// What a text comes to: some time and no panic.
fn tried(text: &str) {
    let start = Instant::now();
    let kernel = signal("rect(t)");
    if let Ok(read) = text.parse::<Signal>()
        && let Ok(result) = convolve(&read, &kernel)
    {
        let _ = (result.at(0.3), result.support(), result.breakpoints(), read.to_string(), format!("{result:?}"));
    }
    let shown: String = text.chars().take(200).collect();
    assert!(start.elapsed() < Duration::from_secs(20), "{shown} takes {:?}", start.elapsed());
}

#[test]
fn hostile_texts_are_refused_or_read_and_nothing_else() {
    let deep = |open: &str, close: &str, count: usize| format!("{}t{}", open.repeat(count), close.repeat(count));
    let texts = [
        "t".repeat(10_000_000),
        "1+".repeat(5_000_000),
        "(".repeat(10_000_000),
        deep("(", ")", 100_000),
        deep("(", ")", 3000),
        deep("sin(", ")", 1500),
        deep("-", "", 7000),
        deep("2^", "", 3000),
        deep("if(t<1,t,", ")", 600),
        deep("sqrt(abs(", "))", 30),
        deep("exp(sin(", "))", 30),
        deep("gauss(", ")", 60),
        "t+".repeat(3999) + "t",
        "rect(t-1)+".repeat(700) + "t",
        "(t+1)*".repeat(1300) + "t",
        "sin(t)*".repeat(1100) + "1",
        "exp(t)*".repeat(1100) + "1",
        "t<".repeat(3900) + "t",
        "((((t^9)^9)^9)^9)^9".to_owned(),
        "(1 + t + exp(t))^32".to_owned(),
        "1e308*t^30*t^30".to_owned(),
        "9".repeat(7999),
        "0.".to_owned() + &"0".repeat(7900) + "1",
        "1e999999999999999999999".to_owned(),
        "1e-999999999999999999999".to_owned(),
        "t^1e300".to_owned(),
        "t^-1e300".to_owned(),
        "\0".to_owned(),
        "t\0".to_owned(),
        "\u{202e}t".to_owned(),
        "t\u{300}".to_owned(),
        "٣*t".to_owned(),
        "🙂(t)".to_owned(),
        "a".repeat(7000),
        "\u{feff}t".to_owned(),
        "<script>alert(1)</script>".to_owned(),
        "%s%n{}".to_owned(),
        "t\r\n\t+\u{a0}1".to_owned(),
    ];
    texts.iter().for_each(|text| tried(text));
    for text in [&texts[0], &texts[1], &texts[2]] {
        let message = fault(text).message;
        assert!(message.contains("at most 8000 characters"), "{message}");
    }
    assert!(fault(&texts[4]).message.contains("nested"));
}

/// Texts of the words of the language, most of which mean nothing.
fn babble() -> impl Strategy<Value = String> {
    let words = "t t t 0 1 2 0.5 1/3 1e9 1e-9 pi e + - * / ^ ( ) ( ) , ; < <= >= sin( cos( exp( sqrt( abs( rect( tri( step( delta( gauss( \
                 sinc( erf( erfc( if( piecewise( for otherwise rect(t) exp(-t) (t-1) ) ) ² _ . = é";
    let words: Vec<String> = words.split(' ').map(str::to_owned).collect();
    proptest::collection::vec(proptest::sample::select(words), 1..14).prop_map(|words| words.concat())
}

/// Texts that are expressions.
fn expression() -> impl Strategy<Value = String> {
    let leaf = proptest::sample::select(vec![
        "t", "t", "1", "2", "0", "1/2", "-3", "pi", "1e9", "1e-9", "rect(t)", "step(t)", "delta(t)", "exp(-t)",
    ]);
    leaf.prop_map(str::to_owned).prop_recursive(4, 24, 3, |inner| {
        let function = "sin cos exp sqrt abs rect tri step delta gauss sinc erf erfc".split(' ').collect::<Vec<_>>();
        let (a, b, c) = (inner.clone(), inner.clone(), inner.clone());
        prop_oneof![
            (inner.clone(), proptest::sample::select(vec!["+", "-", "*", "/", "^"]), inner.clone())
                .prop_map(|(a, sign, b)| format!("({a}){sign}({b})")),
            (proptest::sample::select(function), inner).prop_map(|(name, x)| format!("{name}({x})")),
            (a, b, c).prop_map(|(a, b, c)| format!("if(({a}) < ({b}), {c}, t)")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 3000, failure_persistence: None, rng_seed: RngSeed::Fixed(20261126), ..ProptestConfig::default()
    })]

    #[test]
    fn babble_is_refused_or_read(text in babble()) {
        tried(&text);
    }

    #[test]
    fn expressions_are_refused_or_convolved(text in expression()) {
        tried(&text);
    }
}
