//! What a header says about what follows it: the step from one layer to the next.

use std::fmt;

use crate::captures::decoded::Hidden;

/// EtherTypes (RFC 9542 appendix B).
pub const IPV4: u16 = 0x0800;
pub const IPV6: u16 = 0x86DD;
pub const MPLS: u16 = 0x8847;
pub const PPPOE_SESSION: u16 = 0x8864;
pub const PPP: u16 = 0x880B;
/// "Transparent Ethernet Bridging": a whole Ethernet frame.
pub const BRIDGED: u16 = 0x6558;
/// Reserved (RFC 9542 appendix B): stands for whatever these modules do not follow.
pub const NOTHING_KNOWN: u16 = 0xFFFF;
/// An IEEE 802.2 LLC header follows: EtherTypes start at 0x0600, a lower number is a length.
pub const LLC: u16 = 0;

/// What follows a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// Its EtherType, whatever number the header itself has for it.
    Ethertype(u16),
    /// Why it cannot be seen.
    Hidden(Hidden),
}

impl Protocol {
    /// Whether an IP header follows.
    #[must_use]
    pub fn is_ip(self) -> bool {
        matches!(self, Protocol::Ethertype(IPV4 | IPV6))
    }
}

impl From<u16> for Protocol {
    fn from(ethertype: u16) -> Self {
        Protocol::Ethertype(ethertype)
    }
}

impl From<Hidden> for Protocol {
    fn from(hidden: Hidden) -> Self {
        Protocol::Hidden(hidden)
    }
}

/// One header, and what it carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layer {
    pub protocol: Protocol,
    /// Where that starts in the data; may lie beyond what was kept.
    pub offset: usize,
    /// None where there is nothing to tell of the header.
    pub name: Option<Name>,
}

impl Layer {
    /// A header of which there is nothing to tell.
    #[must_use]
    pub fn plain(protocol: impl Into<Protocol>, offset: usize) -> Self {
        Self {
            protocol: protocol.into(),
            offset,
            name: None,
        }
    }

    /// A header that is told of.
    #[must_use]
    pub fn named(protocol: impl Into<Protocol>, offset: usize, name: Name) -> Self {
        Self {
            protocol: protocol.into(),
            offset,
            name: Some(name),
        }
    }
}

/// What a header is called, before it is written down: a `Word` needs memory of its own, and most packets have the
/// same.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Name {
    pub kind: &'static str,
    pub identifier: Identifier,
}

/// What tells a header from others of its kind.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Identifier {
    None,
    Number(u32),
    Hex(u32),
    /// A stack of labels, the outermost first.
    Labels(Box<[u32]>),
}

impl fmt::Display for Identifier {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => Ok(()),
            Self::Number(number) => write!(out, "{number}"),
            Self::Hex(number) => write!(out, "{number:#x}"),
            Self::Labels(labels) => labels.iter().enumerate().try_for_each(|(place, label)| {
                let between = if place == 0 { "" } else { "/" };
                write!(out, "{between}{label}")
            }),
        }
    }
}

/// What a header without an identifier is called.
#[must_use]
pub fn name(kind: &'static str) -> Name {
    Name {
        kind,
        identifier: Identifier::None,
    }
}

/// What a header with a number is called.
#[must_use]
pub fn numbered(kind: &'static str, number: impl Into<u32>) -> Name {
    Name {
        kind,
        identifier: Identifier::Number(number.into()),
    }
}

/// The EtherType of what a first nibble says is IP.
#[must_use]
pub fn by_version(first: u8) -> u16 {
    match first >> 4 {
        4 => IPV4,
        6 => IPV6,
        _ => NOTHING_KNOWN,
    }
}
