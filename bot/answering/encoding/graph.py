"""The bundled encoder as an ONNX graph: its 4-bit blocks unchanged, no torch needed.

Inputs ``tokens`` and ``mask`` (int64, texts by length), and ``asks``, a number: 1 where
the texts ask, which the adapter is for, else 0. Output ``vectors`` of length 1.
It uses ONNX Runtime's own operators: MatMulNBits, GatherBlockQuantized,
MultiHeadAttention and SkipLayerNormalization.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from bot.answering.encoding.adapter import Adapter, joined
from bot.answering.encoding.weights import BLOCK_SIZE, Array, Weights, nibbles

EPSILON = 1e-12
# Computing in whole numbers; vectors stay within .9998 of exact ones.
ACCURACY = 4
OPSET, IR_VERSION = 21, 10


def build_graph(weights: Weights, adapter: Adapter) -> onnx.ModelProto:
    """The model from tokens to vectors."""
    graph = _Graph(weights, adapter)
    mask = graph.add("Cast", ["mask"], "mask32", to=TensorProto.INT32)
    state = _embedded(graph)
    for layer in range(weights.sizes["layers"]):
        state = _layer(graph, state, mask, f"l{layer}")
    _pooled(graph, state)
    return _model(graph)


class _Graph:
    """Nodes and constants, as they are added."""

    def __init__(self, weights: Weights, adapter: Adapter) -> None:
        self.adapter = adapter
        self.tensors: Mapping[str, Array] = weights.tensors
        self.sizes = weights.sizes
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, name: str, values: Array) -> str:
        whole = np.ascontiguousarray(values)
        self.constants.append(numpy_helper.from_array(whole, name))
        return name

    def add(self, kind: str, inputs: Sequence[str], name: str, **options: Any) -> str:  # noqa: ANN401  as ONNX has them
        return self.add_several(kind, inputs, [name], **options)[0]

    def add_own(
        self,
        kind: str,
        inputs: Sequence[str],
        name: str,
        **options: Any,  # noqa: ANN401  as ONNX has them
    ) -> str:
        """A node that only ONNX Runtime knows."""
        return self.add(kind, inputs, name, domain="com.microsoft", **options)

    def add_several(
        self,
        kind: str,
        inputs: Sequence[str],
        names: Sequence[str],
        **options: Any,  # noqa: ANN401  as ONNX has them
    ) -> list[str]:
        self.nodes.append(helper.make_node(kind, list(inputs), list(names), **options))
        return list(names)

    def linear(self, state: str, names: Sequence[str], name: str, width: int) -> str:
        """``state`` times the named weights, one below the other, plus their biases."""
        blocks = np.concatenate([self.tensors[f"{one}.w"] for one in names])
        bias = np.concatenate([self.tensors[f"{one}.b"] for one in names])
        rows = len(bias)
        packed = _packed(nibbles(blocks)).reshape(rows, width // BLOCK_SIZE, 16)
        scales = blocks["scale"].astype(np.float32).reshape(rows, -1)
        inputs = [
            state,
            self.constant(f"{name}.q", packed),
            self.constant(f"{name}.s", scales),
            "",
            "",
            self.constant(f"{name}.b", bias),
        ]
        product = self.add_own(
            "MatMulNBits",
            inputs,
            name,
            K=width,
            N=rows,
            bits=4,
            block_size=BLOCK_SIZE,
            accuracy_level=ACCURACY,
        )
        return self._adapted(product, state, names)

    def _adapted(self, product: str, state: str, names: Sequence[str]) -> str:
        """A product and what the adapter adds to it where texts ask."""
        pair = joined(self.adapter, names)
        if pair is None:
            return product
        down = self.constant(f"{product}.down", pair[0])
        up = self.constant(f"{product}.up", pair[1])
        low = self.add("MatMul", [state, down], f"{product}.low")
        asked = self.add("Mul", [low, "asks"], f"{product}.asked")
        more = self.add("MatMul", [asked, up], f"{product}.more")
        return self.add("Add", [product, more], f"{product}.adapted")

    def norm(self, state: str, other: str, key: str) -> str:
        """The layer norm of a sum."""
        parts = [
            self.constant(f"{key}.{part}", self.tensors[f"{key}.{part}"])
            for part in "wb"
        ]
        return self.add_own(
            "SkipLayerNormalization", [state, other, *parts], key, epsilon=EPSILON
        )


def _embedded(graph: _Graph) -> str:
    """Tokens and their places as the first layer reads them."""
    hidden, word = graph.sizes["hidden"], graph.tensors["emb.word"]
    # Signed here: q - 8 in four bits is q with its highest bit turned.
    table = _packed(nibbles(word) ^ 8).tobytes()
    shape = [graph.sizes["vocabulary"], hidden]
    graph.constants.append(
        helper.make_tensor("word.q", TensorProto.INT4, shape, table, raw=True)
    )
    scales = graph.constant("word.s", word["scale"].reshape(-1, hidden // BLOCK_SIZE))
    half = graph.add_own(
        "GatherBlockQuantized",
        ["word.q", "tokens", scales],
        "word16",
        block_size=BLOCK_SIZE,
        gather_axis=0,
        quantize_axis=1,
    )
    words = graph.add("Cast", [half], "word", to=TensorProto.FLOAT)
    # All tokens are of type 0: its row is part of each place's.
    places = graph.tensors["emb.pos"].reshape(-1, hidden)
    places = places + graph.tensors["emb.type"][:hidden]
    length = graph.add("Shape", ["tokens"], "length", start=1, end=2)
    zero = graph.constant("zero", np.array([0], np.int64))
    place = graph.add(
        "Slice", [graph.constant("places", places), zero, length], "place"
    )
    total = graph.add("Add", [words, place], "sum")
    parts = [
        graph.constant(f"emb.ln.{part}", graph.tensors[f"emb.ln.{part}"])
        for part in "wb"
    ]
    return graph.add("LayerNormalization", [total, *parts], "start", epsilon=EPSILON)


def _layer(graph: _Graph, state: str, mask: str, name: str) -> str:
    hidden, inner = graph.sizes["hidden"], graph.sizes["inner"]
    three = graph.linear(
        state, [f"{name}.q", f"{name}.k", f"{name}.v"], f"{name}.qkv", hidden
    )
    parts = graph.add_several(
        "Split", [three], [f"{name}.part{n}" for n in range(3)], axis=2, num_outputs=3
    )
    seen = graph.add_own(
        "MultiHeadAttention",
        [*parts, "", mask],
        f"{name}.seen",
        num_heads=graph.sizes["heads"],
    )
    told = graph.linear(seen, [f"{name}.ao"], f"{name}.ao", hidden)
    state = graph.norm(told, state, f"{name}.aln")
    wide = graph.linear(state, [f"{name}.fi"], f"{name}.fi", hidden)
    bent = graph.add("Gelu", [wide], f"{name}.gelu")
    narrow = graph.linear(bent, [f"{name}.fo"], f"{name}.fo", inner)
    return graph.norm(narrow, state, f"{name}.oln")


def _pooled(graph: _Graph, state: str) -> None:
    """The sum over the tokens: scaled to length 1 it is the mean scaled to it."""
    weights = graph.add("Cast", ["mask"], "weights", to=TensorProto.FLOAT)
    last = graph.constant("last", np.array([2], np.int64))
    weights = graph.add("Unsqueeze", [weights, last], "weights3")
    counted = graph.add("Mul", [state, weights], "counted")
    one = graph.constant("one", np.array([1], np.int64))
    total = graph.add("ReduceSum", [counted, one], "total", keepdims=0)
    graph.add("LpNormalization", [total], "vectors", axis=1, p=2)


def _model(graph: _Graph) -> onnx.ModelProto:
    given = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["texts", "length"])
        for name in ("tokens", "mask")
    ]
    given.append(helper.make_tensor_value_info("asks", TensorProto.FLOAT, [1]))
    shape: list[str | int | None] = ["texts", graph.sizes["hidden"]]
    made = helper.make_tensor_value_info("vectors", TensorProto.FLOAT, shape)
    whole = helper.make_graph(graph.nodes, "encoder", given, [made], graph.constants)
    kinds = [helper.make_opsetid("", OPSET), helper.make_opsetid("com.microsoft", 1)]
    return helper.make_model(whole, opset_imports=kinds, ir_version=IR_VERSION)


def _packed(values: Array) -> Array:
    """Neighbours share a byte, the first in its low half."""
    packed: Array = values[:, 0::2] | values[:, 1::2] << 4
    return packed
