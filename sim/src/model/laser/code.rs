//! The logarithmic code in which PairGap keeps times: 9 bits, monotone, steps of 3 %.

/// Longest time that is told apart; longer ones have its code.
pub const LONGEST: u64 = (1 << 20) - 1;

/// Below 32 the time itself, above it 32 steps an octave.
pub const fn code(t: u64) -> u32 {
    let t = if t > LONGEST { LONGEST } else { t };
    if t < 32 {
        return t as u32;
    }
    let e = 58 - t.leading_zeros();
    ((e + 1) << 5) + (t >> e) as u32 - 32
}

/// The shortest time of that code.
pub const fn decode(code: u32) -> u64 {
    if code < 32 {
        return code as u64;
    }
    let e = (code >> 5) - 1;
    (32 + (code as u64 & 31)) << e
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_rise_with_time_and_give_back_at_most_the_time() {
        let mut before = 0;
        for t in (0..70_000).chain((0..20).map(|b| (1u64 << b) - 1)).chain([LONGEST, LONGEST + 1, u64::MAX]) {
            let c = code(t);
            assert!(c >= before || t < 70_000, "{t}");
            before = c;
            let t = t.min(LONGEST);
            assert!(decode(c) <= t && t < decode(c + 1), "{t} has code {c}: {}..{}", decode(c), decode(c + 1));
            assert!(decode(c + 1) - decode(c) <= 1 + t / 32);
        }
        assert_eq!(code(LONGEST), 511);
    }
}
