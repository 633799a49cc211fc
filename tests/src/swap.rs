//! Hot swap, on small systems in the simulated world: `tests/suite/swap` has their components.
//!
//! The runs are deterministic, so what is printed is compared as a whole.

#[path = "swap/rig.rs"]
mod rig;

#[path = "swap/faults.rs"]
mod faults;
#[path = "swap/library.rs"]
mod library;
#[path = "swap/listeners.rs"]
mod listeners;
#[path = "swap/load.rs"]
mod load;
#[path = "swap/model.rs"]
mod model;
#[path = "swap/pinned.rs"]
mod pinned;
#[path = "swap/points.rs"]
mod points;
#[path = "swap/protocol.rs"]
mod protocol;
#[path = "swap/serving.rs"]
mod serving;
#[path = "swap/structure.rs"]
mod structure;
#[path = "swap/transaction.rs"]
mod transaction;
#[path = "swap/twins.rs"]
mod twins;
