//! A plan for each kind of sums, behind one type; and the memory that it works in.

use std::sync::Arc;

use num_complex::Complex;

use crate::{
    Accum, AnyView, AnyViewMut, Progress, Result,
    exec::{Core, Run, Worker},
    kernel::Values,
};

/// Stamps what has one arm for each kind of sums.
macro_rules! cores {
    ($($variant:ident $sum:ty),+) => {
        pub(super) enum Cores { $($variant(Core<$sum>)),+ }

        /// Memory that a plan works in, reusable from run to run.
        ///
        /// Made by [`Plan::scratch`](crate::Plan::scratch); one made by another plan is replaced when it is first used, which allocates.
        ///
        /// ```
        /// use faltung::{Dtype, Kernel, Plan, Spec};
        /// let plan = Plan::new(Dtype::F32, &[2], &Kernel::from(&[1, 1]), &Spec::new())?;
        /// let (mut scratch, mut y) = (plan.scratch(), [0.0f32; 3]);
        /// for x in [[1.0f32, 2.0], [5.0, 6.0]] {
        ///     plan.run(&x, &mut y, &mut scratch)?;
        /// }
        /// assert_eq!(y, [5.0, 11.0, 6.0]);
        /// # Ok::<(), faltung::Error>(())
        /// ```
        #[derive(Debug)]
        pub struct Scratch {
            pub(super) workers: Workers,
            /// That of the plan it was made for.
            pub(super) id: usize,
            pub(super) progress: Option<Arc<Progress>>,
        }

        #[derive(Debug)]
        pub(super) enum Workers { $($variant(Vec<Worker<$sum>>)),+ }

        impl Cores {
            pub(super) fn workers(&self, count: usize) -> Workers {
                match self { $(Cores::$variant(core) => Workers::$variant((0..count).map(|_| core.worker()).collect())),+ }
            }

            pub(super) fn run(&self, x: &AnyView<'_>, y: AnyViewMut<'_>, workers: &mut Workers, run: &Run<'_>) -> Result<()> {
                match (self, workers) {
                    $((Cores::$variant(core), Workers::$variant(workers)) => core.run(x, y, workers, run),)+
                    _ => unreachable!("scratch is made for its plan"),
                }
            }

            pub(super) fn tiles(&self) -> usize {
                match self { $(Cores::$variant(core) => core.grid.count()),+ }
            }

            pub(super) fn sums(&self) -> &'static str {
                match self { $(Cores::$variant(_) => <$sum as Accum>::NAME),+ }
            }

            pub(super) fn values(&self) -> Values {
                match self { $(Cores::$variant(core) => core.values()),+ }
            }

        }

        $(impl Kind for $sum {
            fn erase(core: Core<$sum>) -> Cores { Cores::$variant(core) }
        })+
    };
}

/// A kind of sums, as one of the cores.
pub(super) trait Kind: Accum {
    fn erase(core: Core<Self>) -> Cores
    where
        Self: Sized;
}

impl Scratch {
    /// Lets the runs in this memory be seen and stopped by `progress`, instead of the one that the plan's options name.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use faltung::{Dtype, Error, Kernel, Plan, Progress, Spec};
    /// let plan = Plan::new(Dtype::F32, &[2], &Kernel::from(&[1, 1]), &Spec::new())?;
    /// let (mut scratch, progress) = (plan.scratch(), Arc::new(Progress::default()));
    /// scratch.watch(progress.clone());
    /// progress.cancel();
    /// assert_eq!(plan.run(&[1.0f32, 2.0], &mut [0.0f32; 3], &mut scratch), Err(Error::Cancelled));
    /// # Ok::<(), Error>(())
    /// ```
    pub fn watch(&mut self, progress: Arc<Progress>) {
        self.progress = Some(progress);
    }
}

cores!(F32 f32, F64 f64, C64 Complex<f32>, C128 Complex<f64>, I64 i64, I128 i128);
