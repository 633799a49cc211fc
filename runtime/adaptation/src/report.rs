//! The report of a run: reward and one metric per window as SVG, the environments as coloured bands
//! behind them, and a tick wherever the composition changed.
//!
//! It draws what the record says and judges nothing. A metric's axis ends a little above its usual
//! range, so that one stalled window does not flatten the rest; what lies above is drawn at the
//! edge, and the axis says so.

use std::collections::BTreeMap;

use em_learning::EnvironmentId;
use plotters::coord::Shift;
use plotters::prelude::*;

use crate::chart::{self, CHANGE, ChartError, FAINT, INK, LINE, drawn, plain};
use crate::record::WindowRecord;

/// What a report shows.
#[derive(Clone, Debug)]
pub struct ReportOptions {
    /// The heading.
    pub title: String,
    /// The metric to draw under the reward; the first by name if none is set.
    pub metric: Option<String>,
    /// Width in pixels, kept within 400 to 8000.
    pub width: u32,
    /// Height in pixels without the legend, kept within 300 to 8000.
    pub height: u32,
}

impl Default for ReportOptions {
    fn default() -> Self {
        Self {
            title: String::new(),
            metric: None,
            width: 1100,
            height: 520,
        }
    }
}

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// Windows whose mode the legend calls settled on.
const SETTLED_WINDOWS: usize = 50;
const LEGEND_ROW: u32 = 18;
const LEGEND_ROWS_MOST: usize = 16;

/// A run of windows in one environment: its number and its first and last window.
struct Band {
    environment: Option<EnvironmentId>,
    from: f64,
    to: f64,
}

/// The report of these windows as the text of an SVG file.
pub fn svg(windows: &[WindowRecord], options: &ReportOptions) -> Result<String, ChartError> {
    let (Some(first), Some(last)) = (windows.first(), windows.last()) else {
        return Err(ChartError::Empty("the record has no windows"));
    };
    let span = (
        first.window as f64,
        (last.window.max(first.window) + 1) as f64,
    );
    let bands = bands(windows);
    let legend = legend(windows);
    let legend_height = LEGEND_ROW * (legend.len() as u32 + 1);
    let size = (
        options.width.clamp(400, 8000),
        options.height.clamp(300, 8000) + legend_height,
    );
    let mut text = String::new();
    {
        let root = SVGBackend::with_string(&mut text, size).into_drawing_area();
        drawn(root.fill(&WHITE))?;
        let (top, bottom) = root.split_vertically(size.1 - legend_height);
        let title = plain(&options.title, 120);
        let charts = drawn(top.titled(&title, ("sans-serif", 18).into_font().color(&INK)))?;
        let panels = charts.split_evenly((2, 1));
        let rewards = windows
            .iter()
            .map(|window| (window.window as f64, window.reward))
            .collect();
        let panel = Panel {
            label: "reward".to_owned(),
            range: 0.0..1.02,
            points: rewards,
        };
        panel.draw(&panels[0], span, &bands, windows)?;
        metric_panel(windows, options).draw(&panels[1], span, &bands, windows)?;
        draw_legend(&bottom, &legend)?;
        drawn(root.present())?;
    }
    Ok(text)
}

fn bands(windows: &[WindowRecord]) -> Vec<Band> {
    let mut bands: Vec<Band> = Vec::new();
    for window in windows {
        let (from, to) = (window.window as f64, (window.window + 1) as f64);
        match bands.last_mut() {
            Some(band) if band.environment == window.environment => band.to = to,
            _ => bands.push(Band {
                environment: window.environment,
                from,
                to,
            }),
        }
    }
    bands
}

/// One chart: a value per window, with gaps where there is none.
struct Panel {
    label: String,
    range: std::ops::Range<f64>,
    points: Vec<(f64, Option<f64>)>,
}

impl Panel {
    fn draw(
        &self,
        area: &Area<'_>,
        span: (f64, f64),
        bands: &[Band],
        windows: &[WindowRecord],
    ) -> Result<(), ChartError> {
        let mut builder = ChartBuilder::on(area);
        builder
            .margin(8)
            .x_label_area_size(28)
            .y_label_area_size(64);
        let chart = builder.build_cartesian_2d(span.0..span.1, self.range.clone());
        let mut chart = drawn(chart)?;
        let (low, high) = (self.range.start, self.range.end);
        let rectangle = |band: &Band| {
            let colour = band
                .environment
                .map_or(WHITE, |id| chart::band(id.0 as usize));
            Rectangle::new([(band.from, low), (band.to, high)], colour.filled())
        };
        drawn(chart.draw_series(bands.iter().map(rectangle)))?;
        let mesh = &mut chart.configure_mesh();
        mesh.disable_x_mesh()
            .light_line_style(TRANSPARENT)
            .bold_line_style(FAINT.mix(0.6));
        mesh.x_label_formatter(&|x| format!("{x:.0}"))
            .x_desc("window")
            .y_desc(&self.label);
        drawn(
            mesh.label_style(("sans-serif", 12).into_font().color(&INK))
                .draw(),
        )?;

        let tick = low + (high - low) * 0.05;
        let ticks = changes(windows).map(|x| PathElement::new([(x, low), (x, tick)], CHANGE));
        drawn(chart.draw_series(ticks))?;
        for segment in self.points.split(|(_, value)| value.is_none()) {
            let at =
                |(x, value): &(f64, Option<f64>)| Some((x + 0.5, value.as_ref()?.clamp(low, high)));
            let segment: Vec<(f64, f64)> = segment.iter().filter_map(at).collect();
            if let [point] = segment[..] {
                drawn(chart.draw_series([Circle::new(point, 1, LINE.filled())]))?;
            }
            drawn(chart.draw_series(LineSeries::new(segment, &LINE)))?;
        }
        Ok(())
    }
}

/// Where another composition became active.
fn changes(windows: &[WindowRecord]) -> impl Iterator<Item = f64> {
    let changed = windows
        .windows(2)
        .filter(|pair| pair[0].composition != pair[1].composition);
    changed.map(|pair| pair[1].window as f64)
}

fn metric_panel(windows: &[WindowRecord], options: &ReportOptions) -> Panel {
    let first = || {
        windows
            .iter()
            .flat_map(|window| window.metrics.keys())
            .min()
            .cloned()
    };
    let metric = options.metric.clone().or_else(first).unwrap_or_default();
    let points: Vec<(f64, Option<f64>)> = windows
        .iter()
        .map(|window| (window.window as f64, window.mean(&metric)))
        .collect();
    let mut values: Vec<f64> = points.iter().filter_map(|(_, value)| *value).collect();
    values.sort_by(f64::total_cmp);
    let low = values.first().copied().unwrap_or(0.0).min(0.0);
    let usual = values
        .get(values.len() * 98 / 100)
        .or(values.last())
        .copied()
        .unwrap_or(1.0);
    let high = low + 1.25 * (usual - low);
    let high = if high > low && high.is_finite() {
        high
    } else {
        low + 1.0
    };
    let mut label = plain(&format!("mean {metric}"), 40);
    if values.last().is_some_and(|most| *most > high) {
        label.push_str(" (more at the edge)");
    }
    Panel {
        label,
        range: low..high,
        points,
    }
}

/// A colour and a line of text per environment.
fn legend(windows: &[WindowRecord]) -> Vec<(RGBColor, String)> {
    let names = chart::short_names(windows.iter().map(|window| window.composition.as_str()));
    let mut by_environment: BTreeMap<EnvironmentId, Vec<&WindowRecord>> = BTreeMap::new();
    for window in windows {
        if let Some(environment) = window.environment {
            by_environment.entry(environment).or_default().push(window);
        }
    }
    let row = |(environment, windows): (&EnvironmentId, &Vec<&WindowRecord>)| {
        let last = &windows[windows.len().saturating_sub(SETTLED_WINDOWS)..];
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for window in last {
            *counts.entry(&window.composition).or_default() += 1;
        }
        let (mode, count) = counts
            .into_iter()
            .max_by_key(|(_, count)| *count)
            .unwrap_or_default();
        let mode = names.get(mode).map_or(mode, String::as_str);
        let (all, last) = (windows.len(), last.len());
        let text = format!("{environment}: {all} windows; in {count} of the last {last}: {mode}");
        (chart::band(environment.0 as usize), plain(&text, 160))
    };
    let mut rows: Vec<_> = by_environment
        .iter()
        .take(LEGEND_ROWS_MOST)
        .map(row)
        .collect();
    if by_environment.len() > rows.len() {
        rows.push((
            WHITE,
            format!(
                "and {} more environments",
                by_environment.len() - rows.len()
            ),
        ));
    }
    rows
}

fn draw_legend(area: &Area<'_>, rows: &[(RGBColor, String)]) -> Result<(), ChartError> {
    let font = || ("sans-serif", 12).into_font().color(&INK);
    let change = "tick: another composition became active".to_owned();
    for (index, (colour, text)) in rows.iter().chain([&(CHANGE, change)]).enumerate() {
        let y = LEGEND_ROW as i32 * index as i32;
        // The mark of a change is a tick, those of environments are boxes.
        let right = if index == rows.len() { 26 } else { 44 };
        let swatch = Rectangle::new([(24, y + 2), (right, y + 14)], colour.filled());
        drawn(area.draw(&swatch))?;
        drawn(area.draw(&Text::new(text.as_str(), (52, y + 2), font())))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::perception::MetricSummary;
    use em_learning::Aggregate;

    fn run() -> Vec<WindowRecord> {
        let window = |number: u64| {
            let environment = if number <= 30 { 0 } else { 1 };
            let composition = if number % 10 == 3 {
                "{main, slow}"
            } else {
                "{main, quick}"
            };
            let ms = if number == 20 {
                500.0
            } else {
                2.0 + (number % 5) as f64
            };
            let metric = MetricSummary {
                aggregate: Aggregate::of([ms]),
                ..MetricSummary::default()
            };
            WindowRecord {
                window: number,
                environment: Some(EnvironmentId(environment)),
                composition: composition.to_owned(),
                reward: (!number.is_multiple_of(15)).then(|| 1.0 / ms),
                metrics: BTreeMap::from([("ms".to_owned(), metric)]),
                ..WindowRecord::default()
            }
        };
        (1..=60).map(window).collect()
    }

    fn count(text: &str, part: &str) -> usize {
        text.matches(part).count()
    }

    fn colour(colour: RGBColor) -> String {
        format!("#{:02X}{:02X}{:02X}", colour.0, colour.1, colour.2)
    }

    #[test]
    fn a_report_has_a_band_per_phase_and_a_tick_per_change() {
        let text = svg(&run(), &ReportOptions::default()).unwrap();
        assert!(text.starts_with("<svg") && text.trim_end().ends_with("</svg>"));
        // In each of the two charts and in the legend.
        assert_eq!(count(&text, &colour(chart::band(0))), 3);
        assert_eq!(count(&text, &colour(chart::band(1))), 3);
        // `slow` is active in windows 3, 13, … 53: twelve changes in two charts, and the legend.
        assert_eq!(count(&text, &colour(CHANGE)), 25);
        assert!(
            text.contains("E0: 30 windows; in 27 of the last 30: quick"),
            "{text}"
        );
        assert!(text.contains("mean ms (more at the edge)"));
    }

    #[test]
    fn a_line_is_broken_where_nothing_was_learned() {
        let whole: Vec<WindowRecord> = run()
            .into_iter()
            .map(|window| WindowRecord {
                reward: Some(0.5),
                ..window
            })
            .collect();
        let lines = |windows: &[WindowRecord]| {
            let text = svg(windows, &ReportOptions::default()).unwrap();
            text.lines()
                .filter(|l| l.contains("<polyline") && l.contains(&colour(LINE)))
                .count()
        };
        assert_eq!(lines(&whole), 2);
        // No reward in windows 15, 30, 45 and 60.
        assert_eq!(lines(&run()), 5);
    }

    #[test]
    fn hostile_names_are_escaped() {
        let mut windows = run();
        windows[0].composition = "{main, </text><script>alert(1)</script>\u{0}&}".to_owned();
        windows.truncate(1);
        let options = ReportOptions {
            title: "<b>\"&\u{1b}".to_owned(),
            ..Default::default()
        };
        let text = svg(&windows, &options).unwrap();
        assert!(!text.contains("<script") && !text.contains("<b>"));
        assert!(text.contains("&lt;script&gt;") && text.contains("&lt;b&gt;"));
        assert!(text.chars().all(|c| c == '\n' || !c.is_control()));
    }

    #[test]
    fn records_with_little_in_them_are_drawn() {
        assert!(matches!(
            svg(&[], &ReportOptions::default()),
            Err(ChartError::Empty(_))
        ));
        let bare = WindowRecord {
            window: u64::MAX - 1,
            ..WindowRecord::default()
        };
        let text = svg(std::slice::from_ref(&bare), &ReportOptions::default()).unwrap();
        assert!(text.contains("reward"));
        // Numbers out of order, extreme and negative values, and too many environments.
        let mut windows = run();
        windows.push(WindowRecord {
            window: 3,
            ..WindowRecord::default()
        });
        for (index, window) in windows.iter_mut().enumerate() {
            window.environment = Some(EnvironmentId(index as u32 * 70_000_000));
            if let Some(metric) = window.metrics.get_mut("ms") {
                metric.aggregate = Aggregate::of([[-5.0, f64::MAX, 0.0][index % 3]]);
            }
        }
        let options = ReportOptions {
            width: 0,
            height: 0,
            ..ReportOptions::default()
        };
        let text = svg(&windows, &options).unwrap();
        assert!(text.contains("and 45 more environments"), "{text}");
        assert!(!text.contains("NaN"));
    }
}
