//! `faltung continuous`, and explanations of a state.

use std::fs;

use serde_json::Value;

use crate::support::Trial;

/// Runs with words that may hold blanks.
fn prints(trial: &Trial, words: &[&str]) -> String {
    let outcome = trial.run_words(words);
    assert_eq!((outcome.code, &outcome.err[..]), (0, ""), "{words:?}");
    outcome.out
}

fn complains(trial: &Trial, words: &[&str]) -> String {
    let outcome = trial.run_words(words);
    assert_eq!((outcome.code, &outcome.out[..]), (2, ""), "{words:?}: {}", outcome.err);
    outcome.err
}

#[test]
fn a_pulse_by_itself_is_a_triangle() {
    let trial = Trial::new();
    let printed = prints(&trial, &["continuous", "rect(t)", "rect(t)", "--at", "-0.25"]);
    assert!(printed.starts_with("(f*g)(-0.25) = 0.75\n"), "{printed}");
    assert!(printed.contains("1 + t") && printed.contains("for -1 <= t < 0"), "{printed}");
    assert!(printed.contains("By the formula: the error is at most"), "{printed}");
    assert!(prints(&trial, &["continuous", "rect(t)", "rect(t)", "--ascii", "--at", "1/3"]).is_ascii());
}

#[test]
fn a_place_beyond_what_is_shown_is_shown() {
    let trial = Trial::new();
    let far = |options: &[&str]| {
        let words = [&["continuous", "rect(t)", "rect(t)", "--at", "4", "--format", "svg"], options].concat();
        prints(&trial, &words)
    };
    assert!(far(&[]).contains("id=\"marker\"") && far(&["--from", "-1"]).contains("id=\"marker\""));
    assert!(!far(&["--from", "-1", "--to", "1"]).contains("id=\"marker\""), "the ends are as they were said");
}

#[test]
fn formulas_may_begin_with_a_minus() {
    let trial = Trial::new();
    let printed = prints(&trial, &["continuous", "-t*rect(t)", "-2*delta(t)", "--at", "-0.25"]);
    assert!(printed.starts_with("(f*g)(-0.25) = -0.5\n"), "{printed}");
}

#[test]
fn systems_have_names() {
    let trial = Trial::new();
    let charged = prints(&trial, &["continuous", "step(t)", "rc:tau=1/2", "--at", "1", "--format", "json"]);
    let charged: Value = serde_json::from_str(&charged).unwrap();
    assert_eq!((&charged["schema"], &charged["view"]), (&"faltung-explain".into(), &"continuous".into()));
    assert_eq!(charged["formula"], "piecewise(1 - exp(-2*t) for t >= 0; 0 otherwise)");
    let value = charged["trace"]["value"].as_f64().unwrap();
    assert!((value - (1.0 - (-2f64).exp())).abs() < 1e-14, "{value}");
    let bursts = ["continuous", "bursts:width=1/2,areas=3x0x5x0x2x1", "if(0 <= t < 5, 5 - t, 0)", "--at", "4"];
    assert!(prints(&trial, &bursts).starts_with("(f*g)(4) = 25.5\n"));
}

#[test]
fn sampling_is_told_beside_the_truth() {
    let trial = Trial::new();
    let told = prints(&trial, &["continuous", "tri(t)", "exp(-t)*step(t)", "--spacing", "0.01"]).replace('\n', " ");
    let off = told.split("off by at most ").nth(1).and_then(|rest| rest.split([' ', ',']).next()).unwrap();
    assert!(off.parse::<f64>().unwrap() < 1e-4, "{told}");
    assert!(
        complains(&trial, &["continuous", "tri(t)", "tri(t)", "--spacing", "1e-9"])
            .contains("choose a larger --spacing")
    );
}

#[test]
fn pictures_and_pages_are_written() {
    let trial = Trial::new();
    let command = ["continuous", "rect(t)", "exp(-t)*step(t)", "--at", "0.5", "--to", "1", "--from", "0"];
    let files = ["a.svg", "a.png", "a.gif", "a.apng", "a.html", "a.csv", "a.md", "a.tex", "a.json", "a.txt"];
    let outputs: Vec<&str> = files.iter().flat_map(|file| ["-o", file]).collect();
    let all = || [&command[..], &outputs[..], &["--theme", "dark", "--scale", "0.3"]].concat();
    assert_eq!(prints(&trial, &all()), "");
    let bytes = || files.map(|file| fs::read(trial.path(file)).expect(file));
    let first = bytes();
    assert!(first.iter().all(|file| file.len() > 200));
    let html = String::from_utf8(first[4].clone()).unwrap();
    assert!(html.contains("(f*g)(0.5)") && !html.contains("<script"));
    prints(&trial, &all());
    assert!(first == bytes(), "the same input gives the same bytes");
}

#[test]
fn mistakes_are_shown_where_they_are_and_nothing_is_written() {
    let trial = Trial::new();
    let told = complains(&trial, &["continuous", "sin(t", "rect(t)", "-o", "a.svg"]);
    assert!(told.contains("column 6: expected ')'") && told.contains("\n  sin(t\n       ^"), "{told}");
    let told = complains(&trial, &["continuous", "step(t)", "step(-t)", "-o", "a.svg"]);
    assert!(told.contains("the integral diverges"), "{told}");
    assert!(complains(&trial, &["continuous", "rc:0", "t"]).contains("tau is 0, but must be a number above 0"));
    let range = ["continuous", "rect(t)", "rect(t)", "--from", "2", "--to", "1"];
    assert!(complains(&trial, &range).contains("choose other ends"));
    assert!(
        complains(&trial, &["continuous", "rect(t)", "rect(t)", "--at", "x"]).contains("expected a number, such as")
    );
    assert!(trial.contents().is_empty());
}

#[test]
fn a_state_is_what_its_options_are() {
    let trial = Trial::new();
    for (state, options) in [
        ("#/stage?t=4", "explain 3,0,5,0,2,1 5,4,3,2,1 --view stage --at 4"),
        (
            "#/padding?x=1,-2,3&h=1,1,1&mode=same&boundary=mirror",
            "explain 1,-2,3 1,1,1 --view padding --mode same --boundary mirror",
        ),
        ("#/table?flip=none", "explain 3,0,5,0,2,1 5,4,3,2,1 --view table --correlate"),
        ("#/terms?stride=2&t=2", "explain 3,0,5,0,2,1 5,4,3,2,1 --view terms --stride 2 --at 2"),
        ("#/slide?t=4", "explain 3,0,5,0,2,1 5,4,3,2,1 --view stage --at 4"),
        ("#/window?x=1,2,3;4,5,6;7,8,9&h=0,1;2,0&t=1,1", "explain 1,2,3;4,5,6;7,8,9 0,1;2,0 --view window --at 1,1"),
    ] {
        assert_eq!(prints(&trial, &["explain", "--state", state]), trial.prints(options), "{state}");
    }
    let letters = prints(&trial, &["explain", "--state", "#/stage?t=4&n=xh"]);
    assert!(letters.starts_with("(x*h)(4) = 28\n") && !letters.contains("f("), "{letters}");
    let turned = prints(&trial, &["explain", "--state", "#/stage?t=4&flip=f"]);
    assert!(turned.starts_with("(g*f)(4) = 28\n") && turned.contains("f(4-τ)"), "{turned}");
    let article = prints(&trial, &["explain", "--state", "#/continuous?t=4"]);
    assert!(article.starts_with("(f*g)(4) = 25.5\n"), "{article}"); // 28 - 5w, for bursts of width 1/2
    let continuous = prints(&trial, &["explain", "--state", "#/continuous?f=rect(t)&g=tri(t)&t=0.25"]);
    assert_eq!(continuous, prints(&trial, &["continuous", "rect(t)", "tri(t)", "--at", "0.25"]));
    prints(&trial, &["explain", "--state", "#/stage?t=4&theme=dark", "-o", "a.svg"]);
    prints(
        &trial,
        &["explain", "3,0,5,0,2,1", "5,4,3,2,1", "--at", "4", "--view", "stage", "--theme", "dark", "-o", "b.svg"],
    );
    assert_eq!(fs::read(trial.path("a.svg")).unwrap(), fs::read(trial.path("b.svg")).unwrap());
}

#[test]
fn states_that_are_none_are_refused() {
    let trial = Trial::new();
    for (words, part) in [
        (&["explain", "--state", "#/nowhere"][..], "no such view"),
        (&["explain", "--state", "#/stage?x=3,,5"], "number 2 is missing"),
        (&["explain", "--state", "#/sound"], "a sound is heard, not drawn"),
        (&["explain", "--state", "#/stage?x=1,2;3,4"], "the input has several rows and the kernel one row"),
        (&["explain", "--state", "#/continuous?f=sin("], "f: column 5"),
        (&["explain", "--state", "#/stage?t=0.5"], "t: expected a whole number for each axis, but found 0.5"),
        (&["explain", "--state", "#/stage", "1,2", "1"], "cannot be used with"),
        (&["explain", "--state", "#/stage", "--at", "1"], "cannot be used with"),
        (&["explain", "1,2"], "were not provided"),
    ] {
        let told = complains(&trial, words);
        assert!(told.contains(part), "{words:?}: {told}");
    }
}
