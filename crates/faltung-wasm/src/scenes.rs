//! States and what they explain.

use std::cell::RefCell;

use faltung_scene::{
    Figure, Part,
    paint::{self, Axes, Look, Theme},
    state::{Explained, PROPERTIES, Property, State},
};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::thrown;

/// What a text is as a state: `{text, page, values, problems}`, where `text` is how it is written, and each problem names a
/// property that was as if nothing were said.
#[wasm_bindgen]
pub fn read(text: &str) -> String {
    let (state, problems) = State::read(text);
    told(&state, problems)
}

/// The same state with a property, or with a page where the key is `page`: as [`read`] tells of it. Where the value is none, the
/// state stays and the problem says why.
#[wasm_bindgen]
pub fn changed(text: &str, key: &str, value: &str) -> String {
    let (mut state, _) = State::read(text);
    let problem = match key {
        "page" => state.turn_to(value).err(),
        _ => state.set(key, value).err(),
    };
    told(&state, problem.iter().map(ToString::to_string).collect())
}

/// What a scene is, at the place of a state: `{title, place, description, at, reach, problem, parts}`. A figure among the parts has
/// its drawing, `width` pixels wide or wider, in light colours. Where there is no such place, the scene is of one that is worth
/// looking at, and `problem` says why.
///
/// # Errors
/// Whatever is wrong with what the state asks for.
#[wasm_bindgen]
pub fn show(text: &str, width: f64) -> Result<String, JsError> {
    let first = explained(text, |explained| shown(explained, width, None));
    let (mut state, _) = State::read(text);
    let shown = match first {
        Err(refusal) if !state.get("t").is_empty() => {
            let problem = refusal.to_string();
            let placeless = state.set("t", "").map(|()| state.to_string());
            placeless.and_then(|text| explained(&text, |explained| shown(explained, width, Some(&problem))))
        }
        other => other,
    };
    shown.map_err(thrown)
}

fn shown(explained: &Explained, width: f64, problem: Option<&str>) -> Result<String, faltung_scene::Error> {
    let scene = explained.scene()?;
    let shown = Shown {
        title: &scene.title,
        place: &scene.place,
        description: &scene.description,
        at: explained.at(),
        reach: explained.reach()?.into(),
        problem,
        parts: scene.parts.iter().map(|part| OnePart::of(part, width)).collect(),
    };
    Ok(json(&shown))
}

/// The colours of both themes: `{light: [[name, colour], ..], dark: ..}`. Drawings have the light ones.
#[wasm_bindgen]
pub fn palettes() -> String {
    #[derive(Serialize)]
    struct Both {
        light: [(&'static str, &'static str); 11],
        dark: [(&'static str, &'static str); 11],
    }
    json(&Both { light: paint::palette(Theme::Light), dark: paint::palette(Theme::Dark) })
}

/// What every property is if nothing is said: `{key: value, ..}`.
#[wasm_bindgen]
pub fn defaults() -> String {
    json(&values(|property| property.default))
}

thread_local! {
    /// What was explained last: while a place moves, all else stays, and formulas take a while to convolve.
    static LAST: RefCell<Option<(State, Explained)>> = const { RefCell::new(None) };
}

/// Asks what a state explains, keeping it for the next place.
fn explained(
    text: &str,
    ask: impl FnOnce(&Explained) -> Result<String, faltung_scene::Error>,
) -> Result<String, faltung_scene::Error> {
    let (state, _) = State::read(text);
    LAST.with_borrow_mut(|last| {
        let place = state.get("t").to_owned();
        let known = last.take().filter(|(known, _)| known.same_but_place(&state));
        let turned =
            known.map(|(_, mut explained)| explained.turn_to(&place).map(|turned| turned.then_some(explained)));
        let explained = match turned.transpose() {
            Ok(Some(Some(explained))) => Ok(explained),
            Ok(_) => Explained::of(&state),
            Err(error) => Err(error),
        };
        let (_, explained) = last.insert((state, explained?));
        ask(explained)
    })
}

fn told(state: &State, problems: Vec<String>) -> String {
    #[derive(Serialize)]
    struct Told {
        text: String,
        page: &'static str,
        values: Values,
        problems: Vec<String>,
    }
    let values = values(|property| state.get(property.key));
    json(&Told { text: state.to_string(), page: state.view(), values, problems })
}

/// A value for each property, by its key.
type Values = serde_json::Map<String, serde_json::Value>;

fn values<'a>(value: impl Fn(&'static Property) -> &'a str) -> Values {
    PROPERTIES.iter().map(|property| (property.key.to_owned(), value(property).into())).collect()
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("names are strings, and numbers are finite")
}

#[derive(Serialize)]
struct Shown<'a> {
    title: &'a str,
    place: &'a str,
    description: &'a str,
    at: Vec<f64>,
    reach: [f64; 2],
    problem: Option<&'a str>,
    parts: Vec<OnePart<'a>>,
}

/// A part as it is, but for figures.
#[derive(Serialize)]
#[serde(untagged)]
enum OnePart<'a> {
    Plain(&'a Part),
    Figure { kind: &'static str, content: OneFigure<'a> },
}

#[derive(Serialize)]
struct OneFigure<'a> {
    id: &'a str,
    description: &'a str,
    svg: String,
    width: f64,
    height: f64,
    panels: Vec<OnePanel<'a>>,
}

/// A panel: what its axes measure, and where they stand in the drawing.
#[derive(Serialize)]
struct OnePanel<'a> {
    id: &'a str,
    title: &'a str,
    x: [f64; 2],
    y: [f64; 2],
    across: [f64; 2],
    down: [f64; 2],
}

impl<'a> OnePart<'a> {
    fn of(part: &'a Part, width: f64) -> OnePart<'a> {
        match part {
            Part::Figure(figure) => OnePart::Figure { kind: "figure", content: OneFigure::of(figure, width) },
            plain => OnePart::Plain(plain),
        }
    }
}

impl<'a> OneFigure<'a> {
    fn of(figure: &'a Figure, width: f64) -> OneFigure<'a> {
        let drawing = paint::drawing(figure, &Look { width, prefix: format!("{}-", figure.id), ..Look::default() });
        let panels = figure.panels.iter().zip(drawing.axes).map(|(panel, Axes { x, y, .. })| OnePanel {
            id: &panel.id,
            title: &panel.title,
            x: [panel.x.from, panel.x.to],
            y: [panel.y.from, panel.y.to],
            across: x,
            down: y,
        });
        OneFigure {
            id: &figure.id,
            description: &figure.description,
            svg: drawing.svg,
            width: drawing.width,
            height: drawing.height,
            panels: panels.collect(),
        }
    }
}
