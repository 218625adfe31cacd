// The elastic buffer never runs empty once it has started and never overflows. Each step is one cycle of this board's
// lane clock, of the far board's, or of both; a step of one alone is a slip. The fill in lane cycles changes by
// slips alone, and by five when an IDLE is doubled or left out.
//: module elastic
`ifdef FORMAL
  // the registers, each with its own clock's edges
  (* anyseq *) reg tick, far_tick;
  reg [25:0] w;
  reg [11:0] c;
  reg [15:0] r;
  reg [2:0] at, far_at;              // cycles since the last slot was read, written
  wire slot_tick = tick && at == 4;
  always @(posedge clock) begin
    if (far_tick) w <= writer$d;
    if (tick) c <= crossing$d;
    if (slot_tick) r <= reader$d;
    if (tick) at <= at == 4 ? 0 : at + 1;
    if (far_tick) far_at <= far_at == 4 ? 0 : far_at + 1;
  end
  wire [3:0] place = w[3:0], seen_place = r[3:0], fill = place - seen_place;
  wire running_now = r[8];
  wire [7:0] fill_cycles = 8'd5 * fill + far_at - at + 8'd8;          // 8 stands for none
  wire is_write = far_tick && far_at == 4, advances = is_write && writer$d[3:0] != place;
  wire is_read = slot_tick && reader$d[3:0] != seen_place;
  wire shows_idle = slot_tick && show && tail$read_data[12];
  // steps since the last slip; slips against us since an IDLE was shown, for us since one came
  reg [4:0] calm;
  reg [2:0] lost, won;
  // cycles of each clock since the other side's pointer moved; did the last slot count, and was one taken?
  reg [2:0] since_write, since_read;
  reg begun, counted, taken;
  localparam [2:0] LONG = 3'd7;
  always @(posedge clock) begin
    calm <= tick != far_tick ? 0 : calm == 31 ? 31 : calm + 1;
    lost <= shows_idle ? 0 : lost + (tick && !far_tick);
    won <= is_write && in_idle ? 0 : won + (far_tick && !tick);
    since_write <= advances ? 0 : tick && since_write != LONG ? since_write + 1 : since_write;
    since_read <= is_read ? 0 : far_tick && since_read != LONG ? since_read + 1 : since_read;
    begun <= begun || is_write;
    if (is_write) counted <= advances;
    if (slot_tick) taken <= is_read;
  end
  function [3:0] gray(input [3:0] x);
    gray = x ^ (x >> 1);
  endfunction
  // two counts from one event differ by the last slip, if that came after it
  function near(input [2:0] a, b, input [4:0] steps);
    near = a == b || (steps <= b && (a == b + 4'd1 || a + 4'd1 == b));
  endfunction
  wire [3:0] write_1 = place - (since_write == 0), write_2 = place - (since_write <= 1);
  wire [3:0] read_1 = seen_place - (since_read == 0), read_2 = seen_place - (since_read <= 1);
  wire [3:0] read_3 = seen_place - (since_read <= 2), read_4 = seen_place - (since_read <= 3);
  always @* begin
    assume (writer$q == w && crossing$q == c && reader$q == r);
    assume (phase == (at == 4 ? 0 : at + 1));
    assume (in_valid == (far_at == 4));
    // slips: at least 16 steps apart, at most 3 of a kind between two IDLEs
    assume (tick || far_tick);
    if (tick != far_tick) assume (calm >= 15);
    assume (lost <= 3 && won <= 3);
    if ($initstate) assume ({w, c, r, at, far_at, lost, won} == 0 && calm == 31);
    if ($initstate) assume (since_write == LONG && since_read == LONG && counted && !begun && !taken);

    // the promises
    if (slot_tick) assert (!emptied);
    if (is_write) assert (held_at_writer < 14);

    // helper invariants
    assert (at <= 4 && far_at <= 4);
    assert (w[7:4] == gray(place) && r[7:4] == gray(seen_place));
    assert (c[3:0] == gray(write_1) && c[7:4] == gray(write_2));
    assert (w[11:8] == gray(read_1) && w[15:12] == gray(read_2) && w[19:16] == read_3);
    if (far_at != 0) assert (w[25:22] == place - read_4);
    if (at == 3) assert (c[11:8] == place - (since_write <= 2));
    if (at == 4) assert (c[11:8] == place - (since_write <= 3));
    if (begun && counted) assert (near(since_write, far_at, calm)); else assert (since_write >= 4);
    if (taken) assert (near(since_read, at, calm)); else assert (since_read >= 4);
    if (!begun) assert (w == 0 && seen_place == 0 && !running_now);
    if (!running_now) assert (seen_place == 0 && (!begun || place != 0));
    // the fill
    if (running_now) assert (fill_cycles + lost >= 17);
    if (r[15]) assert (running_now && fill_cycles + lost >= 18 && (lost == 0 || (lost == 1 && calm <= at)));
    if (!counted) assert (fill_cycles >= 18 || (fill_cycles >= 17 && calm <= far_at));
    if (!running_now) assert (fill_cycles <= 23 + (calm <= at));
    assert (fill_cycles >= 4 && fill_cycles <= 30 + won);
  end
`endif
