//! Continuous time: what is shown is what was computed, at every place of a film alike.

mod support;

use faltung_continuous::Number;
use faltung_scene::{
    Continuous, Error, Figure, Film, Panel, Part, Role, Scene, Shape,
    paint::{Look, TextStyle, json_continuous, svg, text},
};
use support::golden;

fn stage(f: &str, g: &str) -> Continuous {
    Continuous::new(f.parse().unwrap(), g.parse().unwrap()).unwrap()
}

fn figure(scene: &Scene) -> &Figure {
    let figures =
        scene.parts.iter().filter_map(|part| if let Part::Figure(figure) = part { Some(figure) } else { None });
    figures.into_iter().next().expect("the scene has a figure")
}

fn panel<'s>(scene: &'s Scene, id: &str) -> &'s Panel {
    figure(scene).panels.iter().find(|panel| panel.id == id).expect("the figure has this panel")
}

/// The area under the shaded product, as its points have it, and what impulses give.
fn shaded(scene: &Scene) -> f64 {
    let marks = panel(scene, "product").marks.iter();
    marks
        .map(|mark| match &mark.shape {
            Shape::Area { points } => points.windows(2).map(|p| 0.5 * (p[0][1] + p[1][1]) * (p[1][0] - p[0][0])).sum(),
            Shape::Arrow { weight, .. } => *weight,
            _ => 0.0,
        })
        .sum()
}

#[test]
fn stages_are_as_they_were_read_and_found_right() {
    let style = TextStyle::default();
    let shown = |f, g, t| text(&stage(f, g).scene(t).unwrap(), &style);
    golden("continuous-rect-rect.txt", &shown("rect(t)", "rect(t)", -0.25));
    golden("continuous-rect-exp.txt", &shown("rect(t)", "exp(-t)*step(t)", 0.5));
    golden("continuous-impulses.txt", &shown("2*delta(t - 1) + rect(t)", "exp(-t)*step(t)", 1.25));
}

#[test]
fn the_area_that_is_shaded_is_the_value() {
    for (f, g) in [
        ("rect(t)", "rect(t)"),
        ("rect(t)", "exp(-t)*step(t)"),
        ("t*rect(t/2)", "sin(5*t)*rect(t/3)"),
        ("tri(t)", "gauss(2*t)"),
        ("sqrt(t)*rect(t - 1/2)", "2*rect(t/2) - delta(t)"),
        ("3*delta(t) - delta(t - 1)", "tri(t) + delta(t - 2)"),
    ] {
        let stage = stage(f, g);
        for scene in stage.film(0.3).unwrap().scenes {
            let t: f64 = scene.place["t = ".len()..].parse().unwrap();
            let value = stage.convolution().at(t).unwrap().value;
            assert!((shaded(&scene) - value).abs() < 5e-3, "{f} * {g} at {t}: {} for {value}", shaded(&scene));
        }
    }
}

#[test]
fn films_stand_still_but_for_what_moves() {
    let film = stage("rect(t) - delta(t)", "exp(-t)*step(t)").film(0.5).unwrap();
    assert!((20..60).contains(&film.scenes.len()), "{}", film.scenes.len());
    assert_eq!(film.scenes[film.chosen].place, "t = 0.5");
    let scales = |scene: &Scene| -> Vec<_> {
        figure(scene).panels.iter().map(|panel| (panel.x.clone(), panel.y.clone())).collect()
    };
    let kinds = |scene: &Scene| -> Vec<_> { scene.parts.iter().map(std::mem::discriminant).collect() };
    for scene in &film.scenes {
        assert_eq!(kinds(scene), kinds(&film.scenes[0]), "{}: all have the same parts", scene.place);
        assert_eq!(scales(scene), scales(&film.scenes[0]), "{}", scene.place);
        assert_eq!(panel(scene, "input"), panel(&film.scenes[0], "input"));
    }
    let stage = stage("rect(t) - delta(t)", "exp(-t)*step(t)");
    assert_eq!(film.scenes[film.chosen], stage.scene(0.5).unwrap());
}

#[test]
fn impulses_are_arrows_and_jumps_are_gaps() {
    let scene = stage("2*delta(t - 1) + rect(t)", "exp(-t)*step(t)").scene(1.25).unwrap();
    let arrows = |id: &str| -> Vec<(f64, f64)> {
        let marks = panel(&scene, id).marks.iter();
        marks
            .filter_map(|mark| if let Shape::Arrow { x, weight } = mark.shape { Some((x, weight)) } else { None })
            .collect()
    };
    assert_eq!(arrows("input"), [(1.0, 2.0)]);
    assert!(arrows("output").is_empty());
    assert!((arrows("product")[0].1 - 2.0 * (-0.25f64).exp()).abs() < 1e-12);
    let dots = |id: &str, role: Role| -> Vec<(f64, f64, bool)> {
        let marks = panel(&scene, id).marks.iter().filter(|mark| mark.role == role);
        marks
            .filter_map(|mark| if let Shape::Dot { x, y, hollow } = mark.shape { Some((x, y, hollow)) } else { None })
            .collect()
    };
    assert_eq!(
        dots("input", Role::Input),
        [(-0.5, 0.0, true), (-0.5, 1.0, false), (0.5, 1.0, true), (0.5, 0.0, false)]
    );
    // g(t-τ) takes the value on the left of its jump: g(0) is 1.
    assert_eq!(dots("kernel", Role::Kernel), [(1.25, 1.0, false), (1.25, 0.0, true)]);
    let curves = panel(&scene, "input").marks.iter().filter_map(|mark| match &mark.shape {
        Shape::Curve { points } => Some(points),
        _ => None,
    });
    for points in curves {
        assert!(points.windows(2).all(|p| p[0][0] < p[1][0]), "no line goes straight up");
    }
}

#[test]
fn the_article_in_bursts_tends_to_the_article() {
    let posts = [3, 0, 5, 0, 2, 1].into_iter().enumerate();
    let posts: Vec<(Number, Number)> = posts.map(|(n, area)| (Number::whole(n as i64), Number::whole(area))).collect();
    for (width, title) in
        [("1", "(f*g)(4) = 23"), ("0.5", "(f*g)(4) = 25.5"), ("0.1", "(f*g)(4) = 27.5"), ("0", "(f*g)(4) = 28")]
    {
        let bursts = faltung_continuous::Signal::bursts(posts.clone(), Number::read(width).unwrap()).unwrap();
        let stage = Continuous::new(bursts, "if(0 <= t < 5, 5 - t, 0)".parse().unwrap()).unwrap();
        assert_eq!(stage.scene(4.0).unwrap().title, title);
    }
}

#[test]
fn the_same_place_gives_the_same_bytes() {
    let bytes = || {
        let stage = stage("sinc(t)", "rect(t)");
        let scene = stage.scene(0.75).unwrap();
        (svg(&scene, &Look::default()), json_continuous(&scene, &stage, &stage.trace(0.75).unwrap()))
    };
    assert_eq!(bytes(), bytes());
}

#[test]
fn what_cannot_be_shown_is_refused() {
    let one = || "1".parse().unwrap();
    assert!(matches!(Continuous::new(one(), one()), Err(Error::Continuous(_))));
    let empty = stage("rect(t)", "rect(t)").within(Some(2.0), Some(2.0)).unwrap_err().to_string();
    assert!(empty.contains("has 2 to 2: choose other ends"), "{empty}");
    assert!(stage("rect(t)", "rect(t)").scene(f64::NAN).is_err());
    // Far from everything, and over a range of nothing but zero, there is a picture all the same.
    let Film { scenes, .. } = stage("rect(t)", "rect(t)").within(Some(5.0), Some(6.0)).unwrap().film(5.5).unwrap();
    assert!(scenes.iter().all(|scene| scene.title.ends_with("= 0")));
}
