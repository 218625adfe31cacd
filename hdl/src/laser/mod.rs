//! Laser: when the light goes on and off.
//!
//! | block | what it does |
//! |-------|--------------|
//! | [`enable`] | the whole laser block: modes, idle timer, events |
//! | [`registers`] | its registers on the register bus |
//! | [`pair_gap`] | the predictor of gaps: lookup and darkness |
//! | [`gap_tables`] | its two tables, their learner, the late credit |
//! | `learn_state` | the learner's registers |
//! | [`log_count`] | cycles in a logarithmic code |
//! | [`switch`] | the enable itself and the hold: the part that is proven |

pub mod enable;
pub mod gap_tables;
mod learn_state;
pub mod log_count;
pub mod pair_gap;
pub mod registers;
pub mod switch;
