"""The commands of the checkpoint and its evidence, each in the file of its room."""

import typer

from sekisho.cli import evidence, homes, payments, people

checkpoint = typer.Typer()
checkpoint.command()(homes.demo)
checkpoint.command()(homes.init)
checkpoint.command()(homes.status)
checkpoint.add_typer(people.device, name="device")
checkpoint.add_typer(people.roster, name="roster")
checkpoint.add_typer(people.policy, name="policy")
checkpoint.add_typer(people.wallet, name="wallet")
checkpoint.add_typer(payments.request, name="request")
checkpoint.command()(payments.approve)
checkpoint.command()(payments.reject)
checkpoint.command()(payments.check)
checkpoint.command()(payments.cosign)
checkpoint.command()(homes.freeze)
checkpoint.command()(homes.thaw)
checkpoint.add_typer(evidence.evidence, name="evidence")
checkpoint.add_typer(evidence.log, name="log")
checkpoint.add_typer(evidence.witness, name="witness")
