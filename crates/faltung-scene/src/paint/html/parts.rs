//! The parts of a scene as elements: paragraphs, tables with headings, pictures.

use super::{
    super::{
        look::Look,
        svg::{Ground, drawn},
        xml::{Value, Xml},
    },
    style::NARROW,
};
use crate::{Align, Cell, Emphasis, Figure, Part, Row, RowKind, Scene, Table};

/// How figures stand in a document.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Pictures {
    /// As elements `svg`, in the colours of the page, one for wide windows and one for narrow ones.
    Drawings,
    /// As elements `img`, which bring their ground with them.
    Images,
}

/// All parts of a scene, from the top.
pub(super) fn parts(out: &mut Xml, scene: &Scene, look: &Look, pictures: Pictures) {
    for part in &scene.parts {
        match part {
            Part::Sentence(words) => out.words("p", &[("class", "sentence".into())], words),
            Part::Note(words) => out.words("p", &[("class", "note".into())], words),
            Part::Table(table) => self::table(out, table, look, pictures),
            Part::Figure(figure) => match pictures {
                Pictures::Drawings => drawings(out, figure, look),
                Pictures::Images => image(out, figure, look),
            },
        }
    }
}

/// The figure twice, if it can be narrower: style sheets show the one that fits.
fn drawings(out: &mut Xml, figure: &Figure, look: &Look) {
    let draw = |name: &str, width: f64| {
        let named = Look { prefix: format!("{}{name}-", look.prefix), ..look.clone() };
        drawn(figure, &named, width, Ground::Page)
    };
    let (wide, narrow) = (draw("wide", look.wanted_width()), draw("narrow", NARROW));
    let both = narrow.width < wide.width;
    let mut put = |attributes: &[(&str, Value<'_>)], svg: &str| {
        out.open("figure", attributes);
        out.markup(svg);
        out.close("figure");
    };
    match both {
        true => {
            put(&[("class", "wide".into())], &wide.svg);
            put(&[("class", "narrow".into()), ("hidden", "hidden".into()), ("tabindex", "0".into())], &narrow.svg);
        }
        false => put(&[("tabindex", "0".into())], &wide.svg),
    }
}

fn image(out: &mut Xml, figure: &Figure, look: &Look) {
    let image = drawn(figure, look, look.wanted_width(), Ground::Own);
    out.open("p", &[]);
    out.empty(
        "img",
        &[
            ("alt", (&figure.description).into()),
            ("width", image.width.into()),
            ("height", image.height.into()),
            ("style", "max-width:100%;height:auto".into()),
            ("src", (&data_address(&image.svg)).into()),
        ],
    );
    out.close("p");
}

/// An SVG as the address of an image: all but letters, digits and what addresses may hold is `%` and two digits (RFC 3986).
fn data_address(svg: &str) -> String {
    let mut out = String::from("data:image/svg+xml;charset=utf-8,");
    for byte in svg.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => out.push(char::from(byte)),
            b'-' | b'.' | b'_' | b'~' | b'/' | b':' | b'=' | b',' | b';' | b'(' | b')' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// A table in a box of its own, which may be scrolled where the window is narrower, by keys, too.
fn table(out: &mut Xml, table: &Table, look: &Look, pictures: Pictures) {
    let id = format!("{}table-{}", look.prefix, table.id);
    let in_page = pictures == Pictures::Drawings;
    let region: [(&str, Value<'_>); 4] = [
        ("class", "scroll".into()),
        ("role", "region".into()),
        ("aria-labelledby", (&id).into()),
        ("tabindex", "0".into()),
    ];
    let identified = [("id", (&id).into())];
    out.open("div", if in_page { &region } else { &[] });
    out.open("table", &[]);
    out.words("caption", if in_page { &identified } else { &[] }, &table.caption);
    out.open("thead", &[]);
    out.open("tr", &[]);
    for (at, column) in table.columns.iter().enumerate() {
        let mut attributes = vec![("scope", "col".into()), ("style", side(column.align).into())];
        if table.marked == Some(at) {
            attributes.extend([("class", "marked".into()), ("aria-current", "true".into())]);
        }
        out.words("th", &attributes, &column.heading);
    }
    out.close("tr");
    out.close("thead");
    let (body, total): (Vec<&Row>, Vec<&Row>) = table.rows.iter().partition(|row| row.kind == RowKind::Body);
    for (element, rows) in [("tbody", body), ("tfoot", total)] {
        if rows.is_empty() {
            continue;
        }
        out.open(element, &[]);
        rows.iter().for_each(|row| self::row(out, table, row));
        out.close(element);
    }
    out.close("table");
    out.close("div");
}

fn row(out: &mut Xml, table: &Table, row: &Row) {
    out.open("tr", &[]);
    for (at, (cell, column)) in row.cells.iter().zip(&table.columns).enumerate() {
        let value = cell.value.map(|value| value.to_string());
        let mut attributes: Vec<(&str, Value<'_>)> = vec![("style", side(column.align).into())];
        attributes.extend(class(cell, table.marked == Some(at)).map(|class| ("class", class.into())));
        attributes.extend(cell.term.as_ref().map(|term| ("data-term", term.into())));
        attributes.extend(value.as_ref().map(|value| ("data-value", value.into())));
        let heads = at == 0 && !cell.text.is_empty();
        if heads {
            attributes.push(("scope", "row".into()));
        }
        let element = if heads { "th" } else { "td" };
        // Bold where no style sheet says so, too.
        let strong = cell.emphasis == Emphasis::Marked || table.marked == Some(at) || row.kind == RowKind::Total;
        match strong && !heads && !cell.text.is_empty() {
            true => {
                out.open(element, &attributes);
                out.words("strong", &[], &cell.text);
                out.close(element);
            }
            false => out.words(element, &attributes, &cell.text),
        }
    }
    out.close("tr");
}

fn class(cell: &Cell, column_is_marked: bool) -> Option<&'static str> {
    match cell.emphasis {
        Emphasis::Marked => Some("marked"),
        _ if column_is_marked => Some("marked"),
        Emphasis::Faint => Some("faint"),
        Emphasis::Plain => None,
    }
}

fn side(align: Align) -> &'static str {
    match align {
        Align::Left => "text-align:left",
        Align::Right => "text-align:right",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_are_addresses_of_plain_characters() {
        assert_eq!(data_address("<a b=\"#τ\">"), "data:image/svg+xml;charset=utf-8,%3Ca%20b=%22%23%CF%84%22%3E");
    }
}
