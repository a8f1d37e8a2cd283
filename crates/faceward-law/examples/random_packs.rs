//! Prints packs and cases as JSON lines, each with how our evaluator judged it, for a second opinion:
//! `cargo run -p faceward-law --example random_packs -- <how many> <seed>`, read by
//! `tests/second_opinion.py`. The cases of the built-in packs come first.

#![allow(clippy::unwrap_used, clippy::panic, reason = "it stops where it fails")]

use std::fmt::Write;

use faceward_law::{Assessment, Case, Law, PackText, assess};
use jiff::civil::{Date, date};
use serde_json::{Map, Value, json};

const TODAY: Date = date(2026, 11, 24);
const CASES_OF_A_PACK: usize = 4;

fn main() {
    let mut given = std::env::args().skip(1);
    let count: u64 = given.next().map_or(500, |n| n.parse().unwrap());
    let seed: u64 = given.next().map_or(1, |n| n.parse().unwrap());
    built_in();
    for n in 0..count {
        random(&mut Dice(seed.wrapping_mul(1_000_003).wrapping_add(n)));
    }
}

/// The cases of the built-in packs and their variants, in order; the reader has the files.
fn built_in() {
    let law = Law::built_in().unwrap();
    for pack in law.packs() {
        let text = Law::built_in_cases(&pack.id).unwrap();
        let name = "cases.toml";
        let cases = Case::read_all(&law, &pack.id, PackText { name, text }).unwrap();
        for case in &cases {
            let variants = case.variants.iter().map(|variant| &*variant.case);
            let judged = std::iter::once(case).chain(variants);
            let judged: Vec<Value> = judged.map(|c| answers(&assess(&law, c, TODAY))).collect();
            println!(
                "{}",
                json!({ "pack": pack.id, "case": case.id, "judged": judged })
            );
        }
    }
}

fn random(dice: &mut Dice) {
    let sketch = Sketch::draw(dice);
    let pack = sketch.pack(dice);
    let name = "pack.toml";
    let law = Law::read(&[PackText { name, text: &pack }]);
    let law = law.unwrap_or_else(|error| panic!("{error}\n{pack}"));
    let mut cases = Vec::new();
    for _ in 0..CASES_OF_A_PACK {
        let text = sketch.case(dice);
        let name = "case.toml";
        let read = Case::read_all(&law, "random", PackText { name, text: &text });
        let read = read.unwrap_or_else(|error| panic!("{error}\n{pack}\n{text}"));
        for case in &read {
            let judged = answers(&assess(&law, case, TODAY));
            cases.push(json!({ "case": text, "judged": judged }));
        }
    }
    println!("{}", json!({ "text": pack, "cases": cases }));
}

/// What was found: for each pack whether it applies, and for each rule its outcome and what it turns on.
fn answers(assessment: &Assessment) -> Value {
    let mut packs = Map::new();
    for pack in &assessment.packs {
        let mut rules = Map::new();
        for finding in &pack.findings {
            let turns_on: Vec<&str> = finding.turns_on.iter().map(|t| t.fact.as_str()).collect();
            let found = json!({ "outcome": finding.outcome.word(), "turns_on": turns_on });
            rules.insert(finding.rule.number().to_owned(), found);
        }
        let found = json!({ "applies": pack.applies.word(), "rules": rules });
        packs.insert(pack.id.clone(), found);
    }
    Value::Object(packs)
}

/// SplitMix64 (Steele, Lea and Flood 2014): the same packs for the same seed, on every machine.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.roll() % end as u64).unwrap()
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn pick<'t, T: ?Sized>(&mut self, from: &[&'t T]) -> &'t T {
        from.get(self.below(from.len())).unwrap()
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Side {
    Claimant,
    Processor,
    Nobody,
}

impl Side {
    const WORDS: [(Side, &'static str); 3] = [
        (Side::Claimant, "claimant"),
        (Side::Processor, "processor"),
        (Side::Nobody, "nobody"),
    ];

    fn opponent(self) -> Self {
        match self {
            Self::Claimant => Self::Processor,
            Self::Processor => Self::Claimant,
            Self::Nobody => Self::Nobody,
        }
    }

    fn word(self) -> &'static str {
        Self::WORDS
            .iter()
            .find(|(side, _)| *side == self)
            .unwrap()
            .1
    }
}

struct Drawn {
    name: String,
    kind: &'static str,
}

/// The names of a pack; conclusions read only those before them.
struct Sketch {
    facts: Vec<Drawn>,
    conclusions: Vec<(String, Side)>,
    gates: usize,
    dated: bool,
}

const VALUES: [&str; 3] = ["red", "green", "blue"];
const DAYS: [&str; 5] = [
    "2021-07-31",
    "2021-08-01",
    "2022-02-28",
    "2023-12-31",
    "2024-02-29",
];

impl Sketch {
    fn draw(dice: &mut Dice) -> Self {
        let kinds = [
            "bool", "bool", "bool", "bool", "one of", "set of", "number", "date",
        ];
        let mut facts = Vec::new();
        for at in 0..4 + dice.below(9) {
            let kind = dice.pick(&kinds);
            facts.push(Drawn {
                name: format!("f{at}"),
                kind,
            });
        }
        let dated = dice.chance(50);
        let mut conclusions = Vec::new();
        for at in 0..2 + dice.below(6) {
            let side = Side::WORDS.get(dice.below(5).min(2)).unwrap().0;
            conclusions.push((format!("c{at}"), side));
        }
        let gates = if dice.chance(40) {
            1 + dice.below(2)
        } else {
            0
        };
        Self {
            facts,
            conclusions,
            gates,
            dated,
        }
    }

    fn pack(&self, dice: &mut Dice) -> String {
        let gates: Vec<String> = (0..self.gates).map(|at| format!("\"c{at}\"")).collect();
        let mut text = format!(
            "format = 1\n[pack]\nid = \"random\"\nshort = \"R\"\ntitle = \"R\"\nissuer = \"R\"\njurisdiction = \"R\"\ngates = [{}]\n",
            gates.join(", ")
        );
        period(dice, 60, &mut text);
        text.push_str("[[articles]]\nnumber = \"1\"\ntitle = \"one\"\n");
        for fact in &self.facts {
            self.fact(dice, &fact.name, fact.kind, &mut text);
        }
        if self.dated {
            for name in ["conduct_start", "conduct_end"] {
                self.fact(dice, name, "date", &mut text);
            }
            let burden = dice.pick(&["claimant", "processor", "law"]);
            writeln!(text, "[facts.provisions_apply]\ntype = \"one of\"\nvalues = [\"yes\", \"no\", \"partial\"]\nmeaning = \"m\"\nburden = \"{burden}\"").unwrap();
        }
        let default = dice.pick(&VALUES);
        writeln!(
            text,
            "[readings.reading]\nvalues = {VALUES:?}\ndefault = \"{default}\"\nmeaning = \"m\""
        )
        .unwrap();
        for (at, (name, side)) in self.conclusions.iter().enumerate() {
            let effect = match at < self.gates {
                true => "scope",
                false => dice.pick(&[
                    "step",
                    "infringement",
                    "exempts",
                    "remedy",
                    "time",
                    "permits",
                ]),
            };
            let side = side.word();
            writeln!(
                text,
                "[conclusions.{name}]\neffect = \"{effect}\"\nfavours = \"{side}\"\nmeaning = \"m\""
            )
            .unwrap();
        }
        self.burdens(dice, &mut text);
        for at in 0..self.conclusions.len() {
            for part in 0..1 + dice.below(3) {
                self.rule(dice, at, part, &mut text);
            }
        }
        text
    }

    fn fact(&self, dice: &mut Dice, name: &str, kind: &str, text: &mut String) {
        let burden = dice.pick(&[
            "claimant",
            "claimant",
            "processor",
            "processor",
            "joint",
            "court",
            "law",
        ]);
        writeln!(
            text,
            "[facts.{name}]\ntype = \"{kind}\"\nmeaning = \"m\"\nburden = \"{burden}\""
        )
        .unwrap();
        if kind.ends_with("of") {
            writeln!(text, "values = {VALUES:?}").unwrap();
        }
    }

    /// An article that allocates some burdens anew.
    fn burdens(&self, dice: &mut Dice, text: &mut String) {
        if dice.chance(50) {
            return;
        }
        let facts: Vec<&str> = self
            .facts
            .iter()
            .map(|fact| fact.name.as_str())
            .filter(|_| dice.chance(30))
            .collect();
        let on = dice.pick(&["claimant", "processor", "court"]);
        writeln!(
            text,
            "[conclusions.allocated]\neffect = \"burden\"\nfavours = \"nobody\"\nmeaning = \"m\""
        )
        .unwrap();
        writeln!(
            text,
            "[[burdens]]\nrule = \"burden\"\non = \"{on}\"\nbasis = \"explicit\"\nfacts = {facts:?}"
        )
        .unwrap();
        writeln!(text, "[[rules]]\nid = \"burden\"\narticle = \"1\"\ncite = \"c\"\ngist = \"g\"\nconcludes = \"allocated\"\nmodality = \"mandatory\"\nmark = \"text\"").unwrap();
    }

    fn rule(&self, dice: &mut Dice, at: usize, part: usize, text: &mut String) {
        let (name, side) = self.conclusions.get(at).unwrap();
        writeln!(text, "[[rules]]\nid = \"{name}.{part}\"\narticle = \"1\"\ncite = \"c\"\ngist = \"g\"\nconcludes = \"{name}\"\nmodality = \"mandatory\"\nmark = \"text\"").unwrap();
        period(dice, 25, text);
        let mut written = false;
        for (role, helped, percent) in [
            ("elements", *side, 80),
            ("assuming", *side, 35),
            ("unless", side.opponent(), 35),
        ] {
            let last = role == "unless" && !written;
            if last || dice.chance(percent) {
                let count = 1 + dice.below(2);
                let clauses: Vec<String> = (0..count)
                    .map(|_| self.expression(dice, at, helped, false, 3))
                    .collect();
                writeln!(text, "{role} = {clauses:?}").unwrap();
                written = true;
            }
        }
    }

    /// A condition for a rule that concludes conclusion `at`, in the favour of `helped`.
    fn expression(
        &self,
        dice: &mut Dice,
        at: usize,
        helped: Side,
        negated: bool,
        depth: usize,
    ) -> String {
        if depth == 0 || dice.chance(35) {
            return self.leaf(dice, at, helped, negated);
        }
        if dice.chance(25) {
            return format!("not {}", self.part(dice, at, helped, !negated, depth - 1));
        }
        let joint = dice.pick(&[" and ", " or "]);
        let count = 2 + dice.below(2);
        let parts: Vec<String> = (0..count)
            .map(|_| self.part(dice, at, helped, negated, depth - 1))
            .collect();
        parts.join(joint)
    }

    fn part(
        &self,
        dice: &mut Dice,
        at: usize,
        helped: Side,
        negated: bool,
        depth: usize,
    ) -> String {
        let inner = self.expression(dice, at, helped, negated, depth);
        match inner.contains(' ') {
            // What needs no brackets has them half the time.
            true if inner.contains(" and ") || inner.contains(" or ") => format!("({inner})"),
            _ if dice.chance(20) => format!("({inner})"),
            _ => inner,
        }
    }

    fn leaf(&self, dice: &mut Dice, at: usize, helped: Side, negated: bool) -> String {
        if dice.chance(35) {
            // A gate reads gates only.
            let before = self.conclusions.get(..at).unwrap();
            let fits = |side: Side| match (side, helped) {
                (_, Side::Nobody) => true,
                (Side::Nobody, _) => false,
                (side, helped) => (side == helped) != negated,
            };
            let fitting: Vec<&str> = before
                .iter()
                .filter(|(_, side)| fits(*side))
                .map(|(name, _)| name.as_str())
                .collect();
            if !fitting.is_empty() {
                return dice.pick(&fitting).to_owned();
            }
        }
        if dice.chance(8) {
            return format!("reading = {}", dice.pick(&VALUES));
        }
        if self.dated && dice.chance(10) {
            return "provisions_apply in [yes, partial]".to_owned();
        }
        let fact = self.facts.get(dice.below(self.facts.len())).unwrap();
        let name = &fact.name;
        match fact.kind {
            "bool" => name.clone(),
            "one of" | "set of" if dice.chance(50) => format!("{name} = {}", dice.pick(&VALUES)),
            "one of" | "set of" => {
                format!("{name} in [{}, {}]", dice.pick(&VALUES), dice.pick(&VALUES))
            }
            kind => {
                let sign = dice.pick(&["<", "<=", "=", ">=", ">"]);
                format!("{name} {sign} {}", self.operand(dice, kind))
            }
        }
    }

    fn operand(&self, dice: &mut Dice, kind: &str) -> String {
        let others: Vec<&str> = self
            .facts
            .iter()
            .filter(|fact| fact.kind == kind)
            .map(|fact| fact.name.as_str())
            .collect();
        let other = dice.chance(50).then(|| dice.pick(&others));
        match (kind, other) {
            ("number", Some(other)) => other.to_owned(),
            ("number", None) => dice.pick(&["0", "1", "2.5", "100000"]).to_owned(),
            (_, other) => {
                let base = other.unwrap_or_else(|| dice.pick(&DAYS)).to_owned();
                let unit = dice.pick(&["hours", "days", "working days", "months", "years"]);
                match dice.chance(50) {
                    true => base,
                    false => format!("{base} + {} {unit}", dice.below(50)),
                }
            }
        }
    }

    fn case(&self, dice: &mut Dice) -> String {
        let mut text = String::from("id = \"c\"\n");
        if dice.chance(30) {
            writeln!(
                text,
                "readings = {{ reading = \"{}\" }}",
                dice.pick(&VALUES)
            )
            .unwrap();
        }
        let mut acts = String::new();
        let mut of_acts: Vec<&str> = Vec::new();
        if dice.chance(50) {
            for n in 0..1 + dice.below(2) {
                let day = dice.pick(&DAYS);
                writeln!(acts, "[[acts]]\ndate = {day}\nwhat = \"w\"\n[acts.facts]").unwrap();
                // Two acts could contradict each other.
                for fact in self.facts.iter().filter(|_| n == 0) {
                    if dice.chance(30) {
                        of_acts.push(&fact.name);
                        self.state(dice, &fact.name, fact.kind, &mut acts);
                    }
                }
            }
        }
        text.push_str("[facts]\n");
        for fact in &self.facts {
            if !of_acts.contains(&fact.name.as_str()) {
                self.state(dice, &fact.name, fact.kind, &mut text);
            }
        }
        if self.dated {
            let (start, end) = (dice.below(DAYS.len()), dice.below(DAYS.len()));
            for (name, at) in [
                ("conduct_start", start.min(end)),
                ("conduct_end", start.max(end)),
            ] {
                match dice.below(4) {
                    0 => {}
                    1 => writeln!(text, "{name} = \"unknown\"").unwrap(),
                    _ => writeln!(text, "{name} = {}", DAYS.get(at).unwrap()).unwrap(),
                }
            }
        }
        for (name, _) in &self.conclusions {
            if dice.chance(6) {
                writeln!(text, "{name} = {}", dice.chance(50)).unwrap();
            }
        }
        text + &acts
    }

    fn state(&self, dice: &mut Dice, name: &str, kind: &str, text: &mut String) {
        let value = match (dice.below(4), kind) {
            (0, _) => return,
            (1, _) => "\"unknown\"".to_owned(),
            (_, "bool") => dice.chance(50).to_string(),
            (_, "one of") => format!("\"{}\"", dice.pick(&VALUES)),
            (_, "set of") => {
                let some: Vec<&str> = VALUES.into_iter().filter(|_| dice.chance(40)).collect();
                format!("{some:?}")
            }
            (_, "number") => dice.pick(&["0", "1", "2.5", "2", "100000"]).to_owned(),
            _ => dice.pick(&DAYS).to_owned(),
        };
        writeln!(text, "{name} = {value}").unwrap();
    }
}

/// Perhaps a period; never one that ends before it begins.
fn period(dice: &mut Dice, percent: usize, text: &mut String) {
    if dice.chance(percent) {
        match dice.below(3) {
            0 => text.push_str("from = 2021-08-01\n"),
            1 => text.push_str("from = 2022-02-28\nuntil = 2024-02-29\n"),
            _ => text.push_str("until = 2023-12-31\n"),
        }
    }
}
