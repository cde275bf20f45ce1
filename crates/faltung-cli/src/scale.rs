//! Results back in the range that a picture or a sound has.
//!
//! A picture of 8 bits holds 0 to 255, a sound -1 to 1, and a convolution may leave both. What is to happen then is a
//! decision about the picture, which `--map` takes; without it, a result that does not fit is an error. So pictures
//! are summed in a type that holds every sum, and brought back here.
//!
//! | map | a picture from `least` to `most` (floats: 0 to 1) | a sound |
//! |---|---|---|
//! | `clip` | cut off | cut off |
//! | `abs` | without sign, then cut off | |
//! | `offset` | half the range added where it begins at 0, then cut off: zero is middle grey | |
//! | `stretch` | least and greatest value of all channels become `least` and `most` | the peak becomes 1 |

use faltung::{AnyArray, Dtype, Number, Overflow};

use crate::{
    io::{Failure, Form},
    samples::{as_type, converted, extent},
};

/// How values come back into range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Map {
    /// Values beyond the range become its ends.
    Clip,
    /// The size without the sign, clipped.
    Abs,
    /// Zero becomes middle grey, the rest is clipped.
    Offset,
    /// The range that values have becomes the range that there is.
    Stretch,
}

impl Map {
    /// All of them.
    pub const ALL: [Map; 4] = [Map::Clip, Map::Abs, Map::Offset, Map::Stretch];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Map::Clip => "clip",
            Map::Abs => "abs",
            Map::Offset => "offset",
            Map::Stretch => "stretch",
        }
    }
}

/// The range that results are to have, and how they get there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Scale {
    dtype: Dtype,
    least: f64,
    most: f64,
    map: Option<Map>,
}

impl Scale {
    /// For samples of type `dtype` that stood in this form.
    pub(crate) fn new(form: &Form, dtype: Dtype, map: Option<Map>) -> Result<Scale, Failure> {
        let (least, most) = match (form, dtype.range()) {
            (Form::Sound(_), _) => (-1.0, 1.0),
            (_, Some((least, most))) => (least as f64, most as f64),
            (_, None) => (0.0, 1.0),
        };
        match (form, map) {
            (Form::Text(_), Some(_)) => {
                Err(Failure::usage("--map brings pictures and sounds back into range, and numbers in a text have none"))
            }
            (Form::Sound(_), Some(map @ (Map::Abs | Map::Offset))) => {
                Err(Failure::usage(format!("--map {} is for pictures: a sound takes clip or stretch", map.name())))
            }
            (_, Some(_)) if dtype.is_complex() => {
                Err(Failure::usage("--map is for real samples, and these are complex"))
            }
            _ => Ok(Scale { dtype, least, most, map }),
        }
    }

    /// What the engine is to do with sums beyond the type, so that they can be brought back.
    pub(crate) fn overflow(&self) -> Overflow {
        match self.map {
            Some(Map::Clip) => Overflow::Saturate,
            _ => Overflow::Widen,
        }
    }

    /// The type to sum in, if not the data's own: stretching must not see rounded values.
    pub(crate) fn summed_in(&self, real_weights: bool) -> Option<Dtype> {
        let finer = if self.dtype.size() == 1 { Dtype::F32 } else { Dtype::F64 };
        (self.map == Some(Map::Stretch) && self.dtype.is_integer() && real_weights).then_some(finer)
    }

    /// The type that results come back into.
    pub(crate) fn dtype(&self) -> Dtype {
        self.dtype
    }

    /// Brings the result into the range and the type.
    pub(crate) fn apply(&self, result: AnyArray) -> Result<AnyArray, Failure> {
        let fits = self.dtype.is_integer() && result.dtype() == self.dtype;
        match self.map {
            None | Some(Map::Clip) if fits => Ok(result),
            None => self.fit(result),
            Some(map) => self.bring(result, map),
        }
    }

    /// Into the type without any change, or an error that names what would change it.
    fn fit(&self, result: AnyArray) -> Result<AnyArray, Failure> {
        let Scale { dtype, least, most, .. } = *self;
        match extent(&result) {
            Some((low, high)) if low < least || high > most => Err(Failure::data(format!(
                "the result reaches from {low} to {high}, and {dtype} holds {least} to {most}: \
                 choose --map clip, abs, offset or stretch, or write numbers to .npy or .csv"
            ))),
            _ => as_type(result, dtype),
        }
    }

    fn bring(&self, result: AnyArray, map: Map) -> Result<AnyArray, Failure> {
        let Scale { dtype, least, most, .. } = *self;
        let Some((low, high)) = extent(&result) else { return as_type(result, dtype) };
        let sound = least < 0.0 && !dtype.is_integer();
        let middle = match dtype.is_integer() {
            true => ((most - least + 1.0) / 2.0 + least).max(0.0).floor(),
            false => 0.5,
        };
        let (factor, shift) = match map {
            Map::Stretch if sound => (1.0 / low.abs().max(high.abs()), 0.0),
            Map::Stretch => ((most - least) / (high - low), low),
            _ => (1.0, 0.0),
        };
        let factor = if factor.is_finite() { factor } else { 1.0 };
        let value = |y: f64| match map {
            Map::Clip => y,
            Map::Abs => y.abs(),
            Map::Offset => y + middle,
            Map::Stretch if sound => y * factor,
            Map::Stretch => least + (y - shift) * factor,
        };
        converted(&result, dtype, |number| {
            let y = value(number.to_complex().re).clamp(least, most);
            Number::Real(if dtype.is_integer() { y.round_ties_even() } else { y })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use faltung::Array;

    fn mapped(values: &[i16], map: Map) -> AnyArray {
        let result = Array::new(values.to_vec(), &[values.len()]).unwrap().into();
        Scale::new(&Form::Idx, Dtype::U8, Some(map)).unwrap().apply(result).unwrap()
    }

    fn bytes(values: &[u8]) -> AnyArray {
        Array::new(values.to_vec(), &[values.len()]).unwrap().into()
    }

    #[test]
    fn each_map_brings_bytes_back() {
        let values = [-510, -20, 0, 100, 510];
        assert_eq!(mapped(&values, Map::Clip), bytes(&[0, 0, 0, 100, 255]));
        assert_eq!(mapped(&values, Map::Abs), bytes(&[255, 20, 0, 100, 255]));
        assert_eq!(mapped(&values, Map::Offset), bytes(&[0, 108, 128, 228, 255]));
        assert_eq!(mapped(&values, Map::Stretch), bytes(&[0, 122, 128, 152, 255]));
        assert_eq!(mapped(&[7, 7], Map::Stretch), bytes(&[0, 0]));
    }

    #[test]
    fn without_a_map_values_fit_or_the_options_are_named() {
        let scale = Scale::new(&Form::Idx, Dtype::U8, None).unwrap();
        let wide = |value: i16| AnyArray::from(Array::new(vec![value], &[1]).unwrap());
        assert_eq!(scale.apply(wide(255)), Ok(bytes(&[255])));
        assert!(scale.apply(wide(-1)).is_err_and(|f| f.message.contains("--map clip, abs, offset or stretch")));
    }
}
