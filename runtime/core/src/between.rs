//! What stands between a requirement and what it is wired to, where one of the two is for any
//! interface: a component that is made for the purpose (see [`em_ir::proxy`]).

use crate::isolate::Isolate;
use crate::library::Known;
use crate::loaded::{Loaded, Wire, wiring_fault};
use crate::native::NativeFault;
use em_ir::{image, proxy};
use std::rc::Rc;
use std::sync::Arc;

impl Isolate {
    /// The wire by which a requirement is connected: that to the provider itself, or to a fresh
    /// component that is wired to it.
    pub(crate) fn wire_between(
        &self,
        loaded: &Loaded,
        at: usize,
        wire: &Wire,
    ) -> Result<Wire, NativeFault> {
        let there = &wire.0.unit.component;
        let made = proxy::on_wire((&loaded.unit.component, at), (there, wire.1));
        let Some(made) = made.map_err(wiring_fault)? else {
            return Ok(wire.clone());
        };
        let known = Known {
            hash: *blake3::hash(&image::encode(&made)).as_bytes(),
            component: Arc::new(made),
        };
        let loaded: Rc<Loaded> = self.load(&known, false)?;
        *loaded.requires[0].to.borrow_mut() = Some(wire.clone());
        Ok((loaded, 0))
    }
}
