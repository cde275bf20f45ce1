//! Scenes: what there is to see, in numbers of the data and in words, before any painter gives it a size or a colour.
//!
//! ```text
//! Film: Scene for each t -> Part: Sentence, Note, Table, Figure -> Panel: two Axes, Marks -> Shape, Role, Label
//! ```
//!
//! A view builds a scene, a painter paints it, and neither knows the other. All coordinates are those of the data: samples,
//! hours, values. What a colour would say is said by a [`Role`], and each painter has a second sign for it (a dash, hatching,
//! brackets), so that no picture depends on colour alone.

use serde::Serialize;

/// One explanation, in reading order.
#[derive(Clone, Debug, PartialEq)]
pub struct Scene {
    /// One line: the operation and the place, such as `(f*g)(4) = 28`.
    pub title: String,
    /// The place among others of its film, such as `t = 4`.
    pub place: String,
    /// What the scene shows, in whole sentences, for whoever does not see it.
    pub description: String,
    /// What is read and looked at, from the top.
    pub parts: Vec<Part>,
}

/// Scenes of one explanation, one for each place.
#[derive(Clone, Debug, PartialEq)]
pub struct Film {
    /// What all of them are about.
    pub title: String,
    /// One scene for each place, in order. All have the same parts, panels and scales.
    pub scenes: Vec<Scene>,
    /// The scene that is shown first where there is a choice.
    pub chosen: usize,
}

/// A film of one scene.
impl From<Scene> for Film {
    fn from(scene: Scene) -> Film {
        Film { title: scene.title.clone(), scenes: vec![scene], chosen: 0 }
    }
}

/// A piece of a scene.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", content = "content", rename_all = "lowercase")]
pub enum Part {
    /// What is computed, with its numbers: `t = 4: 3·1 + 5·3 + 2·5 = 28`.
    Sentence(String),
    /// What a reader should know beside it.
    Note(String),
    /// Numbers in rows and columns.
    Table(Table),
    /// A picture.
    Figure(Figure),
}

/// Numbers in rows and columns, each with a heading.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Table {
    /// What the table is called in documents: unique in its scene, of the letters `a-z0-9-`.
    pub id: String,
    /// What the table tells.
    pub caption: String,
    /// The columns; the first is that of the rows' headings, if these have any.
    pub columns: Vec<Column>,
    /// The rows, each with as many cells as there are columns.
    pub rows: Vec<Row>,
    /// The column that belongs to the place shown.
    pub marked: Option<usize>,
}

/// The heading of a column.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Column {
    /// What stands above it.
    pub heading: String,
    /// To which side its cells keep.
    pub align: Align,
}

/// To which side of its column a text keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Align {
    /// To the left, as words do.
    Left,
    /// To the right, as numbers do.
    Right,
}

/// A row of a table.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// Whether it is one of those summed, or their sum.
    pub kind: RowKind,
    /// Its cells, as many as there are columns.
    pub cells: Vec<Cell>,
}

/// What a row is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RowKind {
    /// One of many.
    Body,
    /// The sum of those above.
    Total,
}

/// A cell of a table.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Cell {
    /// What stands in it.
    pub text: String,
    /// The number that the text tells, if it tells one.
    pub value: Option<f64>,
    /// The term that it shows, as [`Mark::term`].
    pub term: Option<String>,
    /// How much it matters here.
    pub emphasis: Emphasis,
}

/// How much something matters at the place shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Emphasis {
    /// As all else.
    #[default]
    Plain,
    /// It is what the place is about.
    Marked,
    /// It is there, but has no part in it: zeros, what is cropped off, what has expired.
    Faint,
}

/// Panels that are looked at together.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Figure {
    /// What the figure is called in documents: unique in its scene, of the letters `a-z0-9-`.
    pub id: String,
    /// Its alternative text.
    pub description: String,
    /// How the panels stand beside one another.
    pub arrange: Arrange,
    /// The panels, from the top or from the left.
    pub panels: Vec<Panel>,
    /// Lines from a panel to another.
    pub links: Vec<Link>,
}

/// How panels stand beside one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Arrange {
    /// One below the other, with one unit of length along `x`: a vertical line reads through all.
    Column,
    /// One beside the other, with one unit of length along both axes of all: grids of cells.
    Row,
}

/// Two axes and what stands between them.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Panel {
    /// What the panel is called in documents: unique in its scene, of the letters `a-z0-9-`.
    pub id: String,
    /// What it shows, such as `g(4-τ)`.
    pub title: String,
    /// The horizontal axis, growing to the right.
    pub x: Axis,
    /// The vertical axis: values grow upwards; rows of grids (`downwards`) as they are read.
    pub y: Axis,
    /// What stands in it, later ones over earlier ones.
    pub marks: Vec<Mark>,
}

/// One axis of a panel.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Axis {
    /// Its name with the unit: `τ (hours, input time)`.
    pub label: String,
    /// The least coordinate seen.
    pub from: f64,
    /// The largest coordinate seen; larger than `from`.
    pub to: f64,
    /// Where it is labelled, in order.
    pub ticks: Vec<Tick>,
    /// Whether it grows downwards, as rows of an array do (vertical axes only).
    pub downwards: bool,
}

/// A labelled place of an axis.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Tick {
    /// Its coordinate.
    pub at: f64,
    /// What is written there. Painters may leave labels out where they would touch.
    pub label: String,
}

/// Something to be seen in a panel.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Mark {
    /// What the mark is called in documents: unique in its scene, of the letters `a-z0-9-`, and the same in all scenes of a film
    /// for what is the same thing.
    pub id: String,
    /// The term of the sum that it shows (`term-2` is that of sample 2): the same for all marks and cells that show it.
    pub term: Option<String>,
    /// The number that it stands for.
    pub value: Option<f64>,
    /// Where it is.
    pub shape: Shape,
    /// What it is.
    pub role: Role,
    /// What is written at it.
    pub label: Option<Label>,
}

/// The form of a mark, in coordinates of its panel.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "form", rename_all = "lowercase")]
pub enum Shape {
    /// A sample of a sequence: a line from zero to a dot at `(x, y)`.
    Stem {
        /// Where.
        x: f64,
        /// How high.
        y: f64,
    },
    /// A bar from `base` to `y`, of some width about `x`. Bars stacked upon one another have the ends of one as the base of the next.
    Bar {
        /// Its middle.
        x: f64,
        /// Its width.
        width: f64,
        /// Where it begins.
        base: f64,
        /// Where it ends.
        y: f64,
    },
    /// A function, joined from point to point.
    Curve {
        /// `(x, y)`, in order of `x`.
        points: Vec<[f64; 2]>,
    },
    /// What lies between a function and zero.
    Area {
        /// `(x, y)` of the function, in order of `x`.
        points: Vec<[f64; 2]>,
    },
    /// A value at a jump, or of a running output.
    Dot {
        /// Where.
        x: f64,
        /// How high.
        y: f64,
        /// Whether the value is not taken there.
        hollow: bool,
    },
    /// An impulse: an arrow as high as its weight.
    Arrow {
        /// Where.
        x: f64,
        /// Its weight.
        weight: f64,
    },
    /// A cell of a grid: a square of side 1 about `(x, y)`, with its label inside.
    Square {
        /// Its column.
        x: f64,
        /// Its row.
        y: f64,
    },
    /// A frame without filling, from corner to corner.
    Frame {
        /// One corner.
        from: [f64; 2],
        /// The other.
        to: [f64; 2],
    },
    /// A handle on the horizontal axis.
    Handle {
        /// Where.
        x: f64,
    },
    /// A vertical line through the whole panel.
    Rule {
        /// Where.
        x: f64,
    },
    /// A bracket below the axis, for what lies between two places.
    Bracket {
        /// Where it begins.
        from: f64,
        /// Where it ends.
        to: f64,
        /// Which line of brackets, 0 the next to the axis.
        line: usize,
    },
}

/// What a mark is: painters choose colour, dash and hatching by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// The first operand, or the input.
    Input,
    /// The second operand, or the kernel.
    Kernel,
    /// A product above zero.
    Positive,
    /// A product below zero.
    Negative,
    /// The output, as far as it is known.
    Output,
    /// What is not yet known, or was before: a faint outline.
    Ghost,
    /// A sample that a boundary supplied: hollow.
    Virtual,
    /// What is cropped off: faded.
    Cropped,
    /// The place shown, its handle and its value.
    Marker,
    /// An axis, a bracket, a frame.
    Plain,
}

/// What is written at a mark.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Label {
    /// The words; a second line after `\n`.
    pub text: String,
    /// Where it stands beside its mark.
    pub place: Place,
    /// Whether a painter may leave it out where it would touch another. Those that may not are made room for.
    pub optional: bool,
}

/// Where a label stands beside its mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Place {
    /// Away from zero, beyond the end of the mark.
    End,
    /// In the middle of the mark.
    Inside,
    /// To its right.
    Right,
    /// Below the axis, under the ticks.
    Axis,
}

/// A line from a mark of one panel to a mark of another.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Link {
    /// The mark that it begins at.
    pub from: String,
    /// The mark that it ends at.
    pub to: String,
}
