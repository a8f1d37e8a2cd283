//! API keys: what each reaches, when, and how often.

use std::collections::BTreeSet;
use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;

use faceward_law::Purpose;
use faceward_vault::{Drawer, Handle, Pass, Receipt};
use jiff::Timestamp;
use zeroize::Zeroizing;

use super::account::check_name;
use super::{BadWord, Hours, Unfit, opaque_id, record, words};
use crate::{Act, EventOutcome, Ward, WardError};

opaque_id! {
    /// Identifier of an API key; says nothing about its text.
    KeyId
}

/// What a key was made for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyTerms {
    /// What its holder calls it.
    pub name: String,
    /// Which API it speaks.
    pub kind: KeyKind,
    /// The purposes it may act for; with none named, every purpose of the deployment.
    pub purposes: Vec<Purpose>,
    /// What it may ask for.
    pub rights: BTreeSet<Right>,
    /// The people it reaches; everyone of the ward where none is named.
    pub collection: Option<Collection>,
    /// When it may ask.
    pub hours: Option<Hours>,
    /// How often in a day.
    pub per_day: Option<NonZeroU32>,
    /// How often in a minute.
    pub per_minute: Option<NonZeroU32>,
    /// Until when.
    pub until: Option<Timestamp>,
    /// Who agreed, and how, to one-off acts (compare, detect) asked for with it.
    pub statement: Option<String>,
    /// Whether it may be told the embedding of a probe.
    pub embeddings: bool,
    /// Whether it may delete everybody at once.
    pub mass_delete: bool,
}

/// Which API a key speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeyKind {
    /// Faceward's own.
    Api,
    /// CompreFace's recognition service.
    Recognition,
    /// CompreFace's detection service.
    Detection,
    /// CompreFace's verification service.
    Verification,
}

words!(KeyKind {
    Api = "api",
    Recognition = "recognition",
    Detection = "detection",
    Verification = "verification",
});

/// One thing that a key may ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Right {
    /// Keep references.
    Enroll,
    /// Compare a face with a claimed person.
    Verify,
    /// Search a face.
    Identify,
    /// Compare two pictures, once.
    Compare,
    /// Find faces in a picture.
    Detect,
    /// Run liveness sessions.
    Liveness,
    /// Read, add, rename and forget people, and hand out their links.
    Subjects,
    /// Record and end consents.
    Consents,
    /// Record requests and answers.
    Requests,
    /// Read the ledger.
    Ledger,
    /// Make and revoke keys.
    Keys,
    /// Read the server's counts and times.
    Metrics,
}

words!(Right {
    Enroll = "enroll",
    Verify = "verify",
    Identify = "identify",
    Compare = "compare",
    Detect = "detect",
    Liveness = "liveness",
    Subjects = "subjects",
    Consents = "consents",
    Requests = "requests",
    Ledger = "ledger",
    Keys = "keys",
    Metrics = "metrics",
});

/// A part of a ward's people: 1 to 48 of a-z, 0-9 and `-`. The handles of its people begin with its
/// name and a slash.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Collection(String);

/// A key, without its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// Its identifier.
    pub id: KeyId,
    /// What it was made for.
    pub terms: KeyTerms,
    /// When it was made.
    pub created: Timestamp,
    /// When it was revoked, if it was.
    pub revoked: Option<Timestamp>,
}

/// The text of a key, in the form of a UUID (version 4, 122 random bits): shown once, kept nowhere.
pub struct KeyText(Zeroizing<[u8; 16]>);

/// Why a key does not reach that far.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyRefusal {
    /// It was taken out of use.
    #[error("this key was revoked; ask for another")]
    Revoked,
    /// Its time is over.
    #[error("this key ended on {0}; ask for another")]
    Expired(Timestamp),
    /// It may ask at other hours only.
    #[error("this key may ask at these hours only: {0}")]
    Hours(Hours),
    /// It was not made for this.
    #[error("this key may not do this; ask for one with the right `{0}`")]
    Right(Right),
    /// It reaches a collection, and the ledger is that of the whole ward.
    #[error(
        "a key of a collection may not read the ledger, which tells of everybody in the ward; ask for a key without a collection"
    )]
    WholeWard,
    /// It was not made for this purpose.
    #[error("this key may not act for `{0}`")]
    Purpose(Purpose),
}

impl ApiKey {
    /// Whether it may ask for anything at this moment.
    ///
    /// # Errors
    /// [`KeyRefusal`]: revoked, over, or outside of its hours.
    pub fn holds(&self, now: Timestamp) -> Result<(), KeyRefusal> {
        if self.revoked.is_some() {
            return Err(KeyRefusal::Revoked);
        }
        if let Some(until) = self.terms.until.filter(|until| now >= *until) {
            return Err(KeyRefusal::Expired(until));
        }
        match self.terms.hours.filter(|hours| !hours.hold(now)) {
            Some(hours) => Err(KeyRefusal::Hours(hours)),
            None => Ok(()),
        }
    }

    /// Whether it may ask for this, for this purpose, at this moment.
    ///
    /// # Errors
    /// [`KeyRefusal`], the reason that would have to be mended first.
    pub fn allows(
        &self,
        right: Right,
        purpose: Option<&Purpose>,
        now: Timestamp,
    ) -> Result<(), KeyRefusal> {
        self.holds(now)?;
        let terms = &self.terms;
        if !terms.rights.contains(&right) {
            return Err(KeyRefusal::Right(right));
        }
        // Entries name nobody, so that those of a collection cannot be told from the others.
        if right == Right::Ledger && terms.collection.is_some() {
            return Err(KeyRefusal::WholeWard);
        }
        match purpose {
            Some(purpose) if !terms.purposes.is_empty() && !terms.purposes.contains(purpose) => {
                Err(KeyRefusal::Purpose(purpose.clone()))
            }
            _ => Ok(()),
        }
    }

    /// What a handle is called by whoever holds this key; `None` if it does not reach that person.
    pub fn own<'h>(&self, handle: &'h Handle) -> Option<&'h str> {
        match &self.terms.collection {
            Some(collection) => collection.own(handle),
            None => Some(handle.as_str()),
        }
    }

    /// The handle that is meant by a name in this key's reach.
    ///
    /// # Errors
    /// [`WardError::Vault`] when it cannot be a handle.
    pub fn handle(&self, name: &str) -> Result<Handle, WardError> {
        Ok(match &self.terms.collection {
            Some(collection) => collection.handle(name)?,
            None => name.parse()?,
        })
    }

    /// The name of the collection it reaches, where it does not reach everybody.
    pub fn within(&self) -> Option<&str> {
        self.terms.collection.as_ref().map(|c| c.0.as_str())
    }
}

impl KeyTerms {
    /// A key of this kind that may ask for these things, and is bound to nothing else.
    pub fn of(kind: KeyKind, name: &str, rights: impl IntoIterator<Item = Right>) -> Self {
        Self {
            name: name.to_owned(),
            kind,
            purposes: Vec::new(),
            rights: rights.into_iter().collect(),
            collection: None,
            hours: None,
            per_day: None,
            per_minute: None,
            until: None,
            statement: None,
            embeddings: false,
            mass_delete: false,
        }
    }

    fn check(&self, now: Timestamp) -> Result<(), WardError> {
        check_name(&self.name)?;
        if self.rights.is_empty() {
            return Err(Unfit::NoRight.into());
        }
        if self.collection.is_some() && self.rights.contains(&Right::Ledger) {
            return Err(Unfit::WholeWard.into());
        }
        if self.until.is_some_and(|until| until <= now) {
            return Err(Unfit::PastEnd.into());
        }
        let blank = |statement: &String| statement.trim().is_empty();
        if self.statement.as_ref().is_some_and(blank) {
            return Err(Unfit::BlankStatement.into());
        }
        Ok(())
    }
}

impl Collection {
    /// The handle of somebody in it.
    ///
    /// # Errors
    /// [`WardError::Vault`] when the two together cannot be a handle.
    pub fn handle(&self, name: &str) -> Result<Handle, WardError> {
        // Tells a name that would be none by itself, such as an empty one.
        let _: Handle = name.parse()?;
        Ok(format!("{}/{name}", self.0).parse()?)
    }

    /// The name of somebody in it; `None` for anybody else.
    pub fn own<'h>(&self, handle: &'h Handle) -> Option<&'h str> {
        handle.as_str().strip_prefix(&self.0)?.strip_prefix('/')
    }
}

impl FromStr for Collection {
    type Err = BadWord;

    fn from_str(text: &str) -> Result<Self, BadWord> {
        let usable = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if (1..=48).contains(&text.len()) && text.bytes().all(usable) {
            Ok(Self(text.to_owned()))
        } else {
            Err(BadWord::new(text, "1 to 48 of a-z, 0-9 and -"))
        }
    }
}

impl fmt::Display for Collection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl KeyText {
    fn fresh() -> Result<Self, WardError> {
        let mut bytes = Zeroizing::new([0; 16]);
        getrandom::fill(bytes.as_mut_slice()).map_err(faceward_vault::VaultError::from)?;
        // Version 4, variant 1 (RFC 9562, 5.4).
        let [.., version, _, variant, _, _, _, _, _, _, _] = &mut *bytes;
        *version = *version & 0x0f | 0x40;
        *variant = *variant & 0x3f | 0x80;
        Ok(Self(bytes))
    }

    /// The text, to be shown once.
    pub fn reveal(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(36));
        for (place, byte) in self.0.iter().enumerate() {
            if [4, 6, 8, 10].contains(&place) {
                text.push('-');
            }
            let digit = |four: u8| char::from_digit(u32::from(four), 16).unwrap_or_default();
            text.push(digit(byte >> 4));
            text.push(digit(byte & 0x0f));
        }
        text
    }
}

impl FromStr for KeyText {
    type Err = BadWord;

    fn from_str(text: &str) -> Result<Self, BadWord> {
        // What was not a key is not repeated: it may be one with a slip in it.
        let bad = || BadWord::new("", "the 36 characters of a key");
        let dashes = [8, 13, 18, 23];
        let at = |place| text.as_bytes().get(place) == Some(&b'-');
        if text.len() != 36 || !dashes.into_iter().all(at) {
            return Err(bad());
        }
        let digits = Zeroizing::new(text.replace('-', "").to_ascii_lowercase());
        let bytes = crate::event::unhex(&digits).ok_or_else(bad)?;
        Ok(Self(Zeroizing::new(bytes)))
    }
}

impl Ward {
    /// Makes a key. Its text is in the answer and nowhere else.
    ///
    /// # Errors
    /// [`WardError::Account`] when such a key would be of no use, [`WardError::Vault`]; nothing was
    /// made then.
    pub async fn create_key(
        &self,
        terms: KeyTerms,
    ) -> Result<(ApiKey, KeyText, Receipt), WardError> {
        terms.check(self.now())?;
        let text = KeyText::fresh()?;
        let mut act = self.act().await?;
        let created = self.now();
        let plain = record::write_key(&terms, created, None);
        let id = act
            .keep_pass(Drawer::Callers, text.0.as_slice(), &plain)
            .await?;
        let event = self.event(Act::KeyCreated, EventOutcome::Done);
        let event = event.because(&KeyId(id).to_string());
        let receipt = act.record(&event.to_bytes()).await?;
        let key = ApiKey {
            id: KeyId(id),
            terms,
            created,
            revoked: None,
        };
        Ok((key, text, receipt))
    }

    /// Every key there ever was, the newest first.
    ///
    /// # Errors
    /// [`WardError::Vault`].
    pub async fn keys(&self) -> Result<Vec<ApiKey>, WardError> {
        let mut look = self.vault.look().await?;
        let passes = look.passes(Drawer::Callers).await?;
        let mut keys = passes.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        keys.sort_by_key(|key| (std::cmp::Reverse(key.created), key.id));
        Ok(keys)
    }

    /// The key of this text, revoked or not; `None` when there is none.
    ///
    /// # Errors
    /// [`WardError::Vault`].
    pub async fn key(&self, text: &KeyText) -> Result<Option<ApiKey>, WardError> {
        let mut look = self.vault.look().await?;
        let pass = look.pass(Drawer::Callers, text.0.as_slice()).await?;
        pass.as_ref().map(read).transpose()
    }

    /// Takes a key out of use, at once.
    ///
    /// # Errors
    /// [`WardError::NoSuchKey`]; [`WardError::Vault`].
    pub async fn revoke_key(&self, id: KeyId) -> Result<Receipt, WardError> {
        let mut act = self.act().await?;
        let pass = act.pass_of(Drawer::Callers, id.0).await?;
        let key = read(&pass.ok_or(WardError::NoSuchKey(id))?)?;
        if key.revoked.is_none() {
            let plain = record::write_key(&key.terms, key.created, Some(self.now()));
            act.change_pass(Drawer::Callers, id.0, &plain).await?;
        }
        let event = self.event(Act::KeyRevoked, EventOutcome::Done);
        let event = event.because(&id.to_string());
        Ok(act.record(&event.to_bytes()).await?)
    }
}

fn read(pass: &Pass) -> Result<ApiKey, WardError> {
    let (terms, created, revoked) =
        record::read_key(&pass.record).ok_or_else(|| record::damaged("key"))?;
    Ok(ApiKey {
        id: KeyId(pass.id),
        terms,
        created,
        revoked,
    })
}
