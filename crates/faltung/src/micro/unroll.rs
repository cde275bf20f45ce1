//! Loops that are certain to be unrolled.

/// Repeats a block for `$i` = 0, 1, ... (2, 4, 6, 8, 9 or 20 times), as straight-line code.
///
/// The compiler unrolls a `for` of constant length only below a size that it does not promise; above it an array of vectors
/// becomes memory, and a routine loses two thirds of its speed without a warning. The block tests `$i` against its own bound, a
/// constant, so that nothing of the test is left.
macro_rules! unroll {
    ($i:ident in 2 => $body:block) => { $crate::micro::unroll::unroll!(@ $i $body 0 1) };
    ($i:ident in 4 => $body:block) => { $crate::micro::unroll::unroll!(@ $i $body 0 1 2 3) };
    ($i:ident in 6 => $body:block) => { $crate::micro::unroll::unroll!(@ $i $body 0 1 2 3 4 5) };
    ($i:ident in 8 => $body:block) => { $crate::micro::unroll::unroll!(@ $i $body 0 1 2 3 4 5 6 7) };
    ($i:ident in 9 => $body:block) => { $crate::micro::unroll::unroll!(@ $i $body 0 1 2 3 4 5 6 7 8) };
    ($i:ident in 20 => $body:block) => {
        $crate::micro::unroll::unroll!(@ $i $body 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19)
    };
    (@ $i:ident $body:block $($n:literal)*) => { $({ let $i: usize = $n; $body })* };
}

/// `[$value for $i in 0..$count]`, for at most 8, in straight-line code.
///
/// Not `core::array::from_fn` and not `map`: those need not be inlined, and a function that is not inlined loses the
/// instruction set; overlap-save was four times slower with them.
macro_rules! array {
    ($i:ident in $count:expr, from $fill:expr => $value:expr) => {{
        let mut all = [$fill; $count];
        $crate::micro::unroll::unroll!($i in 8 => {
            if $i < $count {
                all[$i] = $value;
            }
        });
        all
    }};
}
pub(crate) use {array, unroll};
