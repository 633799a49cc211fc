//! Generates the parser's tables from `src/grammar.lalrpop`.

fn main() {
    println!("cargo:rerun-if-changed=src/grammar.lalrpop");
    println!("cargo:rerun-if-changed=build.rs");
    lalrpop::Configuration::new()
        .emit_rerun_directives(false)
        .process_current_dir()
        .expect("the grammar compiles; lalrpop has printed what is wrong with it");
}
