//! What working copies hold, and moments that have a name.

use dreamkeeper_domain::changeset::{ApplyError, Write};
use dreamkeeper_domain::topic::NamedMoment;

use super::{StorePlace, a_store, apply, open, refuse, told};
use crate::builders::{a_topic_store, an_actor, changes, hash_of, minute};

/// By path, and forgotten where there is no hash.
pub async fn working_files_are_noted(place: &dyn StorePlace) {
    let space = open(place).await;
    let store = a_store(&*space, "notes").await;
    let note = |files: &[(&str, Option<&str>)]| {
        let files = files.iter().map(|(path, content)| ((*path).to_owned(), content.map(hash_of))).collect();
        changes().write(Write::NoteWorkingFiles { store: store.id, files })
    };
    apply(&*space, note(&[("/b", Some("1")), ("/a", Some("2"))])).await;
    apply(&*space, note(&[("/b", Some("3")), ("/a", None), ("/none", None)])).await;
    let unknown = Write::NoteWorkingFiles { store: a_topic_store("unknown").id, files: Vec::new() };
    let error = refuse(&*space, changes().write(unknown)).await;
    assert!(matches!(error, ApplyError::NotFound { .. }), "{error}");
    assert_eq!(told(space.audit(0, 10).await).len(), 1, "only the store was audited");
    let found = told(space.working_files(store.id).await);
    let shown: Vec<_> = found.iter().map(|file| (file.path.as_str(), file.base)).collect();
    assert_eq!(shown, [("/b", hash_of("3"))]);
}

/// A name that is taken is refused, and free again once it is taken away.
pub async fn moments_have_one_name_each(place: &dyn StorePlace) {
    let space = open(place).await;
    let moment = |name: &str, count| NamedMoment {
        name: name.to_owned(),
        at: minute(count),
        note: Some("before the move".into()),
        actor: an_actor(),
        made_at: minute(count + 10),
    };
    let name = |it: &NamedMoment| Write::NameMoment(Box::new(it.clone()));
    let (one, two) = (moment("one", 0), moment("two", 1));
    apply(&*space, changes().writes([name(&one), name(&two)])).await;
    let again = refuse(&*space, changes().write(name(&moment("one", 5)))).await;
    assert!(matches!(again, ApplyError::VersionConflict { .. }), "{again}");
    assert_eq!(told(space.named_moments().await), [two.clone(), one]);
    apply(&*space, changes().write(Write::UnnameMoment("one".into()))).await;
    assert_eq!(told(space.named_moments().await), [two]);
}
