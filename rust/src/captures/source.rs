//! Where a capture's bytes come from.

use std::collections::VecDeque;
use std::error::Error;
use std::fs::File;
use std::io::{ErrorKind, Read};

/// Everything is to stop: a caller's iterator raised, or somebody pressed Ctrl-C. The caller knows what is in it.
#[derive(Debug)]
pub struct Broken(pub Box<dyn Error + Send + Sync>);

/// Why a source gives no more, although it has not ended.
#[derive(Debug)]
pub enum Stop {
    Broken(Broken),
    /// The system could not read it, for this reason (errno): the file ends here for its reader.
    Failed(i32),
}

impl From<Broken> for Stop {
    fn from(broken: Broken) -> Self {
        Stop::Broken(broken)
    }
}

/// Gives bytes in order.
pub trait Source: Send {
    /// Fill the beginning of `buffer`, which is not empty, and tell how much was filled; 0 at the end.
    ///
    /// # Errors
    ///
    /// As `Stop` has it.
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Stop>;
}

impl Source for File {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Stop> {
        loop {
            match Read::read(self, buffer) {
                Ok(count) => return Ok(count),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(Stop::Failed(error.raw_os_error().unwrap_or_default())),
            }
        }
    }
}

/// Bytes in memory, in pieces of any sizes.
#[derive(Debug, Default)]
pub struct Chunks(VecDeque<Box<[u8]>>);

impl Chunks {
    #[must_use]
    pub fn of<Piece: AsRef<[u8]>>(pieces: impl IntoIterator<Item = Piece>) -> Self {
        Self(pieces.into_iter().map(|piece| piece.as_ref().into()).collect())
    }
}

impl Source for Chunks {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Stop> {
        while let Some(chunk) = self.0.pop_front() {
            let count = chunk.len().min(buffer.len());
            let (given, rest) = chunk.split_at_checked(count).unwrap_or((&chunk, &[]));
            for (place, byte) in buffer.iter_mut().zip(given) {
                *place = *byte;
            }
            if !rest.is_empty() {
                self.0.push_front(rest.into());
            }
            if count > 0 {
                return Ok(count);
            }
        }
        Ok(0)
    }
}
