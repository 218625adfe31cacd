//! What stands between the slots of the link and the pins of a board.
//!
//! | PHY           | rate of 64-bit data at a 156.25 MHz clock | adds |
//! |---------------|-------------------------------------------|------|
//! | loopback      | 10 Gb/s, a slot each cycle                | 0 cycles: wires |
//! | [`lane_phy`]  | 2 Gb/s over eight DDR lanes of 312.5 Mb/s | 25 lane cycles (5 slots, 160 ns) through jumpers; 16 to 28 (3.2 to 5.6 slots) between two boards 400 ppm apart, ± one, cable excluded |
//!
//! ```text
//! slot -> lane_tx -> ddr -> 8 lanes + clock ==> ddr -> lane_rx -> elastic -> slot
//!         (cell of 5 words)                            (aligner)  (two clocks)
//! ```

pub mod cell;
pub mod ddr;
pub mod elastic;
pub mod lane_phy;
pub mod lane_rx;
pub mod lane_tx;
pub mod lanes;
pub mod pll;
pub mod two_clock_memory;
