//! Films as HTML: one page that needs neither scripts nor a network, and a fragment for notebooks.
//!
//! ```text
//! page:      radio buttons, one a place | a section for each place, of which CSS shows the one that is chosen
//! fragment:  a <details> for each place, the chosen one open, pictures as <img>
//! ```
//!
//! In a page, a browser keeps which radio button is checked, and `.place-4:checked ~ .frames > .frame-4` shows its section; with no
//! style at all, all sections stand below one another, each with its heading. Tables are tables, sentences are text, and only figures
//! are pictures: drawn once for wide pages and once for telephones, so that their letters are never scaled down. Colours are
//! variables of CSS, light on dark or dark on light as the reader's system has it, and dark on white on paper.
//!
//! Notebooks take scripts, styles, drawings and working buttons out of what they do not trust. What they leave is what the fragment is
//! made of. All that comes from outside is escaped by [`Xml`].

mod parts;
mod style;

use super::{look::Look, xml::Xml};
use crate::{Film, Scene};
use parts::Pictures;

/// Whose choice it is whether a page is light or dark.
///
/// ```
/// use faltung::Spec;
/// use faltung_scene::{Subject, View, paint::{Look, Scheme, html}};
/// let film = View::Stage.film(&Subject::new(&[3, 5], &[2, 1], &Spec::new())?, &[1])?;
/// let asks = |scheme| html(&film, &Look::default(), scheme).contains("prefers-color-scheme");
/// assert!(asks(Scheme::Reader) && !asks(Scheme::Look));
/// # Ok::<(), faltung_scene::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// The reader's, as their system tells; the theme of the look where it tells nothing.
    Reader,
    /// Ours: the theme of the look.
    Look,
}

/// The film as a page of its own: every place can be chosen, without scripts, and nothing is asked of a network.
///
/// Figures are as wide as the look says, and are there a second time for narrow windows. Printed, the page shows the place that is
/// chosen, dark on white. A film of one scene has nothing to choose.
///
/// ```
/// use faltung::Spec;
/// use faltung_scene::{Subject, View, paint::{Look, Scheme, html}};
/// let film = View::Stage.film(&Subject::new(&[3, 5], &[2, 1], &Spec::new())?, &[1])?;
/// let page = html(&film, &Look::default(), Scheme::Reader);
/// assert!(page.starts_with("<!DOCTYPE html>\n<html lang=\"en\">"));
/// assert!(page.contains("<h2 id=\"frame-2\">(f*g)(1) = 13</h2>"));
/// # Ok::<(), faltung_scene::Error>(())
/// ```
pub fn html(film: &Film, look: &Look, scheme: Scheme) -> String {
    let mut page = Xml::default();
    page.open("html", &[("lang", "en".into())]);
    page.open("head", &[]);
    page.empty("meta", &[("charset", "utf-8".into())]);
    page.empty("meta", &[("name", "viewport".into()), ("content", "width=device-width, initial-scale=1".into())]);
    page.empty("meta", &[("name", "color-scheme".into()), ("content", style::schemes(look.theme, scheme).into())]);
    page.words("title", &[], &film.title);
    page.open("style", &[]);
    page.markup(&style::sheet(film.scenes.len(), look, scheme));
    page.close("style");
    page.close("head");
    page.open("body", &[]);
    page.open("main", &[]);
    match &film.scenes[..] {
        [scene] => {
            page.words("h1", &[], &scene.title);
            parts::parts(&mut page, scene, look, Pictures::Drawings);
        }
        _ => {
            page.words("h1", &[], &film.title);
            places(&mut page, film, look);
        }
    }
    page.close("main");
    page.close("body");
    page.close("html");
    format!("<!DOCTYPE html>\n{}", page.into_string())
}

/// The places to choose from, and after them their frames: CSS looks from a button to what follows it.
fn places(page: &mut Xml, film: &Film, look: &Look) {
    page.open("fieldset", &[]);
    page.words("legend", &[], "Choose a place");
    for (number, scene) in film.scenes.iter().enumerate() {
        let id = format!("{}place-{number}", look.prefix);
        let class = format!("place-{number}");
        let mut button = vec![
            ("type", "radio".into()),
            ("name", "place".into()),
            ("id", (&id).into()),
            ("class", (&class).into()),
            ("value", (&scene.place).into()),
        ];
        if number == film.chosen {
            button.push(("checked", "checked".into()));
        }
        page.empty("input", &button);
        page.words("label", &[("for", (&id).into())], &scene.place);
    }
    page.open("div", &[("class", "frames".into())]);
    for (number, scene) in film.scenes.iter().enumerate() {
        frame(page, scene, number, look);
    }
    page.close("div");
    page.close("fieldset");
}

/// What is seen when a place is chosen.
fn frame(page: &mut Xml, scene: &Scene, number: usize, look: &Look) {
    let id = format!("{}frame-{number}", look.prefix);
    let class = format!("frame frame-{number}");
    page.open("section", &[("class", (&class).into()), ("aria-labelledby", (&id).into())]);
    page.words("h2", &[("id", (&id).into())], &scene.title);
    let drawn = Look { prefix: format!("{}f{number}-", look.prefix), ..look.clone() };
    parts::parts(page, scene, &drawn, Pictures::Drawings);
    page.close("section");
}

/// The film as a piece of HTML for notebooks and other pages: no scripts, no style sheet, no ids.
///
/// It is in the theme of the look. A film of one scene has nothing to choose, and so nothing to open: see [`Film::from`].
///
/// ```
/// use faltung::Spec;
/// use faltung_scene::{Film, Subject, View, paint::{Look, html_fragment}};
/// let subject = Subject::new(&[3, 5], &[2, 1], &Spec::new())?;
/// let all = html_fragment(&View::Stage.film(&subject, &[1])?, &Look::default());
/// let one = html_fragment(&Film::from(View::Stage.scene(&subject, &[1])?), &Look::default());
/// assert_eq!([&all, &one].map(|html| html.matches("<details").count()), [5, 0]);
/// # Ok::<(), faltung_scene::Error>(())
/// ```
pub fn html_fragment(film: &Film, look: &Look) -> String {
    let mut out = Xml::default();
    out.open("div", &[("class", "faltung".into()), ("lang", "en".into())]);
    match &film.scenes[..] {
        [scene] => {
            out.open("p", &[]);
            out.words("strong", &[], &scene.title);
            out.close("p");
            parts::parts(&mut out, scene, look, Pictures::Images);
        }
        scenes => {
            out.open("p", &[]);
            out.words("strong", &[], &film.title);
            out.close("p");
            for (number, scene) in scenes.iter().enumerate() {
                let open = [("open", "open".into())];
                out.open("details", if number == film.chosen { &open } else { &[] });
                out.words("summary", &[], &format!("{}: {}", scene.place, scene.title));
                parts::parts(&mut out, scene, look, Pictures::Images);
                out.close("details");
            }
        }
    }
    out.close("div");
    out.into_string()
}
