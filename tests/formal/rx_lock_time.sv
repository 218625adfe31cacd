// From any state of the receiver, reachable or not, the lock stands after 86 clean IDLE slots in a row, and while they
// last: three cycles to judge a slot, 83 for what is left of the old state and for the count of 64.
//: module link_loop$link
`ifdef FORMAL
  (* hierconn *) wire [58:0] \lock.state$q ;
  (* hierconn *) wire [91:0] \decoder.captured$q ;
  (* hierconn *) wire [82:0] \decoder.decoded$q ;
  (* hierconn *) wire [2:0] \decoder.late$q ;
  (* hierconn *) wire [86:0] \deframer.judged$q ;
  (* anyconst *) reg [15:0] any_silence;
  wire [58:0] state = \lock.state$q ;
  wire [91:0] captured = \decoder.captured$q ;
  wire [82:0] decoded = \decoder.decoded$q ;
  localparam [6:0] SLOTS = 7'd86, KNOWN = 7'd83, OLD = 7'd18;
  localparam [63:0] FIXED = 64'hfffcf8ff, IDLE = 64'h96;
  localparam [7:0] COSET = 8'h03;

  // a clean slot is a code word: its sums are the coset's
  wire [15:0] half;
  link_loop$link$decoder$folder of_line(.data(line_in_data), .tc(line_in_tc), .partial(half));
  wire is_idle = line_in_tc[3:0] == 0 && (line_in_data & FIXED) == IDLE && (half[15:8] ^ half[7:0]) == COSET;
  wire is_quiet = line_in_light && !settings[53] && !reset;
  wire is_clean = is_quiet && lock$good_idle && !lock$good_end && !lock$bad;
  // clean slots in a row: on the line, and as the lock sees them
  reg [6:0] run, clean;
  wire [15:0] forgotten = clean == 0 ? 0 : clean > 16 ? 16'hffff : (16'd1 << (clean - 1)) - 16'd1;
  always @(posedge clock) begin
    run <= !(is_idle && is_quiet) ? 0 : run == SLOTS ? SLOTS : run + 1;
    clean <= !is_clean ? 0 : clean == KNOWN ? KNOWN : clean + 1;
  end
  always @* begin
    assume (settings[18:3] == any_silence);
    if ($initstate) assume (run == 0 && clean == 0);

    // the promise
    if (run == SLOTS) assert (status[0]);

    // helper invariants: the slots on their way
    assert (run <= SLOTS && clean <= KNOWN && run <= clean + 3);
    if (run >= 1) assert (captured[67:64] == 0 && (captured[63:0] & FIXED) == IDLE && (captured[91:84] ^ captured[83:76]) == COSET);
    if (run >= 2) assert (decoded[71:68] == 0 && (decoded[63:0] & FIXED) == IDLE && decoded[82:75] == 0);
    if (run >= 3) assert (lock$good_idle && !lock$good_end && !lock$bad);
    // what is left of the old state
    if (clean >= 1) assert (state[0] && state[1] && !state[2] && !state[3] && state[52]);
    if (clean >= 1) assert (state[50] == (any_silence != 0));
    if (clean >= 2) assert (state[53] && state[48]);
    if (clean >= 3) assert (state[54] && state[47:32] == 0);
    if (clean >= 4) assert (state[55] && !state[49] && !state[58]);
    assert ((state[28:13] & forgotten) == 0);
    if (clean >= OLD) assert (!state[31]);
    // the count of good IDLEs rises, or the lock stands
    if (clean >= OLD) assert (state[4] || state[12:6] >= clean - OLD);
    if (clean == KNOWN) assert (state[4]);
  end
`endif
