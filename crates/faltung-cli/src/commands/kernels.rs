//! `faltung kernels`: the kernels that have names, and their weights.

use std::fmt::Write;

use faltung::{
    Kernel,
    kernel::{Entry, LIST},
};
use serde::Serialize;

use crate::{
    args::Kernels,
    console,
    io::{self, Failure, Form, Place, Table},
    operand, report,
};

/// Lists all kernels, describes one, or shows its weights.
pub(super) fn run(args: &Kernels) -> Result<(), Failure> {
    match &args.kernel {
        None if args.json => report::print(&LIST.iter().map(Description::of).collect::<Vec<_>>()),
        None => console::print(&list()),
        // A name alone is a question if the kernel has parameters that must be given.
        Some(text) => match LIST.iter().find(|entry| entry.name == text.trim() && needs_parameters(entry)) {
            Some(entry) if args.json => report::print(&Description::of(entry)),
            Some(entry) => console::print(&description(entry)),
            None => show(text, args),
        },
    }
}

fn needs_parameters(entry: &Entry) -> bool {
    entry.parameters.iter().any(|parameter| parameter.default.is_none())
}

fn list() -> String {
    let mut text = String::new();
    for entry in LIST {
        let _ = writeln!(text, "{:<12} {}\n{:<12} {}", entry.name, entry.summary, "", usage(entry));
    }
    text.push_str("\n'faltung kernels NAME' tells more, 'faltung kernels NAME:PARAMETERS' shows the weights.\n");
    text
}

/// `gaussian:sigma=,order=0,truncate=4`.
fn usage(entry: &Entry) -> String {
    let parameter = |p: &faltung::kernel::Parameter| match p.default {
        Some(default) => format!("[{}={default}]", p.name),
        None => format!("{}=...", p.name),
    };
    let parameters: Vec<_> = entry.parameters.iter().map(parameter).collect();
    format!("{}:{}", entry.name, parameters.join(","))
}

fn description(entry: &Entry) -> String {
    let mut text = format!("{}: {}\n  {}\n", entry.name, entry.summary, usage(entry));
    let axes = entry.dimensions.map_or("any number".to_owned(), |count| count.to_string());
    let _ = writeln!(text, "  axes: {axes}\n  weights: {}\n  example: {}", entry.normalisation, entry.example);
    for parameter in entry.parameters {
        let default = parameter.default.map_or("must be given".to_owned(), |default| format!("{default} if not given"));
        let _ = writeln!(text, "  {:<11} {} ({default})", parameter.name, parameter.meaning);
    }
    text
}

/// The weights, as `convolve` would read them.
fn show(text: &str, args: &Kernels) -> Result<(), Failure> {
    let kernel = build(text, args.dims)?;
    let array = kernel.to_array();
    if args.json {
        let (shape, values) = (kernel.shape(), report::Values(&array));
        return report::print(&Weights { kernel: text, shape, dtype: array.dtype().name(), values });
    }
    io::write(&Place::Standard, &array, &Form::Text(Table::default()))
}

/// For the axes asked for, or else for as few as the kernel takes.
fn build(text: &str, dims: Option<u8>) -> Result<Kernel, Failure> {
    match dims {
        Some(count) => operand::named(text, count.into()),
        None => {
            let first = operand::named(text, 1);
            first.or_else(|failure| operand::named(text, 2).or_else(|_| operand::named(text, 3)).map_err(|_| failure))
        }
    }
}

#[derive(Serialize)]
struct Weights<'a> {
    kernel: &'a str,
    shape: &'a [usize],
    dtype: &'static str,
    values: report::Values<'a>,
}

#[derive(Serialize)]
struct Description {
    name: &'static str,
    summary: &'static str,
    axes: Option<usize>,
    weights: &'static str,
    example: &'static str,
    parameters: Vec<ParameterDescription>,
}

#[derive(Serialize)]
struct ParameterDescription {
    name: &'static str,
    default: Option<&'static str>,
    meaning: &'static str,
}

impl Description {
    fn of(entry: &Entry) -> Description {
        let parameter = |p: &faltung::kernel::Parameter| ParameterDescription {
            name: p.name,
            default: p.default,
            meaning: p.meaning,
        };
        Description {
            name: entry.name,
            summary: entry.summary,
            axes: entry.dimensions,
            weights: entry.normalisation,
            example: entry.example,
            parameters: entry.parameters.iter().map(parameter).collect(),
        }
    }
}
