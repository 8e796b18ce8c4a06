"""The joints' jobs, where workers look for them."""

from dure.joints.exports import gather
from dure.joints.letters import tell_openings, tell_results

__all__ = ["gather", "tell_openings", "tell_results"]
