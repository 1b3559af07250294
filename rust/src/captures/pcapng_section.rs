//! What a section of a pcapng capture has said so far: its byte order, its interfaces, their losses, the latest time.

use crate::captures::byte_order::ByteOrder;
use crate::captures::file_facts::FileFacts;
use crate::captures::losses::Losses;
use crate::captures::pcapng_blocks::{BlockReader, Interface, PacketBody};
use crate::captures::raw_packet::LARGEST_PACKET;

/// Names kept of one file; a case has dozens, and Wireshark may write down all that it ever resolved.
const MOST_NAMES: usize = 10_000;

const MOST_FILTERS: usize = 10;

/// In a section; the oldest kind of packet block could not name more.
const MOST_INTERFACES: usize = 1 << 16;

/// Kinds of blocks without which the rest cannot be understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Interface,
    OldPacket,
    SimplePacket,
    Names,
    Statistics,
    Packet,
}

impl Kind {
    #[inline]
    #[must_use]
    pub fn of(number: u32) -> Option<Self> {
        Some(match number {
            1 => Kind::Interface,
            2 => Kind::OldPacket,
            3 => Kind::SimplePacket,
            4 => Kind::Names,
            5 => Kind::Statistics,
            6 => Kind::Packet,
            _ => return None,
        })
    }
}

#[derive(Clone, Copy, Debug)]
struct Known {
    interface: Interface,
    /// A packet of it was met.
    used: bool,
}

/// What was met of a section.
#[derive(Debug)]
pub struct Section {
    blocks: BlockReader,
    interfaces: Vec<Known>,
    losses: Losses,
    latest: i64,
}

/// A packet and its interface's part in it.
#[derive(Clone, Copy, Debug)]
pub struct Taken {
    pub body: PacketBody,
    pub at: i64,
    pub link_type: u32,
}

impl Default for Section {
    fn default() -> Self {
        Self {
            blocks: BlockReader(ByteOrder::Little),
            interfaces: Vec::new(),
            losses: Losses::default(),
            latest: 0,
        }
    }
}

impl Section {
    /// Another section begins: what comes now is said of other interfaces.
    pub fn restart(&mut self, order: ByteOrder) {
        self.blocks = BlockReader(order);
        self.interfaces.clear();
        self.losses.new_section();
    }

    #[inline]
    #[must_use]
    pub fn order(&self) -> ByteOrder {
        self.blocks.0
    }

    /// Bytes that the interfaces keep of each packet.
    pub fn snap_lengths(&self) -> impl Iterator<Item = u32> {
        self.interfaces.iter().map(|known| known.interface.snap_length)
    }

    /// What a block of a kind that has a packet says of it, whether or not that makes sense.
    #[inline]
    #[must_use]
    pub fn packet(&self, kind: Kind, body: &[u8]) -> Option<PacketBody> {
        match kind {
            Kind::Packet => self.blocks.packet(body),
            Kind::OldPacket => self.blocks.old_packet(body),
            _ => self
                .interfaces
                .first()
                .and_then(|known| self.blocks.simple_packet(body, known.interface.snap_length)),
        }
    }

    /// Take in a packet of a body of `length` bytes; None where it contradicts itself or names an unknown interface.
    #[inline]
    pub fn take_in(&mut self, body: Option<PacketBody>, length: usize, facts: &mut FileFacts) -> Option<Taken> {
        let body = body?;
        if body.kept > LARGEST_PACKET || body.start.saturating_add(body.kept as usize) > length {
            return None;
        }
        let known = self.interfaces.get_mut(body.interface as usize)?;
        if !known.used {
            known.used = true;
            facts.limit(known.interface.snap_length);
        }
        if let Some(ticks) = body.ticks {
            self.latest = known.interface.instant(ticks);
        }
        if let Some(lost) = body.lost {
            self.losses.before_packet(body.interface, lost);
            facts.dropped = Some(self.losses.total());
        }
        let link_type = known.interface.link_type;
        Some(Taken {
            body,
            at: self.latest,
            link_type,
        })
    }

    /// Take in an interface's description; tells whether it makes sense.
    pub fn add_interface(&mut self, body: &[u8], facts: &mut FileFacts) -> bool {
        let described = self.blocks.interface(body);
        let Some((interface, filter)) = described.filter(|_| self.interfaces.len() < MOST_INTERFACES) else {
            return false;
        };
        self.interfaces.push(Known { interface, used: false });
        // One on which nothing was captured was filtered, too.
        if let Some(filter) = filter.filter(|_| facts.filters.len() < MOST_FILTERS) {
            facts.filter(filter);
        }
        true
    }

    /// Take in how many packets an interface lost.
    pub fn count_losses(&mut self, body: &[u8], facts: &mut FileFacts) {
        let said = self.blocks.dropped(body);
        let known = |interface: u32| (interface as usize) < self.interfaces.len();
        if let Some((interface, lost)) = said.filter(|(interface, _)| known(*interface)) {
            self.losses.report(interface, lost);
            facts.dropped = Some(self.losses.total());
        }
    }

    /// Take in names of addresses.
    pub fn add_names(&self, body: &[u8], facts: &mut FileFacts) {
        for (address, name) in self.blocks.names(body) {
            if facts.names.entries().len() >= MOST_NAMES {
                return;
            }
            facts.names.add(address, name);
        }
    }
}
