//! Control: how a host reaches the registers.
//!
//! ```text
//!  uart pin --> UartRx --+                        +--> request --> IdRegs, Settings, LinkRegs, ... every block
//!                        +-- Bone --Wishbone-- Fabric                 |
//!  uart pin <-- UartTx --+    |                   +<-- OR <-- bus_read+ bit by bit
//!                             +-- or any other Wishbone master of a SoC
//! ```
//!
//! | block | what it does | LUT4 | FF |
//! |-------|--------------|------|----|
//! | [`uart_rx`], [`uart_tx`] | bits and bytes, 8N1 | 59 | 44 |
//! | [`bone`] | LiteX UARTBone: bytes and Wishbone transfers | 164 | 113 |
//! | [`fabric`] | Wishbone and the register bus of ten blocks | 135 | 134 |
//! | [`id_regs`] | magic, map hash, clock, scratch, name | 101 | 100 |
//! | [`link_regs`] | settings and state of the link | 44 | 72 |
//! | [`settings`] | reads every setting back | 14 | 13 |
//! | [`picker`] | a word bit by bit | 27 | 12 |
//! | [`bus`] | the register bus itself | | |
//!
//! Counts of yosys 0.23 for the block alone; `constraints/budget.toml` has the ceilings.
//!
//! # The Wishbone port
//!
//! Without UART the registers are reached through a Wishbone B4 classic port of 32 bits, the one of [`fabric`]. A SoC
//! takes [`crate::link_soc`], which has it beside the client's streams; [`crate::core`] has it too.
//!
//! | signal | direction | meaning |
//! |--------|-----------|---------|
//! | `cyc`, `stb` | in | a transfer; both stay high until `ack` |
//! | `we` | in | high for a write |
//! | `adr[12:0]` | in | word address: byte address / 4 |
//! | `dat_w[31:0]` | in | the word to write; words are written whole, there is no `sel` |
//! | `dat_r[31:0]` | out | the word that was read, in the cycle of `ack` |
//! | `ack` | out | one cycle; 11 cycles after `stb` rose for a write, 48 for a read; there is no `err` and no `rty` |
//!
//! ```text
//!  cycle      |  0  |  1  |     | 48  | 49  |
//!  cyc, stb ___/-----------~~~-------\_____
//!  adr, we  ---< held      ~~~       >-----
//!  ack      _______________~~~_/-----\_____
//!  dat_r    xxxxxxxxxxxxxxx~~~x< word>xxxxx
//! ```
//!
//! * The port runs on the clock of the datapath. A SoC on another clock brings its own bridge, for instance a
//!   four-phase handshake around `stb` and `ack`.
//! * `stb` may stay high after `ack`: the next transfer begins in the following cycle.
//! * A master that drops `stb` before `ack` has given the transfer up. A read has no effect; a write may have happened.
//! * Addresses without a register read as zero and ignore writes. No read has a side effect, so a bus that reads ahead
//!   does no harm. Two-word registers hold the most significant word first and are consistent after a snapshot.
//! * Byte enables do not exist: a write of less than a word must be a read-modify-write in the master.
//! * A UARTBone may share the port through any arbiter that holds its grant until `ack`.

pub mod bit_time;
pub mod bone;
pub mod bus;
pub mod fabric;
pub mod id_regs;
pub mod ladder;
pub mod ladder_regs;
pub mod link_regs;
pub mod picker;
pub mod settings;
pub mod uart_rx;
pub mod uart_tx;
