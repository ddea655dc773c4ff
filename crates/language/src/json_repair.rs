//! stub
/// r
pub fn repair(text: &str) -> Result<(serde_json::Value, Vec<String>), serde_json::Error> {
    Ok((serde_json::from_str(text)?, Vec::new()))
}
