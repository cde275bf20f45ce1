"""Pictures of explanations: one view of one output, as terminals, notebooks, documents and films have it."""

from __future__ import annotations

import os
from numbers import Real
from typing import Any, Protocol

__all__ = ["Picture"]

#: What the suffix of a file's name asks for.
_FORMS = {
    ".txt": "text",
    ".md": "markdown",
    ".csv": "csv",
    ".json": "json",
    ".tex": "latex",
    ".html": "html",
    ".svg": "svg",
    ".png": "png",
    ".gif": "gif",
    ".apng": "apng",
}
_PIXELS = frozenset({"png", "gif", "apng"})
_MOVING = frozenset({"gif", "apng"})
_COLOURED = frozenset({"html", "svg", *_PIXELS})
#: A notebook keeps what it shows: of a film with more letters it gets one place.
_MOST_IN_A_NOTEBOOK = 1_000_000
_ALONE = "<p>One place of many: choose another with at=, or write a page of all with .save('explained.html').</p>\n"


class Painted(Protocol):
    """What makes pictures: of an output, told by an index for each axis or by a time."""

    def scene(self, view: str, at: Any) -> tuple[str, str]: ...
    def text(self, form: str, view: str, at: Any, *, theme: str | None = None, width: int = 80) -> str: ...
    def pixels(
        self,
        form: str,
        view: str,
        at: Any,
        *,
        theme: str | None = None,
        scale: float = 1.0,
        each: float | None = None,
        last: float | None = None,
    ) -> bytes: ...


class Picture:
    """One view of one output: what `Explanation.view` gives.

    The last line of a notebook's cell shows it; `print` shows it as text. Each form is painted when it is asked for,
    and the same numbers give the same bytes.

    Attributes
    ----------
    view : str
        The view's name.
    at : tuple of int, or float
        The output shown; in continuous time the time.
    title : str
        One line: the operation and the place.
    description : str
        What there is to see, in whole sentences.

    Examples
    --------
    >>> import faltung
    >>> picture = faltung.explain([3, 0, 5, 0, 2, 1], [5, 4, 3, 2, 1]).view("terms", at=4)
    >>> picture
    <faltung.Picture: terms, (f*g)(4) = 28>
    >>> print(picture.csv().splitlines()[1])
    (0),3,(4),1,3,3,
    """

    def __init__(self, engine: Painted, view: str, at: tuple[int, ...] | float) -> None:
        self._engine = engine
        self.view, self.at = view, at
        self.title, self.description = engine.scene(view, at)

    def __repr__(self) -> str:
        return f"<faltung.Picture: {self.view}, {self.title}>"

    def __str__(self) -> str:
        return self.text().rstrip("\n")

    def text(self, width: int = 80) -> str:
        """What a terminal of `width` columns shows."""
        if _number("width", width) < 20:
            raise ValueError(f"width is {width}: a text has at least 20 columns")
        return self._engine.text("text", self.view, self.at, width=int(width))

    def markdown(self) -> str:
        """A piece of a Markdown document."""
        return self._engine.text("markdown", self.view, self.at)

    def latex(self) -> str:
        """The body of a LaTeX document."""
        return self._engine.text("latex", self.view, self.at)

    def csv(self) -> str:
        """The numbers of the tables."""
        return self._engine.text("csv", self.view, self.at)

    def json(self) -> str:
        """Everything for a program: the scene, and every term of the output."""
        return self._engine.text("json", self.view, self.at)

    def svg(self, *, theme: str | None = None) -> str:
        """The picture as SVG, in the theme 'light' (by default) or 'dark'."""
        return self._engine.text("svg", self.view, self.at, theme=theme)

    def html(self, *, theme: str | None = None) -> str:
        """A page of its own in which every place can be chosen, without scripts.

        It is light or dark as its reader's system is, unless `theme` is 'light' or 'dark'.
        """
        return self._engine.text("html", self.view, self.at, theme=theme)

    def save(
        self,
        path: str | os.PathLike[str],
        *,
        theme: str | None = None,
        scale: float | None = None,
        fps: float | None = None,
        hold: float | None = None,
    ) -> None:
        """Write a file in the form that its suffix names.

        It is written beside its place and then renamed: never is there half a file, and one that was there stays until
        then.

        Parameters
        ----------
        path : str or path-like
            .txt, .md, .csv, .json, .tex; .html: a page with all places; .svg, .png: a picture; .gif, .apng: a moving
            one of all places, from before the first output to after the last.
        theme : {'light', 'dark'}, optional
            For pictures and pages: light by default, and a page as its reader's system is.
        scale : float, optional
            For pixels: times 720 pixels is the width; 1 by default.
        fps : float, optional
            For what moves: places in a second; 1.25 by default.
        hold : float, optional
            For what moves: seconds for the last place; 2 by default.

        Raises
        ------
        ValueError
            If the suffix is not known, an option is not for such a file, or there would be too many pixels.
        OSError
            If the file cannot be written.

        Examples
        --------
        >>> import faltung, pathlib, tempfile
        >>> picture = faltung.explain([3, 0, 5, 0, 2, 1], [5, 4, 3, 2, 1]).view("table", at=4)
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     picture.save(pathlib.Path(folder, "likes.gif"), scale=0.5)
        ...     print(pathlib.Path(folder, "likes.gif").read_bytes()[:6])
        b'GIF89a'
        """
        name = os.fsdecode(path)
        form = _FORMS.get(os.path.splitext(name)[1].lower())
        if form is None:
            raise ValueError(f"{name!r} names no known form: give a suffix of {', '.join(_FORMS)}")
        _refuse_unheeded(form, theme=theme, scale=scale, fps=fps, hold=hold)
        _write(name, self._file(form, theme, scale, fps, hold))

    def _file(self, form: str, theme: str | None, scale: float | None, fps: float | None, hold: float | None) -> bytes:
        if form not in _PIXELS:
            return self._engine.text(form, self.view, self.at, theme=theme).encode()
        if fps is not None and not _number("fps", fps) > 0:
            raise ValueError(f"fps is {fps}: give a number above zero")
        return self._engine.pixels(
            form,
            self.view,
            self.at,
            theme=theme,
            scale=1.0 if scale is None else _number("scale", scale),
            each=None if fps is None else 1 / fps,
            last=None if hold is None else _number("hold", hold),
        )

    def _repr_html_(self) -> str:
        """What a notebook shows: all places to open; where that would be more than a megabyte this place alone."""
        film = self._engine.text("fragment", self.view, self.at)
        return film if len(film) <= _MOST_IN_A_NOTEBOOK else self._engine.text("still", self.view, self.at) + _ALONE

    def _repr_svg_(self) -> str:
        return self.svg()

    def _repr_markdown_(self) -> str:
        return self.markdown()


def _number(name: str, value: float) -> float:
    """The number, if it is one."""
    if not isinstance(value, Real):
        raise TypeError(f"{name} must be a number, not {value!r}")
    return float(value)


def _refuse_unheeded(form: str, **options: object) -> None:
    """Refuses options that the form would not heed."""
    meant = {
        "theme": (_COLOURED, "pictures and pages"),
        "scale": (_PIXELS, "pixels (.png, .gif, .apng)"),
        "fps": (_MOVING, "what moves (.gif, .apng)"),
        "hold": (_MOVING, "what moves (.gif, .apng)"),
    }
    for name, value in options.items():
        forms, words = meant[name]
        if value is not None and form not in forms:
            raise ValueError(f"{name} is for {words}: leave it out, or choose another suffix")


def _write(path: str, content: bytes) -> None:
    """Writes the file beside its place, and puts it there when it is whole and on the disk."""
    place = os.path.realpath(path)
    if os.path.exists(place) and not os.path.isfile(place):
        with open(place, "wb") as pipe:  # and a folder refuses
            pipe.write(content)
        return
    beside = os.path.join(os.path.dirname(place), f".faltung-{os.urandom(8).hex()}")
    try:
        with open(beside, "xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if os.path.exists(place):
            os.chmod(beside, os.stat(place).st_mode & 0o7777)
        os.replace(beside, place)
    except BaseException as error:
        if os.path.exists(beside):
            os.unlink(beside)
        if isinstance(error, OSError):
            error.filename = path  # the one that the caller knows
        raise
