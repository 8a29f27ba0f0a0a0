"""An overview of a project, put together from what was listed and read."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from workbench.providers.rehearsal.mind.conversation import Outcome
from workbench.providers.rehearsal.mind.evidence import prose, source
from workbench.providers.rehearsal.mind.evidence.manifest import Manifest, manifest
from workbench.providers.rehearsal.mind.evidence.tree import Tree
from workbench.providers.rehearsal.mind.markdown import bullets, clip, code, count, names, table
from workbench.providers.rehearsal.mind.skills.trouble import failures, lowered
from workbench.providers.rehearsal.mind.steps import Answer


@dataclass(frozen=True)
class Overview:
    """Names and texts, and what they amount to."""

    tree: Tree
    outcomes: Mapping[str, Outcome]
    """What was read, by path."""
    base: str = ""

    @cached_property
    def texts(self) -> dict[str, str]:
        """What could be read, by path."""
        return {path: o.text for path, o in self.outcomes.items() if o.ok and not o.media}

    @cached_property
    def manifests(self) -> list[Manifest]:
        """The manifests among it that could be parsed."""
        parsed = (manifest(path, text) for path, text in self.texts.items())
        return sorted((m for m in parsed if m), key=lambda m: (m.path.count("/"), not m.name))

    @property
    def readme(self) -> str:
        """Text of the outermost README, or nothing."""
        return next((self.texts[path] for path in self.tree.readmes if path in self.texts), "")

    @property
    def sources(self) -> dict[str, str]:
        """The program texts among it."""
        return {path: text for path, text in self.texts.items() if source.is_source(path)}

    @property
    def findings(self) -> tuple[str, ...]:
        """What is worth keeping, a line for each file read."""
        lines = [f"{m.path}: {_headline(m)}" for m in self.manifests if m.name]
        if said := prose.paragraph(self.readme):
            lines.append(f"README: {clip(prose.sentences(said)[0], 200)}")
        lines += [
            f"{path}: {clip(said, 160)}" for path, text in self.sources.items() if (said := source.opening(path, text))
        ]
        return tuple(lines[:4])

    def answer(self) -> Answer:
        """The overview in Markdown, and how sure it is."""
        pieces = [self._lead(), self._folders(), self._starts(), self._commands(), self._unchecked()]
        text = "\n\n".join(piece for piece in (*pieces, failures(self.outcomes.values())) if piece)
        seen = (bool(self.readme), any(m.name for m in self.manifests), bool(self.sources))
        confidence = {3: 0.9, 2: 0.86, 1: 0.78, 0: 0.7}[sum(seen)]
        return Answer(text, lowered(confidence, self.outcomes.values()), self._reason(), self._alternatives(confidence))

    def _lead(self) -> str:
        main = next((m for m in self.manifests if m.name), None)
        heading = prose.title(self.readme) if self.readme else ""
        lead = f"**{heading or (main.name if main else '') or self.base or 'This folder'}**"
        if main:
            lead += f" is a {main.kind} project ({code(main.path)}: {_headline(main)})."
        else:
            kinds = ", ".join(f"{n} {code(s)}" for s, n in self.tree.extensions.most_common(4))
            lead += f" holds {count(len(self.tree.files), 'file')}{': ' + kinds if kinds else ''}."
        said = " ".join(prose.sentences(prose.paragraph(self.readme))[:3])
        return lead + (f"\n\n> {clip(said, 480)}" if said else "")

    def _folders(self) -> str:
        inside = Counter(path.split("/")[0] for path in self.tree.files if "/" in path)
        if not inside:
            return "Files: " + names(self.tree.files, 20)
        rows = [(code(f"{name}/"), str(number), self._about(name)) for name, number in sorted(inside.items())[:12]]
        loose = [path for path in self.tree.files if "/" not in path]
        beside = "\n\nBeside them: " + names(loose, 12) if loose else ""
        return (
            table(("Folder", "Files seen" if self.tree.capped else "Files", "What it says of itself, or holds"), rows)
            + beside
        )

    def _about(self, folder: str) -> str:
        inits = sorted((p for p in self.texts if p.startswith(f"{folder}/") and p.endswith("/__init__.py")), key=len)
        if inits and (said := source.opening(inits[0], self.texts[inits[0]])):
            return f"{code(inits[0])}: {clip(prose.sentences(said)[0], 120)}"
        return names((p.split("/", 1)[1] for p in self.tree.files if p.startswith(f"{folder}/")), 4)

    def _starts(self) -> str:
        lines = []
        for path, text in self.sources.items():
            said = source.opening(path, text)
            defined = [d for d in source.definitions(path, text) if not d.indent]
            what = " ".join(
                piece
                for piece in (
                    clip(prose.sentences(said)[0], 140) if said else "",
                    f"Defines {names((d.name for d in defined), 6)}." if defined else "",
                )
                if piece
            )
            lines.append(f"{code(path)}: {what or count(prose.lines(text), 'line')}")
        for path, text in self.texts.items():
            if source.language(path) in ("", "markdown") and text != self.readme and (said := prose.paragraph(text)):
                title = prose.title(text)
                lines.append(
                    f"{code(path)}{f', “{clip(title, 60)}”' if title else ''}: {clip(prose.sentences(said)[0], 140)}"
                )
        return "**Where to start reading**\n\n" + bullets(lines) if lines else ""

    def _commands(self) -> str:
        scripts = {name: (m, command) for m in self.manifests for name, command in m.scripts.items()}
        if not scripts:
            return ""
        lines = [
            f"{code(name)}: {code(clip(cmd, 80))} ({code(m.path)})" for name, (m, cmd) in list(scripts.items())[:8]
        ]
        return "**Commands it defines**\n\n" + bullets(lines)

    def _unchecked(self) -> str:
        others = len([path for path in self.tree.files if path not in self.texts])
        more = " The listing was cut at 200 names, so there may be more." if self.tree.capped else ""
        known = f"{count(others, 'other file')} I know by name only." if others else "I read every file."
        return known + more

    def _reason(self) -> str:
        read = ", ".join(self.texts) or "no file"
        return f"I listed {count(len(self.tree.files), 'name')} and read {read}; the rest I know by name only."

    def _alternatives(self, confidence: float) -> tuple[str, ...]:
        if confidence >= 0.86:
            return ()
        return ("List every file with its folder", "Read one file you name", "Search the contents for a word")


def _headline(m: Manifest) -> str:
    version = f" {m.version}" if m.version else ""
    needs = f", needs {m.requires}" if m.requires else ""
    about = f", “{clip(m.description, 160)}”" if m.description else ""
    depends = f", {count(len(m.dependencies), 'dependency')}" if m.dependencies else ""
    return f"{m.name}{version}{about}{needs}{depends}"
