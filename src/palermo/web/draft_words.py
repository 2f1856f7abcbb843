"""What the page of drafts says: sentences for its script, which knows no language."""

from django.utils.translation import gettext as _


def words() -> dict[str, str]:
    """By name, in the language of the page; `{…}` is filled in by the script."""
    return {
        "link": _("There is a link, and you are signed in."),
        "no_link": _("No link just now. What you write stays on this device, encrypted."),
        "signed_out": _("There is a link, but you are not signed in. Your drafts stay here."),
        "not_allowed": _("Your account may not keep drafts on a device. Ask your administrator."),
        "needs_secure": _(
            "This browser cannot encrypt here. Use an up-to-date browser and an address with https."
        ),
        "short": _("Take at least {n} characters."),
        "differ": _("The two are not the same."),
        "wrong_passphrase": _("This passphrase opens nothing on this device."),
        "opening": _("Opening. This takes a few seconds on purpose."),
        "ready": _("This device is ready. It also works without a link now."),
        "saved": _("Kept on this device at {time}."),
        "sending": _("Sending."),
        "sent": _("Sent. It is in palermo now and no longer on this device."),
        "open_sent": _("Open it"),
        "waiting": _("No link. It stays here and is sent when the link is back and this page is open."),
        "nothing_lost": _("It could not be sent, and stays here."),
        "no_access": _("No such case is open to you. The code may be wrong, or your access has ended."),
        "other_owner": _("There are drafts of somebody else on this device. Only that person can open them."),
        "expired": _("Drafts older than {n} days were deleted from this device: {count}."),
        "unreadable": _("A draft here cannot be opened any more. It may have been changed."),
        "wipe_sure": _("Delete every draft on this device, sent or not? This cannot be undone."),
        "delete_sure": _("Delete this draft from the device? It cannot be undone."),
        "locked": _("Locked after a while without use. Nothing is lost."),
        "untitled": _("Without a title"),
        "days_left": _("Deleted in {n} days if not sent"),
        "state_draft": _("Being written"),
        "state_ready": _("Waits for the link"),
        "state_problem": _("Needs you"),
        "unasked": _("No longer asked:"),
        "yes": _("Yes"),
        "no": _("No"),
        "this_page": _("The page you wanted needs the link. Your drafts are here."),
    }
