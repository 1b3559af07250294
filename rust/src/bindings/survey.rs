//! Pass one for Python.

use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::bindings::parts::{Watch, exception, merged};
use crate::bindings::words::{PyWord, words};
use crate::captures::connection_table::Table;
use crate::captures::part::Part;
use crate::captures::pass_one;
use crate::captures::record::Records;
use crate::captures::tally::Tally;
use crate::captures::thinning::thinned;
use crate::captures::troubles::Problem;

/// A problem: the name of its trouble, the numbers in its sentence, where it stands, and in which part.
type PyProblem = (&'static str, [u64; 3], Option<u64>, Option<u32>);

/// What was met in one file of a capture.
#[pyclass(frozen, get_all)]
pub struct SeenPart {
    formats: Vec<&'static str>,
    snap_length: Option<u32>,
    dropped: Option<u128>,
    ended_early: bool,
    names: Vec<(Py<PyBytes>, Py<PyBytes>)>,
    filters: Vec<Py<PyBytes>>,
    packets: u64,
    first: Option<i64>,
    last: Option<i64>,
    link_types: Vec<u32>,
    stopped: Option<(i32, u64)>,
}

/// Rows as records of a fixed size, and what these point to.
#[pyclass(frozen, get_all)]
pub struct Rows {
    data: Py<PyBytes>,
    addresses: Vec<Py<PyBytes>>,
    names: Vec<String>,
    histories: Vec<String>,
    statuses: Vec<Vec<(u16, u32)>>,
    layers: Vec<Vec<PyWord>>,
}

/// What pass one found.
#[pyclass(frozen, get_all)]
pub struct Survey {
    parts: Vec<Py<SeenPart>>,
    rows: Py<Rows>,
    /// Connections and packets that were left out, by kind, as there were too many.
    left_out: Vec<(u64, u64)>,
    /// Connections for which others stand.
    thinned: u64,
    problems: Vec<PyProblem>,
    link_types: Vec<u32>,
    layers: Vec<(String, u64)>,
    packets: u64,
    tcp_packets: u64,
    other_ip_packets: u64,
    cut_packets: u64,
    encrypted: u64,
    fragments: u64,
    unfinished: u64,
    largest_frame: u32,
    first: Option<i64>,
    last: Option<i64>,
    r#final: Option<i64>,
    steps_back: u64,
    furthest_back: i128,
    disordered: u64,
    longest_silence: i128,
    silent_from: Option<i64>,
}

/// Walk the files of a capture once.
///
/// At most `most_rows` connections are held at a time. Of more than `many` a sample of those that went plainly alike is
/// handed over; None hands over all.
#[pyfunction]
#[pyo3(signature = (parts, *, consecutive, most_rows, many))]
pub fn survey_parts(
    py: Python<'_>,
    parts: Vec<Bound<'_, PyAny>>,
    consecutive: bool,
    most_rows: usize,
    many: Option<usize>,
) -> PyResult<Survey> {
    let files = merged(&parts, consecutive)?;
    let mut watch = Watch::over(&parts)?;
    let walked = py.detach(|| {
        let table = Table::holding(most_rows);
        let found = pass_one::survey(files, table, |part, bytes| watch.look(part, bytes))?;
        let records = recorded(&found.table, many.unwrap_or(usize::MAX));
        Ok((found, records))
    });
    let (found, records) = walked.map_err(exception)?;
    let parts = found
        .merged
        .parts()
        .iter()
        .map(|part| seen(py, part))
        .collect::<PyResult<_>>()?;
    told(py, parts, &records, &found.table, found.tally)
}

fn recorded(table: &Table, many: usize) -> Records {
    let mut records = Records::default();
    let rows = table.rows();
    for (place, stands_for) in thinned(rows, many) {
        if let Some(row) = rows.get(place) {
            records.push(row, stands_for, table.texts());
        }
    }
    records
}

fn seen(py: Python<'_>, part: &Part) -> PyResult<Py<SeenPart>> {
    let bytes = |held: &[u8]| PyBytes::new(py, held).unbind();
    let facts = &part.facts;
    Py::new(
        py,
        SeenPart {
            formats: facts.formats.clone(),
            snap_length: facts.snap_length,
            dropped: facts.dropped,
            ended_early: facts.ended_early,
            names: facts
                .names
                .entries()
                .iter()
                .map(|(end, name)| (bytes(&end.bytes()), bytes(name)))
                .collect(),
            filters: facts.filters.iter().map(|filter| bytes(filter)).collect(),
            packets: part.met.packets,
            first: part.met.times.map(|(first, _)| first),
            last: part.met.times.map(|(_, last)| last),
            link_types: part.met.link_types.iter().copied().collect(),
            stopped: part.trouble.map(|failure| (failure.errno, failure.offset)),
        },
    )
}

fn rows(py: Python<'_>, records: &Records) -> PyResult<Py<Rows>> {
    let bytes = |held: &[u8]| PyBytes::new(py, held).unbind();
    Py::new(
        py,
        Rows {
            data: bytes(&records.data),
            addresses: records
                .addresses
                .values()
                .iter()
                .map(|address| bytes(&address.bytes()))
                .collect(),
            names: records.names.values().iter().map(ToString::to_string).collect(),
            histories: records.histories.values().to_vec(),
            statuses: records.statuses.values().to_vec(),
            layers: records.layers.values().iter().map(|layers| words(py, layers)).collect(),
        },
    )
}

fn told(py: Python<'_>, parts: Vec<Py<SeenPart>>, records: &Records, table: &Table, tally: Tally) -> PyResult<Survey> {
    let problem = |told: &Problem| (told.trouble.name(), told.numbers, told.offset, told.part);
    Ok(Survey {
        parts,
        rows: rows(py, records)?,
        left_out: table.eviction().left_out().to_vec(),
        thinned: (table.rows().len() as u64).saturating_sub(records.count),
        problems: tally.problems.iter().map(problem).collect(),
        link_types: tally.link_types,
        layers: tally.layers,
        packets: tally.packets,
        tcp_packets: tally.tcp_packets,
        other_ip_packets: tally.other_ip_packets,
        cut_packets: tally.cut_packets,
        encrypted: tally.encrypted,
        fragments: tally.decoder.fragments,
        unfinished: tally.decoder.unfinished(),
        largest_frame: tally.largest_frame,
        first: tally.times.first,
        last: tally.times.last,
        r#final: tally.times.r#final,
        steps_back: tally.times.steps_back,
        furthest_back: tally.times.furthest_back,
        disordered: tally.times.disordered,
        longest_silence: tally.times.longest_silence,
        silent_from: tally.times.silent_from,
    })
}
