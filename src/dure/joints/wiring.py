"""Which joint stands in which socket: the recorded one everywhere, a room's own where it exists."""

from dure.blueprint.model import Kind
from dure.joints.gates.decide import DecideInputs
from dure.joints.gates.external import ExternalInputs
from dure.joints.gates.panel import PanelInputs
from dure.joints.gives.credential import IssuedCredential
from dure.joints.gives.money import MoneyGive
from dure.joints.gives.recorded import RecordedGive
from dure.joints.gives.role import SeatGive
from dure.joints.gives.spawn import SpawnProgramme
from dure.joints.provides.recorded import RecordedProvision
from dure.joints.stages.courses import CourseStage
from dure.joints.stages.forms import FormStage
from dure.joints.stages.recorded import RecordedStage
from dure.joints.stages.rounds import RoundStage
from dure.joints.stages.tests import TestStage
from dure.programmes.kinds import gate_inputs, give_kinds, provide_kinds, stage_kinds

PROVISIONS = ("compute", "data", "model", "facility", "space", "advice")


def plug_all() -> None:
    """Fill every socket."""
    for stage_kind in Kind:
        stage_kinds.plug(stage_kind, RecordedStage())
    stage_kinds.plug(Kind.FORM, FormStage())
    stage_kinds.plug(Kind.ROUND, RoundStage())
    stage_kinds.plug(Kind.LEARN, CourseStage())
    stage_kinds.plug(Kind.TEST, TestStage())
    gate_inputs.plug("panel", PanelInputs())
    gate_inputs.plug("decide", DecideInputs())
    gate_inputs.plug("external", ExternalInputs())
    for kind in ("privilege", "publish"):
        give_kinds.plug(kind, RecordedGive())
    give_kinds.plug("credential", IssuedCredential())
    give_kinds.plug("money", MoneyGive())
    give_kinds.plug("role", SeatGive())
    give_kinds.plug("spawn", SpawnProgramme())
    for provision in PROVISIONS:
        provide_kinds.plug(provision, RecordedProvision())
