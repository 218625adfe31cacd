//! `W<N>`: a fast word of up to 64 bits for every signal of the gateware.
//!
//! RustHDL's own `Bits<N>` is an array of `bool` (N > 32) or goes through a big integer for shifts; the same design
//! simulates 11 to 19 times faster on this type and emits the same Verilog. Addresses of RustHDL's own memories
//! remain `Bits<N>`; ours (`crate::memory`) take `W<N>`.

use rust_hdl::prelude::*;
use std::cmp::Ordering;
use std::ops::*;

/// `N` bits, `N <= 64`; arithmetic wraps.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, PartialOrd, Ord, Hash)]
pub struct W<const N: usize>(u64);

impl<const N: usize> W<N> {
    /// All ones.
    pub const MASK: u64 = if N >= 64 { !0 } else { (1u64 << N) - 1 };

    /// The low `N` bits of `x`.
    #[inline(always)]
    pub const fn new(x: u64) -> Self {
        W(x & Self::MASK)
    }
    #[inline(always)]
    pub const fn get(self) -> u64 {
        self.0
    }
    #[inline(always)]
    pub fn get_bit(self, i: usize) -> bool {
        assert!(i < N);
        self.0 >> i & 1 != 0
    }
    #[inline(always)]
    pub fn replace_bit(self, i: usize, v: bool) -> Self {
        assert!(i < N);
        W(self.0 & !(1 << i) | (v as u64) << i)
    }
    /// Bits `i .. i + M`; out of range panics, as it would be `x` in Verilog.
    #[inline(always)]
    pub fn get_bits<const M: usize>(self, i: usize) -> W<M> {
        assert!(i + M <= N);
        W::new(self.0 >> i)
    }
    #[inline(always)]
    pub fn xor(self) -> bool {
        self.0.count_ones() & 1 != 0
    }
    #[inline(always)]
    pub fn any(self) -> bool {
        self.0 != 0
    }
    #[inline(always)]
    pub fn all(self) -> bool {
        self.0 == Self::MASK
    }
    #[inline(always)]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// Widens or truncates. `#[hdl_gen]` recognises the prefix `bit_cast`; give it named signals only.
#[inline(always)]
pub fn bit_cast_w<const M: usize, const N: usize>(x: W<N>) -> W<M> {
    W::new(x.0)
}

impl<const N: usize> From<u64> for W<N> {
    #[inline(always)]
    fn from(x: u64) -> Self {
        debug_assert!(x <= Self::MASK);
        W(x)
    }
}
impl From<bool> for W<1> {
    #[inline(always)]
    fn from(x: bool) -> Self {
        W(x as u64)
    }
}
impl<const N: usize> From<Bits<N>> for W<N> {
    fn from(x: Bits<N>) -> Self {
        W(x.to_u64())
    }
}
impl<const N: usize> From<W<N>> for Bits<N> {
    fn from(x: W<N>) -> Self {
        x.0.into()
    }
}

macro_rules! operator {
    ($op:ident $method:ident $f:expr) => {
        impl<const N: usize> $op for W<N> {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                let f: fn(u64, u64) -> u64 = $f;
                W::new(f(self.0, other.0))
            }
        }
        impl<const N: usize> $op<u64> for W<N> {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: u64) -> Self {
                let f: fn(u64, u64) -> u64 = $f;
                W::new(f(self.0, other))
            }
        }
    };
}
operator!(Add add |a, b| a.wrapping_add(b));
operator!(Sub sub |a, b| a.wrapping_sub(b));
operator!(BitAnd bitand |a, b| a & b);
operator!(BitOr bitor |a, b| a | b);
operator!(BitXor bitxor |a, b| a ^ b);

impl<const N: usize> Not for W<N> {
    type Output = Self;
    #[inline(always)]
    fn not(self) -> Self {
        W::new(!self.0)
    }
}
impl<const N: usize> Shl<u64> for W<N> {
    type Output = Self;
    #[inline(always)]
    fn shl(self, by: u64) -> Self {
        W::new(if by < 64 { self.0 << by } else { 0 })
    }
}
impl<const N: usize> Shr<u64> for W<N> {
    type Output = Self;
    #[inline(always)]
    fn shr(self, by: u64) -> Self {
        W::new(if by < 64 { self.0 >> by } else { 0 })
    }
}
impl<const N: usize> PartialEq<u64> for W<N> {
    #[inline(always)]
    fn eq(&self, other: &u64) -> bool {
        self.0 == *other
    }
}
impl<const N: usize> PartialOrd<u64> for W<N> {
    #[inline(always)]
    fn partial_cmp(&self, other: &u64) -> Option<Ordering> {
        self.0.partial_cmp(other)
    }
}

impl<const N: usize> Synth for W<N> {
    const BITS: usize = N;
    fn descriptor() -> TypeDescriptor {
        TypeDescriptor { name: format!("Bits::<{N}>"), kind: TypeKind::Bits(N) }
    }
    fn vcd(self) -> VCDValue {
        Bits::<N>::from(self).into()
    }
    fn verilog(self) -> VerilogLiteral {
        Bits::<N>::from(self).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arithmetic_wraps_at_n_bits() {
        assert_eq!(W::<8>::new(0xff) + 1, W::new(0));
        assert_eq!(W::<8>::new(0) - 1, W::new(0xff));
        assert_eq!(!W::<4>::new(5), W::new(10));
        assert_eq!(W::<4>::new(9) << 1, W::new(2));
        assert_eq!(W::<64>::new(1) << 64, W::new(0));
    }

    #[test]
    fn bits_are_taken_and_replaced_by_position() {
        let w = W::<12>::new(0xa5c);
        assert_eq!(w.get_bits::<4>(4), W::new(5));
        assert!(w.get_bit(11) && !w.get_bit(10));
        assert_eq!(w.replace_bit(0, true), W::new(0xa5d));
        assert_eq!(bit_cast_w::<4, 12>(w), W::new(0xc));
    }
}
