//! Pictures of small arrays, many on a sheet: filters, feature maps, the picture that they look at.
//!
//! A [`Gallery`] has rooms, each with a heading and tiles of one kind; it is painted as SVG. Numbers of either sign are shown by
//! two colours, and those below zero by a bar as well; numbers from zero on by how much ink there is.

use std::fmt::Write;

use faltung_scene::paint::{Theme, palette};

/// The width of a sheet.
const WIDTH: usize = 760;
/// Blank around and between.
const MARGIN: usize = 20;
const GAP: usize = 10;
/// Shades from nothing to the largest number.
const SHADES: usize = 24;

/// A sheet of small pictures.
#[derive(Debug, Clone)]
pub(crate) struct Gallery {
    pub(crate) title: String,
    pub(crate) rooms: Vec<Room>,
}

/// Tiles that belong together.
#[derive(Debug, Clone)]
pub(crate) struct Room {
    pub(crate) heading: String,
    pub(crate) sign: Sign,
    /// Pixels for each cell.
    pub(crate) cell: usize,
    pub(crate) tiles: Vec<Tile>,
}

/// How numbers become shades.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sign {
    /// From zero to the largest of the room.
    Ink,
    /// Two colours, as dark as far from zero, beside the largest of the tile.
    Both,
}

/// A small array.
#[derive(Debug, Clone)]
pub(crate) struct Tile {
    pub(crate) name: String,
    pub(crate) rows: usize,
    pub(crate) columns: usize,
    pub(crate) values: Vec<f32>,
    /// Rows and columns to be framed.
    pub(crate) frame: Option<[std::ops::Range<usize>; 2]>,
}

impl Gallery {
    /// What the sheet shows, for whoever does not see it.
    pub(crate) fn description(&self) -> String {
        let rooms = self.rooms.iter().map(|room| format!("{} ({} pictures)", room.heading, room.tiles.len()));
        format!("{}.", rooms.collect::<Vec<_>>().join("; "))
    }

    /// The sheet as an SVG document.
    pub(crate) fn svg(&self) -> String {
        let mut body = String::new();
        let mut y = MARGIN + 18;
        let _ = writeln!(body, r#"<text x="{MARGIN}" y="{y}" font-size="18">{}</text>"#, escaped(&self.title));
        for room in &self.rooms {
            y += 34;
            let _ = writeln!(body, r#"<text x="{MARGIN}" y="{y}" font-size="13">{}</text>"#, escaped(&room.heading));
            y = room.paint(&mut body, y + GAP);
        }
        let height = y + MARGIN;
        let family = "Faltung Sans, DejaVu Sans, Verdana, sans-serif";
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-labelledby=\"title desc\" width=\"{WIDTH}\" \
             height=\"{height}\" viewBox=\"0 0 {WIDTH} {height}\" font-family=\"{family}\" fill=\"{}\">\n\
             <title id=\"title\">{}</title>\n<desc id=\"desc\">{}</desc>\n\
             <rect width=\"{WIDTH}\" height=\"{height}\" fill=\"{}\"/>\n{body}</svg>\n",
            colour("ink"),
            escaped(&self.title),
            escaped(&self.description()),
            colour("paper"),
        )
    }
}

impl Room {
    /// Its tiles from left to right, in as many rows as they need; gives the lower end.
    fn paint(&self, body: &mut String, top: usize) -> usize {
        const NAME: usize = 14;
        let loudest = largest(self.tiles.iter().flat_map(|tile| &tile.values));
        let (mut x, mut y, mut row) = (MARGIN, top, 0);
        for tile in &self.tiles {
            let (across, down) = (tile.columns * self.cell, tile.rows * self.cell + NAME);
            if x > MARGIN && x + across + MARGIN > WIDTH {
                (x, y, row) = (MARGIN, y + row + GAP, 0);
            }
            let most = if self.sign == Sign::Ink { loudest } else { largest(&tile.values) };
            let _ = writeln!(body, r#"<g transform="translate({x} {y})">"#);
            tile.paint(body, self.sign, self.cell, most);
            let below = tile.rows * self.cell + NAME - 3;
            let _ = writeln!(body, r#"<text y="{below}" font-size="9">{}</text></g>"#, escaped(&tile.name));
            x += across + GAP;
            row = row.max(down);
        }
        y + row
    }
}

impl Tile {
    fn paint(&self, body: &mut String, sign: Sign, cell: usize, most: f32) {
        let (across, down) = (self.columns * cell, self.rows * cell);
        // One path for each shade; and bars on what is below zero.
        let mut paths = vec![String::new(); 2 * SHADES + 1];
        let mut bars = String::new();
        for (at, &value) in self.values.iter().enumerate() {
            let (x, y) = (at % self.columns * cell, at / self.columns * cell);
            let shade = if most > 0.0 { (value.abs() / most * SHADES as f32).round() as usize } else { 0 };
            let place =
                if value < 0.0 && sign == Sign::Both { SHADES - shade.min(SHADES) } else { SHADES + shade.min(SHADES) };
            let _ = write!(paths[place], "M{x} {y}h{cell}v{cell}h-{cell}z");
            if place < SHADES && cell >= 8 {
                let _ = write!(bars, "M{} {}h{}", x + cell / 4, y + cell / 2, cell / 2);
            }
        }
        let [above, below] = match sign {
            Sign::Ink => [colour("ink"); 2],
            Sign::Both => [colour("positive"), colour("negative")],
        };
        for (place, path) in paths.iter().enumerate().filter(|(place, path)| *place != SHADES && !path.is_empty()) {
            let fill = if place < SHADES { below } else { above };
            let opacity = place.abs_diff(SHADES) as f32 / SHADES as f32;
            let _ = writeln!(
                body,
                r#"<path shape-rendering="crispEdges" fill="{fill}" fill-opacity="{opacity:.3}" d="{path}"/>"#
            );
        }
        if !bars.is_empty() {
            let _ = writeln!(body, r#"<path stroke="{}" stroke-width="1" d="{bars}"/>"#, colour("ink"));
        }
        let rim = colour("muted");
        let _ =
            writeln!(body, r#"<rect width="{across}" height="{down}" fill="none" stroke="{rim}" stroke-width="0.6"/>"#);
        if let Some([rows, columns]) = &self.frame {
            let (x, y) = (columns.start * cell, rows.start * cell);
            let (wide, high) = (columns.len() * cell, rows.len() * cell);
            let (pen, size) = (colour("kernel"), format!(r#"x="{x}" y="{y}" width="{wide}" height="{high}""#));
            let _ = writeln!(body, r#"<rect {size} fill="none" stroke="{pen}" stroke-width="2.5"/>"#);
        }
    }
}

fn largest<'a>(values: impl IntoIterator<Item = &'a f32>) -> f32 {
    values.into_iter().filter(|value| value.is_finite()).fold(0.0, |most, value| most.max(value.abs()))
}

/// A colour of the pictures that explain.
fn colour(name: &str) -> &'static str {
    palette(Theme::Light).iter().find(|(known, _)| *known == name).map_or("#000000", |(_, colour)| colour)
}

fn escaped(words: &str) -> String {
    words.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_below_zero_have_a_second_sign() {
        let tile = Tile { name: "w".into(), rows: 1, columns: 3, values: vec![1.0, 0.0, -0.5], frame: None };
        let mut body = String::new();
        tile.paint(&mut body, Sign::Both, 8, 1.0);
        assert!(body.contains(r##"fill="#00805e" fill-opacity="1.000" d="M0 0h8v8h-8z""##), "{body}");
        assert!(body.contains(r##"fill="#c04f00" fill-opacity="0.500" d="M16 0h8v8h-8z""##), "{body}");
        assert!(body.contains(r#"d="M18 4h4""#), "{body}"); // the bar; zero has neither colour nor bar
        assert!(!body.contains("M8 0h8"), "{body}");
    }

    #[test]
    fn tiles_that_do_not_fit_go_to_the_next_row() {
        let tile = Tile { name: "w".into(), rows: 10, columns: 10, values: vec![1.0; 100], frame: None };
        let room = Room { heading: "all".into(), sign: Sign::Ink, cell: 30, tiles: vec![tile; 3] };
        let mut body = String::new();
        let lower = room.paint(&mut body, 0);
        assert_eq!(lower, 2 * (300 + 14) + GAP);
        assert!(body.contains("translate(330 0)") && body.contains(&format!("translate({MARGIN} 324)")), "{body}");
    }
}
