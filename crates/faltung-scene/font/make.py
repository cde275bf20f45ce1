"""Makes FaltungSans.ttf of DejaVu Sans: the characters of scenes, under a name of its own as the licence asks."""

import sys

from fontTools import subset
from fontTools.ttLib import TTFont

FAMILY = "Faltung Sans"
CHARACTERS = [
    (0x20, 0x7E),  # Latin letters, digits
    (0xA0, 0xFF),  # accents, · × ± µ ²
    (0x391, 0x3C9),  # Greek
    (0x2032, 0x2033),  # ′ ″
    (0x2070, 0x209C),  # superscripts and subscripts
]
SIGNS = "–—‘’“”•…−⋆∗∘∂∆∇∈∏∑√∞∫≈≠≤≥←↑→↓↔⟨⟩─│●○◆◇▲▼□■✓�"


def main(source: str, target: str) -> None:
    options = subset.Options(hinting=False, layout_features=[], name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14], notdef_outline=True)
    options.drop_tables += ["FFTM"]
    font = TTFont(source, recalcTimestamp=False)
    wanted = [code for first, last in CHARACTERS for code in range(first, last + 1)] + [ord(sign) for sign in SIGNS]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=wanted)
    subsetter.subset(font)
    names = {1: FAMILY, 2: "Regular", 3: f"{FAMILY}, a part of DejaVu Sans", 4: FAMILY, 6: FAMILY.replace(" ", "")}
    for record in font["name"].names:
        record.string = names.get(record.nameID, record.toUnicode())
    font.save(target)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
