//! Constant words.

use crate::support::proves;
use firstlight_hdl::control::rom::Rom;
use firstlight_hdl::word::W;
use firstlight_sim::bench::Bench;

const WORDS: [u64; 11] = [0x12, 0x7f, 0, 1, 0x40, 0x55, 0x2a, 0x33, 0x4c, 9, 0x70];

#[test]
fn every_address_gives_its_word_or_zero_at_once_within_its_budget() {
    let mut bench = Bench::combinational(Rom::<7, 4>::new(&WORDS)).recording();
    for address in 0..16 {
        let word = bench.cycle(|u| u.address.next = W::new(address), |u| u.data.val().get());
        assert_eq!(word, WORDS.get(address as usize).copied().unwrap_or(0), "address {address}");
    }
    proves(&bench, "rom", &["address", "data"]);
}

#[test]
#[should_panic]
fn a_word_that_is_too_wide_is_a_fault_of_the_design() {
    Rom::<7, 4>::new(&[0x80]);
}
