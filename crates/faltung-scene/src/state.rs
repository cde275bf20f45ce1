//! A whole explanation in one line of text: what the page has behind its `#`, and what `faltung explain --state` takes.
//!
//! ```text
//! #/table?x=3,0,5,0,2,1&h=5,4,3,2,1&t=4&mode=full&boundary=constant:0&theme=dark
//! ```
//!
//! All properties are in one table, [`PROPERTIES`]: their keys, what values they take, and what they are if nothing is said. A
//! [`State`] holds a valid value for each. It is written in the order of the table, without what is as if nothing were said, so
//! two states are the same if their texts are.
//!
//! Text from elsewhere is not to be trusted: lengths and counts are limited before anything is made of it. [`State::read`] takes
//! what is valid and tells of the rest, as a page has to; `parse` refuses.

mod explained;
mod kind;
mod packed;
mod pages;

use std::{fmt, str::FromStr};

use crate::{Error, Result};
pub use explained::{Explained, array, spec};
pub use kind::Kind;
pub use pages::{PAGES, Page, Shows};

/// One property of a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Property {
    /// Its key.
    pub key: &'static str,
    /// Which values it takes.
    pub kind: Kind,
    /// Its value if nothing is said. Empty is no value.
    pub default: &'static str,
    /// What it is.
    pub meaning: &'static str,
}

/// All properties, in the order in which they are written.
///
/// ```
/// use faltung_scene::state::{Kind, PROPERTIES};
/// let flip = PROPERTIES.iter().find(|property| property.key == "flip").unwrap();
/// assert_eq!((flip.kind, flip.default), (Kind::Word(&["g", "none", "f"]), "g"));
/// ```
pub const PROPERTIES: &[Property] = &[
    property("v", Kind::Word(&["1"]), "1", "the version of this table"),
    property("x", Kind::Numbers, "3,0,5,0,2,1", "the samples of the input, rows set apart by semicolons"),
    property("h", Kind::Numbers, "5,4,3,2,1", "the weights of the kernel"),
    property("f", Kind::Expression, "bursts:width=1/2,areas=3x0x5x0x2x1", "the input in continuous time"),
    property("g", Kind::Expression, "(5-t)*(step(t)-step(t-5))", "the impulse response in continuous time"),
    property("t", Kind::Place, "", "which output: an index for each axis, or a time"),
    property("flip", Kind::Word(&["g", "none", "f"]), "g", "which operand is turned round"),
    property("mode", Kind::Mode, "full", "how much of the result"),
    property("boundary", Kind::Boundary, "constant:0", "what lies beyond the ends"),
    property("stride", Kind::Count { most: 1000 }, "1", "samples from one output to the next"),
    property("dilation", Kind::Count { most: 1000 }, "1", "samples from one weight to the next"),
    property(
        "image",
        Kind::Word(&["shapes", "edge", "rings", "numbers"]),
        "shapes",
        "which picture; numbers are those of x",
    ),
    property("divisor", Kind::Divisor, "1", "what sums over a picture are divided by"),
    property("offset", Kind::Number, "0", "what is added to them"),
    property("sound", Kind::Word(&["clap", "numbers"]), "clap", "which sound; numbers are those of x and h"),
    property("side", Kind::Count { most: 4096 }, "28", "pixels along a side of a picture that a net sees"),
    property("units", Kind::Count { most: 100_000 }, "100", "units of a fully connected layer"),
    property("filters", Kind::Count { most: 1000 }, "8", "filters of a convolutional net's first layer"),
    property("net", Kind::Word(&["both", "cnn", "ffnn"]), "both", "which nets learn: convolutional, fully connected"),
    property("digits", Kind::Count { most: 20_000 }, "2000", "digits that are drawn for nets to learn from"),
    property("epochs", Kind::Count { most: 100 }, "8", "how often each of them is seen"),
    property("seed", Kind::Count { most: 1_000_000 }, "1", "what chance begins with"),
    property("pooling", Kind::Word(&["whole", "max", "stride"]), "whole", "how maps become smaller"),
    property("shift", Kind::Word(SHIFTS), "4", "pixels by which digits are shifted"),
    property("digit", Kind::Word(DIGITS), "3", "which digit a net is shown"),
    property("n", Kind::Word(&["fg", "xh"]), "fg", "the letters of the operands"),
    property("theme", Kind::Word(&["auto", "light", "dark"]), "auto", "the colours"),
    property("embed", Kind::Word(&["0", "1"]), "0", "whether the page is part of another"),
    property("ui", Kind::Words, "", "what the page hides, as hide:controls"),
];

const DIGITS: &[&str] = &["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
const SHIFTS: &[&str] = &["0", "1", "2", "3", "4", "5", "6", "7", "8"];

const fn property(key: &'static str, kind: Kind, default: &'static str, meaning: &'static str) -> Property {
    Property { key, kind, default, meaning }
}

/// The most characters of a state.
const MOST_CHARACTERS: usize = 100_000;

/// A valid value for every property, and a page.
///
/// ```
/// use faltung_scene::state::State;
/// let state: State = "#/table?t=4&x=1,2&mode=full".parse()?;
/// assert_eq!((state.view(), state.get("x"), state.get("h")), ("table", "1,2", "5,4,3,2,1"));
/// assert_eq!(state.to_string(), "#/table?x=1,2&t=4"); // what is as if nothing were said is left out
/// # Ok::<(), faltung_scene::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    page: &'static Page,
    /// A value for each of [`PROPERTIES`].
    values: Vec<String>,
}

impl Default for State {
    /// The article, from its beginning.
    fn default() -> State {
        State { page: &PAGES[0], values: PROPERTIES.iter().map(|property| property.default.to_owned()).collect() }
    }
}

impl State {
    /// All that is valid in a text, with what is as if nothing were said in place of the rest, and what is wrong with that.
    ///
    /// ```
    /// use faltung_scene::state::State;
    /// let (state, problems) = State::read("#/stage?x=3,,5&mode=same&colour=red");
    /// assert_eq!(state.to_string(), "#/stage?mode=same");
    /// assert_eq!(problems[0], "x: number 2 is missing: write 0 where nothing is meant");
    /// assert!(problems[1].starts_with("colour: there is no such property"));
    /// ```
    pub fn read(text: &str) -> (State, Vec<String>) {
        let (mut state, mut problems) = (State::default(), Vec::new());
        if text.chars().count() > MOST_CHARACTERS {
            problems.push(format!("a state has at most {MOST_CHARACTERS} characters"));
            return (state, problems);
        }
        let text = text.trim().trim_start_matches('#').trim_start_matches('/');
        let (view, query) = text.split_once('?').unwrap_or((text, ""));
        problems.extend(state.turn_to(view).err().map(|problem| problem.to_string()));
        let pairs = form_urlencoded::parse(query.as_bytes()).into_owned();
        let pairs: Vec<(String, String)> = pairs
            .flat_map(|(key, value)| match key.as_str() {
                "z" => packed::unpacked(&value).unwrap_or_else(|problem| {
                    problems.push(format!("z: {problem}"));
                    Vec::new()
                }),
                _ => vec![(key, value)],
            })
            .collect();
        for (key, value) in pairs {
            if let Err(problem) = state.set(&key, &value) {
                problems.push(problem.to_string());
            }
        }
        (state, problems)
    }

    /// The page.
    pub fn page(&self) -> &'static Page {
        self.page
    }

    /// The page's name.
    pub fn view(&self) -> &'static str {
        self.page.name
    }

    /// The value of a property; empty if it has none.
    ///
    /// # Panics
    /// For a key that is in no row of [`PROPERTIES`].
    pub fn get(&self, key: &str) -> &str {
        &self.values[place(key).expect("the key is one of the table")]
    }

    /// Gives a property a value.
    ///
    /// # Errors
    /// [`Error::State`] for an unknown key or a value that it does not take.
    ///
    /// ```
    /// let mut state = faltung_scene::state::State::default();
    /// state.set("t", " 4 ")?;
    /// assert_eq!(state.to_string(), "#/?t=4");
    /// assert_eq!(state.set("stride", "0").unwrap_err().to_string(), "stride: expected a whole number from 1 to 1000, but found 0");
    /// # Ok::<(), faltung_scene::Error>(())
    /// ```
    pub fn set(&mut self, key: &str, value: &str) -> Result<()> {
        let wrong = |problem: String| Error::State(format!("{}: {problem}", brief(key)));
        let known = || PROPERTIES.iter().map(|property| property.key).collect::<Vec<_>>().join(", ");
        let place = place(key).ok_or_else(|| wrong(format!("there is no such property: known are {}", known())))?;
        let value = PROPERTIES[place].kind.checked(value).map_err(wrong)?;
        let before = std::mem::replace(&mut self.values[place], value);
        // What is short enough by itself need not be measured with the rest.
        if self.values[place].len() > MOST_CHARACTERS / 20 && self.to_string().chars().count() > MOST_CHARACTERS {
            self.values[place] = before;
            return Err(wrong(format!("with this the state would have more than {MOST_CHARACTERS} characters")));
        }
        Ok(())
    }

    /// Turns to another page.
    ///
    /// # Errors
    /// [`Error::State`] if there is none of that name.
    ///
    /// ```
    /// let mut state: faltung_scene::state::State = "#/stage?t=4".parse()?;
    /// state.turn_to("table")?;
    /// assert_eq!(state.to_string(), "#/table?t=4");
    /// # Ok::<(), faltung_scene::Error>(())
    /// ```
    pub fn turn_to(&mut self, page: &str) -> Result<()> {
        let known =
            || PAGES.iter().map(|page| page.name).filter(|name| !name.is_empty()).collect::<Vec<_>>().join(", ");
        let found = PAGES.iter().find(|known| known.name == page);
        self.page =
            found.ok_or_else(|| Error::State(format!("{}: there is no such view: {}", brief(page), known())))?;
        Ok(())
    }

    /// Whether another state differs at most in the place `t` and in what explains nothing: how a page looks.
    pub fn same_but_place(&self, other: &State) -> bool {
        let explains = |key: &str| !matches!(key, "t" | "theme" | "embed" | "ui");
        let same = |at: usize| self.values[at] == other.values[at] || !explains(PROPERTIES[at].key);
        self.page == other.page && (0..PROPERTIES.len()).all(same)
    }
}

fn place(key: &str) -> Option<usize> {
    PROPERTIES.iter().position(|property| property.key == key)
}

/// Foreign text in a message.
fn brief(text: &str) -> String {
    let shown: String = text.chars().take(40).filter(|c| !c.is_control()).collect();
    if shown.len() < text.len() { format!("{shown}…") } else { shown }
}

impl FromStr for State {
    type Err = Error;

    fn from_str(text: &str) -> Result<State> {
        let (state, problems) = State::read(text);
        match problems.first() {
            None => Ok(state),
            Some(problem) => Err(Error::State(problem.clone())),
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#/{}", self.page.name)?;
        let said = PROPERTIES.iter().zip(&self.values).filter(|(property, value)| *value != property.default);
        let pairs: Vec<(&str, &str)> = said.map(|(property, value)| (property.key, value.as_str())).collect();
        for (k, (key, value)) in packed::packed(pairs).into_iter().enumerate() {
            write!(f, "{}{key}={}", if k == 0 { '?' } else { '&' }, kind::encoded(&value))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back() {
        for text in [
            "#/stage",
            "#/table?x=1,2&t=4",
            "#/window?x=1,2;3,4&h=1,-1.5e-3&t=1,1&mode=same&boundary=constant:2.5",
            "#/padding?mode=padded:1:2&boundary=mirror&n=xh&theme=dark",
            "#/continuous?f=tri(t)&g=2*delta(t-1)%2B3&t=-0.25&embed=1&ui=hide:controls",
            "#/",
            "#/?t=4",
        ] {
            assert_eq!(text.parse::<State>().unwrap().to_string(), text);
        }
        assert_eq!("/stage?x=3+0+5".parse::<State>().unwrap().get("x"), "3,0,5");
        assert_eq!("".parse::<State>().unwrap(), State::default());
        assert_eq!("#/table?v=1&x=3,0,5,0,2,1&flip=g".parse::<State>().unwrap().to_string(), "#/table");
    }

    #[test]
    fn long_sequences_are_packed() {
        let long: Vec<String> = (0..900).map(|n| (n % 17).to_string()).collect();
        let mut state = State::default();
        state.set("x", &long.join(",")).unwrap();
        let text = state.to_string();
        assert!(text.starts_with("#/?z=") && text.len() < 300, "{text}");
        assert_eq!(text.parse::<State>().unwrap(), state);
    }

    #[test]
    fn nothing_hostile_gets_through() {
        let mut bomb = State::default();
        bomb.set("x", &vec!["0"; 10_000].join(",")).unwrap();
        for (text, told) in [
            ("#/nowhere", "no such view"),
            ("#/stage?x=<script>", "number 1"),
            ("#/stage?x=1e309", "number 1"),
            ("#/stage?x=nan", "number 1"),
            ("#/stage?x=1,2;3", "row 2 has 1 numbers and row 1 has 2"),
            ("#/stage?t=1e309", "t:"),
            ("#/stage?mode=some", "mode:"),
            ("#/stage?boundary=constant:x", "boundary:"),
            ("#/stage?stride=1001", "from 1 to 1000"),
            ("#/stage?theme=%3Cb%3E", "theme: expected auto, light or dark, but found <b>"),
            ("#/stage?z=AAAA", "z:"),
            ("#/stage?z=%%%", "z:"),
            ("#/stage?f=%00", "f:"),
            ("#/stage?ui=%22onload", "ui:"),
        ] {
            let told_to_us = text.parse::<State>().unwrap_err().to_string();
            assert!(told_to_us.contains(told), "{text}: {told_to_us}");
            let page = text.split('?').next().filter(|page| *page == "#/stage").unwrap_or("#/");
            assert_eq!(State::read(text).0, page.parse().unwrap());
        }
        let long = "1,".repeat(60_000) + "1";
        assert!(State::read(&format!("#/stage?x={long}")).1[0].contains("at most 100000 characters"));
        assert!(State::read(&format!("#/stage?x={}1", "1,".repeat(20_000))).1[0].contains("at most 10000 numbers"));
        assert!(
            State::read(&packed::bomb()).1[0].contains("unpacks to more than"),
            "{:?}",
            State::read(&packed::bomb()).1
        );
    }
}
