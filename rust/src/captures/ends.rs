//! The two ends of a connection as rows and packets hold them: in an order that does not depend on who sends.

use crate::wire::address::{Address, Endpoint, Family};

/// Who opened a connection or sent a packet, and the other end; both have addresses of one kind, as every packet has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct Ends {
    /// The words of both addresses, of the lower end first.
    addresses: [[u64; 2]; 2],
    ports: [u16; 2],
    family: Family,
    /// The opener, or the sender, is the lower one.
    lower_opens: bool,
}

impl Ends {
    /// Those of a packet that its sender opens a connection with.
    #[inline]
    #[must_use]
    pub fn of(opener: &Endpoint, other: &Endpoint) -> Self {
        let family = opener.address.family();
        let (one, two) = (opener.address.words(), other.address.words());
        Self::sorted([one, two], [opener.port, other.port], family)
    }

    /// The same by the words of the addresses and by the ports, of the opener first.
    #[inline]
    #[must_use]
    pub fn sorted(addresses: [[u64; 2]; 2], ports: [u16; 2], family: Family) -> Self {
        let ([one, two], [first, second]) = (addresses, ports);
        let lower_opens = (one, first) <= (two, second);
        Self {
            addresses: if lower_opens { addresses } else { [two, one] },
            ports: if lower_opens { ports } else { [second, first] },
            family,
            lower_opens,
        }
    }

    #[must_use]
    pub fn opener(&self) -> Endpoint {
        self.end(self.lower_opens)
    }

    #[must_use]
    pub fn other(&self) -> Endpoint {
        self.end(!self.lower_opens)
    }

    fn end(&self, lower: bool) -> Endpoint {
        let ([one, two], [first, second]) = (self.addresses, self.ports);
        let (words, port) = if lower { (one, first) } else { (two, second) };
        Endpoint {
            address: Address::of_words(words, self.family),
            port,
        }
    }

    /// Whether these are the same two, whichever of them opens or sends.
    #[inline]
    #[must_use]
    pub fn are(&self, others: &Self) -> bool {
        self.ports == others.ports && self.addresses == others.addresses && self.family == others.family
    }

    /// Whether of the same two the same one opens or sends.
    #[inline]
    #[must_use]
    pub fn is_opened_by(&self, others: &Self) -> bool {
        self.lower_opens == others.lower_opens
    }

    /// Words that tell these two from others, by the order of the ends: two are enough for IPv4.
    #[inline]
    #[must_use]
    pub fn words(&self) -> ([u64; 2], Option<[u64; 3]>) {
        let ([[high, low], [other_high, other_low]], [first, second]) = (self.addresses, self.ports);
        match self.family {
            Family::V4 => (
                [low << 16 | u64::from(first), other_low << 16 | u64::from(second)],
                None,
            ),
            Family::V6 => {
                let ports = u64::from(first) << 16 | u64::from(second);
                ([low, other_low], Some([high, other_high, ports]))
            }
        }
    }

    /// One bit for the end that opens or sends.
    #[inline]
    #[must_use]
    pub fn way(&self) -> u64 {
        u64::from(self.lower_opens)
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
            let back = Ends::of(&other, &one);
            assert_eq!((back.opener(), back.other()), (other, one));
            assert!(ends.are(&back) && !ends.is_opened_by(&back) && ends.words() == back.words());
            assert!(!ends.are(&Ends::of(&one, &one)));
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
        assert!(!Ends::of(&four, &four).are(&Ends::of(&six, &six)));
    }
}
