//! Laser: when the light goes on and off.
//!
//! | block | what it does |
//! |-------|--------------|
//! | [`enable`] | the whole laser block: modes, idle timer, events |
//! | [`registers`] | its registers on the register bus |
//! | [`switch`] | the enable itself and the hold: the part that is proven |

pub mod enable;
pub mod registers;
pub mod switch;
