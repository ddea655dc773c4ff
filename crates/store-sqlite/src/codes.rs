//! Codes: the numbers under which closed sets stand in the files. A number once given is never changed.

use dreamkeeper_domain::candidate::HeldStatus;
use dreamkeeper_domain::dream::DreamStatus;
use dreamkeeper_domain::event::EventState;
use dreamkeeper_domain::memory::{Kind, Status};
use dreamkeeper_domain::message::Role;
use dreamkeeper_domain::origin::{Origin, Via};
use dreamkeeper_domain::passage::Owner;
use dreamkeeper_domain::topic::TopicOperation;
use dreamkeeper_domain::version::Operation;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use uuid::Uuid;

/// A closed set that is stored as a number.
pub(crate) trait Code: Sized + Copy + 'static {
    /// Its number.
    fn code(self) -> i64;
    /// What a number means; `None` for one never given.
    fn of(code: i64) -> Option<Self>;
}

macro_rules! codes {
    ($type:ty { $($variant:path = $code:literal),+ $(,)? }) => {
        impl Code for $type {
            fn code(self) -> i64 {
                match self { $($variant => $code),+ }
            }

            fn of(code: i64) -> Option<Self> {
                match code { $($code => Some($variant),)+ _ => None }
            }
        }
    };
}

codes!(Role { Role::System = 0, Role::User = 1, Role::Assistant = 2, Role::Tool = 3 });
codes!(Origin {
    Origin::External = 0,
    Origin::Tool = 1,
    Origin::Assistant = 2,
    Origin::User = 3,
    Origin::Operator = 4,
});
codes!(Via { Via::Live = 0, Via::Import = 1, Via::Derived = 2 });
codes!(Kind {
    Kind::Preference = 0,
    Kind::Fact = 1,
    Kind::Event = 2,
    Kind::Relationship = 3,
    Kind::Goal = 4,
    Kind::Procedure = 5,
    Kind::Instruction = 6,
    Kind::OpenQuestion = 7,
});
codes!(Status {
    Status::Active = 0,
    Status::Superseded = 1,
    Status::Archived = 2,
    Status::Forgotten = 3,
    Status::Erased = 4,
});
codes!(Operation {
    Operation::Create = 0,
    Operation::Update = 1,
    Operation::Supersede = 2,
    Operation::Archive = 3,
    Operation::Forget = 4,
    Operation::Restore = 5,
    Operation::Remove = 6,
    Operation::Erase = 7,
});
codes!(EventState {
    EventState::Pending = 0,
    EventState::Running = 1,
    EventState::Succeeded = 2,
    EventState::Failed = 3,
});
codes!(TopicOperation {
    TopicOperation::Created = 0,
    TopicOperation::Modified = 1,
    TopicOperation::Deleted = 2,
});
codes!(DreamStatus {
    DreamStatus::Pending = 0,
    DreamStatus::Running = 1,
    DreamStatus::Completed = 2,
    DreamStatus::Failed = 3,
    DreamStatus::Canceled = 4,
});
codes!(HeldStatus { HeldStatus::Waiting = 0, HeldStatus::Released = 1, HeldStatus::Rejected = 2 });

/// A closed set as a column.
pub(crate) struct Coded<T>(pub(crate) T);

impl<T: Code> ToSql for Coded<T> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.0.code().into())
    }
}

impl<T: Code> FromSql for Coded<T> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let code = value.as_i64()?;
        T::of(code).map(Self).ok_or(FromSqlError::OutOfRange(code))
    }
}

/// A passage's owner as two columns: its type and its id.
pub(crate) fn owner_columns(owner: Owner) -> (i64, [u8; 16]) {
    match owner {
        Owner::Message(id) => (0, id.as_uuid().into_bytes()),
        Owner::Memory(id) => (1, id.as_uuid().into_bytes()),
        Owner::Topic(id) => (2, id.as_uuid().into_bytes()),
    }
}

/// The owner of two columns.
pub(crate) fn owner_of(owner_type: i64, id: [u8; 16]) -> Option<Owner> {
    use dreamkeeper_domain::id::{MemoryId, MessageId, TopicId};
    let id = Uuid::from_bytes(id);
    match owner_type {
        0 => Some(Owner::Message(MessageId::from_uuid(id))),
        1 => Some(Owner::Memory(MemoryId::from_uuid(id))),
        2 => Some(Owner::Topic(TopicId::from_uuid(id))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check<T: Code + PartialEq + std::fmt::Debug>(all: &[T]) {
        for (place, item) in all.iter().enumerate() {
            assert_eq!(item.code(), place as i64, "{item:?} keeps its number");
            assert_eq!(T::of(item.code()).as_ref(), Some(item));
        }
        assert_eq!(T::of(all.len() as i64), None);
    }

    #[test]
    fn numbers_never_change_and_read_back() {
        check(&[Role::System, Role::User, Role::Assistant, Role::Tool]);
        check(&Origin::ALL);
        check(&[Via::Live, Via::Import, Via::Derived]);
        check(&Kind::ALL);
        check(&Status::ALL);
        check(&Operation::ALL);
        check(&EventState::ALL);
        check(&HeldStatus::ALL);
        check(&TopicOperation::ALL);
        check(&DreamStatus::ALL);
    }
}
