#![no_main]

use bothways_kernel_fuzz::pass_two::check;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| check(data));
