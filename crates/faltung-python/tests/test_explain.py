"""Explanations: what is explained is what is computed, in every form, of any size, and refused with advice."""

import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

import faltung
from faltung import _engine

POSTS = [3, 0, 5, 0, 2, 1]
LIKES_OF_A_POST = [5, 4, 3, 2, 1]
LIKES = [15, 12, 34, 26, 28, 23, 15, 7, 4, 1]
SUFFIXES = ["txt", "md", "csv", "json", "tex", "html", "svg", "png", "gif", "apng"]


def article(**keywords: Any) -> faltung.Explanation:
    return faltung.explain(POSTS, LIKES_OF_A_POST, **keywords)


def places(explanation: faltung.Explanation) -> list[tuple[int, ...]]:
    return list(np.ndindex(*explanation.output_shape))


# The article


def test_the_likes_of_each_hour_are_sums_of_terms_in_order() -> None:
    likes = article()
    assert [likes.value(t) for t in range(10)] == LIKES
    products = [(term.sample, term.weight, term.product, term.running) for term in likes.terms(4)]
    assert products == [(3, 1, 3, 3), (0, 2, 0, 3), (5, 3, 15, 18), (0, 4, 0, 18), (2, 5, 10, 28)]
    assert [(term.at, term.weight_at) for term in likes.terms(4)] == [(0, 4), (1, 3), (2, 2), (3, 1), (4, 0)]
    assert [(term.sample, term.weight) for term in likes.terms(9) if not term.is_virtual] == [(1, 1)]


def test_the_table_has_a_row_for_each_hour_of_posts() -> None:
    table = article().table()
    assert table.shape == (6, 10) and table.dtype == np.int64
    assert table[2].tolist() == [0, 0, 25, 20, 15, 10, 5, 0, 0, 0]
    assert table.sum(axis=0).tolist() == LIKES


def test_without_the_flip_the_likes_are_others() -> None:
    correlated = article(operation="correlate")
    assert [correlated.value(t) for t in range(10)] == [3, 6, 14, 22, 32, 25, 33, 11, 14, 5]


def test_batches_that_have_expired_are_told() -> None:
    story = article().view("likes", at=9)
    assert story.title == "(f*g)(9) = 1 like in hour 9"
    assert "expired" in story.text()


def test_it_says_what_it_is_and_what_to_do_next() -> None:
    assert "mode full, boundary constant, to (10,); see .terms(4), .table()" in repr(article())
    strided = faltung.explain(np.eye(4), np.ones((2, 2)), mode="same", stride=2, boundary=["wrap", "nearest"])
    assert "mode same, boundary wrap, nearest, stride 2, to (2, 2); see .terms((1, 1)),\n .view('window'" in repr(
        strided
    )
    assert str(article()).startswith("(f*g)(4) = 28\n\nt = 4: 3·1 + 5·3 + 2·5 = 28\n")


# What is explained is what is computed


def arrays(draw: st.DrawFn, shape: tuple[int, ...], kind: str) -> NDArray[Any]:
    """Small whole numbers, of which no sum rounds, in the type of the kind."""
    whole = st.lists(st.integers(-9, 9), min_size=int(np.prod(shape)), max_size=int(np.prod(shape)))
    values = np.array(draw(whole)).reshape(shape)
    return values + 1j * np.flip(values) if kind == "c" else values.astype(kind)


@st.composite
def problems(draw: st.DrawFn) -> tuple[NDArray[Any], NDArray[Any], dict[str, Any]]:
    dimensions = draw(st.integers(1, 2))
    shape = tuple(draw(st.integers(1, 9 if dimensions == 1 else 5)) for _ in range(dimensions))
    kernel = tuple(draw(st.integers(1, n)) for n in shape)
    constant = ("constant", draw(st.integers(-3, 3)))
    boundaries = st.sampled_from(["constant", "nearest", "reflect", "mirror", "wrap", constant])
    keywords = {
        "mode": draw(st.sampled_from(["full", "same"])),
        "boundary": [draw(boundaries) for _ in shape],
        "stride": [draw(st.integers(1, 3)) for _ in shape],
        "dilation": [draw(st.integers(1, 2)) for _ in shape],
    }
    kinds = st.sampled_from(["i8", "u1", "f4", "f8", "c"])
    x, h = arrays(draw, shape, draw(kinds)), arrays(draw, kernel, draw(kinds))
    return x, h, keywords


@pytest.mark.parametrize("name", ["convolve", "correlate"])
@settings(max_examples=300, deadline=None)
@given(problem=problems())
def test_terms_add_up_to_what_is_computed(name: str, problem: Any) -> None:
    x, h, keywords = problem
    expected = getattr(faltung, name)(x, h, **keywords, overflow="widen")
    explanation = faltung.explain(x, h, operation=name, **keywords)
    assert explanation.output_shape == expected.shape
    for place in places(explanation):
        terms = explanation.terms(place)
        assert len(terms) == h.size
        assert sum(term.product for term in terms) == expected[place] == terms[-1].running == explanation.value(place)
        for term in terms:
            assert term.product == term.sample * term.weight
            assert term.source is None or x[term.source] == term.sample
            assert term.is_virtual == (term.at != term.source)
            weight = h[term.weight_at]
            assert term.weight == (np.conj(weight) if name == "correlate" else weight)


@settings(max_examples=200, deadline=None)
@given(problem=problems())
def test_columns_of_the_table_add_up_to_what_is_computed(problem: Any) -> None:
    x, h, keywords = problem
    if x.ndim > 1:
        return
    table = faltung.explain(x, h, **keywords).table()
    np.testing.assert_array_equal(table.sum(axis=0), faltung.convolve(x, h, **keywords, overflow="widen"))
    beyond = table.shape[0] - x.size
    assert beyond == (
        keywords["boundary"][0] not in ["constant", "nearest", "reflect", "mirror", "wrap", ("constant", 0)]
    )


def test_every_keyword_is_that_of_a_plan() -> None:
    x = np.arange(12.0).reshape(2, 6)
    for h, keywords in [
        (np.array([1.0, 2.0]), {"axes": 0, "mode": "valid"}),
        (np.array([1.0, 2.0]), {"axes": 1, "upsample": 3}),
        (np.array([[1.0, 2.0, 4.0]]), {"mode": "same", "anchor": [0, 0]}),
        (np.ones((4, 1, 2)), {"groups": 2, "mode": "valid"}),
        (np.array([[1.0, 3.0]]), {"normalize_kernel": True, "mode": "padded:1:2"}),
        (np.array([[1.0, -3.0]]), {"normalize_kernel": "absolute_sum"}),
    ]:
        expected = faltung.Plan(x.shape, h, **keywords).run(x)  # type: ignore[arg-type]
        explanation = faltung.explain(x, h, **keywords)  # type: ignore[arg-type]
        assert explanation.output_shape == expected.shape
        values = [explanation.value(place) for place in places(explanation)]
        np.testing.assert_allclose(np.reshape(values, expected.shape), expected, rtol=1e-15)


def test_numbers_are_of_the_type_that_the_data_have() -> None:
    assert {type(n) for term in article().terms(0) for n in term[2:6]} == {int}
    mixed = faltung.explain(np.array(POSTS, float), LIKES_OF_A_POST).terms(0)
    assert {(type(term.sample), type(term.weight), type(term.product)) for term in mixed} == {(float, int, float)}
    turned = faltung.explain([1, 2], [1j]).terms(0)
    assert turned[0].product == 1j and type(turned[0].running) is complex
    halved = faltung.explain([1, 3], [1, 1], normalize_kernel=True)
    assert [halved.value(t) for t in range(3)] == [0.5, 2.0, 1.5]


def test_whole_numbers_are_exact_however_large() -> None:
    huge = faltung.explain(np.array([2**63, 5], np.uint64), np.array([2**62, 1], np.uint64))
    assert huge.value(0) == 2**125
    assert huge.value(1) == 5 * 2**62 + 2**63
    with pytest.raises(OverflowError, match=r"int64.*open one output by terms"):
        huge.table()
    beyond = np.full(2, 2**64 - 1, np.uint64)
    with pytest.raises(OverflowError, match="use floats"):
        faltung.explain(beyond, beyond).terms(0)


def test_zeros_between_samples_are_told_from_those_beyond_the_ends() -> None:
    spread = faltung.explain([3, 5], [1, 1, 1], upsample=2)
    assert [term.origin for term in spread.terms(2)] == ["sample", "gap", "sample"]
    assert [term.source for term in spread.terms(2)] == [0, None, 1]
    assert [term.origin for term in spread.terms(0)] == ["boundary", "gap", "sample"]
    np.testing.assert_array_equal(spread.table().sum(axis=0), faltung.convolve([3, 0, 5], [1, 1, 1]))


def test_each_axis_has_its_own_boundary() -> None:
    corner = faltung.explain(np.arange(6).reshape(2, 3), [[1, 1], [1, 1]], mode="same", boundary=["wrap", "nearest"])
    assert [(term.at, term.source, term.boundary) for term in corner.terms((0, 0))] == [
        ((-1, -1), (1, 0), ("wrap", "nearest")),
        ((-1, 0), (1, 0), ("wrap", None)),
        ((0, -1), (0, 0), (None, "nearest")),
        ((0, 0), (0, 0), (None, None)),
    ]


def test_the_samples_are_looked_at_where_they_lie() -> None:
    posts = np.array(POSTS)
    likes = faltung.explain(posts, LIKES_OF_A_POST)
    posts[0] = 4
    assert likes.value(4) == 29
    for array in [np.array(POSTS, ">i2"), np.array([POSTS, POSTS]).T[:, 0], np.array(POSTS[::-1])[::-1]]:
        assert faltung.explain(array, LIKES_OF_A_POST).value(4) == 28


# Pictures


def test_every_view_is_there_and_described() -> None:
    assert faltung.explain(np.eye(3), np.eye(2)).view().view == "window"
    for name in _engine.views:
        assert f"'{name}'" in str(faltung.Explanation.view.__doc__)
        explanation = faltung.explain(np.eye(5), np.eye(2)) if name == "window" else article()
        picture = explanation.view(name)
        assert picture.view == name and picture.title and picture.description
        texts = [picture.text(), picture.markdown(), picture.latex(), picture.csv(), picture.svg(), picture.html()]
        assert all(texts) and len(set(texts)) == len(texts)
        assert json.loads(picture.json())["view"] == name


def test_pictures_show_the_place_that_is_asked_for() -> None:
    assert article().view(at=9).title == "(f*g)(9) = 1"
    assert article().view("stage", at=-1).title == "(f*g)(-1) = 0"
    assert article().view(at=np.int64(4)).at == article().view(at=np.array(4)).at == article().view(at=[4]).at == (4,)
    assert "(f*g)(9) = 1" in article().svg(at=9)
    assert article().text(at=9, view="terms").startswith("(f*g)(9) = 1\n")
    assert max(map(len, article().text(view="terms", width=40).splitlines())) <= 60
    assert faltung.explain(np.eye(4), np.eye(2)).view(at=(3, 3)).at == (3, 3)


def test_pictures_are_light_or_dark() -> None:
    assert article().svg() == article().svg(theme="light") != article().svg(theme="dark")
    assert "prefers-color-scheme" in article().html()
    assert "prefers-color-scheme" not in article().html(theme="dark")


def test_notebooks_show_all_places_without_scripts() -> None:
    shown = article()._repr_html_()
    assert shown.count("<details") == 12 and "<script" not in shown
    assert article()._repr_svg_() == article().svg()
    picture = article().view("table", at=4)
    assert picture._repr_markdown_() == picture.markdown()
    assert str(picture) == picture.text().rstrip("\n")


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_files_are_written_in_the_form_of_their_suffix(suffix: str, tmp_path: Path) -> None:
    first, second = tmp_path / f"a.{suffix}", tmp_path / f"b.{suffix.upper()}"
    article().save(first, at=4)
    article().view(at=4).save(str(second))
    content = first.read_bytes()
    assert content == second.read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([first.name, second.name])
    begins = {
        "txt": "(f*g)(4) = 28",
        "md": "#",
        "csv": "τ,f(τ)",
        "json": '{"schema":"faltung-explain"',
        "tex": "\\subsection*{(f*g)(4) = 28}",
        "html": "<!DOCTYPE html>",
        "svg": "<svg",
        "gif": "GIF89a",
    }
    assert content.startswith(begins.get(suffix, "").encode() or b"\x89PNG\r\n\x1a\n")
    assert {"gif": content.count(b"\x21\xf9\x04"), "apng": content.count(b"fcTL")}.get(suffix, 12) == 12


def test_pixels_and_times_are_as_they_are_wished(tmp_path: Path) -> None:
    def saved(name: str, **options: float) -> bytes:
        article().save(tmp_path / name, **options)  # type: ignore[arg-type]
        return (tmp_path / name).read_bytes()

    assert [int.from_bytes(saved("a.png", scale=scale)[16:20], "big") for scale in (0.5, 2.0)] == [360, 1440]
    hundredths = re.findall(rb"\x21\xf9\x04.(..)", saved("a.gif", scale=0.25, fps=4, hold=3), re.DOTALL)
    assert [int.from_bytes(time, "little") for time in hundredths] == [25] * 11 + [300]
    assert saved("a.svg", theme="dark") == article().svg(theme="dark").encode()  # type: ignore[arg-type]


def test_a_file_is_replaced_as_a_whole_or_not_at_all(tmp_path: Path) -> None:
    path, link = tmp_path / "likes.svg", tmp_path / "link.svg"
    path.write_text("before")
    path.chmod(0o640)
    link.symlink_to(path)
    with pytest.raises(ValueError, match="scale"):
        article().save(path, scale=2)
    assert path.read_text() == "before"
    article().save(link)
    assert link.is_symlink() and path.read_text() == article().svg()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    with pytest.raises(FileNotFoundError) as missing:
        article().save(tmp_path / "nowhere" / "likes.svg")
    assert missing.value.filename == str(tmp_path / "nowhere" / "likes.svg")
    (tmp_path / "folder.svg").mkdir()
    with pytest.raises(OSError):
        article().save(tmp_path / "folder.svg")
    assert sorted(os.listdir(tmp_path)) == ["folder.svg", "likes.svg", "link.svg"]


# Any size


def test_of_a_million_samples_only_what_is_shown_is_looked_at() -> None:
    ramp = faltung.explain(np.arange(1_000_000.0), np.ones(7), mode="same")
    assert ramp.value(500_000) == 3_500_000
    assert len(ramp.terms(999_999)) == 7
    assert len(repr(ramp)) < 300
    assert len(ramp._repr_html_()) < 1_100_000
    assert "Shown are outputs 499988 to 500012 of 0 to 999999" in ramp.text(at=500_000)
    assert ramp.table(samples=slice(100, 103), outputs=slice(100, 102)).tolist() == [[100] * 2, [101] * 2, [102] * 2]
    with pytest.raises(ValueError, match=r"1000000 rows and 1000000 columns.*choose some"):
        ramp.table()
    columns = ramp.table(outputs=slice(500_000, 500_005))
    assert columns.sum(axis=0).tolist() == [7 * n for n in range(500_000, 500_005)]


def test_what_would_be_large_in_a_notebook_is_one_place() -> None:
    large = faltung.explain(np.zeros((256, 256)), np.ones((9, 9)), mode="same")
    shown = large._repr_html_()
    assert len(shown) < 1_000_000 and "<details" not in shown
    assert "One place of many" in shown
    cube = faltung.explain(np.zeros((40, 40, 40)), np.ones((20, 20, 20)), mode="same")
    assert len(cube.terms((20, 20, 20))) == 8000
    assert len(cube._repr_html_()) < 1_000_000


# Refusals


@pytest.mark.parametrize(
    ("x", "h", "keywords", "kind", "words"),
    [
        ([], [1], {}, ValueError, "result is empty"),
        (3, [1], {}, ValueError, "give arrays"),
        ([[1]], [1], {}, ValueError, "axes"),
        ([True, False], [True], {}, TypeError, r"convert x with astype\(int\)"),
        (["a"], [1], {}, TypeError, "give an array of numbers"),
        ([1, 2], [1, 2, 3], {"mode": "valid"}, ValueError, "valid"),
        ([1], [1], {"mode": "ful"}, ValueError, "full"),
        ([1], [1], {"boundary": "zero"}, ValueError, "constant"),
        ([1], [1], {"stride": 0}, ValueError, "stride"),
        ([1], [1], {"stride": 1.5}, TypeError, "stride must be a whole number"),
        ([1], [1], {"operation": "add"}, ValueError, "convolve or correlate"),
        ([1], [1], {"nan": "omit"}, TypeError, "unexpected keyword argument 'nan'"),
        ([1], [0], {"normalize_kernel": True}, ValueError, "0"),
        ([1], [1], {"normalize_kernel": "most"}, ValueError, "absolute_sum"),
        (np.ma.masked_array([1, 2], [False, True]), [1], {}, ValueError, "masked"),
        (np.zeros(3, np.longdouble), [1], {}, TypeError, "double precision at most"),
    ],
)
def test_what_cannot_be_explained_is_refused_with_advice(
    x: Any, h: Any, keywords: dict[str, Any], kind: type[Exception], words: str
) -> None:
    with pytest.raises(kind, match=words):
        faltung.explain(x, h, **keywords)


@pytest.mark.parametrize("t", [-1, 10, (4, 4), (), 10**30])
def test_places_beyond_the_result_are_refused(t: Any) -> None:
    for ask in [article().terms, article().value]:
        with pytest.raises(IndexError, match="there is no output at"):
            ask(t)


def test_places_are_whole_numbers() -> None:
    for t in [1.0, "4", None, [1.5]]:
        with pytest.raises(TypeError, match="a place must be a whole number"):
            article().terms(t)  # type: ignore[arg-type]
    beyond: list[Any] = [11, -2, (1, 2), 10**30]
    for t in beyond:
        with pytest.raises(IndexError, match="there is no output at"):
            article().view(at=t)


def test_views_that_do_not_fit_name_another() -> None:
    with pytest.raises(ValueError, match="choose view stage"):
        article().view("window")
    with pytest.raises(ValueError, match="stage, table, likes"):
        article().view("stag")
    with pytest.raises(TypeError, match="the output is at="):
        article().view(4)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="a table is for one dimension"):
        faltung.explain(np.eye(3), np.eye(2)).table()
    assert faltung.explain([1j], [1]).view().view == "terms"


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("likes", {}, r"give a suffix of .txt, .md, .csv, .json, .tex, .html, .svg, .png, .gif, .apng"),
        ("likes.jpg", {}, "names no known form"),
        ("likes.svg", {"scale": 2}, "scale is for pixels"),
        ("likes.png", {"fps": 2}, "fps is for what moves"),
        ("likes.html", {"hold": 2}, "hold is for what moves"),
        ("likes.csv", {"theme": "dark"}, "theme is for pictures and pages"),
        ("likes.svg", {"theme": "dim"}, "light, dark"),
        ("likes.png", {"scale": 0}, "a scale is a number above zero"),
        ("likes.png", {"scale": 1e6}, "take a scale of at most"),
        ("likes.gif", {"fps": 0}, "fps is 0: give a number above zero"),
        ("likes.gif", {"fps": 1000}, "a frame is seen for 0.02"),
        ("likes.gif", {"hold": -1}, "a frame is seen for 0.02"),
        ("likes.apng", {"hold": float("nan")}, "a frame is seen for 0.02"),
    ],
)
def test_files_that_cannot_be_are_refused(name: str, options: dict[str, Any], words: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=words):
        article().save(tmp_path / name, **options)
    assert os.listdir(tmp_path) == []


def test_sizes_and_times_are_numbers(tmp_path: Path) -> None:
    for options in [{"scale": "big"}, {"fps": "2"}, {"hold": [1]}]:
        with pytest.raises(TypeError, match="must be a number, not "):
            article().save(tmp_path / "likes.gif", **options)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="width must be a number, not 'wide'"):
        article().text(width="wide")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="PathLike"):
        article().save(3)  # type: ignore[arg-type]


def test_parts_of_tables_are_slices() -> None:
    with pytest.raises(TypeError, match="samples must be a slice"):
        article().table(samples=3)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="outputs has a step of 2"):
        article().table(outputs=slice(0, 4, 2))
    assert article().table(samples=slice(-2, None), outputs=slice(4, 2)).shape == (2, 0)
    with pytest.raises(ValueError, match="at least 20 columns"):
        article().text(width=3)


def test_programs_that_explain_nothing_load_nothing() -> None:
    code = "import sys, faltung; print('faltung._explanation' in sys.modules, faltung.Picture.__name__, faltung.Term.__name__)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["False", "Picture", "Term"]
    with pytest.raises(AttributeError, match="no attribute 'explian'"):
        faltung.explian  # type: ignore[attr-defined]


def test_the_licence_of_the_font_comes_with_the_package() -> None:
    package = Path(__file__).parents[1]
    assert (package / "LICENSE-FONT").read_bytes() == (package / "../faltung-scene/font/LICENSE").read_bytes()
