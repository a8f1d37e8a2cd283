//! A process that is killed at any moment loses no act that it reported and leaves none half done.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::ledger::{export, verify};
use crate::scene::*;
use faceward_law::Operation;
use faceward_vault::{Unlock, Vault, VaultError};

const FOLDER: &str = "FACEWARD_KILL_TEST_FOLDER";
const SEED: &str = "FACEWARD_KILL_TEST_SEED";
const NAMES: [&str; 4] = ["ada", "ben", "cyd", "dan"];
const ROUNDS: u64 = 60;

#[test]
fn killed_at_any_moment_every_act_is_there_whole_or_not_at_all() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("vault");
    block_on(async { Vault::create(&folder, &Unlock::File).await.unwrap() });
    let mut chance = Chance(7);
    let mut before: Vec<String> = Vec::new();
    let (mut unreported, mut left_keys) = (0, 0);
    for round in 0..ROUNDS {
        let child = start("kill::acts_until_killed", &folder, round);
        let reported = kill_after(child, round % 4, &mut chance);
        let keys = epoch_files(&folder);
        left_keys += usize::from(keys.iter().filter(|name| name.ends_with(".key")).count() > 1);
        let entries = block_on(check(&folder));

        assert_eq!(entries[..before.len()], before, "the past changed");
        let new = &entries[before.len()..];
        assert!(
            new.len() <= reported.len() + 1,
            "{new:?} but reported {reported:?}"
        );
        assert_eq!(new[..reported.len()], reported, "a reported act is lost");
        unreported += new.len() - reported.len();
        before = entries;
    }
    println!(
        "{ROUNDS} kills, {} acts: {unreported} stood without having been reported, {left_keys} left an epoch key too many",
        before.len()
    );
    assert!(
        before.len() as u64 > ROUNDS / 2,
        "hardly anything was done between the kills"
    );
}

#[test]
fn killed_while_it_is_made_a_vault_is_there_whole_or_not_at_all() {
    let place = tempfile::tempdir().unwrap();
    let mut chance = Chance(11);
    for round in 0..20 {
        let child = start("kill::makes_vaults_until_killed", place.path(), round);
        kill_after(child, 1 + round % 2, &mut chance);
    }
    let mut whole = 0;
    for entry in fs::read_dir(place.path()).unwrap() {
        let folder = entry.unwrap().path();
        if !folder.to_str().unwrap().contains(".new-") {
            block_on(async { open(&folder).await.health().await.unwrap() });
            whole += 1;
        }
    }
    assert!(
        whole >= 20,
        "each process reported one vault at least, {whole} are there"
    );
}

#[test]
#[ignore = "the process that is killed, not a test of its own"]
fn acts_until_killed() {
    let folder = env::var_os(FOLDER).unwrap();
    let seed: u64 = env::var(SEED).unwrap().parse().unwrap();
    let mut chance = Chance(seed);
    block_on(async {
        let vault = open(Path::new(&folder)).await;
        loop {
            let name = NAMES[chance.below(4) as usize];
            let entry = match chance.below(5) {
                0 => format!("withdraw {name}"),
                1 => format!("forget {name}"),
                _ => format!("enroll {name} {}", chance.below(u64::MAX)),
            };
            if act(&vault, &entry).await {
                report(&entry);
            }
        }
    });
}

#[test]
#[ignore = "the process that is killed, not a test of its own"]
fn makes_vaults_until_killed() {
    let place = env::var_os(FOLDER).unwrap();
    let round = env::var(SEED).unwrap();
    for number in 0.. {
        let folder = Path::new(&place).join(format!("vault-{round}-{number}"));
        block_on(async { Vault::create(&folder, &Unlock::File).await.unwrap() });
        report("made");
    }
}

/// Does what the entry says and records it; not done when there is nothing to withdraw or forget.
async fn act(vault: &Vault, entry: &str) -> bool {
    let words: Vec<&str> = entry.split(' ').collect();
    let mut act = vault.act().await.unwrap();
    let done = match (words[0], act.subject(&handle(words[1])).await.unwrap()) {
        ("enroll", _) => {
            let subject = act.know(&handle(words[1])).await.unwrap();
            agree(&mut act, subject, &door()).await;
            let permit = permit(&mut act, Operation::Enroll, subject, &door()).await;
            let template = template(words[2].parse().unwrap());
            act.keep_template(&permit, &template, 80, now())
                .await
                .unwrap();
            true
        }
        (_, None) => false,
        ("forget", Some(subject)) => act.forget(subject).await.is_ok(),
        (_, Some(subject)) => match act.withdraw(subject, &door(), later(1)).await {
            Err(VaultError::NoSuchConsent(_)) => false,
            done => done.map(|_| true).unwrap(),
        },
    };
    if done {
        act.record(entry.as_bytes()).await.unwrap();
    }
    done
}

/// Opens the vault as the killed process left it, and holds what is in it against what its ledger
/// says was done; returns the entries.
async fn check(folder: &Path) -> Vec<String> {
    let vault = open(folder).await;
    let health = vault.health().await.unwrap();
    verify(&export(&vault).await).unwrap();
    let mut look = vault.look().await.unwrap();
    let entries = look.entries(0..u64::MAX).await.unwrap();
    let entries: Vec<String> = entries
        .into_iter()
        .map(|entry| String::from_utf8(entry.bytes).unwrap())
        .collect();
    let told = Told::by(&entries);

    let mut held = BTreeMap::new();
    for subject in look.subjects().await.unwrap() {
        let consents = look.consents(subject.id).await.unwrap();
        let live = consents
            .iter()
            .filter(|consent| consent.is_live(now()))
            .count();
        let permit = forged_permit(Operation::Verify, subject.id, &door());
        let references = look.templates(&permit, now()).await.unwrap();
        let mut values: Vec<u32> = references
            .iter()
            .map(|reference| fingerprint(reference.template.values()))
            .collect();
        values.sort_unstable();
        let found = look.subject(&subject.handle).await.unwrap();
        assert_eq!(found, Some(subject.id));
        held.insert(subject.handle.to_string(), (consents.len(), live, values));
    }
    assert_eq!(held, told.people);
    assert_eq!(health.epoch, told.epoch);
    let mut keys = epoch_files(folder);
    // Left by acts that never happened: of the epoch to come, or moved out of the way of one.
    let coming = format!("{}.key", told.epoch + 1);
    keys.retain(|name| *name != coming && !name.contains(".unused-"));
    assert_eq!(keys, [format!("{}.key", told.epoch)]);
    drop(look);
    vault.close().await;
    entries
}

/// What the ledger says the vault holds: consents, how many are live, and which templates.
struct Told {
    people: BTreeMap<String, (usize, usize, Vec<u32>)>,
    epoch: u64,
}

impl Told {
    fn by(entries: &[String]) -> Self {
        let mut told = Self {
            people: BTreeMap::new(),
            epoch: 1,
        };
        for entry in entries {
            let words: Vec<&str> = entry.split(' ').collect();
            let (deed, name) = (words[0], words[1].to_owned());
            if deed == "forget" {
                told.people.remove(&name).unwrap();
                told.epoch += 1;
                continue;
            }
            let (consents, live, templates) = told.people.entry(name).or_default();
            if deed == "withdraw" {
                (*live, *templates) = (0, Vec::new());
                told.epoch += 1;
            } else {
                (*consents, *live) = (*consents + 1, *live + 1);
                templates.push(fingerprint(template(words[2].parse().unwrap()).values()));
                templates.sort_unstable();
            }
        }
        told
    }
}

/// The signs of the first 32 values: enough to tell which template it is.
fn fingerprint(values: &[f32]) -> u32 {
    let sign = |bits, value: &f32| bits << 1 | u32::from(*value < 0.0);
    values.iter().take(32).fold(0, sign)
}

/// Starts this program again with one of the ignored tests above.
fn start(test: &str, folder: &Path, seed: u64) -> Child {
    Command::new(env::current_exe().unwrap())
        .args([test, "--exact", "--ignored", "--nocapture"])
        .env(FOLDER, folder)
        .env(SEED, seed.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

fn report(what: &str) {
    // A line of its own, whatever the test runner has written before.
    let mut out = std::io::stdout().lock();
    writeln!(out, "\n{REPORTED}{what}").unwrap();
}

const REPORTED: &str = "reported: ";

/// Kills the process after so many reports and a while that is never the same; returns all that it
/// reported.
fn kill_after(mut child: Child, reports: u64, chance: &mut Chance) -> Vec<String> {
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut reported = Vec::new();
    let mut waited = Instant::now();
    let mut longest = Duration::from_millis(20);
    while (reported.len() as u64) < reports {
        let line = lines.next().expect("the process ended by itself").unwrap();
        if let Some(what) = line.strip_prefix(REPORTED) {
            reported.push(what.to_owned());
            longest = waited.elapsed();
            waited = Instant::now();
        }
    }
    let pause = longest * chance.below(1000) as u32 / 1000;
    let began = Instant::now();
    while began.elapsed() < pause {
        std::hint::spin_loop();
    }
    child.kill().unwrap();
    let ended = child.wait().unwrap();
    assert_eq!(ended.code(), None, "the process ended by itself");
    let rest = lines.map(Result::unwrap);
    reported.extend(rest.filter_map(|line| line.strip_prefix(REPORTED).map(str::to_owned)));
    reported
}

/// Numbers that look random and are the same in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }
}
