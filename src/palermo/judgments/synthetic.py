"""Invented cases for demonstrations and for load: nothing in them is real. The same seed makes the same cases."""
# ruff: noqa: E501 (a sentence in a language stands on one line)

import random
from collections.abc import Iterator
from typing import Any

from palermo.judgments.vocabulary import VERSION, labels
from palermo.standards import countries

LANGUAGES = ("en", "fr", "es", "ar", "ru", "zh")
JURISDICTIONS = 90
# A title, a place, and sentences that can follow one another, by language. {n} is a number of persons.
TOLD: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "en": ("Invented case {number}: State v. {name}", ("farm", "restaurant", "brick kiln", "fishing boat", "household"),
           ("An agent promised {n} workers good wages at a {place} abroad.", "Their passports were taken on arrival and debts were written up each week.",
            "They were told that the police would arrest them if they left.", "The court heard telephone records and the testimony of a labour inspector.",
            "A victim reported only months later; the court found the delay understandable.")),
    "fr": ("Affaire inventée {number} : État c. {name}", ("ferme", "restaurant", "briqueterie", "bateau de pêche", "foyer"),
           ("Un intermédiaire a promis à {n} travailleurs un bon salaire ({place}) à l’étranger.", "Les passeports ont été confisqués à l’arrivée et des dettes inscrites chaque semaine.",
            "On leur disait que la police les arrêterait s’ils partaient.", "Le tribunal a entendu les relevés téléphoniques et une inspectrice du travail.",
            "La victime n’a porté plainte que des mois plus tard, ce que le tribunal a jugé compréhensible.")),
    "es": ("Caso inventado {number}: Estado c. {name}", ("finca", "restaurante", "ladrillera", "barco pesquero", "hogar"),
           ("Un intermediario prometió a {n} trabajadores buenos salarios ({place}) en el extranjero.", "Les retiraron los pasaportes al llegar y cada semana les anotaban deudas.",
            "Les decían que la policía los detendría si se marchaban.", "El tribunal examinó registros telefónicos y oyó a una inspectora de trabajo.",
            "La víctima denunció meses después; el tribunal consideró comprensible la demora.")),
    "ar": ("قضية مخترعة {number}: الدولة ضد {name}", ("مزرعة", "مطعم", "مصنع طوب", "قارب صيد", "منزل"),
           ("وعد وسيط {n} عمال بأجور جيدة في الخارج ({place}).", "صودرت جوازات سفرهم عند الوصول وسجلت عليهم ديون كل أسبوع.",
            "قيل لهم إن الشرطة ستعتقلهم إذا غادروا.", "اطلعت المحكمة على سجلات الهاتف واستمعت إلى مفتش عمل.",
            "لم تبلغ الضحية إلا بعد أشهر ورأت المحكمة أن التأخر مفهوم.")),
    "ru": ("Вымышленное дело {number}: Государство против {name}", ("ферма", "ресторан", "кирпичный завод", "рыболовное судно", "домашнее хозяйство"),
           ("Посредник обещал {n} работникам хорошую зарплату за границей ({place}).", "По приезде у них отобрали паспорта и каждую неделю записывали долги.",
            "Им говорили, что полиция арестует их, если они уйдут.", "Суд изучил записи телефонных разговоров и заслушал инспектора труда.",
            "Потерпевшая заявила лишь через несколько месяцев; суд счёл задержку понятной.")),
    "zh": ("虚构案件 {number} 国家诉 {name}", ("农场", "餐馆", "砖厂", "渔船", "家庭"),
           ("中介向{n}名工人许诺在国外{place}获得高薪。", "抵达后护照被扣押，每周记下债务。", "他们被告知如果离开就会被警察逮捕。",
            "法院审查了电话记录并听取了劳动监察员的证词。", "被害人数月后才报案，法院认为延迟可以理解。")),
}  # fmt: skip
NAMES = {
    "en": ("Brackwater", "Tolliver", "Ashmere", "Pennrose", "Quillham"), "fr": ("Vauquelin", "Darmoncy", "Bressolier", "Lantignac", "Montreval"),
    "es": ("Villarroso", "Casamayor", "Peñaluz", "Montesclar", "Ribalta"), "ar": ("البدراني", "الصفواني", "الميسري", "الكوثراني", "الزهيري"),
    "ru": ("Берегонов", "Тихомолов", "Ветлужин", "Заречнев", "Полянкин"), "zh": ("欧阳明月", "司马清河", "上官云山", "诸葛长风", "慕容白石"),
}  # fmt: skip
SYSTEMS = ("common", "civil", "mixed")
VERDICTS = ("convicted", "convicted", "convicted", "acquitted", "partly", "pending")


def synthetic(cases: int, seed: int) -> Iterator[dict[str, Any]]:
    """So many invented cases in six languages over 90 jurisdictions, each as a record that `read` takes."""
    draw = random.Random(seed)  # noqa: S311 (nothing secret)
    places = draw.sample(sorted(countries()), JURISDICTIONS)
    for number in range(1, cases + 1):
        yield _case(draw, number, places[(number - 1) % JURISDICTIONS], seed)


def _case(draw: random.Random, number: int, country: str, seed: int) -> dict[str, Any]:
    language = LANGUAGES[draw.randrange(len(LANGUAGES))]
    title, places, sentences = TOLD[language]
    n, name, verdict = draw.randint(1, 30), draw.choice(NAMES[language]), draw.choice(VERDICTS)
    decided = f"{draw.randint(2001, 2026)}-{draw.randint(1, 12):02d}-{draw.randint(1, 28):02d}"
    facts = " ".join(one.format(n=n, place=draw.choice(places)) for one in sentences)
    som = draw.random() < 0.25
    return {
        "palermo_id": f"synthetic-{seed}-{number:05d}", "title": title.format(number=number, name=name),
        "language": language, "country": country, "facts": facts, "status": "published", "collection": "synthetic",
        "legal_system": draw.choice(SYSTEMS), "decided": decided, "outcome": verdict,
        "codings": _codings(draw, som, verdict),
        "parties": [
            {"key": "D1", "side": "defendant", "entity": "natural_person", "label": f"D{number}",
             "sex": draw.choice(("male", "female")), "age": draw.randint(19, 70), "age_basis": "trial"},
            {"key": "V1", "side": "migrant" if som else "victim", "entity": "group" if n > 1 else "natural_person",
             "label": f"V{number}", "count_min": n, "count_max": n, "child": {"state": "not_stated"}},
        ],
        "stages": [{"level": "first", "date": decided, "case_number": f"{number}/{decided[:4]}"}],
        "charges": [{"defendant": "D1", "stage": 1, "offence": title.split(":")[0], "verdict": verdict}],
        "sentences": [] if verdict not in ("convicted", "partly") else [
            {"defendant": "D1", "kind": "custody", "amount": draw.randint(1, 20), "unit": "years"}],
        "provenance": "Invented by palermo for demonstration.", "coder": "palermo",
    }  # fmt: skip


def _codings(draw: random.Random, som: bool, verdict: str) -> list[dict[str, Any]]:
    found = [("crime", "som" if som else "tip")]
    wanted = (
        {"som_act": 1, "som_element": 1, "issue": 1}
        if som
        else {"act": 2, "means": 2, "purpose": 1, "issue": 2}
    )
    for kind, how_many in wanted.items():
        found += [(kind, code) for code in draw.sample(sorted(labels(kind)), how_many)]
    found.append(("form", draw.choice(("internal", "cross_border"))))
    standing = {"acquitted": "found_not_proved", "pending": "alleged"}.get(verdict, "found_proved")
    return [
        {"kind": kind, "concept": code, "standing": standing, "coder": "palermo", "vocabulary": VERSION}
        for kind, code in found
    ]
