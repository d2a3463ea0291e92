"""The commands of romframe itself: the module that each stands in, and its line of help."""

from romframe.cli.lazy import LazyCommand


_COMMANDS = (
    ("audit", "audit", "Look at the quality of the data; nothing is deleted or changed."),
    (
        "change",
        "change",
        "Pair first and last in the workspace and judge the change: a row a referral and score.",
    ),
    (
        "classify",
        "change",
        "Judge change in a file with the columns first and last; other columns are kept.",
    ),
    (
        "constants",
        "constants",
        "Print every cut-off, band, threshold, norm and missing-answer rule, and who says so.",
    ),
    (
        "defer",
        "deferring",
        "Put a measure of a referral off, with a reason; `romframe due` says until when.",
    ),
    (
        "distribution",
        "distribution",
        "Count the answers to every item, in the workspace or in a FILE: a row an item and answer.",
    ),
    (
        "doctor",
        "plugins",
        "Say what is wrong with plugins and measures; in a workspace, with its files and store.",
    ),
    ("due", "due", "List which measures are due for whom, as the schedules of the frameworks say."),
    (
        "explain",
        "explain",
        "Say line by line how the scores of one assessment, or a referral's change, came about.",
    ),
    (
        "export",
        "export",
        "Export the workspace's data with the exporter NAME (see `romframe plugins`).",
    ),
    ("framework", "framework", "Check, explain and compare outcome frameworks."),
    (
        "import",
        "importing",
        "Import assessments, or service users, referrals, contacts and events, into the workspace.",
    ),
    ("init", "init", "Make a workspace: config, store and folders for measures and mappings."),
    (
        "measures",
        "measures",
        "List, show, check and start measures; read and write them in other formats.",
    ),
    ("plugins", "plugins", "List every plugin, what it offers, and what is wrong with it."),
    (
        "rejected",
        "rejected",
        "List the rows that imports set aside: where, why, and the row as it came.",
    ),
    (
        "rescore",
        "rescore",
        "List whose score, band or change class would differ, before anything is switched.",
    ),
    ("score", "score", "Score a file of answers, or every assessment in the workspace."),
)


def built_in() -> list[LazyCommand]:
    """Give every command; none is imported yet."""
    return [
        LazyCommand(name, f"romframe.cli.{module}:{name}_command", told)
        for name, module, told in _COMMANDS
    ]
