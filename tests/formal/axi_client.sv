// AXI4-Stream of the generator as a client: what is offered stays until it is taken, bit for bit, whatever commands
// come; bytes of a last beat are a thermometer from bit 0, other beats are full; nothing is offered after power-on.
//: module generator
`ifdef FORMAL
  reg is_first, waits;
  reg [72:0] offered;
  always @(posedge clock) begin
    is_first <= 0;
    waits <= tvalid && !tready;
    offered <= {tlast, tkeep, tdata};
  end
  always @* begin
    if ($initstate) assume (is_first && !waits && offered == 0);

    // the promises
    if (is_first) assert (!tvalid);
    if (waits) assert (tvalid && {tlast, tkeep, tdata} == offered);
    if (tvalid && !tlast) assert (tkeep == 8'hff);
    if (tvalid) assert (tkeep[0] && (tkeep & (tkeep + 8'd1)) == 0);
  end
`endif
