//! Secrets that nobody has: keys and other credentials of the forms that their issuers document, drawn by chance.

use crate::SeededEntropy;

const ALNUM: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const URL: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
const UPPER: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const HEX: &str = "0123456789abcdef";
const DIGITS: &str = "0123456789";

/// An alphabet and how many letters of it.
type Part = (&'static str, usize);

/// The words around the parts that are drawn, `{}` for each.
#[rustfmt::skip]
const FORMS: [(&str, &[Part]); 101] = [
    ("AKIA{}", &[(UPPER, 16)]),
    ("aws_secret_access_key = {}", &[(ALNUM, 40)]),
    ("ghp_{}", &[(ALNUM, 36)]),
    ("github_pat_{}_{}", &[(ALNUM, 22), (ALNUM, 59)]),
    ("gho_{}", &[(ALNUM, 36)]),
    ("ghs_{}", &[(ALNUM, 36)]),
    ("sk-proj-{}", &[(URL, 80)]),
    ("sk-{}T3BlbkFJ{}", &[(ALNUM, 20), (ALNUM, 20)]),
    ("sk-ant-api03-{}AA", &[(URL, 93)]),
    ("xoxb-{}-{}-{}", &[(DIGITS, 12), (DIGITS, 12), (ALNUM, 24)]),
    ("xoxp-{}-{}-{}-{}", &[(DIGITS, 12), (DIGITS, 12), (DIGITS, 12), (HEX, 32)]),
    ("sk_live_{}", &[(ALNUM, 24)]),
    ("rk_live_{}", &[(ALNUM, 24)]),
    ("AIza{}", &[(URL, 35)]),
    ("npm_{}", &[(ALNUM, 36)]),
    ("-----BEGIN RSA PRIVATE KEY-----\n{}\n-----END RSA PRIVATE KEY-----", &[(ALNUM, 64)]),
    ("-----BEGIN OPENSSH PRIVATE KEY-----\n{}\n-----END OPENSSH PRIVATE KEY-----", &[(ALNUM, 70)]),
    ("eyJhbGciOiJIUzI1NiJ9.eyJ{}.{}", &[(URL, 40), (URL, 43)]),
    ("postgres://app:{}@db.internal:5432/main", &[(URL, 12)]),
    ("mongodb+srv://root:{}@cluster0.abcde.mongodb.net", &[(ALNUM, 14)]),
    ("my password is {}7", &[(ALNUM, 9)]),
    ("My PIN is {}", &[(DIGITS, 4)]),
    ("glpat-{}", &[(URL, 20)]),
    ("glrt-{}", &[(URL, 20)]),
    ("xapp-1-A{}-{}-{}", &[(UPPER, 10), (DIGITS, 13), (HEX, 64)]),
    ("https://hooks.slack.com/services/T{}/B{}/{}", &[(UPPER, 8), (UPPER, 8), (ALNUM, 24)]),
    ("https://discord.com/api/webhooks/{}/{}", &[(DIGITS, 18), (URL, 68)]),
    ("hf_{}", &[(ALNUM, 34)]),
    ("GOCSPX-{}", &[(URL, 28)]),
    ("SG.{}.{}", &[(URL, 22), (URL, 43)]),
    ("Authorization: Bearer {}4", &[(ALNUM, 40)]),
    ("DB_PASSWORD={}!9", &[(ALNUM, 10)]),
    ("\"client_secret\": \"{}5\"", &[(URL, 32)]),
    ("nfp_{}", &[(ALNUM, 36)]),
    ("dp.pt.{}", &[(ALNUM, 43)]),
    ("NRAK-{}", &[(UPPER, 27)]),
    ("sntryu_{}", &[(HEX, 64)]),
    ("pscale_tkn_{}", &[(URL, 43)]),
    ("lsv2_pt_{}_{}", &[(HEX, 32), (HEX, 10)]),
    ("pcsk_{}_{}", &[(ALNUM, 6), (ALNUM, 63)]),
    ("shippo_live_{}", &[(HEX, 40)]),
    ("rzp_live_{}3x9", &[(ALNUM, 14)]),
    ("CFPAT-{}", &[(URL, 43)]),
    ("EAAC{}", &[(ALNUM, 120)]),
    ("ATBB{}", &[(ALNUM, 32)]),
    ("bkua_{}", &[(HEX, 40)]),
    ("CCIPAT_{}_{}", &[(ALNUM, 22), (HEX, 40)]),
    ("{}.atlasv1.{}", &[(ALNUM, 14), (URL, 67)]),
    ("{}:AA{}", &[(DIGITS, 10), (URL, 33)]),
    ("MT{}.{}.{}", &[(ALNUM, 24), (URL, 6), (URL, 38)]),
    ("glc_eyJ{}", &[(ALNUM, 100)]),
    ("sgp_{}", &[(HEX, 40)]),
    ("squ_{}", &[(HEX, 40)]),
    ("LTAI5t{}7q8", &[(ALNUM, 18)]),
    ("AKID{}4d6", &[(ALNUM, 32)]),
    ("AQVN{}", &[(URL, 36)]),
    ("pnu_{}", &[(ALNUM, 36)]),
    ("fc-{}", &[(HEX, 32)]),
    ("tvly-{}9a8b", &[(ALNUM, 28)]),
    ("csk-{}7k3j", &[(ALNUM, 44)]),
    ("fw_{}2b4n", &[(ALNUM, 22)]),
    ("jina_{}", &[(URL, 60)]),
    ("ops_eyJ{}", &[(ALNUM, 200)]),
    ("hvs.{}", &[(URL, 90)]),
    ("pat-na1-{}-{}-{}-{}-{}", &[(HEX, 8), (HEX, 4), (HEX, 4), (HEX, 4), (HEX, 12)]),
    ("access-production-{}-{}-{}-{}-{}", &[(HEX, 8), (HEX, 4), (HEX, 4), (HEX, 4), (HEX, 12)]),
    ("dckr_pat_{}", &[(URL, 27)]),
    ("oy2{}", &[(ALNUM, 43)]),
    ("AKCp{}", &[(ALNUM, 69)]),
    ("xkeysib-{}-{}", &[(HEX, 64), (ALNUM, 16)]),
    ("phx_{}", &[(ALNUM, 43)]),
    ("figd_{}", &[(URL, 40)]),
    ("lin_api_{}", &[(ALNUM, 40)]),
    ("ntn_{}", &[(ALNUM, 46)]),
    ("dop_v1_{}", &[(HEX, 64)]),
    ("{}-us14", &[(HEX, 32)]),
    ("{}-{}-{}", &[(HEX, 32), (HEX, 8), (HEX, 8)]),
    ("{}8Q~{}", &[(ALNUM, 3), (ALNUM, 34)]),
    ("key-{}", &[(HEX, 32)]),
    ("shpat_{}", &[(HEX, 32)]),
    ("AccountKey={}==;EndpointSuffix=core.windows.net", &[(ALNUM, 86)]),
    ("https://x.blob.core.windows.net/c?sv=2024-11-04&sig={}7%3D", &[(ALNUM, 43)]),
    ("gsk_{}", &[(ALNUM, 52)]),
    ("xai-{}", &[(ALNUM, 80)]),
    ("pplx-{}", &[(ALNUM, 48)]),
    ("nvapi-{}", &[(URL, 64)]),
    ("r8_{}", &[(ALNUM, 37)]),
    ("dapi{}", &[(HEX, 32)]),
    ("sbp_{}", &[(HEX, 40)]),
    ("tskey-auth-{}-{}", &[(ALNUM, 17), (ALNUM, 32)]),
    ("PMAK-{}-{}", &[(HEX, 24), (HEX, 34)]),
    ("glsa_{}_{}", &[(ALNUM, 32), (HEX, 8)]),
    ("sq0atp-{}", &[(URL, 22)]),
    ("rubygems_{}", &[(HEX, 48)]),
    ("pypi-AgEIcHlwaS5vcmc{}", &[(URL, 80)]),
    ("ya29.{}", &[(URL, 100)]),
    ("ATATT3xFfGF0{}={}", &[(ALNUM, 60), (HEX, 8)]),
    ("whsec_{}", &[(ALNUM, 32)]),
    ("api_key: {}8", &[(ALNUM, 32)]),
    ("The code for the alarm? The alarm code is {}.", &[(DIGITS, 6)]),
    ("redis://:{}9@cache.internal:6379/0", &[(ALNUM, 16)]),
];

/// How many forms there are.
pub const FORM_COUNT: usize = FORMS.len();

/// A secret in the words of one form, and the part of it that must be told nowhere.
pub fn a_secret(form: usize, chance: &SeededEntropy) -> (String, String) {
    let (frame, parts) = FORMS[form % FORM_COUNT];
    let mut text = String::new();
    let mut longest = String::new();
    for (place, words) in frame.split("{}").enumerate() {
        if let Some((alphabet, length)) = place.checked_sub(1).and_then(|place| parts.get(place)) {
            let letters = alphabet.as_bytes();
            let drawn: String = (0..*length).map(|_| char::from(*chance.pick(letters))).collect();
            text.push_str(&drawn);
            if drawn.len() > longest.len() {
                longest = drawn;
            }
        }
        text.push_str(words);
    }
    (text, longest)
}
