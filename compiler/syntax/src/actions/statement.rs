//! Statements.

use super::{Context, Declarator, Node};
use crate::ast::{self, BinaryOp, EventOp, Expr, ExprKind, Stmt, StmtKind, Type, TypeKind};
use crate::dialect::Dialect;
use em_diagnostics::{Diagnostic, codes};

type ExprNode = Node<Expr>;
type StmtNode = Node<Stmt>;
type ForHeader = (Option<StmtNode>, Option<ExprNode>, Option<StmtNode>);

fn deepest<T>(nodes: &[Node<T>]) -> u32 {
    nodes.iter().map(|node| node.depth).max().unwrap_or(0)
}

fn depth<T>(node: Option<&Node<T>>) -> u32 {
    node.map_or(0, |node| node.depth)
}

impl Context<'_> {
    /// A statement whose deepest part has the depth `children`.
    pub(crate) fn stmt(&mut self, kind: StmtKind, children: u32, l: u32, r: u32) -> StmtNode {
        let span = self.span(l, r);
        let error = Stmt {
            kind: StmtKind::Error,
            span,
        };
        self.limited(children, span, || Stmt { kind, span }, error)
    }

    pub(crate) fn error_stmt(&mut self, l: u32, r: u32) -> StmtNode {
        self.stmt(StmtKind::Error, 0, l, r)
    }

    pub(crate) fn block(&mut self, stmts: Vec<StmtNode>, l: u32, r: u32) -> Node<ast::Block> {
        let span = self.span(l, r);
        let depth = stmts.iter().map(|stmt| stmt.depth).max().unwrap_or(0);
        let build = || ast::Block {
            stmts: stmts.into_iter().map(|s| s.it).collect(),
            span,
        };
        self.limited(
            depth,
            span,
            build,
            ast::Block {
                stmts: Vec::new(),
                span,
            },
        )
    }

    pub(crate) fn block_stmt(&mut self, block: Node<ast::Block>) -> StmtNode {
        let span = block.it.span;
        Node {
            it: Stmt {
                kind: StmtKind::Block(block.it),
                span,
            },
            depth: block.depth,
        }
    }

    /// Reports a constant among statements, and reads it as a variable so that its name is known.
    pub(crate) fn const_stmt(&mut self, constant: ast::Const) -> StmtNode {
        let message = "a constant can't be declared inside of a function";
        self.diagnostics.push(
            Diagnostic::error(&codes::UNEXPECTED_TOKEN, message)
                .at(constant.span, "not expected here")
                .help("move it out of the function, or leave out `const`"),
        );
        let (ty, name, init) = (constant.ty, constant.name, Some(constant.value));
        // The depth of the value was limited when it was built; only its own level is known here.
        let kind = StmtKind::Local { ty, name, init };
        self.stmt(kind, 0, constant.span.start, constant.span.end)
    }

    pub(crate) fn if_stmt(
        &mut self,
        condition: ExprNode,
        then: StmtNode,
        otherwise: Option<StmtNode>,
        l: u32,
        r: u32,
    ) -> StmtNode {
        let children = condition
            .depth
            .max(then.depth)
            .max(depth(otherwise.as_ref()));
        let otherwise = otherwise.map(|stmt| Box::new(stmt.it));
        let kind = StmtKind::If {
            condition: condition.it,
            then: Box::new(then.it),
            otherwise,
        };
        self.stmt(kind, children, l, r)
    }

    pub(crate) fn while_stmt(
        &mut self,
        condition: ExprNode,
        body: StmtNode,
        l: u32,
        r: u32,
    ) -> StmtNode {
        let children = condition.depth.max(body.depth);
        let kind = StmtKind::While {
            condition: condition.it,
            body: Box::new(body.it),
        };
        self.stmt(kind, children, l, r)
    }

    pub(crate) fn for_stmt(
        &mut self,
        (init, condition, step): ForHeader,
        body: StmtNode,
        l: u32,
        r: u32,
    ) -> StmtNode {
        let header = depth(init.as_ref())
            .max(depth(condition.as_ref()))
            .max(depth(step.as_ref()));
        let children = header.max(body.depth);
        let boxed = |stmt: Option<StmtNode>| stmt.map(|stmt| Box::new(stmt.it));
        let condition = condition.map(|condition| condition.it);
        let (init, step, body) = (boxed(init), boxed(step), Box::new(body.it));
        self.stmt(
            StmtKind::For {
                init,
                condition,
                step,
                body,
            },
            children,
            l,
            r,
        )
    }

    /// `word` is what stands where `in` belongs.
    pub(crate) fn foreach(
        &mut self,
        (ty, name): (Type, ast::Ident),
        word: ast::Ident,
        array: ExprNode,
        body: StmtNode,
        l: u32,
        r: u32,
    ) -> StmtNode {
        if word.name != "in" {
            let message = format!("expected `in`, found `{word}`");
            self.diagnostics.push(
                Diagnostic::error(&codes::UNEXPECTED_TOKEN, message)
                    .at(word.span, "expected `in`")
                    .help("write `foreach (Type name in array)`"),
            );
        }
        let children = array.depth.max(body.depth);
        let kind = StmtKind::Foreach {
            ty,
            name,
            array: array.it,
            body: Box::new(body.it),
        };
        self.stmt(kind, children, l, r)
    }

    pub(crate) fn try_stmt(
        &mut self,
        body: Node<ast::Block>,
        catches: Vec<Node<ast::Catch>>,
        l: u32,
        r: u32,
    ) -> StmtNode {
        let children = body.depth.max(deepest(&catches));
        let catches = catches.into_iter().map(|catch| catch.it).collect();
        let body = body.it;
        self.stmt(StmtKind::Try { body, catches }, children, l, r)
    }

    pub(crate) fn catch(
        &self,
        ty: Type,
        name: ast::Ident,
        handler: Node<ast::Block>,
        l: u32,
        r: u32,
    ) -> Node<ast::Catch> {
        let span = self.span(l, r);
        let depth = handler.depth;
        let handler = handler.it;
        let it = ast::Catch {
            ty,
            name,
            handler,
            span,
        };
        Node { it, depth }
    }

    pub(crate) fn switch(
        &mut self,
        value: ExprNode,
        stray: Vec<StmtNode>,
        cases: Vec<Node<ast::Case>>,
        l: u32,
        r: u32,
    ) -> StmtNode {
        let understood = |stmt: &&StmtNode| !matches!(stmt.it.kind, StmtKind::Error);
        if let Some(first) = stray.iter().find(understood) {
            let message = "a statement of a `switch` belongs to no `case`";
            self.diagnostics.push(
                Diagnostic::error(&codes::UNEXPECTED_TOKEN, message)
                    .at(first.it.span, "not expected here")
                    .help("write `case value:` or `default:` before it"),
            );
        }
        let children = value.depth.max(deepest(&cases));
        let cases = cases.into_iter().map(|case| case.it).collect();
        let value = value.it;
        self.stmt(StmtKind::Switch { value, cases }, children, l, r)
    }

    /// `default` if there are no values. `(start, label_end, end)` are the places.
    pub(crate) fn case(
        &mut self,
        values: Vec<ExprNode>,
        stmts: Vec<StmtNode>,
        (start, label_end, end): (u32, u32, u32),
    ) -> Node<ast::Case> {
        let body = self.block(stmts, label_end, end);
        let depth = body.depth.max(deepest(&values));
        let it = ast::Case {
            values: values.into_iter().map(|value| value.it).collect(),
            body: body.it,
            label_span: self.span(start, label_end),
        };
        Node { it, depth }
    }

    pub(crate) fn event_stmt(
        &mut self,
        op: EventOp,
        name: ast::Ident,
        args: Vec<ExprNode>,
        l: u32,
        r: u32,
    ) -> StmtNode {
        let children = deepest(&args);
        let args = args.into_iter().map(|arg| arg.it).collect();
        self.stmt(StmtKind::Event { op, name, args }, children, l, r)
    }

    pub(crate) fn copy_cells(
        &mut self,
        target: ExprNode,
        value: ExprNode,
        l: u32,
        r: u32,
    ) -> StmtNode {
        let children = target.depth.max(value.depth);
        let (target, value) = (target.it, value.it);
        self.stmt(StmtKind::CopyCells { target, value }, children, l, r)
    }

    pub(crate) fn mutex(
        &mut self,
        object: ExprNode,
        body: Node<ast::Block>,
        l: u32,
        r: u32,
    ) -> StmtNode {
        let children = object.depth.max(body.depth);
        self.stmt(
            StmtKind::Mutex {
                object: object.it,
                body: body.it,
            },
            children,
            l,
            r,
        )
    }

    pub(crate) fn local(
        &mut self,
        ty: Type,
        declarator: Declarator,
        init: Option<ExprNode>,
        l: u32,
        r: u32,
    ) -> StmtNode {
        let (ty, name) = self.declared(ty, declarator);
        let children = depth(init.as_ref());
        let init = init.map(|init| init.it);
        self.stmt(StmtKind::Local { ty, name, init }, children, l, r)
    }

    /// A local variable that may be kept in state, which Dana wants to be told and Em finds out.
    /// `(start, word_end, end)` are the places.
    pub(crate) fn stored_local(
        &mut self,
        ty: Type,
        declarator: Declarator,
        init: Option<ExprNode>,
        (start, word_end, end): (u32, u32, u32),
    ) -> StmtNode {
        if self.dialect == Dialect::Em {
            let message = "`store` belongs to parameters";
            let word = self.span(start, word_end);
            self.diagnostics.push(
                Diagnostic::error(&codes::UNEXPECTED_TOKEN, message)
                    .at(word, "not expected here")
                    .help("leave it out: any variable's value may be kept"),
            );
        }
        self.local(ty, declarator, init, start, end)
    }

    /// A declaration whose type was parsed as an expression followed by `dims` times `[]`.
    pub(crate) fn local_of(
        &mut self,
        head: ExprNode,
        dims: u32,
        declarator: Declarator,
        init: Option<ExprNode>,
        l: u32,
        r: u32,
    ) -> StmtNode {
        let name = &declarator.0;
        let message = format!("`{name}` is declared with something that is no type");
        let ty = self.type_of_head(head.it, &message);
        let ty = self.array(ty, dims);
        self.local(ty, declarator, init, l, r)
    }

    /// A type that was parsed as an expression; `message` says what is wrong if it is none.
    pub(super) fn type_of_head(&mut self, head: Expr, message: &str) -> Type {
        let span = head.span;
        if let Some(path) = path_of(head) {
            return self.named_type(path, 0, span.start, span.end);
        }
        self.diagnostics.push(
            Diagnostic::error(&codes::NOT_A_TYPE, message)
                .at(span, "not a type")
                .help("a type is a name such as int or data.Item, arrays have [] after it"),
        );
        let kind = TypeKind::Error;
        Type { kind, span }
    }

    pub(crate) fn assign(
        &mut self,
        target: ExprNode,
        op: Option<BinaryOp>,
        value: ExprNode,
        l: u32,
        r: u32,
    ) -> StmtNode {
        let children = target.depth.max(value.depth);
        let kind = StmtKind::Assign {
            target: target.it,
            op,
            value: value.it,
        };
        self.stmt(kind, children, l, r)
    }

    pub(crate) fn step(&mut self, target: ExprNode, increment: bool, l: u32, r: u32) -> StmtNode {
        self.stmt(
            StmtKind::Step {
                target: target.it,
                increment,
            },
            target.depth,
            l,
            r,
        )
    }
}

/// `a.b.C` as a path, if the expression has that form. Its depth is limited, so recursion is fine.
fn path_of(expr: Expr) -> Option<ast::Path> {
    match expr.kind {
        ExprKind::Name(name) => Some(ast::Path {
            span: name.span,
            segments: vec![name],
        }),
        ExprKind::Field { object, name } => path_of(*object).map(|path| Context::path(path, name)),
        _ => None,
    }
}
