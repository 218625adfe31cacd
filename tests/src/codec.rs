//! Encoder, decoder and the code's own table as one Verilog text, for proofs about all three.

use firstlight_hdl::fec::decoder::Decoder;
use firstlight_hdl::fec::encoder::Encoder;
use firstlight_hdl::target::Target;
use firstlight_sim::verilog;
use firstlight_spec::slot::{CHECK_BITS, COSET, DATA_MASKS, TYPE_MASKS};
use rust_hdl::prelude::Block;

/// Modules `decoder` and `encoder` as emitted, `code_word` from the table.
pub fn verilog(target: Target) -> String {
    let (mut decoder, mut encoder) = (Decoder::new(target), Encoder::new(target));
    decoder.connect_all();
    encoder.connect_all();
    verilog::emit(&decoder, "decoder") + &verilog::emit(&encoder, "encoder") + &code_word()
}

/// The 76 bits of a code word, {check, type, data}, from the rows of H.
fn code_word() -> String {
    let row = |r: usize| {
        let (data, kind) = (DATA_MASKS[r], TYPE_MASKS[r]);
        format!("  assign check[{r}] = ^(data & 64'h{data:x}) ^ ^(kind & 4'h{kind:x}) ^ 1'b{};\n", COSET >> r & 1)
    };
    let rows: String = (0..CHECK_BITS).map(row).collect();
    format!(
        "module code_word(input [63:0] data, input [3:0] kind, output [75:0] line);\n  wire [7:0] check;\n{rows}  \
         assign line = {{check, kind, data}};\nendmodule\n"
    )
}
