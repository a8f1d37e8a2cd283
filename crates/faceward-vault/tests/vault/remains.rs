//! The search after a forgetting finds nothing where nothing is left, and whatever is left.

use std::fs;
use std::path::Path;
use std::time::Instant;

use crate::scene::*;
use faceward_law::SubjectId;
use faceward_vault::{Searched, Vault, Wanted};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{Connection, Row};

async fn wanted(vault: &Vault, subject: SubjectId) -> Wanted {
    let mut look = vault.look().await.unwrap();
    look.wanted(subject).await.unwrap()
}

async fn database(place: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new()
        .filename(place.join("vault/vault.db"))
        .foreign_keys(false)
        .pragma("secure_delete", "OFF");
    SqliteConnection::connect_with(&options).await.unwrap()
}

fn assert_found(searched: &Searched, what: &str) {
    let found = searched.found.join("; ");
    assert!(found.contains(what), "`{what}` is not in `{found}`");
}

#[tokio::test]
async fn nothing_is_left_of_one_among_many() {
    let (_place, vault) = vault().await;
    let mut people = Vec::new();
    for seed in 0..120 {
        people.push(enrol(&vault, &format!("person {seed}"), &door(), seed).await);
    }
    let before = wanted(&vault, people[60]).await;
    let searched = vault.search(&before).await.unwrap();
    for what in [
        "1 row of the table `subject`",
        "2 rows of the table `sealing_key`",
        "1 row of the table `template`",
        "1 row of the table `consent`",
        "1 row of the table `consent_event`",
        "the handle still finds a person",
        "the person's identifier in vault.db",
        "the person's wrapped key in vault.db",
        "the person's reference in vault.db",
    ] {
        assert_found(&searched, what);
    }
    for (place, subject) in people.into_iter().enumerate().filter(|(p, _)| p % 9 == 0) {
        let wanted = wanted(&vault, subject).await;
        forget(&vault, subject).await;
        let began = Instant::now();
        let searched = vault.search(&wanted).await.unwrap();
        println!("{place}: {:?} {searched:?}", began.elapsed());
        assert_eq!(searched.found, [""; 0], "person {place}");
        assert!(searched.tables.len() >= 10 && searched.pieces >= 7);
        assert!(searched.files.contains(&"vault.db".to_owned()));
    }
    vault.health().await.unwrap();
}

#[tokio::test]
async fn references_are_described_without_a_permit_and_without_the_template() {
    let (_place, vault) = vault().await;
    let alice = enrol(&vault, "alice", &door(), 1).await;
    enrol(&vault, "alice", &canteen(), 2).await;
    enrol(&vault, "bob", &door(), 3).await;
    let mut look = vault.look().await.unwrap();
    let described = look.described(alice).await.unwrap();
    let purposes: Vec<&str> = described.iter().map(|d| d.purpose.as_str()).collect();
    assert_eq!(purposes, ["canteen", "door-access"]);
    assert_eq!(described[0].quality, 80);
    assert_eq!(described[0].enrolled_at, now());
    assert!(described[0].model.to_string().starts_with("example"));
}

#[tokio::test]
async fn a_row_that_stayed_is_found() {
    for (table, left) in [
        ("subject", "the table `subject`"),
        ("sealing_key", "the table `sealing_key`"),
        ("template", "the table `template`"),
        ("consent_event", "the person's consent event in vault.db"),
    ] {
        let (place, vault) = vault().await;
        let alice = enrol(&vault, "alice", &door(), 1).await;
        enrol(&vault, "bob", &door(), 2).await;
        let wanted = wanted(&vault, alice).await;
        let mut side = database(place.path()).await;
        let kept = rows(&mut side, table, alice).await;
        forget(&vault, alice).await;
        put_back(&mut side, table, &kept).await;
        let searched = vault.search(&wanted).await.unwrap();
        assert_found(&searched, left);
        if table == "subject" {
            assert_found(&searched, "the person's name in vault.db");
        }
    }
}

#[tokio::test]
async fn bytes_that_linger_in_the_log_or_a_table_nobody_knows_are_found() {
    let (place, vault) = vault().await;
    let alice = enrol(&vault, "alice", &door(), 1).await;
    let wanted = wanted(&vault, alice).await;
    let mut side = database(place.path()).await;
    sqlx::raw_sql("CREATE TABLE map (of BLOB, bytes BLOB)")
        .execute(&mut side)
        .await
        .unwrap();
    sqlx::query("INSERT INTO map VALUES ($1, x'00')")
        .bind(alice.0.as_slice())
        .execute(&mut side)
        .await
        .unwrap();
    forget(&vault, alice).await;
    assert_found(&vault.search(&wanted).await.unwrap(), "the table `map`");
    sqlx::raw_sql("DROP TABLE map; VACUUM")
        .execute(&mut side)
        .await
        .unwrap();
    assert_eq!(vault.search(&wanted).await.unwrap().found, [""; 0]);

    // A transaction elsewhere that began before keeps the log from being emptied.
    let (place, vault) = self::vault().await;
    let alice = enrol(&vault, "alice", &door(), 1).await;
    let wanted = self::wanted(&vault, alice).await;
    let mut reader = database(place.path()).await;
    sqlx::raw_sql("BEGIN; SELECT * FROM state")
        .execute(&mut reader)
        .await
        .unwrap();
    forget(&vault, alice).await;
    assert_found(&vault.search(&wanted).await.unwrap(), "in vault.db");
    sqlx::raw_sql("COMMIT").execute(&mut reader).await.unwrap();
    assert_eq!(vault.search(&wanted).await.unwrap().found, [""; 0]);
}

#[tokio::test]
async fn a_past_key_put_back_is_found() {
    let (place, vault) = vault().await;
    let alice = enrol(&vault, "alice", &door(), 1).await;
    let wanted = wanted(&vault, alice).await;
    let key = place.path().join("vault/epochs/1.key");
    let bytes = fs::read(&key).unwrap();
    forget(&vault, alice).await;
    assert_eq!(vault.search(&wanted).await.unwrap().found, [""; 0]);
    fs::write(&key, bytes).unwrap();
    let searched = vault.search(&wanted).await.unwrap();
    assert_found(&searched, "1 key file of past epochs");
}

async fn rows(side: &mut SqliteConnection, table: &str, of: SubjectId) -> Vec<Vec<Cell>> {
    let column = if table == "subject" { "id" } else { "subject" };
    let sql = sqlx::AssertSqlSafe(format!("SELECT * FROM {table} WHERE {column} = $1"));
    let rows = sqlx::query(sql)
        .bind(of.0.as_slice())
        .fetch_all(side)
        .await
        .unwrap();
    let cells = |row: &sqlx::sqlite::SqliteRow| (0..row.len()).map(|at| cell(row, at)).collect();
    rows.iter().map(cells).collect()
}

enum Cell {
    Bytes(Vec<u8>),
    Text(String),
    Number(i64),
}

fn cell(row: &sqlx::sqlite::SqliteRow, at: usize) -> Cell {
    row.try_get(at)
        .map(Cell::Bytes)
        .or_else(|_| row.try_get(at).map(Cell::Text))
        .or_else(|_| row.try_get(at).map(Cell::Number))
        .unwrap()
}

async fn put_back(side: &mut SqliteConnection, table: &str, rows: &[Vec<Cell>]) {
    for row in rows {
        let places = vec!["?"; row.len()].join(", ");
        let sql = sqlx::AssertSqlSafe(format!("INSERT INTO {table} VALUES ({places})"));
        let mut insert = sqlx::query(sql);
        for cell in row {
            insert = match cell {
                Cell::Bytes(bytes) => insert.bind(bytes.clone()),
                Cell::Text(text) => insert.bind(text.clone()),
                Cell::Number(number) => insert.bind(*number),
            };
        }
        insert.execute(&mut *side).await.unwrap();
    }
}
