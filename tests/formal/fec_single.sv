// Every word with no error or with any single one: symbolic word, symbolic position (76 and above: none).
// Outputs of the decoder by name; registers are wires in these proofs.
module reads(input [75:0] line, output [63:0] data, output [3:0] kind, output [7:0] syndrome,
             output bad_even, output single, output wrong, output even);
  wire [82:0] out;
  wire [2:0] flags;
  decoder d (.clock(1'b0), .line_in_data(line[63:0]), .line_in_tc(line[75:64]), .shut(1'b0), .correct_data(1'b1),
             .out(out), .flags(flags));
  assign data = out[63:0], kind = out[67:64], bad_even = out[73], syndrome = out[82:75];
  assign single = flags[0], wrong = flags[1], even = flags[2];
endmodule

module fec_single(input [63:0] d, input [3:0] k, input [6:0] i, output holds);
  wire [75:0] sent, error = i < 76 ? 76'd1 << i : 76'd0;
  wire [63:0] data;
  wire [3:0] kind;
  wire [7:0] syndrome;
  wire bad_even, single, wrong, even, hit = i < 76;
  code_word c (.data(d), .kind(k), .line(sent));
  reads r (sent ^ error, data, kind, syndrome, bad_even, single, wrong, even);
  assign holds = data == d && kind == k && !bad_even && wrong == hit && single == hit && (hit || syndrome == 0);
endmodule
