"""Blocks: requirements that are written once, with parameters, and used in several places.

Each `use` is replaced by what its block says before anything is read as a requirement, so a block
means exactly what it would mean written out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from app.core.language.diagnostics import Collector, Diagnostic, Place, did_you_mean, shorten
from app.core.language.origin import slug
from app.core.language.reader import Document, Plain, span_at
from app.core.model.requirement import Used
from app.core.model.source import SourceSpan

PARAMETER = re.compile(r"\$(?:\{([a-z0-9][a-z0-9._-]*)\}|([a-z0-9][a-z0-9._-]*))")
# What a `use` may say of its own; it stands before what the block says.
OWN = ("id", "title", "reason", "note", "optional")
# The keys of a file that hold requirements, in the order of the canonical form: made ids are
# numbered by it, so that they do not hang on how a file is arranged.
ASKING = ("require", "admission", "gates")
# Keys that name requirements by id.
NAMING = ("shares_with", "counted_in", "after", "with")
MOST_NESTED = 8


@dataclass(frozen=True, slots=True)
class Unfolded:
    """A document without `use`, the blocks as written, and which places came from which."""

    document: Document
    blocks: Mapping[str, Plain]
    uses: Mapping[Place, Used]
    diagnostics: tuple[Diagnostic, ...]


def unfold(document: Document, most: int) -> Unfolded:
    """Replace every `use` by its block; what is wrong is told at the `use` or in the block.

    Blocks that use blocks grow fast: beyond `most` values nothing more is filled in.
    """
    value = document.value
    if not isinstance(value, dict):
        return Unfolded(document, {}, {}, ())
    unfolder = _Unfolder(document, most)
    blocks = unfolder.blocks(value.get("blocks", {}))
    asked = {key: unfolder.value(value[key], (key,), ()) for key in ASKING if key in value}
    whole = {key: part for key, part in {**value, **asked}.items() if key != "blocks"}
    found = unfolder.found.sorted()
    return Unfolded(Document(whole, unfolder.spans), blocks, unfolder.uses, found)


@dataclass(slots=True)
class _Unfolder:
    """Replaces the uses of one document."""

    document: Document
    most: int
    values: int = 0
    found: Collector = field(default_factory=Collector)
    spans: dict[Place, SourceSpan] = field(default_factory=dict)
    uses: dict[Place, Used] = field(default_factory=dict)
    known: dict[str, dict[str, Plain]] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.spans.update(self.document.spans)

    def blocks(self, written: Plain) -> dict[str, Plain]:
        """Take the blocks apart; one that is not written as a block is told and left out."""
        if not isinstance(written, dict):
            self.error("CN0203", ("blocks",), "`blocks` must be a mapping of names to blocks")
            return {}
        for name, block in written.items():
            place: Place = ("blocks", name)
            if not isinstance(block, dict) or not isinstance(block.get("require"), dict):
                remedy = "write `require:` with what the block asks for"
                self.error("CN0223", place, f"the block `{shorten(name)}` asks for nothing", remedy)
                continue
            strays = [key for key in block if key not in {"parameters", "require"}]
            for key in strays:
                remedy = "the keys there are `parameters`, `require`"
                self.error("CN0201", (*place, key), f"unknown key `{key}` in a block", remedy)
            self.known[name] = block
        return dict(self.known)

    def value(self, value: Plain, place: Place, inside: tuple[str, ...]) -> Plain:
        """Return a value without `use`; `inside` are the blocks that it came from."""
        self.values += 1
        if isinstance(value, dict):
            if isinstance(value.get("use"), str):
                return self.used(value, place, inside)
            # `then` goes first, as in the canonical form.
            keys = sorted(value, key=lambda key: key == "else")
            return {key: self.value(value[key], (*place, key), inside) for key in keys}
        if isinstance(value, list):
            return [self.value(part, (*place, at), inside) for at, part in enumerate(value)]
        return value

    def used(self, use: dict[str, Plain], place: Place, inside: tuple[str, ...]) -> Plain:
        """Return what a block asks for in the place of its `use`."""
        name = str(use["use"])
        block = self.known.get(name)
        if block is None:
            remedy = did_you_mean(name, self.known) or "add it under `blocks`"
            self.error("CN0223", place, f"there is no block `{shorten(name)}`", remedy)
            return {"all": []}
        if self.values > self.most:
            if self.values <= self.most + 1:
                message = f"with its blocks filled in the rule holds more than {self.most} values"
                self.error("CN0117", place, message, "say what is meant by a selector")
            return {"all": []}
        if name in inside or len(inside) >= MOST_NESTED:
            way = " → ".join((*inside, name))
            self.error("CN0223", place, f"a block uses itself: {way}", "write that part out")
            return {"all": []}
        strays = [key for key in use if key not in {"use", "with", *OWN}]
        for key in strays:
            remedy = f"say it in the block, or write the block out; a use has {', '.join(OWN)}"
            self.error("CN0201", (*place, key), f"unknown key `{key}` in a `use`", remedy)
        arguments = self.arguments(use, block, place)
        prefix = self.prefix(use, name)
        require = _Filler(arguments, prefix, frozenset(_ids(block["require"]))).value(
            block["require"]
        )
        own = {key: use[key] for key in OWN if key in use}
        base = ("blocks", name, "require")
        self.copy_spans(base, place)
        asked = require if isinstance(require, dict) else {}
        whole = {**asked, **own, "id": prefix}
        if not inside:
            said = {key: part for key, part in use.items() if key != "use"}
            self.uses[place] = Used(name, said)
        return self.value(whole, place, (*inside, name))

    def prefix(self, use: Mapping[str, Plain], name: str) -> str:
        """The id of the requirement, which begins the ids of those below it."""
        own = use.get("id") or slug(str(use.get("title") or "")) or ""
        if isinstance(own, str) and own:
            return own
        number = self.numbers[name] = self.numbers.get(name, 0) + 1
        return name if number == 1 else f"{name}-{number}"

    def arguments(
        self, use: Mapping[str, Plain], block: Mapping[str, Plain], place: Place
    ) -> dict[str, Plain]:
        """The value of each parameter; too many and too few are told."""
        parameters, given = block.get("parameters", []), use.get("with", {})
        names = [str(one) for one in parameters] if isinstance(parameters, list) else []
        values = given if isinstance(given, dict) else {}
        for name in values.keys() - set(names):
            remedy = did_you_mean(name, names) or f"it has {', '.join(names) or 'none'}"
            message = f"the block has no parameter `{shorten(name)}`"
            self.error("CN0224", (*place, "with", name), message, remedy)
        for name in names:
            if name not in values:
                message = f"the parameter `{shorten(name)}` has no value"
                self.error("CN0224", place, message, f"write `with: {{{name}: …}}`")
        return {name: values.get(name) for name in names}

    def copy_spans(self, source: Place, target: Place) -> None:
        """What came from a block is told where the block says it."""
        for place, span in self.document.spans.items():
            if place[: len(source)] == source and len(place) > len(source):
                self.spans[(*target, *place[len(source) :])] = span

    def error(self, code: str, place: Place, message: str, remedy: str = "") -> None:
        span = span_at(self.spans, place)
        self.found.error(code, message, span, path=place, remedy=remedy)


@dataclass(frozen=True, slots=True)
class _Filler:
    """Puts arguments in the place of parameters, and a prefix before the block's own ids."""

    arguments: Mapping[str, Plain]
    prefix: str
    own: frozenset[str]

    def value(self, value: Plain, key: str = "") -> Plain:
        if isinstance(value, dict):
            return {name: self.value(part, name) for name, part in value.items()}
        if isinstance(value, list):
            return [self.value(part, key) for part in value]
        if not isinstance(value, str):
            return value
        filled = self.filled(value)
        named = key == "id" or key in NAMING
        return f"{self.prefix}-{filled}" if named and value in self.own else filled

    def filled(self, text: str) -> Plain:
        whole = PARAMETER.fullmatch(text)
        if whole and (name := whole[1] or whole[2]) in self.arguments:
            return self.arguments[name]

        def written(found: re.Match[str]) -> str:
            name = found[1] or found[2]
            return str(self.arguments[name]) if name in self.arguments else found[0]

        return PARAMETER.sub(written, text)


def _ids(value: Plain) -> Iterator[str]:
    """Yield the ids that a block gives to requirements below its own."""
    below: list[Plain] = [*value.values()] if isinstance(value, dict) else []
    while below:
        part = below.pop()
        if isinstance(part, dict):
            if isinstance(part.get("id"), str):
                yield str(part["id"])
            below.extend(part.values())
        elif isinstance(part, list):
            below.extend(part)
