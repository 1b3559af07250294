//! Fields of a stranger's bytes: at any offset, `None` where they were not kept.

/// The byte at an offset.
#[inline]
#[must_use]
pub fn byte_at(data: &[u8], offset: usize) -> Option<u8> {
    data.get(offset).copied()
}

/// The `N` bytes at an offset.
#[inline]
#[must_use]
pub fn array_at<const N: usize>(data: &[u8], offset: usize) -> Option<[u8; N]> {
    data.get(offset..)?.first_chunk().copied()
}

/// The number that two bytes at an offset are, the higher one first.
#[inline]
#[must_use]
pub fn u16_at(data: &[u8], offset: usize) -> Option<u16> {
    array_at(data, offset).map(u16::from_be_bytes)
}

/// The same of four bytes.
#[inline]
#[must_use]
pub fn u32_at(data: &[u8], offset: usize) -> Option<u32> {
    array_at(data, offset).map(u32::from_be_bytes)
}

/// Whether the data goes on with these bytes at an offset.
#[inline]
#[must_use]
pub fn starts_with_at(data: &[u8], offset: usize, bytes: &[u8]) -> bool {
    data.get(offset..).is_some_and(|rest| rest.starts_with(bytes))
}

/// As many of the `N` bytes at an offset as were kept, with zeros for the others.
#[must_use]
pub fn padded_at<const N: usize>(data: &[u8], offset: usize) -> [u8; N] {
    let mut padded = [0; N];
    for (place, byte) in padded.iter_mut().zip(data.get(offset..).unwrap_or_default()) {
        *place = *byte;
    }
    padded
}

/// Bytes from an offset on, at most `most`; fewer, or none, where they were not kept.
#[must_use]
pub fn kept_at(data: &[u8], offset: usize, most: usize) -> &[u8] {
    let rest = data.get(offset..).unwrap_or_default();
    rest.get(..most).unwrap_or(rest)
}

#[cfg(test)]
mod tests {
    use super::{array_at, kept_at, padded_at, starts_with_at, u16_at};

    const DATA: [u8; 4] = [1, 2, 3, 4];

    #[test]
    fn nothing_lies_behind_the_end() {
        for offset in [3, 4, 5, usize::MAX] {
            assert_eq!(u16_at(&DATA, offset), None);
            assert_eq!(array_at::<2>(&DATA, offset), None);
        }
        assert!(!starts_with_at(&DATA, usize::MAX, &[]));
        assert!(starts_with_at(&DATA, 4, &[]));
    }

    #[test]
    fn what_is_cut_gives_what_is_there() {
        assert_eq!(padded_at::<4>(&DATA, 2), [3, 4, 0, 0]);
        assert_eq!(kept_at(&DATA, 2, 4), [3, 4]);
        assert!(kept_at(&DATA, 9, 4).is_empty());
        assert!(kept_at(&DATA, usize::MAX, usize::MAX).is_empty());
    }
}
