//! Files of numbers: tables that keep their dates, arrays that keep their shape, standard input.

use std::fs;

use faltung_cli::io::Form;
use flate2::{Compression, write::GzEncoder};

use crate::support::{Trial, array};

const TABLE: &str = "day,posts,note\nmon,3,first\ntue,0,\nwed,5,\"a, b\"\n";

#[test]
fn the_projects_own_example_gives_the_articles_numbers() {
    let examples = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples");
    let printed = Trial::new().prints(&format!("convolve {examples}/posts.csv {examples}/likes.csv"));
    assert_eq!(printed, "15\n12\n34\n26\n28\n23\n15\n7\n4\n1\n");
}

#[test]
fn other_columns_are_carried_along_where_the_length_is_kept() {
    let trial = Trial::new().file("a.csv", TABLE);
    assert_eq!(trial.prints("convolve a.csv 1,1 --mode same --column posts -o b.csv"), "");
    let written = fs::read_to_string(trial.path("b.csv")).unwrap();
    assert_eq!(written, "day,posts,note\nmon,3,first\ntue,3,\nwed,5,\"a, b\"\n");
    assert_eq!(trial.lines("convolve a.csv 1,1 --column 2"), "3 3 5 5");
}

#[test]
fn columns_that_cannot_be_kept_are_worth_a_note() {
    let trial = Trial::new().file("a.csv", TABLE);
    let outcome = trial.run("convolve a.csv 1,1 -o b.csv");
    assert_eq!(outcome.code, 0);
    assert!(outcome.err.contains("4 rows and the table 3") && outcome.err.contains("--mode same"), "{}", outcome.err);
    assert_eq!(fs::read_to_string(trial.path("b.csv")).unwrap(), "posts\n3\n3\n5\n5\n");
    assert_eq!(trial.prints("convolve a.csv 1,1 -o b.csv --quiet"), "");
}

#[test]
fn a_kernel_has_its_own_column() {
    let trial = Trial::new().file("a.csv", "x\n1\n2\n").file("w.csv", "lag,weight\n0,5\n1,7\n");
    assert_eq!(trial.lines("convolve a.csv w.csv --kernel-column weight"), "5 17 14");
}

#[test]
fn gaps_are_nan_on_request() {
    let trial = Trial::new().file("a.csv", "day,x\n1,1\n2,\n3,4\n");
    assert_eq!(trial.lines("convolve a.csv 1,1 --column x --gaps nan"), "1 NaN NaN 4");
    assert!(trial.complains("convolve a.csv 1,1 --column x --gaps error").contains("--gaps nan"));
}

#[test]
fn standard_input_is_a_file_for_either() {
    let trial = Trial::new();
    assert_eq!(trial.run_with("convolve - 1,1", b"1\n2\n").out, "1\n3\n2\n");
    assert_eq!(trial.run_with("convolve 1,2 - -o -", b"1,1\n").out, "1\n3\n2\n");
}

#[test]
fn a_file_that_exists_is_taken_before_numbers_and_names() {
    let trial = Trial::new().file("1,2", "7\n").file("sobel", "10\n").file("-1", "5\n");
    assert_eq!(trial.lines("convolve 1,2 sobel"), "70");
    assert_eq!(trial.lines("convolve -1 2"), "10");
}

#[test]
fn arrays_keep_shape_and_type() {
    let trial = Trial::new().array("a.npy", &array(&[2, 2], [1u8, 2, 3, 4]), &Form::Npy);
    trial.prints("convolve a.npy 1,1 --axis 1 -o b.npy");
    assert_eq!(trial.read("b.npy").array, array(&[2, 3], [1u8, 3, 2, 3, 7, 4]));
    // Whole numbers and real weights are real numbers, unless another type is asked for.
    trial.prints("convolve a.npy 0.5 --axis 1 -o b.npy");
    assert_eq!(trial.read("b.npy").array, array(&[2, 2], [0.5, 1.0, 1.5, 2.0]));
    trial.prints("convolve a.npy 0.5 --axis 1 --dtype u8 -o b.npz");
    assert_eq!(trial.read("b.npz").array, array(&[2, 2], [0u8, 1, 2, 2]));
}

#[test]
fn arrays_that_fit_become_pictures_by_a_map() {
    let trial = Trial::new().array("a.npy", &array(&[1, 3], [10u8, 20, 40]), &Form::Npy);
    trial.prints("convolve a.npy -1,1 --axis 1 --mode valid --map offset -o b.png");
    assert_eq!(trial.read("b.png").array, array(&[1, 2], [118u8, 108]));
}

#[test]
fn gzip_goes_round_files() {
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    std::io::Write::write_all(&mut packed, b"1\n2\n").unwrap();
    let trial = Trial::new().file("a.csv.gz", packed.finish().unwrap());
    trial.prints("convolve a.csv.gz 1,1 -o b.idx.gz --dtype u8");
    assert_eq!(trial.samples::<u8>("b.idx.gz"), [1, 3, 2]);
}

#[test]
fn an_existing_result_is_replaced_by_a_finished_one() {
    let trial = Trial::new().file("a.csv", "x\n1\n2\n");
    trial.prints("convolve a.csv 2 -o a.csv");
    assert_eq!(trial.contents(), [("a.csv".to_owned(), b"x\n2\n4\n".to_vec())]);
}
