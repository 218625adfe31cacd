// Every beat that leaves the receiver was accepted exactly 3 cycles before, word for word, and every accepted beat leaves
// if its slots from the frame's first on found the link open: no word lost, doubled, moved or invented.
//: module link_loop
`ifdef FORMAL
  (* hierconn *) wire [31:0] \link.tx.control$q ;
  (* hierconn *) wire [75:0] \link.tx.line_register$q ;
  (* hierconn *) wire [71:0] \link.tx.prepared$q ;
  (* hierconn *) wire [91:0] \link.decoder.captured$q ;
  (* hierconn *) wire [82:0] \link.decoder.decoded$q ;
  (* hierconn *) wire [2:0] \link.decoder.late$q ;
  (* hierconn *) wire [15:0] \link.decoder.folder$partial ;
  (* hierconn *) wire [3:0] \link.deframer.state$q ;
  (* hierconn *) wire [86:0] \link.deframer.judged$q ;
  (* hierconn *) wire [58:0] \link.lock.state$q ;
  (* hierconn *) wire [1:0] \link.settled$q ;
  wire [31:0] tx = \link.tx.control$q ;
  wire take = tx[0], ready = tx[1], in_frame = tx[2], swallow = tx[4];
  wire aborting = tx[6], last1 = tx[7], last2 = tx[8], last3 = tx[9], last4 = tx[10], tail_ahead = tx[11];
  wire parity = tx[15], tail = tx[20], keep_end = tx[22];
  (* hierconn *) wire [15:0] \link.tx.stall_count$q ;
  (* anyconst *) reg [15:0] stall_limit;
  wire stalled = tx[5] && tx[26] && !aborting;
  wire [15:0] after_limit = stall_limit + 16'd1;
  wire [75:0] line = \link.tx.line_register$q ;
  wire [91:0] captured = \link.decoder.captured$q ;
  wire [82:0] decoded = \link.decoder.decoded$q ;
  wire [2:0] flags = \link.decoder.late$q ;
  wire [3:0] rx = \link.deframer.state$q ;
  wire [58:0] lock = \link.lock.state$q ;
  wire locked = lock[4], held = lock[5], shut2 = lock[51], shut3 = decoded[74], shut4 = \link.deframer.judged$q [80];
  wire [6:0] idles = lock[12:6];

  // the line: at most one wrong bit in each slot; 76 and more mean none
  (* anyseq *) reg [6:0] at1;
  reg [6:0] at2, at3, at4;
  wire [75:0] mask1 = at1 < 76 ? 76'd1 << at1 : 76'd0;
  wire [75:0] mask2 = at2 < 76 ? 76'd1 << at2 : 76'd0;
  wire [75:0] mask3 = at3 < 76 ? 76'd1 << at3 : 76'd0;
  wire [15:0] half1, half2, half3;
  link_loop$link$decoder$folder of1(.data(mask1[63:0]), .tc(mask1[75:64]), .partial(half1));
  link_loop$link$decoder$folder of2(.data(mask2[63:0]), .tc(mask2[75:64]), .partial(half2));
  link_loop$link$decoder$folder of3(.data(mask3[63:0]), .tc(mask3[75:64]), .partial(half3));
  wire [15:0] half = \link.decoder.folder$partial ;

  // {first, last, accepted, bytes, data} of what was accepted 1, 2 and 3 cycles ago
  wire accepted = s_axis_tvalid && s_axis_tready && !swallow;
  wire [3:0] bytes = s_axis_tkeep[0] + s_axis_tkeep[1] + s_axis_tkeep[2] + s_axis_tkeep[3] + s_axis_tkeep[4]
    + s_axis_tkeep[5] + s_axis_tkeep[6] + s_axis_tkeep[7];
  reg inside, unfinished, kept, last5, ok;
  reg open1, open2, open3;
  reg [70:0] beat1, beat2, beat3;
  reg [67:0] sent2, sent3;
  reg [2:0] boot;
  wire [67:0] sent1 = line[67:0];
  wire opens3 = !open3 && (sent3[67:64] == 1 || sent3[67]);
  always @(posedge clock) begin
    boot <= boot == 7 ? 7 : boot + 1;
    inside <= accepted ? !s_axis_tlast : inside && !aborting;
    unfinished <= aborting || (unfinished && !last3);
    last5 <= last4;
    kept <= keep_end;
    ok <= !shut3 && (opens3 || ok);
    {open1, open2, open3} <= {open_after1, open1, open2};
    beat1 <= {!inside, s_axis_tlast, accepted, bytes, s_axis_tdata};
    {beat2, beat3} <= {beat1, beat2};
    {sent2, sent3} <= {sent1, sent2};
    {at2, at3, at4} <= {at1, at2, at3};
  end
  wire first3 = beat3[70], last3rx = beat3[69], accepted3 = beat3[68];
  wire [8:0] ones3 = (9'd1 << beat3[67:64]) - 9'd1;
  wire is_null = m_axis_tuser[0];
  function after(input is_open, input [67:0] sent);
    after = sent[67:64] == 1 || (is_open && !sent[67] && !(sent[67:64] == 0 && sent[0]));
  endfunction
  wire open_after1 = after(open1, sent1);
  function [3:0] kind_of(input [6:0] b);
    kind_of = b[5] ? {1'b1, b[2:0] - 3'd1} : b[6] ? 4'd1 : 4'd2;
  endfunction
  // a sent slot and the beat behind it
  function fits(input [67:0] sent, input [70:0] beat, input is_open, is_end);
    fits = beat[68] ? sent == {kind_of(beat[70:64]), beat[63:0]} && beat[70] == !is_open && !is_end
        && beat[67:64] != 0 && beat[67:64] <= 8 && (beat[69] || beat[67:64] == 8)
      : (sent[67:64] == 0 && sent[0] == is_end) || (sent[67:64] == 3 && !is_end);
  endfunction
  always @* begin
    assume (!reset);
    assume ({mask_tc, mask_data} == mask1);
    assume (settings[1] && settings[52:37] == stall_limit);
    if (s_axis_tlast) assume (s_axis_tkeep[0] && (s_axis_tkeep & (s_axis_tkeep + 8'd1)) == 0);
    else assume (s_axis_tkeep == 8'hff);
    // the linear part, proven apart: what is sent is a code word, so that the errors alone make the syndrome
    if (boot >= 2) assume ((half[15:8] ^ half[7:0]) == (8'h03 ^ half1[15:8] ^ half1[7:0]));
    if ($initstate) assume ({boot, inside, unfinished, kept, last5, ok, open1, open2, open3, beat1, beat2, beat3, sent2, sent3} == 0);

    // the promises
    if (m_axis_tvalid && !is_null)
      assert (accepted3 && m_axis_tdata == beat3[63:0] && m_axis_tlast == last3rx && m_axis_tkeep == ones3[7:0]);
    if (accepted3 && !shut3 && (first3 || ok)) assert (m_axis_tvalid && !is_null && m_axis_tuser[1] == first3);
    if (is_null) assert (m_axis_tvalid && m_axis_tlast && m_axis_tkeep == 0 && open3 && ok);

    // helper invariants: the transmitter
    assert (take == (ready && !swallow));
    assert (inside == in_frame);
    assert (!swallow || !in_frame);
    if (aborting) assert (in_frame && !ready && tail_ahead);
    if (in_frame) assert (!last1 && !last2 && !last3);
    if (in_frame && !aborting) assert (ready);
    assert (!ready || !tail_ahead);
    if (stalled) assert (\link.tx.stall_count$q == after_limit && !aborting && in_frame);
    if (tx[26]) assert (in_frame);
    if (last1) assert (!ready && tail_ahead && !last2 && !last3);
    if (last2) assert (!ready && !last3 && (!parity || tail_ahead));
    if (last3 && parity) assert (!ready && tail_ahead && tail);
    if (unfinished) assert (last1 || last2 || last3);
    if (last2) assert (!tail);
    if (kept) assert (tail);
    if (keep_end && last3) assert (kept);
    if (tail) assert ((last3 || last4) && !ready);
    if (tail && last3) assert (parity);
    assert (tail || !tx[21]);
    if (last2 || last3) assert (!beat1[68]);
    assert (keep_end == (parity && (last2 || last3)));
    assert (\link.tx.prepared$q [0] == (last2 || kept));
    assert (open_after1 == (in_frame || (unfinished && (last1 || last2))));
    // the slots
    assert (open1 == after(open2, sent2) && open2 == after(open3, sent3));
    assert (fits(sent1, beat1, open1, last3));
    assert (fits(sent2, beat2, open2, last4));
    assert (fits(sent3, beat3, open3, last5));
    if (boot >= 1) assert (captured[75:0] == ({line_check2, sent2} ^ mask2));
    if (boot >= 3) assert ((captured[91:84] ^ captured[83:76]) == (8'h03 ^ half2[15:8] ^ half2[7:0]));
    if (boot >= 1) assert (\link.settled$q [0]);
    if (boot >= 4) begin
      assert (decoded[63:0] == sent3[63:0] && decoded[71:68] == sent3[67:64]);
      assert (decoded[67:64] == (shut3 ? 4'd0 : sent3[67:64]) && decoded[72] == (shut3 || sent3[0]) && !decoded[73]);
      assert (decoded[82:75] == (half3[15:8] ^ half3[7:0]));
    end
    if (boot >= 5) assert (flags[0] == (at4 < 76) && flags[1] == (at4 < 76) && flags[2] == (at4 >= 76));
    if (beat1[69:68] == 3) assert (last1);
    if (beat2[69:68] == 3) assert (last2);
    if (beat3[69:68] == 3) assert (last3);
    if (boot == 0) assert (!ready);
    if (boot < 2) assert (!beat1[68]);
    if (boot < 3) assert (!beat2[68]);
    if (boot < 4) assert (!beat3[68]);
    // the receiver
    if (boot < 7) assert (!ok);
    if (boot == 0) assert (captured == 0 && decoded == 0 && flags == 0);
    if (boot == 1) assert (decoded[82:75] == 3 && !flags[1]);
    if (boot == 2) assert (flags[2]);
    if (shut3) assert (decoded[67:64] == 0 && decoded[72] && !decoded[73]);
    assert (rx[0] == (open3 && ok) && !rx[3]);
    if (rx[1]) assert (boot < 4 || (open3 && !ok) || last4 || last5);
    if (boot < 7) assert (!locked && !held && idles <= boot);
    if (boot >= 1 && boot < 7) assert (shut2);
    if (boot >= 2 && boot < 7) assert (shut3);
    if (boot >= 3 && boot < 7) assert (shut4);
  end
  reg [7:0] line_check2;
  always @(posedge clock) line_check2 <= line[75:68];
`endif
