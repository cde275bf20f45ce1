//! Numbers as they are written: the fewest digits that tell them exactly, with `-` for minus.

use faltung::Number;

/// The number with the fewest digits that tell it exactly. Very large and very small ones have an exponent.
///
/// ```
/// use faltung::Number;
/// use faltung_scene::exact;
/// assert_eq!(exact(Number::Whole(-3)), "-3");
/// assert_eq!(exact(Number::Real(0.1)), "0.1");
/// assert_eq!(exact(Number::Real(28.0)), "28");
/// assert_eq!(exact(Number::Real(1e-9)), "1e-9");
/// assert_eq!(exact("1-2i".parse()?), "1-2i");
/// # Ok::<(), faltung::Error>(())
/// ```
pub fn exact(number: Number) -> String {
    written(number, f64::to_string, |r| format!("{r:e}"))
}

/// A number that is stored in single precision, with the fewest digits that tell it exactly there.
pub(crate) fn exact_single(number: Number) -> String {
    written(number, |r| (*r as f32).to_string(), |r| format!("{:e}", *r as f32))
}

/// The number for a label: exact if that is short, else to four digits after `≈`.
///
/// ```
/// use faltung::Number;
/// use faltung_scene::brief;
/// assert_eq!(brief(Number::Real(0.25)), "0.25");
/// assert_eq!(brief(Number::Real(1.0 / 3.0)), "≈0.3333");
/// assert_eq!(brief(Number::Whole(123_456_789)), "≈1.235e8");
/// ```
pub fn brief(number: Number) -> String {
    shortened(exact(number), number)
}

/// A text that tells a number exactly, or the number to four digits if the text is long.
pub(crate) fn shortened(exact: String, number: Number) -> String {
    const LONGEST: usize = 7;
    if exact.len() <= LONGEST {
        return exact;
    }
    let near = match number {
        Number::Whole(n) => Number::Real(n as f64),
        other => other,
    };
    format!("≈{}", written(near, |r| plain(*r), |r| format!("{r:.3e}")))
}

/// To four digits, without an exponent where that is as short.
fn plain(r: f64) -> String {
    let scientific = format!("{r:.3e}");
    let near: f64 = scientific.parse().expect("a number that was just written");
    let text = near.to_string();
    if text.len() <= scientific.len() { text } else { scientific }
}

/// A number, its real parts written in one of two ways.
fn written(number: Number, plain: impl Fn(&f64) -> String, scientific: impl Fn(&f64) -> String) -> String {
    let real = |r: f64| match r.abs() {
        0.0 => "0".to_owned(),
        size if size.is_finite() && !(1e-5..1e16).contains(&size) => scientific(&r),
        _ => plain(&r),
    };
    match number {
        Number::Whole(n) => n.to_string(),
        Number::Real(r) => real(r),
        Number::Complex(z) => {
            let imaginary = real(z.im);
            let sign = if imaginary.starts_with('-') { "" } else { "+" };
            format!("{}{sign}{imaginary}i", real(z.re))
        }
    }
}

/// What something is: `= 3`, and of a rounded number `≈ 3.142`.
pub(crate) fn equals(text: &str) -> String {
    match text.strip_prefix('≈') {
        Some(rounded) => format!("≈ {rounded}"),
        None => format!("= {text}"),
    }
}

/// A factor in a product: negative and complex ones in brackets.
pub(crate) fn factor(text: &str) -> String {
    let is_plain = !text.starts_with('-') && !text.ends_with('i');
    if is_plain { text.to_owned() } else { format!("({text})") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_told_with_the_fewest_digits() {
        let real = |r| exact(Number::Real(r));
        assert_eq!([real(0.0), real(-0.0), real(-2.5), real(1e300)], ["0", "0", "-2.5", "1e300"]);
        assert_eq!([real(f64::NAN), real(f64::INFINITY), real(0.1 + 0.2)], ["NaN", "inf", "0.30000000000000004"]);
        assert_eq!(exact_single(Number::Real(f64::from(0.1f32))), "0.1");
    }

    #[test]
    fn labels_say_where_they_are_rounded() {
        let short = |r| brief(Number::Real(r));
        assert_eq!([short(0.30000000000000004), short(-12345.678), short(1234567.0)], ["≈0.3", "≈-12350", "1234567"]);
        assert_eq!(brief("0.333333333333333+2i".parse().unwrap()), "≈0.3333+2i");
    }

    #[test]
    fn what_is_rounded_is_not_said_to_be_equal() {
        assert_eq!([equals("3"), equals("≈3.142")], ["= 3", "≈ 3.142"]);
    }

    #[test]
    fn negative_factors_stand_in_brackets() {
        assert_eq!([factor("5"), factor("-3"), factor("1+2i")], ["5", "(-3)", "(1+2i)"]);
    }
}
