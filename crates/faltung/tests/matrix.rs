//! Which algorithm takes which option, and why not: the whole table, word for word.
//!
//! Every row changes one thing of a plain problem that all algorithms take: a 12 x 12 signal of f32 and a 3 x 3 box.
//! A refusal that is not here is a regression, and one that is here has its reason below the table.

use faltung::{Accuracy, Algorithm, Boundary, Dtype, Error, Kernel, Mode, Number, Operation, Overflow, Plan, Spec};

struct Row {
    name: &'static str,
    dtype: Dtype,
    x: Vec<usize>,
    kernel: Kernel,
    spec: Spec,
}

fn ones(shape: &[usize]) -> Kernel {
    Kernel::real(shape, vec![1.0; shape.iter().product()]).unwrap()
}

fn whole(shape: &[usize]) -> Kernel {
    Kernel::whole(shape, vec![1; shape.iter().product()]).unwrap()
}

fn real(shape: &[usize], weights: &[f64]) -> Kernel {
    Kernel::real(shape, weights.to_vec()).unwrap()
}

fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    let mut row = |name, dtype, x: &[usize], kernel: Kernel, spec: Spec| {
        rows.push(Row { name, dtype, x: x.to_vec(), kernel, spec });
    };
    let (plain, square, three) = (Spec::new, &[12, 12][..], &[3, 3][..]);
    let f32 = Dtype::F32;
    let constants = [
        ("constant:0", Boundary::zero()),
        ("constant:2", Boundary::Constant(Number::Whole(2))),
        ("constant:NaN", Boundary::Constant(Number::Real(f64::NAN))),
    ];
    for (name, boundary) in constants.into_iter().chain(Boundary::ALL.into_iter().skip(1)) {
        row(name, f32, square, ones(three), plain().boundary(boundary));
    }
    row("full", f32, square, ones(three), plain().mode(Mode::Full));
    row("same", f32, square, ones(three), plain().mode(Mode::Same));
    row("same, anchor", f32, square, ones(three), plain().mode(Mode::Same).anchor(0));
    row("valid", f32, square, ones(three), plain().mode(Mode::Valid));
    row("padded", f32, square, ones(three), plain().mode(Mode::Padded { before: 1, after: 5 }));
    row("stride", f32, square, ones(three), plain().stride(2));
    row("dilation", f32, square, ones(three), plain().dilation(3));
    row("upsample", f32, square, ones(three), plain().upsample(2));
    row("correlate", f32, square, ones(three), plain().operation(Operation::Correlate));
    row("one axis of two", f32, square, ones(&[3]), plain().axes([0]));
    row("two axes of four", f32, &[2, 12, 3, 12], ones(three), plain().axes([3, 1]));
    row("channels", f32, &[2, 12, 12], ones(&[4, 2, 3, 3]), plain().groups(1));
    row("groups", f32, &[4, 12, 12], ones(&[2, 2, 3, 3]), plain().groups(2));
    row("depthwise", f32, &[4, 12, 12], ones(&[4, 1, 3, 3]), plain().groups(4));
    row("1-D", f32, &[12], ones(&[3]), plain());
    row("3-D", f32, &[5, 5, 5], ones(&[3, 3, 3]), plain());
    row("4-D", f32, &[4, 4, 4, 4], ones(&[2, 2, 2, 2]), plain());
    row("empty", f32, &[12, 0], ones(three), plain());
    row("one sample", f32, &[1, 1], ones(three), plain().mode(Mode::Same).boundary(Boundary::Mirror));
    row("kernel is longer", f32, &[2, 2], ones(&[9, 9]), plain().boundary(Boundary::Reflect));
    row(
        "rank two",
        f32,
        square,
        real(&[4, 4], &[1., 1., 1., 1., 1., 2., 3., 4., 1., 1., 1., 1., 1., 2., 3., 4.]),
        plain(),
    );
    row("full rank", f32, square, real(three, &[2., 1., 0., 1., 2., 1., 0., 1., 2.]), plain());
    row("product, no box", f32, square, real(three, &[1., 2., 1., 2., 4., 2., 1., 2., 1.]), plain());
    row("one weight", f32, square, ones(&[1, 1]), plain());
    row("a weight is NaN", f32, square, real(&[2, 2], &[1., f64::NAN, 1., 1.]), plain());
    row("weights of 1e-17", f32, square, real(three, &[1e-17; 9]), plain());
    let quiet = || plain().overflow(Overflow::Wrap);
    for dtype in [Dtype::F16, Dtype::Bf16, Dtype::F64, Dtype::C64, Dtype::C128] {
        row(dtype.name(), dtype, square, ones(three), plain());
    }
    for dtype in Dtype::ALL.iter().filter(|dtype| dtype.is_integer()) {
        row(dtype.name(), *dtype, square, whole(three), quiet());
    }
    row("i64 within 2^20", Dtype::I64, square, whole(three), quiet().range((-1 << 20, 1 << 20)));
    row("i16, real weights", Dtype::I16, square, real(three, &[0.5; 9]), quiet());
    row("u64, saturated", Dtype::U64, square, whole(three), plain().overflow(Overflow::Saturate));
    row("componentwise", f32, square, ones(three), plain().accuracy(Accuracy::Componentwise));
    let two = real(&[4, 4], &[1., 1., 1., 1., 1., 2., 3., 4., 1., 1., 1., 1., 1., 2., 3., 4.]);
    row("componentwise, rank two", f32, square, two, plain().accuracy(Accuracy::Componentwise));
    let exact = plain().overflow(Overflow::Wrap).accuracy(Accuracy::Componentwise);
    row("componentwise, i16", Dtype::I16, square, whole(three), exact);
    row("500 bytes", f32, square, ones(three), plain().max_memory(500));
    rows
}

/// The reason without its numbers.
fn reason(text: &str) -> String {
    let digits = |word: &str| word.contains(|c: char| c.is_ascii_digit()) && !word.starts_with("0.5");
    text.split(' ').map(|word| if digits(word) { "#" } else { word }).collect::<Vec<_>>().join(" ")
}

/// `yes`, or the number of the reason.
fn table() -> String {
    let mut reasons: Vec<String> = Vec::new();
    let mut table = format!("{:<24}", "");
    for algorithm in Algorithm::ALL {
        table += &format!(" {:<12}", algorithm.name());
    }
    table = format!("{}\n", table.trim_end());
    for row in rows() {
        let mut line = format!("{:<24}", row.name);
        for &algorithm in Algorithm::ALL {
            let answer = match Plan::new(row.dtype, &row.x, &row.kernel, &row.spec.clone().algorithm(algorithm)) {
                Ok(plan) => {
                    assert_eq!(plan.algorithm(), algorithm);
                    "yes".to_owned()
                }
                Err(Error::NoAlgorithm { refusals }) => {
                    let reason = reason(&refusals[0].1.to_string());
                    let known = reasons.iter().position(|known| *known == reason).unwrap_or_else(|| {
                        reasons.push(reason);
                        reasons.len() - 1
                    });
                    format!("({})", known + 1)
                }
                Err(error) => panic!("{}: {error}", row.name),
            };
            line += &format!(" {answer:<12}");
        }
        table += &format!("{}\n", line.trim_end());
    }
    for (i, reason) in reasons.iter().enumerate() {
        table += &format!("({}) {reason}\n", i + 1);
    }
    table
}

/// Why each refusal is right, by its number:
///
/// 1. Samples would be copied for hardly anybody.
/// 2. and 4. Lanes run along channels, or along a row of terms, and here there is neither.
/// 3. The small transforms are for this kernel and no other.
/// 5. With one axis there is nothing to split: the pass would be the direct sum.
/// 6. Sums that slide weigh all samples alike.
/// 7. More products than this cost more than the direct sum; a NaN is in no product.
/// 8. and 9. One weight is one multiplication: there is nothing to slide over, nothing to transform.
/// 10. A transform would spread it over every output; the direct sum keeps it where it is.
/// 11. Routines for layers are compiled for real floats alone.
/// 12. Whole numbers are exact or refused: only below one half does rounding give the exact sum.
/// 13. to 15. `Componentwise` asks for errors small beside each output's own terms, which these are not.
/// 16. The limit is kept.
const EXPECTED: &str = include_str!("matrix.txt");

#[test]
fn every_refusal_is_one_that_we_know() {
    let table = table();
    assert!(table == EXPECTED, "matrix.txt should now be\n{table}");
}
