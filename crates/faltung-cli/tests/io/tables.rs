//! Text as people have it.

use faltung::{AnyArray, Array, Dtype};
use faltung_cli::io::{Document, Failure, Form, Gaps, ReadOptions, read_bytes, write};

use crate::{Folder, complaint, take};

fn column(text: &str, column: &str) -> Result<Document, Failure> {
    let options = ReadOptions { column: Some(column.into()), ..ReadOptions::default() };
    read_bytes(text.as_bytes().to_vec(), None, &options)
}

fn whole(numbers: &[i64]) -> AnyArray {
    Array::new(numbers.to_vec(), &[numbers.len()]).unwrap().into()
}

fn real(numbers: &[f64]) -> AnyArray {
    Array::new(numbers.to_vec(), &[numbers.len()]).unwrap().into()
}

#[test]
fn a_column_is_read_however_it_is_written() {
    for text in [
        "1\n2\n3\n",
        "1\r\n2\r\n3",
        "\u{feff}1\n2\n3\n",
        "n\n1\n2\n3\n",
        "\"n\"\n\"1\"\n\"2\"\n\"3\"\n",
        "# a remark\n1\n\n2\n# another\n3\n",
        "  1\n 2 \n3\n\n\n",
        "day,n\nMon,1\nTue,2\nWed,3\n",
        "day;n\nMon;1\nTue;2\nWed;3\n",
        "day\tn\nMon\t1\nTue\t2\nWed\t3\n",
        "day  n\nMon  1\nTue 2\nWed   3\n",
        "Mon,1\nTue,2\nWed,3\n",
        "\"Mon, day\",1\n\"Tue, day\",2\n\"Wed \"\"day\"\"\",3\n",
        "number of posts\n1\n2\n3\n",
        "n,\n1,\n2,\n3,\n",
        "1,2,3\n",
        "1 2 3",
        " \n1 2 3\n",
        "1\r2\r3\r",
        "day,2019\n2020-01-01,1\n2020-01-02,2\n2020-01-03,3\n",
    ] {
        let expected = if text.contains("2019") { whole(&[2019, 1, 2, 3]) } else { whole(&[1, 2, 3]) };
        match take(text.as_bytes()) {
            Ok(document) => assert_eq!(document.array, expected, "{text:?}"),
            Err(failure) => panic!("{text:?}: {failure}"),
        }
    }
}

#[test]
fn whole_numbers_stay_whole_and_others_become_real() {
    assert_eq!(take(b"1\n-2\n").unwrap().array, whole(&[1, -2]));
    assert_eq!(take(b"1\n2.5\n").unwrap().array, real(&[1.0, 2.5]));
    assert_eq!(take(b"1e3\n-.5\n+7.\n").unwrap().array, real(&[1000.0, -0.5, 7.0]));
    assert_eq!(take(b"18446744073709551615\n").unwrap().array.dtype(), Dtype::U64);
    assert_eq!(take(b"99999999999999999999\n").unwrap().array, real(&[1e20]));
    assert_eq!(take(b"inf\n-inf\n").unwrap().array, real(&[f64::INFINITY, f64::NEG_INFINITY]));
    assert_eq!(take(b"1+2i\n3\n").unwrap().array.dtype(), Dtype::C128);
}

#[test]
fn a_column_is_chosen_by_name_or_by_place() {
    let text = "date,co2,trend\n2020,1,10\n2021,2,20\n";
    assert_eq!(column(text, "co2").unwrap().array, whole(&[1, 2]));
    assert_eq!(column(text, "3").unwrap().array, whole(&[10, 20]));
    let failure = column(text, "co3").unwrap_err();
    assert_eq!(failure.code, 2);
    assert!(failure.message.contains("1 (date), 2 (co2), 3 (trend)"), "{failure}");
    assert_eq!(column("1,2\n3,4\n", "2").unwrap().array, whole(&[2, 4]));
    for place in ["0", "3", "-1", ""] {
        assert_eq!(column("1,2\n3,4\n", place).unwrap_err().code, 2, "{place:?}");
    }
}

#[test]
fn several_columns_with_names_are_not_guessed_among() {
    let failure = take(b"date,co2,trend\n2020,1,10\n2021,2,20\n").unwrap_err();
    assert_eq!(failure.code, 2);
    assert!(failure.message.contains("choose one by --column: 1 (date), 2 (co2), 3 (trend)"), "{failure}");
}

#[test]
fn several_columns_without_names_are_a_grid() {
    for text in ["1,2\n3,4\n5,6\n", "1;2\n3;4\n5;6\n", "1 2\n 3  4\n5 6\n", "1\t2\n3\t4\n5\t6\n"] {
        let grid: AnyArray = Array::new(vec![1i64, 2, 3, 4, 5, 6], &[3, 2]).unwrap().into();
        assert_eq!(take(text.as_bytes()).unwrap().array, grid, "{text:?}");
    }
}

#[test]
fn a_decimal_comma_is_taken_where_it_is_one() {
    assert_eq!(column("a;b\n1,5;x\n2;y\n-0,125;z\n", "a").unwrap().array, real(&[1.5, 2.0, -0.125]));
    assert_eq!(take("Länge\tZeit\n1,5\tfrüh\n2,25\tspät\n".as_bytes()).unwrap().array, real(&[1.5, 2.25]));
    assert!(complaint(b"a;b\n1,234;x\n2;y\n").contains("thousands"));
}

#[test]
fn gaps_are_taken_on_request_only() {
    let text = b"day,n\nMon,1\nTue,\nWed,NA\nThu,4\n";
    assert!(complaint(text).contains("line 3, column 2 (n): there is a gap"));
    let options = ReadOptions { gaps: Gaps::Nan, ..ReadOptions::default() };
    let AnyArray::F64(array) = read_bytes(text.to_vec(), None, &options).unwrap().array else { panic!("f64") };
    assert!(array.data()[1].is_nan() && array.data()[2].is_nan());
    assert_eq!((array.data()[0], array.data()[3]), (1.0, 4.0));
}

#[test]
fn a_word_among_numbers_is_named_with_its_place() {
    for (text, words) in [
        ("1\n2\nthree\n", "line 3, column 1: 'three'"),
        ("n\n1\n1O\n", "line 3, column 1 (n): '1O'"),
        ("day,n\nMon,1\nTue,x\n", "line 3, column 2 (n): 'x'"),
        ("\n\n1\n\nx\n", "line 5, column 1: 'x'"),
        ("a,b\n\"two\nlines\",1\nMon,x\n", "line 4, column 2 (b): 'x'"),
        ("hello\nworld\n", "is not a number"),
        ("1 2\n3 x\n", "line 2, column 2: 'x'"),
    ] {
        assert!(complaint(text.as_bytes()).contains(words), "{text:?}: {}", complaint(text.as_bytes()));
    }
}

#[test]
fn ragged_rows_are_named() {
    assert!(complaint(b"1,2\n3,4\n5\n").contains("line 3 has 1 cells"));
    assert!(complaint(b"1 2 3\n4 5\n").contains("line 2 has 2 cells"));
    assert!(complaint(b"a;b\n1;2;3\n").contains("line 2 has 3 cells"));
}

#[test]
fn text_without_numbers_is_refused() {
    for text in ["\n\n\n", "name\n", ",,\n,,\n", "# only\n", " \n \n", "\u{feff}"] {
        assert!(complaint(text.as_bytes()).contains("numbers"), "{text:?}: {}", complaint(text.as_bytes()));
    }
}

#[test]
fn other_columns_are_carried_along_where_the_length_is_kept() {
    let folder = Folder::new();
    let written = |document: &Document, array: &AnyArray, name: &str| {
        write(&folder.place(name), array, &document.form).unwrap();
        std::fs::read_to_string(folder.path(name)).unwrap()
    };
    let text = "day;n;note\nMon;1;\"a;b\"\nTue;2;\"say \"\"so\"\"\"\n";
    let document = column(text, "n").unwrap();
    assert_eq!(
        written(&document, &real(&[1.5, 2.0]), "a.csv"),
        "day;n;note\nMon;1.5;\"a;b\"\nTue;2;\"say \"\"so\"\"\"\n"
    );
    assert_eq!(written(&document, &whole(&[7, 8]), "a.tsv"), "day\tn\tnote\nMon\t7\ta;b\nTue\t8\t\"say \"\"so\"\"\"\n");
    assert_eq!(written(&document, &whole(&[7, 8, 9]), "a.csv"), "n\n7\n8\n9\n");
    let comma = column("t;n\na;1,5\nb;2\n", "n").unwrap();
    assert_eq!(written(&comma, &real(&[0.25, 3.0]), "a.csv"), "t;n\na;0,25\nb;3\n");
    let Form::Text(table) = &take(b"1\n2\n").unwrap().form else { panic!("a text") };
    assert_eq!(table.cells.rows(), 0, "one column has nothing to carry");
}

#[test]
fn planes_are_parted_by_empty_lines() {
    let folder = Folder::new();
    let cube: AnyArray = Array::new((0..12).collect::<Vec<i64>>(), &[2, 2, 3]).unwrap().into();
    write(&folder.place("a.csv"), &cube, &Form::Npy).unwrap();
    assert_eq!(std::fs::read_to_string(folder.path("a.csv")).unwrap(), "0,1,2\n3,4,5\n\n6,7,8\n9,10,11\n");
}
