//! The functions that every object has, whatever its interface says.
//!
//! A component may implement them for objects of an interface that it provides. Where it does not,
//! an object is only equal to itself, is copied from nothing, and has a text that says its
//! interface's name and an identity that it keeps for as long as it lives.

use crate::component::{Component, Param};
use crate::faults;
use crate::ty::{IfaceId, Ty};
use serde::{Deserialize, Serialize};

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ObjectFn {
    /// `bool clone(Object)`: makes this object one like the other; without implementation `false`.
    Clone,
    /// `bool equals(Object)`: whether this object is as good as the other.
    Equals,
    /// `char[] toString()`.
    ToString,
    /// `char[] getID()`: different for each two objects that exist at one time.
    GetId,
}

impl ObjectFn {
    /// All of them; compiled code names one by its position.
    pub const ALL: [ObjectFn; 4] = [
        ObjectFn::Clone,
        ObjectFn::Equals,
        ObjectFn::ToString,
        ObjectFn::GetId,
    ];
    /// Words of the text form.
    pub const WORDS: &'static [(&'static str, ObjectFn)] = &[
        ("object.clone", ObjectFn::Clone),
        ("object.equals", ObjectFn::Equals),
        ("object.text", ObjectFn::ToString),
        ("object.id", ObjectFn::GetId),
    ];

    /// Position in [`ObjectFn::ALL`].
    pub fn index(self) -> usize {
        self as usize
    }

    /// Its name in a source.
    pub fn name(self) -> &'static str {
        match self {
            ObjectFn::Clone => "clone",
            ObjectFn::Equals => "equals",
            ObjectFn::ToString => "toString",
            ObjectFn::GetId => "getID",
        }
    }

    /// The one that is called so.
    pub fn named(name: &str) -> Option<ObjectFn> {
        ObjectFn::ALL.into_iter().find(|f| f.name() == name)
    }

    /// Whether it takes another object.
    pub fn takes_object(self) -> bool {
        matches!(self, ObjectFn::Clone | ObjectFn::Equals)
    }

    /// Type of its result.
    pub fn ret(self) -> Ty {
        match self {
            ObjectFn::Clone | ObjectFn::Equals => Ty::Bool,
            ObjectFn::ToString | ObjectFn::GetId => Ty::string(),
        }
    }

    /// Its parameters, where `object` is the interface that all interfaces extend.
    pub fn params(self, object: IfaceId) -> Vec<Param> {
        let other = Param {
            name: "other".into(),
            ty: Ty::Object(object),
            store: false,
            opt: false,
        };
        match self.takes_object() {
            true => vec![other],
            false => Vec::new(),
        }
    }
}

/// What an object's text is where nothing implements `toString`, by its interface's full name.
pub fn default_text(interface: &str) -> String {
    format!("<{interface}>")
}

/// The interface that all interfaces extend, if the component mentions it.
pub fn object_interface(component: &Component) -> Option<IfaceId> {
    let at = component
        .interfaces
        .iter()
        .position(|interface| interface.path == faults::OBJECT)?;
    Some(IfaceId(at as u32))
}
