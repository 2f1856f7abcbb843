"""The empty questions of a screening, for a device without a link."""

from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from palermo.rooms.identification.forms.screening import SectionForm, StartForm
from palermo.standards.instruments import instrument
from palermo.web.drafts import DraftForm


class DraftSection(SectionForm):
    """One section of questions; nothing was shown before, so there is no base and no version."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for name in [*self.fields]:
            if name.startswith("base-") or name == "version":
                del self.fields[name]

    def add_prefix(self, field_name: str) -> str:
        """Names are paths into what is sent: answers/section/question."""
        return f"answers/{self.section.code}/{field_name}"


def draft_forms() -> list[DraftForm]:
    """What of this room may be written without a link."""
    language = get_language() or "en"
    current = instrument()
    parts = [
        {
            "title": part.title[language],
            "intro": part.intro[language],
            "form": DraftSection(part, language, auto_id=f"intake_{part.code}_%s"),
        }
        for part in current.sections
    ]
    start = StartForm(auto_id="intake_%s")
    return [
        DraftForm(
            kind="intake",
            title=_("Screening"),
            new=_("New screening"),
            version=current.version,
            address="/api/identification/intakes",
            html=render_to_string("identification/intake_draft.html", {"start": start, "parts": parts}),
            title_field="event",
        )
    ]
