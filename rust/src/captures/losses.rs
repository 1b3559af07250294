//! How many packets a capturing program says it lost, where a file tells it in several ways and places.

use std::collections::BTreeMap;

/// Counts by interface. Reports count from the capture's start, packets from the one before: the larger is right.
///
/// A count has 64 bits, so that 128 hold the sum of any that a file has room for.
#[derive(Clone, Debug, Default)]
pub struct Losses {
    total: u128,
    reported: BTreeMap<u32, u128>,
    by_packets: BTreeMap<u32, u128>,
}

impl Losses {
    #[must_use]
    pub fn total(&self) -> u128 {
        self.total
    }

    /// A later report takes an earlier one's place.
    pub fn report(&mut self, interface: u32, lost: u128) {
        let before = self.of(interface);
        self.reported.insert(interface, lost);
        self.count(interface, before);
    }

    /// So many more were lost since the packet before.
    pub fn before_packet(&mut self, interface: u32, lost: u64) {
        let before = self.of(interface);
        let known = self.by_packets.entry(interface).or_default();
        *known = known.saturating_add(u128::from(lost));
        self.count(interface, before);
    }

    /// What comes now is said of other interfaces.
    pub fn new_section(&mut self) {
        self.reported.clear();
        self.by_packets.clear();
    }

    fn of(&self, interface: u32) -> u128 {
        let said = |counts: &BTreeMap<u32, u128>| counts.get(&interface).copied().unwrap_or_default();
        said(&self.reported).max(said(&self.by_packets))
    }

    fn count(&mut self, interface: u32, before: u128) {
        self.total = self.total.saturating_sub(before).saturating_add(self.of(interface));
    }
}
