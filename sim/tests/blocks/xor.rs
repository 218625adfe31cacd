//! The matrix of parities.

use crate::support::{numbers, replays_and_validates};
use firstlight_hdl::target::Target;
use firstlight_hdl::word::W;
use firstlight_hdl::xor::XorMatrix;
use firstlight_sim::bench::Bench;
use rust_hdl::prelude::*;

/// The matrix is combinational; a bench wants a clock.
#[derive(LogicBlock)]
struct Clocked {
    pub clock: Signal<In, Clock>,
    pub a: Signal<In, W<40>>,
    pub y: Signal<Out, W<9>>,
    matrix: XorMatrix<40, 9>,
}

impl Logic for Clocked {
    #[hdl_gen]
    fn update(&mut self) {
        self.matrix.a.next = self.a.val();
        self.y.next = self.matrix.y.val();
    }
}

#[test]
fn every_target_computes_the_parity_of_its_rows() {
    let rows: Vec<u64> = (0..9u64).map(|i| (0x93_1c5a_77e1u64 << i) & W::<40>::MASK & !(i << 3)).collect();
    for (target, name) in [(Target::Generic, "xor_generic"), (Target::Ice40, "xor_ice40")] {
        let uut = Clocked {
            clock: Default::default(),
            a: Default::default(),
            y: Default::default(),
            matrix: XorMatrix::new(&rows, target),
        };
        let mut b = Bench::new(uut, |u| &mut u.clock).recording();
        let mut random = numbers(3);
        for _ in 0..200 {
            let a = random() & W::<40>::MASK;
            let got = b.cycle(|u| u.a.next = W::new(a), |u| u.y.val().get());
            let want = rows.iter().enumerate().fold(0, |y, (i, r)| y | ((r & a).count_ones() as u64 & 1) << i);
            assert_eq!(got, want);
        }
        replays_and_validates(&b, name);
    }
}
