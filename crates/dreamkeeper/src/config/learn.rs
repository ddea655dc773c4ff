//! `[learn]`: what is learned from conversations, what is held back, and what models may take.

use std::collections::BTreeMap;

use dreamkeeper::engine::LearnSettings;
use dreamkeeper::engine::learn::{Budget, Prices, Profile, Sensitive};
use dreamkeeper_api::learn::Learn as Mode;
use dreamkeeper_api::words::Kind;
use dreamkeeper_domain::time::Zone;
use serde::Deserialize;

use super::key::Key;
use super::values::Values;
use crate::output::failure::Failure;

pub(super) const KEYS: &[Key] = &[
    Key::new(
        "learn.default",
        "\"later\"",
        "How appended messages are learned from when the request does not say: \"later\" by a worker,\n\
         \"now\" before the answer, \"off\" not at all. Imports are \"off\" unless told.",
    ),
    Key::new(
        "learn.profile",
        "\"balanced\"",
        "\"strict\": keep only what people said themselves. \"balanced\": keep what models said under\n\
         their own origin, hold what tools and outsiders said. \"open\": keep that too, unless it\n\
         looks like an instruction.",
    ),
    Key::new(
        "learn.sensitive",
        "\"quarantine\"",
        "Secrets, card and document numbers: \"quarantine\" holds them for a person, \"refuse\" keeps\n\
         them nowhere but in the message itself.",
    ),
    Key::new("learn.instructions", "\"\"", "What a model is told beside its standing prompt."),
    Key::new(
        "learn.categories",
        "{}",
        "Topics that memories are filed under, each with what belongs there:\n\
         { travel = \"trips and bookings\" }.",
    ),
    Key::new("learn.include", "[]", "When there are any, only what has all words of one of these is kept."),
    Key::new("learn.exclude", "[]", "What has all words of one of these is held back."),
    Key::new("learn.context_turns", "10", "Turns before the new ones that a model is shown."),
    Key::new("learn.zone", "\"UTC\"", "The time zone of speakers who name none: \"Europe/Lisbon\"."),
    Key::new(
        "learn.expiry_days",
        "{}",
        "Days after which memories of a kind expire: { event = 90 }. Others are kept.",
    ),
    Key::new("learn.memory_quota", "0", "Active memories of one user; more are held back. 0 is no bound."),
    Key::new("learn.summaries", "true", "Whether sessions get a running summary."),
];

pub(super) const BUDGET_KEYS: &[Key] = &[
    Key::new("learn.budget.tokens_per_day", "-1", "Tokens of prompts and answers; -1 is no bound."),
    Key::new("learn.budget.cost_per_day", "-1.0", "In your currency, by the prices below; -1 is no bound."),
];

pub(super) const PRICES_KEYS: &[Key] = &[
    Key::new("learn.prices.prompt", "0.0", "A million tokens of prompts."),
    Key::new("learn.prices.answer", "0.0", "A million tokens of answers."),
];

/// What is learned.
pub(crate) struct Learn {
    /// How appends that do not say are learned from.
    pub(crate) default: Mode,
    /// How spaces learn.
    pub(crate) settings: LearnSettings,
    /// How single spaces learn otherwise, by name.
    pub(crate) by_space: BTreeMap<String, LearnSettings>,
}

impl Learn {
    pub(super) fn read(values: &Values) -> Result<Self, Failure> {
        let by_space = values.space_names().map(|name| {
            let settings = settings(&values.for_space(&name))?;
            Ok((name, settings))
        });
        Ok(Self {
            default: values.get("learn.default")?,
            settings: settings(values)?,
            by_space: by_space.collect::<Result<_, Failure>>()?,
        })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum ProfileWord {
    Strict,
    Balanced,
    Open,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum SensitiveWord {
    Quarantine,
    Refuse,
}

fn settings(values: &Values) -> Result<LearnSettings, Failure> {
    let zone: String = values.get("learn.zone")?;
    let zone = Zone::new(&zone).map_err(|error| values.refuse("learn.zone", error))?;
    let expiry: BTreeMap<Kind, i64> = values.get("learn.expiry_days")?;
    if expiry.values().any(|days| *days < 1) {
        return Err(values.refuse("learn.expiry_days", "expected at least 1 day"));
    }
    let quota: u64 = values.get("learn.memory_quota")?;
    Ok(LearnSettings {
        profile: match values.get("learn.profile")? {
            ProfileWord::Strict => Profile::Strict,
            ProfileWord::Balanced => Profile::Balanced,
            ProfileWord::Open => Profile::Open,
        },
        sensitive: match values.get("learn.sensitive")? {
            SensitiveWord::Quarantine => Sensitive::Quarantine,
            SensitiveWord::Refuse => Sensitive::Refuse,
        },
        instructions: values.get("learn.instructions")?,
        categories: values.get("learn.categories")?,
        include: values.get("learn.include")?,
        exclude: values.get("learn.exclude")?,
        context_turns: values.get("learn.context_turns")?,
        zone,
        expiry_days: expiry.into_iter().map(|(kind, days)| (kind.into(), days)).collect(),
        budget: Budget {
            tokens_per_day: u64::try_from(values.get::<i64>("learn.budget.tokens_per_day")?).ok(),
            micro_cost_per_day: millionths(values, "learn.budget.cost_per_day")?,
        },
        prices: Prices {
            prompt: millionths(values, "learn.prices.prompt")?.unwrap_or(0),
            answer: millionths(values, "learn.prices.answer")?.unwrap_or(0),
        },
        memory_quota: (quota > 0).then_some(quota),
        summaries: values.get("learn.summaries")?,
    })
}

/// An amount in millionths of the currency unit; `None` for less than nothing.
fn millionths(values: &Values, name: &'static str) -> Result<Option<u64>, Failure> {
    let amount: f64 = values.get(name)?;
    if !amount.is_finite() || amount > 1e12 {
        return Err(values.refuse(name, "expected an amount of money"));
    }
    Ok((amount >= 0.0).then(|| (amount * 1e6).round() as u64))
}
