//! Texts that are none, or not of numbers.

use crate::{Case, case};

/// CSV, TSV and what is taken for them.
pub(crate) fn cases() -> Vec<Case> {
    [files(), columns(), types()].into_iter().flatten().collect()
}

/// A text that is convolved with 1.
fn text(contents: impl AsRef<[u8]>, code: i32, says: &[&'static str]) -> Case {
    case("convolve a.csv 1", code, says).file("a.csv", contents)
}

fn files() -> Vec<Case> {
    vec![
        text("", 1, &["a.csv: the file is empty"]),
        text("\n\n \n", 1, &["a.csv", "no numbers"]),
        text("# nothing\n", 1, &["a.csv", "no numbers"]),
        text("posts\n", 1, &["a.csv"]),
        text("1\n2\nthree\n", 1, &["a.csv", "line 3", "three"]),
        text("a,b\n1,2\n3,x\n", 1, &["line 3", "column 2"]),
        text("alpha\nbeta\n", 1, &["a.csv", "number"]),
        text("1,2\n3\n", 1, &["line 2"]),
        text("1,2\n3,4,5\n", 1, &["line 2"]),
        text("1\n\n,\n", 1, &["a.csv"]),
        text("x\n1\nNA\n3\n", 1, &["line 3", "--gaps nan"]),
        text("1;2,500\n3;4,600\n", 1, &["thousands"]),
        text(b"1\n\xff\xfe\xfd\n", 1, &["a.csv", "UTF-8"]),
        text(b"\xff\xfe1\0\n\0", 1, &["UTF-16"]),
        text(b"1,2\0\0\x01\x02", 1, &["neither text nor"]),
        text("1,2\n\"3,4\n", 1, &["a.csv"]),
        case("convolve - 1", 1, &["standard input: the file is empty"]),
        case("convolve - 1", 1, &["standard input", "line 2"]).input("1\nx\n"),
        case("convolve 1 -", 1, &["standard input"]).input(""),
        case("convolve 1 a.csv", 1, &["a.csv", "line 2"]).file("a.csv", "1\ntwo\n"),
        case("convolve 1 a.csv", 1, &["a.csv: the file is empty"]).file("a.csv", ""),
    ]
}

fn columns() -> Vec<Case> {
    let table = "date,a,b\nmonday,1,2\ntuesday,3,4\n";
    vec![
        text(table, 2, &["several columns", "--column", "(a)", "(b)"]),
        case("convolve t.csv 1 --column c", 2, &["no column 'c'"]).file("t.csv", table),
        case("convolve t.csv 1 --column 0", 2, &["no column '0'"]).file("t.csv", table),
        case("convolve t.csv 1 --column 4", 2, &["no column '4'"]).file("t.csv", table),
        case("convolve t.csv 1 --column date", 1, &["monday"]).file("t.csv", table),
        case("convolve 1 t.csv", 2, &["t.csv", "several columns", "--kernel-column"]).file("t.csv", table),
        case("convolve 1 t.csv --kernel-column c", 2, &["no column 'c'"]).file("t.csv", table),
        case("convolve g.csv 1,2", 2, &["1 dimension", "g.csv", "--axis"]).file("g.csv", "1,2\n3,4\n"),
    ]
}

fn types() -> Vec<Case> {
    vec![
        case("convolve a.csv 1 --dtype i64", 1, &["a.csv: sample 1 is NaN", "whole numbers"]).file("a.csv", "1\nnan\n"),
        case("convolve a.csv 1 --dtype i64 --gaps nan", 1, &["sample 1 is NaN"]).file("a.csv", "x\n1\n\"\"\n2\n"),
        case("convolve 1,0.5 1 --dtype u8", 1, &["sample 1 is 0.5", "u8"]),
        case("convolve 1,300 1 --dtype u8", 1, &["sample 1 is 300", "0 to 255"]),
        case("convolve -1 1 --dtype u64", 1, &["sample 0 is -1", "u64"]),
        case("convolve 1e6 1 --dtype f16", 1, &["f16"]),
        case("convolve 1+2i 1 --dtype f64", 1, &["1+2i", "f64"]),
        case("convolve 200,100 1,1 --dtype u8", 1, &["sums may reach", "--overflow widen, wrap or saturate"]),
        case("convolve 9223372036854775807 2", 1, &["sums may reach", "i64"]),
        case("convolve 9223372036854775807 4 --overflow widen", 1, &["64 bits", "floats"]),
    ]
}
