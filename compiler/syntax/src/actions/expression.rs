//! Expressions.

use super::{Arguments, Context, Node};
use crate::ast::{self, Argument, BinaryOp, Builtin, Expr, ExprKind, StringPart, Type, UnaryOp};
use em_diagnostics::{Diagnostic, Span, codes};

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

    /// Arguments by name come last; one by position after them is reported and left out.
    pub(crate) fn arguments(&mut self, list: Vec<(Option<ast::Ident>, ExprNode)>) -> Arguments {
        let mut all = Arguments {
            args: Vec::new(),
            named: Vec::new(),
            depth: 0,
        };
        for (name, value) in list {
            all.depth = all.depth.max(value.depth);
            let value = value.it;
            match (name, all.named.last()) {
                (Some(name), _) => all.named.push(ast::NamedArgument { name, value }),
                (None, None) => all.args.push(value),
                (None, Some(before)) => {
                    let message = "an argument by position follows one by name";
                    let problem = Diagnostic::error(&codes::POSITION_AFTER_NAME, message)
                        .at(value.span, "by position")
                        .because(before.name.span, "by name");
                    self.diagnostics
                        .push(problem.help("move it to the front, or name it"));
                }
            }
        }
        all
    }

    pub(crate) fn call(
        &mut self,
        receiver: Option<ExprNode>,
        name: ast::Ident,
        Arguments { args, named, depth }: Arguments,
        l: u32,
        r: u32,
    ) -> ExprNode {
        let children = depth.max(receiver.as_ref().map_or(0, |node| node.depth));
        let kind = ExprKind::Call {
            receiver: receiver.map(|node| Box::new(node.it)),
            name,
            args,
            named,
        };
        self.expr(kind, children, l, r)
    }

    pub(crate) fn super_call(
        &mut self,
        Arguments { args, named, depth }: Arguments,
        l: u32,
        r: u32,
    ) -> ExprNode {
        self.expr(ExprKind::Super { args, named }, depth, l, r)
    }

    /// The last name of the path is the function, those before it are its object.
    pub(crate) fn asynch(
        &mut self,
        path: ast::Path,
        Arguments { args, named, depth }: Arguments,
        l: u32,
        r: u32,
    ) -> ExprNode {
        let mut names = path.segments.into_iter();
        let last = names.next_back();
        let name = last.expect("invariant: a path has at least one segment");
        let mut receiver: Option<ExprNode> = None;
        for part in names {
            let (start, end) = (part.span.start, part.span.end);
            receiver = Some(match receiver {
                None => self.expr(ExprKind::Name(part), 0, start, end),
                Some(object) => {
                    let start = object.it.span.start;
                    self.field_access(object, part, start, end)
                }
            });
        }
        let children = depth.max(receiver.as_ref().map_or(0, |node| node.depth));
        let kind = ExprKind::Asynch {
            receiver: receiver.map(|node| Box::new(node.it)),
            name,
            args,
            named,
        };
        self.expr(kind, children, l, r)
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

    /// `T[](x)`, whose type was parsed as an expression.
    pub(crate) fn array_as(
        &mut self,
        head: ExprNode,
        dims: u32,
        args: Vec<ExprNode>,
        (start, type_end, end): (u32, u32, u32),
    ) -> ExprNode {
        let children = deepest(&args);
        let element = self.type_of_head(head.it, "this has `[]` after it, but it is no type");
        let mut to = self.array(element, dims);
        to.span = self.span(start, type_end);
        let args = plain(args);
        self.expr(ExprKind::ArrayAs { to, args }, children, start, end)
    }

    pub(crate) fn new_object(
        &mut self,
        (path, variant): (ast::Path, Option<ast::Ident>),
        args: Vec<(Option<ast::Ident>, ExprNode)>,
        from: Option<ExprNode>,
        l: u32,
        r: u32,
    ) -> ExprNode {
        let children = args.iter().map(|(_, value)| value.depth).max().unwrap_or(0);
        let children = children.max(from.as_ref().map_or(0, |node| node.depth));
        let args = args.into_iter().map(|(name, value)| Argument {
            name,
            value: value.it,
        });
        let kind = ExprKind::New {
            path,
            variant,
            args: args.collect(),
            from: from.map(|node| Box::new(node.it)),
        };
        self.expr(kind, children, l, r)
    }

    /// `new T[length]` with what follows: further lengths, then open `[]`.
    pub(crate) fn new_array(
        &mut self,
        element: Type,
        length: ExprNode,
        more: Vec<Option<ExprNode>>,
        from: Option<ExprNode>,
        l: u32,
        r: u32,
    ) -> ExprNode {
        let mut children = length.depth;
        let mut lengths = Vec::new();
        let mut open = 0;
        for node in more {
            match node {
                None => open += 1,
                Some(node) if open > 0 => {
                    let message = "a length follows one that is left open";
                    let problem = Diagnostic::error(&codes::UNEXPECTED_TOKEN, message)
                        .at(node.it.span, "not expected here");
                    self.diagnostics
                        .push(problem.help("lengths come first, as in `new int[2][3][]`"));
                }
                Some(node) => {
                    children = children.max(node.depth);
                    lengths.push(node.it);
                }
            }
        }
        let element = self.array(element, open);
        let children = children.max(from.as_ref().map_or(0, |node| node.depth));
        let kind = ExprKind::NewArray {
            element,
            length: Box::new(length.it),
            more: lengths,
            from: from.map(|node| Box::new(node.it)),
        };
        self.expr(kind, children, l, r)
    }

    /// `new T[](parts)`; `dims` counts all `[]`.
    pub(crate) fn array_of(
        &mut self,
        element: Type,
        dims: u32,
        parts: Vec<ExprNode>,
        from: Option<ExprNode>,
        (l, r): (u32, u32),
    ) -> ExprNode {
        let element = self.array(element, dims - 1);
        let children = deepest(&parts).max(from.as_ref().map_or(0, |node| node.depth));
        let kind = ExprKind::ArrayOf {
            element,
            parts: plain(parts),
            from: from.map(|node| Box::new(node.it)),
        };
        self.expr(kind, children, l, r)
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

    /// An operator that is a word, with one operand.
    pub(crate) fn wrapped(
        &mut self,
        kind: fn(Box<Expr>) -> ExprKind,
        operand: ExprNode,
        l: u32,
        r: u32,
    ) -> ExprNode {
        let children = operand.depth;
        self.expr(kind(Box::new(operand.it)), children, l, r)
    }

    /// `typeof(T[])` of a type that was parsed as an expression.
    pub(crate) fn typeof_array(&mut self, head: ExprNode, dims: u32, l: u32, r: u32) -> ExprNode {
        let element = self.type_of_head(head.it, "this has `[]` after it, but it is no type");
        let ty = self.array(element, dims);
        self.expr(ExprKind::TypeOfType(ty), 0, l, r)
    }

    pub(crate) fn has_type(&mut self, value: ExprNode, ty: Type, r: u32) -> ExprNode {
        let (children, l) = (value.depth, value.it.span.start);
        let value = Box::new(value.it);
        self.expr(ExprKind::HasType { value, ty }, children, l, r)
    }

    pub(crate) fn selector(
        &mut self,
        owner: ExprNode,
        name: ast::Ident,
        params: Option<Vec<Type>>,
        l: u32,
        r: u32,
    ) -> ExprNode {
        let children = owner.depth;
        let kind = ExprKind::Selector {
            owner: Box::new(owner.it),
            name,
            params,
        };
        self.expr(kind, children, l, r)
    }

    pub(crate) fn field_by(
        &mut self,
        object: ExprNode,
        selector: ExprNode,
        l: u32,
        r: u32,
    ) -> ExprNode {
        let children = object.depth.max(selector.depth);
        let kind = ExprKind::FieldBy {
            object: Box::new(object.it),
            selector: Box::new(selector.it),
        };
        self.expr(kind, children, l, r)
    }

    pub(crate) fn step_expr(
        &mut self,
        target: ExprNode,
        increment: bool,
        l: u32,
        r: u32,
    ) -> ExprNode {
        let children = target.depth;
        let target = Box::new(target.it);
        self.expr(ExprKind::Step { target, increment }, children, l, r)
    }

    /// An assignment whose value is used.
    pub(crate) fn assign_expr(
        &mut self,
        target: ExprNode,
        value: ExprNode,
        l: u32,
        r: u32,
    ) -> ExprNode {
        let children = target.depth.max(value.depth);
        let kind = ExprKind::Assign {
            target: Box::new(target.it),
            value: Box::new(value.it),
        };
        self.expr(kind, children, l, r)
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
