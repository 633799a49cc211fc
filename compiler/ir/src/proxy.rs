//! Components that are made while a program runs, so that one component can stand in for any
//! interface: a *stand-in* provides the interface and hands each call over to a `lang.Proxy`; a
//! *forwarder* provides `lang.Morph` and makes each call that it is handed on an object of the
//! interface.
//!
//! Both are ordinary components in IR, so that interpreter and native code run them as they run
//! all others, and swaps treat them alike. A call between the two is a `lang.FunctionCall`, in
//! which each argument is a `lang.Dynamic`; an optional parameter is two, as in the methods.

mod body;
mod tables;

use crate::component::{
    Component, Dialect, Field, Interface, Provide, Require, SourceInfo, SwapClass,
};
use crate::faults::EXCEPTION;
use crate::function::Function;
use crate::reflect::DYNAMIC;
use crate::ty::{FieldId, FuncId, IfaceId, Local, RecordId, ReqId, Ty};
use body::Code;
use tables::Tables;

/// Path of the interface to which a stand-in hands calls over.
pub const PROXY: &str = "lang.Proxy";
/// Path of the interface by which calls are made that were handed over.
pub const MORPH: &str = "lang.Morph";
/// Path of the record of a call.
pub const CALL: &str = "lang.FunctionCall";
/// Its fields: full name of the interface, name of the function, its position, the arguments. The
/// constructor has the name of the interface and the position -1.
const INTERFACE: FieldId = FieldId(0);
const NAME: FieldId = FieldId(1);
const INDEX: FieldId = FieldId(2);
const ARGUMENTS: FieldId = FieldId(3);
/// Functions of both interfaces, in order.
const FUNCTIONS: [&str; 2] = ["construct", "function"];

/// What a wire between two interfaces that differ needs in between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Between {
    /// A stand-in for what is required, in front of a `lang.Proxy`.
    StandIn,
    /// A forwarder behind a required `lang.Morph`.
    Forwarder,
    /// From a `lang.Morph` to a `lang.Proxy`: calls pass as they are.
    Relay,
}

/// What stands between a required and a provided interface, if one of them is for any interface.
fn between(required: &Interface, provided: &Interface) -> Option<Between> {
    match (required.path.as_str(), provided.path.as_str()) {
        (MORPH, PROXY) => Some(Between::Relay),
        (PROXY | MORPH, PROXY | MORPH) => None,
        (_, PROXY) => Some(Between::StandIn),
        (MORPH, _) => Some(Between::Forwarder),
        _ => None,
    }
}

/// What stands on the wire from a requirement of `here`, by its position, to a provision of
/// `there`: a component that provides what the one requires and requires what the other provides.
/// Nothing, unless one of the two interfaces is for any interface.
///
/// # Errors
/// When `lang.Proxy` or `lang.Morph` is not declared as this runtime knows it.
pub fn on_wire(
    (here, require): (&Component, usize),
    (there, provide): (&Component, usize),
) -> Result<Option<Component>, String> {
    let required = here.requires[require].iface;
    let provided = there.provides[provide].iface;
    let what = between(
        &here.interfaces[required.index()],
        &there.interfaces[provided.index()],
    );
    what.map(|between| component(between, (here, required), (there, provided)))
        .transpose()
}

fn component(
    between: Between,
    required: (&Component, IfaceId),
    provided: (&Component, IfaceId),
) -> Result<Component, String> {
    let mut tables = Tables::default();
    let near = tables.interface(required.0, required.1);
    let far = tables.interface(provided.0, provided.1);
    let (any, one) = match between {
        Between::StandIn => (far, near),
        Between::Forwarder | Between::Relay => (near, far),
    };
    let call = tables.call_of(any)?;
    let made = Made {
        name: tables.interfaces[one.index()].full_name(),
        tables,
        call,
        one,
        any,
    };
    let made = match between {
        Between::StandIn => made.stand_in(),
        Between::Forwarder => made.forwarder(),
        Between::Relay => made.relay(),
    };
    // What fails behind it is to who calls as if nothing stood between.
    Ok(Component {
        dialect: required.0.dialect,
        ..made
    })
}

/// What is known of the component while it is made.
struct Made {
    /// Full name of the interface.
    name: String,
    tables: Tables,
    /// The record of a call.
    call: RecordId,
    /// The interface.
    one: IfaceId,
    /// `lang.Proxy` or `lang.Morph`.
    any: IfaceId,
}

impl Made {
    fn interface(&self, id: IfaceId) -> Interface {
        self.tables.interfaces[id.index()].clone()
    }

    fn dynamic(&mut self) -> Ty {
        Ty::Record(self.tables.built_in(DYNAMIC))
    }

    /// The state field that holds the object behind: it comes after the transfer fields.
    fn target(&self, provided: IfaceId) -> FieldId {
        FieldId(self.interface(provided).transfer.len() as u32)
    }

    fn stand_in(mut self) -> Component {
        let (one, any) = (self.interface(self.one), self.any);
        // The functions are the methods, the constructor, and last what gives the object behind.
        let behind = one.methods.len() + usize::from(one.constructor.is_some());
        let behind = FuncId(behind as u32);
        let mut functions = Vec::new();
        for (index, method) in one.methods.iter().enumerate() {
            let params: Vec<Ty> = method.params.iter().map(|p| p.ty.clone()).collect();
            let mut code = Code::new(&params, method.ret.clone());
            let call = self.record_call(&mut code, &method.name, index as i64, params.len());
            let (object, dynamic) = (code.local(Ty::Object(any)), self.dynamic());
            let result = code.local(dynamic);
            code.call_own(object, behind);
            code.call(Some(result), object, 1, vec![call]);
            let given = method.ret.clone().map(|ret| code.release(result, ret));
            functions.push(code.end(&format!("{}:{}", self.name, method.name), given));
        }
        let constructor = one.constructor.as_ref().map(|params| {
            let params: Vec<Ty> = params.iter().map(|p| p.ty.clone()).collect();
            let mut code = Code::new(&params, None);
            let name = self.name.clone();
            let call = self.record_call(&mut code, &name, -1, params.len());
            let object = code.local(Ty::Object(any));
            code.call_own(object, behind);
            code.call(None, object, 0, vec![call]);
            functions.push(code.end(&format!("{}:{}", self.name, self.name), None));
            FuncId(functions.len() as u32 - 1)
        });
        functions.push(object_behind(self.target(self.one), any));
        let provided = self.one;
        self.finish("proxy", provided, any, (functions, constructor))
    }

    fn forwarder(mut self) -> Component {
        let (one, id) = (self.interface(self.one), self.one);
        let target = self.target(self.any);
        let params = [Ty::Record(self.call)];
        let mut construct = Code::new(&params, None);
        if let Some(params) = &one.constructor {
            let given = self.arguments(&mut construct, params.iter().map(|p| p.ty.clone()));
            let object = construct.local(Ty::Object(id));
            construct.new_object(object, ReqId(0), given);
            construct.set_state(target, object);
        }
        let dynamic = self.dynamic();
        let mut code = Code::new(&params, Some(dynamic));
        for (index, method) in one.methods.iter().enumerate() {
            self.one_call(&mut code, (index, method));
        }
        let exception = Ty::Record(self.tables.built_in(EXCEPTION));
        let message = format!("`{}` has no function of this position", self.name);
        let texts = [crate::loading::WIRING, message.as_str()].map(|t| self.tables.string(t));
        let mut functions = vec![construct.end("Morph:construct", None)];
        functions.push(code.end_throwing("Morph:function", exception, texts));
        functions.push(match one.constructor {
            // It is there once that has been called.
            Some(_) => {
                let mut code = Code::new(&[], Some(Ty::Object(id)));
                let object = code.local(Ty::Object(id));
                code.get_state(object, target);
                code.end("behind", Some(object))
            }
            None => object_behind(target, id),
        });
        let provided = self.any;
        self.finish("morph", provided, id, (functions, None))
    }

    fn relay(mut self) -> Component {
        let (behind, dynamic) = (FuncId(FUNCTIONS.len() as u32), self.dynamic());
        let pass = |index: u32, ret: Option<Ty>| {
            let mut code = Code::new(&[Ty::Record(self.call)], ret.clone());
            let object = code.local(Ty::Object(self.one));
            code.call_own(object, behind);
            let result = ret.map(|ret| code.local(ret));
            code.call(result, object, index, vec![Local(0)]);
            code.end(&format!("Morph:{}", FUNCTIONS[index as usize]), result)
        };
        let mut functions = vec![pass(0, None), pass(1, Some(dynamic))];
        functions.push(object_behind(self.target(self.any), self.one));
        let (provided, behind) = (self.any, self.one);
        self.finish("morph", provided, behind, (functions, None))
    }

    /// If the call is of this function: makes it and returns its result.
    fn one_call(&mut self, code: &mut Code, (index, method): (usize, &crate::component::Method)) {
        let at = code.local(Ty::I64);
        code.get_field(at, Local(0), INDEX);
        code.if_equal(at, index as i64);
        let given = self.arguments(code, method.params.iter().map(|p| p.ty.clone()));
        let object = code.local(Ty::Object(self.one));
        code.call_own(object, FuncId(FUNCTIONS.len() as u32));
        let result = method.ret.clone().map(|ret| code.local(ret));
        code.call(result, object, index as u32, given);
        let dynamic = self.dynamic();
        let held = match result {
            Some(result) => code.hold(result, dynamic),
            None => code.null(dynamic),
        };
        code.end_if(held);
    }

    /// The arguments in a call record, as values of the parameters' types.
    fn arguments(&mut self, code: &mut Code, types: impl Iterator<Item = Ty>) -> Vec<Local> {
        let dynamic = self.dynamic();
        let all = code.local(Ty::Array(Box::new(dynamic.clone())));
        code.get_field(all, Local(0), ARGUMENTS);
        let give = |(at, ty): (usize, Ty)| {
            let held = code.element(all, at as i64, dynamic.clone());
            code.release(held, ty)
        };
        types.enumerate().map(give).collect()
    }

    /// The record of a call with the function's parameters as arguments.
    fn record_call(&mut self, code: &mut Code, name: &str, index: i64, params: usize) -> Local {
        let dynamic = self.dynamic();
        let call = code.local(Ty::Record(self.call));
        code.new_record(call);
        let interface = self.name.clone();
        for (field, text) in [(INTERFACE, interface.as_str()), (NAME, name)] {
            let text = code.text(self.tables.string(text));
            code.set_field(call, field, text);
        }
        let at = code.int(index);
        code.set_field(call, INDEX, at);
        let all = code.new_array(params as i64, dynamic.clone());
        for param in 0..params {
            let held = code.hold(Local(param as u32), dynamic.clone());
            code.set_element(all, param as i64, held);
        }
        code.set_field(call, ARGUMENTS, all);
        call
    }

    /// `functions` begin with the methods in order.
    fn finish(
        self,
        kind: &str,
        provided: IfaceId,
        behind: IfaceId,
        (mut functions, constructor): (Vec<Function>, Option<FuncId>),
    ) -> Component {
        let methods = self.interface(provided).methods.len() as u32;
        // Nothing of its own has to move: the object behind is made anew where one is needed.
        functions.push(Code::new(&[], None).end("AdaptEvents:active", None));
        functions.push(Code::new(&[], None).end("AdaptEvents:inactive", None));
        let hooks = functions.len() as u32;
        let name = format!("{kind}.{}", self.name);
        let provide = Provide {
            iface: provided,
            methods: (0..methods).map(FuncId).collect(),
            constructor,
            init: None,
            active: Some(FuncId(hooks - 2)),
            inactive: Some(FuncId(hooks - 1)),
            destroy: None,
            object_fns: [None; 4],
            sinks: Vec::new(),
            super_object: None,
            fields: vec![Field {
                name: "behind".to_owned(),
                ty: Ty::Object(behind),
            }],
        };
        let mut made = Component {
            source: SourceInfo {
                path: name.clone(),
                hash: [0; 32],
            },
            name,
            dialect: Dialect::Em,
            records: self.tables.records,
            interfaces: self.tables.interfaces,
            provides: vec![provide],
            requires: vec![Require {
                name: None,
                iface: behind,
            }],
            natives: Vec::new(),
            statics: Vec::new(),
            statics_init: None,
            strings: self.tables.strings,
            functions,
            swap_class: SwapClass::Stateful,
        };
        made.swap_class = crate::swap_class(&made);
        made
    }
}

/// Gives the object behind, which is made when it is first needed.
fn object_behind(target: FieldId, behind: IfaceId) -> Function {
    let mut code = Code::new(&[], Some(Ty::Object(behind)));
    let object = code.local(Ty::Object(behind));
    code.get_state(object, target);
    code.if_null(object);
    code.new_object(object, ReqId(0), Vec::new());
    code.set_state(target, object);
    code.end_if(object);
    code.end("behind", Some(object))
}

#[cfg(test)]
mod tests;
