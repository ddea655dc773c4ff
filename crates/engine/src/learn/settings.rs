//! Settings of learning: what a space keeps, holds back, and may spend.

use std::collections::BTreeMap;

use dreamkeeper_domain::memory::Kind;
use dreamkeeper_domain::time::Zone;

/// How much is let through without a person.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Profile {
    /// Only what the person and the operator said themselves.
    Strict,
    /// What a model said is kept under its own origin; what tools and outsiders said waits in quarantine.
    #[default]
    Balanced,
    /// What tools and outsiders said is kept under their own origin, unless it looks like an instruction.
    Open,
}

impl Profile {
    /// Every profile.
    pub const ALL: [Self; 3] = [Self::Strict, Self::Balanced, Self::Open];

    /// The word used in configuration.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Strict => "strict",
            Self::Balanced => "balanced",
            Self::Open => "open",
        }
    }
}

/// What is done with secrets and numbers of cards, accounts and documents.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Sensitive {
    /// Held back for a person, who sees them.
    #[default]
    Quarantine,
    /// Not kept anywhere but in the message itself.
    Refuse,
}

/// What models may take of a space in a day (UTC). 0 is nothing, absent is no bound.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Budget {
    /// Tokens of prompts and answers.
    pub tokens_per_day: Option<u64>,
    /// Millionths of the currency unit.
    pub micro_cost_per_day: Option<u64>,
}

/// What a model costs, in millionths of the currency unit per million tokens.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Prices {
    /// Tokens of prompts.
    pub prompt: u64,
    /// Tokens of answers.
    pub answer: u64,
}

/// How a space learns.
#[derive(Debug, Clone, PartialEq)]
pub struct LearnSettings {
    /// How much is let through without a person.
    pub profile: Profile,
    /// What is done with secrets.
    pub sensitive: Sensitive,
    /// What a model is told beside its standing prompt.
    pub instructions: String,
    /// Topics that memories are filed under: name and what belongs there.
    pub categories: BTreeMap<String, String>,
    /// When there are any, only what has all the words of one of these is kept.
    pub include: Vec<String>,
    /// What has all the words of one of these is not kept.
    pub exclude: Vec<String>,
    /// Turns before the new ones that a model is shown.
    pub context_turns: usize,
    /// The zone of speakers who name none.
    pub zone: Zone,
    /// Days after which memories of a kind expire; a kind without keeps for ever.
    pub expiry_days: BTreeMap<Kind, i64>,
    /// What models may take.
    pub budget: Budget,
    /// What they cost.
    pub prices: Prices,
    /// Active memories that one user (or agent) may have; more are held back.
    pub memory_quota: Option<u64>,
    /// Whether sessions get a running summary.
    pub summaries: bool,
}

impl Default for LearnSettings {
    fn default() -> Self {
        Self {
            profile: Profile::default(),
            sensitive: Sensitive::default(),
            instructions: String::new(),
            categories: BTreeMap::new(),
            include: Vec::new(),
            exclude: Vec::new(),
            context_turns: 10,
            zone: Zone::utc(),
            expiry_days: BTreeMap::new(),
            budget: Budget::default(),
            prices: Prices::default(),
            memory_quota: None,
            summaries: true,
        }
    }
}
