//! Schedules of dreams.

use dreamkeeper_domain::changeset::{ApplyError, Expected, Write};
use dreamkeeper_domain::dream::DreamSchedule;

use super::{StorePlace, apply, open, refuse, told};
use crate::builders::{a_dream_schedule, a_topic_store, changes, minute, put_store};

/// Compared and set by version.
pub async fn schedules_are_kept_by_name(place: &dyn StorePlace) {
    let space = open(place).await;
    let store = a_topic_store("notes");
    apply(&*space, changes().write(put_store(&store))).await;
    let nightly = a_dream_schedule("nightly", store.id, minute(0));
    let put = |schedule: &DreamSchedule, expected| {
        changes().write(Write::PutDreamSchedule { schedule: Box::new(schedule.clone()), expected })
    };
    apply(&*space, put(&nightly, Expected::Absent)).await;
    apply(&*space, put(&a_dream_schedule("hourly", store.id, minute(1)), Expected::Absent)).await;
    let again = refuse(&*space, put(&nightly, Expected::Absent)).await;
    assert!(matches!(again, ApplyError::VersionConflict { found: 1, .. }), "{again}");
    let changed = DreamSchedule { enabled: false, version: 2, ..nightly };
    apply(&*space, put(&changed, Expected::Version(1))).await;
    let names: Vec<_> =
        told(space.dream_schedules().await).into_iter().map(|schedule| schedule.name).collect();
    assert_eq!(names, ["hourly", "nightly"]);
    apply(&*space, changes().write(Write::RemoveDreamSchedule("hourly".into()))).await;
    assert_eq!(told(space.dream_schedules().await), [changed]);
}
