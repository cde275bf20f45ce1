//! `faltung.Stream`: a filter that takes samples as they come.

use std::sync::{Mutex, MutexGuard, PoisonError};

use faltung::{AnyArray, AnyView, Array, Dtype, Kernel, Latency, Response, StreamState, Streamed, View};
use pyo3::{exceptions::PyTypeError, prelude::*, types::PyBytes};

use crate::{
    error::raised,
    memory::{self, Input},
};

/// A filter of one type of samples, and what it takes the place of.
struct Running<T: Streamed>(Mutex<faltung::Stream<T>>);

/// A filter that takes samples as they come, as rows of an array `[channel, sample]`.
#[pyclass(frozen, subclass, module = "faltung._engine")]
pub(crate) struct Stream {
    running: Kind,
}

enum Kind {
    F32(Running<f32>),
    F64(Running<f64>),
}

/// Does the same for either type.
macro_rules! with {
    ($stream:expr, $running:ident => $call:expr) => {
        match &$stream.running {
            Kind::F32($running) => $call,
            Kind::F64($running) => $call,
        }
    };
}

impl<T: Streamed> Running<T> {
    fn new(kernel: &Kernel, latency: Latency, call: Option<usize>) -> PyResult<Self> {
        let stream = match call {
            None => faltung::Stream::new(kernel, latency),
            Some(call) => faltung::Stream::for_calls(kernel, latency, call),
        };
        Ok(Running(Mutex::new(stream.map_err(raised)?)))
    }

    fn stream(&self) -> MutexGuard<'_, faltung::Stream<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn process(&self, block: View<'_, T>) -> faltung::Result<Array<T>> {
        let mut stream = self.stream();
        let count = block.shape()[1];
        let samples = block.to_vec();
        let mut made = Array::zeros(&[stream.outputs(), count]);
        let inputs: Vec<&[T]> = (0..block.shape()[0]).map(|at| &samples[at * count..][..count]).collect();
        let mut rest = made.data_mut();
        let mut outputs = Vec::new();
        for _ in 0..stream.outputs() {
            let (row, more) = rest.split_at_mut(count);
            outputs.push(row);
            rest = more;
        }
        stream.process(&inputs, &mut outputs)?;
        Ok(made)
    }

    fn flush(&self) -> Array<T> {
        let rows = self.stream().flush();
        let shape = [rows.len(), rows[0].len()];
        Array::new(rows.concat(), &shape).expect("rows of one length")
    }

    fn exchange(&self, kernel: &Kernel, fade: usize) -> faltung::Result<()> {
        let mut stream = self.stream();
        let response = stream.response(kernel)?;
        let old: Option<Response<T>> = stream.exchange(response, fade)?;
        drop(old);
        Ok(())
    }

    fn restore(&self, state: &[u8]) -> faltung::Result<()> {
        self.stream().restore(&StreamState::from_bytes(state)?)
    }
}

#[pymethods]
impl Stream {
    #[new]
    #[pyo3(signature = (kernel, latency, call, is_double))]
    fn new(
        py: Python<'_>,
        kernel: &Bound<'_, PyAny>,
        latency: Option<usize>,
        call: Option<usize>,
        is_double: bool,
    ) -> PyResult<Stream> {
        let kernel = Input::new(kernel, "the response")?.kernel();
        let latency = match latency {
            None => Latency::Any,
            Some(0) => Latency::Zero,
            Some(samples) => Latency::Block(samples),
        };
        let running = py.detach(|| match is_double {
            true => Running::new(&kernel, latency, call).map(Kind::F64),
            false => Running::new(&kernel, latency, call).map(Kind::F32),
        })?;
        Ok(Stream { running })
    }

    /// The next samples of each output.
    fn process<'py>(&self, py: Python<'py>, block: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let block = Input::new(block, "the block")?;
        let made = match (&self.running, block.view()) {
            (Kind::F32(running), AnyView::F32(view)) => py.detach(|| running.process(view).map(AnyArray::F32)),
            (Kind::F64(running), AnyView::F64(view)) => py.detach(|| running.process(view).map(AnyArray::F64)),
            _ => {
                return Err(PyTypeError::new_err(format!(
                    "the block must be {}: convert it",
                    memory::name(self.dtype())
                )));
            }
        };
        memory::given(py, &made.map_err(raised)?)
    }

    /// What is still to come when no more samples do.
    fn flush<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let tail = py.detach(|| match &self.running {
            Kind::F32(running) => AnyArray::F32(running.flush()),
            Kind::F64(running) => AnyArray::F64(running.flush()),
        });
        memory::given(py, &tail)
    }

    /// Forgets all samples.
    fn reset(&self) {
        with!(self, running => running.stream().reset());
    }

    /// Goes over to another response.
    fn exchange(&self, py: Python<'_>, kernel: &Bound<'_, PyAny>, fade: usize) -> PyResult<()> {
        let kernel = Input::new(kernel, "the response")?.kernel();
        py.detach(|| with!(self, running => running.exchange(&kernel, fade))).map_err(raised)
    }

    /// Samples until an exchange is over, if there is one.
    #[getter]
    fn exchanging(&self) -> Option<u64> {
        with!(self, running => running.stream().exchanging())
    }

    /// What it remembers.
    fn save<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let bytes = with!(self, running => running.stream().save().map(|state| state.to_bytes()));
        Ok(PyBytes::new(py, &bytes.map_err(raised)?))
    }

    /// Goes on from there.
    fn restore(&self, state: &[u8]) -> PyResult<()> {
        with!(self, running => running.restore(state)).map_err(raised)
    }

    /// Samples by which outputs are late.
    #[getter]
    fn latency(&self) -> usize {
        with!(self, running => running.stream().latency())
    }

    /// Taps of the longest response.
    #[getter]
    fn taps(&self) -> usize {
        with!(self, running => running.stream().taps())
    }

    /// Channels that come and that go.
    #[getter]
    fn channels(&self) -> (usize, usize) {
        with!(self, running => {
            let stream = running.stream();
            (stream.inputs(), stream.outputs())
        })
    }

    fn __str__(&self) -> String {
        with!(self, running => running.stream().to_string())
    }

    fn __repr__(&self) -> String {
        format!("<faltung.Stream: {}>", self.__str__())
    }
}

impl Stream {
    fn dtype(&self) -> Dtype {
        match self.running {
            Kind::F32(_) => Dtype::F32,
            Kind::F64(_) => Dtype::F64,
        }
    }
}
