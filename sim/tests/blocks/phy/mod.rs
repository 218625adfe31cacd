//! The lane PHY.

mod lane_blocks;
mod lane_boards;
