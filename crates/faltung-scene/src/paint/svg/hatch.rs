//! Hatching: products above zero and below it differ by the direction and the density of lines, and by their hue.

use super::{Style, xml::Xml};
use crate::Role;

/// How strong the tint behind the lines is, and that of a cell with the largest number.
pub(super) const TINT: f64 = 0.16;
pub(super) const MOST_TINT: f64 = 0.34;

/// The patterns of a picture, to stand at its beginning.
pub(super) fn patterns(out: &mut Xml, style: &Style<'_>) {
    out.open("defs", &[]);
    for (role, name, turn, step) in
        [(Role::Positive, "rising", "rotate(45)", 7.0), (Role::Negative, "falling", "rotate(-45)", 4.0)]
    {
        let colour = style.colours.role(role);
        out.open(
            "pattern",
            &[
                ("id", (&style.id(&format!("hatch-{name}"))).into()),
                ("width", step.into()),
                ("height", step.into()),
                ("patternUnits", "userSpaceOnUse".into()),
                ("patternTransform", turn.into()),
            ],
        );
        let whole =
            [("width", step.into()), ("height", step.into()), ("fill", colour.into()), ("fill-opacity", TINT.into())];
        out.empty("rect", &whole);
        out.empty("rect", &[("width", 1.2.into()), ("height", step.into()), ("fill", colour.into())]);
        out.close("pattern");
    }
    out.close("defs");
}

/// What fills a bar or an area.
pub(super) fn filling(role: Role, style: &Style<'_>) -> String {
    match role {
        Role::Positive => format!("url(#{})", style.id("hatch-rising")),
        Role::Negative => format!("url(#{})", style.id("hatch-falling")),
        Role::Ghost | Role::Virtual | Role::Cropped => "none".to_owned(),
        _ => style.colours.role(role).to_owned(),
    }
}
