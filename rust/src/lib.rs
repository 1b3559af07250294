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
#[pyo3::pymodule]
mod _kernel {
    use pyo3::prelude::*;

    /// The Internet checksum (RFC 1071) of `data`, continued from the partial sum `initial`.
    #[pyfunction]
    #[pyo3(signature = (data, initial = 0))]
    fn internet_checksum(py: Python<'_>, data: &[u8], initial: u32) -> u16 {
        py.detach(|| crate::wire::checksum::internet_checksum(data, initial))
    }
}
