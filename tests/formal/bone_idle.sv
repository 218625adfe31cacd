// The deadline counter is the ranking function: it falls in every cycle of a command, whatever the bytes, the bus and
// the far end do; so no state, reachable or not, keeps a command alive for longer than its longest count.
//: module bone
`ifdef FORMAL
  localparam [27:0] DEADLINE = 28'd15_625_000, LONGEST = 28'd1 << 25, WRAP = 28'd1 << 26;
  wire [27:0] count = {high_count$q, low_count$q} + (low_carry$q ? 28'd4096 : 28'd0);
  wire [27:0] left = !is_active$q ? 0 : abort$q ? 1 : expired$q ? 2 : !high_count$q[13] ? 3 : count >= WRAP ? 4 : WRAP - count + 4;
  reg [27:0] age;
  reg was_idle;
  always @(posedge clock) begin
    age <= active ? age + 1 : 0;
    was_idle <= was_idle | !active;
  end
  always @* begin
    if ($initstate) assume (age == 0 && !was_idle);
    // from any state
    assert (age + left <= LONGEST + 4);
    assert (age <= LONGEST + 4);
    // from idle: the deadline
    if (was_idle) assert (age + left <= DEADLINE + 4);
    if (was_idle) assert (age <= DEADLINE + 4);
  end
`endif
