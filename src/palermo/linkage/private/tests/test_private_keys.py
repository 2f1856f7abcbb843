"""The key ceremony: every share counts, nobody's order does, and what is agreed on is bound into the key."""

import json

import pytest

from palermo.linkage.private import keys
from palermo.linkage.private.parameters import FIELDS, Unusable


def shares(project: str = "Palermia 2026", fields: tuple[str, ...] = ()) -> list[keys.Share]:
    return [
        keys.draw_share(project, body, fields, bytes([n]) * 32) for n, body in enumerate(("a", "b", "c"), 1)
    ]


def test_the_order_of_the_shares_changes_nothing_and_each_of_them_counts() -> None:
    one, two, three = shares()
    key = keys.join([one, two, three])
    assert keys.join([three, one, two]) == key
    assert keys.join([one, two]).fingerprint != key.fingerprint
    assert (
        keys.join([one, two, keys.draw_share("Palermia 2026", "c", (), bytes(32))]).fingerprint
        != key.fingerprint
    )


def test_project_and_fields_are_part_of_the_key() -> None:
    made = {
        keys.join(one).fingerprint
        for one in (
            shares(),
            shares("another"),
            shares(fields=("names", "birth")),
            shares(fields=("names", "sex")),
        )
    }
    assert len(made) == 4


def test_nothing_learnt_from_the_fingerprint_or_one_derived_key_is_part_of_another() -> None:
    key = keys.join(shares())
    derived = {key.derive(purpose, 32) for purpose in ("facts", "marks", "flips", "fingerprint")}
    assert len(derived) == 4
    assert key.secret not in derived
    assert len(key.fingerprint.replace(" ", "")) == 16
    assert key.fingerprint.replace(" ", "").isdigit()


def test_hkdf_is_the_one_of_rfc_5869() -> None:
    """Test case 1 of the RFC's appendix A, for its second step."""
    prk = bytes.fromhex("077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5")
    info = bytes.fromhex("f0f1f2f3f4f5f6f7f8f9")
    expected = "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
    assert keys._expand(prk, info, 42).hex() == expected


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda: keys.join(shares()[:1]), "at least two"),
        (lambda: keys.join([*shares(), shares()[0]]), "given twice"),
        (lambda: keys.join([shares()[0], shares("another")[1]]), "different projects"),
        (lambda: keys.join([shares()[0], shares(fields=("names",))[1]]), "different fields"),
        (lambda: keys.draw_share(" ", "a", (), bytes(32)), "belongs to a project"),
        (lambda: keys.draw_share("p", "a", ("birth",), bytes(32)), "cannot be left out"),
        (lambda: keys.draw_share("p", "a", ("name",), bytes(32)), "there is no field name"),
        (lambda: keys.read(shares()[0].to_text().encode()), "share of one body"),
        (lambda: keys.read(b"short"), "at least 8"),
        (lambda: keys.read(keys.join(shares()).to_text().encode(), project="another"), "Palermia 2026"),
        (lambda: keys.Share.from_text("{}"), "not a share"),
    ],
)
def test_what_does_not_belong_together_is_refused_in_words(wrong: object, said: str) -> None:
    with pytest.raises(Unusable, match=said):
        wrong()  # type: ignore[operator]


def test_files_come_back_as_they_went_and_a_changed_one_is_noticed() -> None:
    key = keys.join(shares())
    assert keys.Share.from_text(shares()[0].to_text()) == shares()[0]
    assert keys.read(key.to_text().encode()) == key
    changed = json.loads(key.to_text()) | {"project": "another"}
    with pytest.raises(Unusable, match="changed after it was made"):
        keys.read(json.dumps(changed).encode())
    assert "secret" not in repr(key)
    assert key.secret.hex() not in repr(key)


def test_a_plain_secret_works_white_space_aside_and_a_short_one_is_called_weak() -> None:
    key = keys.read(b"a secret that all three bodies hold\n", "p", FIELDS)
    assert keys.read(b"  a secret that all three bodies hold", "p", FIELDS) == key
    assert keys.read(b"a secret that all three bodies hold", "q", FIELDS).fingerprint != key.fingerprint
    assert not key.weak
    assert keys.read(b"short one", "p", FIELDS).weak
