"""The catalogue of an installation: the policy's, with the directions that the region adds of its own."""

from collections.abc import Sequence

from services.catalogue import Catalogue, load
from services.chassis.configuration import ConfigurationError
from services.chassis.settings import Settings
from services.kernel.errors import InvalidArgument

KEY = "BOLE_LOCAL_DIRECTIONS"


def catalogue_of(settings: Settings) -> Catalogue:
    """The catalogue. Raises ConfigurationError for a file of local directions that cannot be read or breaks a rule."""
    path = settings.local_directions
    try:
        return load(path.read_bytes()) if path.exists() else load()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ConfigurationError(
            KEY,
            f"{path} 无法读取（{reason}），请检查权限",
            f"{path} cannot be read ({reason}); check its rights",
        ) from None
    except InvalidArgument as error:
        raise ConfigurationError(
            KEY, f"{path} 不合要求，请更正：{error.text.zh}", f"{path}: correct it: {error.text.en}"
        ) from None


def require_known(codes: Sequence[str]) -> None:
    """Raise ConfigurationError if records stand under directions that the catalogue does not have."""
    if codes:
        raise ConfigurationError(
            KEY,
            f"库中有记录属于目录没有的方向：{'、'.join(codes)}；请恢复所缺的地方方向文件，"
            "或在其 editions 中写明由哪些方向接替",
            f"records stand under directions that the catalogue does not have: {', '.join(codes)}; put the file of "
            "local directions back, or say in its editions what takes their place",
        )
