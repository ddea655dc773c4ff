//! Verbs: each route of the native API that commands call, typed.

use axum::http::Method;
use dreamkeeper_api::candidate::{Held, ProposeRequest, Proposed, RejectRequest, ReleaseRequest};
use dreamkeeper_api::dream::{
    AcceptChangesRequest, AdoptRequest, Adopted, Change, Dream, DreamChanges, DreamRequest,
    EditChangeRequest, RejectChangesRequest, RollbackRequest, RolledBack,
};
use dreamkeeper_api::erase::{EraseRequest, Erased};
use dreamkeeper_api::event::Event;
use dreamkeeper_api::history::{MemoryHistory, Version};
use dreamkeeper_api::key::{Key, NewKey, NewKeyRequest};
use dreamkeeper_api::learn::{Edge, FeedbackRequest, LearnRequest, Name, Queued, Usefulness};
use dreamkeeper_api::maintenance::{
    BackedUp, BackupRequest, Health, MaintainRequest, Maintained, Progress, Reindexed,
};
use dreamkeeper_api::memory::{
    ForgetRequest, ListMemoriesRequest, Memory, MemoryPatch, NewMemory, RestoreRequest,
};
use dreamkeeper_api::message::{AppendRequest, Appended, Message};
use dreamkeeper_api::page::{List, Page};
use dreamkeeper_api::recall::{Recall, RecallRequest};
use dreamkeeper_api::receipt::Why;
use dreamkeeper_api::record::Record;
use dreamkeeper_api::scope::Scope;
use dreamkeeper_api::session::Session;
use dreamkeeper_api::state::{SetStateRequest, StateEntry};
use dreamkeeper_api::stats::Stats;

use super::{Client, EventStream, answer};

/// Hears how far long work is.
pub(crate) type Hear<'a> = &'a mut (dyn FnMut(Progress) + Send);

impl Client {
    pub(crate) async fn append(&self, request: &AppendRequest) -> anyhow::Result<Appended> {
        self.call(Method::POST, "/dk/v1/messages", request).await
    }

    pub(crate) async fn remember(&self, new: &NewMemory) -> anyhow::Result<Memory> {
        self.call(Method::POST, "/dk/v1/memories", new).await
    }

    pub(crate) async fn list_memories(&self, list: &ListMemoriesRequest) -> anyhow::Result<Page<Memory>> {
        self.call(Method::POST, "/dk/v1/memories/list", list).await
    }

    pub(crate) async fn update(&self, id: &str, patch: &MemoryPatch) -> anyhow::Result<Memory> {
        self.call(Method::PATCH, &format!("/dk/v1/memories/{}", step(id)), patch).await
    }

    pub(crate) async fn supersede(&self, id: &str, new: &NewMemory) -> anyhow::Result<Memory> {
        self.call(Method::POST, &format!("/dk/v1/memories/{}/supersede", step(id)), new).await
    }

    pub(crate) async fn forget(&self, id: &str, request: &ForgetRequest) -> anyhow::Result<Memory> {
        self.call(Method::POST, &format!("/dk/v1/memories/{}/forget", step(id)), request).await
    }

    pub(crate) async fn restore(&self, id: &str, request: &RestoreRequest) -> anyhow::Result<Memory> {
        self.call(Method::POST, &format!("/dk/v1/memories/{}/restore", step(id)), request).await
    }

    pub(crate) async fn history(&self, id: &str) -> anyhow::Result<MemoryHistory> {
        self.get(&format!("/dk/v1/memories/{}/history", step(id))).await
    }

    pub(crate) async fn record(&self, id: &str) -> anyhow::Result<Record> {
        self.get(&format!("/dk/v1/records/{}", step(id))).await
    }

    pub(crate) async fn erase(&self, request: &EraseRequest) -> anyhow::Result<Erased> {
        self.call(Method::POST, "/dk/v1/erase", request).await
    }

    pub(crate) async fn recall(&self, request: &RecallRequest) -> anyhow::Result<Recall> {
        self.call(Method::POST, "/dk/v1/recall", request).await
    }

    pub(crate) async fn why(&self, receipt: &str) -> anyhow::Result<Why> {
        self.get(&format!("/dk/v1/receipts/{}", step(receipt))).await
    }

    pub(crate) async fn sessions(
        &self,
        scope: &Scope,
        after: Option<&str>,
        limit: usize,
    ) -> anyhow::Result<Page<Session>> {
        let mut query = scope_query(scope);
        query.push(("limit", limit.to_string()));
        query.extend(after.map(|after| ("after", after.to_owned())));
        self.get(&with_query("/dk/v1/sessions", &query)).await
    }

    pub(crate) async fn turns(
        &self,
        session: &str,
        from: u32,
        limit: usize,
    ) -> anyhow::Result<List<Message>> {
        let query = [("from", from.to_string()), ("limit", limit.to_string())];
        self.get(&with_query(&format!("/dk/v1/sessions/{}/messages", step(session)), &query)).await
    }

    pub(crate) async fn learn(&self, session: &str, request: LearnRequest) -> anyhow::Result<Queued> {
        self.call(Method::POST, &format!("/dk/v1/sessions/{}/learn", step(session)), &request).await
    }

    pub(crate) async fn propose(&self, request: &ProposeRequest) -> anyhow::Result<Proposed> {
        self.call(Method::POST, "/dk/v1/candidates", request).await
    }

    pub(crate) async fn run_dream(&self, request: &DreamRequest) -> anyhow::Result<Dream> {
        self.call(Method::POST, "/dk/v1/dreams", request).await
    }

    pub(crate) async fn dreams(&self, query: &[(&'static str, String)]) -> anyhow::Result<Page<Dream>> {
        self.get(&with_query("/dk/v1/dreams", query)).await
    }

    pub(crate) async fn dream_changes(&self, id: &str) -> anyhow::Result<DreamChanges> {
        self.get(&format!("/dk/v1/dreams/{}/changes", step(id))).await
    }

    pub(crate) async fn dream_change(&self, id: &str, number: u32) -> anyhow::Result<Change> {
        self.get(&format!("/dk/v1/dreams/{}/changes/{number}", step(id))).await
    }

    pub(crate) async fn edit_change(
        &self,
        id: &str,
        number: u32,
        request: &EditChangeRequest,
    ) -> anyhow::Result<Change> {
        self.call(Method::POST, &format!("/dk/v1/dreams/{}/changes/{number}/edit", step(id)), request).await
    }

    pub(crate) async fn accept_changes(
        &self,
        id: &str,
        request: &AcceptChangesRequest,
    ) -> anyhow::Result<DreamChanges> {
        self.call(Method::POST, &format!("/dk/v1/dreams/{}/accept", step(id)), request).await
    }

    pub(crate) async fn reject_changes(
        &self,
        id: &str,
        request: &RejectChangesRequest,
    ) -> anyhow::Result<DreamChanges> {
        self.call(Method::POST, &format!("/dk/v1/dreams/{}/reject", step(id)), request).await
    }

    pub(crate) async fn adopt_dream(&self, id: &str, request: &AdoptRequest) -> anyhow::Result<Adopted> {
        self.call(Method::POST, &format!("/dk/v1/dreams/{}/adopt", step(id)), request).await
    }

    pub(crate) async fn roll_back_dream(
        &self,
        id: &str,
        request: &RollbackRequest,
    ) -> anyhow::Result<RolledBack> {
        self.call(Method::POST, &format!("/dk/v1/dreams/{}/rollback", step(id)), request).await
    }

    /// `what` is `cancel` or `archive`.
    pub(crate) async fn end_dream(&self, id: &str, what: &str) -> anyhow::Result<Dream> {
        self.call(Method::POST, &format!("/dk/v1/dreams/{}/{what}", step(id)), &()).await
    }

    pub(crate) async fn events(
        &self,
        scope: &Scope,
        further: Vec<(&'static str, String)>,
    ) -> anyhow::Result<Page<Event>> {
        self.get(&with_query("/dk/v1/events", &[scope_query(scope), further].concat())).await
    }

    pub(crate) async fn event(&self, id: &str) -> anyhow::Result<Event> {
        self.get(&format!("/dk/v1/events/{}", step(id))).await
    }

    pub(crate) async fn requeue(&self, id: &str) -> anyhow::Result<Event> {
        self.call(Method::POST, &format!("/dk/v1/events/{}/requeue", step(id)), &()).await
    }

    pub(crate) async fn watch(&self) -> anyhow::Result<EventStream> {
        let response = self.send(Method::GET, "/dk/v1/events/stream", None::<&()>).await?;
        Ok(EventStream::new(answer::stream(response).await?))
    }

    pub(crate) async fn quarantine(
        &self,
        scope: &Scope,
        further: Vec<(&'static str, String)>,
    ) -> anyhow::Result<Page<Held>> {
        self.get(&with_query("/dk/v1/quarantine", &[scope_query(scope), further].concat())).await
    }

    pub(crate) async fn held(&self, id: &str) -> anyhow::Result<Held> {
        self.get(&format!("/dk/v1/quarantine/{}", step(id))).await
    }

    pub(crate) async fn release(&self, id: &str, request: &ReleaseRequest) -> anyhow::Result<Memory> {
        self.call(Method::POST, &format!("/dk/v1/quarantine/{}/release", step(id)), request).await
    }

    pub(crate) async fn reject(&self, id: &str, request: &RejectRequest) -> anyhow::Result<Held> {
        self.call(Method::POST, &format!("/dk/v1/quarantine/{}/reject", step(id)), request).await
    }

    pub(crate) async fn feedback(&self, id: &str, request: FeedbackRequest) -> anyhow::Result<Usefulness> {
        self.call(Method::POST, &format!("/dk/v1/memories/{}/feedback", step(id)), &request).await
    }

    pub(crate) async fn relations(
        &self,
        scope: &Scope,
        name: &str,
        limit: usize,
    ) -> anyhow::Result<List<Edge>> {
        let further = vec![("name", name.to_owned()), ("limit", limit.to_string())];
        self.get(&with_query("/dk/v1/relations", &[scope_query(scope), further].concat())).await
    }

    pub(crate) async fn names(&self, scope: &Scope, limit: usize) -> anyhow::Result<List<Name>> {
        let further = vec![("limit", limit.to_string())];
        self.get(&with_query("/dk/v1/names", &[scope_query(scope), further].concat())).await
    }

    pub(crate) async fn state(&self, scope: &Scope, key: &str) -> anyhow::Result<StateEntry> {
        self.get(&with_query(&format!("/dk/v1/state/{}", step(key)), &scope_query(scope))).await
    }

    pub(crate) async fn list_state(&self, scope: &Scope) -> anyhow::Result<List<StateEntry>> {
        self.get(&with_query("/dk/v1/state", &scope_query(scope))).await
    }

    pub(crate) async fn state_history(&self, scope: &Scope, key: &str) -> anyhow::Result<List<Version>> {
        self.get(&with_query(&format!("/dk/v1/state/{}/history", step(key)), &scope_query(scope))).await
    }

    pub(crate) async fn set_state(
        &self,
        scope: &Scope,
        key: &str,
        request: &SetStateRequest,
    ) -> anyhow::Result<StateEntry> {
        let path = with_query(&format!("/dk/v1/state/{}", step(key)), &scope_query(scope));
        self.call(Method::PUT, &path, request).await
    }

    pub(crate) async fn remove_state(
        &self,
        scope: &Scope,
        key: &str,
        expected_version: Option<u32>,
        reason: Option<String>,
    ) -> anyhow::Result<StateEntry> {
        let mut query = scope_query(scope);
        query.extend(expected_version.map(|version| ("expected_version", version.to_string())));
        query.extend(reason.map(|reason| ("reason", reason)));
        let path = with_query(&format!("/dk/v1/state/{}", step(key)), &query);
        answer::read(self.send(Method::DELETE, &path, None::<&()>).await?).await
    }

    pub(crate) async fn keys(&self) -> anyhow::Result<List<Key>> {
        self.get("/dk/v1/keys").await
    }

    pub(crate) async fn create_key(&self, request: &NewKeyRequest) -> anyhow::Result<NewKey> {
        self.call(Method::POST, "/dk/v1/keys", request).await
    }

    pub(crate) async fn revoke_key(&self, id: &str) -> anyhow::Result<()> {
        let path = format!("/dk/v1/keys/{}", step(id));
        let _gone: serde_json::Value =
            answer::read(self.send(Method::DELETE, &path, None::<&()>).await?).await?;
        Ok(())
    }

    pub(crate) async fn stats(&self) -> anyhow::Result<Stats> {
        self.get("/dk/v1/stats").await
    }

    pub(crate) async fn doctor(&self, hear: Hear<'_>) -> anyhow::Result<Health> {
        let response = self.send(Method::POST, "/dk/v1/maintenance/doctor", None::<&()>).await?;
        answer::follow(response, hear).await
    }

    pub(crate) async fn reindex(&self, hear: Hear<'_>) -> anyhow::Result<Reindexed> {
        let response = self.send(Method::POST, "/dk/v1/maintenance/reindex", None::<&()>).await?;
        answer::follow(response, hear).await
    }

    pub(crate) async fn maintain(
        &self,
        request: MaintainRequest,
        hear: Hear<'_>,
    ) -> anyhow::Result<Maintained> {
        let response = self.send(Method::POST, "/dk/v1/maintenance/maintain", Some(&request)).await?;
        answer::follow(response, hear).await
    }

    pub(crate) async fn backup(&self, request: &BackupRequest, hear: Hear<'_>) -> anyhow::Result<BackedUp> {
        answer::follow(self.send(Method::POST, "/dk/v1/maintenance/backup", Some(request)).await?, hear).await
    }
}

pub(super) fn scope_query(scope: &Scope) -> Vec<(&'static str, String)> {
    let ids = [("user", &scope.user), ("agent", &scope.agent), ("app", &scope.app), ("run", &scope.run)];
    let ids = ids.into_iter().filter_map(|(name, id)| Some((name, id.clone()?)));
    ids.chain(scope.labels.iter().map(|label| ("label", label.clone()))).collect()
}

pub(super) fn with_query(path: &str, pairs: &[(&str, String)]) -> String {
    let pairs: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={}", step(value))).collect();
    if pairs.is_empty() { path.to_owned() } else { format!("{path}?{}", pairs.join("&")) }
}

/// A text as one step of a path or one value of a query: all but the unreserved characters of RFC 3986
/// §2.3 as percent and two digits.
pub(super) fn step(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_a_key_holds_stays_one_step_of_the_path() {
        assert_eq!(step("a/b?c é"), "a%2Fb%3Fc%20%C3%A9");
        assert_eq!(with_query("/x", &[("user", "a&b".to_owned())]), "/x?user=a%26b");
    }
}
