//! What carried packets, in words: written down once for all the packets that went the same way.

use std::hash::BuildHasher;

use foldhash::fast::RandomState;

use crate::captures::decoded::{Layers, Word};
use crate::wire::address::Address;
use crate::wire::layer::Name;

/// How many carriers are remembered: every one has a place of its own, and goes when another needs that.
const PLACES: usize = 1 << 10;

/// The ends of a tunnel.
pub type Ends = Option<(Address, Address)>;

/// Carriers that were met lately.
#[derive(Debug, Default)]
pub struct Carriers {
    /// Without any until one is met.
    places: Vec<Carrier>,
    hasher: RandomState,
}

#[derive(Clone, Debug, Default)]
struct Carrier {
    outer: Layers,
    names: Box<[Name]>,
    ends: Ends,
    layers: Layers,
}

impl Carriers {
    /// What carried a packet that was found behind headers of these names, the first of which has these ends, within
    /// what `outer` carried.
    pub fn layers(&mut self, outer: &Layers, names: &[Name], ends: Ends) -> Layers {
        if names.is_empty() {
            return outer.clone();
        }
        if self.places.is_empty() {
            self.places.resize(PLACES, Carrier::default());
        }
        let hash = self.hasher.hash_one((outer.words().as_ptr(), names, ends));
        let Some(place) = self.places.get_mut(hash as usize % PLACES) else {
            return within(outer, names, ends);
        };
        if *place.names != *names || place.ends != ends || place.outer != *outer {
            *place = Carrier {
                outer: outer.clone(),
                names: names.into(),
                ends,
                layers: within(outer, names, ends),
            };
        }
        place.layers.clone()
    }
}

fn within(outer: &Layers, names: &[Name], ends: Ends) -> Layers {
    Layers::of(outer.words().iter().cloned().chain(written(names, ends)).collect())
}

/// Names as words, with the ends for the first of them.
pub fn written(names: &[Name], ends: Ends) -> impl Iterator<Item = Word> {
    names.iter().enumerate().map(move |(place, name)| Word {
        kind: name.kind,
        identifier: name.identifier.to_string().into(),
        ends: ends.filter(|_| place == 0),
    })
}

#[cfg(test)]
mod tests {
    use super::{Carriers, within};
    use crate::captures::decoded::Layers;
    use crate::wire::address::Address;
    use crate::wire::layer::{Identifier, Name, name, numbered};

    const ENDS: (Address, Address) = (Address::v4([10, 0, 0, 1]), Address::v4([10, 0, 0, 2]));

    #[test]
    fn names_become_words() {
        let labels = Identifier::Labels([100, 16].into());
        let names = [
            numbered("vxlan", 42_u32),
            Name {
                kind: "mpls",
                identifier: labels,
            },
            Name {
                kind: "gtp-u",
                identifier: Identifier::Hex(0x1F),
            },
            name("gre"),
        ];
        let layers = within(&Layers::default(), &names, Some(ENDS));
        let texts = layers
            .words()
            .iter()
            .map(|word| (word.kind, &*word.identifier, word.ends));
        assert!(texts.eq([
            ("vxlan", "42", Some(ENDS)),
            ("mpls", "100/16", None),
            ("gtp-u", "0x1f", None),
            ("gre", "", None),
        ]));
    }

    #[test]
    fn more_carriers_than_are_remembered_are_told_apart() {
        let mut carriers = Carriers::default();
        for _ in 0..2 {
            for number in 0..5_000_u32 {
                let names = [numbered("gre", number)];
                let ends = (number % 3 == 0).then_some(ENDS);
                let outer = carriers.layers(&Layers::default(), &[numbered("vlan", number % 7)], None);
                let expected = within(&outer, &names, ends);
                assert_eq!(carriers.layers(&outer, &names, ends), expected);
                assert_eq!(carriers.layers(&outer, &names, ends), expected);
                assert_eq!(carriers.layers(&outer, &[], ends), outer);
            }
        }
    }

    #[test]
    fn packets_that_went_the_same_way_share_their_words() {
        let mut carriers = Carriers::default();
        let mut words = || {
            carriers
                .layers(&Layers::default(), &[name("ipip")], Some(ENDS))
                .words()
                .as_ptr()
        };
        assert_eq!(words(), words());
    }
}
