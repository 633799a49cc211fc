//! Numbers, strings, arrays and records.

use crate::{body, run};

#[test]
fn integers_wrap_at_their_width_and_widen_with_their_sign() {
    assert_eq!(body("byte b = 250 b += 10 return \"$b\""), "4");
    assert_eq!(body("int8 a = -100 int n = a return \"$(n - 1)\""), "-101");
    assert_eq!(
        body("int8 a = int8(200) uint8 b = uint8(a) return \"$a $b\""),
        "-56 200"
    );
    let extreme = "int n = 9223372036854775807 n++ return \"$n\"";
    assert_eq!(body(extreme), "-9223372036854775808");
    assert_eq!(
        body("uint64 u = 0xffffffffffffffff return \"$u\""),
        "18446744073709551615"
    );
    assert_eq!(
        body("return \"$(-7 / 2) $(-7 % 2) $(1 << 3 | 1)\""),
        "-3 -1 9"
    );
}

#[test]
fn literals_take_the_type_of_what_they_meet() {
    assert_eq!(body("char c = 'a' c = c + 1 return \"\" + c"), "b");
    assert_eq!(body("char c = '7' return \"$(c - '0' + 5)\""), "\u{c}");
    assert_eq!(body("char c = '7' return \"$(int(c - '0') + 5)\""), "12");
    assert_eq!(body("byte b = 7 return \"$(b + 300)\""), "307");
    assert_eq!(
        body("byte b = 7 return \"$(b == 7) $(b == 263) $(-1 < b)\""),
        "true false true"
    );
    assert_eq!(body("bool t = true int64 n = t ? 1 : 2 return \"$n\""), "1");
}

#[test]
fn different_integers_meet_in_int_and_shifts_keep_the_left_type() {
    assert_eq!(
        body("int8 a = 100 int16 b = 32767 return \"$(a + b)\""),
        "32867"
    );
    assert_eq!(
        body("char c = 'a' byte b = 97 return \"$(c == b) $(c + b)\""),
        "true 194"
    );
    let shifts = "byte b = 129 int n = 300 int8 s = -128 uint64 u = 1
        return \"$(b << 1) $(b >> n) $(b << n) $(s >> n) $(s >> 1) $(u << 63) $(1 << b)\"";
    assert_eq!(body(shifts), "2 0 0 -1 -64 9223372036854775808 0");
    let updates = "byte b = 129 int by = 1 b <<= by int8 s = -128 s >>= by int64 w = 1 w <<= b
        uint64 u = 8 u >>= by return \"$b $s $w $u\"";
    assert_eq!(body(updates), "2 -64 4 4");
}

#[test]
fn conversions_saturate_truncate_or_wrap() {
    let floats =
        "float nan = 0.0 / 0.0 return \"$(int(2.9)) $(int(-2.9)) $(int(1e300)) $(int(nan))\"";
    assert_eq!(body(floats), "2 -2 9223372036854775807 0");
    assert_eq!(
        body("return \"$(int(true)) $(byte(false)) $(byte(300)) $(char(65))\""),
        "1 0 44 A"
    );
    assert_eq!(body("int n = 3 return \"$(float(n) / 2.0)\""), "1.5");
}

#[test]
fn strings_join_in_one_go_and_null_counts_as_empty() {
    assert_eq!(
        body("char s[] = null return \"<\" + s + 'x' + \"$s>\" + 'y'"),
        "<x>y"
    );
    assert_eq!(
        body("char s[] = \"a\" s += \"b\" + 'c' s += 'd' return s + s"),
        "abcdabcd"
    );
    assert_eq!(
        body("return \"$(1 + 1) $(1.0) $('q') $(2 > 1)\""),
        "2 1.0 q true"
    );
    assert_eq!(body("return \"\\$ \\x41 \\\"\""), "$ A \"");
}

#[test]
fn equality_is_by_content_for_arrays_and_by_reference_otherwise() {
    let strings = "char a[] = \"ab\" char b[] = clone a char none[] = null
        return \"$(a == b) $(a === b) $(a != b) $(none == \"\") $(none == null) $(none === null)\"";
    assert_eq!(body(strings), "true false false true true true");
    let records = "Node a = new Node(1) Node b = new Node(1) Node c = a
        return \"$(a == b) $(a == c) $(a != null) $(null == a)\"";
    assert_eq!(body(records), "false true true false");
    assert_eq!(
        body("char s[] = \"\" return \"$(s == null) $(s === null) $(s != null)\""),
        "true false false"
    );
}

#[test]
fn arrays_are_made_sliced_copied_and_joined() {
    let joined = "int a[] = new int[](1, 2) a = new int[](0, a, a, 9) char s[] = null
        foreach (int x in a) s += \"$x\" return s + \" $(a.arrayLength)\"";
    assert_eq!(body(joined), "012129 6");
    let copied = "char d[] = clone \"........\" d.copy(2, \"abcdef\", 1, 3) return d.slice(1, 6)";
    assert_eq!(body(copied), ".bcd.");
    let nested = "char g[][] = new char[3][] g[1] = \"x\" return g[1] + \"$(g[0] === null)\"";
    assert_eq!(body(nested), "xtrue");
    assert_eq!(
        body("int a[] = new int[3] a[1] += 5 a[1] *= 2 a[1]-- return \"$(a[1])\""),
        "9"
    );
}

#[test]
fn records_are_filled_by_position_or_name() {
    let fields = "Node a = new Node(3) Node b = new Node(next = a, value = 4) b.next.value++
        return \"$(a.value) $(b.value) $(a.next === null)\"";
    assert_eq!(body(fields), "4 4 true");
    let chain = "Node n = null for (int i = 0; i < 3; i++) n = new Node(i, n)
        char s[] = \"\" while (n !== null) { s += \"$(n.value)\" n = n.next } return s";
    assert_eq!(body(chain), "210");
    assert_eq!(
        body("Node a = new Node(1) Node b = clone a b.value = 2 return \"$(a.value)\""),
        "1"
    );
}

#[test]
fn operands_run_from_left_to_right_and_only_as_far_as_needed() {
    let order = "char log[] = \"\"
        int mark(char c, int value) { log += c return value }
        char[] Run:run() {
            int a[] = new int[](0, 0, 0)
            a[mark('a', 1)] = mark('b', 2) + mark('c', 3) * mark('d', 4)
            bool short = mark('e', 0) == 1 && mark('f', 1) == 1
            bool on = mark('g', 0) == 1 || mark('h', 1) == 1
            int one = on ? mark('i', 1) : mark('j', 2)
            return log + \" $(a[1]) $short $on $one\"
        }";
    assert_eq!(run(order), "abcdeghi 14 false true 1");
    let old = "int n = 5 int bump() { n = 100 return 1 }
        char[] Run:run() { n += bump() return \"$n\" }";
    assert_eq!(run(old), "6");
}

#[test]
fn a_variable_may_be_assigned_from_itself() {
    let logic =
        "bool a = true bool b = false a = b || !a a = a || b a = !a && (b || a) return \"$a\"";
    assert_eq!(body(logic), "false");
    assert_eq!(
        body("Node n = new Node(1) n = new Node(2, n) return \"$(n.next.value)\""),
        "1"
    );
    assert_eq!(
        body("int n = 4 n = n > 3 ? n + 1 : n - 1 return \"$n\""),
        "5"
    );
}

#[test]
fn faults_become_exceptions_of_their_kind() {
    assert_eq!(
        body("int z = 0 return \"$(1 / z)\""),
        "threw divide-by-zero"
    );
    assert_eq!(
        body("int a[] = new int[2] return \"$(a[2])\""),
        "threw bounds"
    );
    assert_eq!(body("Node n = null return \"$(n.value)\""), "threw null");
    assert_eq!(body("Exception e = null throw e"), "threw null");
    assert_eq!(
        body("int n = -1 int a[] = new int[n] return \"$(a.arrayLength)\""),
        "threw length"
    );
    assert_eq!(
        body("char s[] = null s = \"a\" + s char c[] = clone \"k\" c[0] = 'x' return s + c"),
        "ax"
    );
}

#[test]
fn constants_are_known_by_bare_and_dotted_names() {
    let consts = "const int A = B * 2 const byte N = 9 const int S = 1 << N
        const int W = 1 << 63 const int B = 1 << 4 const char NAME[] = \"n\" + \"m\"
        char[] Run:run() { byte small = 3 return \"$A \" + NAME + \"$(small + B)\" + \" $S\" }";
    assert_eq!(run(consts), "32 nm19 512");
}
