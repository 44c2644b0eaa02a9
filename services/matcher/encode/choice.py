"""Which encoder is used: one setting."""

from collections.abc import Callable
from pathlib import Path

from services.chassis.configuration import ConfigurationError
from services.matcher.encode.encoder import Family
from services.matcher.encode.lexical import LEXICAL, LexicalFamily
from services.matcher.encode.models.bundled import E5, Use
from services.matcher.encode.models.model import SETTING, TextModel
from services.matcher.encode.models.onnx import OnnxModel
from services.matcher.encode.pretrained import PretrainedFamily

_BUNDLED: dict[str, Callable[[], TextModel]] = {"e5": E5, "use": Use}


def family_named(choice: str) -> Family:
    """`lexical`, or the family of a model. Raises ConfigurationError: the model is missing or not what it says."""
    return LexicalFamily() if choice == LEXICAL else PretrainedFamily(model_named(choice))


def model_named(choice: str) -> TextModel:
    """A model that is part of a package (`e5`, `use`), or the one of a directory in ONNX form. Raises likewise."""
    if choice in _BUNDLED:
        return _BUNDLED[choice]()
    directory = Path(choice)
    if not directory.is_dir():
        known = ", ".join((LEXICAL, *_BUNDLED))
        raise ConfigurationError(
            SETTING,
            f"没有编码器“{choice[:80]}”，也没有这个目录；可用：{known}，或 ONNX 模型所在目录",
            f"there is no encoder and no directory {choice[:80]!r}; use {known}, or the directory of an ONNX model",
        )
    return OnnxModel(directory)
