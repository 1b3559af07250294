//! An IP packet where it was found in a frame.

use std::borrow::Cow;

use crate::captures::decoded::Layers;
use crate::captures::raw_packet::{OwnedPacket, RawPacket};
use crate::wire::address::Mac;
use crate::wire::ip::IpHeader;

/// An IP packet, and what carried it.
#[derive(Clone, Debug)]
pub struct Found<'a> {
    /// The frame that is cited for it.
    pub packet: RawPacket<'a>,
    /// What the header's offsets count in: the frame's bytes, or those of a datagram put together from fragments.
    pub data: Cow<'a, [u8]>,
    pub ip: IpHeader,
    pub link_source: Option<Mac>,
    pub layers: Layers,
    /// Only the first fragment of it, or of what carried it, was seen.
    pub partial: bool,
}

/// The same with bytes of its own.
#[derive(Clone, Debug)]
pub struct OwnedFound {
    packet: OwnedPacket,
    /// None for the frame's bytes.
    data: Option<Box<[u8]>>,
    pub ip: IpHeader,
    pub link_source: Option<Mac>,
    pub layers: Layers,
    pub partial: bool,
}

impl OwnedFound {
    #[must_use]
    pub fn of(found: &Found<'_>) -> Self {
        Self {
            packet: OwnedPacket::of(&found.packet),
            data: match &found.data {
                Cow::Borrowed(_) => None,
                Cow::Owned(data) => Some(data.as_slice().into()),
            },
            ip: found.ip,
            link_source: found.link_source,
            layers: found.layers.clone(),
            partial: found.partial,
        }
    }

    /// The same as all that was seen of its packet.
    #[must_use]
    pub fn alone(self) -> Self {
        Self { partial: true, ..self }
    }

    #[must_use]
    pub fn borrowed(&self) -> Found<'_> {
        Found {
            packet: self.packet.borrowed(),
            data: Cow::Borrowed(self.data.as_deref().unwrap_or(&self.packet.data)),
            ip: self.ip,
            link_source: self.link_source,
            layers: self.layers.clone(),
            partial: self.partial,
        }
    }

    /// The frame that is cited for it.
    #[must_use]
    pub fn into_packet(self) -> OwnedPacket {
        self.packet
    }
}
