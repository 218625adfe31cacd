// The core in four states, its line looped: bus inputs are unknown while nobody asks, there is no reset. Nothing unknown
// may stand on an output, nor on the read data of an answer. `operations.vh` says what the bus does.
`timescale 1ns / 1ps
module bench;
  reg clock = 0, cyc = 0, we = 1'bx;
  reg [12:0] address = 13'bx;
  reg [31:0] data = 32'bx;
  wire [31:0] answer;
  wire [63:0] line_data;
  wire [11:0] line_tc;
  wire ack, laser, locked, light, good, error;
  integer cycles, unknowns, answers, frames;
  core dut(.clock(clock), .reset(1'b0), .wb_cyc(cyc), .wb_stb(cyc), .wb_we(we), .wb_adr(address), .wb_dat_w(data),
    .wb_dat_r(answer), .wb_ack(ack), .line_out_data(line_data), .line_out_tc(line_tc), .line_in_data(64'bx),
    .line_in_tc(12'bx), .line_in_light(1'bx), .laser_en(laser), .status_locked(locked), .status_light(light),
    .frame_good_now(good), .error_now(error), .bone_error(1'b0));
  wire [81:0] outputs = {ack, laser, locked, light, good, error, line_data, line_tc};

  always #1 clock = ~clock;
  always @(negedge clock) begin
    if (^outputs === 1'bx) begin
      if (unknowns < 3) $display("cycle %0d: unknown outputs %b", cycles, outputs);
      unknowns = unknowns + 1;
    end
    if (ack === 1'b1 && we === 1'b0) begin
      if (^answer === 1'bx && unknowns < 20) $display("cycle %0d: word %0d reads %b", cycles, address, answer);
      if (^answer === 1'bx) unknowns = unknowns + 1;
      answers = answers + 1;
    end
    frames = frames + (good === 1'b1);
  end
  always @(posedge clock) cycles <= cycles + 1;

  task transfer(input [12:0] word, input is_write, input [31:0] value);
    begin
      cyc = 1; we = is_write; address = word; data = is_write ? value : 32'bx;
      @(negedge clock);
      while (ack !== 1'b1) @(negedge clock);
      @(posedge clock); #0.1;
      cyc = 0; we = 1'bx; address = 13'bx; data = 32'bx;
      @(posedge clock); #0.1;
    end
  endtask

  initial begin
    cycles = 0; unknowns = 0; answers = 0; frames = 0;
    repeat (120) @(posedge clock);
    #0.1;
`include "operations.vh"
    $display("%0d unknown, %0d answers, %0d good frames, lock %b", unknowns, answers, frames, locked);
    $finish;
  end
endmodule
