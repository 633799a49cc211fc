//! The ground truth: what each composition is worth in each workload, measured one by one.
//!
//! It is a plain table of means, and the judge of learners: which composition is best where, which
//! ones are within a tolerance of it, and how far off the rest are. It does not measure.

use std::collections::BTreeMap;
use std::io::{self, Write};

use em_learning::Direction;
use plotters::coord::Shift;
use plotters::prelude::*;

use crate::chart::{self, BEST, ChartError, FAINT, INK, NEAR, drawn, plain};

/// Within this part of the best mean, a composition counts as being as good.
pub const TOLERANCE: f64 = 0.05;

/// What was measured of one composition in one workload.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Cell {
    /// How many values: windows, as a rule.
    pub count: u64,
    /// Their mean.
    pub mean: f64,
    squares: f64,
}

impl Cell {
    /// Their standard deviation; 0 below two values.
    #[must_use]
    pub fn sd(&self) -> f64 {
        if self.count < 2 {
            0.0
        } else {
            (self.squares / (self.count - 1) as f64).sqrt()
        }
    }

    fn add(&mut self, value: f64) {
        self.count += 1;
        let off = value - self.mean;
        self.mean += off / self.count as f64;
        self.squares += off * (value - self.mean);
    }
}

/// One line of the table.
#[derive(Clone, Debug, PartialEq)]
pub struct Row<'a> {
    /// The workload.
    pub workload: &'a str,
    /// The composition.
    pub composition: &'a str,
    /// What was measured.
    pub cell: Cell,
    /// How much worse than the best of the workload, as a part of it; 0 for the best.
    pub excess: f64,
}

/// The table: compositions by workloads, in the order in which they were first measured.
#[derive(Clone, Debug, PartialEq)]
pub struct TruthTable {
    metric: String,
    direction: Direction,
    workloads: Vec<String>,
    compositions: Vec<String>,
    cells: BTreeMap<(usize, usize), Cell>,
}

impl TruthTable {
    /// An empty table of this metric.
    pub fn new(metric: impl Into<String>, direction: Direction) -> Self {
        let metric = metric.into();
        let (workloads, compositions, cells) = Default::default();
        Self {
            metric,
            direction,
            workloads,
            compositions,
            cells,
        }
    }

    /// Adds a measured value. False if it is not finite; it is then left out.
    pub fn add(&mut self, workload: &str, composition: &str, value: f64) -> bool {
        if !value.is_finite() {
            return false;
        }
        let workload = place(&mut self.workloads, workload);
        let composition = place(&mut self.compositions, composition);
        self.cells
            .entry((workload, composition))
            .or_default()
            .add(value);
        true
    }

    /// The metric's name.
    #[must_use]
    pub fn metric(&self) -> &str {
        &self.metric
    }

    /// The workloads.
    #[must_use]
    pub fn workloads(&self) -> &[String] {
        &self.workloads
    }

    /// The compositions.
    #[must_use]
    pub fn compositions(&self) -> &[String] {
        &self.compositions
    }

    /// What was measured of a composition in a workload.
    #[must_use]
    pub fn cell(&self, workload: &str, composition: &str) -> Option<&Cell> {
        let workload = self.workloads.iter().position(|known| known == workload)?;
        let composition = self
            .compositions
            .iter()
            .position(|known| known == composition)?;
        self.cells.get(&(workload, composition))
    }

    /// What was measured in a workload, the best first.
    #[must_use]
    pub fn ranking(&self, workload: &str) -> Vec<Row<'_>> {
        let Some(place) = self.workloads.iter().position(|known| known == workload) else {
            return Vec::new();
        };
        let cells = self.cells.range((place, 0)..=(place, usize::MAX));
        let row = |(&(_, composition), cell): (&(usize, usize), &Cell)| Row {
            workload: &self.workloads[place],
            composition: &self.compositions[composition],
            cell: *cell,
            excess: 0.0,
        };
        let mut rows: Vec<Row<'_>> = cells.map(row).collect();
        rows.sort_by(|a, b| {
            let order = a.cell.mean.total_cmp(&b.cell.mean);
            if self.direction == Direction::Higher {
                order.reverse()
            } else {
                order
            }
        });
        let best = rows.first().map_or(0.0, |row| row.cell.mean);
        for row in &mut rows {
            let gap = (row.cell.mean - best).abs();
            row.excess = if gap == 0.0 { 0.0 } else { gap / best.abs() };
        }
        rows
    }

    /// The best composition of a workload.
    #[must_use]
    pub fn best(&self, workload: &str) -> Option<Row<'_>> {
        self.ranking(workload).into_iter().next()
    }

    /// The compositions within `tolerance` of the best of a workload, the best first.
    #[must_use]
    pub fn near_best(&self, workload: &str, tolerance: f64) -> Vec<&str> {
        let near = |row: Row<'_>| row.excess <= tolerance;
        let rows = self.ranking(workload).into_iter();
        rows.filter(|row| near(row.clone()))
            .map(|row| row.composition)
            .collect()
    }

    /// The table as CSV (RFC 4180), one line per workload and composition, the best first.
    #[must_use]
    pub fn to_csv(&self) -> String {
        let mut text = String::from("workload,composition,metric,direction,count,mean,sd,excess\n");
        let direction = direction_name(self.direction);
        let metric = quoted(&self.metric);
        for row in self
            .workloads
            .iter()
            .flat_map(|workload| self.ranking(workload))
        {
            let (workload, composition) = (quoted(row.workload), quoted(row.composition));
            let Cell { count, mean, .. } = row.cell;
            let (sd, excess) = (row.cell.sd(), row.excess);
            text.push_str(&format!(
                "{workload},{composition},{metric},{direction},{count},{mean},{sd},{excess}\n"
            ));
        }
        text
    }

    /// Writes the table as [`TruthTable::to_csv`] gives it.
    pub fn write_csv(&self, mut out: impl Write) -> io::Result<()> {
        out.write_all(self.to_csv().as_bytes())
    }

    /// The table that [`TruthTable::to_csv`] gave.
    pub fn from_csv(text: &str) -> Result<Self, TruthError> {
        let mut records = csv_records(text)?.into_iter();
        let header = records.next().ok_or(TruthError {
            line: 1,
            detail: "it is empty",
        })?;
        if header.1.first().map(String::as_str) != Some("workload") || header.1.len() != COLUMNS {
            return Err(TruthError {
                line: header.0,
                detail: "it is not the heading",
            });
        }
        let mut table: Option<Self> = None;
        for (line, fields) in records {
            let wrong = |detail| TruthError { line, detail };
            let [
                workload,
                composition,
                metric,
                direction,
                count,
                mean,
                sd,
                _excess,
            ] = <[String; COLUMNS]>::try_from(fields).map_err(|_| wrong("it has not 8 fields"))?;
            let direction = [Direction::Lower, Direction::Higher]
                .into_iter()
                .find(|known| direction_name(*known) == direction)
                .ok_or(wrong("its direction is neither `lower` nor `higher`"))?;
            let number = |text: &str| text.parse().ok().filter(|n: &f64| n.is_finite());
            let count: u64 = count
                .parse()
                .map_err(|_| wrong("its count is not a number"))?;
            let mean = number(&mean).ok_or(wrong("its mean is not a number"))?;
            let sd = number(&sd)
                .filter(|sd| *sd >= 0.0)
                .ok_or(wrong("its sd is not a number"))?;
            let table = table.get_or_insert_with(|| Self::new(metric.clone(), direction));
            if table.metric != metric || table.direction != direction {
                return Err(wrong("it is of another metric or direction"));
            }
            let workload = place(&mut table.workloads, &workload);
            let composition = place(&mut table.compositions, &composition);
            let squares = sd * sd * count.saturating_sub(1) as f64;
            table.cells.insert(
                (workload, composition),
                Cell {
                    count,
                    mean,
                    squares,
                },
            );
        }
        table.ok_or(TruthError {
            line: 1,
            detail: "it has a heading only",
        })
    }
}

const COLUMNS: usize = 8;

/// A text that is not a ground truth table.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the ground truth table can't be read: {detail}")]
pub struct TruthError {
    line: usize,
    detail: &'static str,
}

fn direction_name(direction: Direction) -> &'static str {
    match direction {
        Direction::Lower => "lower",
        Direction::Higher => "higher",
    }
}

/// The place of `name` in `names`, added if it is not there.
fn place(names: &mut Vec<String>, name: &str) -> usize {
    names
        .iter()
        .position(|known| known == name)
        .unwrap_or_else(|| {
            names.push(name.to_owned());
            names.len() - 1
        })
}

fn quoted(field: &str) -> String {
    if field.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}

/// The records of a CSV text, each with the line on which it begins.
fn csv_records(text: &str) -> Result<Vec<(usize, Vec<String>)>, TruthError> {
    let mut records = Vec::new();
    let mut chars = text.chars().peekable();
    let mut line = 1;
    while chars.peek().is_some() {
        let begin = line;
        let mut fields = vec![String::new()];
        let mut within = false;
        loop {
            let field = fields
                .last_mut()
                .expect("invariant: there is a field from the start");
            match chars.next() {
                None if within => {
                    return Err(TruthError {
                        line: begin,
                        detail: "a quote has no end",
                    });
                }
                Some('"') if within && chars.peek() == Some(&'"') => {
                    chars.next();
                    field.push('"');
                }
                Some('"') => within = !within,
                Some(',') if !within => fields.push(String::new()),
                None | Some('\n') if !within => break,
                Some('\r') if !within => {}
                Some(other) => {
                    line += usize::from(other == '\n');
                    field.push(other);
                }
                None => break,
            }
        }
        line += 1;
        if fields != [""] {
            records.push((begin, fields));
        }
    }
    Ok(records)
}

const PANEL_WIDTH: u32 = 700;
const ROW_HEIGHT: i32 = 16;
const HEAD_HEIGHT: i32 = 34;
const NAME_WIDTH: i32 = 300;
const BAR_WIDTH: i32 = 200;
/// Compositions that a panel shows; the best ones.
const ROWS_MOST: usize = 60;

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// The table as the text of an SVG file: a panel per workload, a bar per composition, best first.
pub fn svg(table: &TruthTable, title: &str) -> Result<String, ChartError> {
    if table.workloads.is_empty() {
        return Err(ChartError::Empty("nothing was measured"));
    }
    let names = chart::short_names(table.compositions.iter().map(String::as_str));
    let rows = table.compositions.len().min(ROWS_MOST) as i32 + 1;
    let height = (2 * HEAD_HEIGHT + rows * ROW_HEIGHT) as u32;
    let columns = table.workloads.len().min(24);
    let mut text = String::new();
    {
        let size = (PANEL_WIDTH * columns as u32, height);
        let root = SVGBackend::with_string(&mut text, size).into_drawing_area();
        drawn(root.fill(&WHITE))?;
        let title = plain(title, 120);
        let panels = drawn(root.titled(&title, ("sans-serif", 18).into_font().color(&INK)))?;
        let panels = panels.split_evenly((1, columns));
        for (area, workload) in panels.iter().zip(&table.workloads) {
            draw_panel(area, table, workload, &names)?;
        }
        drawn(root.present())?;
    }
    Ok(text)
}

fn draw_panel(
    area: &Area<'_>,
    table: &TruthTable,
    workload: &str,
    names: &BTreeMap<String, String>,
) -> Result<(), ChartError> {
    let font = || ("sans-serif", 12).into_font().color(&INK);
    let write = |text: String, x, y| drawn(area.draw(&Text::new(text, (x, y), font())));
    let ranking = table.ranking(workload);
    write(
        plain(&format!("{workload}: mean {}", table.metric), 80),
        10,
        8,
    )?;
    let reach = |row: &Row<'_>| row.cell.mean.abs() + row.cell.sd();
    let most = ranking
        .iter()
        .take(ROWS_MOST)
        .map(reach)
        .fold(f64::MIN_POSITIVE, f64::max);
    let width = |value: f64| (f64::from(BAR_WIDTH) * (value / most).clamp(0.0, 1.0)) as i32;
    for (index, row) in ranking.iter().take(ROWS_MOST).enumerate() {
        let y = HEAD_HEIGHT + ROW_HEIGHT * index as i32;
        let name = names
            .get(row.composition)
            .map_or(row.composition, String::as_str);
        write(plain(name, 44), 10, y)?;
        let colour = match index {
            0 => BEST,
            _ if row.excess <= TOLERANCE => NEAR,
            _ => FAINT,
        };
        let (mean, sd) = (row.cell.mean.abs(), row.cell.sd());
        let bar = [
            (NAME_WIDTH, y + 2),
            (NAME_WIDTH + width(mean), y + ROW_HEIGHT - 3),
        ];
        drawn(area.draw(&Rectangle::new(bar, colour.filled())))?;
        let middle = y + ROW_HEIGHT / 2 - 1;
        let ends = [mean - sd, mean + sd].map(|end| (NAME_WIDTH + width(end), middle));
        drawn(area.draw(&PathElement::new(ends, INK)))?;
        let excess = if index == 0 {
            "best".to_owned()
        } else {
            worse(row.excess)
        };
        let value = format!("{:.4} ± {sd:.4}  {excess}", row.cell.mean);
        write(value, NAME_WIDTH + BAR_WIDTH + 6, y)?;
    }
    let hidden = ranking.len().saturating_sub(ROWS_MOST);
    if hidden > 0 {
        let y = HEAD_HEIGHT + ROW_HEIGHT * ROWS_MOST as i32;
        write(format!("and {hidden} worse ones"), 10, y)?;
    }
    Ok(())
}

fn worse(excess: f64) -> String {
    if excess < 1.0 {
        format!("+{:.1} %", 100.0 * excess)
    } else {
        format!("x{:.1}", 1.0 + excess)
    }
}

#[cfg(test)]
mod tests;
