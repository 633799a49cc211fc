//! Skeleton.

/// Skeleton.
pub trait World {}
