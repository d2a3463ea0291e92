"""romframe: routine outcome monitoring with measures, change rules and exports as plugins.

This is the whole public interface; plugins import from here and from nowhere below. Each name is
loaded when it is first used, so that importing romframe costs next to nothing.
"""

import importlib
from typing import TYPE_CHECKING, Any


if TYPE_CHECKING:
    from romframe.api import alerts as alerts
    from romframe.api import classify as classify
    from romframe.api import distribution as distribution
    from romframe.api import score as score
    from romframe.catalogue import Catalogue as Catalogue
    from romframe.change_methods import THREE_CLASSES as THREE_CLASSES
    from romframe.change_methods import ChangeInputs as ChangeInputs
    from romframe.change_methods import ChangeMethod as ChangeMethod
    from romframe.change_methods import ChangeVerdict as ChangeVerdict
    from romframe.change_methods import change_class as change_class
    from romframe.change_methods import clinical_move as clinical_move
    from romframe.change_methods import clinical_side as clinical_side
    from romframe.change_methods import combined_class as combined_class
    from romframe.change_methods import cut_off_from_norms as cut_off_from_norms
    from romframe.change_methods import cut_off_value as cut_off_value
    from romframe.change_methods import moved as moved
    from romframe.change_methods import passes as passes
    from romframe.change_methods import reliable_change_index as reliable_change_index
    from romframe.change_methods import reliable_class as reliable_class
    from romframe.change_schemas import COMPANION as COMPANION
    from romframe.change_schemas import CUT_OFF as CUT_OFF
    from romframe.change_schemas import RELIABLE as RELIABLE
    from romframe.charts import ChartWords as ChartWords
    from romframe.charts import Described as Described
    from romframe.charts import PairedBars as PairedBars
    from romframe.charts import RangeBars as RangeBars
    from romframe.charts import RangeRow as RangeRow
    from romframe.charts import RunChart as RunChart
    from romframe.charts import ShareBars as ShareBars
    from romframe.charts import ShareRow as ShareRow
    from romframe.charts import SideBars as SideBars
    from romframe.charts import SideRow as SideRow
    from romframe.cli.lazy import LazyCommand as LazyCommand
    from romframe.cli.progress import progress_bar as progress_bar
    from romframe.consent import consent_lacking as consent_lacking
    from romframe.counted import all_of as all_of
    from romframe.counted import at_first as at_first
    from romframe.counted import at_last as at_last
    from romframe.counted import class_table as class_table
    from romframe.counted import classes_found as classes_found
    from romframe.counted import from_to as from_to
    from romframe.counted import in_group as in_group
    from romframe.counted import move_table as move_table
    from romframe.counted import score_key as score_key
    from romframe.counted import split_table as split_table
    from romframe.counted import stretch_table as stretch_table
    from romframe.counted import table_of_classes as table_of_classes
    from romframe.counted import together as together
    from romframe.counted import way_table as way_table
    from romframe.days import local_day as local_day
    from romframe.definitions.drafting import draft_definition as draft_definition
    from romframe.definitions.listing import not_carried as not_carried
    from romframe.definitions.model import AskedForm as AskedForm
    from romframe.definitions.model import AskedItem as AskedItem
    from romframe.definitions.model import AskedOption as AskedOption
    from romframe.definitions.model import AskedScore as AskedScore
    from romframe.definitions.model import DefinitionDraft as DefinitionDraft
    from romframe.definitions.model import Unsaid as Unsaid
    from romframe.disclosure import NHS_MONTHLY as NHS_MONTHLY
    from romframe.disclosure import RELEASES_NAME as RELEASES_NAME
    from romframe.disclosure import SERVICE as SERVICE
    from romframe.disclosure import Cell as Cell
    from romframe.disclosure import CountTable as CountTable
    from romframe.disclosure import DisclosurePolicy as DisclosurePolicy
    from romframe.disclosure import ProtectedTable as ProtectedTable
    from romframe.disclosure import Release as Release
    from romframe.disclosure import ReportPolicy as ReportPolicy
    from romframe.disclosure import ShownShare as ShownShare
    from romframe.disclosure import Sum as Sum
    from romframe.disclosure import TableShare as TableShare
    from romframe.disclosure import append_releases as append_releases
    from romframe.disclosure import disclosure_policy as disclosure_policy
    from romframe.disclosure import protect as protect
    from romframe.disclosure import read_releases as read_releases
    from romframe.disclosure import report_policy as report_policy
    from romframe.disclosure import share_of as share_of
    from romframe.disclosure import shown_share as shown_share
    from romframe.disclosure import shown_table as shown_table
    from romframe.effects import EffectSize as EffectSize
    from romframe.effects import effect_size as effect_size
    from romframe.errors import DataError as DataError
    from romframe.errors import ExportRefused as ExportRefused
    from romframe.errors import FrameworkError as FrameworkError
    from romframe.errors import Place as Place
    from romframe.errors import PluginError as PluginError
    from romframe.errors import Problem as Problem
    from romframe.errors import RomframeError as RomframeError
    from romframe.errors import SpecError as SpecError
    from romframe.errors import StoreError as StoreError
    from romframe.errors import UsageError as UsageError
    from romframe.errors import UserError as UserError
    from romframe.errors import did_you_mean as did_you_mean
    from romframe.expected import ENOUGH_PAIRS as ENOUGH_PAIRS
    from romframe.expected import Expected as Expected
    from romframe.expected import Spread as Spread
    from romframe.expected import Start as Start
    from romframe.expected import earlier_pairs as earlier_pairs
    from romframe.expected import expected_changes as expected_changes
    from romframe.expected import pairs_in_groups as pairs_in_groups
    from romframe.expected import spread as spread
    from romframe.exporting import run_export as run_export
    from romframe.frameworks.counted import Counted as Counted
    from romframe.frameworks.figures import FrameworkFigures as FrameworkFigures
    from romframe.frameworks.figures import framework_figures as framework_figures
    from romframe.frameworks.groups import group_referrals as group_referrals
    from romframe.frameworks.loader import read_framework as read_framework
    from romframe.frameworks.model import Framework as Framework
    from romframe.frameworks.model import FrameworkGroup as FrameworkGroup
    from romframe.frameworks.model import FrameworkIndicator as FrameworkIndicator
    from romframe.frameworks.model import FrameworkMeasure as FrameworkMeasure
    from romframe.frameworks.model import Outcome as Outcome
    from romframe.frameworks.model import Target as Target
    from romframe.frameworks.period import period_in_words as period_in_words
    from romframe.frameworks.period import reporting_period as reporting_period
    from romframe.frameworks.runs import FigureRun as FigureRun
    from romframe.frameworks.runs import shown_run as shown_run
    from romframe.frameworks.schedule_words import schedule_on_time as schedule_on_time
    from romframe.frameworks.schedule_words import schedule_when as schedule_when
    from romframe.frameworks.schedules import Schedule as Schedule
    from romframe.frameworks.shown import STATUS_WORDS as STATUS_WORDS
    from romframe.frameworks.shown import ShownFigure as ShownFigure
    from romframe.frameworks.shown import ShownTarget as ShownTarget
    from romframe.frameworks.shown import shown_figures as shown_figures
    from romframe.frameworks.shown import shown_targets as shown_targets
    from romframe.grouped import GroupAnchor as GroupAnchor
    from romframe.grouped import group_anchor as group_anchor
    from romframe.hookspecs import hookimpl as hookimpl
    from romframe.importing.mapping import Mapping as Mapping
    from romframe.ingest import import_file as import_file
    from romframe.instruments.evidence import evidence as evidence
    from romframe.instruments.model import ChangeRule as ChangeRule
    from romframe.instruments.model import Condition as Condition
    from romframe.instruments.model import Instrument as Instrument
    from romframe.instruments.model import Item as Item
    from romframe.instruments.model import Score as Score
    from romframe.instruments.model import Source as Source
    from romframe.intervals import Interval as Interval
    from romframe.languages import in_its_language as in_its_language
    from romframe.methods import Ratio as Ratio
    from romframe.methods import ScoringInputs as ScoringInputs
    from romframe.methods import ScoringMethod as ScoringMethod
    from romframe.norms import NormRange as NormRange
    from romframe.norms import Norms as Norms
    from romframe.norms import read_norms as read_norms
    from romframe.offers import Check as Check
    from romframe.offers import DefinitionFormat as DefinitionFormat
    from romframe.offers import Exporter as Exporter
    from romframe.offers import ExportRequest as ExportRequest
    from romframe.offers import ExportResult as ExportResult
    from romframe.offers import FileContent as FileContent
    from romframe.offers import Importer as Importer
    from romframe.offers import Incoming as Incoming
    from romframe.offers import Indicator as Indicator
    from romframe.offers import Ratings as Ratings
    from romframe.offers import ReportSection as ReportSection
    from romframe.offers import Window as Window
    from romframe.pairing import PairingPolicy as PairingPolicy
    from romframe.progress import Progress as Progress
    from romframe.progress import silent as silent
    from romframe.spc import CONTROL_SIGNALS as CONTROL_SIGNALS
    from romframe.spc import ENOUGH_POINTS as ENOUGH_POINTS
    from romframe.spc import ControlLimits as ControlLimits
    from romframe.spc import ControlRun as ControlRun
    from romframe.spc import control_run as control_run
    from romframe.summary import Share as Share
    from romframe.summary import Summary as Summary
    from romframe.summary import share as share
    from romframe.summary import summarise as summarise
    from romframe.tables import spreadsheet_safe as spreadsheet_safe
    from romframe.tables import write_table as write_table
    from romframe.tidy import TidyColumn as TidyColumn
    from romframe.tidy import TidyTable as TidyTable
    from romframe.tidy import count_cell as count_cell
    from romframe.tidy import share_cells as share_cells
    from romframe.tidy import share_columns as share_columns
    from romframe.timing.due import due_items as due_items
    from romframe.translation import ENGLISH as ENGLISH
    from romframe.translation import Language as Language
    from romframe.translation import gettext as gettext
    from romframe.translation import message as message
    from romframe.translation import ngettext as ngettext
    from romframe.translation import speaking as speaking
    from romframe.translation import spoken as spoken
    from romframe.translation import word as word
    from romframe.validation import read_checked_yaml as read_checked_yaml
    from romframe.windows import check_window as check_window
    from romframe.windows import referrals_in as referrals_in
    from romframe.windows import undated_referrals as undated_referrals
    from romframe.wording import Wording as Wording
    from romframe.workspace import Workspace as Workspace
    from romframe.workspace import create_workspace as create_workspace
    from romframe.workspace import open_workspace as open_workspace
    from romframe.yaml_source import Document as Document

_HOMES = {
    "api": "alerts classify distribution score",
    "catalogue": "Catalogue",
    "change_methods": "THREE_CLASSES ChangeInputs ChangeMethod ChangeVerdict change_class "
    "clinical_move clinical_side combined_class cut_off_from_norms cut_off_value moved passes "
    "reliable_change_index reliable_class",
    "cli.lazy": "LazyCommand",
    "cli.progress": "progress_bar",
    "change_schemas": "COMPANION CUT_OFF RELIABLE",
    "charts": "ChartWords Described PairedBars RangeBars RangeRow RunChart ShareBars ShareRow "
    "SideBars SideRow",
    "consent": "consent_lacking",
    "counted": "all_of at_first at_last class_table classes_found from_to in_group "
    "move_table score_key split_table stretch_table table_of_classes together way_table",
    "days": "local_day",
    "definitions.drafting": "draft_definition",
    "definitions.listing": "not_carried",
    "definitions.model": "AskedForm AskedItem AskedOption AskedScore DefinitionDraft Unsaid",
    "disclosure": "NHS_MONTHLY RELEASES_NAME SERVICE Cell CountTable DisclosurePolicy "
    "ProtectedTable Release ReportPolicy ShownShare Sum TableShare append_releases "
    "disclosure_policy protect read_releases report_policy share_of shown_share shown_table",
    "effects": "EffectSize effect_size",
    "errors": "DataError ExportRefused FrameworkError Place PluginError Problem RomframeError "
    "SpecError StoreError UsageError UserError did_you_mean",
    "expected": "ENOUGH_PAIRS Expected Spread Start earlier_pairs expected_changes "
    "pairs_in_groups spread",
    "exporting": "run_export",
    "frameworks.counted": "Counted",
    "frameworks.figures": "FrameworkFigures framework_figures",
    "frameworks.groups": "group_referrals",
    "frameworks.loader": "read_framework",
    "frameworks.model": "Framework FrameworkGroup FrameworkIndicator FrameworkMeasure Outcome "
    "Target",
    "frameworks.period": "period_in_words reporting_period",
    "frameworks.runs": "FigureRun shown_run",
    "frameworks.shown": "STATUS_WORDS ShownFigure ShownTarget shown_figures shown_targets",
    "frameworks.schedule_words": "schedule_on_time schedule_when",
    "frameworks.schedules": "Schedule",
    "grouped": "GroupAnchor group_anchor",
    "hookspecs": "hookimpl",
    "importing.mapping": "Mapping",
    "ingest": "import_file",
    "instruments.evidence": "evidence",
    "instruments.model": "ChangeRule Condition Instrument Item Score Source",
    "intervals": "Interval",
    "languages": "in_its_language",
    "methods": "Ratio ScoringInputs ScoringMethod",
    "norms": "NormRange Norms read_norms",
    "offers": "Check DefinitionFormat Exporter ExportRequest ExportResult FileContent Importer "
    "Incoming Indicator Ratings ReportSection Window",
    "pairing": "PairingPolicy",
    "progress": "Progress silent",
    "spc": "CONTROL_SIGNALS ENOUGH_POINTS ControlLimits ControlRun control_run",
    "summary": "Share Summary share summarise",
    "tables": "spreadsheet_safe write_table",
    "tidy": "TidyColumn TidyTable count_cell share_cells share_columns",
    "timing.due": "due_items",
    "translation": "ENGLISH Language gettext message ngettext speaking spoken word",
    "validation": "read_checked_yaml",
    "windows": "check_window referrals_in undated_referrals",
    "wording": "Wording",
    "workspace": "Workspace create_workspace open_workspace",
    "yaml_source": "Document",
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names.split()}

__version__ = "0.1.0"
__all__ = sorted(_HOME_OF)  # noqa: PLE0605  (the table above is the one list)


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module 'romframe' has no attribute {name!r}")
    return getattr(importlib.import_module(f"romframe.{_HOME_OF[name]}"), name)
