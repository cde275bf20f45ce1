//! Scenes as SVG: one picture from the title down to the last note.
//!
//! ```text
//! Scene -> a Block for each part, laid out by itself -> blocks below one another -> one <svg>
//! ```
//!
//! Words are measured in the font of this crate, so that what is laid out is what is seen. Labels never touch: those that may be
//! are left out, the others are moved ([`boxes()`] tells where all stand). Nothing is styled but by attributes, nothing outside is
//! referred to, nothing runs, so a picture can be put into any page. A mark has the id that it has in its scene.

mod block;
mod chart;
mod colours;
mod grid;
mod hatch;
mod letters;
mod marks;
mod plot;
mod room;
mod table;

pub use letters::FONT;

use super::{
    look::{Look, Theme},
    xml,
};
use crate::{Arrange, Figure, Film, Part, Scene};
use block::Block;
use colours::Colours;
use room::Rect;
use serde::Serialize;
use xml::Xml;

/// Blank around a picture.
const MARGIN: f64 = 28.0;
/// Blank beside a figure that stands by itself: half a label of a tick.
const EDGE: f64 = 10.0;
/// The least width of a drawing: that of a small telephone, less a page's margins.
const LEAST_DRAWING: f64 = 280.0;
/// Sizes of letters: title, sentences, notes and tables, labels, ticks.
const TITLE: f64 = 20.0;
const SENTENCE: f64 = 15.0;
const SMALL: f64 = 13.0;
const LABEL: f64 = 12.0;
const TICK: f64 = 11.0;

/// The scene as an SVG document of its own.
///
/// ```
/// use faltung::Spec;
/// use faltung_scene::{Subject, View, paint::{Look, svg}};
/// let scene = View::Stage.scene(&Subject::new(&[3, 5], &[2, 1], &Spec::new())?, &[1])?;
/// let picture = svg(&scene, &Look::default());
/// assert!(picture.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\""));
/// assert!(picture.contains("<title id=\"title\">(f*g)(1) = 13</title>"));
/// # Ok::<(), faltung_scene::Error>(())
/// ```
pub fn svg(scene: &Scene, look: &Look) -> String {
    Sheets::new(std::slice::from_ref(scene), look).sheet(0).svg
}

/// All scenes of a film as SVG documents of one size, in which the same parts stand in the same places.
///
/// ```
/// use faltung::Spec;
/// use faltung_scene::{Subject, View, paint::{Look, frames}};
/// let film = View::Stage.film(&Subject::new(&[3, 5], &[2, 1], &Spec::new())?, &[1])?;
/// let pictures = frames(&film, &Look::default());
/// let size = |svg: &str| svg.split("viewBox=").nth(1).unwrap().split('>').next().unwrap().to_owned();
/// assert!(pictures.len() == 5 && pictures.iter().all(|svg| size(svg) == size(&pictures[0])));
/// # Ok::<(), faltung_scene::Error>(())
/// ```
pub fn frames(film: &Film, look: &Look) -> Vec<String> {
    let sheets = Sheets::new(&film.scenes, look);
    (0..film.scenes.len()).map(|number| sheets.sheet(number).svg).collect()
}

/// Where the words of a picture stand.
#[derive(Debug, Clone, PartialEq)]
pub struct Layout {
    /// Width of the picture, in pixels at a scale of 1.
    pub width: f64,
    /// Its height.
    pub height: f64,
    /// The box of every line of words.
    pub words: Vec<WordsBox>,
}

/// The box of a line of words, in pixels from the upper left corner of the picture.
#[derive(Debug, Clone, PartialEq)]
pub struct WordsBox {
    /// What is written there.
    pub words: String,
    /// Left edge.
    pub x: f64,
    /// Upper edge.
    pub y: f64,
    /// Width as the font of this crate has it.
    pub width: f64,
    /// Height of the letters.
    pub height: f64,
}

/// Where the words of [`svg()`] stand: no two boxes overlap, and all lie within the picture.
///
/// ```
/// use faltung::Spec;
/// use faltung_scene::{Subject, View, paint::{Look, boxes}};
/// let scene = View::Stage.scene(&Subject::new(&[3, 5], &[2, 1], &Spec::new())?, &[1])?;
/// let layout = boxes(&scene, &Look::default());
/// assert_eq!((layout.width, &layout.words[0].words[..]), (720.0, "(f*g)(1) = 13"));
/// # Ok::<(), faltung_scene::Error>(())
/// ```
pub fn boxes(scene: &Scene, look: &Look) -> Layout {
    Sheets::new(std::slice::from_ref(scene), look).sheet(0).layout
}

/// What all parts of a picture are painted with.
struct Style<'a> {
    colours: &'static Colours,
    look: &'a Look,
}

impl Style<'_> {
    /// An id, with the prefix of the picture.
    fn id(&self, id: &str) -> String {
        format!("{}{id}", self.look.prefix)
    }
}

/// Scenes whose parts are laid out, each by itself.
struct Sheets<'a> {
    style: Style<'a>,
    scenes: &'a [Scene],
    blocks: Vec<Vec<Block>>,
    /// For each part the largest height in any scene, so that it stands in the same place in all.
    heights: Vec<f64>,
    width: f64,
}

/// A finished picture.
struct Sheet {
    svg: String,
    layout: Layout,
}

impl<'a> Sheets<'a> {
    fn new(scenes: &'a [Scene], look: &'a Look) -> Sheets<'a> {
        let style = Style { colours: Colours::of(look.theme), look };
        let inner = look.wanted_width() - 2.0 * MARGIN;
        let laid = |scene: &Scene| {
            let title = block::paragraph(&scene.title, TITLE, style.colours.ink, inner);
            [title].into_iter().chain(scene.parts.iter().map(|part| self::part(part, &style, inner))).collect()
        };
        let blocks: Vec<Vec<Block>> = scenes.iter().map(laid).collect();
        let parts = blocks.iter().map(Vec::len).max().unwrap_or(0);
        let of_part = |at: usize| blocks.iter().filter_map(move |blocks| blocks.get(at));
        let heights = (0..parts).map(|at| of_part(at).map(|block| block.height).fold(0.0, f64::max)).collect();
        let width = blocks.iter().flatten().map(|block| block.width).fold(inner, f64::max) + 2.0 * MARGIN;
        Sheets { style, scenes, blocks, heights, width }
    }

    /// The picture of one scene.
    fn sheet(&self, number: usize) -> Sheet {
        let scene = &self.scenes[number];
        let mut whole = Block::default();
        let mut y = MARGIN;
        for (at, block) in self.blocks[number].iter().enumerate() {
            y += at.checked_sub(1).map_or(0.0, |at| gap(&scene.parts, at));
            whole.put(block, MARGIN, y);
            y += self.heights[at];
        }
        let height = (y + MARGIN).ceil();
        let width = self.width.ceil();
        let words = whole.words.iter().map(|(rect, words)| WordsBox {
            words: words.clone(),
            x: rect.x,
            y: rect.y,
            width: rect.width,
            height: rect.height,
        });
        let layout = Layout { width, height, words: words.collect() };
        Sheet { svg: self.document(scene, [width, height], &whole.xml), layout }
    }

    fn document(&self, scene: &Scene, [width, height]: [f64; 2], body: &Xml) -> String {
        let style = &self.style;
        let mut out = Xml::default();
        let (title, desc) = (style.id("title"), style.id("desc"));
        out.open(
            "svg",
            &[
                ("xmlns", "http://www.w3.org/2000/svg".into()),
                ("role", "img".into()),
                ("aria-labelledby", (&format!("{title} {desc}")).into()),
                ("width", width.into()),
                ("height", height.into()),
                ("viewBox", (&format!("0 0 {} {}", xml::number(width), xml::number(height))).into()),
                ("font-family", letters::FAMILY.into()),
            ],
        );
        out.words("title", &[("id", (&title).into())], &scene.title);
        out.words("desc", &[("id", (&desc).into())], &scene.description);
        if scene.parts.iter().any(|part| matches!(part, Part::Figure(_))) {
            hatch::patterns(&mut out, style);
        }
        let paper = [("width", width.into()), ("height", height.into()), ("fill", style.colours.paper.into())];
        out.empty("rect", &paper);
        out.append(body);
        out.close("svg");
        out.into_string()
    }
}

/// Blank above a part: little between sentences and between notes, which are read together.
fn gap(parts: &[Part], at: usize) -> f64 {
    let before = at.checked_sub(1).map(|before| &parts[before]);
    match (before, &parts[at]) {
        (None, Part::Sentence(_)) => 10.0,
        (Some(Part::Sentence(_)), Part::Sentence(_)) => 2.0,
        (Some(Part::Note(_)), Part::Note(_)) => 4.0,
        (_, Part::Note(_)) => 16.0,
        _ => 24.0,
    }
}

/// A figure by itself, for documents whose words are not a part of the picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawing {
    /// The element `svg`, whose ground is that of the page it is put into.
    pub svg: String,
    /// Its width in pixels at a scale of 1.
    pub width: f64,
    /// Its height.
    pub height: f64,
    /// Where the panels' axes stand.
    pub axes: Vec<Axes>,
}

/// Where the axes of a panel stand in a drawing, in pixels from its upper left corner.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Axes {
    /// The panel's id.
    pub panel: String,
    /// Where [`Axis::from`](crate::Axis::from) and [`Axis::to`](crate::Axis::to) of the horizontal axis stand.
    pub x: [f64; 2],
    /// The same of the vertical axis.
    pub y: [f64; 2],
}

/// The figure as wide as the look says, or wider if its cells need more; narrower than pictures may be, for it has no margins.
///
/// ```
/// use faltung::Spec;
/// use faltung_scene::{Part, Subject, View, paint::{Look, drawing}};
/// let scene = View::Stage.scene(&Subject::new(&[3, 5], &[2, 1], &Spec::new())?, &[1])?;
/// let figure = scene.parts.iter().find_map(|part| if let Part::Figure(figure) = part { Some(figure) } else { None });
/// let drawing = drawing(figure.unwrap(), &Look::default());
/// let panels: Vec<&str> = drawing.axes.iter().map(|axes| &axes.panel[..]).collect();
/// assert_eq!((drawing.width, panels), (720.0, vec!["input", "kernel", "product", "output"]));
/// # Ok::<(), faltung_scene::Error>(())
/// ```
pub fn drawing(figure: &Figure, look: &Look) -> Drawing {
    drawn(figure, look, look.wanted_width().min(look.width).max(LEAST_DRAWING), Ground::Page)
}

/// What a figure stands on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Ground {
    /// The page that it is an element of.
    Page,
    /// A ground of its own, as an image brings it along.
    Own,
}

/// The figure as an SVG of this width, or wider if its cells need more.
pub(super) fn drawn(figure: &Figure, look: &Look, width: f64, ground: Ground) -> Drawing {
    let style = Style { colours: Colours::of(look.theme), look };
    let mut block = Block::default();
    block.put(&self::figure(figure, &style, width - 2.0 * EDGE), EDGE, 0.0);
    let (width, height) = ((block.width + EDGE).ceil(), block.height.ceil());
    let view = format!("0 0 {width} {height}");
    let mut attributes = vec![
        ("role", "img".into()),
        ("aria-label", (&figure.description).into()),
        ("width", width.into()),
        ("height", height.into()),
        ("viewBox", (&view).into()),
        ("font-family", letters::FAMILY.into()),
    ];
    if ground == Ground::Own {
        attributes.push(("xmlns", "http://www.w3.org/2000/svg".into()));
    }
    let mut out = Xml::default();
    out.open("svg", &attributes);
    hatch::patterns(&mut out, &style);
    if ground == Ground::Own {
        let paper = [("width", width.into()), ("height", height.into()), ("fill", style.colours.paper.into())];
        out.empty("rect", &paper);
    }
    out.append(&block.xml);
    out.close("svg");
    Drawing { svg: out.into_string(), width, height, axes: block.axes }
}

/// The colours of pictures by their names, each of another value: a style sheet that knows the light ones turns pictures dark.
///
/// ```
/// use faltung_scene::paint::{Theme, palette};
/// assert_eq!(palette(Theme::Light)[0], ("paper", "#ffffff"));
/// ```
pub fn palette(theme: Theme) -> [(&'static str, &'static str); 11] {
    Colours::of(theme).named()
}

fn part(part: &Part, style: &Style<'_>, width: f64) -> Block {
    match part {
        Part::Sentence(words) => block::paragraph(words, SENTENCE, style.colours.ink, width),
        Part::Note(words) => block::paragraph(words, SMALL, style.colours.muted, width),
        Part::Table(table) => table::table(table, style, width),
        Part::Figure(figure) => self::figure(figure, style, width),
    }
}

fn figure(figure: &Figure, style: &Style<'_>, width: f64) -> Block {
    let mut inner = match figure.arrange {
        Arrange::Column => chart::column(figure, style, width),
        Arrange::Row => grid::row(figure, style, width),
    };
    let mut xml = Xml::default();
    xml.open("g", &[("id", (&style.id(&format!("figure-{}", figure.id))).into())]);
    xml.words("desc", &[], &figure.description);
    xml.append(&inner.xml);
    xml.close("g");
    inner.xml = xml;
    inner
}
