#!/bin/sh
# Makes FaltungSans.ttf of DejaVu Sans: `sh subset.sh DejaVuSans.ttf`; needs fonttools (its pyftsubset and Python module).
set -eu
characters="U+0020-007E,U+00A0-00FF,U+0394,U+03A3,U+03C0,U+03C3,U+03C4,U+03C9,U+03BB,U+03BC,U+2013,U+2014,U+2018,U+2019,U+201C,U+201D,\
U+2026,U+2032,U+2070,U+2074-2079,U+2080-2089,U+2190-2193,U+2212,U+2211,U+221A,U+221E,U+222B,U+2248,U+2260,U+2264,U+2265,U+22C5,U+22C6,\
U+25B2,U+25BC,U+25C6,U+25CB,U+25CC,U+25CF"
pyftsubset "$1" --unicodes="$characters" --layout-features='' --no-hinting --desubroutinize --notdef-outline \
    --output-file=FaltungSans.ttf
python3 - <<'PYTHON'
from fontTools.ttLib import TTFont
font = TTFont("FaltungSans.ttf")
for record in font["name"].names:
    if record.nameID in (1, 3, 4, 6, 16):
        record.string = "FaltungSans" if record.nameID == 6 else "Faltung Sans"
font["head"].modified = font["head"].created
font.recalcTimestamp = False
font.save("FaltungSans.ttf")
PYTHON
