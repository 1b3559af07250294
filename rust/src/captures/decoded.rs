//! What a packet shows of TCP. The columns are those of `bothways.evidence.segment` and `bothways.evidence.icmp_error`.

use std::fmt;
use std::sync::Arc;

use crate::captures::raw_packet::Stamp;
use crate::wire::address::{Address, Endpoint, Family, Mac};

/// The control bits of a TCP header (RFC 9293 section 3.1).
pub mod flags {
    pub const FIN: u8 = 0x01;
    pub const SYN: u8 = 0x02;
    pub const RST: u8 = 0x04;
    pub const ACK: u8 = 0x10;
}

/// What the payload of a segment begins with; the numbers stand for `bothways.evidence.segment.Content` in its order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u8)]
pub enum Content {
    #[default]
    Nothing = 0,
    ClientHello = 1,
    Tls = 2,
    HttpRequest = 3,
    HttpResponse = 4,
    Other = 5,
    CutOff = 6,
}

/// A word about the service itself (`bothways.evidence.said`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    Alert(u8),
    SealedAlert,
    Ciphered,
    Status(u16),
    TurnsAway,
}

/// The TCP options of one segment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    pub mss: Option<u16>,
    pub window_scale: Option<u8>,
    /// TSval and TSecr (RFC 7323 section 3).
    pub timestamps: Option<(u32, u32)>,
    pub sack_permitted: bool,
    /// Left and right edges; boxed, as few segments bear any.
    pub sack_blocks: Option<Box<Blocks>>,
    /// Kind and length of every other option, in their order.
    pub others: Option<Box<[(u8, u8)]>>,
    /// The data ended before the options did.
    pub cut: bool,
}

impl Options {
    /// Make them those of a header without options, field by field: few have anything to let go of.
    #[inline]
    pub fn clear(&mut self) {
        (self.mss, self.window_scale, self.timestamps) = (None, None, None);
        (self.sack_permitted, self.cut) = (false, false);
        if self.sack_blocks.is_some() {
            self.sack_blocks = None;
        }
        if self.others.is_some() {
            self.others = None;
        }
    }
}

/// SACK blocks, left and right edges: the options of a header have room for four (RFC 2018 section 3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Blocks {
    edges: [(u32, u32); 4],
    count: u8,
}

impl Blocks {
    /// One more block; a fifth, for which no header has room, is left out.
    pub fn push(&mut self, block: (u32, u32)) {
        if let Some(place) = self.edges.get_mut(usize::from(self.count)) {
            *place = block;
            self.count += 1;
        }
    }

    #[must_use]
    pub fn as_slice(&self) -> &[(u32, u32)] {
        self.edges.get(..usize::from(self.count)).unwrap_or_default()
    }
}

/// One header between the link's own and the packet's, with its identifier.
///
/// Two of them print alike only where they are equal.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Word {
    /// What it is called: `vlan`, `vxlan`.
    pub kind: &'static str,
    /// Its identifier as text, empty where it has none: `12`, `1000/16`.
    pub identifier: Box<str>,
    /// A tunnel's ends.
    pub ends: Option<(Address, Address)>,
}

/// What carried a packet, outermost first; cheap to copy.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Layers(Option<Arc<[Word]>>);

impl Layers {
    pub const NONE: Self = Self(None);

    #[must_use]
    pub fn of(words: Vec<Word>) -> Self {
        if words.is_empty() {
            Self(None)
        } else {
            Self(Some(words.into()))
        }
    }

    /// Whether they are the same piece of memory: then they are equal, and nothing need be compared.
    #[inline]
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Some(one), Some(other)) => Arc::ptr_eq(one, other),
            (one, other) => one.is_none() && other.is_none(),
        }
    }

    #[must_use]
    pub fn words(&self) -> &[Word] {
        self.0.as_deref().unwrap_or_default()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }
}

/// One TCP segment as one observer saw it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Segment {
    pub stamp: Stamp,
    pub source: Endpoint,
    pub destination: Endpoint,
    pub seq: u32,
    pub ack: u32,
    /// Bytes of payload by the IP header's lengths.
    pub payload: u32,
    pub window: u16,
    pub ip_id: Option<u16>,
    /// The eight control bits from CWR (0x80) to FIN (0x01).
    pub flags: u8,
    pub ttl: u8,
    pub content: Content,
    /// Only the first fragment of its packet, or of one that carried it, was seen.
    pub partial: bool,
    pub said: Option<Said>,
    pub options: Options,
    /// The server's name if it carries one, escaped.
    pub name: Option<Box<str>>,
    pub link_source: Option<Mac>,
    pub layers: Layers,
}

/// An ICMP or ICMPv6 error about a TCP packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IcmpError {
    pub stamp: Stamp,
    pub reporter: Address,
    pub receiver: Address,
    /// Type and code as on the wire; what they mean is said where rows are read.
    pub kind: u8,
    pub code: u8,
    pub next_hop_mtu: Option<u32>,
    pub ttl: u8,
    pub source: Endpoint,
    pub destination: Endpoint,
    pub seq: Option<u32>,
    pub quoted_ttl: u8,
    pub quoted_ip_id: Option<u16>,
    pub quoted_mss: Option<u16>,
}

impl IcmpError {
    /// The hops of a packet ran out in transit: ICMP 11/0 (RFC 792), ICMPv6 3/0 (RFC 4443 section 3.3).
    #[must_use]
    pub fn is_expiry(&self) -> bool {
        let expired = if self.reporter.family() == Family::V4 { 11 } else { 3 };
        (self.kind, self.code) == (expired, 0)
    }
}

/// What keeps a packet's content from everybody without the key (`bothways.wire.layer.Hidden`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Hidden {
    Esp,
    Macsec,
    Wifi,
    Ppp,
    Wireguard,
}

impl fmt::Display for Hidden {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Hidden::Esp => "esp",
            Hidden::Macsec => "macsec",
            Hidden::Wifi => "protected-wifi",
            Hidden::Ppp => "compressed-ppp",
            Hidden::Wireguard => "wireguard",
        })
    }
}

/// A packet that shows nothing of TCP, or too little (`bothways.captures.other.Other`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Other {
    NotIp,
    Ip,
    Fragment,
    CutTcp,
    CutError,
    CutTunnel,
    MalformedTcp,
}

/// What a packet shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decoded {
    /// The segment into which it was decoded.
    Segment,
    Error(Box<IcmpError>),
    Hidden(Hidden),
    Other(Other),
}
