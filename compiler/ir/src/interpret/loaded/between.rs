//! What stands between a requirement and what it is wired to, where one of the two is for any
//! interface.

use super::{Machine, Raise, Wire, wiring};
use crate::proxy;

impl Machine {
    /// The wire by which a requirement is connected: that to the provider itself, or to a fresh
    /// component that is wired to it.
    pub(super) fn wire_between(
        &mut self,
        loaded: usize,
        at: usize,
        wire: Wire,
    ) -> Result<Wire, Raise> {
        let components = self.components.clone();
        let component = |loaded: usize| &components[self.loaded.all[loaded].component];
        let made = proxy::on_wire((component(loaded), at), (component(wire.0), wire.1));
        let Some(made) = made.map_err(wiring)? else {
            return Ok(wire);
        };
        let loaded = self.add_loaded(made, false);
        self.loaded.all[loaded].requires[0].to = Some(wire);
        Ok((loaded, 0))
    }
}
