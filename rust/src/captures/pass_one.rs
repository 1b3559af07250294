//! Pass one: walk a capture once, reading and decoding in one thread, tracking in another.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

use crate::captures::batch::{Batch, Rare};
use crate::captures::connection_table::{Guess, Table};
use crate::captures::keys::KeyMaker;
use crate::captures::merged::{Item, Merged};
use crate::captures::source::Broken;
use crate::captures::tally::{Repeated, Tally};

/// Batches on their way: enough that neither thread waits for the other's hiccups, and few enough to stay in cache.
const UNDER_WAY: usize = 6;

/// How long the tracking thread waits for a batch before it looks whether it shall go on.
const PATIENCE: Duration = Duration::from_millis(50);

/// Batches after which it looks in any case: every few MiB.
const LOOKS_EVERY: u32 = 16;

/// How far the reading is, told across threads.
#[derive(Debug, Default)]
pub struct Progress {
    /// The part that is being read.
    pub part: AtomicU32,
    /// Bytes of it that were read.
    pub bytes: AtomicU64,
    /// Somebody wants it to end.
    pub stop: AtomicBool,
}

impl Progress {
    fn look(&self, look: &mut impl FnMut(u32, u64) -> Result<(), Broken>) -> Result<(), Broken> {
        look(self.part.load(Ordering::Relaxed), self.bytes.load(Ordering::Relaxed))
    }
}

/// What pass one found.
pub struct Survey {
    pub merged: Merged,
    pub tally: Tally,
    pub table: Table,
}

/// Walk a capture once.
///
/// `look` is told which part is read and how many bytes of it were, every few MiB and at least every 50 ms, in the calling
/// thread; where it fails the walk ends at once
/// and its error is given back. A reading thread that hangs in the file system then ends by itself when that returns.
///
/// # Errors
///
/// What `look` or a source said.
pub fn survey(
    merged: Merged,
    mut table: Table,
    mut look: impl FnMut(u32, u64) -> Result<(), Broken>,
) -> Result<Survey, Broken> {
    let progress = Arc::new(Progress::default());
    let (full, batches) = sync_channel(UNDER_WAY);
    let (empty, used) = sync_channel(UNDER_WAY + 2);
    let keys = table.keys();
    let reader = {
        let progress = Arc::clone(&progress);
        thread::spawn(move || {
            Reading {
                merged,
                keys,
                progress,
                full,
                used,
            }
            .walk()
        })
    };
    let mut orphans = Repeated::default();
    let mut earlier = Repeated::default();
    let mut guesses = Vec::new();
    let followed = follow(&batches, &empty, &progress, &mut look, |batch| {
        guesses.clear();
        guesses.extend(batch.segments().iter().map(|tracked| table.touch(tracked.keys)));
        track(&mut table, batch, &guesses, &mut orphans, &mut earlier);
    });
    if let Err(broken) = followed {
        progress.stop.store(true, Ordering::Relaxed);
        return Err(broken);
    }
    let (merged, mut tally) = reader
        .join()
        .map_err(|_| Broken("the reading thread failed".into()))??;
    table.settle();
    orphans.less(table.adopted);
    tally.sum_up(&orphans, &earlier);
    Ok(Survey { merged, tally, table })
}

/// Take batches as they come until there are no more.
fn follow(
    batches: &Receiver<Batch>,
    empty: &SyncSender<Batch>,
    progress: &Progress,
    look: &mut impl FnMut(u32, u64) -> Result<(), Broken>,
    mut take: impl FnMut(&mut Batch),
) -> Result<(), Broken> {
    let mut unlooked = 0;
    loop {
        match batches.recv_timeout(PATIENCE) {
            Ok(mut batch) => {
                take(&mut batch);
                batch.clear();
                // A full channel means that enough are kept already.
                let _ = empty.try_send(batch);
                unlooked += 1;
                if unlooked < LOOKS_EVERY {
                    continue;
                }
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return progress.look(look),
        }
        unlooked = 0;
        progress.look(look)?;
    }
}

/// Count a batch for its connections, whose rows were brought into the cache.
fn track(table: &mut Table, batch: &Batch, guesses: &[Guess], orphans: &mut Repeated, earlier: &mut Repeated) {
    let mut rare = batch.rare.iter().peekable();
    for (place, (tracked, guess)) in batch.segments().iter().zip(guesses).enumerate() {
        while let Some((_, other)) = rare.next_if(|(before, _)| *before <= place) {
            track_rare(table, other, orphans, earlier);
        }
        table.add(tracked, batch.extra(tracked), *guess);
    }
    for (_, other) in rare {
        track_rare(table, other, orphans, earlier);
    }
}

fn track_rare(table: &mut Table, rare: &Rare, orphans: &mut Repeated, earlier: &mut Repeated) {
    match rare {
        Rare::Error(error, place) => {
            if !table.add_error(error, error.stamp.number) {
                orphans.count(*place);
            }
        }
        Rare::First(first, place) => {
            let (tracked, extra) = &**first;
            if !table.add(tracked, extra, None) {
                earlier.count(*place);
            }
        }
    }
}

/// The thread that reads and decodes.
struct Reading {
    merged: Merged,
    keys: KeyMaker,
    progress: Arc<Progress>,
    full: SyncSender<Batch>,
    used: Receiver<Batch>,
}

impl Reading {
    fn walk(mut self) -> Result<(Merged, Tally), Broken> {
        let mut tally = Tally::new();
        let mut batch = Batch::default();
        while !self.progress.stop.load(Ordering::Relaxed) {
            self.merged.run(|packet| {
                tally.add(packet, &mut batch, self.keys);
                !batch.is_full()
            });
            self.tell();
            if !batch.is_full() {
                match self.merged.next_item()? {
                    Some(Item::Packet(packet)) => tally.add(&packet, &mut batch, self.keys),
                    Some(Item::Problem(problem)) => tally.note(problem),
                    None => break,
                }
            }
            if batch.is_full() {
                let next = self.used.try_recv().unwrap_or_default();
                if self.full.send(std::mem::replace(&mut batch, next)).is_err() {
                    break; // nobody follows any more
                }
            }
        }
        self.tell();
        tally.finish(&mut batch, self.keys);
        // Where nobody follows any more nobody misses it.
        let _ = self.full.send(batch);
        Ok((self.merged, tally))
    }

    /// How far it is.
    fn tell(&self) {
        let (part, bytes) = self.merged.position();
        self.progress.part.store(part, Ordering::Relaxed);
        self.progress.bytes.store(bytes, Ordering::Relaxed);
    }
}
