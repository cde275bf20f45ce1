//! Texts as tokens, each with its column.

use crate::Number;

use super::Mistake;

/// The smallest parts of an expression.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Number(Number),
    Name(String),
    /// An operator, a bracket, a comma or a semicolon.
    Sign(&'static str),
    End,
}

/// A token and the column where it begins, from 1.
#[derive(Clone, Debug)]
pub(super) struct Placed {
    pub(super) token: Token,
    pub(super) column: usize,
}

impl Token {
    /// The token in words, for messages.
    pub(super) fn shown(&self) -> String {
        match self {
            Token::Number(number) => format!("the number {number}"),
            Token::Name(name) => format!("'{name}'"),
            Token::Sign(sign) => format!("'{sign}'"),
            Token::End => "the end".to_owned(),
        }
    }
}

/// Signs, longer ones first, with other ways to write them.
const SIGNS: &[(&str, &str)] = &[
    ("<=", "<="),
    (">=", ">="),
    ("**", "^"),
    ("≤", "<="),
    ("≥", ">="),
    ("−", "-"),
    ("·", "*"),
    ("×", "*"),
    ("<", "<"),
    (">", ">"),
    ("+", "+"),
    ("-", "-"),
    ("*", "*"),
    ("/", "/"),
    ("^", "^"),
    ("(", "("),
    (")", ")"),
    (",", ","),
    (";", ";"),
];

/// The tokens of a text, with an end.
pub(super) fn tokens(text: &str) -> Result<Vec<Placed>, Mistake> {
    let mut tokens = Vec::new();
    let (mut rest, mut column) = (text, 1);
    while let Some(first) = rest.chars().next() {
        let (token, length) = match first {
            c if c.is_whitespace() => (None, c.len_utf8()),
            '0'..='9' | '.' => number(rest, column).map(|(number, length)| (Some(Token::Number(number)), length))?,
            'π' => (Some(Token::Name("pi".to_owned())), first.len_utf8()),
            c if c.is_alphabetic() || c == '_' => {
                let name: String =
                    rest.chars().take_while(|c| c.is_alphabetic() || c.is_ascii_digit() || *c == '_').collect();
                let length = name.len();
                (Some(Token::Name(name)), length)
            }
            _ => match SIGNS.iter().find(|(written, _)| rest.starts_with(written)) {
                Some((written, sign)) => (Some(Token::Sign(sign)), written.len()),
                None => return Err(Mistake::new(column, unexpected(first))),
            },
        };
        tokens.extend(token.map(|token| Placed { token, column }));
        column += rest[..length].chars().count();
        rest = &rest[length..];
    }
    tokens.push(Placed { token: Token::End, column });
    Ok(tokens)
}

fn unexpected(character: char) -> String {
    let hint = match character {
        '=' | '!' => ": compare with <, <=, > or >=",
        '[' | ']' | '{' | '}' => ": use ( and )",
        '&' | '|' => ": write 0 <= t < 1 for both, or use if() and piecewise()",
        ':' => ": piecewise() has its cases as 'value for condition'",
        '%' => ": write /100",
        '²' | '³' => ": write ^2 or ^3",
        _ => "",
    };
    format!("{character:?} has no meaning here{hint}")
}

/// The number that a text begins with, and its length: digits with a point, and an exponent if digits follow its `e`.
fn number(text: &str, column: usize) -> Result<(Number, usize), Mistake> {
    let digits = |from: usize| text[from..].bytes().take_while(u8::is_ascii_digit).count();
    let mut length = digits(0);
    if text[length..].starts_with('.') {
        length += 1 + digits(length + 1);
    }
    if text[length..].starts_with(['e', 'E']) {
        let signed = 1 + usize::from(text[length + 1..].starts_with(['+', '-']));
        let count = digits(length + signed);
        length += if count > 0 { signed + count } else { 0 };
    }
    let written = &text[..length];
    let held = |number: &Number| number.is_finite() && (number.value() != 0.0 || number.is_exactly_zero());
    match Number::read(written).filter(held) {
        Some(number) if !text[length..].starts_with('.') => Ok((number, length)),
        _ => Err(Mistake::new(
            column,
            format!("expected a number from 1e-308 to 1e308, such as 2, 0.5 or 1e-3, but '{written}' is none"),
        )),
    }
}
