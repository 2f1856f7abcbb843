"""Names in their own script meet the spelling of a passport."""

import pytest

from palermo.linkage.names import alike, fold, parts, tokens

PASSPORT = [
    # Arabic script: Arabic, Persian, Urdu
    ("محمد الحسن", "Mohammed Al Hassan"), ("نوال بن علي", "Nawal Ben Ali"), ("أبو بكر", "Abu Bakr"),
    ("خديجة", "Khadija"), ("هشام", "Hisham"), ("سهيل", "Suhail"), ("یوسف رضایی", "Yousef Rezaei"),
    ("پروین اختر", "Parveen Akhtar"), ("ظفر", "Zafar"), ("الياس", "Elias"), ("عیسیٰ", "Isa"), ("طاهر", "Taher"),
    # Hebrew
    ("יוסף כהן", "Yosef Cohen"), ("רבקה", "Rivka"), ("אברהם", "Avraham"), ("ג׳ורג׳", "George"),
    # Cyrillic
    ("Олександр Шевченко", "Oleksandr Shevchenko"), ("Щербакова", "Shcherbakova"), ("Мухаммад", "Muhammad"),
    ("Ђорђевић", "Đorđević"), ("Раджеш", "Rajesh"), ("Іваноў", "Ivanov"), ("Нурлан", "Nurlan"),
    # Greek
    ("Γιώργος Παπαδόπουλος", "Giorgos Papadopoulos"), ("Ντίνα", "Dina"), ("Αντώνης", "Antonis"),
    # South Asia
    ("राम बहादुर तामाङ", "Ram Bahadur Tamang"), ("लक्ष्मी श्रेष्ठ", "Laxmi Shrestha"), ("सीता कुमारी", "Sita Kumari"),
    ("রহিমা খাতুন", "Rahima Khatun"), ("মোহাম্মদ", "Mohammad"), ("ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ", "Gurpreet Singh"),
    ("முருகன்", "Murugan"), ("ගුණවර්ධන", "Gunawardhana"),
    # Ethiopia, Eritrea
    ("ተስፋዬ ገብረ", "Tesfaye Gebre"), ("ሰላም", "Selam"), ("ኣብርሃም", "Abraham"), ("ፀጋዬ", "Tsegaye"),
    # Thailand, Laos
    ("สมชาย", "Somchai"), ("เกียรติศักดิ์", "Kiatisak"), ("สมพร", "Somporn"), ("ทรงศักดิ์", "Songsak"),
    ("ประเสริฐ", "Prasert"), ("พรรณี", "Phannee"), ("หนูนา", "Noona"), ("วิชัย", "Wichai"), ("ขวัญ", "Khwan"),
    ("ສົມພອນ", "Somphone"), ("ບຸນມີ", "Bounmy"), ("ຄຳຫລ້າ", "Khamla"), ("ວົງສາ", "Vongsa"), ("ໄຊຍະວົງ", "Xayavong"),
    ("ແກ້ວ", "Keo"), ("ພົມມະ", "Phomma"),
    # Myanmar, Cambodia
    ("အောင်", "Aung"), ("ကျော်", "Kyaw"), ("မြင့်", "Myint"), ("လှ", "Hla"), ("ခင်", "Khin"), ("ထွန်း", "Tun"),
    ("နိုင်", "Naing"), ("သန့်", "Thant"), ("ဇော်", "Zaw"), ("ဝင်း", "Win"),
    ("វណ្ណា", "Vanna"), ("ចាន់", "Chan"), ("សុខ", "Sok"), ("ស្រីមុំ", "Sreymom"),
    # China, Korea, the Caucasus
    ("张伟", "Zhang Wei"), ("欧阳娜娜", "Ouyang Nana"), ("王小明", "Wang Xiaoming"), ("萧红", "Hsiao Hong"),
    ("김민수", "Kim Minsu"), ("이서연", "Lee Seoyeon"), ("Հակոբյան", "Hakobyan"), ("გიორგი", "Giorgi"),
    # Latin letters with marks
    ("Nguyễn Thị Hương", "Nguyen Thi Huong"), ("Đặng", "Dang"), ("Łukasz Wiśniewski", "Lukasz Wisniewski"),
    ("Şahin Çelik", "Sahin Celik"), ("Əliyev", "Aliyev"), ("José Muñoz", "Jose Munoz"), ("Ògúnṣọlá", "Ogunsola"),
]  # fmt: skip


@pytest.mark.parametrize(("own", "passport"), PASSPORT, ids=[latin for _own, latin in PASSPORT])
def test_own_script_and_passport_meet(own: str, passport: str) -> None:
    mine, theirs = tokens(own), tokens(passport)
    assert mine
    assert len(mine) == len(theirs), (mine, theirs)
    assert all(any(alike(a, b) for b in theirs) for a in mine), (mine, theirs)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ঁরহিমা", "রহিমা"),
        ("محمد", "م\u200dح\u200dم\u200dد"),
        ("\u2067محمد\u2069", "محمد"),
        ("ﻣﺤﻤﺪ", "محمد"),
        ("مُحَمَّد", "محمد"),
        ("محـــمد", "محمد"),
        ("ສົມ\u200bພອນ", "ສົມພອນ"),
        ("A\u0301mina", "Ámina"),
        ("Ａｍｉｎａ", "Amina"),
        ("ཨ་མི་ན", "ཨམིན"),
    ],
)
def test_invisible_signs_and_forms_of_letters_change_nothing(one: str, other: str) -> None:
    assert fold(one).replace(" ", "")[-4:] == fold(other).replace(" ", "")[-4:]


def test_the_article_of_arabic_script_is_a_word_of_its_own() -> None:
    assert fold("الحسن").split()[0] == "al"
    assert parts("الحسن") == parts("حسن")
    assert len(fold("الياس").split()) == 1


def test_letters_that_are_two_sounds_do_not_run_into_one() -> None:
    """s and h are not sh (سهيل), b and h are not bh (बहादुर)."""
    assert "sh" not in fold("سهيل")
    assert "bh" not in fold("बहादुर")
