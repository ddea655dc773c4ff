//! A home of its own for each test: a data directory, no environment, the real executable.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

/// A fresh directory with nothing in it.
pub(crate) struct Home {
    directory: tempfile::TempDir,
}

/// What a command ended with.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Home {
    pub(crate) fn new() -> Self {
        Self { directory: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.path("data")
    }

    /// Writes a file and answers its path.
    pub(crate) fn file(&self, name: &str, content: &str) -> String {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dreamkeeper"));
        command
            .env_clear()
            .env("HOME", self.directory.path())
            .env("USER", "tester")
            .env("DREAMKEEPER_DATA", self.data())
            .env("COLUMNS", "88")
            .current_dir(self.directory.path())
            .args(arguments)
            .stdin(Stdio::null());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ended {
        ended(self.command(arguments).output().unwrap())
    }

    /// Runs a command that must succeed and answers its stdout.
    pub(crate) fn ok(&self, arguments: &[&str]) -> String {
        let ended = self.run(arguments);
        assert_eq!(ended.code, 0, "{arguments:?}: {ended:?}");
        ended.stdout
    }

    /// Runs a command with `--json` that must succeed.
    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        let stdout = self.ok(&[arguments, &["--json"]].concat());
        serde_json::from_str(&stdout).unwrap_or_else(|error| panic!("{arguments:?}: {error}: {stdout}"))
    }

    /// Runs a command that must fail, with words of its error and of its help.
    pub(crate) fn refused(&self, arguments: &[&str], code: i32, words: &[&str]) {
        let ended = self.run(arguments);
        assert_eq!(ended.code, code, "{arguments:?}: {ended:?}");
        for word in words {
            assert!(ended.stderr.contains(word), "{arguments:?} lacks `{word}`: {}", ended.stderr);
        }
    }

    /// Starts a server on a free port of loopback and waits until it listens.
    pub(crate) fn serve(&self, arguments: &[&str]) -> Server {
        let mut child = self
            .command(&[&["serve", "--listen", "127.0.0.1:0", "--json"], arguments].concat())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut announced = String::new();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        while !announced.ends_with("}\n") {
            let read = stdout.read_line(&mut announced).unwrap();
            if read == 0 {
                let mut stderr = String::new();
                child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
                panic!("the server did not start: {stderr}");
            }
        }
        let announced: Value = serde_json::from_str(&announced).unwrap();
        let address = announced["url"].as_str().unwrap().trim_start_matches("http://").to_owned();
        Server { child: Some(child), address, announced }
    }
}

pub(crate) fn ended(output: Output) -> Ended {
    Ended {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A server that is killed when the test is done with it.
pub(crate) struct Server {
    child: Option<Child>,
    pub(crate) address: String,
    /// What it said when it was ready.
    pub(crate) announced: Value,
}

impl Server {
    pub(crate) fn pid(&self) -> u32 {
        self.child.as_ref().unwrap().id()
    }

    /// Sends a request as any HTTP client would; answers status and body.
    pub(crate) fn request(&self, method: &str, path: &str, headers: &[&str], body: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let mut request = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\n");
        if !headers.iter().any(|header| header.starts_with("Host:")) {
            request.push_str(&format!("Host: {}\r\n", self.address));
        }
        for header in headers {
            request.push_str(&format!("{header}\r\n"));
        }
        if !body.is_empty() {
            request
                .push_str(&format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len()));
        }
        stream.write_all(format!("{request}\r\n{body}").as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
        let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body).to_owned();
        (status, body)
    }

    /// Ends it as a service manager would, and answers what it ended with.
    pub(crate) fn stop(self) -> Ended {
        self.told_to_stop().ended()
    }

    /// Tells it to end and does not wait for it.
    pub(crate) fn told_to_stop(self) -> Stopping {
        signal("TERM", self.pid());
        Stopping(self)
    }

    /// Ends it as a power cut would.
    pub(crate) fn kill(mut self) {
        let mut child = self.child.take().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
    }
}

/// A server that was told to stop.
pub(crate) struct Stopping(Server);

impl Stopping {
    /// Waits until it takes no more calls, which is when it knows.
    pub(crate) fn knows(&self) {
        while TcpStream::connect(&self.0.address).is_ok() {
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
    }

    /// Waits for it and answers what it ended with.
    pub(crate) fn ended(mut self) -> Ended {
        ended(self.0.child.take().unwrap().wait_with_output().unwrap())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            let _ended = child.kill();
            let _waited = child.wait();
        }
    }
}

fn signal(name: &str, pid: u32) {
    let status = Command::new("kill").args([&format!("-{name}"), &pid.to_string()]).status().unwrap();
    assert!(status.success());
}

/// The demo's transcript in the repository.
pub(crate) fn demo_transcript() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../demo/transcript.jsonl");
    path.to_str().unwrap().to_owned()
}
