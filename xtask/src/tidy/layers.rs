//! Layers: a crate may depend only on crates of a lower layer (DESIGN: arrows go down).

use super::File;

/// Every crate with its layer; crates of one layer do not know each other.
const LAYERS: [(&str, u8); 11] = [
    ("dreamkeeper-topics", 0),
    ("dreamkeeper-domain", 1),
    ("dreamkeeper-api", 2),
    ("dreamkeeper-index-embedded", 2),
    ("dreamkeeper-language", 2),
    ("dreamkeeper-models", 2),
    ("dreamkeeper-store-sqlite", 2),
    ("dreamkeeper-testkit", 2),
    ("dreamkeeper-engine", 3),
    ("dreamkeeper-http", 4),
    ("dreamkeeper", 5),
];

/// Stand above all layers: they measure and build.
const ABOVE: [&str; 2] = ["dreamkeeper-bench", "xtask"];

/// The crates of layer 2 that adapters live in: only the binary and the bench may name them.
const ADAPTERS: [&str; 3] = ["dreamkeeper-index-embedded", "dreamkeeper-models", "dreamkeeper-store-sqlite"];

pub(super) fn findings(files: &[File]) -> Vec<String> {
    let mut findings = Vec::new();
    for file in files.iter().filter(|file| file.path.ends_with("/Cargo.toml")) {
        match file.text.parse::<toml::Table>() {
            Ok(manifest) => check(&file.path, &manifest, &mut findings),
            Err(error) => findings.push(format!("{}: {error}", file.path)),
        }
    }
    findings
}

fn check(path: &str, manifest: &toml::Table, findings: &mut Vec<String>) {
    let Some(name) = manifest.get("package").and_then(|package| package.get("name")?.as_str()) else {
        return;
    };
    if ABOVE.contains(&name) {
        return;
    }
    let Some(layer) = layer(name) else {
        findings.push(format!("{path}: `{name}` has no layer: name it in xtask/src/tidy/layers.rs"));
        return;
    };
    let Some(dependencies) = manifest.get("dependencies").and_then(toml::Value::as_table) else { return };
    for dependency in dependencies.keys().filter(|name| name.starts_with("dreamkeeper")) {
        if self::layer(dependency).is_none_or(|below| below >= layer) {
            findings.push(format!("{path}: `{name}` (layer {layer}) may not depend on `{dependency}`"));
        }
        if ADAPTERS.contains(&dependency.as_str()) && name != "dreamkeeper" {
            findings.push(format!("{path}: only the binary names adapters, not `{name}`: {dependency}"));
        }
        if dependency == "dreamkeeper-testkit" {
            findings.push(format!("{path}: testkit is for tests: make it a dev-dependency"));
        }
    }
}

fn layer(name: &str) -> Option<u8> {
    LAYERS.iter().find(|(crate_name, _)| *crate_name == name).map(|(_, layer)| *layer)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, dependency: &str) -> usize {
        let text = format!("[package]\nname = \"{name}\"\n[dependencies]\n{dependency}.workspace = true\n");
        findings(&[File { path: "crates/x/Cargo.toml".into(), text }]).len()
    }

    #[test]
    fn arrows_go_down_only() {
        assert_eq!(check("dreamkeeper-engine", "dreamkeeper-domain"), 0);
        assert_eq!(check("dreamkeeper-domain", "dreamkeeper-engine"), 1);
        assert_eq!(check("dreamkeeper-api", "dreamkeeper-testkit"), 2, "same layer, and not in tests");
        assert_eq!(
            check("dreamkeeper-http", "dreamkeeper-store-sqlite"),
            1,
            "adapters are named by the binary"
        );
        assert_eq!(check("dreamkeeper-new", "serde"), 1, "a new crate needs a layer");
    }
}
