//! Command lines that could never work.

use crate::{Case, case};

/// Words, options and kernels that do not fit.
pub(crate) fn cases() -> Vec<Case> {
    [commands(), options(), operands(), kernels(), plans()].into_iter().flatten().collect()
}

fn commands() -> Vec<Case> {
    vec![
        case("", 2, &["a command is missing", "convolve"]),
        case("convolv 1 1", 2, &["'convolve'"]),
        case("convolve", 2, &["<INPUT>", "<KERNEL>", "--help"]),
        case("convolve 1", 2, &["<KERNEL>"]),
        case("convolve 1 1 1", 2, &["unexpected argument '1'"]),
        case("completions bsh", 2, &["bash"]),
        case("completions", 2, &["<SHELL>"]),
    ]
}

fn options() -> Vec<Case> {
    vec![
        case("convolve 1 --mdoe same 1", 2, &["'--mode'"]),
        case("convolve 1 1 -x", 2, &["unexpected argument '-x'"]),
        case("convolve 1 1 --mode", 2, &["--mode", "value is required"]),
        case("convolve 1 1 --mode sane", 2, &["did you mean \"same\""]),
        case("convolve 1 1 --mode same --mode full", 2, &["cannot be used multiple times"]),
        case("convolve 1 1 --mode full,same", 2, &["mode has 2 values, and the number of axes convolved is 1"]),
        case("convolve 1,2 1,2,3 --mode valid", 1, &["mode valid", "at least as long", "same or full"]),
        case("convolve 1 1 --pad 1 --mode same", 2, &["cannot be used with"]),
        case("convolve 1 1 --pad 1:2:3", 2, &["--pad", "0:2"]),
        case("convolve 1 1 --pad -1", 2, &["--pad", "\"-1\" must be a number of samples"]),
        case("convolve 1 1 --pad 1000000000000", 1, &["shape [2000000000001]", "ask for less"]),
        case("convolve 1 1 --pad 9223372036854775807", 2, &["axis 0", "smaller"]),
        case("convolve 1,2 1,2,3 --pad 0", 1, &["at least as long"]),
        case("convolve 1 1 --boundary reflet", 2, &["did you mean \"reflect\""]),
        case("convolve 1e400 1", 2, &["1e400", "is not a number"]),
        case("convolve 1 1 --boundary constant:1e400 --mode same", 2, &["1e400", "a double holds"]),
        case("convolve 1,2,3 1,2 --dilation 1000000000 --mode same", 1, &["no algorithm", "are allowed"]),
        case("plan 1000000x1000000 1000x1000 --algorithm fft --mode same", 1, &["no algorithm", "are allowed"]),
        case("convolve 1 1 --boundary constant:x", 2, &["unknown number \"x\""]),
        case("convolve 1 1 --boundary constant:nan --dtype i64", 1, &["NaN", "i64"]),
        case("convolve 1 1 --boundary constant:1+2i", 1, &["1+2i", "complex"]),
        case("convolve 1 1 --stride 0", 2, &["at least 1"]),
        case("convolve 1 1 --stride -1", 2, &["'-1'", "at least 1"]),
        case("convolve 1 1 --stride two", 2, &["\"two\" must be a whole number"]),
        case("convolve 1 1 --stride 2,1", 2, &["stride has 2 values"]),
        case("convolve 1 1 --dilation 0", 2, &["at least 1"]),
        case("convolve 1 1 --dilation -2", 2, &["at least 1"]),
        case("convolve 1,2,3 1,1 --dilation 9223372036854775807", 2, &["smaller"]),
        case("convolve 1,2,3 1,1 --dilation 100000000000", 1, &["no algorithm", "are allowed"]),
        case("convolve 1 1 --axis 1", 2, &["axis 1 does not exist"]),
        case("convolve 1 1 --axis -2", 2, &["axis -2 does not exist"]),
        case("convolve 1 1 --axis x", 2, &["\"x\" must be the number of an axis"]),
        case("convolve 1;2 1;2 --axis 0,0", 2, &["axis 0 is named twice"]),
        case("convolve 1 1,2 --anchor 5", 2, &["anchor 5", "0 (causal) to 1"]),
        case("convolve 1 1 --anchor -1", 2, &["from 0 on"]),
        case("convolve 1 1 --anchor 0 --mode full", 2, &["anchor", "mode same"]),
        case("convolve 1 1 --algorithm fftt", 2, &["'fft'"]),
        case("convolve 1,2 1,2 --algorithm running_sum", 1, &["running_sum", "not all the same"]),
        case("convolve 1e12,1 1,2 --algorithm fft --accuracy componentwise", 1, &["fft"]),
        case("convolve 1 1 --accuracy exact", 2, &["normwise"]),
        case("convolve 1 1 --overflow ignore", 2, &["saturate"]),
        case("convolve 1 1 --dtype f65", 2, &["'f64'"]),
        case("convolve 1 1 --map squash", 2, &["stretch"]),
        case("convolve 1 1 --map clip --overflow wrap", 2, &["cannot be used with"]),
        case("convolve 1 1 --threads 0", 2, &["1 to 1024"]),
        case("convolve 1 1 --threads 99999", 2, &["1 to 1024"]),
        case("convolve 1 1 --max-memory 0", 2, &["512M"]),
        case("convolve 1 1 --max-memory lots", 2, &["512M"]),
        case("convolve 1,2,3 1,2 --max-memory 1", 1, &["no algorithm", "bytes", "are allowed"]),
        case("convolve 1 1 --gaps zero", 2, &["nan"]),
        case("convolve 1 1 --map clip", 2, &["--map", "pictures and sounds"]),
    ]
}

fn operands() -> Vec<Case> {
    vec![
        case("convolve '' 1", 2, &["empty"]),
        case("convolve 1 ''", 2, &["empty"]),
        case("convolve - -", 2, &["only one"]),
        case("convolve missing.csv 1", 1, &["missing.csv: there is no such file"]),
        case("convolve 1 missing.csv", 1, &["missing.csv: there is no such file"]),
        case("convolve folder/missing 1", 1, &["folder/missing: there is no such file"]),
        case("convolve 1 ./missing", 1, &["./missing: there is no such file"]),
        case("convolve missing 1", 1, &["missing: there is no such file", "3,0,5"]),
        case("convolve gaussian:2 1,2", 2, &["the input comes first"]),
        case("convolve . 1", 1, &["directory"]),
        case("convolve 1 .", 1, &["directory"]),
        case("convolve 1,,2 1", 2, &["1,,2", "missing between the commas"]),
        case("convolve 1,x 1", 2, &["\"x\" is not a number"]),
        case("convolve 1 1,x", 2, &["\"x\" is not a number"]),
        case("convolve 1;2,3 1", 2, &["row 2 has 2 numbers and row 1 has 1"]),
        case("convolve 1 5x5", 2, &["box:5x5"]),
    ]
}

fn kernels() -> Vec<Case> {
    vec![
        case("convolve 1 gausian:2", 2, &["did you mean \"gaussian\"", "no file"]),
        case("convolve 1 gaussian", 2, &["sigma is missing", "gaussian:sigma=2"]),
        case("convolve 1 gaussian:-1", 2, &["sigma must be", "-1"]),
        case("convolve 1 gaussian:sigma=two", 2, &["sigma must be a number"]),
        case("convolve 1 gaussian:sigm=2", 2, &["did you mean \"sigma\""]),
        case("convolve 1 gaussian:2x2", 2, &["sigma has 2 values, and the number of axes convolved is 1"]),
        case("convolve 1 box:0", 2, &["size must be at least 1"]),
        case("convolve 1;2 box:99999x99999", 2, &["at most 16777216 weights"]),
        case("convolve 1 sobel:w", 2, &["unknown axis \"w\""]),
        case("convolve 1 sobel:y", 2, &["does not exist"]),
        case("convolve 1 disk:3", 2, &["2 axes", "--axis"]),
        case("convolve 1;2 rc:1", 2, &["1 axis", "--axis"]),
        case("convolve 1,2;3,4 1,2", 2, &["1 dimension", "--axis -1"]),
        case("convolve 1,2 1,2;3,4", 2, &["2 dimensions", "exchanged"]),
        case("convolve 1,2 1+2i --dtype i64", 1, &["complex weights", "i64"]),
        case("convolve 1,2 nan --dtype i64", 1, &["NaN", "floats"]),
        case("convolve 1 box:3 --kernel-column a", 2, &["--kernel-column"]),
        case("convolve 1 1 --kernel-column a", 2, &["--kernel-column"]),
        case("convolve 1 1 --column a", 2, &["--column"]),
        case("kernels gausian", 2, &["did you mean \"gaussian\""]),
        case("kernels gaussian:sigma=-1", 2, &["sigma must be"]),
        case("kernels disk:3 --dims 1", 2, &["2 axes"]),
        case("kernels box:3 --dims 0", 2, &["1..=16"]),
        case("kernels box:3 --dims 99", 2, &["1..=16"]),
    ]
}

fn plans() -> Vec<Case> {
    vec![
        case("plan", 2, &["<SHAPE>"]),
        case("plan 10x 3", 2, &["2048x2048"]),
        case("plan 99999999999x99999999999 3", 2, &["no memory"]),
        case("plan 10 3x3", 2, &["dimensions"]),
        case("plan 10 nosuch", 2, &["unknown kernel"]),
        case("plan 10 20 --mode valid", 1, &["at least as long"]),
        case("plan 1000x1000 99999x99999", 2, &["16777216 weights"]),
        case("plan 10 0", 1, &["no weights"]),
        case("plan 100 3 --algorithm separable", 1, &["separable"]),
    ]
}
