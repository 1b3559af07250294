//! What a capture file says of itself.

use std::collections::HashSet;

use crate::captures::raw_packet::LARGEST_PACKET;
use crate::wire::address::Address;

const UNKNOWN: &str = "unknown";

/// What a capture file says of itself; complete once all its packets were read.
#[derive(Clone, Debug)]
pub struct FileFacts {
    /// The formats of its files, each once.
    pub formats: Vec<&'static str>,
    /// The smallest limit that any of the file's interfaces had, bytes; None where there was none.
    pub snap_length: Option<u32>,
    /// Packets that the capturing program lost; None where the file does not say.
    pub dropped: Option<u128>,
    /// The file ends within a record.
    pub ended_early: bool,
    pub names: Names,
    /// The capture filters that the file says were in force, as it has them, in order, each once.
    pub filters: Vec<Box<[u8]>>,
}

impl Default for FileFacts {
    fn default() -> Self {
        Self {
            formats: vec![UNKNOWN],
            snap_length: None,
            dropped: None,
            ended_early: false,
            names: Names::default(),
            filters: Vec::new(),
        }
    }
}

impl FileFacts {
    /// Take an interface's snap length in; 0 stands for no limit, and so does more than any packet can have.
    pub fn limit(&mut self, snap_length: u32) {
        if (1..=LARGEST_PACKET).contains(&snap_length) && self.snap_length.is_none_or(|known| snap_length < known) {
            self.snap_length = Some(snap_length);
        }
    }

    /// Take in a filter that was in force.
    pub fn filter(&mut self, filter: &[u8]) {
        if !self.filters.iter().any(|known| **known == *filter) {
            self.filters.push(filter.into());
        }
    }

    /// What two files of one capture say together.
    #[must_use]
    pub fn or(self, other: FileFacts) -> FileFacts {
        let mut formats = self.formats;
        for format in other.formats {
            if !formats.contains(&format) {
                formats.push(format);
            }
        }
        if formats.len() > 1 {
            formats.retain(|format| *format != UNKNOWN);
        }
        let lost = self
            .dropped
            .unwrap_or_default()
            .saturating_add(other.dropped.unwrap_or_default());
        // A file that says nothing may have lost some: beside it, another's nought is no nought of the whole.
        let known = lost > 0 || (self.dropped.is_some() && other.dropped.is_some());
        let mut facts = FileFacts {
            formats,
            snap_length: self.snap_length.into_iter().chain(other.snap_length).min(),
            dropped: known.then_some(lost),
            ended_early: self.ended_early || other.ended_early,
            names: self.names.over(other.names),
            filters: self.filters,
        };
        for filter in &other.filters {
            facts.filter(filter);
        }
        facts
    }
}

/// Names by address, as the file resolves them: bytes that are text, and no blank ones. Of each address the first.
#[derive(Clone, Debug, Default)]
pub struct Names {
    entries: Vec<(Address, Box<[u8]>)>,
    known: HashSet<Address>,
}

impl Names {
    /// In the order in which they were met.
    #[must_use]
    pub fn entries(&self) -> &[(Address, Box<[u8]>)] {
        &self.entries
    }

    /// Take in one more, unless its address has one.
    pub fn add(&mut self, address: Address, name: &[u8]) {
        if self.known.insert(address) {
            self.entries.push((address, name.into()));
        }
    }

    /// These and the others, of which they take the places where both know an address.
    fn over(self, mut others: Names) -> Names {
        if others.entries.is_empty() {
            return self;
        }
        let mut places: std::collections::HashMap<Address, usize> = others
            .entries
            .iter()
            .enumerate()
            .map(|(place, (address, _))| (*address, place))
            .collect();
        for (address, name) in self.entries {
            match places.remove(&address).and_then(|place| others.entries.get_mut(place)) {
                Some(entry) => entry.1 = name,
                None => others.add(address, &name),
            }
        }
        others
    }
}

#[cfg(test)]
mod tests {
    use super::FileFacts;
    use crate::wire::address::Address;

    fn named(names: &[(u8, &str)]) -> FileFacts {
        let mut facts = FileFacts::default();
        for (last, name) in names {
            facts.names.add(Address::v4([10, 0, 0, *last]), name.as_bytes());
        }
        facts
    }

    #[test]
    fn the_first_of_two_files_names_what_both_name() {
        let both = named(&[(1, "a"), (2, "b")]).or(named(&[(3, "c"), (2, "d")]));
        let names: Vec<_> = both
            .names
            .entries()
            .iter()
            .map(|(address, name)| (address.bytes().to_vec(), name.to_vec()))
            .collect();
        let told = [(3, b'c'), (2, b'b'), (1, b'a')].map(|(last, name)| (vec![10, 0, 0, last], vec![name]));
        assert_eq!(names, told);
    }

    #[test]
    fn beside_a_file_that_says_nothing_anothers_nought_is_not_known() {
        let dropped = |count: Option<u128>| FileFacts {
            dropped: count,
            ..FileFacts::default()
        };
        for (first, second, both) in [
            (Some(0), None, None),
            (Some(0), Some(0), Some(0)),
            (Some(3), None, Some(3)),
            (Some(3), Some(4), Some(7)),
        ] {
            assert_eq!(dropped(first).or(dropped(second)).dropped, both);
            assert_eq!(dropped(second).or(dropped(first)).dropped, both);
        }
    }

    #[test]
    fn formats_filters_and_limits_are_those_of_all_files() {
        let mut first = FileFacts {
            formats: vec!["pcapng"],
            ..FileFacts::default()
        };
        first.filter(b"tcp");
        let mut second = FileFacts {
            formats: vec!["pcap"],
            ended_early: true,
            ..FileFacts::default()
        };
        second.filter(b"udp");
        second.filter(b"tcp");
        second.limit(96);
        second.limit(0);
        second.limit(262_145);
        let whole = FileFacts::default().or(first).or(second);
        assert_eq!(
            (whole.formats, whole.snap_length, whole.ended_early),
            (vec!["pcapng", "pcap"], Some(96), true)
        );
        assert_eq!(whole.filters, [Box::from(&b"tcp"[..]), Box::from(&b"udp"[..])]);
        assert_eq!(FileFacts::default().or(FileFacts::default()).formats, ["unknown"]);
    }
}
