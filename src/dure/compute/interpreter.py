"""The Python of a box, read-only: the platform's interpreter and column libraries, or a locked environment."""

import os
import sys
from functools import cache
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

from dure.compute.box import PACKAGES_FOLDER, Packages

ENVIRONMENT_FOLDER = "/opt/environment"  # where a box sees the locked environment that it was given
# What prediction and scoring programs may import. DURE_SANDBOX_PACKAGES adds to it (names of distributions).
PACKAGES = (
    *("numpy", "scipy", "scikit-learn", "joblib", "threadpoolctl"),
    *("polars", "polars-runtime-32", "pandas", "python-dateutil", "six", "pytz", "tzdata"),
    *("narwhals", "pyarrow", "lightgbm", "xgboost"),
)
_MOST_THREADS = 4


def exposed(packages: Packages | None = None) -> dict[str, Path]:
    """Path inside the box → path here: the interpreter, where it is not the system's, and a locked environment."""
    if packages:
        return {**_interpreter(packages.prefix), ENVIRONMENT_FOLDER: packages.folder}
    return _interpreter(Path(sys.base_prefix).resolve())


@cache
def platform_packages() -> dict[str, Path]:
    """Name in the box's folder of packages → path here."""
    return {path.name: path for name in wanted() for path in _tops(name)}


def _interpreter(prefix: Path) -> dict[str, Path]:
    return {} if prefix.is_relative_to("/usr") else {str(prefix): prefix}


def environment_in_full(packages: Packages | None = None) -> dict[str, str]:
    """The environment in which the exposed interpreter finds itself and the packages."""
    if packages:
        return {"PATH": f"{ENVIRONMENT_FOLDER}/bin:/usr/bin:/bin", **_everywhere()}
    programs = f"{Path(sys.base_prefix).resolve()}/bin:/usr/bin:/bin"
    return {"PATH": programs, "PYTHONPATH": PACKAGES_FOLDER, **_everywhere()}


def environment_in_limited(packages: Packages | None = None) -> dict[str, str]:
    """The same, with the platform's own environment in place of the packages folder."""
    programs = packages.folder / "bin" if packages else Path(sys.executable).parent
    return {"PATH": f"{programs}:/usr/bin:/bin", **_everywhere()}


def _everywhere() -> dict[str, str]:
    threads = str(min(_MOST_THREADS, os.cpu_count() or 1))
    pools = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "POLARS_MAX_THREADS")
    return {"LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUNBUFFERED": "1", **dict.fromkeys(pools, threads)}


def wanted() -> tuple[str, ...]:
    """The distributions of the standard environment, installed here or not."""
    more = os.environ.get("DURE_SANDBOX_PACKAGES", "")
    return (*PACKAGES, *(name.strip() for name in more.split(",") if name.strip()))


def _tops(name: str) -> set[Path]:
    """The files and folders that a distribution put at the top of site-packages; none where it is not installed."""
    try:
        listed = files(name) or []
    except PackageNotFoundError:
        return set()
    tops = {(file.parts[0], Path(str(file.locate())).parents[len(file.parts) - 1]) for file in listed}
    return {site / top for top, site in tops if top not in ("..", "__pycache__") and (site / top).exists()}
