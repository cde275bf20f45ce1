//! What holds of all scenes: ids, sizes of tables, films whose scales stand still, numbers that are those of the engine.

mod support;

use std::collections::BTreeSet;

use faltung::{Boundary, Kernel, Number, Spec, convolve_any};
use faltung_scene::{
    Part, Scene, Shape, Subject, View,
    paint::{Colour, Letters, TextStyle, csv, json, latex, markdown, text},
};
use support::{Rng, figures, films, spec};

fn is_id(id: &str) -> bool {
    !id.is_empty() && id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

#[test]
fn ids_are_unique_and_plain_and_links_lead_to_marks() {
    films(|view, _, _, scenes| {
        for scene in scenes {
            let mut tables = BTreeSet::new();
            for part in &scene.parts {
                let Part::Table(table) = part else { continue };
                assert!(is_id(&table.id) && tables.insert(&table.id), "{view}: {}", table.id);
                assert!(table.rows.iter().all(|row| row.cells.len() == table.columns.len()), "{view}: {}", table.id);
                assert!(table.marked.is_none_or(|column| column < table.columns.len()));
            }
            for figure in figures(scene) {
                assert!(!figure.description.is_empty());
                let marks = figure.panels.iter().flat_map(|panel| &panel.marks);
                let mut ids = BTreeSet::new();
                for mark in marks {
                    assert!(is_id(&mark.id) && ids.insert(&mark.id[..]), "{view}: {}", mark.id);
                    assert!(mark.term.as_ref().is_none_or(|term| term.starts_with("term-")));
                }
                assert!(figure.links.iter().all(|link| ids.contains(&link.from[..]) && ids.contains(&link.to[..])));
            }
        }
    });
}

#[test]
fn nothing_but_marks_moves_in_a_film() {
    films(|view, _, _, scenes| {
        let stage = |scene: &Scene| -> Vec<String> {
            scene
                .parts
                .iter()
                .map(|part| match part {
                    Part::Sentence(_) => "sentence".to_owned(),
                    Part::Note(_) => "note".to_owned(),
                    Part::Table(table) => format!("table {}", table.id),
                    Part::Figure(figure) => {
                        let axes = figure.panels.iter().map(|panel| match view {
                            // The window moves over its arrays, and the axes with it.
                            View::Window => panel.id.clone(),
                            _ => format!("{} {:?} {:?}", panel.id, panel.x, panel.y),
                        });
                        format!("figure {} {:?}", figure.id, axes.collect::<Vec<_>>())
                    }
                })
                .collect()
        };
        assert!(scenes.windows(2).all(|pair| stage(&pair[0]) == stage(&pair[1])), "{view}");
    });
}

#[test]
fn marks_stand_within_their_axes_and_axes_stay_short() {
    films(|view, _, _, scenes| {
        for panel in scenes.iter().flat_map(figures).flat_map(|figure| &figure.panels) {
            assert!(panel.x.from < panel.x.to && panel.y.from < panel.y.to, "{view}: {}", panel.id);
            assert!(panel.x.to - panel.x.from < 100.0, "{view}, {}: what is shown of a long signal is short", panel.id);
            for mark in &panel.marks {
                let (x, y) = match mark.shape {
                    Shape::Stem { x, y }
                    | Shape::Dot { x, y, .. }
                    | Shape::Bar { x, y, .. }
                    | Shape::Square { x, y } => (x, y),
                    Shape::Handle { x } => (x, 0.0),
                    _ => continue,
                };
                assert!((panel.x.from..=panel.x.to).contains(&x), "{view}, {}, {}: {x}", panel.id, mark.id);
                assert!((panel.y.from..=panel.y.to).contains(&y) || y == 0.0, "{view}, {}, {}: {y}", panel.id, mark.id);
            }
        }
    });
}

#[test]
fn the_stage_draws_what_the_engine_computes() {
    let mut compared = 0;
    let mut rng = Rng(11);
    for _ in 0..200 {
        let x: Vec<i64> = (0..1 + rng.below(12)).map(|_| rng.below(19) as i64 - 9).collect();
        let w: Vec<i64> = (0..1 + rng.below(5)).map(|_| rng.below(19) as i64 - 9).collect();
        let mut spec = spec(&mut rng);
        if let faltung::PerAxis::All(Boundary::Constant(_)) = spec.boundary {
            spec = spec.boundary(Boundary::Constant(Number::Whole(2)));
        }
        let Ok(y) = convolve_any(&x, Kernel::from(&w), &spec) else { continue };
        let y = y.typed::<i64>().unwrap().into_vec();
        let subject = Subject::new(&x, Kernel::from(&w), &spec).unwrap();
        for scene in View::Stage.film(&subject, &[0]).unwrap().scenes {
            let output = &figures(&scene).next().unwrap().panels[3];
            for (t, expected) in y.iter().enumerate() {
                let mark =
                    output.marks.iter().find(|mark| mark.id == format!("output-{t}")).expect("every output is drawn");
                assert_eq!(mark.value, Some(*expected as f64));
                compared += 1;
            }
        }
    }
    assert!(compared > 1000);
}

#[test]
fn painters_take_every_scene_and_keep_to_their_letters() {
    films(|view, subject, at, scenes| {
        for scene in scenes.iter().take(3) {
            let ascii = TextStyle { width: 60, letters: Letters::Ascii, colour: Colour::None };
            assert!(text(scene, &ascii).is_ascii(), "{view}");
            let plain = text(scene, &TextStyle::default());
            assert!(!plain.contains('\x1b') && !plain.lines().any(|line| line.ends_with(' ')), "{view}");
            let coloured = text(scene, &TextStyle { colour: Colour::Ansi, ..TextStyle::default() });
            let mut bare = String::new();
            let mut rest = &coloured[..];
            while let Some((before, after)) = rest.split_once('\x1b') {
                bare.push_str(before);
                rest = after.split_once('m').expect("an escape ends").1;
            }
            bare.push_str(rest);
            assert_eq!(bare, plain, "{view}: colours add nothing but colours");
            assert!(!markdown(scene).is_empty() && latex(scene).is_ascii(), "{view}: {}", latex(scene));
            assert!(csv(scene).lines().count() > 1, "{view}");
        }
        let object = json(view, &scenes[0], subject, &subject.trace(at).unwrap());
        let read: serde_json::Value = serde_json::from_str(&object).expect("it is JSON");
        assert_eq!(
            (&read["schema"], &read["version"], &read["view"]),
            (&"faltung-explain".into(), &1.into(), &view.name().into())
        );
        assert_eq!(read["trace"]["terms"].as_array().map(Vec::len), Some(subject.trace(at).unwrap().terms.len()));
    });
}

#[test]
fn numbers_that_are_none_are_told_and_not_drawn() {
    let subject = Subject::new(&[1.0, f64::NAN, f64::INFINITY], &[1.0, 1.0], &Spec::new()).unwrap();
    let scene = View::Stage.scene(&subject, &[1]).unwrap();
    assert_eq!(scene.title, "(f*g)(1) = NaN");
    let object = json(View::Stage, &scene, &subject, &subject.trace(&[2]).unwrap());
    assert!(object.contains(r#""sample":"NaN""#) && object.contains(r#""sample":"Infinity""#));
    assert!(text(&scene, &TextStyle::default()).contains("NaN"));
}
