//! Why it can be told where a function runs, in words.

use std::fmt;

/// What a reason is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A parameter, by name.
    Param(String),
    /// What the function gives back.
    Result,
    /// What it throws.
    Exception,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Param(name) => write!(f, "`{name}`"),
            Place::Result => write!(f, "its result"),
            Place::Exception => write!(f, "its exception"),
        }
    }
}

/// One reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// A type that no copy can stand for.
    Holds {
        /// Where it is.
        place: Place,
        /// What it is, as in `an object`.
        what: &'static str,
        /// The field that has it, if it is not the value itself.
        field: Option<String>,
    },
    /// A parameter is written.
    Writes(String),
    /// A parameter is kept.
    Keeps(String),
    /// A parameter is given back.
    Returns(String),
    /// A parameter is thrown.
    Throws(String),
    /// A parameter is used as a lock.
    Locks(String),
    /// A parameter goes to code that nothing is known of.
    HandsOut(String),
    /// Somebody else refers to what is given back.
    Shared(Place),
    /// It reaches the machine, by a native.
    Native(String),
    /// It uses what all objects of the component share.
    Static(String),
    /// It runs components that are known at run time only.
    Loads,
}

impl Reason {
    /// Whether it is about what lies outside of arguments and results.
    pub(super) fn is_of_place(&self) -> bool {
        matches!(self, Reason::Native(_) | Reason::Static(_) | Reason::Loads)
    }

    /// Whether it is about what happens to a parameter.
    pub(super) fn is_of_param(&self, param: &str) -> bool {
        match self {
            Reason::Writes(name)
            | Reason::Keeps(name)
            | Reason::Returns(name)
            | Reason::Throws(name)
            | Reason::Locks(name)
            | Reason::HandsOut(name) => name == param,
            _ => false,
        }
    }

    /// A name that stays the same.
    pub fn code(&self) -> &'static str {
        match self {
            Reason::Holds { .. } => "not-data",
            Reason::Writes(_) => "writes-argument",
            Reason::Keeps(_) => "keeps-argument",
            Reason::Returns(_) => "returns-argument",
            Reason::Throws(_) => "throws-argument",
            Reason::Locks(_) => "locks-argument",
            Reason::HandsOut(_) => "hands-out-argument",
            Reason::Shared(_) => "shares-result",
            Reason::Native(_) => "native",
            Reason::Static(_) => "static",
            Reason::Loads => "loads",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::Holds {
                place,
                what,
                field: None,
            } => write!(f, "{place} is {what}"),
            Reason::Holds {
                place,
                what,
                field: Some(field),
            } => write!(f, "{place} holds {what} (`{field}`)"),
            Reason::Writes(name) => write!(f, "it writes to `{name}`"),
            Reason::Keeps(name) => write!(f, "it keeps `{name}`"),
            Reason::Returns(name) => write!(f, "it gives `{name}` back"),
            Reason::Throws(name) => write!(f, "it throws `{name}`"),
            Reason::Locks(name) => write!(f, "it locks `{name}`"),
            Reason::HandsOut(name) => write!(f, "it hands `{name}` to code that is not known"),
            Reason::Shared(place) => write!(f, "{place} may be shared with others"),
            Reason::Native(name) => write!(f, "it reaches the machine through {name}"),
            Reason::Static(name) => write!(f, "it uses the static field `{name}`"),
            Reason::Loads => write!(f, "it runs components that are known at run time only"),
        }
    }
}
