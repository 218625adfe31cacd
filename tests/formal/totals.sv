// Number and sum of the latencies since the last clear, whole, while their slices and carries lag; and a snapshot, slice
// by slice, is of one cycle.
//: module totals
`ifdef FORMAL
  wire [47:0] count_now = {r$q[47:32], r$q[31:16], r$q[15:0]} + {31'd0, r$q[96], 16'd0} + {15'd0, r$q[97], 32'd0};
  wire [47:0] sum_now = {r$q[95:80], r$q[79:64], r$q[63:48]} + {31'd0, r$q[98], 16'd0} + {15'd0, r$q[99], 32'd0};
  wire clear = r$q[105], clears = r$q[106], copy_0 = r$q[108], copy_1 = r$q[109], copy_2 = r$q[110];
  reg [47:0] count_true, sum_true, count_kept, sum_kept;
  // which slices of the snapshot are still to come
  reg [1:0] left;
  always @(posedge clock) begin
    count_true <= clear ? 0 : count_true + now;
    sum_true <= clear ? 0 : sum_true + (now ? latency : 0);
    if (copy_0) begin
      count_kept <= count_true;
      sum_kept <= sum_true;
    end
    left <= copy_0 ? 2 : left == 0 ? 0 : left - 1;
  end
  always @* begin
    if ($initstate) assume (count_true == 0 && sum_true == 0 && left == 0);
    // one command in twelve cycles
    if (copy_0 || copy_1) assume (!clear && !r$q[107]);
    if (copy_0) snapshot_low: assert (kept$write_enable && kept$write_address == 0 && kept$write_data == {sum_true[15:0], count_true[15:0]});
    if (left == 2) snapshot_middle: assert (kept$write_enable && kept$write_address == 1 && kept$write_data == {sum_kept[31:16], count_kept[31:16]});
    if (left == 1) snapshot_high: assert (kept$write_enable && kept$write_address == 2 && kept$write_data == {sum_kept[47:32], count_kept[47:32]});

`ifndef MUTANT
    // the slices with the carries under way are the number
    slices_of_count: assert (count_now == count_true);
    slices_of_sum: assert (sum_now == sum_true);
    // both forms of the clear are one
    clears_is_clear: assert (clears == clear);
    decode: assert ((r$q[102] && r$q[103]) == (r$q[101] && r$q[104]));
    // where the snapshot is
    left_of_copy: assert (copy_1 == (left == 2) && copy_2 == (left == 1) && left != 3);
    copies_apart: assert (!(copy_0 && copy_1));
    // of the cycle of copy_0: its upper slices follow
    if (left == 2) begin
      middle_of_count: assert (count_kept[31:16] == r$q[31:16] && count_kept[47:32] == r$q[47:32] + r$q[97]);
      middle_of_sum: assert (sum_kept[31:16] == r$q[79:64] && sum_kept[47:32] == r$q[95:80] + r$q[99]);
    end
    if (left == 1) begin
      high_of_count: assert (count_kept[47:32] == r$q[47:32]);
      high_of_sum: assert (sum_kept[47:32] == r$q[95:80]);
    end
`endif
  end
`endif
