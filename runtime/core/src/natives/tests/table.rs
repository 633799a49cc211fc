//! The table agrees with the interfaces that programs are compiled against.

use super::*;
use em_ir::{Method, Param, Ty};
use std::path::Path;

/// The declarations of an interface file, which has one function per line.
fn declared(source: &str) -> Vec<Method> {
    let lines = source
        .lines()
        .map(|line| line.split("//").next().unwrap_or("").trim());
    lines
        .filter(|line| line.ends_with(')'))
        .map(method)
        .collect()
}

fn method(line: &str) -> Method {
    let (head, params) = line.trim_end_matches(')').split_once('(').unwrap();
    let (ret, name) = head.split_once(' ').unwrap();
    let params = params
        .split(',')
        .map(str::trim)
        .filter(|param| !param.is_empty());
    Method {
        name: name.into(),
        params: params.map(param).collect(),
        ret: (ret != "void").then(|| ty_of(ret)),
    }
}

/// A parameter as in `char text[]`.
fn param(text: &str) -> Param {
    let (element, name) = text.split_once(' ').unwrap();
    let plain = name.trim_end_matches("[]");
    let ty = ty_of(&(element.to_owned() + &name[plain.len()..]));
    Param {
        name: plain.into(),
        ty,
        store: false,
        opt: false,
    }
}

fn ty_of(text: &str) -> Ty {
    if let Some(element) = text.strip_suffix("[]") {
        return Ty::Array(Box::new(ty_of(element)));
    }
    match text {
        "int" => Ty::I64,
        "char" => Ty::Char,
        "bool" => Ty::Bool,
        "float" => Ty::F64,
        "byte" => Ty::U8,
        "resource" => Ty::Resource,
        "Object" => Ty::Object(em_ir::IfaceId(0)),
        other => panic!("unknown type {other}"),
    }
}

#[test]
fn every_declared_native_exists_with_its_signature() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../stdlib/interfaces/host");
    let mut interfaces = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let interface = format!("host.{}", path.file_stem().unwrap().to_str().unwrap());
        let methods = declared(&std::fs::read_to_string(&path).unwrap());
        let module = MODULES.iter().find(|module| module.path == interface);
        let module = module.unwrap_or_else(|| panic!("{interface} has no natives"));
        let names: Vec<_> = module.functions.iter().map(|native| native.name).collect();
        let declared: Vec<_> = methods.iter().map(|method| method.name.as_str()).collect();
        assert_eq!(names, declared, "{interface}");
        for method in &methods {
            let native = find(&interface, &method.name).unwrap();
            assert!(
                signature_matches(method, native),
                "{interface}.{}",
                method.name
            );
        }
        interfaces += 1;
    }
    assert_eq!(interfaces, MODULES.len());
}

#[test]
fn another_signature_does_not_match() {
    let native = find("host.Files", "read").unwrap();
    let right = method("char[] read(resource file, int max)");
    assert!(signature_matches(&right, native));
    for wrong in [
        "byte[] read(resource file, int max)",
        "void read(resource file, int max)",
        "char[][] read(resource file, int max)",
        "char[] read(resource file)",
        "char[] read(resource file, int max, int more)",
        "char[] read(int file, int max)",
        "char[] read(resource file, int max[])",
        "char[] read(resource file, bool max)",
    ] {
        assert!(!signature_matches(&method(wrong), native), "{wrong}");
    }
    assert!(find("host.Files", "unlink").is_none());
    assert!(find("Files", "read").is_none());
}

#[test]
fn mistyped_or_missing_arguments_are_faults() {
    in_sim(async |place: Place| {
        for module in MODULES {
            for native in module
                .functions
                .iter()
                .filter(|native| !native.params.is_empty())
            {
                for args in [
                    vec![],
                    vec![Arg::Ints(&[])],
                    vec![Arg::Ints(&[]), Arg::Ints(&[]), Arg::Ints(&[])],
                ] {
                    let mut call = Call {
                        args,
                        world: &place.world,
                        perception: &place.sink,
                        isolate: None,
                        frame: std::ptr::null_mut(),
                    };
                    match (native.run)(&mut call) {
                        Outcome::Done(Err(fault)) => assert_eq!(fault.kind, "cast"),
                        _ => panic!("{}.{} went on", module.path, native.name),
                    }
                }
            }
        }
    });
}
