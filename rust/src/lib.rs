//! The native kernel of bothways.
//!
//! This file holds the bindings and nothing else: they unwrap Python's values, release the interpreter
//! while the logic computes, and wrap what comes back. The logic lives in the other files, which know no
//! Python and forbid `unsafe`. What is right is defined by the plain-Python twin of each function.

// PyO3's macros write `unsafe` code for the bindings, so the ban can only cover the whole crate without them.
#![cfg_attr(not(feature = "python"), forbid(unsafe_code))]

pub mod captures;
pub mod wire;

#[cfg(feature = "python")]
mod bindings;

#[cfg(feature = "python")]
#[pyo3::pymodule]
mod _kernel {
    use pyo3::prelude::*;

    #[pymodule_export]
    use crate::bindings::packets::{Extracted, extract_parts};
    #[pymodule_export]
    use crate::bindings::survey::{Rows, SeenPart, Survey, survey_parts};

    /// The Internet checksum (RFC 1071) of `data`, continued from the partial sum `initial`.
    #[pyfunction]
    #[pyo3(signature = (data, initial = 0))]
    fn internet_checksum(py: Python<'_>, data: &[u8], initial: u32) -> u16 {
        py.detach(|| crate::wire::checksum::internet_checksum(data, initial))
    }

    /// How records are laid out: columns with their formats in Python's `struct`, and bits that tell what is there.
    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        use crate::captures::{packet_record, record, troubles::Trouble};

        module.add("ROW", record::layout())?;
        module.add("ROW_BITS", record::bits())?;
        module.add("SEGMENT", packet_record::SEGMENT.to_vec())?;
        module.add("ERROR", packet_record::ERROR.to_vec())?;
        module.add("TROUBLES", Trouble::NAMES.to_vec())
    }
}
