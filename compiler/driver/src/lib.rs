//! Runs the compiler over files: the one crate of the front end that reads and writes them.
//!
//! A [`Session`] knows the standard library and keeps all sources that diagnostics may point into.
//! [`Session::build`] compiles files and folders; [`Session::compile_project`] gives all components
//! that a program may be assembled from. `pipeline.rs` lists the stages in order.

mod build;
mod compat;
mod echo;
mod files;
mod pipeline;
mod project;
mod record;
mod root;
mod session;
mod stdlib;
mod unit_tests;
mod universe;
mod workbench;

pub use build::{BuildOptions, BuildOutcome, Built};
pub use compat::{CompatFile, Stage};
pub use files::is_source;
pub use project::Project;
pub use root::Root;
pub use session::Session;
pub use stdlib::find_stdlib;
pub use unit_tests::{Image, Problem, TEST_PROGRAM, TEST_SAYS_NO, TestFunction, UnitTest};
pub use workbench::{Made, Workbench};
