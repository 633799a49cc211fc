//! Expressions.

use super::{Context, Node};
use crate::ast::{self, Argument, BinaryOp, Builtin, Expr, ExprKind, StringPart, Type, UnaryOp};
use em_diagnostics::Span;

type ExprNode = Node<Expr>;

/// The depth of the deepest.
fn deepest<T>(nodes: &[Node<T>]) -> u32 {
    nodes.iter().map(|node| node.depth).max().unwrap_or(0)
}

fn plain<T>(nodes: Vec<Node<T>>) -> Vec<T> {
    nodes.into_iter().map(|node| node.it).collect()
}

impl Context<'_> {
    /// An expression whose deepest operand has the depth `children`.
    pub(crate) fn expr(&mut self, kind: ExprKind, children: u32, l: u32, r: u32) -> ExprNode {
        let span = self.span(l, r);
        let error = Expr {
            kind: ExprKind::Error,
            span,
        };
        self.limited(children, span, || Expr { kind, span }, error)
    }

    pub(crate) fn error_expr(&mut self, l: u32, r: u32) -> ExprNode {
        self.expr(ExprKind::Error, 0, l, r)
    }

    /// Parentheses leave no node; the span covers them.
    pub(crate) fn parenthesised(&self, mut inner: ExprNode, l: u32, r: u32) -> ExprNode {
        inner.it.span = self.span(l, r);
        inner
    }

    pub(crate) fn field_access(
        &mut self,
        object: ExprNode,
        name: ast::Ident,
        l: u32,
        r: u32,
    ) -> ExprNode {
        let children = object.depth;
        self.expr(
            ExprKind::Field {
                object: Box::new(object.it),
                name,
            },
            children,
            l,
            r,
        )
    }

    pub(crate) fn index(&mut self, array: ExprNode, index: ExprNode, l: u32, r: u32) -> ExprNode {
        let children = array.depth.max(index.depth);
        let kind = ExprKind::Index {
            array: Box::new(array.it),
            index: Box::new(index.it),
        };
        self.expr(kind, children, l, r)
    }

    pub(crate) fn call(
        &mut self,
        receiver: Option<ExprNode>,
        name: ast::Ident,
        args: Vec<ExprNode>,
        l: u32,
        r: u32,
    ) -> ExprNode {
        let children = deepest(&args).max(receiver.as_ref().map_or(0, |node| node.depth));
        let receiver = receiver.map(|node| Box::new(node.it));
        self.expr(
            ExprKind::Call {
                receiver,
                name,
                args: plain(args),
            },
            children,
            l,
            r,
        )
    }

    pub(crate) fn asynch(
        &mut self,
        name: ast::Ident,
        args: Vec<ExprNode>,
        l: u32,
        r: u32,
    ) -> ExprNode {
        let children = deepest(&args);
        self.expr(
            ExprKind::Asynch {
                name,
                args: plain(args),
            },
            children,
            l,
            r,
        )
    }

    /// `(start, type_end, end)` are the places.
    pub(crate) fn convert(
        &mut self,
        to: Builtin,
        args: Vec<ExprNode>,
        (start, type_end, end): (u32, u32, u32),
    ) -> ExprNode {
        let children = deepest(&args);
        let to_span = self.span(start, type_end);
        self.expr(
            ExprKind::Convert {
                to,
                to_span,
                args: plain(args),
            },
            children,
            start,
            end,
        )
    }

    pub(crate) fn new_object(
        &mut self,
        path: ast::Path,
        variant: Option<ast::Ident>,
        args: Vec<(Option<ast::Ident>, ExprNode)>,
        l: u32,
        r: u32,
    ) -> ExprNode {
        let children = args.iter().map(|(_, value)| value.depth).max().unwrap_or(0);
        let args = args.into_iter().map(|(name, value)| Argument {
            name,
            value: value.it,
        });
        self.expr(
            ExprKind::New {
                path,
                variant,
                args: args.collect(),
            },
            children,
            l,
            r,
        )
    }

    /// `new T[length]` with `dims` further `[]`.
    pub(crate) fn new_array(
        &mut self,
        element: Type,
        length: ExprNode,
        dims: u32,
        l: u32,
        r: u32,
    ) -> ExprNode {
        let element = self.array(element, dims);
        let kind = ExprKind::NewArray {
            element,
            length: Box::new(length.it),
        };
        self.expr(kind, length.depth, l, r)
    }

    /// `new T[](parts)`; `dims` counts all `[]`.
    pub(crate) fn array_of(
        &mut self,
        element: Type,
        dims: u32,
        parts: Vec<ExprNode>,
        l: u32,
        r: u32,
    ) -> ExprNode {
        let element = self.array(element, dims - 1);
        let children = deepest(&parts);
        self.expr(
            ExprKind::ArrayOf {
                element,
                parts: plain(parts),
            },
            children,
            l,
            r,
        )
    }

    pub(crate) fn string(&mut self, parts: Vec<Node<StringPart>>, l: u32, r: u32) -> ExprNode {
        let children = deepest(&parts);
        self.expr(ExprKind::String(plain(parts)), children, l, r)
    }

    pub(crate) fn unary(&mut self, op: UnaryOp, operand: ExprNode, l: u32, r: u32) -> ExprNode {
        let children = operand.depth;
        self.expr(
            ExprKind::Unary {
                op,
                operand: Box::new(operand.it),
            },
            children,
            l,
            r,
        )
    }

    pub(crate) fn clone_expr(&mut self, operand: ExprNode, l: u32, r: u32) -> ExprNode {
        let children = operand.depth;
        self.expr(ExprKind::Clone(Box::new(operand.it)), children, l, r)
    }

    pub(crate) fn binary(
        &mut self,
        left: ExprNode,
        (op, op_span): (BinaryOp, Span),
        right: ExprNode,
    ) -> ExprNode {
        let children = left.depth.max(right.depth);
        let (l, r) = (left.it.span.start, right.it.span.end);
        let (left, right) = (Box::new(left.it), Box::new(right.it));
        self.expr(
            ExprKind::Binary {
                op,
                op_span,
                left,
                right,
            },
            children,
            l,
            r,
        )
    }

    pub(crate) fn ternary(
        &mut self,
        condition: ExprNode,
        then: ExprNode,
        otherwise: ExprNode,
        l: u32,
        r: u32,
    ) -> ExprNode {
        let children = condition.depth.max(then.depth).max(otherwise.depth);
        let kind = ExprKind::Ternary {
            condition: Box::new(condition.it),
            then: Box::new(then.it),
            otherwise: Box::new(otherwise.it),
        };
        self.expr(kind, children, l, r)
    }
}
