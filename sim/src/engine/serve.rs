//! Writes the C++ program that serves one verilated design on its standard streams.

use super::shell::{TAKE, TICK};
use crate::trace::Port;
use std::fmt::Write;

/// Commands, one byte each; numbers follow as 64-bit little-endian words, port values as `words(width)` of them.
pub mod command {
    /// Port, value: sets an input.
    pub const SET: u8 = 1;
    /// Cycles: runs.
    pub const RUN: u8 = 2;
    /// Port, limit: runs to and through the first cycle in which the port is not 0; answers its number (or all ones)
    /// and all outputs as seen in it.
    pub const UNTIL: u8 = 3;
    /// Answers all outputs, settled, without a clock edge.
    pub const LOOK: u8 = 4;
    /// Count, then a row of all inputs for each cycle; answers a row of all outputs for each.
    pub const REPLAY: u8 = 5;
    /// Count, then for each stretch its cycles and a row of all inputs; answers the count of stretches of equal outputs,
    /// then for each its cycles and a row of all outputs.
    pub const STRETCHES: u8 = 6;
}

/// 64-bit words of a value on the pipe.
pub fn words(width: usize) -> usize {
    width.div_ceil(64)
}

/// The program. `ports` without the clock; the class of the design in its [`super::shell`] is `Vdesign`.
pub fn program(ports: &[Port]) -> String {
    let (mut set, mut sets, mut looks) = (String::new(), String::new(), String::new());
    let (mut inputs, mut outputs, mut test) = (0, 0, String::new());
    for (index, port) in ports.iter().enumerate() {
        let count = words(port.width);
        if port.is_input {
            let assign = assign(port);
            writeln!(set, "  case {index}: read(w, {count}); {assign} break;").unwrap();
            writeln!(sets, "  {{ const uint64_t* w = row + {inputs}; {assign} }}").unwrap();
            inputs += count;
        } else {
            writeln!(looks, "  {}", fetch(port, outputs)).unwrap();
            let any: Vec<String> = (0..count).map(|i| format!("row[{}]", outputs + i)).collect();
            writeln!(test, "  case {index}: return ({}) != 0;", any.join(" | ")).unwrap();
            outputs += count;
        }
    }
    format!(
        r#"// Serves one design: commands on standard input, answers on standard output.
#include "Vdesign.h"
#include "verilated.h"
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>
static Vdesign* top;
static bool is_set_anew;
enum {{ INPUTS = {inputs}, OUTPUTS = {outputs} }};
static uint64_t row[OUTPUTS + 1];
static void read(uint64_t* w, size_t n) {{ if (fread(w, 8, n, stdin) != n) exit(1); }}
static uint64_t number() {{ uint64_t x; read(&x, 1); return x; }}
static void answer(const uint64_t* w, size_t n) {{ if (fwrite(w, 8, n, stdout) != n) exit(1); }}
static void set(uint64_t port) {{
  uint64_t w[4];
  switch (port) {{
{set}  default: exit(2);
  }}
}}
static void set_all(const uint64_t* row) {{
  is_set_anew = true;
{sets}}}
static void look() {{
{looks}}}
static bool is_set(uint64_t port) {{
  switch (port) {{
{test}  default: exit(2);
  }}
}}
// hands the inputs to the design if they were set since
static inline void settle() {{
  if (!is_set_anew) return;
  is_set_anew = false; top->{TAKE} = !top->{TAKE}; top->eval();
}}
// the rising edge, and all that follows from it with the same inputs
static inline void edge() {{ top->{TICK} = !top->{TICK}; top->eval(); }}
int main() {{
  VerilatedContext context;
  top = new Vdesign(&context);
  top->eval();
  std::vector<uint64_t> in, out;
  for (int c; (c = getchar()) != EOF;) {{
    switch (c) {{
    case {SET}: set(number()); is_set_anew = true; break;
    case {RUN}: settle(); for (uint64_t n = number(); n; n--) edge(); break;
    case {UNTIL}: {{
      uint64_t port = number(), limit = number(), n = 0, found = ~uint64_t(0);
      settle();
      for (; n < limit && found == ~uint64_t(0); n++) {{
        look();
        if (is_set(port)) found = n;
        edge();
      }}
      answer(&found, 1); answer(row, OUTPUTS); fflush(stdout); break;
    }}
    case {LOOK}: settle(); look(); answer(row, OUTPUTS); fflush(stdout); break;
    case {REPLAY}: {{
      uint64_t n = number();
      in.resize(n * INPUTS); out.resize(n * OUTPUTS);
      read(in.data(), in.size());
      for (uint64_t i = 0; i < n; i++) {{
        const uint64_t* now = in.data() + i * INPUTS;
        if (!i || memcmp(now, now - INPUTS, sizeof(uint64_t) * INPUTS)) set_all(now);
        settle(); look(); edge();
        for (size_t k = 0; k < OUTPUTS; k++) out[i * OUTPUTS + k] = row[k];
      }}
      answer(out.data(), out.size()); fflush(stdout); break;
    }}
    case {STRETCHES}: {{
      uint64_t n = number();
      in.resize(n * (1 + INPUTS)); out.clear();
      read(in.data(), in.size());
      for (const uint64_t* stretch = in.data(); n; n--, stretch += 1 + INPUTS) {{
        set_all(stretch + 1); settle();
        for (uint64_t cycles = stretch[0]; cycles; cycles--) {{
          look(); edge();
          if (out.empty() || memcmp(row, out.data() + out.size() - OUTPUTS, sizeof(uint64_t) * OUTPUTS)) {{
            out.push_back(0); out.insert(out.end(), row, row + OUTPUTS);
          }}
          out.end()[-1 - OUTPUTS]++;
        }}
      }}
      n = out.size() / (1 + OUTPUTS);
      answer(&n, 1); answer(out.data(), out.size()); fflush(stdout); break;
    }}
    default: exit(2);
    }}
  }}
  top->final();
  return 0;
}}
"#,
        SET = command::SET,
        RUN = command::RUN,
        UNTIL = command::UNTIL,
        LOOK = command::LOOK,
        REPLAY = command::REPLAY,
        STRETCHES = command::STRETCHES,
    )
}

/// `top->port = w` for a port of any width; Verilator keeps more than 64 bits as an array of 32-bit words.
fn assign(port: &Port) -> String {
    let name = &port.name;
    if port.width <= 64 {
        return format!("top->{name} = w[0];");
    }
    (0..port.width.div_ceil(32)).map(|i| format!("top->{name}[{i}] = w[{}] >> {}; ", i / 2, i % 2 * 32)).collect()
}

/// `row[at..] = top->port`.
fn fetch(port: &Port, at: usize) -> String {
    let name = &port.name;
    if port.width <= 64 {
        return format!("row[{at}] = top->{name};");
    }
    let halves = port.width.div_ceil(32);
    (0..words(port.width))
        .map(|k| {
            let high = if 2 * k + 1 < halves {
                format!(" | uint64_t(top->{name}[{}]) << 32", 2 * k + 1)
            } else {
                String::new()
            };
            format!("row[{}] = top->{name}[{}]{high}; ", at + k, 2 * k)
        })
        .collect()
}
