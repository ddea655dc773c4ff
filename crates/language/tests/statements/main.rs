//! Reading statements: labelled messages, what must hold of every message, and the reasons for silence.

mod labelled;
mod properties;

use dreamkeeper_language::statements::{Reading, Skip, Utterance, read};
use dreamkeeper_language::time::Anchor;
use jiff::tz::TimeZone;

/// Reads a message of Sam's, said on a spring morning.
fn reading(text: &str) -> Reading {
    reading_of(text, Some("Sam"))
}

#[expect(clippy::unwrap_used, reason = "a literal")]
fn reading_of(text: &str, speaker: Option<&str>) -> Reading {
    let anchor = Anchor { at: "2024-05-01T10:00:00Z".parse().unwrap(), zone: TimeZone::UTC };
    read(&Utterance { text, speaker, anchor: &anchor })
}

/// What is read, one `subject | text` a line.
fn told(text: &str) -> Vec<String> {
    reading(text).statements.iter().map(|one| format!("{} | {}", one.subject, one.text)).collect()
}

#[test]
fn a_clause_is_told_in_the_third_person_of_whom_it_is_about() {
    for (text, expected) in [
        ("I live in Lisbon.", "user | Sam lives in Lisbon"),
        ("I've been living in Lisbon since 2019", "user | Sam has been living in Lisbon since 2019"),
        ("My sister Ana is a nurse.", "sister Ana | Sam's sister Ana is a nurse"),
        ("my brother works at Siemens", "brother | Sam's brother works at Siemens"),
        ("I don't eat meat.", "user | Sam does not eat meat"),
        ("I can't stand cilantro", "user | Sam can not stand cilantro"),
        ("As a teacher, what should I read?", "user | Sam is a teacher"),
        ("Since I'm vegan, what can I order?", "user | Sam is vegan"),
        ("Always answer in bullet points.", "user | Sam asks: Always answer in bullet points"),
        ("Last year I moved to Porto with my wife.", "user | Last year, Sam moved to Porto with their wife"),
        ("Remember that my locker is 212.", "locker | Sam's locker is 212"),
    ] {
        assert_eq!(told(text), [expected], "{text}");
    }
}

#[test]
fn one_sentence_may_tell_several_things() {
    let text = "I'm 34 and live in Porto. My sister Ana, who lives in Berlin, is a nurse. She's 31.";
    let expected = [
        "user | Sam is 34",
        "user | Sam lives in Porto",
        "sister Ana | Sam's sister Ana lives in Berlin",
        "sister Ana | Sam's sister Ana is a nurse",
        "sister Ana | Sam's sister Ana is 31",
    ];
    assert_eq!(told(text), expected);
}

#[test]
fn a_correction_names_what_it_replaces() {
    for (text, value, replaces) in [
        ("Actually I live in Porto now, not Lisbon.", "Porto", "Lisbon"),
        ("I said I work at Initech, it's actually Vandelay.", "Vandelay", "Initech"),
        ("We no longer live in Ghent, we moved to Bruges last month.", "Bruges", "Ghent"),
        ("I no longer work at Google.", "Google", "Google"),
        ("I don't live in Paris anymore.", "Paris", "Paris"),
        ("I'm not a nurse but a midwife.", "midwife", "a nurse"),
        ("I don't live in Leeds but in York.", "York", "Leeds"),
        ("I used to be a waiter but now I'm a bartender.", "bartender", "waiter"),
        ("I quit my job at the bank, I work for an NGO now.", "an NGO", "the bank"),
        ("My flight is on Monday, no wait, it's on Tuesday.", "on Tuesday", "on Monday"),
    ] {
        let reading = reading(text);
        let [statement] = reading.statements.as_slice() else { panic!("{text}: {reading:?}") };
        assert!(statement.is_correction, "{text}");
        assert_eq!(
            (statement.value.as_str(), statement.replaces.as_deref()),
            (value, Some(replaces)),
            "{text}"
        );
    }
}

#[test]
fn what_has_ended_is_named_with_its_property() {
    for (text, attribute, value) in [
        ("I no longer work at Google.", "employer", "Google"),
        ("I don't use Windows anymore.", "possession", "Windows"),
        ("I quit my job at Siemens in May.", "employer", "Siemens"),
        ("I quit my job.", "employer", ""),
        ("I left Siemens last year.", "employer", "Siemens"),
        ("We broke up last week.", "partner", ""),
        ("I broke up with Ana.", "partner", "Ana"),
        ("I sold my motorbike.", "possession", "motorbike"),
        ("I've stopped going to the gym.", "habit", "going to the gym"),
        ("I no longer drink.", "habit", "drink"),
        ("We moved out of Berlin.", "residence", "Berlin"),
        ("My brother no longer lives in Rome.", "residence", "Rome"),
    ] {
        let reading = reading(text);
        let [statement] = reading.statements.as_slice() else { panic!("{text}: {reading:?}") };
        assert!(statement.ends, "{text}");
        assert_eq!((statement.attribute.as_str(), statement.value.as_str()), (attribute, value), "{text}");
    }
    for text in ["I work at Google.", "I sold out.", "I left early.", "I stopped by the shop."] {
        assert!(reading(text).statements.iter().all(|statement| !statement.ends), "{text}");
    }
}

#[test]
fn what_is_asked_to_be_forgotten_is_named_and_not_learned() {
    for (text, named) in [
        ("Forget that I live in Lisbon.", Some("I live in Lisbon")),
        ("please delete my address", Some("my address")),
        ("Don't remember this: I hate my boss.", Some("I hate my boss")),
        ("Off the record, I'm looking for a new job.", None),
        ("I'm leaving the company. This is off the record.", None),
    ] {
        let reading = reading(text);
        assert!(reading.statements.is_empty(), "{text}: {reading:?}");
        let names: Vec<&str> = reading.forget.iter().filter_map(|span| span.of(text)).collect();
        assert_eq!(names, named.into_iter().collect::<Vec<_>>(), "{text}");
    }
}

#[test]
fn what_is_left_alone_has_its_reason() {
    for (text, reason) in [
        ("Do you live in Paris?", Skip::Question),
        ("I'm tired.", Skip::Passing),
        ("I love this song!", Skip::Passing),
        ("If I lived in Paris, I would walk more.", Skip::Hypothetical),
        ("I would love a coffee right now.", Skip::Hypothetical),
        ("I don't know if I like jazz.", Skip::Negated),
        ("Let's role play: I'm a king and I live in a castle.", Skip::NotMeant),
        ("He told us: \"I work at NASA.\"", Skip::Quoted),
        ("> I live in Leeds and work at a bank", Skip::Quoted),
        ("Make this shorter.", Skip::OneOff),
        ("Albert Einstein was born in Ulm.", Skip::Stranger),
        ("Don't save this, I have a secret.", Skip::OffTheRecord),
        ("so much rain and wind", Skip::NotUnderstood),
    ] {
        let reading = reading(text);
        assert!(reading.statements.is_empty(), "{text}: {reading:?}");
        assert!(reading.skipped.iter().any(|(_, skip)| *skip == reason), "{text}: {reading:?}");
    }
}

#[test]
fn a_speaker_without_a_name_is_the_user() {
    assert_eq!(reading_of("I live in Lisbon.", None).statements[0].text, "User lives in Lisbon");
}

#[test]
fn the_same_value_fills_the_same_slot_however_it_is_said() {
    for text in ["I live in Porto", "I've lived in Porto since 2019.", "I moved to Porto last May."] {
        let reading = reading(text);
        let slots: Vec<_> =
            reading.statements.iter().map(|one| (one.attribute.as_str(), one.value.as_str())).collect();
        assert_eq!(slots, [("residence", "Porto")], "{text}");
    }
    for text in ["I used to live in Oslo.", "We're moving to Oslo next year."] {
        let reading = reading(text);
        assert!(reading.statements.iter().all(|one| one.attribute != "residence"), "{text}");
    }
}

#[test]
fn talk_of_the_work_at_hand_corrects_nothing_lasting() {
    for text in [
        "No wait, it's the second function that fails, not the first.",
        "I meant the other file, it's main.rs now",
        "wait, it's compiling now",
        "I said it's fine now.",
    ] {
        assert_eq!(reading(text).statements, [], "{text}");
    }
}
