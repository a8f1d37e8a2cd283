//! A person asks: every request is put on record with the day its answer is due, and so is what
//! became of it. None of this needs a permit.

use faceward_law::{
    AskedFor, Asker, Relatives, Request, RequestEvent, RequestHappened, RequestId, RequestKind,
    RequestState, SubjectId, arranged, died, standing_of,
};
use faceward_vault::{Act as VaultAct, Handle, Look, Receipt, request_commitments};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::facts::known;
use crate::{Act, EventOutcome, Regime, Ward, WardError};

/// What has to be said to put a request on record.
pub struct RequestAsk {
    /// Whose data it is about.
    pub handle: Handle,
    /// What is asked for.
    pub kind: RequestKind,
    /// Who asks.
    pub asker: Asker,
    /// What exactly, in words.
    pub details: Option<String>,
    /// How it came in.
    pub channel: String,
    /// When it came in; now if not said.
    pub received: Option<Timestamp>,
    /// What says when the answer is due; what the settings say if not said.
    pub regime: Option<Regime>,
}

/// A request, as it stands after something happened to it.
pub struct RequestRecorded {
    /// The request.
    pub request: Request,
    /// Whose data it is about.
    pub handle: Handle,
    /// What the rule packs find, where a relative asks.
    pub relatives: Option<Relatives>,
    /// What the person arranged for the case of death, where a relative asks.
    pub arrangement: Option<String>,
    /// Proof that it was recorded.
    pub receipt: Receipt,
}

/// A request in the list.
pub struct Listed {
    /// The request.
    pub request: Request,
    /// Whose data it is about.
    pub handle: Handle,
    /// Whether the answer is late.
    pub overdue: bool,
}

impl Ward {
    /// Puts a request on record. Whoever it is about is known from then on, if only for this.
    ///
    /// # Errors
    /// [`WardError::Law`] when it says too little; nothing was recorded then.
    pub async fn receive_request(&self, ask: RequestAsk) -> Result<RequestRecorded, WardError> {
        let now = self.now();
        let mut act = self.act().await?;
        let asked = AskedFor {
            subject: act.know(&ask.handle).await?,
            kind: ask.kind,
            asker: ask.asker,
            details: ask.details,
            channel: ask.channel,
            received: ask.received.unwrap_or(now),
            regime: ask.regime.unwrap_or_else(|| self.config.regime()),
        };
        let request = Request::receive(fresh_id()?, asked, now)?;
        act.keep_request(&request).await?;
        self.enter(act, request).await
    }

    /// Extends the time for an answer, once, with the reason that whoever asked was told.
    ///
    /// # Errors
    /// [`WardError::Vault`] when there is no such request, or its time is over or was extended.
    pub async fn extend_request(
        &self,
        id: RequestId,
        reason: String,
    ) -> Result<RequestRecorded, WardError> {
        self.follow(id, RequestHappened::Extended { reason }).await
    }

    /// Records that a request was met.
    ///
    /// # Errors
    /// [`WardError::NotTheirs`] when a relative asks and the rule packs do not give it to them;
    /// [`WardError::Vault`] when there is no such request or it has ended.
    pub async fn meet_request(
        &self,
        id: RequestId,
        note: Option<String>,
    ) -> Result<RequestRecorded, WardError> {
        self.follow(id, RequestHappened::Answered { note }).await
    }

    /// Records that a request was refused, with the reason that whoever asked was told.
    ///
    /// # Errors
    /// [`WardError::Vault`] without a reason, when there is no such request, or it has ended.
    pub async fn refuse_request(
        &self,
        id: RequestId,
        reason: String,
    ) -> Result<RequestRecorded, WardError> {
        self.follow(id, RequestHappened::Refused { reason }).await
    }

    /// Records that whoever asked took the request back.
    ///
    /// # Errors
    /// [`WardError::Vault`] when there is no such request, or it has ended.
    pub async fn withdraw_request(&self, id: RequestId) -> Result<RequestRecorded, WardError> {
        self.follow(id, RequestHappened::Withdrawn).await
    }

    /// Every request on record, the one that is due first in front, those that ended last.
    ///
    /// # Errors
    /// [`WardError::Vault`].
    pub async fn requests(&self) -> Result<Vec<Listed>, WardError> {
        let mut look = self.vault.look().await?;
        let mut listed = Vec::new();
        for subject in look.asked_about().await? {
            listed.extend(self.listed(&mut look, subject).await?);
        }
        in_order(&mut listed);
        Ok(listed)
    }

    /// The requests about one person, in the same order.
    ///
    /// # Errors
    /// [`WardError::Unknown`], [`WardError::Vault`].
    pub async fn requests_about(&self, handle: &Handle) -> Result<Vec<Listed>, WardError> {
        let mut look = self.vault.look().await?;
        let subject = known(&mut look, handle).await?;
        let mut listed = self.listed(&mut look, subject).await?;
        in_order(&mut listed);
        Ok(listed)
    }

    async fn listed(&self, look: &mut Look, subject: SubjectId) -> Result<Vec<Listed>, WardError> {
        let now = self.now();
        let mut listed = Vec::new();
        for request in look.requests(subject).await? {
            listed.push(Listed {
                overdue: request.is_overdue(now),
                handle: look.handle(subject).await?,
                request,
            });
        }
        Ok(listed)
    }

    async fn follow(
        &self,
        id: RequestId,
        what: RequestHappened,
    ) -> Result<RequestRecorded, WardError> {
        let mut act = self.act().await?;
        let at = self.now();
        let answers = matches!(what, RequestHappened::Answered { .. });
        let request = act.append_request(id, RequestEvent { at, what }).await?;
        if answers && let Some(found) = self.relatives(&mut act, &request).await?.0 {
            owed(&found)?;
        }
        self.enter(act, request).await
    }

    /// Commits the act with an entry that commits to what happened last to this request.
    async fn enter(
        &self,
        mut act: VaultAct,
        request: Request,
    ) -> Result<RequestRecorded, WardError> {
        let subject = request.asked().subject;
        let (relatives, arrangement) = self.relatives(&mut act, &request).await?;
        let committed = request_commitments(&request)?;
        let what = committed.last().map_or(&[][..], |last| &last.what);
        let mut event = self
            .event(word(&request), EventOutcome::Done)
            .because(request.asked().kind.word())
            .mark(act.marker(subject).await?.fresh(what)?);
        if let Some(found) = &relatives {
            let rules = found.findings().map(|finding| finding.rule.id.clone());
            event.rules = rules.to_vec();
        }
        let handle = act.handle(subject).await?;
        let receipt = act.record(&event.to_bytes()).await?;
        Ok(RequestRecorded {
            request,
            handle,
            relatives,
            arrangement,
            receipt,
        })
    }

    /// What the rule packs find on a relative's request, on what is on record now, and what the
    /// person arranged.
    async fn relatives(
        &self,
        look: &mut Look,
        request: &Request,
    ) -> Result<(Option<Relatives>, Option<String>), WardError> {
        let asked = request.asked();
        if asked.kind != RequestKind::Relative {
            return Ok((None, None));
        }
        let record = look.circumstances(asked.subject).await?;
        let arranged = arranged(&record);
        let barred = arranged.is_some_and(|(_, bars_relatives)| bars_relatives);
        let today = self.now().to_zoned(TimeZone::UTC).date();
        let law = faceward_law::Law::built_in()?;
        let dead = died(&record).is_some();
        let found = standing_of(&law, &asked.asker, dead, barred, today)?;
        Ok((found, arranged.map(|(text, _)| text.to_owned())))
    }
}

/// The first rule that does not give it to them, with the conditions that do not hold.
fn owed(found: &Relatives) -> Result<(), WardError> {
    if found.may_ask() {
        return Ok(());
    }
    let lacking = found.findings().into_iter().find_map(|finding| {
        let failing = finding.conditions.iter().filter(|condition| {
            let exception = condition.role == "exception";
            condition.holds == exception
        });
        let texts: Vec<&str> = failing.map(|condition| condition.text.as_str()).collect();
        let made_out = finding.outcome == faceward_law::Outcome::MadeOut;
        let (rule, texts) = (&finding.rule, texts.join("; "));
        (!made_out).then(|| format!("{} ({}); not shown: {texts}", rule.citation, rule.gist))
    });
    Err(WardError::NotTheirs(lacking.unwrap_or_default()))
}

fn word(request: &Request) -> Act {
    match request.state() {
        RequestState::Open => Act::RequestReceived,
        RequestState::Extended => Act::RequestExtended,
        RequestState::Answered => Act::RequestAnswered,
        RequestState::Refused => Act::RequestRefused,
        RequestState::Withdrawn => Act::RequestWithdrawn,
    }
}

fn fresh_id() -> Result<RequestId, WardError> {
    Ok(RequestId(crate::consent::fresh_id()?.0))
}

fn in_order(listed: &mut [Listed]) {
    listed.sort_by_key(|listed| {
        let request = &listed.request;
        (request.state().is_final(), request.due(), request.id())
    });
}
