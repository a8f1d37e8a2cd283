//! Whatever is wrong in a file of the law is refused with its line and what to do.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use faceward_law::{Case, Law, PackError, PackText};

/// A pack with one of everything; the rows below change one thing each.
const PACK: &str = r#"format = 1

[pack]
id = "test-law"
short = "Test Law"
title = "A law for tests"
issuer = "nobody"
jurisdiction = "XX"
from = 2021-08-01
gates = ["in_scope"]
contradictions = ["agreed and refused"]

[[articles]]
number = "1"
title = "One"

[facts.agreed]
type = "bool"
meaning = "it was agreed"
burden = "processor"
basis = "explicit"

[facts.refused]
type = "bool"
meaning = "it was refused"
burden = "claimant"

[facts.place_type]
type = "one of"
values = ["hotel", "mall"]
meaning = "the kind of place"
burden = "claimant"

[facts.persons]
type = "number"
unit = "persons"
meaning = "how many"
burden = "claimant"

[facts.filed]
type = "date"
meaning = "when it was filed"
burden = "processor"

[facts.remark]
type = "text"
meaning = "a remark"
burden = "law"

[facts."cc998.manner"]
type = "text"
meaning = "how"
burden = "court"

[facts.conduct_start]
type = "date"
meaning = "first day"
burden = "claimant"

[facts.conduct_end]
type = "date"
meaning = "last day"
burden = "claimant"

[readings.width]
values = ["wide", "narrow"]
default = "wide"
meaning = "how wide"

[[burdens]]
rule = "6"
on = "processor"
basis = "explicit"
facts = ["filed"]

[conclusions.in_scope]
effect = "scope"
favours = "claimant"
meaning = "it is reached"

[conclusions.wrong]
effect = "infringement"
favours = "claimant"
meaning = "a wrong"

[conclusions.excused]
effect = "exempts"
favours = "processor"
meaning = "an excuse"

[conclusions.weighed]
effect = "weighs"
favours = "nobody"
meaning = "what is weighed"

[conclusions.allocated]
effect = "burden"
favours = "nobody"
meaning = "who must prove"

[[rules]]
id = "1"
article = "1"
cite = "Art. 1"
gist = "it reaches places"
concludes = "in_scope"
modality = "mandatory"
mark = "text"
assuming = ["place_type = mall"]

[[rules]]
id = "2"
article = "1"
cite = "Art. 1"
gist = "what is not agreed is wrong"
concludes = "wrong"
modality = "mandatory"
mark = "text"
elements = ["not agreed", "persons >= 1"]
unless = ["excused"]
from = 2022-01-01

[[rules]]
id = "3"
article = "1"
cite = "Art. 1"
gist = "filing excuses"
concludes = "excused"
modality = "mandatory"
mark = "text"
elements = ["filed <= 2025-07-14"]

[[rules]]
id = "4"
article = "1"
cite = "Art. 1"
gist = "it is weighed"
concludes = "weighed"
modality = "discretionary"
mark = "inference"
elements = ["wrong"]
amounts = ["persons"]
reports = ["cc998.manner"]

[[rules]]
id = "6"
article = "1"
cite = "Art. 1"
gist = "the processor proves filing"
concludes = "allocated"
modality = "mandatory"
mark = "text"
"#;

const CASE: &str = r#"id = "a case"
title = "for tests"
packs = ["test-law"]

[parties]
claimant = "C"

[[evidence]]
id = "E1"
kind = "document"
title = "a letter"

[facts]
agreed = { value = false, evidence = ["E1"] }
place_type = "mall"
conduct_start = 2023-01-01

[[acts]]
date = 2023-02-01
what = "they did it again"
facts = { persons = 3 }

[[claims]]
id = "1"
text = "that it stops"
asks = ["wrong"]

[expect]
made_out = ["2"]
"#;

/// What is changed: from, to; then the text at whose line the error is, and what it says.
type Row<'r> = (&'r str, &'r str, &'r str, &'r [&'r str]);

fn check(base: &str, rows: &[Row<'_>], read: impl Fn(&str) -> Option<PackError>) {
    assert_eq!(read(base), None);
    let mut amiss = Vec::new();
    for (from, to, at, says) in rows {
        assert!(base.contains(from), "there is no `{from}`");
        let text = base.replacen(from, to, 1);
        let Some(byte) = text.find(at) else {
            panic!("there is no `{at}` once `{from}` is `{to}`");
        };
        let line = text[..byte].matches('\n').count() + 1;
        match read(&text) {
            None => amiss.push(format!("`{to}` is accepted")),
            Some(error) => {
                let missing: Vec<&&str> =
                    says.iter().filter(|s| !error.why.contains(**s)).collect();
                if error.line != line || !missing.is_empty() || error.file != "test.toml" {
                    amiss.push(format!(
                        "`{to}`\n  line {line} says {missing:?}, but: {error}"
                    ));
                }
            }
        }
    }
    assert!(amiss.is_empty(), "{}", amiss.join("\n"));
}

fn read_pack(text: &str) -> Option<PackError> {
    let name = "test.toml";
    Law::read(&[PackText { name, text }]).err()?.into()
}

fn read_case(text: &str) -> Option<PackError> {
    let law = Law::read(&[PackText {
        name: "pack.toml",
        text: PACK,
    }])
    .unwrap();
    let name = "test.toml";
    Case::read_all(&law, "test-law", PackText { name, text }).err()
}

#[test]
fn a_pack_with_a_wrong_key_type_or_word_is_refused_at_its_line() {
    #[rustfmt::skip]
    let rows: &[Row<'_>] = &[
        ("format = 1", "format = 2", "format", &["format 1", "newer faceward"]),
        ("format = 1", "format = 2\nnew_key = true", "format", &["newer faceward"]),
        ("format = 1", "format = \"1\"", "format", &["invalid type"]),
        ("format = 1\n", "", "\n[pack]", &["missing field `format`"]),
        ("[pack]", "[pack", "[pack", &[]),
        ("issuer =", "isuer =", "isuer", &["unknown", "did you mean `issuer`?"]),
        ("issuer = \"nobody\"", "issuer = 3", "issuer = 3", &["invalid type"]),
        ("elements = [\"not agreed\"", "elments = [\"not agreed\"", "elments", &["did you mean `elements`?"]),
        ("elements = [\"wrong\"]", "elements = \"wrong\"", "elements = \"wrong\"", &["expected a sequence"]),
        ("modality = \"discretionary\"", "modality = \"discretionery\"", "discretionery", &["did you mean `discretionary`?"]),
        ("effect = \"exempts\"", "effect = \"exemts\"", "exemts", &["did you mean `exempts`?"]),
        ("favours = \"nobody\"", "favours = \"nobdy\"", "nobdy", &["did you mean `nobody`?"]),
        ("burden = \"court\"", "burden = \"judge\"", "judge", &["unknown", "court"]),
        ("basis = \"explicit\"", "basis = \"expressed\"", "expressed", &["explicit"]),
        ("mark = \"inference\"", "mark = \"infrence\"", "infrence", &["did you mean `inference`?"]),
        ("type = \"bool\"", "type = \"boolean\"", "boolean", &["is no type", "bool, one of"]),
        ("type = \"bool\"", "type = \"bool\"\nvalues = [\"a\", \"b\"]", "type = \"bool\"", &["no `values`", "`one of`"]),
        ("type = \"date\"", "type = \"date\"\nunit = \"days\"", "type = \"date\"", &["no `unit`"]),
        ("values = [\"hotel\", \"mall\"]\n", "", "type = \"one of\"", &["list 2 to 64"]),
        ("[\"hotel\", \"mall\"]", "[\"hotel\", \"mall\", \"mall\"]", "type = \"one of\"", &["`mall` is listed twice"]),
        ("[\"hotel\", \"mall\"]", "[\"hotel\", \"mall\", \"unknown\"]", "type = \"one of\"", &["otherwise"]),
        ("[\"hotel\", \"mall\"]", "[\"hotel\", \"mall\", \"a b\"]", "type = \"one of\"", &["`a b`", "use letters"]),
        ("[facts.refused]", "[facts.Refused]", "[facts.Refused]", &["`Refused` cannot name a fact", "lower-case"]),
        ("[facts.refused]", "[facts.not]", "[facts.not]", &["its own meaning", "otherwise"]),
        ("[facts.conduct_end]\ntype = \"date\"", "[facts.conduct_end]\ntype = \"bool\"", "type = \"bool\"\nmeaning = \"last", &["its type is `date`"]),
        ("[facts.remark]\ntype = \"text\"", "[facts.provisions_apply]\ntype = \"bool\"", "type = \"bool\"\nmeaning = \"a remark", &["computed", "yes, no and partial"]),
        ("from = 2021-08-01", "from = 2021-08-01T10:00:00", "from", &["write a day"]),
        ("from = 2021-08-01", "from = 2021-08-01\nuntil = 2021-08-01", "until", &["comes after `from`"]),
        ("from = 2022-01-01", "from = 2022-01-01\nuntil = 2021-12-31", "until", &["comes after `from`"]),
        ("from = 2022-01-01", "until = 2021-01-01", "until", &["never be in force", "correct its period"]),
        ("id = \"test-law\"", "id = \"Test law\"", "id = \"Test", &["lower-case letters, digits and hyphens"]),
    ];
    check(PACK, rows, read_pack);
}

#[test]
fn a_pack_whose_names_lead_nowhere_is_refused_at_its_line() {
    #[rustfmt::skip]
    let rows: &[Row<'_>] = &[
        ("[\"wrong\"]", "[\"wrongs\"]", "[\"wrongs\"]", &["`wrongs`", "did you mean `wrong`?"]),
        ("[\"wrong\"]", "[\"zzz\"]", "[\"zzz\"]", &["neither a fact nor a conclusion", "define it"]),
        ("concludes = \"weighed\"", "concludes = \"wieghed\"", "wieghed", &["no conclusion `wieghed`", "did you mean `weighed`?"]),
        ("[\"wrong\"]", "[\"widht = wide\"]", "widht", &["did you mean `width`?"]),
        ("[\"wrong\"]", "[\"width = wid\"]", "wid\"", &["no value of `width`", "did you mean `wide`?"]),
        ("[\"wrong\"]", "[\"place_type = mal\"]", "mal\"", &["no value of `place_type`", "did you mean `mall`?"]),
        ("[\"wrong\"]", "[\"place_type\"]", "[\"place_type\"]", &["is a choice", "`place_type = hotel`"]),
        ("[\"wrong\"]", "[\"agreed = mall\"]", "agreed = mall", &["true or false", "alone"]),
        ("[\"wrong\"]", "[\"remark\"]", "[\"remark\"]", &["free text"]),
        ("[\"wrong\"]", "[\"wrong = mall\"]", "wrong = mall", &["is a conclusion"]),
        ("[\"wrong\"]", "[\"filed > 3\"]", "filed > 3", &["is a date", "compared with 3"]),
        ("[\"wrong\"]", "[\"persons > filed\"]", "persons > filed", &["of another kind"]),
        ("[\"wrong\"]", "[\"persons > 2021-08-01\"]", "persons > 2021", &["is a date, and `persons` a number"]),
        ("[\"wrong\"]", "[\"persons > inf\"]", "persons > inf", &["neither a fact nor a number"]),
        ("[\"wrong\"]", "[\"persons > 3 + 2 days\"]", "persons > 3", &["only be added to a date"]),
        ("[\"wrong\"]", "[\"filed > filed + 20000 years\"]", "20000 years", &["0 to 9999"]),
        ("[\"wrong\"]", "[\"filed > filed + 2 weeks\"]", "2 weeks", &["working days"]),
        ("elements = [\"wrong\"]", "elements = [\"filed\"]", "elements = [\"filed\"]", &["compare it"]),
        ("[\"wrong\"]", "[\"wrong and\"]", "wrong and", &["name of a fact", "expected here"]),
        ("[\"wrong\"]", "[\"wrong & agreed\"]", "wrong &", &["no meaning"]),
        ("article = \"1\"", "article = \"7\"", "article = \"7\"", &["no article `7`", "add it"]),
        ("gates = [\"in_scope\"]", "gates = [\"in_scop\"]", "in_scop\"", &["did you mean `in_scope`?"]),
        ("default = \"wide\"", "default = \"wid\"", "default = \"wid\"", &["wide, narrow"]),
        ("[readings.width]", "[readings.agreed]", "[readings.agreed]", &["otherwise"]),
        ("[conclusions.wrong]", "[conclusions.agreed]", "[conclusions.agreed]", &["fact of this name"]),
        ("[readings.width]\nvalues = [\"wide\", \"narrow\"]", "[readings.width]\nvalues = [\"wide\"]", "default = \"wide\"", &["list 2 to 64"]),
        ("amounts = [\"persons\"]", "amounts = [\"agreed\"]", "amounts", &["no number"]),
        ("reports = [\"cc998.manner\"]", "reports = [\"cc998.maner\"]", "reports", &["did you mean `cc998.manner`?"]),
        ("rule = \"6\"", "rule = \"66\"", "rule = \"66\"", &["no rule `66`"]),
        ("rule = \"6\"", "rule = \"2\"", "rule = \"2\"", &["effect `burden`", "name one that does"]),
        ("facts = [\"filed\"]", "facts = [\"filled\"]", "filled", &["did you mean `filed`?"]),
        ("facts = [\"filed\"]", "facts = [\"filed\",\n  \"filed\"]", "  \"filed\"]", &["allocated twice", "take it out"]),
        ("contradictions = [\"agreed and refused\"]", "contradictions = [\"agreed and wrong\"]", "contradictions", &["reads facts", "`wrong` is a conclusion"]),
        ("id = \"3\"", "id = \"2\"", "id = \"2\"\narticle = \"1\"\ncite = \"Art. 1\"\ngist = \"filing", &["another rule `2`", "otherwise"]),
        ("id = \"3\"", "id = \"a/3\"", "a/3", &["number the rule"]),
        ("[[articles]]\n", "[[articles]]\nnumber = \"1\"\ntitle = \"1\"\n[[articles]]\n", "number = \"1\"\ntitle = \"One\"", &["listed twice"]),
        ("assuming = [\"place_type = mall\"]\n", "", "id = \"1\"\narticle", &["no condition at all", "write `elements`"]),
    ];
    check(PACK, rows, read_pack);
}

#[test]
fn a_pack_that_would_let_doubt_help_its_bearer_or_turn_in_circles_is_refused_at_its_line() {
    let deep = format!("[\"{}wrong{}\"]", "(".repeat(40), ")".repeat(40));
    #[rustfmt::skip]
    let rows: &[Row<'_>] = &[
        ("unless = [\"excused\"]", "unless = [\"not excused\"]", "not excused", &["favours the processor, and here the claimant", "unknown"]),
        ("elements = [\"not agreed\"", "elements = [\"not in_scope\"", "not in_scope", &["favours the claimant, and here the processor"]),
        ("[\"not agreed\"", "[\"not (agreed or not excused)\"", "not (agreed", &["favours the processor"]),
        ("unless = [\"excused\"]", "unless = [\"weighed\"]", "[\"weighed\"]", &["favours nobody, and the processor here"]),
        ("elements = [\"wrong\"]", "elements = [\"allocated\"]", "[\"allocated\"]", &["allocates a burden", "read the facts"]),
        ("[\"filed <= 2025-07-14\"]", "[\"not wrong\"]", "id = \"2\"", &["rules 2, 3", "circle", "split"]),
        ("[\"filed <= 2025-07-14\"]", "[\"excused\"]", "id = \"3\"", &["rule 3 hangs on its own conclusion"]),
        ("assuming = [\"place_type = mall\"]", "assuming = [\"wrong\"]", "id = \"1\"\narticle", &["rules 1, 2", "gate", "reads facts and other gates only"]),
        ("[\"wrong\"]", &deep, "((((", &["nested too deeply", "steps"]),
    ];
    check(PACK, rows, read_pack);
}

#[test]
fn the_line_is_right_inside_multi_line_strings_arrays_and_dotted_keys() {
    #[rustfmt::skip]
    let rows: &[Row<'_>] = &[
        ("[\"wrong\"]", "[\n  \"wrong\",\n  \"zzz\",\n]", "  \"zzz\"", &["`zzz`"]),
        ("[\"wrong\"]", "[\"\"\"\nwrong and\nzzz\"\"\"]", "zzz", &["`zzz`"]),
        ("[\"wrong\"]", "['''\nwrong and\n\n  zzz''']", "  zzz", &["`zzz`"]),
        ("[\"wrong\"]", "[\"\"\"wrong and\nwrong &\n\"\"\"]", "wrong &", &["`&`"]),
        ("[\"wrong\"]\n", "[\"\"\"\r\nwrong and\r\nzzz\"\"\"]\r\n", "zzz", &["`zzz`"]),
        ("[conclusions.weighed]\neffect = \"weighs\"\nfavours = \"nobody\"\n", "[conclusions]\nweighed.effect = \"weighs\"\nweighed.favors = \"nobody\"\n[conclusions.x]\neffect = \"weighs\"\nfavours = \"nobody\"\n", "weighed.favors", &["did you mean `favours`?"]),
    ];
    check(PACK, rows, read_pack);
}

#[test]
fn packs_that_do_not_fit_together_are_refused() {
    let other = PACK.replace("id = \"test-law\"", "id = \"other-law\"");
    let read = |text: &str| {
        let first = PackText {
            name: "first.toml",
            text: PACK,
        };
        Law::read(&[
            first,
            PackText {
                name: "test.toml",
                text,
            },
        ])
        .err()
    };
    #[rustfmt::skip]
    let rows: &[Row<'_>] = &[
        ("[facts.refused]\ntype = \"bool\"", "[facts.refused]\ntype = \"date\"", "[facts.refused]", &["defined differently in test-law", "another name"]),
        ("[\"hotel\", \"mall\"]", "[\"mall\", \"hotel\"]", "[facts.place_type]", &["defined differently"]),
        ("id = \"other-law\"", "id = \"test-law\"", "id = \"test-law\"", &["another pack of this name", "otherwise"]),
    ];
    check(&other, rows, read);
}

#[test]
fn a_case_with_a_wrong_fact_or_value_is_refused_at_its_line() {
    #[rustfmt::skip]
    let rows: &[Row<'_>] = &[
        ("place_type = \"mall\"", "place_typ = \"mall\"", "place_typ =", &["did you mean `place_type`?"]),
        ("place_type = \"mall\"", "zzz = 1", "zzz", &["no fact `zzz`", "faceward law facts"]),
        ("place_type = \"mall\"", "place_type = \"mal\"", "place_type", &["did you mean `mall`?"]),
        ("place_type = \"mall\"", "place_type = [\"mall\"]", "place_type", &["write one of hotel, mall"]),
        ("place_type = \"mall\"", "persons = \"three\"", "persons = \"three\"", &["write a number (persons)"]),
        ("place_type = \"mall\"", "persons = inf", "persons = inf", &["write a number"]),
        ("place_type = \"mall\"", "refused = \"yes\"", "refused", &["true, false or \"unknown\""]),
        ("place_type = \"mall\"", "filed = \"soon\"", "filed", &["write a day such as"]),
        ("place_type = \"mall\"", "filed = 2023-02-30", "filed", &[]),
        ("place_type = \"mall\"", "remark = [\"a\"]", "remark", &["text in quotes"]),
        ("place_type = \"mall\"", "wrong = \"maybe\"", "wrong = \"maybe\"", &["is a conclusion", "true or false"]),
        ("value = false", "valu = false", "agreed =", &["did you mean `value`?"]),
        ("value = false", "value = 3", "agreed =", &["true, false"]),
        ("evidence = [\"E1\"]", "evidence = [\"E2\"]", "agreed =", &["no evidence `E2`", "list it under"]),
        ("value = false", "value = false, state = \"provn\"", "agreed =", &["did you mean `proven`?"]),
        ("kind = \"document\"", "kind = \"documant\"", "documant", &["did you mean `document`?"]),
        ("title = \"a letter\"", "title = \"a letter\"\nsha256 = \"12\"", "sha256", &["64 hexadecimal digits"]),
        ("[parties]", "[[evidence]]\nid = \"E1\"\nkind = \"other\"\ntitle = \"t\"\n[parties]", "id = \"E1\"\nkind = \"document\"", &["twice"]),
        ("[parties]", "[partys]", "[partys]", &["did you mean `parties`?"]),
        ("packs = [\"test-law\"]", "packs = [\"test-lw\"]", "packs", &["did you mean `test-law`?"]),
        ("packs = [\"test-law\"]", "packs = [\"test-law\", \"test-law\"]", "packs", &["named twice"]),
        ("packs = [\"test-law\"]", "format = 3\npacks = [\"test-law\"]", "format", &["format 1"]),
        ("packs = [\"test-law\"]", "as_of = \"today\"", "as_of", &["write a day"]),
        ("packs = [\"test-law\"]", "readings = { widht = \"wide\" }", "readings", &["no reading", "did you mean `width`?"]),
        ("packs = [\"test-law\"]", "readings = { width = \"wid\" }", "readings", &["wide, narrow"]),
        ("asks = [\"wrong\"]", "asks = [\"wrongg\"]", "wrongg", &["no rule or conclusion `wrongg`", "did you mean `wrong`?"]),
        ("made_out = [\"2\"]", "made_out = [\"in_scop\"]", "in_scop", &["did you mean `in_scope`?"]),
        ("made_out = [\"2\"]", "made_out = [\"other/2\"]", "other/2", &["no pack `other`"]),
        ("made_out = [\"2\"]", "turns_on = [\"agred\"]", "agred", &["did you mean `agreed`?"]),
        ("made_out = [\"2\"]", "provisions_apply = \"maybe\"", "maybe", &["yes, no, partial or unknown"]),
        ("made_out = [\"2\"]", "made_out = [\"2\"]\n[[variants]]\ntitle = \"v\"\npacks = [\"other\"]", "packs = [\"other\"]", &["no pack `other`"]),
        ("made_out = [\"2\"]", "made_out = [\"2\"]\n[[variants]]\ntitle = \"v\"\nchange = { agred = true }", "agred", &["did you mean `agreed`?"]),
    ];
    check(CASE, rows, read_case);
}

#[test]
fn a_case_that_cannot_be_is_refused_at_its_line() {
    #[rustfmt::skip]
    let rows: &[Row<'_>] = &[
        ("place_type = \"mall\"", "conduct_end = 2022-12-31", "conduct_end", &["ends before it begins", "correct"]),
        ("date = 2023-02-01", "from = 2023-02-01\nto = 2023-01-31", "what = \"they", &["ends before it begins"]),
        ("date = 2023-02-01", "from = 2023-02-01", "what = \"they", &["either a `date`, or `from` and `to`"]),
        ("date = 2023-02-01", "date = \"once\"", "date = \"once\"", &["write a day"]),
        ("place_type = \"mall\"", "persons = 2", "what = \"they", &["`persons` is stated for the case and again", "state it once"]),
        ("agreed = { value = false, evidence = [\"E1\"] }", "agreed = true\nrefused = true", "agreed = true", &["`agreed and refused` cannot be", "test-law", "correct"]),
        ("facts = { persons = 3 }", "facts = { refused = true }\n[[acts]]\ndate = 2023-03-01\nwhat = \"w\"\nfacts = { persons = 2 }\n[[variants]]\ntitle = \"v\"\nchange = { agreed = true }", "change = { agreed", &["`agreed and refused` cannot be"]),
        ("facts = { persons = 3 }", "facts = { persons = 3 }\n[[acts]]\ndate = 2023-03-01\nwhat = \"w\"\nfacts = { persons = 2 }", "facts = { persons = 3 }", &["two acts in the time of test-law", "`persons`", "a case each"]),
        ("made_out = [\"2\"]", "made_out = [\"2\"]\n[[variants]]\ntitle = \"v\"\nchange = { conduct_end = 2022-01-01 }", "change = { conduct_end", &["ends before it begins"]),
        ("place_type = \"mall\"", "place_type = \"mall\"\nplace_type = \"mall\"", "place_type = \"mall\"\nconduct", &["duplicate key"]),
    ];
    check(CASE, rows, read_case);
}

#[test]
fn the_line_is_right_in_groups_of_facts() {
    #[rustfmt::skip]
    let rows: &[Row<'_>] = &[
        ("place_type = \"mall\"\n", "cc998.manner = \"m\"\nplace_type = \"mall\"\ncc998.maner = \"m\"\n", "cc998.maner", &["did you mean `cc998.manner`?"]),
        ("[[acts]]", "[facts.cc998]\nmanner = \"m\"\nmaner = \"m\"\n[[acts]]", "maner = \"m\"\n[[acts]]", &["`cc998.maner`"]),
        ("place_type = \"mall\"", "cc998 = { manner = \"m\", maner = \"m\" }", "cc998 =", &["`cc998.maner`"]),
    ];
    check(CASE, rows, read_case);
}
