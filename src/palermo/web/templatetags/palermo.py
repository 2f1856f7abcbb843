"""Template tags of the shell: {% load palermo %}."""

import re
from datetime import datetime
from typing import Any

from django import template
from django.template.base import NodeList, Parser, Token
from django.template.context import Context
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince, timeuntil
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from palermo.kernel.access import policy
from palermo.kernel.access.viewer import Viewer
from palermo.standards import codelist
from palermo.web import room
from palermo.web.account import Account, account_of
from palermo.web.charts import Chart, FlowMap, Multiples, draw, draw_flows, panels
from palermo.web.charts.scale import figure as write_figure
from palermo.web.drafts import owner_of
from palermo.web.icons import draw_icon

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    """{% icon "folder" %}: a decorative icon."""
    return draw_icon(name)


class CaptureNode(template.Node):
    def __init__(self, nodelist: NodeList, name: str) -> None:
        self.nodelist = nodelist
        self.name = name

    def render(self, context: Context) -> str:
        context[self.name] = SafeString(self.nodelist.render(context).strip())
        return ""


@register.tag
def capture(parser: Parser, token: Token) -> CaptureNode:
    """{% capture as name %}...{% endcapture %}: render once, use twice."""
    words = token.split_contents()
    if len(words) != 3 or words[1] != "as":
        raise template.TemplateSyntaxError("write {% capture as name %}")
    nodelist = parser.parse(("endcapture",))
    parser.delete_first_token()
    return CaptureNode(nodelist, words[2])


def viewer_in(context: Context) -> Viewer:
    return getattr(context.get("request"), "viewer", None) or Viewer.anonymous()


@register.simple_tag(takes_context=True)
def words_owner(context: Context) -> str:
    """Under whose pseudonym the words of this page are: a form kept open is never sent in the name of somebody else."""
    viewer = getattr(context.get("request"), "viewer", None)
    return owner_of(viewer) if viewer is not None and viewer.is_person else ""


@register.simple_tag(takes_context=True)
def can(context: Context, action: str, obj: Any = None) -> bool:
    """{% can "cases.case.edit" case as may_edit %}"""
    return policy.can(viewer_in(context), action, obj)


@register.simple_tag(takes_context=True)
def menu(context: Context) -> list[dict[str, Any]]:
    """{% menu as pillars %}: pillars with their links; `here` marks the link of the present page.

    A page about a case lies under “Cases”, whichever room drew it.
    """
    pillars: list[dict[str, Any]] = []
    every: list[dict[str, Any]] = []
    about = context.get("about")
    path = about.url if isinstance(about, room.Subject) else context["request"].path
    for code, name, entries in room.menu_for(viewer_in(context)):
        links = [link for link in map(link_of, entries) if link]
        every.extend(links)
        pillars.append({"code": code, "name": name, "links": links})
    here = max((link["url"] for link in every if path.startswith(link["url"])), key=len, default="")
    for link in every:
        link["here"] = link["url"] == here
    return pillars


def link_of(entry: room.Entry) -> dict[str, Any] | None:
    """A menu entry with its address; nothing for a room without addresses (a test of the menu names it)."""
    try:
        return {"label": entry.label, "url": reverse(entry.url_name), "icon": entry.icon}
    except NoReverseMatch:
        return None


@register.inclusion_tag("web/components/tabs.html", takes_context=True)
def tabs(context: Context, place: str, key: Any) -> dict[str, Any]:
    """{% tabs "case" case.pk %}: the pages about one thing, from all rooms; nothing where there is only one."""
    path, viewer = context["request"].path, viewer_in(context)
    with policy.asked_once():
        found = room.tabs_for(viewer, subject_in(context, place, key))
    links = [
        {"label": tab.label, "url": reverse(tab.url_name, args=[key]), "icon": tab.icon} for tab in found
    ]
    here = max((link["url"] for link in links if path.startswith(link["url"])), key=len, default="")
    return {"tabs": [link | {"here": link["url"] == here} for link in links] if len(links) > 1 else []}


@register.inclusion_tag("web/components/signs.html", takes_context=True)
def signs(context: Context, place: str, key: Any) -> dict[str, Any]:
    """{% signs "case" case.pk %}: what must be known on this page, from all rooms; nothing where there is nothing."""
    return {"signs": room.signs_for(viewer_in(context), subject_in(context, place, key))}


def subject_in(context: Context, place: str, key: Any) -> room.Subject:
    """What the page says it is `about`; asked of its room where the page says nothing."""
    about = context.get("about")
    if isinstance(about, room.Subject) and (about.place, about.key) == (place, key):
        return about
    return room.subject(viewer_in(context), place, key)


@register.simple_tag(takes_context=True)
def account(context: Context) -> Account:
    """{% account as account %}: name, organisation, roles of the one who is signed in."""
    return account_of(context["request"], viewer_in(context))


@register.inclusion_tag("web/components/chart.html")
def chart(chart: Chart, *, open: bool = False, bare: bool = False) -> dict[str, Any]:
    """{% chart chart %}: figure, legend and the table behind it; open=True shows the table at once.

    bare=True: a heading says the title already and the table follows, so that neither is said twice.
    """
    return {"chart": chart, "svg": draw(chart, rtl=get_language_bidi()), "open": open, "bare": bare}


@register.inclusion_tag("web/components/multiples.html")
def multiples(chart: Multiples) -> dict[str, Any]:
    """{% multiples chart %}: one small picture for each category; the table of them stands beside it."""
    return {"chart": chart, "panels": panels(chart, rtl=get_language_bidi())}


@register.inclusion_tag("web/components/flow_map.html")
def flow_map(chart: FlowMap) -> dict[str, Any]:
    """{% flow_map chart %}: lines on a map, with a key; the table of them stands beside it."""
    return {"chart": chart, "svg": draw_flows(chart)}


@register.filter
def figure(value: float | None) -> str:
    """{{ count|figure }}: a number in the reader's language; None is a withheld value."""
    return write_figure(value)


@register.filter
def moment_words(value: datetime) -> str:
    """{{ at|moment_words }}: the day in the language's own order and the time by the 24-hour clock.

    Django knows no date with time for Arabic and falls back to the English order, and "4 a.m." hides the minutes.
    """
    local = timezone.localtime(value)
    parts = {"day": date_format(local, "DATE_FORMAT"), "time": date_format(local, "H:i")}
    return _("%(day)s, %(time)s") % parts


@register.filter
def moment(value: datetime | None) -> str | SafeString:
    """{{ at|moment }}: date and time for people, with the exact time for machines."""
    if value is None:
        return ""
    exact = timezone.localtime(value).isoformat()
    return format_html('<time datetime="{}">{}</time>', exact, moment_words(value))


@register.inclusion_tag("web/components/deadline.html")
def deadline(due_at: datetime | None, met_at: datetime | None = None, *, level: str = "") -> dict[str, Any]:
    """{% deadline due_at %} or {% deadline due_at met_at %}: a chip that says in words how long there is."""
    return deadline_words(due_at, met_at, level)


def deadline_words(due_at: datetime | None, met_at: datetime | None, level: str) -> dict[str, Any]:
    if met_at is not None:
        return {"kind": "ok", "icon": "circle-check", "words": _("Done"), "at": met_at}
    if due_at is None:
        return {"kind": "", "icon": "clock", "words": _("No date"), "at": None}
    now = timezone.now()
    kind = level or room.Due("", "", due_at).urgency(now)
    if due_at < now:
        late = _("Late by %s") % _without_number(timesince(due_at, now, depth=1))
        return {"kind": "bad", "icon": "alert-triangle", "words": late, "at": due_at}
    words = _("Due in %s") % _without_number(timeuntil(due_at, now, depth=1))
    known = {"overdue": ("bad", "alert-triangle"), "soon": ("warn", "clock")}
    style, shape = known.get(kind, ("", "clock"))
    return {"kind": style, "icon": shape, "words": words, "at": due_at}


def _without_number(length: str) -> str:
    """One day and two days are words of their own in Arabic; the number before them would say it twice."""
    return re.sub(r"^[12]\s", "", length) if (get_language() or "").startswith("ar") else length


@register.simple_tag
def address(kind: str, key: Any) -> str:
    """{% address notice.object_kind notice.object_id as url %}: its page; empty where no room shows one."""
    return room.address_of(kind, key) if key else ""


@register.simple_tag
def label(list_id: str, code: str) -> str:
    """{% label "palermo/language" "ar" %}: a code of a code list in the reader's language."""
    return codelist(list_id).label(code, get_language() or "en")


@register.simple_tag
def describe(value: Any) -> str:
    """{% describe value %}: a value of a record in words: yes, no, a list, or a dash for nothing."""
    if value is True:
        return _("Yes")
    if value is False:
        return _("No")
    if value is None or value == "":
        return "–"
    if isinstance(value, list | tuple | set | frozenset):
        # The comma between the parts of a list is the reader's: "، " in Arabic.
        return _(", ").join(map(str, value)) or "–"
    return str(value)
