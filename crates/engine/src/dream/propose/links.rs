//! Links: one that leads to a topic which moved or went away is led to its new place, or becomes plain words; the index
//! gets a line for every topic.

use std::collections::BTreeMap;
use std::ops::Range;

use dreamkeeper_domain::dream::ChangeKind;
use dreamkeeper_topics::{ClaimKind, links, refresh_index, resolve};

use super::Board;
use super::draft::{Draft, Standing, rewritten};

/// Mends dead links, and the index where the store keeps one.
pub(super) fn mend(board: &mut Board<'_>) {
    let notes: Vec<usize> = board.working().map(|(place, _)| place).collect();
    for note in notes {
        dead(board, note);
    }
    if let Some(index) = board.index() {
        refresh(board, index);
    }
}

fn dead(board: &mut Board<'_>, note: usize) {
    let found = &board.notes[note];
    let content = &found.topic.content;
    let by_name = by_name(board);
    let is_code = |at: usize| {
        found.claims.iter().any(|claim| claim.kind == ClaimKind::Code && claim.span.contains(&at))
    };
    let (mut edits, mut told) = (Vec::new(), Vec::new());
    for link in links(content).into_iter().filter(|link| !link.is_wiki && !is_code(link.span.start)) {
        let Some(path) = resolve(found.path(), &link, std::iter::empty()) else { continue };
        if board.notes.iter().any(|other| other.path() == path) {
            continue;
        }
        let name = path.rsplit('/').next().unwrap_or_default();
        match by_name.get(name).map(Vec::as_slice) {
            Some([place]) => {
                told.push(format!("`{path}` stands at `{place}` now"));
                edits.push((link.span.clone(), (*place).to_owned()));
            }
            _ if board.gathered.gone_paths.contains(&path) => {
                let Some((whole, words)) = around(content, link.span.clone()) else { continue };
                told.push(format!("`{path}` went away"));
                edits.push((whole, words.to_owned()));
            }
            _ => {}
        }
    }
    if edits.is_empty() {
        return;
    }
    let mut draft = Draft::new(ChangeKind::Reindex, "dead_links", found.topic.head.origin)
        .told(format!("`{}`: links that lead nowhere", found.path()), format!("{}.", told.join("; ")));
    draft.effects.push(rewritten(found.topic, found.with(edits)));
    board.drafts.push(draft);
}

/// Where each file name stands among the topics that are in use.
fn by_name<'b>(board: &'b Board<'_>) -> BTreeMap<&'b str, Vec<&'b str>> {
    let mut found: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (_, note) in board.working() {
        found.entry(note.path().rsplit('/').next().unwrap_or_default()).or_default().push(note.path());
    }
    found
}

/// The whole link around its target, and the words that it shows.
fn around(content: &str, target: Range<usize>) -> Option<(Range<usize>, &str)> {
    let close = content[..target.start].strip_suffix("](")?.len();
    let open = content[..close].rfind('[')?;
    let end = target.end + content[target.end..].find(')')? + 1;
    (!content[..open].ends_with('!')).then_some((open..end, &content[open + 1..close]))
}

fn refresh(board: &mut Board<'_>, index: usize) {
    let topic = board.notes[index].topic;
    let listed = board
        .notes
        .iter()
        .filter(|note| note.standing == Standing::Plain)
        .map(|note| (note.path(), note.topic.content.as_str()));
    let content = refresh_index(&topic.content, listed);
    if content == topic.content {
        return;
    }
    let diff = dreamkeeper_topics::diff(&topic.content, &content);
    let mut draft = Draft::new(ChangeKind::Reindex, "stale_index", topic.head.origin).told(
        format!("`{}` is brought up to date", topic.head.path),
        format!(
            "{} lines come, {} lines go: each topic in use has a line.",
            diff.inserted_count, diff.removed_count
        ),
    );
    draft.effects.push(rewritten(topic, content));
    board.drafts.push(draft);
}
