//! Whole files: heads, members, comments.

use crate::{parsed, show};
use em_syntax::{CommentKind, ast};

fn params(params: &[ast::Param]) -> String {
    let show = |param: &ast::Param| {
        let store = if param.store { "store " } else { "" };
        let opt = if param.opt { "opt " } else { "" };
        format!("{store}{opt}{} {}", show::ty(&param.ty), param.name)
    };
    params.iter().map(show).collect::<Vec<_>>().join(", ")
}

fn field(field: &ast::Field) -> String {
    let init = field
        .init
        .as_ref()
        .map_or(String::new(), |init| format!(" = {}", show::expr(init)));
    let is_static = if field.is_static { "static " } else { "" };
    format!("{is_static}{} {}{init}", show::ty(&field.ty), field.name)
}

fn constant(it: &ast::Const) -> String {
    format!(
        "{} {} = {}",
        show::ty(&it.ty),
        it.name,
        show::expr(&it.value)
    )
}

#[test]
fn an_interface_file() {
    let parsed = parsed(
        "uses data.Item
        const int TOP = 1
        data Pair { int key  char name[]  const int MAX = TOP + 1  Item[] items }
        interface Sort {
            const int LIMIT = 16
            Sort(int size)
            transfer int runs
            int[] sort(int values[])
            void each(store Item i, opt store char[] s)
        }
        data Empty { }",
    );
    let file = parsed.file;
    assert!(file.component.is_none());
    assert_eq!(file.uses[0].path.to_string(), "data.Item");
    assert_eq!(file.uses[0].path.package().len(), 1);
    assert_eq!(constant(&file.consts[0]), "int TOP = 1");
    let [pair, empty] = file.datas.as_slice() else {
        panic!("two data types")
    };
    let fields: Vec<_> = pair.fields.iter().map(field).collect();
    assert_eq!(fields, ["int key", "char[] name", "Item[] items"]);
    assert_eq!(constant(&pair.consts[0]), "int MAX = (+ TOP 1)");
    assert_eq!((empty.name.as_str(), empty.fields.len()), ("Empty", 0));
    let sort = &file.interfaces[0];
    assert_eq!(params(&sort.constructors[0].params), "int size");
    assert_eq!(field(&sort.transfers[0]), "int runs");
    let functions: Vec<_> = sort
        .functions
        .iter()
        .map(|f| format!("{} {}({})", show::ty(&f.ret), f.name, params(&f.params)))
        .collect();
    let expected = [
        "int[] sort(int[] values)",
        "void each(store Item i, store opt char[] s)",
    ];
    assert_eq!(functions, expected);
}

const COMPONENT: &str = "uses data.Item
        component provides data.query.Sort(AdaptEvents, Destructor), Encoder:base64
            requires io.Output out, data.IntUtil iu, io.File, Encoder:hex e, native host.Net net {
            const int CUT = 16
            int count = 0
            char[] name
            Mutex lock = new Mutex()
            static int all = 1
            Sort:Sort(int size) { }
            int[] Sort:sort(int values[]) { return null }
            data.Item helper(int x) { return null }
        }";

#[test]
fn the_head_of_a_component() {
    let parsed = parsed(COMPONENT);
    let component = parsed.file.component.expect("a component");
    let head = &COMPONENT[component.header_span.start as usize..component.header_span.end as usize];
    assert!(
        head.starts_with("component") && head.ends_with("native host.Net net"),
        "{head}"
    );
    let provides = &component.provides;
    assert_eq!(provides[0].path.to_string(), "data.query.Sort");
    let secondary: Vec<_> = provides[0]
        .secondary
        .iter()
        .map(|s| s.path.to_string())
        .collect();
    assert_eq!(secondary, ["AdaptEvents", "Destructor"]);
    assert_eq!(
        provides[1].variant.as_ref().map(|v| v.as_str()),
        Some("base64")
    );
    let requires: Vec<_> = component
        .requires
        .iter()
        .map(|r| {
            let name = |ident: &Option<ast::Ident>| ident.as_ref().map(|i| i.name.clone());
            (
                r.native,
                r.path.to_string(),
                name(&r.variant),
                name(&r.name),
            )
        })
        .collect();
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(
        requires[0],
        (false, "io.Output".to_owned(), None, some("out"))
    );
    assert_eq!(requires[2], (false, "io.File".to_owned(), None, None));
    assert_eq!(
        requires[3],
        (false, "Encoder".to_owned(), some("hex"), some("e"))
    );
    assert_eq!(
        requires[4],
        (true, "host.Net".to_owned(), None, some("net"))
    );
}

#[test]
fn the_members_of_a_component() {
    let component = parsed(COMPONENT).file.component.expect("a component");
    let fields: Vec<_> = component.fields.iter().map(field).collect();
    let expected = [
        "int count = 0",
        "char[] name",
        "Mutex lock = new Mutex()",
        "static int all = 1",
    ];
    assert_eq!(fields, expected);
    assert_eq!(component.constructors[0].interface.as_str(), "Sort");
    let [sort, helper] = component.functions.as_slice() else {
        panic!("two functions")
    };
    assert_eq!(sort.interface.as_ref().map(|i| i.as_str()), Some("Sort"));
    assert_eq!(show::ty(&sort.ret), "int[]");
    assert_eq!(show::block(&sort.body), "{ return null }");
    assert!(helper.interface.is_none());
    assert_eq!(show::ty(&helper.ret), "data.Item");
}

#[test]
fn comments_are_kept_beside_the_tree() {
    let text = "// one\ninterface A { /* two\n lines */ int f() // \"three\n}";
    let comments: Vec<_> = parsed(text)
        .comments
        .iter()
        .map(|c| (c.kind, &text[c.span.start as usize..c.span.end as usize]))
        .collect();
    let expected = [
        (CommentKind::Line, "// one"),
        (CommentKind::Block, "/* two\n lines */"),
        (CommentKind::Line, "// \"three"),
    ];
    assert_eq!(comments, expected);
}

#[test]
fn empty_text_and_a_byte_order_mark_are_fine() {
    parsed("");
    parsed("\u{feff}interface A { }\r\n");
}
