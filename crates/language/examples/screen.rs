//! Screens texts from standard input, one JSON string a line, and tells how many each cause was found in;
//! with `--show CAUSE` the texts themselves.

use std::collections::BTreeMap;
use std::io::BufRead as _;

use dreamkeeper_language::screen::findings;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let shown =
        arguments.iter().position(|argument| argument == "--show").and_then(|place| arguments.get(place + 1));
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut total = 0;
    for line in std::io::stdin().lock().lines() {
        let text: String = serde_json::from_str(&line?)?;
        total += 1;
        let found = findings(&text);
        let mut causes: Vec<&str> = found.iter().map(|finding| finding.cause.as_str()).collect();
        causes.sort_unstable();
        causes.dedup();
        for cause in causes {
            *counts.entry(cause).or_default() += 1;
        }
        for finding in
            found.iter().filter(|finding| Some(finding.cause.as_str()) == shown.map(String::as_str))
        {
            eprintln!("{}: {:?}\n    {text:?}", finding.what, finding.span.of(&text));
        }
    }
    eprintln!("{total} texts: {counts:?}");
    Ok(())
}
