//! What is explained is what is computed: traces against plans, and their sources against the oracle.

mod support;

use faltung::{
    Array, Boundary, Complex, Error, Kernel, Missing, Mode, Normalize, Number, Operation, PerAxis, Plan, Sample, Spec,
    trace::{Origin, Trace, Tracer},
};
use faltung_reference as oracle;
use support::Rng;

/// A problem without its samples.
struct Case {
    shape: Vec<usize>,
    kernel: Vec<usize>,
    spec: Spec,
}

/// Any problem of one to three dimensions, perhaps along some axes only, perhaps with channels.
fn case(rng: &mut Rng) -> Case {
    let dimensions = 1 + rng.below(3);
    let mut axes: Vec<isize> = (0..dimensions as isize).filter(|_| !rng.one_in(4)).collect();
    if axes.is_empty() {
        axes.push(rng.below(dimensions) as isize);
    }
    if rng.one_in(3) {
        axes.reverse();
    }
    let mut shape: Vec<usize> = (0..dimensions).map(|_| 1 + rng.below(8)).collect();
    let mut kernel: Vec<usize> = axes.iter().map(|_| 1 + rng.below(4)).collect();
    let each = axes.len();
    let mut spec = Spec::new();
    spec.operation = if rng.one_in(2) { Operation::Convolve } else { Operation::Correlate };
    spec.stride = PerAxis::Each((0..each).map(|_| 1 + rng.below(3)).collect());
    spec.dilation = PerAxis::Each((0..each).map(|_| 1 + rng.below(3)).collect());
    spec.upsample = PerAxis::Each((0..each).map(|_| if rng.one_in(3) { 1 + rng.below(3) } else { 1 }).collect());
    spec.boundary = PerAxis::Each((0..each).map(|_| boundary(rng)).collect());
    spec.mode = PerAxis::Each((0..each).map(|_| mode(rng)).collect());
    if rng.one_in(4) {
        spec.mode = Mode::Same.into();
        spec.anchor = Some(0.into());
    }
    if rng.one_in(4) {
        let groups = 1 + rng.below(2);
        let (inputs, outputs) = (1 + rng.below(2), 1 + rng.below(2));
        axes.iter_mut().for_each(|axis| *axis += 2);
        shape.splice(0..0, [2, groups * inputs]);
        kernel.splice(0..0, [groups * outputs, inputs]);
        if !axes.contains(&2) {
            // Channels stand before the first axis slid along.
            return case(rng);
        }
        spec = spec.groups(groups);
    }
    spec.axes = Some(axes);
    Case { shape, kernel, spec }
}

fn boundary(rng: &mut Rng) -> Boundary {
    match rng.pick(&Boundary::ALL).1 {
        Boundary::Constant(_) => Boundary::Constant(Number::Whole(rng.whole(3))),
        other => other,
    }
}

fn mode(rng: &mut Rng) -> Mode {
    let padded = Mode::Padded { before: rng.below(12), after: rng.below(12) };
    rng.pick(&[Mode::Full, Mode::Same, Mode::Valid, padded])
}

/// Some indices of an array of this shape.
fn positions(rng: &mut Rng, shape: &[usize]) -> Vec<Vec<usize>> {
    (0..4).map(|_| shape.iter().map(|&n| rng.below(n)).collect()).collect()
}

fn signed(index: &[usize]) -> Vec<isize> {
    index.iter().map(|&i| i as isize).collect()
}

/// So many cases that have outputs, each with a tracer.
fn cases(count: usize, mut each: impl FnMut(&mut Rng, &Case, &Tracer, &[usize])) {
    let mut rng = Rng(5);
    let mut tried = 0;
    while tried < count {
        let case = case(&mut rng);
        let zeros = Kernel::whole(&case.kernel, vec![0; case.kernel.iter().product()]).unwrap();
        let Ok(tracer) = Tracer::new(&case.shape, &zeros, &case.spec) else { continue };
        let shape = tracer.output_shape();
        if !shape.contains(&0) {
            each(&mut rng, &case, &tracer, &shape);
            tried += 1;
        }
    }
}

fn samples<T>(rng: &mut Rng, shape: &[usize], mut make: impl FnMut(i128) -> T) -> Vec<T> {
    (0..shape.iter().product()).map(|_| make(rng.whole(9))).collect()
}

/// The plan's result.
fn computed<T: Sample>(x: &Array<T>, kernel: &Kernel, spec: &Spec) -> Array<T>
where
    for<'a> faltung::AnyView<'a>: From<&'a Array<T>>,
{
    let plan = Plan::new(T::DTYPE, x.shape(), kernel, spec).unwrap();
    let mut y = Array::zeros(plan.output_shape());
    plan.run(x, &mut y, &mut plan.scratch()).unwrap();
    y
}

#[test]
fn a_trace_of_whole_numbers_is_what_the_plan_computes() {
    let mut sums = 0;
    cases(500, |rng, case, _, shape| {
        let x = Array::new(samples(rng, &case.shape, |n| n as i64), &case.shape).unwrap();
        let kernel = Kernel::whole(&case.kernel, samples(rng, &case.kernel, |n| n)).unwrap();
        let y = computed(&x, &kernel, &case.spec);
        let tracer = Tracer::new(&case.shape, &kernel, &case.spec).unwrap();
        assert_eq!(y.shape(), shape);
        for at in positions(rng, shape) {
            let trace = tracer.trace(&x, &signed(&at)).unwrap();
            assert_eq!(trace.sum, Number::Whole(y.view().get(&at).into()), "{:?} at {at:?}", case.spec);
            adds_up(&trace);
            sums += usize::from(!trace.sum.is_zero());
        }
    });
    assert!(sums > 1000, "most sums are not zero: {sums}");
}

/// Products are those of sample and weight, and running sums those of the products.
fn adds_up(trace: &Trace) {
    let whole = |number: Number| number.whole().expect("whole");
    let mut sum = 0;
    for term in &trace.terms {
        assert_eq!(whole(term.product), whole(term.sample) * whole(term.weight));
        sum += whole(term.product);
        assert_eq!(whole(term.running), sum);
    }
}

#[test]
fn a_trace_of_reals_is_within_the_bound_of_what_the_plan_computes() {
    cases(500, |rng, case, _, shape| {
        let x = Array::new(samples(rng, &case.shape, |n| n as f64 / 7.0), &case.shape).unwrap();
        let kernel = Kernel::real(&case.kernel, samples(rng, &case.kernel, |n| n as f64 / 3.0)).unwrap();
        let spec = case.spec.clone().accuracy(faltung::Accuracy::Componentwise);
        let y = computed(&x, &kernel, &spec);
        for at in positions(rng, shape) {
            let trace = faltung::trace(&x, &kernel, &spec, &signed(&at)).unwrap();
            let magnitude: f64 = trace.terms.iter().map(|term| term.product.to_complex().re.abs()).sum();
            // Both sums round, each within the bound.
            let bound = 2.0 * (trace.terms.len() + 2) as f64 * f64::EPSILON * magnitude;
            let error = (trace.sum.to_complex().re - y.view().get(&at)).abs();
            assert!(error <= bound, "{error} is more than {bound}: {:?} at {at:?}", case.spec);
        }
    });
}

#[test]
fn complex_weights_are_conjugated_in_correlations_alone() {
    cases(100, |rng, case, _, shape| {
        let mut complex = |shape: &[usize]| {
            let parts = samples(rng, shape, |n| n as f64);
            parts
                .iter()
                .zip(samples(rng, shape, |n| n as f64))
                .map(|(&re, im)| Complex::new(re, im))
                .collect::<Vec<_>>()
        };
        let x = Array::new(complex(&case.shape), &case.shape).unwrap();
        let kernel = Kernel::complex(&case.kernel, complex(&case.kernel)).unwrap();
        let spec = case.spec.clone().accuracy(faltung::Accuracy::Componentwise);
        let y = computed(&x, &kernel, &spec);
        for at in positions(rng, shape) {
            let trace = faltung::trace(&x, &kernel, &spec, &signed(&at)).unwrap();
            assert_eq!(trace.sum.to_complex(), y.view().get(&at), "whole parts do not round");
        }
    });
}

#[test]
fn sources_and_weights_are_those_of_the_definition() {
    let mut seen = [0; 4];
    cases(500, |rng, case, tracer, shape| {
        let sizes = tracer.sizes();
        let slid: Vec<usize> = sizes.iter().map(|size| size.axis).collect();
        let channels = case.kernel.len() - sizes.len();
        for at in positions(rng, shape) {
            let trace = tracer.trace_by(&signed(&at), |_| Ok::<_, Error>(Number::Whole(1))).unwrap();
            for term in &trace.terms {
                let mut gap = false;
                let mut constant = false;
                let mut source: Vec<Option<usize>> = term.at.iter().map(|&i| usize::try_from(i).ok()).collect();
                for (k, size) in sizes.iter().enumerate() {
                    let axis = slid[k];
                    let w = term.weight_at[channels + k];
                    let turned = match tracer.operation() {
                        Operation::Convolve => size.kernel - 1 - w,
                        Operation::Correlate => w,
                    };
                    // As the formula has it: o * stride + k * dilation - lead.
                    let place = (at[axis] * size.stride + turned * size.dilation) as i64 - size.before as i64;
                    assert_eq!(term.at[axis] as i64, place.div_euclid(size.upsample as i64));
                    if place.rem_euclid(size.upsample as i64) != 0 {
                        gap = true;
                        continue;
                    }
                    source[axis] = oracle_boundary(size.boundary).source(term.at[axis] as i64, size.len);
                    constant |= source[axis].is_none();
                }
                let outside = |&axis: &usize| !(0..case.shape[axis] as isize).contains(&term.at[axis]);
                match &term.origin {
                    Origin::Gap => assert!(gap),
                    Origin::Sample => assert!(!gap && !constant && !slid.iter().any(outside)),
                    Origin::Virtual { source: None, .. } => assert!(constant && !gap),
                    Origin::Virtual { source: Some(told), beyond } => {
                        assert!(!gap && !constant);
                        assert_eq!(told.iter().copied().map(Some).collect::<Vec<_>>(), source);
                        let mut axes: Vec<usize> = slid.iter().copied().filter(outside).collect();
                        axes.sort_unstable();
                        assert_eq!(beyond.iter().map(|(axis, _)| *axis).collect::<Vec<_>>(), axes);
                    }
                }
                seen[match &term.origin {
                    Origin::Sample => 0,
                    Origin::Gap => 1,
                    Origin::Virtual { source: None, .. } => 2,
                    Origin::Virtual { .. } => 3,
                }] += 1;
            }
        }
    });
    assert!(seen.iter().all(|&count| count > 500), "all kinds come often: {seen:?}");
}

fn oracle_boundary(boundary: Boundary) -> oracle::Boundary<i128> {
    match boundary {
        Boundary::Constant(c) => oracle::Boundary::Constant(c.whole().unwrap()),
        Boundary::Nearest => oracle::Boundary::Nearest,
        Boundary::Reflect => oracle::Boundary::Reflect,
        Boundary::Mirror => oracle::Boundary::Mirror,
        Boundary::Wrap => oracle::Boundary::Wrap,
    }
}

#[test]
fn output_lengths_follow_from_the_numbers_told() {
    cases(500, |_, _, tracer, shape| {
        for size in tracer.sizes() {
            let padded = size.signal + size.before + size.after;
            assert_eq!(size.span, (size.kernel - 1) * size.dilation + 1);
            assert_eq!(size.out, (padded - size.span) / size.stride + 1, "{size}");
            assert_eq!(size.unused, padded - size.span - (size.out - 1) * size.stride);
            assert_eq!(size.out, shape[size.axis]);
        }
    });
}

#[test]
fn the_article_adds_up_term_by_term() {
    let (posts, likes) = ([3, 0, 5, 0, 2, 1], [5, 4, 3, 2, 1]);
    let sum = |t: isize| faltung::trace(&posts, &likes, &Spec::new(), &[t]).unwrap().sum;
    let sums: Vec<Number> = (-1..=10).map(sum).collect();
    assert_eq!(sums, [0, 15, 12, 34, 26, 28, 23, 15, 7, 4, 1, 0].map(Number::Whole));
}

#[test]
fn only_the_window_is_asked_for() {
    let spec = Spec::new().boundary(Boundary::Wrap);
    let tracer = Tracer::new(&[10_000_000_000], &Kernel::from(&[1, 2, 3]), &spec).unwrap();
    let mut asked = Vec::new();
    let trace = tracer.trace_by(&[0], |index| {
        asked.push(index[0]);
        Ok::<_, Error>(Number::Whole(1))
    });
    assert_eq!(trace.unwrap().sum, Number::Whole(6));
    assert_eq!(asked, [9_999_999_998, 9_999_999_999, 0]);
}

#[test]
fn beyond_the_ends_of_the_result_the_formula_goes_on_in_steps_of_the_stride() {
    let spec = Spec::new().stride(5).boundary(Boundary::Wrap);
    let at = |t: isize| faltung::trace(&[1, 2, 4], &[1, 1], &spec, &[t]).unwrap();
    assert_eq!(at(0).terms[0].at[..], [-1]); // the only output
    assert_eq!((at(1).terms[0].at[0], at(1).sum), (4, Number::Whole(6)));
    assert_eq!((at(-1).terms[0].at[0], at(-1).sum), (-6, Number::Whole(3)));
}

#[test]
fn weights_are_told_as_they_are_used() {
    let spec = Spec::new().normalize(Normalize::Sum).mode(Mode::Valid);
    let trace = faltung::trace(&[4.0, 8.0], &[1, 3], &spec, &[0]).unwrap();
    assert_eq!(trace.terms[0].weight, Number::Real(0.75));
    assert_eq!(trace.sum, Number::Real(5.0));
}

#[test]
fn what_cannot_be_traced_is_an_error_that_says_so() {
    let at = |spec: &Spec, at: &[isize]| faltung::trace(&[1i64 << 62, 1 << 62], &[1, 1], spec, at);
    let plain = Spec::new();
    assert!(matches!(at(&plain, &[0, 0]), Err(Error::Position { .. })));
    assert!(matches!(at(&plain, &[isize::MAX]), Err(Error::Position { .. })));
    assert!(matches!(at(&Spec::new().missing(Missing::Omit), &[0]), Err(Error::Untraced { option: "missing", .. })));
    assert!(at(&plain, &[1]).is_ok_and(|trace| trace.sum == Number::Whole(1 << 63)));
    let none: [i64; 0] = [];
    assert!(matches!(faltung::trace(&none, &[1], &plain, &[0]), Err(Error::Position { .. })));
    let rows = Array::new(vec![1, 2, 3, 4], &[2, 2]).unwrap();
    let down = Spec::new().axes([0]);
    assert!(faltung::trace(&rows, &[1, 1], &down, &[-1, 1]).is_ok_and(|trace| trace.sum.is_zero()));
    let error = faltung::trace(&rows, &[1, 1], &down, &[0, 2]).unwrap_err();
    assert!(error.to_string().ends_with("it must lie within the result"), "{error}");
    let huge = Kernel::whole(&[1], vec![i128::MAX]).unwrap();
    assert!(matches!(faltung::trace(&[2], &huge, &plain, &[0]), Err(Error::TooWide { .. })));
}
