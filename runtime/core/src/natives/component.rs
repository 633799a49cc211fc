//! `host.Component`: components that the program loads, wires and changes itself.
//!
//! Whoever may import it decides over other components' code and wiring. It looks at names and
//! passes on; what a change does is in the runtime's own wiring and swap.

use super::{attempt, mistyped};
use crate::isolate::Isolate;
use crate::library::{Known, decode, resolve};
use crate::loaded::{Handle, Loaded, Target, Wire, wiring_fault};
use crate::native::{
    Arg, Call, NativeFault, NativeFn, NativeModule, NativeResult, NativeTy, ObjectArg, Outcome,
    Value,
};
use em_ir::loading as names;
use std::rc::Rc;

use NativeTy::{Bool, Bytes, Int, Ints, Object, Objects, Resource, Text, Texts};

macro_rules! natives {
    ($($name:literal = $run:ident ($($param:ident),*) $(-> $ret:ident)?;)*) => {
        pub(super) static MODULE: NativeModule = NativeModule {
            path: "host.Component",
            functions: &[$(NativeFn {
                name: $name,
                params: &[$($param),*],
                ret: natives!(@ret $($ret)?),
                run: |call| attempt(|| $run(call).map(Into::into)),
            }),*],
        };
    };
    (@ret) => { None };
    (@ret $ret:ident) => { Some($ret) };
}

natives! {
    "load" = load (Text, Bool) -> Resource;
    "loadFrom" = load_from (Bytes, Bool) -> Resource;
    "runtime" = runtime () -> Resource;
    "name" = name (Resource) -> Text;
    "provided" = provides (Resource) -> Texts;
    "required" = requires (Resource) -> Texts;
    "wire" = wire (Resource, Text, Resource, Text) -> Bool;
    "provider" = provider (Resource, Text) -> Resource;
    "pause" = pause (Resource, Text);
    "resume" = resume (Resource, Text) -> Bool;
    "adapt" = adapt (Resource, Text, Resource, Text);
    "adaptObject" = adapt_object (Resource, Object, Resource, Text) -> Int;
    "rewire" = rewire (Object, Object) -> Int;
    "objects" = objects (Resource, Text) -> Objects;
    "initObject" = init_object (Resource, Text) -> Object;
    "settled" = settled (Object) -> Bool;
    "isInside" = is_inside (Object) -> Bool;
    "halt" = halt (Object) -> Int;
    "same" = same (Object, Object) -> Bool;
    "hasTransferState" = has_transfer_state (Object) -> Bool;
    "platform" = platform () -> Texts;
    "versions" = versions () -> Ints;
    "providedBy" = provided_by (Text) -> Texts;
    "home" = home () -> Text;
    "searchPaths" = search_paths () -> Texts;
    "interfaces" = interfaces () -> Texts;
    "components" = components (Text) -> Texts;
}

fn isolate<'a>(call: &Call<'a>) -> Result<&'a Isolate, NativeFault> {
    call.isolate
        .ok_or_else(|| wiring_fault("nothing runs that components could be loaded into"))
}

fn text(call: &Call<'_>, index: usize) -> Result<String, NativeFault> {
    Ok(String::from_utf8_lossy(call.bytes(index)?).into_owned())
}

fn target(call: &Call<'_>, index: usize) -> Result<Target, NativeFault> {
    let handle = call.resource::<Handle>(index, "a loaded component")?;
    Ok(handle.target.clone())
}

/// A component, which the runtime itself is not.
fn component(call: &Call<'_>, index: usize) -> Result<Rc<Loaded>, NativeFault> {
    match target(call, index)? {
        Target::Component(loaded) => Ok(loaded),
        Target::Runtime => Err(wiring_fault(names::RUNTIME_REQUIRES_NOTHING)),
    }
}

fn object(call: &Call<'_>, index: usize) -> Result<ObjectArg, NativeFault> {
    match call.args.get(index) {
        Some(Arg::Object(object)) => Ok(*object),
        Some(Arg::Null) => Err(NativeFault::null("the object")),
        _ => Err(mistyped(index, "an object")),
    }
}

/// The provider of an interface: arguments `index` and `index + 1`.
fn wire_to(call: &Call<'_>, index: usize) -> Result<Wire, NativeFault> {
    let (to, name) = (target(call, index)?, text(call, index + 1)?);
    isolate(call)?.provider(&to, &name)
}

fn handle(target: Target) -> Value {
    Value::Resource(Rc::new(Handle::new(target)))
}

fn load(call: &mut Call<'_>) -> Result<Outcome, NativeFault> {
    let (path, wire) = (text(call, 0)?, call.bool(1)?);
    let loading = isolate(call)?.loading()?;
    let known = resolve(&*loading.library, &**call.world, &path)?;
    load_known(call, &known, wire)
}

fn load_from(call: &mut Call<'_>) -> Result<Outcome, NativeFault> {
    let (image, wire) = (call.bytes(0)?, call.bool(1)?);
    load_known(call, &decode("the image", image)?, wire)
}

/// Loads a component as soon as its code is there.
fn load_known(call: &Call<'_>, known: &Known, wire: bool) -> Result<Outcome, NativeFault> {
    let isolate = isolate(call)?;
    if let Some(compiled) = isolate.compile_apart(known, wire)? {
        return Ok(Outcome::Again(compiled));
    }
    let loaded = isolate.load(known, wire)?;
    Ok(Outcome::Done(Ok(handle(Target::Component(loaded)))))
}

fn runtime(_: &mut Call<'_>) -> NativeResult {
    Ok(handle(Target::Runtime))
}

fn name(call: &mut Call<'_>) -> NativeResult {
    let name = match target(call, 0)? {
        Target::Component(loaded) => loaded.unit.component.name.clone(),
        Target::Runtime => String::new(),
    };
    Ok(Value::Bytes(name.into_bytes()))
}

fn texts(names: impl IntoIterator<Item = String>) -> NativeResult {
    Ok(Value::Texts(
        names.into_iter().map(String::into_bytes).collect(),
    ))
}

fn provides(call: &mut Call<'_>) -> NativeResult {
    match target(call, 0)? {
        Target::Component(loaded) => texts(names::provided_names(&loaded.unit.component)),
        Target::Runtime => texts(isolate(call)?.loading()?.library.interfaces()),
    }
}

fn requires(call: &mut Call<'_>) -> NativeResult {
    match target(call, 0)? {
        Target::Component(loaded) => texts(names::required_names(&loaded.unit.component)),
        Target::Runtime => texts([]),
    }
}

fn wire(call: &mut Call<'_>) -> NativeResult {
    let (loaded, required) = (component(call, 0)?, text(call, 1)?);
    let wire = wire_to(call, 2)?;
    let done = isolate(call)?.connect(&loaded, &required, &wire)?;
    Ok(Value::Bool(done))
}

fn provider(call: &mut Call<'_>) -> NativeResult {
    let Target::Component(loaded) = target(call, 0)? else {
        return Ok(Value::Null);
    };
    let requirement = loaded.requirement(&text(call, 1)?)?;
    let to = loaded.requires[requirement].to.borrow().clone();
    Ok(to.map_or(Value::Null, |(to, _)| handle(Target::Component(to))))
}

fn pause(call: &mut Call<'_>) -> NativeResult {
    let (loaded, required) = (component(call, 0)?, text(call, 1)?);
    isolate(call)?.pause(&loaded, &required)?;
    Ok(Value::Unit)
}

fn resume(call: &mut Call<'_>) -> NativeResult {
    let (loaded, required) = (component(call, 0)?, text(call, 1)?);
    let done = isolate(call)?.resume_requirements(&loaded, &required)?;
    Ok(Value::Bool(done))
}

fn adapt(call: &mut Call<'_>) -> NativeResult {
    let (loaded, required) = (component(call, 0)?, text(call, 1)?);
    let wire = wire_to(call, 2)?;
    isolate(call)?.adapt(&loaded, &required, &wire)?;
    Ok(Value::Unit)
}

/// 1 if it is done, 0 if it can't be, 2 while the object is being moved elsewhere.
fn adapt_object(call: &mut Call<'_>) -> NativeResult {
    let of = match call.args.first() {
        Some(Arg::Null) => None,
        _ => Some(target(call, 0)?),
    };
    let of = match &of {
        Some(Target::Component(loaded)) => Some(loaded),
        _ => None,
    };
    let (object, wire) = (object(call, 1)?.0, wire_to(call, 2)?);
    // SAFETY: the caller keeps its argument.
    let done = unsafe { isolate(call)?.adapt_object(object, of, &wire)? };
    Ok(Value::Int(done as i64))
}

/// Has an object be of the code of another one; results as of `adaptObject`.
fn rewire(call: &mut Call<'_>) -> NativeResult {
    let (object, like) = (object(call, 0)?.0, object(call, 1)?.0);
    // SAFETY: the caller keeps its arguments.
    let done = unsafe { isolate(call)?.rewire_object(object, like)? };
    Ok(Value::Int(done as i64))
}

fn objects(call: &mut Call<'_>) -> NativeResult {
    let (loaded, required) = (component(call, 0)?, text(call, 1)?);
    let isolate = isolate(call)?;
    let objects = isolate.objects_of(&loaded, &required)?;
    // SAFETY: objects on a class's list are live.
    let retain = |object: &*mut em_abi::Object| unsafe { isolate.retain((*object).cast()) };
    objects.iter().for_each(retain);
    Ok(Value::Objects(objects.into_iter().map(ObjectArg).collect()))
}

fn init_object(call: &mut Call<'_>) -> NativeResult {
    let (loaded, required) = (component(call, 0)?, text(call, 1)?);
    let object = isolate(call)?.init_object(&loaded, &required)?;
    Ok(Value::Object(ObjectArg(object)))
}

fn is_inside(call: &mut Call<'_>) -> NativeResult {
    let (object, frame) = (object(call, 0)?.0, call.frame);
    Ok(Value::Bool(crate::swap::inside(frame, object)))
}

/// What a path's component provides; nothing if there is no component.
fn provided_by(call: &mut Call<'_>) -> NativeResult {
    let path = text(call, 0)?;
    let loading = isolate(call)?.loading()?;
    match resolve(&*loading.library, &**call.world, &path) {
        Ok(known) => texts(names::provided_names(&known.component)),
        Err(_) => texts([]),
    }
}

fn platform(_: &mut Call<'_>) -> NativeResult {
    texts(names::platform())
}

fn versions(_: &mut Call<'_>) -> NativeResult {
    Ok(Value::Ints(names::versions().to_vec()))
}

/// Whether an object runs on the newest code that it is to run on.
fn settled(call: &mut Call<'_>) -> NativeResult {
    let object = object(call, 0)?.0;
    // SAFETY: the caller keeps its argument.
    let settled = unsafe { isolate(call)?.is_settled(object) };
    Ok(Value::Bool(settled))
}

fn halt(call: &mut Call<'_>) -> NativeResult {
    let object = object(call, 0)?.0;
    let halted = isolate(call)?.halt(object);
    Ok(Value::Int(halted as i64))
}

fn same(call: &mut Call<'_>) -> NativeResult {
    let address = |index| match call.args.get(index) {
        Some(Arg::Object(object)) => Ok(object.0),
        Some(Arg::Null) => Ok(std::ptr::null_mut()),
        _ => Err(mistyped(index, "an object")),
    };
    Ok(Value::Bool(address(0)? == address(1)?))
}

fn has_transfer_state(call: &mut Call<'_>) -> NativeResult {
    let object = object(call, 0)?.0;
    // SAFETY: the caller keeps its argument.
    let has = unsafe { isolate(call)?.has_transfer_state(object) };
    Ok(Value::Bool(has))
}

fn home(call: &mut Call<'_>) -> NativeResult {
    let home = isolate(call)?.loading()?.library.home();
    Ok(Value::Bytes(home.into_bytes()))
}

fn search_paths(call: &mut Call<'_>) -> NativeResult {
    texts(isolate(call)?.loading()?.library.search_paths())
}

fn interfaces(call: &mut Call<'_>) -> NativeResult {
    texts(isolate(call)?.loading()?.library.interfaces())
}

/// Names of the components that provide an interface, the default first.
fn components(call: &mut Call<'_>) -> NativeResult {
    let interface = text(call, 0)?;
    let providers = isolate(call)?.loading()?.library.providers(&interface);
    texts(providers.iter().map(|known| known.component.name.clone()))
}
