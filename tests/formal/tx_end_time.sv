// END stands on the line exactly 3 cycles after a last beat, and exactly `stall_limit` + 7 cycles after the last beat of
// a client that stalls: the time that is left falls in every cycle. Its stomp flag tells which frames were given up.
//: module link_loop$link$tx
`ifdef FORMAL
  (* anyconst *) reg [15:0] any_limit;
  wire take = control$q[0], is_ready = control$q[1], is_in_frame = control$q[2];
  wire is_swallow = control$q[4], aborting = control$q[6];
  wire last1 = control$q[7], last2 = control$q[8], last3 = control$q[9], tail_ahead = control$q[11];
  wire waiting = control$q[26], waited = control$q[27], limited = control$q[28];
  wire stalled = control$q[5] && waiting && !aborting;
  wire accepted = s_axis_tvalid && s_axis_tready && !is_swallow;
  wire is_end = line[67:64] == 0 && line[0];
  // cycles since the last beat of a frame that has not ended
  reg [17:0] age;
  reg [2:0] aborted;
  wire [15:0] age_less_2 = age - 18'd2;
  reg inside, is_first;
  reg [3:0] ended, gave_up;
  reg kept;
  wire is_parity = control$q[15], tail = control$q[20], mask_end = control$q[21], keep_end = control$q[22];
  wire stalls = inside && any_limit != 0;
  localparam [17:0] NEVER = 18'h3ffff;
  wire [17:0] most = any_limit + 18'd7;
  always @(posedge clock) begin
    is_first <= 0;
    kept <= keep_end;
    aborted <= {aborted[1:0], aborting};
    age <= accepted ? 1 : age == NEVER ? NEVER : age + 1;
    inside <= accepted ? 1 : inside && !is_end;
    ended <= {ended[2:0], accepted && s_axis_tlast};
    gave_up <= {gave_up[2:0], accepted && s_axis_tlast && s_axis_tuser};
  end
  always @* begin
    assume (!reset);
    assume (stall_limit == any_limit);
    if ($initstate) assume (is_first && age == NEVER && !inside && ended == 0 && !kept && aborted == 0 && gave_up == 0);

    // the promises
    if (ended[2]) assert (is_end && line[8] == gave_up[2]);
    if (inside && any_limit != 0) assert (age <= most);
    if (inside && any_limit != 0 && age == most) assert (is_end && line[8]);
    if (is_end) assert (inside && (ended[2] || (line[8] && any_limit != 0 && age == most)));

    // helper invariants
    assert (take == (is_ready && !is_swallow));
    assert (!is_in_frame || !is_swallow);
    assert (!is_ready || !tail_ahead);
    if (is_in_frame && !aborting) assert (is_ready);
    if (aborting) assert (is_in_frame && !is_ready && tail_ahead);
    if (is_in_frame) assert (inside && !last1 && !last2 && !last3);
    if (inside) assert (is_in_frame || last1 || last2 || last3);
    if (line[67:64] != 0 && line[67:64] != 3) assert (inside && age == 1);
    if (last1) assert (!is_ready && tail_ahead && !last2 && !last3);
    if (last2) assert (!is_ready && !last3);
    assert (last1 == (ended[0] || aborted[0]));
    if (aborted[0]) assert (inside && !ended[0] && age == any_limit + 18'd5);
    assert (last2 == (ended[1] || aborted[1]));
    if (aborted[1]) assert (inside && !ended[1] && age == any_limit + 18'd6);
    assert (last3 == (ended[2] || aborted[2]));
    if (aborted[2]) assert (inside && !ended[2] && age == any_limit + 18'd7);
    assert (last3 == is_end);
    if (ended[0] || ended[1] || ended[2]) assert (inside);
    if (inside && any_limit == 0) assert (!aborting && aborted == 0);
    if (ended[0]) assert (age == 1);
    if (ended[1]) assert (age == 2);
    if (ended[2]) assert (age == 3);
    if (last1) assert (control$q[14] == (gave_up[0] || !ended[0]));
    if (last2) assert (prepared$q[8] == (gave_up[1] || !ended[1]));
    if (last3) assert (line[8] == (gave_up[2] || !ended[2]));
    assert (prepared$q[0] == (last2 || kept));
    if (last2) assert (!tail && (!is_parity || tail_ahead));
    if (last3 && is_parity) assert (!is_ready && tail_ahead && tail);
    if (kept) assert (tail);
    if (keep_end && last3) assert (kept);
    assert (keep_end == (is_parity && (last2 || last3)));
    assert (tail || !mask_end);
    if (is_first) assert (!is_in_frame && !inside && !is_ready);
    assert (limited == (any_limit != 0 && !is_first));
    if (!is_in_frame) assert (!waiting);
    if (stalled) assert (is_in_frame && !aborting);
    if (is_in_frame) begin
      assert (age != 0 && (age == 1) == !waiting);
      if (age >= 2) assert (waited == (age >= 3));
      if (any_limit != 0) assert (age <= any_limit + 18'd4);
      if (any_limit != 0 && age >= 2 && age != NEVER) assert (stall_count$q == age_less_2);
      assert (stalled == (any_limit != 0 && age == any_limit + 18'd3));
      if (aborting) assert (any_limit != 0 && age == any_limit + 18'd4);
      if (any_limit != 0 && age == any_limit + 18'd4) assert (aborting);
    end
  end
`endif
