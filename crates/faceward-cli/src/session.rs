//! Which ward a command works on, and how its vault is unlocked.

use std::fs::File;
use std::io::{IsTerminal, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use faceward::{BackupPhrases, Handle, Home, MAX_BYTES, Purpose, Unlock, Ward};
use zeroize::Zeroizing;

use crate::answer::Console;

/// Options every command shares.
#[derive(clap::Args)]
pub(crate) struct Session {
    /// Folder of the ward
    #[arg(long, global = true, env = "FACEWARD_HOME", value_name = "DIR")]
    home: Option<PathBuf>,
    /// File whose first line is the passphrase of the vault
    #[arg(long, global = true, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
}

impl Session {
    /// The ward's folder, asked for or usual.
    pub(crate) fn home(&self) -> anyhow::Result<Home> {
        if let Some(folder) = &self.home {
            return Ok(Home::at(folder));
        }
        let user = |name: &str| {
            std::env::var_os(name)
                .filter(|v| !v.is_empty())
                .map(PathBuf::from)
        };
        let data = user("XDG_DATA_HOME")
            .or_else(|| user("HOME").map(|home| home.join(".local/share")))
            .or_else(|| user("APPDATA"));
        let data = data.context("no home folder is known; say where the ward lies with --home")?;
        Ok(Home::at(data.join("faceward")))
    }

    /// Opens the ward.
    pub(crate) async fn open(&self) -> anyhow::Result<Ward> {
        let home = self.home()?;
        Ok(Ward::open(&home, &self.unlock(&home)?).await?)
    }

    /// Opens the ward, making it at the first start.
    pub(crate) async fn open_or_create(&self, console: &Console) -> anyhow::Result<Ward> {
        let home = self.home()?;
        let first = !home.exists();
        let ward = Ward::open_or_create(&home, &self.unlock(&home)?).await?;
        if first {
            console.note(&format!("made a new ward in {}", home.folder().display()));
        }
        Ok(ward)
    }

    /// How the vault of `home` opens, or shall open once it is made: by its file, or by a
    /// passphrase as well.
    pub(crate) fn unlock(&self, home: &Home) -> anyhow::Result<Unlock> {
        let locked = home.is_locked()?;
        match &self.passphrase_file {
            Some(_) if home.exists() && !locked => {
                bail!("this vault has no passphrase; leave out --passphrase-file")
            }
            Some(path) => Ok(Unlock::Passphrase(first_line(path)?)),
            None if !locked => Ok(Unlock::File),
            None if std::io::stdin().is_terminal() => Ok(Unlock::Passphrase(ask("Passphrase: ")?)),
            None => bail!("this vault is locked with a passphrase; give it with --passphrase-file"),
        }
    }

    /// How the vault in a backup opens.
    pub(crate) fn unlock_restored(&self, locked: bool) -> anyhow::Result<Unlock> {
        match &self.passphrase_file {
            _ if !locked => Ok(Unlock::File),
            Some(path) => Ok(Unlock::Passphrase(first_line(path)?)),
            None if std::io::stdin().is_terminal() => {
                Ok(Unlock::Passphrase(ask("Passphrase of the vault: ")?))
            }
            None => bail!(
                "the vault in this backup is locked with a passphrase; give it with --passphrase-file"
            ),
        }
    }

    /// Whether a passphrase was named.
    pub(crate) fn names_passphrase(&self) -> bool {
        self.passphrase_file.is_some()
    }

    /// A new passphrase, from the file or asked for twice.
    pub(crate) fn new_passphrase(&self) -> anyhow::Result<Unlock> {
        let phrase = match &self.passphrase_file {
            Some(path) => first_line(path)?,
            None if std::io::stdin().is_terminal() => ask_twice("New passphrase: ")?,
            None => {
                bail!("there is no terminal to ask at; give the passphrase with --passphrase-file")
            }
        };
        Ok(Unlock::Passphrase(phrase))
    }
}

/// The passphrases of the two files of a backup.
#[derive(clap::Args)]
pub(crate) struct Phrases {
    /// File whose first line is the passphrase of the backup (not that of the vault)
    #[arg(long, value_name = "FILE")]
    backup_passphrase_file: Option<PathBuf>,
    /// The same for the file of the keys, where it has a passphrase of its own
    #[arg(long, value_name = "FILE")]
    keys_passphrase_file: Option<PathBuf>,
}

impl Phrases {
    /// Those of a backup to be made, asked for twice.
    pub(crate) fn fresh(&self) -> anyhow::Result<BackupPhrases> {
        self.read(|| ask_twice("Passphrase of the backup: "))
    }

    /// Those of a backup that there is.
    pub(crate) fn known(&self) -> anyhow::Result<BackupPhrases> {
        self.read(|| ask("Passphrase of the backup: "))
    }

    fn read(
        &self,
        ask: impl Fn() -> anyhow::Result<Zeroizing<String>>,
    ) -> anyhow::Result<BackupPhrases> {
        let data = match &self.backup_passphrase_file {
            Some(path) => first_line(path)?,
            None if std::io::stdin().is_terminal() => ask()?,
            None => bail!(
                "there is no terminal to ask at; give the passphrase with --backup-passphrase-file"
            ),
        };
        let keys = match &self.keys_passphrase_file {
            Some(path) => first_line(path)?,
            None => data.clone(),
        };
        Ok(BackupPhrases { data, keys })
    }
}

/// A person and a purpose, as most commands take them.
#[derive(clap::Args)]
pub(crate) struct Whom {
    /// Who: the handle you know them by
    #[arg(value_name = "WHO")]
    pub(crate) handle: String,
    #[command(flatten)]
    pub(crate) purpose: For,
}

/// A purpose.
#[derive(clap::Args)]
pub(crate) struct For {
    /// For which purpose, such as door-access; `purpose` in faceward.toml stands in if left out
    #[arg(long, value_name = "PURPOSE")]
    purpose: Option<String>,
}

impl For {
    pub(crate) fn resolve(&self, ward: &Ward) -> anyhow::Result<Purpose> {
        match &self.purpose {
            Some(text) => Ok(text.parse()?),
            None => ward.config().purpose()?.context(
                "no purpose was stated; name it with --purpose, such as --purpose door-access",
            ),
        }
    }
}

/// Reads a handle.
pub(crate) fn handle(text: &str) -> anyhow::Result<Handle> {
    Ok(text.parse()?)
}

/// Reads a picture's bytes, at most one more than are accepted; they are wiped when done with.
pub(crate) fn picture(path: &Path) -> anyhow::Result<Zeroizing<Vec<u8>>> {
    if path.is_dir() {
        bail!("{} is a folder; name a picture in it", path.display());
    }
    let most = MAX_BYTES as u64 + 1;
    let read = || -> std::io::Result<Zeroizing<Vec<u8>>> {
        let file = File::open(path)?;
        // Grown once, so that no outgrown copy is left behind unwiped.
        let length = file.metadata()?.len().min(most);
        let mut bytes = Zeroizing::new(Vec::with_capacity(length as usize + 1));
        file.take(most).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    read().with_context(|| format!("cannot read {}", path.display()))
}

/// The pictures a path stands for: itself, or what lies in the folder, by name.
pub(crate) fn pictures(path: &Path) -> anyhow::Result<Vec<PathBuf>> {
    const ENDINGS: [&str; 9] = [
        "jpg", "jpeg", "png", "webp", "bmp", "gif", "pgm", "ppm", "pnm",
    ];
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let listed =
        std::fs::read_dir(path).with_context(|| format!("cannot list {}", path.display()))?;
    let mut found = Vec::new();
    for entry in listed {
        let path = entry?.path();
        let ending = path
            .extension()
            .and_then(|e| e.to_str())
            .map(str::to_ascii_lowercase);
        if path.is_file() && ending.is_some_and(|e| ENDINGS.contains(&e.as_str())) {
            found.push(path);
        }
    }
    if found.is_empty() {
        bail!(
            "there is no picture in {} ({})",
            path.display(),
            ENDINGS.join(", ")
        );
    }
    found.sort();
    Ok(found)
}

/// A new password for an account, from a file or asked for twice.
pub(crate) fn new_password(file: Option<&Path>) -> anyhow::Result<Zeroizing<String>> {
    match file {
        Some(path) => first_line(path),
        None if std::io::stdin().is_terminal() => ask_twice("New password: "),
        None => bail!("there is no terminal to ask at; give the password with --password-file"),
    }
}

fn first_line(path: &Path) -> anyhow::Result<Zeroizing<String>> {
    let text =
        std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let text = Zeroizing::new(text);
    Ok(Zeroizing::new(
        text.lines().next().unwrap_or_default().to_owned(),
    ))
}

fn ask_twice(prompt: &str) -> anyhow::Result<Zeroizing<String>> {
    let phrase = ask(prompt)?;
    if *phrase != *ask("Again: ")? {
        bail!("the two differ; nothing was made");
    }
    Ok(phrase)
}

fn ask(prompt: &str) -> anyhow::Result<Zeroizing<String>> {
    Ok(Zeroizing::new(rpassword::prompt_password(prompt)?))
}
