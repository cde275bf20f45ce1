//! NumPy's arrays as the engine's views, in place: all unsafe code of the package.
//!
//! An array can be read where it lies, in either byte order, if its samples are aligned and its strides are whole numbers of
//! samples; any other is first copied by NumPy. One that is to be written must have the machine's byte order too, and must
//! not share memory with what is read; else a fresh one is written, and then copied over by NumPy.
#![allow(unsafe_code)]

use std::{ops::Range, slice};

use faltung::{AnyArray, AnyView, AnyViewMut, Complex, Dtype, Kernel, View, ViewMut, half};
use numpy::{
    PyArrayDescr, PyArrayDescrMethods, PyUntypedArray, PyUntypedArrayMethods,
    npyffi::{NPY_ARRAY_ALIGNED, NPY_ARRAY_WRITEABLE, PY_ARRAY_API, npy_intp},
};
use pyo3::{
    exceptions::{PyTypeError, PyValueError},
    prelude::*,
    types::PyEllipsis,
};

/// Stamps what has one arm for each type of samples.
macro_rules! dtypes {
    ($($dtype:ident $sample:ty, $name:literal;)+) => {
        /// NumPy's word for a type.
        pub(crate) fn name(dtype: Dtype) -> &'static str {
            match dtype { $(Dtype::$dtype => $name),+ }
        }

        impl Place {
            /// The samples, to be read.
            ///
            /// # Safety
            /// The array that the place was taken from lives as long, and nobody writes it meanwhile.
            unsafe fn view<'a>(&self) -> AnyView<'a> {
                match self.dtype {
                    $(Dtype::$dtype => {
                        // SAFETY: the caller's; `span` holds the samples of an aligned array, see `Place::of`.
                        let samples = unsafe { slice::from_raw_parts(self.start as *const $sample, self.len) };
                        let view = View::with_strides(samples, &self.shape, &self.strides, self.offset);
                        let view = view.expect("a place holds its samples");
                        AnyView::$dtype(if self.is_native { view } else { view.swapped() })
                    }),+
                }
            }

            /// The samples, to be written.
            ///
            /// # Safety
            /// The array that the place was taken from lives as long, and nobody reads or writes it meanwhile.
            unsafe fn view_mut<'a>(&self) -> faltung::Result<AnyViewMut<'a>> {
                match self.dtype {
                    $(Dtype::$dtype => {
                        // SAFETY: as above; the engine only writes, and every bit pattern is a number.
                        let samples = unsafe { slice::from_raw_parts_mut(self.start as *mut $sample, self.len) };
                        ViewMut::with_strides(samples, &self.shape, &self.strides, self.offset).map(AnyViewMut::$dtype)
                    }),+
                }
            }
        }

        /// An array of the engine's, copied into one of NumPy's.
        pub(crate) fn given<'py>(py: Python<'py>, array: &AnyArray) -> PyResult<Bound<'py, PyAny>> {
            let fresh = Output::fresh(py, array.dtype(), array.shape(), None)?;
            match array {
                $(AnyArray::$dtype(array) => {
                    let Place { start, len, .. } = fresh.place;
                    // SAFETY: a fresh array is dense, and nobody else has it yet.
                    let samples = unsafe { slice::from_raw_parts_mut(start as *mut $sample, len) };
                    samples.copy_from_slice(array.data());
                }),+
            }
            fresh.finish()
        }
    };
}

dtypes! {
    F16 half::f16, "float16";
    Bf16 half::bf16, "bfloat16";
    F32 f32, "float32";
    F64 f64, "float64";
    C64 Complex<f32>, "complex64";
    C128 Complex<f64>, "complex128";
    U8 u8, "uint8";
    U16 u16, "uint16";
    U32 u32, "uint32";
    U64 u64, "uint64";
    I8 i8, "int8";
    I16 i16, "int16";
    I32 i32, "int32";
    I64 i64, "int64";
}

/// The engine's word for a type of NumPy's, whatever its byte order.
pub(crate) fn dtype(descr: &Bound<'_, PyArrayDescr>) -> Option<Dtype> {
    let known = match (descr.kind(), descr.itemsize()) {
        (b'f', 8) => Dtype::F64,
        (b'f', 4) => Dtype::F32,
        (b'f', 2) => Dtype::F16,
        (b'c', 16) => Dtype::C128,
        (b'c', 8) => Dtype::C64,
        (b'u', 1) => Dtype::U8,
        (b'u', 2) => Dtype::U16,
        (b'u', 4) => Dtype::U32,
        (b'u', 8) => Dtype::U64,
        (b'i', 1) => Dtype::I8,
        (b'i', 2) => Dtype::I16,
        (b'i', 4) => Dtype::I32,
        (b'i', 8) => Dtype::I64,
        (_, 2) if descr.typeobj().name().is_ok_and(|name| name == "bfloat16") => Dtype::Bf16,
        _ => return None,
    };
    Some(known)
}

/// NumPy's type of that word, in the machine's byte order.
pub(crate) fn descr<'py>(py: Python<'py>, dtype: Dtype) -> PyResult<Bound<'py, PyArrayDescr>> {
    match dtype {
        Dtype::Bf16 => PyArrayDescr::new(py, py.import("ml_dtypes")?.getattr("bfloat16")?),
        _ => PyArrayDescr::new(py, name(dtype)),
    }
}

/// Where an array's samples lie.
#[derive(Debug)]
pub(crate) struct Place {
    dtype: Dtype,
    /// Address of the lowest sample.
    start: usize,
    /// Samples from the lowest to the highest, gaps between them included.
    len: usize,
    /// Samples from the lowest to the first.
    offset: usize,
    shape: faltung::Dims,
    /// In samples.
    strides: faltung::Strides,
    /// Whether numbers have the machine's byte order.
    is_native: bool,
}

impl Place {
    /// Of an array that can be read where it lies, if it can.
    fn of(array: &Bound<'_, PyUntypedArray>, dtype: Dtype) -> Option<Place> {
        let size = dtype.size() as isize;
        let shape = array.shape();
        let is_native = array.dtype().byteorder() != if cfg!(target_endian = "little") { b'>' } else { b'<' };
        let mut strides = faltung::Strides::new();
        let (mut low, mut high) = (0, 0);
        let is_empty = shape.contains(&0);
        for (&extent, &stride) in shape.iter().zip(array.strides()) {
            // A stride that is never gone may be any number.
            let stride = if extent <= 1 || is_empty { 0 } else { stride };
            if stride % size != 0 {
                return None;
            }
            let reach = (extent as isize - 1) * (stride / size);
            (low, high) = (low + reach.min(0), high + reach.max(0));
            strides.push(stride / size);
        }
        if flags(array) & NPY_ARRAY_ALIGNED == 0 {
            return None;
        }
        // Of no samples, any aligned address will do.
        let (start, len) = match is_empty {
            true => (std::mem::align_of::<u128>(), 0),
            false => (data(array).wrapping_add_signed(low * size), (high - low) as usize + 1),
        };
        Some(Place { dtype, start, len, offset: low.unsigned_abs(), shape: shape.into(), strides, is_native })
    }

    /// Addresses of its bytes.
    fn bytes(&self) -> Range<usize> {
        self.start..self.start + self.len * self.dtype.size()
    }
}

fn flags(array: &Bound<'_, PyUntypedArray>) -> i32 {
    // SAFETY: the pointer is that of a live array, whose header NumPy keeps valid.
    unsafe { (*array.as_array_ptr()).fields.flags }
}

/// Address of the first sample.
fn data(array: &Bound<'_, PyUntypedArray>) -> usize {
    // SAFETY: as above.
    unsafe { (*array.as_array_ptr()).fields.data as usize }
}

/// An array to be read.
pub(crate) struct Input<'py> {
    array: Bound<'py, PyUntypedArray>,
    place: Place,
}

impl<'py> Input<'py> {
    /// `array` where it lies, or a copy that can be read where it lies.
    pub(crate) fn new(array: &Bound<'py, PyAny>, what: &str) -> PyResult<Input<'py>> {
        let Ok(array) = array.cast::<PyUntypedArray>() else {
            return Err(PyTypeError::new_err(format!(
                "{what} must be a numpy array, not {}",
                array.get_type().name()?
            )));
        };
        let Some(dtype) = dtype(&array.dtype()) else { return Err(unsupported(what, &array.dtype())) };
        if let Some(place) = Place::of(array, dtype) {
            return Ok(Input { array: array.clone(), place });
        }
        let copy = array.call_method1("astype", (descr(array.py(), dtype)?, "C"))?;
        let copy = copy.cast_into::<PyUntypedArray>()?;
        let is_wanted = self::dtype(&copy.dtype()) == Some(dtype);
        let Some(place) = Place::of(&copy, dtype).filter(|_| is_wanted) else {
            return Err(PyTypeError::new_err(format!("{what} cannot be copied to {}: give an ndarray", name(dtype))));
        };
        Ok(Input { array: copy, place })
    }

    /// Its place, if the object is an array of exactly NumPy's class that can be read where it lies.
    pub(crate) fn plain(array: &Bound<'py, PyAny>) -> Option<Input<'py>> {
        let array = array.cast_exact::<PyUntypedArray>().ok()?;
        let place = Place::of(array, dtype(&array.dtype())?)?;
        Some(Input { array: array.clone(), place })
    }

    pub(crate) fn view(&self) -> AnyView<'_> {
        // SAFETY: `array` lives as long as the view. Whoever writes an array while another thread computes with it gets
        // numbers of before and after, as with NumPy's own functions.
        unsafe { self.place.view() }
    }

    pub(crate) fn kernel(&self) -> Kernel {
        self.view().into()
    }

    pub(crate) fn dtype(&self) -> Dtype {
        self.place.dtype
    }

    pub(crate) fn shape(&self) -> &[usize] {
        &self.place.shape
    }

    /// The bytes of its samples, if they follow one another in order.
    pub(crate) fn dense_bytes(&self) -> Option<&[u8]> {
        let Range { start, end } = self.place.bytes();
        // SAFETY: the bytes from the lowest sample to the highest one, and `array` lives as long.
        (self.array.is_c_contiguous() && self.place.is_native)
            .then(|| unsafe { slice::from_raw_parts(start as *const u8, end - start) })
    }
}

/// An array to be written.
pub(crate) struct Output<'py> {
    /// What is written by the engine.
    array: Bound<'py, PyUntypedArray>,
    place: Place,
    /// What the user gave, if it is to be copied to.
    copied_to: Option<Bound<'py, PyAny>>,
}

impl<'py> Output<'py> {
    /// A fresh array, dense.
    pub(crate) fn fresh(
        py: Python<'py>,
        dtype: Dtype,
        shape: &[usize],
        like: Option<&Input<'py>>,
    ) -> PyResult<Output<'py>> {
        let descr = match like {
            Some(like) if like.dtype() == dtype && like.place.is_native => like.array.dtype(),
            _ => descr(py, dtype)?,
        };
        let array = empty(py, shape, descr)?;
        let place = Place::of(&array, dtype).expect("a fresh array lies in order");
        Ok(Output { array, place, copied_to: None })
    }

    /// `out`, or a fresh array to be copied to it where it cannot be written in place.
    pub(crate) fn new(
        out: &Bound<'py, PyAny>,
        dtype: Dtype,
        shape: &[usize],
        read: &[&Input<'py>],
    ) -> PyResult<Output<'py>> {
        let Ok(array) = out.cast::<PyUntypedArray>() else {
            return Err(PyTypeError::new_err(format!("out must be a numpy array, not {}", out.get_type().name()?)));
        };
        if self::dtype(&array.dtype()) != Some(dtype) {
            let message =
                format!("out holds {}, but the result is {}: give an array of that type", array.dtype(), name(dtype));
            return Err(PyTypeError::new_err(message));
        }
        if array.shape() != shape {
            let message = format!(
                "out has shape {:?}, but the result has shape {shape:?}: give an array of that shape",
                array.shape()
            );
            return Err(PyValueError::new_err(message));
        }
        if flags(array) & NPY_ARRAY_WRITEABLE == 0 {
            return Err(PyValueError::new_err("out is read-only: give an array that can be written"));
        }
        let apart = |place: &Place| {
            let Range { start, end } = place.bytes();
            read.iter().map(|input| input.place.bytes()).all(|other| end <= other.start || other.end <= start)
        };
        match Place::of(array, dtype) {
            // SAFETY: nothing is written here: the view only tells whether it shows a sample twice.
            Some(place) if place.is_native && apart(&place) && unsafe { place.view_mut() }.is_ok() => {
                Ok(Output { array: array.clone(), place, copied_to: None })
            }
            _ => {
                let fresh = Output::fresh(out.py(), dtype, shape, None)?;
                Ok(Output { copied_to: Some(out.clone()), ..fresh })
            }
        }
    }

    pub(crate) fn view(&mut self) -> AnyViewMut<'_> {
        // SAFETY: `array` lives as long as the view and shares no memory with what is read. Only its own samples are written:
        // others may write what lies between them, and who writes the same spoils his own result, as with NumPy's functions.
        unsafe { self.place.view_mut() }.expect("checked when it was made")
    }

    /// The array that the user gets.
    pub(crate) fn finish(self) -> PyResult<Bound<'py, PyAny>> {
        match self.copied_to {
            None => Ok(self.array.into_any()),
            Some(out) => {
                out.set_item(PyEllipsis::get(out.py()), &self.array)?;
                Ok(out)
            }
        }
    }
}

/// A fresh array, dense, with samples yet to be written.
fn empty<'py>(
    py: Python<'py>,
    shape: &[usize],
    descr: Bound<'py, PyArrayDescr>,
) -> PyResult<Bound<'py, PyUntypedArray>> {
    let mut extents: faltung::Strides = shape.iter().map(|&n| n as npy_intp).collect();
    // SAFETY: NumPy takes over the reference to the type, and reads as many extents as it is told.
    let array = unsafe {
        let made = PY_ARRAY_API.PyArray_Empty(py, shape.len() as i32, extents.as_mut_ptr(), descr.into_dtype_ptr(), 0);
        Bound::from_owned_ptr_or_err(py, made)?
    };
    Ok(array.cast_into::<PyUntypedArray>()?)
}

fn unsupported(what: &str, descr: &Bound<'_, PyArrayDescr>) -> PyErr {
    let advice = match descr.kind() {
        b'f' | b'c' if descr.itemsize() > 8 => {
            "sums are made in double precision at most: if that is enough, convert it with astype('float64') or \
             astype('complex128')"
        }
        b'b' => "view it as uint8",
        b'O' => "objects have no arithmetic that is known: convert it to numbers with astype",
        _ => "convert it to numbers with astype",
    };
    PyTypeError::new_err(format!("{what} holds {descr}, which cannot be convolved: {advice}"))
}
