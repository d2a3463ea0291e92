"""Every figure of a framework, from rom.sqlite and the framework's YAML alone, by plain loops.

Nothing here comes from romframe. Scores, change rules and cut-offs are those that the framework
files of these tests name, written down a second time from their specs.
"""

import sqlite3
from datetime import date, datetime, timedelta
from fractions import Fraction
from math import floor, sqrt
from statistics import NormalDist, median

from oracles.pairing import pair


def items(*numbers):
    return [f"q{n}" for n in numbers]


# Items, how many of them may be missing, and what their mean is multiplied by; 0: they are summed.
SCORES = {
    ("core_10", "total"): (items(*range(1, 11)), 1, 10),
    ("honos", "total"): (items(*range(1, 13)), 0, 0),
    ("pbq", "impaired_bonding"): (items(1, 2, 6, 7, 8, 9, 10, 12, 13, 15, 16, 17), 0, 0),
}
# The change that counts, and the score from which on somebody is unwell; lower is better in all.
RULES = {"barkham_2013": (6, 11), "parabiaghi_2005": (8, None)}
USUAL_RULE = {"core_10": "barkham_2013", "honos": "parabiaghi_2005"}
CUT_OFFS = {"impaired_bonding_both": 12, "barkham_2013": 11}  # unwell from here on
FAVOURABLE = {"q2e": (3, 4), "q2l": (1, 2)}
POLICIES = {
    "first_and_last": ((), (), 1, False),
    "baseline_and_discharge": (("assessment",), ("discharge",), 0, True),
}
SAME = ("rater", "version", "setting")
CLASSES = ("recovered", "improved", "unchanged", "deteriorated", "harmed")
WORDS = {"maintained": CLASSES[:3], "relapsed": CLASSES[3:]}
CURRENT = "superseded_by IS NULL AND purpose IS NULL"  # neither corrected nor a second rating
Z = NormalDist().inv_cdf(0.975)


class Service:
    """The rows of a store, the framework's plain data, and the period that is reported."""

    def __init__(self, path, framework, period, today, team=None):
        self.store = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        self.store.row_factory = sqlite3.Row
        self.framework, self.period, self.today, self.team = framework, period, today, team
        self.referrals = self.rows("SELECT * FROM referral")
        self.groups = {each["id"]: each for each in framework["groups"]}

    def rows(self, query, *values):
        return [dict(row) for row in self.store.execute(query, values)]

    def figures(self):
        """Give, by part, the rows that count: their day, and what is true of each by figure."""
        told = {}
        for outcome in self.framework["outcomes"]:
            for part in outcome.get("measures", ()):
                told[part["id"]] = self.measure(part)
            for part in outcome.get("indicators", ()):
                rows = INDICATORS[part["indicator"]](self, part.get("params", {}))
                told[part["id"]] = [row for row in rows if self.counts(row, part.get("group"))]
        return told

    def counts(self, row, group):
        first, last = (end.isoformat()[: len(row["on"])] for end in self.period)
        of_team = self.team is None or row["team"] == self.team
        return of_team and first <= row["on"] <= last and (not group or self.inside(row, group))

    def inside(self, row, group):
        wanted = self.groups[group]["where"]["pathway"]
        kept_well = row["pathway"] == "prevention"
        return kept_well if wanted == "prevention" else not kept_well

    def measure(self, part):
        group = self.groups[part["group"]]
        rule = part.get("rule", USUAL_RULE.get(part["instrument"]))
        pairs = self.pairs(part["instrument"], part["score"], self.framework.get("pairing"))
        names = told_apart(group, rule)
        sides = {
            "good": spelt_out(group.get("good", CLASSES[:2])),
            "worse": spelt_out(group.get("worse", CLASSES[3:])),
        }
        rows = []
        for referral in self.closed():
            if not self.counts(referral, part["group"]):
                continue
            verdict, first, last = pairs[referral["referral_id"]]
            row = {"on": referral["on"], "reason": verdict, "paired": verdict == "paired"}
            for name, classes in {**sides, **names}.items() if rule else ():
                known = verdict == "paired"
                row[name] = (
                    change(first["value"], last["value"], rule) in classes if known else None
                )
            rows.append(row)
        return rows

    def closed(self):
        return [
            {**row, "on": row["closed_on"][:10]}
            for row in sorted(self.referrals, key=lambda row: row["referral_id"])
            if row["closed_on"]
        ]

    def pairs(self, instrument, score, policy):
        first, last, gap, closed_only = POLICIES[policy or "first_and_last"]
        return pair(
            self.ratings(instrument, score),
            self.referrals,
            {
                "first_timepoints": first,
                "last_timepoints": last,
                "same": SAME,
                "minimum_gap_days": gap,
                "closed_only": closed_only,
            },
        )

    def ratings(self, instrument, score=None):
        found = self.rows(
            f"SELECT * FROM assessment WHERE {CURRENT} AND instrument = ?", instrument
        )
        versions = {row["version"].replace(".", "_") for row in found}
        answers = {
            row["assessment_id"]: row
            for version in versions
            for row in self.rows(f'SELECT * FROM "responses_{instrument}__{version}"')
        }
        for row in found:
            row["completed_at"] = datetime.fromisoformat(row["completed_at"])
            given = answers.get(row["assessment_id"])
            row["value"] = value(given, *SCORES[instrument, score]) if score and given else None
        return found


def value(answers, names, may_be_missing, times):
    given = [answers[name] for name in names if answers[name] is not None]
    if not given or len(names) - len(given) > may_be_missing:
        return None
    if not times:
        return Fraction(sum(given))
    return Fraction(floor(Fraction(10 * times * sum(given), len(given)) + Fraction(1, 2)), 10)


def spelt_out(names):
    return [each for name in names for each in WORDS.get(name, (name,))]


def told_apart(group, rule):
    """Give the classes that a group and a rule tell apart, each with what it takes in."""
    if not rule:
        return {}
    if {*group.get("good", ()), *group.get("worse", ())} == set(WORDS):
        return WORDS
    return {name: (name,) for name in (CLASSES if RULES[rule][1] else CLASSES[1:4])}


def change(first, last, rule):
    enough, cut_off = RULES[rule]
    crosses = cut_off is not None and (first >= cut_off) != (last >= cut_off)
    if first - last >= enough:
        return "recovered" if crosses else "improved"
    if last - first >= enough:
        return "harmed" if crosses else "deteriorated"
    return "unchanged"


def re_referral(service, params):
    for row in service.closed():
        ended = date.fromisoformat(row["on"])
        if ended + timedelta(days=params["days"]) >= service.today:
            yield {**row, "met": None, "reason": "days_not_over"}
            continue
        after = [
            (date.fromisoformat(other["received_on"]) - ended).days
            for other in service.referrals
            if other["service_user_id"] == row["service_user_id"]
            and other["referral_id"] != row["referral_id"]
        ]
        yield {**row, "met": any(0 <= days <= params["days"] for days in after)}


def favourable(service, params):
    for row in service.rows("SELECT * FROM anonymous_poem__2021"):
        answer, good = row[params["item"]], FAVOURABLE[params["item"]]
        met = None if answer is None else answer in good
        yield {"on": row["month"], "team": row["team"], "met": met, "reason": "not_answered"}


def wait(service, params):
    assert (params["from"], params["to"]) == ("referral", "assessment")
    for row in service.referrals:
        begin = date.fromisoformat(row["received_on"])
        done = [
            each["completed_at"]
            for each in every_rating(service)
            if each["referral_id"] == row["referral_id"]
            and (each["outcome"], each["timepoint"]) == ("completed", "assessment")
        ]
        days = (date.fromisoformat(min(done)[:10]) - begin).days if done else None
        last = begin + timedelta(days=params["within"])
        found = {**row, "on": row["received_on"], "met": days is not None, "value": days}
        if last >= service.today:
            found |= {"met": None, "value": None, "reason": "days_not_over"}
        elif not done and (row["closed_on"] or "9999") <= last.isoformat():
            found |= {"met": None, "value": None, "reason": "closed_first"}
        elif done:
            found["met"] = days <= params["within"]
        yield found


def every_rating(service):
    return service.rows(f"SELECT * FROM assessment WHERE {CURRENT}")


def completeness(service, params):
    done = {
        row["referral_id"]
        for row in every_rating(service)
        if row["instrument"] == params["instrument"]
        and row["outcome"] == "completed"
        and row["timepoint"] == params.get("timepoint", row["timepoint"])
    }
    for row in service.closed():
        yield {**row, "met": row["referral_id"] in done}


def asked_policy(service, params):
    return params.get("pairing", service.framework.get("pairing"))


def paired_rate(service, params):
    pairs = service.pairs(params["instrument"], params["score"], asked_policy(service, params))
    for row in service.closed():
        yield {**row, "met": pairs[row["referral_id"]][0] == "paired"}


def relapse(service, params):
    pairs = service.pairs(params["instrument"], params["score"], asked_policy(service, params))
    rule = params.get("rule", USUAL_RULE[params["instrument"]])
    for row in service.closed():
        if row["pathway"] == "prevention":
            verdict, first, last = pairs[row["referral_id"]]
            known = verdict == "paired"
            worse = change(first["value"], last["value"], rule) in CLASSES[3:] if known else None
            yield {**row, "met": worse, "reason": verdict}


def better_side(service, params):
    asked = service.ratings(params["instrument"], params["score"])
    asked.sort(key=lambda row: (row["completed_at"], row["assessment_id"]))
    for row in service.closed():
        own = [
            each
            for each in asked
            if (each["referral_id"], each["outcome"]) == (row["referral_id"], "completed")
        ]
        known = [each["value"] for each in own if each["value"] is not None]
        met = known[-1] < CUT_OFFS[params["cut_off"]] if known else None
        yield {**row, "met": met, "reason": "last_refused" if own else "no_assessment"}


INDICATORS = {
    each.__name__: each
    for each in (re_referral, favourable, wait, completeness, paired_rate, relapse, better_side)
}


def shares(rows):
    """Give the count and the whole of every figure of a part, of those that it can be told of."""
    names = ("paired", "good", "worse", *WORDS, *CLASSES, "met")
    told = {name: [row[name] for row in rows if row.get(name) is not None] for name in names}
    known = {name for row in rows for name in row}
    return {name: (sum(each), len(each)) for name, each in told.items() if name in known}


def left_out(rows):
    """Give for how many rows nothing can be told, by reason."""
    reasons = [row["reason"] for row in rows if not row.get("paired", row.get("met") is not None)]
    return {reason: reasons.count(reason) for reason in reasons}


def middle(rows):
    """Give the median of what is waited, or None, and of how many."""
    values = [row["value"] for row in rows if row.get("met") is not None]
    values = [each for each in values if each is not None]
    return (median(values) if values else None), len(values)


def wilson(count, of):
    """Give the interval of Wilson (1927), by its formula."""
    share, spread = count / of, Z * Z / of
    middle_of_it, reach = share + spread / 2, sqrt(spread * share * (1 - share) + spread**2 / 4)
    return (middle_of_it - reach) / (1 + spread), (middle_of_it + reach) / (1 + spread)


def per_cent(count, of):
    return floor(Fraction(100 * count, of) + Fraction(1, 2))


def verdict(target, count, of):
    """Judge a share by a target, and say whether its interval holds an end of the target."""
    low, high = (100 * end for end in wilson(count, of))
    ends = {name: target[name] for name in ("at_least", "at_most") if name in target}
    exact = Fraction(100 * count, of)
    met = exact >= ends.get("at_least", 0) and exact <= ends.get("at_most", 100)
    return "met" if met else "not_met", any(low < end < high for end in ends.values())
