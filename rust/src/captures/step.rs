//! What a walk over a capture file comes by.

use crate::captures::troubles::Problem;

/// A packet without its data, which are the stream's last piece.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// Number in the file, from 1.
    pub frame: u64,
    /// Nanoseconds since 1970, by the observer's clock.
    pub at: i64,
    /// Where its record starts in the file, bytes.
    pub offset: u64,
    pub link_type: u32,
    /// Bytes that it had on the wire by the file's word, never fewer than were kept.
    pub wire_length: u32,
}

/// Which kind of thing comes next in a file; what it is stands in `Found`, as copying it from hand to hand costs more
/// than reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Packet,
    Problem,
    End,
}

/// The packet and the problem met last, and what comes after them.
#[derive(Debug, Default)]
pub struct Found {
    pub record: Record,
    pub problem: Option<Problem>,
    queued: Option<(Step, Option<Problem>)>,
}

impl Found {
    /// A problem is met.
    pub fn problem(&mut self, problem: Problem) -> Step {
        self.problem = Some(problem);
        Step::Problem
    }

    /// A problem is met before `step`, which was met already and comes afterwards.
    pub fn problem_before(&mut self, problem: Problem, step: Option<Step>) -> Step {
        self.queued = step.map(|step| (step, self.problem));
        self.problem(problem)
    }

    /// Whether something is to come after the step before.
    #[must_use]
    pub fn is_queued(&self) -> bool {
        self.queued.is_some()
    }

    /// What was to come after the step before.
    #[inline]
    pub fn queued(&mut self) -> Option<Step> {
        self.queued.is_some().then(|| self.unqueued()).flatten()
    }

    #[cold]
    fn unqueued(&mut self) -> Option<Step> {
        let (step, problem) = self.queued.take()?;
        self.problem = problem;
        Some(step)
    }
}
