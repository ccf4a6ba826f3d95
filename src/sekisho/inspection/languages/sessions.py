"""How a program is lent what its user is logged in with: sessions of clouds, of chats, of a host that keeps grants.

Who uses such a session hands it to a library, in a header, or to the service it is for. Sent to anybody else as data it
is given away.
"""

import re

from sekisho.inspection.findings import Source
from sekisho.inspection.languages import ir
from sekisho.inspection.languages.knowledge import Role, same

LENT = Role(special="lent")
_GRANTED = Role(special="granted")

PYTHON: dict[str, Role] = {
    **same(
        LENT,
        "boto3.Session.get_credentials",
        "boto3.session.Session.get_credentials",
        "boto3._get_default_session.get_credentials",
        "aioboto3.Session.get_credentials",
        "botocore.session.get_session.get_credentials",
        "botocore.session.Session.get_credentials",
        "google.colab.auth.print_access_token",
        "google.oauth2.credentials.Credentials.from_authorized_user_file",
        "msal.PublicClientApplication.acquire_token_interactive",
        "msal.PublicClientApplication.acquire_token_silent",
        "telethon.sessions.StringSession.save",
        "telethon.TelegramClient.session.save",
        "telethon.sync.TelegramClient.session.save",
        *(
            f"azure.identity{aio}.{name}Credential.get_token"
            for aio in ("", ".aio")
            for name in ("AzureCli", "ManagedIdentity", "InteractiveBrowser", "Environment",
                         "DeviceCode", "DefaultAzure", "ChainedToken", "AzurePowerShell", "SharedTokenCache")
        ),
    ),
    **same(
        LENT,
        *(f"{client}.{name}" for client in ("boto3.client", "boto3.Session.client")
          for name in ("get_session_token", "get_federation_token", "create_access_key", "get_authorization_token")),
        "docker.auth.load_config",
    ),
    **same(Role(source=Source.SECRET), "secretstorage.get_all_items", "netrc.netrc", "browsercookie.chrome",
           "browsercookie.firefox", "browsercookie.load",
           "kubernetes.client.CoreV1Api.list_secret_for_all_namespaces"),
    "google.auth.default": Role(special="lent first"),
}  # fmt: skip
"""Calls of Python."""

JAVASCRIPT: dict[str, Role] = {
    **same(
        LENT,
        *(f"@aws-sdk/{package}.{name}" for package, names in {
            "credential-providers": ("fromNodeProviderChain", "fromIni", "fromSSO", "fromEnv", "fromProcess",
                                     "fromInstanceMetadata", "fromContainerMetadata", "fromTokenFile"),
            "credential-provider-node": ("defaultProvider",),
            "credential-provider-ini": ("fromIni",),
            "shared-ini-file-loader": ("loadSharedConfigFiles",),
        }.items() for name in names),
        *(f"google-auth-library.{name}" for name in ("GoogleAuth.getAccessToken", "auth.getAccessToken",
                                                     "GoogleAuth.getClient.getAccessToken")),
        *(f"@azure/identity.{name}Credential.getToken" for name in ("DefaultAzure", "AzureCli", "ManagedIdentity",
                                                                    "InteractiveBrowser", "Environment",
                                                                    "ChainedToken", "DeviceCode")),
        "@kubernetes/client-node.KubeConfig.exportConfig",
        "vscode.authentication.getSession",
        "global.chrome.identity.getAuthToken",
        "telegram.TelegramClient.session.save",
        "telegram/sessions.StringSession.save",
    ),
}  # fmt: skip
"""Calls of JavaScript."""

PYTHON_METHODS = same(LENT, "export_session_string")
JAVASCRIPT_METHODS = same(_GRANTED, "getCredentials")
"""Calls of anything, by their names."""

WORDS = {
    "python": "get_credentials azure google msal export_session_string get_frozen_credentials"
    " get_session_token get_federation_token create_access_key get_authorization_token load_config secretstorage netrc"
    " browsercookie list_secret_for_all_namespaces slixmpp vk_api vkbottle twitchio irc pydle mattermostdriver zulip"
    " pymumble_py3 rocketchat_API revolt guilded simplematrixbotlib",
    "javascript": "exportConfig getCredentials credential-providers credential-provider-node credential-provider-ini"
    " shared-ini-file-loader google-auth-library identity getSession getAuthToken creds noiseKey advSecretKey"
    " signedIdentityKey signedPreKey pairingEphemeralKeyPair",
}
"""Words without which a source is lent nothing."""

_CHATS = re.compile(r"(?:^|/)(?:ws|baileys|whatsapp[\w.-]*|libsignal[\w-]*)$")
_HOSTS = re.compile(r"^(?:n8n-(?:workflow|core)|@?aws-sdk|@activepieces/|@pipedream/|google-auth-library)(?:/|$|\b)")
_KEYS = re.compile(r"noiseKey|advSecretKey|signedIdentityKey|signedPreKey|pairingEphemeralKeyPair")
_HOLDERS = re.compile(r"auth(?:_?state)?|state|session", re.IGNORECASE)
_TOKENS = re.compile(r"token|grant", re.IGNORECASE)
_ISSUERS = re.compile(
    r"https?://(?:[\w.-]+\.)?(?:amazonaws\.com|amazon\.com|googleapis\.com|google\.com|microsoftonline\.com"
    r"|azure\.com|azure\.net|windows\.net|microsoft\.com|github\.com|githubusercontent\.com|gitlab\.com)(?:[:/?]|$)"
)
_STORES = re.compile(r"(?:mongodb|mongoose|pymongo|motor|redis|ioredis|aioredis|firebase|firebase-admin|firebase_admin"
                     r"|@supabase/supabase-js|supabase|boto3|aws-sdk)(?:[./]|$)")  # fmt: skip
"""Where a program keeps its own sessions."""


def is_about_chats(module: ir.Module) -> bool:
    """Whether a source speaks to the server of a chat by a socket, or by a library of one."""
    return any(_CHATS.search(name) for name, _ in module.imports)


def is_lent_grants(module: ir.Module) -> bool:
    """Whether a source is a part of a workflow tool, or of what signs in to a cloud."""
    return any(_HOSTS.search(name) for name, _ in module.imports)


def is_of_a_chat(name: str, holder: str) -> bool:
    """Whether a member is the keys by which a chat knows its user: those of Signal's and Noise's protocols."""
    return bool(_KEYS.fullmatch(name) or (name == "creds" and _HOLDERS.fullmatch(holder)))


def is_handed_on(name: str) -> bool:
    """Whether a field of a grant proves by itself who the user is."""
    return bool(_TOKENS.search(name))


def is_issuer(address: str) -> bool:
    """Whether an address is one of a service that gives out such sessions."""
    return bool(_ISSUERS.match(address))


def keeps_sessions(symbol: str) -> bool:
    """Whether a library is a store of a program's own."""
    return bool(_STORES.match(symbol))
