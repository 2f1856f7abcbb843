"""The Daitch-Mokotoff soundex: six digits for the sound of a name, several codes where letters can be read in two ways.

The table is the coding chart published by Gary Mokotoff and Randy Daitch (Avotaynu, 1985; JewishGen InfoFiles,
"Soundex coding"), with one known correction that all programs make: UE is coded as UI, UJ and UY are ("Bouey",
710000). Each sound has three codes: at the start of a name, before a vowel, elsewhere; "" is not coded. Pure.
"""

import re
from functools import lru_cache

LENGTH = 6
# No name needs more letters for six digits; rubbish of any length stays cheap.
MOST_LETTERS = 40

# letters: code at the start, before a vowel, elsewhere; after "|" the second way to read them.
_CHART = """
ai aj ay: 0 1 -
au: 0 7 -
a: 0 - -
b: 7 7 7
chs: 5 54 54
ch: 5 5 5 | 4 4 4
ck: 5 5 5 | 45 45 45
cz cs csz czs: 4 4 4
c: 5 5 5 | 4 4 4
drz drs: 4 4 4
ds dsh dsz: 4 4 4
dz dzh dzs: 4 4 4
d dt: 3 3 3
ei ej ey: 0 1 -
eu: 1 1 -
e: 0 - -
fb: 7 7 7
f: 7 7 7
g: 5 5 5
h: 5 5 -
ia ie io iu: 1 - -
i: 0 - -
j: 1 - - | 4 4 4
ks: 5 54 54
kh: 5 5 5
k: 5 5 5
l: 8 8 8
mn: 66 66 66
m: 6 6 6
nm: 66 66 66
n: 6 6 6
oi oj oy: 0 1 -
o: 0 - -
p pf ph: 7 7 7
q: 5 5 5
rz rs: 94 94 94 | 4 4 4
r: 9 9 9
schtsch schtsh schtch: 2 4 4
sch: 4 4 4
shtch shch shtsh: 2 4 4
sht scht schd: 2 43 43
sh: 4 4 4
stch stsch sc: 2 4 4
strz strs stsh: 2 4 4
st: 2 43 43
szcz szcs: 2 4 4
szt shd szd sd: 2 43 43
sz: 4 4 4
s: 4 4 4
tch ttch ttsch: 4 4 4
th: 3 3 3
trz trs: 4 4 4
tsch tsh: 4 4 4
ts tts ttsz tc: 4 4 4
tz ttz tzs tsz: 4 4 4
t: 3 3 3
ui uj uy ue: 0 1 -
u: 0 - -
v: 7 7 7
w: 7 7 7
x: 5 54 54
y: 1 - -
zdz zdzh zhdzh: 2 4 4
zd zhd: 2 43 43
zh zs zsch zsh: 4 4 4
z: 4 4 4
"""

Reading = tuple[str, str, str]


def _chart() -> dict[str, tuple[Reading, ...]]:
    table: dict[str, tuple[Reading, ...]] = {}
    for line in _CHART.strip().splitlines():
        letters, codes = line.split(":")
        readings = []
        for way in codes.split("|"):
            start, before, elsewhere = ("" if code == "-" else code for code in way.split())
            readings.append((start, before, elsewhere))
        table |= dict.fromkeys(letters.split(), tuple(readings))
    return table


CHART = _chart()
_SOUND = re.compile("|".join(sorted(CHART, key=len, reverse=True)))


_SURE = {letters: readings[0] for letters, readings in CHART.items() if len(readings) == 1}


@lru_cache(maxsize=1 << 18)
def codes(word: str) -> tuple[str, ...]:
    """All codes of a word in small Latin letters, sorted; nothing for a word without any."""
    sounds = _SOUND.findall(word[:MOST_LETTERS])
    if not sounds:
        return ()
    if all(sound in _SURE for sound in sounds):
        return (_sure([_SURE[sound] for sound in sounds]),)
    return _several(sounds)


def _sure(readings: list[Reading]) -> str:
    """The one code of a word in which every sound has one reading."""
    code, last = "", ""
    final = len(readings) - 1
    for place, reading in enumerate(readings):
        if place == 0:
            digits = reading[0]
        elif place < final and readings[place + 1][0][0] in "01":
            digits = reading[1]
        else:
            digits = reading[2]
        if digits:
            code += digits[1:] if digits[0] == last else digits
            if len(code) >= LENGTH:
                return code[:LENGTH]
            last = digits[-1]
        else:
            last = ""
    return code.ljust(LENGTH, "0")


def _several(sounds: list[str]) -> tuple[str, ...]:
    """Every way to read the word, from its end: a sound must know whether a vowel follows (J may be one or not), and
    of equal digits that touch one is kept, whichever it is."""
    # What follows: its digits, the first of them if it touches, whether it begins with a vowel.
    ways = {("", "", False)}
    for place in range(len(sounds) - 1, -1, -1):
        further = set()
        for start, before, elsewhere in CHART[sounds[place]]:
            is_vowel = start[0] in "01"
            for code, touching, before_vowel in ways:
                digits = start if place == 0 else before if before_vowel else elsewhere
                if not digits:
                    further.add((code, "", is_vowel))
                elif digits[-1] == touching:
                    further.add(((digits[:-1] + code)[:LENGTH], digits[0], is_vowel))
                else:
                    further.add(((digits + code)[:LENGTH], digits[0], is_vowel))
        ways = further
    return tuple(sorted({code.ljust(LENGTH, "0") for code, _touching, _vowel in ways}))
