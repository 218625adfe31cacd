// A hint that is up blocks turn-off unless its burst is too far for that to matter, and a client that was announced is
// held for at most t_on + what is left of min_off - its notice. The times are any constants.
//: module laser_switch
`ifdef FORMAL
  (* anyconst *) reg [11:0] any_t_on, any_min_on, any_min_off;
  (* anyconst *) reg any_hint_enable;
  wire [13:0] open_at = t_on < 4 ? 4 : t_on;
  wire [13:0] dark_for = min_off < 4 ? 4 : min_off;
  wire [12:0] cycles = ~state$q[18:6];
  wire age_min_on = state$q[19], age_min_off = state$q[20], age_t_on = state$q[21];
  wire off_allowed = state$q[3], on_allowed = state$q[4];
  localparam [13:0] MOST = 14'h1fff;
  // cycles of light, of darkness and of holding before this one
  reg [13:0] lit, dark, held;
  reg [1:0] boot;
  reg was_lit, was_open_offer, was_lit_frame, was_reset;
  wire [13:0] left_on = lit + 1 >= open_at ? 0 : open_at - 1 - lit;
  wire [13:0] left_dark = no_min_off || dark + 1 >= dark_for ? 0 : dark_for - 1 - dark;
  wire [13:0] left = laser_en ? left_on : left_dark + open_at;
  wire is_held = client_valid && tx_hold && !reset && boot == 3;
  // the hint: cycles until the burst that it promises, and until a client that asked when it came would be open
  (* anyseq *) reg [15:0] slots;
  wire is_hint = hint_valid && hint_enable;
  wire [15:0] pending_for = ~count[15:0];
  reg told, was_told, was_hint, was_soon;
  reg [16:0] until_burst, until_burst_before;
  reg [13:0] from_hint;
  wire starts = client_valid && state$q[5];
  always @(posedge clock) begin
    lit <= !laser_en ? 0 : lit == MOST ? lit : lit + 1;
    dark <= laser_en ? 0 : dark == MOST ? dark : dark + 1;
    boot <= boot == 3 ? 3 : boot + 1;
    held <= is_held ? held + 1 : 0;
    was_reset <= reset;
    was_lit <= laser_en;
    was_open_offer <= !tx_hold && client_valid;
    was_lit_frame <= laser_en && in_frame;
    told <= !reset && (is_hint || (told && !(due && (starts || count[13]))));
    was_soon <= hint_soon;
    until_burst <= is_hint ? (slots == 0 ? 0 : slots - 1) : until_burst == 0 ? 0 : until_burst - 1;
    from_hint <= is_hint ? (left == 0 ? 0 : left - 1) : from_hint == 0 ? 0 : from_hint - 1;
    was_told <= told;
    was_hint <= is_hint;
    until_burst_before <= until_burst;
  end
  always @* begin
    assume (t_on == any_t_on && min_on == any_min_on && min_off == any_min_off && no_min_off == (min_off < 2));
    assume (hint_enable == any_hint_enable && hint_margin == min_off + 8 && t_on >= 4);
    assume (hint_lag == (hint_valid ? {5'd0, t_on} - {1'b0, slots} : 17'd0));
    if (!$initstate) assume (hint_valid == was_soon); else assume (!hint_valid);
    if ($initstate) assume (lit == 0 && dark == MOST && boot == 0 && held == 0);
    if ($initstate) assume (!was_lit && !was_open_offer && !was_lit_frame && !was_reset);
    if ($initstate) assume (!told && !was_told && !was_hint && !was_soon && from_hint == 0 && until_burst == 0);
    if (boot != 3) assume (!hint_soon);

    // the promises
    if (is_held && held == 0 && told && until_burst == 0) held_less_notice: assert (left <= from_hint);
    if (was_lit && !laser_en && !was_reset) hint_blocks_off: assert (!was_hint && (!was_told || until_burst_before > open_at + min_off));

`ifndef MUTANT
    // helper invariants
    assert (told == state$q[22] && (!told || hint_enable));
    if (told && count[16]) assert (until_burst == pending_for + open_at + 1);
    if (state$q[23]) assert (hint_valid || (count[16] && pending_for >= min_off + 7));
    if (told && laser_en && off_allowed) assert (hint_valid || (count[16] && pending_for >= min_off + 6));
    if (hint_valid) assert (count == 0);
    if (told && boot == 3) assert (left <= from_hint || left <= until_burst);
    assert (from_hint <= 8191);
    assert (boot == 3 || (!told && !was_soon));

    // proven by laser_light, by an induction of its own
    if (!tx_hold) assume (laser_en && lit + 1 >= t_on);
    if (was_open_offer && !was_reset) assume (laser_en);
    if (was_lit_frame && !was_reset) assume (laser_en);
    if (was_lit && !laser_en && !was_reset) assume (lit >= min_on);
    if (!was_lit && laser_en) assume (dark >= min_off);
    assume (lit <= MOST && dark <= MOST && (laser_en || !was_lit || dark == 0) && (!laser_en || was_lit || lit == 0));
    assume (was_lit == state$q[1]);
    assume (!was_lit || lit != 0);
    assume (was_lit || dark != 0);
    if (was_lit) assume (dark == 0); else assume (lit == 0);
    if (was_lit && laser_en) assume (cycles == lit + 3 || (cycles >= 4096 && lit + 3 >= 4096));
    if (!was_lit && !laser_en) assume (cycles == dark + 3 || (cycles >= 4096 && dark + 3 >= 4096));
    if (laser_en && was_lit && age_t_on) assume (lit >= 2 && lit + 2 >= t_on);
    if (laser_en && lit >= 2 && lit + 2 >= t_on) assume (age_t_on);
    if (laser_en && was_lit && age_min_on) assume (lit >= 2 && lit + 2 >= min_on);
    if (laser_en && off_allowed) assume (lit >= 3 && lit + 1 >= min_on);
    if (!laser_en && !was_lit && age_min_off && boot == 3) assume (dark >= 2 && dark + 2 >= min_off);
    if (!laser_en && dark >= 2 && dark + 2 >= min_off && boot != 0) assume (age_min_off);
    if (!laser_en && on_allowed && !no_min_off) assume (dark >= 3 && dark + 1 >= min_off);
    if (!laser_en && (no_min_off || dark + 1 >= dark_for) && boot == 3) assume (on_allowed);
    if (laser_en && lit + 1 >= open_at) assume (!tx_hold);
`endif
  end
`endif
