"""Countries are found under every code and name that real files use, and nothing else is taken for one."""

import pytest

from palermo.standards import countries, country, find_country, region, regions
from palermo.standards.codes import UnknownCode
from palermo.standards.countries import written_names


@pytest.mark.parametrize(
    ("text", "alpha3"),
    [
        ("NA", "NAM"), ("NAM", "NAM"), ("516", "NAM"), ("Namibia", "NAM"), ("Namibie", "NAM"),
        ("ناميبيا", "NAM"),
        ("RDC", "COD"), ("Viet Nam", "VNM"), ("Vietnam", "VNM"),
        ("Moldova", "MDA"), ("XK", "XKX"),
        ("XKX", "XKX"),
        ("Kosovo under UNSCR 1244", "XKX"), ("004", "AFG"), ("Türkiye", "TUR"), ("TÃ¼rkiye", "TUR"),
        ("Espa\ufffda", "ESP"), ("ESPAÑA", "ESP"),
        ("Côte d’Ivoire", "CIV"), ("C\ufffdte d\ufffdIvoire", "CIV"),
        ("Netherlands", "NLD"), ("United Kingdom", "GBR"), ("Bolivia", "BOL"), ("法国", "FRA"),
        ("Франция", "FRA"),
        ("Taiwan", "TWN"), ("Palestine", "PSE"), ("Sweeden", "SWE"), ("  France ", "FRA"), ("Niger", "NER"),
        ("Nigeria", "NGA"), ("Guinea", "GIN"), ("Guinea Ecuatorial", "GNQ"), ("Dominica", "DMA"),
        ("R.Dominicana", "DOM"), ("Republic of the Congo", "COG"), ("Congo", "COG"),
    ],
)  # fmt: skip
def test_found(text: str, alpha3: str) -> None:
    found = find_country(text)
    assert found is not None
    assert found.alpha3 == alpha3


@pytest.mark.parametrize(
    "text",
    ["", " ", "N/A", "na", "Unknown", "Missing", "ZZ", "Stateless", "Nationals", "EU-28 others",
     "Sark", "0", "zzz",
     "CAR", "CAS", "EEU", "MCA", "MCN", "SAF", "SAM", "Aruba/Curacao", "Congolese", "Former Yugoslavia"],
)  # fmt: skip
def test_not_a_country(text: str) -> None:
    assert find_country(text) is None
    with pytest.raises(UnknownCode):
        country(text)


def test_kosovo_is_marked_as_not_iso() -> None:
    assert country("XKX").kind == "user-assigned"
    assert [c.alpha3 for c in countries().values() if c.kind != "iso"] == ["XKX"]


def test_the_demo_country_is_found_but_not_listed() -> None:
    assert country("XPA").kind == "invented"
    assert "XPA" not in countries()


def test_regions_form_a_tree() -> None:
    assert region("202").parent == "002"
    assert region("150").name("ar") == "أوروبا"
    assert {r.m49 for r in regions().values() if r.level == "region"} == {"002", "009", "019", "142", "150"}
    kenya = country("KE")
    assert (kenya.region, kenya.subregion, kenya.intermediate) == ("002", "202", "014")
    with pytest.raises(UnknownCode):
        region("999")


def test_every_country_is_found_by_its_own_codes_and_names() -> None:
    for c in countries().values():
        for text in (c.alpha2, c.alpha3, *c.names.values(), *((c.m49,) if c.m49 else ())):
            assert find_country(text) == c, text


def test_what_is_not_a_country_says_what_it_is() -> None:
    assert written_names()["stateless"] == ("stateless", "stateless")
    assert written_names()["own country"] == ("nationals", "nationals")
