//! The memory tool over a store: commands write versions, mistakes are answers.

use dreamkeeper_domain::limits::TOPIC_BYTES_MAX;
use dreamkeeper_domain::origin::Origin;
use dreamkeeper_domain::topic::TopicNote;
use dreamkeeper_engine::VerbError;
use dreamkeeper_engine::topics::{ToolAnswer, ToolCall, ToolCommand};

use crate::topics::{Notes, notes};

async fn run(notes: &Notes, command: ToolCommand) -> ToolAnswer {
    let call = ToolCall { command, origin: None, note: TopicNote::default() };
    notes.house.engine.memory_tool(&notes.house.local, notes.store.id, call).await.expect("answered")
}

fn create(path: &str, text: &str) -> ToolCommand {
    ToolCommand::Create { path: path.to_owned(), file_text: text.to_owned() }
}

#[tokio::test]
async fn the_six_commands_write_what_they_say() {
    let notes = notes().await;
    let done = run(&notes, create("/memories/drinks/tea.md", "green\nblack\n")).await;
    assert_eq!(
        (done.text.as_str(), done.is_error),
        ("File created successfully at: /memories/drinks/tea.md", false)
    );
    let made = notes.read("/drinks/tea.md").await.expect("made");
    assert_eq!(made.head.origin, Origin::Assistant, "a model wrote it");
    let path = "/memories/drinks/tea.md".to_owned();
    let view = run(&notes, ToolCommand::View { path: path.clone(), view_range: None }).await;
    assert!(view.text.ends_with("     1\tgreen\n     2\tblack\n     3\t"), "{}", view.text);
    let replace = ToolCommand::StrReplace {
        path: path.clone(),
        old_str: "green".into(),
        new_str: Some("white".into()),
    };
    assert!(!run(&notes, replace).await.is_error);
    let insert = ToolCommand::Insert { path: path.clone(), insert_line: 0, insert_text: "# Tea".into() };
    assert!(!run(&notes, insert).await.is_error);
    let read = notes.read("/drinks/tea.md").await.expect("there");
    assert_eq!((read.content.as_str(), read.head.number), ("# Tea\nwhite\nblack\n", 3));
    run(&notes, create("/memories/drinks/coffee.md", "x")).await;
    let rename =
        ToolCommand::Rename { old_path: "/memories/drinks".into(), new_path: "/memories/cups".into() };
    assert!(!run(&notes, rename).await.is_error);
    let moved = notes.read("/cups/tea.md").await.expect("moved");
    assert_eq!((moved.head.id, moved.head.number), (read.head.id, 4));
    let delete = ToolCommand::Delete { path: "/memories/cups".into() };
    assert_eq!(run(&notes, delete).await.text, "Successfully deleted /memories/cups");
    assert!(notes.read("/cups/tea.md").await.is_err() && notes.read("/cups/coffee.md").await.is_err());
}

#[tokio::test]
async fn what_a_model_can_mend_is_an_answer() {
    let notes = notes().await;
    run(&notes, create("/memories/a", "x")).await;
    let mistakes = [
        (create("/memories/a", "y"), "Error: File /memories/a already exists"),
        (create("/memories/b", &"x".repeat(TOPIC_BYTES_MAX + 1)), "Error: content: 102401 bytes"),
        (create("/etc/passwd", "x"), "Path must start with /memories"),
        (ToolCommand::Delete { path: "/memories".into() }, "Cannot delete the /memories directory itself"),
        (
            ToolCommand::View { path: "/memories/c".into(), view_range: None },
            "The path /memories/c does not exist.",
        ),
    ];
    for (command, told) in mistakes {
        let answer = run(&notes, command).await;
        assert!(answer.is_error && answer.text.starts_with(told), "{answer:?}");
    }
}

#[tokio::test]
async fn an_archived_store_can_be_viewed_only() {
    let notes = notes().await;
    let house = &notes.house;
    house.engine.archive_topic_store(&house.local, notes.store.id).await.expect("archived");
    let root = run(&notes, ToolCommand::View { path: "/memories".into(), view_range: None }).await;
    assert!(!root.is_error, "{root:?}");
    let call = ToolCall { command: create("/memories/a", "x"), origin: None, note: TopicNote::default() };
    let refused = house.engine.memory_tool(&house.local, notes.store.id, call).await;
    assert!(matches!(refused, Err(VerbError::Apply(_))), "{refused:?}");
}
