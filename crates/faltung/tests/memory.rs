//! The memory of plans: what they say that they take, what they take, and what is kept from call to call.

mod support;

use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
    sync::Mutex,
};

use faltung::{Algorithm, AnyArray, Dtype, Error, Kernel, Plan, Spec, release_memory};
use support::problems::problems;

/// Counts what this thread allocates.
struct Counting;

thread_local! {
    static CALLS: Cell<usize> = const { Cell::new(0) };
    static LIVE: Cell<isize> = const { Cell::new(0) };
}

#[allow(unsafe_code)]
// SAFETY: all is left to the system's allocator; counting allocates nothing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        CALLS.set(CALLS.get() + 1);
        LIVE.set(LIVE.get() + layout.size() as isize);
        // SAFETY: the caller's.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        LIVE.set(LIVE.get() - layout.size() as isize);
        // SAFETY: the caller's.
        unsafe { System.dealloc(memory, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// Held by each test, since what one has worked in may be what another takes.
static ALONE: Mutex<()> = Mutex::new(());

#[test]
fn running_a_plan_allocates_nothing() {
    let _alone = ALONE.lock();
    let mut tested = 0;
    for (dtype, x, kernel, spec) in problems() {
        for &algorithm in Algorithm::ALL {
            let spec = spec.clone().algorithm(algorithm);
            let plan = match Plan::new(dtype, &x, &kernel, &spec) {
                Err(Error::NoAlgorithm { .. }) => continue,
                plan => plan.unwrap(),
            };
            let input = AnyArray::zeros(dtype, &x);
            let mut output = AnyArray::zeros(plan.output_dtype(), plan.output_shape());
            let mut scratch = plan.scratch();
            for time in ["first", "second"] {
                let before = CALLS.get();
                plan.run(&input, &mut output, &mut scratch).unwrap();
                assert_eq!(CALLS.get() - before, 0, "the {time} run of {plan}");
            }
            tested += 1;
        }
    }
    assert!(tested > 45, "{tested}");
}

#[test]
fn a_plan_takes_the_memory_that_it_says() {
    let _alone = ALONE.lock();
    for (dtype, x, kernel, spec) in problems() {
        for &algorithm in Algorithm::ALL {
            release_memory();
            let before = LIVE.get();
            let Ok(plan) = Plan::new(dtype, &x, &kernel, &spec.clone().algorithm(algorithm)) else { continue };
            let scratch = plan.scratch();
            // What only making the plan took.
            release_memory();
            let taken = (LIVE.get() - before) as usize;
            drop(scratch);
            // What a plan has to say of itself, whatever the problem.
            let words = 8 << 10;
            assert!(taken <= plan.memory() + words, "{taken} bytes are taken by {plan}\nwhich says {}", plan.memory());
            // Tables of transforms are shared: one of the same length may have made them before.
            let times = if matches!(algorithm, Algorithm::Fft | Algorithm::OverlapSave) { 4 } else { 2 };
            assert!(
                plan.memory() <= times * taken + words,
                "{taken} bytes are taken by {plan}\nwhich says {}",
                plan.memory()
            );
        }
    }
}

#[test]
fn a_limit_of_memory_is_kept_or_refused() {
    let _alone = ALONE.lock();
    let (mut kept, mut refused) = (0, 0);
    for (dtype, x, kernel, spec) in problems() {
        for algorithm in Algorithm::ALL.iter().copied().map(Some).chain([None]) {
            for limit in [100, 1_000, 10_000, 30_000, 100_000, 1_000_000] {
                let mut spec = spec.clone().max_memory(limit).threads(8);
                spec.algorithm = algorithm;
                release_memory();
                let before = LIVE.get();
                match Plan::new(dtype, &x, &kernel, &spec) {
                    Ok(plan) => {
                        let scratch = plan.scratch();
                        release_memory();
                        let taken = (LIVE.get() - before) as usize;
                        assert!(plan.memory() <= limit, "{} of {limit} in {plan}", plan.memory());
                        assert!(taken <= limit + (8 << 10), "{taken} of {limit} in {plan}");
                        drop(scratch);
                        kept += 1;
                    }
                    Err(Error::NoAlgorithm { refusals }) => {
                        assert_eq!(refusals.len(), algorithm.map_or(Algorithm::ALL.len(), |_| 1));
                        refused += 1;
                    }
                    Err(error) => panic!("{error}"),
                }
            }
        }
    }
    assert!(kept > 100 && refused > 30, "{kept} kept, {refused} refused");
}

#[test]
fn what_calls_have_worked_in_is_kept_until_it_is_given_back() {
    let _alone = ALONE.lock();
    let weights = Kernel::real(&[4_000], (0..4_000).map(f64::from).collect()).unwrap();
    let plan = Plan::new(Dtype::F64, &[50_000], &weights, &Spec::new().algorithm(Algorithm::Fft).threads(1)).unwrap();
    let taken = || {
        let before = LIVE.get();
        drop(plan.scratch());
        LIVE.get() - before
    };
    release_memory();
    let least = 8 * 50_000;
    assert!(taken() >= least, "the first is kept");
    assert_eq!(taken(), 0, "the second takes it again");
    let before = LIVE.get();
    release_memory();
    assert!(before - LIVE.get() >= least, "it is given back");
}
