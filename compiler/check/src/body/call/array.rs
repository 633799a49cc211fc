//! Functions that every array has.

use super::arguments::{Arguments, built_in};
use crate::body::Body;
use crate::body::coerce::error;
use crate::body::expression::simple;
use crate::library::Param;
use crate::typed::{Expr, ExprKind};
use crate::types::Type;
use em_diagnostics::Span;
use em_syntax::ast::Ident;

impl<'a> Body<'_, 'a> {
    /// `a.slice(from, to)` and `dst.copy(dstOffset, src, srcOffset, length)`.
    pub(super) fn array_function(
        &mut self,
        array: Expr,
        name: &'a Ident,
        args: &Arguments<'a>,
        span: Span,
    ) -> Expr {
        let ty = array.ty.clone();
        let param = |name: &str, ty: &Type| Param {
            name: name.to_string(),
            ty: ty.clone(),
            store: false,
            opt: false,
            hidden: false,
            span,
        };
        let int = |name: &str| param(name, &Type::INT);
        if name.as_str() == "slice" {
            let args = self.arguments(&built_in(name, &[int("from"), int("to")]), args);
            let Ok([from, to]) = <[Expr; 2]>::try_from(args) else {
                return error(span, ty);
            };
            let (array, from, to) = (Box::new(array), Box::new(from), Box::new(to));
            return simple(ExprKind::Slice { array, from, to }, ty, span);
        }
        self.note_write(&array, name.span);
        let params = [
            int("dstOffset"),
            param("source", &ty),
            int("sourceOffset"),
            int("length"),
        ];
        let args = self.arguments(&built_in(name, &params), args);
        let Ok(args) = <[Expr; 4]>::try_from(args) else {
            return error(span, Type::Void);
        };
        let kind = ExprKind::CopyInto {
            dst: Box::new(array),
            args: Box::new(args),
        };
        simple(kind, Type::Void, span)
    }
}
