//! A verilated design as a process: set inputs, run, look.

use super::serve::{command, words};
use crate::tools::ToolError;
use crate::trace::{Port, Trace, ports};
use crate::verilog;
use rust_hdl::prelude::Block;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// Rows of one exchange; bounds the memory on both sides.
const ROWS_AT_ONCE: usize = 1 << 14;

/// All outputs in one cycle, in port order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample(pub Vec<u128>);

/// A running design.
pub struct Verilated {
    /// Ports without the clock, in declaration order.
    pub ports: Vec<Port>,
    /// The compiler, as it names itself.
    pub version: String,
    input_widths: Vec<usize>,
    output_widths: Vec<usize>,
    child: Child,
    input: Option<BufWriter<ChildStdin>>,
    output: BufReader<ChildStdout>,
}

impl Verilated {
    /// Emits, compiles (or finds compiled) and starts a connected block.
    pub fn of<B: Block>(uut: &B, name: &str) -> Result<Self, ToolError> {
        let trace = Trace::new(ports(uut));
        Self::start(&verilog::emit(uut, name), name, trace.ports, &trace.clock)
    }

    /// The same for Verilog from elsewhere; `ports` without the clock.
    pub fn start(verilog: &str, top: &str, ports: Vec<Port>, clock: &str) -> Result<Self, ToolError> {
        let (program, version) = super::compile(verilog, top, &ports, clock)?;
        let mut child = Command::new(&program)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|e| ToolError::Io(program.display().to_string(), e))?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(ToolError::Finding("the verilated design has no pipes".into()));
        };
        let widths = |is_input| ports.iter().filter(|p| p.is_input == is_input).map(|p: &Port| p.width).collect();
        Ok(Verilated {
            input_widths: widths(true),
            output_widths: widths(false),
            ports,
            version,
            child,
            input: Some(BufWriter::new(input)),
            output: BufReader::new(output),
        })
    }

    /// Index of a port; panics with the known names otherwise.
    pub fn port(&self, name: &str) -> usize {
        self.ports.iter().position(|p| p.name == name).unwrap_or_else(|| {
            let known: Vec<&str> = self.ports.iter().map(|p| p.name.as_str()).collect();
            panic!("no port {name}; there are: {}", known.join(" "))
        })
    }

    /// Sets an input from now on.
    pub fn set(&mut self, port: usize, value: u128) -> io::Result<()> {
        debug_assert!(self.ports[port].is_input);
        self.send(command::SET, &[port as u64])?;
        let width = self.ports[port].width;
        self.send_value(width, value)
    }

    /// Lets cycles pass.
    pub fn run(&mut self, cycles: u64) -> io::Result<()> {
        self.send(command::RUN, &[cycles])
    }

    /// Runs to and through the first cycle in which an output is not 0; its number and all outputs in it, or `None`
    /// after `limit` cycles.
    pub fn until(&mut self, port: usize, limit: u64) -> io::Result<Option<(u64, Sample)>> {
        debug_assert!(!self.ports[port].is_input);
        self.send(command::UNTIL, &[port as u64, limit])?;
        self.flush()?;
        let found = self.receive()?;
        let sample = self.receive_outputs()?;
        Ok((found != u64::MAX).then_some((found, sample)))
    }

    /// All outputs, settled, without a clock edge.
    pub fn look(&mut self) -> io::Result<Sample> {
        self.send(command::LOOK, &[])?;
        self.flush()?;
        self.receive_outputs()
    }

    /// One cycle for every row of inputs (in port order); the outputs just before each rising edge.
    pub fn replay(&mut self, inputs: &[Vec<u128>]) -> io::Result<Vec<Sample>> {
        let mut samples = Vec::with_capacity(inputs.len());
        for rows in inputs.chunks(ROWS_AT_ONCE) {
            let answer = self.replay_bytes(rows.len(), &self.bytes_of(rows))?;
            let mut left = answer.as_slice();
            for _ in rows {
                samples.push(outputs_of(&self.output_widths, &mut left)?);
            }
        }
        Ok(samples)
    }

    /// Rows of inputs, each for so many cycles; the outputs in the same form, a stretch for each change. A long quiet
    /// time costs nothing but its simulation.
    pub fn stretches(&mut self, inputs: &[(u64, Vec<u128>)]) -> io::Result<Vec<(u64, Sample)>> {
        let mut samples: Vec<(u64, Sample)> = vec![];
        for stretches in inputs.chunks(ROWS_AT_ONCE) {
            self.send(command::STRETCHES, &[stretches.len() as u64])?;
            for (cycles, row) in stretches {
                self.send_value(64, u128::from(*cycles))?;
                self.send_row(row)?;
            }
            self.flush()?;
            for _ in 0..self.receive()? {
                let (cycles, sample) = (self.receive()?, self.receive_outputs()?);
                match samples.last_mut() {
                    Some(last) if last.1 == sample => last.0 += cycles,
                    _ => samples.push((cycles, sample)),
                }
            }
        }
        Ok(samples)
    }

    /// Rows as they go through the pipe: 64-bit words, little-endian, in port order.
    pub fn bytes_of(&self, rows: &[Vec<u128>]) -> Vec<u8> {
        let mut bytes = vec![];
        for row in rows {
            assert_eq!(row.len(), self.input_widths.len(), "a row has one value for every input");
            for (value, width) in row.iter().zip(&self.input_widths) {
                (0..words(*width)).for_each(|i| bytes.extend(((value >> (64 * i)) as u64).to_le_bytes()));
            }
        }
        bytes
    }

    /// The same as [`Self::replay`], of at most 16,384 rows, as bytes.
    pub fn replay_bytes(&mut self, rows: usize, inputs: &[u8]) -> io::Result<Vec<u8>> {
        self.send(command::REPLAY, &[rows as u64])?;
        self.input.as_mut().ok_or(io::ErrorKind::BrokenPipe)?.write_all(inputs)?;
        self.flush()?;
        let mut answer = vec![0; 8 * rows * self.output_widths.iter().map(|w| words(*w)).sum::<usize>()];
        self.output.read_exact(&mut answer)?;
        Ok(answer)
    }

    /// Position of an output in a [`Sample`].
    pub fn output(&self, name: &str) -> usize {
        let port = self.port(name);
        self.ports[..port].iter().filter(|p| !p.is_input).count()
    }

    fn send(&mut self, command: u8, numbers: &[u64]) -> io::Result<()> {
        let pipe = self.input.as_mut().ok_or(io::ErrorKind::BrokenPipe)?;
        pipe.write_all(&[command])?;
        numbers.iter().try_for_each(|n| pipe.write_all(&n.to_le_bytes()))
    }

    fn send_row(&mut self, row: &[u128]) -> io::Result<()> {
        assert_eq!(row.len(), self.input_widths.len(), "a row has one value for every input");
        row.iter().enumerate().try_for_each(|(i, value)| self.send_value(self.input_widths[i], *value))
    }

    fn send_value(&mut self, width: usize, value: u128) -> io::Result<()> {
        let pipe = self.input.as_mut().ok_or(io::ErrorKind::BrokenPipe)?;
        (0..words(width)).try_for_each(|i| pipe.write_all(&((value >> (64 * i)) as u64).to_le_bytes()))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.input.as_mut().ok_or(io::ErrorKind::BrokenPipe)?.flush()
    }

    fn receive(&mut self) -> io::Result<u64> {
        let mut bytes = [0; 8];
        self.output.read_exact(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn receive_outputs(&mut self) -> io::Result<Sample> {
        outputs_of(&self.output_widths, &mut self.output)
    }
}

fn outputs_of(widths: &[usize], from: &mut impl Read) -> io::Result<Sample> {
    let mut values = Vec::with_capacity(widths.len());
    for width in widths {
        let mut value = 0;
        for i in 0..words(*width) {
            let mut bytes = [0; 8];
            from.read_exact(&mut bytes)?;
            value |= (u64::from_le_bytes(bytes) as u128) << (64 * i);
        }
        values.push(value);
    }
    Ok(Sample(values))
}

impl Drop for Verilated {
    /// The program ends when its input ends.
    fn drop(&mut self) {
        drop(self.input.take());
        let _ = self.child.wait();
    }
}
