//! Elements of XML: names, attributes, text. Everything that comes from outside is escaped here, and nowhere else.

use std::fmt::Write as _;

/// The value of an attribute.
#[derive(Clone, Copy)]
pub(super) enum Value<'a> {
    /// A length: at most two decimals.
    Length(f64),
    /// Words.
    Words(&'a str),
}

impl From<f64> for Value<'_> {
    fn from(length: f64) -> Self {
        Value::Length(length)
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(words: &'a str) -> Self {
        Value::Words(words)
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(words: &'a String) -> Self {
        Value::Words(words)
    }
}

/// Attributes in the order in which they are written.
pub(super) type Attributes<'a> = &'a [(&'a str, Value<'a>)];

/// Elements, one after the other.
#[derive(Clone, Default)]
pub(super) struct Xml(String);

impl Xml {
    /// An element without content.
    pub(super) fn empty(&mut self, name: &str, attributes: Attributes<'_>) {
        self.start(name, attributes);
        self.0.push_str("/>\n");
    }

    /// The beginning of an element; [`close`](Self::close) ends it.
    pub(super) fn open(&mut self, name: &str, attributes: Attributes<'_>) {
        self.start(name, attributes);
        self.0.push_str(">\n");
    }

    pub(super) fn close(&mut self, name: &str) {
        let _ = writeln!(self.0, "</{name}>");
    }

    /// An element with words in it.
    pub(super) fn words(&mut self, name: &str, attributes: Attributes<'_>, words: &str) {
        self.start(name, attributes);
        let _ = writeln!(self.0, ">{}</{name}>", escaped(words));
    }

    /// Elements that were written before.
    pub(super) fn append(&mut self, other: &Xml) {
        self.0.push_str(&other.0);
    }

    /// Markup that is complete in itself.
    pub(super) fn markup(&mut self, markup: &str) {
        self.0.push_str(markup);
    }

    pub(super) fn into_string(self) -> String {
        self.0
    }

    fn start(&mut self, name: &str, attributes: Attributes<'_>) {
        let _ = write!(self.0, "<{name}");
        for (name, value) in attributes {
            let _ = match value {
                Value::Length(length) => write!(self.0, " {name}=\"{}\"", number(*length)),
                Value::Words(words) => write!(self.0, " {name}=\"{}\"", escaped(words)),
            };
        }
    }
}

/// At most two decimals, and no zeros at the end.
pub(super) fn number(length: f64) -> String {
    let text = format!("{length:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// Words as XML writes them; characters that XML cannot have are `\u{fffd}`.
fn escaped(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for letter in words.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push(' '),
            '\0'..' ' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            _ => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_have_two_decimals_at_most() {
        assert_eq!([1.0, 0.126, -0.001, 100.5, 0.0].map(number), ["1", "0.13", "0", "100.5", "0"]);
    }

    #[test]
    fn words_cannot_leave_their_place() {
        let mut xml = Xml::default();
        xml.words("text", &[("id", "a\"b".into()), ("x", 1.5.into())], "<script>&\0");
        assert_eq!(xml.into_string(), "<text id=\"a&quot;b\" x=\"1.5\">&lt;script&gt;&amp;\u{fffd}</text>\n");
    }
}
