//! The mock runtime: sites, objects and calls from outside.

use crate::heap::{self, array_desc, record_desc};
use crate::intrinsics;
use em_abi::*;
use em_codegen::{CodeUnit, Known, Options, Preempt, Symbol, compile_among, record_layout};
use em_ir::faults::Fault;
use em_ir::{Component, Ty, verify};
use std::alloc::Layout;
use std::collections::HashMap;
use std::sync::atomic::Ordering;

/// What the tests know about a class.
pub(crate) struct ClassInfo {
    /// Where the references among the static fields are.
    static_refs: Vec<u32>,
    pub(crate) component: Component,
    /// Class that objects of each requirement get.
    pub(crate) children: Vec<*const Class>,
    pub(crate) entries: Vec<*const u8>,
    pub(crate) init: Option<Thunk>,
    pub(crate) owner: u32,
    pub(crate) code: CodeUnit,
}

/// An exception that left the program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Thrown {
    pub(crate) kind: String,
    pub(crate) message: String,
    pub(crate) trace: String,
}

pub(crate) type NativeFn = fn(&mut World, &[u64]) -> Result<u64, Fault>;

/// Room for the static fields of a class.
const STATICS_BYTES: usize = 512;

/// The mock runtime.
pub(crate) struct World {
    pub(crate) context: Box<Context>,
    /// Constant strings, which don't count as alive.
    pub(crate) strings: Vec<*mut Header>,
    /// Blocks alive.
    pub(crate) live: i64,
    pub(crate) quarantine: Vec<(*mut u8, Layout)>,
    pub(crate) char_array: *const Desc,
    pub(crate) exception: *const Desc,
    pub(crate) thread: *const Desc,
    /// Calls of `em_safepoint`.
    pub(crate) safepoints: usize,
    /// Safepoints left until one raises.
    pub(crate) cancel_in: Option<usize>,
    /// Whether the stack limit goes back to the maximum after each safepoint.
    pub(crate) always_due: bool,
    /// Lowest address that the stack may reach.
    pub(crate) stack_end: usize,
    /// Vtable entries for which a trap was taken.
    pub(crate) trapped: Vec<u64>,
    /// Allocations left until one fails.
    pub(crate) allocations_left: Option<u64>,
    pub(crate) allocations: u64,
    pub(crate) mutexes: HashMap<usize, usize>,
    pub(crate) natives: HashMap<String, NativeFn>,
    pub(crate) preempt: Preempt,
    pub(crate) optimize: bool,
    pub(crate) fuel_slice: i64,
    next_owner: u32,
}

impl World {
    pub(crate) fn new() -> Box<World> {
        World::with(Preempt::Limit)
    }

    pub(crate) fn with(preempt: Preempt) -> Box<World> {
        let leak = |desc: Desc| -> *const Desc { Box::leak(Box::new(desc)) };
        let mut world = Box::new(World {
            // SAFETY: all zeroes are a valid context.
            context: Box::new(unsafe { std::mem::zeroed() }),
            strings: Vec::new(),
            live: 0,
            quarantine: Vec::new(),
            char_array: leak(array_desc(&Ty::Char)),
            exception: leak(record_desc(Kind::Record, 24, &[0, 8, 16])),
            thread: leak(record_desc(Kind::Thread, 8, &[])),
            safepoints: 0,
            cancel_in: None,
            always_due: false,
            stack_end: 0,
            trapped: Vec::new(),
            allocations_left: None,
            allocations: 0,
            mutexes: HashMap::new(),
            natives: HashMap::new(),
            preempt,
            optimize: true,
            fuel_slice: i64::MAX,
            next_owner: 1,
        });
        world.context.isolate = (&raw mut *world).cast();
        world.context.fuel = i64::MAX;
        world
    }

    /// Makes the safepoint after so many (1 is the next) raise.
    pub(crate) fn cancel_after(&mut self, safepoints: usize) {
        self.cancel_in = Some(safepoints);
    }

    /// Gives up what the static fields of a class refer to, and lets them be zero again.
    pub(crate) fn reset_statics(&mut self, class: *const Class) {
        // SAFETY: the class was made here, with room for its static fields.
        unsafe {
            let refs = (*(*class).info.cast::<ClassInfo>()).static_refs.clone();
            let statics = (*class).statics;
            let held: Vec<*mut Header> = refs
                .iter()
                .map(|at| statics.add(*at as usize).cast::<*mut Header>().read())
                .collect();
            statics.write_bytes(0, STATICS_BYTES);
            held.into_iter().for_each(|block| self.release(block));
        }
    }

    /// Counts of the constant strings.
    pub(crate) fn string_counts(&self) -> Vec<u64> {
        let counts = self.strings.iter();
        // SAFETY: constants live as long as the world.
        counts.map(|string| unsafe { (**string).rc }).collect()
    }

    /// Leaves so many bytes of stack below this function.
    pub(crate) fn limit_stack(&mut self, bytes: usize) {
        let here = 0_u8;
        self.stack_end = &raw const here as usize - bytes;
        self.context
            .stack_limit
            .store(self.stack_end, Ordering::Relaxed);
    }

    /// Compiles a component and makes a site of it; `children` are the classes of its requirements.
    pub(crate) fn site(
        &mut self,
        component: &Component,
        children: &[*const Class],
    ) -> *const Class {
        if let Err(errors) = verify(component) {
            panic!("{errors:?}");
        }
        let symbols = self.symbols(component);
        let options = Options {
            preempt: self.preempt,
            optimize: self.optimize,
        };
        let known = |class: &*const Class| {
            // SAFETY: null or a class that a world made.
            let info = (!class.is_null()).then(|| unsafe { info(*class) })?;
            Some(Known {
                component: &info.component,
                code: &info.code,
                provide: 0,
            })
        };
        let known: Vec<_> = children.iter().map(known).collect();
        let code = compile_among(component, &options, &known, &symbols).unwrap();
        let owner = self.next_owner;
        self.next_owner += 1;
        self.class(component, children, owner, code)
    }

    fn class(
        &mut self,
        component: &Component,
        children: &[*const Class],
        owner: u32,
        code: CodeUnit,
    ) -> *const Class {
        let provide = &code.provides[0];
        let slots: Vec<*mut Object> = component
            .requires
            .iter()
            .map(|_| std::ptr::null_mut())
            .collect();
        let slots = Box::leak(slots.into_boxed_slice());
        let desc = record_desc(Kind::Object, provide.body_size, &provide.body_refs);
        let entries = provide.entries.clone();
        let init = provide.init;
        let info = Box::leak(Box::new(ClassInfo {
            component: component.clone(),
            children: children.to_vec(),
            static_refs: code.statics.refs.clone(),
            entries: entries.clone(),
            init,
            owner,
            code,
        }));
        let words = CLASS_VTABLE as usize / 8 + entries.len();
        let class: *mut Class = Box::leak(vec![0_u64; words].into_boxed_slice())
            .as_mut_ptr()
            .cast();
        let head = Class {
            desc,
            slots: slots.as_ptr(),
            statics: Box::leak(vec![0_u64; STATICS_BYTES / 8].into_boxed_slice())
                .as_mut_ptr()
                .cast(),
            info: (&raw const *info).cast(),
        };
        // SAFETY: the memory has room for the class and its vtable.
        unsafe {
            class.write(head);
            let vtable = class
                .cast::<u8>()
                .add(CLASS_VTABLE as usize)
                .cast::<*const u8>();
            for (i, entry) in entries.iter().enumerate() {
                vtable.add(i).write(*entry);
            }
        }
        for (i, require) in component.requires.iter().enumerate() {
            if require.name.is_some() {
                slots[i] = self.object(children[i]).unwrap();
            }
        }
        class
    }

    /// Addresses of everything that a component's code refers to.
    fn symbols(&mut self, component: &Component) -> impl Fn(Symbol) -> *const u8 + use<> {
        let records: Vec<*mut Desc> = component
            .records
            .iter()
            .map(|record| {
                let layout = record_layout(record);
                let desc = record_desc(Kind::Record, layout.size, &layout.refs);
                &raw mut *Box::leak(Box::new(desc))
            })
            .collect();
        for (desc, record) in records.iter().zip(&component.records) {
            let base = record
                .base
                .map_or(std::ptr::null_mut(), |id| records[id.index()]);
            // SAFETY: nobody else knows the descriptors yet.
            unsafe { (**desc).info = base.cast_const().cast() };
        }
        let strings: Vec<*mut Array> = component
            .strings
            .iter()
            .map(|text| self.text(text, 0))
            .collect();
        self.live -= strings.len() as i64;
        self.strings
            .extend(strings.iter().map(|s| s.cast::<Header>()));
        let natives: Vec<*const String> = component
            .natives
            .iter()
            .map(|native| &raw const *Box::leak(Box::new(native.function.name.clone())))
            .collect();
        let char_array = self.char_array;
        move |symbol| match symbol {
            Symbol::Intrinsic(intrinsic) => intrinsics::address(intrinsic),
            Symbol::Record(id) => records[id.index()].cast(),
            Symbol::Array(Ty::Char) => char_array.cast(),
            Symbol::Array(element) => {
                (&raw const *Box::leak(Box::new(array_desc(&element)))).cast()
            }
            Symbol::Str(id) => strings[id.index()].cast_const().cast(),
            Symbol::Native(id) => natives[id.index()].cast(),
            Symbol::ConstArray(..) => panic!("this world has no constant arrays"),
            Symbol::Signature(..) => panic!("this world has no types to ask about"),
        }
    }

    /// A fresh object, initialised but not constructed.
    pub(crate) fn object(&mut self, class: *const Class) -> Result<*mut Object, Thrown> {
        // SAFETY: classes are never freed.
        unsafe {
            let owner = info(class).owner;
            let block = self.allocate(class.cast(), size_of::<Object>(), owner);
            let object = block.cast::<Object>();
            (*object).body = self.allocate_body((*class).desc.size);
            if let Some(init) = info(class).init {
                self.run(init, object, &[])?;
            }
            Ok(object)
        }
    }

    /// Calls an entry of an object through its thunk. A result that is a reference is the caller's.
    pub(crate) fn call(
        &mut self,
        object: *mut Object,
        entry: usize,
        args: &[u64],
    ) -> Result<u64, Thrown> {
        // SAFETY: the object is live and its class knows its code.
        let thunk = unsafe {
            let class = (*object).header.desc.cast::<Class>();
            info(class).code.provides[0].thunks[entry]
        };
        self.run(thunk, object, args)
    }

    pub(crate) fn run(
        &mut self,
        thunk: Thunk,
        object: *mut Object,
        args: &[u64],
    ) -> Result<u64, Thrown> {
        let mut result = 0;
        // SAFETY: the caller passes arguments of the thunk's function; the context is the world's.
        let exception = unsafe {
            thunk(
                &raw mut *self.context,
                std::ptr::null_mut(),
                object,
                args.as_ptr(),
                &raw mut result,
            )
        };
        if exception.is_null() {
            return Ok(result);
        }
        assert_eq!(result, 0, "a result beside an exception");
        // SAFETY: a returned exception is a live record that the caller owns.
        unsafe {
            let thrown = self.describe(exception);
            self.release(exception.cast());
            Err(thrown)
        }
    }

    /// # Safety
    /// `exception` is a live exception.
    pub(crate) unsafe fn describe(&self, exception: *mut Record) -> Thrown {
        let text = |i: usize| {
            // SAFETY: an exception has three fields of type `char[]`.
            let field = unsafe { *exception_field(exception, i) };
            // SAFETY: as above.
            String::from_utf8(unsafe { heap::bytes(field) }).unwrap()
        };
        Thrown {
            kind: text(0),
            message: text(1),
            trace: text(2),
        }
    }

    /// Makes an object, calls an entry, drops the object; checks that nothing else is left.
    pub(crate) fn once(
        &mut self,
        class: *const Class,
        entry: usize,
        args: &[u64],
    ) -> Result<u64, Thrown> {
        let before = self.live;
        let object = self.object(class).unwrap();
        let result = self.call(object, entry, args);
        // SAFETY: the object has one count, which is ours.
        unsafe { self.release(object.cast()) };
        assert_eq!(self.live, before, "blocks are left");
        result
    }
}

/// Place of a field of an exception.
///
/// # Safety
/// `exception` is a live exception.
pub(crate) unsafe fn exception_field(exception: *mut Record, i: usize) -> *mut *mut Array {
    // SAFETY: by contract; the record has three reference fields.
    unsafe {
        exception
            .cast::<u8>()
            .add(RECORD_FIELDS as usize + 8 * i)
            .cast()
    }
}

/// What the tests know about a class.
///
/// # Safety
/// `class` was made by [`World::site`].
pub(crate) unsafe fn info<'a>(class: *const Class) -> &'a ClassInfo {
    // SAFETY: by contract; class infos are never freed.
    unsafe { &*(*class).info.cast::<ClassInfo>() }
}

/// Replaces every vtable entry of a class by its trap twin.
pub(crate) fn set_traps(class: *const Class) {
    // SAFETY: the class was made by a world, with one vtable entry for each trap.
    unsafe {
        let vtable = class
            .cast::<u8>()
            .add(CLASS_VTABLE as usize)
            .cast::<*const u8>();
        for (i, trap) in info(class).code.provides[0].traps.iter().enumerate() {
            vtable.add(i).cast_mut().write(*trap);
        }
    }
}
