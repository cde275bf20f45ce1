//! Expressions as trees.

use crate::{Number, signal::conditions::Comparison};

use super::names::Name;

/// An expression, and the column where it is told.
#[derive(Debug)]
pub(super) struct Tree {
    pub(super) node: Node,
    pub(super) column: usize,
}

#[derive(Debug)]
pub(super) enum Node {
    Number(Number),
    Time,
    Pi,
    Euler,
    Negative(Box<Tree>),
    Sum(Box<Tree>, Box<Tree>),
    Difference(Box<Tree>, Box<Tree>),
    Product(Box<Tree>, Box<Tree>),
    Quotient(Box<Tree>, Box<Tree>),
    Power(Box<Tree>, Box<Tree>),
    /// The first side, and each comparison with the next side: `0 <= t < 5` has two.
    Chain(Box<Tree>, Vec<(Comparison, Tree)>),
    Call(Name, Box<Tree>),
    Choice(Box<[Tree; 3]>),
    /// Each value with its condition; the last may have none.
    Piecewise(Vec<(Tree, Option<Tree>)>),
}
