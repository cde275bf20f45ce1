//! Expressions as trees.

use crate::{Number, signal::conditions::Comparison};

use super::names::Name;

/// An expression, and the column where it is told.
#[derive(Debug)]
pub(super) struct Tree {
    pub(super) node: Node,
    pub(super) column: usize,
}

impl Tree {
    /// A first operand with others, or it alone.
    pub(super) fn operations(first: Tree, others: Vec<Operation>) -> Tree {
        match others.last() {
            Some(&Operation { column, .. }) => Tree { node: Node::Operations(Box::new(first), others), column },
            None => first,
        }
    }
}

#[derive(Debug)]
pub(super) enum Node {
    Number(Number),
    Time,
    Pi,
    Euler,
    Negative(Box<Tree>),
    /// A first operand, and what is done with each of the others, from the left to the right: a list, so that a sum of thousands
    /// of terms is no deeper than one of two.
    Operations(Box<Tree>, Vec<Operation>),
    Power(Box<Tree>, Box<Tree>),
    /// The first side, and each comparison with the next side: `0 <= t < 5` has two.
    Chain(Box<Tree>, Vec<(Comparison, Tree)>),
    Call(Name, Box<Tree>),
    Choice(Box<[Tree; 3]>),
    /// Each value with its condition; the last may have none.
    Piecewise(Vec<(Tree, Option<Tree>)>),
}

/// An operator with the operand on its right.
#[derive(Debug)]
pub(super) struct Operation {
    pub(super) operator: Operator,
    pub(super) column: usize,
    pub(super) operand: Tree,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Plus,
    Minus,
    Times,
    Over,
}
