//! Loops, exceptions and locks.

use crate::{body, run};

#[test]
fn loops_break_and_continue() {
    let loops = "char s[] = \"\"
        for (int i = 0; i < 5; i++) {
            if (i == 1) continue
            if (i == 4) break
            int j = 0
            while (true) { j++ if (j > i) break s += \"$i$j \" }
        }
        return s";
    assert_eq!(body(loops), "21 22 31 32 33 ");
    assert_eq!(
        body("int n = 0 for (;;) { n++ if (n == 3) return \"$n\" }"),
        "3"
    );
    let fresh =
        "char s[] = \"\" for (int i = 0; i < 2; i++) { int n n += i + 1 s += \"$n\" } return s";
    assert_eq!(body(fresh), "12");
}

#[test]
fn foreach_looks_at_the_array_once() {
    let moving = "int a[] = new int[](1, 2, 3) char s[] = \"\"
        foreach (int x in a) { a = null if (x == 2) continue s += \"$x\" } return s";
    assert_eq!(body(moving), "13");
    assert_eq!(
        body("int n = 0 foreach (int c in \"AB\") n += c return \"$n\""),
        "131"
    );
    assert_eq!(
        body("int n = 0 int a[] = null foreach (int x in a) n++ return \"$n\""),
        "0"
    );
}

#[test]
fn exceptions_reach_the_nearest_handler() {
    let nested = "char s[] = \"\"
        try {
            try { throw new Exception(\"a\", \"first\") }
            catch (Exception e) { s += e.message throw new Exception(\"b\", \"second\") }
        } catch (Exception e) { s += \" \" + e.kind }
        try { int z = 0 s += \"$(1 % z)\" } catch (Exception e) { s += \" \" + e.kind }
        return s";
    assert_eq!(body(nested), "first b divide-by-zero");
    let through =
        "int deep(int n) { if (n == 0) throw new Exception(\"deep\", \"m\") return deep(n - 1) }
        char[] Run:run() {
            for (int i = 0; ; i++) {
                try { deep(3) } catch (Exception e) { if (i == 2) return e.kind + \"$i\" }
            }
        }";
    assert_eq!(run(through), "deep2");
}

#[test]
fn leaving_a_try_leaves_its_handler() {
    let left = "int f(int n) {
            while (true) {
                try { if (n == 0) return 1 if (n == 1) break } catch (Exception e) { return 9 }
                n--
            }
            throw new Exception(\"outside\", \"\")
        }
        char[] Run:run() {
            char s[] = \"$(f(0))\"
            try { s += \"$(f(2))\" } catch (Exception e) { s += e.kind }
            return s
        }";
    assert_eq!(run(left), "1outside");
}

/// Every way out of the first thread's lock lets the second thread in.
#[test]
fn locks_are_given_up_on_every_way_out() {
    for way in [
        "return",
        "throw new Exception(\"k\", \"m\")",
        "break",
        "continue",
        "log += \"-\"",
        "int z = 0 z = 1 / z",
        "mutex (inner) { return }",
        "mutex (lock) { throw new Exception(\"k\", \"m\") }",
    ] {
        let program = format!(
            "Mutex lock = new Mutex() Mutex inner = new Mutex() char log[] = \"\"
            void first() {{
                try {{
                    for (int i = 0; i < 2; i++) {{ mutex (lock) {{ log += \"a\" {way} }} }}
                }} catch (Exception e) {{ log += e.kind }}
            }}
            void second() {{ mutex (lock) {{ mutex (inner) {{ log += \"b\" }} }} }}
            char[] Run:run() {{
                Thread t = asynch::first() t.join()
                t = asynch::second() t.join()
                return log
            }}"
        );
        let log = run(&program);
        assert!(log.starts_with('a') && log.ends_with('b'), "{way}: {log}");
    }
}

#[test]
fn a_lock_is_that_of_the_record_it_was_taken_on() {
    let swapped = "Mutex lock = new Mutex() char log[] = \"\"
        void other(Mutex m) { mutex (m) { log += \"o\" } }
        char[] Run:run() {
            Mutex first = lock
            mutex (lock) { lock = new Mutex() }
            Thread t = asynch::other(first) t.join()
            return log
        }";
    assert_eq!(run(swapped), "o");
}

#[test]
fn threads_run_functions_and_join_rethrows() {
    let threads = "int sum = 0
        void add(int n) { if (n < 0) throw new Exception(\"negative\", \"\") sum += n }
        char[] Run:run() {
            Thread a = asynch::add(3)
            Thread b = asynch::add(4)
            a.join() b.join()
            Thread c = asynch::add(-1)
            try { c.join() } catch (Exception e) { return \"$sum \" + e.kind }
            return \"?\"
        }";
    assert_eq!(run(threads), "7 negative");
}
