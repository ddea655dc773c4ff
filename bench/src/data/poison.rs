//! Poisoned and benign texts of seven public collections, told apart by the shape of their files: whatever split
//! lies below a folder is read, and a file of no known form is left out.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

/// One text with its label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Item {
    /// The collection.
    pub(crate) set: &'static str,
    /// The text.
    pub(crate) text: String,
    /// A question that the collection itself asks about it.
    pub(crate) question: Option<String>,
    /// Whether somebody attacks with it.
    pub(crate) is_poisoned: bool,
}

/// Reads every file of a known form below a folder, in the order of their names.
pub(crate) fn read(folder: &Path) -> Result<Vec<Item>> {
    let mut files = Vec::new();
    list(folder, &mut files)?;
    files.sort();
    let mut items = Vec::new();
    for file in &files {
        let text = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
        let name = file.file_name().unwrap_or_default().to_string_lossy().to_string();
        items.extend(read_file(&name, &text));
    }
    items.retain(|item| item.text.chars().any(char::is_alphanumeric));
    ensure!(!items.is_empty(), "{} holds no file of a known form", folder.display());
    Ok(items)
}

fn list(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            list(&path, files)?;
        } else if path
            .extension()
            .is_some_and(|kind| ["json", "jsonl", "yaml"].iter().any(|known| kind == *known))
        {
            files.push(path);
        }
    }
    Ok(())
}

fn read_file(name: &str, text: &str) -> Vec<Item> {
    if name.ends_with(".yaml") {
        return carriers(text);
    }
    if name.ends_with(".jsonl") {
        let lines = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        return lines.filter_map(|line| of_line(&line)).collect();
    }
    serde_json::from_str(text).map(|whole: Value| of_whole(name, &whole)).unwrap_or_default()
}

fn item(set: &'static str, text: &Value, question: Option<&Value>, is_poisoned: bool) -> Option<Item> {
    let question = question.and_then(Value::as_str).map(str::to_owned);
    Some(Item { set, text: text.as_str()?.to_owned(), question, is_poisoned })
}

/// memshield-bench has `content`, bastioncorpus `text` and `tactic`, BIPIA's mails `context`.
fn of_line(line: &Value) -> Option<Item> {
    match line["label"].as_str() {
        Some(label) if line["content"].is_string() => {
            item("memshield-bench", &line["content"], None, label == "poisoned")
        }
        Some(label) => item("bastioncorpus", &line["text"], None, label == "malicious"),
        None => item("bipia-mail", &line["context"], None, false),
    }
}

fn of_whole(name: &str, whole: &Value) -> Vec<Item> {
    if let Some(list) = whole.as_array() {
        return list.iter().filter_map(|entry| item("notinject", &entry["prompt"], None, false)).collect();
    }
    let Some(object) = whole.as_object() else { return Vec::new() };
    if whole["benign_experiences"].is_array() {
        let lists = [("benign_experiences", false), ("poisoned_experiences", true)];
        let experiences = lists.into_iter().flat_map(|(list, is_poisoned)| {
            whole[list].as_array().into_iter().flatten().map(move |entry| (entry, is_poisoned))
        });
        let told = |(entry, is_poisoned): (&Value, bool)| {
            let text = format!("{}\n{}", entry["req"].as_str()?, entry["resp"].as_str()?);
            item("memorygraft", &text.into(), Some(&entry["req"]), is_poisoned)
        };
        return experiences.filter_map(told).collect();
    }
    if name.contains("_attack_") {
        let attacks = object.values().filter_map(Value::as_array).flatten();
        return attacks.filter_map(|attack| item("bipia", attack, None, true)).collect();
    }
    let passages = object.values().flat_map(|entry| {
        let texts = entry["adv_texts"].as_array().into_iter().flatten();
        texts.map(move |text| item("poisonedrag", text, Some(&entry["question"]), true))
    });
    passages.flatten().collect()
}

/// AgentDojo's vectors: what stands in each place until somebody attacks through it.
fn carriers(text: &str) -> Vec<Item> {
    let quoted = text.lines().filter_map(|line| line.trim().strip_prefix("default:"));
    let texts = quoted.filter_map(|value| serde_json::from_str::<String>(value.trim()).ok());
    texts
        .map(|text| Item {
            set: "agentdojo",
            text: text.replace("\\n", "\n").replace("\\t", "\t"),
            question: None,
            is_poisoned: false,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_is_known_by_its_shape() {
        let cases = [
            ("train.jsonl", r#"{"content":"a","label":"poisoned"}"#, "memshield-bench", true),
            ("x.jsonl", r#"{"text":"a","label":"benign","tactic":"none"}"#, "bastioncorpus", false),
            ("email_test.jsonl", r#"{"context":"a","question":"q"}"#, "bipia-mail", false),
            ("text_attack_test.json", r#"{"Kind":["a"]}"#, "bipia", true),
            (
                "s.json",
                r#"{"benign_experiences":[],"poisoned_experiences":[{"req":"a","resp":"b"}]}"#,
                "memorygraft",
                true,
            ),
            ("hotpotqa.json", r#"{"1":{"question":"q","adv_texts":["a"]}}"#, "poisonedrag", true),
            ("NotInject_three.json", r#"[{"prompt":"a"}]"#, "notinject", false),
            ("bank.yaml", "x:\n  description: \"b\"\n  default: \"a\"\n", "agentdojo", false),
        ];
        for (name, text, set, is_poisoned) in cases {
            let items = read_file(name, text);
            assert_eq!(items.len(), 1, "{name}");
            assert_eq!((items[0].set, items[0].is_poisoned), (set, is_poisoned), "{name}");
        }
        assert!(read_file("other.json", r#"{"version":1}"#).is_empty());
    }
}
