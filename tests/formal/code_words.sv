// Every word that the transmitter puts together is a code word: client words, IDLE and END, for all states of the CRC.
module code_words(
  input [63:0] data, input [3:0] bytes, input is_last, is_first, input [7:0] other_check,
  input [2:0] state, input [1:0] request, input [15:0] hint, prbs,
  input [31:0] crc, data_term, input [15:0] frame_number, input stomp, parity, input [39:0] other_end, input [14:0] other_tail,
  input [63:0] other_idle, input [7:0] other_idle_check
);
  localparam [7:0] COSET = 8'h03;
  // a thermometer of 1 to 8 bytes
  wire [7:0] keep = is_last ? (bytes[2:0] == 0 ? 8'hff : 8'hff >> (8 - bytes[2:0])) : 8'hff;
  wire [3:0] kind;
  wire [7:0] check, idle_check, idle_word_check, end_check;
  wire [15:0] client_half, idle_half, end_half;
  wire [63:0] idle, idle_word, end_word;
  wire [39:0] end_term;
  wire [14:0] tail_terms;
  wire [31:0] idle_moved, end_moved;
  // a client word
  link_loop$link$tx$encoder encoder(.data(data), .keep(keep), .last(is_last), .opened(!is_first), .client(1'b1),
    .prepared(other_check), .kind(kind), .check(check));
  link_loop$link$decoder$folder client_folder(.data(data), .tc({check, kind}), .partial(client_half));
  // IDLE
  link_loop$link$tx$idle_builder idle_builder(.state(state), .request(request), .hint(hint), .prbs(prbs), .word(idle),
    .parity(idle_check));
  link_loop$link$tx$end_builder idle_end(.state(crc), .data_term(data_term), .ending(1'b0), .frame_number(frame_number),
    .stomp(stomp), .parity(parity), .end_term(other_end), .tail_terms(other_tail), .idle(idle), .idle_parity(idle_check),
    .moved(idle_moved), .prepared(idle_word), .prepared_check(idle_word_check));
  link_loop$link$decoder$folder idle_folder(.data(idle_word), .tc({idle_word_check, 4'd0}), .partial(idle_half));
  // END
  link_loop$link$tx$end_matrix end_matrix(.a({parity, frame_number}), .y(end_term));
  link_loop$link$tx$tail_matrix tail_matrix(.a({stomp, keep}), .y(tail_terms));
  link_loop$link$tx$end_builder end_end(.state(crc), .data_term(data_term), .ending(1'b1), .frame_number(frame_number),
    .stomp(stomp), .parity(parity), .end_term(end_term), .tail_terms(tail_terms), .idle(other_idle),
    .idle_parity(other_idle_check), .moved(end_moved), .prepared(end_word), .prepared_check(end_check));
  link_loop$link$decoder$folder end_folder(.data(end_word), .tc({end_check, 4'd0}), .partial(end_half));
`ifdef FORMAL
  wire client_is_code = (client_half[15:8] ^ client_half[7:0]) == COSET;
  wire idle_is_code = (idle_half[15:8] ^ idle_half[7:0]) == COSET;
  wire end_is_code = (end_half[15:8] ^ end_half[7:0]) == COSET;
  always @* begin
    assert (client_is_code);
    assert (idle_is_code);
    assert (end_is_code);
  end
`endif
endmodule
