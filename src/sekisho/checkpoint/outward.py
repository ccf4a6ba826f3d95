"""What the world sees of the log: its newest head, as the policy's witnesses cosigned it."""

from collections.abc import Callable
from datetime import datetime

from sekisho.checkpoint.memory import seconds
from sekisho.checkpoint.state import State
from sekisho.evidence.gather import Gathered, gather
from sekisho.evidence.publish import FolderBehind, Publisher
from sekisho.evidence.quorum import WitnessPolicy
from sekisho.evidence.tiles import nodes


def publish(
    state: State, publisher: Publisher, policy: WitnessPolicy | None, clock: Callable[[], datetime]
) -> Gathered:
    """Publish the log as it stands, cosigned anew by those witnesses of `policy` that can be had; inside a turn.

    Raises FolderBehind, Rewound or Forked where what was published, or a witness, knows more than the log or another.
    """
    before = publisher.published().size
    if before < state.published:
        raise FolderBehind(publisher.folder.path, f"ends before entry {before}, though {state.published} were out")
    checkpoint = publisher.publish(state.log, seconds(clock()))
    gathered = Gathered(checkpoint, (), ())
    if policy is not None:
        node = nodes(publisher.folder.fetch, checkpoint.head.size)
        gathered = gather(checkpoint, policy, before, node, lambda: seconds(clock()))
    publisher.folder.put_checkpoint(gathered.checkpoint)
    return gathered
