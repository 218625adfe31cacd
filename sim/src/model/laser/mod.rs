//! When the light goes on and off: the gateware's rules as integers, and the policies that it is compared with.
//!
//! | file | what |
//! |------|------|
//! | [`code`] | the logarithmic code of times |
//! | [`switch`] | one gap under a plan: hints, `min_on`, `min_off`, `t_on`, the hold, to the cycle |
//! | [`policy`] | what a policy is |
//! | [`pair_gap`] | the predictor of the gateware, bit for bit |
//! | [`online`] | policies without foresight: timeouts, ski rental, last gap |
//! | [`clairvoyant`] | policies with foresight: oracle, quantile of the class |
//! | [`score`] | a policy over a traffic: lateness, light, savings |
//!
//! Time runs in cycles from the first idle cycle of a gap, 0; the next burst is offered in cycle `gap`.

#[cfg(test)]
mod bounds;
pub mod clairvoyant;
pub mod code;
#[cfg(test)]
mod guarantees;
pub mod online;
pub mod pair_gap;
pub mod policy;
pub mod score;
pub mod switch;
