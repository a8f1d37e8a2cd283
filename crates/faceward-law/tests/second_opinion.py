"""A second opinion on the rule evaluator.

Reads the JSON lines of `examples/random_packs.rs` from standard input, translates every pack and
case into an answer-set program, solves it with clingo and compares rule by rule, and fact by fact
what each outcome turns on. Written from docs/law.md, not from the Rust code: it has its own reader
of conditions, its own calendar, and no `not` moved inwards; a condition is instead derived as shown
and as refuted, side by side.

    cargo run -p faceward-law --example random_packs -- 500 1 | python3 second_opinion.py laws
"""

import calendar
import functools
import json
import pathlib
import re
import sys
import tomllib
from collections import Counter
from datetime import date, datetime, timedelta
from decimal import Decimal

import clingo

TODAY = date(2026, 11, 24)
ABSENT, UNKNOWN = "absent", "unknown"


# --- conditions -----------------------------------------------------------------------------------

TOKEN = re.compile(r"\s*(<=|>=|[()\[\],<>=+]|[\w.:-]+)")


@functools.cache
def parse(text):
    """A condition as nested tuples: ("and", …), ("or", …), ("not", x), ("is", name),
    ("in", name, words), ("compare", name, sign, right, offset)."""
    tokens = TOKEN.findall(text)
    assert "".join(tokens) == re.sub(r"\s", "", text), text
    tokens.append("end")

    def take(*wanted):
        if tokens[0] in wanted:
            return tokens.pop(0)

    def disjunction():
        parts = [conjunction()]
        while take("or"):
            parts.append(conjunction())
        return parts[0] if len(parts) == 1 else ("or", *parts)

    def conjunction():
        parts = [negation()]
        while take("and"):
            parts.append(negation())
        return parts[0] if len(parts) == 1 else ("and", *parts)

    def negation():
        if take("not"):
            return ("not", negation())
        if take("("):
            inner = disjunction()
            assert take(")"), text
            return inner
        return atom()

    def atom():
        name = tokens.pop(0)
        if take("in"):
            assert take("["), text
            words = [tokens.pop(0)]
            while take(","):
                words.append(tokens.pop(0))
            assert take("]"), text
            return ("in", name, tuple(words))
        if sign := take("<=", ">=", "<", ">", "="):
            right, offset = tokens.pop(0), None
            if take("+"):
                count, unit = int(tokens.pop(0)), tokens.pop(0)
                if unit == "working":
                    tokens.pop(0)
                offset = (count, unit)
            return ("compare", name, sign, right, offset)
        return ("is", name)

    read = disjunction()
    assert tokens == ["end"], text
    return read


def atoms(condition):
    if condition[0] in ("and", "or", "not"):
        for part in condition[1:]:
            yield from atoms(part)
    else:
        yield condition


# --- calendar -------------------------------------------------------------------------------------


def later(moment, count, unit):
    """Python's calendar ends with the year 9999, as does the one of the evaluator."""
    try:
        match unit.rstrip("s"):
            case "hour":
                return moment + timedelta(hours=count)
            case "day":
                return moment + timedelta(days=count)
            case "working":
                while count:
                    moment += timedelta(days=1)
                    count -= moment.weekday() < 5
                return moment
            case "month" | "year" as unit:
                months = moment.year * 12 + moment.month - 1 + count * (12 if unit == "year" else 1)
                year, month = divmod(months, 12)
                last = calendar.monthrange(year, month + 1)[1]
                return moment.replace(year=year, month=month + 1, day=min(moment.day, last))
    except (OverflowError, ValueError):
        return datetime.max
    raise ValueError(unit)


def moment(value):
    if isinstance(value, str):
        value = date.fromisoformat(value)
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    return datetime(value.year, value.month, value.day)


# --- packs and cases ------------------------------------------------------------------------------


class Pack:
    def __init__(self, written, dictionary):
        self.id = written["pack"]["id"]
        self.gates = written["pack"].get("gates", [])
        self.period = (written["pack"].get("from"), written["pack"].get("until"))
        self.facts = dictionary
        self.readings = written.get("readings", {})
        self.conclusions = written.get("conclusions", {})
        self.rules = written.get("rules", [])
        own = written.get("facts", {})
        self.burden = {name: (own.get(name) or fact)["burden"] for name, fact in dictionary.items()}
        self.allocated = {}
        for allocation in written.get("burdens", []):
            for fact in allocation["facts"]:
                self.burden[fact] = allocation["on"]
                self.allocated[fact] = allocation["rule"]

    def rule_period(self, rule):
        own = (rule.get("from"), rule.get("until"))
        if own == (None, None):
            return None
        froms = [day for day in (own[0], self.period[0]) if day]
        untils = [day for day in (own[1], self.period[1]) if day]
        return (max(froms, default=None), min(untils, default=None))


def dictionary_of(packs):
    facts = {}
    for pack in packs:
        for name, fact in pack.get("facts", {}).items():
            facts.setdefault(name, fact)
    return facts


class Case:
    def __init__(self, facts, acts, readings, packs):
        self.acts, self.readings, self.packs, self.facts = acts, readings, packs, dict(facts)
        # `acts_after` is short for further acts of which nothing else is said.
        for day in self.facts.pop("acts_after", []):
            first, last = days(day)
            self.acts = self.acts + [{"from": first, "to": last, "facts": {}}]

    @classmethod
    def read(cls, written, home):
        return cls(
            flat(written.get("facts", {})),
            [act(a) for a in written.get("acts", [])],
            written.get("readings", {}),
            written.get("packs") or [home],
        )

    def varied(self, variant):
        change = flat(variant.get("change", {}))
        acts = [{**a, "facts": {f: v for f, v in a["facts"].items() if f not in change}} for a in self.acts]
        return Case(
            {**self.facts, **change},
            [act(a) for a in variant["acts"]] if "acts" in variant else acts,
            {**self.readings, **variant.get("readings", {})},
            variant.get("packs") or self.packs,
        )

    def spans(self):
        """The spans that are shown, and as far as they may reach; None where no date is shown."""
        spans = [(a["from"], a["to"]) for a in self.acts]
        start, end = (self.facts.get(name, ABSENT) for name in ("conduct_start", "conduct_end"))
        start = start if start in (ABSENT, UNKNOWN) else days(start)[0]
        end = ABSENT if end == "ongoing" else end
        end = end if end in (ABSENT, UNKNOWN) else days(end)[1]
        if isinstance(start, date):
            today = max(TODAY, start)
            if isinstance(end, date):
                return spans + [(start, end)], None
            if end == UNKNOWN:
                return spans + [(start, start)], spans + [(start, today)]
            return spans + [(start, today)], None
        if isinstance(end, date):
            may = spans + [(date.min, end)] if start == UNKNOWN else None
            return spans + [(end, end)], may
        if UNKNOWN in (start, end) and not spans:
            return None, None
        return spans, None

    def known(self, pack, own=None):
        known = {name: value for name, value in self.facts.items() if name not in pack.conclusions}
        for one in self.acts:
            if all(reach(period or (None, None), [(one["from"], one["to"])]) != "no" for period in (pack.period, own)):
                known.update(one["facts"])
        return {name: value for name, value in known.items() if value != ABSENT}


def flat(facts, under=""):
    """Groups such as `cc998` to their dotted names; what stands behind a fact is left off."""
    found = {}
    for name, value in facts.items():
        if isinstance(value, dict) and "value" not in value:
            found.update(flat(value, f"{under}{name}."))
        else:
            plain = value["value"] if isinstance(value, dict) else value
            disputed = isinstance(value, dict) and value.get("state") in ("disputed", "alleged")
            found[under + name] = UNKNOWN if disputed else plain
    return found


def act(written):
    first, last = ("date", "date") if "date" in written else ("from", "to")
    return {
        "from": days(written[first])[0],
        "to": days(written[last])[1],
        "facts": flat(written.get("facts", {})),
    }


def days(written):
    """The first and last day that is meant by a day, or by a month or year as text."""
    if isinstance(written, datetime):
        return written.date(), written.date()
    if isinstance(written, date):
        return written, written
    parts = [int(part) for part in written.split("-")]
    if len(parts) == 3:
        return date(*parts), date(*parts)
    first, last = (parts[1], parts[1]) if len(parts) == 2 else (1, 12)
    return date(parts[0], first, 1), date(parts[0], last, calendar.monthrange(parts[0], last)[1])


def reach(period, spans):
    begin, end = period
    touched = [not (begin and last < begin) and not (end and first >= end) for first, last in spans]
    covered = [not (begin and first < begin) and not (end and last >= end) for first, last in spans]
    return "yes" if all(covered) else "partial" if any(touched) else "no"


def applies(period, shown, may):
    if shown is None:
        return UNKNOWN
    found = reach(period, shown)
    if may is None or reach(period, may) == found:
        return found
    return UNKNOWN if found == "no" else "partial"


# --- the answer-set program -----------------------------------------------------------------------


class Program:
    """What a case comes to under a pack. A condition in one place is a node `n` with `shown(n)` and
    `refuted(n)`; an unknown may be both, either or none, as its burden has it."""

    def __init__(self, pack, case):
        self.pack, self.case, self.known = pack, case, case.known(pack)
        self.shown, self.may = case.spans()
        self.lines, self.nodes = [], 0
        self.readings = {n: case.readings.get(n, r["default"]) for n, r in pack.readings.items()}
        self.applies = self.known.get("provisions_apply", applies(pack.period, self.shown, self.may))
        if "provisions_apply" in pack.facts:
            self.known["provisions_apply"] = self.applies
        self.unknown = sorted(name for name, value in self.known.items() if value == UNKNOWN)
        self.computed = "provisions_apply" not in case.facts
        self.ids = {name: f"f{at}" for at, name in enumerate(pack.facts)}
        stated = {n: v for n, v in case.facts.items() if n in pack.conclusions and isinstance(v, bool)}
        self.write(stated)
        self.lines += [f"#show {outcome}/1." for outcome in ("gated", "undated", "judged", "made_out")]

    def add(self, head, *body):
        self.lines.append(f"{head} :- {', '.join(body)}." if body else f"{head}.")

    def write(self, stated):
        names = {name: f"c{at}" for at, name in enumerate(self.pack.conclusions)}
        self.names = names
        for name, made_out in stated.items():
            self.add(f"in_issue({names[name]})")
            if made_out:
                self.add(f"has({names[name]})")
        for fact in self.unknown:
            self.add(f"unknown({self.ids[fact]})")
        # Facts with the benefit of the doubt, and the side that has it.
        self.lines.append("{ benefit(F) : unknown(F) }. 1 { for(claimant); for(processor) } 1.")
        # Whether the conduct falls into a period is as unknown as its dates are.
        dates = [self.ids[d] for d in ("conduct_start", "conduct_end") if d in self.unknown]
        for one in dates:
            if self.computed and "provisions_apply" in self.unknown:
                self.add(f"lifted({self.ids['provisions_apply']})", f"benefit({one})")
        self.add("lifted(F)", "benefit(F)")
        # The gates stay as they are meanwhile.
        self.add("lifting", "benefit(F)")
        for at, rule in enumerate(self.pack.rules):
            self.rule(f"r{at}", rule, names, rule["concludes"] not in stated)

    def rule(self, r, rule, names, derives):
        pack, concludes = self.pack, rule["concludes"]
        conclusion = pack.conclusions[concludes]
        is_gate = concludes in pack.gates
        for gate in [] if is_gate else pack.gates:
            self.add(f"gated({r})", f"not has({names[gate]})", "not lifting")
        favours = conclusion["favours"]
        opponent = {"claimant": "processor", "processor": "claimant"}.get(favours, "nobody")

        period = pack.rule_period(rule)
        self.known = {**self.case.known(pack, period), "provisions_apply": self.applies}
        reached = "yes" if period is None else applies(period, self.shown, self.may)
        if reached == UNKNOWN:
            # Against whoever bears a date that is not shown, at once for each of them.
            for fact in ("conduct_start", "conduct_end"):
                if fact in self.unknown:
                    self.resolved(f"dated({r},{self.ids[fact]})", fact, favours)
                    self.add(f"undated({r})", f"not dated({r},{self.ids[fact]})")
        elif reached == "no":
            self.add(f"undated({r})")

        roles = {role: rule.get(role, []) for role in ("elements", "assuming", "unless")}
        if not roles["elements"]:
            self.add(f"mentioned({r})")
        holds = []
        for role, clauses in roles.items():
            for clause in clauses:
                condition = parse(clause)
                node = self.node(condition, opponent if role == "unless" else favours)
                said = f"said({node})"
                for leaf in atoms(condition):
                    for mention in self.mentions(leaf):
                        self.add(said, *mention)
                if role == "elements":
                    self.add(f"mentioned({r})", said)
                    holds.append(f"shown({node})")
                elif role == "assuming":
                    self.add(f"fine({node})", f"shown({node})")
                    self.add(f"fine({node})", f"not {said}")
                    holds.append(f"fine({node})")
                else:
                    self.add(f"defeated({r})", f"shown({node})")
        judged = [f"not gated({r})", f"not undated({r})"]
        if conclusion["effect"] == "burden":
            judged.append("#false")
        judged.append(f"mentioned({r})")
        self.add(f"judged({r})", *judged)
        self.add(f"made_out({r})", f"judged({r})", f"not defeated({r})", *holds)
        if derives:
            self.add(f"in_issue({names[concludes]})", f"judged({r})")
            self.add(f"has({names[concludes]})", f"made_out({r})")

    def mentions(self, leaf):
        """What puts an atom in issue: any of its facts, or its conclusion."""
        if leaf[1] in self.names:
            return [[f"in_issue({self.names[leaf[1]]})"]]
        return [[] for name in leaf[1:4:2] if name in self.pack.facts and name in self.known]

    def resolved(self, head, fact, helped):
        """An unknown counts as fulfilled where the opponent of whom it helps bears it, or, with the
        benefit of the doubt, where it helps the side that has it, or nobody."""
        opponent = {"claimant": "processor", "processor": "claimant"}.get(helped)
        this = self.ids[fact]
        if opponent is not None and self.pack.burden[fact] == opponent:
            self.add(head, f"not lifted({this})")
        self.add(head, f"lifted({this})", *([f"for({helped})"] if opponent else []))

    def node(self, condition, helped):
        self.nodes += 1
        n = self.nodes
        kind, *parts = condition
        if kind == "not":
            (part,) = [self.node(p, helped) for p in parts]
            self.add(f"shown({n})", f"refuted({part})")
            self.add(f"refuted({n})", f"shown({part})")
        elif kind in ("and", "or"):
            parts = [self.node(p, helped) for p in parts]
            every, one = ("shown", "refuted") if kind == "and" else ("refuted", "shown")
            self.add(f"{every}({n})", *(f"{every}({p})" for p in parts))
            for p in parts:
                self.add(f"{one}({n})", f"{one}({p})")
        else:
            self.atom(n, condition, helped)
        return n

    def atom(self, n, atom, helped):
        name = atom[1]
        if name in self.names:
            self.add(f"shown({n})", f"has({self.names[name]})")
            self.add(f"refuted({n})", f"not has({self.names[name]})")
            return
        if name not in self.pack.facts:
            words = atom[2] if atom[0] == "in" else (atom[3],)
            self.add(f"{'shown' if self.readings[name] in words else 'refuted'}({n})")
            return
        facts = [name]
        if atom[0] == "compare" and atom[3] in self.pack.facts:
            facts.append(atom[3])
        if any(fact not in self.known for fact in facts):
            return
        doubtful = [fact for fact in facts if self.known[fact] == UNKNOWN]
        if doubtful:
            each = []
            for at, fact in enumerate(doubtful):
                each.append(f"resolved({n},{at})")
                self.resolved(each[-1], fact, helped)
            self.add(f"shown({n})", *each)
            self.add(f"refuted({n})", *each)
            return
        self.add(f"{'shown' if self.true(atom) else 'refuted'}({n})")

    def true(self, atom):
        """Whether an atom over known facts is true."""
        kind, name, *asked = atom
        value, of = self.known[name], self.pack.facts[name]["type"]
        if of == "bool":
            return value
        if of in ("one of", "set of"):
            words = asked[0] if kind == "in" else (asked[1],)
            return bool(set(words) & set([value] if isinstance(value, str) else value))
        sign, right, offset = asked
        right = self.known.get(right, right) if right in self.pack.facts else right
        if of == "date":
            last = days(value)[1] if name == "conduct_end" else value
            left, right = moment(last), moment(right)
            right = later(right, *offset) if offset else right
        else:
            left, right = Decimal(str(value)), Decimal(str(right))
        return {"<": left < right, "<=": left <= right, "=": left == right, ">=": left >= right, ">": left > right}[sign]

    # --- answers ----------------------------------------------------------------------------------

    def solve(self):
        self.control = clingo.Control(["--warn=none", "--models=2"])
        self.control.add("base", [], "\n".join(self.lines))
        self.control.ground([("base", [])])
        return self

    def outcomes(self, benefit=(), side="claimant"):
        """The outcome of every rule, with these facts resolved in favour of a side."""
        chosen = [
            (clingo.Function("benefit", [clingo.Function(self.ids[fact])]), fact in benefit) for fact in self.unknown
        ]
        chosen.append((clingo.Function("for", [clingo.Function(side)]), True))
        models = []
        with self.control.solve(assumptions=chosen, yield_=True) as found:
            models = [{str(atom) for atom in model.symbols(shown=True)} for model in found]
        assert len(models) == 1, f"{len(models)} answer sets"
        (model,) = models
        found = {}
        for at, rule in enumerate(self.pack.rules):
            r = f"r{at}"
            found[rule["id"]] = (
                "not_reached" if f"gated({r})" in model
                else "not_in_force" if f"undated({r})" in model
                else "not_in_issue" if f"judged({r})" not in model
                else "made_out" if f"made_out({r})" in model
                else "not_made_out"
            )  # fmt: skip
        return found


def turned(before, after):
    return {before, after} == {"made_out", "not_made_out"}


def compare(pack, case, judged, counts):
    """The first difference between what the evaluator found and what follows here, or None."""
    program = Program(pack, case).solve()
    plain = program.outcomes()
    if judged["applies"] != program.applies:
        return f"the pack applies: {judged['applies']}, second opinion {program.applies}"
    # What is computed is no fact that anybody proves.
    unknown = [fact for fact in program.unknown if fact != "provisions_apply" or not program.computed]
    sides = ("claimant", "processor")
    alone = {(fact, side): program.outcomes([fact], side) for fact in unknown for side in sides}
    together = {side: program.outcomes(unknown, side) for side in sides}
    used = set()
    for rule in pack.rules:
        id, found = rule["id"], judged["rules"][rule["id"]]
        claimed = found["turns_on"]
        if pack.conclusions[rule["concludes"]]["effect"] == "burden":
            continue
        counts["outcomes"] += 1
        counts[plain[id]] += 1
        if found["outcome"] != plain[id]:
            return f"rule {id}: {found['outcome']}, second opinion {plain[id]}"
        favours = pack.conclusions[rule["concludes"]]["favours"]
        wanting = [s for s in sides if favours == "nobody" or (s == favours) != (plain[id] == "made_out")]
        single = sorted({f for (f, s), other in alone.items() if s in wanting and turned(plain[id], other[id])})
        several = [s for s in wanting if turned(plain[id], together[s][id])]
        if single or not several:
            agree = sorted(claimed) == single
        else:
            def turns(facts):
                return turned(plain[id], program.outcomes(facts, several[0])[id])
            agree = turns(claimed) and not any(turns([f for f in claimed if f != one]) for one in claimed)
        if not agree:
            return f"rule {id} turns on {claimed}, second opinion {single or 'several together, or nothing'}"
        counts["turning points"] += len(claimed)
        used |= {pack.allocated[fact] for fact in claimed if fact in pack.allocated}
    for rule in pack.rules:
        if pack.conclusions[rule["concludes"]]["effect"] == "burden":
            expected = "made_out" if plain[rule["id"]] == "not_in_issue" and rule["id"] in used else plain[rule["id"]]
            counts["outcomes"] += 1
            if judged["rules"][rule["id"]]["outcome"] != expected:
                return f"rule {rule['id']}: {judged['rules'][rule['id']]['outcome']}, second opinion {expected}"
    return None


# --- reports --------------------------------------------------------------------------------------


def shortest(written, case, judged, difference):
    """What a reader needs: the rule and the case."""
    rule = re.search(r"rule (\S+?)[: ]", difference + " ")
    text = [difference, "", "case:"]
    text += [f"  {name} = {value}" for name, value in case.facts.items()]
    text += [f"  act {one['from']} to {one['to']}: {one['facts']}" for one in case.acts]
    text += [f"  reading {name} = {value}" for name, value in case.readings.items()]
    for one in written.get("rules", []):
        if rule and one["id"] == rule[1]:
            text.append(f"rule: {json.dumps(one, default=str, ensure_ascii=False, indent=1)}")
            text.append(f"it concludes {written['conclusions'][one['concludes']]}")
    return "\n".join(text)


def main():
    laws = pathlib.Path(sys.argv[1])
    written = {}
    for file in sorted(laws.glob("*/pack.toml")):
        pack = tomllib.loads(file.read_text())
        written[pack["pack"]["id"]] = pack
    counts = Counter()
    packs = None

    def check(pack, source, case, judged):
        difference = compare(pack, case, judged, counts)
        if difference:
            sys.exit(f"the evaluator and the answer sets differ\n\n{shortest(source, case, judged, difference)}")

    for line in sys.stdin:
        record = json.loads(line)
        if "text" in record:
            counts["random packs"] += 1
            source = tomllib.loads(record["text"])
            pack = Pack(source, dictionary_of([source]))
            for one in record["cases"]:
                counts["random cases"] += 1
                case = Case.read(tomllib.loads(one["case"]), "random")
                try:
                    check(pack, source, case, one["judged"]["random"])
                except SystemExit as found:
                    sys.exit(f"{found}\n\nthe case as written:\n{one['case']}\nits pack:\n{record['text']}")
            continue
        if packs is None:
            # The program has these packs read together, and their facts are known to all.
            order = [record["pack"]] + [id for id in written if id != record["pack"]]
            facts = dictionary_of([written[id] for id in order])
            packs = {id: Pack(written[id], facts) for id in written}
            cases = {}
        home = record["pack"]
        if home not in cases:
            counts["real packs"] += 1
            text = (laws / home / "cases.toml").read_text()
            cases[home] = iter(tomllib.loads(text)["cases"])
        own = next(cases[home])
        assert own["id"] == record["case"], (own["id"], record["case"])
        case = Case.read(own, home)
        for version, judged in zip([case] + [case.varied(v) for v in own.get("variants", [])], record["judged"], strict=True):
            counts["real cases"] += 1
            for id in version.packs:
                check(packs[id], written[id], version, judged[id])

    for required in ("random packs", "real packs"):
        if not counts[required]:
            sys.exit(f"there were no {required} to judge")
    print("second opinion: no difference")
    for whose in ("real", "random"):
        print(f"  {counts[f'{whose} packs']} {whose} packs, {counts[f'{whose} cases']} cases")
    words = ("made_out", "not_made_out", "not_in_issue", "not_reached", "not_in_force")
    print(f"  {counts['outcomes']} outcomes: " + ", ".join(f"{counts[word]} {word}" for word in words))
    print(f"  {counts['turning points']} facts on which an outcome turns")


if __name__ == "__main__":
    main()
