//! Pass two for Python.

use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::bindings::parts::{Watch, exception, merged};
use crate::bindings::words::{PyWord, endpoint, words};
use crate::captures::packet_record::{Record, Tables, error, segment};
use crate::captures::pass_two::{Choice, Kept, extract};

/// An end of a connection: its packed address, and its port.
type PyEnd = (Vec<u8>, u16);

/// Records of segments and of errors.
type PyKept = (Py<PyBytes>, Py<PyBytes>);

/// What pass two found, and what its records point to.
#[pyclass(frozen, get_all)]
pub struct Extracted {
    kept: Vec<PyKept>,
    names: Vec<String>,
    layers: Vec<Vec<PyWord>>,
    others: Vec<Vec<(u8, u8)>>,
}

/// Walk the files of a capture once more and keep the packets of the chosen connections: ends, first and last number.
#[pyfunction]
#[pyo3(signature = (parts, *, consecutive, chosen))]
pub fn extract_parts(
    py: Python<'_>,
    parts: Vec<Bound<'_, PyAny>>,
    consecutive: bool,
    chosen: Vec<(PyEnd, PyEnd, u64, u64)>,
) -> PyResult<Extracted> {
    let choices = chosen.into_iter().map(choice).collect::<PyResult<Vec<_>>>()?;
    let files = merged(&parts, consecutive)?;
    let mut watch = Watch::over(&parts)?;
    let kept = py
        .detach(|| extract(files, &choices, |part, bytes| watch.look(part, bytes)))
        .map_err(exception)?;
    Ok(handed_over(py, &kept))
}

fn choice((opener, other, first_number, last_number): (PyEnd, PyEnd, u64, u64)) -> PyResult<Choice> {
    Ok(Choice {
        opener: endpoint(opener)?,
        other: endpoint(other)?,
        first_number,
        last_number,
    })
}

fn handed_over(py: Python<'_>, found: &[Kept]) -> Extracted {
    let mut tables = Tables::default();
    let kept = found.iter().map(|kept| records(py, kept, &mut tables)).collect();
    Extracted {
        kept,
        names: tables.names.values().iter().map(ToString::to_string).collect(),
        layers: tables.layers.values().iter().map(|layers| words(py, layers)).collect(),
        others: tables.others.values().iter().map(|others| others.to_vec()).collect(),
    }
}

fn records(py: Python<'_>, kept: &Kept, tables: &mut Tables) -> PyKept {
    let (mut segments, mut errors) = (Record::default(), Record::default());
    for whole in &kept.segments {
        segment(&mut segments, whole, tables);
    }
    for told in &kept.errors {
        error(&mut errors, told);
    }
    (
        PyBytes::new(py, &segments.0).unbind(),
        PyBytes::new(py, &errors.0).unbind(),
    )
}
