//! Convolutions explained: traces as tables and pictures.

mod scene;

pub use scene::{
    Align, Arrange, Axis, Cell, Column, Emphasis, Figure, Film, Label, Link, Mark, Panel, Part, Place, Role, Row, RowKind, Scene, Shape,
    Table, Tick,
};
