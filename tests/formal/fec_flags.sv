// Flags follow from the syndrome alone: two words with the same syndrome have the same flags, whatever the words are.
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

module fec_flags(input [75:0] x, input [75:0] y, output holds);
  wire [7:0] sx, sy;
  wire [3:0] fx, fy;
  reads a (.line(x), .syndrome(sx), .bad_even(fx[0]), .single(fx[1]), .wrong(fx[2]), .even(fx[3]));
  reads b (.line(y), .syndrome(sy), .bad_even(fy[0]), .single(fy[1]), .wrong(fy[2]), .even(fy[3]));
  assign holds = sx != sy || fx == fy;
endmodule
