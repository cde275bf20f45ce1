//! The style sheet of a page: the colours of pictures as variables, what `page.css` says, and a rule for each place.

use super::{
    super::{
        look::{Look, Theme},
        svg::palette,
    },
    Scheme,
};

/// How wide figures are drawn for telephones: a window of 320 pixels less its margins, but for the blank that figures have beside them.
pub(super) const NARROW: f64 = 308.0;
/// Both margins of a page.
const MARGINS: f64 = 32.0;
/// Windows have the narrow figures if the wide ones were less than this in them.
const SHRUNK: f64 = 0.75;

/// What the page tells of its colours before its style is read.
pub(super) fn schemes(theme: Theme, scheme: Scheme) -> &'static str {
    match (scheme, theme) {
        (Scheme::Reader, Theme::Light) => "light dark",
        (Scheme::Reader, Theme::Dark) => "dark light",
        (Scheme::Look, theme) => theme.name(),
    }
}

/// All rules for a page with so many places.
pub(super) fn sheet(places: usize, look: &Look, scheme: Scheme) -> String {
    let width = look.wanted_width();
    let mut out = format!(":root {{ --page: {}px; {} }}\n", width + MARGINS, variables(look.theme));
    if scheme == Scheme::Reader {
        for theme in Theme::ALL {
            out.push_str(&format!(
                "@media screen and (prefers-color-scheme: {theme}) {{ :root {{ {} }} }}\n",
                variables(*theme)
            ));
        }
    }
    out.push_str(&format!("@media print {{ :root {{ {} }} }}\n", variables(Theme::Light)));
    for (name, value) in palette(look.theme) {
        out.push_str(&format!("svg [fill=\"{value}\"] {{ fill: var(--{name}) }}\n"));
        out.push_str(&format!("svg [stroke=\"{value}\"] {{ stroke: var(--{name}) }}\n"));
    }
    out.push_str(include_str!("page.css"));
    out.push_str(&format!(
        "@media screen and (max-width: {}px) {{ .wide {{ display: none }} .narrow {{ display: block }} \
         th, td {{ padding: .25rem .4rem }} }}\n",
        (SHRUNK * width + MARGINS).round()
    ));
    for place in 0..places {
        out.push_str(&format!(".place-{place}:checked ~ .frames > .frame-{place} {{ display: block }}\n"));
    }
    out
}

fn variables(theme: Theme) -> String {
    palette(theme).map(|(name, value)| format!("--{name}: {value}")).join("; ")
}
