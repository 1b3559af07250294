//! Addresses, ports and the ends of connections.

use std::ops::Deref;

/// An IP address, in words that a processor moves at once: a packet's addresses are copied several times.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address {
    high: u64,
    low: u64,
    family: Family,
}

/// Which of the two kinds of addresses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    #[default]
    V4,
    V6,
}

impl Address {
    #[inline]
    #[must_use]
    pub const fn v4(bytes: [u8; 4]) -> Self {
        Self {
            high: 0,
            low: u32::from_be_bytes(bytes) as u64,
            family: Family::V4,
        }
    }

    #[inline]
    #[must_use]
    pub const fn v6(bytes: [u8; 16]) -> Self {
        let both = u128::from_be_bytes(bytes);
        Self {
            high: (both >> 64) as u64,
            low: both as u64,
            family: Family::V6,
        }
    }

    /// What `words` and `family` told.
    #[inline]
    #[must_use]
    pub const fn of_words([high, low]: [u64; 2], family: Family) -> Self {
        Self { high, low, family }
    }

    #[inline]
    #[must_use]
    pub const fn family(&self) -> Family {
        self.family
    }

    /// Its bits in two words; of IPv4 only the lower half of the second one is used.
    #[inline]
    #[must_use]
    pub const fn words(&self) -> [u64; 2] {
        [self.high, self.low]
    }

    /// Its 4 or 16 bytes.
    #[must_use]
    pub fn bytes(&self) -> Packed {
        let both = u128::from(self.high) << 64 | u128::from(self.low);
        Packed {
            held: both.to_be_bytes(),
            family: self.family,
        }
    }
}

/// The bytes of an address.
#[derive(Clone, Copy, Debug)]
pub struct Packed {
    held: [u8; 16],
    family: Family,
}

impl Deref for Packed {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self.family {
            Family::V4 => self.held.last_chunk::<4>().map_or(&[], |last| last),
            Family::V6 => &self.held,
        }
    }
}

/// One end of a connection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Endpoint {
    pub address: Address,
    pub port: u16,
}

/// A link-layer address as far as it was kept: up to six bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mac {
    kept: [u8; 6],
    length: u8,
}

impl Mac {
    /// The first six of `bytes`, or as many as there are.
    #[inline]
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        if let Some(kept) = bytes.first_chunk() {
            return Self { kept: *kept, length: 6 };
        }
        let mut mac = Self::default();
        for (place, byte) in mac.kept.iter_mut().zip(bytes) {
            *place = *byte;
            mac.length += 1;
        }
        mac
    }

    /// A whole one.
    #[inline]
    #[must_use]
    pub const fn six(kept: [u8; 6]) -> Self {
        Self { kept, length: 6 }
    }

    /// The bytes that there are.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        self.kept.get(..usize::from(self.length)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::Mac;

    #[test]
    fn an_address_that_was_cut_is_as_long_as_what_was_kept() {
        for length in 0..9_u8 {
            let bytes: Vec<u8> = (1..=length).collect();
            assert_eq!(Mac::of(&bytes).bytes(), &bytes[..bytes.len().min(6)]);
        }
        assert_ne!(Mac::of(&[0]), Mac::of(&[0, 0]));
    }
}
