//! Policy: what maintenance archives and takes away, and when. A rule without days does nothing.

/// What maintenance does.
#[derive(Debug, Clone, PartialEq)]
pub struct MaintainPolicy {
    /// Archives memories so many days after they expired.
    pub expired_days: Option<u32>,
    /// Archives memories that were learned, not written outright, and that nobody was served or praised for so
    /// many days, unless they matter more than `unused_importance`.
    pub unused_days: Option<u32>,
    /// The importance, 0 to 1, up to which a memory counts as one that matters little.
    pub unused_importance: f32,
    /// Archives events so many days after the time that they tell of.
    pub past_event_days: Option<u32>,
    /// Keeps events of learning for so many days after they succeeded.
    pub events_days: u32,
    /// Keeps candidates that were released or rejected for so many days after they were held.
    pub quarantine_days: u32,
    /// Erases temporary sessions that have been quiet for so many hours.
    pub temporary_hours: u32,
}

impl Default for MaintainPolicy {
    fn default() -> Self {
        Self {
            expired_days: Some(30),
            unused_days: None,
            unused_importance: 0.3,
            past_event_days: None,
            events_days: dreamkeeper_domain::limits::EVENT_KEPT_DAYS as u32,
            quarantine_days: 90,
            temporary_hours: 24,
        }
    }
}
