// Sent check bits are those of the table. Cut along linearity: one data bit changes them by its column in every word
// (symbolic word and bit), and the zero word has the table's for every type; beside the client, the prepared ones pass.
module sends(input [63:0] data, input [2:0] n, input last, input first, input client, input [7:0] prepared,
             output [3:0] kind, output [7:0] check);
  encoder e (.data(data), .keep(8'hff >> (7 - n)), .last(last), .opened(!first), .client(client), .prepared(prepared),
             .kind(kind), .check(check));
endmodule
module fec_encode(input [63:0] d, input [5:0] i, input [2:0] n, input last, input first, input [7:0] prepared,
                  output holds);
  wire [63:0] bit_i = 64'd1 << i;
  wire [7:0] of_word, of_both, of_zero, of_prepared;
  wire [3:0] kind, want = last ? {1'b1, n} : first ? 4'd1 : 4'd2;
  wire [75:0] zero, column, typed;
  sends a (.data(d), .n(n), .last(last), .first(first), .client(1'b1), .prepared(prepared), .check(of_word));
  sends b (.data(d ^ bit_i), .n(n), .last(last), .first(first), .client(1'b1), .prepared(prepared), .check(of_both));
  sends c (.data(64'd0), .n(n), .last(last), .first(first), .client(1'b1), .prepared(prepared), .kind(kind),
           .check(of_zero));
  sends p (.data(d), .n(n), .last(last), .first(first), .client(1'b0), .prepared(prepared), .check(of_prepared));
  code_word z (.data(64'd0), .kind(4'd0), .line(zero));
  code_word w (.data(bit_i), .kind(4'd0), .line(column));
  code_word t (.data(64'd0), .kind(want), .line(typed));
  assign holds = (of_word ^ of_both) == (zero[75:68] ^ column[75:68]) && kind == want && of_zero == typed[75:68]
              && of_prepared == prepared;
endmodule
