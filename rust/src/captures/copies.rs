//! Copies: packets that an observer saw twice, as on a mirror port or on two interfaces of one machine.

use std::hint::black_box;

use crate::captures::tracked::{Tracked, known};

/// Packets remembered at a time.
const MOST_REMEMBERED: usize = 65_536;

/// Nanoseconds within which a copy follows the one before.
const COPY_WITHIN: u64 = 100_000_000;

/// The same for packets that carry nothing by which a retransmission would differ from a copy.
const TWIN_WITHIN: u64 = 1_000_000;

/// Places of a bucket: with their tags and numbers it fills a line of the cache.
const PLACES: usize = 8;

/// The lowest bit of every byte.
const LOWEST_BITS: u64 = u64::MAX / 0xff;

/// Buckets at first, and room in the queue.
const FEW: usize = 1 << 10;

/// What a packet was to an observer who had seen the packets of the last moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sight {
    /// It was seen before, within 100 ms.
    pub again: bool,
    /// It is a copy of that, and was not sent again.
    pub copy: bool,
    /// How often in a row it came by with a lower TTL than the time before.
    pub fell: u32,
}

/// A packet as it was seen last.
#[derive(Clone, Copy, Debug, Default)]
struct Last {
    packet: u64,
    at: i64,
    fell: u32,
    ttl: u8,
    /// It was seen again since: another entry tells of it.
    outdated: bool,
}

/// Where the queue has the packets whose hashes choose this bucket: a byte of each hash, and the entry's number.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(64))]
struct Bucket {
    tags: u64,
    numbers: [u32; PLACES],
    /// The place that is to be used next.
    next: usize,
}

impl Bucket {
    /// One that points to nothing while the queue begins with `oldest`.
    fn empty(oldest: u32) -> Self {
        Self {
            tags: 0,
            numbers: [oldest.wrapping_sub(1); PLACES],
            next: 0,
        }
    }

    /// The highest bit of every byte that is a packet's tag, and perhaps of others.
    #[inline]
    fn alike(&self, packet: u64) -> u64 {
        let differences = self.tags ^ tag(packet).wrapping_mul(LOWEST_BITS);
        differences.wrapping_sub(LOWEST_BITS) & !differences & (LOWEST_BITS << 7)
    }

    /// Points to an entry from a place that points to none of those from `oldest` on before it; false where there is no
    /// such place.
    #[inline]
    fn point(&mut self, packet: u64, number: u32, oldest: u32) -> bool {
        let length = number.wrapping_sub(oldest);
        for _ in 0..PLACES {
            let place = self.next % PLACES;
            self.next = place + 1;
            if let Some(pointer) = self.numbers.get_mut(place) {
                if pointer.wrapping_sub(oldest) >= length {
                    *pointer = number;
                    let bits = 8 * place;
                    self.tags = self.tags & !(0xff << bits) | tag(packet) << bits;
                    return true;
                }
            }
        }
        false
    }
}

/// The packets of the last moment, of all connections, in a queue in the order in which they were seen last.
///
/// A table of pointers into the queue finds them; nothing is ever removed from it, as a pointer to what the queue has let
/// go of is known by its number, and is used for the next packet.
#[derive(Debug)]
pub struct Copies {
    /// A ring whose length is a power of two; entries are called by numbers that go on for ever.
    queue: Vec<Last>,
    oldest: u32,
    length: u32,
    /// Entries that are not outdated.
    remembered: usize,
    buckets: Vec<Bucket>,
}

impl Default for Copies {
    fn default() -> Self {
        Self {
            queue: vec![Last::default(); FEW],
            oldest: 0,
            length: 0,
            remembered: 0,
            buckets: vec![Bucket::empty(0); FEW],
        }
    }
}

impl Copies {
    /// Brings what `see` will look at into the cache.
    #[inline]
    pub fn touch(&self, packet: u64) {
        black_box(self.buckets.get(self.bucket_of(packet)).map(|bucket| bucket.tags));
    }

    /// Tells whether a segment is a copy of a recent one.
    #[inline]
    pub fn see(&mut self, segment: &Tracked) -> Sight {
        let packet = segment.keys.packet;
        self.forget(segment.stamp.at);
        if self.length as usize == self.queue.len() {
            self.make_room();
        }
        let number = self.oldest.wrapping_add(self.length);
        let known = self.find(packet);
        let sight = match known {
            Some(place) => self.again(place, number, segment),
            None => Sight::default(),
        };
        if let Some(place) = self.entry(number) {
            *place = Last {
                packet,
                at: segment.stamp.at,
                fell: sight.fell,
                ttl: segment.ttl,
                outdated: false,
            };
        }
        self.length += 1;
        self.remembered += 1;
        if known.is_none() && !self.point(packet, number) {
            self.rebuild(self.buckets.len() * 2);
        }
        sight
    }

    /// What a packet is that was seen before, as that place of its bucket says, and is now to be found by `number`.
    #[cold]
    fn again(&mut self, place: usize, number: u32, segment: &Tracked) -> Sight {
        let bucket = self.bucket_of(segment.keys.packet);
        let before = self
            .buckets
            .get_mut(bucket)
            .and_then(|bucket| bucket.numbers.get_mut(place));
        let Some(before) = before.map(|place| std::mem::replace(place, number)) else {
            return Sight::default();
        };
        let Some(last) = self.entry(before) else {
            return Sight::default();
        };
        last.outdated = true;
        let sight = compared(last, segment);
        self.remembered -= 1;
        sight
    }

    #[inline]
    fn bucket_of(&self, packet: u64) -> usize {
        packet as usize & (self.buckets.len() - 1)
    }

    #[inline]
    fn entry(&mut self, number: u32) -> Option<&mut Last> {
        let place = number as usize & (self.queue.len() - 1);
        self.queue.get_mut(place)
    }

    /// Whether the queue still has the entry of that number.
    #[inline]
    fn is_held(&self, number: u32) -> bool {
        number.wrapping_sub(self.oldest) < self.length
    }

    /// The place of its bucket that points to a packet.
    #[inline]
    fn find(&self, packet: u64) -> Option<usize> {
        let bucket = self.buckets.get(self.bucket_of(packet))?;
        let mut places = bucket.alike(packet);
        while places != 0 {
            let place = places.trailing_zeros() as usize / 8;
            let number = *bucket.numbers.get(place)?;
            let last = self.queue.get(number as usize & (self.queue.len() - 1));
            if self.is_held(number) && last.is_some_and(|last| last.packet == packet && !last.outdated) {
                return Some(place);
            }
            places &= places - 1;
        }
        None
    }

    /// Points to the newest entry, or the newest of those that are pointed to so far, from a place of its bucket that
    /// points to nothing any more; false where there is none.
    #[inline]
    fn point(&mut self, packet: u64, number: u32) -> bool {
        let (bucket, oldest) = (self.bucket_of(packet), self.oldest);
        let bucket = self.buckets.get_mut(bucket);
        bucket.is_some_and(|bucket| bucket.point(packet, number, oldest))
    }

    /// Lets go of the oldest until it is near, and one of no more than there is room for.
    #[inline]
    fn forget(&mut self, now: i64) {
        while self.length > 0 {
            let remembered = self.remembered;
            let Some(last) = self.entry(self.oldest) else { return };
            if !last.outdated {
                if remembered <= MOST_REMEMBERED && last.at.abs_diff(now) <= COPY_WITHIN {
                    return;
                }
                self.remembered -= 1;
            }
            self.oldest = self.oldest.wrapping_add(1);
            self.length -= 1;
        }
    }

    /// Gives a full queue room: without what is outdated, if that is half of it, or else by doubling it.
    #[cold]
    fn make_room(&mut self) {
        let held: Vec<Last> = (0..self.length)
            .filter_map(|place| self.entry(self.oldest.wrapping_add(place)).copied())
            .filter(|last| !last.outdated)
            .collect();
        let size = if held.len() * 2 > self.queue.len() {
            self.queue.len() * 2
        } else {
            self.queue.len()
        };
        self.queue = held;
        self.length = u32::try_from(self.queue.len()).unwrap_or(u32::MAX);
        self.queue.resize(size, Last::default());
        self.oldest = 0;
        self.rebuild(self.buckets.len().max(size / 4));
    }

    /// Points to all entries anew, from so many buckets, a power of two, or more if need be.
    #[cold]
    fn rebuild(&mut self, mut buckets: usize) {
        while !self.points_to_all(buckets) {
            buckets *= 2;
        }
    }

    fn points_to_all(&mut self, buckets: usize) -> bool {
        self.buckets.clear();
        self.buckets.resize(buckets, Bucket::empty(self.oldest));
        (0..self.length).all(|place| {
            let number = self.oldest.wrapping_add(place);
            match self.entry(number).copied() {
                Some(last) if !last.outdated => self.point(last.packet, number),
                _ => true,
            }
        })
    }
}

/// The byte of a hash that is kept with its place; the lowest ones choose the bucket.
#[inline]
fn tag(packet: u64) -> u64 {
    packet >> 56
}

#[inline]
fn compared(last: &Last, segment: &Tracked) -> Sight {
    let apart = last.at.abs_diff(segment.stamp.at);
    if apart > COPY_WITHIN {
        return Sight::default(); // The clock was set; what stands ahead of it in the memory is near.
    }
    let tells = segment.ip_id != 0 || segment.has(known::TIMESTAMPS);
    let fell = if segment.ttl < last.ttl {
        last.fell.saturating_add(1)
    } else {
        0
    };
    Sight {
        again: true,
        copy: apart <= if tells { COPY_WITHIN } else { TWIN_WITHIN },
        fell,
    }
}
