//! Pictures of pixels: their sizes, their frames, their words, and the same bytes each time.
#![cfg(feature = "raster")]

use std::{collections::BTreeSet, io::Cursor, time::Duration};

use faltung::Spec;
use faltung_scene::{
    Film, Scene, Subject, View, Words,
    paint::{Look, RasterError, Theme, Timing, apng, gif, png, png_frames, svg},
};

fn article() -> Film {
    let subject = Subject::new(&[3i64, 0, 5, 0, 2, 1], &[5, 4, 3, 2, 1], &Spec::new()).unwrap();
    View::Stage.film(&subject.called(Words::likes()), &[4]).unwrap()
}

/// A small one, for what needs no article.
fn table() -> Film {
    View::Table.film(&Subject::new(&[3i64, 5], &[2, 1], &Spec::new()).unwrap(), &[1]).unwrap()
}

/// Width, height, and red, green and blue of every pixel.
fn decoded(file: &[u8]) -> (u32, u32, Vec<[u8; 3]>) {
    let mut reader = png::Decoder::new(Cursor::new(file)).read_info().unwrap();
    let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut bytes).unwrap();
    assert_eq!(info.color_type, png::ColorType::Rgb);
    (info.width, info.height, bytes.as_chunks::<3>().0.to_vec())
}

/// The size that an SVG says it has.
fn announced(scene: &Scene, look: &Look) -> (f64, f64) {
    let picture = svg(scene, look);
    let document = roxmltree::Document::parse(&picture).unwrap();
    let side = |name: &str| document.root_element().attribute(name).unwrap().parse::<f64>().unwrap();
    (side("width"), side("height"))
}

#[test]
fn a_png_has_the_size_of_its_svg_times_the_scale() {
    let film = article();
    let scene = &film.scenes[film.chosen];
    let look = Look::default();
    let (width, height) = announced(scene, &look);
    for scale in [0.5, 1.0, 2.0] {
        let (w, h, pixels) = decoded(&png(scene, &look, scale).unwrap());
        assert_eq!((f64::from(w), f64::from(h)), ((width * scale).round(), (height * scale).round()));
        assert_eq!(pixels.len(), w as usize * h as usize);
    }
}

#[test]
fn a_picture_shows_letters_and_marks_on_the_paper_of_its_theme() {
    let film = article();
    for (theme, paper, ink, stem) in [
        (Theme::Light, [0xff; 3], [0x1b, 0x1f, 0x24], [0x00, 0x72, 0xb2]),
        (Theme::Dark, [0x14, 0x17, 0x1b], [0xec, 0xef, 0xf2], [0x56, 0xb4, 0xe9]),
    ] {
        let look = Look { theme, ..Look::default() };
        let (width, _, pixels) = decoded(&png(&film.scenes[5], &look, 2.0).unwrap());
        let count = |colour: [u8; 3]| pixels.iter().filter(|pixel| **pixel == colour).count();
        assert!(count(paper) > pixels.len() / 2 && count(stem) > 200, "{theme}");
        // The title is letters of the font, at the top, where nothing else is.
        let title = pixels[..width as usize * 110].iter().filter(|pixel| **pixel == ink).count();
        assert!(title > 500, "{theme}: {title} pixels of ink in the title");
    }
}

#[test]
fn a_png_tells_its_words() {
    let film = article();
    let scene = &film.scenes[5];
    let file = png(scene, &Look::default(), 0.5).unwrap();
    let reader = png::Decoder::new(Cursor::new(&file)).read_info().unwrap();
    let texts: Vec<(String, String)> =
        reader.info().utf8_text.iter().map(|chunk| (chunk.keyword.clone(), chunk.get_text().unwrap())).collect();
    assert_eq!(
        texts,
        [("Title".to_owned(), scene.title.clone()), ("Description".to_owned(), scene.description.clone())]
    );
}

#[test]
fn the_gif_of_the_article_has_twelve_frames_and_loops() {
    let film = article();
    let look = Look::default();
    let file = gif(&film, &look, 1.0, &Timing::default()).unwrap();
    let mut options = gif::DecodeOptions::new();
    options.set_color_output(gif::ColorOutput::RGBA);
    let mut decoder = options.read_info(Cursor::new(&file)).unwrap();
    assert_eq!(decoder.repeat(), gif::Repeat::Infinite);
    let size = (decoder.width(), decoder.height());
    assert_eq!(size.0, 720);
    let (mut delays, mut pictures) = (Vec::new(), BTreeSet::new());
    while let Some(frame) = decoder.read_next_frame().unwrap() {
        assert_eq!((frame.left, frame.top, frame.width, frame.height), (0, 0, size.0, size.1));
        assert_eq!(frame.buffer.len(), 4 * usize::from(size.0) * usize::from(size.1));
        assert!(frame.palette.is_none(), "one palette for all");
        delays.push(frame.delay);
        pictures.insert(frame.buffer.to_vec());
    }
    assert_eq!(delays, [80, 80, 80, 80, 80, 80, 80, 80, 80, 80, 80, 200]);
    assert_eq!(pictures.len(), 12, "each shows another place");
}

#[test]
fn frames_of_a_gif_look_like_those_of_pngs() {
    let film = article();
    let look = Look { theme: Theme::Dark, ..Look::default() };
    let file = gif(&film, &look, 1.0, &Timing::default()).unwrap();
    let mut options = gif::DecodeOptions::new();
    options.set_color_output(gif::ColorOutput::RGBA);
    let mut decoder = options.read_info(Cursor::new(&file)).unwrap();
    let pngs = png_frames(&film, &look, 1.0).unwrap();
    let mut worst = 0;
    for (number, still) in pngs.enumerate() {
        let (name, still) = still.unwrap();
        assert_eq!(name, format!("frame-{number:03}.png"));
        let (_, _, exact) = decoded(&still);
        let shown = decoder.read_next_frame().unwrap().unwrap();
        let pairs = exact.iter().zip(shown.buffer.as_chunks::<4>().0);
        worst = pairs.flat_map(|(a, b)| (0..3).map(|c| a[c].abs_diff(b[c]))).max().unwrap().max(worst);
    }
    assert!(worst <= 24, "a channel is off by {worst} levels");
}

#[test]
fn a_gif_tells_its_words_in_ascii() {
    let file = gif(&article(), &Look::default(), 0.25, &Timing::default()).unwrap();
    // An extension begins with 0x21 and its kind, and is made of pieces with their length before them.
    let mut at = file.windows(2).position(|two| two == [0x21, 0xfe]).unwrap() + 2;
    let mut comment = Vec::new();
    while file[at] > 0 {
        let end = at + 1 + usize::from(file[at]);
        comment.extend_from_slice(&file[at + 1..end]);
        at = end;
    }
    let comment = String::from_utf8(comment).unwrap();
    assert!(comment.is_ascii());
    assert!(comment.contains("(f*g)(4) = 28. t = 4: 3*1 + 5*3 + 2*5 = 28"), "{comment}");
    assert_eq!(comment.lines().count(), 13, "the title, and a line for each frame");
}

#[test]
fn an_animated_png_has_the_frames_and_times_of_the_film() {
    let film = article();
    let timing = Timing { each: Duration::from_millis(500), last: Duration::from_secs(3) };
    let file = apng(&film, &Look::default(), 0.5, &timing).unwrap();
    let mut reader = png::Decoder::new(Cursor::new(&file)).read_info().unwrap();
    let control = *reader.info().animation_control().unwrap();
    assert_eq!((control.num_frames, control.num_plays), (12, 0));
    let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
    let mut delays = Vec::new();
    for _ in 0..12 {
        reader.next_frame(&mut bytes).unwrap();
        let frame = reader.info().frame_control().unwrap();
        delays.push((frame.delay_num, frame.delay_den));
    }
    assert_eq!((delays[0], delays[10], delays[11]), ((50, 100), (50, 100), (300, 100)));
}

#[test]
fn the_same_film_gives_the_same_bytes() {
    let (film, look, timing) = (table(), Look::default(), Timing::default());
    assert_eq!(gif(&film, &look, 1.0, &timing), gif(&film, &look, 1.0, &timing));
    assert_eq!(apng(&film, &look, 1.0, &timing), apng(&film, &look, 1.0, &timing));
    assert_eq!(png(&film.scenes[0], &look, 1.0), png(&film.scenes[0], &look, 1.0));
}

#[test]
fn what_cannot_be_drawn_is_refused_with_what_to_do() {
    let film = table();
    let (look, timing) = (Look::default(), Timing::default());
    for scale in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert!(matches!(png(&film.scenes[0], &look, scale), Err(RasterError::Scale { .. })), "{scale}");
    }
    for scale in [1e3, 1e9, f64::MAX] {
        let error = png(&film.scenes[0], &look, scale).unwrap_err();
        assert!(matches!(error, RasterError::Size { frames: 1, .. }));
        assert!(error.to_string().contains("take a scale of at most "), "{error}");
    }
    // One frame would do, all are too many.
    let scale = (60_000_000.0 / (720.0 * announced(&film.scenes[0], &look).1)).sqrt();
    assert!(matches!(gif(&film, &look, scale, &timing), Err(RasterError::Size { frames: 5, .. })));
    assert!(matches!(apng(&film, &look, scale, &timing), Err(RasterError::Size { frames: 5, .. })));
    let none = Film { scenes: Vec::new(), ..film };
    assert_eq!(gif(&none, &look, 1.0, &timing), Err(RasterError::Empty));
    assert_eq!(apng(&none, &look, 1.0, &timing), Err(RasterError::Empty));
}

#[test]
fn tiny_pictures_are_pictures() {
    let (width, height, pixels) = decoded(&png(&table().scenes[0], &Look::default(), 1e-9).unwrap());
    assert_eq!((width, height, pixels.len()), (1, 1, 1));
}
