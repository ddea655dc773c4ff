//! How fast the embedder in the binary is, on one core: `cargo bench -p dreamkeeper-models`.
//!
//! It prints figures and asserts nothing, because a test that measures time fails on a busy machine.

#![expect(clippy::print_stdout, reason = "printing figures is what it is for")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use dreamkeeper_models::StaticModel;

/// Short turns of a conversation, about eleven words each.
const SENTENCES: [&str; 8] = [
    "Hey, how was your weekend in the mountains with Pedro?",
    "It was great! We hiked up to the lake and the weather was perfect.",
    "I finally signed up for the pottery class I told you about last month.",
    "My sister is visiting in June, so I need to find a bigger apartment.",
    "Can you remind me when the car insurance runs out?",
    "She's allergic to peanuts; please remember that when you book the restaurant.",
    "Ich wohne seit drei Jahren in München und fahre täglich mit dem Fahrrad.",
    "We spent $1,299.99 on the new laptop and it still can't run the demo…",
];
const RUN: Duration = Duration::from_secs(1);

fn main() {
    let start = Instant::now();
    let model = StaticModel::bundled();
    println!("load                     {:>10.2} ms", start.elapsed().as_secs_f64() * 1e3);

    let each = |call: &dyn Fn(&str)| rate(|| SENTENCES.iter().for_each(|text| call(black_box(text))));
    let embedded = each(&|text| drop(black_box(model.embed(text)))) * SENTENCES.len() as f64;
    println!("short sentences, embed   {embedded:>10.0} /s");
    let counted = each(&|text| _ = black_box(model.token_count(text))) * SENTENCES.len() as f64;
    println!("short sentences, count   {counted:>10.0} /s");
    let tokens: usize = SENTENCES.iter().map(|text| model.token_count(text)).sum();
    println!("  tokens a sentence      {:>10.1}", tokens as f64 / SENTENCES.len() as f64);

    let passage = SENTENCES.repeat(2).join(" ");
    let passages = rate(|| drop(black_box(model.embed(black_box(&passage)))));
    println!("passages of {} tokens   {passages:>10.0} /s", model.token_count(&passage));
}

/// Calls per second, over about one.
fn rate(mut call: impl FnMut()) -> f64 {
    let start = Instant::now();
    let mut calls = 0_u32;
    while start.elapsed() < RUN {
        call();
        calls += 1;
    }
    f64::from(calls) / start.elapsed().as_secs_f64()
}
