"""Competitions of other platforms taken in: read, tried out in the sandbox, made into a programme with its rounds."""

from dure.joints.importing.exporting import export_task
from dure.joints.importing.programme import Imported, import_bundle
from dure.joints.importing.trial import Trial, try_out

__all__ = ["Imported", "Trial", "export_task", "import_bundle", "try_out"]
