// No beat is accepted before t_on cycles of light, light never goes out under a client or a frame, min_on and min_off
// are kept, and a client is held for at most t_on + what is left of min_off. The times are any constants.
//: module laser_switch
`ifdef FORMAL
  (* anyconst *) reg [11:0] any_t_on, any_min_on, any_min_off;
  wire [13:0] open_at = t_on < 4 ? 4 : t_on;
  wire [13:0] dark_for = min_off < 4 ? 4 : min_off;
  wire [12:0] cycles = ~state$q[18:6];
  wire age_min_on = state$q[19], age_min_off = state$q[20], age_t_on = state$q[21];
  wire off_allowed = state$q[3], on_allowed = state$q[4];
  localparam [13:0] MOST = 14'h1fff;
  // cycles of light, of darkness and of holding before this one
  reg [13:0] lit, dark, held, budget;
  reg [1:0] boot;
  reg was_lit, was_open_offer, was_lit_frame, was_reset;
  wire [13:0] left_on = lit + 1 >= open_at ? 0 : open_at - 1 - lit;
  wire [13:0] left_dark = no_min_off || dark + 1 >= dark_for ? 0 : dark_for - 1 - dark;
  wire [13:0] left = laser_en ? left_on : left_dark + open_at;
  wire is_held = client_valid && tx_hold && !reset && boot == 3;
  always @(posedge clock) begin
    lit <= !laser_en ? 0 : lit == MOST ? lit : lit + 1;
    dark <= laser_en ? 0 : dark == MOST ? dark : dark + 1;
    boot <= boot == 3 ? 3 : boot + 1;
    held <= is_held ? held + 1 : 0;
    budget <= held == 0 ? left : budget;
    was_reset <= reset;
    was_lit <= laser_en;
    was_open_offer <= !tx_hold && client_valid;
    was_lit_frame <= laser_en && in_frame;
  end
  always @* begin
    assume (t_on == any_t_on && min_on == any_min_on && min_off == any_min_off && no_min_off == (min_off < 2));
    if ($initstate) assume (lit == 0 && dark == MOST && boot == 0 && held == 0);
    if ($initstate) assume (!was_lit && !was_open_offer && !was_lit_frame && !was_reset);

    // the promises
    if (!tx_hold) no_beat_before_t_on: assert (laser_en && lit + 1 >= t_on);
    if (was_open_offer && !was_reset) light_under_a_client: assert (laser_en);
    if (was_lit_frame && !was_reset) light_under_a_frame: assert (laser_en);
    if (was_lit && !laser_en && !was_reset) min_on_kept: assert (lit >= min_on);
    if (!was_lit && laser_en) min_off_kept: assert (dark >= min_off);
    if (is_held && held != 0) held_within_bound: assert (held + left <= budget);
    if (is_held) held_ends: assert (left != 0);

`ifndef MUTANT
    // helper invariants
    assert (lit <= MOST && dark <= MOST && (laser_en || !was_lit || dark == 0) && (!laser_en || was_lit || lit == 0));
    assert (was_lit == state$q[1]);
    assert (!was_lit || lit != 0);
    assert (was_lit || dark != 0);
    if (was_lit) assert (dark == 0); else assert (lit == 0);
    if (was_lit && laser_en) assert (cycles == lit + 3 || (cycles >= 4096 && lit + 3 >= 4096));
    if (!was_lit && !laser_en) assert (cycles == dark + 3 || (cycles >= 4096 && dark + 3 >= 4096));
    if (laser_en && was_lit && age_t_on) assert (lit >= 2 && lit + 2 >= t_on);
    if (laser_en && lit >= 2 && lit + 2 >= t_on) assert (age_t_on);
    if (laser_en && was_lit && age_min_on) assert (lit >= 2 && lit + 2 >= min_on);
    if (laser_en && off_allowed) assert (lit >= 3 && lit + 1 >= min_on);
    if (!laser_en && !was_lit && age_min_off && boot == 3) assert (dark >= 2 && dark + 2 >= min_off);
    if (!laser_en && dark >= 2 && dark + 2 >= min_off && boot != 0) assert (age_min_off);
    if (!laser_en && on_allowed && !no_min_off) assert (dark >= 3 && dark + 1 >= min_off);
    if (!laser_en && (no_min_off || dark + 1 >= dark_for) && boot == 3) assert (on_allowed);
    if (laser_en && lit + 1 >= open_at) assert (!tx_hold);
    if (held != 0) assert (held <= budget && budget <= 8190);
`endif
  end
`endif
