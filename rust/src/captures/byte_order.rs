//! Numbers as the writer of a capture file stored them.

/// Which byte of a number comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ByteOrder {
    Little,
    Big,
}

impl ByteOrder {
    #[inline]
    #[must_use]
    pub fn u16(self, bytes: [u8; 2]) -> u16 {
        if self == ByteOrder::Big {
            u16::from_be_bytes(bytes)
        } else {
            u16::from_le_bytes(bytes)
        }
    }

    #[inline]
    #[must_use]
    pub fn u32(self, bytes: [u8; 4]) -> u32 {
        if self == ByteOrder::Big {
            u32::from_be_bytes(bytes)
        } else {
            u32::from_le_bytes(bytes)
        }
    }

    #[inline]
    #[must_use]
    pub fn u64(self, bytes: [u8; 8]) -> u64 {
        if self == ByteOrder::Big {
            u64::from_be_bytes(bytes)
        } else {
            u64::from_le_bytes(bytes)
        }
    }

    /// The first numbers of 32 bits, as many as are asked for; None where `bytes` end before.
    #[inline]
    #[must_use]
    pub fn u32s<const COUNT: usize>(self, bytes: &[u8]) -> Option<[u32; COUNT]> {
        let mut numbers = [0; COUNT];
        let kept = bytes.get(..4 * COUNT)?;
        for (number, bytes) in numbers.iter_mut().zip(kept.chunks_exact(4)) {
            *number = self.u32(*bytes.first_chunk()?);
        }
        Some(numbers)
    }

    /// The number of 32 bits at `at`; None where `bytes` end before.
    #[inline]
    #[must_use]
    pub fn u32_at(self, bytes: &[u8], at: usize) -> Option<u32> {
        Some(self.u32(*bytes.get(at..)?.first_chunk()?))
    }

    /// The number of 16 bits at `at`; None where `bytes` end before.
    #[inline]
    #[must_use]
    pub fn u16_at(self, bytes: &[u8], at: usize) -> Option<u16> {
        Some(self.u16(*bytes.get(at..)?.first_chunk()?))
    }
}
