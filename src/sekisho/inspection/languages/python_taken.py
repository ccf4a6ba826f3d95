"""What a Python program may take of its user, and what it packs that in before it leaves."""

from sekisho.inspection.findings import Source
from sekisho.inspection.languages.knowledge import Role, same

FAR_HANDLERS = ("HTTP", "SysLog", "Socket", "Datagram", "SMTP")
"""Handlers of logging that send records to another machine."""

ROLES: dict[str, Role] = {
    **same(
        Role(special="settings file"),
        "configparser.ConfigParser.read",
        "configparser.RawConfigParser.read",
        "configparser.SafeConfigParser.read",
        "ConfigParser.ConfigParser.read",
    ),
    **same(
        Role(source=Source.FILE, special="read"),
        "configobj.ConfigObj",
        "toml.load",
        "anyconfig.load",
        "netrc.netrc",
    ),
    **same(
        Role(special="whole"),
        "dataclasses.asdict",
        "dataclasses.astuple",
        "attr.asdict",
        "attrs.asdict",
        "builtins.vars",
    ),
    **same(
        Role(source=Source.SECRET),
        "browser_cookie3.chrome",
        "browser_cookie3.load",
        "browser_cookie3.firefox",
        "ImageGrab.grab",
        "mss.mss.grab",
        "mss.mss.shot",
        "mss.mss.save",
        "pyautogui.screenshot",
        "pyscreeze.screenshot",
        "pyscreenshot.grab",
        "dxcam.create.grab",
        "pygetwindow.getActiveWindowTitle",
        "sounddevice.rec",
        "pynput.keyboard.GlobalHotKeys",
        "pynput.mouse.Listener",
        "pyxhook.HookManager",
        "pyWinhook.HookManager",
        "keyboard.read_key",
        "keyboard.read_event",
        "keyboard.start_recording",
        "evdev.InputDevice.read_loop",
        "rookiepy.chrome",
        "rookiepy.load",
        "pycookiecheat.chrome_cookies",
        "pycookiecheat.get_cookies",
        "browser_cookie3.brave",
        "browser_cookie3.edge",
        "browser_cookie3.opera",
        "browser_cookie3.safari",
        "browser_cookie3.chromium",
        "xerox.paste",
        "klembord.get_text",
        "jaraco.clipboard.paste",
        "tkinter.Tk.selection_get",
        "PIL.ImageGrab.grab",
        "pyperclip.paste",
        "clipboard.paste",
        "copykitten.paste",
        "pandas.read_clipboard",
        "win32clipboard.GetClipboardData",
        "tkinter.Tk.clipboard_get",
        "pynput.keyboard.Listener",
        "keyboard.on_press",
        "keyboard.on_release",
        "keyboard.hook",
        "keyboard.record",
    ),
    "win32crypt.CryptUnprotectData": Role(special="unsealed"),
    **same(
        Role(special="keychain"),
        "keyring.get_password",
        "keyring.get_credential",
        "secretstorage.search_items",
        "secretstorage.collection.search_items",
        "win32cred.CredRead",
        *(f"secretstorage.{of}get_default_collection.search_items" for of in ("", "collection.")),
    ),
    **same(
        Role(special="every entry"),
        "win32cred.CredEnumerate",
        "secretstorage.get_all_items",
        *(
            f"secretstorage.{of}{which}.get_all_items"
            for of in ("", "collection.")
            for which in (
                "get_default_collection",
                "get_any_collection",
                "get_all_collections",
                "Collection",
                "get_collection_by_alias",
            )
        ),
    ),
    "dotenv.dotenv_values": Role(special="settings"),
    **same(
        Role(source=Source.FILE, special="new archive"),
        "zipfile.ZipFile",
        "tarfile.open",
        "tarfile.TarFile.open",
        "pyzipper.AESZipFile",
    ),
    **same(
        Role(special="archive"),
        "zipfile.ZipFile.write",
        "tarfile.open.add",
        "tarfile.TarFile.open.add",
        "pyzipper.AESZipFile.write",
    ),
    **same(Role(special="archived"), "zipfile.ZipFile.writestr", "pyzipper.AESZipFile.writestr"),
    "shutil.make_archive": Role(special="made archive"),
    **{
        f"logging{of}.{how}": Role(special="logged")
        for of in ("", ".getLogger")
        for how in ("debug", "info", "warning", "error", "critical", "exception", "log")
    },
    **same(Role(special="far handler"), *(f"logging.handlers.{kind}Handler" for kind in FAR_HANDLERS)),
}
