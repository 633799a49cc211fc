//! The table of all diagnostics: one entry each, with the text that `emc explain` shows.
//!
//! A code is never given to another problem. The name says the problem, not the cure. Groups:
//! E00xx command line and files · E01xx syntax · E02xx names · E03xx types · E04xx components and
//! interfaces · E05xx statements and flow · E06xx images and assembly · E07xx run time ·
//! E08xx adaptation. Adding a diagnostic means adding one entry here.

/// A kind of problem.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// What is shown and searched for, for example `E0401`.
    pub id: &'static str,
    /// The problem in a few words with dashes, for example `requires-unmet`.
    pub name: &'static str,
    /// The problem in one line.
    pub summary: &'static str,
    /// What it means, why it is a problem, what to do; a few lines of plain text.
    pub explain: &'static str,
}

macro_rules! codes {
    ($($constant:ident $id:literal $name:literal $summary:literal $explain:literal)*) => {
        $(
            #[doc = concat!("`", $id, "` ", $name, ": ", $summary)]
            pub static $constant: Code =
                Code { id: $id, name: $name, summary: $summary, explain: $explain };
        )*

        /// All codes, in order of their ids.
        pub static ALL: &[&Code] = &[$(&$constant),*];
    };
}

/// The code with this id (`E0401`, any case) or name (`requires-unmet`).
#[must_use]
pub fn find(id_or_name: &str) -> Option<&'static Code> {
    let found = |code: &&&Code| code.id.eq_ignore_ascii_case(id_or_name) || code.name == id_or_name;
    ALL.iter().find(found).copied()
}

codes! {
    FILE_UNREADABLE "E0001" "file-unreadable"
        "A file can't be read"
        "The file does not exist, may not be read by this user, or is not UTF-8 text. Check the\n\
         path; paths are relative to the folder the command was started in."

    MAIN_MISSING "E0002" "main-missing"
        "There is no program to run"
        "A program is a component that provides App and has a function `int App:main(AppParam\n\
         params[])`. The file named on the command line has none."

    FILE_UNWRITABLE "E0003" "file-unwritable"
        "A file can't be written"
        "The output folder does not exist and can't be made, the disk is full, or this user may\n\
         not write there."

    FILE_TOO_LARGE "E0004" "file-too-large"
        "A source file is larger than the compiler accepts"
        "Source files are limited to 16 MiB. Large data belong into files that the program\n\
         reads."

    NOTHING_TO_BUILD "E0005" "nothing-to-build"
        "No source file was found"
        "The paths given hold no file whose name ends in .em."

    FILE_MISPLACED "E0006" "file-misplaced"
        "A file is in a folder where it is not looked for"
        "Interface files (data, interfaces, constants) are below interfaces/, in the folder of\n\
         their package; components are outside of it, in a parallel tree of packages."

    COMPONENT_TOO_LARGE "E0007" "component-too-large"
        "A component is larger than an image may be"
        "The image format bounds how many functions, parameters, variables and instructions\n\
         there are, so that a hostile image costs little. Split the component or the function."

    UNEXPECTED_TOKEN "E0101" "unexpected-token"
        "The text does not follow the grammar here"
        "Something else was expected at this place. The message says what; the mistake is often\n\
         just before the place shown: a bracket that was not closed, a missing name or type."

    UNKNOWN_CHARACTER "E0102" "unknown-character"
        "A character that Em has no use for"
        "Em source is letters, digits, the operators of the language, strings and comments."

    STRAY_SEMICOLON "E0103" "stray-semicolon"
        "Em needs no semicolon"
        "Statements are separated by white space and new lines alone. Semicolons appear only\n\
         between the three parts of `for (init; condition; step)`."

    STRING_UNCLOSED "E0104" "string-unclosed"
        "A string has no closing quote"
        "A string ends on the line it began on. Write \\n for a new line in the text."

    COMMENT_UNCLOSED "E0105" "comment-unclosed"
        "A /* comment has no closing */"
        "Everything after the opening /* would be a comment. Add */ where it ends."

    ESCAPE_UNKNOWN "E0106" "escape-unknown"
        "An escape that Em does not have"
        "The escapes are \\n \\r \\t \\0 \\\" \\' \\\\ \\$ and \\xHH with two hexadecimal\n\
         digits."

    NUMBER_MALFORMED "E0107" "number-malformed"
        "A number that is not well formed"
        "Numbers are 12, 0xff, 1.5, 1e9. An integer fits 64 bits."

    CHAR_MALFORMED "E0108" "char-malformed"
        "A character literal that is not one byte"
        "A char is one byte: 'a', '\\n', '\\x7f'. Text outside ASCII takes several bytes in\n\
         UTF-8; write it as a string."

    KEYWORD_AS_NAME "E0109" "keyword-as-name"
        "A keyword is used as a name"
        "Words such as `new`, `data` or `switch` belong to the language, some of them for later\n\
         versions. Choose another name."

    NESTING_TOO_DEEP "E0110" "nesting-too-deep"
        "Brackets or operators are nested too deeply"
        "The compiler limits nesting so that no input can exhaust its stack. Name parts of the\n\
         expression, or move inner blocks into functions."

    INTERPOLATION_MALFORMED "E0111" "interpolation-malformed"
        "A `$` in a string that starts no interpolation"
        "Write $name, $(expression), or \\$ for a dollar sign."

    NOT_A_TYPE "E0112" "not-a-type"
        "A declaration does not start with a type"
        "A declaration is `Type name` or `Type name = value`; a type is a name such as int or\n\
         data.Item, with [] after it for arrays."

    NOT_A_STATEMENT "E0114" "not-a-statement"
        "An expression whose value is not used"
        "A statement declares, assigns, calls, or controls the flow. A value alone does\n\
         nothing."

    NOT_IN_THIS_VERSION "E0116" "not-in-this-version"
        "A part of the language that does not exist yet"
        "The word is reserved, or the form is read and has no meaning yet. See lang-spec/ for\n\
         what this version has."

    FILE_MIXED "E0117" "file-mixed"
        "A file holds both a component and types, or two components"
        "A file is either one component or an interface file with data, interfaces and\n\
         constants."

    NAME_UNKNOWN "E0201" "name-unknown"
        "A name that nothing here has"
        "No variable, constant, field, function or required interface of this name is visible\n\
         here."

    TYPE_UNKNOWN "E0202" "type-unknown"
        "A type that does not exist or is not imported"
        "A type is found in this file, by `uses package.Type` or `requires package.Type` of\n\
         this file, and else in the same package or the root package."

    NAME_TAKEN "E0203" "name-taken"
        "Two things have the same name"
        "Names of one scope must differ, and a local variable can't hide another."

    FUNCTION_UNKNOWN "E0204" "function-unknown"
        "A function that does not exist"
        "Neither this component nor the interface called has a function of this name."

    FIELD_UNKNOWN "E0205" "field-unknown"
        "A field that the type does not have"
        "Records have the fields of their data declaration; arrays have arrayLength; objects\n\
         have functions only."

    CALL_AMBIGUOUS "E0206" "call-ambiguous"
        "Several required interfaces have the function"
        "`value.f(...)` means `r.f(value, ...)` for the one required interface r that has such\n\
         a function. Here several have one: write the one that is meant."

    PACKAGE_UNKNOWN "E0207" "package-unknown"
        "An interface file that does not exist"
        "`pkg.Name` is looked for in interfaces/pkg/Name.em of the project and of the standard\n\
         library."

    ENUM_SIZE "E0208" "enum-size"
        "An enum without values, or with too many"
        "An enum has 1 to 65535 values."

    EXTENDS_OTHER "E0209" "extends-other"
        "Something extends what it can't extend"
        "`data` extend data and interfaces extend interfaces, not themselves, and no more than\n\
         15 in a row."

    TYPE_MISMATCH "E0301" "type-mismatch"
        "A value has another type than is needed"
        "Only widening conversions between integers happen by themselves. Others are written as\n\
         a call with the name of the type: int(x), char(x), float(x)."

    LITERAL_OUT_OF_RANGE "E0302" "literal-out-of-range"
        "A literal does not fit its type"
        "An integer literal must be in the range of the type that it is used as."

    OPERATOR_MISMATCH "E0303" "operator-mismatch"
        "An operator does not exist for these types"
        "Both sides of an operator have one type; arithmetic needs numbers, && and || need\n\
         bool."

    ARGUMENT_COUNT "E0304" "argument-count"
        "A call has too few or too many arguments"
        "A call passes one argument for each parameter."

    NOT_AN_ARRAY "E0305" "not-an-array"
        "Only arrays have elements"
        "Indexing, arrayLength, slice, copy and foreach work on arrays."

    CONVERSION_IMPOSSIBLE "E0306" "conversion-impossible"
        "One type can't be converted to the other"
        "Conversions exist between numbers, char, byte and bool where a value has a sensible\n\
         result."

    VOID_VALUE "E0307" "void-value"
        "A function that returns nothing is used as a value"
        "The function's result type is void."

    NOT_CONSTANT "E0308" "not-constant"
        "A value must be known at compile time"
        "A constant is made of literals, other constants, operators on them, and arrays of plain\n\
         numbers such as `new byte[](1, 2)`. The initial value of a field may also make data and\n\
         arrays, use fields that stand above it, and be an object without a constructor. Neither\n\
         calls a function: that is what a constructor is for."

    RETURN_MISMATCH "E0309" "return-mismatch"
        "A return does not fit the function's result"
        "A function with a result type returns a value of it; a void function returns none. A\n\
         bare `return` ends at the end of its line."

    POSITION_AFTER_NAME "E0310" "position-after-name"
        "A value by position follows one by name"
        "`new Rec(a, b, name = c)`: values by position fill the first fields in order and come\n\
         before those that name their field."

    NOT_OPTIONAL "E0311" "not-optional"
        "isset of something that is no optional parameter"
        "`isset p` asks whether a caller gave the `opt` parameter `p` of the function."

    OPTIONAL_BEFORE "E0312" "optional-before"
        "A parameter that is always given follows an optional one"
        "Optional parameters come last, so that a call can leave them out."

    DYNAMIC_VALUE "E0313" "dynamic-value"
        "A value whose type shows at run time is used as one of a known type"
        "What `p:.f` reads may be of any type, so it is a `Dynamic`: the value together with its\n\
         type. It becomes a value of a type where that type is written, in a declaration such as\n\
         `int x = p:.f` or in `int(p:.f)`, and a `cast` exception says so if it is of another.\n\
         `x hastype int` asks without an exception."

    FIXED_LENGTH "E0314" "fixed-length"
        "A fixed length of an array is not possible here"
        "Variables, fields and constants can be arrays of a fixed length, as `char name[10]`. The\n\
         length is an integer constant and the elements are numbers, characters or truth values.\n\
         Parameters, results, transfer state and elements of other arrays have no fixed length:\n\
         leave it out, and make the array with `new`."

    NOT_FLAT "E0315" "not-flat"
        "Data have no bytes of their own"
        "`dana.serial(...)` takes data whose fields are integers, characters, truth values,\n\
         floats, and arrays of fixed length of these. A field of any length, such as `char\n\
         name[]`, is only a reference to what it holds."

    REQUIRES_UNMET "E0401" "requires-unmet"
        "No component provides a required interface"
        "Every required interface needs at least one component that provides it, in the\n\
         project's components or in the standard library."

    INTERFACE_INCOMPLETE "E0402" "interface-incomplete"
        "A provided interface has functions that are not implemented"
        "A component implements every function of each interface it provides, written as `type\n\
         Interface:function(...)`."

    SIGNATURE_MISMATCH "E0403" "signature-mismatch"
        "An implementation differs from its interface"
        "Result type, number and types of parameters must be those of the interface."

    INTERFACE_NOT_PROVIDED "E0404" "interface-not-provided"
        "A function of an interface that the component does not provide"
        "`Iface:f` implements a function of an interface in the component's provides list."

    INTERFACE_INCOMPATIBLE "E0405" "interface-incompatible"
        "A component provides another form of the interface than is required"
        "Both sides have an interface of this name, with different functions or types. Rebuild\n\
         the older one, or give the other form another name or semantic variant."

    NOT_AN_INTERFACE "E0406" "not-an-interface"
        "A data type is used where an interface is needed"
        "provides and requires name interfaces."

    PROVIDES_TWICE "E0407" "provides-twice"
        "An interface is provided or required twice"
        "Each interface appears once in a provides list, and once per name in a requires list."

    CONSTRUCTOR_NEEDED "E0408" "constructor-needed"
        "A named requirement of an interface that needs constructor arguments"
        "`requires Iface name` makes one object without arguments. Use `requires Iface` and\n\
         `new Iface(...)` instead."

    NOT_CONSTRUCTIBLE "E0409" "not-constructible"
        "new of something that this component can't make"
        "`new Iface(...)` needs `requires Iface`, with a name or without; `new Record(...)` needs\n\
         a data type."

    SECONDARY_UNKNOWN "E0410" "secondary-unknown"
        "An interface in parentheses that the runtime does not know"
        "Secondary interfaces are AdaptEvents and Destructor."

    STATE_NOT_MIGRATABLE "E0411" "state-not-migratable"
        "A component's private state would be lost in a swap"
        "Only transfer fields move to the new implementation. Provide AdaptEvents and save the\n\
         rest in `inactive()`, or existing objects stay on this implementation."

    SHADOWS_TRANSFER "E0412" "shadows-transfer"
        "A name hides transfer state"
        "Transfer fields of a provided interface are visible by their bare name in the\n\
         component."

    NATIVE_UNNAMED "E0413" "native-unnamed"
        "A native interface is required without a name"
        "Native functions are called through a name: `requires native host.Net net`, then\n\
         `net.connect(...)`. There are no objects of native interfaces."

    NATIVE_SIGNATURE "E0414" "native-signature"
        "A native function passes what natives can't"
        "Native functions take and give numbers, char, bool, data, arrays of them, resources\n\
         and Object. They have no optional parameters."

    FOREIGN_STATE "E0415" "foreign-state"
        "State of one provided interface is used for another"
        "An object is made for one of the provided interfaces and has the transfer state of\n\
         that one only. Functions that objects of another interface run can't use it."

    SUPER_MISPLACED "E0416" "super-misplaced"
        "super(...) where there is nothing to call"
        "`super(...)` calls the function of the super-interface that it stands in, on the object\n\
         that does what the component leaves out. The component must provide an interface that\n\
         extends another one, and require that one without a name."

    SUPER_FIRST "E0417" "super-first"
        "A constructor that does not begin with super(...)"
        "The constructor of an interface that extends another one makes the object of that one\n\
         first, with `super(arguments)` as its first statement."

    BLOCK_MISMATCH "E0418" "block-mismatch"
        "A function stands in the implementation block of another interface"
        "An `implementation Iface { }` block holds the functions of that interface, and the\n\
         fields, constants and private functions that only they use."

    EVENT_PARAMETERS "E0430" "event-parameters"
        "An event or an event sink has other parameters than it may"
        "`event name()` and `event name(T details)` declare an event, where T is a data type.\n\
         `eventsink Name(EventData e) { }` is run by events: `e.source`, `e.type`, `e.details`."

    EVENT_UNKNOWN "E0431" "event-unknown"
        "An event or an event sink that does not exist"
        "`emitevent` emits events that the provided interface declares. `sinkevent` and\n\
         `stopevent` name an `eventsink` of the component."

    NOT_IN_A_LOOP "E0501" "not-in-a-loop"
        "break or continue outside of a loop"
        "break and continue belong into while, for or foreach."

    RETURN_MISSING "E0502" "return-missing"
        "A function can end without returning its result"
        "Every way through a function with a result ends in return or throw."

    UNREACHABLE "E0503" "unreachable"
        "Statements that can never run"
        "They come after a return, throw, break or continue."

    CONSTANT_ASSIGNED "E0504" "constant-assigned"
        "A constant can't be assigned to"
        "Use a variable or a field without const."

    READ_ONLY_WRITE "E0505" "read-only-write"
        "Data of another component is written"
        "What a component did not create is read-only to it. `clone` makes a copy that may be\n\
         written."

    ASYNCH_TARGET "E0506" "asynch-target"
        "asynch needs a function of this component"
        "`asynch::f(...)` starts a private or interface function of the same component."

    NO_EFFECT "E0507" "no-effect"
        "A statement that does nothing"
        "It makes a value that nothing uses, or assigns a variable to itself. Often a part of\n\
         the line is missing."

    CASE_REPEATED "E0508" "case-repeated"
        "A value stands in two cases of a switch"
        "Only the first of the two could ever be chosen."

    SWITCH_INCOMPLETE "E0509" "switch-incomplete"
        "A switch leaves out values of an enum"
        "A `switch` over an enum without `default` names all values, so that one that is added\n\
         later is not forgotten."

    KEPT_WITHOUT_STORE "E0510" "kept-without-store"
        "What a caller passed is kept without store"
        "Records and arrays of them that come without `store` are there for the time of the\n\
         call. Mark the parameter with `store` in the interface, or keep a copy: `clone x`."

    IMAGE_CORRUPTED "E0601" "image-corrupted"
        "A component image is damaged"
        "The file's hash is not the one it was written with, or its content breaks a rule of\n\
         the image format. Build it again."

    IMAGE_VERSION "E0602" "image-version"
        "A component image of another version of the compiler"
        "Build the component again with this version."

    COMPOSITION_UNKNOWN "E0603" "composition-unknown"
        "A composition id that this system does not have"
        "`emr compositions` lists the ids of the system."

    COMPOSITION_MALFORMED "E0604" "composition-malformed"
        "A composition id that is not well formed"
        "An id is {comA, comB | 0:Iface:1, ...}."

    GOAL_MALFORMED "E0605" "goal-malformed"
        "A goal file that is not well formed"
        "See lang-spec for the keys of a goal file."

    NATIVE_MISSING "E0606" "native-missing"
        "A native function that this runtime does not have"
        "The component needs a native interface that the runtime does not offer or does not\n\
         permit."

    PORT_IN_USE "E0701" "port-in-use"
        "The address is used by another program"
        "Stop the other program or choose another port."

    UNCAUGHT_EXCEPTION "E0702" "uncaught-exception"
        "An exception ended the program"
        "No try/catch on the way from main caught it."

    API_UNREACHABLE "E0703" "api-unreachable"
        "No running system answers at this address"
        "`emr run --api ADDR` starts one; `emr ctl --api ADDR` speaks to it."

    INTERNAL "E0799" "internal"
        "A mistake in Em itself"
        "This is a bug in Em. Please report it with the source that shows it."

    SWAP_REFUSED "E0801" "swap-refused"
        "A change of composition was refused"
        "Something failed before the commit point; everything is as it was."
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_rise_and_names_differ() {
        for pair in ALL.windows(2) {
            assert!(
                pair[0].id < pair[1].id,
                "{} before {}",
                pair[0].id,
                pair[1].id
            );
        }
        let mut names: Vec<_> = ALL.iter().map(|code| code.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), ALL.len());
    }

    #[test]
    fn entries_are_written_in_the_same_manner() {
        for code in ALL {
            assert!(
                code.id.len() == 5 && code.id.starts_with('E'),
                "{}",
                code.id
            );
            assert!(
                code.id[1..].bytes().all(|b| b.is_ascii_digit()),
                "{}",
                code.id
            );
            assert!(
                !code.summary.ends_with('.'),
                "{}: no full stop in a summary",
                code.id
            );
            assert!(
                code.explain.ends_with('.'),
                "{}: explanations are sentences",
                code.id
            );
            assert!(
                code.explain.lines().all(|l| l.chars().count() <= 100),
                "{}",
                code.id
            );
        }
    }

    #[test]
    fn found_by_id_and_by_name() {
        assert_eq!(find("e0401"), Some(&REQUIRES_UNMET));
        assert_eq!(find("requires-unmet"), Some(&REQUIRES_UNMET));
        assert_eq!(find("E9999"), None);
    }
}
