//! What must hold of the kernel's readers whatever the bytes: a fuzzer makes them (`fuzz_targets`), and the kernel's tests
//! take those of the project's captures (`rust/tests/fuzzed.rs`), so that neither falls behind the code.

pub mod containers;
pub mod input;
pub mod pass_one;
pub mod pass_two;
