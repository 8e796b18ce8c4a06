"""What people call a task by where they type it: on the command line and in the starter kit."""

from dure.challenges.models import Task


def name_of(task: Task) -> str:
    """Programme, stage and option, as in its address; its id where it stands alone."""
    place = getattr(task, "round_task", None)
    return "/".join(filter(None, [place.programme.slug, place.stage, place.option])) if place else str(task.pk)
