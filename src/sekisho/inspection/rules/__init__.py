"""What makes a chain: one rule a file. `ALL` is every rule there is."""

from sekisho.inspection.rules import (
    automatic_start,
    decoded_code,
    disguised_program,
    fetch_and_run,
    git_takeover,
    hidden_text,
    lock_mismatch,
    near_names,
    other_packages,
    persistence,
    quiet_task,
    remote_code,
    remote_command,
    remote_object,
    remote_template,
    secrets_sent,
    shipped_object,
    targeted_code,
    unread_code,
    workflow_secrets,
)
from sekisho.inspection.rules.chain import Rule

ALL: tuple[Rule, ...] = (
    remote_code.RULE,
    remote_command.RULE,
    remote_object.RULE,
    remote_template.RULE,
    fetch_and_run.RULE,
    decoded_code.RULE,
    disguised_program.RULE,
    shipped_object.RULE,
    secrets_sent.RULE,
    workflow_secrets.RULE,
    targeted_code.RULE,
    quiet_task.RULE,
    automatic_start.RULE,
    persistence.RULE,
    git_takeover.RULE,
    hidden_text.RULE,
    near_names.RULE,
    lock_mismatch.RULE,
    other_packages.RULE,
    unread_code.RULE,
)
"""Worst first, as far as one can say."""
