//! What holds of all pictures: words never touch and are never cut, XML is well-formed and refers to nothing outside, every mark
//! and every term is there by its name, and the same scene gives the same bytes.

mod support;

use std::collections::BTreeSet;

use faltung::{Array, Boundary, Kernel, Mode, Spec};
use faltung_scene::{
    Arrange, Axis, Continuous, Figure, Label, Mark, Panel, Part, Place, Role, Scene, Shape, Subject, Tick, View, Words,
    paint::{FONT, Layout, Look, Theme, boxes, frames, svg},
};
use roxmltree::{Document, Node};
use support::{figures, films};

fn look(theme: Theme, width: f64) -> Look {
    Look { theme, width, prefix: "p7-".to_owned() }
}

fn article() -> Subject<'static> {
    Subject::new(&[3, 0, 5, 0, 2, 1], &[5, 4, 3, 2, 1], &Spec::new()).unwrap().called(Words::likes())
}

/// Every scene of the article, and some of every other subject.
fn scenes(mut each: impl FnMut(&str, &Scene)) {
    for &view in View::ALL {
        let Ok(film) = view.film(&article(), &[4]) else { continue };
        film.scenes.iter().for_each(|scene| each(view.name(), scene));
    }
    films(|view, _, _, scenes| scenes.iter().step_by(7).take(2).for_each(|scene| each(view.name(), scene)));
    for (f, g, at) in [
        ("rect(t)", "rect(t)", -0.25),
        ("rect(t)", "exp(-t)*step(t)", 0.5),
        ("2*delta(t - 1) + rect(t) - delta(t + 0.3)", "exp(-t)*step(t) - delta(t)/2", 1.25),
        ("sinc(t)", "rect(t)", 0.75),
        ("step(t)/sqrt(t)", "sin(9*t)*step(t)", 3.0),
        ("gauss(t)", "t*rect(t/7)", -1e-3),
        ("0", "tri(t)", 40.0),
        ("rect(t)", "rect(t)", 1.25),
    ] {
        let stage = Continuous::new(f.parse().unwrap(), g.parse().unwrap()).unwrap();
        each("continuous", &stage.scene(at).unwrap());
    }
    each("shapes", &every_shape());
}

/// A scene with every form of mark, as continuous signals need them.
fn every_shape() -> Scene {
    let ticks = || (-2..=4).map(|at| Tick { at: at as f64, label: at.to_string() }).collect();
    let axis = |label: &str| Axis { label: label.to_owned(), from: -2.0, to: 4.0, ticks: ticks(), downwards: false };
    let wave: Vec<[f64; 2]> = (0..60).map(|n| n as f64 / 10.0 - 2.0).map(|x| [x, 3.0 * x.sin()]).collect();
    let shapes = [
        Shape::Area { points: wave.clone() },
        Shape::Curve { points: wave },
        Shape::Arrow { x: 1.0, weight: 2.5 },
        Shape::Arrow { x: 1.5, weight: -1.5 },
        Shape::Dot { x: 2.0, y: 1.0, hollow: true },
        Shape::Stem { x: 3.0, y: -1.0 },
        Shape::Bar { x: 0.0, width: 0.5, base: 0.0, y: 1.0 },
        Shape::Square { x: 3.0, y: 3.0 },
        Shape::Frame { from: [-1.0, -1.0], to: [1.0, 2.0] },
        Shape::Handle { x: 2.0 },
        Shape::Rule { x: 2.5 },
        Shape::Bracket { from: 0.0, to: 2.0, line: 0 },
    ];
    let mark = |(number, shape): (usize, Shape)| Mark {
        id: format!("shape-{number}"),
        term: None,
        value: Some(f64::NAN),
        role: [Role::Positive, Role::Negative, Role::Kernel, Role::Virtual, Role::Cropped, Role::Plain][number % 6],
        // A rule has no place of its own for words, and no view gives it any.
        label: (!matches!(shape, Shape::Rule { .. })).then(|| Label {
            text: format!("mark {number} <&>\n\"{shape:.4?}\"").chars().take(26).collect(),
            place: match shape {
                Shape::Handle { .. } | Shape::Bracket { .. } => Place::Axis,
                Shape::Area { .. } => Place::Right,
                Shape::Bar { .. } => Place::Inside,
                _ => Place::End,
            },
            optional: false,
        }),
        shape,
    };
    let panel = |id: &str| Panel {
        id: id.to_owned(),
        title: "f(τ) <&>".to_owned(),
        x: axis("τ (seconds, input time)"),
        y: axis("volts"),
        marks: Vec::new(),
    };
    let marks = shapes.into_iter().enumerate().map(mark).collect();
    let figure = Figure {
        id: "all".to_owned(),
        description: "every form".to_owned(),
        arrange: Arrange::Column,
        panels: vec![Panel { marks, ..panel("one") }, panel("two")],
        links: Vec::new(),
    };
    Scene {
        title: "a < b & \"c\" > d\u{1}".to_owned(),
        place: String::new(),
        description: "<script>".to_owned(),
        parts: vec![Part::Figure(figure)],
    }
}

/// The first two lines of words that touch, or that are not wholly in the picture.
fn fault(layout: &Layout) -> Option<String> {
    let mut all: Vec<_> = layout.words.iter().collect();
    all.sort_by(|a, b| a.y.total_cmp(&b.y));
    for (at, a) in all.iter().enumerate() {
        let inside = a.x >= 0.0 && a.y >= 0.0 && a.x + a.width <= layout.width && a.y + a.height <= layout.height;
        if !inside {
            return Some(format!("cut: {a:?} in {} by {}", layout.width, layout.height));
        }
        // Nearer than this is rounding.
        let near = all[at + 1..].iter().take_while(|b| b.y + 1e-6 < a.y + a.height);
        for b in near {
            if a.x + 1e-6 < b.x + b.width && b.x + 1e-6 < a.x + a.width {
                return Some(format!("touching: {a:?} and {b:?}"));
            }
        }
    }
    None
}

#[test]
fn words_never_touch_and_are_never_cut() {
    let mut count = 0;
    scenes(|view, scene| {
        for width in [720.0, 1000.0, 360.0] {
            let layout = boxes(scene, &look(Theme::Light, width));
            assert_eq!(fault(&layout), None, "{view}, {}, {width} wide", scene.title);
            count += layout.words.len();
        }
    });
    assert!(count > 10_000);
}

#[test]
fn labels_that_must_not_be_left_out_are_there() {
    scenes(|view, scene| {
        let layout = boxes(scene, &look(Theme::Light, 720.0));
        let told: BTreeSet<&str> = layout.words.iter().map(|words| &words.words[..]).collect();
        let marks = figures(scene).flat_map(|figure| &figure.panels).flat_map(|panel| &panel.marks);
        for label in marks.filter_map(|mark| mark.label.as_ref()).filter(|label| !label.optional) {
            assert!(label.text.lines().all(|line| line.is_empty() || told.contains(line)), "{view}: {}", label.text);
        }
        assert!(told.contains(&scene.title[..]) || layout.words[0].words.len() < scene.title.len());
    });
}

/// All attributes of a document: the element's name, the attribute's, and its value.
fn attributes<'d>(document: &'d Document<'d>) -> impl Iterator<Item = (&'d str, &'d str, &'d str)> {
    let elements = document.descendants().filter(Node::is_element);
    elements.flat_map(|node| node.attributes().map(move |a| (node.tag_name().name(), a.name(), a.value())))
}

#[test]
fn pictures_are_plain_svg_that_needs_nothing_from_outside() {
    const ELEMENTS: [&str; 12] =
        ["svg", "title", "desc", "defs", "pattern", "g", "rect", "line", "path", "circle", "text", "tspan"];
    scenes(|view, scene| {
        let picture = svg(scene, &look(Theme::Dark, 720.0));
        let document = Document::parse(&picture).unwrap_or_else(|error| panic!("{view}: {error}"));
        let root = document.root_element();
        assert_eq!(
            (root.attribute("role"), root.tag_name().namespace()),
            (Some("img"), Some("http://www.w3.org/2000/svg"))
        );
        let child = |name: &str| root.children().find(|node| node.has_tag_name(name)).and_then(|node| node.text());
        assert_eq!(child("desc"), Some(&scene.description[..]));
        assert_eq!(child("title"), Some(&scene.title.replace('\u{1}', "\u{fffd}")[..]));
        assert!(document.descendants().filter(Node::is_element).all(|node| ELEMENTS.contains(&node.tag_name().name())));
        let mut ids = BTreeSet::new();
        for (element, name, value) in attributes(&document) {
            assert!(!["style", "class", "href"].contains(&name) && !name.starts_with("on"), "{view}: {element} {name}");
            if name == "id" {
                assert!(value.starts_with("p7-") && ids.insert(value), "{view}: {value}");
            }
        }
        for (_, name, value) in attributes(&document) {
            if let Some(id) = value.strip_prefix("url(#") {
                assert!(ids.contains(id.trim_end_matches(')')), "{view}: {name} is {value}");
            }
            if name == "aria-labelledby" {
                assert!(value.split(' ').all(|id| ids.contains(id)));
            }
        }
    });
}

#[test]
fn lengths_have_two_decimals_at_most() {
    scenes(|view, scene| {
        let picture = svg(scene, &look(Theme::Light, 720.0));
        let document = Document::parse(&picture).unwrap();
        for (_, name, value) in attributes(&document) {
            if ["data-value", "data-term", "id", "font-family", "xmlns"].contains(&name) {
                continue;
            }
            assert!(!value.contains("NaN") && !value.contains("inf"), "{view}: {name} is {value}");
            for after in value.split('.').skip(1) {
                let decimals = after.chars().take_while(char::is_ascii_digit).count();
                assert!(decimals <= 2, "{view}: {name} is {value}");
            }
        }
    });
}

#[test]
fn every_mark_and_every_term_is_there_by_its_name() {
    scenes(|view, scene| {
        let picture = svg(scene, &look(Theme::Light, 720.0));
        let document = Document::parse(&picture).unwrap();
        let with = |name: &str, value: &str| {
            document.descendants().filter(|node| node.attribute(name) == Some(value)).collect::<Vec<_>>()
        };
        let marks: Vec<&Mark> =
            figures(scene).flat_map(|figure| &figure.panels).flat_map(|panel| &panel.marks).collect();
        for mark in marks.iter().take(200) {
            let group = with("id", &format!("p7-{}", mark.id));
            assert_eq!(group.len(), 1, "{view}: {}", mark.id);
            assert!(group[0].children().any(|node| node.is_element()), "{view}: {} is painted", mark.id);
            assert_eq!(group[0].attribute("data-term"), mark.term.as_deref());
            let told = group[0].attribute("data-value").map(|value| value.parse::<f64>().unwrap());
            let is_same = told == mark.value || told.zip(mark.value).is_some_and(|(a, b)| a.is_nan() && b.is_nan());
            assert!(is_same, "{view}: {}", mark.id);
        }
        for part in &scene.parts {
            let Part::Table(table) = part else { continue };
            let cells = table.rows.iter().flat_map(|row| &row.cells);
            for cell in cells.filter(|cell| !cell.text.is_empty()).take(50) {
                let Some(term) = &cell.term else { continue };
                assert!(with("data-term", term).iter().any(|node| node.has_tag_name("text")), "{view}: {term}");
            }
        }
    });
}

#[test]
fn the_same_scene_gives_the_same_bytes_and_each_theme_its_own() {
    let scene = View::Stage.scene(&article(), &[4]).unwrap();
    let light = svg(&scene, &Look::default());
    assert_eq!(light, svg(&View::Stage.scene(&article(), &[4]).unwrap(), &Look::default()));
    let dark = svg(&scene, &Look { theme: Theme::Dark, ..Look::default() });
    assert!(light != dark && light.lines().count() == dark.lines().count());
}

#[test]
fn figures_of_a_film_do_not_move() {
    let image = Array::new((0..36).map(|n| n % 7 - 2).collect::<Vec<i64>>(), &[6, 6]).unwrap();
    let kernel = Kernel::whole(&[3, 3], vec![1, 0, -1, 2, 0, -2, 1, 0, -1]).unwrap();
    let spec = Spec::new().mode(Mode::Same).boundary(Boundary::Reflect);
    let window = View::Window.film(&Subject::new(&image, &kernel, &spec).unwrap(), &[2, 2]).unwrap();
    let mut films = vec![window];
    for view in [View::Stage, View::Table, View::Likes, View::Flip, View::Padding] {
        films.push(view.film(&article(), &[4]).unwrap());
    }
    for film in films {
        let pictures = frames(&film, &Look::default());
        let place = |picture: &String| {
            let document = Document::parse(picture).unwrap();
            let is_figure = |node: &Node<'_, '_>| node.attribute("id").is_some_and(|id| id.starts_with("figure-"));
            let figure = document.descendants().find(is_figure).and_then(|node| node.parent());
            let of_figure = figure.and_then(|node| node.attribute("transform")).map(str::to_owned);
            (document.root_element().attribute("viewBox").unwrap().to_owned(), of_figure)
        };
        let first = place(&pictures[0]);
        assert!(pictures.len() > 5 && pictures.iter().all(|picture| place(picture) == first), "{}", film.title);
    }
}

#[test]
fn the_font_has_every_character_of_the_article() {
    let face = ttf_parser::Face::parse(FONT, 0).unwrap();
    scenes(|view, scene| {
        for words in boxes(scene, &Look::default()).words {
            let lacks = words.words.chars().find(|letter| face.glyph_index(*letter).is_none());
            assert!(lacks.is_none_or(|letter| letter == '\u{1}'), "{view}: {lacks:?} in {}", words.words);
        }
    });
}
