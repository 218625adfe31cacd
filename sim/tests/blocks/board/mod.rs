//! What only a board needs.

mod leds;
mod reset;
mod tops;
