//! Adaptation: what a running system perceives, and what is kept and shown of what it did.

mod chart;
pub mod perception;
pub mod record;
pub mod report;
pub mod truth;

pub use chart::ChartError;
