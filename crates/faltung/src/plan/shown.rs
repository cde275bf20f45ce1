//! A plan in words: what it does, what it costs, and why not otherwise.

use std::fmt;

use super::{Plan, Rounds};

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shape = |extents: &[usize]| extents.iter().map(|n| n.to_string()).collect::<Vec<_>>().join(" x ");
        let kernel: Vec<usize> = self.problem.axes.iter().map(|axis| axis.kernel).collect();
        let settled = if self.rounds == Rounds::Settled { ", settled in f64" } else { "" };
        writeln!(
            f,
            "{} of {} {} by {} weights gives {} {}, summed in {}{settled}",
            self.spec.operation,
            shape(&self.x_shape),
            self.dtype,
            shape(&kernel),
            shape(&self.y_shape),
            self.output,
            self.cores.sums(),
        )?;
        let threads = if self.workers == 1 { "1 thread".to_owned() } else { format!("{} threads", self.workers) };
        writeln!(f, "  {}, {threads}, {} of weights, tables and scratch", self.algorithm, Bytes(self.memory()))?;
        for (algorithm, answer) in &self.answers {
            let mark = if *algorithm == self.algorithm { '>' } else { ' ' };
            match answer {
                Ok(cost) => {
                    writeln!(f, "{mark} {algorithm:<12} {}, {} a thread", Time(cost.nanoseconds), Bytes(cost.scratch))?
                }
                Err(reason) => writeln!(f, "{mark} {algorithm:<12} refuses: {reason}")?,
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

struct Time(f64);

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            ns if ns < 1e3 => write!(f, "{ns:.0} ns"),
            ns if ns < 1e6 => write!(f, "{:.3} us", ns / 1e3),
            ns if ns < 1e9 => write!(f, "{:.3} ms", ns / 1e6),
            ns => write!(f, "{:.3} s", ns / 1e9),
        }
    }
}

struct Bytes(usize);

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            n if n < 10 << 10 => write!(f, "{n} B"),
            n if n < 10 << 20 => write!(f, "{} KiB", n >> 10),
            n => write!(f, "{} MiB", n >> 20),
        }
    }
}
