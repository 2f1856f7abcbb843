"""The published table answers what its authors and other programs published."""

import pytest

from palermo.linkage.names.daitch import codes

# Examples of Avotaynu's and JewishGen's pages on the code, and those on which programs are known to differ.
PUBLISHED = """
Auerbach 097500 097400
Augsburg 054795
Berlin 798600
Besst 743000
Bierschbach 794575 794574 794750 794740 745750 745740 747500 747400
Bouey 710000
Breuer 791900
Ceniow 567000 467000
Cherkassy 595400 495400
Chernowitz 596740 496740
Cjc 550000 540000 545000 450000 400000 440000
Freud 793000
Golubitsa 587400
Halberstadt 587943 587433
Hannmann 566600
Holubica 587500 587400
Jackson 154600 454600 145460 445460
Kleinman 586660
Levinski 876450
Lewinsky 876450
Lippszyc 874500 874400
Lipshitz 874400
Mannheim 665600
Moskovitz 645740
Moskowitz 645740
OBrien 079600
Peters 739400 734000
Przemysl 794648 746480
Pshemeshil 746480
Rosochowaciec 945755 945754 945745 945744 944755 944754 944745 944744
Rosokhovatsets 945744
Schwarzenegger 479465 474659
Shlamovitz 486740
Szlamawicz 486740
Tsenyuv 467000
Uhrbach 097500 097400
"""
ROWS = [line.split() for line in PUBLISHED.strip().splitlines()]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_published_codes(row: list[str]) -> None:
    assert sorted(codes(row[0].lower())) == sorted(row[1:])


def test_a_text_without_letters_has_no_code() -> None:
    assert codes("") == codes("12 3") == ()


def test_length_costs_nothing() -> None:
    assert len(codes("rscjck" * 10_000)) <= 3**6
