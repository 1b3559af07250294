//! The files of a capture as Python hands them over: each a descriptor or an iterator of bytes, asked for when its time has come.

use std::fs::File;
use std::os::fd::{FromRawFd, OwnedFd, RawFd};

use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::PyIterator;

use crate::captures::merged::Merged;
use crate::captures::part::Part;
use crate::captures::source::{Broken, Source, Stop};

/// The files, not opened yet.
///
/// # Errors
///
/// `AttributeError` and `TypeError` where they are no `bothways.captures.merged.Part`.
pub fn merged(parts: &[Bound<'_, PyAny>], consecutive: bool) -> PyResult<Merged> {
    let parts = parts.iter().map(part).collect::<PyResult<Vec<_>>>()?;
    Ok(Merged::new(parts, consecutive))
}

fn part(told: &Bound<'_, PyAny>) -> PyResult<Part> {
    let begins: Option<i64> = told.getattr("begins")?.extract()?;
    let told = told.clone().unbind();
    Ok(Part::new(
        begins,
        Box::new(move || Python::attach(|py| Ok(open(told.bind(py)).map_err(broken)?))),
    ))
}

fn open(part: &Bound<'_, PyAny>) -> PyResult<Box<dyn Source>> {
    let direct = part.getattr("direct")?;
    if !direct.is_none() {
        let descriptor: Option<RawFd> = direct.call_method0("descriptor")?.extract()?;
        if let Some(descriptor) = descriptor {
            // SAFETY: `descriptor` opens the file anew for this reader alone, which is to close it.
            let owned = unsafe { OwnedFd::from_raw_fd(descriptor) };
            return Ok(Box::new(File::from(owned)));
        }
    }
    let iterator = part.getattr("chunks")?.try_iter()?.unbind();
    Ok(Box::new(Chunks {
        iterator,
        chunk: None,
        at: 0,
    }))
}

/// Bytes that Python makes, as of a compressed file.
struct Chunks {
    iterator: Py<PyIterator>,
    chunk: Option<PyBackedBytes>,
    at: usize,
}

impl Source for Chunks {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Stop> {
        loop {
            let left = self
                .chunk
                .as_deref()
                .and_then(|chunk| chunk.get(self.at..))
                .unwrap_or_default();
            if !left.is_empty() {
                let count = left.len().min(buffer.len());
                for (place, byte) in buffer.iter_mut().zip(left) {
                    *place = *byte;
                }
                self.at += count;
                return Ok(count);
            }
            match Python::attach(|py| self.following(py)).map_err(broken)? {
                None => return Ok(0),
                Some(chunk) => {
                    self.chunk = Some(chunk);
                    self.at = 0;
                }
            }
        }
    }
}

impl Chunks {
    fn following(&self, py: Python<'_>) -> PyResult<Option<PyBackedBytes>> {
        let mut iterator = self.iterator.bind(py).clone();
        iterator
            .next()
            .map(|chunk| chunk?.extract().map_err(PyErr::from))
            .transpose()
    }
}

/// Looks from time to time whether somebody pressed Ctrl-C, and tells how far the reading is.
pub struct Watch {
    files: Vec<Option<Py<PyAny>>>,
}

impl Watch {
    /// Over these parts, whose `direct` files are told.
    ///
    /// # Errors
    ///
    /// `AttributeError` where they are no parts.
    pub fn over(parts: &[Bound<'_, PyAny>]) -> PyResult<Self> {
        let files = parts
            .iter()
            .map(|part| Ok(part.getattr("direct")?.extract::<Option<Py<PyAny>>>()?));
        Ok(Self {
            files: files.collect::<PyResult<_>>()?,
        })
    }

    /// Look: `bytes` of a part were read.
    ///
    /// # Errors
    ///
    /// `KeyboardInterrupt`, or whatever a handler of signals or the file raised.
    pub fn look(&mut self, part: u32, bytes: u64) -> Result<(), Broken> {
        let file = usize::try_from(part)
            .ok()
            .and_then(|place| self.files.get(place)?.as_ref());
        Python::attach(|py| {
            py.check_signals()?;
            if let Some(file) = file {
                file.call_method1(py, "reached", (bytes,))?;
            }
            Ok(())
        })
        .map_err(broken)
    }
}

/// An exception on its way through code that knows no Python.
pub fn broken(error: PyErr) -> Broken {
    Broken(Box::new(error))
}

/// The exception that `broken` held, or one that says what else went wrong.
pub fn exception(broken: Broken) -> PyErr {
    match broken.0.downcast::<PyErr>() {
        Ok(error) => *error,
        Err(other) => pyo3::exceptions::PyRuntimeError::new_err(other.to_string()),
    }
}
