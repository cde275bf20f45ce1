//! From one response to another while samples come.
//!
//! Both are followed for a while: spectra of samples are the same for both, only products and transforms back are made twice. When
//! all stages have results of the next response, outputs are mixed.

use std::sync::Arc;

use super::{
    Response, Stream, Streamed,
    response::Matrix,
    stage::{Sets, Stage},
};
use crate::{Error, Kernel, Result, transform};

/// An exchange of responses.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fade {
    /// The first sample that the next response has a part in.
    pub(super) start: u64,
    /// From here on it is alone.
    pub(super) end: u64,
}

impl<T: Streamed> Stream<T> {
    /// Makes another response ready for [`exchange`](Self::exchange): of the same channels, and of no more taps.
    ///
    /// It may be made by a clone of the stream on another thread.
    ///
    /// # Errors
    /// As [`new`](Self::new), and [`Error::Stream`] for other channels or more taps than [`taps`](Self::taps).
    ///
    /// ```
    /// use faltung::{Latency, Stream};
    /// let stream = Stream::<f32>::new(&[1, 2, 3], Latency::Zero)?;
    /// assert!(stream.response(&[1, 2]).is_ok() && stream.response(&[1, 2, 3, 4]).is_err());
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn response(&self, response: impl Into<Kernel>) -> Result<Response<T>> {
        let matrix = Matrix::<T>::new(&response.into())?;
        let size = self.layout.size;
        if (matrix.outputs, matrix.inputs) != (size.outputs, size.inputs) || matrix.taps > size.taps {
            return Err(Error::Stream(format!(
                "a response of {} outputs, {} inputs and {} taps came, and the stream was made for {}, {} and at most {}: \
                 make a new one, or the first with more taps",
                matrix.outputs, matrix.inputs, matrix.taps, size.outputs, size.inputs, size.taps
            )));
        }
        Ok(Response { weights: Arc::new(matrix.weights(&self.layout)?), layout: Arc::clone(&self.layout) })
    }

    /// Goes over to another response without a click: while `fade` samples pass, `y = (1 - g) y_old + g y_new`, where `g` grows in equal
    /// steps from 0 to 1. For 0 samples it changes at once.
    ///
    /// Both are the full results of all samples so far. So it begins as soon as all partitions of the next response are at
    /// work, at most two of the longest later; [`exchanging`](Self::exchanging) tells when it is over. Until then calls take up to twice as long.
    ///
    /// Gives back the response that an earlier exchange has put out of use, if any, so that its memory is freed where it does not
    /// matter. Neither allocates nor locks.
    ///
    /// # Errors
    /// [`Error::Stream`] if the response was made for a stream of another make, or an exchange is still going on.
    ///
    /// ```
    /// use faltung::{Latency, Stream};
    /// let mut stream = Stream::<f32>::new(&[1], Latency::Zero)?;
    /// stream.exchange(stream.response(&[5])?, 4)?;
    /// let mut y = [0.0; 6];
    /// stream.process(&[&[1.0; 6]], &mut [&mut y])?;
    /// assert_eq!(y, [1.0, 2.0, 3.0, 4.0, 5.0, 5.0]);
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn exchange(&mut self, response: Response<T>, fade: usize) -> Result<Option<Response<T>>> {
        if self.fade.is_some_and(|fade| fade.end <= self.time) {
            self.end_exchange();
        }
        if let Some(left) = self.exchanging() {
            return Err(Error::Stream(format!("an exchange goes on for {left} more samples: wait for its end")));
        }
        if response.layout != self.layout {
            return Err(Error::Stream(format!(
                "a response for {}, and the stream is {}: make it by Stream::response of this stream",
                response.layout, self.layout
            )));
        }
        let ready = |stage: &Stage<T>| (self.time / stage.cut.block as u64 + 2) * stage.cut.block as u64;
        let start = self.stages.iter().map(ready).fold(self.time, u64::max);
        self.followed[1 - self.sets.first] = Some(response.weights);
        self.sets.count = 2;
        self.fade = Some(Fade { start, end: start.saturating_add(fade as u64) });
        Ok(self.retired.take())
    }

    /// Samples until an exchange is over, if there is one.
    ///
    /// ```
    /// use faltung::{Latency, Stream};
    /// let mut stream = Stream::<f32>::new(&[1], Latency::Zero)?;
    /// stream.exchange(stream.response(&[5])?, 4)?;
    /// assert_eq!(stream.exchanging(), Some(4));
    /// stream.process(&[&[1.0; 4]], &mut [&mut [0.0; 4]])?;
    /// assert_eq!(stream.exchanging(), None);
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn exchanging(&self) -> Option<u64> {
        self.fade.map(|fade| fade.end.saturating_sub(self.time)).filter(|&left| left > 0)
    }

    /// From now on the next response is the only one.
    pub(super) fn end_exchange(&mut self) {
        let old = self.sets.first;
        self.sets = Sets { first: 1 - old, count: 1 };
        self.retired = self.followed[old].take().map(|weights| Response { weights, layout: Arc::clone(&self.layout) });
        self.fade = None;
    }
}

/// Mixes outputs by the next response in.
pub(super) fn mix<T: Streamed>(y: &mut [T], next: &[T], fade: Fade, time: u64) {
    let step = 1.0 / (fade.end - fade.start).max(1) as f64;
    for (at, (y, &next)) in (time - fade.start..).zip(y.iter_mut().zip(next)) {
        let share = <T as transform::Float>::nearest((at as f64 * step).min(1.0));
        *y += share * (next - *y);
    }
}
