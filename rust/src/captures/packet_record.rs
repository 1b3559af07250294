//! Packets as fixed-size records, little-endian and without padding, with tables for what has no fixed size.
//!
//! `bothways.captures.native_packets` reads them with one `struct.Struct` made of `SEGMENT` or `ERROR`.

use crate::captures::checksums::Checksum;
use crate::captures::decoded::{Layers, Said};
use crate::captures::interned::Interned;
use crate::captures::pass_two::{Told, Whole};
use crate::wire::address::{Address, Endpoint, Mac};

/// Columns of a segment's record with their formats in Python's `struct`; -1 stands for what is not there, and
/// tables are numbered from 1.
pub const SEGMENT: &[(&str, &str)] = &[
    ("frame", "Q"),
    ("part", "I"),
    ("number", "Q"),
    ("at", "q"),
    ("source", "17s"),
    ("source_port", "H"),
    ("destination", "17s"),
    ("destination_port", "H"),
    ("seq", "I"),
    ("ack", "I"),
    ("flags", "B"),
    ("window", "H"),
    ("payload", "I"),
    ("ttl", "B"),
    ("ip_id", "i"),
    ("mss", "i"),
    ("window_scale", "h"),
    ("sack_permitted", "?"),
    ("sack_count", "B"),
    ("sack_edges", "32s"),
    ("ts_value", "q"),
    ("ts_echo", "q"),
    ("others", "I"),
    ("cut", "?"),
    ("content", "B"),
    ("name", "I"),
    ("said", "b"),
    ("said_code", "H"),
    ("link_source", "7s"),
    ("link_receiver", "7s"),
    ("layers", "I"),
    ("partial", "?"),
    ("checksum", "b"),
];

/// Columns of an error's record.
pub const ERROR: &[(&str, &str)] = &[
    ("frame", "Q"),
    ("part", "I"),
    ("at", "q"),
    ("reporter", "17s"),
    ("receiver", "17s"),
    ("type", "B"),
    ("code", "B"),
    ("next_hop_mtu", "q"),
    ("ttl", "B"),
    ("source", "17s"),
    ("source_port", "H"),
    ("destination", "17s"),
    ("destination_port", "H"),
    ("seq", "q"),
    ("quoted_ttl", "B"),
    ("quoted_ip_id", "i"),
    ("quoted_mss", "i"),
    ("translated", "17s"),
    ("translated_port", "i"),
];

/// What records point to.
#[derive(Default)]
pub struct Tables {
    pub names: Interned<Box<str>>,
    pub layers: Interned<Layers>,
    /// Kinds and lengths of TCP options that are not read.
    pub others: Interned<Box<[(u8, u8)]>>,
}

/// Bytes that grow by numbers.
#[derive(Default)]
pub struct Record(pub Vec<u8>);

impl Record {
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    /// The family's number of bytes, then the address, filled up with zeros.
    pub fn address(&mut self, address: Address) {
        let bytes = address.bytes();
        let mut field = [0; 17];
        for (place, byte) in field.iter_mut().zip([bytes.len() as u8].iter().chain(bytes.iter())) {
            *place = *byte;
        }
        self.bytes(&field);
    }

    pub fn endpoint(&mut self, endpoint: Endpoint) {
        self.address(endpoint.address);
        self.bytes(&endpoint.port.to_le_bytes());
    }

    /// How many bytes are known, 255 where there is no such address, then the bytes.
    fn mac(&mut self, mac: Option<Mac>) {
        let mut field = [0; 7];
        if let Some(mac) = mac {
            for (place, byte) in field
                .iter_mut()
                .zip([mac.bytes().len() as u8].iter().chain(mac.bytes()))
            {
                *place = *byte;
            }
        } else {
            field[0] = u8::MAX;
        }
        self.bytes(&field);
    }

    pub fn short(&mut self, value: Option<u16>) {
        self.bytes(&value.map_or(-1, i32::from).to_le_bytes());
    }

    pub fn long(&mut self, value: Option<u32>) {
        self.bytes(&value.map_or(-1, i64::from).to_le_bytes());
    }

    /// A number in a table; 0 stands for none.
    pub fn number(&mut self, number: Option<u32>) {
        self.bytes(&number.unwrap_or(0).to_le_bytes());
    }
}

/// Write one segment.
pub fn segment(record: &mut Record, whole: &Whole, tables: &mut Tables) {
    let segment = &whole.segment;
    record.bytes(&segment.stamp.frame.to_le_bytes());
    record.bytes(&segment.stamp.part.to_le_bytes());
    record.bytes(&segment.stamp.number.to_le_bytes());
    record.bytes(&segment.stamp.at.to_le_bytes());
    record.endpoint(segment.source);
    record.endpoint(segment.destination);
    record.bytes(&segment.seq.to_le_bytes());
    record.bytes(&segment.ack.to_le_bytes());
    record.bytes(&[segment.flags]);
    record.bytes(&segment.window.to_le_bytes());
    record.bytes(&segment.payload.to_le_bytes());
    record.bytes(&[segment.ttl]);
    record.short(segment.ip_id);
    options(record, whole, tables);
    record.bytes(&[segment.content as u8]);
    record.number(
        segment
            .name
            .as_ref()
            .map(|name| tables.names.number_of(&**name, || name.clone())),
    );
    let (said, code) = said(segment.said);
    record.bytes(&said.to_le_bytes());
    record.bytes(&code.to_le_bytes());
    record.mac(segment.link_source);
    record.mac(whole.link_receiver);
    record.number(
        (!segment.layers.is_empty()).then(|| tables.layers.number_of(&segment.layers, || segment.layers.clone())),
    );
    record.bytes(&[u8::from(segment.partial)]);
    record.bytes(&checksum(whole.checksum).to_le_bytes());
}

fn options(record: &mut Record, whole: &Whole, tables: &mut Tables) {
    let options = &whole.segment.options;
    record.short(options.mss);
    record.bytes(&options.window_scale.map_or(-1, i16::from).to_le_bytes());
    record.bytes(&[u8::from(options.sack_permitted)]);
    let blocks = options
        .sack_blocks
        .as_deref()
        .map(|blocks| blocks.as_slice())
        .unwrap_or_default();
    record.bytes(&[blocks.len() as u8]);
    let end = record.0.len() + 32;
    for (left, right) in blocks {
        record.bytes(&left.to_le_bytes());
        record.bytes(&right.to_le_bytes());
    }
    record.0.resize(end, 0);
    record.long(options.timestamps.map(|(value, _)| value));
    record.long(options.timestamps.map(|(_, echo)| echo));
    record.number(
        options
            .others
            .as_ref()
            .map(|others| tables.others.number_of(&**others, || others.clone())),
    );
    record.bytes(&[u8::from(options.cut)]);
}

/// The place of a word in `bothways.evidence.said.Says`, and its code.
fn said(said: Option<Said>) -> (i8, u16) {
    match said {
        None => (-1, 0),
        Some(Said::Alert(description)) => (0, u16::from(description)),
        Some(Said::SealedAlert) => (1, 0),
        Some(Said::Ciphered) => (2, 0),
        Some(Said::Status(code)) => (3, code),
        Some(Said::TurnsAway) => (4, 0),
    }
}

/// The place of a verdict in `bothways.evidence.segment.Checksum`.
fn checksum(checksum: Option<Checksum>) -> i8 {
    match checksum {
        None => -1,
        Some(Checksum::Good) => 0,
        Some(Checksum::Bad) => 1,
        Some(Checksum::Unfinished) => 2,
    }
}

/// Write one error.
pub fn error(record: &mut Record, told: &Told) {
    let error = &told.error;
    record.bytes(&error.stamp.frame.to_le_bytes());
    record.bytes(&error.stamp.part.to_le_bytes());
    record.bytes(&error.stamp.at.to_le_bytes());
    record.address(error.reporter);
    record.address(error.receiver);
    record.bytes(&[error.kind, error.code]);
    record.long(error.next_hop_mtu);
    record.bytes(&[error.ttl]);
    record.endpoint(error.source);
    record.endpoint(error.destination);
    record.long(error.seq);
    record.bytes(&[error.quoted_ttl]);
    record.short(error.quoted_ip_id);
    record.short(error.quoted_mss);
    match told.translated {
        Some(endpoint) => {
            record.address(endpoint.address);
            record.short(Some(endpoint.port));
        }
        None => {
            record.bytes(&[0; 17]);
            record.short(None);
        }
    }
}
