//! Arithmetic on TCP sequence numbers, modulo 2^32 (RFC 9293 section 3.4).

/// No window reaches further: 65,535 shifted by at most 14 (RFC 7323 section 2.3).
pub const LARGEST_WINDOW: i64 = 1 << 30;

/// How far `end` lies after `start`: from -2^31 to 2^31-1, negative where it lies before.
#[must_use]
pub fn distance(start: u32, end: u32) -> i64 {
    i64::from(end.wrapping_sub(start) as i32)
}

/// The sequence number `count` octets after `seq`.
#[must_use]
pub fn advance(seq: u32, count: u32) -> u32 {
    seq.wrapping_add(count)
}

/// Whether `first` lies before `second`; equal numbers do not, nor does one exactly 2^31 away.
#[must_use]
pub fn before(first: u32, second: u32) -> bool {
    distance(first, second) > 0
}

/// The one of two sequence numbers that lies after the other; the first of two that are 2^31 apart.
#[must_use]
pub fn later(first: u32, second: u32) -> u32 {
    if before(first, second) { second } else { first }
}

#[cfg(test)]
mod tests {
    use super::{advance, before, distance, later};

    #[test]
    fn numbers_go_on_behind_the_largest() {
        assert_eq!(advance(u32::MAX, 2), 1);
        assert_eq!(distance(u32::MAX, 1), 2);
        assert_eq!(distance(1, u32::MAX), -2);
        assert_eq!(later(u32::MAX, 1), 1);
    }

    #[test]
    fn half_the_space_away_is_neither_before_nor_behind() {
        assert_eq!(distance(0, 1 << 31), -(1 << 31));
        assert!(!before(0, 1 << 31) && !before(1 << 31, 0));
    }
}
