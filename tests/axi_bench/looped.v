// The exported link, its line led back through a mask of wrong bits; AXI4-Stream ports under their usual names.
`timescale 1ns / 1ps
module looped (
    input wire clock,
    input wire reset,
    input wire [63:0] s_axis_tdata,
    input wire [7:0] s_axis_tkeep,
    input wire s_axis_tvalid,
    output wire s_axis_tready,
    input wire s_axis_tlast,
    input wire s_axis_tuser,
    output wire [63:0] m_axis_tdata,
    output wire [7:0] m_axis_tkeep,
    output wire m_axis_tvalid,
    output wire m_axis_tlast,
    output wire [1:0] m_axis_tuser,
    output wire frame_done,
    output wire frame_good,
    output wire locked,
    input wire hold,
    input wire [1:0] rung,
    input wire [63:0] mask
);
  wire [63:0] line_data;
  wire [11:0] line_tc;
  wire [24:0] status;
  assign locked = status[0];
  firstlight_link link (
      .clock(clock),
      .reset(reset),
      .s_axis_tdata(s_axis_tdata),
      .s_axis_tkeep(s_axis_tkeep),
      .s_axis_tvalid(s_axis_tvalid),
      .s_axis_tready(s_axis_tready),
      .s_axis_tlast(s_axis_tlast),
      .s_axis_tuser(s_axis_tuser),
      .line_out_data(line_data),
      .line_out_tc(line_tc),
      .line_in_data(line_data ^ mask),
      .line_in_tc(line_tc),
      .line_in_light(1'b1),
      .m_axis_tdata(m_axis_tdata),
      .m_axis_tkeep(m_axis_tkeep),
      .m_axis_tvalid(m_axis_tvalid),
      .m_axis_tlast(m_axis_tlast),
      .m_axis_tuser(m_axis_tuser),
      .frame_done(frame_done),
      .frame_good(frame_good),
      .tx_hold(hold),
      .settings({52'd0, rung}),
      .status(status)
  );
endmodule
