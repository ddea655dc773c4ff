//! Review: a person's word on each change. Accepting writes nothing yet; a change that the check set aside can only be
//! edited or left.

use dreamkeeper_domain::changeset::{Applied, Write};
use dreamkeeper_domain::dream::{ChangeReview, Dream, DreamMaker, DreamStatus, Effect, ProposedChange};
use dreamkeeper_domain::id::DreamId;
use dreamkeeper_domain::key::Permission;

use super::account;
use super::check::{Ground, check};
use super::read::{ChangeView, DreamView, found};
use crate::error::check_reason;
use crate::{Engine, Principal, VerbError};

impl Engine {
    /// Accepts changes, or lets them wait again.
    ///
    /// # Errors
    /// `Forbidden` without `approve`; `NotFound`; `Invalid` for a change that cannot be accepted.
    pub async fn accept_changes(
        &self,
        principal: &Principal,
        id: DreamId,
        numbers: &[u32],
    ) -> Result<DreamView, VerbError> {
        principal.require(Permission::Approve)?;
        let (actor, at) = (principal.actor.clone(), self.now());
        let accepted = |change: &mut ProposedChange| {
            refuse_unless_open(change)?;
            change.review = ChangeReview::Accepted { actor: actor.clone(), at };
            Ok(())
        };
        self.review(principal, id, numbers, accepted).await
    }

    /// Refuses changes; they can still be accepted later.
    ///
    /// # Errors
    /// `Forbidden` without `write`; `NotFound`; `Invalid` for a change that was adopted or set aside.
    pub async fn reject_changes(
        &self,
        principal: &Principal,
        id: DreamId,
        (numbers, reason): (&[u32], Option<String>),
    ) -> Result<DreamView, VerbError> {
        principal.require(Permission::Write)?;
        check_reason(reason.as_ref())?;
        let (actor, at) = (principal.actor.clone(), self.now());
        let rejected = |change: &mut ProposedChange| {
            refuse_unless_open(change)?;
            change.review = ChangeReview::Rejected { actor: actor.clone(), at, reason: reason.clone() };
            Ok(())
        };
        self.review(principal, id, numbers, rejected).await
    }

    async fn review(
        &self,
        principal: &Principal,
        id: DreamId,
        numbers: &[u32],
        mut each: impl FnMut(&mut ProposedChange) -> Result<(), VerbError>,
    ) -> Result<DreamView, VerbError> {
        let space = self.space(principal).await?;
        let dream = found(&*space, id).await?;
        refuse_unless_whole(&dream)?;
        let mut changes = space.proposed_changes(id).await?;
        let mut changed = Vec::new();
        for number in numbers {
            let change = changes.iter_mut().find(|change| change.number == *number);
            let change = change.ok_or_else(|| VerbError::not_found("change", number))?;
            each(change)?;
            changed.push(change.clone());
        }
        if !changed.is_empty() {
            let writes = vec![Write::PutProposedChanges { dream: id, changes: changed }];
            self.apply(principal, &space, writes, |_: &Applied| Vec::new()).await?;
        }
        Ok(DreamView { dream, changes })
    }

    /// Gives one topic of a change other words; it waits for review again, as made by that person.
    ///
    /// # Errors
    /// `Forbidden` without `write`; `NotFound`; `Invalid` where the change writes no topic at that path, or may not stand
    /// as edited.
    pub async fn edit_change(
        &self,
        principal: &Principal,
        (id, number): (DreamId, u32),
        (path, content): (&str, String),
    ) -> Result<ChangeView, VerbError> {
        principal.require(Permission::Write)?;
        let space = self.space(principal).await?;
        let ChangeView { dream, mut change } = super::read::change(&*space, id, number).await?;
        refuse_unless_whole(&dream)?;
        if !matches!(change.review, ChangeReview::SetAside { .. }) {
            refuse_unless_open(&change)?;
        }
        let after = change.effects.iter_mut().find_map(|effect| match effect {
            Effect::Topic(effect) => effect.after.as_mut().filter(|(at, _)| at == path),
            Effect::Memory(_) => None,
        });
        let (_, words) = after.ok_or_else(|| {
            VerbError::invalid("path", format!("change {number} writes no topic at `{path}`"))
        })?;
        *words = content;
        change.claims = account::of_edit(&change);
        change.maker = DreamMaker::Person(principal.actor.clone());
        change.origin = change.origin.min(principal.ceiling);
        change.review = ChangeReview::Waiting;
        let ground = self.ground(&*space, &dream).await?;
        let broken = check(&change, &ground);
        if !broken.is_empty() {
            return Err(VerbError::invalid(
                "content",
                format!("the change may not stand so: {}", broken.join("; ")),
            ));
        }
        let writes = vec![Write::PutProposedChanges { dream: id, changes: vec![change.clone()] }];
        self.apply(principal, &space, writes, |_: &Applied| Vec::new()).await?;
        Ok(ChangeView { dream, change })
    }

    /// Stops a dream that is under way; one that was canceled stays so.
    ///
    /// # Errors
    /// `Forbidden` without `write`; `NotFound`; `Invalid` for one that ended.
    pub async fn cancel_dream(&self, principal: &Principal, id: DreamId) -> Result<Dream, VerbError> {
        self.set_dream(principal, id, |dream, at| {
            if dream.status == DreamStatus::Canceled {
                return Ok(());
            }
            if dream.status.is_final() {
                let status = dream.status.as_str();
                return Err(VerbError::invalid(
                    "dream",
                    format!("is {status} already: nothing is to be canceled"),
                ));
            }
            dream.status = DreamStatus::Canceled;
            dream.ended_at = Some(at);
            (dream.holds_target, dream.lease) = (false, None);
            Ok(())
        })
        .await
    }

    /// Takes a dream that ended out of the list.
    ///
    /// # Errors
    /// `Forbidden` without `write`; `NotFound`; `Invalid` for one that is under way.
    pub async fn archive_dream(&self, principal: &Principal, id: DreamId) -> Result<Dream, VerbError> {
        self.set_dream(principal, id, |dream, at| {
            if !dream.status.is_final() {
                return Err(VerbError::invalid("dream", "is under way: wait until it ends, or cancel it"));
            }
            dream.archived_at = dream.archived_at.or(Some(at));
            Ok(())
        })
        .await
    }

    async fn set_dream(
        &self,
        principal: &Principal,
        id: DreamId,
        set: impl FnOnce(&mut Dream, jiff::Timestamp) -> Result<(), VerbError>,
    ) -> Result<Dream, VerbError> {
        principal.require(Permission::Write)?;
        let space = self.space(principal).await?;
        let mut dream = found(&*space, id).await?;
        let before = dream.clone();
        set(&mut dream, self.now())?;
        if dream != before {
            let expected = dreamkeeper_domain::changeset::Expected::Version(before.version);
            self.put_dream(principal, &space, (&mut dream, expected), Vec::new()).await?;
        }
        Ok(dream)
    }

    /// What changes of the dream must find now.
    pub(super) async fn ground(
        &self,
        space: &dyn dreamkeeper_domain::ports::SpaceStore,
        dream: &Dream,
    ) -> Result<Ground, VerbError> {
        let topics = match dream.target.store {
            Some(store) => super::adopt::heads_as_topics(space, store).await?,
            None => Vec::new(),
        };
        let memories = match &dream.target.scope {
            Some(scope) => super::gather::memories(space, scope).await?,
            None => Vec::new(),
        };
        Ok(Ground::new(dream.target.store, &topics, &memories))
    }
}

pub(super) fn refuse_unless_whole(dream: &Dream) -> Result<(), VerbError> {
    if dream.status == DreamStatus::Completed {
        return Ok(());
    }
    Err(VerbError::invalid(
        "dream",
        format!("is {}: only a completed one can be reviewed", dream.status.as_str()),
    ))
}

fn refuse_unless_open(change: &ProposedChange) -> Result<(), VerbError> {
    let number = change.number;
    let problem = match &change.review {
        ChangeReview::Waiting
        | ChangeReview::Accepted { .. }
        | ChangeReview::Rejected { .. }
        | ChangeReview::RolledBack { .. } => return Ok(()),
        ChangeReview::SetAside { reasons } => {
            format!("{number} was set aside by the check: {}", reasons.join("; "))
        }
        ChangeReview::Adopted { adoption } => {
            format!("{number} is written by adoption {adoption}: roll that back first")
        }
    };
    Err(VerbError::invalid("change", problem))
}
