//! Text to component.

use super::lex::{Token, lex};
use super::{BIN_OPS, CMP_OPS, DIALECTS, SWAP_CLASSES, TYPES, UN_OPS, value_of};
use crate::component::{
    Component, Dialect, Event, Field, Interface, Method, NativeImport, Param, Provide, Record,
    Require, Sink, SourceInfo, SwapClass,
};
use crate::function::{Block, Function, Handler, Term};
use crate::limits;
use crate::object_fn::ObjectFn;
use crate::ops::{BinOp, CmpOp, Inst, OperandSource, UnOp};
use crate::reflect::ReflectOp;
use crate::ty::{
    BlockId, FieldId, FuncId, IfaceId, Local, MethodId, NativeId, RecordId, ReqId, StrId, Ty,
};

/// Why a text is no component.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
#[error("line {line}: {message}")]
pub struct ParseError {
    /// Line, from 1.
    pub line: u32,
    /// What is wrong there.
    pub message: String,
}

type Parsed<T> = Result<T, ParseError>;

/// Parses a component. It isn't verified.
///
/// # Errors
/// The first place that is not in the text form.
pub fn parse(text: &str) -> Result<Component, ParseError> {
    let mut parser = Parser {
        tokens: lex(text)?,
        at: 0,
    };
    parser.component()
}

struct Parser {
    tokens: Vec<(Token, u32)>,
    at: usize,
}

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at).map(|(token, _)| token)
    }

    fn peek_word(&self) -> Option<&str> {
        match self.peek() {
            Some(Token::Word(word)) => Some(word),
            _ => None,
        }
    }

    fn fail<T>(&self, message: impl Into<String>) -> Parsed<T> {
        let (last, next) = (self.tokens.last(), self.tokens.get(self.at));
        let line = next.or(last).map_or(1, |(_, line)| *line);
        Err(ParseError {
            line,
            message: message.into(),
        })
    }

    fn found(&self) -> String {
        match self.peek() {
            None => "the end".into(),
            Some(Token::Word(word)) => format!("`{word}`"),
            Some(Token::Quoted(_)) => "a string".into(),
            Some(Token::Sign(sign)) => format!("`{sign}`"),
        }
    }

    fn expected<T>(&self, what: &str) -> Parsed<T> {
        self.fail(format!("expected {what}, found {}", self.found()))
    }

    fn accept_sign(&mut self, sign: char) -> bool {
        let found = self.peek() == Some(&Token::Sign(sign));
        self.at += usize::from(found);
        found
    }

    fn sign(&mut self, sign: char) -> Parsed<()> {
        if self.accept_sign(sign) {
            Ok(())
        } else {
            self.expected(&format!("`{sign}`"))
        }
    }

    fn accept(&mut self, keyword: &str) -> bool {
        let found = self.peek_word() == Some(keyword);
        self.at += usize::from(found);
        found
    }

    fn keyword(&mut self, keyword: &str) -> Parsed<()> {
        if self.accept(keyword) {
            Ok(())
        } else {
            self.expected(&format!("`{keyword}`"))
        }
    }

    fn word(&mut self, what: &str) -> Parsed<String> {
        match self.peek() {
            Some(Token::Word(word)) => {
                let word = word.clone();
                self.at += 1;
                Ok(word)
            }
            _ => self.expected(what),
        }
    }

    fn quoted(&mut self) -> Parsed<Vec<u8>> {
        match self.peek() {
            Some(Token::Quoted(bytes)) => {
                let bytes = bytes.clone();
                self.at += 1;
                Ok(bytes)
            }
            _ => self.expected("a string"),
        }
    }

    fn name(&mut self) -> Parsed<String> {
        match self.peek() {
            Some(Token::Quoted(bytes)) => match String::from_utf8(bytes.clone()) {
                Ok(name) => {
                    self.at += 1;
                    Ok(name)
                }
                Err(_) => self.fail("a name must be UTF-8"),
            },
            _ => self.word("a name"),
        }
    }

    /// Looks the next word up in a table.
    fn one_of<T: Clone>(&mut self, table: &[(&'static str, T)], what: &str) -> Parsed<T> {
        match self.peek_word().and_then(|word| value_of(table, word)) {
            Some(value) => {
                self.at += 1;
                Ok(value)
            }
            None => self.expected(what),
        }
    }

    /// An index with a prefix, as in `b3`.
    fn index(&mut self, prefix: &str) -> Parsed<u32> {
        let digits = self.peek_word().and_then(|word| word.strip_prefix(prefix));
        match digits.and_then(|digits| digits.parse().ok()) {
            Some(index) => {
                self.at += 1;
                Ok(index)
            }
            None => self.expected(&format!("an index like `{prefix}0`")),
        }
    }

    /// The index of a table entry, which must be its position.
    fn position(&mut self, prefix: &str, position: usize) -> Parsed<()> {
        if self.peek_word() == Some(&*format!("{prefix}{position}")) {
            self.at += 1;
            Ok(())
        } else {
            self.expected(&format!("`{prefix}{position}`"))
        }
    }

    fn number(&mut self, what: &str) -> Parsed<u32> {
        match self.peek_word().and_then(|word| word.parse().ok()) {
            Some(number) => {
                self.at += 1;
                Ok(number)
            }
            None => self.expected(what),
        }
    }

    fn ty(&mut self) -> Parsed<Ty> {
        let word = self.peek_word().unwrap_or_default().to_owned();
        let index = |prefix| {
            word.strip_prefix(prefix)
                .and_then(|digits| digits.parse().ok())
        };
        let mut ty = if let Some(ty) = value_of(TYPES, &word) {
            ty
        } else if let Some(index) = index("r") {
            Ty::Record(RecordId(index))
        } else if let Some(index) = index("i") {
            Ty::Object(IfaceId(index))
        } else {
            return self.expected("a type");
        };
        self.at += 1;
        let mut depth = 0;
        while self.accept_sign('[') {
            self.sign(']')?;
            depth += 1;
            if depth > limits::ARRAY_NESTING {
                return self.fail("arrays are nested too deeply");
            }
            ty = Ty::Array(Box::new(ty));
        }
        Ok(ty)
    }

    fn typed_name(&mut self) -> Parsed<Field> {
        let name = self.name()?;
        self.sign(':')?;
        Ok(Field {
            name,
            ty: self.ty()?,
        })
    }

    fn params(&mut self) -> Parsed<Vec<Param>> {
        self.sign('(')?;
        let mut params = Vec::new();
        while !self.accept_sign(')') {
            if !params.is_empty() {
                self.sign(',')?;
            }
            let opt = self.qualifier("opt");
            let store = self.qualifier("store");
            let Field { name, ty } = self.typed_name()?;
            params.push(Param {
                name,
                ty,
                store,
                opt,
            });
        }
        Ok(params)
    }

    /// A word before a name, unless it is the name itself.
    fn qualifier(&mut self, word: &str) -> bool {
        let follows = self.tokens.get(self.at + 1).map(|(token, _)| token);
        follows != Some(&Token::Sign(':')) && self.accept(word)
    }

    /// What a record or interface extends.
    fn base(&mut self, prefix: &str) -> Parsed<Option<u32>> {
        match self.accept("extends") {
            true => self.index(prefix).map(Some),
            false => Ok(None),
        }
    }

    fn result(&mut self) -> Parsed<Option<Ty>> {
        if self.accept_sign(':') {
            self.ty().map(Some)
        } else {
            Ok(None)
        }
    }

    fn signature(&mut self) -> Parsed<Method> {
        Ok(Method {
            name: self.name()?,
            params: self.params()?,
            ret: self.result()?,
        })
    }

    fn component(&mut self) -> Parsed<Component> {
        self.keyword("component")?;
        let name = self.name()?;
        let swap_class: SwapClass = self.one_of(SWAP_CLASSES, "a swap class")?;
        let dialect = self.peek_word().and_then(|word| value_of(DIALECTS, word));
        self.at += usize::from(dialect.is_some());
        let source = self.source()?;
        let mut component = Component {
            name,
            dialect: dialect.unwrap_or(Dialect::Em),
            records: Vec::new(),
            interfaces: Vec::new(),
            provides: Vec::new(),
            requires: Vec::new(),
            natives: Vec::new(),
            statics: Vec::new(),
            statics_init: None,
            strings: Vec::new(),
            functions: Vec::new(),
            swap_class,
            source,
        };
        while self.peek().is_some() {
            self.entry(&mut component)?;
        }
        Ok(component)
    }

    fn source(&mut self) -> Parsed<SourceInfo> {
        self.keyword("source")?;
        let Ok(path) = String::from_utf8(self.quoted()?) else {
            return self.fail("the source path must be UTF-8");
        };
        let digits = self.word("the hash of the source")?;
        let mut hash = [0; 32];
        let pairs = digits
            .as_bytes()
            .chunks(2)
            .map(|pair| std::str::from_utf8(pair).unwrap_or(""));
        let bytes: Vec<_> = pairs
            .filter_map(|pair| u8::from_str_radix(pair, 16).ok())
            .collect();
        if digits.len() != 2 * hash.len() || bytes.len() != hash.len() {
            return self.fail("the hash of the source has 64 hexadecimal digits");
        }
        hash.copy_from_slice(&bytes);
        Ok(SourceInfo { path, hash })
    }

    /// One entry of a table.
    fn entry(&mut self, component: &mut Component) -> Parsed<()> {
        match self.word("a table entry")?.as_str() {
            "record" => {
                self.position("r", component.records.len())?;
                let record = self.record()?;
                component.records.push(record);
            }
            "interface" => {
                self.position("i", component.interfaces.len())?;
                let interface = self.interface()?;
                component.interfaces.push(interface);
            }
            "provide" => {
                let provide = self.provide()?;
                component.provides.push(provide);
            }
            "require" => {
                self.position("q", component.requires.len())?;
                let iface = IfaceId(self.index("i")?);
                let name = if self.accept("as") {
                    Some(self.name()?)
                } else {
                    None
                };
                component.requires.push(Require { name, iface });
            }
            "native" => {
                self.position("n", component.natives.len())?;
                let (module, function) = (self.name()?, self.signature()?);
                component.natives.push(NativeImport { module, function });
            }
            "statics" => {
                self.sign('{')?;
                while !self.accept_sign('}') {
                    component.statics.push(self.typed_name()?);
                }
            }
            "initially" => component.statics_init = Some(FuncId(self.index("f")?)),
            "string" => {
                self.position("s", component.strings.len())?;
                let string = self.quoted()?;
                component.strings.push(string);
            }
            "function" => {
                self.position("f", component.functions.len())?;
                let function = self.function()?;
                component.functions.push(function);
            }
            other => {
                self.at -= 1;
                return self.fail(format!("there is no table of `{other}`"));
            }
        }
        Ok(())
    }

    fn record(&mut self) -> Parsed<Record> {
        let path = self.name()?;
        let base = self.base("r")?.map(RecordId);
        self.sign('{')?;
        let mut fields = Vec::new();
        while !self.accept_sign('}') {
            fields.push(self.typed_name()?);
        }
        Ok(Record { path, base, fields })
    }

    fn interface(&mut self) -> Parsed<Interface> {
        let path = self.name()?;
        let variant = if self.accept("variant") {
            self.name()?
        } else {
            String::new()
        };
        let base = self.base("i")?.map(IfaceId);
        let (mut constructor, mut methods, mut transfer) = (None, Vec::new(), Vec::new());
        let mut events = Vec::new();
        self.sign('{')?;
        while !self.accept_sign('}') {
            if self.accept("transfer") {
                transfer.push(self.typed_name()?);
            } else if self.accept("constructor") {
                constructor = Some(self.params()?);
            } else if self.accept("event") {
                let (name, details) = (self.name()?, self.result()?);
                events.push(Event { name, details });
            } else {
                self.keyword("method")?;
                methods.push(self.signature()?);
            }
        }
        Ok(Interface {
            path,
            variant,
            base,
            constructor,
            methods,
            transfer,
            events,
        })
    }

    fn provide(&mut self) -> Parsed<Provide> {
        let mut provide = Provide {
            iface: IfaceId(self.index("i")?),
            methods: Vec::new(),
            constructor: None,
            init: None,
            active: None,
            inactive: None,
            destroy: None,
            object_fns: [None; 4],
            sinks: Vec::new(),
            super_object: None,
            fields: Vec::new(),
        };
        self.sign('{')?;
        while !self.accept_sign('}') {
            let role = self.word("a role")?;
            if role == "field" {
                provide.fields.push(self.typed_name()?);
                continue;
            }
            if role == "super" {
                provide.super_object = Some(ReqId(self.index("q")?));
                continue;
            }
            let func = FuncId(self.index("f")?);
            match role.as_str() {
                "method" => provide.methods.push(func),
                "constructor" => provide.constructor = Some(func),
                "init" => provide.init = Some(func),
                "active" => provide.active = Some(func),
                "inactive" => provide.inactive = Some(func),
                "destroy" => provide.destroy = Some(func),
                "sink" => {
                    let name = self.name()?;
                    provide.sinks.push(Sink { name, func });
                }
                _ => match ObjectFn::WORDS.iter().find(|(word, _)| *word == role) {
                    Some((_, function)) => provide.object_fns[function.index()] = Some(func),
                    None => return self.fail(format!("functions have no role `{role}`")),
                },
            }
        }
        Ok(provide)
    }

    fn function(&mut self) -> Parsed<Function> {
        let name = self.name()?;
        self.keyword("provide")?;
        let provide = self.number("a provide's number")?;
        self.keyword("params")?;
        let params = self.number("a number of parameters")?;
        let ret = self.result()?;
        self.sign('{')?;
        let mut locals = Vec::new();
        while self.peek_word().is_some_and(|word| word.starts_with('v')) {
            self.position("v", locals.len())?;
            self.sign(':')?;
            locals.push(self.ty()?);
        }
        let (mut blocks, mut line) = (Vec::new(), 0);
        while !self.accept_sign('}') {
            self.position("b", blocks.len())?;
            self.sign(':')?;
            blocks.push(self.block(&mut line)?);
        }
        Ok(Function {
            name,
            provide,
            params,
            ret,
            locals,
            blocks,
        })
    }

    fn block(&mut self, line: &mut u32) -> Parsed<Block> {
        let mut handler = None;
        if self.accept("handler") {
            handler = Some(Handler {
                block: self.block_id()?,
                local: self.local()?,
            });
        }
        let (mut insts, mut lines) = (Vec::new(), Vec::new());
        loop {
            let word = self.word("an instruction")?;
            let term = match word.as_str() {
                "jump" => Term::Jump(self.block_id()?),
                "branch" => Term::Branch(self.local()?, self.block_id()?, self.block_id()?),
                "throw" => Term::Throw(self.local()?),
                "return" => {
                    let has_value = self.peek_word().is_some_and(|word| word.starts_with('v'));
                    Term::Return(if has_value { Some(self.local()?) } else { None })
                }
                name => {
                    insts.push(Inst::build(name, self)?);
                    self.line(&mut lines, line)?;
                    continue;
                }
            };
            self.line(&mut lines, line)?;
            return Ok(Block {
                handler,
                insts,
                lines,
                term,
            });
        }
    }

    fn line(&mut self, lines: &mut Vec<u32>, line: &mut u32) -> Parsed<()> {
        if self.peek_word().is_some_and(|word| word.starts_with('@')) {
            *line = self.index("@")?;
        }
        lines.push(*line);
        Ok(())
    }

    fn block_id(&mut self) -> Parsed<BlockId> {
        self.index(BlockId::PREFIX).map(BlockId)
    }
}

impl OperandSource for Parser {
    type Error = ParseError;

    fn unknown_op(&mut self, name: &str) -> ParseError {
        let line = self.tokens[self.at - 1].1;
        ParseError {
            line,
            message: format!("there is no instruction `{name}`"),
        }
    }

    fn local(&mut self) -> Parsed<Local> {
        self.index(Local::PREFIX).map(Local)
    }

    fn maybe_local(&mut self) -> Parsed<Option<Local>> {
        if self.accept("_") {
            Ok(None)
        } else {
            self.local().map(Some)
        }
    }

    fn locals(&mut self) -> Parsed<Vec<Local>> {
        self.sign('(')?;
        let mut locals = Vec::new();
        while !self.accept_sign(')') {
            locals.push(self.local()?);
        }
        Ok(locals)
    }

    fn int(&mut self) -> Parsed<i64> {
        match self.peek_word().and_then(|word| word.parse().ok()) {
            Some(value) => {
                self.at += 1;
                Ok(value)
            }
            None => self.expected("a 64-bit integer"),
        }
    }

    fn bits(&mut self) -> Parsed<u64> {
        let digits = self.peek_word().and_then(|word| word.strip_prefix("0x"));
        match digits.and_then(|digits| u64::from_str_radix(digits, 16).ok()) {
            Some(bits) => {
                self.at += 1;
                Ok(bits)
            }
            None => self.expected("bits in hexadecimal form"),
        }
    }

    fn truth(&mut self) -> Parsed<bool> {
        self.one_of(&[("true", true), ("false", false)], "`true` or `false`")
    }

    fn string(&mut self) -> Parsed<StrId> {
        self.index(StrId::PREFIX).map(StrId)
    }

    fn field(&mut self) -> Parsed<FieldId> {
        self.index(FieldId::PREFIX).map(FieldId)
    }

    fn req(&mut self) -> Parsed<ReqId> {
        self.index(ReqId::PREFIX).map(ReqId)
    }

    fn func(&mut self) -> Parsed<FuncId> {
        self.index(FuncId::PREFIX).map(FuncId)
    }

    fn native(&mut self) -> Parsed<NativeId> {
        self.index(NativeId::PREFIX).map(NativeId)
    }

    fn method(&mut self) -> Parsed<MethodId> {
        self.index(MethodId::PREFIX).map(MethodId)
    }

    fn bin_op(&mut self) -> Parsed<BinOp> {
        self.one_of(BIN_OPS, "an arithmetic operation")
    }

    fn cmp_op(&mut self) -> Parsed<CmpOp> {
        self.one_of(CMP_OPS, "a comparison")
    }

    fn un_op(&mut self) -> Parsed<UnOp> {
        self.one_of(UN_OPS, "an operation on one operand")
    }

    fn reflect_op(&mut self) -> Parsed<ReflectOp> {
        self.one_of(ReflectOp::WORDS, "an operation on types")
    }
    fn object_fn(&mut self) -> Parsed<ObjectFn> {
        self.one_of(ObjectFn::WORDS, "a function of every object")
    }
}
