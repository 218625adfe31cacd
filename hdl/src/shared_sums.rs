//! Gates that the rows of a parity matrix share.
//!
//! Bits that enter the same rows of a small group of rows always enter together: each such set is summed once, four
//! bits to a gate, and the rows sum the sets. Against a tree for each row that halves the loads of every bit and takes
//! two thirds of the gates. Which rows form a group is found by swapping rows until no swap saves a gate.

use crate::target::Target;

/// Rows in a group, at most.
const GROUP_SIZES: std::ops::RangeInclusive<usize> = 1..=4;
/// Cost of a term beyond the limit: more than any number of gates.
const TOO_MANY: u32 = 1_000;

/// Sums of up to four bits, and the ones that make up each row.
#[derive(Clone, Debug, Default)]
pub struct SharedSums {
    /// The bits of each sum.
    pub sums: Vec<u128>,
    /// For each row, indices of its sums.
    pub rows: Vec<Vec<usize>>,
}

impl SharedSums {
    /// Splits `rows`, masks of bits; a row gets at most `limit` sums.
    pub fn new(rows: &[u128], limit: usize) -> Self {
        let (rowwise, columnwise) = (Self::of_groups(rows, limit), Self::of_columns(rows));
        let fits = |shared: &SharedSums| shared.rows.iter().all(|row| row.len() <= limit);
        let shared = if fits(&columnwise) && columnwise.gates() < rowwise.gates() { columnwise } else { rowwise };
        assert!(fits(&shared), "no grouping keeps every row within {limit} sums");
        shared
    }

    /// All gates: those of the sums and those of the rows.
    fn gates(&self) -> u32 {
        let sums = self.sums.iter().filter(|s| s.count_ones() > 1).count() as u32;
        sums + self.rows.iter().map(|row| gates(row.len() as u32)).sum::<u32>()
    }

    /// Every sum of four neighbouring bits that a row takes: for rows over few bits.
    fn of_columns(rows: &[u128]) -> Self {
        let mut shared = SharedSums { sums: vec![], rows: vec![vec![]; rows.len()] };
        for (n, row) in rows.iter().enumerate() {
            for quad in (0..u128::BITS).step_by(4).map(|lsb| row & 15 << lsb).filter(|quad| *quad != 0) {
                let known = shared.sums.iter().position(|s| *s == quad);
                shared.rows[n].push(known.unwrap_or(shared.sums.len()));
                if known.is_none() {
                    shared.sums.push(quad);
                }
            }
        }
        shared
    }

    fn of_groups(rows: &[u128], limit: usize) -> Self {
        let groups = GROUP_SIZES
            .map(|size| grouped(rows, size, limit))
            .min_by_key(|groups| groups.iter().map(|g| cost(rows, g, limit)).sum::<u32>())
            .expect("there are sizes to try");
        let mut shared = SharedSums { sums: vec![], rows: vec![vec![]; rows.len()] };
        for group in groups {
            for (members, mask) in sets(rows, &group) {
                for sum in quads(mask) {
                    group.iter().enumerate().filter(|(k, _)| members >> k & 1 != 0).for_each(|(_, row)| {
                        shared.rows[*row].push(shared.sums.len());
                    });
                    shared.sums.push(sum);
                }
            }
        }
        shared
    }

    /// Writes the gates; gives the wire of each sum.
    pub fn write(&self, bits: &[String], name: &str, target: Target, v: &mut String) -> Vec<String> {
        let wire = |(n, mask): (usize, &u128)| {
            let inputs: Vec<&str> = (0..bits.len()).filter(|i| mask >> i & 1 != 0).map(|i| bits[i].as_str()).collect();
            xor_gate(&format!("{name}_{n}"), &inputs, target, v)
        };
        self.sums.iter().enumerate().map(wire).collect()
    }
}

/// The sum of up to four wires: a gate, or the wire itself.
pub fn xor_gate(name: &str, inputs: &[&str], target: Target, v: &mut String) -> String {
    if let [one] = inputs {
        return one.to_string();
    }
    target.lut(name, inputs, |bits| bits.iter().filter(|b| **b).count() % 2 == 1, v);
    name.into()
}

/// Gates that sum so many terms.
fn gates(terms: u32) -> u32 {
    terms.saturating_sub(1).div_ceil(3).max(1)
}

/// For each set of members of a group, the bits that enter exactly those.
fn sets<'a>(rows: &'a [u128], group: &'a [usize]) -> impl Iterator<Item = (usize, u128)> + 'a {
    let of = move |members: usize| {
        let bits =
            |mask: u128, (k, row): (usize, &usize)| mask & if members >> k & 1 != 0 { rows[*row] } else { !rows[*row] };
        (members, group.iter().enumerate().fold(!0, bits))
    };
    (1..1 << group.len()).map(of).filter(|(_, mask)| *mask != 0)
}

/// `mask` in pieces of four bits.
fn quads(mut mask: u128) -> Vec<u128> {
    let mut pieces = vec![];
    while mask != 0 {
        let rest = (0..4).fold(mask, |m, _| m & m.wrapping_sub(1));
        pieces.push(mask ^ rest);
        mask = rest;
    }
    pieces
}

/// Gates of a group of rows, about.
fn cost(rows: &[u128], group: &[usize], limit: usize) -> u32 {
    let (mut terms, mut total) = ([0; *GROUP_SIZES.end()], 0);
    for (members, mask) in sets(rows, group) {
        let bits = mask.count_ones();
        total += bits / 4 + u32::from(bits % 4 > 1);
        (0..group.len()).filter(|k| members >> k & 1 != 0).for_each(|k| terms[k] += bits.div_ceil(4));
    }
    let row = |terms: &u32| gates(*terms) + terms.saturating_sub(limit as u32) * TOO_MANY;
    total + terms.iter().take(group.len()).map(row).sum::<u32>()
}

/// Rows in groups of `size`, none of whose swaps saves a gate.
fn grouped(rows: &[u128], size: usize, limit: usize) -> Vec<Vec<usize>> {
    let all: Vec<usize> = (0..rows.len()).collect();
    let mut groups: Vec<Vec<usize>> = all.chunks(size).map(<[usize]>::to_vec).collect();
    let mut costs: Vec<u32> = groups.iter().map(|g| cost(rows, g, limit)).collect();
    let mut improves = true;
    while improves {
        improves = false;
        for i in 0..rows.len() {
            for j in 0..i {
                let place = |groups: &[Vec<usize>], row| {
                    let at = |(g, group): (usize, &Vec<usize>)| Some((g, group.iter().position(|r| *r == row)?));
                    groups.iter().enumerate().find_map(at).expect("every row is in a group")
                };
                let ((g, m), (h, n)) = (place(&groups, i), place(&groups, j));
                if g == h {
                    continue;
                }
                (groups[g][m], groups[h][n]) = (j, i);
                let now = (cost(rows, &groups[g], limit), cost(rows, &groups[h], limit));
                if now.0 + now.1 < costs[g] + costs[h] {
                    (costs[g], costs[h], improves) = (now.0, now.1, true);
                } else {
                    (groups[g][m], groups[h][n]) = (i, j);
                }
            }
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;
    use firstlight_spec::crc::step;

    #[test]
    fn the_sums_of_a_row_are_its_bits_and_take_fewer_gates_than_a_tree_for_each_row() {
        let rows = crate::xor::rows_of(64, 32, |data| step(0, data, 64) as u64);
        let rows: Vec<u128> = rows.into_iter().map(u128::from).collect();
        let shared = SharedSums::new(&rows, 16);
        for (row, sums) in rows.iter().zip(&shared.rows) {
            assert_eq!(sums.iter().fold(0, |m, s| m ^ shared.sums[*s]), *row);
        }
        assert!(shared.sums.iter().all(|s| (1..=4).contains(&s.count_ones())));
        let total = shared.gates();
        let alone: u32 = rows.iter().map(|r| r.count_ones().div_ceil(4) + gates(r.count_ones().div_ceil(4))).sum();
        assert!(total * 10 < alone * 7, "{total} gates instead of {alone}");
    }

    #[test]
    fn gates_are_counted_as_four_inputs_need_them() {
        assert_eq!([1, 2, 4, 5, 7, 8, 10, 16].map(gates), [1, 1, 1, 2, 2, 3, 3, 5]);
    }
}
