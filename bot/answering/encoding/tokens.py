"""How the bundled encoder cuts texts: SentencePiece's unigram model with its rules."""

from unicodedata import normalize

from tokenizers import Regex, Tokenizer, decoders, normalizers, pre_tokenizers
from tokenizers.models import Unigram
from tokenizers.processors import TemplateProcessing

from bot.answering.encoding.weights import Weights
from bot.errors import IndexUnavailableError

UNKNOWN = 3
WIDE_TILDE, STAND_IN = "\uff5e", "\ue000"


def build_tokenizer(weights: Weights) -> Tokenizer:
    """The tokenizer, from the pieces and the rules for characters in the file.

    The rules are NFKC with a few exceptions, which are found by comparing. NFKC itself
    also joins a letter and the accent that follows it, as the original model does.
    """
    odd = {
        one: read
        for one, read in weights.characters.items()
        if read != normalize("NFKC", one)
    }
    dropped = "".join(one for one, read in odd.items() if read == "")
    spaces = "".join(one for one, read in odd.items() if read == " ")
    if len(odd) != len(dropped) + len(spaces):
        raise IndexUnavailableError("the bundled encoder has rules that are not known")
    made = Tokenizer(Unigram(list(weights.vocabulary), unk_id=UNKNOWN))
    made.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(Regex(f"[{dropped}]"), ""),
            normalizers.Replace(Regex(f"[{spaces}]"), " "),
            normalizers.Replace(WIDE_TILDE, STAND_IN),  # it stays as it is
            normalizers.NFKC(),
            normalizers.Replace(STAND_IN, WIDE_TILDE),
        ]
    )
    made.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.WhitespaceSplit(),
            pre_tokenizers.Metaspace(prepend_scheme="always"),
        ]
    )
    made.decoder = decoders.Metaspace(prepend_scheme="always")
    made.post_processor = TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[("<s>", 0), ("</s>", 2)],
    )
    return made
