//! The shape of what lowering makes: only loops lead back, and lines are those of the source.

use crate::compile;
use em_ir::{Component, Term};

/// Edges to a block with the same or a lower number, handlers included.
fn back_edges(component: &Component) -> usize {
    let mut count = 0;
    for function in &component.functions {
        for (at, block) in function.blocks.iter().enumerate() {
            let handler = block.handler.map(|handler| handler.block);
            let targets = block.term.targets().chain(handler);
            count += targets.filter(|to| to.index() <= at).count();
        }
    }
    count
}

fn run_body(statements: &str) -> Component {
    compile(&format!(
        "component provides test.Run {{ Mutex m = new Mutex()
        char[] Run:run() {{ int n = 3 {statements} return null }} }}"
    ))
}

#[test]
fn only_loops_lead_back() {
    let straight = "if (n > 2 && n < 9 || n == 0) n = n > 5 ? 1 : 2 else { n = 4 }
        try { n = 1 / n try { n++ } catch (Exception e) { n = 2 } } catch (Exception e) { n = 3 }
        mutex (m) { if (n == 1) return \"x\" mutex (m) { n-- } }
        bool b = n == 1 || n == 2";
    assert_eq!(back_edges(&run_body(straight)), 0);
}

#[test]
fn each_loop_leads_back_once() {
    let loops = "for (int i = 0; i < 3; i++) { if (i == 1) continue n += i }
        while (n > 0) { try { n-- } catch (Exception e) { continue } mutex (m) { n-- } }
        foreach (char c in \"abc\") { if (c == 'b') continue n++ }
        while (true) { if (n > 0 && n < 100) { n++ continue } break }";
    assert_eq!(back_edges(&run_body(loops)), 4);
}

#[test]
fn unreachable_code_leaves_no_blocks() {
    let dead = run_body("while (true) { n++ if (n > 9) return \"x\" continue }");
    let returns = dead.functions[0]
        .blocks
        .iter()
        .filter(|b| matches!(b.term, Term::Return(_)));
    assert_eq!(returns.count(), 1);
}

#[test]
fn instructions_carry_the_lines_of_their_statements() {
    let component = compile(
        "component provides test.Run {
    char[] Run:run() {
        int zero = 0
        int q = 1 /
            zero
        return null
    }
}",
    );
    let lines: Vec<_> = component.functions[0].blocks[0].lines.clone();
    assert_eq!(lines.first(), Some(&3));
    assert!(
        lines[1..lines.len() - 2].iter().all(|line| *line == 4),
        "{lines:?}"
    );
    assert_eq!(lines.last(), Some(&6));
}
