//! Captures in blocks: draft-ietf-opsawg-pcapng.

use crate::captures::byte_order::ByteOrder;
use crate::captures::file_facts::FileFacts;
use crate::captures::losses::Losses;
use crate::captures::pcapng_blocks::{BlockReader, Interface, PacketBody};
use crate::captures::raw_packet::LARGEST_PACKET;
use crate::captures::source::Broken;
use crate::captures::step::{Record, Step};
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
    queued: Option<Step>,
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
            queued: None,
        }
    }

    /// The next packet or problem.
    #[inline]
    pub fn step(&mut self, stream: &mut ByteStream, facts: &mut FileFacts) -> Result<Step, Broken> {
        if let Some(step) = self.queued.take() {
            return Ok(step);
        }
        while !self.over {
            if let Some(step) = self.block(stream, facts)? {
                return Ok(step);
            }
        }
        Ok(Step::End)
    }

    /// The walk is over, and this is why.
    fn stop(&mut self, facts: &mut FileFacts, start: u64, trouble: Trouble, numbers: [u64; 3]) -> Step {
        self.end(facts);
        Step::Problem(Problem::at(start, trouble, numbers))
    }

    /// The walk is over as the file is.
    fn cut(&mut self, facts: &mut FileFacts, start: u64, trouble: Trouble, numbers: [u64; 3]) -> Step {
        facts.ended_early = true;
        self.stop(facts, start, trouble, numbers)
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
    fn block(&mut self, stream: &mut ByteStream, facts: &mut FileFacts) -> Result<Option<Step>, Broken> {
        let start = stream.offset();
        stream.want(8)?;
        let Some([a, b, c, d, e, f, g, h]) = stream.ahead().first_chunk::<8>().copied() else {
            return Ok(self.no_block(stream, facts));
        };
        if [a, b, c, d] == SECTION_HEADER {
            return self.section(stream, facts);
        }
        let (kind, total) = (self.blocks.0.u32([a, b, c, d]), self.blocks.0.u32([e, f, g, h]));
        let matters = matches!(kind, INTERFACE | OLD_PACKET | SIMPLE_PACKET | STATISTICS | PACKET);
        // "This value MUST be a multiple of 4." (section 3.1)
        if total < FRAME || total % 4 != 0 || (matters && total > LARGEST_BLOCK) {
            return Ok(Some(self.stop(
                facts,
                start,
                Trouble::BlockLength,
                [total.into(), 0, 0],
            )));
        }
        if self.foreign || !(matters || (kind == NAMES && total <= LARGEST_BLOCK)) {
            stream.take(8)?;
            stream.skip(u64::from(total - FRAME))?;
            return self.close(stream, facts, start, total);
        }
        let whole = total as usize;
        if stream.want(whole)? < whole {
            return Ok(Some(self.cut(facts, start, Trouble::EndsInBlock, [total.into(), 0, 0])));
        }
        let Some((body, tail)) = stream.ahead().get(8..whole).and_then(<[u8]>::split_last_chunk::<4>) else {
            return Ok(None);
        };
        let again = self.blocks.0.u32(*tail);
        if again != total {
            let numbers = [total.into(), again.into(), 0];
            return Ok(Some(self.stop(facts, start, Trouble::LengthsDiffer, numbers)));
        }
        let (step, within) = if kind == PACKET {
            self.packet(self.blocks.packet(body), body.len(), facts, start)
        } else {
            self.understand(kind, body, facts, start)
        };
        stream.take_within(whole, 8 + within.0..8 + within.0 + within.1);
        Ok(step)
    }

    /// What is left where a block should begin is shorter than a block's header.
    #[cold]
    fn no_block(&mut self, stream: &ByteStream, facts: &mut FileFacts) -> Option<Step> {
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
        Some(self.cut(facts, stream.offset(), trouble, [0; 3]))
    }

    /// Read a section header: the length before the magic is in the byte order that the magic tells (section 4.1).
    fn section(&mut self, stream: &mut ByteStream, facts: &mut FileFacts) -> Result<Option<Step>, Broken> {
        let start = stream.offset();
        let there = stream.want(16)?;
        let head = stream.ahead();
        let Some([_, _, _, _, length @ .., e, f, g, h]) = head.first_chunk::<12>().copied() else {
            return Ok(Some(self.cut(facts, start, Trouble::EndsInSectionHeader, [0; 3])));
        };
        let order = match [e, f, g, h] {
            [0x1a, 0x2b, 0x3c, 0x4d] => ByteOrder::Big,
            [0x4d, 0x3c, 0x2b, 0x1a] => ByteOrder::Little,
            _ => return Ok(Some(self.stop(facts, start, Trouble::NoByteOrder, [0; 3]))),
        };
        let version = order.u16_at(head, 12).zip(order.u16_at(head, 14));
        self.blocks = BlockReader(order);
        self.interfaces.clear();
        self.losses.new_section();
        let total = order.u32(length);
        if total < SECTION || total % 4 != 0 {
            return Ok(Some(self.stop(
                facts,
                start,
                Trouble::SectionLength,
                [total.into(), 0, 0],
            )));
        }
        if let Some((major, _)) = version {
            self.foreign = major != MAJOR;
        }
        stream.take(there)?;
        stream.skip(u64::from(total - 20))?;
        let end = self.close(stream, facts, start, total)?;
        match version {
            Some((major, minor)) if self.foreign => {
                self.queued = end;
                let numbers = [major.into(), minor.into(), 0];
                Ok(Some(Step::Problem(Problem::at(
                    start,
                    Trouble::SectionVersion,
                    numbers,
                ))))
            }
            _ => Ok(end),
        }
    }

    /// Read a block's second length, which allows a file to be read backwards.
    fn close(
        &mut self,
        stream: &mut ByteStream,
        facts: &mut FileFacts,
        start: u64,
        total: u32,
    ) -> Result<Option<Step>, Broken> {
        stream.take(4)?;
        let Some(again) = self.blocks.0.u32_at(stream.piece(), 0) else {
            return Ok(Some(self.cut(facts, start, Trouble::EndsInBlock, [total.into(), 0, 0])));
        };
        if again == total {
            return Ok(None);
        }
        let numbers = [total.into(), again.into(), 0];
        Ok(Some(self.stop(facts, start, Trouble::LengthsDiffer, numbers)))
    }

    /// Take in a whole block of a kind that matters; also gives where in its body a packet stands, and how long it is.
    fn understand(
        &mut self,
        kind: u32,
        body: &[u8],
        facts: &mut FileFacts,
        start: u64,
    ) -> (Option<Step>, (usize, usize)) {
        match kind {
            INTERFACE => (self.add_interface(body, facts, start), (0, 0)),
            STATISTICS => {
                if let Some((interface, lost)) = self.blocks.dropped(body) {
                    if (interface as usize) < self.interfaces.len() {
                        self.losses.report(interface, lost);
                        facts.dropped = Some(self.losses.total());
                    }
                }
                (None, (0, 0))
            }
            NAMES => {
                for (address, name) in self.blocks.names(body) {
                    if facts.names.entries().len() >= MOST_NAMES {
                        break;
                    }
                    facts.names.add(address, name);
                }
                (None, (0, 0))
            }
            OLD_PACKET => self.packet(self.blocks.old_packet(body), body.len(), facts, start),
            _ => self.simple_packet(body, facts, start),
        }
    }

    fn add_interface(&mut self, body: &[u8], facts: &mut FileFacts, start: u64) -> Option<Step> {
        let described = self
            .blocks
            .interface(body)
            .filter(|_| self.interfaces.len() < MOST_INTERFACES);
        let Some((interface, filter)) = described else {
            return Some(Step::Problem(Problem::at(start, Trouble::SenselessInterface, [0; 3])));
        };
        self.interfaces.push(Known { interface, used: false });
        // One on which nothing was captured was filtered, too.
        if let Some(filter) = filter {
            if facts.filters.len() < MOST_FILTERS {
                facts.filter(filter);
            }
        }
        None
    }

    fn simple_packet(&mut self, body: &[u8], facts: &mut FileFacts, start: u64) -> (Option<Step>, (usize, usize)) {
        let snap_length = self.interfaces.first().map(|known| known.interface.snap_length);
        let packet = snap_length.and_then(|snap_length| self.blocks.simple_packet(body, snap_length));
        let (step, within) = self.packet(packet, body.len(), facts, start);
        if packet.is_none() || self.timeless {
            return (step, within);
        }
        self.timeless = true;
        self.queued = step;
        (
            Some(Step::Problem(Problem::at(start, Trouble::Timeless, [0; 3]))),
            within,
        )
    }

    /// Take in a packet of a body of `length` bytes.
    #[inline]
    fn packet(
        &mut self,
        body: Option<PacketBody>,
        length: usize,
        facts: &mut FileFacts,
        start: u64,
    ) -> (Option<Step>, (usize, usize)) {
        let whole =
            |body: &PacketBody| body.kept <= LARGEST_PACKET && body.start.saturating_add(body.kept as usize) <= length;
        let known = body
            .filter(whole)
            .and_then(|body| Some((body, self.interfaces.get_mut(body.interface as usize)?)));
        let Some((body, known)) = known else {
            return (
                Some(Step::Problem(Problem::at(start, Trouble::SenselessPacket, [0; 3]))),
                (0, 0),
            );
        };
        self.frame += 1;
        if !known.used {
            known.used = true;
            facts.limit(known.interface.snap_length);
        }
        if let Some(ticks) = body.ticks {
            self.latest = known.interface.instant(ticks);
        }
        let link_type = known.interface.link_type;
        if let Some(lost) = body.lost {
            self.losses.before_packet(body.interface, lost);
            facts.dropped = Some(self.losses.total());
        }
        let record = Record {
            frame: self.frame,
            at: self.latest,
            link_type,
            wire_length: body.wire_length.max(body.kept),
            offset: start,
        };
        (Some(Step::Packet(record)), (body.start, body.kept as usize))
    }
}
