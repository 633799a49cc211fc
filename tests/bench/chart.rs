//! The ratios as a drawing: a row for each kernel, a dot for each language, on a logarithmic scale.

use crate::peers::Peer;
use crate::table::Row;
use em_tests::root;
use std::fmt::Write;

/// One colour for each language, told apart also without red and green.
const COLOURS: [&str; 7] = [
    "#000000", "#999999", "#d55e00", "#56b4e9", "#009e73", "#0072b2", "#cc79a7",
];
/// Left edge of the scale.
const LEFT: f64 = 130.0;
/// Width of the scale.
const WIDTH: f64 = 640.0;
/// Height of a row.
const ROW: f64 = 26.0;
/// Top of the rows.
const TOP: f64 = 50.0;
/// The scale's ends, as ratios.
const LEAST: f64 = 0.125;
/// See [`LEAST`].
const MOST: f64 = 256.0;

/// Draws into the file beside the page.
pub(crate) fn write(peers: &[Peer], rows: &[Row]) {
    let file = root().join("tests/bench/kernels.svg");
    std::fs::write(file, svg(peers, rows)).expect("the drawing can be written");
}

fn x(ratio: f64) -> f64 {
    LEFT + WIDTH * (ratio.clamp(LEAST, MOST) / LEAST).ln() / (MOST / LEAST).ln()
}

fn svg(peers: &[Peer], rows: &[Row]) -> String {
    let rows: Vec<&Row> = rows.iter().filter(|row| row.0.unit.is_none()).collect();
    let bottom = TOP + ROW * rows.len() as f64;
    let (width, height) = (LEFT + WIDTH + 30.0, bottom + 40.0);
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
         font-family=\"sans-serif\" font-size=\"12\">\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>\n"
    );
    for (at, peer) in peers.iter().enumerate() {
        let place = LEFT + 90.0 * at as f64;
        let colour = COLOURS[at % COLOURS.len()];
        let _ = writeln!(
            text,
            "<circle cx=\"{place}\" cy=\"18\" r=\"5\" fill=\"{colour}\"/>\
             <text x=\"{}\" y=\"22\">{}</text>",
            place + 9.0,
            peer.title
        );
    }
    scale(&mut text, bottom);
    for (at, row) in rows.iter().enumerate() {
        kernel(&mut text, TOP + ROW * (at as f64 + 0.5), row);
    }
    text + "</svg>\n"
}

/// A line for each power of two.
fn scale(text: &mut String, bottom: f64) {
    let mut ratio = LEAST;
    while ratio <= MOST {
        let (at, colour) = (x(ratio), if ratio == 1.0 { "#000000" } else { "#dddddd" });
        let _ = writeln!(
            text,
            "<line x1=\"{at:.1}\" x2=\"{at:.1}\" y1=\"{TOP}\" y2=\"{bottom}\" stroke=\"{colour}\"/>\
             <text x=\"{at:.1}\" y=\"{}\" text-anchor=\"middle\">{ratio}</text>",
            bottom + 16.0
        );
        ratio *= 2.0;
    }
    let _ = writeln!(
        text,
        "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">time, as a multiple of C's</text>",
        LEFT + WIDTH / 2.0,
        bottom + 34.0
    );
}

fn kernel(text: &mut String, y: f64, (kernel, cells): &Row) {
    let _ = writeln!(
        text,
        "<text x=\"8\" y=\"{}\">{}</text>",
        y + 4.0,
        kernel.name
    );
    for (at, cell) in cells.iter().enumerate() {
        let Some(cell) = cell else { continue };
        let colour = COLOURS[at % COLOURS.len()];
        let _ = writeln!(
            text,
            "<line x1=\"{:.1}\" x2=\"{:.1}\" y1=\"{y}\" y2=\"{y}\" stroke=\"{colour}\"/>\
             <circle cx=\"{:.1}\" cy=\"{y}\" r=\"5\" fill=\"{colour}\"/>",
            x(cell.low),
            x(cell.high),
            x(cell.ratio)
        );
    }
}
