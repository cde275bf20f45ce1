//! What a library is given, and what it gives back.

use std::{fs, hint::black_box, io, path::Path, rc::Rc};

use bytemuck::{Pod, cast_slice, pod_collect_to_vec};

/// A case with its data.
pub(crate) struct Given {
    pub(crate) name: String,
    pub(crate) kind: String,
    pub(crate) dtype: String,
    pub(crate) shape: Vec<usize>,
    x: Vec<u8>,
    w: Vec<u8>,
}

impl Given {
    pub(crate) fn read(name: &str, folder: &Path) -> io::Result<Given> {
        let mut fields = name.split('-').map(str::to_owned);
        let mut next = || fields.next().unwrap_or_default();
        let (kind, dtype) = (next(), next());
        let shape = next().split('x').map(|n| n.parse().expect("extents")).collect();
        let (x, w) = (fs::read(folder.join("x"))?, fs::read(folder.join("w"))?);
        Ok(Given { name: name.to_owned(), kind, dtype, shape, x, w })
    }

    /// The input.
    pub(crate) fn input<T: Pod>(&self) -> Vec<T> {
        pod_collect_to_vec(&self.x)
    }

    /// The weights: doubles or complex doubles; for `gauss` and `box` along one axis.
    pub(crate) fn weights<T: Pod>(&self) -> Vec<T> {
        pod_collect_to_vec(&self.w)
    }

    /// Whether the name has this field.
    pub(crate) fn says(&self, field: &str) -> bool {
        self.name.split('-').skip(3).any(|word| word == field)
    }

    /// The number after a field's letters.
    pub(crate) fn number(&self, letters: &str) -> Option<usize> {
        self.name.split('-').skip(3).find_map(|word| word.strip_prefix(letters)?.parse().ok())
    }
}

/// One way to compute a case, with everything ready.
pub(crate) struct Peer {
    /// With an equals sign before the algorithm, where that is known.
    pub(crate) name: String,
    pub(crate) run: Box<dyn FnMut()>,
    pub(crate) result: Box<dyn FnMut() -> Vec<u8>>,
}

impl Peer {
    /// By a call that gives a fresh result.
    pub(crate) fn new<T: Pod>(name: &str, call: impl Fn() -> Vec<T> + 'static) -> Peer {
        let call = Rc::new(call);
        let again = Rc::clone(&call);
        Peer {
            name: name.to_owned(),
            run: Box::new(move || drop(black_box(call()))),
            result: Box::new(move || cast_slice(&again()).to_vec()),
        }
    }
}
