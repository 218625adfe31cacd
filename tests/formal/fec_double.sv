// Every pair of positions on the zero word is flagged, bad_even with the word: symbolic pair.
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

module fec_double(input [6:0] i, input [6:0] j, output holds);
  wire [75:0] zero, pair = (76'd1 << i) ^ (76'd1 << j);
  wire bad_even, single, wrong, even;
  code_word c (.data(64'd0), .kind(4'd0), .line(zero));
  reads r (.line(zero ^ pair), .bad_even(bad_even), .single(single), .wrong(wrong), .even(even));
  assign holds = i >= 76 || j >= i || (bad_even && wrong && even && !single);
endmodule
