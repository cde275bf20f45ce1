//! Arrays whose type is known at run time, and the one list of all types.
//!
//! Files and other languages bring arrays of a type that no generic can name. [`AnyView`], [`AnyViewMut`] and
//! [`AnyArray`] carry it as a [`Dtype`]; the typed functions are thin covers over these.

use crate::{
    Array, Error, Geometry, Number, Result, Sample, View, ViewMut,
    accum::{Sinks, Sources, Sums},
    boundary::folded,
    error::words,
    line::extent,
    missing::{filled, present},
};

/// Stamps everything that has one arm for each storage type: name, type, and the sums it widens into.
macro_rules! dtypes {
    ($($(#[$doc:meta])* $variant:ident $name:literal $sample:ty: $($sum:ident)+, $range:expr;)+) => {
        words! { "sample type",
            /// The type of the samples in memory.
            ///
            /// ```
            /// use faltung::Dtype;
            /// assert_eq!("bf16".parse(), Ok(Dtype::Bf16));
            /// assert_eq!(Dtype::C128.name(), "c128");
            /// assert_eq!(Dtype::ALL.len(), 14);
            /// ```
            pub enum Dtype { $($(#[$doc])* $variant = $name),+ }
        }

        impl Dtype {
            /// Bytes of a sample.
            ///
            /// ```
            /// assert_eq!(faltung::Dtype::C64.size(), 8); // two of f32
            /// ```
            pub fn size(self) -> usize {
                match self { $(Dtype::$variant => size_of::<$sample>()),+ }
            }

            /// The kinds of sums that its samples widen into.
            pub(crate) fn sums(self) -> &'static [Sums] {
                match self { $(Dtype::$variant => &[$(Sums::$sum),+]),+ }
            }

            /// Least and greatest value, for integers.
            ///
            /// ```
            /// assert_eq!(faltung::Dtype::I8.range(), Some((-128, 127)));
            /// assert_eq!(faltung::Dtype::F32.range(), None);
            /// ```
            pub fn range(self) -> Option<(i128, i128)> {
                match self { $(Dtype::$variant => $range),+ }
            }
        }

        /// An array to be read, of any type: a [`View`] in the variant of its type. Borrows, and copies nothing.
        ///
        /// ```
        /// use faltung::{AnyView, Dtype};
        /// let view = AnyView::from(&[1.5f32, 2.0]);
        /// assert_eq!((view.dtype(), view.shape()), (Dtype::F32, &[2][..]));
        /// ```
        #[derive(Debug, Clone)]
        pub enum AnyView<'a> { $($(#[$doc])* $variant(View<'a, $sample>)),+ }

        /// An array to be written, of any type: a [`ViewMut`] in the variant of its type.
        ///
        /// ```
        /// use faltung::{AnyViewMut, Dtype};
        /// assert_eq!(AnyViewMut::from(&mut [0u8; 3]).dtype(), Dtype::U8);
        /// ```
        #[derive(Debug)]
        pub enum AnyViewMut<'a> { $($(#[$doc])* $variant(ViewMut<'a, $sample>)),+ }

        /// An array that owns its samples, of any type: an [`Array`] in the variant of its type.
        ///
        /// ```
        /// use faltung::{AnyArray, Array, Dtype};
        /// let array = AnyArray::from(Array::new(vec![1i16, 2], &[2, 1])?);
        /// assert_eq!((array.dtype(), array.shape()), (Dtype::I16, &[2, 1][..]));
        /// # Ok::<(), faltung::Error>(())
        /// ```
        #[derive(Debug, Clone, PartialEq)]
        pub enum AnyArray { $($(#[$doc])* $variant(Array<$sample>)),+ }

        $(impl Listed for $sample {
            fn view(view: View<'_, Self>) -> AnyView<'_> { AnyView::$variant(view) }
            fn view_mut(view: ViewMut<'_, Self>) -> AnyViewMut<'_> { AnyViewMut::$variant(view) }
            fn array(array: Array<Self>) -> AnyArray { AnyArray::$variant(array) }
            fn typed(array: AnyArray) -> Result<Array<Self>, AnyArray> {
                match array { AnyArray::$variant(array) => Ok(array), other => Err(other) }
            }
        })+

        impl AnyView<'_> {
            /// The type of the samples.
            ///
            /// ```
            /// assert_eq!(faltung::AnyView::from(&[1u8, 2]).dtype(), faltung::Dtype::U8);
            /// ```
            pub fn dtype(&self) -> Dtype {
                match self { $(AnyView::$variant(_) => Dtype::$variant),+ }
            }

            /// Where the samples lie.
            ///
            /// ```
            /// assert_eq!(faltung::AnyView::from(&[1u8, 2]).geometry().strides(), [1]);
            /// ```
            pub fn geometry(&self) -> &Geometry {
                match self { $(AnyView::$variant(view) => view.geometry()),+ }
            }

            /// The same memory, its numbers read with their bytes in the other order; see [`View::swapped`]. Copies nothing.
            ///
            /// ```
            /// use faltung::{AnyView, Number};
            /// assert_eq!(AnyView::from(&[0x0100u16]).swapped().numbers(), [Number::Whole(1)]);
            /// ```
            pub fn swapped(self) -> Self {
                match self { $(AnyView::$variant(view) => AnyView::$variant(view.swapped())),+ }
            }

            pub(crate) fn seen_as(&self, geometry: Geometry) -> AnyView<'_> {
                match self { $(AnyView::$variant(view) => AnyView::$variant(view.seen_as(geometry))),+ }
            }

            /// All samples as numbers, slowest axis first: exact, in a copy.
            ///
            /// ```
            /// use faltung::{AnyView, Number};
            /// assert_eq!(AnyView::from(&[1u8, 2]).numbers(), [Number::Whole(1), Number::Whole(2)]);
            /// ```
            pub fn numbers(&self) -> Vec<Number> {
                match self { $(AnyView::$variant(view) => view.to_vec().into_iter().map(Sample::number).collect()),+ }
            }

            /// The sample at `index`, exactly.
            ///
            /// # Panics
            /// If the index is outside.
            ///
            /// ```
            /// assert_eq!(faltung::AnyView::from(&[1u8, 2]).number(&[1]), faltung::Number::Whole(2));
            /// ```
            pub fn number(&self, index: &[usize]) -> Number {
                match self { $(AnyView::$variant(view) => view.get(index).number()),+ }
            }

            /// A dense copy in another shape of as many samples.
            pub(crate) fn dense(&self, shape: &[usize]) -> AnyArray {
                match self {
                    $(AnyView::$variant(view) => AnyArray::$variant(
                        Array::new(view.to_vec(), shape).expect("a shape of as many samples"),
                    )),+
                }
            }

            /// The samples as weights.
            pub(crate) fn kernel(&self) -> crate::Kernel {
                match self { $(AnyView::$variant(view) => view.clone().into()),+ }
            }

            /// Least and greatest sample, for integers; `None` for floats and where there is none. Reads all samples.
            ///
            /// ```
            /// use faltung::AnyView;
            /// assert_eq!(AnyView::from(&[3i8, -5, 4]).extent(), Some((-5, 4)));
            /// assert_eq!(AnyView::from(&[3.0f32]).extent(), None);
            /// ```
            pub fn extent(&self) -> Option<(i128, i128)> {
                self.dtype().range()?;
                match self { $(AnyView::$variant(view) => extent(view)),+ }
            }

            /// For each sample 1 where it is there and 0 where it is missing, dense; `None` where nothing is missing.
            pub(crate) fn present(&self, mask: Option<&View<'_, u8>>) -> Option<Vec<u8>> {
                match self { $(AnyView::$variant(view) => present(view, mask)),+ }
            }

            /// A dense copy with a number for what is missing.
            pub(crate) fn filled(&self, there: &[u8], fill: Number) -> AnyArray {
                match self { $(AnyView::$variant(view) => AnyArray::$variant(filled(view, there, fill))),+ }
            }

            pub(crate) fn sources(&self) -> Sources<'_> {
                match self { $(AnyView::$variant(view) => Sources { $($sum: Some(view),)+ ..Sources::default() }),+ }
            }
        }

        impl<'a> AnyViewMut<'a> {
            /// The type of the samples.
            ///
            /// ```
            /// assert_eq!(faltung::AnyViewMut::from(&mut [1u8, 2]).dtype(), faltung::Dtype::U8);
            /// ```
            pub fn dtype(&self) -> Dtype {
                match self { $(AnyViewMut::$variant(_) => Dtype::$variant),+ }
            }

            /// Where the samples lie.
            ///
            /// ```
            /// assert_eq!(faltung::AnyViewMut::from(&mut [1u8, 2]).geometry().shape(), [2]);
            /// ```
            pub fn geometry(&self) -> &Geometry {
                match self { $(AnyViewMut::$variant(view) => view.geometry()),+ }
            }

            pub(crate) fn seen_as(self, geometry: Geometry) -> Self {
                match self { $(AnyViewMut::$variant(view) => AnyViewMut::$variant(view.seen_as(geometry))),+ }
            }

            pub(crate) fn sinks(&self) -> Sinks<'_> {
                match self { $(AnyViewMut::$variant(view) => Sinks { $($sum: Some(view),)+ ..Sinks::default() }),+ }
            }
        }

        impl AnyArray {
            /// Extents, slowest axis first.
            ///
            /// ```
            /// use faltung::{AnyArray, Dtype};
            /// assert_eq!(AnyArray::zeros(Dtype::U8, &[2, 3]).shape(), [2, 3]);
            /// ```
            pub fn shape(&self) -> &[usize] {
                match self { $(AnyArray::$variant(array) => array.shape()),+ }
            }

            /// Zeros of the given type and shape.
            ///
            /// # Panics
            /// If they are more bytes than can be addressed.
            ///
            /// ```
            /// use faltung::{AnyArray, Array, Dtype};
            /// assert_eq!(AnyArray::zeros(Dtype::F64, &[2]), Array::new(vec![0.0, 0.0], &[2])?.into());
            /// # Ok::<(), faltung::Error>(())
            /// ```
            pub fn zeros(dtype: Dtype, shape: &[usize]) -> AnyArray {
                match dtype { $(Dtype::$variant => AnyArray::$variant(Array::zeros(shape))),+ }
            }

            /// Zeros of the given type and shape, if there is memory for them.
            pub(crate) fn try_zeros(dtype: Dtype, shape: &[usize]) -> Result<AnyArray> {
                match dtype { $(Dtype::$variant => Array::try_zeros(shape).map(AnyArray::$variant)),+ }
            }

            /// Numbers as samples of the given type: the nearest; integers wrap.
            pub(crate) fn of_numbers(dtype: Dtype, numbers: &[Number], shape: &[usize]) -> Result<AnyArray> {
                match dtype {
                    $(Dtype::$variant => {
                        let samples = numbers.iter().map(|&n| <$sample as Sample>::nearest(n)).collect();
                        Array::new(samples, shape).map(AnyArray::$variant)
                    }),+
                }
            }

            /// The same samples in another shape of as many.
            pub(crate) fn reshaped(self, shape: &[usize]) -> Result<AnyArray> {
                match self { $(AnyArray::$variant(array) => Array::new(array.into_vec(), shape).map(AnyArray::$variant)),+ }
            }

            /// The samples added up at the places that their axes' tables name.
            pub(crate) fn folded(&self, tables: &[Vec<Option<usize>>], shape: &[usize]) -> AnyArray {
                match self { $(AnyArray::$variant(array) => folded(array, tables, shape).into()),+ }
            }

            /// To be read. Copies nothing.
            ///
            /// ```
            /// use faltung::{AnyArray, Dtype};
            /// assert_eq!(AnyArray::zeros(Dtype::I8, &[3]).view().extent(), Some((0, 0)));
            /// ```
            pub fn view(&self) -> AnyView<'_> {
                match self { $(AnyArray::$variant(array) => AnyView::$variant(array.view())),+ }
            }

            /// To be written.
            ///
            /// ```
            /// use faltung::{AnyArray, Dtype, Kernel, Plan, Spec};
            /// let plan = Plan::new(Dtype::U8, &[2], &Kernel::from(&[1, 1]), &Spec::new())?;
            /// let mut y = AnyArray::zeros(plan.output_dtype(), plan.output_shape());
            /// plan.run(&[3u8, 4], y.view_mut(), &mut plan.scratch())?;
            /// assert_eq!(y.typed::<u8>()?.data(), [3, 7, 4]);
            /// # Ok::<(), faltung::Error>(())
            /// ```
            pub fn view_mut(&mut self) -> AnyViewMut<'_> {
                match self { $(AnyArray::$variant(array) => AnyViewMut::$variant(array.view_mut())),+ }
            }
        }

        $(impl<'a> From<View<'a, $sample>> for AnyView<'a> {
            fn from(view: View<'a, $sample>) -> Self { AnyView::$variant(view) }
        }
        impl<'a> From<ViewMut<'a, $sample>> for AnyViewMut<'a> {
            fn from(view: ViewMut<'a, $sample>) -> Self { AnyViewMut::$variant(view) }
        }
        impl From<Array<$sample>> for AnyArray {
            fn from(array: Array<$sample>) -> Self { AnyArray::$variant(array) }
        })+
    };
}

const fn integer(low: i128, high: i128) -> Option<(i128, i128)> {
    Some((low, high))
}

dtypes! {
    /// IEEE half precision, summed in single.
    F16 "f16" half::f16: f32, None;
    /// Eight bits of exponent, seven of fraction, summed in single.
    Bf16 "bf16" half::bf16: f32, None;
    /// IEEE single precision.
    F32 "f32" f32: f32, None;
    /// IEEE double precision.
    F64 "f64" f64: f64, None;
    /// Complex of single precision.
    C64 "c64" num_complex::Complex<f32>: c64, None;
    /// Complex of double precision.
    C128 "c128" num_complex::Complex<f64>: c128, None;
    /// 8 bits, unsigned.
    U8 "u8" u8: f32 f64 i64 i128, integer(0, u8::MAX as i128);
    /// 16 bits, unsigned.
    U16 "u16" u16: f32 f64 i64 i128, integer(0, u16::MAX as i128);
    /// 32 bits, unsigned.
    U32 "u32" u32: f32 f64 i64 i128, integer(0, u32::MAX as i128);
    /// 64 bits, unsigned.
    U64 "u64" u64: f32 f64 i64 i128, integer(0, u64::MAX as i128);
    /// 8 bits, signed.
    I8 "i8" i8: f32 f64 i64 i128, integer(i8::MIN as i128, i8::MAX as i128);
    /// 16 bits, signed.
    I16 "i16" i16: f32 f64 i64 i128, integer(i16::MIN as i128, i16::MAX as i128);
    /// 32 bits, signed.
    I32 "i32" i32: f32 f64 i64 i128, integer(i32::MIN as i128, i32::MAX as i128);
    /// 64 bits, signed.
    I64 "i64" i64: f32 f64 i64 i128, integer(i64::MIN as i128, i64::MAX as i128);
}

#[doc(hidden)]
/// A type in the list: to and from the arrays of any type.
pub trait Listed: Sized + Clone {
    /// A view, its type known at run time only.
    fn view(view: View<'_, Self>) -> AnyView<'_>;
    /// A view to be written, its type known at run time only.
    fn view_mut(view: ViewMut<'_, Self>) -> AnyViewMut<'_>;
    /// An array, its type known at run time only.
    fn array(array: Array<Self>) -> AnyArray;
    /// The array of this type, or what came instead.
    fn typed(array: AnyArray) -> Result<Array<Self>, AnyArray>;
}

impl Dtype {
    /// Whether it is an integer type.
    ///
    /// ```
    /// assert!(faltung::Dtype::U8.is_integer() && !faltung::Dtype::F32.is_integer());
    /// ```
    pub fn is_integer(self) -> bool {
        self.range().is_some()
    }

    /// Whether it is a complex type.
    ///
    /// ```
    /// assert!(faltung::Dtype::C64.is_complex() && !faltung::Dtype::F64.is_complex());
    /// ```
    pub fn is_complex(self) -> bool {
        matches!(self.sums(), [Sums::c64 | Sums::c128])
    }

    /// The smallest integer type of at least this one's size that holds all from `low` to `high`: this one where it does,
    /// signed types for signed ones where one does.
    ///
    /// ```
    /// use faltung::Dtype;
    /// assert_eq!(Dtype::U8.widened(0, 300), Some(Dtype::U16));
    /// assert_eq!(Dtype::U8.widened(-5, 300), Some(Dtype::I16));
    /// assert_eq!(Dtype::I16.widened(0, 1 << 63), Some(Dtype::U64));
    /// assert_eq!(Dtype::I16.widened(0, 1 << 64), None);
    /// ```
    pub fn widened(self, low: i128, high: i128) -> Option<Dtype> {
        let holds = |dtype: &Dtype| dtype.range().is_some_and(|(least, most)| least <= low && high <= most);
        let signed = |dtype: &Dtype| dtype.range().is_some_and(|(least, _)| least < 0);
        let wide = Dtype::ALL.iter().filter(|dtype| dtype.is_integer() && dtype.size() >= self.size());
        wide.copied().filter(holds).min_by_key(|dtype| (signed(dtype) != signed(&self), dtype.size()))
    }
}

impl AnyView<'_> {
    /// The axes in another order: the new axis `i` is the old axis `order[i]`. Copies nothing.
    ///
    /// # Panics
    /// If `order` does not name every axis once.
    ///
    /// ```
    /// use faltung::{AnyArray, Dtype};
    /// assert_eq!(AnyArray::zeros(Dtype::U8, &[2, 3, 4]).view().permuted(&[2, 0, 1]).shape(), [4, 2, 3]);
    /// ```
    pub fn permuted(&self, order: &[usize]) -> AnyView<'_> {
        self.seen_as(self.geometry().permuted(order))
    }

    /// Extents, slowest axis first.
    ///
    /// ```
    /// assert_eq!(faltung::AnyView::from(&[1u8, 2]).shape(), [2]);
    /// ```
    pub fn shape(&self) -> &[usize] {
        self.geometry().shape()
    }
}

impl<'a> AnyViewMut<'a> {
    /// The axes in another order: the new axis `i` is the old axis `order[i]`. Copies nothing.
    ///
    /// # Panics
    /// If `order` does not name every axis once.
    ///
    /// ```
    /// use faltung::{AnyArray, Dtype};
    /// let mut array = AnyArray::zeros(Dtype::U8, &[2, 3]);
    /// assert_eq!(array.view_mut().permuted(&[1, 0]).geometry().shape(), [3, 2]);
    /// ```
    pub fn permuted(self, order: &[usize]) -> AnyViewMut<'a> {
        let geometry = self.geometry().permuted(order);
        self.seen_as(geometry)
    }
}

impl AnyArray {
    /// The type of the samples.
    ///
    /// ```
    /// use faltung::{AnyArray, Dtype};
    /// assert_eq!(AnyArray::zeros(Dtype::F16, &[2]).dtype(), Dtype::F16);
    /// ```
    pub fn dtype(&self) -> Dtype {
        self.view().dtype()
    }

    /// Numbers in C order, in the simplest type that holds all of them: `i64`, `u64`, `f64` or `c128`.
    ///
    /// # Errors
    /// [`Error::Memory`] if the shape does not have exactly as many.
    ///
    /// ```
    /// use faltung::{AnyArray, Dtype, Number};
    /// let typed = |numbers: &[Number]| AnyArray::simplest(numbers, &[numbers.len()]).map(|array| array.dtype());
    /// assert_eq!(typed(&["1".parse()?, "-2".parse()?])?, Dtype::I64);
    /// assert_eq!(typed(&["1".parse()?, "0.5".parse()?])?, Dtype::F64);
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn simplest(numbers: &[Number], shape: &[usize]) -> Result<AnyArray> {
        let within = |dtype: Dtype| {
            let (least, most) = dtype.range().unwrap_or((0, -1));
            numbers.iter().all(|number| matches!(number, Number::Whole(n) if (least..=most).contains(n)))
        };
        let dtype = match [Dtype::I64, Dtype::U64].into_iter().find(|dtype| within(*dtype)) {
            Some(whole) => whole,
            None if numbers.iter().any(|number| matches!(number, Number::Complex(_))) => Dtype::C128,
            None => Dtype::F64,
        };
        AnyArray::of_numbers(dtype, numbers, shape)
    }

    /// The array as one of samples of type `T`, which they must have: nothing is converted.
    ///
    /// # Errors
    /// [`Error::Type`] if they are of another type.
    ///
    /// ```
    /// use faltung::{AnyArray, Dtype};
    /// let zeros = AnyArray::zeros(Dtype::U8, &[2]);
    /// assert_eq!(zeros.clone().typed::<u8>()?.data(), [0, 0]);
    /// assert!(zeros.typed::<f32>().is_err());
    /// # Ok::<(), faltung::Error>(())
    /// ```
    pub fn typed<T: Sample>(self) -> Result<Array<T>> {
        T::typed(self).map_err(|other| Error::Type {
            what: "the array",
            expected: T::DTYPE.to_string(),
            actual: other.dtype().to_string(),
        })
    }
}

impl<'a> From<&'a AnyView<'_>> for AnyView<'a> {
    fn from(view: &'a AnyView<'_>) -> Self {
        view.seen_as(view.geometry().clone())
    }
}

impl<'a> From<&'a AnyArray> for AnyView<'a> {
    fn from(array: &'a AnyArray) -> Self {
        array.view()
    }
}

impl<'a> From<&'a mut AnyArray> for AnyViewMut<'a> {
    fn from(array: &'a mut AnyArray) -> Self {
        array.view_mut()
    }
}

/// Stamps the ways to a view of a type known at run time that lead over a typed view.
macro_rules! by_way_of_views {
    ($([$($generics:tt)*] $memory:ty;)+) => {
        $(impl<'a, T: Sample, $($generics)*> From<&'a $memory> for AnyView<'a> {
            fn from(memory: &'a $memory) -> Self {
                T::view(memory.into())
            }
        }

        impl<'a, T: Sample, $($generics)*> From<&'a mut $memory> for AnyViewMut<'a> {
            fn from(memory: &'a mut $memory) -> Self {
                T::view_mut(memory.into())
            }
        })+
    };
}
by_way_of_views! { [] [T]; [] Vec<T>; [] Array<T>; [const N: usize] [T; N]; }
