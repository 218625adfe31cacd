// The syndrome is linear: one wrong position changes it by the same amount in every word. With every double on the
// zero word flagged (fec_double), every double on every word is: the search over both at once does not end.
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

module fec_linear(input [75:0] x, input [6:0] i, output holds);
  wire [75:0] error = i < 76 ? 76'd1 << i : 76'd0;
  wire [7:0] of_word, of_both, of_zero, of_error;
  reads a (.line(x), .syndrome(of_word));
  reads b (.line(x ^ error), .syndrome(of_both));
  reads c (.line(76'd0), .syndrome(of_zero));
  reads e (.line(error), .syndrome(of_error));
  assign holds = (of_word ^ of_both) == (of_zero ^ of_error);
endmodule
