//! What meets what: the axes and channels of an input and a kernel, as the engine takes them.
//!
//! Along which axes: those of `--axis`; else a picture's height and width, a sound's frames, and all axes of other
//! arrays. Axes that are not named are left apart, so each colour is filtered by itself.
//!
//! A sound and a sound meet channel by channel: a kernel of one channel filters each; one of several makes as many of
//! a mono sound, and meets as many in pairs. To the engine these are groups of channels, which it wants before the
//! frames, where files have them behind; so arrays are seen with the two axes exchanged, and nothing is copied.

use faltung::{AnyArray, Boundary, Dims, Error, Kernel, Mode, Operation, PerAxis, Plan, Result as Outcome, Spec};

use crate::{
    args::{Options, Sum},
    commands::refused,
    io::{Document, Failure, Form},
    operand::named,
    samples::reshaped,
};

/// An input or a kernel, and what it is called.
pub(crate) struct Source {
    pub(crate) name: String,
    pub(crate) document: Document,
}

/// Where the weights come from.
pub(crate) enum Weights {
    /// From a file or the command line.
    Given(Box<Source>),
    /// From a name with parameters.
    Name(String),
}

/// What must be known of an input besides its samples.
pub(crate) struct Told<'a> {
    pub(crate) name: &'a str,
    pub(crate) shape: Dims,
    pub(crate) form: &'a Form,
}

impl Source {
    /// What must be known of it as an input.
    pub(crate) fn told(&self) -> Told<'_> {
        Told { name: &self.name, shape: self.shape(), form: self.form() }
    }

    fn shape(&self) -> Dims {
        self.document.array.shape().into()
    }

    fn form(&self) -> &Form {
        &self.document.form
    }

    fn kernel(&self) -> Kernel {
        Kernel::from(&self.document.array)
    }
}

/// What is to be computed.
pub(crate) struct Setting {
    pub(crate) spec: Spec,
    pub(crate) kernel: Kernel,
    /// The input's shape, with the axis of channels that a mono sound leaves out.
    shape: Dims,
    /// The order in which the engine sees the axes.
    order: Vec<usize>,
}

impl Setting {
    /// Finds out what meets what.
    pub(crate) fn new(spec: Spec, input: &Told<'_>, weights: &Weights) -> Result<Setting, Failure> {
        match weights {
            Weights::Given(kernel) if kernel.form().is_sound() && input.form.is_sound() => {
                check_rates(input, kernel)?;
                if spec.axes.is_some() { arrays(spec, input, weights) } else { sounds(spec, input, kernel) }
            }
            _ => arrays(spec, input, weights),
        }
    }

    /// The input's shape as the engine sees it.
    pub(crate) fn seen_shape(&self) -> Dims {
        self.order.iter().map(|&axis| self.shape[axis]).collect()
    }

    /// For each axis as the engine sees them, that of the file.
    pub(crate) fn order(&self) -> &[usize] {
        &self.order
    }

    /// A plan for input of this type.
    pub(crate) fn plan(&self, x: &AnyArray, spec: Spec) -> Outcome<Plan> {
        let shape = self.seen_shape();
        let range = x.view().extent();
        let spec = range.into_iter().fold(spec, Spec::range);
        Plan::new(x.dtype(), &shape, &self.kernel, &spec)
    }

    /// The result's shape as its file has it.
    pub(crate) fn result_shape(&self, plan: &Plan) -> Dims {
        let mut shape = self.shape.clone();
        self.order.iter().zip(plan.output_shape()).for_each(|(&axis, &extent)| shape[axis] = extent);
        shape
    }

    /// Computes the result, and gives up the input: the two need not stay in memory together.
    pub(crate) fn compute(&self, x: AnyArray, plan: &Plan) -> Result<AnyArray, Failure> {
        let mut y = AnyArray::zeros(plan.output_dtype(), &self.result_shape(plan));
        let input = reshaped(&x, &self.shape)?;
        let seen = y.view_mut().permuted(&self.order);
        plan.run(input.permuted(&self.order), seen, &mut plan.scratch()).map_err(refused)?;
        Ok(y)
    }
}

/// The options in the engine's words.
pub(crate) fn spec(options: &Options, picture: bool) -> Spec {
    let mut spec = sum(&options.sum, picture);
    spec.accuracy = options.accuracy.unwrap_or(spec.accuracy);
    spec.overflow = options.overflow.unwrap_or(spec.overflow);
    spec.missing = options.missing.unwrap_or(spec.missing);
    spec.algorithm = options.algorithm;
    spec.threads = options.threads;
    spec.max_memory = options.max_memory;
    spec
}

/// The sum alone in the engine's words.
pub(crate) fn sum(options: &Sum, picture: bool) -> Spec {
    let mode = options.mode.clone().or(options.pad.clone());
    let same = picture || options.anchor.is_some();
    let boundary = if picture { Boundary::Reflect } else { Boundary::zero() };
    let mut spec = Spec::new();
    spec.mode = mode.unwrap_or(PerAxis::All(if same { Mode::Same } else { Mode::Full }));
    spec.boundary = options.boundary.clone().unwrap_or(PerAxis::All(boundary));
    spec.axes = options.axis.as_ref().map(|axes| axes.0.clone());
    spec.stride = options.stride.clone().unwrap_or(spec.stride);
    spec.dilation = options.dilation.clone().unwrap_or(spec.dilation);
    spec.anchor = options.anchor.clone();
    spec.operation = if options.correlate { Operation::Correlate } else { Operation::Convolve };
    spec.normalize = options.normalize.unwrap_or(spec.normalize);
    spec
}

/// Arrays: the kernel has as many dimensions as there are axes to convolve along.
fn arrays(mut spec: Spec, input: &Told<'_>, weights: &Weights) -> Result<Setting, Failure> {
    let shape = input.shape.clone();
    let order: Vec<usize> = (0..shape.len()).collect();
    let natural: Vec<isize> = match input.form {
        Form::Picture(_) => vec![0, 1],
        Form::Sound(_) => vec![0],
        _ => order.iter().map(|&axis| axis as isize).collect(),
    };
    let axes = spec.axes.get_or_insert(natural).len();
    let kernel = match weights {
        Weights::Name(text) => named(text, axes)?,
        Weights::Given(source) if source.shape().len() == axes => source.kernel(),
        Weights::Given(source) => return Err(misfit(input, source, axes)),
    };
    let whose = |error: &Error| match (error, weights) {
        (Error::EmptyKernel { .. }, Weights::Given(kernel)) => kernel.name.clone(),
        _ => input.name.to_owned(),
    };
    spec.problem(&shape, kernel.shape()).map_err(|error| {
        let name = whose(&error);
        refused(error).in_file(name)
    })?;
    Ok(Setting { spec, kernel, shape, order })
}

/// Why a kernel has the wrong number of dimensions, and what would do.
pub(crate) fn misfit(input: &Told<'_>, kernel: &Source, axes: usize) -> Failure {
    let (have, whole) = (kernel.shape().len(), input.shape.len());
    let advice = match (input.form, kernel.form()) {
        (Form::Picture(_), Form::Picture(_)) if have == 3 => {
            "a kernel in colour is ambiguous: give a grey one, and each colour is filtered by it".to_owned()
        }
        (Form::Picture(_), Form::Sound(_)) => "a sound is no kernel for a picture's height and width".to_owned(),
        (Form::Sound(_), _) if have > 1 => "a sound takes one row of weights, or another sound".to_owned(),
        _ if have > whole => "the kernel cannot have more axes than the input: are the two exchanged?".to_owned(),
        _ if have > axes => format!("name as many axes by --axis, of 0 to {}", whole - 1),
        (Form::Picture(_), _) => {
            "name one axis, --axis 0 for columns or 1 for rows, or give rows of weights: \"1,2;3,4\"".to_owned()
        }
        _ => format!("name the axes by --axis, as in --axis {}", if have == 1 { "-1" } else { "-2,-1" }),
    };
    let count = |count: usize, one: &str, many: &str| format!("{count} {}", if count == 1 { one } else { many });
    let (have, along) = (count(have, "dimension", "dimensions"), count(axes, "axis", "axes"));
    let (input, kernel) = (&input.name, &kernel.name);
    Failure::usage(format!("{kernel}: a kernel of {have} does not fit {input} along {along}: {advice}"))
}

/// Two sounds, channel by channel.
fn sounds(spec: Spec, input: &Told<'_>, kernel: &Source) -> Result<Setting, Failure> {
    let (shape, weights) = (input.shape.clone(), kernel.shape());
    let channels = |shape: &Dims| shape.get(1).copied();
    match (channels(&shape), channels(&weights)) {
        (_, None) => {
            let order = (0..shape.len()).collect();
            Ok(Setting { spec: spec.axes([0]), kernel: kernel.kernel(), shape, order })
        }
        (have, Some(need)) if have.is_none_or(|have| have == need) => {
            let groups = have.unwrap_or(1);
            let turned = kernel.document.array.view();
            let turned = Kernel::from(turned.permuted(&[1, 0]));
            let kernel = turned.reshaped(&[need, 1, weights[0]]).map_err(refused)?;
            let shape = Dims::from_slice(&[shape[0], groups]);
            Ok(Setting { spec: spec.groups(groups).axes([1]), kernel, shape, order: vec![1, 0] })
        }
        (have, Some(need)) => Err(Failure::data(format!(
            "{} has {} channels and {} has {need}: the kernel must have one, or as many",
            input.name,
            have.unwrap_or(1),
            kernel.name,
        ))),
    }
}

/// Sounds of different rates do not meet sample by sample.
fn check_rates(input: &Told<'_>, kernel: &Source) -> Result<(), Failure> {
    match (input.form, kernel.form()) {
        (Form::Sound(x), Form::Sound(w)) if x.rate != w.rate => Err(Failure::data(format!(
            "{} has {} samples a second and {} has {}: bring one to the rate of the other first, or convolve in full into a \
             .wav, which does",
            input.name, x.rate, kernel.name, w.rate
        ))),
        _ => Ok(()),
    }
}
