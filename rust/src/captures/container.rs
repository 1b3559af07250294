//! Which kind of capture file is it, if any: content decides, never a name.

use crate::captures::file_facts::FileFacts;
use crate::captures::pcap::{Pcap, Variant};
use crate::captures::pcapng::{Pcapng, SECTION_HEADER};
use crate::captures::source::{Broken, Source};
use crate::captures::step::{Found, Record, Step};
use crate::captures::stream::{ByteStream, Failure};
use crate::captures::troubles::{Problem, Trouble};

/// Bytes that are enough to tell what else a file may be.
const HEAD: usize = 16;

/// Files that look as if they held a capture, by how they begin.
const OTHERS: [(&[u8], Trouble); 10] = [
    (b"\x1f\x8b", Trouble::Gzip),
    (b"\x28\xb5\x2f\xfd", Trouble::Zstd),
    (b"\xfd7zXZ\x00", Trouble::Xz),
    (b"BZh", Trouble::Bzip2),
    (b"\x04\x22\x4d\x18", Trouble::Lz4),
    (b"PK\x03\x04", Trouble::Zip),
    (b"snoop\0\0\0", Trouble::Snoop),
    (b"\x54\x52\x00\x64", Trouble::Netmon),
    (b"GMBU", Trouble::NetworkMonitor),
    (b"RTSS", Trouble::NetworkMonitor),
];

/// A walk over one capture file of any kind.
pub struct Reader {
    stream: ByteStream,
    walk: Walk,
    found: Found,
}

enum Walk {
    Start,
    Pcap(Pcap),
    Pcapng(Pcapng),
    Over,
}

impl Reader {
    /// Reads `source` in pieces of `chunk` bytes.
    #[must_use]
    pub fn new(source: Box<dyn Source>, chunk: usize) -> Self {
        Self {
            stream: ByteStream::new(source, chunk),
            walk: Walk::Start,
            found: Found::default(),
        }
    }

    /// The next packet or problem; `facts` are filled with what the file says of itself, as it is read.
    #[inline]
    pub fn step(&mut self, facts: &mut FileFacts) -> Result<Step, Broken> {
        if let Some(step) = self.found.queued() {
            return Ok(step);
        }
        match &mut self.walk {
            Walk::Pcap(walk) => walk.step(&mut self.stream, facts, &mut self.found),
            Walk::Pcapng(walk) => walk.step(&mut self.stream, facts, &mut self.found),
            Walk::Over => Ok(Step::End),
            Walk::Start => self.start(facts),
        }
    }

    /// Gives the next packets as far as they are plain and in memory, until `take` wants no more; `step` gives the others.
    #[inline]
    pub fn run(&mut self, take: impl FnMut(&Record, &[u8]) -> bool) {
        if let (Walk::Pcap(walk), false) = (&mut self.walk, self.found.is_queued()) {
            walk.run(&mut self.stream, take);
        }
    }

    /// The packet that `step` told of last.
    #[inline]
    #[must_use]
    pub fn record(&self) -> &Record {
        &self.found.record
    }

    /// The problem that `step` told of last.
    #[must_use]
    pub fn problem(&self) -> Option<Problem> {
        self.found.problem
    }

    /// What was kept of the packet that `step` gave last.
    #[inline]
    #[must_use]
    pub fn data(&self) -> &[u8] {
        self.stream.piece()
    }

    /// Bytes passed by so far.
    #[must_use]
    pub fn offset(&self) -> u64 {
        self.stream.offset()
    }

    /// Why the file could not be read to its end, if so.
    #[must_use]
    pub fn failure(&self) -> Option<Failure> {
        self.stream.failure()
    }

    #[cold]
    fn start(&mut self, facts: &mut FileFacts) -> Result<Step, Broken> {
        let there = self.stream.want(HEAD)?;
        let head = self.stream.ahead().get(..there).unwrap_or_default();
        let magic = head.first_chunk().copied();
        if let Some(variant) = magic.and_then(Variant::of) {
            self.walk = Walk::Pcap(Pcap::new(variant, facts));
        } else if magic == Some(SECTION_HEADER) {
            self.walk = Walk::Pcapng(Pcapng::new(facts));
        } else {
            self.walk = Walk::Over;
            let known = OTHERS.iter().find(|(magic, _)| head.starts_with(magic));
            let unknown = if head.is_empty() {
                Trouble::Empty
            } else {
                Trouble::NoCapture
            };
            let trouble = known.map_or(unknown, |(_, trouble)| *trouble);
            return Ok(self.found.problem(Problem::at(0, trouble, [0; 3])));
        }
        self.step(facts)
    }
}
