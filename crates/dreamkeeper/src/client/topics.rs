//! Verbs about topics: each route of `/dk/v1/topic-stores` that commands call, typed.

use axum::http::Method;
use dreamkeeper_api::page::Page;
use dreamkeeper_api::scope::Scope;
use dreamkeeper_api::topic::{
    Blame, EditTopicRequest, ListedTopic, LoadTopicsRequest, LoadedTopics, NewTopicStore,
    RestoreTopicRequest, ToolAnswer, ToolRequest, Topic, TopicDiff, TopicPatch, TopicStore, TopicStorePatch,
    TopicVersion, WriteTopicRequest, WrittenTopic,
};

use super::verbs::{scope_query, step, with_query};
use super::{Client, answer};

const STORES: &str = "/dk/v1/topic-stores";

/// Further parameters of a route.
pub(crate) type Parameters = Vec<(&'static str, String)>;

impl Client {
    pub(crate) async fn topic_stores(
        &self,
        scope: &Scope,
        further: Parameters,
    ) -> anyhow::Result<Page<TopicStore>> {
        self.get(&with_query(STORES, &[scope_query(scope), further].concat())).await
    }

    pub(crate) async fn create_topic_store(&self, new: &NewTopicStore) -> anyhow::Result<TopicStore> {
        self.call(Method::POST, STORES, new).await
    }

    pub(crate) async fn topic_store(&self, id: &str) -> anyhow::Result<TopicStore> {
        self.get(&store(id, "")).await
    }

    pub(crate) async fn update_topic_store(
        &self,
        id: &str,
        patch: &TopicStorePatch,
    ) -> anyhow::Result<TopicStore> {
        self.call(Method::PATCH, &store(id, ""), patch).await
    }

    pub(crate) async fn delete_topic_store(&self, id: &str) -> anyhow::Result<TopicStore> {
        answer::read(self.send(Method::DELETE, &store(id, ""), None::<&()>).await?).await
    }

    /// `archive` or `undelete`.
    pub(crate) async fn change_topic_store(&self, id: &str, how: &str) -> anyhow::Result<TopicStore> {
        answer::read(self.send(Method::POST, &store(id, how), None::<&()>).await?).await
    }

    pub(crate) async fn topics(&self, id: &str, query: Parameters) -> anyhow::Result<Page<ListedTopic>> {
        self.get(&with_query(&store(id, "topics"), &query)).await
    }

    pub(crate) async fn topic(&self, id: &str, named: &str, query: Parameters) -> anyhow::Result<Topic> {
        self.get(&with_query(&topic(id, named, ""), &query)).await
    }

    pub(crate) async fn write_topic(
        &self,
        (id, named): (&str, &str),
        request: &WriteTopicRequest,
    ) -> anyhow::Result<WrittenTopic> {
        self.call(Method::PUT, &topic(id, named, ""), request).await
    }

    pub(crate) async fn update_topic(
        &self,
        (id, named): (&str, &str),
        patch: &TopicPatch,
    ) -> anyhow::Result<WrittenTopic> {
        self.call(Method::PATCH, &topic(id, named, ""), patch).await
    }

    pub(crate) async fn edit_topic(
        &self,
        (id, named): (&str, &str),
        request: &EditTopicRequest,
    ) -> anyhow::Result<WrittenTopic> {
        self.call(Method::POST, &topic(id, named, "edit"), request).await
    }

    pub(crate) async fn remove_topic(&self, id: &str, named: &str, query: Parameters) -> anyhow::Result<()> {
        let path = with_query(&topic(id, named, ""), &query);
        let _gone: serde_json::Value =
            answer::read(self.send(Method::DELETE, &path, None::<&()>).await?).await?;
        Ok(())
    }

    pub(crate) async fn restore_topic(
        &self,
        (id, named): (&str, &str),
        request: &RestoreTopicRequest,
    ) -> anyhow::Result<WrittenTopic> {
        self.call(Method::POST, &topic(id, named, "restore"), request).await
    }

    pub(crate) async fn topic_log(
        &self,
        id: &str,
        named: &str,
        query: Parameters,
    ) -> anyhow::Result<Page<TopicVersion>> {
        self.get(&with_query(&topic(id, named, "versions"), &query)).await
    }

    pub(crate) async fn diff_topic(
        &self,
        id: &str,
        named: &str,
        query: Parameters,
    ) -> anyhow::Result<TopicDiff> {
        self.get(&with_query(&topic(id, named, "diff"), &query)).await
    }

    pub(crate) async fn blame_topic(&self, id: &str, named: &str) -> anyhow::Result<Blame> {
        self.get(&topic(id, named, "blame")).await
    }

    pub(crate) async fn topic_versions(
        &self,
        id: &str,
        query: Parameters,
    ) -> anyhow::Result<Page<TopicVersion>> {
        self.get(&with_query(&store(id, "versions"), &query)).await
    }

    pub(crate) async fn topic_version(&self, id: &str, version: &str) -> anyhow::Result<TopicVersion> {
        self.get(&store(id, &format!("versions/{}", step(version)))).await
    }

    pub(crate) async fn redact_topic_version(&self, id: &str, version: &str) -> anyhow::Result<TopicVersion> {
        let path = store(id, &format!("versions/{}/redact", step(version)));
        answer::read(self.send(Method::POST, &path, None::<&()>).await?).await
    }

    pub(crate) async fn load_topics(
        &self,
        id: &str,
        request: &LoadTopicsRequest,
    ) -> anyhow::Result<LoadedTopics> {
        self.call(Method::POST, &store(id, "load"), request).await
    }

    pub(crate) async fn memory_tool(&self, id: &str, request: &ToolRequest) -> anyhow::Result<ToolAnswer> {
        self.call(Method::POST, &store(id, "tool"), request).await
    }

    pub(crate) async fn refresh_topic_index(&self, id: &str) -> anyhow::Result<WrittenTopic> {
        answer::read(self.send(Method::POST, &store(id, "index"), None::<&()>).await?).await
    }
}

fn store(id: &str, below: &str) -> String {
    let path = format!("{STORES}/{}", step(id));
    if below.is_empty() { path } else { format!("{path}/{below}") }
}

fn topic(id: &str, named: &str, below: &str) -> String {
    let path = store(id, &format!("topics/{}", step(named)));
    if below.is_empty() { path } else { format!("{path}/{below}") }
}
