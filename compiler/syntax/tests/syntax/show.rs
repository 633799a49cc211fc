//! The tree as text: every operation in parentheses with its operator first.

use em_syntax::ast::{Block, Expr, ExprKind, Stmt, StmtKind, StringPart, Type, TypeKind};

pub(crate) fn ty(ty: &Type) -> String {
    match &ty.kind {
        TypeKind::Builtin(builtin) => builtin.as_str().to_owned(),
        TypeKind::Named(path) => path.to_string(),
        TypeKind::Array(element) => format!("{}[]", self::ty(element)),
        TypeKind::Error => "<error>".to_owned(),
    }
}

fn exprs(list: &[Expr]) -> String {
    list.iter().map(expr).collect::<Vec<_>>().join(", ")
}

fn string(parts: &[StringPart]) -> String {
    let show = |part: &StringPart| match part {
        StringPart::Text(bytes) => format!("{:?}", String::from_utf8_lossy(bytes)),
        StringPart::Expr(it) => expr(it),
    };
    format!("<{}>", parts.iter().map(show).collect::<Vec<_>>().join(" "))
}

pub(crate) fn expr(expr: &Expr) -> String {
    let show = self::expr;
    match &expr.kind {
        ExprKind::Int(value) => value.to_string(),
        ExprKind::Float(value) => format!("{value:?}"),
        ExprKind::Bool(value) => value.to_string(),
        ExprKind::Char(value) => format!("{:?}", char::from(*value)),
        ExprKind::Null => "null".to_owned(),
        ExprKind::String(parts) => string(parts),
        ExprKind::Name(name) => name.to_string(),
        ExprKind::Field { object, name } => format!("{}.{name}", show(object)),
        ExprKind::Index { array, index } => format!("{}[{}]", show(array), show(index)),
        ExprKind::Call {
            receiver: None,
            name,
            args,
        } => format!("{name}({})", exprs(args)),
        ExprKind::Call {
            receiver: Some(receiver),
            name,
            args,
        } => {
            format!("{}.{name}({})", show(receiver), exprs(args))
        }
        ExprKind::Convert { to, args, .. } => format!("{}:({})", to.as_str(), exprs(args)),
        ExprKind::Asynch { name, args } => format!("asynch {name}({})", exprs(args)),
        ExprKind::New {
            path,
            variant,
            args,
        } => {
            let variant = variant
                .as_ref()
                .map_or(String::new(), |name| format!(":{name}"));
            let arg = |arg: &em_syntax::ast::Argument| match &arg.name {
                Some(name) => format!("{name} = {}", show(&arg.value)),
                None => show(&arg.value),
            };
            let args: Vec<_> = args.iter().map(arg).collect();
            format!("new {path}{variant}({})", args.join(", "))
        }
        ExprKind::NewArray { element, length } => {
            format!("new array of {} * {}", ty(element), show(length))
        }
        ExprKind::ArrayOf { element, parts } => {
            format!("new array of {} from {}", ty(element), exprs(parts))
        }
        ExprKind::Clone(operand) => format!("(clone {})", show(operand)),
        ExprKind::Unary { op, operand } => format!("({} {})", op.as_str(), show(operand)),
        ExprKind::Binary {
            op, left, right, ..
        } => {
            format!("({} {} {})", op.as_str(), show(left), show(right))
        }
        ExprKind::Ternary {
            condition,
            then,
            otherwise,
        } => {
            format!("(? {} {} {})", show(condition), show(then), show(otherwise))
        }
        ExprKind::Error => "<error>".to_owned(),
    }
}

pub(crate) fn block(block: &Block) -> String {
    let stmts: Vec<_> = block.stmts.iter().map(stmt).collect();
    format!("{{ {} }}", stmts.join("; "))
}

fn optional<T: ?Sized>(value: Option<&T>, show: impl Fn(&T) -> String) -> String {
    value.map_or("-".to_owned(), show)
}

pub(crate) fn stmt(stmt: &Stmt) -> String {
    match &stmt.kind {
        StmtKind::Local {
            ty,
            name,
            init: None,
        } => format!("{} {name}", self::ty(ty)),
        StmtKind::Local {
            ty,
            name,
            init: Some(init),
        } => {
            format!("{} {name} = {}", self::ty(ty), expr(init))
        }
        StmtKind::Assign { target, op, value } => {
            let op = op.map_or("", |op| op.as_str());
            format!("{} {op}= {}", expr(target), expr(value))
        }
        StmtKind::Step {
            target,
            increment: true,
        } => format!("{}++", expr(target)),
        StmtKind::Step {
            target,
            increment: false,
        } => format!("{}--", expr(target)),
        StmtKind::Expr(it) => expr(it),
        StmtKind::If { .. }
        | StmtKind::While { .. }
        | StmtKind::For { .. }
        | StmtKind::Foreach { .. } => branch(&stmt.kind),
        StmtKind::Break => "break".to_owned(),
        StmtKind::Continue => "continue".to_owned(),
        StmtKind::Return(None) => "return".to_owned(),
        StmtKind::Return(Some(value)) => format!("return {}", expr(value)),
        StmtKind::Throw(value) => format!("throw {}", expr(value)),
        StmtKind::Try {
            body,
            ty,
            name,
            handler,
        } => {
            format!(
                "try {} catch {} {name} {}",
                block(body),
                self::ty(ty),
                block(handler)
            )
        }
        StmtKind::Mutex { object, body } => format!("mutex {} {}", expr(object), block(body)),
        StmtKind::Block(it) => block(it),
        StmtKind::Error => "<error>".to_owned(),
    }
}

fn branch(kind: &StmtKind) -> String {
    let show = self::stmt;
    match kind {
        StmtKind::If {
            condition,
            then,
            otherwise: None,
        } => {
            format!("if {} [{}]", expr(condition), show(then))
        }
        StmtKind::If {
            condition,
            then,
            otherwise: Some(otherwise),
        } => {
            format!(
                "if {} [{}] else [{}]",
                expr(condition),
                show(then),
                show(otherwise)
            )
        }
        StmtKind::While { condition, body } => {
            format!("while {} [{}]", expr(condition), show(body))
        }
        StmtKind::For {
            init,
            condition,
            step,
            body,
        } => {
            let init = optional(init.as_deref(), show);
            let condition = optional(condition.as_ref(), expr);
            let step = optional(step.as_deref(), show);
            format!("for {init}; {condition}; {step} [{}]", show(body))
        }
        StmtKind::Foreach {
            ty,
            name,
            array,
            body,
        } => {
            format!(
                "foreach {} {name} in {} [{}]",
                self::ty(ty),
                expr(array),
                show(body)
            )
        }
        other => panic!("no branch or loop: {other:?}"),
    }
}
