//! Addresses, ports and the ends of connections.

/// An IP address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Address {
    V4([u8; 4]),
    V6([u8; 16]),
}

impl Address {
    /// Its 4 or 16 bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        match self {
            Address::V4(bytes) => bytes,
            Address::V6(bytes) => bytes,
        }
    }
}

/// One end of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
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
