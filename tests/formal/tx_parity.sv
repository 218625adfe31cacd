// After END at L3 stand exactly two parity words: the sums of the words of even and of odd index, END included, in data;
// and their check bits make them code words if all those were: the sums' syndrome without the coset is then zero.
//: module link_loop$link$tx
`ifdef FORMAL
  (* hierconn *) wire [63:0] \tail_parity.even$q ;
  (* hierconn *) wire [63:0] \tail_parity.odd$q ;
  (* hierconn *) wire [11:0] \tail_parity.even_sums$q ;
  (* hierconn *) wire [11:0] \tail_parity.odd_sums$q ;
  (* hierconn *) wire [7:0] \tail_parity.parity_check$q ;
  wire take = control$q[0], is_ready = control$q[1], is_in_frame = control$q[2];
  wire is_swallow = control$q[4], aborting = control$q[6], tail_ahead = control$q[11], is_parity = control$q[15];
  wire odd_index = control$q[16], end_is_odd = control$q[17], add_even = control$q[18], add_odd = control$q[19];
  wire tail = control$q[20], mask_end = control$q[21], keep_end = control$q[22];
  wire shift = control$q[23], shift_check = control$q[24], clear = control$q[25];
  wire last1 = control$q[7], last2 = control$q[8], last3 = control$q[9], last4 = control$q[10];
  wire [63:0] slot_data = line[63:0];
  wire [3:0] slot_kind = line[67:64];
  // type and check bits, without the coset
  wire [11:0] rest = {line[67:64], line[75:68] ^ 8'h03};
  wire is_word = slot_kind == 1 || slot_kind == 2 || slot_kind[3], is_end = slot_kind == 0 && slot_data[0];
  // what was on the line: sums of both classes in data and in the rest, the next index, parity words that are due
  reg inside, odd, end_index, kept;
  reg [71:0] end_word;
  reg [1:0] due;
  reg [63:0] even_data, odd_data;
  reg [11:0] even_rest, odd_rest;
  wire index = inside && odd;
  wire [63:0] even_before = inside ? even_data : 64'd0, odd_before = inside ? odd_data : 64'd0;
  wire [11:0] even_rest_before = inside ? even_rest : 12'd0, odd_rest_before = inside ? odd_rest : 12'd0;
  wire counts = is_word || is_end;
  always @(posedge clock) begin
    inside <= is_word || (inside && !is_end);
    odd <= is_word ? !index : odd;
    due <= is_end && slot_data[10] ? 2 : due == 0 ? 0 : due - 1;
    kept <= keep_end;
    if (is_end) {end_index, end_word} <= {index, line[75:68], slot_data};
    if (counts) begin
      even_data <= even_before ^ (index ? 64'd0 : slot_data);
      odd_data <= odd_before ^ (index ? slot_data : 64'd0);
      even_rest <= even_rest_before ^ (index ? 12'd0 : rest);
      odd_rest <= odd_rest_before ^ (index ? rest : 12'd0);
    end
  end
  // what type and check bits add to the syndrome; the table's zero word has check bits 3
  wire [15:0] half_even, half_odd, half_line, half_next;
  link_loop$link$decoder$folder of_even(.data(64'd0), .tc({even_rest[7:0], even_rest[11:8]}), .partial(half_even));
  link_loop$link$decoder$folder of_odd(.data(64'd0), .tc({odd_rest[7:0], odd_rest[11:8]}), .partial(half_odd));
  link_loop$link$decoder$folder of_line(.data(64'd0), .tc({rest[7:0], rest[11:8]}), .partial(half_line));
  link_loop$link$decoder$folder of_next(.data(64'd0), .tc({\tail_parity.parity_check$q ^ 8'h03, 4'd3}), .partial(half_next));
  wire [7:0] syndrome_next = half_next[15:8] ^ half_next[7:0];
  wire [7:0] syndrome_even = half_even[15:8] ^ half_even[7:0];
  wire [7:0] syndrome_odd = half_odd[15:8] ^ half_odd[7:0];
  wire [7:0] syndrome_line = half_line[15:8] ^ half_line[7:0];
  always @* begin
    assume (!reset);
    if ($initstate) assume (!inside && !odd && !kept && due == 0 && {even_data, odd_data, even_rest, odd_rest} == 0);

    // the promises
    assert ((slot_kind == 3) == (due != 0));
    if (due == 2) assert (slot_data == even_data && syndrome_line == syndrome_even);
    if (due == 1) assert (slot_data == odd_data && syndrome_line == syndrome_odd);
`ifndef MUTANT
    // helper invariants: the transmitter, as in link_words
    assert (take == (is_ready && !is_swallow));
    assert (!is_in_frame || !is_swallow);
    assert (!is_ready || !tail_ahead);
    if (is_in_frame && !aborting) assert (is_ready);
    if (aborting) assert (is_in_frame && !is_ready && tail_ahead);
    if (is_in_frame) assert (!last1 && !last2 && !last3);
    if (last1) assert (!is_ready && tail_ahead && !last2 && !last3);
    if (last2) assert (!is_ready && !last3 && (!is_parity || tail_ahead));
    if (last3 && is_parity) assert (!is_ready && tail_ahead && tail);
    assert ((inside || is_word) == (is_in_frame || last1 || last2 || last3));
    if (last2) assert (inside && !is_word && !is_end);
    assert (is_end == last3);
    if (last3) assert (inside && slot_data[10] == is_parity);
    assert (prepared$q[0] == (last2 || kept));
    if (last2) assert (prepared$q[10] == is_parity);
    // the tail
    assert (keep_end == (is_parity && (last2 || last3)));
    assert (shift_check == (is_parity && last2) && shift == (is_parity && last3));
    assert (clear == ((last3 && !is_parity) || due == 2));
    assert (tail == ((last3 && is_parity) || due == 2));
    assert (kept == ((last3 && is_parity) || due == 2));
    if (tail) assert (mask_end == (last3 ? end_is_odd : !end_is_odd));
    if (!tail) assert (!mask_end);
    if (due == 2) assert (last4 && !take && !is_ready);
    assert (due != 3);
    // classes
    assert (add_even == (is_word && !index) && add_odd == (is_word && index));
    assert (odd_index == (is_in_frame && (is_word ? !index : odd)));
    if (last1) assert (end_is_odd == (is_word ? !index : odd));
    if (last2 || last3) assert (end_is_odd == odd);
    if (due == 2) assert (end_is_odd == end_index);
    // sums
    if (inside) assert (\tail_parity.even$q == even_data && \tail_parity.odd$q == odd_data && \tail_parity.odd_sums$q == odd_rest);
    if (inside) assert (\tail_parity.even_sums$q == (last3 && is_parity ? odd_rest : even_rest));
    if (!inside && due != 2)
      assert ({\tail_parity.even$q , \tail_parity.odd$q , \tail_parity.even_sums$q , \tail_parity.odd_sums$q } == 0);
    if (due == 2) assert (\tail_parity.even$q == (odd_data ^ (end_index ? end_word[63:0] : 64'd0)));
    if (last3 && is_parity) assert (prepared$q == {line[75:68], slot_data});
    if (due == 2) assert (prepared$q == end_word);
    if (last3 && is_parity) assert (syndrome_next == (index ? syndrome_even : syndrome_even ^ syndrome_line));
    if (due == 2) assert (syndrome_next == syndrome_odd);
    assert (slot_kind[3] || !slot_kind[2]);
    if (control$q[26]) assert (is_in_frame);
    if (due != 0) assert (!inside && !last1 && !last2 && !last3 && !is_in_frame);
`endif
  end
`endif
