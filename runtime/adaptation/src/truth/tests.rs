//! Tests of the ground truth table: its arithmetic, its CSV form and its chart.

use super::*;

fn table() -> TruthTable {
    let mut table = TruthTable::new("response_time", Direction::Lower);
    for (workload, composition, values) in [
        ("text", "{main, gzip, \"x\"}", [2.0, 2.2, 1.8]),
        ("text", "{main, plain}", [2.05, 2.05, 2.05]),
        ("text", "{main, slow}", [30.0, 31.0, 32.0]),
        ("image", "{main, gzip, \"x\"}", [9.0, 9.0, 9.0]),
        ("image", "{main, plain}", [3.0, 3.0, 3.0]),
    ] {
        for value in values {
            assert!(table.add(workload, composition, value));
        }
    }
    table
}

#[test]
fn a_cell_has_count_mean_and_deviation() {
    let table = table();
    let cell = table.cell("text", "{main, slow}").unwrap();
    assert_eq!((cell.count, cell.mean, cell.sd()), (3, 31.0, 1.0));
    assert_eq!(table.cell("image", "{main, slow}"), None);
    assert_eq!(table.cell("none", "{main, slow}"), None);
    assert_eq!(Cell::default().sd(), 0.0);
}

#[test]
fn the_best_and_those_within_five_per_cent_are_known() {
    let table = table();
    let best = table.best("text").unwrap();
    assert_eq!(
        (best.composition, best.excess),
        ("{main, gzip, \"x\"}", 0.0)
    );
    assert_eq!(
        table.near_best("text", TOLERANCE),
        ["{main, gzip, \"x\"}", "{main, plain}"],
        "2.05 is 2.5 % above 2"
    );
    assert_eq!(table.near_best("text", 0.02).len(), 1);
    assert_eq!(table.best("image").unwrap().composition, "{main, plain}");
    assert!((table.ranking("image")[1].excess - 2.0).abs() < 1e-12);
    assert!(table.best("none").is_none() && table.near_best("none", 1.0).is_empty());
}

#[test]
fn where_higher_is_better_the_best_is_the_highest() {
    let mut table = TruthTable::new("rate", Direction::Higher);
    for (composition, rate) in [("a", 96.0), ("b", 100.0), ("c", 94.0)] {
        table.add("w", composition, rate);
    }
    assert_eq!(table.near_best("w", TOLERANCE), ["b", "a"]);
    assert!((table.ranking("w")[2].excess - 0.06).abs() < 1e-12);
}

#[test]
fn values_that_are_not_finite_are_left_out() {
    let mut table = TruthTable::new("m", Direction::Lower);
    assert!(!table.add("w", "a", f64::NAN));
    assert!(!table.add("w", "a", f64::INFINITY));
    assert!(table.workloads().is_empty() && table.compositions().is_empty());
    table.add("w", "a", 0.0);
    table.add("w", "b", 1.0);
    assert_eq!(table.ranking("w")[1].excess, f64::INFINITY);
    assert_eq!(table.near_best("w", TOLERANCE), ["a"]);
}

#[test]
fn csv_is_read_back() {
    let mut table = table();
    table.add("odd, \"one\"\nof two lines", "{a}", -1.5);
    let text = table.to_csv();
    assert!(
        text.lines()
            .nth(1)
            .unwrap()
            .starts_with("text,\"{main, gzip, \"\"x\"\"}\",response")
    );
    let read = TruthTable::from_csv(&text).unwrap();
    assert_eq!(read.workloads(), table.workloads());
    for workload in table.workloads() {
        let (ours, theirs) = (table.ranking(workload), read.ranking(workload));
        for (ours, theirs) in ours.iter().zip(&theirs) {
            assert_eq!(ours.composition, theirs.composition);
            assert_eq!(
                (ours.cell.count, ours.cell.mean),
                (theirs.cell.count, theirs.cell.mean)
            );
            assert!((ours.cell.sd() - theirs.cell.sd()).abs() < 1e-12);
        }
        assert_eq!(ours.len(), theirs.len());
    }
    // With the line ends of RFC 4180, and no end at all after the last.
    let dos = text.trim_end().replace('\n', "\r\n");
    assert_eq!(
        TruthTable::from_csv(&dos).unwrap().compositions(),
        read.compositions()
    );
    let mut written = Vec::new();
    table.write_csv(&mut written).unwrap();
    assert_eq!(written, text.as_bytes());
}

#[test]
fn what_is_not_a_table_is_an_error_with_its_line() {
    let head = "workload,composition,metric,direction,count,mean,sd,excess\n";
    for (text, line, part) in [
        ("", 1, "empty"),
        ("a,b\n", 1, "heading"),
        (head, 1, "heading only"),
        ("workload,\"", 1, "quote"),
    ] {
        let error = TruthTable::from_csv(text).unwrap_err();
        assert_eq!(error.line, line, "{error}");
        assert!(error.to_string().contains(part), "{error}");
    }
    for (row, part) in [
        ("w,c,m,lower,1,2,0\n", "8 fields"),
        ("w,c,m,up,1,2,0,0\n", "direction"),
        ("w,c,m,lower,-1,2,0,0\n", "count"),
        ("w,c,m,lower,1,NaN,0,0\n", "mean"),
        ("w,c,m,lower,1,2,-1,0\n", "sd"),
        (
            "w,c,m,lower,1,2,0,0\nw,c,other,lower,1,2,0,0\n",
            "another metric",
        ),
    ] {
        let error = TruthTable::from_csv(&format!("{head}{row}")).unwrap_err();
        assert!(error.to_string().contains(part), "{error}");
        assert_eq!(error.line, 1 + row.lines().count());
    }
}

#[test]
fn the_chart_marks_the_best_and_the_near_ones() {
    let text = svg(&table(), "Truth <1>").unwrap();
    let bars = |colour: RGBColor| {
        let colour = format!("#{:02X}{:02X}{:02X}", colour.0, colour.1, colour.2);
        text.lines()
            .filter(|l| l.contains("<rect") && l.contains(&colour))
            .count()
    };
    assert_eq!((bars(BEST), bars(NEAR), bars(FAINT)), (2, 1, 2));
    assert!(text.contains("Truth &lt;1&gt;"));
    assert!(text.contains("+2.5 %") && text.contains("x15.5"), "{text}");
    assert!(matches!(
        svg(&TruthTable::new("m", Direction::Lower), ""),
        Err(ChartError::Empty(_))
    ));
}

#[test]
fn a_chart_of_many_compositions_says_what_it_leaves_out() {
    let mut table = TruthTable::new("m", Direction::Lower);
    for index in 0..ROWS_MOST + 7 {
        table.add(
            "w",
            &format!("{{main, c{index}\u{7}}}"),
            index as f64 * 1e300,
        );
    }
    let text = svg(&table, "").unwrap();
    assert!(text.contains("and 7 worse ones"));
    assert!(text.chars().all(|c| c == '\n' || !c.is_control()));
}
