//! Well-typed programs: a program with functions of its own, data, an object behind an interface,
//! exceptions and bounded loops. Each statement is a line or a block of lines, so that a failing
//! program is made small by removing lines.
//!
//! Programs end: loops count over bounds that are fixed before, and functions call only functions
//! that are declared before them. What may fail at run time (division, bounds, null, conversions)
//! may fail here too.

use crate::value::{Ty, Values, Var};
use arbitrary::{Result as Drawn, Unstructured};
use std::fmt::Write;

/// What every program has beside its main component.
const PARTS: &str = "// file: interfaces/Node.em
data Node { int number  char text[]  int cells[]  Node next }
data Leaf extends Node { int16 small  bool flag }
// file: interfaces/Oddity.em
data Oddity extends Exception { int detail }
// file: interfaces/Color.em
enum Color { RED, GREEN, BLUE }
// file: interfaces/Tally.em
uses Node
interface Tally {
    transfer int sum
    Tally(int start)
    int add(int amount, opt int times)
    char[] text()
    Node node(int number)
    int longest(Node nodes[])
}
// file: Tally.em
uses Node
component provides Tally {
    int calls = 0
    Tally:Tally(int start) { sum = start }
    int Tally:add(int amount, opt int times) {
        calls++
        int count = isset times ? times & 3 : 1
        for (int i = 0; i < count; i++) { sum += amount }
        if (sum == 13) throw new Exception(\"thirteen\", \"$calls calls\")
        return sum
    }
    char[] Tally:text() { return \"$sum/$calls\" }
    Node Tally:node(int number) {
        return new Node(number, \"n$number\", new int[](number, sum), null)
    }
    int Tally:longest(Node nodes[]) {
        int most = 0
        foreach (Node node in nodes) {
            most = node.cells.arrayLength > most ? node.cells.arrayLength : most
        }
        return most
    }
}
// file: interfaces/Beast.em
interface Beast {
    transfer int meals
    Beast(int start)
    int feed(int amount)
    char[] cry() {
        return \"cry $meals\"
    }
}
interface Hound extends Beast {
    Hound(int start, int legs)
    int legs()
}
// file: Beast.em
component provides Beast {
    static int all = 0
    Beast:Beast(int start) { meals = start }
    int Beast:feed(int amount) {
        all++
        meals += amount
        return meals / (all & 3)
    }
}
// file: Hound.em
component provides Hound requires Beast {
    int paws
    Hound:Hound(int start, int legs) {
        super(start)
        paws = legs
    }
    int Hound:feed(int amount) { return super(amount) + paws }
    int Hound:legs() { return paws }
}
// file: interfaces/Wide.dn
interface Wide {
    int mix(int a, int b)
    int part(int a, int2 b)
    dec share(dec a, int b)
}
// file: Wide.dn
component provides Wide {
    int Wide:mix(int a, int b) {
        int16 x = a
        int32 y = b
        int32 z = (x * y) + (y << 70)
        int16 w = z / (x + 1)
        return (w >> 3) & 65535
    }
    int Wide:part(int a, int2 b) {
        int4 c = a
        int1 d = b + c
        return (a / b) + d
    }
    dec Wide:share(dec a, int b) {
        dec n = b
        return a / n
    }
}
// file: main.em
";

/// A function of the program.
struct Function {
    name: String,
    params: Vec<Ty>,
    ret: Ty,
}

/// A program being written.
struct Writer<'d, 'b> {
    data: &'d mut Unstructured<'b>,
    text: String,
    indent: usize,
    vars: Vec<Var>,
    functions: Vec<Function>,
    names: usize,
    /// Statements that may still be written.
    budget: usize,
    loops: usize,
}

/// A program of these choices.
pub(crate) fn program(data: &mut Unstructured<'_>) -> Drawn<String> {
    let budget = data.int_in_range(4..=60)?;
    let mut writer = Writer {
        data,
        text: PARTS.to_owned(),
        indent: 0,
        vars: Vec::new(),
        functions: Vec::new(),
        names: 0,
        budget,
        loops: 0,
    };
    writer.line("uses Node");
    writer.line("uses Oddity");
    writer.line("uses Color");
    writer.open("component provides App requires Tally, Hound, Wide wide, io.Output out {");
    writer.line("int state = 7");
    writer.line("static int shared = 3");
    writer.line("static dec rate = 0.25");
    for _ in 0..writer.data.int_in_range(0..=3)? {
        writer.function()?;
    }
    writer.main()?;
    writer.close("}");
    Ok(writer.text)
}

impl Writer<'_, '_> {
    fn line(&mut self, text: &str) {
        let _ = writeln!(self.text, "{:1$}{text}", "", self.indent * 4);
    }

    fn open(&mut self, text: &str) {
        self.line(text);
        self.indent += 1;
    }

    fn close(&mut self, text: &str) {
        self.indent -= 1;
        self.line(text);
    }

    fn name(&mut self, prefix: &str) -> String {
        self.names += 1;
        format!("{prefix}{}", self.names)
    }

    fn value(&mut self, ty: Ty) -> Drawn<String> {
        let functions = self.functions.iter();
        let calls = functions.map(|f| (f.name.clone(), f.params.clone(), f.ret));
        let calls: Vec<_> = calls.collect();
        Values {
            data: self.data,
            vars: &self.vars,
            calls: &calls,
        }
        .of(ty, 3)
    }

    fn function(&mut self) -> Drawn<()> {
        let name = self.name("f");
        let ret = Ty::any(self.data)?;
        let mut params = Vec::new();
        let mut written = Vec::new();
        for _ in 0..self.data.int_in_range(0..=3)? {
            let (ty, name) = (Ty::any(self.data)?, self.name("p"));
            written.push(format!("{} {name}", ty.name()));
            self.vars.push(Var {
                name,
                ty,
                fixed: true,
            });
            params.push(ty);
        }
        self.fields();
        let list = written.join(", ");
        self.open(&format!("{} {name}({list}) {{", ret.name()));
        self.statements()?;
        let result = self.value(ret)?;
        self.line(&format!("return {result}"));
        self.close("}");
        self.vars.clear();
        self.functions.push(Function { name, params, ret });
        Ok(())
    }

    /// Fields of the component, which all of its functions see.
    fn fields(&mut self) {
        let fields = [("state", Ty::Int), ("shared", Ty::Int), ("rate", Ty::Dec)];
        for (name, ty) in fields {
            self.vars.push(Var {
                name: name.to_owned(),
                ty,
                fixed: false,
            });
        }
    }

    fn main(&mut self) -> Drawn<()> {
        self.open("int App:main(AppParam params[]) {");
        self.line("Tally tally = new Tally(5)");
        self.line("Hound hound = new Hound(2, 4)");
        for (name, ty) in [("tally", Ty::Tally), ("hound", Ty::Hound)] {
            self.vars.push(Var {
                name: name.to_owned(),
                ty,
                fixed: true,
            });
        }
        self.fields();
        for _ in 0..self.data.int_in_range(1..=4)? {
            self.guarded()?;
        }
        self.statements()?;
        let code = self.value(Ty::Int)?;
        self.line(&format!("return ({code}) & 127"));
        self.close("}");
        Ok(())
    }

    /// Statements whose exceptions are printed.
    fn guarded(&mut self) -> Drawn<()> {
        self.open("try {");
        self.block()?;
        self.close("} catch (Oddity e) {");
        self.indent += 1;
        self.line("out.println(\"oddity $(e.detail) $(e.message)\")");
        self.close("} catch (Exception e) {");
        self.indent += 1;
        self.line("out.println(\"$(e.kind): $(e.message)\")");
        self.close("}");
        Ok(())
    }

    fn block(&mut self) -> Drawn<()> {
        let known = self.vars.len();
        self.statements()?;
        self.vars.truncate(known);
        Ok(())
    }

    fn statements(&mut self) -> Drawn<()> {
        for _ in 0..self.data.int_in_range(1..=6)? {
            if self.budget == 0 || self.indent > 8 {
                return Ok(());
            }
            self.budget -= 1;
            self.statement()?;
        }
        Ok(())
    }

    fn statement(&mut self) -> Drawn<()> {
        match self.data.int_in_range(0..=13)? {
            0..=2 => self.declare()?,
            3 | 4 => self.assign()?,
            5 | 6 => {
                let ty = Ty::any(self.data)?;
                let value = self.value(ty)?;
                let shown = ty.shown(&value);
                self.line(&format!("out.println({shown})"));
            }
            7 => {
                let condition = self.value(Ty::Bool)?;
                self.open(&format!("if ({condition}) {{"));
                self.block()?;
                self.close("} else {");
                self.indent += 1;
                self.block()?;
                self.close("}");
            }
            8 => self.counted()?,
            9 => {
                let (item, array) = (self.name("x"), self.value(Ty::Ints)?);
                self.open(&format!("foreach (int {item} in {array}) {{"));
                self.vars.push(Var {
                    name: item,
                    ty: Ty::Int,
                    fixed: true,
                });
                self.loop_body()?;
                self.vars.pop();
                self.close("}");
            }
            10 => self.guarded()?,
            11 => {
                let (condition, detail) = (self.value(Ty::Bool)?, self.value(Ty::Int)?);
                let text = self.value(Ty::Text)?;
                let thrown = format!("new Oddity(message = {text}, detail = {detail})");
                self.line(&format!("if ({condition}) throw {thrown}"));
            }
            12 => self.switch()?,
            _ => self.write_into()?,
        }
        Ok(())
    }

    fn declare(&mut self) -> Drawn<()> {
        let ty = Ty::any(self.data)?;
        let (value, name) = (self.value(ty)?, self.name("v"));
        self.line(&format!("{} {name} = {value}", ty.name()));
        self.vars.push(Var {
            name,
            ty,
            fixed: false,
        });
        Ok(())
    }

    fn assign(&mut self) -> Drawn<()> {
        let free: Vec<Var> = self.vars.iter().filter(|var| !var.fixed).cloned().collect();
        if free.is_empty() {
            return self.declare();
        }
        let var = self.data.choose(&free)?.clone();
        let value = self.value(var.ty)?;
        let op = match var.ty.is_number() {
            true => *self.data.choose(&["=", "+=", "-=", "*="])?,
            false => "=",
        };
        self.line(&format!("{} {op} {value}", var.name));
        Ok(())
    }

    fn counted(&mut self) -> Drawn<()> {
        let (name, bound) = (self.name("i"), self.data.int_in_range(0..=6)?);
        self.open(&format!(
            "for (int {name} = 0; {name} < {bound}; {name}++) {{"
        ));
        self.vars.push(Var {
            name,
            ty: Ty::Int,
            fixed: true,
        });
        self.loop_body()?;
        self.vars.pop();
        self.close("}");
        Ok(())
    }

    /// Loops are at most two deep, so that programs end soon.
    fn loop_body(&mut self) -> Drawn<()> {
        if self.loops < 2 {
            self.loops += 1;
            self.block()?;
            self.loops -= 1;
            if self.data.ratio(1, 4)? {
                let leave = *self.data.choose(&["break", "continue"])?;
                let condition = self.value(Ty::Bool)?;
                self.line(&format!("if ({condition}) {leave}"));
            }
        }
        Ok(())
    }

    fn switch(&mut self) -> Drawn<()> {
        let value = self.value(Ty::Color)?;
        self.open(&format!("switch ({value}) {{"));
        for case in ["case RED", "case GREEN, BLUE"] {
            self.open(&format!("{case}: {{"));
            self.block()?;
            self.close("}");
        }
        self.close("}");
        Ok(())
    }

    /// A write into data that the program has just made.
    fn write_into(&mut self) -> Drawn<()> {
        let (node, cells) = (self.name("n"), self.name("c"));
        let (made, number) = (self.value(Ty::Int)?, self.value(Ty::Int)?);
        let (text, next) = (self.value(Ty::Text)?, self.value(Ty::Node)?);
        self.line(&format!("Node {node} = new Node({made}, \"\", null, null)"));
        self.line(&format!("{node}.number += {number}"));
        self.line(&format!("{node}.text = {text}"));
        self.line(&format!("{node}.next = {next}"));
        self.line(&format!("int[] {cells} = new int[3]"));
        let (at, cell) = (self.value(Ty::Int)?, self.value(Ty::Int)?);
        self.line(&format!("{cells}[({at}) & 3] = {cell}"));
        self.line(&format!("{node}.cells = {cells}"));
        self.vars.push(Var {
            name: node,
            ty: Ty::Node,
            fixed: true,
        });
        self.vars.push(Var {
            name: cells,
            ty: Ty::Ints,
            fixed: true,
        });
        Ok(())
    }
}
