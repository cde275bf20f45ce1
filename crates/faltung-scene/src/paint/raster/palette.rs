//! At most 256 colours for all frames of a GIF.
//!
//! If the frames have no more, these are they, and nothing changes. Else colours are taken in order of how many pixels have them, each
//! if it is farther than `d` from all taken before, with the least whole `d` that leaves no more than 256. Areas of one colour keep
//! it exactly; only pixels at the edges of letters and lines change, none of their channels by more than `d` levels of 256.
//! Quantisers for photographs average colours, which would change the paper itself, and give no such bound.

use std::collections::BTreeMap;

/// Most colours of a GIF.
const MOST: usize = 256;

/// Red, green and blue.
type Colour = [u8; 3];

/// The colours of a GIF, and which of them each colour of its frames becomes.
pub(super) struct Palette {
    colours: Vec<Colour>,
    index: BTreeMap<Colour, u8>,
}

impl Palette {
    /// For frames of red, green and blue.
    pub(super) fn of<'p>(frames: impl Iterator<Item = &'p [u8]>) -> Palette {
        let mut counts: BTreeMap<Colour, u64> = BTreeMap::new();
        for frame in frames {
            for run in pixels(frame).collect::<Vec<_>>().chunk_by(|a, b| a == b) {
                *counts.entry(run[0]).or_default() += run.len() as u64;
            }
        }
        let mut by_count: Vec<(Colour, u64)> = counts.into_iter().collect();
        by_count.sort_by_key(|(colour, count)| (std::cmp::Reverse(*count), *colour));
        let all: Vec<Colour> = by_count.into_iter().map(|(colour, _)| colour).collect();
        // At 255 there is one.
        let colours = (0..=u8::MAX).find_map(|least| apart(&all, least)).unwrap_or_default();
        let index = all.iter().map(|colour| (*colour, nearest(&colours, *colour))).collect();
        Palette { colours, index }
    }

    /// The colours one after the other.
    pub(super) fn bytes(&self) -> Vec<u8> {
        self.colours.concat()
    }

    /// For each pixel of a frame the number of its colour.
    pub(super) fn indices(&self, frame: &[u8]) -> Vec<u8> {
        let mut last = ([0; 3], self.index.get(&[0; 3]).copied().unwrap_or(0));
        let found = pixels(frame).map(|colour| {
            if colour != last.0 {
                last = (colour, self.index[&colour]);
            }
            last.1
        });
        found.collect()
    }
}

fn pixels(frame: &[u8]) -> impl Iterator<Item = Colour> {
    frame.as_chunks::<3>().0.iter().copied()
}

/// The largest difference of a channel.
fn distance(a: Colour, b: Colour) -> u8 {
    (0..3).map(|channel| a[channel].abs_diff(b[channel])).max().unwrap_or(0)
}

/// Those that are farther than `d` from all before them, if there are not too many.
fn apart(all: &[Colour], d: u8) -> Option<Vec<Colour>> {
    let mut taken: Vec<Colour> = Vec::new();
    for colour in all {
        if taken.iter().all(|other| distance(*colour, *other) > d) {
            if taken.len() == MOST {
                return None;
            }
            taken.push(*colour);
        }
    }
    Some(taken)
}

/// The number of the colour that is nearest, the first of several.
fn nearest(colours: &[Colour], colour: Colour) -> u8 {
    let numbered = colours.iter().zip(0..=u8::MAX);
    numbered.min_by_key(|(other, _)| distance(**other, colour)).map_or(0, |(_, number)| number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_colours_stay_as_they_are_the_most_frequent_first() {
        let frame = [9, 9, 9, 1, 2, 3, 9, 9, 9];
        let palette = Palette::of([&frame[..], &[1, 2, 4]].into_iter());
        assert_eq!(palette.bytes(), [9, 9, 9, 1, 2, 3, 1, 2, 4]);
        assert_eq!(palette.indices(&frame), [0, 1, 0]);
    }

    #[test]
    fn of_many_colours_the_frequent_ones_stay_and_the_others_change_little() {
        // 4096 colours, steps of 16 apart, and one that most pixels have.
        let mut frame: Vec<u8> = (0..4096u32)
            .flat_map(|at| [at % 16 * 16, at / 16 % 16 * 16, at / 256 * 16].map(|channel| channel as u8))
            .collect();
        frame.extend([7, 7, 7].repeat(5000));
        let palette = Palette::of([&frame[..]].into_iter());
        assert!(palette.colours.len() <= MOST && palette.colours[0] == [7, 7, 7]);
        let becomes = |colour: Colour| palette.colours[usize::from(palette.index[&colour])];
        assert_eq!(becomes([7, 7, 7]), [7, 7, 7]);
        // 256 boxes of half a side of d = 48 cover 4096 = 16³ colours: (16 / 4)³ boxes would be enough, as these lie.
        assert!(pixels(&frame).all(|colour| distance(colour, becomes(colour)) <= 48));
    }
}
