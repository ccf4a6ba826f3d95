"""Functions that are told what somebody says in a chat, whatever library it is that hears it."""

import re

from sekisho.inspection.findings import Source
from sekisho.inspection.languages.knowledge import Role, same

_HEARD = Role(source=Source.NET)

PYTHON_METHODS = same(_HEARD, "on_message", "message_handler", "on_command", "callback_query_handler",
                      "channel_post_handler", "edited_message_handler", "on_edited_message", "on_private_message",
                      "on_channel_message", "on_callback_query", "add_event_handler", "add_event_callback")  # fmt: skip
"""Decorators that make a function one of a bot's, by their names."""

JAVASCRIPT_METHODS = same(_HEARD, "onMessage", "onText", "hears", "onCommand", "onAnyMessage")
"""Methods that add such a function."""

_HANDLERS = frozenset({"on_message", "on_private_message", "on_pubmsg", "on_privmsg", "on_raw_message", "on_dm",
                       "on_channel_message", "on_direct_message", "event_message", "on_chat_message"})  # fmt: skip
_OWN = {"self", "cls"}
_SPEAKS = re.compile(
    r"(?:^|_|\.)(?:\w*bot|chat|client|telegram|discord|whatsapp|slack|irc|mqtt|ev|\w*sock(?:et)?|ws|wss)$",
    re.IGNORECASE,
)
_MESSAGES = frozenset({"message", "messages", "messageCreate", "message_create", "text", "msg", "chat", "command",
                       "messages.upsert", "message:text", "privmsg", "dm", "new_message"})  # fmt: skip
_ADDS = {"on", "once", "addListener", "command"}


def is_handler(name: str) -> bool:
    """Whether a function of this name is called with what somebody says: libraries look for it by the name."""
    return name in _HANDLERS


def is_own(name: str) -> bool:
    """Whether a parameter is the object itself."""
    return name in _OWN


def hears(method: str, receiver: str, event: str) -> bool:
    """Whether `receiver.method("event", function)` has a function told what somebody says elsewhere.

    Workers, processes and frames of the machine itself send messages too, and are called otherwise.
    """
    return method in _ADDS and bool(_SPEAKS.search(receiver)) and (method == "command" or event in _MESSAGES)
