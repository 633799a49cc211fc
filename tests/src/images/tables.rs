//! Changes of a component's tables: records, interfaces, requirements, natives, provides.

use crate::dice::Dice;
use crate::structure::a_ty;
use em_ir::component::{Event, Sink};
use em_ir::{
    Component, Dialect, Field, FuncId, IfaceId, Interface, Param, Record, RecordId, ReqId,
    SwapClass, faults, reflect,
};

/// Changes one entry of one table.
pub(crate) fn change(dice: &mut Dice, component: &mut Component) {
    match dice.below(10) {
        0 | 1 => record(dice, component),
        2..=4 => interface(dice, component),
        5 => requirement(dice, component),
        6 => native(dice, component),
        7 | 8 => provide(dice, component),
        _ => whole(dice, component),
    }
}

fn a_function(dice: &mut Dice, component: &Component) -> FuncId {
    FuncId(dice.below(component.functions.len()) as u32)
}

fn a_field(dice: &mut Dice, component: &Component) -> Field {
    Field {
        name: format!("drawn{}", dice.below(1000)),
        ty: a_ty(dice, component),
    }
}

/// Changes a list of fields.
fn fields(dice: &mut Dice, list: &mut Vec<Field>, new: Field) {
    let at = dice.below(list.len());
    match dice.below(5) {
        0 | 1 => list.push(new),
        2 if !list.is_empty() => list[at].ty = new.ty,
        3 if !list.is_empty() => drop(list.remove(at)),
        4 if !list.is_empty() => list.swap(0, at),
        _ => list.insert(at, new),
    }
}

fn record(dice: &mut Dice, component: &mut Component) {
    let new = a_field(dice, component);
    let records = component.records.len();
    let other = RecordId(dice.below(records) as u32);
    let copied = component
        .records
        .get(other.index())
        .map(|r| r.fields.clone());
    if records == 0 || dice.chance(10) {
        component.records.push(Record {
            path: format!("data.Drawn{records}"),
            base: dice.chance(30).then_some(other),
            fields: vec![new],
        });
        return;
    }
    let record = &mut component.records[dice.below(records)];
    match dice.below(6) {
        0..=2 => fields(dice, &mut record.fields, new),
        3 => record.base = dice.chance(70).then_some(other),
        4 => {
            // What extends has the fields of its base.
            if let Some(copied) = copied {
                record.base = Some(other);
                record.fields.splice(0..0, copied);
            }
        }
        _ => {
            let built_in = [
                reflect::DATA,
                reflect::DYNAMIC,
                reflect::TYPE,
                reflect::FIELD,
                faults::EXCEPTION,
                faults::MUTEX,
                faults::EVENT_DATA,
            ];
            record.path = built_in[dice.below(built_in.len())].to_owned();
        }
    }
}

fn interface(dice: &mut Dice, component: &mut Component) {
    let (new, ty) = (a_field(dice, component), a_ty(dice, component));
    let interfaces = component.interfaces.len();
    if interfaces == 0 {
        return;
    }
    let other = IfaceId(dice.below(interfaces) as u32);
    let copied = component.interfaces[other.index()].methods.clone();
    let interface = &mut component.interfaces[dice.below(interfaces)];
    match dice.below(9) {
        0 => fields(dice, &mut interface.transfer, new),
        1 => interface.base = dice.chance(70).then_some(other),
        2 => {
            interface.base = Some(other);
            interface.methods.splice(0..0, copied);
        }
        3 => {
            let param = Param {
                name: new.name,
                ty,
                store: dice.chance(50),
                opt: dice.chance(20),
            };
            match dice.chance(50) {
                true => interface.constructor = None,
                false => interface.constructor.get_or_insert_default().push(param),
            }
        }
        4 => interface.events.push(Event {
            name: new.name,
            details: dice.chance(60).then_some(ty),
        }),
        5 => interface.path = faults::OBJECT.to_owned(),
        _ => method(dice, interface, new),
    }
}

fn method(dice: &mut Dice, interface: &mut Interface, new: Field) {
    let methods = interface.methods.len();
    if methods == 0 {
        return;
    }
    let (at, other) = (dice.below(methods), dice.below(methods));
    let method = &mut interface.methods[at];
    let params = method.params.len();
    match dice.below(7) {
        0 => method.ret = dice.chance(80).then_some(new.ty),
        1 if params > 0 => method.params[dice.below(params)].ty = new.ty,
        2 if params > 0 => drop(method.params.pop()),
        3 if params > 0 => {
            let param = &mut method.params[dice.below(params)];
            (param.store, param.opt) = (dice.chance(50), dice.chance(30));
        }
        4 => interface.methods.swap(at, other),
        5 => drop(interface.methods.pop()),
        _ => method.params.push(Param {
            name: new.name,
            ty: new.ty,
            store: false,
            opt: false,
        }),
    }
}

fn requirement(dice: &mut Dice, component: &mut Component) {
    let requires = component.requires.len();
    if requires == 0 {
        return;
    }
    let interfaces = component.interfaces.len();
    let other = dice.below(requires);
    let at = dice.below(requires);
    match dice.below(4) {
        0 => component.requires[at].iface = IfaceId(dice.below(interfaces) as u32),
        1 => component.requires[at].name = dice.chance(50).then(|| "drawn".to_owned()),
        2 => component.requires.swap(at, other),
        _ => drop(component.requires.pop()),
    }
}

fn native(dice: &mut Dice, component: &mut Component) {
    let ty = a_ty(dice, component);
    let natives = component.natives.len();
    if natives == 0 {
        return;
    }
    let (at, other) = (dice.below(natives), dice.below(natives));
    let function = &mut component.natives[at].function;
    let params = function.params.len();
    match dice.below(4) {
        0 => component.natives.swap(at, other),
        1 => function.ret = dice.chance(70).then_some(ty),
        2 if params > 0 => function.params[dice.below(params)].ty = ty,
        _ => drop(function.params.pop()),
    }
}

fn provide(dice: &mut Dice, component: &mut Component) {
    let provides = component.provides.len();
    if provides == 0 || component.functions.is_empty() {
        return;
    }
    let new = a_field(dice, component);
    let func = a_function(dice, component);
    let interfaces = component.interfaces.len();
    let requires = component.requires.len();
    let maybe = dice.chance(75).then_some(func);
    let provide = &mut component.provides[dice.below(provides)];
    let methods = provide.methods.len();
    match dice.below(12) {
        0 | 1 if methods > 0 => provide.methods[dice.below(methods)] = func,
        2 => provide.constructor = maybe,
        3 => provide.init = maybe,
        4 => provide.active = maybe,
        5 => provide.inactive = maybe,
        6 => provide.destroy = maybe,
        7 => provide.object_fns[dice.below(4)] = maybe,
        8 => provide.sinks.push(Sink {
            name: new.name,
            func,
        }),
        9 => provide.super_object = maybe.map(|_| ReqId(dice.below(requires) as u32)),
        10 => provide.iface = IfaceId(dice.below(interfaces) as u32),
        _ => fields(dice, &mut provide.fields, new),
    }
}

fn whole(dice: &mut Dice, component: &mut Component) {
    let new = a_field(dice, component);
    let func = a_function(dice, component);
    let provides = component.provides.len();
    match dice.below(8) {
        0 => component.statics_init = dice.chance(80).then_some(func),
        1 => fields(dice, &mut component.statics, new),
        2 => {
            let classes = [SwapClass::Stateless, SwapClass::Stateful, SwapClass::Pinned];
            component.swap_class = classes[dice.below(3)];
        }
        3 => component.dialect = [Dialect::Em, Dialect::Dana][dice.below(2)],
        4 => {
            let strings = component.strings.len();
            if let Some(string) = component.strings.get_mut(dice.below(strings)) {
                string.resize(dice.below(40), dice.bits() as u8);
            }
        }
        5 if provides > 1 => component.provides.swap(0, provides - 1),
        6 if provides > 1 => drop(component.provides.pop()),
        _ => {
            let records = component.records.len();
            if records > 1 {
                component.records.swap(0, dice.below(records));
            }
        }
    }
}
