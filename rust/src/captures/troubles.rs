//! What can be wrong with a capture. The sentences stand in `bothways.captures.troubles`, by the same names.

/// Lists the kinds of trouble once, each with the name that its sentence has.
macro_rules! troubles {
    ($($kind:ident $name:literal,)*) => {
        /// One kind of trouble.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Trouble { $($kind,)* }

        impl Trouble {
            /// The names of all kinds.
            pub const NAMES: &'static [&'static str] = &[$($name,)*];

            /// What its sentence is called.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Trouble::$kind => $name,)* }
            }
        }
    };
}

troubles! {
    Empty "EMPTY",
    NoCapture "NO_CAPTURE",
    Gzip "GZIP",
    Zstd "ZSTD",
    Xz "XZ",
    Bzip2 "BZIP2",
    Lz4 "LZ4",
    Zip "ZIP",
    Snoop "SNOOP",
    Netmon "NETMON",
    NetworkMonitor "NETWORK_MONITOR",
    EndsInFileHeader "ENDS_IN_FILE_HEADER",
    UnknownVersion "UNKNOWN_VERSION",
    Appended "APPENDED",
    EndsInRecordHeader "ENDS_IN_RECORD_HEADER",
    Zeros "ZEROS",
    TooLarge "TOO_LARGE",
    EndsInPacket "ENDS_IN_PACKET",
    OverflownFraction "OVERFLOWN_FRACTION",
    EndsInBlockHeader "ENDS_IN_BLOCK_HEADER",
    EndsInSectionHeader "ENDS_IN_SECTION_HEADER",
    NoByteOrder "NO_BYTE_ORDER",
    SectionLength "SECTION_LENGTH",
    SectionVersion "SECTION_VERSION",
    BlockLength "BLOCK_LENGTH",
    EndsInBlock "ENDS_IN_BLOCK",
    LengthsDiffer "LENGTHS_DIFFER",
    SenselessInterface "SENSELESS_INTERFACE",
    SenselessPacket "SENSELESS_PACKET",
    Timeless "TIMELESS",
    Crowded "CROWDED",
    UnknownLink "UNKNOWN_LINK",
    OverlappingFragments "OVERLAPPING_FRAGMENTS",
    Malformed "MALFORMED",
    Orphans "ORPHANS",
    EarlierFragments "EARLIER_FRAGMENTS",
    Further "FURTHER",
}

/// One thing in a capture that was not understood; everything before it was kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Problem {
    pub trouble: Trouble,
    /// What the sentence has places for, in their order; a sentence with fewer passes over the rest.
    pub numbers: [u64; 3],
    /// Where in its file the trouble starts, bytes.
    pub offset: Option<u64>,
    /// Which of the capture's files, from 0; None where it concerns them all.
    pub part: Option<u32>,
}

impl Problem {
    /// Trouble at `offset` of the only file.
    #[must_use]
    pub fn at(offset: u64, trouble: Trouble, numbers: [u64; 3]) -> Self {
        Self {
            trouble,
            numbers,
            offset: Some(offset),
            part: Some(0),
        }
    }
}
