"""The joints' jobs, where workers look for them."""

from dure.joints.letters import tell_results

__all__ = ["tell_results"]
