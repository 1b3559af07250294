//! Plain values of Python for what records point to.

use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::captures::decoded::{Layers, Word};
use crate::wire::address::{Address, Endpoint};

/// What a header is called with its identifier, and a tunnel's ends (`bothways.captures.native_words.Word`).
pub type PyWord = (String, Option<(Py<PyBytes>, Py<PyBytes>)>);

/// What carried a packet, outermost first.
#[must_use]
pub fn words(py: Python<'_>, layers: &Layers) -> Vec<PyWord> {
    let bytes = |address: Address| PyBytes::new(py, &address.bytes()).unbind();
    let named = |word: &Word| match &*word.identifier {
        "" => word.kind.to_owned(),
        identifier => format!("{} {identifier}", word.kind),
    };
    let ends = |word: &Word| {
        word.ends
            .map(|(source, destination)| (bytes(source), bytes(destination)))
    };
    layers.words().iter().map(|word| (named(word), ends(word))).collect()
}

/// An end of a connection from its packed address, 4 or 16 bytes, and port.
///
/// # Errors
///
/// `ValueError` where the address has another length.
pub fn endpoint((packed, port): (Vec<u8>, u16)) -> PyResult<Endpoint> {
    let address = match packed.as_slice() {
        [a, b, c, d] => Address::v4([*a, *b, *c, *d]),
        other => Address::v6(other.try_into()?),
    };
    Ok(Endpoint { address, port })
}
