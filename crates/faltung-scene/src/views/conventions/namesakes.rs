//! Calls that one would try first: those of the same name, with what they leave unsaid as the library has it.

use faltung::{Boundary, Mode, Operation, Spec};

use super::{super::line::Line, Asked};

/// A call, and what it comes to.
pub(super) struct Namesake {
    pub(super) call: String,
    operation: Operation,
    mode: Mode,
    boundary: Boundary,
    /// Where mode same starts, if not as here.
    anchor: Option<usize>,
}

/// The calls of the mode's name; for padded signals those of mode full.
pub(super) fn all(asked: &Asked) -> Vec<Namesake> {
    use Operation::{Convolve, Correlate};
    let (len, kernel) = (asked.size.len, asked.size.kernel);
    let mode = if let Mode::Padded { .. } = asked.size.mode { Mode::Full } else { asked.size.mode };
    let zero = Boundary::zero();
    let call = |call: String, operation, boundary, anchor| Namesake { call, operation, mode, boundary, anchor };
    let mut all = Vec::new();
    if mode == Mode::Full || kernel <= len {
        all.push(call(format!("numpy.convolve(x, w, '{mode}')"), Convolve, zero, None));
        all.push(call(format!("numpy.correlate(x, w, '{mode}')"), Correlate, zero, None));
    }
    if mode != Mode::Valid || kernel <= len {
        all.push(call(format!("scipy.signal.convolve(x, w, '{mode}')"), Convolve, zero, None));
        all.push(call(format!("scipy.signal.correlate(x, w, '{mode}')"), Correlate, zero, None));
        all.push(match mode {
            Mode::Full => call("conv(x, w) in MATLAB".to_owned(), Convolve, zero, None),
            Mode::Same => call("conv(x, w, 'same') in MATLAB".to_owned(), Convolve, zero, Some(kernel / 2)),
            _ => call("conv(x, w, 'valid') in MATLAB".to_owned(), Convolve, zero, None),
        });
    }
    match mode {
        Mode::Full => all.push(call(format!("F.conv1d(x, w, padding={})", kernel - 1), Correlate, zero, None)),
        Mode::Same => {
            all.push(call("F.conv1d(x, w, padding='same')".to_owned(), Correlate, zero, Some(kernel / 2)));
            let reflect = Boundary::Reflect;
            all.push(call("scipy.ndimage.convolve(x, w)".to_owned(), Convolve, reflect, Some(kernel / 2)));
            all.push(call("scipy.ndimage.correlate(x, w)".to_owned(), Correlate, reflect, Some((kernel - 1) / 2)));
            let anchor = Some((kernel - 1) / 2);
            all.push(call("cv2.filter2D(x, -1, w)".to_owned(), Correlate, Boundary::Mirror, anchor));
        }
        _ if kernel <= len => all.push(call("F.conv1d(x, w)".to_owned(), Correlate, zero, None)),
        _ => {}
    }
    all
}

impl Namesake {
    /// The options that the call comes to, on the same axis.
    pub(super) fn spec(&self, own: &Spec) -> Spec {
        let mut spec = own.clone().mode(self.mode).boundary(self.boundary).stride(1);
        spec.operation = self.operation;
        spec.anchor = self.anchor.map(Into::into);
        spec
    }

    /// What is different from what was asked for.
    pub(super) fn difference(&self, asked: &Asked, theirs: &Line<'_>) -> String {
        let mut all = Vec::new();
        if self.operation != asked.operation {
            all.push(match self.operation {
                Operation::Correlate => "the kernel is not flipped".to_owned(),
                Operation::Convolve => "the kernel is flipped".to_owned(),
            });
        }
        match theirs.size.before as isize - asked.size.before as isize {
            0 => {}
            1 => all.push("begins one sample earlier".to_owned()),
            -1 => all.push("begins one sample later".to_owned()),
            earlier @ 2.. => all.push(format!("begins {earlier} samples earlier")),
            later => all.push(format!("begins {} samples later", -later)),
        }
        if self.boundary != asked.size.boundary && theirs.size.before + theirs.size.after > 0 {
            all.push(format!("{} beyond the ends", self.boundary));
        }
        if asked.size.stride > 1 {
            all.push("every output".to_owned());
        }
        if all.is_empty() {
            all.push("ends elsewhere".to_owned());
        }
        all.join("; ")
    }
}
