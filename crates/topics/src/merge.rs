//! Merge: two changes of one text become one where they do not meet (Khanna, Kunal and Pierce, "A Formal
//! Investigation of Diff3", 2007).

use crate::diff::{kept_lines, lines};

/// A stretch of a merge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Region {
    /// What both agree on, or only one changed.
    Clean(String),
    /// What both changed, each otherwise.
    Conflict {
        /// What it was.
        base: String,
        /// What one made of it.
        ours: String,
        /// What the other made of it.
        theirs: String,
    },
}

/// Two changes of one text brought together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Merge {
    /// The stretches, in order.
    pub regions: Vec<Region>,
}

impl Merge {
    /// The whole text; `None` where the changes meet.
    pub fn clean(&self) -> Option<String> {
        let text = |region: &Region| match region {
            Region::Clean(text) => Some(text.clone()),
            Region::Conflict { .. } => None,
        };
        self.regions.iter().map(text).collect()
    }

    fn push(&mut self, region: Region) {
        match (&region, self.regions.last_mut()) {
            (Region::Clean(text), Some(Region::Clean(last))) => last.push_str(text),
            (Region::Clean(text), _) if text.is_empty() => {}
            _ => self.regions.push(region),
        }
    }
}

/// Brings two changes of `base` together, line by line.
pub fn merge(base: &str, ours: &str, theirs: &str) -> Merge {
    let (in_ours, in_theirs) = (Kept::new(base, ours), Kept::new(base, theirs));
    let (base, ours, theirs) = (lines(base), lines(ours), lines(theirs));
    let mut merge = Merge::default();
    let (mut b, mut o, mut t) = (0, 0, 0);
    loop {
        // The next line of the base that both kept: up to it, whatever differs belongs together.
        let next =
            (b..base.len()).find_map(|line| Some((line, in_ours.place(line)?, in_theirs.place(line)?)));
        let (to_b, to_o, to_t) = next.unwrap_or((base.len(), ours.len(), theirs.len()));
        let stretch = [base[b..to_b].concat(), ours[o..to_o].concat(), theirs[t..to_t].concat()];
        merge.push(settle(stretch));
        if next.is_none() {
            return merge;
        }
        merge.push(Region::Clean(base[to_b].to_owned()));
        (b, o, t) = (to_b + 1, to_o + 1, to_t + 1);
    }
}

fn settle([base, ours, theirs]: [String; 3]) -> Region {
    if ours == theirs || theirs == base {
        Region::Clean(ours)
    } else if ours == base {
        Region::Clean(theirs)
    } else {
        Region::Conflict { base, ours, theirs }
    }
}

/// Where each line of the base stands in a change.
struct Kept(Vec<Option<usize>>);

impl Kept {
    fn new(base: &str, changed: &str) -> Self {
        let mut places = vec![None; lines(base).len()];
        for (from, to) in kept_lines(base, changed) {
            places[from] = Some(to);
        }
        Self(places)
    }

    fn place(&self, line: usize) -> Option<usize> {
        self.0.get(line).copied().flatten()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn changes_apart_meet_nowhere() {
        let merged = merge("a\nb\nc\nd\n", "A\nb\nc\nd\n", "a\nb\nc\nd\ne\n");
        assert_eq!(merged.clean().as_deref(), Some("A\nb\nc\nd\ne\n"));
    }

    #[test]
    fn changes_of_one_line_are_told() {
        let merged = merge("a\nb\nc\n", "a\nx\nc\n", "a\ny\nc\n");
        assert_eq!(merged.clean(), None);
        let conflict = Region::Conflict { base: "b\n".into(), ours: "x\n".into(), theirs: "y\n".into() };
        assert_eq!(merged.regions, [Region::Clean("a\n".into()), conflict, Region::Clean("c\n".into())]);
    }

    proptest! {
        #[test]
        fn one_change_alone_is_taken_and_two_alike_once(base in "([abc]\n){0,10}", one in "([abc]\n){0,10}([ab]?)") {
            prop_assert_eq!(merge(&base, &one, &base).clean(), Some(one.clone()));
            prop_assert_eq!(merge(&base, &base, &one).clean(), Some(one.clone()));
            prop_assert_eq!(merge(&base, &one, &one).clean(), Some(one.clone()));
        }

        #[test]
        fn no_line_of_either_change_is_lost_silently(
            base in "([abc]\n){0,8}", ours in "([abcx]\n){0,8}", theirs in "([abcy]\n){0,8}"
        ) {
            let merged = merge(&base, &ours, &theirs);
            let all: String = merged.regions.iter().map(|region| match region {
                Region::Clean(text) => text.clone(),
                Region::Conflict { ours, theirs, .. } => format!("{ours}{theirs}"),
            }).collect();
            prop_assert!(ours.matches('x').count() <= all.matches('x').count());
            prop_assert!(theirs.matches('y').count() <= all.matches('y').count());
        }
    }
}
