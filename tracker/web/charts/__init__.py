"""Charts as SVG text. Pure: frozen values in, safe markup out; no style, no script, no library.

A chart answers one question; its caption, beside it in the page, says the answer in words. What is unknown is a gap,
never a zero, and where there is nothing to draw a calm sentence stands instead of an empty axis.
"""

from tracker.web.charts.bars import LEAST_SHARE, pace_bar, proportions
from tracker.web.charts.columns import columns
from tracker.web.charts.lines import pair, progress_history, trajectory
from tracker.web.charts.steps import milestone_line
from tracker.web.charts.values import Band, Column, Goal, Point, Series, Share, Step

__all__ = [
    "LEAST_SHARE",
    "Band",
    "Column",
    "Goal",
    "Point",
    "Series",
    "Share",
    "Step",
    "columns",
    "milestone_line",
    "pace_bar",
    "pair",
    "progress_history",
    "proportions",
    "trajectory",
]
