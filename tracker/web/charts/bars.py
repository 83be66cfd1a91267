"""Bars: lights as one proportional bar, and the two bars of time and work."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from tracker.choices import Health
from tracker.web.charts.markup import calm, join, named, plain
from tracker.web.charts.values import Share

# A share this small is still drawn this wide (percent of the bar), so that it can be seen and hit.
LEAST_SHARE = Decimal("1.2")
# A share at least this wide carries its shape inside, for readers who do not see the colour.
LABELLED_SHARE = Decimal(8)
SHAPED = frozenset({Health.DONE, Health.ON_TRACK, Health.AT_RISK, Health.OFF_TRACK, Health.NOT_STARTED, Health.EXEMPT})


def proportions(shares: Sequence[Share], *, label: str = "", is_small: bool = False) -> SafeString:
    """One bar of all lights in their order; each part is a link with its name and count. Widths sum to 100 %."""
    present = [share for share in shares if share.count > 0]
    if not present:
        return calm(_("No commitments to show."))
    parts, left = [], Decimal(0)
    for share, width in zip(present, _widths([share.count for share in present]), strict=True):
        parts.append(_part(share, left=left, width=width, is_small=is_small))
        left += width
    bar = '<svg class="proportions" role="group" aria-label="{}">{}</svg>'
    return format_html(bar, label or _("Commitments by light"), join(parts))


def _part(share: Share, *, left: Decimal, width: Decimal, is_small: bool) -> SafeString:
    title = _("%(light)s: %(count)d") % {"light": Health(share.health).label, "count": share.count}
    inside = [format_html('<rect class="seg {}" width="100%" height="100%"/>', share.health)]
    if share.health == Health.NO_DATA:
        inside.append(mark_safe('<rect width="100%" height="100%" fill="url(#hatch)"/>'))
    if left:
        inside.append(mark_safe('<rect class="gap" width="2" height="100%"/>'))
    if width >= LABELLED_SHARE and share.health in SHAPED and not is_small:
        use = '<use class="knock {0}" href="#l-{0}" x="10" y="8" width="14" height="14"/>'
        inside.append(format_html(use, share.health))
    body = '<title>{}</title><svg x="{}%" width="{}%" height="100%">{}</svg>'
    drawn = format_html(body, title, plain(left), plain(width), join(inside))
    return format_html('<a href="{}">{}</a>', share.href, drawn) if share.href else format_html("<g>{}</g>", drawn)


def _widths(counts: Sequence[int]) -> list[Decimal]:
    """Percent of the bar for each count: proportional, none narrower than LEAST_SHARE, together exactly 100."""
    total = sum(counts)
    raw = [Decimal(count * 100) / total for count in counts]
    small = sum(1 for width in raw if width < LEAST_SHARE)
    rest = sum(width for width in raw if width >= LEAST_SHARE)
    scale = (100 - small * LEAST_SHARE) / rest
    widths = [LEAST_SHARE if width < LEAST_SHARE else (width * scale).quantize(Decimal("0.001")) for width in raw]
    widest = widths.index(max(widths))
    widths[widest] += 100 - sum(widths)
    return widths


def pace_bar(percent: Decimal | int | None, *, name: str, is_time: bool = False) -> SafeString:
    """A bar of 0 to 100 %, capped for display; None is a dashed outline that says so."""
    if percent is None:
        title = _("%(name)s: not known") % {"name": name}
        body = mark_safe('<rect class="unknown" width="100" height="4" vector-effect="non-scaling-stroke"/>')
    else:
        title = _("%(name)s: %(percent)s %%") % {"name": name, "percent": plain(percent)}
        rects = '<rect class="track" width="100" height="4"/><rect class="{}" width="{}" height="4"/>'
        body = format_html(rects, "spent" if is_time else "fill", plain(min(max(percent, 0), 100)))
    svg = '<svg class="meter" viewBox="0 0 100 4" preserveAspectRatio="none" {}>{}</svg>'
    return format_html(svg, named(title), body)
