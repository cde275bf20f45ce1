//! Scenes as pictures: SVG that any viewer shows, with what each mark is called and worth.
//!
//! From the top: the title, and the parts of the scene in their order. Texts are measured by the font of `font/`, so nothing
//! overlaps and nothing is cut; the file names that font's relatives, which have the same widths, and then any without serifs,
//! which are narrower. No script, no style sheet, nothing from outside: styles are attributes of the elements.

mod canvas;
mod chart;
mod grid;
mod labels;
mod marks;
mod measure;
mod table;

use super::look::{Look, Palette};
use crate::{Arrange, Part, Scene};
use canvas::{Anchor, Canvas, Words, escaped, number};
use measure::wrapped;

/// Between the picture's edge and what it holds.
const MARGIN: f64 = 20.0;

/// Sizes of texts.
const TITLE: f64 = 20.0;
const SENTENCE: f64 = 14.0;
const NOTE: f64 = 12.0;
const LABEL: f64 = 11.0;

/// Between parts.
const GAP: f64 = 18.0;

/// The fonts that texts are shown in, the one that they are measured by first.
pub(super) const FAMILY: &str = "Faltung Sans, DejaVu Sans, Bitstream Vera Sans, Verdana, Arial, sans-serif";

/// The scene as an SVG document.
///
/// Every mark and every cell is a group with its identifier (`id`), its term (`data-term`) and its value (`data-value`); the
/// scene's title and description are those of the document. The same scene and look give the same bytes.
///
/// ```
/// use faltung::Spec;
/// use faltung_scene::{Subject, View, paint::{Look, svg}};
/// let subject = Subject::new(&[3, 0, 5, 0, 2, 1], &[5, 4, 3, 2, 1], &Spec::new())?;
/// let picture = svg(&View::Stage.scene(&subject, &[4])?, &Look::default());
/// assert!(picture.contains(">(f*g)(4) = 28</title>"));
/// # Ok::<(), faltung_scene::Error>(())
/// ```
pub fn svg(scene: &Scene, look: &Look) -> String {
    let look = Look { width: look.width.max(320.0), ..look.clone() };
    let mut canvas = Canvas::new(&look);
    let height = paint(scene, &mut canvas);
    document(scene, &canvas, height)
}

/// Paints all parts, and tells how high the picture is.
fn paint(scene: &Scene, canvas: &mut Canvas<'_>) -> f64 {
    let Palette { ink, quiet, .. } = canvas.palette;
    let mut y = lines(canvas, &scene.title, (TITLE, ink), MARGIN);
    for part in &scene.parts {
        y = match part {
            Part::Sentence(words) => lines(canvas, words, (SENTENCE, ink), y + 0.5 * GAP),
            Part::Note(words) => lines(canvas, words, (NOTE, quiet), y + 0.5 * GAP),
            Part::Table(table) => table::paint(canvas, table, y + GAP),
            Part::Figure(figure) => match figure.arrange {
                Arrange::Column => chart::paint(canvas, figure, y + GAP),
                Arrange::Row => grid::paint(canvas, figure, y + GAP),
            },
        };
    }
    (y + MARGIN).ceil()
}

/// Words in lines from `top` on, as wide as the picture; gives where they end.
fn lines(canvas: &mut Canvas<'_>, text: &str, (size, colour): (f64, &'static str), top: f64) -> f64 {
    let leading = 1.45 * size;
    let lines = wrapped(text, size, canvas.look.width - 2.0 * MARGIN);
    for (at, line) in lines.iter().enumerate() {
        let words = Words { text: line, size, colour, anchor: Anchor::Start };
        canvas.text(words, MARGIN, top + at as f64 * leading + size);
    }
    top + lines.len() as f64 * leading
}

fn document(scene: &Scene, canvas: &Canvas<'_>, height: f64) -> String {
    let (width, height) = (number(canvas.look.width), number(height));
    let Palette { ground, .. } = canvas.palette;
    let (title, description) = (escaped(&scene.title), escaped(&scene.description));
    let [title_id, description_id] = ["title", "description"].map(|id| canvas.id(id));
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
         role=\"img\" aria-labelledby=\"{title_id} {description_id}\" font-family=\"{FAMILY}\">\n\
         <title id=\"{title_id}\">{title}</title>\n<desc id=\"{description_id}\">{description}</desc>\n{}\
         <rect width=\"{width}\" height=\"{height}\" fill=\"{ground}\"/>\n{}</svg>\n",
        hatchings(canvas),
        canvas.body(),
    )
}

/// Lines of two directions, for products above and below zero.
fn hatchings(canvas: &Canvas<'_>) -> String {
    use crate::Role::{Negative, Positive};
    let hatching = |role, name: &str, turn: i32| {
        let (id, colour) = (canvas.id(name), canvas.palette.role(role));
        format!(
            "<pattern id=\"{id}\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate({turn})\">\
             <rect width=\"6\" height=\"6\" fill=\"{colour}\" fill-opacity=\"0.22\"/>\
             <line x1=\"0\" y1=\"0\" x2=\"0\" y2=\"6\" stroke=\"{colour}\" stroke-width=\"1.6\"/></pattern>\n"
        )
    };
    format!("<defs>\n{}{}</defs>\n", hatching(Positive, "positive", 45), hatching(Negative, "negative", -45))
}

#[cfg(test)]
mod tests {
    use faltung::{Array, Boundary, Mode, Spec};

    use super::{canvas::Rect, *};
    use crate::{Subject, View, paint::Theme};

    /// Every view of the article's numbers, of signed ones, and of two dimensions, at several places.
    fn scenes() -> Vec<Scene> {
        let same = Spec::new().mode(Mode::Same).boundary(Boundary::Reflect);
        let full = Spec::new();
        let signed = [1.5, -2.25, 0.0, 3.0, -1.0];
        let square = Array::new((0..30).map(|i| f64::from(i * 7 % 11 - 4)).collect::<Vec<_>>(), &[5, 6]).unwrap();
        let edges = Array::new(vec![1.0, 0.0, -1.0, 2.0, 0.5, -2.0, 1.0, 0.0, -1.0], &[3, 3]).unwrap();
        let subjects = [
            Subject::new(&[3, 0, 5, 0, 2, 1], &[5, 4, 3, 2, 1], &full).unwrap(),
            Subject::new(&[3, 0, 5, 0, 2, 1], &[5, 4, 3, 2, 1], &same).unwrap(),
            Subject::new(&signed, &[1.0, -1.0, 0.5], &same).unwrap(),
            Subject::new(&[12345.678, -0.001_234_5], &[1.0e-7, 3.0e12], &full).unwrap(),
            Subject::new(&square, &edges, &same).unwrap(),
        ];
        let places = [&[-1][..], &[0], &[4], &[9], &[0, 1], &[2, 2]];
        let all = subjects.iter().flat_map(|subject| View::ALL.iter().map(move |view| (subject, view)));
        all.flat_map(|(subject, view)| places.iter().filter_map(|at| view.scene(subject, at).ok())).collect()
    }

    #[test]
    fn no_text_touches_another_and_none_is_cut() {
        let scenes = scenes();
        assert!(scenes.len() > 60, "{}", scenes.len());
        for scene in &scenes {
            for width in [320.0, 760.0, 1200.0] {
                let look = Look { width, ..Look::default() };
                let mut canvas = Canvas::new(&look);
                let bottom = paint(scene, &mut canvas);
                let page = Rect { left: 0.0, top: 0.0, right: width, bottom };
                for (at, one) in canvas.texts.iter().enumerate() {
                    assert!(one.is_within(&page), "{}, {width} wide: {one:?} is cut", scene.title);
                    let other = canvas.texts[..at].iter().find(|other| one.meets(other));
                    assert_eq!(other, None, "{}, {width} wide, beside {one:?}\n{}", scene.title, canvas.body());
                }
            }
        }
    }

    #[test]
    fn documents_are_well_formed_and_hold_nothing_from_outside() {
        for scene in scenes() {
            for theme in [Theme::Light, Theme::Dark] {
                let look = Look { theme, prefix: "one-".to_owned(), ..Look::default() };
                let picture = svg(&scene, &look);
                assert_eq!(picture, svg(&scene, &look), "the same bytes each time");
                let document =
                    roxmltree::Document::parse(&picture).unwrap_or_else(|error| panic!("{error}: {picture}"));
                let mut ids: Vec<&str> = document.descendants().filter_map(|node| node.attribute("id")).collect();
                assert!(ids.iter().all(|id| id.starts_with("one-")), "{ids:?}");
                ids.sort_unstable();
                let twice = ids.windows(2).find(|pair| pair[0] == pair[1]);
                assert_eq!(twice, None, "{}", scene.title);
                for node in document.descendants().filter(roxmltree::Node::is_element) {
                    assert!(!["script", "style", "image", "use", "foreignObject"].contains(&node.tag_name().name()));
                    let outside = |value: &str| {
                        value.contains("://") || value.contains("url(") && !value.starts_with("url(#one-")
                    };
                    assert!(node.attributes().all(|attribute| !outside(attribute.value())), "{node:?}");
                }
            }
        }
    }

    #[test]
    fn marks_carry_their_terms_and_values() {
        let subject = Subject::new(&[3, 0, 5, 0, 2, 1], &[5, 4, 3, 2, 1], &Spec::new()).unwrap();
        let picture = svg(&View::Stage.scene(&subject, &[4]).unwrap(), &Look::default());
        let document = roxmltree::Document::parse(&picture).unwrap();
        let find = |id| document.descendants().find(|node| node.attribute("id") == Some(id)).unwrap();
        assert_eq!(find("product-2").attribute("data-term"), Some("term-2"));
        assert_eq!(find("product-2").attribute("data-value"), Some("15"));
        assert_eq!(find("marker").attribute("data-value"), Some("28"));
    }
}
