//! Tables of what models write, and properties of any text.

use proptest::prelude::*;
use serde_json::json;

use super::Repair::*;
use super::*;

fn check(text: &str, expected: Value, repairs: &[Repair]) {
    assert_eq!(repair(text), Ok((expected, repairs.to_vec())), "{text}");
}

fn check_fails(text: &str, says: &str) {
    let error = repair(text).unwrap_err().to_string();
    assert!(error.contains(says), "{text}: {error}");
}

#[test]
fn valid_json_of_any_kind_passes_as_it_is() {
    check(r#" {"a": [1, 2.50, "x"]} "#, json!({"a": [1, 2.5, "x"]}), &[]);
    check("[]", json!([]), &[]);
    check("\"```json {} ```\"", json!("```json {} ```"), &[]);
    check("42", json!(42), &[]);
}

#[test]
fn what_stands_around_it_is_taken_off() {
    let facts = || json!({"facts": ["a"]});
    check("```json\n{\"facts\":[\"a\"]}\n```", facts(), &[StrippedFence]);
    check("~~~\n{\"facts\":[\"a\"]}\n~~~", facts(), &[StrippedFence]);
    check(
        "Sure!\n```\n{\"facts\":[\"a\"]}\n```\nBye.",
        facts(),
        &[StrippedFence, DroppedProseBefore, DroppedProseAfter],
    );
    check("Here: {\"facts\":[\"a\"]}", facts(), &[DroppedProseBefore]);
    check("{\"facts\":[\"a\"]} I hope {this} helps!", facts(), &[DroppedProseAfter]);
    check("I use {braces} and [1]? No: {\"facts\":[\"a\"]}", facts(), &[DroppedProseBefore]);
    check("{\"facts\":[\"a\"]}{\"facts\":[\"b\"]}", facts(), &[DroppedProseAfter]);
}

#[test]
fn reasoning_before_the_answer_is_passed_over() {
    check(
        "<think>maybe {\"facts\":[\"no\"]}?</think>{\"facts\":[]}",
        json!({"facts": []}),
        &[DroppedReasoning],
    );
    check("hm</think>\n\n{\"a\":1}", json!({"a": 1}), &[DroppedReasoning]);
    check("<think>{\"a\":1}</think>", json!({"a": 1}), &[DroppedProseBefore, DroppedProseAfter]);
    // What someone said is no reasoning.
    check("x {\"a\":\"</think>\"}", json!({"a": "</think>"}), &[DroppedProseBefore]);
}

#[test]
fn commas_too_many_or_too_few_are_mended() {
    check("[1,2,]", json!([1, 2]), &[RemovedComma]);
    check("{\"a\":1,}", json!({"a": 1}), &[RemovedComma]);
    check("[,1,,2]", json!([1, 2]), &[RemovedComma]);
    check("[1 2 {\"a\":1 \"b\":2}]", json!([1, 2, {"a": 1, "b": 2}]), &[AddedComma]);
}

#[test]
fn strings_are_mended_without_losing_a_word() {
    check("{\"a\":\"one\ntwo\tthree\"}", json!({"a": "one\ntwo\tthree"}), &[EscapedControl]);
    check(r#"{"a":"C:\Users \d+"}"#, json!({"a": "C:\\Users \\d+"}), &[MendedEscape]);
    check(r#"{"a":"it\'s"}"#, json!({"a": "it's"}), &[MendedEscape]);
    check("[\"\\ud83e\\udd80 \\ud83e!\",]", json!(["🦀 \u{fffd}!"]), &[RemovedComma, MendedEscape]);
    check("{'a': 'say \"hi\"', b: “c”}", json!({"a": "say \"hi\"", "b": "c"}), &[Requoted]);
}

#[test]
fn words_and_comments_of_other_languages_are_read() {
    check("[True, False, None, NaN]", json!([true, false, null, null]), &[Reworded]);
    check("{\"a\": 1, // one\n /* two */ \"b\": 2}", json!({"a": 1, "b": 2}), &[DroppedComment]);
}

#[test]
fn a_truncated_text_keeps_what_is_whole() {
    check(r#"{"facts":["a","b"#, json!({"facts": ["a"]}), &[DroppedUnfinished, ClosedBrackets]);
    check(r#"{"facts":["a","b""#, json!({"facts": ["a", "b"]}), &[ClosedBrackets]);
    check(r#"{"facts":["a"],"mor"#, json!({"facts": ["a"]}), &[DroppedUnfinished, ClosedBrackets]);
    check(r#"{"facts":["a"],"more":"#, json!({"facts": ["a"]}), &[DroppedUnfinished, ClosedBrackets]);
    check(r#"{"facts":["a"],"n":12"#, json!({"facts": ["a"]}), &[DroppedUnfinished, ClosedBrackets]);
    check(
        r#"{"a":{"b":[{"c":1},{"d":"#,
        json!({"a": {"b": [{"c": 1}, {}]}}),
        &[DroppedUnfinished, ClosedBrackets],
    );
    check("```json\n[1, 2", json!([1]), &[StrippedFence, DroppedUnfinished, ClosedBrackets]);
    check("{", json!({}), &[ClosedBrackets]);
}

#[test]
fn what_holds_no_json_is_refused_with_the_place() {
    check_fails("", "no JSON object or array");
    check_fails("I cannot help with that.", "no JSON object or array");
    check_fails("see {braces} here", "at byte 4");
    check_fails("{\"a\": maybe, \"b\": 1}", "cannot be read at byte 6");
    // A fragment of a broken answer is no answer.
    check_fails("{\"a\": maybe, \"facts\": [\"b\"], \"c\": {\"d\": 1}}", "cannot be read at byte 6");
    check_fails(&"[".repeat(JSON_DEPTH_MAX + 1), "deeper than 64");
    check_fails(&"x".repeat(CHAT_ANSWER_BYTES_MAX + 1), "4194305 bytes");
    let just = "[".repeat(JSON_DEPTH_MAX) + "1 ,]";
    assert!(repair(&just).is_ok());
}

/// Any JSON of moderate size, without floats, whose last digits are no matter here.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::btree_map(".{0,6}", inner, 0..5)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

/// Whether `part` is what stands at the beginning of `whole`: the same up to its last element, which is the
/// beginning of the other's or left out.
fn begins(part: &Value, whole: &Value) -> bool {
    match (part, whole) {
        (Value::Array(part), Value::Array(whole)) => {
            let Some((last, before)) = part.split_last() else { return true };
            part.len() <= whole.len()
                && before == &whole[..before.len()]
                && begins(last, &whole[before.len()])
        }
        (Value::Object(part), Value::Object(whole)) => {
            let cut = part.iter().filter(|(name, value)| whole.get(*name) != Some(value)).collect::<Vec<_>>();
            cut.len() <= 1
                && cut.iter().all(|(name, value)| whole.get(*name).is_some_and(|of| begins(value, of)))
        }
        _ => part == whole,
    }
}

/// How many strings, numbers and words a value holds.
fn leaves(value: &Value) -> usize {
    match value {
        Value::Array(items) => items.iter().map(leaves).sum(),
        Value::Object(fields) => fields.values().map(leaves).sum(),
        _ => 1,
    }
}

proptest! {
    #[test]
    fn any_valid_json_passes_unchanged(value in any_json(), pretty: bool) {
        let text = if pretty { format!("{value:#}") } else { value.to_string() };
        prop_assert_eq!(repair(&text), Ok((value, vec![])));
    }

    #[test]
    fn valid_json_among_prose_is_found_unchanged(value in any_json(), prose in "[a-z .,!?\n]{0,40}") {
        prop_assume!(value.is_object() || value.is_array());
        let (found, repairs) = repair(&format!("{prose}\n```json\n{value}\n```\n{prose}")).unwrap();
        prop_assert_eq!(found, value);
        prop_assert!(repairs.contains(&StrippedFence));
        prop_assert_eq!(repairs.contains(&DroppedProseAfter), !prose.trim().is_empty());
    }

    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,200}", raw in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = repair(&text);
        let _ = repair(&String::from_utf8_lossy(&raw));
    }

    #[test]
    fn no_text_of_jsons_signs_makes_it_panic(text in "[\\[\\]{}:,\"'\\\\u0-9dDtrue/* \n`-]{0,80}") {
        let _ = repair(&text);
    }

    /// Cut anywhere, all that was whole is there, nothing is invented, and the cut is told.
    #[test]
    fn every_prefix_keeps_its_whole_elements(value in any_json()) {
        prop_assume!(value.is_object() || value.is_array());
        let text = value.to_string();
        let mut before = 0;
        for end in (1..text.len()).filter(|end| text.is_char_boundary(*end)) {
            let (found, repairs) = repair(&text[..end]).unwrap();
            prop_assert!(begins(&found, &value), "{} gave {}", &text[..end], found);
            prop_assert!(repairs.contains(&ClosedBrackets), "{}: {:?}", &text[..end], repairs);
            let unmended = [ClosedBrackets, DroppedUnfinished];
            prop_assert!(repairs.iter().all(|repair| unmended.contains(repair)), "{:?}", repairs);
            // What one prefix holds, every longer one holds too.
            prop_assert!(leaves(&found) >= before, "{} lost something: {}", &text[..end], found);
            before = leaves(&found);
        }
        // The bracket that was missing last held nothing.
        prop_assert_eq!(repair(&text[..text.len() - 1]).unwrap().0, without_open_number(&value));
    }
}

/// The value without a number or word at its very end, before the last bracket: cut there, it may be longer.
fn without_open_number(value: &Value) -> Value {
    let open = |last: &Value| !(last.is_string() || last.is_array() || last.is_object());
    match value {
        Value::Array(items) => match items.split_last() {
            Some((last, before)) if open(last) => before.into(),
            _ => value.clone(),
        },
        Value::Object(fields) => {
            let last = fields.iter().next_back().filter(|(_, value)| open(value)).map(|(name, _)| name);
            fields
                .iter()
                .filter(|(name, _)| Some(*name) != last)
                .map(|(name, of)| (name.clone(), of.clone()))
                .collect()
        }
        _ => value.clone(),
    }
}
