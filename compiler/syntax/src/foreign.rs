//! Words of other languages, and what to write instead.
//!
//! Whoever comes from there writes them by habit. They are ordinary names, so this is asked only
//! about a word that makes no sense where it stands.

/// What to write instead of a word.
#[must_use]
pub fn advice(word: &str) -> Option<&'static str> {
    let groups = [
        DECLARATIONS,
        STATEMENTS,
        OPERATORS,
        TYPES,
        VALUES,
        FUNCTIONS,
    ];
    look_up(&groups, word)
}

/// The same for words that begin a declaration or a statement there.
pub(crate) fn leading(word: &str) -> Option<&'static str> {
    look_up(&[DECLARATIONS, STATEMENTS], word)
}

/// The same for words that stand between values there, or before one.
pub(crate) fn operator(word: &str) -> Option<&'static str> {
    look_up(&[OPERATORS], word)
}

fn look_up(groups: &[Group], word: &str) -> Option<&'static str> {
    let rows = groups.iter().copied().flatten();
    let mut rows = rows.filter(|(words, _)| words.contains(&word));
    rows.next().map(|(_, help)| *help)
}

/// Words that mean the same, and the advice for them.
type Group = &'static [(&'static [&'static str], &'static str)];

const DECLARATIONS: Group = &[
    (
        &["let", "var", "auto", "val", "mut", "my", "local"],
        "a variable is declared with its type, as in `int x = 5`",
    ),
    (
        &["def", "func", "fn", "fun", "function", "sub", "proc"],
        "a function is written `int name(int a) { … }`, in a component",
    ),
    (
        &[
            "public",
            "private",
            "protected",
            "internal",
            "export",
            "abstract",
            "virtual",
            "override",
        ],
        "leave it out: functions of an interface can be called from outside, all else can't",
    ),
    (
        &["final", "readonly", "immutable"],
        "leave it out, or declare a constant: `const int X = 1`",
    ),
    (
        &["import", "include", "using", "use", "require"],
        "a type is made visible by `uses pkg.Type`; an interface is called through \
         `requires pkg.Iface name` in the component's head",
    ),
    (
        &["package", "namespace", "module", "mod"],
        "leave it out: the folders in which a file is are its package",
    ),
    (
        &["class", "object"],
        "a component is `component provides Iface { … }`; what it provides is an `interface`, a \
         record is `data`, both in files below `interfaces/`",
    ),
    (
        &["struct", "record", "type", "typedef"],
        "a record is `data Name { … }`, in a file below `interfaces/`",
    ),
    (
        &["trait", "protocol"],
        "write `interface Name { … }`, in a file below `interfaces/`",
    ),
];

const STATEMENTS: Group = &[
    (&["elif", "elseif", "elsif"], "write `else if (condition)`"),
    (&["unless"], "write `if (!(condition))`"),
    (&["then", "begin"], "leave it out"),
    (&["end", "fi", "done", "pass"], "a block stands in `{ }`"),
    (
        &["do", "repeat"],
        "a loop asks first: write `while (condition) { … }`",
    ),
    (
        &["until", "loop"],
        "write `while (condition) { … }`, or `while (true) { … }` with a `break`",
    ),
    (
        &["match", "when", "select"],
        "write `switch (x) { case 1: … default: … }`",
    ),
    (
        &["except", "rescue", "recover"],
        "write `catch (Exception e) { … }`",
    ),
    (
        &["finally", "ensure", "defer"],
        "what must always happen stands after the `try`, whose `catch` keeps the exception to \
         `throw` it again behind that",
    ),
    (
        &["raise", "panic"],
        "write `throw new Exception(\"kind\", \"message\")`",
    ),
    (
        &["throws"],
        "leave it out: every function may throw, and none says so",
    ),
    (
        &["go", "async", "spawn", "thread"],
        "a thread is started with `asynch::f(…)`, which is a `Thread`",
    ),
    (
        &["await", "yield"],
        "leave it out: a call that waits suspends its own thread only; `t.join()` waits for \
         a thread",
    ),
    (
        &["synchronized", "lock", "with"],
        "write `mutex (m) { … }`, with a field `Mutex m = new Mutex()`",
    ),
    (&["goto"], "there are `break`, `continue` and `return`"),
    (
        &["delete", "del", "free"],
        "leave it out: a value goes when nothing refers to it any more",
    ),
];

const OPERATORS: Group = &[
    (&["and"], "write `&&`"),
    (&["or"], "write `||`"),
    (&["not"], "write `!`"),
    (&["is"], "write `===`, and `!==` for the opposite"),
    (&["instanceof", "isinstance"], "write `x hastype Type`"),
    (&["as"], "a conversion is written `Type(x)`"),
    (&["mod", "rem"], "write `%`"),
    (&["div"], "write `/`"),
    (&["xor"], "write `^`"),
    (&["eq"], "write `==`"),
];

const TYPES: Group = &[
    (&["boolean", "Boolean", "Bool"], "the type is `bool`"),
    (
        &[
            "double", "Double", "Float", "real", "float32", "float64", "f32", "f64",
        ],
        "the type is `float`, of 64 bits",
    ),
    (
        &[
            "long", "Long", "Integer", "Int", "number", "Number", "isize", "ssize_t",
        ],
        "the type is `int`, of 64 bits",
    ),
    (&["short", "Short", "i16"], "the type is `int16`"),
    (&["i8", "sbyte"], "the type is `int8`"),
    (&["i32"], "the type is `int32`"),
    (&["i64"], "the type is `int64`, which is `int`"),
    (
        &["uint", "usize", "size_t", "ulong", "u64", "unsigned"],
        "the type is `uint64`",
    ),
    (&["u32"], "the type is `uint32`"),
    (&["u16", "ushort"], "the type is `uint16`"),
    (&["u8", "Byte"], "the type is `byte`"),
    (&["Character", "rune"], "the type is `char`, one byte"),
    (
        &["string", "String", "str", "Str", "text"],
        "a string is a `char[]`, as in `char name[] = \"Ada\"`",
    ),
    (
        &["decimal", "Decimal", "BigDecimal", "money"],
        "the type is `dec`",
    ),
    (
        &["any", "Any", "dynamic", "object", "interface{}"],
        "any record is a `Data`, any object an `Object`",
    ),
    (
        &[
            "list",
            "ArrayList",
            "LinkedList",
            "Vec",
            "Vector",
            "Array",
            "Stack",
            "Queue",
            "Deque",
        ],
        "there are arrays, as in `int xs[] = new int[](1, 2)`, and `data.adt.List`",
    ),
    (
        &[
            "map",
            "dict",
            "Map",
            "HashMap",
            "TreeMap",
            "Dict",
            "Dictionary",
            "Hashtable",
        ],
        "`data.adt.HashTable` keeps texts by text: add `requires data.adt.HashTable`",
    ),
    (
        &["Lock", "ReentrantLock", "Semaphore", "mutex_t"],
        "a lock is a `Mutex`, used as `mutex (m) { … }`",
    ),
    (
        &[
            "Throwable",
            "Error",
            "RuntimeException",
            "IOException",
            "error",
        ],
        "all exceptions are an `Exception`, told apart by `e.kind`, or data that extend it",
    ),
];

const VALUES: Group = &[
    (
        &["nil", "None", "NULL", "Null", "undefined", "nullptr", "NaN"],
        "write `null`",
    ),
    (&["True", "TRUE", "yes"], "write `true`"),
    (&["False", "FALSE", "no"], "write `false`"),
    (
        &["self", "me"],
        "fields and functions of the object are used by their bare names",
    ),
    (
        &["lambda"],
        "functions are no values: pass an object of an interface that has the function",
    ),
    (
        &["console", "fmt", "stdout", "Console", "System"],
        "add `requires io.Output out`, then `out.println(…)`",
    ),
    (&["stdin"], "add `requires io.Input in`, then `in.readln()`"),
];

const FUNCTIONS: Group = &[
    (
        &["len", "length", "size", "count", "sizeof"],
        "the length of an array is `a.arrayLength`",
    ),
    (
        &[
            "str", "repr", "toString", "string", "format", "sprintf", "Sprintf",
        ],
        "a value becomes text in a string: \"$x\" or \"$(x + 1)\"",
    ),
    (
        &["print", "println", "printf", "puts", "echo"],
        "add `requires io.Output out`, then `out.println(…)`",
    ),
    (
        &["input", "readline", "readLine", "gets", "scanf"],
        "add `requires io.Input in`, then `in.readln()`",
    ),
    (&["range", "xrange"], "write `for (int i = 0; i < n; i++)`"),
    (
        &["exit", "quit", "abort"],
        "a program ends when `main` returns; its result is the exit code",
    ),
    (
        &["assert"],
        "write `if (!(condition)) throw new Exception(\"assert\", \"what is wrong\")`",
    ),
    (
        &["open", "fopen"],
        "add `requires io.File`, then `new File(path, File.READ)`",
    ),
    (
        &["append", "push", "add"],
        "an array keeps its length; a longer one is `a = new int[](a, value)`",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::KEYWORDS;

    #[test]
    fn no_word_of_the_language_is_foreign() {
        for (word, _) in KEYWORDS {
            assert_eq!(advice(word), None, "{word}");
        }
    }

    #[test]
    fn words_are_found_in_their_groups() {
        assert_eq!(advice("elif"), Some("write `else if (condition)`"));
        assert_eq!(leading("and"), None);
        assert_eq!(operator("and"), Some("write `&&`"));
        assert_eq!(advice("count_of"), None);
    }
}
