//! `faltung serve`: the explorer, to people at this machine.
//!
//! The page is part of the command, and served to this machine alone. What is answered to a request is a function of the request
//! ([`answer`]); [`connection`] speaks HTTP with browsers; here are the port, the browser and the end.

mod answer;
mod connection;

use std::{
    io::ErrorKind,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    sync::mpsc,
    thread,
};

use crate::{
    args::Serve,
    console::{self, Notes},
    io::Failure,
};

/// A file of the page.
#[derive(Debug, Clone, Copy)]
struct File {
    /// Its path in URLs, from `/` on.
    path: &'static str,
    /// What changes with its content, in quotes.
    tag: &'static str,
    bytes: &'static [u8],
    /// The same in gzip, where that is smaller.
    gzip: Option<&'static [u8]>,
}

/// The page: nothing where it had not been built.
const PAGE: &[File] = include!(concat!(env!("OUT_DIR"), "/page.rs"));

/// Serves until it is told to end.
pub(super) fn run(args: &Serve) -> Result<(), Failure> {
    serve(PAGE, args)
}

fn serve(page: &'static [File], args: &Serve) -> Result<(), Failure> {
    if page.is_empty() {
        return Err(Failure::usage(
            "this faltung was built without its page: run 'cargo xtask web' in its source (Node.js is needed), and build it again",
        ));
    }
    let (listener, address) = listener(args.port)?;
    let (end, ended) = mpsc::channel();
    ctrlc::set_handler(move || {
        // An end that nobody waits for any more has come already.
        let _ = end.send(());
    })
    .map_err(|error| Failure::data(format!("Ctrl-C cannot be waited for: {error}")))?;
    thread::spawn(move || connection::listen(&listener, move |asked| answer::answer(asked, page, address.port())));
    let state = args.state.as_ref().map(ToString::to_string).unwrap_or_default();
    let url = format!("http://{address}/{state}");
    console::print(&format!("{url}\n"))?;
    if args.open
        && let Err(error) = open::that_detached(&url)
    {
        Notes::Told.tell(format!("no browser could be opened ({error}): open {url} in one"));
    }
    // The handler lives as long as the process, and with it the other end.
    let _ = ended.recv();
    Ok(())
}

/// What listens at a port of this machine, and at which.
fn listener(port: u16) -> Result<(TcpListener, SocketAddr), Failure> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port));
    let bound = listener.and_then(|listener| listener.local_addr().map(|address| (listener, address)));
    bound.map_err(|error| {
        let why = match error.kind() {
            ErrorKind::AddrInUse => "another program has it".to_owned(),
            _ => Failure::from(error).message,
        };
        Failure::data(format!("port {port}: {why}: choose another --port, or 0 for any that is free"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_page_it_is_told_how_to_build_one() {
        let failure = serve(&[], &Serve { port: 0, open: false, state: None }).expect_err("there is nothing to serve");
        assert_eq!(failure.code, 2);
        assert!(failure.message.contains("cargo xtask web"), "{failure}");
    }

    #[test]
    fn a_port_that_is_taken_is_told() {
        let (_taken, address) = listener(0).expect("a free port");
        assert!(address.ip().is_loopback());
        let failure = listener(address.port()).expect_err("it is taken");
        assert_eq!(failure.code, 1);
        assert!(failure.message.contains("another program has it: choose another --port"), "{failure}");
    }

    #[test]
    #[cfg_attr(not(page_built), ignore = "the page is not built: cargo xtask web")]
    fn every_file_of_the_page_has_a_type() {
        assert!(PAGE.iter().any(|file| file.path == "/index.html"));
        for file in PAGE {
            assert_ne!(answer::media_type(file.path), "application/octet-stream", "{}", file.path);
        }
    }
}
