"""Why a sign-in by the identity service did not succeed, in words for whoever wanted in."""

from typing import Final

from services.kernel.text import Text

PROBLEMS: Final = {
    "denied": Text(
        "身份服务没有允许这次登录；如应有权限，请联系账号管理员。",
        "The identity service did not allow this sign-in; if it should, ask whoever keeps the accounts.",
    ),
    "state": Text(
        "这次登录已过期、已用过，或不是从这个浏览器发起的；请重新登录。",
        "This sign-in is over, was used already, or was not begun in this browser; sign in again.",
    ),
    "code": Text(
        "身份服务不承认这次登录的凭据，可能已用过或已过期；请重新登录。",
        "The identity service does not know this sign-in any more, it may be used or over; sign in again.",
    ),
    "away": Text(
        "身份服务暂时无法使用，请稍后重试；一直如此请联系管理员。",
        "The identity service cannot be used at the moment; try again later, or tell the administrator.",
    ),
    "token": Text(
        "身份服务签发的令牌不是给本系统的，或不符合要求；请联系管理员核对客户端的受众（aud）与权限声明。",
        "The token of the identity service is not made out for this system, or not of the form it takes; ask the "
        "administrator to check the client's audience (aud) and its claims.",
    ),
    "large": Text(
        "身份服务签发的令牌过大，浏览器存不下；请联系管理员精简令牌中的声明。",
        "The token of the identity service is too large for a browser to keep; ask the administrator to give it "
        "fewer claims.",
    ),
}
"""By the code that stands in the address of the sign-in page."""
UNAVAILABLE: Final = "away"


class NotSignedIn(Exception):
    """`problem`: one of `PROBLEMS`. It holds nothing of codes or tokens."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem
