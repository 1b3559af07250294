//! The Internet checksum: the 16-bit one's complement of the one's complement sum (RFC 1071).

#![forbid(unsafe_code)]

/// The checksum of `data`, continued from the partial sum `initial` (a pseudo header's, for example).
///
/// "Adjacent octets to be checksummed are paired to form 16-bit integers" (RFC 1071 section 1); an odd
/// last octet is paired with a zero. Over data that includes a correct checksum field the result is 0.
pub fn internet_checksum(data: &[u8], initial: u32) -> u16 {
    let mut words = data.chunks_exact(2);
    // u64 holds the sum of 2^47 words, more than any address space has, so nothing can overflow.
    let mut sum = u64::from(initial);
    for pair in &mut words {
        sum += u64::from(u16::from_be_bytes([pair[0], pair[1]]));
    }
    if let [last] = words.remainder() {
        sum += u64::from(u16::from_be_bytes([*last, 0]));
    }
    !folded(sum)
}

/// The one's complement sum in 16 bits: carries out of the top are added back in at the bottom.
fn folded(mut sum: u64) -> u16 {
    loop {
        match u16::try_from(sum) {
            Ok(folded) => return folded,
            Err(_) => sum = (sum & 0xffff) + (sum >> 16),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::internet_checksum;

    /// The numerical example of RFC 1071 section 3, whose sum is 0xddf2.
    const EXAMPLE: [u8; 8] = [0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7];

    #[test]
    fn the_example_of_rfc_1071() {
        assert_eq!(internet_checksum(&EXAMPLE, 0), !0xddf2);
    }

    #[test]
    fn nothing_sums_to_nought() {
        assert_eq!(internet_checksum(&[], 0), 0xffff);
    }

    #[test]
    fn an_odd_last_octet_is_paired_with_a_zero() {
        assert_eq!(
            internet_checksum(&[0x12, 0x34, 0x56], 0),
            internet_checksum(&[0x12, 0x34, 0x56, 0x00], 0)
        );
    }

    #[test]
    fn a_sum_may_be_continued() {
        assert_eq!(
            internet_checksum(&EXAMPLE[4..], 0x0001 + 0xf203),
            internet_checksum(&EXAMPLE, 0)
        );
    }

    #[test]
    fn the_largest_initial_sum_does_not_overflow() {
        assert_eq!(internet_checksum(&[0xff; 64], u32::MAX), 0);
    }

    #[test]
    fn data_with_its_own_checksum_gives_nought() {
        let mut data = EXAMPLE.to_vec();
        data.extend(internet_checksum(&EXAMPLE, 0).to_be_bytes());
        assert_eq!(internet_checksum(&data, 0), 0);
    }
}
