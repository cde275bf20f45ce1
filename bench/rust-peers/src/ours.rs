//! The engine itself, by one call, and with a plan and an output that are used again.

use std::{cell::RefCell, hint::black_box, rc::Rc};

use bytemuck::{Pod, cast_slice};
use faltung::{AnyArray, Array, Complex, Dtype, Kernel, Plan, convolve_any};

use crate::{
    cases::Case,
    peer::{Given, Peer},
};

pub(crate) fn peers(given: &Given) -> Vec<Peer> {
    let case = Case::named(&given.name);
    let threads = std::env::var("RAYON_NUM_THREADS").ok().and_then(|n| n.parse().ok()).unwrap_or(1);
    let spec = case.spec.clone().threads(threads);
    let kernel = kernel(given, &case);
    let x = Rc::new(input(given, case.dtype));
    let plan = Plan::new(case.dtype, &case.shape, &kernel, &spec).expect(&given.name);
    let algorithm = plan.algorithm();
    let state = {
        let y = AnyArray::zeros(plan.output_dtype(), plan.output_shape());
        let scratch = plan.scratch();
        Rc::new(RefCell::new((plan, y, scratch)))
    };
    let planned = {
        let (x, state) = (Rc::clone(&x), Rc::clone(&state));
        move || {
            let (plan, y, scratch) = &mut *state.borrow_mut();
            plan.run(&*x, &mut *y, scratch).expect("what has run before");
        }
    };
    let whole = move || convolve_any(&*x, &kernel, &spec).expect("what has been planned");
    let whole = Rc::new(whole);
    let again = Rc::clone(&whole);
    let run = planned.clone();
    vec![
        Peer {
            name: format!("rs:faltung={algorithm}"),
            run: Box::new(move || drop(black_box(whole()))),
            result: Box::new(move || bytes(&again())),
        },
        Peer {
            name: format!("rs:faltung, planned={algorithm}"),
            run: Box::new(planned),
            result: Box::new(move || {
                run();
                bytes(&state.borrow().1)
            }),
        },
    ]
}

fn kernel(given: &Given, case: &Case) -> Kernel {
    let shape = case.kernel.shape();
    let made = match given.kind.as_str() {
        "gauss" | "box" => return case.kernel.clone(),
        _ if given.weights::<f64>().len() == 2 * case.kernel.len() => {
            Kernel::complex(shape, given.weights::<Complex<f64>>())
        }
        _ if given.dtype.starts_with('i') => {
            Kernel::whole(shape, given.weights::<f64>().iter().map(|&w| w as i128).collect())
        }
        _ => Kernel::real(shape, given.weights::<f64>()),
    };
    made.expect(&given.name)
}

fn input(given: &Given, dtype: Dtype) -> AnyArray {
    fn of<T: Pod + faltung::Sample>(given: &Given) -> AnyArray
    where
        AnyArray: From<Array<T>>,
    {
        Array::new(given.input::<T>(), &given.shape).expect("as many samples as the shape has").into()
    }
    match dtype {
        Dtype::F32 => of::<f32>(given),
        Dtype::F64 => of::<f64>(given),
        Dtype::C64 => of::<Complex<f32>>(given),
        Dtype::C128 => of::<Complex<f64>>(given),
        Dtype::U8 => of::<u8>(given),
        Dtype::U16 => of::<u16>(given),
        Dtype::I16 => of::<i16>(given),
        Dtype::I64 => of::<i64>(given),
        _ => panic!("{}: a type that bench/cases.py has not", given.name),
    }
}

fn bytes(y: &AnyArray) -> Vec<u8> {
    match y {
        AnyArray::F32(y) => cast_slice(y.data()).to_vec(),
        AnyArray::F64(y) => cast_slice(y.data()).to_vec(),
        AnyArray::C64(y) => cast_slice(y.data()).to_vec(),
        AnyArray::C128(y) => cast_slice(y.data()).to_vec(),
        AnyArray::U8(y) => y.data().to_vec(),
        AnyArray::U16(y) => cast_slice(y.data()).to_vec(),
        AnyArray::I16(y) => cast_slice(y.data()).to_vec(),
        AnyArray::I64(y) => cast_slice(y.data()).to_vec(),
        _ => panic!("a type that bench/cases.py has not"),
    }
}
