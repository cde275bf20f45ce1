//! The view `conventions` against what the libraries themselves gave: `golden/conventions.txt`, made by the script beside it.

use std::collections::BTreeMap;

use faltung::{Boundary, Kernel, Mode, Operation, Spec};
use faltung_scene::{Emphasis, Part, Scene, Subject, Table, View, exact};

/// A case: the command's words, and values by call.
struct Case {
    words: Vec<String>,
    values: BTreeMap<String, String>,
}

fn cases() -> Vec<Case> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../golden/conventions.txt");
    let text = std::fs::read_to_string(path).expect("the recorded conventions");
    let mut cases: Vec<Case> = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        match line.split_once('\t') {
            Some((call, values)) => {
                let case = cases.last_mut().expect("calls stand below their case");
                case.values.insert(call.to_owned(), values.to_owned());
            }
            None => {
                let words = line.split(' ').map(str::to_owned).collect();
                cases.push(Case { words, values: BTreeMap::new() });
            }
        }
    }
    cases
}

fn numbers(text: &str) -> Vec<i64> {
    text.split(',').map(|n| n.parse().expect("a number")).collect()
}

/// The options of a case, as the command takes them.
fn spec(words: &[String]) -> Spec {
    let mut spec = Spec::new();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let mut value = || words.next().expect("a value").as_str();
        spec = match word.as_str() {
            "--mode" => spec.mode(value().parse::<Mode>().unwrap()),
            "--boundary" => spec.boundary(value().parse::<Boundary>().unwrap()),
            "--stride" => spec.stride(value().parse::<usize>().unwrap()),
            "--anchor" => spec.mode(Mode::Same).anchor(value().parse::<usize>().unwrap()),
            "--correlate" => spec.operation(Operation::Correlate),
            "--pad" => {
                let text = value();
                let (before, after) = text.split_once(':').unwrap_or((text, text));
                spec.mode(Mode::Padded { before: before.parse().unwrap(), after: after.parse().unwrap() })
            }
            other => panic!("{other} is no option of these cases"),
        };
    }
    spec
}

fn table<'s>(scene: &'s Scene, id: &str) -> &'s Table {
    let tables = scene.parts.iter().filter_map(|part| if let Part::Table(table) = part { Some(table) } else { None });
    tables.into_iter().find(|table| table.id == id).expect("the view has this table")
}

#[test]
fn every_call_gives_in_its_library_what_the_view_says() {
    let mut checked = 0;
    for case in cases() {
        let (x, w) = (numbers(&case.words[0]), numbers(&case.words[1]));
        let subject = Subject::new(&x, Kernel::from(&w), &spec(&case.words[2..])).expect("the case can be computed");
        let scene = View::Conventions.scene(&subject, &subject.natural_place()).expect("the view shows it");
        let out = subject.tracer().output_shape()[0] as isize;
        let own: Vec<String> = (0..out).map(|t| exact(subject.trace(&[t]).unwrap().sum)).collect();
        let mut told = BTreeMap::new();
        for row in &table(&scene, "calls").rows {
            if row.cells[1].emphasis == Emphasis::Faint {
                assert!(row.cells[1].text.starts_with("none: "));
            } else {
                told.insert(row.cells[1].text.clone(), own.join(" "));
            }
        }
        for row in &table(&scene, "namesakes").rows {
            let (call, values, difference) = (&row.cells[0].text, &row.cells[1].text, &row.cells[2].text);
            assert_eq!(difference == "the same", *values == own.join(" "), "{call}");
            told.insert(call.clone(), values.clone());
        }
        assert_eq!(told, case.values, "{:?}", case.words);
        checked += told.len();
    }
    assert!(checked > 1000, "{checked} calls are recorded");
}

#[test]
fn an_even_kernel_begins_elsewhere_in_each_library() {
    let subject = Subject::new(&[1, 2, 3, 4], &[1, 1, 1, 1], &Spec::new().mode(Mode::Same)).unwrap();
    let scene = View::Conventions.scene(&subject, &[0]).unwrap();
    let told = |call: &str| {
        let row = table(&scene, "namesakes").rows.iter().find(|row| row.cells[0].text == call).expect(call);
        (row.cells[1].text.clone(), row.cells[2].text.clone())
    };
    let pair = |values: &str, difference: &str| (values.to_owned(), difference.to_owned());
    assert_eq!(told("scipy.signal.convolve(x, w, 'same')"), pair("3 6 10 9", "the same"));
    assert_eq!(told("conv(x, w, 'same') in MATLAB"), pair("6 10 9 7", "begins one sample later"));
    assert_eq!(told("F.conv1d(x, w, padding='same')").0, "6 10 9 7");
}

#[test]
fn dilation_is_refused_with_what_to_do() {
    let subject = Subject::new(&[1, 2, 3], &[1, 1], &Spec::new().dilation(2)).unwrap();
    let error = View::Conventions.scene(&subject, &[0]).unwrap_err().to_string();
    assert!(error.ends_with("put zeros between the weights instead, which all libraries take"), "{error}");
}
