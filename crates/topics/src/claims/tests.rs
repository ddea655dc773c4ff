//! Claims: every sort is found, and blocks are the text again.

use proptest::prelude::*;

use super::*;

const NOTE: &str = "---\ntitle: Ana\n---\n# Ana\n\nShe lives in Porto. Her cat is Miso,\nwho is 3.5 years old.\n\n## Food\n- Likes tea.\n  Not at night.\n  - [ ] buy tea\n1. Allergic to walnuts\n\n| day | meal |\n|---|---|\n| Mon | soup |\n\n```sh\nmake tea\n```\n***\nDr. Silva said so!";

#[test]
fn every_sort_of_claim_is_found_once() {
    let found: Vec<(String, Vec<String>)> =
        claims(NOTE).into_iter().map(|claim| (claim.text, claim.headings)).collect();
    let under = |headings: &[&str]| headings.iter().map(ToString::to_string).collect::<Vec<_>>();
    let expected = [
        ("She lives in Porto.", under(&["Ana"])),
        ("Her cat is Miso, who is 3.5 years old.", under(&["Ana"])),
        ("Likes tea. Not at night.", under(&["Ana", "Food"])),
        ("buy tea", under(&["Ana", "Food"])),
        ("Allergic to walnuts", under(&["Ana", "Food"])),
        ("| day | meal |", under(&["Ana", "Food"])),
        ("| Mon | soup |", under(&["Ana", "Food"])),
        ("```sh\nmake tea\n```", under(&["Ana", "Food"])),
        ("Dr. Silva said so!", under(&["Ana", "Food"])),
    ];
    assert_eq!(found, expected.map(|(text, headings)| (text.to_owned(), headings)));
}

#[test]
fn a_hash_tells_words_and_not_marks() {
    let hash = |text: &str| claims(text)[0].hash;
    assert_eq!(hash("- **Likes** tea"), hash("* likes tea."));
    assert_eq!(hash("1. likes\n   tea"), hash("likes tea"));
    for other in ["likes no tea", "likes 2 teas", "likes tea on 2026-05-01"] {
        assert_ne!(hash("likes tea"), hash(other));
    }
}

#[test]
fn what_has_no_word_states_nothing() {
    for text in ["", "\n\n", "# Head", "---\na: b\n---\n", "- \n* * *\n", "|---|"] {
        assert_eq!(claims(text), [], "{text:?}");
    }
}

proptest! {
    #[test]
    fn blocks_are_the_text_again(text in "([-*#|`~>]{0,3}[ a-c.\t]{0,4}(\r\n|\n)?){0,30}") {
        let mut at = 0;
        for block in blocks(&text) {
            prop_assert_eq!(block.span.start, at);
            at = block.span.end;
        }
        prop_assert_eq!(at, text.len());
        for claim in claims(&text) {
            prop_assert!(text.get(claim.span).is_some());
        }
    }
}
