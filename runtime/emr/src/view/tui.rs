//! The full screen: how the actions stand, the active composition, the reward, the changes, the
//! environment, and what programs print.
//!
//! [`Screen`] has what is shown and [`draw`] shows it; both know no terminal, so a test compares
//! the text. Keys: `q` or Ctrl-C ends the run, `p` pauses learning and resumes it.

use std::collections::VecDeque;
use std::io::{Stderr, stderr};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use em_adaptation::event::{ActionNote, Board, Event};
use em_adaptation::session::{Command, Request, SharedBoard};
use ratatui::Frame;
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use ratatui::crossterm::event::{self, Event as Input, KeyCode, KeyEventKind, KeyModifiers};
use ratatui::crossterm::{execute, terminal};
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Cell, Paragraph, Row, Sparkline, Table};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::TryRecvError;
use tokio::sync::mpsc::Sender;

use super::output_log::OutputLog;
use super::{ON_SCREEN, plain};

/// Time between two looks at keys and news.
const FRAME: Duration = Duration::from_millis(100);
/// Rewards that are kept to be drawn; no screen is wider.
const REWARDS_MOST: usize = 500;
/// Changes and notes that are kept.
const NEWS_MOST: usize = 100;

/// What is shown.
#[derive(Default)]
pub(crate) struct Screen {
    board: Board,
    /// Rewards of the last windows in thousandths; none where nothing was learned.
    rewards: VecDeque<Option<u64>>,
    news: VecDeque<String>,
    output: Vec<String>,
    ended: bool,
}

impl Screen {
    fn hear(&mut self, event: &Event) {
        match event {
            Event::Window(note) => {
                if self.rewards.len() >= REWARDS_MOST {
                    self.rewards.pop_front();
                }
                let thousandths = |reward: f64| (reward.clamp(0.0, 1.0) * 1_000.0) as u64;
                self.rewards.push_back(note.record.reward.map(thousandths));
            }
            Event::Swapped(change) => self.news(plain::change(change)),
            Event::Ended { .. } => self.ended = true,
            other => {
                if let Some(line) = plain::line(other) {
                    self.news(line.trim_end().to_owned());
                }
            }
        }
    }

    fn news(&mut self, line: String) {
        if self.news.len() >= NEWS_MOST {
            self.news.pop_front();
        }
        self.news.push_back(line);
    }
}

/// Shows a run on the terminal until it has ended.
pub(crate) async fn show(
    mut events: Receiver<Event>,
    board: SharedBoard,
    commands: Sender<Command>,
    log: Arc<OutputLog>,
) {
    let Ok(mut terminal) = enter() else { return };
    let mut screen = Screen::default();
    let mut frames = tokio::time::interval(FRAME);
    frames.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    while !screen.ended {
        frames.tick().await;
        loop {
            match events.try_recv() {
                Ok(event) => screen.hear(&event),
                Err(TryRecvError::Lagged(_)) => {}
                Err(TryRecvError::Empty) => break,
                Err(TryRecvError::Closed) => {
                    screen.ended = true;
                    break;
                }
            }
        }
        screen.board = board.lock().clone();
        screen.output = log.last(usize::from(u8::MAX));
        if terminal.draw(|frame| draw(frame, &screen)).is_err() {
            break;
        }
        for request in keys(screen.board.paused) {
            let _ = commands.try_send(Command {
                request,
                reply: None,
            });
        }
    }
    super::leave_screen();
}

fn enter() -> std::io::Result<Terminal<CrosstermBackend<Stderr>>> {
    terminal::enable_raw_mode()?;
    ON_SCREEN.store(true, Ordering::SeqCst);
    execute!(stderr(), terminal::EnterAlternateScreen)?;
    Terminal::new(CrosstermBackend::new(stderr()))
}

/// Gives the terminal back as it was.
pub(super) fn restore() {
    let _ = execute!(
        stderr(),
        terminal::LeaveAlternateScreen,
        ratatui::crossterm::cursor::Show
    );
    let _ = terminal::disable_raw_mode();
}

/// What the keys ask for that were pressed meanwhile.
fn keys(paused: bool) -> Vec<Request> {
    let mut requests = Vec::new();
    while event::poll(Duration::ZERO).unwrap_or(false) {
        let Ok(Input::Key(key)) = event::read() else {
            continue;
        };
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        match key.code {
            _ if key.kind == KeyEventKind::Release => {}
            KeyCode::Char('q') => requests.push(Request::Stop),
            // In raw mode Ctrl-C is a key; it is to do what it always does.
            KeyCode::Char('c') if control => crate::run::interrupt(),
            KeyCode::Char('p') if paused => requests.push(Request::Resume),
            KeyCode::Char('p') => requests.push(Request::Pause),
            _ => {}
        }
    }
    requests
}

const HEAD: Style = Style::new().fg(Color::Cyan).add_modifier(Modifier::BOLD);
const FAINT: Style = Style::new().fg(Color::DarkGray);
const ACTIVE: Style = Style::new().fg(Color::Yellow).add_modifier(Modifier::BOLD);

/// Draws everything.
pub(crate) fn draw(frame: &mut Frame<'_>, screen: &Screen) {
    let rows = Layout::vertical([
        Constraint::Length(2),
        Constraint::Min(8),
        Constraint::Length(8),
        Constraint::Length(1),
    ]);
    let [head, middle, bottom, foot] = rows.areas(frame.area());
    let [left, right] =
        Layout::horizontal([Constraint::Percentage(58), Constraint::Min(20)]).areas(middle);
    let sites = screen.board.assembled.sites.len() as u16;
    let [reward, sites_area, environment] = Layout::vertical([
        Constraint::Min(4),
        Constraint::Length((sites + 2).clamp(3, 9)),
        Constraint::Length(5),
    ])
    .areas(right);
    let [news, output] =
        Layout::horizontal([Constraint::Percentage(58), Constraint::Min(20)]).areas(bottom);
    draw_head(frame, head, screen);
    draw_actions(frame, left, &screen.board);
    draw_reward(frame, reward, screen);
    draw_composition(frame, sites_area, &screen.board);
    draw_environments(frame, environment, &screen.board);
    draw_lines(frame, news, " changes ", screen.news.iter());
    draw_lines(frame, output, " output ", screen.output.iter());
    let keys = if screen.board.paused {
        "p go on learning"
    } else {
        "p pause learning"
    };
    frame.render_widget(Line::styled(format!(" q end · {keys}"), FAINT), foot);
}

fn draw_head(frame: &mut Frame<'_>, area: Rect, screen: &Screen) {
    let board = &screen.board;
    let assembled = &board.assembled;
    let policy = assembled.policy.as_deref().unwrap_or("nothing learns");
    let first = Line::from(vec![
        Span::styled(format!(" {}", assembled.program), HEAD),
        Span::raw(format!(
            "  {} compositions · {policy} · windows of {} ms",
            assembled.compositions, assembled.window_ms
        )),
    ]);
    let mut second = match &board.last {
        Some(note) => {
            let record = &note.record;
            let environment = record
                .environment
                .map_or("-".to_owned(), |id| id.to_string());
            format!(" window {} · environment {environment}", record.window)
        }
        None => " the first window has not ended yet".to_owned(),
    };
    if let Some(phase) = &board.phase {
        second.push_str(&format!(" · phase {phase}"));
    }
    if board.paused {
        second.push_str(" · paused");
    }
    if let Some((name, mean)) = board.last.as_ref().and_then(|note| note.metric.as_ref()) {
        second.push_str(&format!(" · {name} {mean:.1}"));
    }
    let (changed, kib, threads) = (board.changed, board.bytes / 1024, board.threads);
    second.push_str(&format!(
        " · {changed} changes · {kib} KiB · {threads} threads"
    ));
    frame.render_widget(Paragraph::new(vec![first, Line::raw(second)]), area);
}

fn draw_actions(frame: &mut Frame<'_>, area: Rect, board: &Board) {
    let environment = board.last.as_ref().and_then(|note| note.record.environment);
    let title = match environment {
        Some(environment) => format!(" actions in {environment}, the best first "),
        None => " actions ".to_owned(),
    };
    let number = |value: Option<f64>| value.map_or("-".to_owned(), |value| format!("{value:.3}"));
    let row = |note: &ActionNote| {
        let active = note.row.action.as_str() == board.composition;
        let style = if active { ACTIVE } else { Style::new() };
        let cells = [
            if active {
                "▸".to_owned()
            } else {
                String::new()
            },
            number(note.row.mean),
            number(note.row.bonus),
            note.row.pulls.to_string(),
            variants(&note.summary),
        ];
        Row::new(cells.map(Cell::from)).style(style)
    };
    let widths = [
        Constraint::Length(1),
        Constraint::Length(6),
        Constraint::Length(6),
        Constraint::Length(6),
        Constraint::Min(10),
    ];
    let header = Row::new(["", "mean", "bonus", "tries", "composition"]).style(FAINT);
    let table = Table::new(board.actions.iter().map(row), widths).header(header);
    frame.render_widget(table.block(Block::bordered().title(title)), area);
}

/// The chosen variants alone, for a narrow column: which site has which, the panel beside shows.
fn variants(summary: &str) -> String {
    let last = |name: &str| name.rsplit('.').next().unwrap_or(name).to_owned();
    summary
        .split(" + ")
        .map(last)
        .collect::<Vec<_>>()
        .join(" + ")
}

fn draw_reward(frame: &mut Frame<'_>, area: Rect, screen: &Screen) {
    let last = screen.rewards.iter().rev().find_map(|reward| *reward);
    let title = match last {
        Some(last) => format!(" reward {:.3} ", last as f64 / 1_000.0),
        None => " reward ".to_owned(),
    };
    let width = usize::from(area.width.saturating_sub(2));
    let shown = screen
        .rewards
        .iter()
        .skip(screen.rewards.len().saturating_sub(width));
    let line = Sparkline::default()
        .data(
            shown
                .map(|reward| reward.unwrap_or(0))
                .collect::<Vec<u64>>(),
        )
        .max(1_000)
        .style(Style::new().fg(Color::Green))
        .block(Block::bordered().title(title));
    frame.render_widget(line, area);
}

fn draw_composition(frame: &mut Frame<'_>, area: Rect, board: &Board) {
    let mut chosen: Vec<&str> = board.summary.split(" + ").collect();
    chosen.resize(chosen.len().max(board.assembled.sites.len()), "");
    let lines = chosen
        .iter()
        .map(|name| Line::styled(format!(" {name}"), ACTIVE));
    let title = format!(
        " composition {} ",
        em_adaptation::composition::short_hash(&board.composition)
    );
    let text: Vec<Line<'_>> = lines.collect();
    frame.render_widget(
        Paragraph::new(text).block(Block::bordered().title(title)),
        area,
    );
}

fn draw_environments(frame: &mut Frame<'_>, area: Rect, board: &Board) {
    let current = board.last.as_ref().and_then(|note| note.record.environment);
    let mut known: Vec<_> = board.environments.iter().collect();
    known.sort_by_key(|environment| (Some(environment.id) != current, environment.id));
    let line = |note: &&em_adaptation::event::EnvironmentNote| {
        let style = if Some(note.id) == current {
            ACTIVE
        } else {
            Style::new()
        };
        Line::styled(
            format!(" {} {} · {} windows", note.id, note.values, note.windows),
            style,
        )
    };
    let lines: Vec<Line<'_>> = known.iter().map(line).collect();
    let block = Block::bordered().title(" environments ");
    frame.render_widget(Paragraph::new(lines).block(block), area);
}

fn draw_lines<'a>(
    frame: &mut Frame<'_>,
    area: Rect,
    title: &'static str,
    lines: impl DoubleEndedIterator<Item = &'a String>,
) {
    let room = usize::from(area.height.saturating_sub(2));
    let mut last: Vec<Line<'_>> = lines
        .rev()
        .take(room)
        .map(|l| Line::raw(l.as_str()))
        .collect();
    last.reverse();
    frame.render_widget(
        Paragraph::new(last).block(Block::bordered().title(title)),
        area,
    );
}

#[cfg(test)]
mod tests;
