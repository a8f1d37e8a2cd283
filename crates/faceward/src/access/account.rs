//! Accounts of the console, what their roles reach, and signing in.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use faceward_vault::{Drawer, Look, Pass, Receipt, VaultError, stretched};
use jiff::Timestamp;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::{Unfit, opaque_id, record, words};
use crate::{Act, EventOutcome, Ward, WardError};

opaque_id! {
    /// Identifier of an account.
    AccountId
}

/// What an account may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Everything.
    Owner,
    /// The daily work with people, pictures and consents.
    Operator,
    /// All records, and no faces.
    DataProtectionOfficer,
    /// The ledger, and disputes about it.
    Auditor,
}

words!(Role {
    Owner = "owner",
    Operator = "operator",
    DataProtectionOfficer = "dpo",
    Auditor = "auditor",
});

/// One part of the console.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ConsoleRight {
    /// See people, their consents and what is on record of them.
    Records,
    /// Record consents, requests and answers, hand out links, forget people.
    Consents,
    /// Look at faces: enrol, recognise, the live page.
    Faces,
    /// See the deployment and its findings.
    Deployments,
    /// Assess disputes, and make their dossiers.
    Cases,
    /// Read the ledger.
    Ledger,
    /// Keys, accounts and settings.
    Administration,
}

words!(ConsoleRight {
    Records = "records",
    Consents = "consents",
    Faces = "faces",
    Deployments = "deployments",
    Cases = "cases",
    Ledger = "ledger",
    Administration = "administration",
});

impl Role {
    /// Whether it reaches that part of the console.
    pub fn may(self, right: ConsoleRight) -> bool {
        use ConsoleRight as R;
        match self {
            Self::Owner => true,
            Self::Operator => !matches!(right, R::Administration | R::Cases),
            Self::DataProtectionOfficer => !matches!(right, R::Administration | R::Faces),
            Self::Auditor => matches!(right, R::Ledger | R::Cases),
        }
    }
}

/// An account, without its password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its identifier.
    pub id: AccountId,
    /// The name it signs in with.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// When it was made.
    pub created: Timestamp,
    /// Whether it was taken out of use.
    pub disabled: bool,
}

/// An account as it is kept.
pub(super) struct Kept {
    pub(super) name: String,
    pub(super) role: Role,
    pub(super) created: Timestamp,
    pub(super) disabled: bool,
    pub(super) password: Zeroizing<String>,
}

/// How a password is stretched, as the record says it.
const COST: &str = "argon2id-64m-3";
const SHORTEST_PASSWORD: usize = 12;
const LONGEST_NAME: usize = 64;

impl Ward {
    /// Whether anybody could sign in.
    ///
    /// # Errors
    /// [`WardError::Vault`].
    pub async fn has_accounts(&self) -> Result<bool, WardError> {
        let mut look = self.vault.look().await?;
        Ok(!look.passes(Drawer::Accounts).await?.is_empty())
    }

    /// Makes an account.
    ///
    /// # Errors
    /// [`WardError::Account`] for a name or password that cannot be used, [`WardError::Vault`] for
    /// a name that is taken.
    pub async fn create_account(
        &self,
        name: &str,
        role: Role,
        password: &str,
    ) -> Result<(Account, Receipt), WardError> {
        check_name(name)?;
        let kept = Kept {
            name: name.to_owned(),
            role,
            created: self.now(),
            disabled: false,
            password: hashed(password).await?,
        };
        let mut act = self.act().await?;
        let plain = record::write_account(&kept);
        let id = act
            .keep_pass(Drawer::Accounts, name.as_bytes(), &plain)
            .await?;
        let event = self.event(Act::AccountCreated, EventOutcome::Done);
        let event = event.because(&format!("{role} {}", AccountId(id)));
        let receipt = act.record(&event.to_bytes()).await?;
        Ok((account(id, &kept), receipt))
    }

    /// Every account, by name.
    ///
    /// # Errors
    /// [`WardError::Vault`].
    pub async fn accounts(&self) -> Result<Vec<Account>, WardError> {
        let mut look = self.vault.look().await?;
        let mut accounts = every(&mut look).await?;
        accounts.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(accounts)
    }

    /// The account with this identifier.
    ///
    /// # Errors
    /// [`WardError::Vault`].
    pub async fn account(&self, id: AccountId) -> Result<Option<Account>, WardError> {
        let mut look = self.vault.look().await?;
        let pass = look.pass_of(Drawer::Accounts, id.0).await?;
        pass.map(|pass| Ok(account(pass.id, &read(&pass)?)))
            .transpose()
    }

    /// Gives an account another role.
    ///
    /// # Errors
    /// [`WardError::NoSuchAccount`], [`WardError::LastOwner`].
    pub async fn set_role(&self, id: AccountId, role: Role) -> Result<Receipt, WardError> {
        self.change(id, &format!("role {role} {id}"), |kept| kept.role = role)
            .await
    }

    /// Takes an account out of use, at once, or back into it.
    ///
    /// # Errors
    /// [`WardError::NoSuchAccount`], [`WardError::LastOwner`].
    pub async fn disable_account(
        &self,
        id: AccountId,
        disabled: bool,
    ) -> Result<Receipt, WardError> {
        let word = if disabled { "disabled" } else { "enabled" };
        self.change(id, &format!("{word} {id}"), |kept| kept.disabled = disabled)
            .await
    }

    /// Gives an account another password.
    ///
    /// # Errors
    /// [`WardError::NoSuchAccount`], [`WardError::Account`] for one that is too short.
    pub async fn set_password(&self, id: AccountId, password: &str) -> Result<Receipt, WardError> {
        let password = hashed(password).await?;
        self.change(id, &format!("password {id}"), |kept| {
            kept.password = password
        })
        .await
    }

    /// The account, if name and password are right and it is in use. Takes as long for a name that
    /// nobody has. Both endings are recorded.
    ///
    /// # Errors
    /// [`WardError::Vault`].
    pub async fn sign_in(&self, name: &str, password: &str) -> Result<Option<Account>, WardError> {
        let mut look = self.vault.look().await?;
        let pass = look.pass(Drawer::Accounts, name.as_bytes()).await?;
        drop(look);
        let known = pass.as_ref().map(read).transpose()?;
        let right = {
            let stored = known.as_ref().map(|kept| kept.password.clone());
            let password = Zeroizing::new(password.to_owned());
            blocking(move || is_right(&password, stored.as_deref().map(String::as_str))).await?
        };
        let id = pass.map(|pass| pass.id);
        let account = match (known, id) {
            (Some(kept), Some(id)) if right && !kept.disabled => Some(account(id, &kept)),
            _ => None,
        };
        let word = if account.is_some() {
            Act::SignedIn
        } else {
            Act::SignInRefused
        };
        let mut event = self.event(word, EventOutcome::Done);
        if let Some(id) = id {
            event = event.because(&AccountId(id).to_string());
        }
        self.act().await?.record(&event.to_bytes()).await?;
        Ok(account)
    }

    async fn change(
        &self,
        id: AccountId,
        reason: &str,
        change: impl FnOnce(&mut Kept) + Send,
    ) -> Result<Receipt, WardError> {
        let mut act = self.act().await?;
        let pass = act.pass_of(Drawer::Accounts, id.0).await?;
        let mut kept = read(&pass.ok_or(WardError::NoSuchAccount(id))?)?;
        let owns = |account: &Account| account.role == Role::Owner && !account.disabled;
        let owned = owns(&account(id.0, &kept));
        change(&mut kept);
        let stays = owns(&account(id.0, &kept));
        let others = every(&mut act).await?;
        if owned && !stays && !others.iter().any(|other| other.id != id && owns(other)) {
            return Err(WardError::LastOwner);
        }
        act.change_pass(Drawer::Accounts, id.0, &record::write_account(&kept))
            .await?;
        let event = self.event(Act::AccountChanged, EventOutcome::Done);
        Ok(act.record(&event.because(reason).to_bytes()).await?)
    }
}

/// Keys are called by such names too.
pub(super) fn check_name(name: &str) -> Result<(), WardError> {
    let usable = (1..=LONGEST_NAME).contains(&name.chars().count())
        && name.trim() == name
        && !name.chars().any(char::is_control);
    match usable {
        true => Ok(()),
        false => Err(Unfit::Name.into()),
    }
}

async fn every(look: &mut Look) -> Result<Vec<Account>, WardError> {
    let passes = look.passes(Drawer::Accounts).await?;
    let read = |pass: &Pass| Ok(account(pass.id, &read(pass)?));
    passes.iter().map(read).collect()
}

fn read(pass: &Pass) -> Result<Kept, WardError> {
    record::read_account(&pass.record).ok_or_else(|| record::damaged("account"))
}

fn account(id: [u8; 16], kept: &Kept) -> Account {
    Account {
        id: AccountId(id),
        name: kept.name.clone(),
        role: kept.role,
        created: kept.created,
        disabled: kept.disabled,
    }
}

async fn hashed(password: &str) -> Result<Zeroizing<String>, WardError> {
    if password.chars().count() < SHORTEST_PASSWORD {
        return Err(Unfit::ShortPassword.into());
    }
    let mut salt = [0; 16];
    getrandom::fill(&mut salt).map_err(VaultError::from)?;
    let password = Zeroizing::new(password.to_owned());
    let hash = blocking(move || stretched(&password, &salt)).await?;
    let hash = hash.map_err(|_| Unfit::Password)?;
    let (salt, hash) = (BASE64.encode(salt), BASE64.encode(hash.as_slice()));
    Ok(Zeroizing::new(format!("{COST} {salt} {hash}")))
}

/// Whether a password is the stored one; against none, it takes the same time and is not.
fn is_right(password: &str, stored: Option<&str>) -> bool {
    let read = |stored: &str| {
        let (salt, hash) = stored.strip_prefix(COST)?.trim_start().split_once(' ')?;
        Some((BASE64.decode(salt).ok()?, BASE64.decode(hash).ok()?))
    };
    let known = stored.and_then(read);
    let salt = known.as_ref().map_or([0; 16].as_slice(), |(salt, _)| salt);
    let Ok(hash) = stretched(password, salt) else {
        return false;
    };
    known.is_some_and(|(_, stored)| bool::from(hash.as_slice().ct_eq(&stored)))
}

/// Work that would hold up everybody else, done beside.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, WardError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| Unfit::NotWorkedOut.into())
}
