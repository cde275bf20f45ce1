//! The Rust side of `cargo xtask bench`.
//!
//! `rust-peers serve` answers requests on standard input, as `bench/worker.py` explains. `rust-peers limits` measures what the
//! machine can do at all. `rust-peers stream` sets live filtering beside another library's.

#[path = "../../../crates/faltung/benches/support/mod.rs"]
mod cases;
mod limits;
#[cfg(feature = "peers")]
mod others;
mod ours;
mod peer;
#[cfg(feature = "peers")]
mod stream;
mod transforms;

use std::{
    fs,
    io::{self, BufRead, Write},
    path::{Path, PathBuf},
    time::Instant,
};

use peer::{Given, Peer};

fn main() {
    match std::env::args().nth(1).as_deref() {
        Some("serve") => serve(),
        Some("limits") => limits::print(std::env::args().any(|word| word == "--quick")),
        #[cfg(feature = "peers")]
        Some("stream") => stream::print(std::env::args().nth(2).and_then(|block| block.parse().ok())),
        _ => eprintln!("rust-peers serve | limits [--quick] | stream [BLOCK]"),
    }
}

fn serve() {
    let mut worker = Worker::default();
    for line in io::stdin().lock().lines() {
        let line = line.expect("requests are text");
        let words: Vec<&str> = line.split('\t').collect();
        let reply = match worker.answer(&words) {
            Ok(reply) => std::iter::once("ok".to_owned()).chain(reply).collect::<Vec<_>>().join("\t"),
            Err(reason) => format!("failed\t{}", reason.replace(['\n', '\t'], " ")),
        };
        println!("{reply}");
        io::stdout().flush().expect("who asked is there");
    }
}

#[derive(Default)]
struct Worker {
    peers: Vec<Peer>,
    folder: PathBuf,
}

impl Worker {
    fn answer(&mut self, words: &[&str]) -> Result<Vec<String>, String> {
        match *words {
            ["load", name, folder] => {
                self.folder = folder.into();
                self.peers = peers(name, &self.folder).map_err(|reason| reason.to_string())?;
                Ok(self.peers.iter().map(|peer| peer.name.clone()).collect())
            }
            ["result", name] => {
                let peer = self.named(name)?;
                let start = Instant::now();
                (peer.run)();
                let seconds = start.elapsed().as_secs_f64();
                let bytes = (peer.result)();
                fs::write(self.folder.join("y"), bytes).map_err(|reason| reason.to_string())?;
                Ok(vec![seconds.to_string()])
            }
            ["time", name, together, samples] => {
                let count = |text: &str| text.parse::<usize>().map_err(|reason| reason.to_string());
                let (together, samples) = (count(together)?, count(samples)?);
                let peer = self.named(name)?;
                let sample = |_| {
                    let start = Instant::now();
                    (0..together).for_each(|_| (peer.run)());
                    (start.elapsed().as_secs_f64() / together as f64).to_string()
                };
                Ok((0..samples).map(sample).collect())
            }
            _ => Err(format!("no such request: {words:?}")),
        }
    }

    fn named(&mut self, name: &str) -> Result<&mut Peer, String> {
        let found = self.peers.iter_mut().find(|peer| peer.name.split('=').next() == Some(name));
        found.ok_or_else(|| format!("no peer {name}"))
    }
}

fn peers(name: &str, folder: &Path) -> io::Result<Vec<Peer>> {
    let given = Given::read(name, folder)?;
    let mut peers = Vec::new();
    if given.kind == "layer" {
        return Ok(peers); // from Python alone
    }
    if given.kind == "rfft" {
        peers.extend(transforms::bare(&given));
        return Ok(peers);
    }
    peers.extend(ours::peers(&given));
    peers.extend(transforms::overlap_save(&given));
    #[cfg(feature = "peers")]
    peers.extend(others::peers(&given));
    Ok(peers)
}
