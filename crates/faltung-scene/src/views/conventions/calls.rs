//! Calls that give the very result asked for, library by library.
//!
//! NumPy, SciPy's `signal` and PyTorch can do all of it by padding first; `scipy.ndimage` and OpenCV give as many outputs as
//! samples and no others.

use faltung::{Boundary, Mode, Operation};

use super::Asked;
use crate::{Emphasis, number::exact};

/// A call, or in faint words why there is none.
type Call = (String, Emphasis);

/// The library's name and its call.
pub(super) fn all(asked: &Asked) -> Vec<(&'static str, Call)> {
    let calls = [
        ("NumPy", numpy(asked)),
        ("SciPy signal", signal(asked)),
        ("SciPy ndimage", ndimage(asked)),
        ("PyTorch", torch(asked)),
        ("MATLAB", matlab(asked)),
        ("OpenCV", opencv(asked)),
    ];
    calls.into_iter().map(|(library, call)| (library, shown(call))).collect()
}

fn shown(call: Result<String, &'static str>) -> Call {
    match call {
        Ok(call) => (call, Emphasis::Plain),
        Err(why) => (format!("none: {why}"), Emphasis::Faint),
    }
}

/// `[::2]` where not every output is wanted.
fn every(asked: &Asked) -> String {
    if asked.size.stride > 1 { format!("[::{}]", asked.size.stride) } else { String::new() }
}

/// The mode's word where the library has it for this.
fn word(asked: &Asked, fits: bool) -> Option<String> {
    let word = asked.size.mode.to_string();
    (fits && asked.is_plain() && asked.size.boundary.is_zero()).then_some(word)
}

fn numpy(asked: &Asked) -> Result<String, &'static str> {
    let function = if asked.operation == Operation::Convolve { "numpy.convolve" } else { "numpy.correlate" };
    // NumPy exchanges the two where the kernel is the longer one.
    let fits = asked.size.mode == Mode::Full || asked.size.kernel <= asked.size.len;
    Ok(match word(asked, fits) {
        Some(mode) => format!("{function}(x, w, '{mode}'){}", every(asked)),
        None => format!("{function}({}, w, 'valid'){}", padded_by_numpy(asked), every(asked)),
    })
}

fn signal(asked: &Asked) -> Result<String, &'static str> {
    let function =
        if asked.operation == Operation::Convolve { "scipy.signal.convolve" } else { "scipy.signal.correlate" };
    Ok(match word(asked, true) {
        Some(mode) => format!("{function}(x, w, '{mode}'){}", every(asked)),
        None => format!("{function}({}, w, 'valid'){}", padded_by_numpy(asked), every(asked)),
    })
}

/// `numpy.pad` for the samples that the mode adds.
fn padded_by_numpy(asked: &Asked) -> String {
    let (before, after) = (asked.size.before, asked.size.after);
    let how = match asked.size.boundary {
        Boundary::Constant(c) if c.is_zero() => String::new(),
        Boundary::Constant(c) => format!(", constant_values={}", exact(c)),
        Boundary::Nearest => ", 'edge'".to_owned(),
        Boundary::Reflect => ", 'symmetric'".to_owned(),
        Boundary::Mirror => ", 'reflect'".to_owned(),
        Boundary::Wrap => ", 'wrap'".to_owned(),
    };
    if before + after == 0 { "x".to_owned() } else { format!("numpy.pad(x, ({before}, {after}){how})") }
}

fn ndimage(asked: &Asked) -> Result<String, &'static str> {
    if asked.size.mode != Mode::Same {
        return Err("it gives as many outputs as samples");
    }
    let (anchor, kernel) = (asked.anchor() as isize, asked.size.kernel as isize);
    let (function, origin) = match asked.operation {
        Operation::Convolve => ("scipy.ndimage.convolve", anchor - kernel / 2),
        Operation::Correlate => ("scipy.ndimage.correlate", (kernel - 1) / 2 - anchor),
    };
    let (mode, constant) = match asked.size.boundary {
        Boundary::Constant(c) if c.is_zero() => ("constant", String::new()),
        Boundary::Constant(c) => ("constant", format!(", cval={}", exact(c))),
        Boundary::Nearest => ("nearest", String::new()),
        Boundary::Reflect => ("reflect", String::new()),
        Boundary::Mirror => ("mirror", String::new()),
        Boundary::Wrap => ("wrap", String::new()),
    };
    let origin = if origin == 0 { String::new() } else { format!(", origin={origin}") };
    Ok(format!("{function}(x, w, mode='{mode}'{constant}{origin}){}", every(asked)))
}

fn torch(asked: &Asked) -> Result<String, &'static str> {
    let (before, after) = (asked.size.before, asked.size.after);
    let w = if asked.operation == Operation::Convolve { "w.flip(-1)" } else { "w" };
    let stride = if asked.size.stride > 1 { format!(", stride={}", asked.size.stride) } else { String::new() };
    let most = before.max(after);
    let pad = |how: &str| Ok(format!("F.conv1d(F.pad(x, ({before}, {after}){how}), {w}{stride})"));
    match asked.size.boundary {
        _ if most == 0 => Ok(format!("F.conv1d(x, {w}{stride})")),
        Boundary::Constant(c) if c.is_zero() && before == after => {
            Ok(format!("F.conv1d(x, {w}, padding={before}{stride})"))
        }
        Boundary::Constant(c) if c.is_zero() => pad(""),
        Boundary::Constant(c) => pad(&format!(", value={}", exact(c))),
        Boundary::Nearest => pad(", mode='replicate'"),
        Boundary::Mirror if most < asked.size.len => pad(", mode='reflect'"),
        Boundary::Wrap if most <= asked.size.len => pad(", mode='circular'"),
        Boundary::Mirror | Boundary::Wrap => Err("it repeats a signal once only"),
        Boundary::Reflect => Err("its 'reflect' does not repeat the edge"),
    }
}

fn matlab(asked: &Asked) -> Result<String, &'static str> {
    let size = &asked.size;
    let w = if asked.operation == Operation::Convolve { "w" } else { "flip(w)" };
    let pad = size.before;
    let padding = match size.boundary {
        Boundary::Constant(c) => exact(c),
        Boundary::Nearest => "'replicate'".to_owned(),
        Boundary::Reflect => "'symmetric'".to_owned(),
        Boundary::Wrap => "'circular'".to_owned(),
        Boundary::Mirror => return Err("its paddings repeat the edge"),
    };
    let zero = size.boundary.is_zero();
    let call = match size.mode {
        Mode::Full if zero => format!("conv(x, {w})"),
        Mode::Valid => format!("conv(x, {w}, 'valid')"),
        // Its central part begins at half the kernel's length, also for even ones.
        Mode::Same if zero && asked.anchor() == size.kernel / 2 => format!("conv(x, {w}, 'same')"),
        _ if size.before == size.after => format!("conv(padarray(x, [0 {pad}], {padding}), {w}, 'valid')"),
        _ => return Err("paddings that differ on the two sides take several calls"),
    };
    Ok(if size.stride > 1 { format!("y = {call}; y(1:{}:end)", size.stride) } else { call })
}

fn opencv(asked: &Asked) -> Result<String, &'static str> {
    if asked.size.mode != Mode::Same {
        return Err("it gives as many outputs as samples");
    }
    let border = match asked.size.boundary {
        Boundary::Constant(c) if c.is_zero() => "CONSTANT",
        Boundary::Constant(_) => return Err("its constant is zero"),
        Boundary::Nearest => "REPLICATE",
        Boundary::Reflect => "REFLECT",
        Boundary::Mirror => "REFLECT_101",
        Boundary::Wrap => return Err("filter2D does not wrap"),
    };
    let w = if asked.operation == Operation::Convolve { "cv2.flip(w, 1)" } else { "w" };
    let anchor = asked.size.before;
    let every = if asked.size.stride > 1 { format!("[:, ::{}]", asked.size.stride) } else { String::new() };
    Ok(format!("cv2.filter2D(x, -1, {w}, anchor=({anchor}, 0), borderType=cv2.BORDER_{border}){every}"))
}
