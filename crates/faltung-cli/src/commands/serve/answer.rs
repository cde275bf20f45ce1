//! What is answered to a request.
//!
//! Files are known by their whole path, so that no path leads anywhere else. A request must name this machine as its host: a page
//! of another site that has its name turned to this address (DNS rebinding) is refused. The page runs nothing but its own
//! scripts and modules, asks nobody else, and is framed by nobody else: what asks for the camera must not lie under other pages.

use std::borrow::Cow;

use httparse::Request;

use super::File;

/// What matters of a request.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Asked<'a> {
    pub(super) method: &'a str,
    /// The path, perhaps with a query, which is not looked at.
    pub(super) target: &'a str,
    pub(super) host: Option<&'a str>,
    /// Tags of what the reader has already.
    pub(super) tags: Option<&'a str>,
    pub(super) encodings: Option<&'a str>,
}

impl<'a> Asked<'a> {
    /// What matters of this request. A header that is there twice counts as none.
    pub(super) fn of(request: &Request<'_, 'a>) -> Asked<'a> {
        let header = |name: &str| {
            let mut found = request.headers.iter().filter(|header| header.name.eq_ignore_ascii_case(name));
            found.next().filter(|_| found.next().is_none()).and_then(|header| str::from_utf8(header.value).ok())
        };
        Asked {
            method: request.method.unwrap_or_default(),
            target: request.path.unwrap_or_default(),
            host: header("Host"),
            tags: header("If-None-Match"),
            encodings: header("Accept-Encoding"),
        }
    }
}

/// A status, headers and a body.
#[derive(Debug, PartialEq)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: Vec<(&'static str, Cow<'static, str>)>,
    pub(super) body: Cow<'static, [u8]>,
}

/// Which scripts run, and what they may reach. Figures are elements with attributes, so no style stands in the page itself.
const POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; img-src 'self' blob: data:; \
                      media-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

/// Sent with everything.
const ALWAYS: [(&str, &str); 7] = [
    ("Content-Security-Policy", POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Permissions-Policy", "camera=(self), microphone=(self)"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Cache-Control", "no-cache"),
    ("Connection", "close"),
];

impl Answer {
    fn new(status: u16) -> Answer {
        let headers = ALWAYS.map(|(name, value)| (name, Cow::Borrowed(value))).to_vec();
        Answer { status, headers, body: Cow::Borrowed(&[]) }
    }

    fn with(mut self, name: &'static str, value: impl Into<Cow<'static, str>>) -> Answer {
        self.headers.push((name, value.into()));
        self
    }

    fn with_body(self, body: impl Into<Cow<'static, [u8]>>) -> Answer {
        let body = body.into();
        Answer { body, ..self }
    }

    /// A sentence, for people.
    pub(super) fn told(status: u16, sentence: impl Into<String>) -> Answer {
        let answer = Answer::new(status).with("Content-Type", "text/plain; charset=utf-8");
        answer.with_body((sentence.into() + "\n").into_bytes())
    }
}

/// What is answered by a server of this page at this port.
pub(super) fn answer(asked: &Asked<'_>, page: &'static [File], port: u16) -> Answer {
    if !asked.host.is_some_and(|host| is_here(host, port)) {
        let sentence = format!("Expected a request for 127.0.0.1:{port}: this server answers to no other name.");
        return Answer::told(421, sentence);
    }
    if !matches!(asked.method, "GET" | "HEAD") {
        return Answer::told(405, "Expected GET or HEAD: there is nothing to change here.").with("Allow", "GET, HEAD");
    }
    let path = asked.target.split('?').next().unwrap_or_default();
    let path = if path == "/" { "/index.html" } else { path };
    match page.iter().find(|file| file.path == path) {
        Some(file) => of_file(file, asked),
        None => Answer::told(404, "There is no such file here: the page is at /."),
    }
}

/// A file, unless the reader has it, in gzip if that is taken.
fn of_file(file: &'static File, asked: &Asked<'_>) -> Answer {
    // One tag for both forms, so it is a weak one.
    let own = |tag: &str| tag == "*" || tag.trim_start_matches("W/") == file.tag;
    let known = asked.tags.is_some_and(|tags| tags.split(',').map(str::trim).any(own));
    let answer = Answer::new(if known { 304 } else { 200 })
        .with("ETag", format!("W/{}", file.tag))
        .with("Vary", "Accept-Encoding");
    if known {
        return answer;
    }
    let answer = answer.with("Content-Type", media_type(file.path));
    match file.gzip.filter(|_| asked.encodings.is_some_and(takes_gzip)) {
        Some(packed) => answer.with("Content-Encoding", "gzip").with_body(packed),
        None => answer.with_body(file.bytes),
    }
}

/// The media type of a file, by its extension. What is of no known type is nothing that a page is made of, and is not run.
pub(super) fn media_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// Whether a request's host is this machine, by one of its names, at this port.
fn is_here(host: &str, port: u16) -> bool {
    let known = |name: &str| {
        let whole = format!("{name}:{port}");
        host.eq_ignore_ascii_case(&whole) || (port == 80 && host.eq_ignore_ascii_case(name))
    };
    ["127.0.0.1", "localhost", "[::1]"].into_iter().any(known)
}

/// Whether gzip is among what is taken, and not refused by a weight of 0.
fn takes_gzip(encodings: &str) -> bool {
    encodings.split(',').any(|encoding| {
        let mut parts = encoding.split(';').map(str::trim);
        let weight = |part: &str| part.strip_prefix("q=").and_then(|q| q.parse::<f64>().ok());
        parts.next() == Some("gzip") && parts.filter_map(weight).all(|q| q > 0.0)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &[File] = &[
        File { path: "/index.html", tag: "\"a\"", bytes: b"<p>", gzip: None },
        File { path: "/main.js", tag: "\"b\"", bytes: b"long", gzip: Some(b"z") },
    ];

    fn get(target: &str) -> Asked<'_> {
        Asked { method: "GET", target, host: Some("127.0.0.1:8000"), ..Asked::default() }
    }

    fn header<'a>(answer: &'a Answer, name: &str) -> Option<&'a str> {
        answer.headers.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_ref())
    }

    #[test]
    fn the_page_is_given_with_its_type_and_what_it_may_do() {
        let page = answer(&get("/"), PAGE, 8000);
        assert_eq!((page.status, &page.body[..]), (200, &b"<p>"[..]));
        assert_eq!(header(&page, "Content-Type"), Some("text/html; charset=utf-8"));
        assert!(header(&page, "Content-Security-Policy").unwrap().contains("script-src 'self' 'wasm-unsafe-eval';"));
        assert_eq!(header(&page, "X-Content-Type-Options"), Some("nosniff"));
        assert_eq!(answer(&get("/?a=b"), PAGE, 8000), page);
    }

    #[test]
    fn types_are_known_by_extensions() {
        let types =
            ["/a.b/main-1a2b.js", "/style.css", "/engine_bg.wasm", "/index.html", "/js", "/a.JS", "/"].map(media_type);
        let unknown = "application/octet-stream";
        let (script, style) = ("text/javascript; charset=utf-8", "text/css; charset=utf-8");
        assert_eq!(types, [script, style, "application/wasm", "text/html; charset=utf-8", unknown, unknown, unknown]);
    }

    #[test]
    fn files_are_packed_for_who_takes_that() {
        let by = |encodings| answer(&Asked { encodings, ..get("/main.js") }, PAGE, 8000);
        for taken in ["gzip", "br, gzip;q=0.5", "deflate,gzip ;q=1"] {
            assert_eq!(
                (&by(Some(taken)).body[..], header(&by(Some(taken)), "Content-Encoding")),
                (&b"z"[..], Some("gzip"))
            );
        }
        for refused in [None, Some("br"), Some("gzip;q=0")] {
            assert_eq!((&by(refused).body[..], header(&by(refused), "Content-Encoding")), (&b"long"[..], None));
        }
    }

    #[test]
    fn what_a_reader_has_is_not_sent_again() {
        let by = |tag| answer(&Asked { tags: Some(tag), ..get("/main.js") }, PAGE, 8000);
        assert_eq!(["\"b\"", "W/\"b\"", "\"x\", \"b\"", "*"].map(|tag| by(tag).status), [304; 4]);
        assert_eq!((by("\"a\"").status, by("\"b\"").body.len()), (200, 0));
    }

    #[test]
    fn other_hosts_methods_and_paths_are_refused() {
        let host = |host| answer(&Asked { host, ..get("/") }, PAGE, 8000).status;
        assert_eq!(["127.0.0.1:8000", "LOCALHOST:8000", "[::1]:8000"].map(|name| host(Some(name))), [200; 3]);
        let elsewhere =
            ["evil.example:8000", "127.0.0.1:8001", "127.0.0.1", "localhost:8000.evil.example", "[::1]", "", ":8000"];
        assert_eq!(elsewhere.map(|name| host(Some(name))), [421; 7]);
        assert_eq!(host(None), 421);
        assert_eq!(answer(&Asked { host: Some("localhost"), ..get("/") }, PAGE, 80).status, 200);
        let post = answer(&Asked { method: "POST", ..get("/") }, PAGE, 8000);
        assert_eq!((post.status, header(&post, "Allow")), (405, Some("GET, HEAD")));
        for path in ["/nothing", "/../main.js", "//main.js", "main.js", "/%6dain.js", "/index.html/", ""] {
            assert_eq!(answer(&get(path), PAGE, 8000).status, 404, "{path}");
        }
    }
}
