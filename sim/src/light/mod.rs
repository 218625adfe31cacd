//! Light in the link's channel: what is sent while laser or receiver are not ready is lost.
//!
//! ```text
//!  client --> LaserEnable --> enable --> driver --> laser --> light --> burst receiver
//!         \-> Link tx --> slots -----------------------------> | ------> Link rx --> client
//! ```
//!
//! | file | what |
//! |------|------|
//! | [`parts`] | lasers, drivers and receivers: presets with their sources |
//! | [`fibre`] | the light of a slot, what the receiver makes of it |
//! | [`link`] | the gateware of link and laser with that between them |
//! | [`boards`] | two boards, each with its own laser, on a pair of fibres |

pub mod boards;
pub mod fibre;
pub mod link;
pub mod parts;
