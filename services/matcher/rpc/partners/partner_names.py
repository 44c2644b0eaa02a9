"""Names under `partners/…`, and whose they may be: a partner reaches its own alone, the administrator everybody's."""

from services.chassis.rpc.call import Call
from services.kernel.errors import InvalidArgument, NotFound

ME = "me"
ALL = "-"


def partner_of(name: str, call: Call, field: str) -> str:
    """Id of the partner in `partners/{partner}` or `partners/me`. Raises as `parts_of`."""
    return parts_of(name, (), call, field)[0]


def partner_or_all(name: str, call: Call, field: str) -> str | None:
    """As `partner_of`; None for `partners/-`, where the caller sees all of them."""
    if name == f"partners/{ALL}":
        return call.principal.subject if call.principal.kind == "partner" else None
    return partner_of(name, call, field)


def partner_with(part: str, name: str, call: Call, field: str) -> str:
    """Id of the partner in `partners/{partner}/{part}`, of which each has one. Raises as `parts_of`."""
    parent, _, said = name.rpartition("/")
    if said != part:
        form = f"partners/…/{part}"
        raise InvalidArgument.field(field, "INVALID_NAME", f"名称应写成 {form}", f"the name must read {form}")
    return partner_of(parent, call, field)


def parts_of(name: str, collections: tuple[str, ...], call: Call, field: str) -> list[str]:
    """Ids of `partners/{partner}/{collection}/{id}/…`, the partner's first.

    Raises InvalidArgument (INVALID_NAME; NOT_A_PARTNER for `partners/me` of somebody else), NotFound for another
    partner's, the same as for none.
    """
    wanted = ("partners", *collections)
    given = name.split("/")
    ids = given[1::2]
    if tuple(given[::2]) != wanted or len(ids) != len(wanted) or not all(ids):
        form = "/".join(f"{each}/…" for each in wanted)
        raise InvalidArgument.field(field, "INVALID_NAME", f"名称应写成 {form}", f"the name must read {form}")
    partner = call.principal.kind == "partner"
    if ids[0] == ME:
        if not partner:
            raise InvalidArgument.field(
                field,
                "NOT_A_PARTNER",
                "partners/me 是合作方自己；您不是合作方，请写明是哪一个，如 partners/p-1，或换用合作方的密钥",
                "partners/me is the partner that calls, and you are none: name one, like partners/p-1, or take a "
                "partner's key",
            )
        ids[0] = call.principal.subject
    if partner and ids[0] != call.principal.subject:
        raise NotFound.resource(name)
    return ids
