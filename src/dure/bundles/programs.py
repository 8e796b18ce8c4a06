"""What a program of a bundle needs and where it is out of date, told without running it."""

import ast
import re
import sys
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dure.bundles.contract import METADATA_FILES, PROGRAM, Step, arguments, decoded, read_metadata
from dure.bundles.findings import Findings, Place
from dure.bundles.opening import files_of

_MOST_BYTES = 1 << 20  # of a source file that is looked at
_ENTRIES = ("main.py", "__init__.py")  # of an evaluation of EvalAI
_PYTHON = re.compile(r"(?:.*/)?python(?P<version>[\d.]*)")
_NUMPY_GONE = {"float", "int", "bool", "object", "str", "complex", "long", "unicode", "asscalar"}  # by NumPy 1.24
_GONE = {
    "sklearn.externals",
    "sklearn.cross_validation",
    "sklearn.grid_search",
    "scipy.misc.imread",
    "numpy.testing.decorators",
}
_PYTHON_2_MODULES = {"ConfigParser", "Queue", "StringIO", "cPickle", "cStringIO", "urllib2", "urlparse", "__builtin__"}
_PYTHON_2_NAMES = {"raw_input", "unicode", "xrange", "basestring"}
_PYTHON_2_LINE = re.compile(
    r"""^\s*(?:print\s+["'\w%]|print\s*>>|print\s*$|exec\s+["'\w]|raise\s+\w+\s*,|except\s+[\w.()]+(?:\s*,\s*\w+)\s*:)|<>|\bur["']"""
)
_RUNS = {"call", "check_call", "check_output", "main", "Popen", "run", "system"}
_OTHERS = {
    "yaml": "pyyaml",
    "sklearn": "scikit-learn",
    "cv2": "opencv-python",
    "PIL": "pillow",
    "skimage": "scikit-image",
}


@dataclass(frozen=True)
class Program:
    """A program of the bundle: ``command`` as its metadata has it, ``imports``: module → where it is first imported.

    Only modules that are neither Python's nor come with the bundle count; ``optional`` ones are guarded by a ``try``.
    """

    folder: Path
    command: str | None
    imports: Mapping[str, Place] = field(default_factory=dict)
    optional: frozenset[str] = frozenset()

    @property
    def packages(self) -> tuple[str, ...]:
        """The names under which an index knows what must be there."""
        return tuple(sorted(_OTHERS.get(module, module) for module in self.imports.keys() - self.optional))


def modules(folder: Path) -> frozenset[str]:
    """What can be imported from a folder."""
    files = {path.stem for path in files_of(folder) if path.suffix in {".py", ".so"}}
    return frozenset(files | {path.name for path in folder.rglob("*") if path.is_dir()})


def look_at(
    folder: Path, name: str, findings: Findings, *, step: Step | None, beside: frozenset[str] = frozenset()
) -> Program:
    """Read the program in ``folder``; ``name`` is its path in the bundle, ``beside`` what submissions bring.

    ``step``: as what it runs, where it runs by its metadata (a scoring program cannot do without); None: it does not.
    """
    command, script = _command(folder, name, findings, step) if step else (None, "")
    look = _Look(folder, name, findings, modules(folder) | beside)
    starts = [folder / one for one in ([script] if script else _ENTRIES if step is None else ())]
    look.follow([file for file in starts if file.is_file()] or look.sources)
    return Program(folder, command, look.imports, frozenset(look.optional - look.required))


def _command(folder: Path, name: str, findings: Findings, step: Step) -> tuple[str | None, str]:
    """The command that the metadata says and the source file of the program that it starts, if it starts one."""
    found = next((folder / one for one in METADATA_FILES if (folder / one).is_file()), None)
    if found is None:
        deeper = [path for path in folder.glob("*/metadata*") if path.name in METADATA_FILES]
        if deeper:
            findings.add("program.wrapped", Place(f"{name}/{deeper[0].relative_to(folder).as_posix()}"))
        elif step != Step.SUBMISSION:
            findings.add("program.no-metadata", Place(name))
        return None, ""
    file = f"{name}/{found.name}"
    metadata = read_metadata(found.read_bytes(), file)
    findings.take(one for one in metadata.defects if step != Step.SUBMISSION or not one.stops)
    if metadata.command is None or any(one.stops for one in metadata.defects):
        return metadata.command, ""
    return metadata.command, _script(metadata.command, folder, Place(file), findings, step)


def _script(command: str, folder: Path, place: Place, findings: Findings, step: Step) -> str:
    words = arguments(command, step)
    python = _PYTHON.fullmatch(words[0])
    if python is None:
        findings.add("command.interpreter", place, program=words[0])
        return ""
    if python["version"].startswith("2"):
        findings.add("program.python2", place, line=command)
    script = next((word for word in words[1:] if word.endswith(".py")), "").removeprefix(f"{PROGRAM}/")
    if script.startswith("/"):
        return ""
    if script and not (folder / script).is_file():
        findings.add("command.file", place, file=script)
    return script


class _Look:
    """Goes through the source files of one program."""

    def __init__(self, folder: Path, name: str, findings: Findings, own: frozenset[str]) -> None:
        self._folder, self._name, self._findings, self._own = folder, name, findings, own
        self.sources = [
            file for file in files_of(folder) if file.suffix == ".py" and file.stat().st_size <= _MOST_BYTES
        ]
        self.imports: dict[str, Place] = {}
        self.required: set[str] = set()
        self.optional: set[str] = set()

    def follow(self, files: Sequence[Path]) -> None:
        """Look at these and at what of the program they import, and so on. What nothing imports is not looked at."""
        seen, waiting = set(files), list(files)
        while waiting:
            imported = self._at(waiting.pop(0))
            found = [file for file in self.sources if file not in seen and self._answers(file, imported)]
            seen.update(found)
            waiting += found

    def _answers(self, file: Path, imported: set[str]) -> bool:
        """Whether an import of one of these names may reach the file: by its own name or a folder's."""
        return bool({file.stem, *file.relative_to(self._folder).parent.parts} & imported)

    def _at(self, file: Path) -> set[str]:
        """Look at one file; returns every name in its imports."""
        shown = f"{self._name}/{file.relative_to(self._folder).as_posix()}"
        source = decoded(file.read_bytes())
        try:
            with warnings.catch_warnings(action="ignore"):
                tree = ast.parse(source)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as fault:
            self._unparsed(source, shown, fault)
            return set()
        names: set[str] = set()
        for node, guarded in _nodes(tree):
            names |= _names(node)
            self._node(node, Place(shown, getattr(node, "lineno", 1), getattr(node, "col_offset", 0) + 1), guarded)
        return names

    def _unparsed(self, source: str, shown: str, fault: Exception) -> None:
        lines = source.splitlines()
        old = next((number for number, line in enumerate(lines, 1) if _PYTHON_2_LINE.search(line)), None)
        if old:
            self._findings.add("program.python2", Place(shown, old), line=lines[old - 1].strip())
        else:
            self._findings.add("program.syntax", Place(shown, getattr(fault, "lineno", 0) or 0), why=fault)

    def _node(self, node: ast.AST, place: Place, guarded: bool) -> None:
        for module in _imported(node):
            self._module(module, place, guarded)
        if isinstance(node, ast.Call) and _installs(node):
            self._findings.add("program.installs", place, line=ast.unparse(node))
        if isinstance(node, ast.BinOp) and isinstance(node.left, ast.Name) and node.left.id == "print":
            self._findings.add("program.python2", place, line=ast.unparse(node))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            whole = f"{node.value.id}.{node.attr}"
            if node.value.id in {"np", "numpy"} and node.attr in _NUMPY_GONE:
                self._findings.add("program.old-numpy", place, name=whole)
        if isinstance(node, ast.Name) and node.id in _PYTHON_2_NAMES and isinstance(node.ctx, ast.Load) and not guarded:
            self._findings.add("program.python2-name", place, name=node.id)

    def _module(self, module: str, place: Place, guarded: bool) -> None:
        top = module.partition(".")[0]
        if any(module == gone or module.startswith(f"{gone}.") for gone in _GONE):
            self._findings.add("program.old-package", place, name=module)
        if top in _PYTHON_2_MODULES and not guarded:
            self._findings.add("program.python2", place, line=f"import {module}")
        if top in sys.stdlib_module_names | _PYTHON_2_MODULES | self._own:
            return
        self.imports.setdefault(top, place)
        (self.optional if guarded else self.required).add(top)


def _nodes(tree: ast.AST) -> Iterator[tuple[ast.AST, bool]]:
    """Every node, and whether a ``try`` stands round it."""
    waiting: list[tuple[ast.AST, bool]] = [(tree, False)]
    while waiting:
        node, guarded = waiting.pop()
        yield node, guarded
        inner = guarded or isinstance(node, ast.Try)
        waiting += [(child, inner) for child in reversed(list(ast.iter_child_nodes(node)))]


def _imported(node: ast.AST) -> list[str]:
    """The modules that an import statement names; what comes relative is the program's own."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return []


def _installs(call: ast.Call) -> bool:
    """Whether it starts pip: ``os.system("pip install x")``, ``check_call([python, "-m", "pip", "install", x])``."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name not in _RUNS:
        return False
    told = [node.value for part in call.args for node in ast.walk(part) if isinstance(node, ast.Constant)]
    words = " ".join(one for one in told if isinstance(one, str)).split()
    return "install" in words and ("pip" in ast.unparse(call.func) or not {"pip", "pip3"}.isdisjoint(words))


def _names(node: ast.AST) -> set[str]:
    """Every part of what an import statement names, relative or not."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        named = [alias.name for alias in node.names]
        return {part for name in (*named, getattr(node, "module", None) or "") for part in name.split(".")}
    return set()
