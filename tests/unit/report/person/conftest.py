"""One person in a real store: what is known of them is said in the test, a line a fact."""

from datetime import date
from html.parser import HTMLParser

import pytest
from romframe_report.person.page import person_brief

from romframe import create_workspace, import_file, open_workspace
from romframe.clock import now


TODAY = date(2026, 1, 31)
CORE_10 = [f"q{n}" for n in range(1, 11)]


class Place:
    """A workspace, and short ways to put facts into it."""

    def __init__(self, folder):
        self.folder = folder
        self.workspace = create_workspace(folder / "service", "Fen <service>", today=TODAY)

    def bring(self, kind, columns, *rows):
        """Import rows of a kind of record or of a measure."""
        records = ("service_user", "referral", "event", "goal")
        file, known = self.folder / "file.csv", self.folder / "map.yaml"
        lines = [",".join("" if cell is None else str(cell) for cell in row) for row in rows]
        file.write_text("\n".join([",".join(columns), *lines]) + "\n")
        text = f"kind: {kind}\n" if kind in records else f"instrument: {kind}\ncoding: scored\n"
        text += "unknown_referrals: create\n" if kind == "referral" else ""
        known.write_text(text)
        done = import_file(self.workspace, file, mapping=known, actor="tester", now=now()).result
        assert done.rejected == 0

    def refer(self, *rows):
        """Each row: referral, service user, the days it was received and closed."""
        self.bring(
            "referral", ["referral_id", "service_user_id", "received_on", "closed_on"], *rows
        )

    def happen(self, *rows):
        self.bring("event", ["referral_id", "kind", "happened_on"], *rows)

    def core_10(self, *rows, rater="service_user"):
        """Each row: referral, day, and the ten answers as one text, with - for a blank."""
        self._rated("core_10", CORE_10, rows, rater)

    def honos(self, *rows, rater="clinician"):
        """Each row: referral, day, and the ratings 1 to 12."""
        self._rated("honos", [f"q{n}" for n in range(1, 13)], rows, rater)

    def _rated(self, name, items, rows, rater):
        columns = ["referral_id", "completed_at", "rater", "outcome", *items]
        told = []
        for referral, day, answers in rows:
            done = answers not in ("declined", "missed")
            values = ["" if a == "-" else a for a in answers] if done else [""] * len(items)
            told.append((referral, day, rater, "completed" if done else answers, *values))
        self.bring(name, columns, *told)

    def goals(self, *rows):
        """Each row: referral, day, goal and rating."""
        columns = ["referral_id", "completed_at", "goal_id", "progress", "rater"]
        self.bring("gbo", columns, *((*row, "service_user") for row in rows))

    def rate_first(self, known, items):
        """Rate once, with the first answer of each item."""
        values = [known.item(name).scale.options[0].code for name in items]
        columns = ["referral_id", "completed_at", "rater", *items]
        self.bring(known.id, columns, ("R1", "2025-02-12", "service_user", *values))

    def measure(self, text):
        """Add a measure of the service's own."""
        name = text.partition("id: ")[2].split()[0]
        (self.workspace.path / "measures" / f"{name}.yaml").write_text(text)
        self.reopen()
        return self.workspace.instrument(name)

    def reopen(self):
        """Open the workspace again, with what has been written into its folder."""
        self.workspace.store.close()
        self.workspace = open_workspace(self.workspace.path, today=TODAY)

    def brief(self, name="P1", reader="clinician", as_of=None):
        return person_brief(self.workspace, name, reader, as_of)


@pytest.fixture
def place(tmp_path):
    """A workspace in which P1 has the open referral R1."""
    found = Place(tmp_path)
    found.refer(("R1", "P1", "2025-01-10", None))
    yield found
    found.workspace.store.close()


class Told(HTMLParser):
    """What a page says: the words of each element, with the elements it is in."""

    def __init__(self, page):
        super().__init__()
        self.open, self.found = [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        element = {"tag": tag, "words": "", "inside": list(self.open), **dict(attrs)}
        self.found.append(element)
        if tag not in {"meta", "path", "use", "rect"}:
            self.open.append(element)

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_endtag(self, tag):
        while self.open.pop()["tag"] != tag:
            pass

    def handle_data(self, data):
        for element in self.open:
            element["words"] += data

    def all(self, tag, inside=None):
        return [
            each
            for each in self.found
            if each["tag"] == tag and (inside is None or any(p is inside for p in each["inside"]))
        ]

    def part(self, name):
        """Give the element of this id; None if there is none."""
        return next((each for each in self.found if each.get("id") == name), None)

    def said(self, element):
        return " ".join(element["words"].split())

    def rows(self, caption):
        """Give the rows of the table with this caption, each as a list of texts."""
        (table,) = (
            table
            for table in self.all("table")
            for named in self.all("caption", table)
            if self.said(named) == caption
        )
        (body,) = self.all("tbody", table)
        cells = ("th", "td")
        return [
            [
                self.said(c)
                for c in self.found
                if c["tag"] in cells and any(p is row for p in c["inside"])
            ]
            for row in self.all("tr", body)
        ]

    @property
    def visible(self):
        """What is read without opening anything, pictures left out."""
        hidden = ("details", "svg", "style", "head")
        words = [
            each["words"]
            for each in self.found
            if each["tag"] in ("h1", "h2", "h3", "p", "li", "th", "td", "caption")
            and not any(parent["tag"] in hidden for parent in each["inside"])
        ]
        return " ".join(" ".join(words).split())


@pytest.fixture
def told(place):
    """Make the brief and give what it says."""
    return lambda *args, **more: Told(place.brief(*args, **more))
