"""What looks like hidden text, and what people write."""

import pytest

from sekisho.inspection.languages import ir
from sekisho.inspection.languages.ir import is_scrambled
from sekisho.inspection.languages.javascript_source import lower_javascript

HIDDEN = (
    "cHJpbnQoMSkgcHJpbnQoMik5",
    "68656c6c6f20776f726c642068656c6c6f20776f726c6421",
    "soo'olelegn(cit.r'n)",
    "jnqpsu!pt&pt/tztufn)(xipbnj(*",
    "cHJpbn,QoMSkg,cHJpb,nQoMik5,aW1wb,3J0IG9z,b3Muc3lz",
    "vzcbeg,bf,flfgrz,jubnzv,vzcbeg,fhocebprff,eha",
)
WRITTEN = (
    "intent(callback) ",
    'vars2fortran: Confused?!: "',
    "end|endprogram|endblockdata|endmodule|endpythonmodule|endinterface|endsubroutine|endfunction",
    "int\0double\0float\0char\0short\0long",
    "\n:func:`~pandas.eval` source string parsing functions\n",
    "()[]{}=+-/* ",
    ",key,ref,ref_for,ref_key,onVnodeBeforeMount,onVnodeMounted,onVnodeBeforeUpdate,onVnodeUpdated",
    "html,body,base,head,link,meta,style,title,address,article,aside,footer,header,hgroup,h1,h2,h3,nav,section,p",
    "analyzeline: Creating additional interface block (groupcounter=",
)


@pytest.mark.parametrize("text", HIDDEN)
def test_hidden_text_is_known(text: str) -> None:
    assert is_scrambled(text)


@pytest.mark.parametrize("text", WRITTEN)
def test_what_people_write_is_not_hidden(text: str) -> None:
    assert not is_scrambled(text)


def lowered(padding: int, hidden: str) -> ir.Module:
    return lower_javascript(f"const a = {hidden};\n" + "const plain = other;\n" * (padding // 21))


def test_an_ordinary_source_hides_something_if_one_constant_is_hidden() -> None:
    assert lowered(10_000, f"'{HIDDEN[0]}'").hides
    assert not lowered(10_000, "'what people write'").hides


def test_a_bundle_hides_something_only_if_a_hundredth_of_it_is_hidden() -> None:
    """Bundles always hold a hash or two: that a decoder in them decodes those is a guess."""
    numbers = ", ".join(str(60 + n % 60) for n in range(2_000))
    assert not lowered(200_000, f"'{HIDDEN[0]}'").hides
    assert not lowered(200_000, "[0, 0, 0, 0, 0, 0]").hides
    assert lowered(200_000, "'" + HIDDEN[0] * 100 + "'").hides
    assert lowered(200_000, f"[{numbers}]").hides
