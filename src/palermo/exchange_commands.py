"""The command `palermo exchange`: cards, partners, letters carried by hand, and how it stands."""

from pathlib import Path
from typing import Annotated, Any

import typer

app = typer.Typer(
    no_args_is_help=True, help="Exchange with partner instances: cards, partners, letters by hand."
)
Json = Annotated[bool, typer.Option("--json", help="One JSON object on standard output, nothing else.")]
File = Annotated[Path, typer.Argument(exists=True, dir_okay=False)]
Name = Annotated[str, typer.Argument(help="The partner's name or id, as `partners` prints it.")]
CARD, ENVELOPE, RECEIPT = ".palermo-card", ".palermo-letter", ".palermo-receipt"


@app.command("card")
def exchange_card(
    out: Annotated[
        Path | None, typer.Option(help="Where to write the card; its facts alone without.")
    ] = None,
    name: Annotated[str, typer.Option(help="Under what name partners shall know this office.")] = "",
    endpoint: Annotated[str, typer.Option(help="Where this instance listens: https://.../exchange/")] = "",
    new_keys: Annotated[bool, typer.Option("--new-keys", help="Fresh sealing keys now.")] = False,
    new_signature: Annotated[bool, typer.Option("--new-signature", help="A fresh signing key too.")] = False,
    as_json: Json = False,
) -> None:
    """This instance's card, made on the first call; partners hear of a new one by themselves."""
    from palermo.cli import emit, fail, operating, prepare

    prepare()
    from palermo.exchange import thumbprint
    from palermo.kernel.access.viewer import Viewer
    from palermo.kernel.exchange import actions, posting
    from palermo.kernel.exchange.keeping import own_card
    from palermo.kernel.exchange.models import OwnCard

    if endpoint and not posting.fine(endpoint):
        raise fail("An address begins with https:// (http:// only for this very machine).")
    with operating():
        if own_card() is None or new_keys or new_signature or name or endpoint:
            actions.make_card(actor=Viewer.operator(), name=name, endpoint=endpoint, sign_too=new_signature)
        card = own_card()
        data = bytes(OwnCard.objects.order_by("-version")[0].data)
    if card is None:
        raise fail("There is no card.")
    if out is not None:
        _written(out, data)
    found = {
        "issuer": card.issuer, "name": card.name, "version": card.version, "endpoint": card.endpoint,
        "thumbprint": thumbprint(card), "file": str(out or ""),
    }  # fmt: skip

    def text(told: dict[str, Any]) -> str:
        return f"{told['name']}, version {told['version']}\nRead aloud: {told['thumbprint']}"

    emit(as_json, found, text)


@app.command("pin")
def exchange_pin(
    file: File,
    thumbprint: Annotated[str, typer.Option(help="The digits as the other office read them aloud.")] = "",
    least: Annotated[
        int, typer.Option(help="The lowest suite that is used: 2, or 1 for other software.")
    ] = 2,
    as_json: Json = False,
) -> None:
    """Take in the card of a partner. Without the digits it waits for two people who have compared them."""
    from palermo.cli import emit, fail, operating, prepare

    if least not in (1, 2):
        raise fail("There are suites 1 and 2.")
    prepare()
    from palermo.kernel.access.viewer import Viewer
    from palermo.kernel.exchange import actions
    from palermo.kernel.exchange.models import Partner
    from palermo.kernel.exchange.queries import card_of

    with operating():
        data, viewer = file.read_bytes(), Viewer.operator()
        waiting = next(
            (one for one in Partner.objects.filter(state="proposed") if bytes(one.card) == data), None
        )
        partner = waiting or actions.propose(actor=viewer, data=data, least=least)
        if thumbprint:
            partner = actions.confirm(actor=viewer, partner=partner, digits=thumbprint)
        digits = card_of(partner)[1]
    found = {"id": str(partner.pk), "name": partner.name, "state": partner.state, "thumbprint": digits}

    def text(told: dict[str, Any]) -> str:
        if told["state"] == "active":
            return f"{told['name']} is pinned."
        return f"{told['name']} waits. Compare aloud: {told['thumbprint']}"

    emit(as_json, found, text)


@app.command("partners")
def exchange_partners(as_json: Json = False) -> None:
    """Who is known, in what state, and how much waits for them."""
    from palermo.cli import emit, operating, prepare

    prepare()
    from palermo.kernel.exchange.models import Dispatch, Partner
    from palermo.kernel.exchange.queries import card_of

    with operating():
        rows = [
            {
                "id": str(one.pk), "name": one.name, "state": one.state, "version": card_of(one)[0].version,
                "waiting": Dispatch.objects.filter(partner=one, settled_at=None).count(),
            }
            for one in Partner.objects.all()
        ]  # fmt: skip

    def text(told: dict[str, Any]) -> str:
        lines = [
            f"{one['name']}  {one['state']}  {one['waiting']} waiting  {one['id']}"
            for one in told["partners"]
        ]
        return (
            "\n".join(lines)
            or "No partner is known. Begin with `palermo exchange card` and `palermo exchange pin`."
        )

    emit(as_json, {"partners": rows}, text)


@app.command("ping")
def exchange_ping(partner: Name, times: int = 1, words: str = "ping", as_json: Json = False) -> None:
    """Send letters that say nothing, to see whether they arrive."""
    from uuid import uuid4

    from palermo.cli import emit, operating, prepare

    prepare()
    from palermo.kernel.access.viewer import Viewer
    from palermo.kernel.exchange import actions

    with operating():
        row = _partner(partner)
        sent = [
            actions.send(
                actor=Viewer.operator(), partner=row, kind="test.ping", body={"words": words}, subject=uuid4(),
                purpose="test", legal_basis="agreement",
            )
            for _time in range(max(1, min(times, 10_000)))
        ]  # fmt: skip
    emit(as_json, {"sent": [str(one.pk) for one in sent]}, lambda told: f"{len(told['sent'])} on the way.")


@app.command("status")
def exchange_status(as_json: Json = False) -> None:
    """What became of what was sent and what came: counts, never contents."""
    from palermo.cli import emit, operating, prepare

    prepare()
    from django.db.models import Count

    from palermo.kernel.exchange.models import Arrival, Dispatch, Refused

    with operating():
        letters = Dispatch.objects.exclude(kind="receipt")
        found = {
            "sent": dict(letters.values_list("fate").annotate(n=Count("pk")).order_by("fate")),
            "came": dict(Arrival.objects.values_list("state").annotate(n=Count("pk")).order_by("state")),
            "refused": {one.cause: one.times for one in Refused.objects.order_by("hour")},
        }

    def text(told: dict[str, Any]) -> str:
        lines = [
            f"{what}: " + (", ".join(f"{n} {k}" for k, n in told[what].items()) or "nothing") for what in told
        ]
        return "\n".join(lines)

    emit(as_json, found, text)


@app.command("turn")
def exchange_turn(as_json: Json = False) -> None:
    """Attempt what is due now, as the worker does every minute."""
    from palermo.cli import emit, prepare

    prepare()
    from palermo.kernel.exchange.actions import turn

    emit(as_json, {"attempted": turn()}, lambda told: f"{told['attempted']} attempted.")


@app.command("export")
def exchange_export(partner: Name, folder: Path, as_json: Json = False) -> None:
    """What waits for a partner as sealed files, to be carried by hand. It is sent again until its receipt comes."""
    from palermo.cli import emit, operating, prepare

    prepare()
    from palermo.kernel.access.viewer import Viewer
    from palermo.kernel.exchange import actions

    folder.mkdir(parents=True, exist_ok=True)
    with operating():
        files = actions.carry_out(actor=Viewer.operator(), partner=_partner(partner))
        for key, data in files.items():
            _written(folder / f"{key}{ENVELOPE}", data)
    emit(
        as_json,
        {"folder": str(folder), "letters": len(files)},
        lambda told: f"{told['letters']} files in {folder}.",
    )


@app.command("import")
def exchange_import(
    files: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False)],
    receipts: Annotated[Path | None, typer.Option(help="A folder for the receipts that go back.")] = None,
    as_json: Json = False,
) -> None:
    """Files that were carried here: letters, and receipts for ours. Exit 2 where one was refused."""
    from palermo.cli import emit, operating, prepare

    prepare()
    from palermo.kernel.access.viewer import Viewer
    from palermo.kernel.exchange import actions

    rows = []
    for file in files:
        with operating():
            done = actions.carry_in(actor=Viewer.operator(), name=file.name, data=file.read_bytes())
        rows.append({"file": done.name, "done": done.done})
        if receipts is not None and done.answer:
            receipts.mkdir(parents=True, exist_ok=True)
            _written(receipts / f"{file.stem}{RECEIPT}", done.answer)
    emit(
        as_json,
        {"files": rows},
        lambda told: "\n".join(f"{one['file']}: {one['done']}" for one in told["files"]),
    )
    raise typer.Exit(2 if any(one["done"] == "refused" for one in rows) else 0)


def _partner(name: str) -> Any:
    from palermo.cli import fail
    from palermo.kernel.exchange.models import Partner

    found = [one for one in Partner.objects.all() if name in (str(one.pk), one.name, one.issuer)]
    if len(found) != 1:
        raise fail(f"There is no partner “{name}”. `palermo exchange partners` lists them.")
    return found[0]


def _written(path: Path, data: bytes) -> None:
    waiting = path.with_name(f".{path.name}.part")
    waiting.write_bytes(data)
    waiting.replace(path)
