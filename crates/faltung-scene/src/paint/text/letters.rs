//! Words in the first 128 characters.

/// What stands for characters that only some terminals have.
const SIGNS: &[(char, &str)] = &[
    ('τ', "tau"),
    ('·', "*"),
    ('×', "x"),
    ('⋆', " corr "),
    ('≈', "~"),
    ('−', "-"),
    ('…', "..."),
    ('→', "->"),
    ('Σ', "sum"),
    ('≤', "<="),
    ('≥', ">="),
];

/// The words in ASCII; what has no name there is `?`.
pub(in super::super) fn ascii(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for letter in words.chars() {
        match SIGNS.iter().find(|(sign, _)| *sign == letter) {
            Some((_, name)) => out.push_str(name),
            None if letter.is_ascii() => out.push(letter),
            None => out.push('?'),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sign_of_the_views_has_a_name() {
        assert_eq!(ascii("(f⋆g)(t) = 3·1 ≈ 3 × 1, g(4-τ)…"), "(f corr g)(t) = 3*1 ~ 3 x 1, g(4-tau)...");
        assert_eq!(ascii("µ"), "?");
    }
}
