//! The keys of a filter, and which type each of them has.

use dreamkeeper_domain::filter::Field;
use dreamkeeper_domain::limits;

use super::shown;

/// The keys, for whoever used another one.
const KEYS: &str = "id, type, user, agent, app, run, session, role, author, origin, kind, status, labels, \
                    categories, at, created_at, updated_at, expires_at, pinned or metadata.<path>";

/// Steps of a path into the metadata.
const PATH_STEPS_MAX: usize = 16;

/// What values a property has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// Any words.
    Words,
    /// A record's id.
    Id,
    /// One word of a closed set.
    Word(&'static [&'static str]),
    /// A set of words.
    Set,
    /// A moment.
    Time,
    /// Yes or no.
    Flag,
    /// Whatever the caller put there.
    Free,
}

/// The field of a key.
pub(super) fn parse(key: &str) -> Result<Field, String> {
    let field = match key {
        "id" => Field::Id,
        "type" => Field::Type,
        "user" => Field::User,
        "agent" => Field::Agent,
        "app" => Field::App,
        "run" => Field::Run,
        "session" => Field::Session,
        "role" => Field::Role,
        "author" => Field::Author,
        "origin" => Field::Origin,
        "kind" => Field::Kind,
        "status" => Field::Status,
        "labels" => Field::Labels,
        "categories" => Field::Categories,
        "at" => Field::At,
        "created_at" => Field::CreatedAt,
        "updated_at" => Field::UpdatedAt,
        "expires_at" => Field::ExpiresAt,
        "pinned" => Field::Pinned,
        other => return metadata(other),
    };
    Ok(field)
}

fn metadata(key: &str) -> Result<Field, String> {
    let Some(path) = key.strip_prefix("metadata.") else {
        return Err(format!("`{}` is no key of a filter: expected {KEYS}, and, or, not", shown(key)));
    };
    let steps: Vec<String> = path.split('.').map(str::to_owned).collect();
    if steps.len() > PATH_STEPS_MAX {
        return Err(format!("the path has {} steps: at most {PATH_STEPS_MAX} are allowed", steps.len()));
    }
    if steps.iter().any(|step| step.is_empty() || step.len() > limits::FILTER_VALUE_BYTES_MAX) {
        return Err("a step of the path is empty or too long: expected metadata.one.two".to_owned());
    }
    Ok(Field::Metadata(steps))
}

/// What values a field has.
pub(super) fn shape(field: &Field) -> Shape {
    match field {
        Field::Id | Field::Session => Shape::Id,
        Field::Type => Shape::Word(&["message", "memory"]),
        Field::Role => Shape::Word(&["system", "user", "assistant", "tool"]),
        Field::Origin => Shape::Word(&["external", "tool", "assistant", "user", "operator"]),
        Field::Kind => Shape::Word(&[
            "preference",
            "fact",
            "event",
            "relationship",
            "goal",
            "procedure",
            "instruction",
            "open_question",
        ]),
        Field::Status => Shape::Word(&["active", "superseded", "archived", "forgotten", "erased"]),
        Field::User | Field::Agent | Field::App | Field::Run | Field::Author => Shape::Words,
        Field::Labels | Field::Categories => Shape::Set,
        Field::At | Field::CreatedAt | Field::UpdatedAt | Field::ExpiresAt => Shape::Time,
        Field::Pinned => Shape::Flag,
        Field::Metadata(_) => Shape::Free,
    }
}

#[cfg(test)]
mod tests {
    use dreamkeeper_domain::{memory, message, origin};

    use super::*;

    #[test]
    fn closed_sets_are_the_domains() {
        let check = |field: Field, words: Vec<&'static str>| {
            let Shape::Word(listed) = shape(&field) else { panic!("{field:?} is no closed set") };
            assert_eq!(listed, words, "{field:?}");
        };
        check(Field::Kind, memory::Kind::ALL.iter().map(|kind| kind.as_str()).collect());
        check(Field::Status, memory::Status::ALL.iter().map(|status| status.as_str()).collect());
        check(Field::Origin, origin::Origin::ALL.iter().map(|origin| origin.as_str()).collect());
        use message::Role::{Assistant, System, Tool, User};
        check(Field::Role, [System, User, Assistant, Tool].map(message::Role::as_str).to_vec());
    }
}
