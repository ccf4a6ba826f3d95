"""Writing a roster file: its head, and a person with a device. The people then read it, and sign it."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from sekisho.approvals.device import MAKER, SoftwareDevice
from sekisho.approvals.roster import ROSTER_TYPE, Role
from sekisho.approvals.statement import encode
from sekisho.bitcoin.network import Network


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What the roster shall say of a person and the device they enrol."""

    person: str
    name: str
    organisation: str
    roles: tuple[Role, ...]
    device: str
    site: str


def roster_head(network: Network, relying_party: str, origins: Iterable[str], version: int, admins: int) -> str:
    """The part of a roster file that names nobody; `admins` is how many policy_admins must sign a change."""
    return (
        f'type = "{ROSTER_TYPE}"\nversion = {version}\nnetwork = "{network}"\n'
        f"relying_party = {json.dumps(relying_party)}\norigins = {json.dumps(sorted(origins))}\n\n"
        f"[policy_admin]\nthreshold = {admins}\n"
    )


def person_entry(enrolment: Enrolment) -> str:
    """The part that names a person; their devices follow it."""
    return (
        f"\n[[person]]\nid = {json.dumps(enrolment.person)}\nname = {json.dumps(enrolment.name, ensure_ascii=False)}\n"
        f"organisation = {json.dumps(enrolment.organisation)}\nroles = {json.dumps(list(enrolment.roles))}\n"
    )


def device_entry(enrolment: Enrolment, device: SoftwareDevice) -> str:
    """The part that enrols a device of the person named last."""
    return (
        f"\n[[person.device]]\nid = {json.dumps(enrolment.device)}\n"
        f'credential = "{encode(device.credential_id)}"\npublic_key = "{encode(device.public_key)}"\n'
        f'maker = "{MAKER}"\nsite = {json.dumps(enrolment.site)}\n'
    )
