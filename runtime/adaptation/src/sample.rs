//! Small components for tests, made from a line of text each.

use std::path::PathBuf;
use std::sync::Arc;

use em_ir::{
    Component, Dialect, IfaceId, Interface, Method, Param, Provide, Require, SourceInfo, SwapClass,
    Ty,
};

use crate::repository::{Known, Repository};

/// A component from `name: provided, … < required, …`, which has no code. An interface is a full
/// name, with `+name` for a form that has a function more.
pub(crate) fn component(text: &str) -> Known {
    let (name, rest) = text.split_once(": ").expect("a name");
    let (provided, required) = rest.split_once(" <").unwrap_or((rest, ""));
    let names = |list: &str| -> Vec<String> {
        let names = list
            .split(',')
            .map(str::trim)
            .filter(|name| !name.is_empty());
        names.map(str::to_owned).collect()
    };
    let (provided, required) = (names(provided), names(required));
    let interfaces: Vec<Interface> = provided
        .iter()
        .chain(&required)
        .map(|n| interface(n))
        .collect();
    let provides = (0..provided.len() as u32).map(|index| Provide {
        iface: IfaceId(index),
        methods: vec![],
        constructor: None,
        init: None,
        active: None,
        inactive: None,
        destroy: None,
        object_fns: [None; 4],
        sinks: vec![],
        super_object: None,
        fields: vec![],
    });
    let requires = (0..required.len()).map(|index| Require {
        name: Some(format!("r{index}")),
        iface: IfaceId((provided.len() + index) as u32),
    });
    let hash = std::array::from_fn(|i| text.as_bytes()[i % text.len()] ^ i as u8);
    Known {
        hash,
        path: PathBuf::from(format!("{name}.em")),
        component: Arc::new(Component {
            name: name.to_owned(),
            records: vec![],
            provides: provides.collect(),
            requires: requires.collect(),
            interfaces,
            natives: vec![],
            strings: vec![],
            functions: vec![],
            statics: Vec::new(),
            statics_init: None,
            swap_class: SwapClass::Stateless,
            dialect: Dialect::Em,
            source: SourceInfo {
                path: format!("{name}.em"),
                hash: [0; 32],
            },
        }),
    }
}

fn interface(name: &str) -> Interface {
    let (name, more) = name.split_once('+').unwrap_or((name, ""));
    let (path, variant) = name.split_once(':').unwrap_or((name, ""));
    let param = Param {
        name: "x".to_owned(),
        ty: Ty::I64,
        store: false,
        opt: false,
    };
    Interface {
        path: path.to_owned(),
        variant: variant.to_owned(),
        base: None,
        constructor: None,
        methods: ["run", more]
            .into_iter()
            .filter(|name| !name.is_empty())
            .map(|name| Method {
                name: name.to_owned(),
                params: vec![param.clone()],
                ret: None,
            })
            .collect(),
        transfer: Vec::new(),
        events: Vec::new(),
    }
}

/// A repository of such components.
pub(crate) fn repository(lines: &[&str]) -> Arc<Repository> {
    Arc::new(Repository::new(lines.iter().map(|line| component(line))))
}

/// A system like the web server: two by three by two choices, one of them below another.
pub(crate) fn server() -> Arc<Repository> {
    repository(&[
        "main: App < http.Handler, http.Get, io.Output",
        "http.Handler.pool: http.Handler < http.Workers",
        "http.Handler.concurrent: http.Handler",
        "http.Workers: http.Workers",
        "http.Get: http.Get < cache.Cache, compress.Compressor, io.Output",
        "cache.Cache.lru: cache.Cache < cache.Store",
        "cache.Cache.none: cache.Cache",
        "cache.Cache.fifo: cache.Cache < cache.Store",
        "cache.Store: cache.Store",
        "compress.Compressor.store: compress.Compressor",
        "compress.Compressor.fast: compress.Compressor",
        "io.Output: io.Output",
        "trace: App < io.Output",
    ])
}
