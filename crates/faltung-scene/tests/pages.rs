//! Pages and fragments: well-formed, complete in themselves, with every word escaped.

use std::collections::BTreeSet;

use faltung::{Array, Kernel, Mode, Spec};
use faltung_scene::{
    Film, Subject, View, Words,
    paint::{Look, Scheme, Theme, html, html_fragment},
};
use roxmltree::{Document, Node, ParsingOptions};

const POSTS: [i64; 6] = [3, 0, 5, 0, 2, 1];
const LIKES: [i64; 5] = [5, 4, 3, 2, 1];

fn article(view: View) -> Film {
    view.film(&Subject::new(&POSTS, &LIKES, &Spec::new()).unwrap().called(Words::likes()), &[4]).unwrap()
}

/// A short signal in all views that take it, a picture under a window, and words that try to be markup.
fn films() -> Vec<Film> {
    let of = |view: &View, words| {
        let short = Subject::new(&[3i64, 0, -5], &[5, 4], &Spec::new()).unwrap().called(words);
        view.film(&short, &[1]).unwrap()
    };
    let views = View::ALL.iter().filter(|view| **view != View::Window);
    let mut films: Vec<Film> = views.map(|view| of(view, Words::likes())).collect();
    let picture = Array::new((0..9i64).collect(), &[3, 3]).unwrap();
    let edge = Kernel::whole(&[2, 3], vec![1, 0, -1, 2, 0, -2]).unwrap();
    let windowed = Subject::new(&picture, &edge, &Spec::new().mode(Mode::Same)).unwrap();
    films.push(View::Window.film(&windowed, &[1, 1]).unwrap());
    let hostile = Words {
        input: "</style><script>".to_owned(),
        kernel: "g\"onload=\"".to_owned(),
        unit: "'&<b>".to_owned(),
        input_values: "<img src=x>".to_owned(),
        weights: "]]>".to_owned(),
        output_values: "\u{1}\u{202e}".to_owned(),
    };
    films.push(of(&View::Stage, hostile));
    films
}

fn parsed(html: &str) -> Document<'_> {
    let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
    Document::parse_with_options(html, options).unwrap_or_else(|error| panic!("{error}\n{html}"))
}

fn named<'d>(document: &'d Document<'_>, name: &'static str) -> impl Iterator<Item = Node<'d, 'd>> {
    document.root().descendants().filter(move |node| node.has_tag_name(name))
}

fn words(node: Node<'_, '_>) -> String {
    node.descendants().filter_map(|node| node.text().filter(|_| node.is_text())).collect::<String>().trim().to_owned()
}

#[test]
fn pages_are_well_formed_and_complete_in_themselves() {
    for film in films() {
        for (theme, scheme) in [(Theme::Light, Scheme::Reader), (Theme::Dark, Scheme::Look)] {
            let page = html(&film, &Look { theme, prefix: "p-".to_owned(), ..Look::default() }, scheme);
            let document = parsed(&page);
            for name in ["script", "link", "img", "iframe", "object", "b"] {
                assert_eq!(named(&document, name).count(), 0, "{name}");
            }
            assert!(!page.contains("<script") && !page.contains("http") && !page.contains("@import"));
            let addresses: Vec<&str> = page.split("url(").skip(1).collect();
            assert!(addresses.iter().all(|address| address.starts_with("#p-")), "only patterns of the page itself");
            let runs = |name: &str| name.starts_with("on") || name == "src" || name == "href";
            assert!(!document.descendants().flat_map(|node| node.attributes()).any(|a| runs(a.name())));
            assert_eq!([named(&document, "h1").count(), named(&document, "title").count()], [1, 1]);
            assert_eq!(document.root_element().attribute("lang"), Some("en"));
        }
    }
}

#[test]
fn ids_are_unique_across_all_frames_and_those_named_are_there() {
    for film in films() {
        let page = html(&film, &Look::default(), Scheme::Reader);
        let document = parsed(&page);
        let ids: Vec<&str> = document.descendants().filter_map(|node| node.attribute("id")).collect();
        let set: BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(ids.len(), set.len());
        for node in document.descendants() {
            for name in ["for", "aria-labelledby"] {
                assert!(node.attribute(name).is_none_or(|id| set.contains(id)), "{name}");
            }
        }
        for address in page.split("url(#").skip(1) {
            assert!(set.contains(address.split(')').next().unwrap()), "a pattern that is there");
        }
    }
}

#[test]
fn every_place_has_a_button_a_frame_and_a_rule_that_joins_them() {
    let film = article(View::Stage);
    let page = html(&film, &Look::default(), Scheme::Reader);
    let document = parsed(&page);
    let buttons: Vec<Node<'_, '_>> = named(&document, "input").collect();
    let checked: Vec<usize> = (0..12).filter(|at| buttons[*at].attribute("checked").is_some()).collect();
    assert_eq!((buttons.len(), checked), (12, vec![5]));
    let labels: Vec<String> = named(&document, "label").map(words).collect();
    assert_eq!((&labels[0][..], &labels[5][..]), ("t = -1", "t = 4"));
    for (number, button) in buttons.iter().enumerate() {
        // A sibling before the frames, or the rule does not reach them.
        let frames = button.next_siblings().find(|node| node.attribute("class") == Some("frames")).unwrap();
        let class = format!("frame frame-{number}");
        let frame = frames.children().find(|node| node.attribute("class") == Some(&class)).unwrap();
        let heading = frame.children().find(|node| node.has_tag_name("h2")).unwrap();
        assert_eq!(words(heading), film.scenes[number].title);
        assert!(page.contains(&format!(".place-{number}:checked ~ .frames > .frame-{number} {{ display: block }}")));
    }
}

#[test]
fn where_there_is_one_place_there_is_nothing_to_choose() {
    let scene = View::Stage.scene(&Subject::new(&POSTS, &LIKES, &Spec::new()).unwrap(), &[4]).unwrap();
    let page = html(&Film::from(scene), &Look::default(), Scheme::Reader);
    let document = parsed(&page);
    assert_eq!([named(&document, "input").count(), named(&document, "section").count()], [0, 0]);
    assert_eq!(named(&document, "h1").map(words).collect::<Vec<_>>(), ["(f*g)(4) = 28"]);
    assert_eq!([named(&document, "table").count(), named(&document, "svg").count()], [1, 2]);
}

#[test]
fn tables_are_tables_with_headings_for_rows_and_columns() {
    let page = html(&article(View::Table), &Look::default(), Scheme::Reader);
    let document = parsed(&page);
    let frame = named(&document, "section").find(|node| node.attribute("class") == Some("frame frame-5")).unwrap();
    let table = frame.descendants().find(|node| node.has_tag_name("table")).unwrap();
    let headings = |scope: &str| -> Vec<String> {
        let cells = table.descendants().filter(|node| node.has_tag_name("th"));
        cells.filter(|node| node.attribute("scope") == Some(scope)).map(words).collect()
    };
    let (columns, rows) = (headings("col"), headings("row"));
    assert_eq!((columns.len(), rows.len(), &rows[2][..]), (11, 7, "f(2) = 5"));
    let marked: Vec<String> = table
        .descendants()
        .filter(|node| node.has_tag_name("td") && node.attribute("class") == Some("marked"))
        .map(words)
        .filter(|text| !text.is_empty())
        .collect();
    assert_eq!(marked, ["3", "0", "15", "0", "10", "28"]);
    assert_eq!(table.children().rfind(|node| node.is_element()).unwrap().tag_name().name(), "tfoot");
}

#[test]
fn pages_ask_for_the_scheme_only_where_nobody_chose() {
    let film = article(View::Likes);
    let dark = Look { theme: Theme::Dark, ..Look::default() };
    let chosen = html(&film, &dark, Scheme::Look);
    assert!(!chosen.contains("prefers-color-scheme") && chosen.contains("content=\"dark\""));
    let asked = html(&film, &dark, Scheme::Reader);
    assert!(asked.contains("(prefers-color-scheme: light)") && asked.contains("(prefers-color-scheme: dark)"));
}

#[test]
fn fragments_are_made_of_what_notebooks_leave() {
    let allowed = [
        "div", "p", "strong", "details", "summary", "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td",
        "img",
    ];
    for film in films() {
        let fragment = html_fragment(&film, &Look::default());
        let document = parsed(&fragment);
        for node in document.descendants().filter(|node| node.is_element()) {
            assert!(allowed.contains(&node.tag_name().name()), "{}", node.tag_name().name());
            assert!(node.attribute("id").is_none());
        }
        let opened: Vec<bool> = named(&document, "details").map(|node| node.attribute("open").is_some()).collect();
        let expected = (0..film.scenes.len()).map(|at| at == film.chosen).collect::<Vec<_>>();
        assert!(opened == expected || film.scenes.len() == 1);
        for image in named(&document, "img") {
            assert!(image.attribute("src").unwrap().starts_with("data:image/svg+xml;"));
            assert!(!image.attribute("alt").unwrap().is_empty());
        }
    }
    let stage = html_fragment(&article(View::Stage), &Look::default());
    assert!(stage.contains("<summary>t = 4: (f*g)(4) = 28</summary>") && stage.contains("<strong>28</strong>"));
}

#[test]
fn the_same_film_gives_the_same_bytes() {
    let look = Look::default();
    assert_eq!(html(&article(View::Stage), &look, Scheme::Reader), html(&article(View::Stage), &look, Scheme::Reader));
    assert_eq!(html_fragment(&article(View::Stage), &look), html_fragment(&article(View::Stage), &look));
}
