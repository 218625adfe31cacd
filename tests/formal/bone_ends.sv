// A command that is over leaves nothing behind: without one there is no transfer and no byte out, even if the bus
// acknowledges in the very cycle of the deadline.
//: module bone
`ifdef FORMAL
  wire [9:0] steps = {step$q[11:3], step$q[1]};
  wire is_write = step$q[6], is_busy = step$q[0];
  // helper: one step at a time; each but the one that takes a byte belongs to a command
  wire in_order = (steps & (steps - 1)) == 0 && (is_busy || steps == 0) && (is_active$q || steps[9:1] == 0)
    && (!ended$q || ((is_write || steps == 0) && (is_busy || !is_active$q)));
  reg was_over;
  always @(posedge clock) was_over <= !active;
  always @* begin
    if ($initstate) assume (!was_over && in_order);
`ifndef MUTANT
    assert (in_order);
`endif
    assert (active || !(cyc || stb || tx_valid));
    // its first byte opens one, nothing else does
    if (was_over && active) assert (step$q[3]);
  end
`endif
