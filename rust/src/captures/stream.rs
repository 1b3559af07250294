//! Bytes that arrive in chunks of any size, handed out in the pieces that a file format asks for.

use std::ops::Range;

use crate::captures::source::{Broken, Source, Stop};

/// Bytes asked for at once where one file is read alone: a core's second cache still holds them when they are looked at.
pub const CHUNK: usize = 1 << 18;

/// Bytes asked for at once where many files are read side by side.
pub const SMALL_CHUNK: usize = 1 << 16;

/// Why a file could not be read to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The system's number of the reason.
    pub errno: i32,
    /// How many bytes came before.
    pub offset: u64,
}

/// Hands out a source's bytes in order and counts them; holds one chunk and what a single piece spans.
///
/// A piece is looked at in the buffer (`want`, `ahead`) and then passed by (`take`, `take_within`); what was passed by
/// last can be looked at (`piece`) until more is wanted.
pub struct ByteStream {
    source: Box<dyn Source>,
    chunk: usize,
    buffer: Vec<u8>,
    /// What of the buffer is filled and was not passed by.
    ahead: Range<usize>,
    piece: Range<usize>,
    offset: u64,
    ended: bool,
    failure: Option<Failure>,
}

impl ByteStream {
    /// Reads `source` in pieces of `chunk` bytes, at least one.
    #[must_use]
    pub fn new(source: Box<dyn Source>, chunk: usize) -> Self {
        let chunk = chunk.max(1);
        Self {
            source,
            chunk,
            // Room for what is left of a chunk before the next; pages that nobody touches cost nothing.
            buffer: vec![0; chunk.saturating_mul(2)],
            ahead: 0..0,
            piece: 0..0,
            offset: 0,
            ended: false,
            failure: None,
        }
    }

    /// Bytes passed by so far: where in the file the next piece starts.
    #[must_use]
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// Why the source ended early, if the system could not read it.
    #[must_use]
    pub fn failure(&self) -> Option<Failure> {
        self.failure
    }

    /// How many of the next `count` bytes there are: fewer only where the file ends. They can be looked at in `ahead`.
    /// The caller bounds `count`: so much is held in memory.
    #[inline]
    pub fn want(&mut self, count: usize) -> Result<usize, Broken> {
        if self.ahead.len() >= count {
            Ok(count)
        } else {
            self.fill(count)
        }
    }

    /// The next bytes, at least as many as `want` told.
    #[inline]
    #[must_use]
    pub fn ahead(&self) -> &[u8] {
        self.buffer.get(self.ahead.clone()).unwrap_or_default()
    }

    /// Pass by the next `count` bytes and keep them as the `piece`; tells how many there were.
    #[inline]
    pub fn take(&mut self, count: usize) -> Result<usize, Broken> {
        let there = self.want(count)?;
        self.take_within(there, 0..there);
        Ok(there)
    }

    /// Pass by `count` bytes that `want` told of, and keep the part `within` of them as the `piece`.
    #[inline]
    pub fn take_within(&mut self, count: usize, within: Range<usize>) {
        let start = self.ahead.start;
        let count = count.min(self.ahead.len());
        self.piece = start.saturating_add(within.start)..start.saturating_add(within.end.min(count));
        self.ahead.start = start.saturating_add(count);
        self.offset = self.offset.saturating_add(count as u64);
    }

    /// What was passed by last; nothing once more was wanted.
    #[inline]
    #[must_use]
    pub fn piece(&self) -> &[u8] {
        self.buffer.get(self.piece.clone()).unwrap_or_default()
    }

    /// Pass by `count` bytes without holding them; tells how many there were, fewer only where the file ends.
    pub fn skip(&mut self, count: u64) -> Result<u64, Broken> {
        let mut left = count;
        while left > 0 {
            let step = usize::try_from(left).unwrap_or(usize::MAX).min(self.chunk);
            let there = self.take(step)?;
            left = left.saturating_sub(there as u64);
            if there < step {
                break;
            }
        }
        Ok(count.saturating_sub(left))
    }

    /// Read until `count` bytes are ahead, or the source ends.
    #[cold]
    fn fill(&mut self, count: usize) -> Result<usize, Broken> {
        if !self.ended {
            self.piece = 0..0;
            self.buffer.copy_within(self.ahead.clone(), 0);
            self.ahead = 0..self.ahead.len();
            if self.buffer.len() < count {
                self.buffer.resize(count, 0);
            }
        }
        while self.ahead.end < count && !self.ended {
            let end = self.ahead.end.saturating_add(self.chunk).min(self.buffer.len());
            let room = self.buffer.get_mut(self.ahead.end..end).unwrap_or_default();
            let most = room.len();
            match self.source.read(room) {
                Ok(read) => {
                    self.ahead.end += read.min(most);
                    self.ended = read == 0;
                }
                Err(Stop::Broken(broken)) => return Err(broken),
                Err(Stop::Failed(errno)) => {
                    self.ended = true;
                    let offset = self.offset.saturating_add(self.ahead.len() as u64);
                    self.failure = Some(Failure { errno, offset });
                }
            }
        }
        Ok(self.ahead.len().min(count))
    }
}

#[cfg(test)]
mod tests {
    use super::{ByteStream, Failure};
    use crate::captures::source::{Broken, Chunks, Source, Stop};

    fn stream(chunks: &[&[u8]], chunk: usize) -> ByteStream {
        ByteStream::new(Box::new(Chunks::of(chunks)), chunk)
    }

    #[test]
    fn pieces_do_not_depend_on_chunks() {
        for chunk in 1..9 {
            let mut stream = stream(&[b"ab", b"", b"cdefgh", b"i"], chunk);
            assert_eq!((stream.take(3).unwrap(), stream.piece()), (3, &b"abc"[..]));
            assert_eq!(stream.skip(2).unwrap(), 2);
            assert_eq!(
                (stream.want(2).unwrap(), stream.ahead().get(..2)),
                (2, Some(&b"fg"[..]))
            );
            stream.take_within(2, 1..2);
            assert_eq!((stream.piece(), stream.offset()), (&b"g"[..], 7));
            assert_eq!((stream.take(5).unwrap(), stream.piece()), (2, &b"hi"[..]));
            assert_eq!(
                (stream.skip(1).unwrap(), stream.take(1).unwrap(), stream.offset()),
                (0, 0, 9)
            );
        }
    }

    /// Three bytes, and then what it is told.
    struct Ending(Option<Stop>);

    impl Source for Ending {
        fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Stop> {
            if buffer.len() == 8 {
                return Ok(3);
            }
            self.0.take().map_or(Ok(0), Err)
        }
    }

    #[test]
    fn what_the_system_cannot_read_ends_there() {
        let mut stream = ByteStream::new(Box::new(Ending(Some(Stop::Failed(5)))), 8);
        assert_eq!(stream.take(2).unwrap(), 2);
        stream.chunk = 7;
        assert_eq!((stream.take(2).unwrap(), stream.take(2).unwrap()), (1, 0));
        assert_eq!(stream.failure(), Some(Failure { errno: 5, offset: 3 }));
    }

    #[test]
    fn what_breaks_stops_everything() {
        let broken = Broken("stopped".into());
        let mut stream = ByteStream::new(Box::new(Ending(Some(broken.into()))), 8);
        stream.chunk = 7;
        assert_eq!(stream.want(1).unwrap_err().0.to_string(), "stopped");
    }
}
