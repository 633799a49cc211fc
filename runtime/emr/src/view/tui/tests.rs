//! What the terminal view draws.

use super::*;
use em_adaptation::event::{Assembled, Change, EnvironmentNote, WindowNote};
use em_adaptation::record::{SwapRecord, WindowRecord};
use em_adaptation::space::SiteInfo;
use em_learning::policy::ActionRow;
use em_learning::{ActionId, EnvironmentId};
use ratatui::backend::TestBackend;

fn note(number: u64, reward: f64) -> WindowNote {
    WindowNote {
        record: WindowRecord {
            window: number,
            environment: Some(EnvironmentId(1)),
            composition: "{main, cache.Cache.lru}".to_owned(),
            reward: Some(reward),
            ..WindowRecord::default()
        },
        metric: Some(("response_time_us".to_owned(), 812.5)),
        ..WindowNote::default()
    }
}

fn screen() -> Screen {
    let site = SiteInfo {
        site: "http.Get:cache.Cache".to_owned(),
        interface: "cache.Cache".to_owned(),
        options: vec!["cache.Cache.lru".to_owned(), "cache.Cache.none".to_owned()],
    };
    let action = |id: &str, mean: f64, pulls: u64| ActionNote {
        row: ActionRow {
            mean: Some(mean),
            bonus: Some(0.01),
            pulls,
            ..ActionRow::untried(&ActionId::new(id))
        },
        summary: id.trim_matches(['{', '}']).replace("main, cache.", ""),
    };
    let mut screen = Screen {
        board: Board {
            assembled: Assembled {
                program: "main.em".to_owned(),
                compositions: "2".to_owned(),
                sites: vec![site],
                policy: Some("ucb-paper".to_owned()),
                window_ms: 400,
                ..Assembled::default()
            },
            composition: "{main, cache.Cache.lru}".to_owned(),
            summary: "Cache.lru".to_owned(),
            phase: Some("text".to_owned()),
            last: Some(note(12, 0.9)),
            environments: (0..2)
                .map(|id| EnvironmentNote {
                    id: EnvironmentId(id),
                    values: format!("request_text 0.{id}0"),
                    windows: 6,
                })
                .collect(),
            actions: vec![
                action("{main, cache.Cache.lru}", 0.912, 9),
                action("{main, cache.Cache.none}", 0.405, 3),
            ],
            changed: 4,
            bytes: 2 << 20,
            threads: 17,
            ..Board::default()
        },
        output: vec!["serving www".to_owned()],
        ..Screen::default()
    };
    for number in 1..=12 {
        screen.hear(&Event::Window(Box::new(note(number, 0.08 * number as f64))));
    }
    let swap = SwapRecord {
        from: "cache.Cache.none".to_owned(),
        to: "cache.Cache.lru".to_owned(),
        ..SwapRecord::default()
    };
    screen.hear(&Event::Swapped(Change {
        window: 7,
        swaps: vec![swap],
        ..Change::default()
    }));
    screen
}

fn text(screen: &Screen, width: u16, height: u16) -> String {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    terminal.draw(|frame| draw(frame, screen)).unwrap();
    let buffer = terminal.backend().buffer();
    let row = |y| {
        (0..width)
            .map(|x| buffer[(x, y)].symbol())
            .collect::<String>()
    };
    (0..height)
        .map(|y| row(y).trim_end().to_owned() + "\n")
        .collect()
}

#[test]
fn the_screen_shows_actions_composition_reward_changes_and_environment() {
    assert_eq!(text(&screen(), 96, 26), include_str!("screen.txt"));
}

#[test]
fn any_size_can_be_drawn() {
    for (width, height) in [(1, 1), (3, 40), (40, 5), (300, 100)] {
        assert_eq!(
            text(&screen(), width, height).lines().count(),
            usize::from(height)
        );
        assert!(!text(&Screen::default(), width, height).is_empty());
    }
}

#[test]
fn the_screen_ends_with_the_run() {
    let mut screen = screen();
    assert!(!screen.ended);
    screen.hear(&Event::Ended {
        how: "it ended".to_owned(),
    });
    assert!(screen.ended);
}
