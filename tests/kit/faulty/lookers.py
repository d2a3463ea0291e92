"""Checks, indicators and sections of the report with one fault each."""

import itertools

import polars as pl

from romframe import Check, Indicator, ReportSection
from romframe.testing import CheckExtras, IndicatorSuite, ReportSectionExtras, offering


COUNT = itertools.count()


def check(judge):
    return offering(Check("mine", "Mine", judge))


def judged(ratings, what=None):
    danger = pl.when(pl.col("q4") > 0).then(pl.lit("In danger."))
    return ratings.answers.select("assessment_id", what=danger if what is None else what)


def mark(workspace):
    (workspace.path / f"mark_{next(COUNT)}").write_text("mark")


class Looking(CheckExtras):
    check = "mine"
    doubtful = ({"q4": 2},)
    sound = ({"q4": 0}, {"q4": None})


class TestCheckHasNoFault(Looking):
    plugin = check(judged)
    caught_by = ()


class TestCheckJudgesWhatIsNotThere(Looking):
    plugin = check(lambda ratings: judged(ratings).with_columns(pl.lit(77).alias("assessment_id")))
    caught_by = ("it_judges_what_is_there_once",)


class TestCheckJudgesTwice(Looking):
    plugin = check(lambda ratings: pl.concat([judged(ratings), judged(ratings)]))
    caught_by = ("it_judges_what_is_there_once",)


class TestCheckSaysABlank(Looking):
    plugin = check(lambda ratings: judged(ratings, pl.lit(" ")))
    caught_by = ("it_judges_what_is_there_once",)


class TestCheckLacksAColumn(Looking):
    plugin = check(lambda ratings: judged(ratings).drop("what"))
    caught_by = ("it_judges_what_is_there_once",)


class TestCheckChangesTheAnswers(Looking):
    caught_by = ("it_only_looks_and_says_the_same_again",)

    @check
    def plugin(ratings):
        ratings.answers.replace_column(
            0, pl.Series("assessment_id", [*ratings.answers[:, 0]][::-1])
        )
        return judged(ratings)


class TestCheckWritesToTheWorkspace(Looking):
    caught_by = ("it_only_looks_and_says_the_same_again",)

    @check
    def plugin(ratings):
        mark(ratings.workspace)
        return judged(ratings)


class TestCheckHasACounter(Looking):
    plugin = check(lambda ratings: judged(ratings, pl.lit(f"Look {next(COUNT)}.")))
    caught_by = ("it_only_looks_and_says_the_same_again",)


class TestCheckInventsARating(Looking):
    plugin = check(lambda ratings: pl.DataFrame({"assessment_id": [1], "what": ["Look."]}))
    caught_by = ("no_ratings_are_no_fault",)


class TestCheckJudgesNothing(Looking):
    plugin = check(lambda ratings: None)
    caught_by = ("it_judges_something", "it_finds_what_it_is_for")


def indicator(measure, summary="Of all referrals: met where they are closed.", **params):
    return offering(Indicator("mine", summary, measure, params))


def measured(workspace, params):
    closed = pl.col("closed_on").is_not_null()
    return workspace.table("referral").select("referral_id", "team", on="received_on", met=closed)


class Met(IndicatorSuite):
    indicator = "mine"


class TestIndicatorHasNoFault(Met):
    plugin = indicator(measured)
    caught_by = ()


class TestIndicatorHasOtherParams(Met):
    plugin = indicator(measured, days={"type": "integer", "required": True})
    caught_by = ("its_params_fit_its_own_schema",)


class TestIndicatorHasNoDefinition(Met):
    plugin = indicator(measured, summary="Closed")
    caught_by = ("its_summary_defines_it",)


class TestIndicatorLacksAColumn(Met):
    plugin = indicator(lambda workspace, params: measured(workspace, params).drop("met"))
    caught_by = ("every_row_says_who_where_when_and_whether",)


class TestIndicatorCountsStrangers(Met):
    caught_by = ("every_row_says_who_where_when_and_whether",)

    @indicator
    def plugin(workspace, params):
        return measured(workspace, params).with_columns(pl.lit("X").alias("referral_id"))


class TestIndicatorWritesItsOwnDates(Met):
    caught_by = ("every_row_says_who_where_when_and_whether",)

    @indicator
    def plugin(workspace, params):
        return measured(workspace, params).with_columns(pl.lit("1 June").alias("on"))


class TestIndicatorSaysMetInNumbers(Met):
    caught_by = ("every_row_says_who_where_when_and_whether",)

    @indicator
    def plugin(workspace, params):
        return measured(workspace, params).cast({"met": pl.Int8})


class TestIndicatorHasACounter(Met):
    caught_by = ("it_only_looks_and_says_the_same_again",)

    @indicator
    def plugin(workspace, params):
        return measured(workspace, params).with_columns(value=next(COUNT))


class TestIndicatorWritesToTheWorkspace(Met):
    caught_by = ("it_only_looks_and_says_the_same_again",)

    @indicator
    def plugin(workspace, params):
        mark(workspace)
        return measured(workspace, params)


def section(build, title="Mine", template="{{ n }}", tables=None):
    return offering(ReportSection("mine", title, 1, build, template, tables))


def built(workspace, window):
    return {"n": 7}


class Shown(ReportSectionExtras):
    section = "mine"


class TestSectionHasNoFault(Shown):
    plugin = section(built)
    caught_by = ()


class TestSectionHasNoTitle(Shown):
    plugin = section(built, title=" ")
    caught_by = ("it_has_a_title_and_a_template",)


class TestSectionHasNoTemplate(Shown):
    plugin = section(built, template="")
    caught_by = ("it_has_a_title_and_a_template",)


class TestSectionGivesAList(Shown):
    plugin = section(lambda workspace, window: [7])
    caught_by = ("it_builds_from_any_data_or_is_left_out",)


class TestSectionWritesToTheWorkspace(Shown):
    plugin = section(lambda workspace, window: mark(workspace))
    caught_by = ("it_builds_from_any_data_or_is_left_out",)


class TestSectionGivesOtherTables(Shown):
    plugin = section(built, tables=lambda *_: ["no table"])
    caught_by = ("it_builds_from_any_data_or_is_left_out",)


class TestSectionShowsNothing(Shown):
    plugin = section(lambda workspace, window: None)
    caught_by = ("it_shows_something",)
