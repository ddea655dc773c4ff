//! Formats: how the keys of well-known issuers begin and go on, as their documentation tells.

use std::ops::RangeInclusive;

/// Which bytes a key is made of.
#[derive(Debug, Clone, Copy)]
pub(super) enum Alphabet {
    /// `A-Z0-9`.
    Upper,
    /// `a-f0-9`.
    Hex,
    /// `A-Za-z0-9`.
    Alnum,
    /// `A-Za-z0-9_-`.
    Url,
    /// `A-Za-z0-9_-.`.
    Dotted,
    /// `A-Za-z0-9_-./`.
    Path,
    /// `A-Za-z0-9_-+/=.`.
    Base64,
}

impl Alphabet {
    pub(super) fn has(self, byte: u8) -> bool {
        match self {
            Self::Upper => byte.is_ascii_uppercase() || byte.is_ascii_digit(),
            Self::Hex => matches!(byte, b'a'..=b'f' | b'0'..=b'9'),
            Self::Alnum => byte.is_ascii_alphanumeric(),
            Self::Url => byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'),
            Self::Dotted => Self::Url.has(byte) || byte == b'.',
            Self::Path => Self::Dotted.has(byte) || byte == b'/',
            Self::Base64 => Self::Path.has(byte) || matches!(byte, b'+' | b'='),
        }
    }
}

/// A key's form.
pub(super) struct Format {
    pub(super) prefix: &'static str,
    pub(super) alphabet: Alphabet,
    /// Bytes after the prefix.
    pub(super) length: RangeInclusive<usize>,
    pub(super) what: &'static str,
}

const fn format(
    prefix: &'static str,
    alphabet: Alphabet,
    length: RangeInclusive<usize>,
    what: &'static str,
) -> Format {
    Format { prefix, alphabet, length, what }
}

const LONG: usize = 400;

use Alphabet::{Alnum, Base64, Dotted, Hex, Path, Upper, Url};

#[rustfmt::skip]
pub(super) const FORMATS: [Format; 72] = [
    format("AKIA", Upper, 16..=16, "an AWS access key"),
    format("ASIA", Upper, 16..=16, "an AWS access key"),
    format("ABIA", Upper, 16..=16, "an AWS access key"),
    format("ACCA", Upper, 16..=16, "an AWS access key"),
    format("ABSK", Base64, 80..=LONG, "an AWS Bedrock key"),
    format("ghp_", Alnum, 36..=LONG, "a GitHub token"),
    format("gho_", Alnum, 36..=LONG, "a GitHub token"),
    format("ghu_", Alnum, 36..=LONG, "a GitHub token"),
    format("ghs_", Alnum, 36..=LONG, "a GitHub token"),
    format("ghr_", Alnum, 36..=LONG, "a GitHub token"),
    format("github_pat_", Url, 22..=LONG, "a GitHub token"),
    format("glpat-", Url, 20..=LONG, "a GitLab token"),
    format("gldt-", Url, 20..=LONG, "a GitLab token"),
    format("glrt-", Url, 20..=LONG, "a GitLab token"),
    format("sk-ant-", Url, 20..=LONG, "an Anthropic key"),
    format("sk-proj-", Url, 20..=LONG, "an OpenAI key"),
    format("sk-svcacct-", Url, 20..=LONG, "an OpenAI key"),
    format("sk-admin-", Url, 20..=LONG, "an OpenAI key"),
    format("sk-or-v1-", Hex, 32..=LONG, "an OpenRouter key"),
    format("sk-", Url, 20..=LONG, "an API key"),
    format("xoxb-", Url, 20..=LONG, "a Slack token"),
    format("xoxp-", Url, 20..=LONG, "a Slack token"),
    format("xoxa-", Url, 20..=LONG, "a Slack token"),
    format("xoxr-", Url, 20..=LONG, "a Slack token"),
    format("xoxs-", Url, 20..=LONG, "a Slack token"),
    format("xoxe.", Dotted, 20..=LONG, "a Slack token"),
    format("xoxe-", Url, 20..=LONG, "a Slack token"),
    format("xapp-", Url, 20..=LONG, "a Slack token"),
    format("hooks.slack.com/services/T", Path, 30..=LONG, "a Slack webhook"),
    format("discord.com/api/webhooks/", Path, 40..=LONG, "a Discord webhook"),
    format("sk_live_", Alnum, 16..=LONG, "a Stripe key"),
    format("sk_test_", Alnum, 16..=LONG, "a Stripe key"),
    format("rk_live_", Alnum, 16..=LONG, "a Stripe key"),
    format("rk_test_", Alnum, 16..=LONG, "a Stripe key"),
    format("whsec_", Base64, 24..=LONG, "a webhook secret"),
    format("AIza", Url, 35..=35, "a Google API key"),
    format("ya29.", Url, 20..=LONG, "a Google token"),
    format("GOCSPX-", Url, 20..=40, "a Google client secret"),
    format("1//0", Url, 30..=LONG, "a Google refresh token"),
    format("npm_", Alnum, 36..=LONG, "an npm token"),
    format("pypi-AgE", Url, 40..=LONG, "a PyPI token"),
    format("rubygems_", Hex, 48..=48, "a RubyGems key"),
    format("hf_", Alnum, 30..=LONG, "a Hugging Face token"),
    format("r8_", Alnum, 30..=LONG, "a Replicate token"),
    format("gsk_", Alnum, 40..=LONG, "a Groq key"),
    format("xai-", Alnum, 40..=LONG, "an xAI key"),
    format("pplx-", Alnum, 32..=LONG, "a Perplexity key"),
    format("nvapi-", Url, 40..=LONG, "an NVIDIA key"),
    format("SG.", Dotted, 50..=LONG, "a SendGrid key"),
    format("key-", Hex, 32..=32, "a Mailgun key"),
    format("SK", Hex, 32..=32, "a Twilio key"),
    format("shpat_", Alnum, 32..=32, "a Shopify token"),
    format("shpss_", Alnum, 32..=32, "a Shopify secret"),
    format("shpca_", Alnum, 32..=32, "a Shopify token"),
    format("sq0atp-", Url, 22..=LONG, "a Square token"),
    format("sq0csp-", Url, 40..=LONG, "a Square secret"),
    format("EAAA", Url, 56..=LONG, "a Square or Facebook token"),
    format("dop_v1_", Hex, 64..=64, "a DigitalOcean token"),
    format("doo_v1_", Hex, 64..=64, "a DigitalOcean token"),
    format("dckr_pat_", Url, 20..=LONG, "a Docker token"),
    format("lin_api_", Alnum, 32..=LONG, "a Linear key"),
    format("ntn_", Alnum, 40..=LONG, "a Notion token"),
    format("glsa_", Url, 32..=LONG, "a Grafana token"),
    format("ATATT3", Base64, 40..=LONG, "an Atlassian token"),
    format("PMAK-", Url, 40..=LONG, "a Postman key"),
    format("dapi", Hex, 32..=LONG, "a Databricks token"),
    format("sbp_", Hex, 40..=40, "a Supabase token"),
    format("hvs.", Url, 24..=LONG, "a Vault token"),
    format("tskey-", Url, 20..=LONG, "a Tailscale key"),
    format("figd_", Url, 30..=LONG, "a Figma token"),
    format("AGE-SECRET-KEY-1", Upper, 40..=LONG, "an age key"),
    format("pul-", Hex, 40..=40, "a Pulumi token"),
];
