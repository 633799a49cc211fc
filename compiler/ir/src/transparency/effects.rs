//! What a function touches beside its arguments, all that it calls within its component included.

use super::regions::Callee;
use crate::component::Component;
use crate::function::Function;
use crate::ops::Inst;
use crate::ty::{FieldId, NativeId, Ty};
use std::collections::BTreeSet;

/// Natives whose results follow from their arguments, on every machine.
const PURE_NATIVES: &[&str] = &["host.Float", "host.Zlib"];
/// Natives that give or take what is the same to a program on every machine.
const PLACELESS_NATIVES: &[&str] = &["host.Random", "host.Perception"];

#[derive(Clone, Debug, Default)]
pub(super) struct Effects {
    /// Fields of the object's state that are read or written.
    pub(super) reads: BTreeSet<FieldId>,
    pub(super) writes: BTreeSet<FieldId>,
    pub(super) statics: BTreeSet<FieldId>,
    pub(super) natives: BTreeSet<NativeId>,
    /// Functions of other components.
    pub(super) calls: BTreeSet<Callee>,
    /// It starts threads, or waits for them.
    pub(super) threads: bool,
    /// It runs code of components that are known at run time only, as those of who listens.
    pub(super) loads: bool,
}

impl Effects {
    pub(super) fn add(&mut self, other: &Effects) {
        self.reads.extend(&other.reads);
        self.writes.extend(&other.writes);
        self.statics.extend(&other.statics);
        self.natives.extend(&other.natives);
        self.calls.extend(&other.calls);
        self.threads |= other.threads;
        self.loads |= other.loads;
    }

    pub(super) fn note(&mut self, component: &Component, function: &Function, inst: &Inst) {
        let required = |req: crate::ReqId| component.requires[req.index()].iface;
        match inst {
            Inst::GetState { field, .. } => {
                self.reads.insert(*field);
            }
            Inst::SetState { field, .. } => {
                self.writes.insert(*field);
            }
            Inst::GetStatic { field, .. } | Inst::SetStatic { field, .. } => {
                self.statics.insert(*field);
            }
            Inst::CallNative { native, .. } => {
                self.natives.insert(*native);
            }
            Inst::CallSlot { req, method, .. } => {
                let (iface, method) = (required(*req), Some(*method));
                self.calls.insert(Callee { iface, method });
            }
            Inst::CallObject { object, method, .. } => {
                if let Ty::Object(iface) = function.locals[object.index()] {
                    let method = Some(*method);
                    self.calls.insert(Callee { iface, method });
                }
            }
            Inst::NewObject { req, .. } => {
                let (iface, method) = (required(*req), None);
                self.calls.insert(Callee { iface, method });
            }
            Inst::NewFrom { .. }
            | Inst::CallAny { .. }
            | Inst::Emit { .. }
            | Inst::Subscribe { .. }
            | Inst::Unsubscribe { .. } => self.loads = true,
            Inst::Spawn { .. }
            | Inst::Join { .. }
            | Inst::ThreadSelf { .. }
            | Inst::ThreadWait { .. }
            | Inst::ThreadSignal { .. } => self.threads = true,
            _ => {}
        }
    }
}

/// Whether a native does and gives the same on every machine, and whether it does nothing else.
pub(super) fn native(component: &Component, native: NativeId) -> (bool, bool) {
    let module = component.natives[native.index()].module.as_str();
    let pure = PURE_NATIVES.contains(&module);
    (pure || PLACELESS_NATIVES.contains(&module), pure)
}
