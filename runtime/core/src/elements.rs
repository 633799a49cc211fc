//! What may be put into an array of references that was made for less than its static type says.
//!
//! An array of records is one of each type that these extend, too, so code that writes to it
//! through such a type has to ask. What is most often the case is found by descriptors alone; all
//! else by the types of the isolate.

use crate::heap::array_data;
use crate::isolate::Isolate;
use crate::wiring::ClassInfo;
use em_abi::{Array, Context, Desc, Header, Kind};

/// # Safety
/// As the table of intrinsics says: a live array of references, and null or a live value.
pub(crate) unsafe extern "C" fn array_takes(
    context: *mut Context,
    static_desc: *const Desc,
    array: *const Array,
    value: *const Header,
) -> u64 {
    // SAFETY: by contract.
    unsafe {
        let (isolate, desc) = (Isolate::of(context), (*array).header.desc);
        u64::from(takes(isolate, static_desc, desc, value))
    }
}

/// Whether an array takes some elements of another one of its static type.
///
/// # Safety
/// Both are live arrays of references, the range is inside of the second one.
pub(crate) unsafe fn takes_all(
    isolate: &Isolate,
    static_desc: *const Desc,
    target: *const Array,
    (source, from, count): (*mut Array, usize, usize),
) -> bool {
    // SAFETY: by contract.
    unsafe {
        let (to, made_as) = ((*target).header.desc, (*source).header.desc);
        if to == made_as || to == static_desc {
            return true;
        }
        let elements = array_data(source).cast::<*const Header>();
        (from..from + count).all(|i| takes(isolate, static_desc, to, *elements.add(i)))
    }
}

/// # Safety
/// Descriptors of arrays of references, and null or a live value.
unsafe fn takes(
    isolate: &Isolate,
    static_desc: *const Desc,
    array: *const Desc,
    value: *const Header,
) -> bool {
    if value.is_null() {
        return true;
    }
    // SAFETY: by contract. The `info` of a record's descriptor is null or another record's
    // descriptor, and so is that of an array.
    unsafe {
        let wanted: *const Desc = (*array).info.cast();
        let made_as = (*value).desc;
        if (*made_as).kind == Kind::Record && !wanted.is_null() {
            let mut desc = made_as;
            while !desc.is_null() {
                if desc == wanted {
                    return true;
                }
                desc = (*desc).info.cast();
            }
        }
        let ty = match (*made_as).kind {
            Kind::Object => {
                let class = ClassInfo::of(made_as.cast());
                Some(class.unit.provide_types[class.provide])
            }
            Kind::Record => isolate.types.made_as(made_as),
            Kind::Array if (*made_as).ref_count == 1 => isolate.types.made_as(made_as),
            // Of these there are no others than the static type says.
            Kind::Array | Kind::Resource | Kind::Thread => return true,
        };
        isolate.types.takes(static_desc, array, ty)
    }
}
