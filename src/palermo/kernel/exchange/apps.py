"""Exchange: partners whose cards are pinned, an outbox and an inbox of sealed letters."""

from typing import ClassVar

from django.apps import AppConfig

from palermo.kernel.access.permissions import Permission

PARTNERS = ("coordinator",)


class ExchangeConfig(AppConfig):
    name = "palermo.kernel.exchange"
    label = "exchange"
    permissions = (
        Permission("exchange.partner.view", signed_in=True, operator=True),
        Permission("exchange.partner.pin", roles=PARTNERS, step_up=True, operator=True),
        Permission("exchange.partner.revoke", roles=PARTNERS, step_up=True, operator=True),
        Permission("exchange.key.make", operator=True),
        Permission("exchange.letter.send", signed_in=True, operator=True),
        Permission("exchange.letter.carry", operator=True),
    )
    doctor = "palermo.kernel.exchange.health.checks"
    jobs: ClassVar[dict[str, str]] = {
        "exchange.attempt": "palermo.kernel.exchange.actions.attempt",
        "exchange.handle": "palermo.kernel.exchange.actions.handle",
        "exchange.receipt": "palermo.kernel.exchange.actions.tell",
    }
