//! Budget: what models may take of a space in a day.

use std::sync::Arc;

use dreamkeeper_domain::ports::{PortError, PortErrorKind, SpaceStore};
use jiff::tz::TimeZone;

use super::settings::LearnSettings;
use crate::{Engine, VerbError};

impl Engine {
    /// Refuses to go on when the day's budget is spent; learning resumes by itself on the next day (UTC).
    pub(crate) async fn check_budget(
        &self,
        space: &Arc<dyn SpaceStore>,
        settings: &LearnSettings,
    ) -> Result<(), VerbError> {
        let budget = settings.budget;
        if self.learning.model.is_none()
            || (budget.tokens_per_day.is_none() && budget.micro_cost_per_day.is_none())
        {
            return Ok(());
        }
        let day = self.now().to_zoned(TimeZone::UTC).date();
        let spent = space.spending(day).await?;
        let tokens = budget.tokens_per_day.filter(|bound| spent.tokens >= *bound);
        let cost = budget.micro_cost_per_day.filter(|bound| spent.micro_cost >= *bound);
        let what = match (tokens, cost) {
            (Some(bound), _) => format!("{} of {bound} tokens", spent.tokens),
            (None, Some(bound)) => format!("{} of {bound} millionths", spent.micro_cost),
            (None, None) => return Ok(()),
        };
        let message = format!(
            "the day's budget of this space is spent ({what} on {day}): learning goes on tomorrow (UTC); raise \
             `learn.budget` to go on now"
        );
        Err(PortError::temporary(PortErrorKind::Overloaded, message).into())
    }
}
