//! Expressions of a wanted type over the variables and functions in scope.

use arbitrary::{Result as Drawn, Unstructured};

/// The types of generated programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ty {
    Int,
    Int16,
    U8,
    U64,
    Bool,
    Char,
    Float,
    Text,
    Ints,
    Node,
    Color,
    Dec,
    Data,
    Tally,
    Hound,
}

/// All but objects.
const VALUES: [Ty; 13] = [
    Ty::Int,
    Ty::Int16,
    Ty::U8,
    Ty::U64,
    Ty::Bool,
    Ty::Char,
    Ty::Float,
    Ty::Text,
    Ty::Ints,
    Ty::Node,
    Ty::Color,
    Ty::Dec,
    Ty::Data,
];

impl Ty {
    pub(crate) fn any(data: &mut Unstructured<'_>) -> Drawn<Ty> {
        data.choose(&VALUES).copied()
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Ty::Int => "int",
            Ty::Int16 => "int16",
            Ty::U8 => "uint8",
            Ty::U64 => "uint64",
            Ty::Bool => "bool",
            Ty::Char => "char",
            Ty::Float => "float",
            Ty::Text => "char[]",
            Ty::Ints => "int[]",
            Ty::Node => "Node",
            Ty::Color => "Color",
            Ty::Dec => "dec",
            Ty::Data => "Data",
            Ty::Tally => "Tally",
            Ty::Hound => "Hound",
        }
    }

    pub(crate) fn is_number(self) -> bool {
        matches!(
            self,
            Ty::Int | Ty::Int16 | Ty::U8 | Ty::U64 | Ty::Float | Ty::Dec
        )
    }

    /// An expression of type `char[]` that shows a value.
    pub(crate) fn shown(self, value: &str) -> String {
        match self {
            Ty::Text => value.to_owned(),
            Ty::Ints => format!("\"$(({value}).arrayLength)\""),
            Ty::Data => format!("\"$(({value}) hastype Node)\""),
            Ty::Node => format!("\"$(({value}).number) $(({value}).text)\""),
            _ => format!("\"$({value})\""),
        }
    }
}

/// A variable in scope.
#[derive(Clone, Debug)]
pub(crate) struct Var {
    pub(crate) name: String,
    pub(crate) ty: Ty,
    /// It is not assigned to.
    pub(crate) fixed: bool,
}

/// Writes expressions.
pub(crate) struct Values<'a, 'b> {
    pub(crate) data: &'a mut Unstructured<'b>,
    pub(crate) vars: &'a [Var],
    pub(crate) calls: &'a [(String, Vec<Ty>, Ty)],
}

impl Values<'_, '_> {
    /// An expression of a type, so deep at most.
    pub(crate) fn of(&mut self, ty: Ty, depth: usize) -> Drawn<String> {
        if self.data.is_empty() {
            return Ok(zero(ty).to_owned());
        }
        let known: Vec<&Var> = self.vars.iter().filter(|var| var.ty == ty).collect();
        if !known.is_empty() && (depth == 0 || self.data.ratio(2, 5)?) {
            return Ok(self.data.choose(&known)?.name.clone());
        }
        if depth == 0 {
            return self.literal(ty);
        }
        if self.data.ratio(1, 8)? {
            let calls: Vec<_> = self.calls.iter().filter(|call| call.2 == ty).collect();
            if !calls.is_empty() {
                let (name, params, _) = *self.data.choose(&calls)?;
                let mut args = Vec::new();
                for param in params {
                    args.push(self.of(*param, depth - 1)?);
                }
                return Ok(format!("{name}({})", args.join(", ")));
            }
        }
        if self.data.ratio(1, 8)? {
            let (condition, a) = (self.of(Ty::Bool, depth - 1)?, self.of(ty, depth - 1)?);
            let b = self.of(ty, depth - 1)?;
            return Ok(format!("({condition} ? {a} : {b})"));
        }
        self.compound(ty, depth - 1)
    }

    fn literal(&mut self, ty: Ty) -> Drawn<String> {
        Ok(match ty {
            Ty::Int => match self.data.int_in_range(0..=5)? {
                0 => "9223372036854775807".to_owned(),
                1 => "(-9223372036854775807 - 1)".to_owned(),
                2 => "0".to_owned(),
                _ => self.data.int_in_range(-20_i64..=20)?.to_string(),
            },
            Ty::Int16 => format!("int16({})", self.data.arbitrary::<i16>()?),
            Ty::U8 => format!("uint8({})", self.data.arbitrary::<u8>()?),
            Ty::U64 => format!("uint64({})", self.data.int_in_range(0_i64..=i64::MAX)?),
            Ty::Bool => self.data.arbitrary::<bool>()?.to_string(),
            Ty::Char => format!("'{}'", self.data.int_in_range(b'a'..=b'z')? as char),
            Ty::Float => {
                let scaled = self.data.int_in_range(-4_000..=4_000)?;
                format!("{:?}", f64::from(scaled) / 8.0)
            }
            Ty::Text => format!("\"{}\"", self.data.choose(&["", "a", "bc", "\u{e9}t\\n"])?),
            Ty::Ints => self
                .data
                .choose(&["new int[2]", "new int[](3, 1, 2)"])?
                .to_string(),
            Ty::Node => "new Node(1, \"one\", new int[](1), null)".to_owned(),
            Ty::Color => format!("Color.{}", self.data.choose(&["RED", "GREEN", "BLUE"])?),
            Ty::Dec => {
                let scaled = self.data.int_in_range(-4_000..=4_000)?;
                format!("dec({:?})", f64::from(scaled) / 8.0)
            }
            Ty::Data => match self.data.arbitrary()? {
                true => "new Data()".to_owned(),
                false => "new Leaf(2, \"leaf\", null, null, int16(4), true)".to_owned(),
            },
            Ty::Tally | Ty::Hound => "null".to_owned(),
        })
    }

    fn compound(&mut self, ty: Ty, depth: usize) -> Drawn<String> {
        match ty {
            Ty::Int => self.int(depth),
            Ty::Int16 | Ty::U8 | Ty::U64 => {
                if self.data.ratio(1, 3)? {
                    let from = *self.data.choose(&[Ty::Int, Ty::Float, Ty::Int16])?;
                    return Ok(format!("{}({})", ty.name(), self.of(from, depth)?));
                }
                self.arithmetic(
                    ty,
                    depth,
                    &["+", "-", "*", "/", "%", "&", "|", "^", "<<", ">>"],
                )
            }
            Ty::Float => match self.data.ratio(1, 4)? {
                true => Ok(format!("float({})", self.of(Ty::Int, depth)?)),
                false => self.arithmetic(ty, depth, &["+", "-", "*", "/"]),
            },
            Ty::Bool => self.truth(depth),
            Ty::Char => Ok(format!("char({})", self.of(Ty::Int, depth)?)),
            Ty::Text => self.text(depth),
            Ty::Ints => self.ints(depth),
            Ty::Node => self.node(depth),
            Ty::Dec => self.decimal(depth),
            Ty::Data => match self.data.ratio(3, 4)? {
                true => self.of(Ty::Node, depth),
                false => self.literal(ty),
            },
            Ty::Color | Ty::Tally | Ty::Hound => self.literal(ty),
        }
    }

    fn arithmetic(&mut self, ty: Ty, depth: usize, ops: &[&str]) -> Drawn<String> {
        let (a, op) = (self.of(ty, depth)?, *self.data.choose(ops)?);
        let b = self.of(ty, depth)?;
        // Sums of small integers are `int`.
        Ok(match ty {
            Ty::Int | Ty::Float | Ty::Dec => format!("({a} {op} {b})"),
            _ => format!("{}({a} {op} {b})", ty.name()),
        })
    }

    fn int(&mut self, depth: usize) -> Drawn<String> {
        let ops = ["+", "-", "*", "/", "%", "&", "|", "^", "<<", ">>"];
        Ok(match self.data.int_in_range(0..=16)? {
            12 => format!("int(({}):.0)", self.of(Ty::Node, depth)?),
            13 => format!("int({})", self.of(Ty::Dec, depth)?),
            14 => {
                let (a, b) = (self.of(Ty::Int, depth)?, self.of(Ty::Int, depth)?);
                format!("wide.mix({a}, {b})")
            }
            15 => {
                let (a, b) = (self.of(Ty::Int, depth)?, self.of(Ty::Int, depth)?);
                format!("wide.part({a}, uint16({b}))")
            }
            16 => match self.object(Ty::Hound)? {
                Some(hound) => match self.data.arbitrary()? {
                    true => format!("{hound}.feed({})", self.of(Ty::Int, depth)?),
                    false => format!("{hound}.legs()"),
                },
                None => "shared".to_owned(),
            },
            0..=4 => return self.arithmetic(Ty::Int, depth, &ops),
            5 => format!("({}).arrayLength", self.of(Ty::Ints, depth)?),
            6 => format!(
                "({})[({}) & 1]",
                self.of(Ty::Ints, depth)?,
                self.of(Ty::Int, depth)?
            ),
            7 => format!("({}).number", self.of(Ty::Node, depth)?),
            8 => {
                let from = *self.data.choose(&[
                    Ty::Int16,
                    Ty::U8,
                    Ty::U64,
                    Ty::Char,
                    Ty::Float,
                    Ty::Color,
                ])?;
                format!("int({})", self.of(from, depth)?)
            }
            9 => match self.tally()? {
                Some(tally) => {
                    let (amount, times) = (self.of(Ty::Int, depth)?, self.of(Ty::Int, depth)?);
                    match self.data.arbitrary()? {
                        true => format!("{tally}.add({amount}, {times})"),
                        false => format!("{tally}.add({amount})"),
                    }
                }
                None => "state".to_owned(),
            },
            10 => format!("-({})", self.of(Ty::Int, depth)?),
            _ => format!("({}).arrayLength", self.of(Ty::Text, depth)?),
        })
    }

    fn truth(&mut self, depth: usize) -> Drawn<String> {
        let compared = [
            Ty::Int,
            Ty::Int16,
            Ty::U8,
            Ty::U64,
            Ty::Float,
            Ty::Char,
            Ty::Dec,
        ];
        Ok(match self.data.int_in_range(0..=7)? {
            6 => {
                let asked = *self.data.choose(&["Node", "Leaf"])?;
                format!("(({}) hastype {asked})", self.of(Ty::Data, depth)?)
            }
            7 => {
                let (a, b) = (self.of(Ty::Data, depth)?, self.of(Ty::Node, depth)?);
                format!("(typeof({a}) === typeof({b}))")
            }
            0 => format!("!({})", self.of(Ty::Bool, depth)?),
            1 => {
                let op = *self.data.choose(&["&&", "||"])?;
                format!(
                    "({} {op} {})",
                    self.of(Ty::Bool, depth)?,
                    self.of(Ty::Bool, depth)?
                )
            }
            2 => {
                let ty = *self
                    .data
                    .choose(&[Ty::Text, Ty::Ints, Ty::Node, Ty::Color])?;
                let op = *self.data.choose(&["==", "!="])?;
                format!("(({}) {op} ({}))", self.of(ty, depth)?, self.of(ty, depth)?)
            }
            _ => {
                let ty = *self.data.choose(&compared)?;
                let op = *self.data.choose(&["==", "!=", "<", "<=", ">", ">="])?;
                format!("({} {op} {})", self.of(ty, depth)?, self.of(ty, depth)?)
            }
        })
    }

    fn text(&mut self, depth: usize) -> Drawn<String> {
        Ok(match self.data.int_in_range(0..=6)? {
            5 => match self.object(Ty::Hound)? {
                Some(hound) => format!("{hound}.cry()"),
                None => "\"no hound\"".to_owned(),
            },
            6 => format!("\"$(int(({}):.0))\"", self.of(Ty::Node, depth)?),
            0 => format!(
                "({} + {})",
                self.of(Ty::Text, depth)?,
                self.of(Ty::Text, depth)?
            ),
            1 => format!("({}).text", self.of(Ty::Node, depth)?),
            2 => match self.tally()? {
                Some(tally) => format!("{tally}.text()"),
                None => "\"none\"".to_owned(),
            },
            _ => {
                let ty = *self.data.choose(&[
                    Ty::Int,
                    Ty::Int16,
                    Ty::U8,
                    Ty::U64,
                    Ty::Float,
                    Ty::Bool,
                    Ty::Char,
                    Ty::Color,
                    Ty::Dec,
                ])?;
                format!("\"<$({})>\"", self.of(ty, depth)?)
            }
        })
    }

    fn ints(&mut self, depth: usize) -> Drawn<String> {
        Ok(match self.data.int_in_range(0..=4)? {
            0 => format!("({}).cells", self.of(Ty::Node, depth)?),
            1 => {
                let (array, from) = (self.of(Ty::Ints, depth)?, self.of(Ty::Int, depth)?);
                format!("({array}).slice(0, ({from}) & 1)")
            }
            2 => format!("clone ({})", self.of(Ty::Ints, depth)?),
            _ => {
                let (first, rest) = (self.of(Ty::Int, depth)?, self.of(Ty::Ints, depth)?);
                format!("new int[]({first}, {rest})")
            }
        })
    }

    fn decimal(&mut self, depth: usize) -> Drawn<String> {
        Ok(match self.data.int_in_range(0..=6)? {
            0 => format!("dec({})", self.of(Ty::Int, depth)?),
            1 => format!("dec({})", self.of(Ty::Float, depth)?),
            2 => {
                let (a, b) = (self.of(Ty::Dec, depth)?, self.of(Ty::Int, depth)?);
                format!("wide.share({a}, {b})")
            }
            _ => return self.arithmetic(Ty::Dec, depth, &["+", "-", "*", "/", "%"]),
        })
    }

    fn node(&mut self, depth: usize) -> Drawn<String> {
        Ok(match self.data.int_in_range(0..=5)? {
            0 => format!("({}).next", self.of(Ty::Node, depth)?),
            1 => match self.tally()? {
                Some(tally) => format!("{tally}.node({})", self.of(Ty::Int, depth)?),
                None => return self.literal(Ty::Node),
            },
            2 => format!("clone ({})", self.of(Ty::Node, depth)?),
            3 => format!("Node({})", self.of(Ty::Data, depth)?),
            _ => {
                let (number, text) = (self.of(Ty::Int, depth)?, self.of(Ty::Text, depth)?);
                let (cells, next) = (self.of(Ty::Ints, depth)?, self.of(Ty::Node, depth)?);
                format!("new Node({number}, {text}, {cells}, {next})")
            }
        })
    }

    fn tally(&mut self) -> Drawn<Option<String>> {
        self.object(Ty::Tally)
    }

    fn object(&mut self, ty: Ty) -> Drawn<Option<String>> {
        let known: Vec<&Var> = self.vars.iter().filter(|var| var.ty == ty).collect();
        match known.is_empty() {
            true => Ok(None),
            false => Ok(Some(self.data.choose(&known)?.name.clone())),
        }
    }
}

/// What stands for a value when there is nothing left to choose.
fn zero(ty: Ty) -> &'static str {
    match ty {
        Ty::Int => "0",
        Ty::Int16 => "int16(0)",
        Ty::U8 => "uint8(0)",
        Ty::U64 => "uint64(0)",
        Ty::Bool => "false",
        Ty::Char => "'a'",
        Ty::Float => "0.5",
        Ty::Text => "\"\"",
        Ty::Ints => "new int[1]",
        Ty::Node => "new Node()",
        Ty::Color => "Color.RED",
        Ty::Dec => "dec(1)",
        Ty::Data => "new Data()",
        Ty::Tally | Ty::Hound => "null",
    }
}
