"""Names from any script and spelling, brought to forms that can be compared. Pure.

How and how far: docs/methods/names.md.

fold       small Latin letters and single spaces
parts      the parts that tell people apart, in the order written
sounds     codes that spellings of one sound share
formal     the names for which a short form may stand
similarity how alike two folded texts are written
most_similar what similarity cannot exceed, told sooner
"""

from palermo.linkage.names.echoing import alike, echoes
from palermo.linkage.names.folding import fold
from palermo.linkage.names.forms import formal
from palermo.linkage.names.parting import parts, tokens
from palermo.linkage.names.similarity import most_similar, similarity
from palermo.linkage.names.sounding import sounds

__all__ = ["alike", "echoes", "fold", "formal", "most_similar", "parts", "similarity", "sounds", "tokens"]
