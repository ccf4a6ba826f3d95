"""Workflows that strangers can start: what they may say or send is run with the rights of the repository.

Source: GitHub's "Security hardening for GitHub Actions", on script injections and on `pull_request_target`.
"""

import re

from sekisho.inspection.configs.document import Node
from sekisho.inspection.findings import Mark
from sekisho.inspection.page import Page

_FROM_OUTSIDE = {"pull_request_target", "issues", "issue_comment", "discussion", "discussion_comment", "workflow_run",
                 "pull_request_review", "pull_request_review_comment", "fork", "gollum"}  # fmt: skip
_WITH_RIGHTS = {"pull_request_target", "workflow_run", "issue_comment"}
_THEIR_CODE = re.compile(
    r"github\.event\.pull_request\.head\.(?:sha|ref)|github\.head_ref|refs/pull/|event\.workflow_run\.head_(?:sha|branch)"
    r"|event\.pull_request\.merge_commit_sha"
)
_THEIR_WORDS = re.compile(
    r"\$\{\{[^}]*\bgithub\.(?:head_ref|event\.(?:issue|comment|discussion|pull_request|review|pages|workflow_run|head_commit"
    r"|commits)\b[\w.*\[\]]*\.(?:title|body|message|name|email|ref|label|head_branch|page_name|default_branch))\b[^}]*\}\}"
)


def strangers(page: Page, document: Node, events: set[str]) -> None:
    """Steps of a workflow that run a stranger's code or words."""
    if not events & _FROM_OUTSIDE:
        return
    for _, job in document.first("jobs").members:
        fetched = 0
        for step in job.first("steps").items:
            ref = step.first("with", "ref")
            if _THEIR_CODE.search(ref.text) and "checkout" in step.first("uses").text and events & _WITH_RIGHTS:
                fetched = ref.line
            elif fetched and (step.first("run").text or step.first("uses").text.startswith("./")):
                page.see(
                    Mark.STRANGER, fetched, "a stranger's code is fetched, and run with the rights of the repository"
                )
                fetched = 0
            for words in (step.first("run"), step.first("with", "script")):
                for number, line in enumerate(words.text.split("\n") if words.text else ()):
                    if _THEIR_WORDS.search(line[:5000]):
                        page.see(Mark.STRANGER, words.line + number, "a stranger's words are put into a command")
