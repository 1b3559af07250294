//! What Python calls: values unwrapped and wrapped, the interpreter released while the logic works.

pub mod packets;
pub mod parts;
pub mod survey;
pub mod words;
