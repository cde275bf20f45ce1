//! Tokens as trees, by recursive descent: a method for each level of the grammar, from the loosest bond to the tightest.

use crate::signal::conditions::Comparison;

use super::{
    Mistake,
    names::{named, suggestion},
    token::{Placed, Token},
    tree::{Node, Operation, Operator, Tree},
};

/// How deeply brackets, signs and powers may be nested.
const MOST_DEPTH: usize = 64;

/// The tree of a whole expression.
pub(super) fn tree(tokens: &[Placed]) -> Result<Tree, Mistake> {
    let mut parser = Parser { tokens, at: 0, depth: 0 };
    let tree = parser.comparison()?;
    match &parser.peek().token {
        Token::End => Ok(tree),
        other => Err(parser.misplaced(&format!("expected an operator or the end, but found {}", other.shown()))),
    }
}

struct Parser<'a> {
    tokens: &'a [Placed],
    at: usize,
    depth: usize,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> &'a Placed {
        &self.tokens[self.at]
    }

    /// The next token; the end again and again.
    fn next(&mut self) -> &'a Placed {
        let placed = self.peek();
        self.at = (self.at + 1).min(self.tokens.len() - 1);
        placed
    }

    /// Takes the next token if it is one of these signs.
    fn take(&mut self, signs: &[&'static str]) -> Option<(&'static str, usize)> {
        match self.peek() {
            Placed { token: Token::Sign(sign), column } if signs.contains(sign) => {
                self.next();
                Some((sign, *column))
            }
            _ => None,
        }
    }

    fn take_word(&mut self, word: &str) -> bool {
        let found = matches!(&self.peek().token, Token::Name(name) if name == word);
        if found {
            self.next();
        }
        found
    }

    fn mistake(&self, message: impl Into<String>) -> Mistake {
        Mistake::new(self.peek().column, message)
    }

    /// A token that cannot stand where it does, with a hint where a multiplication sign is missing.
    fn misplaced(&self, message: &str) -> Mistake {
        let missing = match &self.peek().token {
            Token::Number(_) | Token::Sign("(") => true,
            Token::Name(name) => name != "for" && name != "otherwise",
            _ => false,
        };
        let hint = if missing { "; put * between factors" } else { "" };
        self.mistake(format!("{message}{hint}"))
    }

    /// Goes one level deeper, unless that is too deep.
    fn nested<T>(&mut self, inside: impl FnOnce(&mut Self) -> Result<T, Mistake>) -> Result<T, Mistake> {
        if self.depth == MOST_DEPTH {
            return Err(self
                .mistake(format!("brackets, signs and powers may be nested {MOST_DEPTH} deep, and these are deeper")));
        }
        self.depth += 1;
        let result = inside(self);
        self.depth -= 1;
        result
    }

    fn comparison(&mut self) -> Result<Tree, Mistake> {
        let first = self.sum()?;
        let mut others = Vec::new();
        let column = self.peek().column;
        while let Some((sign, _)) = self.take(&["<", "<=", ">", ">="]) {
            let comparison = match sign {
                "<" => Comparison::Less,
                "<=" => Comparison::LessOrEqual,
                ">" => Comparison::Greater,
                _ => Comparison::GreaterOrEqual,
            };
            others.push((comparison, self.sum()?));
        }
        match others.is_empty() {
            true => Ok(first),
            false => Ok(Tree { node: Node::Chain(Box::new(first), others), column }),
        }
    }

    fn sum(&mut self) -> Result<Tree, Mistake> {
        let first = self.product()?;
        let mut others = Vec::new();
        while let Some((sign, column)) = self.take(&["+", "-"]) {
            let operator = if sign == "+" { Operator::Plus } else { Operator::Minus };
            others.push(Operation { operator, column, operand: self.product()? });
        }
        Ok(Tree::operations(first, others))
    }

    fn product(&mut self) -> Result<Tree, Mistake> {
        let first = self.signed()?;
        let (mut others, mut divided) = (Vec::new(), false);
        // Whether a name or a bracket may follow without a sign: after a number alone.
        let mut bare = self.after_number();
        loop {
            if let Some((sign, column)) = self.take(&["*", "/"]) {
                divided = sign == "/";
                let operator = if divided { Operator::Over } else { Operator::Times };
                others.push(Operation { operator, column, operand: self.signed()? });
                bare = self.after_number();
                continue;
            }
            let column = self.peek().column;
            let follows = match &self.peek().token {
                Token::Name(name) => name != "for" && name != "otherwise",
                Token::Sign("(") => true,
                _ => false,
            };
            if !(bare && follows) {
                return Ok(Tree::operations(first, others));
            }
            if divided {
                return Err(
                    self.mistake("after a division it is unclear what this multiplies: write 1/(2*t) or (1/2)*t")
                );
            }
            others.push(Operation { operator: Operator::Times, column, operand: self.power()? });
            bare = false;
        }
    }

    /// Whether the last token was a number that is a factor by itself, and no exponent.
    fn after_number(&self) -> bool {
        let before = |back: usize| self.at.checked_sub(back).map(|at| &self.tokens[at].token);
        matches!(before(1), Some(Token::Number(_)))
            && !matches!(before(2), Some(Token::Sign("^")))
            && !(matches!(before(2), Some(Token::Sign("-" | "+"))) && matches!(before(3), Some(Token::Sign("^"))))
    }

    fn signed(&mut self) -> Result<Tree, Mistake> {
        match self.take(&["-", "+"]) {
            Some(("-", column)) => {
                let inside = self.nested(Self::signed)?;
                Ok(Tree { node: Node::Negative(Box::new(inside)), column })
            }
            Some(_) => self.nested(Self::signed),
            None => self.power(),
        }
    }

    fn power(&mut self) -> Result<Tree, Mistake> {
        let base = self.atom()?;
        match self.take(&["^"]) {
            Some((_, column)) => {
                let exponent = self.nested(Self::signed)?;
                Ok(Tree { node: Node::Power(Box::new(base), Box::new(exponent)), column })
            }
            None => Ok(base),
        }
    }

    fn atom(&mut self) -> Result<Tree, Mistake> {
        let Placed { token, column } = self.peek();
        let column = *column;
        match token {
            Token::Number(number) => {
                self.next();
                Ok(Tree { node: Node::Number(*number), column })
            }
            Token::Sign("(") => {
                self.next();
                let inside = self.nested(Self::comparison)?;
                self.close(column)?;
                Ok(inside)
            }
            Token::Name(name) => self.name(name, column),
            Token::End => Err(self.mistake("expected a number, t, a function or '(', but the expression ends")),
            other => Err(self.mistake(format!("expected a number, t, a function or '(', but found {}", other.shown()))),
        }
    }

    fn name(&mut self, name: &str, column: usize) -> Result<Tree, Mistake> {
        let constant = match name {
            "t" => Some(Node::Time),
            "pi" => Some(Node::Pi),
            "e" => Some(Node::Euler),
            _ => None,
        };
        let known = constant.is_some() || named(name).is_some() || matches!(name, "if" | "piecewise");
        if !known {
            return Err(self.mistake(format!("'{}' is not known: {}", shortened(name), suggestion(name))));
        }
        self.next();
        if let Some(node) = constant {
            return Ok(Tree { node, column });
        }
        let Some((_, open)) = self.take(&["("]) else {
            return Err(self.mistake(format!("expected '(' after '{name}', but found {}", self.peek().token.shown())));
        };
        let node = self.nested(|parser| match (name, named(name)) {
            ("if", _) => parser.choice(open),
            (_, Some(function)) => {
                let argument = Box::new(parser.comparison()?);
                parser.close(open)?;
                Ok(Node::Call(function, argument))
            }
            _ => parser.piecewise(open),
        })?;
        Ok(Tree { node, column })
    }

    fn choice(&mut self, open: usize) -> Result<Node, Mistake> {
        let condition = self.condition()?;
        self.comma("the value where the condition holds")?;
        let first = self.comparison()?;
        self.comma("the value where it does not")?;
        let second = self.comparison()?;
        self.close(open)?;
        Ok(Node::Choice(Box::new([condition, first, second])))
    }

    fn piecewise(&mut self, open: usize) -> Result<Node, Mistake> {
        let mut cases = Vec::new();
        loop {
            let value = self.comparison()?;
            if self.take_word("otherwise") {
                cases.push((value, None));
                break;
            }
            if !self.take_word("for") {
                let found = self.peek().token.shown();
                return Err(self.mistake(format!("expected 'for' with a condition, or 'otherwise', but found {found}")));
            }
            cases.push((value, Some(self.condition()?)));
            if self.take(&[";"]).is_none() {
                break;
            }
        }
        self.close(open)?;
        Ok(Node::Piecewise(cases))
    }

    fn condition(&mut self) -> Result<Tree, Mistake> {
        let column = self.peek().column;
        let condition = self.comparison()?;
        match condition.node {
            Node::Chain(..) => Ok(condition),
            _ => Err(Mistake::new(column, "expected a comparison, such as t >= 0 or 0 <= t < 1")),
        }
    }

    fn comma(&mut self, before: &str) -> Result<(), Mistake> {
        match self.take(&[","]) {
            Some(_) => Ok(()),
            None => Err(self.misplaced(&format!("expected ',' and {before}, but found {}", self.peek().token.shown()))),
        }
    }

    fn close(&mut self, open: usize) -> Result<(), Mistake> {
        if self.take(&[")"]).is_some() {
            return Ok(());
        }
        match &self.peek().token {
            Token::End => {
                Err(self.mistake(format!("expected ')' to close the '(' at column {open}, but the expression ends")))
            }
            other => Err(self.misplaced(&format!("expected ')' or an operator, but found {}", other.shown()))),
        }
    }
}

/// A name that is short enough for a message.
fn shortened(name: &str) -> String {
    match name.chars().count() {
        0..=30 => name.to_owned(),
        _ => name.chars().take(30).chain(['…']).collect(),
    }
}
