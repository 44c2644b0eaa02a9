"""A model in ONNX form out of a directory: `model.onnx`, `tokenizer.json`, and `encoder.json` that says what they are.

`encoder.json` holds `name`, `pooling` (`mean` over the tokens or the `first` one; a model that pools itself needs
neither), `prefix` that the model wants before every text, `most_tokens`, `weight` of its likeness against the sparse
one, and `sha256` of the two files.
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.chassis.configuration import ConfigurationError
from services.matcher.encode.models.model import SETTING, package, readable

MODEL, TOKENIZER, DESCRIPTION = "model.onnx", "tokenizer.json", "encoder.json"
_RUNTIME, _TOKENIZERS = ("1",), ("0", "1")
_DIGITS = 8
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Description(BaseModel):
    """`encoder.json`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[A-Za-z0-9._-]{1,20}$")
    pooling: Literal["mean", "first"] = "mean"
    prefix: str = Field("", max_length=100)
    most_tokens: int = Field(512, ge=8, le=8192)
    weight: float = Field(0.4, ge=0.0, le=4.0)
    sha256: dict[str, Digest]


class OnnxModel:
    """Runs on one thread a text; several texts at once do not disturb each other."""

    def __init__(self, directory: Path) -> None:
        """Raises ConfigurationError: a file or package is missing, not what `encoder.json` says, or cannot be run."""
        self._description = _description(directory)
        for name in (MODEL, TOKENIZER):
            _check(directory / name, self._description.sha256.get(name, ""))
        self.weight = self._description.weight
        digest = hashlib.sha256(self._description.model_dump_json().encode()).hexdigest()[:_DIGITS]
        self.name = f"onnx-{self._description.name}-{digest}"
        runtime, _ = package("onnxruntime", "onnxruntime", _RUNTIME)
        tokenizers, _ = package("tokenizers", "tokenizers", _TOKENIZERS)
        try:
            self._session = _session(runtime, directory / MODEL)
            self._tokenizer = tokenizers.Tokenizer.from_file(str(directory / TOKENIZER))
            self._tokenizer.enable_truncation(self._description.most_tokens)
            self._inputs = {each.name for each in self._session.get_inputs()}
            self.dimensions = int(self._run("0").shape[-1])
        except Exception as error:  # both libraries raise plain Exception of their own kinds
            raise ConfigurationError(
                SETTING,
                f"{directory} 中的模型无法运行（{type(error).__name__}），请检查 {MODEL} 与 {TOKENIZER} 是否配套",
                f"the model in {directory} cannot be run ({type(error).__name__}); "
                f"see whether {MODEL} and {TOKENIZER} belong together",
            ) from error

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One text at a time, without padding."""
        found = np.zeros((len(texts), self.dimensions), np.float32)
        for row, text in enumerate(texts):
            if text.strip():
                found[row] = self._vector(readable(text))
        return found

    def _vector(self, text: str) -> NDArray[np.float64]:
        output = self._run(text)
        if output.ndim > 1:
            pooled = output[:1] if self._description.pooling == "first" else output
            output = pooled.sum(axis=0) / max(1, len(pooled))
        norm = float(np.sqrt(output @ output))
        return output / norm if norm > 0 and np.isfinite(norm) else np.zeros_like(output)

    def _run(self, text: str) -> NDArray[np.float64]:
        """[tokens, dimensions], or [dimensions] of a model that pools itself."""
        tokens = self._tokenizer.encode(self._description.prefix + text)
        known = {
            "input_ids": tokens.ids,
            "attention_mask": tokens.attention_mask,
            "token_type_ids": tokens.type_ids,
        }
        given = {name: np.array([known[name]], np.int64) for name in self._inputs}
        output: NDArray[np.float64] = np.asarray(self._session.run(None, given)[0], np.float64)[0]
        return output


def _description(directory: Path) -> Description:
    try:
        return Description.model_validate_json((directory / DESCRIPTION).read_bytes())
    except OSError:
        raise ConfigurationError(
            SETTING,
            f"{directory} 中没有 {DESCRIPTION}；该目录应有 {MODEL}、{TOKENIZER} 与 {DESCRIPTION}",
            f"there is no {DESCRIPTION} in {directory}, which must hold {MODEL}, {TOKENIZER} and {DESCRIPTION}",
        ) from None
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"]) or "JSON"
        raise ConfigurationError(
            SETTING,
            f"{directory / DESCRIPTION} 的 {where} 不合要求，请更正",
            f"{where} in {directory / DESCRIPTION} is not as it must be; correct it",
        ) from None


def _check(path: Path, digest: str) -> None:
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        raise ConfigurationError(
            SETTING, f"缺少文件 {path}，请放入模型", f"the file {path} is missing; put the model there"
        ) from None
    if found != digest:
        raise ConfigurationError(
            SETTING,
            f"{path} 不是 {DESCRIPTION} 所述的版本（sha256 为 {found}），请换回该文件或更新说明",
            f"{path} is not the version that {DESCRIPTION} names (its sha256 is {found}); "
            "put the right file there or correct the description",
        )


def _session(runtime: Any, path: Path) -> Any:
    options = runtime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return runtime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
