//! Captures in blocks: draft-ietf-opsawg-pcapng.

use crate::captures::byte_order::ByteOrder;
use crate::captures::file_facts::FileFacts;
use crate::captures::losses::Losses;
use crate::captures::pcapng_blocks::{BlockReader, Interface, PacketBody};
use crate::captures::raw_packet::LARGEST_PACKET;
use crate::captures::source::Broken;
use crate::captures::step::{Found, Record, Step};
use crate::captures::stream::ByteStream;
use crate::captures::troubles::{Problem, Trouble};

/// Type of the block that starts a section; reads the same in both byte orders.
pub const SECTION_HEADER: [u8; 4] = *b"\x0a\x0d\x0d\x0a";

const MAJOR: u16 = 1;

const INTERFACE: u32 = 1;
const OLD_PACKET: u32 = 2;
const SIMPLE_PACKET: u32 = 3;
const NAMES: u32 = 4;
const STATISTICS: u32 = 5;
const PACKET: u32 = 6;

/// Names kept of one file; a case has dozens, and Wireshark may write down all that it ever resolved.
const MOST_NAMES: usize = 10_000;

const MOST_FILTERS: usize = 10;

/// Bytes of a block that is read into memory: room for the largest packet and for more options than anybody writes.
const LARGEST_BLOCK: u32 = 1 << 20;

/// In a section; the oldest kind of packet block could not name more.
const MOST_INTERFACES: usize = 1 << 16;

/// Bytes of a block around its body: type, length, and the length again.
const FRAME: u32 = 12;

/// Bytes of a section header without options.
const SECTION: u32 = 28;

/// A walk over blocks: the section's byte order and interfaces, and the packets counted so far.
///
/// A block whose content makes no sense is stepped over; where the chain of blocks itself breaks, the walk ends.
#[derive(Debug)]
pub struct Pcapng {
    blocks: BlockReader,
    interfaces: Vec<Known>,
    foreign: bool,
    losses: Losses,
    frame: u64,
    latest: i64,
    timeless: bool,
    over: bool,
}

#[derive(Clone, Copy, Debug)]
struct Known {
    interface: Interface,
    /// A packet of it was met.
    used: bool,
}

impl Pcapng {
    /// A walk that begins at a section header, of which nothing was passed by.
    #[must_use]
    pub fn new(facts: &mut FileFacts) -> Self {
        facts.formats = vec!["pcapng"];
        Self {
            blocks: BlockReader(ByteOrder::Little),
            interfaces: Vec::new(),
            foreign: false,
            losses: Losses::default(),
            frame: 0,
            latest: 0,
            timeless: false,
            over: false,
        }
    }

    /// The next packet or problem.
    #[inline]
    pub fn step(&mut self, stream: &mut ByteStream, facts: &mut FileFacts, found: &mut Found) -> Result<Step, Broken> {
        while !self.over {
            if let Some(step) = self.block(stream, facts, found)? {
                return Ok(step);
            }
        }
        Ok(Step::End)
    }

    /// The walk is over, and this is why.
    #[cold]
    fn stop(&mut self, facts: &mut FileFacts, found: &mut Found, problem: Problem) -> Step {
        self.end(facts);
        found.problem(problem)
    }

    /// The walk is over as the file is.
    #[cold]
    fn cut(&mut self, facts: &mut FileFacts, found: &mut Found, problem: Problem) -> Step {
        facts.ended_early = true;
        self.stop(facts, found, problem)
    }

    fn end(&mut self, facts: &mut FileFacts) {
        self.over = true;
        if self.frame == 0 {
            for known in &self.interfaces {
                facts.limit(known.interface.snap_length);
            }
        }
    }

    /// Read or step over one block; gives what came of it, if anything did.
    #[inline]
    fn block(
        &mut self,
        stream: &mut ByteStream,
        facts: &mut FileFacts,
        found: &mut Found,
    ) -> Result<Option<Step>, Broken> {
        let start = stream.offset();
        stream.want(8)?;
        let Some(head) = stream.ahead().first_chunk::<8>() else {
            return Ok(self.no_block(stream, facts, found));
        };
        if head.starts_with(&SECTION_HEADER) {
            return self.section(stream, facts, found);
        }
        let [kind, total] = self.blocks.0.u32s(head).unwrap_or_default();
        let matters = matches!(kind, INTERFACE | OLD_PACKET | SIMPLE_PACKET | STATISTICS | PACKET);
        // "This value MUST be a multiple of 4." (section 3.1)
        if total < FRAME || total % 4 != 0 || (matters && total > LARGEST_BLOCK) {
            let problem = Problem::at(start, Trouble::BlockLength, [total.into(), 0, 0]);
            return Ok(Some(self.stop(facts, found, problem)));
        }
        if self.foreign || !(matters || (kind == NAMES && total <= LARGEST_BLOCK)) {
            stream.take(8)?;
            stream.skip(u64::from(total - FRAME))?;
            return self.close(stream, facts, found, start, total);
        }
        let whole = total as usize;
        if stream.want(whole)? < whole {
            let problem = Problem::at(start, Trouble::EndsInBlock, [total.into(), 0, 0]);
            return Ok(Some(self.cut(facts, found, problem)));
        }
        let Some((body, tail)) = stream.ahead().get(8..whole).and_then(<[u8]>::split_last_chunk::<4>) else {
            return Ok(None);
        };
        let again = self.blocks.0.u32(*tail);
        if again != total {
            let problem = Problem::at(start, Trouble::LengthsDiffer, [total.into(), again.into(), 0]);
            return Ok(Some(self.stop(facts, found, problem)));
        }
        let packet = match kind {
            PACKET => self.blocks.packet(body),
            OLD_PACKET => self.blocks.old_packet(body),
            SIMPLE_PACKET => self.simple_packet(body),
            _ => {
                let step = self.understand(kind, body, facts, found, start);
                stream.take_within(whole, 0..0);
                return Ok(step);
            }
        };
        let length = body.len();
        let known = packet
            .filter(|packet| {
                packet.kept <= LARGEST_PACKET && packet.start.saturating_add(packet.kept as usize) <= length
            })
            .and_then(|packet| Some((packet, self.interfaces.get_mut(packet.interface as usize)?)));
        let step = match known {
            Some((packet, known)) => {
                self.frame += 1;
                if !known.used {
                    known.used = true;
                    facts.limit(known.interface.snap_length);
                }
                if let Some(ticks) = packet.ticks {
                    self.latest = known.interface.instant(ticks);
                }
                found.record = Record {
                    frame: self.frame,
                    at: self.latest,
                    offset: start,
                    link_type: known.interface.link_type,
                    wire_length: packet.wire_length.max(packet.kept),
                };
                if let Some(lost) = packet.lost {
                    self.losses.before_packet(packet.interface, lost);
                    facts.dropped = Some(self.losses.total());
                }
                let data = packet.start + 8;
                stream.take_within(whole, data..data + packet.kept as usize);
                Step::Packet
            }
            None => {
                stream.take_within(whole, 0..0);
                found.problem(Problem::at(start, Trouble::SenselessPacket, [0; 3]))
            }
        };
        if packet.is_some_and(|packet| packet.ticks.is_none()) && !self.timeless {
            self.timeless = true;
            return Ok(Some(
                found.problem_before(Problem::at(start, Trouble::Timeless, [0; 3]), Some(step)),
            ));
        }
        Ok(Some(step))
    }

    /// What is left where a block should begin is shorter than a block's header.
    #[cold]
    fn no_block(&mut self, stream: &ByteStream, facts: &mut FileFacts, found: &mut Found) -> Option<Step> {
        let left = stream.ahead();
        if left.is_empty() {
            self.end(facts);
            return None;
        }
        let section = left.starts_with(&SECTION_HEADER);
        let trouble = if section {
            Trouble::EndsInSectionHeader
        } else {
            Trouble::EndsInBlockHeader
        };
        Some(self.cut(facts, found, Problem::at(stream.offset(), trouble, [0; 3])))
    }

    /// Read a section header: the length before the magic is in the byte order that the magic tells (section 4.1).
    #[cold]
    fn section(
        &mut self,
        stream: &mut ByteStream,
        facts: &mut FileFacts,
        found: &mut Found,
    ) -> Result<Option<Step>, Broken> {
        let start = stream.offset();
        let there = stream.want(16)?;
        let head = stream.ahead();
        let Some([_, _, _, _, length @ .., e, f, g, h]) = head.first_chunk::<12>().copied() else {
            let problem = Problem::at(start, Trouble::EndsInSectionHeader, [0; 3]);
            return Ok(Some(self.cut(facts, found, problem)));
        };
        let order = match [e, f, g, h] {
            [0x1a, 0x2b, 0x3c, 0x4d] => ByteOrder::Big,
            [0x4d, 0x3c, 0x2b, 0x1a] => ByteOrder::Little,
            _ => {
                return Ok(Some(self.stop(
                    facts,
                    found,
                    Problem::at(start, Trouble::NoByteOrder, [0; 3]),
                )));
            }
        };
        let version = order.u16_at(head, 12).zip(order.u16_at(head, 14));
        self.blocks = BlockReader(order);
        self.interfaces.clear();
        self.losses.new_section();
        let total = order.u32(length);
        if total < SECTION || total % 4 != 0 {
            let problem = Problem::at(start, Trouble::SectionLength, [total.into(), 0, 0]);
            return Ok(Some(self.stop(facts, found, problem)));
        }
        if let Some((major, _)) = version {
            self.foreign = major != MAJOR;
        }
        stream.take(there)?;
        stream.skip(u64::from(total - 20))?;
        let end = self.close(stream, facts, found, start, total)?;
        match version {
            Some((major, minor)) if self.foreign => {
                let problem = Problem::at(start, Trouble::SectionVersion, [major.into(), minor.into(), 0]);
                Ok(Some(found.problem_before(problem, end)))
            }
            _ => Ok(end),
        }
    }

    /// Read a block's second length, which allows a file to be read backwards.
    fn close(
        &mut self,
        stream: &mut ByteStream,
        facts: &mut FileFacts,
        found: &mut Found,
        start: u64,
        total: u32,
    ) -> Result<Option<Step>, Broken> {
        stream.take(4)?;
        let Some(again) = self.blocks.0.u32_at(stream.piece(), 0) else {
            let problem = Problem::at(start, Trouble::EndsInBlock, [total.into(), 0, 0]);
            return Ok(Some(self.cut(facts, found, problem)));
        };
        if again == total {
            return Ok(None);
        }
        let problem = Problem::at(start, Trouble::LengthsDiffer, [total.into(), again.into(), 0]);
        Ok(Some(self.stop(facts, found, problem)))
    }

    /// Take in a whole block of a kind that matters and holds no packet.
    #[cold]
    fn understand(
        &mut self,
        kind: u32,
        body: &[u8],
        facts: &mut FileFacts,
        found: &mut Found,
        start: u64,
    ) -> Option<Step> {
        match kind {
            INTERFACE => {
                if !self.add_interface(body, facts) {
                    return Some(found.problem(Problem::at(start, Trouble::SenselessInterface, [0; 3])));
                }
            }
            STATISTICS => {
                let dropped = self.blocks.dropped(body);
                if let Some((interface, lost)) = dropped.filter(|(interface, _)| self.knows(*interface)) {
                    self.losses.report(interface, lost);
                    facts.dropped = Some(self.losses.total());
                }
            }
            _ => {
                for (address, name) in self.blocks.names(body) {
                    if facts.names.entries().len() >= MOST_NAMES {
                        break;
                    }
                    facts.names.add(address, name);
                }
            }
        }
        None
    }

    fn knows(&self, interface: u32) -> bool {
        (interface as usize) < self.interfaces.len()
    }

    /// Tells whether the description makes sense.
    fn add_interface(&mut self, body: &[u8], facts: &mut FileFacts) -> bool {
        let described = self
            .blocks
            .interface(body)
            .filter(|_| self.interfaces.len() < MOST_INTERFACES);
        let Some((interface, filter)) = described else {
            return false;
        };
        self.interfaces.push(Known { interface, used: false });
        // One on which nothing was captured was filtered, too.
        if let Some(filter) = filter.filter(|_| facts.filters.len() < MOST_FILTERS) {
            facts.filter(filter);
        }
        true
    }

    #[cold]
    fn simple_packet(&self, body: &[u8]) -> Option<PacketBody> {
        let first = self.interfaces.first()?;
        self.blocks.simple_packet(body, first.interface.snap_length)
    }
}
