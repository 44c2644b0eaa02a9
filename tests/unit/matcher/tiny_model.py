"""A model of our own making in ONNX form: one random vector for each character, so that like texts are alike."""

import hashlib
import json
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Regex, Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Split

CHARACTERS = (
    "碳化硅外延生长缺陷控制海水电解制氢膜极器件封装大模型训练推理abcdefghijklmnopqrstuvwxyz0123456789"
)
WIDTH = 24


def make_model(directory: Path, seed: int = 1) -> Path:
    """The three files of a model in a new directory."""
    directory.mkdir(parents=True)
    words = {"[UNK]": 0} | {each: place for place, each in enumerate(dict.fromkeys(CHARACTERS), start=1)}
    tokenizer = Tokenizer(WordLevel(words, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Split(Regex("."), "isolated")
    tokenizer.save(str(directory / "tokenizer.json"))
    table = np.random.default_rng(seed).normal(size=(len(words), WIDTH)).astype(np.float32)
    graph = helper.make_graph(
        [helper.make_node("Gather", ["table", "input_ids"], ["last_hidden_state"])],
        "characters",
        [helper.make_tensor_value_info("input_ids", TensorProto.INT64, [1, "tokens"])],
        [helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, [1, "tokens", WIDTH])],
        [numpy_helper.from_array(table, "table")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.save(model, str(directory / "model.onnx"))
    return describe(directory)


def describe(directory: Path, **changes: object) -> Path:
    """Write `encoder.json` for the files that stand there."""
    names = ("model.onnx", "tokenizer.json")
    sums = {name: hashlib.sha256((directory / name).read_bytes()).hexdigest() for name in names}
    facts = {"name": "characters", "pooling": "mean", "sha256": sums, **changes}
    (directory / "encoder.json").write_text(json.dumps(facts), "utf-8")
    return directory
