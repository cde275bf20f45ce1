//! Pictures with labels, and what is done to them: shifted, shuffled, a share of them.
//!
//! [`digits`] draws some; a caller who has files hands over their bytes.

pub mod digits;
mod stroke;

use rand::seq::SliceRandom;

use crate::{
    Error, Result, Shape,
    random::{Purpose, generator},
};

/// Pictures of one shape, each with the number of its class.
///
/// ```
/// use faltung_train::{Dataset, Shape};
/// let shape = Shape { channels: 1, height: 1, width: 2 };
/// let data = Dataset::new(shape, vec![0, 255, 9, 9], vec![1, 0], vec!["flat".into(), "step".into()])?;
/// assert_eq!((data.len(), data.picture(0), &data.classes()[1][..]), (2, &[0, 255][..], "step"));
/// # Ok::<(), faltung_train::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Dataset {
    shape: Shape,
    pixels: Vec<u8>,
    labels: Vec<u8>,
    classes: Vec<String>,
}

impl Dataset {
    /// Pictures as `[picture, channel, row, column]`, with a label for each: the place of its class among the classes.
    ///
    /// # Errors
    /// [`Error::Data`] if there is no picture or no pixel, if the numbers of pixels, labels and classes do not fit together.
    ///
    /// ```
    /// use faltung_train::{Dataset, Shape};
    /// let shape = Shape { channels: 1, height: 1, width: 1 };
    /// let error = Dataset::new(shape, vec![7, 8], vec![0, 3], vec!["a".into(), "b".into()]).unwrap_err();
    /// assert_eq!(error.to_string(), "picture 1 has the label 3, and there are 2 classes: labels are from 0 to 1");
    /// ```
    pub fn new(shape: Shape, pixels: Vec<u8>, labels: Vec<u8>, classes: Vec<String>) -> Result<Dataset> {
        let wrong = |problem: String| Err(Error::Data(problem));
        if labels.is_empty() || shape.is_empty() {
            return wrong("there are no pictures: give at least one".to_owned());
        }
        if labels.len().checked_mul(shape.len()) != Some(pixels.len()) {
            return wrong(format!(
                "{} pictures of {shape} have {} pixels each, and {} came in all",
                labels.len(),
                shape.len(),
                pixels.len()
            ));
        }
        let count = classes.len();
        if !(2..=256).contains(&count) {
            return wrong(format!("there are {count} classes: from 2 to 256 can be told apart"));
        }
        if let Some((at, label)) = labels.iter().enumerate().find(|(_, label)| usize::from(**label) >= count) {
            return wrong(format!(
                "picture {at} has the label {label}, and there are {count} classes: labels are from 0 to {}",
                count - 1
            ));
        }
        Ok(Dataset { shape, pixels, labels, classes })
    }

    /// How many pictures there are.
    ///
    /// ```
    /// assert_eq!(faltung_train::digits::training(30, 1)?.len(), 30);
    /// # Ok::<(), faltung_train::Error>(())
    /// ```
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Never: there is at least one.
    ///
    /// ```
    /// assert!(!faltung_train::digits::training(1, 1)?.is_empty());
    /// # Ok::<(), faltung_train::Error>(())
    /// ```
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// The shape of each picture.
    ///
    /// ```
    /// assert_eq!(faltung_train::digits::training(1, 1)?.shape().to_string(), "1x28x28");
    /// # Ok::<(), faltung_train::Error>(())
    /// ```
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// The class of each picture.
    ///
    /// ```
    /// assert_eq!(faltung_train::digits::training(12, 1)?.labels(), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1]);
    /// # Ok::<(), faltung_train::Error>(())
    /// ```
    pub fn labels(&self) -> &[u8] {
        &self.labels
    }

    /// What the classes are called.
    ///
    /// ```
    /// assert_eq!(faltung_train::digits::training(1, 1)?.classes()[7], "7");
    /// # Ok::<(), faltung_train::Error>(())
    /// ```
    pub fn classes(&self) -> &[String] {
        &self.classes
    }

    /// The pixels of a picture, as `[channel, row, column]`.
    ///
    /// # Panics
    /// If there is no such picture.
    ///
    /// ```
    /// assert_eq!(faltung_train::digits::training(1, 1)?.picture(0).len(), 28 * 28);
    /// # Ok::<(), faltung_train::Error>(())
    /// ```
    pub fn picture(&self, index: usize) -> &[u8] {
        &self.pixels[index * self.shape.len()..][..self.shape.len()]
    }

    /// All pictures shifted by so many rows downwards and columns to the right; what comes in at the edges repeats them.
    ///
    /// ```
    /// # use faltung_train::{Dataset, Shape};
    /// let shape = Shape { channels: 1, height: 1, width: 4 };
    /// let data = Dataset::new(shape, vec![1, 2, 3, 4], vec![0], vec!["a".into(), "b".into()])?;
    /// assert_eq!(data.shifted_by([0, 1]).picture(0), [1, 1, 2, 3]);
    /// assert_eq!(data.shifted_by([0, -2]).picture(0), [3, 4, 4, 4]);
    /// # Ok::<(), faltung_train::Error>(())
    /// ```
    #[must_use]
    pub fn shifted_by(&self, steps: [isize; 2]) -> Dataset {
        let pixels = (0..self.len()).flat_map(|picture| self.shifted(picture, steps)).collect();
        Dataset { pixels, ..self.without_pixels() }
    }

    /// All pictures with their pixels in another order, the same for all: what lay side by side no longer does.
    ///
    /// The order follows from the seed and the extents alone, so training and test pictures are shuffled alike.
    ///
    /// ```
    /// # use faltung_train::digits;
    /// let data = digits::test(3, 1)?;
    /// let shuffled = data.shuffled(1);
    /// let sorted = |data: &faltung_train::Dataset| { let mut all = data.picture(2).to_vec(); all.sort(); all };
    /// assert_ne!(data, shuffled);
    /// assert_eq!(sorted(&data), sorted(&shuffled));
    /// # Ok::<(), faltung_train::Error>(())
    /// ```
    #[must_use]
    pub fn shuffled(&self, seed: u64) -> Dataset {
        let plane = self.shape.height * self.shape.width;
        let mut order: Vec<usize> = (0..plane).collect();
        order.shuffle(&mut generator(seed, Purpose::Data, 0));
        let planes = self.pixels.chunks_exact(plane);
        let pixels = planes.flat_map(|plane| order.iter().map(|&from| plane[from])).collect();
        Dataset { pixels, ..self.without_pixels() }
    }

    /// A share of the pictures of each class, rounded up, chosen by chance.
    ///
    /// # Errors
    /// [`Error::Option`] if the share is not above 0 and at most 1.
    ///
    /// ```
    /// # use faltung_train::digits;
    /// let few = digits::training(1000, 1)?.share(0.01, 1)?;
    /// assert_eq!(few.labels().iter().filter(|&&label| label == 3).count(), 1);
    /// # Ok::<(), faltung_train::Error>(())
    /// ```
    pub fn share(&self, share: f64, seed: u64) -> Result<Dataset> {
        if !(share > 0.0 && share <= 1.0) {
            let advice = "give a share above 0, at most 1";
            return Err(Error::Option { option: "share", value: share.to_string(), advice });
        }
        let mut chance = generator(seed, Purpose::Data, 1);
        let mut chosen = Vec::new();
        for class in 0..self.classes.len() {
            let mut all: Vec<usize> = (0..self.len()).filter(|&at| usize::from(self.labels[at]) == class).collect();
            let wanted = (all.len() as f64 * share).ceil() as usize;
            all.shuffle(&mut chance);
            chosen.extend(&all[..wanted]);
        }
        chosen.sort_unstable();
        Ok(self.chosen(&chosen))
    }

    /// Every `nth` picture, and all others: some to be tested with, and the rest to learn from.
    ///
    /// # Errors
    /// [`Error::Option`] if either would be empty.
    ///
    /// ```
    /// # use faltung_train::digits;
    /// let (held_out, rest) = digits::training(30, 1)?.split(6)?;
    /// assert_eq!((held_out.len(), rest.len()), (5, 25));
    /// # Ok::<(), faltung_train::Error>(())
    /// ```
    pub fn split(&self, nth: usize) -> Result<(Dataset, Dataset)> {
        if nth < 2 || self.len() < nth {
            let advice = "give at least 2, and at least as many pictures";
            return Err(Error::Option { option: "split", value: nth.to_string(), advice });
        }
        let (held_out, rest): (Vec<_>, Vec<_>) = (0..self.len()).partition(|at| at % nth == nth - 1);
        Ok((self.chosen(&held_out), self.chosen(&rest)))
    }

    /// The mean of all pixels and their standard deviation, where 255 counts as 1; at least one step of a pixel.
    ///
    /// ```
    /// # use faltung_train::{Dataset, Shape};
    /// let shape = Shape { channels: 1, height: 1, width: 2 };
    /// let data = Dataset::new(shape, vec![0, 255], vec![0], vec!["a".into(), "b".into()])?;
    /// assert_eq!(data.mean_and_deviation(), (0.5, 0.5));
    /// # Ok::<(), faltung_train::Error>(())
    /// ```
    pub fn mean_and_deviation(&self) -> (f32, f32) {
        let count = self.pixels.len() as f64;
        let sum: u64 = self.pixels.iter().map(|&pixel| u64::from(pixel)).sum();
        let squares: u64 = self.pixels.iter().map(|&pixel| u64::from(pixel).pow(2)).sum();
        let mean = sum as f64 / count;
        let deviation = (squares as f64 / count - mean * mean).max(1.0).sqrt();
        ((mean / 255.0) as f32, (deviation / 255.0) as f32)
    }

    /// A number that is another one for other data, as far as chance allows: FNV-1a of shape, labels and pixels.
    ///
    /// ```
    /// # use faltung_train::digits;
    /// assert_ne!(digits::training(5, 1)?.fingerprint(), digits::training(5, 2)?.fingerprint());
    /// # Ok::<(), faltung_train::Error>(())
    /// ```
    pub fn fingerprint(&self) -> u64 {
        let extents = [self.shape.channels, self.shape.height, self.shape.width, self.classes.len()];
        let extents = extents.iter().flat_map(|extent| (*extent as u64).to_le_bytes());
        let bytes = extents.chain(self.labels.iter().copied()).chain(self.pixels.iter().copied());
        bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
    }

    /// Refuses pictures of another shape than a net takes.
    pub(crate) fn check_shape(&self, wanted: Shape) -> Result<()> {
        if self.shape == wanted {
            return Ok(());
        }
        let came = self.shape;
        Err(Error::Data(format!("the pictures are {came}, and the net takes {wanted}: give pictures of that size")))
    }

    /// The pixels of a picture, shifted by rows and columns.
    pub(crate) fn shifted(&self, picture: usize, [down, right]: [isize; 2]) -> impl Iterator<Item = u8> + '_ {
        let Shape { height, width, .. } = self.shape;
        let from = |at: usize, shift: isize, len: usize| at.saturating_add_signed(-shift).min(len - 1);
        self.picture(picture).chunks_exact(height * width).flat_map(move |plane| {
            (0..height).flat_map(move |row| {
                let line = &plane[from(row, down, height) * width..][..width];
                (0..width).map(move |column| line[from(column, right, width)])
            })
        })
    }

    fn chosen(&self, chosen: &[usize]) -> Dataset {
        let pixels = chosen.iter().flat_map(|&at| self.picture(at).iter().copied()).collect();
        Dataset { pixels, labels: chosen.iter().map(|&at| self.labels[at]).collect(), ..self.without_pixels() }
    }

    fn without_pixels(&self) -> Dataset {
        let (labels, classes) = (self.labels.clone(), self.classes.clone());
        Dataset { shape: self.shape, pixels: Vec::new(), labels, classes }
    }
}

/// The order in which pictures are seen in an epoch.
pub(crate) fn order(len: usize, seed: u64, epoch: u64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..len).collect();
    order.shuffle(&mut generator(seed, Purpose::Order, epoch));
    order
}
