//! The object of the super-interface: each object has one where its component requires that
//! interface, in the first of its private fields.

use crate::Origin;
use crate::function::Builder;
use em_check::typed::Expr;
use em_check::types::InterfaceId;
use em_ir::{FieldId, Inst, Local, MethodId, Term, Ty};

impl Builder<'_, '_> {
    /// The requirement and interface of the super-object of the current provide.
    fn super_interface(&self) -> (usize, InterfaceId) {
        let component = self.lowering.input.component;
        let provide = &component.provides[self.provide];
        let require = provide
            .super_require
            .expect("invariant: the checker has found a requirement");
        (require, component.requires[require].interface)
    }

    fn super_field(&self) -> FieldId {
        FieldId(self.transfer_len() as u32)
    }

    pub(crate) fn super_type(&mut self) -> Ty {
        let (_, interface) = self.super_interface();
        Ty::Object(self.lowering.tables.interface(interface, ""))
    }

    /// Body of the function that finds the super-object, and makes it if nothing has yet. That
    /// takes no arguments: a constructor with parameters has been called by the object's own.
    pub(crate) fn find_super(&mut self) {
        let (require, interface) = self.super_interface();
        let constructor = &self.lowering.input.library.interface(interface).constructor;
        let takes_none = constructor.as_ref().is_none_or(|c| c.params.is_empty());
        let ty = self.super_type();
        let (dst, field) = (self.temp_of(ty), self.super_field());
        self.emit(Inst::GetState { dst, field });
        if takes_none {
            let [make, end] = std::array::from_fn(|_| self.blocks.label());
            let is_null = self.temp_of(Ty::Bool);
            self.emit(Inst::IsNull {
                dst: is_null,
                src: dst,
            });
            self.blocks.branch(is_null, make, end);
            self.blocks.place(make);
            self.make_super(require, Vec::new(), dst);
            self.blocks.jump(end);
            self.blocks.place(end);
        }
        self.blocks.end(Term::Return(Some(dst)));
    }

    fn make_super(&mut self, require: usize, args: Vec<Local>, dst: Local) {
        let (req, field) = (self.lowering.tables.require(require), self.super_field());
        self.emit(Inst::NewObject { dst, req, args });
        self.emit(Inst::SetState { field, value: dst });
    }

    /// `super(args)` in a constructor.
    pub(crate) fn new_super(&mut self, args: &[Expr]) {
        let args = self.exprs(args);
        let (require, _) = self.super_interface();
        let ty = self.super_type();
        let dst = self.temp_of(ty);
        self.make_super(require, args, dst);
    }

    /// A call of a function of the super-object.
    pub(crate) fn call_super(&mut self, method: usize, args: Vec<Local>, dst: Option<Local>) {
        let ty = self.super_type();
        let object = self.temp_of(ty);
        let func = self.lowering.function(Origin::SuperObject, self.provide);
        self.emit(Inst::CallLocal {
            dst: Some(object),
            func,
            args: Vec::new(),
        });
        self.emit(Inst::CallObject {
            dst,
            object,
            method: MethodId(method as u32),
            args,
        });
    }

    /// Body of a function that the component leaves to its super-object.
    pub(crate) fn pass_on(&mut self, method: usize, params: usize, ret: Option<&Ty>) {
        let args = (0..params as u32).map(Local).collect();
        let dst = ret.map(|ty| self.temp_of(ty.clone()));
        self.call_super(method, args, dst);
        self.blocks.end(Term::Return(dst));
    }
}
