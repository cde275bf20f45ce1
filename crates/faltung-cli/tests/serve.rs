//! `faltung serve`: what browsers get from the command itself.
//!
//! With a page in the command it is asked as a browser would ask it, by plain HTTP. Tests that need the page are ignored, and say
//! so, where the command was built without it; how requests are answered is tested beside the code in any case.

mod support;

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, Command, ExitStatus, Stdio},
    time::Duration,
};

use flate2::read::GzDecoder;
use support::Trial;

/// The command, serving.
struct Serving {
    child: Child,
    /// The line that it has printed.
    url: String,
    port: u16,
}

/// What came back.
struct Answer {
    /// The status line and the headers.
    head: String,
    body: Vec<u8>,
}

impl Serving {
    fn start(words: &[&str]) -> Serving {
        Serving::of(Command::new(env!("CARGO_BIN_EXE_faltung")).args(words))
    }

    fn of(command: &mut Command) -> Serving {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
        let mut url = String::new();
        let out = child.stdout.as_mut().expect("it was asked for");
        BufReader::new(out).read_line(&mut url).expect("a line");
        let port = url.strip_prefix("http://127.0.0.1:").and_then(|rest| rest.split('/').next()?.parse().ok());
        Serving { child, port: port.unwrap_or_else(|| panic!("no address: {url:?}")), url: url.trim_end().to_owned() }
    }

    /// Asks with these headers, of which each ends its line.
    fn ask(&self, method: &str, target: &str, headers: &str) -> Answer {
        self.ask_as(&format!("127.0.0.1:{}", self.port), method, target, headers)
    }

    fn ask_as(&self, host: &str, method: &str, target: &str, headers: &str) -> Answer {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("a connection");
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a time limit");
        write!(stream, "{method} {target} HTTP/1.1\r\nHost: {host}\r\n{headers}\r\n").expect("it is read");
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).expect("an answer, and its end");
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").expect("an end of the headers");
        let head = String::from_utf8(bytes[..end].to_vec()).expect("text");
        Answer { head, body: bytes.split_off(end + 4) }
    }

    /// Sends it a signal; how it ended, and what it said.
    #[cfg(unix)]
    fn signalled(mut self, signal: &str) -> (ExitStatus, String) {
        let kill = format!("kill -{signal} {}", self.child.id());
        assert!(Command::new("sh").args(["-c", &kill]).status().expect("a shell").success());
        let (status, mut said) = (self.child.wait().expect("it ends"), String::new());
        self.child.stderr.take().expect("it was asked for").read_to_string(&mut said).expect("text");
        (status, said)
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Answer {
    fn status(&self) -> &str {
        self.head.split(' ').nth(1).unwrap_or_default()
    }

    fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.filter(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value).next()
    }

    fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("text")
    }
}

#[test]
fn words_that_do_not_fit_are_refused() {
    let trial = Trial::new();
    for (words, told) in [
        ("serve --port 65536", "65536 is not in 0..=65535"),
        ("serve --port -1", "--port"),
        ("serve --state #/nowhere", "nowhere: there is no such view"),
        ("serve --state #/stage?x=1,,2", "number 2 is missing"),
        ("serve page", "unexpected argument 'page'"),
    ] {
        let outcome = trial.run(words);
        assert_eq!((outcome.code, outcome.out.as_str()), (2, ""), "{words}");
        assert!(outcome.err.contains(told), "{words}: {}", outcome.err);
    }
}

#[test]
#[cfg_attr(page_built, ignore = "the page is built")]
fn without_a_page_it_is_told_how_to_build_one() {
    let outcome = Trial::new().run("serve");
    assert_eq!((outcome.code, outcome.out.as_str()), (2, ""));
    assert!(outcome.err.contains("cargo xtask web") && outcome.err.lines().count() == 1, "{}", outcome.err);
}

#[test]
#[cfg_attr(not(page_built), ignore = "the page is not built: cargo xtask web")]
fn the_page_comes_with_what_it_may_do() {
    let serving = Serving::start(&["serve"]);
    assert_eq!(serving.url, format!("http://127.0.0.1:{}/", serving.port));
    let page = serving.ask("GET", "/", "");
    assert_eq!((page.status(), page.header("Content-Type")), ("200", Some("text/html; charset=utf-8")));
    assert!(page.text().starts_with("<!DOCTYPE html>"), "{}", page.text());
    let policy = page.header("Content-Security-Policy").expect("a policy");
    for part in ["default-src 'self'", "script-src 'self' 'wasm-unsafe-eval'", "object-src 'none'", "base-uri 'none'"] {
        assert!(policy.split("; ").any(|known| known == part), "{part}: {policy}");
    }
    assert!(!policy.contains("unsafe-inline"), "{policy}");
    for (name, value) in [
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "no-referrer"),
        ("Permissions-Policy", "camera=(self), microphone=(self)"),
        ("Cache-Control", "no-cache"),
        ("Content-Length", &page.body.len().to_string()),
    ] {
        assert_eq!(page.header(name), Some(value));
    }
    for same in ["/index.html", "/?utm=1", "/index.html?../../x"] {
        assert_eq!(serving.ask("GET", same, "").body, page.body, "{same}");
    }
    let head = serving.ask("HEAD", "/", "");
    assert_eq!((head.head, head.body.len()), (page.head, 0));
}

#[test]
#[cfg_attr(not(page_built), ignore = "the page is not built: cargo xtask web")]
fn what_is_known_is_not_sent_and_the_rest_is_packed() {
    let serving = Serving::start(&["serve"]);
    let plain = serving.ask("GET", "/", "");
    let packed = serving.ask("GET", "/", "Accept-Encoding: gzip, deflate, br, zstd\r\n");
    assert_eq!((plain.header("Content-Encoding"), packed.header("Content-Encoding")), (None, Some("gzip")));
    assert!(packed.body.len() < plain.body.len());
    let mut unpacked = Vec::new();
    GzDecoder::new(&packed.body[..]).read_to_end(&mut unpacked).expect("gzip");
    assert_eq!(unpacked, plain.body);
    let tag = plain.header("ETag").expect("a tag");
    assert_eq!(packed.header("ETag"), Some(tag));
    let known = serving.ask("GET", "/", &format!("If-None-Match: {tag}\r\n"));
    assert_eq!((known.status(), known.header("ETag"), known.body.len()), ("304", Some(tag), 0));
    assert_eq!(serving.ask("GET", "/", "If-None-Match: \"other\"\r\n").status(), "200");
}

#[test]
#[cfg_attr(not(page_built), ignore = "the page is not built: cargo xtask web")]
fn what_is_not_for_this_page_is_refused_with_a_sentence() {
    let serving = Serving::start(&["serve"]);
    let port = serving.port;
    for host in [format!("localhost:{port}"), format!("[::1]:{port}"), format!("127.0.0.1:{port}")] {
        assert_eq!(serving.ask_as(&host, "GET", "/", "").status(), "200", "{host}");
    }
    let refused = |answer: Answer, status: &str, told: &str| {
        assert_eq!((answer.status(), answer.header("X-Content-Type-Options")), (status, Some("nosniff")));
        assert!(answer.text().contains(told) && answer.text().lines().count() == 1, "{}", answer.text());
    };
    for host in ["evil.example", &format!("evil.example:{port}"), "127.0.0.1", "127.0.0.1:1", ""] {
        refused(serving.ask_as(host, "GET", "/", ""), "421", &format!("Expected a request for 127.0.0.1:{port}"));
    }
    refused(serving.ask("GET", "/", "Host: evil.example\r\n"), "421", "Expected a request for");
    let post = serving.ask("POST", "/", "Content-Length: 4\r\n\r\nbody");
    assert_eq!(post.header("Allow"), Some("GET, HEAD"));
    refused(post, "405", "Expected GET or HEAD");
    for path in
        ["/nothing", "/../Cargo.toml", "/..%2fCargo.toml", "//etc/passwd", "/index.html/..", "/assets/../index.html"]
    {
        refused(serving.ask("GET", path, ""), "404", "There is no such file here");
    }
}

#[test]
#[cfg_attr(not(page_built), ignore = "the page is not built: cargo xtask web")]
fn a_state_is_the_end_of_the_address() {
    let serving = Serving::start(&["serve", "--state", "#/table?mode=full&x=1,2,3&t=2"]);
    assert_eq!(serving.url, format!("http://127.0.0.1:{}/#/table?x=1,2,3&t=2", serving.port));
}

#[test]
#[cfg_attr(not(page_built), ignore = "the page is not built: cargo xtask web")]
fn a_port_that_is_taken_is_told() {
    let serving = Serving::start(&["serve"]);
    let outcome = Trial::new().run(&format!("serve --port {}", serving.port));
    assert_eq!((outcome.code, outcome.out.as_str()), (1, ""));
    let told = format!("faltung: port {}: another program has it: choose another --port", serving.port);
    assert!(outcome.err.starts_with(&told), "{}", outcome.err);
}

#[test]
#[cfg(unix)]
#[cfg_attr(not(page_built), ignore = "the page is not built: cargo xtask web")]
fn signals_end_it_as_they_should() {
    for signal in ["INT", "TERM"] {
        let serving = Serving::start(&["serve"]);
        // Neither a connection without a request nor one with half of it keeps it alive.
        let _silent = TcpStream::connect(("127.0.0.1", serving.port)).expect("a connection");
        let mut half = TcpStream::connect(("127.0.0.1", serving.port)).expect("a connection");
        half.write_all(b"GET / HT").expect("it is read");
        let (status, said) = serving.signalled(signal);
        assert_eq!((status.code(), said.as_str()), (Some(0), ""), "{signal}");
    }
}

#[test]
#[cfg(target_os = "linux")]
#[cfg_attr(not(page_built), ignore = "the page is not built: cargo xtask web")]
fn a_browser_is_opened_or_it_is_told_that_there_is_none() {
    use std::{fs, os::unix::fs::PermissionsExt, thread, time::Instant};
    let trial = Trial::new().file("xdg-open", "#!/bin/sh\necho \"$1\" > \"${0%/*}/opened\"\n");
    fs::set_permissions(trial.path("xdg-open"), fs::Permissions::from_mode(0o755)).expect("it may be run");
    let start = |path| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_faltung"));
        Serving::of(command.args(["serve", "--open", "--state", "#/likes?t=3"]).env("PATH", path))
    };
    let folder = trial.path("");
    let serving = start(&folder);
    let (began, opened) = (Instant::now(), || fs::read_to_string(trial.path("opened")).unwrap_or_default());
    while !opened().ends_with('\n') && began.elapsed() < Duration::from_secs(20) {
        thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(opened().trim_end(), serving.url);
    assert!(serving.url.ends_with("/#/likes?t=3"));

    let mut serving = start(&folder.join("nothing"));
    let mut told = String::new();
    BufReader::new(serving.child.stderr.as_mut().expect("it was asked for")).read_line(&mut told).expect("a line");
    assert!(told.starts_with("faltung: note: no browser could be opened") && told.contains(&serving.url), "{told}");
    assert_eq!(serving.ask("GET", "/", "").status(), "200");
}
