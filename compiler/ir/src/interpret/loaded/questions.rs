//! What a program asks about loaded components, their objects and the host's library.

use super::{Args, FIRST_HANDLE, Given, Place, Wire, boolean, wiring};
use crate::component::NativeImport;
use crate::interpret::machine::{Green, Machine};
use crate::interpret::natives::Natives;
use crate::interpret::value::{Elements, Moving, Object, Value, new_array, new_resource};
use crate::loading;
use std::rc::Rc;

impl Machine {
    /// What the host knows of its library.
    pub(super) fn library_native(
        &mut self,
        thread: &Green,
        import: &NativeImport,
        args: &Args<'_>,
        host: &mut dyn Natives,
    ) -> Given {
        let owner = thread.frames.last().map_or(0, |frame| frame.owner());
        let name = import.function.name.as_str();
        let names = match name {
            "components" => {
                let providers = host.providers(&args.text(0));
                providers.into_iter().map(|c| c.name).collect()
            }
            "interfaces" => host.interfaces(),
            "searchPaths" => host.search_paths(),
            _ => {
                let home = Elements::Bytes(host.home().into());
                return Ok(Some(new_array(&self.ledger, owner, home)));
            }
        };
        Ok(Some(self.texts(owner, names)))
    }

    /// The objects of a requirement, or a new one.
    pub(super) fn objects_native(
        &mut self,
        name: &str,
        args: &Args<'_>,
        owner: u32,
        host: &mut dyn Natives,
    ) -> Given {
        let loaded = args.component(self, 0)?;
        let component = &self.components[self.loaded.all[loaded].component];
        let required = args.text(1);
        let at = loading::requirement(component, &required).map_err(wiring)?;
        if name == "objects" {
            let found = loading::requirements(component, &required).map_err(wiring)?;
            let sites = found
                .into_iter()
                .filter_map(|at| self.loaded.all[loaded].requires[at].site);
            let objects = sites.flat_map(|site| self.ledger.objects_at(site));
            let objects = objects.map(Value::Object).collect();
            let objects = Elements::Values(objects);
            return Ok(Some(new_array(&self.ledger, owner, objects)));
        }
        let Some(to) = self.loaded.all[loaded].requires[at].to else {
            return Err(wiring(format!("nothing is wired to `{required}`")));
        };
        let site = self.site_of(Place::Requirement(loaded, at), to, host)?;
        Ok(Some(Value::Object(self.fresh_object(site, to.1, host)?)))
    }

    /// What is asked about a component or an object.
    pub(super) fn question(
        &mut self,
        name: &str,
        args: &Args<'_>,
        owner: u32,
        host: &mut dyn Natives,
    ) -> Given {
        match name {
            "same" => return boolean(args.values[0].same(&args.values[1])),
            "settled" => return boolean(self.is_settled(&*args.object(0)?)),
            "hasTransferState" => {
                let code = args.object(0)?.code.get();
                let component = &self.components[code.component];
                let iface = component.provides[code.provide].iface;
                return boolean(!component.interfaces[iface.index()].transfer.is_empty());
            }
            _ => {}
        }
        let loaded = args.handle(self, 0)?;
        let component = loaded.map(|l| &self.components[self.loaded.all[l].component]);
        Ok(Some(match (name, component) {
            ("name", component) => {
                let name = component.map_or(String::new(), |c| c.name.clone());
                new_array(&self.ledger, owner, Elements::Bytes(name.into()))
            }
            ("provided", Some(component)) => self.texts(owner, loading::provided_names(component)),
            ("provided", None) => self.texts(owner, host.interfaces()),
            ("required", Some(component)) => self.texts(owner, loading::required_names(component)),
            ("required", None) => self.texts(owner, Vec::new()),
            ("provider", Some(component)) => {
                let at = loading::requirement(component, &args.text(1)).map_err(wiring)?;
                let to = loaded.and_then(|l| self.loaded.all[l].requires[at].to);
                let handle = |(to, _): Wire| FIRST_HANDLE + to as u64;
                to.map_or(Value::Null, |to| new_resource(&self.ledger, handle(to)))
            }
            ("provider", None) => Value::Null,
            (name, _) => return Err(wiring(format!("there is no native {name}"))),
        }))
    }

    pub(super) fn is_settled(&self, object: &Object) -> bool {
        let newest = self.sites[object.site.get()].versions.len() - 1;
        let moving = matches!(object.moving.get(), Moving::By(_));
        object.goes_to.get().is_none() && object.code.get().version == newest && !moving
    }

    /// Stops the calls that other threads have in flight in an object.
    pub(super) fn halt(&mut self, object: &Rc<Object>) -> i64 {
        let inside = |thread: &&mut Green| {
            let mut frames = thread.frames.iter();
            frames.any(|frame| Rc::ptr_eq(&frame.object, object))
        };
        let mut halted = 0;
        for thread in self.threads.iter_mut().filter(inside) {
            thread.halted = Some(object.clone());
            halted += 1;
        }
        halted
    }
}
