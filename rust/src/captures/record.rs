//! Rows as records of a fixed size, little-endian, which Python unpacks with one `struct.Struct`.
//!
//! `bothways.captures.native_rows` reads `layout()` once and builds `ConnectionRow` from it. What has no fixed size,
//! texts, histories, statuses, stands once in a side table, and the record bears its number there.

use crate::captures::decoded::Layers;
use crate::captures::interned::Interned;
use crate::captures::row::{Rare, Row, Way, known};
use crate::captures::texts::Texts;
use crate::wire::address::Address;

/// Columns of the connection, in their order, each with its format in Python's `struct`.
const OF_ROW: &[(&str, &str)] = &[
    ("number", "I"),
    ("part", "I"),
    ("first_frame", "Q"),
    ("first_number", "Q"),
    ("last_number", "Q"),
    ("stands_for", "Q"),
    ("opener", "I"),
    ("other", "I"),
    ("opener_port", "H"),
    ("other_port", "H"),
    ("history", "I"),
];

/// Columns of what almost every way shows. `known` tells which of the others are not None: bits of `row::known`.
const OF_WAY: &[(&str, &str)] = &[
    ("known", "H"),
    ("rare", "B"),
    ("opening", "B"),
    ("ttl", "B"),
    ("ttl_lowest", "B"),
    ("ttl_highest", "B"),
    ("first", "q"),
    ("last", "q"),
    ("advanced", "q"),
    ("first_number", "Q"),
    ("payload", "Q"),
    ("packets", "I"),
    ("syns", "I"),
    ("syn_acks", "I"),
    ("bare_acks", "I"),
    ("data", "I"),
    ("fins", "I"),
    ("resets", "I"),
    ("largest", "I"),
    ("isn", "I"),
    ("first_ack", "I"),
    ("acked", "I"),
    ("end", "I"),
    ("ts_value", "I"),
    ("ts_echo", "I"),
    ("mss", "H"),
    ("ip_id", "H"),
    ("name", "I"),
    ("layers", "I"),
];

/// Columns of what few ways show; meaningless where `rare` is 0, else a set of bits that tells which are not None.
const OF_RARE: &[(&str, &str)] = &[
    ("missed", "Q"),
    ("stuck_until", "q"),
    ("shut_since", "q"),
    ("repeated", "I"),
    ("stuck", "I"),
    ("refilled", "I"),
    ("reordered", "I"),
    ("duplicates", "I"),
    ("falls", "I"),
    ("zero_windows", "I"),
    ("shut", "I"),
    ("icmp_errors", "I"),
    ("expired_at", "I"),
    ("statuses", "I"),
    ("fell_to", "B"),
    ("alert", "B"),
];

/// Bits of the column `rare`.
mod rare {
    pub const THERE: u8 = 1;
    pub const STUCK: u8 = 1 << 1;
    pub const SHUT: u8 = 1 << 2;
    pub const FELL: u8 = 1 << 3;
    pub const ALERT: u8 = 1 << 4;
}

/// All columns with their formats: the row's, then for both ways, opener first, `sent.` and `received.` with the rest.
#[must_use]
pub fn layout() -> Vec<(String, &'static str)> {
    let mut columns: Vec<_> = OF_ROW
        .iter()
        .map(|(name, format)| ((*name).to_owned(), *format))
        .collect();
    for way in ["sent", "received"] {
        columns.extend(
            OF_WAY
                .iter()
                .chain(OF_RARE)
                .map(|(name, format)| (format!("{way}.{name}"), *format)),
        );
    }
    columns
}

/// Bits that tell which columns of a way are not None, by their names.
#[must_use]
pub fn bits() -> Vec<(&'static str, u16)> {
    vec![
        ("isn", known::ISN),
        ("acked", known::ACK),
        ("end", known::SPACE),
        ("advanced", known::ADVANCED),
        ("mss", known::MSS),
        ("timestamps", known::TIMESTAMPS),
        ("ip_id", known::IP_ID),
        ("turns_away", known::TURNS_AWAY),
        ("sealed_alert", known::SEALED_ALERT),
        ("ciphered", known::CIPHERED),
        ("stuck_until", rare::STUCK.into()),
        ("shut_since", rare::SHUT.into()),
        ("fell_to", rare::FELL.into()),
        ("alert", rare::ALERT.into()),
    ]
}

/// Rows on their way to Python. Numbers of side tables count from 1; 0 is for "none".
#[derive(Debug, Default)]
pub struct Records {
    pub data: Vec<u8>,
    /// How many they are.
    pub count: u64,
    pub addresses: Interned<Address>,
    pub histories: Interned<String>,
    pub statuses: Interned<Vec<(u16, u32)>>,
    pub names: Interned<Box<str>>,
    pub layers: Interned<Layers>,
}

impl Records {
    /// One more row, which stands for that many; `texts` are those of its table.
    pub fn push(&mut self, row: &Row, stands_for: u64, texts: &Texts) {
        let (opening, answering) = (row.ends.opener(), row.ends.other());
        let opener = self.addresses.number_of(&opening.address, || opening.address);
        let other = self.addresses.number_of(&answering.address, || answering.address);
        let letters: String = row.history.letters().map(char::from).collect();
        let history = self.histories.number_of(&letters, || letters.clone());
        self.count += 1;
        self.put(&row.number.to_le_bytes());
        self.put(&row.part.to_le_bytes());
        self.put(&row.first_frame.to_le_bytes());
        self.put(&row.first_number.to_le_bytes());
        self.put(&row.last_number.to_le_bytes());
        self.put(&stands_for.to_le_bytes());
        self.put(&opener.to_le_bytes());
        self.put(&other.to_le_bytes());
        self.put(&opening.port.to_le_bytes());
        self.put(&answering.port.to_le_bytes());
        self.put(&history.to_le_bytes());
        self.put_way(&row.sent, texts);
        self.put_way(&row.received, texts);
    }

    fn put(&mut self, bytes: &[u8]) {
        self.data.extend_from_slice(bytes);
    }

    fn put_way(&mut self, way: &Way, texts: &Texts) {
        let name = texts
            .name(way.name)
            .map_or(0, |name| self.names.number_of(name, || name.into()));
        let layers = texts
            .layers_of(way.layers)
            .map_or(0, |known| self.layers.number_of(known, || known.clone()));
        self.put(&way.known.to_le_bytes());
        let rare = way.rare.as_deref();
        self.put(&[
            rare.map_or(0, Rare::bits),
            way.opening as u8,
            way.ttl,
            way.ttl_lowest,
            way.ttl_highest,
        ]);
        self.put(&way.first.to_le_bytes());
        self.put(&way.last.to_le_bytes());
        self.put(&way.advanced.to_le_bytes());
        self.put(&way.first_number.to_le_bytes());
        self.put(&way.payload.to_le_bytes());
        for counter in [
            way.packets,
            way.syns,
            way.syn_acks,
            way.bare_acks,
            way.data,
            way.fins,
            way.resets,
            way.largest,
            way.start,
            way.first_ack,
            way.acked,
            way.space.end,
            way.ts_value,
            way.ts_echo,
        ] {
            self.put(&counter.to_le_bytes());
        }
        self.put(&way.mss.to_le_bytes());
        self.put(&way.ip_id.to_le_bytes());
        self.put(&name.to_le_bytes());
        self.put(&layers.to_le_bytes());
        self.put_rare(rare);
    }

    fn put_rare(&mut self, rare: Option<&Rare>) {
        let nothing = Rare::default();
        let rare = rare.unwrap_or(&nothing);
        let expired_at = rare
            .expired_at
            .map_or(0, |address| self.addresses.number_of(&address, || address));
        let said = &rare.statuses;
        let statuses = if said.is_empty() {
            0
        } else {
            self.statuses.number_of(said, || said.clone())
        };
        self.put(&rare.missed.to_le_bytes());
        self.put(&rare.stuck_until.unwrap_or_default().to_le_bytes());
        self.put(&rare.shut_since.unwrap_or_default().to_le_bytes());
        for counter in [
            rare.repeated,
            rare.stuck,
            rare.refilled,
            rare.reordered,
            rare.duplicates,
            rare.falls,
            rare.zero_windows,
            rare.shut,
            rare.icmp_errors,
            expired_at,
            statuses,
        ] {
            self.put(&counter.to_le_bytes());
        }
        self.put(&[rare.fell_to.unwrap_or_default(), rare.alert.unwrap_or_default()]);
    }
}

impl Rare {
    fn bits(&self) -> u8 {
        let bit = |is: bool, bit: u8| if is { bit } else { 0 };
        rare::THERE
            | bit(self.stuck_until.is_some(), rare::STUCK)
            | bit(self.shut_since.is_some(), rare::SHUT)
            | bit(self.fell_to.is_some(), rare::FELL)
            | bit(self.alert.is_some(), rare::ALERT)
    }
}

#[cfg(test)]
mod tests {
    use super::{Records, layout};
    use crate::captures::ends::Ends;
    use crate::captures::history::History;
    use crate::captures::row::{Row, Way};
    use crate::captures::texts::Texts;
    use crate::wire::address::{Address, Endpoint};

    #[test]
    fn a_record_is_as_long_as_the_layout_says() {
        let end = Endpoint {
            address: Address::v4([192, 0, 2, 1]),
            port: 443,
        };
        let row = Row {
            ends: Ends::of(&end, &end),
            history: History::default(),
            last_number: 1,
            first_number: 1,
            first_frame: 1,
            after: 0,
            hash: 0,
            number: 0,
            part: 0,
            sent: Way::default(),
            received: Way::default(),
            latest: true,
            again: false,
        };
        let mut records = Records::default();
        records.push(&row, 1, &Texts::default());
        let size = |format: &str| match format {
            "B" => 1,
            "H" => 2,
            "I" => 4,
            "q" | "Q" => 8,
            other => panic!("{other}"),
        };
        assert_eq!(
            records.data.len(),
            layout().iter().map(|(_, format)| size(format)).sum::<usize>()
        );
    }
}
