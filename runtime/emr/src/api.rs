//! The API of a run: its state, its compositions, its events as they happen, and control.
//!
//! It is for programs on this machine. A browser is kept from reading it for a foreign page by the
//! `Host` and `Origin` checks; what changes the run needs the token that is printed at the start.
//!
//! | request | answer |
//! | --- | --- |
//! | `GET /api/state` | the board: composition, environment, last window, actions, changes |
//! | `GET /api/compositions?offset=0&limit=100` | ids with their short forms, and their number |
//! | `GET /api/actions` | how the best actions stand in the present environment |
//! | `GET /api/swaps` | the last changes, with what has become of their objects |
//! | `GET /metrics` | counters and gauges for Prometheus |
//! | `GET /events` | server-sent events, one JSON object each |
//! | `POST /api/control` | does what [`Control`] says; `Authorization: Bearer TOKEN` |
//! | `POST /api/update` | puts the image in its body in the place of the component of its name |

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, JsonRejection};
use axum::extract::{DefaultBodyLimit, Query, Request as HttpRequest, State as Shared};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::sse::{self, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use em_adaptation::composition::short_hash;
use em_adaptation::constraints::{Rule, RuleKind};
use em_adaptation::control_loop::ACTIONS_MOST;
use em_adaptation::event::Event;
use em_adaptation::repository::{Current, Known};
use em_adaptation::session::{Command, Request, SharedBoard, count_text};
use em_adaptation::space::Space;
use em_diagnostics::{Diagnostic, codes};
use em_ir::image;
use em_ir::limits::IMAGE_BYTES;
use futures_util::stream::{Stream, unfold};
use rand::TryRng;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::{broadcast, mpsc, oneshot};

use crate::output::{Outcome, say};

/// Where the API is unless told otherwise.
pub(crate) const ADDRESS: &str = "127.0.0.1:7333";

/// Bytes of a request's body.
const BODY_MOST: usize = 256 << 10;
/// Compositions in one answer.
const PAGE_MOST: u128 = 10_000;

/// What may be asked of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "request", rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) enum Control {
    /// Change to a composition, by its id or its short hash, and pause learning.
    Adapt { id: String },
    /// Allow only this variant: `SITE=VARIANT`.
    Pin { rule: String },
    /// Never choose this variant: `SITE=VARIANT`.
    Forbid { rule: String },
    /// Take pins of `SITE` or `SITE=VARIANT` away.
    Unpin { rule: String },
    /// Take bans of `SITE` or `SITE=VARIANT` away.
    Allow { rule: String },
    /// Pause learning.
    Pause,
    /// Go on learning.
    Resume,
    /// End the run.
    Stop,
}

/// What the handlers know.
#[derive(Clone)]
pub(crate) struct State {
    board: SharedBoard,
    events: broadcast::Sender<Event>,
    commands: mpsc::Sender<Command>,
    space: Current<Space>,
    token: Arc<str>,
    address: SocketAddr,
}

impl State {
    pub(crate) fn new(
        board: SharedBoard,
        events: broadcast::Sender<Event>,
        commands: mpsc::Sender<Command>,
        space: Current<Space>,
    ) -> Self {
        let address = SocketAddr::from(([127, 0, 0, 1], 0));
        Self {
            board,
            events,
            commands,
            space,
            token: token().into(),
            address,
        }
    }
}

/// A fresh secret of 128 bits.
fn token() -> String {
    let mut bytes = [0u8; 16];
    rand::rngs::SysRng
        .try_fill_bytes(&mut bytes)
        .expect("the system has random numbers");
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Listens for the API.
pub(crate) async fn bind(address: SocketAddr) -> Outcome<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| {
        let (code, message) = if error.kind() == std::io::ErrorKind::AddrInUse {
            (
                &codes::PORT_IN_USE,
                format!("the API's address {address} is in use"),
            )
        } else {
            (
                &codes::PORT_IN_USE,
                format!("the API can't listen on {address}: {error}"),
            )
        };
        Diagnostic::error(code, message)
            .help("choose another with `--api ADDR`")
            .into()
    })
}

/// Serves the API until the process ends, and says how to reach it.
pub(crate) fn serve(listener: TcpListener, mut state: State) {
    if let Ok(address) = listener.local_addr() {
        state.address = address;
    }
    let State { address, token, .. } = &state;
    say(&format!("API at http://{address}/api/state, token {token}"));
    say(&format!("  emr ctl --api {address} --token {token} status"));
    let app = router(state);
    tokio::task::spawn(async move {
        if let Err(error) = axum::serve(listener, app).await {
            tracing::warn!("the API has ended: {error}");
        }
    });
}

fn router(state: State) -> Router {
    Router::new()
        .route("/api/state", get(board))
        .route("/api/compositions", get(compositions))
        .route("/api/actions", get(actions))
        .route("/api/control", post(control))
        .route("/api/swaps", get(swaps))
        .route("/metrics", get(metrics))
        .route("/events", get(events))
        .layer(DefaultBodyLimit::max(BODY_MOST))
        .merge(Router::new().route(
            "/api/update",
            post(update).layer(DefaultBodyLimit::max(IMAGE_BYTES)),
        ))
        .layer(from_fn_with_state(state.clone(), local_only))
        .with_state(state)
}

fn refuse(status: StatusCode, message: impl Into<String>) -> Response {
    (status, Json(json!({ "error": message.into() }))).into_response()
}

async fn local_only(Shared(state): Shared<State>, request: HttpRequest, next: Next) -> Response {
    match foreign(request.headers(), state.address) {
        Some(message) => refuse(StatusCode::FORBIDDEN, message),
        None => next.run(request).await,
    }
}

/// Whether a browser makes the request for a page from elsewhere, also under a name that was made
/// to lead here.
fn foreign(headers: &HeaderMap, address: SocketAddr) -> Option<&'static str> {
    let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or(""));
    if !text(header::HOST).is_some_and(|host| is_ours(host, address)) {
        return Some("the Host is not this machine's");
    }
    let origin = text(header::ORIGIN)?;
    let ours = origin
        .strip_prefix("http://")
        .is_some_and(|host| is_ours(host, address));
    (!ours).then_some("the Origin is not this machine's")
}

/// Whether a `Host` names the address that the API was told to listen on.
fn is_ours(host: &str, address: SocketAddr) -> bool {
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) if !port.ends_with(']') => (name, port.parse().ok()),
        _ => (host, Some(80)),
    };
    let name = name.trim_start_matches('[').trim_end_matches(']');
    let known = match name.parse::<IpAddr>() {
        Ok(ip) => ip == address.ip() || ip.is_loopback() || address.ip().is_unspecified(),
        Err(_) => name.eq_ignore_ascii_case("localhost"),
    };
    known && port == Some(address.port())
}

async fn board(Shared(state): Shared<State>) -> Response {
    Json(state.board.lock().clone()).into_response()
}

async fn swaps(Shared(state): Shared<State>) -> Response {
    Json(state.board.lock().changes.clone()).into_response()
}

async fn metrics(Shared(state): Shared<State>) -> Response {
    let text = crate::metrics::text(&state.board.lock());
    ([(header::CONTENT_TYPE, crate::metrics::CONTENT_TYPE)], text).into_response()
}

async fn actions(Shared(state): Shared<State>) -> Response {
    Json(state.board.lock().actions.clone()).into_response()
}

#[derive(Deserialize)]
struct Page {
    #[serde(default)]
    offset: u64,
    #[serde(default)]
    limit: Option<u64>,
}

async fn compositions(Shared(state): Shared<State>, Query(page): Query<Page>) -> Response {
    let first = u128::from(page.offset);
    let limit = u128::from(page.limit.unwrap_or(100)).min(PAGE_MOST);
    let space = state.space.get();
    let last = first.saturating_add(limit).min(space.count());
    let listed = (first..last).filter_map(|number| space.composition(number));
    let describe = |composition: em_adaptation::composition::Composition| {
        let id = composition.id();
        json!({ "hash": short_hash(&id), "summary": composition.summary(), "id": id })
    };
    let compositions: Vec<Value> = listed.map(describe).collect();
    let count = count_text(space.count());
    Json(json!({ "count": count, "compositions": compositions })).into_response()
}

async fn events(
    Shared(state): Shared<State>,
) -> Sse<impl Stream<Item = Result<sse::Event, axum::Error>>> {
    let stream = unfold(state.events.subscribe(), |mut receiver| async move {
        loop {
            match receiver.recv().await {
                Ok(event) => {
                    let event = sse::Event::default().json_data(event);
                    return Some((event, receiver));
                }
                Err(broadcast::error::RecvError::Lagged(_)) => {}
                Err(broadcast::error::RecvError::Closed) => return None,
            }
        }
    });
    Sse::new(stream).keep_alive(KeepAlive::default())
}

async fn control(
    Shared(state): Shared<State>,
    headers: HeaderMap,
    body: Result<Json<Control>, JsonRejection>,
) -> Response {
    if let Some(refusal) = stranger(&headers, &state) {
        return refusal;
    }
    let control = match body {
        Ok(Json(control)) => control,
        Err(rejection) => return refuse(StatusCode::BAD_REQUEST, rejection.body_text()),
    };
    let request = match request(control, &state.space.get()) {
        Ok(request) => request,
        Err(message) => return refuse(StatusCode::BAD_REQUEST, message),
    };
    ask(&state, request).await
}

/// What is said to those who have not the token.
fn stranger(headers: &HeaderMap, state: &State) -> Option<Response> {
    let given = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    let given = given
        .and_then(|value| value.strip_prefix("Bearer "))
        .unwrap_or("");
    (!same_secret(given, &state.token)).then(|| {
        let message = "the token is not the one printed at the start";
        refuse(StatusCode::UNAUTHORIZED, message)
    })
}

async fn update(
    Shared(state): Shared<State>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    if let Some(refusal) = stranger(&headers, &state) {
        return refusal;
    }
    let image = match body {
        Ok(image) => image,
        Err(rejection) => return refuse(StatusCode::BAD_REQUEST, rejection.body_text()),
    };
    // Decoding and verifying take time: not on the thread that serves.
    let known = tokio::task::spawn_blocking(move || known(&image)).await;
    match known {
        Ok(Ok(known)) => ask(&state, Request::Update(Box::new(known))).await,
        Ok(Err(reason)) => refuse(StatusCode::BAD_REQUEST, reason),
        Err(_) => refuse(StatusCode::INTERNAL_SERVER_ERROR, "the image can't be read"),
    }
}

/// The component in an image, which is verified as it is decoded.
fn known(image: &[u8]) -> Result<Known, String> {
    let component = image::decode(image).map_err(|error| error.to_string())?;
    let path = component.source.path.clone().into();
    Ok(Known {
        component: Arc::new(component),
        hash: image::content_hash(image),
        path,
    })
}

/// Has the run do something, and gives its answer.
async fn ask(state: &State, request: Request) -> Response {
    let (reply, answer) = oneshot::channel();
    let command = Command {
        request,
        reply: Some(reply),
    };
    let sent = state.commands.send(command).await.is_ok();
    match answer.await {
        Ok(Ok(text)) if sent => Json(json!({ "done": text })).into_response(),
        Ok(Err(message)) => refuse(StatusCode::CONFLICT, message),
        _ => refuse(StatusCode::GONE, "the run has ended"),
    }
}

/// Compares in a time that does not tell how much is the same.
fn same_secret(a: &str, b: &str) -> bool {
    let differs = a
        .bytes()
        .zip(b.bytes())
        .fold(0, |differs, (a, b)| differs | (a ^ b));
    a.len() == b.len() && differs == 0
}

fn request(control: Control, space: &Space) -> Result<Request, String> {
    let rule = |kind, text: &str| {
        Rule::parse(kind, text).ok_or_else(|| format!("`{text}` is not SITE=VARIANT"))
    };
    let release = |kind, text: &str| match text.split_once('=') {
        Some((site, variant)) => Request::Release(
            kind,
            site.trim().to_owned(),
            Some(variant.trim().to_owned()),
        ),
        None => Request::Release(kind, text.trim().to_owned(), None),
    };
    Ok(match control {
        Control::Adapt { id } => Request::Adapt(whole_id(&id, space)),
        Control::Pin { rule: text } => Request::Constrain(rule(RuleKind::Pin, &text)?),
        Control::Forbid { rule: text } => Request::Constrain(rule(RuleKind::Forbid, &text)?),
        Control::Unpin { rule } => release(RuleKind::Pin, &rule),
        Control::Allow { rule } => release(RuleKind::Forbid, &rule),
        Control::Pause => Request::Pause,
        Control::Resume => Request::Resume,
        Control::Stop => Request::Stop,
    })
}

/// The id that a short hash stands for; what is none stays as it is.
fn whole_id(text: &str, space: &Space) -> String {
    if text.trim_start().starts_with('{') {
        return text.to_owned();
    }
    let ids = space
        .compositions()
        .take(ACTIONS_MOST)
        .map(|composition| composition.id());
    ids.into_iter()
        .find(|id| short_hash(id) == text)
        .unwrap_or_else(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_this_machine_are_ours() {
        let local = SocketAddr::from(([127, 0, 0, 1], 7333));
        for host in [
            "127.0.0.1:7333",
            "localhost:7333",
            "LOCALHOST:7333",
            "[::1]:7333",
        ] {
            assert!(is_ours(host, local), "{host}");
        }
        for host in [
            "",
            "evil.example:7333",
            "127.0.0.1",
            "127.0.0.1:80",
            "10.0.0.1:7333",
            ":7333",
        ] {
            assert!(!is_ours(host, local), "{host}");
        }
        let open = SocketAddr::from(([0, 0, 0, 0], 7333));
        assert!(is_ours("192.168.1.2:7333", open));
        assert!(!is_ours("rebound.example:7333", open));
    }

    #[test]
    fn secrets_are_compared_whole() {
        assert!(same_secret("abc", "abc"));
        for wrong in ["", "ab", "abcd", "abd"] {
            assert!(!same_secret(wrong, "abc"));
        }
        assert_eq!(token().len(), 32);
        assert_ne!(token(), token());
    }

    #[test]
    fn controls_are_read_strictly() {
        let read = |text: &str| serde_json::from_str::<Control>(text);
        let pin = read(r#"{"request": "pin", "rule": "Cache=lru"}"#).unwrap();
        assert_eq!(
            pin,
            Control::Pin {
                rule: "Cache=lru".to_owned()
            }
        );
        assert!(read(r#"{"request": "pause"}"#).is_ok());
        for wrong in ["{}", r#"{"request": "x"}"#, r#"{"request": "adapt"}"#, "3"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
