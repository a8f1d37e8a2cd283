//! Cases as a stranger meets them: `faceward case new`, `assess` and `dossier`, and the exit codes.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

struct Place(TempDir);

impl Place {
    fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_faceward"))
            .args(arguments)
            .current_dir(self.0.path())
            .env("FACEWARD_HOME", self.path("home"))
            .output()
            .unwrap()
    }

    /// Exit code and everything that was said.
    fn says(&self, arguments: &[&str]) -> (i32, String) {
        let output = self.run(arguments);
        let said = [output.stdout, output.stderr].concat();
        (
            output.status.code().unwrap(),
            String::from_utf8(said).unwrap(),
        )
    }

    fn json(&self, arguments: &[&str]) -> Value {
        let output = self.run(&[arguments, &["--json"]].concat());
        let text = String::from_utf8(output.stdout).unwrap();
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{arguments:?}: {error}: {text}"))
    }

    /// What is said of a case that cannot be read.
    fn refusal(&self, case: &str) -> String {
        self.write("wrong.toml", case);
        let (code, said) = self.says(&["case", "assess", "wrong.toml"]);
        assert_eq!(code, 2, "{said}");
        said
    }
}

fn root(name: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    root.join(name)
        .canonicalize()
        .unwrap()
        .display()
        .to_string()
}

/// The rule of this number in the first pack of the first case.
fn rule<'v>(assessed: &'v Value, number: &str) -> &'v Value {
    let rules = assessed["cases"][0]["packs"][0]["rules"]
        .as_array()
        .unwrap();
    rules.iter().find(|rule| rule["number"] == number).unwrap()
}

#[test]
fn the_cases_of_every_pack_come_out_as_expected_and_so_does_the_worked_one() {
    let place = Place::new();
    let packs = fs::read_dir(root("laws")).unwrap();
    let mut files: Vec<String> = packs
        .map(|pack| {
            pack.unwrap()
                .path()
                .join("cases.toml")
                .display()
                .to_string()
        })
        .collect();
    files.push(root("docs/gate/gate.toml"));
    for file in files {
        let (code, said) = place.says(&["case", "assess", &file]);
        assert_eq!(code, 0, "{file}: {said}");
    }
}

#[test]
fn a_new_case_is_a_case() {
    let place = Place::new();
    let (code, said) = place.says(&["case", "new", "my.toml", "--pack", "cn-pipl"]);
    assert!(code == 0 && said.contains("case assess my.toml"), "{said}");
    assert!(place.read("my.toml").contains("packs = [\"cn-pipl\"]"));
    let assessed = place.json(&["case", "assess", "my.toml"]);
    assert_eq!(assessed["outcome"], "assessed");
    assert_eq!(assessed["cases"][0]["packs"][0]["id"], "cn-pipl");
    let (code, said) = place.says(&["case", "new", "my.toml"]);
    assert!(code == 2 && said.contains("my.toml"), "{said}");
    let (code, said) = place.says(&["case", "new", "other.toml", "--pack", "cn-pip"]);
    assert!(code == 2 && said.contains("cn-pipl"), "{said}");
}

#[test]
fn what_cannot_be_read_is_told_with_its_line_and_what_to_write_instead() {
    let place = Place::new();
    for (case, told) in [
        (
            "[facts]\nseperate_consent_obtained = false\n",
            "line 2: there is no fact `seperate_consent_obtained`; did you mean `separate_consent_obtained`?",
        ),
        ("[facts]\nplace_type = \"mal\"\n", "did you mean `mall`?"),
        (
            "[facts]\nuses_frt = \"yes\"\n",
            "write true, false or \"unknown\"",
        ),
        ("[facts]\nlawyer_fee = \"a lot\"\n", "write a number (yuan)"),
        ("[facts]\nconduct_start = \"last spring\"\n", "write a day"),
        (
            "[facts]\nconduct_start = 2023-05-10\nconduct_end = 2023-05-09\n",
            "line 3: the conduct ends before it begins",
        ),
        ("[fact]\nuses_frt = true\n", "did you mean `facts`?"),
        (
            "[facts]\nuses_frt = { value = true, evidence = [\"D1\"] }\n",
            "there is no evidence `D1`",
        ),
        (
            "[facts]\nuses_frt = { value = true, state = \"certain\" }\n",
            "unknown variant `certain`",
        ),
        (
            "packs = [\"cn-spc-2021\"]\n",
            "did you mean `cn-spc-2021-15`?",
        ),
        (
            "[[claims]]\nid = \"a\"\ntext = \"b\"\nasks = [\"deletoin\"]\n",
            "did you mean `deletion`?",
        ),
        (
            "[[acts]]\nfrom = 2023-05-10\nto = 2023-05-09\nwhat = \"x\"\n",
            "ends before it begins",
        ),
        ("[readings]\nart11 = \"maybe\"\n", "disjunctive"),
        (
            "[expect]\nmade_out = [\"2.33\"]\n",
            "no rule or conclusion `2.33`",
        ),
        ("format = 2\n", "this program reads format 1"),
        ("[facts\n", "line 1"),
    ] {
        let said = place.refusal(case);
        assert!(said.contains(told), "{case}: {said}");
    }
    let (code, said) = place.says(&["case", "assess", "absent.toml"]);
    assert!(code == 2 && said.contains("absent.toml"), "{said}");
}

#[test]
fn one_file_that_cannot_be_read_does_not_hide_the_others() {
    let place = Place::new();
    place.write("good.toml", "[facts]\nseparate_consent_obtained = false\n");
    place.write("bad.toml", "[facts]\nnot_a_fact_at_all = 1\n");
    let (code, said) = place.says(&["case", "assess", "bad.toml", "good.toml"]);
    assert!(
        code == 2 && said.contains("Art. 2(3)") && said.contains("bad.toml"),
        "{said}"
    );
    let assessed = place.json(&["case", "assess", "bad.toml", "good.toml"]);
    assert_eq!(assessed["outcome"], "error");
    assert_eq!(assessed["cases"].as_array().unwrap().len(), 1);
    assert_eq!(assessed["errors"].as_array().unwrap().len(), 1);
}

#[test]
fn an_expectation_that_is_not_met_has_its_own_exit_code() {
    let place = Place::new();
    let case = "[facts]\nseparate_consent_obtained = false\n[expect]\nmade_out = [\"2.3\"]\n";
    place.write("case.toml", case);
    assert_eq!(place.says(&["case", "assess", "case.toml"]).0, 0);
    place.write("case.toml", &case.replace("2.3", "2.2"));
    let (code, said) = place.says(&["case", "assess", "case.toml"]);
    assert!(code == 1 && said.contains("NOT AS EXPECTED"), "{said}");
    assert_eq!(
        place.json(&["case", "assess", "case.toml"])["outcome"],
        "unexpected"
    );
}

#[test]
fn an_unknown_is_decided_against_whoever_has_to_prove_it_and_named() {
    let place = Place::new();
    let case = "[facts]\nseparate_consent_obtained = \"unknown\"\n";
    place.write("case.toml", case);
    let assessed = place.json(&["case", "assess", "case.toml"]);
    let of = rule(&assessed, "2.3");
    assert_eq!(of["outcome"], "made_out");
    assert_eq!(of["turns_on"][0]["fact"], "separate_consent_obtained");
    assert_eq!(of["turns_on"][0]["burden"], "processor");
    assert_eq!(of["turns_on"][0]["allocated_by"], "cn-spc-2021-15/6.2");
    let conclusions = &assessed["cases"][0]["packs"][0]["conclusions"];
    assert_eq!(conclusions["infringement"]["outcome"], "made_out");
    assert_eq!(conclusions["injunction"]["outcome"], "not_in_issue");
    let changes = assessed["cases"][0]["changes"].as_array().unwrap();
    assert_eq!(changes[0]["fact"], "separate_consent_obtained");
    assert_eq!(changes[0]["in_doubt"], true);
}

#[test]
fn what_if_tells_what_comes_out_otherwise() {
    let place = Place::new();
    place.write("case.toml", "[facts]\nseparate_consent_obtained = false\n");
    let asked = [
        "case",
        "assess",
        "case.toml",
        "--what-if",
        "separate_consent_obtained=true",
    ];
    let (code, said) = place.says(&asked);
    assert!(
        code == 0 && said.contains("not made out, was made out"),
        "{said}"
    );
    let assessed = place.json(&[&asked[..], &["--what-if", "rules_published=false"]].concat());
    let differences = assessed["cases"][0]["what_if"]["differences"]
        .as_array()
        .unwrap();
    let to = |id: &str| differences.iter().find(|d| d["rule"] == id).unwrap();
    assert_eq!(to("cn-spc-2021-15/2.3")["after"], "not_made_out");
    assert_eq!(to("cn-spc-2021-15/2.2")["after"], "made_out");
    let wrong = [
        "case",
        "assess",
        "case.toml",
        "--what-if",
        "separate_consent=true",
    ];
    let (code, said) = place.says(&wrong);
    assert!(code == 2 && said.contains("did you mean"), "{said}");
}

#[test]
fn acts_are_judged_by_their_days() {
    let place = Place::new();
    let case = "[facts]\nseparate_consent_obtained = false\n[[acts]]\ndate = 2021-07-31\nwhat = \"captured\"\n";
    place.write("case.toml", case);
    let assessed = place.json(&["case", "assess", "case.toml"]);
    assert_eq!(assessed["cases"][0]["packs"][0]["provisions_apply"], "no");
    let counterfactual = assessed["cases"][0]["packs"][0]["counterfactual"].to_string();
    assert!(
        counterfactual.contains("cn-spc-2021-15/2.3"),
        "{counterfactual}"
    );
    place.write(
        "case.toml",
        &format!("{case}[[acts]]\ndate = 2021-08-01\nwhat = \"stored\"\n"),
    );
    let assessed = place.json(&["case", "assess", "case.toml"]);
    assert_eq!(
        assessed["cases"][0]["packs"][0]["provisions_apply"],
        "partial"
    );
    assert_eq!(rule(&assessed, "2.3")["outcome"], "made_out");
    assert_eq!(
        assessed["cases"][0]["acts"][0]["judged_under"],
        serde_json::json!([])
    );
}

#[test]
fn a_case_may_be_written_as_json() {
    let place = Place::new();
    place.write("case.json", r#"{"id": "j", "facts": {"separate_consent_obtained": false, "conduct_start": "2023-05-10"}}"#);
    let assessed = place.json(&["case", "assess", "case.json"]);
    assert_eq!(assessed["cases"][0]["id"], "j");
    assert_eq!(rule(&assessed, "2.3")["outcome"], "made_out");
    place.write(
        "case.json",
        r#"{"facts": {"seperate_consent_obtained": false}}"#,
    );
    let (code, said) = place.says(&["case", "assess", "case.json"]);
    assert!(
        code == 2 && said.contains("did you mean") && !said.contains("line"),
        "{said}"
    );
}

#[test]
fn documents_are_held_against_their_hashes() {
    let place = Place::new();
    let hash = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    place.write("abc.txt", "abc");
    let mut case = String::from("[facts]\nuses_frt = { value = true, evidence = [\"D0\"] }\n");
    for (at, (file, sha256)) in [
        ("abc.txt", Some(hash)),
        ("abc.txt", None),
        ("absent.txt", Some(hash)),
    ]
    .iter()
    .enumerate()
    {
        case += &format!(
            "[[evidence]]\nid = \"D{at}\"\nkind = \"document\"\ntitle = \"t\"\nfile = \"{file}\"\n"
        );
        case += &sha256.map_or_else(String::new, |hex| format!("sha256 = \"{hex}\"\n"));
    }
    place.write("case.toml", &case);
    let results = |place: &Place| -> Vec<String> {
        let assessed = place.json(&["case", "assess", "case.toml"]);
        let evidence = assessed["cases"][0]["evidence"].as_array().unwrap();
        let result = |e: &Value| e["check"]["result"].as_str().unwrap().to_owned();
        evidence.iter().map(result).collect()
    };
    assert_eq!(results(&place), ["holds", "present", "missing"]);
    place.write("abc.txt", "abd");
    assert_eq!(results(&place), ["hash_differs", "present", "missing"]);
    let (code, said) = place.says(&["case", "assess", "case.toml"]);
    assert!(
        code == 0 && said.contains("EVIDENCE D0") && said.contains("EVIDENCE D2"),
        "{said}"
    );
}

#[test]
fn a_dossier_says_what_it_is_and_no_name_becomes_markup() {
    let place = Place::new();
    let nasty = "<script>alert(1)</script>\\\" onload=x & 'y'";
    place.write("case.toml", &format!("id = \"n\"\ntitle = \"{nasty}\"\n[parties]\nclaimant = \"{nasty}\"\n[facts]\nseparate_consent_obtained = {{ value = \"unknown\", note = \"{nasty}\" }}\ncc998.reach = \"{nasty}\"\n"));
    let (code, said) = place.says(&["case", "dossier", "case.toml", "-o", "out"]);
    assert_eq!(code, 0, "{said}");
    let page = place.read("out/dossier.html");
    assert!(page.contains("Decision support, not a judgment"));
    assert!(page.contains("不是裁判文书"));
    assert!(!page.contains("<script") && page.contains("&lt;script&gt;"));
    for outside in ["http://", "https://", "url(", "@import", "<img", "<link"] {
        assert!(!page.contains(outside), "{outside}");
    }
    let dossier: Value = serde_json::from_str(&place.read("out/dossier.json")).unwrap();
    assert_eq!(dossier["notice"], "Decision support and not a judgment.");
    assert!(dossier["document"]["blocks"].as_array().unwrap().len() > 20);
    place.says(&["case", "dossier", "case.toml", "-o", "en", "--lang", "en"]);
    let page = place.read("en/dossier.html");
    assert!(page.contains("In short") && !page.contains("结论摘要"));
    place.says(&["case", "dossier", "case.toml", "-o", "zh", "--lang", "zh"]);
    assert!(place.read("zh/dossier.html").contains("结论摘要"));
}

#[test]
fn several_cases_have_a_folder_each_and_none_leads_elsewhere() {
    let place = Place::new();
    let cases = "[[cases]]\nid = \"a\"\n[[cases]]\nid = \"b\"\n";
    place.write("cases.toml", cases);
    assert_eq!(
        place
            .says(&["case", "dossier", "cases.toml", "-o", "out"])
            .0,
        0
    );
    assert!(place.path("out/a/dossier.html").exists() && place.path("out/b/dossier.json").exists());
    for wrong in ["../c", "a", "", "/tmp/c"] {
        place.write(
            "cases.toml",
            &format!("{cases}[[cases]]\nid = \"{wrong}\"\n"),
        );
        let (code, said) = place.says(&["case", "dossier", "cases.toml", "-o", "out2"]);
        assert_eq!(code, 2, "{wrong}: {said}");
    }
}

/// Consents are all it takes: the law permits, refuses and forgets without a photograph.
#[test]
fn a_ledger_fills_in_what_it_proves_and_says_what_it_cannot() {
    let place = Place::new();
    place.write("notice.txt", "We compare your face at the door.");
    let give = |who: &str, more: &[&str]| {
        let plain = [
            "consent",
            "give",
            who,
            "--purpose",
            "door",
            "--notice",
            "notice.txt",
            "--how",
            "on paper",
        ];
        let (code, said) = place.says(&[&plain[..], more].concat());
        assert_eq!(code, 0, "{said}");
    };
    give("bystander", &[]);
    give("gu", &["--bundled-with", "the newsletter"]);
    let photo = root("demo/obama.jpg");
    assert_eq!(
        place.says(&["enroll", "gu", &photo, "--purpose", "door"]).0,
        3
    );
    let held = place.run(&["export", "gu", "--json"]);
    fs::write(place.path("held.json"), held.stdout).unwrap();
    let exported = place.json(&["audit", "export", "log"]);
    let key = exported["ledger_key"].as_str().unwrap();
    place.write(
        "case.toml",
        "id = \"gu\"\n[facts]\nconsent_defence_raised = true\nconsent_obtained = \"unknown\"\n",
    );
    let asked = [
        "case",
        "assess",
        "case.toml",
        "--ledger",
        "log",
        "--key",
        key,
    ];

    let nobody = place.json(&asked);
    assert_eq!(
        nobody["cases"][0]["ledger"]["own"]
            .as_array()
            .unwrap()
            .len(),
        0
    );
    assert_eq!(rule(&nobody, "4.2")["outcome"], "not_in_issue");

    let about = [&asked[..], &["--about", "held.json"]].concat();
    let assessed = place.json(&about);
    let ledger = &assessed["cases"][0]["ledger"];
    // The consent, the refused enrolment and the giving out; not the bystander's.
    assert_eq!(ledger["own"].as_array().unwrap().len(), 3, "{ledger}");
    assert_eq!(ledger["own"][0]["act"], "consent-given");
    assert!(!ledger["cannot_prove"].as_array().unwrap().is_empty());
    assert_eq!(rule(&assessed, "4.2")["outcome"], "made_out");
    let facts = assessed["cases"][0]["facts"].as_array().unwrap();
    let fact = |name: &str| facts.iter().find(|fact| fact["name"] == name);
    assert_eq!(fact("consent_bundled").unwrap()["state"], "ledger");
    assert_eq!(fact("consent_bundled").unwrap()["evidence"][0], "ledger 1");
    assert_eq!(fact("consent_obtained").unwrap()["counts_as"], "true");
    assert!(
        fact("processed_claimant_face_info").is_none(),
        "a refusal is no processing"
    );

    let (code, said) = place.says(&[&["case", "dossier"], &about[2..], &["-o", "out"]].concat());
    assert_eq!(code, 0, "{said}");
    let page = place.read("out/dossier.html");
    assert!(page.contains("What no ledger proves"));
    let receipt = [
        "audit",
        "check",
        "--proof",
        "out/ledger/entry-1.json",
        "--key",
        key,
    ];
    let (code, said) = place.says(&receipt);
    assert!(code == 0 && said.contains("entry 1"), "{said}");

    let left = place.json(&["forget", "gu"]);
    let exported = place.json(&["audit", "export", "later"]);
    assert_eq!(exported["entries"], 5);
    let (subject, salt) = (
        left["subject"].as_str().unwrap(),
        left["salt"].as_str().unwrap(),
    );
    let one = [
        "case",
        "assess",
        "case.toml",
        "--ledger",
        "later",
        "--key",
        key,
        "--subject",
        subject,
        "--salt",
        salt,
    ];
    let assessed = place.json(&one);
    assert_eq!(assessed["cases"][0]["ledger"]["own"][0]["act"], "forgotten");

    let bundle = fs::read_dir(place.path("log/tile/entries/000.p"))
        .unwrap()
        .next()
        .unwrap()
        .unwrap();
    let text = fs::read(bundle.path()).unwrap();
    let forged: Vec<u8> = text
        .iter()
        .map(|byte| if *byte == b'2' { b'3' } else { *byte })
        .collect();
    fs::write(bundle.path(), forged).unwrap();
    let (code, said) = place.says(&about);
    assert!(code == 2 && said.contains("ledger"), "{said}");
}

#[test]
fn a_receipt_of_an_entry_is_checked_as_evidence() {
    let place = Place::new();
    place.write("notice.txt", "We compare your face at the door.");
    let give = [
        "consent",
        "give",
        "gu",
        "--purpose",
        "door",
        "--notice",
        "notice.txt",
        "--how",
        "on paper",
    ];
    assert_eq!(place.says(&give).0, 0);
    let proof = place.json(&["audit", "proof", "0"]);
    let key = proof["ledger_key"].as_str().unwrap();
    let case = |file: &str, key: Option<&str>| {
        let key = key.map_or_else(String::new, |key| format!("key = \"{key}\"\n"));
        let of = format!(
            "[[evidence]]\nid = \"L1\"\nkind = \"ledger-entry\"\ntitle = \"t\"\nfile = \"{file}\"\n{key}"
        );
        place.write("case.toml", &of);
    };
    let check = |more: &[&str]| {
        let assessed = place.json(&[&["case", "assess", "case.toml"], more].concat());
        assessed["cases"][0]["evidence"][0]["check"].clone()
    };
    place.write("entry.json", &proof.to_string());
    case("entry.json", Some(key));
    let checked = check(&[]);
    assert_eq!(checked["result"], "holds", "{checked}");
    assert!(
        checked["detail"]
            .as_str()
            .unwrap()
            .contains("consent-given")
    );
    case("entry.json", None);
    assert_eq!(check(&[])["result"], "unchecked");
    assert_eq!(check(&["--key", key])["result"], "holds");
    place.write(
        "forged.json",
        &proof.to_string().replace("consent-given", "forgotten"),
    );
    case("forged.json", Some(key));
    assert_eq!(check(&[])["result"], "fails");
}

/// `FACEWARD_WRITE_TABLES=1 cargo test -p faceward-cli --test cases` writes the output anew.
#[test]
fn the_guides_show_what_the_program_says() {
    let place = Place::new();
    let guide = root("docs/case-format.md");
    let text = fs::read_to_string(&guide).unwrap();
    place.write("c2.toml", block(&text, "case").1);
    let (code, said) = place.says(&["case", "assess", "c2.toml", "--as-of", "2022-05-25"]);
    assert_eq!(code, 0, "{said}");
    let (at, shown) = block(&text, "output");
    if shown != said && std::env::var_os("FACEWARD_WRITE_TABLES").is_some() {
        let rest = &text[at + shown.len()..];
        fs::write(&guide, [&text[..at], &said, rest].concat()).unwrap();
    } else {
        assert_eq!(shown, said, "write it anew, see above");
    }

    let lawyers = fs::read_to_string(root("docs/for-lawyers.md")).unwrap();
    let (_, said) = place.says(&["case", "assess", &root("docs/gate/gate.toml")]);
    let (_, more) = place.says(&[
        "case",
        "assess",
        &root("docs/gate/gate.toml"),
        "--what-if",
        "separate_consent_obtained=true",
    ]);
    let said = said + &more;
    let shown = lawyers
        .split("```text\n")
        .skip(1)
        .flat_map(|of| of.split("```").next());
    for line in shown.flat_map(str::lines).filter(|line| !line.is_empty()) {
        assert!(said.contains(line), "for-lawyers.md shows `{line}`");
    }
}

/// What a guide shows between its markers, and where it begins.
fn block<'t>(text: &'t str, name: &str) -> (usize, &'t str) {
    let marker = format!("<!-- example: {name} -->\n```");
    let from = text.find(&marker).unwrap() + marker.len();
    let from = from + text[from..].find('\n').unwrap() + 1;
    let length = text[from..].find("```\n").unwrap();
    (from, &text[from..from + length])
}

#[test]
fn a_consent_receipt_is_checked_as_evidence_and_opens_its_entry() {
    let place = Place::new();
    fs::create_dir(place.path("home")).unwrap();
    place.write(
        "home/faceward.toml",
        "[controller]\nname = \"Estate\"\naddress = \"1 Gate\"\ncontact = \"desk\"\n",
    );
    place.write("notice.txt", "We compare your face at the door.");
    let give = [
        "consent",
        "give",
        "gu",
        "--purpose",
        "door",
        "--notice",
        "notice.txt",
        "--how",
        "on paper",
        "--required",
    ];
    assert_eq!(place.says(&give).0, 0);
    let made = [
        "consent",
        "receipt",
        "gu",
        "--purpose",
        "door",
        "--out",
        "receipt.jws",
    ];
    let (code, said) = place.says(&made);
    assert_eq!(code, 0, "{said}");
    let own = place.json(&["receipt", "key"]);
    let key = own["key"].as_str().unwrap();
    let exported = place.json(&["audit", "export", "log"]);
    let ledger = exported["ledger_key"].as_str().unwrap();
    let case = |key: &str| {
        let of = "[[evidence]]\nid = \"R\"\nkind = \"consent-receipt\"\ntitle = \"t\"\nfile = \"receipt.jws\"\n";
        place.write("case.toml", &format!("{of}{key}"));
    };
    let assess = [
        "case",
        "assess",
        "case.toml",
        "--ledger",
        "log",
        "--key",
        ledger,
        "--about",
        "receipt.jws",
    ];
    case(&format!("key = \"{key}\"\n"));
    let assessed = place.json(&assess);
    let of = &assessed["cases"][0];
    assert_eq!(
        of["evidence"][0]["check"]["result"], "holds",
        "{}",
        of["evidence"]
    );
    assert_eq!(of["ledger"]["own"][0]["act"], "consent-given");
    case("");
    let of = place.json(&assess);
    assert_eq!(
        of["cases"][0]["evidence"][0]["check"]["result"],
        "unchecked"
    );
    let forged = place.read("receipt.jws").replacen('.', ".A", 1);
    place.write("receipt.jws", &forged);
    let of = place.json(&assess[..3]);
    assert_eq!(of["cases"][0]["evidence"][0]["check"]["result"], "fails");
}
