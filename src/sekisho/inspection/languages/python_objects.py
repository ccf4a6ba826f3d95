"""What makes objects of data in Python, and so runs what the data names: pickle and its kin, YAML, models, messages."""

from sekisho.inspection.findings import Sink
from sekisho.inspection.languages.knowledge import Role, same

UNSAFE = "ruamel.yaml.YAML(unsafe)"
"""The symbol of what `ruamel.yaml.YAML(typ="unsafe")` gives."""

FAR_END = "multiprocessing.connection.Client(elsewhere)"
"""The symbol of a connection to another machine, whose messages are pickles."""

_UNPICKLE = Role(sink=Sink.DESERIALISE, arguments=(0,), keywords=("file", "f", "data", "stream"))
_HEARD = Role(special="heard objects")

ROLES: dict[str, Role] = {
    **same(_UNPICKLE, *(
        f"{module}.{name}"
        for module in ("pickle", "_pickle", "cPickle", "pickle5", "dill", "cloudpickle", "zodbpickle.pickle",
                       "compress_pickle")
        for name in ("load", "loads", "Unpickler")
    )),
    **same(_UNPICKLE, "joblib.load", "sklearn.externals.joblib.load", "shelve.open", "pandas.read_pickle",
           "networkx.read_gpickle", "srsly.pickle_loads", "statsmodels.iolib.smpickle.load_pickle",
           "jsonpickle.decode", "jsonpickle.loads", "jsonpickle.unpickler.decode"),
    **same(_UNPICKLE, "yaml.unsafe_load", "yaml.unsafe_load_all", f"{UNSAFE}.load", f"{UNSAFE}.load_all",
           "ruamel.yaml.unsafe_load", "ruamel.yaml.unsafe_load_all", *(
               f"{yaml}.{prefix}Loader" for yaml in ("yaml", "ruamel.yaml") for prefix in ("", "C", "Unsafe", "CUnsafe")
           )),
    **same(Role(sink=Sink.DESERIALISE, arguments=(0,), keywords=("stream",), special="yaml"),
           "yaml.load", "yaml.load_all", "yaml.full_load", "yaml.full_load_all",
           "ruamel.yaml.load", "ruamel.yaml.load_all"),
    "torch.load": Role(sink=Sink.DESERIALISE, arguments=(0,), special="torch"),
    "numpy.load": Role(sink=Sink.DESERIALISE, arguments=(0,), special="numpy"),
    "ruamel.yaml.YAML": Role(special="yaml reader"),
    "multiprocessing.connection.Client": Role(special="connection"),
    f"{FAR_END}.recv": _HEARD,
}  # fmt: skip

METHODS: dict[str, Role] = {"recv_pyobj": _HEARD}
