//! Long sequences, made short: `x` and `h` as a query, deflated, in the letters of base64 that URLs leave alone.

use std::io::Read;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as LETTERS};
use flate2::{Compression, read::DeflateDecoder, read::DeflateEncoder};

/// Sequences of more numbers are packed.
const MOST_PLAIN: usize = 200;
/// The most bytes that a sequence may unpack to.
const MOST_BYTES: u64 = 400_000;

type Pairs = Vec<(String, String)>;

/// Properties, those of long sequences together in one, `z`.
pub(super) fn packed(pairs: Vec<(&str, &str)>) -> Pairs {
    let is_long = |value: &str| value.split([',', ';']).count() > MOST_PLAIN;
    let (long, mut pairs): (Pairs, Pairs) = pairs
        .into_iter()
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .partition(|(key, value)| matches!(key.as_str(), "x" | "h") && is_long(value));
    if !long.is_empty() {
        let query = long.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join("&");
        let mut bytes = Vec::new();
        let mut deflated = DeflateEncoder::new(query.as_bytes(), Compression::best());
        deflated.read_to_end(&mut bytes).expect("memory is read without errors");
        pairs.insert(0, ("z".to_owned(), LETTERS.encode(bytes)));
    }
    pairs
}

/// What was packed.
pub(super) fn unpacked(text: &str) -> Result<Pairs, String> {
    let bytes = LETTERS.decode(text).map_err(|_| "expected the letters of base64url".to_owned())?;
    let mut query = String::new();
    let limited = &mut DeflateDecoder::new(bytes.as_slice()).take(MOST_BYTES + 1);
    limited
        .read_to_string(&mut query)
        .map_err(|_| "expected what was packed here, but it does not unpack".to_owned())?;
    if query.len() as u64 > MOST_BYTES {
        return Err(format!("it unpacks to more than {MOST_BYTES} bytes"));
    }
    let pairs: Pairs = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    match pairs.iter().find(|(key, _)| !matches!(key.as_str(), "x" | "h")) {
        Some(_) => Err("it holds something other than x and h".to_owned()),
        None => Ok(pairs),
    }
}

/// A short state that unpacks to a long one.
#[cfg(test)]
pub(super) fn bomb() -> String {
    let mut bytes = Vec::new();
    let zeros = vec![b'0'; 40_000_000];
    DeflateEncoder::new(zeros.as_slice(), Compression::best()).read_to_end(&mut bytes).unwrap();
    format!("#/stage?z={}", LETTERS.encode(bytes))
}
