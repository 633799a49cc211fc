//! Adaptation: which compositions a system has, what a running one perceives, and the loop that
//! changes one for another.
//!
//! Assembly reads [`repository`], [`space`], [`composition`]; a run reads [`goal`], then
//! [`control_loop`], which is pure, and [`session`], which gives it time, a system and listeners.
//! How an action is chosen is not here but in `em_learning`, how components are wired not here but
//! in `em_runtime`.

mod chart;
pub mod composition;
pub mod constraints;
pub mod control_loop;
pub mod event;
pub mod goal;
pub mod known;
pub mod loader;
pub mod perception;
pub mod record;
pub mod report;
pub mod repository;
#[cfg(test)]
mod sample;
pub mod session;
pub mod space;
pub mod system;
pub mod truth;
pub mod unmet;
pub mod update;

pub use chart::ChartError;
