//! Arrays of samples in another type or another shape.
//!
//! Nothing is lost in silence: a number that the other type cannot hold is an error that names it. Floats are rounded
//! to the nearest, for that is what floats do.

use faltung::{AnyArray, AnyView, Array, Complex, Dtype, Number, Sample, View, half};

use crate::io::Failure;

/// A type that numbers can be taken as.
trait Taken: Sample {
    /// The number in this type; `None` if it is beyond it.
    fn of(number: Number) -> Option<Self>;
}

/// Stamps the integers: whole numbers in their range.
macro_rules! whole {
    ($($int:ty),+) => {$(
        impl Taken for $int {
            fn of(number: Number) -> Option<Self> {
                real(number)?.whole()?.try_into().ok()
            }
        }
    )+};
}
whole!(u8, u16, u32, u64, i8, i16, i32, i64);

/// Stamps the floats, and the complex numbers of two of them.
macro_rules! float {
    ($($float:ty, $narrow:expr;)+) => {$(
        impl Taken for $float {
            fn of(number: Number) -> Option<Self> {
                let wide = match real(number)? {
                    Number::Whole(n) => n as f64,
                    other => other.to_complex().re,
                };
                let value: $float = $narrow(wide);
                (value.is_finite() || !wide.is_finite()).then_some(value)
            }
        }
    )+};
}
float! {
    f32, |wide| wide as f32;
    f64, |wide| wide;
    half::f16, half::f16::from_f64;
    half::bf16, half::bf16::from_f64;
}

impl Taken for Complex<f64> {
    fn of(number: Number) -> Option<Self> {
        Some(number.to_complex())
    }
}

impl Taken for Complex<f32> {
    fn of(number: Number) -> Option<Self> {
        let z = number.to_complex();
        Some(Complex::new(f32::of(Number::Real(z.re))?, f32::of(Number::Real(z.im))?))
    }
}

/// The number without an imaginary part, if that is zero.
fn real(number: Number) -> Option<Number> {
    match number {
        Number::Complex(z) if z.im == 0.0 => Some(Number::Real(z.re)),
        Number::Complex(_) => None,
        other => Some(other),
    }
}

/// Stamps the way from a type known at run time to the type. A storage type that is not in the list is refused until
/// it is entered here.
macro_rules! types {
    ($($variant:ident $sample:ty;)+) => {
        /// The same numbers in another type, each changed by `change` on the way.
        ///
        /// # Errors
        /// The first of them that the type cannot hold.
        pub(crate) fn converted(array: &AnyArray, dtype: Dtype, change: impl Fn(Number) -> Number)
            -> Result<AnyArray, Failure>
        {
            $(if dtype == Dtype::$variant { return take::<$sample>(array, &change).map(AnyArray::from); })+
            Err(unlisted(dtype))
        }

        fn for_each(array: &AnyArray, each: &mut dyn FnMut(Number)) {
            $(if let AnyArray::$variant(array) = array { array.data().iter().for_each(|sample| each(sample.number())); })+
        }

        /// The samples in another shape of as many.
        pub(crate) fn reshaped<'a>(array: &'a AnyArray, shape: &[usize]) -> Result<AnyView<'a>, Failure> {
            $(if let AnyArray::$variant(array) = array {
                return Ok(View::new(array.data(), shape).map(AnyView::$variant)?);
            })+
            Err(unlisted(array.dtype()))
        }
    };
}
types! {
    F16 half::f16; Bf16 half::bf16; F32 f32; F64 f64; C64 Complex<f32>; C128 Complex<f64>;
    U8 u8; U16 u16; U32 u32; U64 u64; I8 i8; I16 i16; I32 i32; I64 i64;
}

fn unlisted(dtype: Dtype) -> Failure {
    Failure::data(format!("samples of type {dtype} cannot be converted here"))
}

/// The same numbers in another type.
///
/// # Errors
/// The first of them that the type cannot hold.
pub(crate) fn as_type(array: AnyArray, dtype: Dtype) -> Result<AnyArray, Failure> {
    if array.dtype() == dtype { Ok(array) } else { converted(&array, dtype, |number| number) }
}

fn take<T: Taken>(array: &AnyArray, change: &impl Fn(Number) -> Number) -> Result<Array<T>, Failure> {
    let mut samples = Vec::with_capacity(array.shape().iter().product());
    let mut unfit = None;
    for_each(array, &mut |number| {
        let number = change(number);
        match T::of(number) {
            Some(sample) => samples.push(sample),
            None if unfit.is_none() => unfit = Some((samples.len(), number)),
            None => {}
        }
    });
    match unfit {
        None => Ok(Array::new(samples, array.shape())?),
        Some((at, number)) => Err(Failure::data(format!(
            "sample {at} is {number}, and {} holds {}: another --dtype would",
            T::DTYPE,
            holdings(T::DTYPE)
        ))),
    }
}

/// What a type holds, in words.
fn holdings(dtype: Dtype) -> String {
    match (dtype.range(), dtype.is_complex()) {
        (Some((least, most)), _) => format!("whole numbers from {least} to {most}"),
        (None, true) => "complex numbers of its range".to_owned(),
        (None, false) => "real numbers of its range".to_owned(),
    }
}

/// Least and greatest of all real samples that are numbers; `None` where there is none.
pub(crate) fn extent(array: &AnyArray) -> Option<(f64, f64)> {
    let mut all: Option<(f64, f64)> = None;
    for_each(array, &mut |number| {
        let value = number.to_complex().re;
        if !value.is_nan() {
            let (least, most) = all.unwrap_or((value, value));
            all = Some((least.min(value), most.max(value)));
        }
    });
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reals(values: &[f64]) -> AnyArray {
        Array::new(values.to_vec(), &[values.len()]).unwrap().into()
    }

    #[test]
    fn what_a_type_cannot_hold_is_named() {
        let said = |values: &[f64], dtype| as_type(reals(values), dtype).unwrap_err().message;
        assert!(said(&[1.0, 0.5], Dtype::U8).contains("sample 1 is 0.5, and u8 holds whole numbers from 0 to 255"));
        assert!(said(&[f64::NAN], Dtype::I64).contains("sample 0 is NaN"));
        assert!(said(&[70000.0], Dtype::F16).contains("f16 holds real numbers"));
        assert!(as_type(reals(&[f64::INFINITY, 3.0]), Dtype::F16).is_ok());
        assert_eq!(as_type(reals(&[255.0]), Dtype::U8).unwrap(), Array::new(vec![255u8], &[1]).unwrap().into());
    }

    #[test]
    fn extent_leaves_nan_out() {
        assert_eq!(extent(&reals(&[2.0, f64::NAN, -1.0])), Some((-1.0, 2.0)));
        assert_eq!(extent(&reals(&[f64::NAN])), None);
    }
}
