//! The component's tables: sizes, names, types, built-in records, provides and their signatures.

use super::events;
use super::{Errors, Place, check_ty, shown};
use crate::component::{Component, Field, Interface, Method, Param, Provide, Record};
use crate::faults::{EVENT_DATA, EVENT_DATA_FIELDS, EXCEPTION, EXCEPTION_FIELDS, MUTEX, OBJECT};
use crate::function::Function;
use crate::limits;
use crate::object_fn::ObjectFn;
use crate::reflect::{DATA, DYNAMIC, FIELD, TYPE};
use crate::swap_class::{rank, swap_class};
use crate::ty::{FuncId, IfaceId, RecordId, ReqId, Ty};
use std::collections::HashSet;

/// Sizes that bound the time of everything else.
pub(super) fn check_sizes(component: &Component, errors: &mut Errors) {
    let members = component
        .records
        .iter()
        .map(|r| r.fields.len())
        .sum::<usize>()
        + component.statics.len()
        + component
            .interfaces
            .iter()
            .map(interface_members)
            .sum::<usize>();
    let string_bytes = component.strings.iter().map(Vec::len).sum();
    let functions = &component.functions;
    let insts = functions
        .iter()
        .flat_map(|f| &f.blocks)
        .map(|b| 1 + b.insts.len())
        .sum();
    let locals = functions.iter().map(|f| f.locals.len()).sum();
    for (what, size, limit) in [
        ("records", component.records.len(), limits::RECORDS),
        ("interfaces", component.interfaces.len(), limits::INTERFACES),
        (
            "provided interfaces",
            component.provides.len(),
            limits::PROVIDES,
        ),
        (
            "required interfaces",
            component.requires.len(),
            limits::REQUIRES,
        ),
        ("natives", component.natives.len(), limits::NATIVES),
        ("constant strings", component.strings.len(), limits::STRINGS),
        (
            "bytes of constant strings",
            string_bytes,
            limits::STRING_BYTES,
        ),
        ("functions", functions.len(), limits::FUNCTIONS),
        ("locals in all", locals, limits::TOTAL_LOCALS),
        ("instructions in all", insts, limits::TOTAL_INSTS),
        (
            "fields, methods and parameters",
            members,
            limits::TOTAL_MEMBERS,
        ),
    ] {
        check_count(errors, &Place::Component, what, size, limit);
    }
    let entries = component.records.len() + component.interfaces.len();
    let work = component.records.len().saturating_mul(members + entries);
    if work > limits::RECORD_WORK {
        errors.push(Place::Component, "its records refer to too much");
    }
}

fn interface_members(interface: &Interface) -> usize {
    interface.transfer.len()
        + interface.constructor.as_ref().map_or(0, Vec::len)
        + interface
            .methods
            .iter()
            .map(|m| 1 + m.params.len())
            .sum::<usize>()
        + interface.events.len()
}

fn check_count(errors: &mut Errors, place: &Place, what: &str, size: usize, limit: usize) {
    if size > limit {
        errors.push(
            place.clone(),
            format!("{size} {what} are more than {limit}"),
        );
    }
}

/// Everything but functions' bodies.
pub(super) fn check(component: &Component, errors: &mut Errors) {
    check_name(errors, &Place::Component, "component", &component.name);
    if component.source.path.len() > limits::SOURCE_PATH_BYTES {
        errors.push(Place::Component, "the source path is too long");
    }
    check_records(component, errors);
    check_interfaces(component, errors);
    check_requires(component, errors);
    check_natives(component, errors);
    if errors.list.is_empty() {
        check_provides(component, errors);
    }
}

/// Names are printed in traces, tables and diagnostics, so they hold no control characters.
pub(super) fn check_name(errors: &mut Errors, place: &Place, what: &str, name: &str) {
    if name.is_empty() {
        errors.push(place.clone(), format!("a {what} has an empty name"));
    } else if name.len() > limits::NAME_BYTES {
        errors.push(
            place.clone(),
            format!(
                "the name of a {what} is longer than {} bytes",
                limits::NAME_BYTES
            ),
        );
    } else if name.chars().any(char::is_control) {
        errors.push(
            place.clone(),
            format!("the name of a {what} has control characters"),
        );
    }
}

fn check_fields(component: &Component, errors: &mut Errors, place: &Place, fields: &[Field]) {
    check_count(errors, place, "fields", fields.len(), limits::FIELDS);
    let mut seen = HashSet::new();
    for field in fields {
        check_name(errors, place, "field", &field.name);
        if !seen.insert(&field.name) {
            errors.push(
                place.clone(),
                format!("two fields are named {}", shown(&field.name)),
            );
        }
        if let Err(reason) = check_ty(component, &field.ty) {
            errors.push(
                place.clone(),
                format!("field {}: {reason}", shown(&field.name)),
            );
        }
    }
}

fn check_records(component: &Component, errors: &mut Errors) {
    let mut seen = HashSet::new();
    for (i, record) in component.records.iter().enumerate() {
        let place = Place::Entry(format!("record {}", shown(&record.path)));
        check_name(errors, &place, "record", &record.path);
        if !seen.insert(&record.path) {
            errors.push(place.clone(), "another record has the same path");
        }
        check_fields(component, errors, &place, &record.fields);
        if let Err(reason) = check_base(component, RecordId(i as u32)) {
            errors.push(place.clone(), reason);
        }
        if !has_built_in_shape(component, record) {
            errors.push(place, "it differs from the built-in record of that name");
        }
        if errors.is_full() {
            return;
        }
    }
}

/// A record begins with the fields of the one that it extends, and so on to one that extends none.
fn check_base(component: &Component, id: RecordId) -> Result<(), String> {
    let record = &component.records[id.index()];
    let Some(base) = record.base else {
        return Ok(());
    };
    let fields = component.records.get(base.index()).map(|r| &r.fields);
    let fields = fields.ok_or_else(|| format!("there is no record {base}"))?;
    if !record.fields.starts_with(fields) {
        return Err(format!("its fields don't begin with those of {base}"));
    }
    check_depth(component.bases(id).count())
}

/// The same for interfaces and their functions. Transfer fields belong to the state of one object,
/// which is never reached through its base.
fn check_interface_base(component: &Component, id: IfaceId) -> Result<(), String> {
    let interface = &component.interfaces[id.index()];
    let Some(base) = interface.base else {
        return Ok(());
    };
    let methods = component.interfaces.get(base.index()).map(|i| &i.methods);
    let methods = methods.ok_or_else(|| format!("there is no interface {base}"))?;
    if !interface.methods.starts_with(methods) {
        return Err(format!("its functions don't begin with those of {base}"));
    }
    let events = &component.interfaces[base.index()].events;
    if !interface.events.starts_with(events) {
        return Err(format!("its events don't begin with those of {base}"));
    }
    check_depth(component.iface_bases(id).count())
}

fn check_depth(chain: usize) -> Result<(), String> {
    match chain > limits::BASES {
        true => Err(format!("it extends more than {} others", limits::BASES - 1)),
        false => Ok(()),
    }
}

/// Records that the runtime makes or reads itself must look as it expects.
fn has_built_in_shape(component: &Component, record: &Record) -> bool {
    let is_plain = record.base.is_none();
    let fields: Vec<_> = record
        .fields
        .iter()
        .map(|f| (f.name.as_str(), &f.ty))
        .collect();
    let path_of = |ty: &Ty| match ty {
        Ty::Record(id) => component.records.get(id.index()).map(|r| r.path.as_str()),
        _ => None,
    };
    match record.path.as_str() {
        DYNAMIC | DATA => fields.is_empty() && is_plain,
        TYPE => {
            let [
                ("class", class),
                ("flags", flags),
                ("size", size),
                ("fields", of),
            ] = fields[..]
            else {
                return false;
            };
            let Ty::Array(field) = of else {
                return false;
            };
            let numbers = *class == Ty::U8 && *flags == Ty::U8;
            let numbers = numbers && matches!(size, Ty::I64 | Ty::U64);
            numbers && path_of(field) == Some(FIELD) && is_plain
        }
        FIELD => {
            let [("type", ty), ("name", name), ("flags", flags)] = fields[..] else {
                return false;
            };
            let plain = *name == Ty::string() && *flags == Ty::U8;
            plain && path_of(ty) == Some(TYPE) && is_plain
        }
        EXCEPTION => {
            let names = record.fields.iter().map(|f| f.name.as_str());
            names.eq(EXCEPTION_FIELDS)
                && record.fields.iter().all(|f| f.ty == Ty::string())
                && record.base.is_none()
        }
        EVENT_DATA => {
            let names = record.fields.iter().map(|f| f.name.as_str());
            let types: Vec<_> = record.fields.iter().map(|f| &f.ty).collect();
            let [Ty::Object(source), Ty::I64, Ty::Record(details)] = types[..] else {
                return false;
            };
            let any = component.is_object(*source) && component.is_data(*details);
            names.eq(EVENT_DATA_FIELDS) && any && is_plain
        }
        MUTEX => record.fields.is_empty() && record.base.is_none(),
        _ => true,
    }
}

fn check_interfaces(component: &Component, errors: &mut Errors) {
    let mut seen = HashSet::new();
    for (i, interface) in component.interfaces.iter().enumerate() {
        let place = Place::Entry(format!("interface {}", shown(&interface.path)));
        check_name(errors, &place, "interface", &interface.path);
        if !interface.variant.is_empty() {
            check_name(errors, &place, "variant", &interface.variant);
        }
        if !seen.insert((&interface.path, &interface.variant)) {
            errors.push(
                place.clone(),
                "another interface has the same path and variant",
            );
        }
        if let Err(reason) = check_interface_base(component, IfaceId(i as u32)) {
            errors.push(place.clone(), reason);
        }
        check_events(component, errors, &place, interface);
        if interface.path == OBJECT && !is_bare(interface) {
            let reason = "it differs from the built-in interface of that name";
            errors.push(place.clone(), reason);
        }
        check_fields(component, errors, &place, &interface.transfer);
        check_count(
            errors,
            &place,
            "methods",
            interface.methods.len(),
            limits::METHODS,
        );
        if let Some(params) = &interface.constructor {
            check_params(component, errors, &place, params);
        }
        let mut names = HashSet::new();
        for method in &interface.methods {
            check_method(component, errors, &place, method);
            if !names.insert(&method.name) {
                errors.push(
                    place.clone(),
                    format!("two functions are named {}", shown(&method.name)),
                );
            }
        }
        if errors.is_full() {
            return;
        }
    }
}

fn check_events(component: &Component, errors: &mut Errors, place: &Place, interface: &Interface) {
    let events = &interface.events;
    check_count(errors, place, "events", events.len(), limits::METHODS);
    let mut names = HashSet::new();
    for event in events {
        check_name(errors, place, "event", &event.name);
        if !names.insert(&event.name) {
            let reason = format!("two events are named {}", shown(&event.name));
            errors.push(place.clone(), reason);
        }
        let checked = match &event.details {
            Some(ty @ Ty::Record(_)) => check_ty(component, ty),
            Some(_) => Err("it brings something else than a record".into()),
            None => Ok(()),
        };
        if let Err(reason) = checked {
            let reason = format!("event {}: {reason}", shown(&event.name));
            errors.push(place.clone(), reason);
        }
    }
}

/// Nothing is known of any object.
fn is_bare(interface: &Interface) -> bool {
    interface.variant.is_empty()
        && interface.base.is_none()
        && interface.constructor.is_none()
        && interface.methods.is_empty()
        && interface.transfer.is_empty()
        && interface.events.is_empty()
}

fn check_params(component: &Component, errors: &mut Errors, place: &Place, params: &[Param]) {
    check_count(errors, place, "parameters", params.len(), limits::PARAMS);
    for (i, param) in params.iter().enumerate() {
        check_name(errors, place, "parameter", &param.name);
        let told = |next: &Param| next.ty == Ty::Bool && !next.opt;
        if param.opt && !params.get(i + 1).is_some_and(told) {
            let name = shown(&param.name);
            errors.push(
                place.clone(),
                format!("nothing says whether the parameter {name} is given"),
            );
        }
        if let Err(reason) = check_ty(component, &param.ty) {
            errors.push(
                place.clone(),
                format!("parameter {}: {reason}", shown(&param.name)),
            );
        }
    }
}

fn check_method(component: &Component, errors: &mut Errors, place: &Place, method: &Method) {
    check_name(errors, place, "function", &method.name);
    check_params(component, errors, place, &method.params);
    if let Some(Err(reason)) = method.ret.as_ref().map(|ty| check_ty(component, ty)) {
        errors.push(
            place.clone(),
            format!("result of {}: {reason}", shown(&method.name)),
        );
    }
}

fn check_requires(component: &Component, errors: &mut Errors) {
    let mut names = HashSet::new();
    for (i, require) in component.requires.iter().enumerate() {
        let place = Place::Entry(format!("requirement q{i}"));
        let Some(interface) = component.interfaces.get(require.iface.index()) else {
            errors.push(place, format!("there is no interface {}", require.iface));
            continue;
        };
        if let Some(name) = &require.name {
            check_name(errors, &place, "requirement", name);
            if !names.insert(name) {
                errors.push(
                    place.clone(),
                    format!("another one is named {}", shown(name)),
                );
            }
            // Its object is made when the component is wired, when there is nobody to ask for
            // arguments.
            if interface
                .constructor
                .as_ref()
                .is_some_and(|params| !params.is_empty())
            {
                errors.push(
                    place,
                    format!(
                        "{} is named, but the constructor of {} has parameters",
                        shown(name),
                        shown(&interface.path)
                    ),
                );
            }
        }
    }
}

fn check_natives(component: &Component, errors: &mut Errors) {
    for native in &component.natives {
        let name = &native.function.name;
        let place = Place::Entry(format!("native {}.{}", shown(&native.module), shown(name)));
        check_name(errors, &place, "native module", &native.module);
        check_method(component, errors, &place, &native.function);
        if native.function.params.iter().any(|p| p.opt) {
            errors.push(place.clone(), "natives have no optional parameters");
        }
        let params = native.function.params.iter().map(|p| &p.ty);
        let fits = |ty: &Ty| may_cross_to_native(component, ty);
        if !params.chain(&native.function.ret).all(fits) {
            errors.push(
                place,
                "natives take no threads, and no objects of other interfaces than Object",
            );
        }
        if errors.is_full() {
            return;
        }
    }
}

/// What a native of this host takes and gives is told when the component is loaded; here it is what
/// no host can have natives for.
fn may_cross_to_native(component: &Component, ty: &Ty) -> bool {
    match ty {
        Ty::Array(element) => may_cross_to_native(component, element),
        Ty::Object(id) => component.is_object(*id),
        Ty::Thread => false,
        _ => true,
    }
}

fn check_provides(component: &Component, errors: &mut Errors) {
    if component.provides.is_empty() {
        errors.push(Place::Component, "it provides nothing");
    }
    let mut seen = HashSet::new();
    for (i, provide) in component.provides.iter().enumerate() {
        let Some(interface) = component.interfaces.get(provide.iface.index()) else {
            let place = Place::Entry(format!("provide {i}"));
            errors.push(place, format!("there is no interface {}", provide.iface));
            continue;
        };
        let place = Place::Entry(format!("provide {i} ({})", shown(&interface.path)));
        if !seen.insert(provide.iface) {
            errors.push(place.clone(), "the interface is provided twice");
        }
        check_fields(component, errors, &place, &provide.fields);
        let state = interface.transfer.len() + provide.fields.len();
        check_count(errors, &place, "state fields", state, limits::FIELDS);
        ProvideCheck {
            component,
            index: i as u32,
            place,
            errors,
        }
        .check(provide, interface);
    }
    check_statics(component, errors);
}

fn check_statics(component: &Component, errors: &mut Errors) {
    let place = Place::Entry("static fields".into());
    check_fields(component, errors, &place, &component.statics);
    let Some(func) = component.statics_init else {
        return;
    };
    let mut check = ProvideCheck {
        component,
        index: 0,
        place,
        errors,
    };
    check.role("the initialiser", func, &[], None);
}

/// Checks that the functions of one provide have the signatures that their roles ask for.
struct ProvideCheck<'a> {
    component: &'a Component,
    index: u32,
    place: Place,
    errors: &'a mut Errors,
}

impl ProvideCheck<'_> {
    fn check(&mut self, provide: &Provide, interface: &Interface) {
        if provide.methods.len() != interface.methods.len() {
            let (have, want) = (provide.methods.len(), interface.methods.len());
            self.refuse(format!("it implements {have} functions of {want}"));
        }
        for (func, method) in provide.methods.iter().zip(&interface.methods) {
            self.role(&method.name, *func, &method.params, method.ret.as_ref());
        }
        match (&interface.constructor, provide.constructor) {
            (Some(params), Some(func)) => self.role("the constructor", func, params, None),
            (None, None) => {}
            (Some(_), None) => self.refuse("the constructor is missing"),
            (None, Some(_)) => self.refuse("its interface declares no constructor"),
        }
        if let Some(req) = provide.super_object {
            self.super_object(provide, req);
        }
        for (what, func) in [
            ("the initialiser", provide.init),
            ("active", provide.active),
            ("inactive", provide.inactive),
            ("destroy", provide.destroy),
        ] {
            if let Some(func) = func {
                self.role(what, func, &[], None);
            }
        }
        self.object_fns(provide);
        self.sinks(provide);
    }

    fn object_fns(&mut self, provide: &Provide) {
        for function in ObjectFn::ALL {
            let Some(func) = provide.object_fns[function.index()] else {
                continue;
            };
            match events::object_fn_params(self.component, function) {
                Ok(params) => self.role(function.name(), func, &params, Some(&function.ret())),
                Err(reason) => self.refuse(reason),
            }
        }
    }

    fn sinks(&mut self, provide: &Provide) {
        let param = events::sink_param(self.component);
        let sinks = provide.sinks.len();
        check_count(
            self.errors,
            &self.place,
            "event sinks",
            sinks,
            limits::METHODS,
        );
        let mut names = HashSet::new();
        for (name, func) in events::sinks(provide) {
            check_name(self.errors, &self.place, "event sink", name);
            if !names.insert(name) {
                self.refuse(format!("two event sinks are named {}", shown(name)));
            }
            match &param {
                Some(param) => self.role(name, func, std::slice::from_ref(param), None),
                None => self.refuse("nothing says what event sinks get"),
            }
        }
    }

    /// The field of the super-object is there, and of a type that the interface extends.
    fn super_object(&mut self, provide: &Provide, req: ReqId) {
        let component = self.component;
        let require = component.requires.get(req.index());
        let Some(require) = require.filter(|require| require.name.is_none()) else {
            return self.refuse(format!("{req} makes no objects"));
        };
        let ty = Ty::Object(require.iface);
        let is_first = provide.fields.first().is_some_and(|field| field.ty == ty);
        if !is_first || !component.widens(&Ty::Object(provide.iface), &ty) {
            self.refuse(format!("it has no place for a super-object of {req}"));
        }
    }

    fn refuse(&mut self, reason: impl Into<String>) {
        self.errors.push(self.place.clone(), reason);
    }

    fn role(&mut self, what: &str, func: FuncId, params: &[Param], ret: Option<&Ty>) {
        let Some(function) = self.component.functions.get(func.index()) else {
            self.refuse(format!("{}: there is no function {func}", shown(what)));
            return;
        };
        if function.provide != self.index {
            self.refuse(format!(
                "{}: {func} belongs to another provide",
                shown(what)
            ));
        } else if !has_signature(function, params, ret) {
            self.refuse(format!("{}: {func} has another signature", shown(what)));
        }
    }
}

fn has_signature(function: &Function, params: &[Param], ret: Option<&Ty>) -> bool {
    function.params as usize == params.len()
        && params
            .iter()
            .map(|p| &p.ty)
            .eq(function.locals.iter().take(params.len()))
        && function.ret.as_ref() == ret
}

/// The claimed swap class must not allow more than the code does.
pub(super) fn check_swap_class(component: &Component, errors: &mut Errors) {
    let (claimed, needed) = (component.swap_class, swap_class(component));
    if rank(claimed) < rank(needed) {
        errors.push(
            Place::Component,
            format!("it claims to be {claimed:?}, but its state makes it {needed:?}"),
        );
    }
}
