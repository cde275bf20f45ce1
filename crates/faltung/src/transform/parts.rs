//! A transform in parts of about the same work, so that it can be spread over time.
//!
//! The first pass is made some vectors at a time. What it leaves are blocks that know nothing of one another: small ones are
//! transformed to the end, several at once, and a large one begins with some vectors of its own first pass. Parts go forward in
//! this order, and back in the opposite one; made one after the other they are the whole transform, to the bit.

use std::ops::Range;

use super::{Float, passes::Pass};
use crate::arch::{Simd, Vector, lanes};

/// Numbers that a part takes up, about: some tenths of a microsecond.
const PART: usize = 1024;

/// Bytes of a block that stay in the second cache, and how much longer a pass over a larger one takes.
const NEAR: usize = 1 << 17;
const FAR: usize = 3;

/// A part of a transform.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    pub(super) piece: Piece,
    /// Numbers that it goes over, each time that it does; more where they are far.
    pub(crate) work: usize,
}

/// What a part consists of. All ranges are of vectors.
#[derive(Debug, Clone)]
pub(super) enum Piece {
    /// Some vectors of each strand of the first pass, from samples and to them.
    First(Range<usize>),
    /// Some vectors of each strand of one block, by the pass at this depth.
    Pass { depth: usize, block: Range<usize>, vectors: Range<usize> },
    /// Whole blocks: the passes from this depth on, and the last steps.
    Rest { depth: usize, blocks: Range<usize> },
}

/// The parts of a transform of so many vectors, in the order of the way forward.
pub(super) fn cut<S: Simd, T: Float>(passes: &[Pass<S, T>], vectors: usize) -> Vec<Part> {
    let mut cutting = Cutting { passes, most: (PART / lanes::<S, T>()).max(4), parts: Vec::new() };
    cutting.pass(0, 0..vectors);
    cutting.blocks(1, 0..vectors);
    let work = |part: Part| Part { work: part.work * lanes::<S, T>(), ..part };
    cutting.parts.into_iter().map(work).collect()
}

struct Cutting<'a, S: Simd, T: Float> {
    passes: &'a [Pass<S, T>],
    /// Vectors of a part.
    most: usize,
    parts: Vec<Part>,
}

impl<S: Simd, T: Float> Cutting<'_, S, T> {
    /// One pass over one block.
    fn pass(&mut self, depth: usize, block: Range<usize>) {
        let strand = self.passes[depth].strand();
        let radix = block.len() / strand;
        let step = (self.most / radix).max(1);
        for first in (0..strand).step_by(step) {
            let vectors = first..strand.min(first + step);
            let work = vectors.len() * radix * if size_of::<Vector<S, T>>() * block.len() > NEAR { FAR } else { 1 };
            let piece = match depth {
                0 => Piece::First(vectors),
                _ => Piece::Pass { depth, block: block.clone(), vectors },
            };
            self.parts.push(Part { piece, work });
        }
    }

    /// All from this depth on, for blocks as the pass before left them. The last steps take four vectors of a block at once.
    fn blocks(&mut self, depth: usize, blocks: Range<usize>) {
        let block = self.passes[depth - 1].strand();
        let is_long = blocks.len() > self.most && block.is_multiple_of(4);
        let next = self.passes.get(depth).map(Pass::strand);
        match next {
            _ if is_long && block < blocks.len() => {
                let together = (self.most / block).max(1) * block;
                for first in blocks.clone().step_by(together) {
                    self.blocks(depth, first..blocks.end.min(first + together));
                }
            }
            Some(strand) if is_long && strand.is_multiple_of(4) => {
                self.pass(depth, blocks.clone());
                self.blocks(depth + 1, blocks);
            }
            _ => {
                let work = blocks.len() * (self.passes.len() - depth + 1);
                self.parts.push(Part { piece: Piece::Rest { depth, blocks }, work });
            }
        }
    }
}
