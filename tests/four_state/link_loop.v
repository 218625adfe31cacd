// The looped link in four states: what is not qualified is unknown, and before a reset everything is. Nothing unknown may
// stand on an output afterwards. +unknown=N: so many cycles of unknown inputs first; +reset=N: cycles of reset.
`timescale 1ns / 1ps
module bench;
  reg clock = 0, reset = 1'bx, valid = 1'bx, last = 1'bx, user = 1'bx, hold = 1'bx, light = 1'bx;
  reg [63:0] data = 64'bx;
  reg [7:0] keep = 8'bx;
  reg [54:0] settings = 55'bx;
  wire ready, m_valid, m_last, done, good, cut_valid;
  wire [63:0] m_data, cut_data, line_data;
  wire [7:0] m_keep;
  wire [1:0] m_user;
  wire [3:0] reason;
  wire [15:0] sequence_number;
  wire [25:0] status;
  wire [31:0] events;
  wire [11:0] line_tc;
  link_loop dut(.clock(clock), .reset(reset), .s_axis_tdata(data), .s_axis_tkeep(keep), .s_axis_tvalid(valid),
    .s_axis_tlast(last), .s_axis_tuser(user), .tx_hold(hold), .settings(settings), .mask_data(64'd0), .mask_tc(12'd0),
    .light(light), .s_axis_tready(ready), .m_axis_tdata(m_data), .m_axis_tkeep(m_keep), .m_axis_tvalid(m_valid),
    .m_axis_tlast(m_last), .m_axis_tuser(m_user), .frame_done(done), .frame_good(good), .frame_reason(reason),
    .frame_sequence(sequence_number), .cut_data(cut_data), .cut_valid(cut_valid), .status(status), .events(events),
    .line_data(line_data), .line_tc(line_tc));
  wire [278:0] outputs = {ready, m_valid, m_data, m_keep, m_last, m_user, done, good, reason, sequence_number, cut_data,
    cut_valid, status, events, line_data, line_tc};
  integer unknown_cycles, reset_cycles, n, frame, word, words, unknowns, beats, verdicts;
  reg watching = 0;

  always #1 clock = ~clock;
  always @(negedge clock) if (watching) begin
    if (^outputs === 1'bx) begin
      if (unknowns < 3) $display("cycle %0d: unknown outputs %b", n, outputs);
      unknowns = unknowns + 1;
    end
    beats = beats + (m_valid === 1'b1);
    verdicts = verdicts + (done === 1'b1 && good === 1'b1);
  end
  always @(posedge clock) n <= n + 1;

  // one beat, with all that it does not qualify unknown
  task beat(input [63:0] value, input is_last, input [7:0] bytes);
    begin
      valid = 1; data = value; last = is_last; keep = is_last ? bytes : 8'bx; user = is_last ? 1'b0 : 1'bx;
      @(negedge clock);
      while (ready !== 1'b1) @(negedge clock);
      @(posedge clock); #0.1;
      valid = 0; data = 64'bx; last = 1'bx; keep = 8'bx; user = 1'bx;
    end
  endtask

  initial begin
    n = 0; unknowns = 0; beats = 0; verdicts = 0;
    if (!$value$plusargs("unknown=%d", unknown_cycles)) unknown_cycles = 0;
    if (!$value$plusargs("reset=%d", reset_cycles)) reset_cycles = 0;
    if (unknown_cycles > 0) begin
      repeat (unknown_cycles) @(posedge clock);
      #0.1;
    end
    valid = 0; hold = 0; light = 1; settings = 55'd2; reset = reset_cycles > 0;
    if (reset_cycles > 0) begin
      repeat (reset_cycles) @(posedge clock);
      #0.1;
    end
    reset = 0; hold = 1; watching = 1;
    repeat (120) @(posedge clock);
    #0.1; hold = 0;
    for (frame = 0; frame < 60; frame = frame + 1) begin
      settings = frame[4] ? 55'd7 : 55'd2;
      words = 1 + frame % 7;
      for (word = 0; word < words; word = word + 1) begin
        beat({frame[31:0], word[31:0]} * 64'h9e3779b97f4a7c15, word == words - 1, 8'hff >> (frame % 8));
        if (frame % 3 == 1) repeat (frame % 5) @(posedge clock);
        #0.1;
      end
      if (frame == 40) begin
        reset = 1; @(posedge clock); #0.1; reset = 0; hold = 1;
        repeat (120) @(posedge clock);
        #0.1; hold = 0;
      end
    end
    repeat (20) @(posedge clock);
    $display("%0d unknown, %0d beats, %0d good frames, lock %b", unknowns, beats, verdicts, status[0]);
    $finish;
  end
endmodule
