//! Files, components, interfaces and data types.

use super::{Context, DataMember, InterfaceMember, Item, Member, Node};
use crate::ast;
use crate::dialect::Dialect;
use crate::token::Token;
use em_diagnostics::{Diagnostic, codes};

type Declared = (ast::Type, ast::Ident);

impl Context<'_> {
    pub(crate) fn file(&mut self, items: Vec<Item>, end: u32) -> ast::File {
        let mut file = ast::File {
            uses: Vec::new(),
            consts: Vec::new(),
            datas: Vec::new(),
            enums: Vec::new(),
            interfaces: Vec::new(),
            component: None,
            dialect: self.dialect,
            span: self.span(0, end),
        };
        for item in items {
            match item {
                Item::Uses(uses) => file.uses.push(uses),
                Item::Const(constant) => file.consts.push(constant),
                Item::Data(data) => file.datas.push(data),
                Item::Enum(it) => file.enums.push(it),
                Item::Interface(interface) => file.interfaces.push(interface),
                Item::Component(component) => self.add_component(&mut file, component),
                Item::Error => {}
            }
        }
        self.refuse_types_beside_component(&file);
        file
    }

    /// Types are found by the file that they are in; a component's own would be found by nobody.
    /// In Dana a component's file may have types for itself.
    fn refuse_types_beside_component(&mut self, file: &ast::File) {
        let Some(component) = &file.component else {
            return;
        };
        if self.dialect == Dialect::Dana {
            return;
        }
        let interface = file
            .interfaces
            .first()
            .map(|it| ("an interface", it.name.span));
        let data = file.datas.first().map(|it| ("a data type", it.name.span));
        let enumeration = file.enums.first().map(|it| ("an enum", it.name.span));
        let constant = file.consts.first().map(|it| ("a constant", it.name.span));
        let Some((what, span)) = interface.or(data).or(enumeration).or(constant) else {
            return;
        };
        let help = match what {
            "a constant" => "move it into the component's braces",
            _ => "an interface file of its own, under interfaces/, is the place for it",
        };
        self.diagnostics.push(
            Diagnostic::error(&codes::FILE_MIXED, format!("{what} in a component's file"))
                .at(span, "not expected here")
                .because(component.header_span, "this file is a component")
                .help(help),
        );
    }

    fn add_component(&mut self, file: &mut ast::File, component: ast::Component) {
        let Some(first) = &file.component else {
            file.component = Some(component);
            return;
        };
        self.diagnostics.push(
            Diagnostic::error(&codes::FILE_MIXED, "a file holds one component")
                .at(component.header_span, "second component")
                .because(first.header_span, "first component")
                .help("move one of them into a file of its own"),
        );
    }

    pub(crate) fn uses(&self, path: ast::Path, l: u32, r: u32) -> Item {
        Item::Uses(ast::Uses {
            path,
            span: self.span(l, r),
        })
    }

    pub(crate) fn constant(
        &self,
        (ty, name): Declared,
        value: Node<ast::Expr>,
        l: u32,
        r: u32,
    ) -> ast::Const {
        ast::Const {
            ty,
            name,
            value: value.it,
            span: self.span(l, r),
        }
    }

    pub(crate) fn field(
        &self,
        (ty, name): Declared,
        init: Option<Node<ast::Expr>>,
        l: u32,
        r: u32,
    ) -> ast::Field {
        let init = init.map(|init| init.it);
        ast::Field {
            ty,
            name,
            init,
            is_static: false,
            span: self.span(l, r),
        }
    }

    pub(crate) fn data(
        &self,
        name: ast::Ident,
        extends: Option<ast::Path>,
        members: Vec<DataMember>,
        l: u32,
        r: u32,
    ) -> Item {
        let span = self.span(l, r);
        let mut data = ast::Data {
            name,
            extends,
            fields: Vec::new(),
            consts: Vec::new(),
            span,
        };
        for member in members {
            match member {
                DataMember::Const(constant) => data.consts.push(constant),
                DataMember::Field(field) => data.fields.push(field),
                DataMember::Error => {}
            }
        }
        Item::Data(data)
    }

    pub(crate) fn enumeration(
        &self,
        name: ast::Ident,
        values: Vec<Option<ast::Ident>>,
        l: u32,
        r: u32,
    ) -> Item {
        let values = values.into_iter().flatten().collect();
        let span = self.span(l, r);
        Item::Enum(ast::Enum { name, values, span })
    }

    pub(crate) fn interface(
        &self,
        name: ast::Ident,
        extends: Option<ast::Path>,
        members: Vec<InterfaceMember>,
        l: u32,
        r: u32,
    ) -> Item {
        let mut interface = ast::Interface {
            name,
            extends,
            consts: Vec::new(),
            transfers: Vec::new(),
            constructors: Vec::new(),
            functions: Vec::new(),
            events: Vec::new(),
            span: self.span(l, r),
        };
        for member in members {
            match member {
                InterfaceMember::Const(constant) => interface.consts.push(constant),
                InterfaceMember::Transfer(field) => interface.transfers.push(field),
                InterfaceMember::Constructor(it) => interface.constructors.push(it),
                InterfaceMember::Function(function) => interface.functions.push(function),
                InterfaceMember::Event(event) => interface.events.push(event),
                InterfaceMember::Error => {}
            }
        }
        Item::Interface(interface)
    }

    pub(crate) fn interface_constructor(
        &self,
        name: ast::Ident,
        params: Vec<ast::Param>,
        l: u32,
        r: u32,
    ) -> InterfaceMember {
        let span = self.span(l, r);
        InterfaceMember::Constructor(ast::InterfaceConstructor { name, params, span })
    }

    pub(crate) fn interface_function(
        &self,
        ret: ast::Type,
        name: ast::Ident,
        params: Vec<ast::Param>,
        l: u32,
        r: u32,
    ) -> InterfaceMember {
        let span = self.span(l, r);
        InterfaceMember::Function(ast::InterfaceFunction {
            ret,
            name,
            params,
            body: None,
            span,
        })
    }

    /// `r` is the end of the signature.
    pub(crate) fn interface_default(
        &self,
        ret: ast::Type,
        name: ast::Ident,
        params: Vec<ast::Param>,
        body: Node<ast::Block>,
        l: u32,
        r: u32,
    ) -> InterfaceMember {
        let span = self.span(l, r);
        InterfaceMember::Function(ast::InterfaceFunction {
            ret,
            name,
            params,
            body: Some(body.it),
            span,
        })
    }

    pub(crate) fn param(
        &self,
        qualifiers: Vec<Token<'static>>,
        (ty, name): Declared,
        l: u32,
        r: u32,
    ) -> ast::Param {
        let store = qualifiers.contains(&Token::Store);
        let opt = qualifiers.contains(&Token::Opt);
        ast::Param {
            ty,
            name,
            store,
            opt,
            span: self.span(l, r),
        }
    }

    pub(crate) fn provide(
        &self,
        path: ast::Path,
        variant: Option<ast::Ident>,
        secondary: Vec<ast::Path>,
        l: u32,
        r: u32,
    ) -> ast::Provide {
        let secondary = secondary
            .into_iter()
            .map(|path| ast::Secondary { path })
            .collect();
        ast::Provide {
            path,
            variant,
            secondary,
            span: self.span(l, r),
        }
    }

    /// `(start, header_end, end)` are the places.
    pub(crate) fn component(
        &self,
        provides: Vec<Option<ast::Provide>>,
        requires: Vec<Option<ast::Require>>,
        members: Vec<Member>,
        (start, header_end, end): (u32, u32, u32),
    ) -> Item {
        let mut component = ast::Component {
            provides: provides.into_iter().flatten().collect(),
            requires: requires.into_iter().flatten().collect(),
            ..ast::Component::empty(self.span(start, header_end), self.span(start, end))
        };
        for member in members {
            match member {
                Member::Const(constant) => component.consts.push(constant),
                Member::Field(field) => component.fields.push(field),
                Member::Constructor(constructor) => component.constructors.push(constructor),
                Member::Function(function) => component.functions.push(function),
                Member::Sink(sink) => component.sinks.push(sink),
                Member::Implementation(it) => component.implementations.push(it),
                Member::Error => {}
            }
        }
        Item::Component(component)
    }

    pub(crate) fn implementation(
        &self,
        interface: ast::Path,
        variant: Option<ast::Ident>,
        members: Vec<Member>,
        l: u32,
        r: u32,
    ) -> Member {
        let mut block = ast::Implementation {
            interface,
            variant,
            consts: Vec::new(),
            fields: Vec::new(),
            constructors: Vec::new(),
            functions: Vec::new(),
            sinks: Vec::new(),
            span: self.span(l, r),
        };
        for member in members {
            match member {
                Member::Const(constant) => block.consts.push(constant),
                Member::Field(field) => block.fields.push(field),
                Member::Constructor(constructor) => block.constructors.push(constructor),
                Member::Function(function) => block.functions.push(function),
                Member::Sink(sink) => block.sinks.push(sink),
                // The grammar has no block inside of a block.
                Member::Implementation(_) | Member::Error => {}
            }
        }
        Member::Implementation(block)
    }

    pub(crate) fn event_sink(
        &self,
        name: ast::Ident,
        params: Vec<ast::Param>,
        body: Node<ast::Block>,
        l: u32,
        r: u32,
    ) -> Member {
        let span = self.span(l, r);
        let body = body.it;
        Member::Sink(ast::EventSink {
            name,
            params,
            body,
            span,
        })
    }

    pub(crate) fn function(
        &self,
        (ret, interface, name): (ast::Type, Option<ast::Ident>, ast::Ident),
        params: Vec<ast::Param>,
        body: Node<ast::Block>,
        l: u32,
        r: u32,
    ) -> Member {
        let span = self.span(l, r);
        Member::Function(ast::Function {
            ret,
            interface,
            name,
            params,
            body: body.it,
            span,
        })
    }

    pub(crate) fn constructor(
        &self,
        interface: ast::Ident,
        name: ast::Ident,
        params: Vec<ast::Param>,
        body: Node<ast::Block>,
        l: u32,
        r: u32,
    ) -> Member {
        let span = self.span(l, r);
        Member::Constructor(ast::Constructor {
            interface,
            name,
            params,
            body: body.it,
            span,
        })
    }
}
