//! The article, entire: posts 3 0 5 0 2 1, likes 5 4 3 2 1, in every view and every format of text, byte for byte.
//!
//! The files are in `golden/explain`. With `FALTUNG_WRITE_GOLDEN=1` they are written anew, for whoever has changed a view on
//! purpose and has read what became of it.

mod support;

use faltung::{Kernel, Mode, Spec};
use faltung_scene::{
    Cell, Figure, Film, Part, Scene, Shape, Subject, Table, View, Words,
    paint::{Colour, Letters, TextStyle, csv, json, latex, markdown, text},
};
use support::golden;

const POSTS: [i64; 6] = [3, 0, 5, 0, 2, 1];
const LIKES: [i64; 5] = [5, 4, 3, 2, 1];
const ARRIVING: [f64; 10] = [15.0, 12.0, 34.0, 26.0, 28.0, 23.0, 15.0, 7.0, 4.0, 1.0];

fn article() -> Subject<'static> {
    Subject::new(&POSTS, &LIKES, &Spec::new()).unwrap().called(Words::likes())
}

/// Scenes one below the other, as a terminal of this width shows them.
fn shown(scenes: &[Scene], style: &TextStyle) -> String {
    let all: Vec<String> = scenes.iter().map(|scene| text(scene, style)).collect();
    all.join(&format!("{}\n", "=".repeat(style.width)))
}

fn film(view: View) -> Film {
    view.film(&article(), &[4]).unwrap()
}

fn table<'s>(scene: &'s Scene, id: &str) -> &'s Table {
    let tables = scene.parts.iter().filter_map(|part| if let Part::Table(table) = part { Some(table) } else { None });
    tables.into_iter().find(|table| table.id == id).expect("the scene has this table")
}

fn figure(scene: &Scene) -> &Figure {
    let figures =
        scene.parts.iter().filter_map(|part| if let Part::Figure(figure) = part { Some(figure) } else { None });
    figures.into_iter().next().expect("the scene has a figure")
}

fn texts(cells: &[Cell]) -> Vec<&str> {
    cells.iter().map(|cell| &cell.text[..]).collect()
}

#[test]
fn every_view_is_as_it_was_read_and_found_right() {
    let plain = TextStyle::default();
    for view in [View::Stage, View::Table, View::Likes, View::Flip, View::Padding] {
        golden(&format!("{view}.txt"), &shown(&film(view).scenes, &plain));
    }
    for view in [View::Terms, View::Sizes, View::Conventions] {
        golden(&format!("{view}.txt"), &shown(&film(view).scenes, &TextStyle { width: 120, ..plain }));
    }
}

#[test]
fn every_format_is_as_it_was_read_and_found_right() {
    let subject = article();
    let scene = View::Stage.scene(&subject, &[4]).unwrap();
    golden("stage.md", &markdown(&scene));
    golden("stage.csv", &csv(&scene));
    golden("stage.tex", &latex(&scene));
    golden("stage.json", &json(View::Stage, &scene, &subject, &subject.trace(&[4]).unwrap()));
    let narrow = TextStyle { width: 40, letters: Letters::Ascii, colour: Colour::None };
    let table = text(&View::Table.scene(&subject, &[4]).unwrap(), &narrow);
    assert!(table.is_ascii() && table.lines().all(|line| line.len() <= 40), "{table}");
    golden("table-narrow.txt", &table);
}

#[test]
fn a_window_is_as_it_was_read_and_found_right() {
    let x = faltung::Array::new(vec![0i64, 0, 9, 9, 9, 0, 0, 9, 9, 9, 0, 0, 9, 9, 9], &[3, 5]).unwrap();
    let edge = Kernel::whole(&[1, 3], vec![1, 0, -1]).unwrap();
    let of =
        |spec: Spec| View::Window.film(&Subject::new(&x, &edge, &spec.mode(Mode::Valid)).unwrap(), &[0, 0]).unwrap();
    let sums = |film: &Film| film.scenes[..3].iter().map(|scene| scene.title.clone()).collect::<Vec<_>>();
    let convolved = of(Spec::new());
    let correlated = of(Spec::new().operation(faltung::Operation::Correlate));
    assert_eq!(sums(&convolved), ["y(0, 0) = 9", "y(0, 1) = 9", "y(0, 2) = 0"]);
    assert_eq!(sums(&correlated), ["y(0, 0) = -9", "y(0, 1) = -9", "y(0, 2) = 0"]);
    golden("window.txt", &shown(&[convolved.scenes[1].clone(), correlated.scenes[1].clone()], &TextStyle::default()));
}

#[test]
fn likes_arrive_hour_by_hour_and_add_up() {
    let film = film(View::Likes);
    let scene = |t: usize| &film.scenes[t + 1];
    let totals = table(scene(4), "totals");
    let values = |row: usize| totals.rows[row].cells[1..].iter().map(|cell| cell.value.unwrap()).collect::<Vec<_>>();
    assert_eq!(values(1), ARRIVING);
    assert_eq!(values(2), [15.0, 27.0, 61.0, 87.0, 115.0, 138.0, 153.0, 160.0, 164.0, 165.0]);
    let stated = |t: usize| {
        table(scene(t), "batches").rows.iter().map(|row| texts(&row.cells)[..3].join(" | ")).collect::<Vec<_>>()
    };
    assert_eq!(stated(1), ["3 posts at t = 0 | 3 posts × 4 likes per post after 1 hour | 3·4 = 12"]);
    assert_eq!(
        stated(4),
        [
            "3 posts at t = 0 | 3 posts × 1 like per post after 4 hours | 3·1 = 3",
            "5 posts at t = 2 | 5 posts × 3 likes per post after 2 hours | 5·3 = 15",
            "2 posts at t = 4 | 2 posts × 5 likes per post at posting time | 2·5 = 10",
        ]
    );
    assert_eq!(
        stated(6)[1..],
        [
            "5 posts at t = 2 | 5 posts × 1 like per post after 4 hours | 5·1 = 5",
            "2 posts at t = 4 | 2 posts × 3 likes per post after 2 hours | 2·3 = 6",
            "1 post at t = 5 | 1 post × 4 likes per post after 1 hour | 1·4 = 4",
        ]
    );
    assert_eq!(
        stated(8)[2..],
        [
            "2 posts at t = 4 | 2 posts × 1 like per post after 4 hours | 2·1 = 2",
            "1 post at t = 5 | 1 post × 2 likes per post after 3 hours | 1·2 = 2",
        ]
    );
    // The batch that has just expired is listed, as in the article.
    assert_eq!(
        stated(9)[2..],
        [
            "2 posts at t = 4 | 2 posts × 0 likes per post after 5 hours: expired | 2·0 = 0",
            "1 post at t = 5 | 1 post × 1 like per post after 4 hours | 1·1 = 1",
        ]
    );
}

#[test]
fn the_table_has_six_rows_and_ten_columns_in_their_places() {
    let scene = View::Table.scene(&article(), &[4]).unwrap();
    let table = table(&scene, "copies");
    let (body, total) = table.rows.split_at(6);
    assert_eq!((table.columns.len(), total.len(), table.marked), (11, 1, Some(5)));
    assert_eq!(texts(&body[0].cells), ["f(0) = 3", "15", "12", "9", "6", "3", "", "", "", "", ""]);
    assert_eq!(texts(&body[2].cells), ["f(2) = 5", "", "", "25", "20", "15", "10", "5", "", "", ""]);
    assert_eq!(texts(&body[4].cells), ["f(4) = 2", "", "", "", "", "10", "8", "6", "4", "2", ""]);
    assert_eq!(texts(&body[5].cells), ["f(5) = 1", "", "", "", "", "", "5", "4", "3", "2", "1"]);
    for zeros in [1, 3] {
        assert!(body[zeros].cells[1..].iter().all(|cell| ["", "0"].contains(&&cell.text[..])));
        assert_eq!(body[zeros].cells[1..].iter().filter(|cell| cell.text == "0").count(), 5);
    }
    let sums: Vec<f64> = total[0].cells[1..].iter().map(|cell| cell.value.unwrap()).collect();
    assert_eq!(sums, ARRIVING);
}

#[test]
fn without_the_flip_the_list_is_another_and_the_total_the_same() {
    let film = film(View::Flip);
    let rows = &table(&film.scenes[5], "flips").rows;
    let list = |row: usize| texts(&rows[row].cells).join(" ");
    assert_eq!(list(0), "g flipped 15 12 34 26 28 23 15 7 4 1 165");
    assert_eq!(list(1), "no flip 3 6 14 22 32 25 33 11 14 5 165");
    assert_eq!(list(2), "f flipped 15 12 34 26 28 23 15 7 4 1 165");
}

#[test]
fn boundaries_differ_only_where_the_ends_are_felt() {
    let scene = View::Padding.scene(&article(), &[2]).unwrap();
    let rows = &table(&scene, "outputs").rows;
    let list: Vec<String> = rows.iter().map(|row| texts(&row.cells).join(" ")).collect();
    assert_eq!(list[0], "none   28 23  ");
    assert_eq!(list[1], "constant:0 34 26 28 23 15 7");
    assert_eq!(list[2], "nearest 43 29 28 23 20 16");
    assert_eq!(list[3], "reflect 40 29 28 23 20 21");
    assert_eq!(list[4], "mirror 39 26 28 23 25 15");
    assert_eq!(list[5], "wrap 38 27 28 23 30 19");
    assert!(
        scene.parts.contains(&Part::Note("No padding is used at t = 2, 3: the same whatever lies beyond.".to_owned()))
    );
    let extension = &table(&scene, "extension").rows;
    assert_eq!(
        texts(&extension[3].cells),
        ["mirror", "5 (2)", "0 (1)", "3", "0", "5", "0", "2", "1", "2 (4)", "0 (3)"]
    );
}

#[test]
fn crops_are_brackets_over_the_full_result() {
    let scene = View::Padding.scene(&article(), &[2]).unwrap();
    let full = figure(&scene).panels.iter().find(|panel| panel.id == "full").expect("the full result is drawn");
    let bracket = |id: &str| {
        let mark = full.marks.iter().find(|mark| mark.id == id).expect(id);
        let Shape::Bracket { from, to, .. } = mark.shape else { panic!("{id} is a bracket") };
        (from.round() as i64, to.round() as i64)
    };
    assert_eq!(bracket("mode-full"), (0, 9));
    assert_eq!(bracket("mode-same"), (2, 7));
    assert_eq!(bracket("mode-valid"), (4, 5));
    assert_eq!(bracket("mode-causal"), (0, 5));
}

#[test]
fn the_stage_shows_the_kernel_turned_round_with_its_own_indices() {
    let scene = View::Stage.scene(&article(), &[4]).unwrap();
    let kernel = &figure(&scene).panels[1];
    let stems: Vec<(f64, f64, String)> = kernel
        .marks
        .iter()
        .filter(|mark| mark.id.starts_with("kernel-"))
        .map(|mark| match mark.shape {
            Shape::Stem { x, y } => (x, y, mark.label.as_ref().unwrap().text.lines().next().unwrap().to_owned()),
            _ => panic!("weights are stems"),
        })
        .collect();
    let expected: Vec<(f64, f64, String)> =
        (0..5).map(|tau| (tau as f64, tau as f64 + 1.0, format!("g{}", 4 - tau))).collect();
    assert_eq!(stems, expected);
    assert_eq!(scene.parts[0], Part::Sentence("t = 4: 3·1 + 5·3 + 2·5 = 28".to_owned()));
}
