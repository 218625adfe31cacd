// Whatever the line brings: the beats of a frame start with the first mark, end with `tlast`, carry full words before and
// a thermometer of bytes at the end, frames never overlap, and each one opened gets exactly one verdict.
//: module link_loop$link
`ifdef FORMAL
  (* hierconn *) wire [3:0] \deframer.state$q ;
  (* hierconn *) wire [86:0] \deframer.judged$q ;
  (* hierconn *) wire [8:0] \verdict.frame$q ;
  (* hierconn *) wire [25:0] \verdict.finish$q ;
  (* hierconn *) wire [23:0] \verdict.result$q ;
  wire [86:0] seen = \deframer.judged$q ;
  wire seen_open = seen[68], opened = seen[69], last = seen[71], first_inside = seen[72], is_end = seen[73];
  wire is_first = m_axis_tuser[1], is_null = m_axis_tuser[0];
  // the client is inside a frame; frames whose verdict is due
  reg inside, first1;
  reg [2:0] due;
  always @(posedge clock) begin
    inside <= m_axis_tvalid ? !m_axis_tlast : inside;
    first1 <= m_axis_tvalid && is_first;
    due <= due + (m_axis_tvalid && is_first) - frame_done;
  end
  always @* begin
    assume (!reset);
    if ($initstate) assume (!inside && !first1 && due == 0);

    // the promises
    if (m_axis_tvalid) assert (is_first == !inside);
    if (m_axis_tvalid && !m_axis_tlast) assert (m_axis_tkeep == 8'hff);
    if (m_axis_tvalid) assert ((m_axis_tkeep & (m_axis_tkeep + 8'd1)) == 0);
    if (m_axis_tvalid) assert (is_null ? m_axis_tlast && m_axis_tkeep == 0 && inside : m_axis_tkeep[0]);
    if (frame_done) assert (due != 0);
    if (frame_good) assert (frame_done);
    assert (due <= 4);
    // idle and nothing on its way: every frame has had its verdict
    if (!inside && !seen_open && !opened && !\verdict.frame$q [0] && !\verdict.finish$q [0] && !frame_done) assert (due == 0);

    // helper invariants
    assert (inside == \deframer.state$q [0]);
    assert (first1 == opened);
    assert (inside == ((opened && !last) || (seen_open && !is_end && !first_inside && !last)));
    if (opened) assert (!seen_open && !is_end && !first_inside);
    if (first_inside) assert (seen_open && !is_end && !last);
    if (last) assert ((opened || seen_open) && !is_end);
    if (seen_open) assert (!\verdict.frame$q [0]);
    assert (due == {2'd0, opened} + (seen_open || \verdict.frame$q [0]) + \verdict.finish$q [0] + \verdict.result$q [0]);
  end
`endif
