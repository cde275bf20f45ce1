//! Pages: what may stand before the `?` of a state, and how the same is explained where there is no page.

use crate::View;

/// A page of the explorer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// Its name.
    pub name: &'static str,
    /// What explains the same in a terminal or a file.
    pub shows: Shows,
    /// What it is for.
    pub meaning: &'static str,
}

/// What a page shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shows {
    /// A view of samples.
    Samples(View),
    /// The stage in continuous time.
    Continuous,
    /// What can only be had in a page: the reason.
    Itself(&'static str),
}

/// All pages. The first has no name, and is shown where nothing is said; those of the command's views have theirs.
///
/// ```
/// use faltung_scene::{View, state::{PAGES, Shows}};
/// assert_eq!((PAGES[0].name, PAGES[0].shows), ("", Shows::Samples(View::Stage)));
/// assert!(View::ALL.iter().all(|view| PAGES.iter().any(|page| page.name == view.name())));
/// ```
pub const PAGES: &[Page] = &[
    page("", Shows::Samples(View::Stage), "the whole story"),
    page("likes", Shows::Samples(View::Likes), "posts, and the likes that each gets hour by hour"),
    page("table", Shows::Samples(View::Table), "scaled and delayed copies, and the sum of each column"),
    page("slide", Shows::Samples(View::Stage), "flip, shift, multiply and sum, step by step"),
    page("flip", Shows::Samples(View::Flip), "with the flip, without it, and the other operand flipped"),
    page("formula", Shows::Samples(View::Stage), "the definition, symbol by symbol"),
    page("swap", Shows::Samples(View::Stage), "both roles side by side"),
    page("continuous", Shows::Continuous, "functions of time: bursts that become impulses, or any formula"),
    page("padding", Shows::Samples(View::Padding), "what lies beyond the ends, boundary by boundary"),
    page("image", Shows::Samples(View::Window), "a window on a picture, with its numbers"),
    page("sound", Shows::Itself("a sound is heard, not drawn"), "a clap in a room, with the flip and without"),
    page("sizes", Shows::Samples(View::Sizes), "how long the result is"),
    page("conventions", Shows::Samples(View::Conventions), "the same in other libraries"),
    page("film", Shows::Samples(View::Stage), "a moving picture of it all, as a file"),
    page("lab", Shows::Samples(View::Stage), "everything free"),
    page("ffnn", Shows::Itself("parameters are counted in the page alone"), "why not a fully connected net"),
    page("cnn", Shows::Itself("a net is asked and drawn for in the page alone"), "a convolutional net, layer by layer"),
    page("train", Shows::Itself("nets learn in the page, or by faltung train"), "both kinds of nets, learning digits"),
    page("stage", Shows::Samples(View::Stage), "the stage by itself"),
    page("terms", Shows::Samples(View::Terms), "every term of one output"),
    page("window", Shows::Samples(View::Window), "a window on rows of numbers"),
];

const fn page(name: &'static str, shows: Shows, meaning: &'static str) -> Page {
    Page { name, shows, meaning }
}
