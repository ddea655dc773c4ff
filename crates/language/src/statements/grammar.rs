//! Grammar: the rules of all families with the attributes they give, read once from the files under `grammar/`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use dreamkeeper_domain::memory::Kind;
use serde::Deserialize;

use super::index::{Index, Patterns};
use super::lexicon::{Class, Lexicon, WordId};
use super::pattern::Pattern;
use super::tokens::Token;

/// In the order in which they are tried: the first rule that fits a clause reads it.
const FAMILIES: [&str; 9] = [
    include_str!("../../grammar/endings.toml"),
    include_str!("../../grammar/person.toml"),
    include_str!("../../grammar/home.toml"),
    include_str!("../../grammar/family.toml"),
    include_str!("../../grammar/body.toml"),
    include_str!("../../grammar/work.toml"),
    include_str!("../../grammar/tastes.toml"),
    include_str!("../../grammar/events.toml"),
    include_str!("../../grammar/general.toml"),
];
const ATTRIBUTES: &str = include_str!("../../grammar/attributes.toml");
const WORDS: &str = include_str!("../../grammar/words.toml");
const REQUESTS: &str = include_str!("../../grammar/requests.toml");

/// A property that a statement gives of its subject.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Attribute {
    #[serde(skip)]
    pub(super) name: String,
    pub(super) kind: Kind,
    /// Whether it has one value at a time.
    #[serde(default)]
    pub(super) one: bool,
    /// Whether it is a mood when said of now.
    #[serde(default)]
    pub(super) moment: bool,
    /// Whether a value that points to something outside the clause is refused.
    #[serde(default)]
    pub(super) own: bool,
    pub(super) weight: f32,
}

/// Whose clauses a rule reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Whose {
    #[default]
    Any,
    User,
    Other,
    Pet,
    Thing,
}

/// Where the time lies that a rule asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum When {
    /// After the day on which it is said.
    Ahead,
    /// Before the day before.
    Behind,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleText {
    attribute: String,
    kind: Option<Kind>,
    #[serde(default)]
    who: Whose,
    #[serde(default)]
    does: Vec<String>,
    #[serde(default)]
    has: Vec<String>,
    #[serde(default)]
    says: Vec<String>,
    #[serde(default)]
    adds: Vec<String>,
    when: Option<When>,
    text: Option<String>,
    #[serde(default)]
    not: Vec<String>,
    #[serde(default)]
    not_value: Vec<String>,
    #[serde(default)]
    dated: bool,
    #[serde(default)]
    moment: bool,
    #[serde(default)]
    ends: bool,
}

#[derive(Debug, Deserialize)]
struct Family {
    rule: Vec<RuleText>,
}

/// One rule.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) attribute: Attribute,
    pub(super) whose: Whose,
    /// What follows the subject.
    pub(super) does: Vec<Pattern>,
    /// What follows "my", "her" or "my sister's".
    pub(super) has: Vec<Pattern>,
    /// Whole clauses.
    pub(super) says: Vec<Pattern>,
    /// What is added about the subject of the clause before, without a verb: "born in Cork".
    pub(super) adds: Vec<Pattern>,
    /// Where a time must lie that the clause names.
    pub(super) when: Option<When>,
    /// How a whole clause is told, with `{who}` and `{value}`.
    pub(super) text: Option<String>,
    /// Words that may not be among the first three of the value.
    pub(super) not: Vec<WordId>,
    /// Words that the value may not begin with.
    pub(super) not_value: Vec<WordId>,
    /// Whether the clause must name a time.
    pub(super) dated: bool,
    /// Whether it says that what it names has come to an end.
    pub(super) ends: bool,
}

/// Patterns of what is asked of the memory or the assistant.
#[derive(Debug)]
pub(super) struct Requests {
    pub(super) off_record: Patterns,
    pub(super) forget: Patterns,
    pub(super) remember: Patterns,
    pub(super) instruction: Patterns,
    pub(super) hedge: Patterns,
    pub(super) not_meant: Patterns,
    pub(super) supposed: Patterns,
    pub(super) whole: Patterns,
    pub(super) from_here_on: Patterns,
    pub(super) joke: Patterns,
    pub(super) paste: Patterns,
    pub(super) passing: Patterns,
    pub(super) correcting: Patterns,
    pub(super) said_before: Patterns,
    pub(super) lead_in: Patterns,
}

/// The patterns of one sort of all rules, as numbers of rule and pattern, found by how they begin.
#[derive(Debug)]
pub(super) struct Phrases {
    index: Index,
    owners: Vec<(usize, usize)>,
}

impl Phrases {
    fn new(rules: &[Rule], of: fn(&Rule) -> &[Pattern]) -> Self {
        let index = Index::new(rules.iter().flat_map(of));
        let numbers = rules.iter().enumerate();
        let owners = numbers.flat_map(|(rule, one)| (0..of(one).len()).map(move |number| (rule, number)));
        Self { index, owners: owners.collect() }
    }

    /// Those that may fit from `from` on: rule and pattern, in the order in which they are tried.
    pub(super) fn at(&self, words: &[Token<'_>], from: usize, end: usize) -> Vec<(usize, usize)> {
        let numbers = self.index.candidates(words, from, end);
        numbers.into_iter().map(|number| self.owners[number as usize]).collect()
    }
}

/// Everything the reader knows of the language.
#[derive(Debug)]
pub(super) struct Grammar {
    pub(super) lexicon: Lexicon,
    pub(super) rules: Vec<Rule>,
    pub(super) does: Phrases,
    pub(super) has: Phrases,
    pub(super) says: Phrases,
    pub(super) adds: Phrases,
    pub(super) requests: Requests,
    attributes: BTreeMap<String, Attribute>,
}

impl Grammar {
    /// The grammar that the binary carries.
    pub(super) fn get() -> &'static Self {
        static GRAMMAR: LazyLock<Grammar> =
            LazyLock::new(|| Grammar::load().expect("the grammar's files are checked by a test"));
        &GRAMMAR
    }

    /// An attribute by its name; every rule's and request's is there.
    pub(super) fn attribute(&self, name: &str) -> &Attribute {
        self.attributes.get(name).expect("attributes of requests are checked by a test")
    }

    fn load() -> Result<Self, String> {
        let tell = |error: toml::de::Error| error.to_string();
        let classes: BTreeMap<Class, String> = toml::from_str(WORDS).map_err(tell)?;
        let mut attributes: BTreeMap<String, Attribute> = toml::from_str(ATTRIBUTES).map_err(tell)?;
        attributes.iter_mut().for_each(|(name, attribute)| attribute.name.clone_from(name));
        let mut lexicon = Lexicon::new(&classes);
        let mut rules = Vec::new();
        for family in FAMILIES {
            let family: Family = toml::from_str(family).map_err(tell)?;
            for text in family.rule {
                rules.push(rule(text, &attributes, &mut lexicon)?);
            }
        }
        let mut texts: BTreeMap<String, Vec<String>> = toml::from_str(REQUESTS).map_err(tell)?;
        let mut take = |name: &str| {
            let texts = texts.remove(name).ok_or_else(|| format!("requests.toml: no `{name}`"))?;
            patterns(&texts, &mut lexicon).map(Patterns::new)
        };
        let requests = Requests {
            off_record: take("off_record")?,
            forget: take("forget")?,
            remember: take("remember")?,
            instruction: take("instruction")?,
            hedge: take("hedge")?,
            not_meant: take("not_meant")?,
            supposed: take("supposed")?,
            whole: take("whole")?,
            from_here_on: take("from_here_on")?,
            joke: take("joke")?,
            paste: take("paste")?,
            passing: take("passing")?,
            lead_in: take("lead_in")?,
            correcting: take("correcting")?,
            said_before: take("said_before")?,
        };
        let does = Phrases::new(&rules, |rule| &rule.does);
        let has = Phrases::new(&rules, |rule| &rule.has);
        let says = Phrases::new(&rules, |rule| &rule.says);
        let adds = Phrases::new(&rules, |rule| &rule.adds);
        Ok(Self { lexicon, rules, does, has, says, adds, requests, attributes })
    }
}

fn rule(
    text: RuleText,
    attributes: &BTreeMap<String, Attribute>,
    lexicon: &mut Lexicon,
) -> Result<Rule, String> {
    let mut attribute =
        attributes.get(&text.attribute).cloned().ok_or(format!("no attribute `{}`", text.attribute))?;
    attribute.kind = text.kind.unwrap_or(attribute.kind);
    attribute.moment |= text.moment;
    let does = patterns(&text.does, lexicon)?;
    for word in does.iter().flat_map(Pattern::first_words) {
        lexicon.mark_verb(*word);
    }
    Ok(Rule {
        attribute,
        whose: text.who,
        does,
        has: patterns(&text.has, lexicon)?,
        says: patterns(&text.says, lexicon)?,
        adds: patterns(&text.adds, lexicon)?,
        when: text.when,
        text: text.text,
        not: text.not.iter().map(|word| lexicon.enter(word)).collect(),
        not_value: text.not_value.iter().map(|word| lexicon.enter(word)).collect(),
        dated: text.dated,
        ends: text.ends,
    })
}

fn patterns(texts: &[String], lexicon: &mut Lexicon) -> Result<Vec<Pattern>, String> {
    texts.iter().map(|text| Pattern::parse(text, lexicon)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_of_the_grammar_are_whole() {
        let grammar = Grammar::load().unwrap();
        assert!(grammar.rules.len() > 40);
        for name in ["instruction", "note", "nickname"] {
            assert_eq!(grammar.attribute(name).name, name);
        }
    }
}
