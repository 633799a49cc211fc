//! The tree as text: every operation in parentheses with its operator first.

use em_syntax::ast::{
    Argument, Block, Case, Catch, Expr, ExprKind, FixedLength, NamedArgument, Stmt, StmtKind,
    StringPart, Type, TypeKind,
};

pub(crate) fn ty(ty: &Type) -> String {
    match &ty.kind {
        TypeKind::Builtin(builtin) => builtin.as_str().to_owned(),
        TypeKind::Named(path) => path.to_string(),
        TypeKind::Array(element) => format!("{}[]", self::ty(element)),
        TypeKind::Fixed { element, length } => match length {
            FixedLength::Int(length) => format!("{}[{length}]", self::ty(element)),
            FixedLength::Constant(path) => format!("{}[{path}]", self::ty(element)),
        },
        TypeKind::Error => "<error>".to_owned(),
    }
}

fn call_args(args: &[Expr], named: &[NamedArgument]) -> String {
    let named = named
        .iter()
        .map(|it| format!("{} = {}", it.name, expr(&it.value)));
    let all: Vec<_> = args.iter().map(expr).chain(named).collect();
    format!("({})", all.join(", "))
}

fn new_args(args: &[Argument]) -> String {
    let arg = |arg: &Argument| match &arg.name {
        Some(name) => format!("{name} = {}", expr(&arg.value)),
        None => expr(&arg.value),
    };
    let args: Vec<_> = args.iter().map(arg).collect();
    format!("({})", args.join(", "))
}

fn from(value: Option<&Expr>) -> String {
    value.map_or(String::new(), |value| format!(" from {}", expr(value)))
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
        ExprKind::Float { value, .. } => format!("{value:?}"),
        ExprKind::Bool(value) => value.to_string(),
        ExprKind::Char(value) => format!("{:?}", char::from(*value)),
        ExprKind::Null => "null".to_owned(),
        ExprKind::String(parts) => string(parts),
        ExprKind::Name(name) => name.to_string(),
        ExprKind::Field { object, name } => format!("{}.{name}", show(object)),
        ExprKind::Index { array, index } => format!("{}[{}]", show(array), show(index)),
        ExprKind::Call {
            receiver,
            name,
            args,
            named,
        } => {
            let object = receiver
                .as_deref()
                .map(|object| format!("{}.", show(object)));
            format!(
                "{}{name}{}",
                object.unwrap_or_default(),
                call_args(args, named)
            )
        }
        ExprKind::ArrayAs { to, args } => format!("{}:({})", ty(to), exprs(args)),
        ExprKind::Convert { to, args, .. } => format!("{}:({})", to.as_str(), exprs(args)),
        ExprKind::Asynch {
            receiver,
            name,
            args,
            named,
        } => {
            let object = receiver
                .as_deref()
                .map(|object| format!("{}.", show(object)));
            let object = object.unwrap_or_default();
            format!("asynch {object}{name}{}", call_args(args, named))
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
        other => created(other).unwrap_or_else(|| word(other)),
    }
}

/// What `new` makes.
fn created(kind: &ExprKind) -> Option<String> {
    let show = self::expr;
    Some(match kind {
        ExprKind::New {
            path,
            variant,
            args,
            from,
        } => {
            let variant = variant.as_ref().map(|name| format!(":{name}"));
            let (variant, from) = (variant.unwrap_or_default(), self::from(from.as_deref()));
            format!("new {path}{variant}{}{from}", new_args(args))
        }
        ExprKind::NewArray {
            element,
            length,
            more,
            from,
        } => {
            let more: String = more.iter().map(|it| format!(" * {}", show(it))).collect();
            let from = self::from(from.as_deref());
            format!(
                "new array of {} * {}{more}{from}",
                ty(element),
                show(length)
            )
        }
        ExprKind::ArrayOf {
            element,
            parts,
            from,
        } => {
            let from = self::from(from.as_deref());
            format!("new array of {} from {}{from}", ty(element), exprs(parts))
        }
        _ => return None,
    })
}

/// Operators that are words, and selectors.
fn word(kind: &ExprKind) -> String {
    let show = self::expr;
    match kind {
        ExprKind::Super { args, named } => format!("super{}", call_args(args, named)),
        ExprKind::DeepClone(operand) => format!("(rclone {})", show(operand)),
        ExprKind::Implements(operand) => format!("(implements {})", show(operand)),
        ExprKind::IsSet(name) => format!("(isset {name})"),
        ExprKind::TypeOf(operand) => format!("(typeof {})", show(operand)),
        ExprKind::TypeOfType(it) => format!("(typeof type {})", ty(it)),
        ExprKind::HasType { value, ty: it } => format!("(hastype {} {})", show(value), ty(it)),
        ExprKind::This => "this".to_owned(),
        ExprKind::Selector {
            owner,
            name,
            params: None,
        } => format!("{}.[{name}]", show(owner)),
        ExprKind::Selector {
            owner,
            name,
            params: Some(params),
        } => {
            let params: Vec<_> = params.iter().map(ty).collect();
            format!("{}.[{name}({})]", show(owner), params.join(", "))
        }
        ExprKind::FieldBy { object, selector } => format!("{}:.{}", show(object), show(selector)),
        ExprKind::Step {
            target,
            increment: true,
        } => format!("({}++)", show(target)),
        ExprKind::Step {
            target,
            increment: false,
        } => format!("({}--)", show(target)),
        ExprKind::Assign { target, value } => format!("({} = {})", show(target), show(value)),
        other => panic!("no word: {other:?}"),
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
        StmtKind::Try { body, catches } => {
            let catch = |it: &Catch| {
                format!(
                    " catch {} {} {}",
                    self::ty(&it.ty),
                    it.name,
                    block(&it.handler)
                )
            };
            let catches: String = catches.iter().map(catch).collect();
            format!("try {}{catches}", block(body))
        }
        StmtKind::Switch { value, cases } => {
            let case = |it: &Case| match it.is_default() {
                true => format!(" default {}", block(&it.body)),
                false => format!(" case {} {}", exprs(&it.values), block(&it.body)),
            };
            let cases: String = cases.iter().map(case).collect();
            format!("switch {}{cases}", expr(value))
        }
        StmtKind::CopyCells { target, value } => format!("{} =[] {}", expr(target), expr(value)),
        StmtKind::Event { op, name, args } => format!("{} {name}({})", op.as_str(), exprs(args)),
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
