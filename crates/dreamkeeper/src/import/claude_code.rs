//! Claude Code's own files: transcripts of sessions, one JSON object a line, and its memory.
//!
//! `~/.claude/projects/<project>/<session>.jsonl` holds the session, with much besides messages; memory is
//! `CLAUDE.md` (the person's) and `projects/<project>/memory/*.md` (the assistant's own notes).

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

use dreamkeeper_api::message::Part;
use dreamkeeper_api::words::{Origin, Role};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::blocks;
use super::found::{Exported, Found, Located, Place};
use super::lines::Lines;
use super::transcript::without_position;

/// Where Claude Code keeps its files unless told.
pub(crate) fn home() -> Option<PathBuf> {
    let told = std::env::var_os("CLAUDE_CONFIG_DIR").filter(|dir| !dir.is_empty()).map(PathBuf::from);
    told.or_else(|| Some(std::env::home_dir()?.join(".claude")))
}

/// The files that were found.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Files {
    /// Transcripts.
    pub(crate) transcripts: Vec<PathBuf>,
    /// Memory, with who wrote it.
    pub(crate) memory: Vec<(PathBuf, Origin)>,
}

/// Looks through a directory: Claude Code's home, its `projects`, one project, or one transcript.
pub(crate) fn find(root: &Path) -> io::Result<Files> {
    let mut files = Files::default();
    if root.is_file() {
        files.transcripts.push(root.to_owned());
        return Ok(files);
    }
    let own = root.join("CLAUDE.md");
    if own.is_file() {
        files.memory.push((own, Origin::User));
    }
    let projects = root.join("projects");
    let mut places = BTreeSet::new();
    walk(if projects.is_dir() { &projects } else { root }, 0, &mut files, &mut places)?;
    for place in places {
        for name in ["CLAUDE.md", "CLAUDE.local.md", ".claude/CLAUDE.md"] {
            let path = place.join(name);
            let known = files.memory.iter().any(|(known, _)| *known == path);
            if path.is_file() && !known {
                files.memory.push((path, Origin::User));
            }
        }
    }
    Ok(files)
}

fn walk(dir: &Path, depth: usize, files: &mut Files, places: &mut BTreeSet<PathBuf>) -> io::Result<()> {
    // Transcripts of subagents stand deeper: they are the assistant talking to itself.
    const DEPTH_MAX: usize = 2;
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(dir)?.filter_map(|entry| Some(entry.ok()?.path())).collect();
    entries.sort();
    for path in entries {
        let is_memory = dir.file_name().is_some_and(|name| name == "memory");
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("md") if is_memory && path.is_file() => files.memory.push((path, Origin::Assistant)),
            Some("jsonl") if path.is_file() => {
                places.extend(working_directory(&path));
                files.transcripts.push(path);
            }
            Some(_) | None if path.is_dir() && depth < DEPTH_MAX && !path.is_symlink() => {
                let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
                if !matches!(name, "subagents" | "tool-results") {
                    walk(&path, depth + 1, files, places)?;
                }
            }
            Some(_) | None => {}
        }
    }
    Ok(())
}

/// The directory a session worked in, as one of its first lines tells.
fn working_directory(transcript: &Path) -> Option<PathBuf> {
    let lines = Lines::new(BufReader::new(File::open(transcript).ok()?), "");
    lines.take(20).find_map(|line| {
        let value: Value = serde_json::from_str(&line.ok()?.1.ok()?).ok()?;
        Some(PathBuf::from(value["cwd"].as_str()?))
    })
}

/// Everything in one transcript. `project` is the name of the directory it stands in.
pub(crate) fn read<R: BufRead>(
    reader: R,
    file: &str,
    project: &str,
) -> impl Iterator<Item = io::Result<Located>> + use<R> {
    let labels: Vec<String> = if project.is_empty() {
        vec!["claude-code".to_owned()]
    } else {
        vec!["claude-code".to_owned(), label(project)]
    };
    let mut tools = std::collections::HashMap::new();
    Lines::new(reader, file).flat_map(move |line| match line {
        Err(error) => vec![Err(error)],
        Ok((_, Ok(line))) if line.trim().is_empty() => Vec::new(),
        Ok((place, line)) => {
            let found = line.and_then(|line| {
                serde_json::from_str::<Line>(&line).map_err(|error| without_position(&error))
            });
            let found = found.map_or_else(|why| vec![Found::Bad(why)], |line| line.read(&labels, &mut tools));
            found.into_iter().map(|found| Ok::<(Place, Found), io::Error>((place.clone(), found))).collect()
        }
    })
}

/// `project:my-app` of `-home-ana-my-app`; a label has a bound.
fn label(project: &str) -> String {
    format!("project:{}", project.trim_matches('-').chars().take(120).collect::<String>())
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Line {
    #[serde(rename = "type", default)]
    kind: String,
    uuid: Option<String>,
    session_id: Option<String>,
    timestamp: Option<Timestamp>,
    #[serde(default)]
    is_sidechain: bool,
    #[serde(default)]
    is_meta: bool,
    #[serde(default)]
    is_compact_summary: bool,
    message: Option<Message>,
}

#[derive(Deserialize)]
struct Message {
    #[serde(default)]
    content: Value,
}

impl Line {
    fn read(self, labels: &[String], tools: &mut std::collections::HashMap<String, String>) -> Vec<Found> {
        let role = match self.kind.as_str() {
            "user" => Role::User,
            "assistant" => Role::Assistant,
            _ => return vec![Found::Skipped("lines that are no messages (summaries, snapshots, events)")],
        };
        if self.is_sidechain {
            return vec![Found::Skipped("turns of subagents")];
        }
        if self.is_meta || self.is_compact_summary {
            return vec![Found::Skipped("turns that the tool wrote for itself")];
        }
        let (Some(uuid), Some(session), Some(at), Some(message)) =
            (self.uuid, self.session_id, self.timestamp, self.message)
        else {
            return vec![Found::Bad("a message has no uuid, session, time or content".to_owned())];
        };
        let exported = |suffix: &str, role: Role, origin: Option<Origin>, parts: Vec<Part>| {
            let (session, id) = (format!("claude-code:{session}"), format!("{uuid}{suffix}"));
            Found::from(Exported { session, id, role, origin, parts, at, labels: labels.to_vec() })
        };
        let blocks = match message.content {
            Value::String(text)
                if text.trim_start().starts_with("<command-") || text.starts_with("<local-command") =>
            {
                return vec![Found::Skipped("slash commands and their output")];
            }
            Value::String(text) if text.trim().is_empty() => blocks::Blocks::default(),
            Value::String(text) => blocks::Blocks { said: vec![Part::Text { text }], results: Vec::new() },
            Value::Array(blocks) => blocks::read(&blocks),
            _ => blocks::Blocks::default(),
        };
        for part in &blocks.said {
            if let Part::ToolCall { id, name, .. } = part {
                tools.insert(id.clone(), name.clone());
            }
        }
        let mut found = Vec::new();
        if !blocks.said.is_empty() {
            found.push(exported("", role, None, blocks.said));
        }
        for (place, result) in blocks.results.into_iter().enumerate() {
            let call = match &result.part {
                Part::ToolResult { call, .. } => tools.remove(call),
                Part::Text { .. } | Part::ToolCall { .. } | Part::Image { .. } => None,
            };
            let web = blocks::is_web(call.as_deref().unwrap_or(&result.tool));
            let origin = web.then_some(Origin::External);
            found.push(exported(&format!("/result-{place}"), Role::Tool, origin, vec![result.part]));
        }
        if found.is_empty() {
            found.push(Found::Skipped("messages without text (thinking, pictures)"));
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRANSCRIPT: &str = r#"{"type":"summary","summary":"x","leafUuid":"y"}
{"type":"user","uuid":"u1","sessionId":"s","timestamp":"2026-01-02T03:04:05.678Z","cwd":"/home/ana/app","message":{"role":"user","content":"Why does it fail?"}}
{"type":"assistant","uuid":"u2","sessionId":"s","timestamp":"2026-01-02T03:04:06Z","message":{"role":"assistant","content":[{"type":"thinking","thinking":"hm"},{"type":"tool_use","id":"t1","name":"WebFetch","input":{"url":"https://a.example"}}]}}
{"type":"user","uuid":"u3","sessionId":"s","timestamp":"2026-01-02T03:04:07Z","message":{"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":"a page"}]}}
{"type":"user","uuid":"u4","sessionId":"s","isMeta":true,"timestamp":"2026-01-02T03:04:08Z","message":{"role":"user","content":"Caveat"}}
{"type":"assistant","uuid":"u5","sessionId":"s","isSidechain":true,"timestamp":"2026-01-02T03:04:08Z","message":{"role":"assistant","content":[]}}
not json
"#;

    #[test]
    fn only_what_people_model_and_tools_said_is_read() {
        let found: Vec<Found> =
            read(TRANSCRIPT.as_bytes(), "f", "-home-ana-app").map(|one| one.unwrap().1).collect();
        let turns: Vec<(String, Role, Option<Origin>)> = found
            .iter()
            .filter_map(|found| match found {
                Found::Turn(turn) => {
                    Some((turn.message.id.clone().unwrap(), turn.message.role, turn.message.origin))
                }
                _ => None,
            })
            .collect();
        let expected = [
            ("u1".to_owned(), Role::User, None),
            ("u2".to_owned(), Role::Assistant, None),
            ("u3/result-0".to_owned(), Role::Tool, Some(Origin::External)),
        ];
        assert_eq!(turns, expected);
        assert_eq!(found.iter().filter(|found| matches!(found, Found::Skipped(_))).count(), 3);
        assert!(matches!(found.last(), Some(Found::Bad(_))));
    }
}
