"""Referrals: a need of a person addressed to a service, with a frozen minimum of facts; and transfers of a case."""

from django.utils.translation import gettext_lazy as _

from palermo.kernel.access.permissions import Permission
from palermo.web.room import Entry, RoomConfig, Tab

WORKERS = ("first_responder", "case_manager", "supervisor", "child_protection")
OWNERS = ("case_manager", "supervisor", "child_protection")


class ReferralConfig(RoomConfig):
    name = "palermo.rooms.referral"
    label = "referral"
    verbose_name = _("Referrals")
    permissions = (
        # Both sides hold the envelope; the database shows it to who holds the case it came from, and to the receiver.
        Permission("referral.referral.list", roles=WORKERS),
        Permission("referral.referral.view", roles=WORKERS, grant="case"),
        Permission("referral.referral.move", roles=WORKERS, grant="case"),
        # On the case.
        Permission("referral.case.view", roles=WORKERS, grant="case"),
        Permission("referral.referral.draft", roles=WORKERS, grant="case"),
        Permission("referral.transfer.draft", roles=OWNERS, grant="case"),
        Permission("referral.transfer.agree", roles=("child_protection",), grant="case"),
        # On one's own case, whichever side it is on.
        Permission("referral.identity.open", roles=WORKERS, grant="identity", step_up=True),
        # A sheet of the packet, on the trail of one's own case; and the time one had a case that was handed over.
        Permission("referral.packet.print", roles=WORKERS, grant="case"),
        Permission("referral.period.view", roles=WORKERS, grant="case"),
    )
    menu = (
        Entry(
            label=_("Referrals"),
            url_name="referral:list",
            permission="referral.referral.list",
            icon="send",
            pillar="protection",
            order=25,
            description=_("What you asked of others, and what others ask of you"),
        ),
    )
    # What the trail of a case says of what is done here.
    deeds = {
        "referral.referral.draft": _("drafted a referral"),
        "referral.referral.change": _("changed the draft of a referral"),
        "referral.referral.put_aside": _("put the draft of a referral aside"),
        "referral.referral.send": _("sent a referral"),
        "referral.referral.recall": _("took a referral back"),
        "referral.referral.complete": _("completed a referral"),
        "referral.transfer.draft": _("drafted a transfer"),
        "referral.transfer.change": _("changed the draft of a transfer"),
        "referral.transfer.agree": _("agreed to a child’s transfer"),
        "referral.transfer.put_aside": _("put the draft of a transfer aside"),
        "referral.transfer.send": _("asked another organisation to take the case over"),
        "referral.transfer.recall": _("took a transfer back"),
        "referral.packet.freeze": _("closed the packet of a referral"),
        "referral.packet.view": _("read the packet of a referral"),
        "referral.person.share": _("gave the receiver the person’s identity"),
    }
    tabs = (Tab("case", _("Referrals"), "referral:of-case", "referral.case.view", icon="send", order=50),)
    # No name, no case and no kind of help: only that there is something to look at.
    notices = {
        "referral_sent": _("A referral for your organisation waits for an answer"),
        "referral_answered": _("A referral of yours was answered"),
        "referral_expired": _("A referral of yours was not answered in time"),
        "referral_expired_counted": _("A referral was not answered in time"),
        "referral_ended": _("A referral has ended"),
        "referral_withdrawn": _("The person took consent to a referral back"),
        "referral_handed_over": _("A case was handed over"),
        "referral_child_learned": _("It was learned that a person whom you refer is a child, or may be one"),
    }
    codes = {"referral": "palermo.rooms.referral.queries.codes_of"}
    due = "palermo.rooms.referral.queries.due_for"
    hears = {
        "consents.ended": "palermo.rooms.referral.actions.consents_ended",
        "organisations.closed": "palermo.rooms.referral.actions.organisation_closed",
        "cases.age_settled": "palermo.rooms.referral.actions.age_settled",
    }

    def ready(self) -> None:
        from palermo.kernel.access.notices import TITLES

        TITLES.update(self.notices)
