"""A workspace that a test fills with rows, through the same door as a service does."""

import csv
import io
from datetime import date

from romframe import create_workspace, import_file
from romframe.clock import now


TODAY = date(2024, 4, 15)


class Filled:
    """A workspace, and ways to bring rows to it and to ask an indicator."""

    def __init__(self, folder, today=TODAY):
        self.folder = folder
        self.workspace = create_workspace(folder / "service", "Fen", today=today)

    def bring(self, mapping, rows):
        file, known = self.folder / "file.csv", self.folder / "map.yaml"
        text = io.StringIO()
        writer = csv.DictWriter(text, dict.fromkeys(name for row in rows for name in row))
        writer.writeheader()
        writer.writerows(rows)
        file.write_text(text.getvalue())
        known.write_text(mapping)
        done = import_file(self.workspace, file, mapping=known, actor="tester", now=now())
        assert done.result.accepted == len(rows), done.result

    def people(self, names):
        self.bring("kind: service_user\n", [{"service_user_id": name} for name in names])

    def refer(self, *referrals):
        """Refer: name, person, received on, closed on, and whatever else is known."""
        names = ("referral_id", "service_user_id", "received_on", "closed_on")
        rows = [dict(zip(names, each[:4], strict=True)) | dict(*each[4:]) for each in referrals]
        self.people(dict.fromkeys(row["service_user_id"] for row in rows))
        self.bring("kind: referral\n", rows)

    def core_10(self, *ratings):
        """Rate: referral, day, timepoint, and ten times the same answer (None: declined)."""
        rows = [
            {
                "referral_id": referral,
                "completed_at": day,
                "timepoint": timepoint,
                "outcome": "declined" if answer is None else "completed",
            }
            | {f"q{n}": answer for n in range(1, 11)}
            for referral, day, timepoint, answer in ratings
        ]
        self.bring("instrument: core_10\ncoding: scored\n", rows)

    def forget(self, referral, column):
        """Take out what no import would leave out."""
        query = f"UPDATE referral SET {column} = NULL WHERE referral_id = ?"
        self.workspace.store.connection.execute(query, [referral])
        self.workspace.store.connection.commit()

    def ask(self, name, **params):
        """Give the rows that an indicator finds, in their order."""
        offer = self.workspace.catalogue.host.find("indicators", name)
        return offer.measure(self.workspace, params)

    def told(self, name, *more, **params):
        """Give for each referral whether it is met, or why that cannot be told."""
        found = self.ask(name, **params).to_dicts()
        return {
            row["referral_id"]: (row.get("reason") or row["met"], *(row[each] for each in more))
            if more
            else row.get("reason") or row["met"]
            for row in found
        }
