//! A loaded component: verified, compiled to native code, its natives granted.
//!
//! Loading happens off the isolate's thread; a unit is immutable afterwards. It is code and
//! constants only: state lives in objects, wiring in classes.

use crate::cache::{Cache, Name};
use crate::native::NativeFn;
use crate::natives;
use crate::types::Types;
use em_codegen::{CodeUnit, CodegenError, Known, Object, Options, ProvideCode, Symbol, Task};
use em_ir::image::ImageError;
use em_ir::reflect::TypeId;
use em_ir::structure::{Shape, interface_shape, transfer_shape};
use em_ir::verify::VerifyError;
use em_ir::{Component, IfaceId, Provide, SwapClass, Ty};
use std::num::NonZero;
use std::sync::Arc;

/// Which natives a system's components may import: the unit is the native interface.
#[derive(Clone, Debug)]
pub enum Policy {
    /// All that the runtime has.
    All,
    /// Only these interfaces, by path.
    Only(Vec<String>),
}

impl Policy {
    fn allows(&self, module: &str) -> bool {
        match self {
            Policy::All => true,
            Policy::Only(modules) => modules.iter().any(|m| m == module),
        }
    }
}

/// Why a component can't be loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The image is damaged or not for this runtime.
    #[error("{0}")]
    Image(#[from] ImageError),
    /// The component breaks a rule of the IR.
    #[error("component `{component}` is not valid: {}", list(errors))]
    Verify {
        /// Name of the component.
        component: String,
        /// All broken rules.
        errors: Vec<VerifyError>,
    },
    /// It imports a native that doesn't exist or has another signature.
    #[error("component `{component}` needs the native `{native}`, which this runtime {reason}")]
    Native {
        /// Name of the component.
        component: String,
        /// Path and function.
        native: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// Native code could not be made.
    #[error("component `{component}`: {error}")]
    Codegen {
        /// Name of the component.
        component: String,
        /// What the code generator says.
        error: CodegenError,
    },
}

fn list(errors: &[VerifyError]) -> String {
    let shown: Vec<String> = errors.iter().take(3).map(ToString::to_string).collect();
    shown.join("; ")
}

/// A component ready to be instantiated.
pub struct Unit {
    /// What was compiled.
    pub component: Component,
    /// Content hash of its image: its version.
    pub hash: [u8; 32],
    pub(crate) code: CodeUnit,
    /// Which types it was compiled with.
    pub(crate) types_id: u64,
    pub(crate) provide_shapes: Vec<Shape>,
    /// Shapes of the provided interfaces' transfer state.
    pub(crate) transfer_shapes: Vec<Shape>,
    /// Types of the provided interfaces.
    pub(crate) provide_types: Vec<TypeId>,
    shapes: Vec<Shape>,
    /// Units whose code this one's is compared with.
    _relied_on: Vec<Arc<Unit>>,
}

/// How components are loaded.
#[derive(Clone, Copy)]
pub struct How<'a> {
    /// The types of the isolate that will run them.
    pub types: &'a Types,
    /// Which natives they may import.
    pub policy: &'a Policy,
    /// How they are compiled.
    pub options: &'a Options,
    /// Where code is kept. With one, a component's hash must be that of its content.
    pub cache: Option<&'a Cache>,
    /// How many threads compile; without, as many as there are processors.
    pub threads: Option<NonZero<usize>>,
}

/// What is most likely behind a requirement: a unit, and which of its provides.
pub type Likely = Option<(Arc<Unit>, usize)>;

// SAFETY: a unit is immutable once made; the addresses in it refer to its own code, to interned
// descriptors of its isolate, or to static natives.
unsafe impl Send for Unit {}
// SAFETY: as above; there is no interior mutability.
unsafe impl Sync for Unit {}

impl Unit {
    /// Verifies and compiles a component. `types` are those of the isolate that will run it.
    ///
    /// # Errors
    /// When it fails verification, imports natives it may not have, or can't be compiled.
    pub fn load(
        component: Component,
        hash: [u8; 32],
        types: &Types,
        policy: &Policy,
        options: &Options,
    ) -> Result<Unit, LoadError> {
        let how = How {
            types,
            policy,
            options,
            cache: None,
            threads: None,
        };
        Unit::load_among(component, hash, &how, &[])
    }

    /// Verifies and compiles a component that is most likely to work with `likely` units, by its
    /// requirements. It works with any, but faster with those.
    ///
    /// # Errors
    /// As for [`load`](Unit::load).
    pub fn load_among(
        component: Component,
        hash: [u8; 32],
        how: &How<'_>,
        likely: &[Likely],
    ) -> Result<Unit, LoadError> {
        let types = how.types;
        em_ir::verify::verify(&component).map_err(|errors| LoadError::Verify {
            component: component.name.clone(),
            errors,
        })?;
        let natives = imports(&component, how.policy)?;
        let resolve = |symbol: Symbol| resolve(&component, types, &natives, symbol);
        let known: Vec<_> = likely.iter().map(|likely| known(likely, types)).collect();
        let code = code(&component, &hash, how, &known, &resolve);
        let code = code.map_err(|error| LoadError::Codegen {
            component: component.name.clone(),
            error,
        })?;
        let relied_on = code.relied_on.iter();
        let relied_on = relied_on.filter_map(|req| likely[*req].as_ref());
        let relied_on = relied_on.map(|(unit, _)| unit.clone()).collect();
        let shapes: Vec<Shape> = (0..component.interfaces.len() as u32)
            .map(|i| interface_shape(&component, IfaceId(i)))
            .collect();
        let provide_shapes = component
            .provides
            .iter()
            .map(|p| shapes[p.iface.index()])
            .collect();
        let transfer_shapes = component
            .provides
            .iter()
            .map(|p| transfer_shape(&component, p.iface))
            .collect();
        let provide_types = component
            .provides
            .iter()
            .map(|p| types.id_of(&component, &Ty::Object(p.iface)))
            .collect();
        Ok(Unit {
            component,
            hash,
            code,
            types_id: types.id,
            provide_shapes,
            transfer_shapes,
            provide_types,
            shapes,
            _relied_on: relied_on,
        })
    }

    /// Structural identity of one of the component's interfaces.
    pub(crate) fn shape_of(&self, iface: IfaceId) -> Option<&Shape> {
        self.shapes.get(iface.index())
    }

    /// Whether objects of a provide can stand where one of an interface with this shape is wanted.
    pub(crate) fn provides_shape(&self, provide: usize, wanted: Option<&Shape>) -> bool {
        let iface = self.component.provides[provide].iface;
        let mut bases = self.component.iface_bases(iface);
        wanted.is_some() && bases.any(|id| self.shape_of(id) == wanted)
    }

    /// The transfer fields of a provide.
    pub(crate) fn transfer(&self, provide: usize) -> &[em_ir::Field] {
        let iface = self.component.provides[provide].iface;
        &self.component.interfaces[iface.index()].transfer
    }

    /// How objects of the unit may be swapped.
    pub fn swap_class(&self) -> SwapClass {
        self.component.swap_class
    }

    pub(crate) fn provide(&self, provide: usize) -> (&Provide, &ProvideCode) {
        (
            &self.component.provides[provide],
            &self.code.provides[provide],
        )
    }

    /// Bytes of machine code.
    pub fn code_size(&self) -> usize {
        self.code.code_size()
    }
}

/// A component's code, from the cache if it is there.
fn code(
    component: &Component,
    hash: &[u8; 32],
    how: &How<'_>,
    known: &[Option<Known<'_>>],
    resolve: &dyn Fn(Symbol) -> *const u8,
) -> Result<CodeUnit, CodegenError> {
    let task = Task::new(component, how.options, known)?;
    let compile = || -> Result<Object, CodegenError> {
        let all = || std::thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN);
        task.compile(how.threads.unwrap_or_else(all))
    };
    let Some(cache) = how.cache else {
        return task.link(&compile()?, resolve);
    };
    let name = Name::of(hash, &task.fingerprint());
    if let Some(object) = cache.get(&name) {
        return task.link(&object, resolve);
    }
    let object = compile()?;
    cache.put(&name, &object);
    task.link(&object, resolve)
}

/// A likely unit as the code generator takes it.
fn known<'a>(likely: &'a Likely, types: &Types) -> Option<Known<'a>> {
    let (unit, provide) = likely
        .as_ref()
        .filter(|(unit, _)| unit.types_id == types.id)?;
    Some(Known {
        component: &unit.component,
        code: &unit.code,
        provide: *provide,
    })
}

fn imports(component: &Component, policy: &Policy) -> Result<Vec<&'static NativeFn>, LoadError> {
    let refuse = |import: &em_ir::NativeImport, reason| LoadError::Native {
        component: component.name.clone(),
        native: format!("{}.{}", import.module, import.function.name),
        reason,
    };
    let find = |import: &em_ir::NativeImport| {
        if !policy.allows(&import.module) {
            return Err(refuse(import, "does not grant"));
        }
        let native = natives::find(&import.module, &import.function.name)
            .ok_or_else(|| refuse(import, "does not have"))?;
        if natives::signature_matches(&import.function, native) {
            Ok(native)
        } else {
            Err(refuse(import, "has with another signature"))
        }
    };
    component.natives.iter().map(find).collect()
}

fn resolve(
    component: &Component,
    types: &Types,
    natives: &[&'static NativeFn],
    symbol: Symbol,
) -> *const u8 {
    match symbol {
        Symbol::Intrinsic(intrinsic) => crate::intrinsics::address(intrinsic),
        Symbol::Record(id) => types.record(component, id).cast(),
        Symbol::Array(element) => types.array(component, &element).cast(),
        Symbol::Str(id) => types.string(&component.strings[id.index()]).cast(),
        Symbol::ConstArray(element, id) => {
            let bytes = &component.strings[id.index()];
            types.constant_array(&element, bytes).cast()
        }
        Symbol::Native(id) => std::ptr::from_ref(natives[id.index()]).cast(),
        Symbol::Signature(dst, args) => types.signature(component, dst.as_ref(), &args).cast(),
    }
}
