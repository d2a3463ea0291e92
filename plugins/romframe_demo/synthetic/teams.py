"""The three teams, and what is known of the people they see."""

from romframe_demo.synthetic.records import Team


COMMUNITY = Team(
    name="Perinatal Community Team",
    setting="community",
    share=0.60,
    wait=(5, 35),
    review=(75, 115),
    stay=(190, 70, 50, 400),
    contact=(9, 20),
    severity=(2.1, 0.5),
    battery={
        "honos": {"assessment": 0.90, "review": 0.55, "discharge": 0.66},
        "core_10": {"assessment": 0.82, "review": 0.50, "discharge": 0.56},
    },
    after_birth={"pbq": {"assessment": 0.60, "review": 0.50, "discharge": 0.55}},
)
UNIT = Team(
    name="Mother and Baby Unit",
    setting="inpatient",
    share=0.11,
    wait=(0, 2),
    review=(13, 22),
    stay=(52, 20, 12, 120),
    contact=(6, 8),
    severity=(2.8, 0.45),
    battery={
        "honos": {"assessment": 0.97, "review": 0.80, "discharge": 0.88},
        "core_10": {"assessment": 0.45, "review": 0.40, "discharge": 0.70},
        "feeding_confidence": {"assessment": 0.60, "review": 0.55, "discharge": 0.75},
    },
    after_birth={"pbq": {"assessment": 0.65, "discharge": 0.70}},
)
MATERNAL = Team(
    name="Maternal Mental Health Service",
    setting="community",
    share=0.29,
    wait=(10, 42),
    review=(80, 110),
    stay=(150, 50, 50, 300),
    contact=(7, 15),
    severity=(2.2, 0.45),
    battery={
        "honos": {"assessment": 0.60, "review": 0.15, "discharge": 0.42},
        "core_om": {"assessment": 0.76, "discharge": 0.58},
        "core_10": {"review": 0.60},
        "phq_9": {"assessment": 0.80, "session": 0.50, "discharge": 0.62},
    },
)
TEAMS = (COMMUNITY, UNIT, MATERNAL)
SESSION_EVERY = (12, 24)

# Ethnic categories of the NHS Data Dictionary, with how many of a thousand; made up.
ETHNICITIES = {
    "A": 640, "B": 6, "C": 95, "D": 12, "E": 6, "F": 11, "G": 8, "H": 36, "J": 38, "K": 18,
    "L": 18, "M": 12, "N": 34, "P": 6, "R": 8, "S": 14, "Z": 28, "99": 10,
}  # fmt: skip
