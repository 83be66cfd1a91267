"""The light of a commitment. Pure: give it facts, a rule set and a day; get back light, reasons, when to look again.

The thresholds are in `ruleset`, the single rules in `findings`. Here: which rules apply in which stage, and that the
worst one wins.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tracker.choices import DONE_STAGES, Health, Kind, Stage
from tracker.rules import days, findings
from tracker.rules.facts import CommitmentFacts
from tracker.rules.findings import Finding, Rule, Ruling, Weight
from tracker.rules.periods import Cycle, ReportingFacts
from tracker.rules.progress import InvestmentFacts, MilestoneFacts
from tracker.rules.reasons import Reason
from tracker.rules.ruleset import DEFAULT, RuleSet
from tracker.rules.targets import TargetFacts

__all__ = [
    "DEFAULT",
    "Assessment",
    "CommitmentFacts",
    "Cycle",
    "InvestmentFacts",
    "MilestoneFacts",
    "Reason",
    "ReportingFacts",
    "RuleSet",
    "TargetFacts",
    "assess",
    "judge",
]

# In this order they are told when they weigh the same.
RULES: tuple[Rule, ...] = (
    findings.overdue,
    findings.unconfirmed,
    findings.milestones,
    findings.schedule,
    findings.readings,
    findings.investment,
    findings.forecast,
    findings.reports,
    findings.reached_milestones,
)
# A target's light comes from its targets, not from what was reported as progress (PRODUCT.md §4).
TARGET_RULES: tuple[Rule, ...] = tuple(
    rule for rule in RULES if rule not in {findings.schedule, findings.reached_milestones}
)
# What is told when all is well. Without one of these, the last report or the last milestone is told.
EVIDENCE_CODES = frozenset({"progress_on_time", "progress_known", "on_path", "target_reached", "investment_on_time"})
TARGET_EVIDENCE_CODES = frozenset({"on_path", "target_reached"})
LIGHTS = {Weight.OFF_TRACK: Health.OFF_TRACK, Weight.AT_RISK: Health.AT_RISK, Weight.GOOD: Health.ON_TRACK}


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """A light, why (worst reason first), and the first later day on which time alone changes light or reasons.

    ``recheck_on`` None: only new facts can change it.
    """

    health: Health
    reasons: tuple[Reason, ...]
    recheck_on: date | None = None


def assess(facts: CommitmentFacts, *, rule_set: RuleSet, today: date) -> Assessment:
    """The light today. The worst rule that applies wins, and all that apply are named (PRODUCT.md §5)."""
    now = judge(facts, rule_set, today)
    recheck_on = now.recheck_on
    # A rule may change its mind without changing the light or its reasons: look on until one of them differs.
    while recheck_on is not None:
        then = judge(facts, rule_set, recheck_on)
        if (then.health, then.reasons) != (now.health, now.reasons):
            break
        recheck_on = then.recheck_on
    return Assessment(health=now.health, reasons=now.reasons, recheck_on=recheck_on)


def judge(facts: CommitmentFacts, rules: RuleSet, today: date) -> Assessment:
    """The light on one day, without looking ahead: ``recheck_on`` is the next day on which some rule may differ."""
    if facts.stage in DONE_STAGES:
        return _plain(Health.DONE, Reason.of("done"))
    if facts.stage in {Stage.SUSPENDED, Stage.CANCELLED}:
        return _plain(Health.EXEMPT, Reason.of(str(facts.stage)))
    if facts.stage == Stage.EXEMPT and (facts.exempt_until is None or today <= facts.exempt_until):
        ends_on = None if facts.exempt_until is None else days.after(facts.exempt_until)
        return _plain(Health.EXEMPT, Reason.of("exempt", until=facts.exempt_until), recheck_on=ends_on)
    broken_on = facts.red_line_broken_on if facts.is_red_line else None
    if broken_on is not None and broken_on <= today:
        return _plain(Health.OFF_TRACK, Reason.of("red_line_broken", broken_on=broken_on))
    judged = _judge_unbroken(facts, rules, today)
    next_on = days.earliest((judged.recheck_on, broken_on))
    reasons = judged.reasons
    if facts.stage == Stage.EXEMPT:
        reasons += (Reason.of("exemption_ended", until=facts.exempt_until),)
    return Assessment(health=judged.health, reasons=reasons, recheck_on=next_on)


def _judge_unbroken(facts: CommitmentFacts, rules: RuleSet, today: date) -> Assessment:
    is_standing = facts.is_continuous or facts.is_red_line
    if facts.stage == Stage.REGISTERED:
        return _plain(Health.NOT_STARTED, Reason.of("not_issued"))
    if facts.stage == Stage.ISSUED:
        applied: tuple[Rule, ...] = (findings.unaccepted,) if is_standing else (findings.overdue, findings.unaccepted)
        return _weigh(_apply(applied, facts, rules, today), otherwise=Health.NOT_STARTED)
    if facts.stage == Stage.REPORTED_DONE:
        return _plain(Health.ON_TRACK, Reason.of("awaiting_verification"))
    if facts.starts_on is not None and today < facts.starts_on:
        reason = Reason.of("starts_later", starts_on=facts.starts_on)
        return _plain(Health.NOT_STARTED, reason, recheck_on=facts.starts_on)
    if is_standing:
        return _weigh(_apply((findings.unconfirmed, findings.reports), facts, rules, today))
    if facts.kind == Kind.TARGET:
        return _weigh(_target_only(_apply(TARGET_RULES, facts, rules, today), facts))
    return _weigh(_apply(RULES, facts, rules, today))


def _plain(health: Health, reason: Reason, *, recheck_on: date | None = None) -> Assessment:
    return Assessment(health=health, reasons=(reason,), recheck_on=recheck_on)


def _apply(applied: Iterable[Rule], facts: CommitmentFacts, rules: RuleSet, today: date) -> Ruling:
    rulings = [rule(facts, rules, today) for rule in applied]
    return Ruling(
        findings=tuple(finding for ruling in rulings for finding in ruling.findings),
        next_on=days.earliest(ruling.next_on for ruling in rulings),
    )


def _target_only(ruling: Ruling, facts: CommitmentFacts) -> Ruling:
    """The ruling on a target: only its readings can make it green; a target without a goal in the ledger says so."""
    kept = [item for item in ruling.findings if item.weight != Weight.GOOD or item.reason.code in TARGET_EVIDENCE_CODES]
    if not facts.targets:
        kept.append(Finding(weight=Weight.NOTE, reason=Reason.of("goal_missing")))
    return Ruling(findings=tuple(kept), next_on=ruling.next_on)


def _weigh(ruling: Ruling, *, otherwise: Health = Health.NO_DATA) -> Assessment:
    """The light of the worst finding; ``otherwise`` when nothing is wrong and nothing known."""
    worst = max((item.weight for item in ruling.findings), default=Weight.NOTE)
    told = [item for item in ruling.findings if item.weight >= Weight.AT_RISK]
    told.sort(key=lambda item: -item.weight)
    if worst == Weight.GOOD:
        told = _evidence(ruling.findings)
    told += [item for item in ruling.findings if item.weight == Weight.NOTE]
    reasons = tuple(item.reason for item in told) or (Reason.of("no_report"),)
    return Assessment(health=LIGHTS.get(worst, otherwise), reasons=reasons, recheck_on=ruling.next_on)


def _evidence(found: Iterable[Finding]) -> list[Finding]:
    """What is told when all is well: measures where there are any, else the last report or milestone."""
    good = [item for item in found if item.weight == Weight.GOOD]
    return [item for item in good if item.reason.code in EVIDENCE_CODES] or good[:1]
