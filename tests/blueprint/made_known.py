"""What a growing made-up blueprint already has, and the small choices that hypothesis makes for it."""

from dataclasses import dataclass, field

from hypothesis import strategies as st


@dataclass
class Known:
    """What later stages, gates, gives and expressions may lean on."""

    draw: object
    subject: str
    stages: list = field(default_factory=list)
    stage: dict = field(default_factory=dict)  # the one being made
    facts: dict = field(default_factory=dict)  # its facts, as its gate would write them -> Fact
    asked: dict = field(default_factory=dict)  # question -> Fact, of forms so far
    left: dict = field(default_factory=dict)  # "stage.fact" -> Fact, of stages so far
    options: list = field(default_factory=list)  # in force
    choose: int = 1
    bind: dict = field(default_factory=dict)
    evidence: dict = field(default_factory=dict)
    external: dict = field(default_factory=dict)
    given: set = field(default_factory=set)  # (function, name) that expressions may ask
    mentored: bool = False
    teams: bool = False

    @property
    def one_option(self):
        """Whether options are in force of which a turn has one."""
        return bool(self.options) and self.choose == 1

    def maybe(self, one_in=2):
        return self.draw(st.integers(1, one_in)) == one_in

    def one(self, choices):
        return self.draw(st.sampled_from(list(choices)))

    def some(self, choices, least=0, most=3, *, unique=True):
        choices = list(choices)
        if not choices:
            return []
        return self.draw(st.lists(st.sampled_from(choices), min_size=least, max_size=most, unique=unique))

    def whole(self, low, high):
        return self.draw(st.integers(low, high))
