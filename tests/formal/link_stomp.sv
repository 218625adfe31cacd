// A frame whose END was sent stomped is never called good, and neither is any frame during which such an END passed,
// whatever else happens to its slots, as long as each slot has at most one wrong bit or is known to be bad.
//: module link_loop
`ifdef FORMAL
  (* hierconn *) wire [31:0] \link.tx.control$q ;
  (* hierconn *) wire [71:0] \link.tx.prepared$q ;
  (* hierconn *) wire [75:0] \link.tx.line_register$q ;
  (* hierconn *) wire [91:0] \link.decoder.captured$q ;
  (* hierconn *) wire [82:0] \link.decoder.decoded$q ;
  (* hierconn *) wire [2:0] \link.decoder.late$q ;
  (* hierconn *) wire [15:0] \link.decoder.folder$partial ;
  (* hierconn *) wire [3:0] \link.deframer.state$q ;
  (* hierconn *) wire [86:0] \link.deframer.judged$q ;
  (* hierconn *) wire [8:0] \link.verdict.frame$q ;
  (* hierconn *) wire [25:0] \link.verdict.finish$q ;
  (* hierconn *) wire [23:0] \link.verdict.result$q ;
  (* hierconn *) wire [1:0] \link.settled$q ;
  wire [31:0] tx = \link.tx.control$q ;
  wire [75:0] line = \link.tx.line_register$q ;
  wire [91:0] captured = \link.decoder.captured$q ;
  wire [82:0] decoded = \link.decoder.decoded$q ;
  wire [2:0] flags = \link.decoder.late$q ;
  wire [86:0] seen = \link.deframer.judged$q ;
  wire [8:0] frame = \link.verdict.frame$q ;
  wire [25:0] finish = \link.verdict.finish$q ;
  wire [23:0] result = \link.verdict.result$q ;
  wire rx_open = \link.deframer.state$q [0], shut3 = decoded[74];
  wire seen_open = seen[68], opened = seen[69], tail = frame[0], flagged = frame[1];

  // errors; a slot with more than one wrong bit has a syndrome that is neither zero nor a column
  wire [75:0] mask1 = {mask_tc, mask_data};
  wire [15:0] half1, half = \link.decoder.folder$partial ;
  link_loop$link$decoder$folder of1(.data(mask_data), .tc(mask_tc), .partial(half1));
  wire [7:0] error1 = half1[15:8] ^ half1[7:0];
  wire one1 = mask1 != 0 && (mask1 & (mask1 - 76'd1)) == 0;
  wire known1, known2, known3;
  link_loop$link$decoder$classifier of_error1(.syndrome(error1), .single(known1));
  reg [75:0] mask2;
  wire [15:0] half2;
  link_loop$link$decoder$folder of2(.data(mask2[63:0]), .tc(mask2[75:64]), .partial(half2));
  wire [7:0] error2 = half2[15:8] ^ half2[7:0];
  link_loop$link$decoder$classifier of_error2(.syndrome(error2), .single(known2));
  wire one2 = mask2 != 0 && (mask2 & (mask2 - 76'd1)) == 0;
  reg [7:0] error3, check2;
  link_loop$link$decoder$classifier of_error3(.syndrome(error3), .single(known3));
  reg bad2, bad3, bad4;

  reg [2:0] boot;
  reg [67:0] sent2, sent3, sent4;
  reg stomped4, stomped5, stomped6;
  wire stomped_end4 = sent4[67:64] == 0 && sent4[0] && sent4[8];
  always @(posedge clock) begin
    boot <= boot == 7 ? 7 : boot + 1;
    {sent2, sent3, sent4} <= {line[67:0], sent2, sent3};
    mask2 <= mask1;
    error3 <= error2;
    check2 <= line[75:68];
    {bad2, bad3, bad4} <= {mask1 != 0 && !one1, bad2, bad3};
    stomped4 <= stomped_end4 || (stomped4 && !opened);
    stomped5 <= stomped_end4 || stomped4;
    stomped6 <= stomped5;
  end
  always @* begin
    assume (!reset);
    assume (settings[1]);
    assume (mask1 == 0 || one1 || (error1 != 0 && !known1));
    if (boot >= 2) assume ((half[15:8] ^ half[7:0]) == (8'h03 ^ error1));
    if ($initstate) assume ({boot, sent2, sent3, sent4, stomped4, stomped5, stomped6, mask2, error3, bad2, bad3, bad4} == 0);

    // the promise
    if (frame_good) assert (!stomped6);

    // helper invariants: what is known of a slot on its way
    if (boot == 0) assert (tx == 0 && \link.tx.prepared$q == 0 && captured == 0 && decoded == 0);
    if (boot < 2) assert (line == 0);
    if (boot < 3) assert (sent2 == 0);
    if (boot < 4) assert (sent3 == 0);
    if (boot < 5) assert (sent4 == 0);
    if (boot >= 1) assert (\link.settled$q == 1);
    if (boot >= 1) assert (captured[75:0] == ({check2, sent2} ^ mask2));
    if (boot >= 3) assert ((captured[91:84] ^ captured[83:76]) == (8'h03 ^ error2));
    assert (mask2 == 0 ? !bad2 : bad2 ? error2 != 0 && !known2 : one2);
    assert (bad3 ? error3 != 0 && !known3 : error3 == 0 || known3);
    if (boot >= 4) assert (decoded[82:75] == error3);
    if (boot >= 4 && !bad3) assert (decoded[63:0] == sent3[63:0] && decoded[71:68] == sent3[67:64] && !decoded[73]);
    if (boot >= 4 && !bad3) assert (shut3 ? decoded[67:64] == 0 && decoded[72] : decoded[67:64] == sent3[67:64] && decoded[72] == sent3[0]);
    if (boot >= 5) assert (bad4 ? flags[1] && !flags[0] : !flags[1] || flags[0]);
    if (boot >= 5 && !bad4) assert (seen[63:0] == sent4[63:0]);
    if (boot >= 5 && !bad4) assert (seen[73] == (seen[80] || (sent4[67:64] == 0 && sent4[0])));
    // the receiver
    assert (rx_open == ((opened && !seen[67]) || (seen_open && !seen[73] && !seen[72] && !seen[71])));
    if (boot < 5) assert (!stomped4 && !stomped5 && !stomped6);
    if (opened) assert (!seen_open && !seen[73]);
    if (seen[71]) assert ((opened || seen_open) && seen[67] && !seen[73] && !seen[72]);
    if (stomped4 && (seen_open || tail)) assert (flagged);
    if (finish[0] && stomped5) assert (finish[8] || (finish[4] && !finish[6]) || finish[3] || finish[2] || finish[1]);
    if (result[0] && stomped6) assert (!result[1]);
  end
`endif
