//! The two ends of a connection as a row holds them: half a cache line and a little.

use crate::wire::address::{Address, Endpoint, Family};

/// Who opened a connection, and the other end; both have addresses of one kind, as every packet has.
#[derive(Clone, Copy, Debug)]
pub struct Ends {
    opener: [u32; 4],
    other: [u32; 4],
    ports: [u16; 2],
    family: Family,
}

impl Ends {
    /// Those of a packet that its sender opens a connection with.
    #[must_use]
    pub fn of(opener: &Endpoint, other: &Endpoint) -> Self {
        Self {
            opener: halves(&opener.address),
            other: halves(&other.address),
            ports: [opener.port, other.port],
            family: opener.address.family(),
        }
    }

    #[must_use]
    pub fn opener(&self) -> Endpoint {
        endpoint(self.opener, self.ports[0], self.family)
    }

    #[must_use]
    pub fn other(&self) -> Endpoint {
        endpoint(self.other, self.ports[1], self.family)
    }

    /// Whether `end` is the opener.
    #[inline]
    #[must_use]
    pub fn is_opener(&self, end: &Endpoint) -> bool {
        self.ports[0] == end.port && self.family == end.address.family() && self.opener == halves(&end.address)
    }

    #[inline]
    fn is_other(&self, end: &Endpoint) -> bool {
        self.ports[1] == end.port && self.family == end.address.family() && self.other == halves(&end.address)
    }

    /// Whether these are the two ends, whichever of them sends.
    #[inline]
    #[must_use]
    pub fn are(&self, source: &Endpoint, destination: &Endpoint) -> bool {
        (self.is_opener(source) && self.is_other(destination)) || (self.is_other(source) && self.is_opener(destination))
    }
}

/// An address in words of 32 bits: so that a row is aligned to its ports.
#[inline]
fn halves(address: &Address) -> [u32; 4] {
    let [high, low] = address.words();
    [(high >> 32) as u32, high as u32, (low >> 32) as u32, low as u32]
}

fn endpoint([a, b, c, d]: [u32; 4], port: u16, family: Family) -> Endpoint {
    let high = u64::from(a) << 32 | u64::from(b);
    let low = u64::from(c) << 32 | u64::from(d);
    Endpoint {
        address: Address::of_words([high, low], family),
        port,
    }
}

#[cfg(test)]
mod tests {
    use super::Ends;
    use crate::wire::address::{Address, Endpoint};

    #[test]
    fn ends_come_out_as_they_went_in() {
        let six = |last| Address::v6([0xff, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, last]);
        for (one, other) in [
            (Address::v4([192, 0, 2, 1]), Address::v4([255, 0, 2, 255])),
            (six(1), six(2)),
        ] {
            let (one, other) = (
                Endpoint { address: one, port: 1 },
                Endpoint {
                    address: other,
                    port: 65_535,
                },
            );
            let ends = Ends::of(&one, &other);
            assert_eq!((ends.opener(), ends.other()), (one, other));
            assert!(ends.are(&one, &other) && ends.are(&other, &one));
            assert!(ends.is_opener(&one) && !ends.is_opener(&other));
            assert!(!ends.are(&one, &one));
        }
    }

    #[test]
    fn the_same_bits_of_another_kind_are_another_end() {
        let four = Endpoint {
            address: Address::v4([1, 2, 3, 4]),
            port: 1,
        };
        let six = Endpoint {
            address: Address::v6([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4]),
            port: 1,
        };
        assert!(!Ends::of(&four, &four).are(&six, &six));
    }
}
