//! Tests of reflection.
