//! How well a net tells pictures apart.

use crate::{Dataset, Error, Net, Result};

/// What a net made of a set of pictures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evaluation {
    /// What the net's classes are called.
    pub classes: Vec<String>,
    /// How many pictures of the class of the row were told to be of the class of the column.
    pub confusion: Vec<Vec<usize>>,
}

impl Evaluation {
    /// How many pictures there were.
    ///
    /// ```
    /// # use faltung_train::Evaluation;
    /// let told = Evaluation { classes: vec!["a".into(), "b".into()], confusion: vec![vec![8, 1], vec![0, 3]] };
    /// assert_eq!((told.pictures(), told.correct()), (12, 11));
    /// ```
    pub fn pictures(&self) -> usize {
        self.confusion.iter().flatten().sum()
    }

    /// How many were told right.
    ///
    /// ```
    /// # use faltung_train::Evaluation;
    /// let told = Evaluation { classes: vec!["a".into(), "b".into()], confusion: vec![vec![8, 1], vec![0, 3]] };
    /// assert_eq!(told.correct(), 8 + 3);
    /// ```
    pub fn correct(&self) -> usize {
        self.confusion.iter().enumerate().map(|(class, row)| row[class]).sum()
    }

    /// The share told right, from 0 to 1.
    ///
    /// ```
    /// # use faltung_train::Evaluation;
    /// let told = Evaluation { classes: vec!["a".into(), "b".into()], confusion: vec![vec![8, 1], vec![2, 9]] };
    /// assert_eq!(told.accuracy(), 0.85);
    /// ```
    pub fn accuracy(&self) -> f64 {
        self.correct() as f64 / self.pictures().max(1) as f64
    }
}

impl Net {
    /// Asks the net about every picture. Classes are known by their names.
    ///
    /// # Errors
    /// [`Error::Data`] if the pictures have another shape than the net takes, or a class that it does not know.
    ///
    /// ```
    /// use faltung_train::{Description, Net, digits};
    /// let data = digits::test(50, 1)?;
    /// let told = Net::new(Description::cnn(data.shape(), 10), 1)?.evaluate(&data)?;
    /// assert_eq!(told.pictures(), 50);
    /// assert!(told.confusion.iter().all(|row| row.iter().sum::<usize>() == 5)); // five of each digit
    /// # Ok::<(), faltung_train::Error>(())
    /// ```
    pub fn evaluate(&self, data: &Dataset) -> Result<Evaluation> {
        let classes = self.description().classes.clone();
        let known = |class: &String| classes.iter().position(|name| name == class);
        let places: Vec<usize> = data
            .classes()
            .iter()
            .map(|class| {
                let unknown = || Error::Data(format!("the net does not know the class {class:?}, only {classes:?}"));
                known(class).ok_or_else(unknown)
            })
            .collect::<Result<_>>()?;
        let mut confusion = vec![vec![0; classes.len()]; classes.len()];
        for (row, &label) in self.probabilities(data)?.iter().zip(data.labels()) {
            confusion[places[usize::from(label)]][likeliest(row)] += 1;
        }
        Ok(Evaluation { classes, confusion })
    }

    /// The share told right when all pictures are shifted by so many pixels: the mean of up, down, left and right.
    ///
    /// # Errors
    /// As [`evaluate`](Net::evaluate).
    ///
    /// ```
    /// use faltung_train::{Description, Net, digits};
    /// let data = digits::test(20, 1)?;
    /// let net = Net::new(Description::cnn(data.shape(), 10), 1)?;
    /// assert_eq!(net.accuracy_shifted(&data, 0)?, net.evaluate(&data)?.accuracy());
    /// # Ok::<(), faltung_train::Error>(())
    /// ```
    pub fn accuracy_shifted(&self, data: &Dataset, pixels: usize) -> Result<f64> {
        if pixels == 0 {
            return Ok(self.evaluate(data)?.accuracy());
        }
        let far = pixels.min(isize::MAX as usize) as isize;
        let directions = [[far, 0], [-far, 0], [0, far], [0, -far]];
        let mut sum = 0.0;
        for steps in directions {
            sum += self.evaluate(&data.shifted_by(steps))?.accuracy();
        }
        Ok(sum / directions.len() as f64)
    }
}

/// The first of the largest.
fn likeliest(probabilities: &[f32]) -> usize {
    let larger = |best: usize, next: usize| if probabilities[next] > probabilities[best] { next } else { best };
    (0..probabilities.len()).reduce(larger).unwrap_or(0)
}
