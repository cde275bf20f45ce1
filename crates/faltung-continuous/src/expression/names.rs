//! The names of functions.

/// A function of one argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Name {
    Rect,
    Tri,
    Step,
    Delta,
    Gauss,
    Exp,
    Sin,
    Cos,
    Sqrt,
    Abs,
    Sinc,
    Erf,
    Erfc,
}

/// All of them.
pub(super) const NAMES: &[(&str, Name)] = &[
    ("rect", Name::Rect),
    ("tri", Name::Tri),
    ("step", Name::Step),
    ("delta", Name::Delta),
    ("gauss", Name::Gauss),
    ("exp", Name::Exp),
    ("sin", Name::Sin),
    ("cos", Name::Cos),
    ("sqrt", Name::Sqrt),
    ("abs", Name::Abs),
    ("sinc", Name::Sinc),
    ("erf", Name::Erf),
    ("erfc", Name::Erfc),
];

/// The function of a name.
pub(super) fn named(name: &str) -> Option<Name> {
    NAMES.iter().find(|(known, _)| *known == name).map(|(_, function)| *function)
}

/// What to do about a name that is none.
pub(super) fn suggestion(name: &str) -> String {
    let others = ["t", "pi", "e", "if", "piecewise"];
    let known = || NAMES.iter().map(|(known, _)| *known).chain(others);
    let (word, meant) = match name.to_lowercase().as_str() {
        "x" | "tau" | "τ" | "s" => return "the variable is t".to_owned(),
        "u" | "heaviside" | "theta" | "h" => return "the unit step is step()".to_owned(),
        "box" | "pulse" | "rectangle" => return "the pulse of width 1 is rect()".to_owned(),
        "dirac" | "impulse" | "δ" => return "the impulse is delta()".to_owned(),
        "triangle" => return "the triangle is tri()".to_owned(),
        lower => (lower.to_owned(), known().max_by(|a, b| strsim::jaro(a, lower).total_cmp(&strsim::jaro(b, lower)))),
    };
    match meant.filter(|meant| strsim::jaro(meant, &word) > 0.7) {
        Some(meant) => format!("did you mean '{meant}'?"),
        None => format!("known are {}", known().collect::<Vec<_>>().join(", ")),
    }
}
