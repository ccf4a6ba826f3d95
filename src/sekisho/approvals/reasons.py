"""Why the people's part of a case is not enough."""

from dataclasses import dataclass
from typing import ClassVar

from sekisho.approvals.statement import Statement
from sekisho.verdicts import Reason


@dataclass(frozen=True, slots=True)
class UnknownCredential(Reason):
    """A signature by a device that is not on the roster."""

    code: ClassVar[str] = "unknown-credential"
    credential: bytes

    def __str__(self) -> str:
        return f"a signature by credential {self.credential.hex()[:16]}…, which is not on the roster"


@dataclass(frozen=True, slots=True)
class WrongStatement(Reason):
    """A signature over something else than it is used for."""

    code: ClassVar[str] = "wrong-statement"
    person: str
    said: Statement
    used_as: str

    def __str__(self) -> str:
        return f"{self.person} signed {self.said}, which is no {self.used_as}"


@dataclass(frozen=True, slots=True)
class WrongDocument(Reason):
    """A signature about another document: another request, an edited one, another version."""

    code: ClassVar[str] = "wrong-document"
    person: str
    signed: bytes
    document: bytes

    def __str__(self) -> str:
        return f"{self.person} signed document {self.signed.hex()[:16]}…, this one is {self.document.hex()[:16]}…"


@dataclass(frozen=True, slots=True)
class RequestUnsigned(Reason):
    """The requester did not sign the request."""

    code: ClassVar[str] = "request-unsigned"
    requester: str

    def __str__(self) -> str:
        return f"the request is not signed by {self.requester}, who is named as its requester"


@dataclass(frozen=True, slots=True)
class NotARequester(Reason):
    """The person named as requester may not ask for payments."""

    code: ClassVar[str] = "not-a-requester"
    person: str

    def __str__(self) -> str:
        return f"{self.person} is not a requester on the roster"


@dataclass(frozen=True, slots=True)
class NotAnApprover(Reason):
    """Somebody approved who may not."""

    code: ClassVar[str] = "not-an-approver"
    person: str

    def __str__(self) -> str:
        return f"{self.person} approved, but is not an approver on the roster"


@dataclass(frozen=True, slots=True)
class ApprovedOwnRequest(Reason):
    """The requester approved, or somebody with the requester's device."""

    code: ClassVar[str] = "approved-own-request"
    person: str

    def __str__(self) -> str:
        return f"{self.person} approved a request that they, or their device, had asked for"


@dataclass(frozen=True, slots=True)
class Rejected(Reason):
    """Somebody rejected the request."""

    code: ClassVar[str] = "rejected"
    person: str

    def __str__(self) -> str:
        return f"{self.person} rejected the request"


@dataclass(frozen=True, slots=True)
class QuorumShort(Reason):
    """Too few people signed."""

    code: ClassVar[str] = "quorum-short"
    counted: int
    threshold: int
    missing: tuple[str, ...]

    def __str__(self) -> str:
        waiting = f"; {', '.join(self.missing)} could still sign" if self.missing else ""
        return f"{self.counted} of the {self.threshold} people needed have signed{waiting}"


@dataclass(frozen=True, slots=True)
class NotDistinct(Reason):
    """The people who signed are too much alike."""

    code: ClassVar[str] = "not-distinct"
    attribute: str
    spanned: int
    needed: int

    def __str__(self) -> str:
        return f"the people who signed span {self.spanned} of the {self.needed} different {self.attribute}s needed"


@dataclass(frozen=True, slots=True)
class NobodyToAsk(Reason):
    """A quorum that no one could ever meet."""

    code: ClassVar[str] = "empty-quorum"

    def __str__(self) -> str:
        return "the quorum has no members or no threshold, so it is never met"
