//! The port's contract over the embedders of this crate.

use std::sync::Arc;

use dreamkeeper_models::StaticEmbedder;
use dreamkeeper_testkit::contract;

#[tokio::test]
async fn the_static_embedder_keeps_the_contract() {
    contract::embedder::run_all(|| Arc::new(StaticEmbedder::bundled())).await;
}

/// The static model behind a server: it answers for real, and the two embedders must agree.
#[cfg(feature = "remote")]
#[tokio::test]
async fn an_embedder_behind_the_wire_keeps_the_contract() {
    use dreamkeeper_models::{OpenAiEmbedder, OpenAiSettings, StaticModel};
    use dreamkeeper_testkit::{Answer, HttpScript};
    use serde_json::json;

    let model = StaticModel::bundled();
    let server = HttpScript::responding(move |request| {
        let inputs: Vec<String> = serde_json::from_value(request.json()["input"].clone()).unwrap();
        let data = inputs.iter().enumerate();
        let data = data.map(|(index, text)| json!({"index": index, "embedding": model.embed(text)}));
        Answer::json(&json!({"data": data.collect::<Vec<_>>()}))
    })
    .await;
    let settings = OpenAiSettings::new(server.url("/v1").parse().unwrap(), "potion");
    let embedder = Arc::new(OpenAiEmbedder::connect(settings).await.unwrap());
    contract::embedder::run_all(|| Arc::clone(&embedder) as _).await;
}
