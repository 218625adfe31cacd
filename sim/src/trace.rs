//! Recorded ports of a block: reviewed ASCII waves, a digest, VCD with a GTKWave view beside it.

use rust_hdl::prelude::*;
use std::fmt::Write as _;
use std::io;
use vcd::{TimescaleUnit, Value, VarType};

/// One port of the top of a design.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Port {
    /// As in the Verilog.
    pub name: String,
    /// Bits.
    pub width: usize,
    /// Driven from outside.
    pub is_input: bool,
    /// A clock, which is not recorded.
    pub is_clock: bool,
}

/// All ports over time, one row a cycle, sampled just before the rising edge.
#[derive(Clone, Debug)]
pub struct Trace {
    /// Ports without the clock, in declaration order.
    pub ports: Vec<Port>,
    /// Name of the clock port.
    pub clock: String,
    /// One value per port and cycle.
    pub rows: Vec<Vec<u128>>,
}

impl Trace {
    /// No cycle yet; clocks among `ports` are left out of the rows.
    pub fn new(ports: Vec<Port>) -> Self {
        let clock = ports.iter().find(|p| p.is_clock).map_or(String::new(), |p| p.name.clone());
        Trace { ports: ports.into_iter().filter(|p| !p.is_clock).collect(), clock, rows: vec![] }
    }

    /// Adds a cycle: the values of all ports but clocks, in their order.
    pub fn push(&mut self, row: Vec<u128>) {
        debug_assert_eq!(row.len(), self.ports.len());
        self.rows.push(row);
    }

    /// The first `cycles`.
    pub fn head(&self, cycles: usize) -> Self {
        let rows = self.rows.iter().take(cycles).cloned().collect();
        Trace { ports: self.ports.clone(), clock: self.clock.clone(), rows }
    }

    /// Index of a port; panics with the known names otherwise.
    pub fn port(&self, name: &str) -> usize {
        self.ports.iter().position(|p| p.name == name).unwrap_or_else(|| {
            let known: Vec<&str> = self.ports.iter().map(|p| p.name.as_str()).collect();
            panic!("no port {name}; there are: {}", known.join(" "))
        })
    }

    /// The named ports as text: levels for bits, hexadecimal for words, one column a cycle; below them a digest of
    /// every port, so that signals outside the view are pinned too.
    pub fn ascii(&self, names: &[&str]) -> String {
        let mut out = String::new();
        let label = names.iter().map(|n| n.len()).max().unwrap_or(0);
        let width = names.iter().map(|n| self.ports[self.port(n)].width.div_ceil(4)).max().unwrap_or(1).max(2);
        for name in names {
            let p = self.port(name);
            write!(out, "{name:>label$} ").unwrap();
            let mut before = None;
            for row in &self.rows {
                if self.ports[p].width == 1 {
                    let level = if row[p] != 0 { '▔' } else { '▁' };
                    (0..=width).for_each(|_| out.push(level));
                } else if before == Some(row[p]) {
                    (0..=width).for_each(|_| out.push(' '));
                } else {
                    write!(out, "│{:<width$x}", row[p]).unwrap();
                }
                before = Some(row[p]);
            }
            let end = out.trim_end().len();
            out.truncate(end);
            out.push('\n');
        }
        writeln!(out, "all {} ports over {} cycles: {:016x}", self.ports.len(), self.rows.len(), self.digest())
            .unwrap();
        out
    }

    /// FNV-1a over every value.
    pub fn digest(&self) -> u64 {
        let mut hash = 0xcbf2_9ce4_8422_2325u64;
        for value in self.rows.iter().flatten() {
            for byte in value.to_le_bytes() {
                hash = (hash ^ byte as u64).wrapping_mul(0x0000_0100_0000_01b3);
            }
        }
        hash
    }

    /// Writes the trace as VCD; the clock is drawn, its period is `cycle_ps`.
    pub fn write_vcd(&self, out: impl io::Write, top: &str, cycle_ps: u64) -> io::Result<()> {
        let mut w = vcd::Writer::new(out);
        w.timescale(1, TimescaleUnit::PS)?;
        w.add_module(top)?;
        let clock = w.add_var(VarType::Wire, 1, "clock", None)?;
        let ids = self
            .ports
            .iter()
            .map(|p| w.add_var(VarType::Wire, p.width as u32, &p.name, None))
            .collect::<io::Result<Vec<_>>>()?;
        w.upscope()?;
        w.enddefinitions()?;
        let mut before: Option<&Vec<u128>> = None;
        for (cycle, row) in self.rows.iter().enumerate() {
            let start = cycle as u64 * cycle_ps;
            w.timestamp(start)?;
            w.change_scalar(clock, Value::V0)?;
            for (p, id) in ids.iter().enumerate() {
                if before.is_none_or(|b| b[p] != row[p]) {
                    let bits = (0..self.ports[p].width).rev().map(|i| Value::from(row[p] >> i & 1 != 0));
                    w.change_vector(*id, bits)?;
                }
            }
            w.timestamp(start + cycle_ps / 2)?;
            w.change_scalar(clock, Value::V1)?;
            before = Some(row);
        }
        w.timestamp(self.rows.len() as u64 * cycle_ps)?;
        w.flush()
    }

    /// A GTKWave view of the VCD written under `vcd_name`: bits as bits, words in hexadecimal.
    pub fn gtkw(&self, vcd_name: &str, top: &str) -> String {
        let mut out = format!("[dumpfile] \"{vcd_name}\"\n[timestart] 0\n@28\n{top}.clock\n");
        for port in &self.ports {
            if port.width == 1 {
                writeln!(out, "@28\n{top}.{}", port.name).unwrap();
            } else {
                writeln!(out, "@22\n{top}.{}[{}:0]", port.name, port.width - 1).unwrap();
            }
        }
        out
    }
}

/// Ports of the top of a design.
pub fn ports<B: Block>(uut: &B) -> Vec<Port> {
    #[derive(Default)]
    struct Collect {
        depth: usize,
        ports: Vec<Port>,
    }
    impl Probe for Collect {
        fn visit_start_scope(&mut self, _: &str, _: &dyn Block) {
            self.depth += 1;
        }
        fn visit_end_scope(&mut self, _: &str, _: &dyn Block) {
            self.depth -= 1;
        }
        fn visit_atom(&mut self, name: &str, signal: &dyn Atom) {
            if self.depth == 1 && is_port(signal) {
                self.ports.push(Port {
                    name: name.into(),
                    width: signal.bits(),
                    is_input: signal.kind() == AtomKind::InputParameter,
                    is_clock: signal.descriptor().name == "clock",
                });
            }
        }
    }
    let mut collect = Collect::default();
    uut.accept("top", &mut collect);
    collect.ports
}

/// Present values of those ports, without the clock.
pub fn values<B: Block>(uut: &B) -> Vec<u128> {
    values_of(uut, is_port)
}

/// Present values of the outputs among them.
pub fn outputs<B: Block>(uut: &B) -> Vec<u128> {
    values_of(uut, |signal| signal.kind() == AtomKind::OutputParameter)
}

fn values_of<B: Block>(uut: &B, wanted: fn(&dyn Atom) -> bool) -> Vec<u128> {
    struct Collect {
        depth: usize,
        values: Vec<u128>,
        wanted: fn(&dyn Atom) -> bool,
    }
    impl Probe for Collect {
        fn visit_start_scope(&mut self, _: &str, _: &dyn Block) {
            self.depth += 1;
        }
        fn visit_end_scope(&mut self, _: &str, _: &dyn Block) {
            self.depth -= 1;
        }
        fn visit_atom(&mut self, _: &str, signal: &dyn Atom) {
            if self.depth == 1 && (self.wanted)(signal) && signal.descriptor().name != "clock" {
                self.values.push(number(&signal.verilog()));
            }
        }
    }
    let mut collect = Collect { depth: 0, values: vec![], wanted };
    uut.accept("top", &mut collect);
    collect.values
}

fn is_port(signal: &dyn Atom) -> bool {
    matches!(signal.kind(), AtomKind::InputParameter | AtomKind::OutputParameter)
}

/// A Verilog literal such as `8'hff` or `3'b101` as a number.
fn number(literal: &VerilogLiteral) -> u128 {
    let text = literal.to_string();
    let digits = text.split_once('\'').map_or("", |(_, d)| d);
    let radix = if digits.starts_with('b') { 2 } else { 16 };
    u128::from_str_radix(&digits[1..], radix).expect("ports are at most 128 bits wide")
}
