"""The examples of the README, as they stand there."""

import doctest
import re
from pathlib import Path

README = Path(__file__).parents[1] / "README.md"


def test_the_examples_give_what_the_readme_says() -> None:
    text = README.read_text(encoding="utf-8")
    blocks = re.findall(r"^```pycon\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    assert len(blocks) > 1
    examples = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, "README.md", str(README), 0)
    results = doctest.DocTestRunner().run(examples)
    assert results.attempted > len(blocks)
    assert results.failed == 0
