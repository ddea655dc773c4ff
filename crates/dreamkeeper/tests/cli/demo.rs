//! The demo, from nothing to its last line.

use crate::home::{Home, demo_transcript};

#[test]
fn the_demo_tells_its_story() {
    let home = Home::new();
    let story = home.ok(&["demo"]);
    let expected = [
        "700 messages in 51 sessions",
        "Iker lives in bilbao → Iker lives in porto since",
        "held for low origin",
        "Is Odile still a vegetarian?",
        "Odile eats fish and seafood",
        "nothing cleared the bar; nearest",
        "`--all` shows it",
        "the allergist's results of 14 October 2025",
        "(erased)",
    ];
    for words in expected {
        assert!(story.contains(words), "the story lacks `{words}`:\n{story}");
    }
    for line in story.lines() {
        assert!(line.chars().count() <= 100, "{line}");
    }
    assert!(!home.data().exists(), "the demo must not touch the data directory");
}

#[test]
fn the_demo_answers_what_its_conversation_says() {
    let told = Home::new().json(&["demo"]);
    let questions = told["questions"].as_array().unwrap();
    let (mut found, mut silent, mut answerable, mut unknowable) = (0, 0, 0, 0);
    for question in questions {
        let expected = question["expected"].as_array().unwrap();
        let served = question["messages"].as_array().unwrap();
        if expected.is_empty() {
            unknowable += 1;
            silent += usize::from(served.is_empty());
        } else {
            answerable += 1;
            found += usize::from(expected.iter().any(|id| served.contains(id)));
        }
    }
    // The questions show what recall does and measure nothing; but most of them must come out as told.
    assert!(found * 4 >= answerable * 3, "{found} of {answerable}: {questions:#?}");
    assert!(silent * 2 >= unknowable, "{silent} of {unknowable} unknowable: {questions:#?}");
}

#[test]
fn the_demo_plays_on_any_transcript_and_keeps_a_named_directory() {
    let home = Home::new();
    let story = home.ok(&["demo", "--transcript", &demo_transcript(), "--data", "kept"]);
    assert!(story.contains("700 messages in 51 sessions"), "{story}");
    assert!(home.path("kept/control.db").exists());
}

#[test]
fn the_demo_learns_supersedes_what_changed_and_holds_what_was_planted() {
    let told = Home::new().json(&["demo"]);
    let decisions = &told["learned"]["account"]["decisions"];
    assert!(decisions["update"].as_u64() >= Some(2), "{decisions}");
    let planted = &told["planted"];
    assert_eq!(planted["held_for"], serde_json::json!(["low_origin"]));
    for served in ["memories", "quotes"] {
        let words = planted[served].to_string();
        assert!(!words.contains("gift cards"), "{served}: {words}");
    }
    for question in told["compared"].as_array().unwrap() {
        assert!(question["before"].as_str().is_none(), "{question}");
        assert!(question["after"].is_string(), "no memory answers: {question}");
    }
    let lives = &told["compared"][0]["after"];
    assert_eq!(lives, "Iker lives in porto");
}

#[test]
fn a_model_of_the_demo_needs_a_name() {
    Home::new().refused(&["demo", "--model", "http://127.0.0.1:9/v1"], 2, &["--model-name"]);
}
