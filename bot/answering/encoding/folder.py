"""The bundled encoder as a folder that sentence-transformers opens.

It is the reference that the graph is tested against, what the adapter is learned on
(and which it is no part of), and what ``EMBEDDING_MODEL`` may name to run by torch.
"""

import json
from pathlib import Path

from safetensors.numpy import save_file

from bot.answering.encoding.tokens import build_tokenizer
from bot.answering.encoding.weights import Array, Weights, unpacked
from bot.errors import IndexUnavailableError

PROMPTS = {"query": "query: ", "passage": "passage: ", "document": "passage: "}
# The file's name of a layer's part, and BERT's.
PARTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
EMBEDDINGS = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}
KIND = "sentence_transformers.models"


def write_folder(weights: Weights, folder: Path) -> Path:
    """Write weights, tokenizer and settings (about 470 MB), and return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "model.safetensors"
    save_file(_bert(weights), file, {"format": "pt"})
    file.chmod(0o644)  # save_file lets only its owner read it
    build_tokenizer(weights).save(str(folder / "tokenizer.json"))
    for name, content in _settings(weights).items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content, indent=1) + "\n", "utf-8")
    (folder / "2_Normalize").mkdir(exist_ok=True)
    return folder


def _bert(weights: Weights) -> dict[str, Array]:
    """The tensors in their shapes, by the names that BERT gives them."""
    named = {name: EMBEDDINGS[name] for name in EMBEDDINGS}
    for layer in range(weights.sizes["layers"]):
        for ours, theirs in PARTS.items():
            for short, long in (("w", "weight"), ("b", "bias")):
                place = f"encoder.layer.{layer}.{theirs}.{long}"
                named[f"l{layer}.{ours}.{short}"] = place
    if named.keys() != weights.tensors.keys():
        raise IndexUnavailableError("the bundled encoder holds tensors not known here")
    return {
        theirs: _shaped(unpacked(weights.tensors[ours]), theirs, weights)
        for ours, theirs in named.items()
    }


def _shaped(values: Array, name: str, weights: Weights) -> Array:
    if not name.endswith("weight") or "LayerNorm" in name:
        return values
    is_inner = name.endswith(".output.dense.weight") and "attention" not in name
    return values.reshape(-1, weights.sizes["inner" if is_inner else "hidden"])


def _settings(weights: Weights) -> dict[str, object]:
    sizes = weights.sizes
    layers = [
        {"idx": n, "name": str(n), "path": path, "type": f"{KIND}.{kind}"}
        for n, (path, kind) in enumerate(
            (
                ("", "Transformer"),
                ("1_Pooling", "Pooling"),
                ("2_Normalize", "Normalize"),
            )
        )
    ]
    return {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "hidden_act": "gelu",
            "hidden_size": sizes["hidden"],
            "intermediate_size": sizes["inner"],
            "layer_norm_eps": 1e-12,
            "max_position_embeddings": sizes["positions"],
            "num_attention_heads": sizes["heads"],
            "num_hidden_layers": sizes["layers"],
            "pad_token_id": 1,
            "type_vocab_size": sizes["types"],
            "vocab_size": sizes["vocabulary"],
            "dtype": "float32",
        },
        "tokenizer_config.json": {
            # XLMRobertaTokenizer would make its own rules instead of these.
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": sizes["positions"],
            "model_input_names": ["input_ids", "attention_mask"],
            "bos_token": "<s>",
            "cls_token": "<s>",
            "eos_token": "</s>",
            "sep_token": "</s>",
            "pad_token": "<pad>",
            "unk_token": "<unk>",
        },
        "modules.json": layers,
        "sentence_bert_config.json": {
            "max_seq_length": sizes["positions"],
            "do_lower_case": False,
            "model_args": {"add_pooling_layer": False},  # else it is said to be missing
        },
        "config_sentence_transformers.json": {
            "prompts": PROMPTS,
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
        "1_Pooling/config.json": {
            "word_embedding_dimension": sizes["hidden"],
            "pooling_mode_mean_tokens": True,
            "include_prompt": True,
        },
    }
