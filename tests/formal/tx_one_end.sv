// Whatever resets and limits do: END stands on the line exactly where a last beat was accepted 3 cycles before, or an open
// frame was given up. A frame is given up only if its client offered nothing in 4 cycles, and never twice.
//: module link_loop$link$tx
`ifdef FORMAL
  wire take = control$q[0], is_ready = control$q[1], is_in_frame = control$q[2], is_swallow = control$q[4];
  wire aborting = control$q[6], last1 = control$q[7], last2 = control$q[8], last3 = control$q[9];
  wire tail_ahead = control$q[11], is_parity = control$q[15], tail = control$q[20], mask_end = control$q[21];
  wire keep_end = control$q[22], waiting = control$q[26], waited = control$q[27];
  wire stalled = control$q[5] && waiting && !aborting;
  wire accepted = s_axis_tvalid && s_axis_tready && !is_swallow;
  wire is_end = line[67:64] == 0 && line[0];
  // a frame of the client is open; cycles since its last beat, at most 15
  reg is_open, kept;
  reg [3:0] age;
  // last beats accepted, and frames given up, 1 to 3 cycles ago
  reg [2:0] ended, aborted;
  always @(posedge clock) begin
    is_open <= !reset && (accepted ? !s_axis_tlast : is_open && !aborting);
    age <= accepted ? 1 : age == 15 ? 15 : age + 1;
    ended <= {ended[1:0], accepted && s_axis_tlast && !reset};
    aborted <= {aborted[1:0], aborting && !reset};
    kept <= keep_end && !reset;
  end
  always @* begin
    if ($initstate) assume (!is_open && age == 15 && ended == 0 && aborted == 0 && !kept);

    // the promises
    assert (is_end == (ended[2] || aborted[2]));
    if (aborting) assert (is_open && age >= 5);
    if (aborted[2]) assert (!ended[2] && line[8]);

    // helper invariants
    assert (is_open == is_in_frame);
    assert (age != 0);
    if (is_open) assert (ended == 0 && aborted == 0);
    if (ended[0] || aborted[0]) assert (ended[2:1] == 0 && aborted[2:1] == 0);
    if (ended[1] || aborted[1]) assert (!ended[2] && !aborted[2]);
    assert (take == (is_ready && !is_swallow));
    assert (!is_in_frame || !is_swallow);
    assert (!is_ready || !tail_ahead || is_open == 0);
    if (stalled) assert (is_open && !aborting && age >= 4);
    if (aborting) assert (!is_ready && tail_ahead && !is_swallow);
    if (waiting) assert (is_in_frame && age >= 2);
    if (waiting && waited) assert (age >= 3);
    if (ended[0] || aborted[0]) assert (!is_ready && tail_ahead);
    if (ended[1] || aborted[1]) assert (!is_ready);
    assert (last1 == (ended[0] || aborted[0]));
    if (last2) assert (ended[1] || aborted[1]);
    if (last3) assert (ended[2] || aborted[2]);
    if (last2 && is_parity) assert (tail_ahead);
    if (last3 && is_parity) assert (!is_ready && tail_ahead && tail);
    if (keep_end) assert (is_parity && (last2 || last3));
    if (is_parity && (last2 || last3)) assert (keep_end);
    if (aborted[0]) assert (control$q[14] && !ended[0]);
    if (aborted[1]) assert (prepared$q[8] && !ended[1]);
    assert (prepared$q[0] == (ended[1] || aborted[1] || kept));
    if (kept) assert (tail);
    if (keep_end && last3) assert (kept);
    if (ended[1] || aborted[1]) assert (!tail);
    assert (tail || !mask_end);
  end
`endif
