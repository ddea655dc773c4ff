//! A server is told to stop while its model is busy: what is in hand is finished, or cut off and learned by the next
//! server. Nothing is lost, nothing is there twice.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Condvar, Mutex};

use serde_json::{Value, json};

use crate::home::{Home, Server};

const USERS: [&str; 6] = ["ana", "ben", "cleo", "dora", "emil", "fay"];

#[test]
fn what_a_busy_model_is_asked_is_finished_before_the_server_ends() {
    let (home, model) = (Home::new(), BusyModel::start());
    let server = model.serve(&home, 60_000);
    say(&server);
    model.asked.recv().unwrap();
    let stopping = server.told_to_stop();
    stopping.knows();
    model.let_go();
    let ended = stopping.ended();
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(!ended.stderr.contains("cut off"), "{ended:?}");
    // The worker may have taken some before others came: those are for the next one.
    assert!(states(&home).iter().any(|state| state == "succeeded"));
    assert!(states(&home).iter().all(|state| state == "succeeded" || state == "pending"));
    let server = model.serve(&home, 60_000);
    assert_learned_once(&home);
    assert_eq!(server.stop().code, 0);
}

#[test]
fn what_a_silent_model_holds_up_is_learned_by_the_next_server() {
    let (home, model) = (Home::new(), BusyModel::start());
    let server = model.serve(&home, 200);
    say(&server);
    model.asked.recv().unwrap();
    let ended = server.stop();
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(ended.stderr.contains("learning was cut off"), "{ended:?}");
    assert!(states(&home).iter().all(|state| state != "succeeded"));
    model.let_go();
    let server = model.serve(&home, 60_000);
    assert_learned_once(&home);
    assert_eq!(server.stop().code, 0);
}

/// Each user says one thing in a session of their own.
fn say(server: &Server) {
    for user in USERS {
        let said = json!({
            "session": {"key": user}, "scope": {"user": user},
            "messages": [{"role": "user", "text": format!("I live near {user}ville")}],
        });
        let (status, body) = server.request("POST", "/dk/v1/messages", &[], &said.to_string());
        assert_eq!(status, 200, "{body}");
    }
}

/// How every event stands.
fn states(home: &Home) -> Vec<String> {
    let events = home.json(&["events", "list"]);
    let events = events["items"].as_array().unwrap();
    assert_eq!(events.len(), USERS.len(), "{events:#?}");
    events.iter().map(|event| event["state"].as_str().unwrap().to_owned()).collect()
}

/// Waits until nothing is left to learn; then every event succeeded, and everybody has one memory.
fn assert_learned_once(home: &Home) {
    while states(home).iter().any(|state| state == "pending" || state == "running") {
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    assert!(states(home).iter().all(|state| state == "succeeded"));
    for user in USERS {
        let memories = home.json(&["list", "--user", user]);
        assert_eq!(memories["items"].as_array().unwrap().len(), 1, "{user}: {memories}");
        assert_eq!(memories["items"][0]["text"], format!("User lives near {user}ville"));
    }
}

/// A model on loopback that answers nobody until it is let go, and then everybody at once.
struct BusyModel {
    url: String,
    /// A word for each call that came.
    asked: Receiver<()>,
    gate: Arc<(Mutex<bool>, Condvar)>,
}

impl BusyModel {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/v1", listener.local_addr().unwrap());
        let (tell, asked) = channel();
        let gate = Arc::new((Mutex::new(false), Condvar::new()));
        let held = gate.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (tell, gate) = (tell.clone(), held.clone());
                // A caller that is gone is nobody's concern.
                std::thread::spawn(move || answer(&stream, &tell, &gate).unwrap_or_default());
            }
        });
        Self { url, asked, gate }
    }

    fn let_go(&self) {
        *self.gate.0.lock().unwrap() = true;
        self.gate.1.notify_all();
    }

    /// A server that learns with it, and has that long to end.
    fn serve(&self, home: &Home, shutdown_ms: u64) -> Server {
        let url = format!("learn.model.url={}", self.url);
        let shutdown = format!("server.shutdown_timeout_ms={shutdown_ms}");
        let settings = ["learn.model.kind=openai", &url, "learn.model.model=busy", &shutdown];
        home.serve(&settings.map(|setting| ["--set", setting]).concat())
    }
}

/// Answers one call with what the last new turn says.
fn answer(stream: &TcpStream, tell: &Sender<()>, gate: &(Mutex<bool>, Condvar)) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let line = line.trim().to_ascii_lowercase();
        if let Some(told) = line.strip_prefix("content-length:") {
            length = told.trim().parse().unwrap();
        }
        if line.is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    // The test may be over.
    let _heard = tell.send(());
    let _open = gate.1.wait_while(gate.0.lock().unwrap(), |open| !*open).unwrap();
    let asked: Value = serde_json::from_slice(&body)?;
    let answer = json!({
        "choices": [{"message": {"role": "assistant", "content": learned(&asked)}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 10, "completion_tokens": 10},
    });
    let answer = answer.to_string();
    let head = format!(
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        answer.len()
    );
    let mut stream = stream;
    stream.write_all(format!("{head}{answer}").as_bytes())
}

fn learned(asked: &Value) -> String {
    let prompt = asked["messages"].as_array().unwrap().last().unwrap()["content"].as_str().unwrap();
    let new = prompt.split("## New turns").nth(1).unwrap();
    let turn = new.lines().find_map(|line| line.split_once(" [")).map(|(name, _)| name).unwrap();
    let said = new.lines().find_map(|line| line.split_once("]: ")).map(|(_, said)| said).unwrap();
    let item = json!({
        "text": said.replacen("I live", "User lives", 1), "kind": "fact",
        "quotes": [{"turn": turn, "quote": said}],
    });
    json!({"items": [item], "forget": [], "summary": ""}).to_string()
}
