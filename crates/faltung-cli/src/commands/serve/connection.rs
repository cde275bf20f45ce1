//! Connections of browsers: one request is read from each, answered, and the connection is closed.
//!
//! Each has a thread of its own, so that none waits for another: browsers open several at once, and some that they may need
//! later. Opening one to this machine costs nothing that would be worth keeping it.

use std::{
    io::{self, Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    thread,
    time::Duration,
};

use httparse::{EMPTY_HEADER, Request, Status};

use super::answer::{Answer, Asked};

/// How long a reader may keep silent.
const PATIENCE: Duration = Duration::from_secs(30);

/// The most bytes of a request: to a machine's own address browsers send the cookies of all its ports.
const MOST_BYTES: usize = 64 * 1024;

/// The most headers of a request.
const MOST_HEADERS: usize = 100;

/// Answers whatever comes, for ever.
pub(super) fn listen(listener: &TcpListener, answer: impl Fn(&Asked<'_>) -> Answer + Clone + Send + 'static) {
    for stream in listener.incoming() {
        let answer = answer.clone();
        // A reader who has gone away, or keeps silent, needs no answer.
        let talk = stream.and_then(|stream| thread::Builder::new().spawn(move || drop(talk(&stream, answer))));
        if talk.is_err() {
            // The system has no more connections or threads for now.
            thread::sleep(Duration::from_millis(10));
        }
    }
}

/// One request and its answer.
fn talk(stream: &TcpStream, answer: impl Fn(&Asked<'_>) -> Answer) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    exchange(stream, stream, answer)?;
    stream.shutdown(Shutdown::Write)?;
    // Closing a connection with something unread, as the body of a request is, might take the answer back.
    io::copy(&mut stream.take(MOST_BYTES as u64), &mut io::sink())?;
    Ok(())
}

/// Reads the head of a request, and writes what is answered to it.
fn exchange(mut from: impl Read, to: impl Write, answer: impl Fn(&Asked<'_>) -> Answer) -> io::Result<()> {
    let (mut head, mut part) = (Vec::new(), [0; 4096]);
    loop {
        let count = from.read(&mut part)?;
        if count == 0 {
            return Ok(());
        }
        head.extend_from_slice(&part[..count]);
        let mut headers = [EMPTY_HEADER; MOST_HEADERS];
        let mut request = Request::new(&mut headers);
        match request.parse(&head) {
            Ok(Status::Partial) if head.len() < MOST_BYTES => continue,
            Ok(Status::Complete(_)) => {
                let asked = Asked::of(&request);
                return send(to, &answer(&asked), asked.method);
            }
            Ok(Status::Partial) | Err(httparse::Error::TooManyHeaders) => {
                let most = format!("Expected at most {MOST_BYTES} bytes and {MOST_HEADERS} headers.");
                return send(to, &Answer::told(431, most), "");
            }
            Err(error) => {
                return send(to, &Answer::told(400, format!("Expected a request of HTTP/1.1: {error}.")), "");
            }
        }
    }
}

/// In the form of HTTP/1.1. To HEAD only the body's length is sent; with 304 not even that.
fn send(mut to: impl Write, answer: &Answer, method: &str) -> io::Result<()> {
    let Answer { status, headers, body } = answer;
    let mut head = format!("HTTP/1.1 {status} \r\n");
    headers.iter().for_each(|(name, value)| head += &format!("{name}: {value}\r\n"));
    if *status != 304 {
        head += &format!("Content-Length: {}\r\n", body.len());
    }
    to.write_all((head + "\r\n").as_bytes())?;
    to.write_all(if method == "HEAD" { &[] } else { body })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;

    /// What is answered to these bytes, which come in parts of this length.
    fn answered(bytes: &[u8], part: usize) -> String {
        struct Parts<'a>(std::slice::Chunks<'a, u8>);
        impl Read for Parts<'_> {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                self.0.next().map_or(Ok(0), |mut part| part.read(buffer))
            }
        }
        let echo = |asked: &Asked<'_>| Answer::told(200, format!("{asked:?}"));
        let mut sent = Vec::new();
        exchange(Parts(bytes.chunks(part)), &mut sent, echo).expect("memory can be read and written");
        String::from_utf8(sent).expect("text")
    }

    #[test]
    fn a_request_is_the_same_in_however_many_parts_it_comes() {
        let request =
            b"GET /a?b HTTP/1.1\r\nhost: localhost:1\r\nIF-NONE-MATCH:  \"a\"\r\nAccept-Encoding: gzip\r\n\r\nbody";
        let whole = answered(request, request.len());
        assert!(whole.starts_with("HTTP/1.1 200 \r\nContent-Security-Policy: "), "{whole}");
        assert!(whole.contains("\r\n\r\nAsked { method: \"GET\", target: \"/a?b\", "), "{whole}");
        for told in ["host: Some(\"localhost:1\")", "tags: Some(\"\\\"a\\\"\")", "encodings: Some(\"gzip\")"] {
            assert!(whole.contains(told), "{told}: {whole}");
        }
        for part in [1, 2, 7, 50] {
            assert_eq!(answered(request, part), whole);
        }
    }

    #[test]
    fn to_head_only_the_length_is_told() {
        let (get, head) = (answered(b"GET / HTTP/1.1\r\n\r\n", 99), answered(b"HEAD / HTTP/1.1\r\n\r\n", 99));
        let (length, body) = get.split_once("\r\n\r\n").expect("an end of the headers");
        assert!(length.ends_with(&format!("\r\nContent-Length: {}", body.len())), "{get}");
        assert!(head.ends_with(&format!("\r\nContent-Length: {}\r\n\r\n", body.len() + 1)), "HEAD is longer: {head}");
        let mut sent = Vec::new();
        send(&mut sent, &Answer { status: 304, ..Answer::told(200, "known") }, "GET").expect("memory can be written");
        assert!(!String::from_utf8_lossy(&sent).contains("Content-Length"));
    }

    #[test]
    fn two_hosts_are_none() {
        let both = answered(b"GET / HTTP/1.1\r\nHost: localhost:1\r\nHost: evil.example\r\n\r\n", 9999);
        assert!(both.contains("host: None"), "{both}");
    }

    #[test]
    fn what_is_no_request_is_told_so() {
        for (bytes, status) in [
            (&b"\x16\x03\x01\x02\x00\x01\x00"[..], "400"),
            (b"GET /\r\n\r\n", "400"),
            (b"GET / HTTP/2.0\r\n\r\n", "400"),
            (b"GET / HTTP/1.1\r\nHost\r\n\r\n", "400"),
            (b"GET / HTTP/1.1\r\n\x00: a\r\n\r\n", "400"),
            (&[b"GET / HTTP/1.1\r\n".to_vec(), b"a: b\r\n".repeat(101)].concat(), "431"),
            (&[b"GET /".to_vec(), vec![b'a'; 70_000]].concat(), "431"),
        ] {
            let told = answered(bytes, 4096);
            assert!(told.starts_with(&format!("HTTP/1.1 {status} \r\n")), "{bytes:?}: {told}");
        }
        assert_eq!(answered(b"", 1), "");
        assert_eq!(answered(b"GET / HTTP/1.1\r\nHost: a", 10), "", "the reader has gone away");
    }

    #[test]
    fn connections_do_not_wait_for_one_another() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let address = listener.local_addr().expect("an address");
        thread::spawn(move || listen(&listener, |asked| Answer::told(200, asked.target.to_owned())));
        let open = |_| TcpStream::connect(address).expect("a connection");
        let mut streams: Vec<TcpStream> = (0..20).map(open).collect();
        for (k, stream) in streams.iter_mut().enumerate().skip(10) {
            write!(stream, "POST /{k} HTTP/1.1\r\nContent-Length: 50000\r\n\r\n{:50000}", "").expect("it is read");
        }
        for (k, mut stream) in streams.into_iter().enumerate().skip(10) {
            stream.set_read_timeout(Some(Duration::from_secs(20))).expect("it is connected");
            let mut told = String::new();
            stream.read_to_string(&mut told).expect("an answer, and its end");
            assert!(told.ends_with(&format!("\r\n\r\n/{k}\n")), "{told}");
        }
    }
}
