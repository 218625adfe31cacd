//! The `firstlight` command as a library.
