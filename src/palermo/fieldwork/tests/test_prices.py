"""Tables of rates: read whole, or refused with everything that is wrong."""

import pytest

from palermo.fieldwork.prices import BadRates, Wrong, prices, read_cpi, read_fx


def test_rates_are_read_by_currency_and_month():
    fx = read_fx("\ufeffcurrency,month,usd\nEUR,2026-01,1.1\nXOF,2026-01,0.0017\n")
    assert fx == {("EUR", "2026-01"): 1.1, ("XOF", "2026-01"): 0.0017}
    assert read_cpi("month,level\n2026-01,101.5\n") == {"2026-01": 101.5}


def test_everything_wrong_is_told_at_once():
    with pytest.raises(BadRates) as error:
        read_fx("currency,month,usd\neuro,2026-13,x\nEUR,2026-01,0\nEUR,2026-02,1\nEUR,2026-02,2\n")
    assert error.value.problems == [
        Wrong(2, "currency", "euro", "currency"), Wrong(2, "month", "2026-13", "month"), Wrong(2, "usd", "x", "number"),
        Wrong(3, "usd", "0", "number"), Wrong(5, "month", "EUR 2026-02", "twice"),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "currency,month,usd\n"])
def test_what_is_no_table_is_refused(text: str):
    with pytest.raises(BadRates):
        read_fx(text)


def test_the_month_of_the_base_has_a_level():
    with pytest.raises(BadRates) as error:
        prices({}, {"2026-01": 100.0}, "2025-01")
    assert error.value.problems[0].code == "base"
