//! Pages in a real browser with scripts off: what a reader chooses is what is shown.
//!
//! Skipped, and said so, where there is no Chromium; `FALTUNG_CHROMIUM` names one elsewhere. With `FALTUNG_SCREENSHOTS=FOLDER` what
//! was looked at is left in a folder as PNG.
#![cfg(unix)]

mod devtools;

use std::{fs, path::PathBuf};

use base64::Engine as _;
use devtools::Browser;
use faltung::{Array, Kernel, Mode, Spec};
use faltung_scene::{
    Film, Subject, View, Words,
    paint::{Look, Scheme, Theme, html, html_fragment},
};
use serde_json::json;

const WIDE: [u32; 2] = [1000, 900];
const TELEPHONE: [u32; 2] = [320, 640];

fn article(view: View) -> Film {
    let subject = Subject::new(&[3i64, 0, 5, 0, 2, 1], &[5, 4, 3, 2, 1], &Spec::new()).unwrap();
    view.film(&subject.called(Words::likes()), &[0]).unwrap()
}

/// A page in a browser, or nothing where there is no browser.
struct Reader {
    browser: Browser,
    folder: tempfile::TempDir,
}

impl Reader {
    fn new() -> Option<Reader> {
        let browser = Browser::start();
        if browser.is_none() {
            eprintln!("skipped: Chromium is not installed");
        }
        Some(Reader { browser: browser?, folder: tempfile::tempdir().unwrap() })
    }

    fn open(&mut self, page: &str) -> PathBuf {
        let file = self.folder.path().join("page.html");
        fs::write(&file, page).unwrap();
        self.browser.open(&file);
        file
    }

    /// Which of the frames are shown.
    fn shown(&mut self, count: usize) -> Vec<usize> {
        (0..count).filter(|number| self.browser.seen(&format!(".frame-{number}")).is_some()).collect()
    }

    /// A picture of the page, for whoever asked for it.
    fn photograph(&mut self, name: &str) {
        let Some(folder) = std::env::var_os("FALTUNG_SCREENSHOTS") else { return };
        let [width, height] = self.browser.extent();
        let clip = json!({"x": 0, "y": 0, "width": width, "height": height, "scale": 1});
        let taken = self.browser.call("Page.captureScreenshot", json!({"captureBeyondViewport": true, "clip": clip}));
        let png = base64::engine::general_purpose::STANDARD.decode(taken["data"].as_str().unwrap()).unwrap();
        fs::create_dir_all(&folder).unwrap();
        fs::write(PathBuf::from(folder).join(format!("{name}.png")), png).unwrap();
    }
}

#[test]
fn choosing_a_place_shows_its_frame_without_scripts() {
    let Some(mut reader) = Reader::new() else { return };
    reader.open("<!DOCTYPE html><p>old</p><script>document.querySelector('p').textContent = 'new'</script>");
    assert!(reader.browser.html("p").contains("old"), "scripts are off");

    let file = reader.open(&html(&article(View::Stage), &Look::default(), Scheme::Reader));
    reader.browser.look(WIDE, "screen", "light");
    assert_eq!(reader.shown(12), [1], "t = 0, as the film says");
    reader.browser.click("label[for=place-5]");
    assert_eq!(reader.shown(12), [5]);
    let frame = reader.browser.html(".frame-5");
    assert!(frame.contains("(f*g)(4) = 28</h2>") && frame.contains("3·1 + 5·3 + 2·5 = 28"));
    assert!(reader.browser.seen(".frame-5 table").is_some() && reader.browser.seen(".frame-5 svg").is_some());
    reader.photograph("stage-light");
    reader.browser.press("ArrowRight", 39);
    assert_eq!(reader.shown(12), [6], "keys choose, too");
    assert_ne!(reader.browser.style("label[for=place-6]", "outline-style"), "none", "and one sees where they are");
    assert_eq!(reader.browser.requests, [format!("file://{}", file.display())], "nothing else is asked for");
}

#[test]
fn pages_follow_the_scheme_of_their_reader() {
    let Some(mut reader) = Reader::new() else { return };
    reader.open(&html(&article(View::Stage), &Look::default(), Scheme::Reader));
    let (light, dark) = ("rgb(255, 255, 255)", "rgb(20, 23, 27)");
    for (medium, scheme, paper) in [("screen", "light", light), ("screen", "dark", dark), ("print", "dark", light)] {
        reader.browser.look(WIDE, medium, scheme);
        assert_eq!(reader.browser.style("body", "background-color"), paper);
        reader.photograph(&format!("stage-{medium}-{scheme}"));
    }
    assert_eq!(
        reader.browser.style("tfoot", "display"),
        "table-row-group",
        "no sum is printed at the end of each sheet"
    );
    reader.browser.look(WIDE, "screen", "dark");
    assert_eq!(reader.browser.style(".frame-1 svg [fill='#1b1f24']", "fill"), "rgb(236, 239, 242)", "drawings, too");

    let always = Look { theme: Theme::Dark, ..Look::default() };
    reader.open(&html(&article(View::Stage), &always, Scheme::Look));
    reader.browser.look(WIDE, "screen", "light");
    assert_eq!(reader.browser.style("body", "background-color"), dark);
    reader.browser.look(WIDE, "print", "light");
    assert_eq!(reader.browser.style("body", "background-color"), light);
    assert_eq!(reader.browser.style(".frame-1 svg [fill='#eceff2']", "fill"), "rgb(27, 31, 36)");
}

#[test]
fn nothing_is_wider_than_a_telephone() {
    let Some(mut reader) = Reader::new() else { return };
    for view in View::ALL {
        let film = match view {
            View::Window => window(),
            view => article(*view),
        };
        reader.open(&html(&film, &Look::default(), Scheme::Reader));
        for (size, name) in [(WIDE, "wide"), (TELEPHONE, "telephone")] {
            reader.browser.look(size, "screen", "light");
            assert!(reader.browser.extent()[0] <= f64::from(size[0]), "{view} {name}");
            if film.scenes.len() > 1 {
                let [left, top, right, bottom] = reader.browser.seen("label").unwrap();
                assert!(right - left >= 24.0 && bottom - top >= 24.0, "places are large enough to hit");
            }
            reader.photograph(&format!("{view}-{name}"));
        }
    }
}

#[test]
fn fragments_open_a_place_without_style_or_script() {
    let Some(mut reader) = Reader::new() else { return };
    reader.open(&format!("<!DOCTYPE html>{}", html_fragment(&article(View::Stage), &Look::default())));
    reader.browser.look(WIDE, "screen", "light");
    let place = "details:nth-of-type(6)";
    let height = |reader: &mut Reader| reader.browser.seen(place).map_or(0.0, |[_, top, _, bottom]| bottom - top);
    assert!(height(&mut reader) < 100.0, "it is closed");
    reader.browser.click("details:nth-of-type(6) summary");
    assert!(height(&mut reader) > 300.0 && reader.browser.html(place).starts_with("<details open"));
    assert!(reader.browser.html("details:nth-of-type(6) td strong").contains("28"));
    let [left, top, right, bottom] = reader.browser.seen("details:nth-of-type(6) img").unwrap();
    assert!(right - left > 300.0 && bottom - top > 300.0, "the picture is there");
    reader.photograph("stage-fragment");
}

fn window() -> Film {
    let picture = Array::new((0..30i64).map(|i| i * i % 9).collect(), &[5, 6]).unwrap();
    let edge = Kernel::whole(&[3, 3], vec![1, 0, -1, 2, 0, -2, 1, 0, -1]).unwrap();
    View::Window.film(&Subject::new(&picture, &edge, &Spec::new().mode(Mode::Same)).unwrap(), &[1, 1]).unwrap()
}
